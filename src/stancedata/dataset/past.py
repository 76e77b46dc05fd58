"""The last release of a data folder, without reading a history again that has not changed."""

from __future__ import annotations

import datetime
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import attrs

from stancedata import cache
from stancedata.data_folder import history_files
from stancedata.problems import InvalidDataError, Problem
from stancedata.releases.log import Recorded, read_history
from stancedata.releases.revisions import History, Release

SLOT = "history"


class Past:
    """The history of a data folder, of which only the last release is at hand.

    Args:
        path: The data folder.

    Attributes:
        last: The last release; None if there is none, or the history is invalid.
        spent: Files of reasons that it used, with their digests; see `Recorded`.
        problems: Problems of the history.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.problems: tuple[Problem, ...] = ()
        state, about = _state(path), str(path.resolve())
        found = _found(cache.load(SLOT, about), state)
        if found is None:
            found = self.recorded.history.last, self.recorded.spent
            if not self.problems:
                cache.store(SLOT, about, _written(state, *found))
        self.last, self.spent = found

    @functools.cached_property
    def recorded(self) -> Recorded:
        """The whole history; an empty one if it is invalid."""
        try:
            return read_history(self._path)
        except InvalidDataError as error:
            self.problems = error.problems
            return Recorded(History())


def _state(path: Path) -> str:
    """Compute the digest of all files of a history."""
    hasher = hashlib.sha256()
    for file in history_files(path):
        content = file.read_bytes()
        hasher.update(f"{file.name}\n{len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()


def _written(state: str, last: Release | None, spent: dict[str, str]) -> bytes:
    release = None
    if last is not None:
        release = attrs.asdict(last) | {"released_on": last.released_on.isoformat()}
    return json.dumps({"state": state, "last": release, "spent": spent}).encode("utf-8")


def _found(content: bytes | None, state: str) -> tuple[Release | None, dict[str, str]] | None:
    try:
        said: Any = json.loads(content or b"")
        if said["state"] != state:
            return None
        last = said["last"]
        if last is not None:
            day = datetime.date.fromisoformat(last["released_on"])
            last = Release(**{**last, "released_on": day})
        return last, dict(said["spent"])
    except (ValueError, KeyError, TypeError):
        return None
