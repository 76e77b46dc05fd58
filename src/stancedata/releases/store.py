"""Read and write the packaged data: the last release as tables, and the rows superseded since.

The folder holds every table of the last release, `history/revisions.parquet` (without contents,
which are built from the rows) and, in `history/<table>.parquet`, the rows of superseded revisions.
An old release is assembled from the rows that are unchanged since and the superseded ones, so that
each row is stored once and old releases need little space.
"""

from __future__ import annotations

import functools
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.releases.record_contents import (
    CURATED,
    Key,
    Rows,
    arrow,
    exempted,
    plain,
    rows_of,
    with_origins,
)
from stancedata.releases.revisions import History, Revision, history_tables, standing_rows
from stancedata.tables.columns import Column, Table, conform, owner, sort
from stancedata.tables.contract import BY_NAME, WAIVERS
from stancedata.tables.revisions import canonical
from stancedata.tables.source import ParquetTables, TableSource

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "history"
REVISIONS = "revisions"
_OF = (
    Column("of_kind", "string", False, "Kind of the record."),
    Column("of_record_id", "string", False, "Id of the record."),
    Column("of_revision", "int32", False, "Its revision."),
)


class Store(TableSource):
    """The tables of a packaged folder; raises the same errors as `ParquetTables`."""

    def __init__(self, folder: Path) -> None:
        # The manifest shows that the files are those that were written from checked data.
        self._last = ParquetTables(folder, without=(REVISIONS,), formed=False)
        self._history = folder / FOLDER
        self.metadata = self._last.metadata
        self.schema_version = self._last.schema_version

    def __getitem__(self, name: str) -> pa.Table:
        return self._contents if name == REVISIONS else self._last[name]

    def _read(self, name: str) -> pa.Table:
        import pyarrow.parquet as pq

        file = self._history / f"{name}.parquet"
        if not file.exists():  # the table came after the last release
            return _wider(BY_NAME[name]).schema.empty_table()
        return pq.read_table(file, partitioning=None)

    @functools.cached_property
    def _revisions(self) -> pa.Table:
        if not self._history.is_dir():
            return BY_NAME[REVISIONS].schema.empty_table().drop_columns(["content"])
        return self._read(REVISIONS)

    @functools.cached_property
    def _contents(self) -> pa.Table:
        """The table `revisions`, with contents built from the rows of each revision."""
        last = rows_of(self._last) if self._revisions.num_rows else {}
        old = self._superseded()
        rows = self._revisions.to_pylist()
        for row in rows:
            found = old.get((row["kind"], row["record_id"], row["revision"]))
            if row["content_sha256"] is not None:
                row["content"] = canonical(found or last[row["kind"], row["record_id"]])
        return arrow(BY_NAME[REVISIONS], rows)

    def _superseded(self) -> dict[tuple[object, ...], Rows]:
        found: defaultdict[tuple[object, ...], Rows] = defaultdict(dict)
        tables = [t for t in CURATED if self._history.is_dir()]
        for table in tables:
            for row in self._read(table.name).to_pylist():
                key = tuple(row.pop(column.name) for column in _OF)
                found[key].setdefault(table.name, []).append(plain(row))
        return found

    def past(self, number: int) -> dict[str, pa.Table]:
        """Assemble the curated tables as of a release, given by its number."""
        standing = _with_content(standing_rows(self._revisions, number))
        last = _with_content(standing_rows(self._revisions, 2**31 - 1))
        unchanged = _among(_joined(standing, *_KEY), _joined(last, *_KEY))
        parts = _Parts(last, standing.filter(unchanged), standing.filter(_not(unchanged)))
        return {t.name: self._table(t, parts) for t in CURATED}

    def _table(self, table: Table, parts: _Parts) -> pa.Table:
        """Combine the present rows of unchanged records with the superseded rows of the others."""
        import pyarrow as pa

        now = self._last[table.name]
        kinds = {owner(table)[0]} if table.name not in WAIVERS else set(parts.kinds)
        if not kinds & parts.kinds:
            return now
        before = self._read(table.name)
        found = pa.concat_tables(
            [
                now.filter(_among(_owners(table, now, parts), parts.same)),
                conform_to(table, before.filter(_among(_joined(before, *_OF_KEY), parts.old))),
            ]
        )
        return with_origins(table, sort(table, found))


_KEY = ("kind", "record_id", "revision")
_OF_KEY = ("of_kind", "of_record_id", "of_revision")


class _Parts:
    """Which records are unchanged since a release, and which are not.

    Attributes:
        same: Kind and id, joined, of the unchanged records.
        old: Kind, id and revision, joined, of the others as of the release.
        last: Kind and id of every present record.
        kinds: Kinds with records that were changed, added or retracted since.
    """

    def __init__(self, last: pa.Table, same: pa.Table, old: pa.Table) -> None:
        self._last = last
        self.same = _joined(same, "kind", "record_id")
        self.old = _joined(old, *_KEY)
        kinds = last.column("kind").to_pylist()
        held = Counter(same.column("kind").to_pylist())
        gone = {kind for kind, count in Counter(kinds).items() if held[kind] != count}
        self.kinds = gone | set(old.column("kind").to_pylist())

    @functools.cached_property
    def last(self) -> set[Key]:
        columns = (self._last.column(name).to_pylist() for name in ("kind", "record_id"))
        return set(zip(*columns, strict=True))


def conform_to(table: Table, data: pa.Table) -> pa.Table:
    """Cast superseded rows to the schema of the table, with nulls for derived columns."""
    import pyarrow as pa

    for name in table.follows:
        data = data.append_column(name, pa.nulls(data.num_rows, pa.string()))
    return conform(table, data)


def _with_content(revisions: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    return revisions.filter(pc.field("operation") != "retract")


def _owners(table: Table, data: pa.Table, parts: _Parts) -> Any:
    """Give the kind and id, joined, of the record that each row belongs to."""
    import pyarrow as pa

    if table.name in WAIVERS:
        found = (exempted(str(record_id), parts.last) for record_id in data.column(0).to_pylist())
        return pa.array(["\n".join(key) for key in found], pa.string())
    kind, columns = owner(table)
    ids = _joined(data, *columns, by="/") if columns else pa.array([kind] * data.num_rows)
    return _prefixed(kind, ids.cast(pa.string()))


def _prefixed(kind: str, ids: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.binary_join_element_wise(pa.scalar(kind), ids, "\n")


def _joined(data: pa.Table, *columns: str, by: str = "\n") -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    texts = (data.column(name).cast(pa.string()) for name in columns)
    return compute.binary_join_element_wise(*texts, by)


def _among(values: Any, keys: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    whole = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
    return compute.is_in(values, value_set=whole)


def _not(mask: Any) -> Any:
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.invert(mask)


def write_past(history: History, folder: Path) -> None:
    """Write the part of a packaged folder that holds superseded rows and revisions."""
    import pyarrow.parquet as pq

    (folder / FOLDER).mkdir()
    old = [(revision, json.loads(revision.content or "{}")) for revision in superseded(history)]
    for table in CURATED:
        pq.write_table(
            _old_rows(table, old),
            folder / FOLDER / f"{table.name}.parquet",
            compression="zstd",
        )
    revisions = history_tables(history)[REVISIONS].drop_columns(["content"])
    pq.write_table(revisions, folder / FOLDER / f"{REVISIONS}.parquet", compression="zstd")


def superseded(history: History) -> list[Revision]:
    """List the revisions with content that a later one superseded."""
    last = {key: r.revision for key, r in history.standing().items()}
    return [r for r in history.revisions if r.content is not None and last[r.key] != r.revision]


def _old_rows(table: Table, old: list[tuple[Revision, Rows]]) -> pa.Table:
    rows = [
        {"of_kind": r.kind, "of_record_id": r.record_id, "of_revision": r.revision, **row}
        for r, content in old
        for row in content.get(table.name, [])
    ]
    return arrow(_wider(table), rows)


def _wider(table: Table) -> Table:
    """Make the table of superseded rows, each with the revision that it was part of."""
    kept = tuple(c for c in table.columns if c.name not in table.follows)
    key = ("of_kind", "of_record_id", "of_revision", *table.key)
    return Table(table.name, table.description, key, (*_OF, *kept))
