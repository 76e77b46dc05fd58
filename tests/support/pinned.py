"""The release of the data that tests and pages know by heart.

The data grow; what a page shows and a test expects of them stays true of this release.
"""

from __future__ import annotations

import functools

import stancedata
from stancedata.dataset.packaged import load

RELEASE = "0.2.0"


_load_once = functools.cache(load)  # a dataset does not change, and most tests need one


def load_pinned(version: str | None = None) -> stancedata.Dataset:
    """Load the packaged data, by default as of the pinned release; a function, as `load` is."""
    return _load_once(RELEASE if version is None else version)


def pin() -> None:
    """Let `stancedata.load` open the pinned release by default."""
    stancedata.load = load_pinned
