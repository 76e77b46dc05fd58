"""What the package carries: the last release as tables, and what was otherwise before it.

The folder holds every table of the last release, `history/revisions.parquet` (without contents,
which the rows are) and, in `history/<table>.parquet`, the rows of revisions that others took the
place of. An old release is the rows that still stand, and the old ones of those that do not: it
costs little more than the last one, and each row is kept once.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.contract import BY_NAME
from stancedata.derive import conform
from stancedata.releases.contents import (
    CURATED,
    Rows,
    arrow,
    canonical,
    owner,
    plain,
    rows_of,
    silenced,
    with_origins,
)
from stancedata.releases.revisions import History, Revision, history_tables, standing_rows
from stancedata.schemas import Column, Table
from stancedata.storage import ParquetTables
from stancedata.tables import sort

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "history"
REVISIONS = "revisions"
_OF = (
    Column("of_kind", "string", False, "Kind of the record."),
    Column("of_record_id", "string", False, "Id of the record."),
    Column("of_revision", "int32", False, "Its revision."),
)


class Store(Mapping[str, "pa.Table"]):
    """The tables of a packaged folder; raises as `ParquetTables` does."""

    def __init__(self, folder: Path) -> None:
        self._last = ParquetTables(folder, without=(REVISIONS,))
        self._history = folder / FOLDER
        self.metadata = self._last.metadata

    def __getitem__(self, name: str) -> pa.Table:
        return self._contents if name == REVISIONS else self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)

    def _read(self, name: str) -> pa.Table:
        import pyarrow.parquet as pq

        return pq.read_table(self._history / f"{name}.parquet", partitioning=None)

    @functools.cached_property
    def _revisions(self) -> pa.Table:
        if not self._history.is_dir():
            return BY_NAME[REVISIONS].schema.empty_table().drop_columns(["content"])
        return self._read(REVISIONS)

    @functools.cached_property
    def _contents(self) -> pa.Table:
        """The table `revisions`, contents made of the rows that are their revisions'."""
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
        """The curated tables as of a release, by its number."""
        standing = _keys(standing_rows(self._revisions, number))
        last = self._last_keys
        return {t.name: self._table(t, standing & last, standing - last) for t in CURATED}

    @functools.cached_property
    def _last_keys(self) -> set[str]:
        return _keys(standing_rows(self._revisions, 2**31 - 1))

    def _table(self, table: Table, same: set[str], old: set[str]) -> pa.Table:
        import pyarrow as pa

        now = self._last[table.name]
        before = self._read(table.name)
        of = [before.column(column.name) for column in _OF]
        owners = _owners(table, now, self._last_keys)
        parts = [
            now.filter(_among(owners, {key.rpartition("\n")[0] for key in same})),
            conform_to(table, before.filter(_among(_joined(*of), old))),
        ]
        return with_origins(table, sort(table, pa.concat_tables(parts)))


def conform_to(table: Table, data: pa.Table) -> pa.Table:
    """Rows of old revisions with the columns of the table; those that follow are made anew."""
    import pyarrow as pa

    for name in table.follows:
        data = data.append_column(name, pa.nulls(data.num_rows, pa.string()))
    return conform(table, data)


def _keys(revisions: pa.Table) -> set[str]:
    """Kind, id and number of revisions that have content."""
    import pyarrow.compute as pc

    there = revisions.filter(pc.field("operation") != "retract")
    columns = (there.column(n).to_pylist() for n in ("kind", "record_id", "revision"))
    return {"\n".join(map(str, key)) for key in zip(*columns, strict=True)}


def _owners(table: Table, data: pa.Table, known: set[str]) -> Any:
    """Kind and id of the record of each row, joined as in `_keys`."""
    import pyarrow as pa

    if table.name == "silences":
        parts = (key.split("\n") for key in known)
        keys = {(part[0], part[1]) for part in parts}
        owners = (silenced(str(record_id), keys) for record_id in data.column(0).to_pylist())
        return pa.array(["\n".join(key) for key in owners], pa.string())
    kind, columns = owner(table)
    kinds = pa.array([kind] * data.num_rows, pa.string())
    ids = [data.column(name) for name in columns]
    return _joined(kinds, _joined(*ids, by="/") if ids else kinds)


def _joined(*columns: Any, by: str = "\n") -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.binary_join_element_wise(*(c.cast(pa.string()) for c in columns), by)


def _among(values: Any, keys: set[str]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.is_in(values, value_set=pa.array(sorted(keys), pa.string()))


def write_past(history: History, folder: Path) -> None:
    """Write the part of a packaged folder that old releases need."""
    import pyarrow.parquet as pq

    (folder / FOLDER).mkdir()
    for table in CURATED:
        pq.write_table(
            _old_rows(table, superseded(history)), folder / FOLDER / f"{table.name}.parquet",
            compression="zstd",
        )  # fmt: skip
    revisions = history_tables(history)[REVISIONS].drop_columns(["content"])
    pq.write_table(revisions, folder / FOLDER / f"{REVISIONS}.parquet", compression="zstd")


def superseded(history: History) -> list[Revision]:
    """Revisions with content that another one took the place of."""
    last = {key: r.revision for key, r in history.standing().items()}
    return [r for r in history.revisions if r.content is not None and last[r.key] != r.revision]


def _old_rows(table: Table, revisions: list[Revision]) -> pa.Table:
    kept = tuple(c for c in table.columns if c.name not in table.follows)
    key = ("of_kind", "of_record_id", "of_revision", *table.key)
    wider = Table(table.name, table.description, key, (*_OF, *kept))
    rows = [
        {"of_kind": r.kind, "of_record_id": r.record_id, "of_revision": r.revision, **row}
        for r in revisions
        for row in json.loads(r.content or "{}").get(table.name, [])
    ]
    return arrow(wider, rows)
