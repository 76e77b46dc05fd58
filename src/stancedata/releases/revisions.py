"""Releases and revisions: record what each release changed, and rebuild past states from it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.model.corpus import digest_of
from stancedata.model.printed import Printed
from stancedata.problems import StancedataError, one_of, shown, there_are
from stancedata.releases.record_contents import KINDS, Key, Rows, arrow, tables_of
from stancedata.tables.columns import array_of, scalar_of
from stancedata.tables.contract import BY_NAME
from stancedata.tables.revisions import canonical

if TYPE_CHECKING:
    import pyarrow as pa

REASONS = {
    "new_source": "A new document, and everything that came with it.",
    "recode": "A text was coded again, differently or more fully.",
    "coder_error": "The coding did not match the text, or pointed to the wrong place in it.",
    "codebook_change": "The codebook changed, and the coding with it.",
    "correction": "Any other error: a name, a code, an address, a date.",
}
"""The reasons for a revision and their definitions."""


@attrs.frozen
class Release(Printed):
    """One release of the data.

    Attributes:
        release: Its version.
        release_number: Its number in the order of releases, from 1.
        digest: SHA-256 of its content, over the columns of its schema version.
        positions_digest: SHA-256 of its positions.
    """

    release: str
    release_number: int
    released_on: datetime.date
    schema_version: str
    digest: str
    positions_digest: str


@attrs.frozen
class Revision:
    """The change of one record by one release.

    Attributes:
        kind: One of `contents.KINDS`.
        revision: Its number in the order of the record's revisions, from 1.
        operation: `add`, `modify` or `retract`; restoring a retracted record is `add`.
        reason: One of `REASONS`.
        content: The record's rows by table, as canonical JSON; None if it was retracted.
    """

    record_id: str
    revision: int
    kind: str
    operation: str
    release: str
    release_number: int
    reason: str
    note: str | None = None
    content: str | None = None

    @property
    def key(self) -> Key:
        """The kind and id of the record."""
        return self.kind, self.record_id

    @property
    def content_sha256(self) -> str | None:
        """The SHA-256 of the content in UTF-8; None if the record was retracted."""
        return None if self.content is None else digest_of(self.content)


@attrs.frozen
class History:
    """All releases and their revisions, oldest first."""

    releases: tuple[Release, ...] = ()
    revisions: tuple[Revision, ...] = ()

    @property
    def last(self) -> Release | None:
        """The last release, or None."""
        return self.releases[-1] if self.releases else None

    def standing(self) -> dict[Key, Revision]:
        """Look up the last revision of every record, including retracted ones."""
        return {r.key: r for r in self.revisions}


def standing_contents(history: History) -> Iterator[Rows]:
    """Yield the content of every record that is not retracted; `replay` does so from tables."""
    return (json.loads(r.content) for r in history.standing().values() if r.content is not None)


Explain = Callable[[Key, str, Revision | None], tuple[str, str | None]]
"""Maps a record, the operation and the previous revision, if any, to a reason and a note."""


def revise(
    history: History, now: Mapping[Key, Rows], release: str, explain: Explain
) -> tuple[Revision, ...]:
    """Make a revision for each record that differs from its last one.

    Args:
        history: The earlier releases.
        now: The rows of every record, as they are to be released.
        release: The version of the new release.
        explain: Gives the reason for each revision.
    """
    standing = history.standing()
    found: list[Revision] = []
    for key in sorted({*now, *standing}, key=lambda key: (KINDS.index(key[0]), key[1])):
        before = standing.get(key)
        content = canonical(now[key]) if key in now else None
        operation = _operation(before.content if before else None, content)
        if operation is None:
            continue
        reason, note = explain(key, operation, before)
        number = before.revision + 1 if before else 1
        found.append(
            Revision(
                key[1],
                number,
                key[0],
                operation,
                release,
                len(history.releases) + 1,
                reason,
                note,
                content,
            )
        )
    return tuple(found)


def _operation(held: str | None, content: str | None) -> str | None:
    """Determine the operation that leads to new content; None if nothing changed."""
    if content == held:
        return None
    return "add" if held is None else "retract" if content is None else "modify"


def find(releases: Iterable[Release], release: str) -> Release:
    """Find a release by its version.

    Raises:
        StancedataError: If it does not exist; the message lists the versions that do, newest first.
    """
    known = {r.release: r for r in releases}
    if not isinstance(release, str) or release not in known:
        there = (
            there_are(len(known), one_of([*known][::-1])) if known else "nothing has been released"
        )
        raise StancedataError(f"version: does not exist, got {shown(release)}; {there}")
    return known[release]


def refuse_backwards(releases: Iterable[Release], since: str, until: str) -> None:
    """Check that `since` is not later than `until`.

    Raises:
        StancedataError: If it is later, or one of the releases does not exist.
    """
    known = list(releases)
    first, last = find(known, since), find(known, until)
    if first.release_number > last.release_number:
        raise StancedataError(f"since: is later than until, got {since}; write {until} {since}")


def history_tables(history: History) -> dict[str, pa.Table]:
    """Build the tables `releases` and `revisions` of a history."""
    revisions = [{**attrs.asdict(r), "content_sha256": r.content_sha256} for r in history.revisions]
    releases = [
        {**attrs.asdict(r), "released_on": r.released_on.isoformat()} for r in history.releases
    ]
    return {
        "releases": arrow(BY_NAME["releases"], releases),
        "revisions": arrow(BY_NAME["revisions"], revisions),
    }


def releases_of(tables: Mapping[str, pa.Table]) -> tuple[Release, ...]:
    """Read the releases from a dataset's tables, oldest first."""
    return tuple(Release(**row) for row in tables["releases"].to_pylist())


def standing_rows(revisions: pa.Table, number: int) -> pa.Table:
    """Select the last revision of each record as of a release.

    The table must be sorted by record and revision: the last row of each record is kept.
    `questions/sql/known_at.sql` does the same in SQL.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found = revisions.filter(pc.field("release_number") <= scalar_of(number, pa.int32()))
    if not found.num_rows:
        return found
    compute: Any = pc
    last = array_of([True], pa.bool_())
    differs = [
        compute.not_equal(found.column(name)[1:], found.column(name)[:-1])
        for name in ("record_id", "kind")
    ]
    ends = compute.or_(*differs)
    return found.filter(pa.chunked_array([*ends.chunks, last], pa.bool_()))


def replay(
    revisions: pa.Table, number: int, parse: Callable[[str], Rows] = json.loads
) -> dict[str, pa.Table]:
    """Rebuild the curated tables as of a release from the contents in `revisions`.

    Args:
        revisions: The revisions, sorted by record and revision.
        number: The number of the release.
        parse: Parses the content of a record.
    """
    contents = standing_rows(revisions, number).column("content").to_pylist()
    return tables_of(parse(content) for content in contents if content is not None)


def up_to(tables: Mapping[str, pa.Table], number: int) -> dict[str, pa.Table]:
    """Filter `releases` and `revisions` to those up to a release."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return {
        name: tables[name].filter(pc.field("release_number") <= scalar_of(number, pa.int32()))
        for name in ("releases", "revisions")
    }
