"""Rebuild releases from the history, and compare them with their recorded digests."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.data_folder import HISTORY
from stancedata.problems import Place, Problem
from stancedata.questions.positions import Complete
from stancedata.releases.record_contents import Rows
from stancedata.releases.revisions import History, Release, history_tables, replay
from stancedata.tables.digest import digest

if TYPE_CHECKING:
    import pyarrow as pa

Where = Callable[[Release], Place]
"""Gives the place of a release, for messages."""


def replayed(data: Path, history: History) -> Iterator[Problem]:
    """Rebuild every release of a data folder and yield those whose digests differ.

    A history without releases is reported too: a deleted history could not be noticed otherwise.

    Args:
        data: The data folder.
        history: Its history.
    """
    if not history.releases:
        what = "has no release to rebuild; restore the history if there was one"
        yield Problem(Place(str(data / HISTORY)), "", what, "warning")
    files = data / HISTORY
    yield from rebuilt(
        history.releases,
        history_tables(history)["revisions"],
        lambda release: Place(str(files / f"{release.release}.jsonl"), 1),
    )


def rebuilt(
    releases: tuple[Release, ...],
    revisions: pa.Table,
    where: Where,
    positions: bool = True,
    parse: Callable[[str], Rows] | None = None,
) -> Iterator[Problem]:
    """Rebuild every release from the revisions and report those whose digests differ.

    Args:
        releases: The releases.
        revisions: Their revisions.
        where: Gives the place of a release.
        positions: Whether to derive its positions too, which takes most of the time.
        parse: Parses a content, and remembers it: most contents outlast a release.
    """
    parse = parse or functools.cache(json.loads)
    for release in releases:
        version = release.schema_version
        content = replay(revisions, release.release_number, parse)
        tables = Complete(content, schema_version=version)
        digests = [("content", release.digest, digest(tables, schema_version=version))]
        if positions:
            found = digest(tables, ("positions",), version)
            digests.append(("positions", release.positions_digest, found))
        for what, wanted, found in digests:
            if wanted != found:
                message = f"the rebuilt {what} must have the digest {wanted}, got {found}"
                advice = "use the version of the library that made the release"
                yield Problem(where(release), "", f"{message}; {advice}")
