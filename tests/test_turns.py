"""Commands take turns on a data folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stancedata.problems import StancedataError
from stancedata.turns import turn


def test_a_turn_is_waited_for(tmp_path: Path) -> None:
    """A folder that another command holds is refused after a while, and free when that ends."""
    with (
        turn(tmp_path),
        pytest.raises(StancedataError, match="is being changed by another command, waited 0 s"),
        turn(tmp_path, seconds=0),
    ):
        pass
    with turn(tmp_path, seconds=0):
        assert os.name == "nt" or not list(tmp_path.iterdir())
