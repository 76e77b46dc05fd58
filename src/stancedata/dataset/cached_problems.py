"""Repeat the problems of a data folder in which nothing has changed since it was checked."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import attrs

from stancedata import cache
from stancedata.data_folder import state_of
from stancedata.problems import Place, Problem

SLOT = "problems"


class CachedProblems:
    """The problems found in a data folder, by the digest of all that is in it.

    Args:
        path: The data folder, as it is named in problems.
        options: What else the problems depend on.
    """

    def __init__(self, path: Path, options: Collection[str]) -> None:
        self._path = path
        self._state = state_of(path)
        self._about = "\n".join([str(path.resolve()), str(path), *sorted(options)])

    def known(self) -> list[Problem] | None:
        """Return the problems, if the folder is as it was when they were found."""
        try:
            said = json.loads(cache.load(SLOT, self._about) or b"")
            if self._state is None or said["state"] != self._state:
                return None
            return [Problem(Place(*where), *rest) for where, *rest in said["problems"]]
        except (ValueError, KeyError, TypeError):
            return None

    def keep(self, problems: list[Problem]) -> None:
        """Keep the problems, unless the folder has changed while it was checked."""
        if self._state is not None and self._state == state_of(self._path):
            listed = [attrs.astuple(problem) for problem in problems]
            said = {"state": self._state, "problems": listed}
            cache.store(SLOT, self._about, json.dumps(said).encode("utf-8"))
