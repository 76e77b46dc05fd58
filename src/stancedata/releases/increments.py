"""Decide which number of its version a release must increase, as docs/versioning.md defines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from stancedata.problems import StancedataError, counted
from stancedata.releases.citation import ABOUT
from stancedata.releases.record_contents import CODEBOOK
from stancedata.releases.revisions import History, Revision
from stancedata.releases.version import Version

DETAILS = frozenset({"name", "title", "description", "summary", "note", "url", "source"})
"""Columns that no analysis uses: if only they change, the third number may be increased."""
_NUMBERS = ("first", "second", "third")


def refuse_small_increment(version: str, history: History, revisions: Iterable[Revision]) -> None:
    """Raise unless a version says enough of what changed since the last release.

    Args:
        version: The new version, later than the last one.
        history: The releases so far.
        revisions: What the new release changes.

    Raises:
        StancedataError: If the version increases only a later number than it must.
    """
    if history.last is None:
        return
    old, new = Version.parse(history.last.release), Version.parse(version)
    needed, why = _needed(old, history, list(revisions))
    found = 0 if new.major > old.major else 1 if new.minor > old.minor else 2
    if found > needed:
        todo = Version(old.major, old.minor + 1, 0) if needed else Version(old.major + 1, 0, 0)
        raise StancedataError(
            f"version: must increase the {_NUMBERS[needed]} number, got {version!r} after {old}, "
            f"because {why}; use {todo}"
        )


def _needed(old: Version, history: History, revisions: list[Revision]) -> tuple[int, str]:
    """Return the position of the number that must increase at least, and why."""
    before = {key: revision.content for key, revision in history.standing().items()}
    edited = {r.key: r.content for r in revisions if r.key == CODEBOOK}
    if _edition(before.get(CODEBOOK)) != _edition(edited.get(CODEBOOK, before.get(CODEBOOK))):
        return (0 if old.major else 1), "the codebook has another edition"
    for operation, did in (("add", "added"), ("retract", "retracted")):
        if count := sum(r.operation == operation for r in revisions):
            return 1, f"{counted(count, 'record')} {'was' if count == 1 else 'were'} {did}"
    for revision in revisions:
        if _essence(before.get(revision.key)) != _essence(revision.content):
            return 1, f"more than details of {revision.kind} {revision.record_id} changed"
    return 2, ""


def _edition(content: str | None) -> list[str]:
    """Return what a codebook says of its edition, in the terms of the dataset."""
    rows: list[dict[str, Any]] = json.loads(content or "{}").get("vocabulary", [])
    return [row["definition"] for row in rows if (row["field"], row["value"]) == (ABOUT, "edition")]


def _essence(content: str | None) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a record without the details."""
    rows: dict[str, list[dict[str, Any]]] = json.loads(content or "{}")
    return {
        table: [{c: value for c, value in row.items() if c not in DETAILS} for row in found]
        for table, found in rows.items()
    }
