"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import stancedata as sd
from stancedata import cache
from stancedata.dataset.packaged import load
from tests.support.paths import REPOSITORY
from tests.support.pinned import pin

settings.register_profile(
    "here",
    deadline=None,  # shared machines are slow at times
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=100,
)
settings.load_profile("here")
pin()


@pytest.fixture(scope="session", autouse=True)
def _no_cache() -> Iterator[None]:
    """Turn the user's cache off; its own tests turn on another one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, "off")
        yield


@pytest.fixture(scope="session")
def dataset() -> sd.Dataset:
    """The packaged data as of the pinned release."""
    return sd.load()


@pytest.fixture(scope="session")
def newest() -> sd.Dataset:
    """The packaged data as of their last release."""
    return load()


@pytest.fixture(scope="session")
def small() -> sd.Dataset:
    """The miniature repository."""
    return sd.read(REPOSITORY)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the miniature repository that a test may change."""
    return Path(shutil.copytree(REPOSITORY, tmp_path / "data"))


@pytest.fixture(scope="session")
def corpus() -> sd.Corpus:
    """The founding documents' texts, which are under copyright and not in the project."""
    folder = os.environ.get("STANCEDATA_CORPUS")
    if not folder:
        pytest.skip("STANCEDATA_CORPUS names no folder with the founding documents' texts")
    return sd.Corpus(folder)
