"""Copy a data folder with what the cache keeps of it, for tests that change the copy."""

from __future__ import annotations

import shutil
from pathlib import Path

from stancedata import cache
from stancedata.dataset.compiled import SLOT
from stancedata.dataset.folders import QUERIES


def copied(data: Path, target: Path) -> Path:
    """Copy a data folder, so that only what a test changes in it is compiled and asked again."""
    shutil.copytree(data, target)
    for kind in (SLOT, QUERIES):
        if (kept := cache.load(kind, str(data.resolve()))) is not None:
            cache.store(kind, str(target.resolve()), kept)
    return target
