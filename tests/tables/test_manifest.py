"""The manifest of an export, also one that another program made."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancedata.tables.manifest import NAME, listed_files


@pytest.mark.parametrize(
    "text", ['{"files": {}, "x": "\\ud800"}', "[1]", "{", '{"files": 3}', "[" * 5000]
)
def test_a_manifest_that_was_not_written_here_lists_nothing(tmp_path: Path, text: str) -> None:
    """Nothing may be replaced on the word of a manifest that is not intact."""
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert set() == listed_files(tmp_path)
