"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import stancedata as sd
from stancedata import cache
from stancedata.dataset.packaged import load
from stancedata.terminal import SIGNALS
from tests.support.copies import copied
from tests.support.effort import TIMES
from tests.support.paths import REPOSITORY
from tests.support.pinned import pin

settings.register_profile(
    "here",
    deadline=None,  # shared machines are slow at times
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=50 * TIMES,
    # The usual run tries the same examples each time, so that what fails is due to a change; a
    # longer one tries others.
    derandomize=TIMES == 1,
)
settings.load_profile("here")
pin()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """Run one worker more than there are processors, as tests also wait for disks and processes."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (found or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use a cache of this run, empty at first, which its processes share; not the user's."""
    base = tmp_path_factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, str(place / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _signals() -> None:
    """Let signals reach the tests and their processes: a shell, or nohup, ignores some in the background."""
    for number in SIGNALS:
        if signal.getsignal(number) is signal.SIG_IGN:
            usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)


@pytest.fixture
def without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn the cache off, for tests that count or stop what is written."""
    monkeypatch.setenv(cache.VARIABLE, "off")


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
def repository(small: sd.Dataset, tmp_path: Path) -> Path:
    """A copy of the miniature repository, which was read before, that a test may change."""
    assert small.stances
    return copied(REPOSITORY, tmp_path / "data")


@pytest.fixture(scope="session")
def corpus() -> sd.Corpus:
    """The founding documents' texts, which are under copyright and not in the project."""
    folder = os.environ.get("STANCEDATA_CORPUS")
    if not folder:
        pytest.skip("STANCEDATA_CORPUS names no folder with the founding documents' texts")
    return sd.Corpus(folder)
