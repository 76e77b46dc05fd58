"""Fixtures of an editor's tools."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.coding.release import release
from tests.support.copies import copied
from tests.support.paths import REPOSITORY


@pytest.fixture(scope="package")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature repository after its first release; tests change copies of it."""
    data = copied(REPOSITORY, tmp_path_factory.mktemp("released") / "data")
    release(data, "0.1.0", datetime.date(2021, 12, 1))
    assert sd.read(data).stances
    return data


@pytest.fixture
def released(released_once: Path, tmp_path: Path) -> Path:
    """A released copy of the miniature repository that a test may change."""
    return copied(released_once, tmp_path / "data")
