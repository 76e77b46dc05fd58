"""Fixtures of an editor's tools."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from stancedata.coding.release import release
from tests.support.paths import REPOSITORY


@pytest.fixture(scope="package")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature repository after its first release; tests change copies of it."""
    data = Path(shutil.copytree(REPOSITORY, tmp_path_factory.mktemp("released") / "data"))
    release(data, "0.1.0", datetime.date(2021, 12, 1))
    return data


@pytest.fixture
def released(released_once: Path, tmp_path: Path) -> Path:
    """A released copy of the miniature repository that a test may change."""
    return Path(shutil.copytree(released_once, tmp_path / "data"))
