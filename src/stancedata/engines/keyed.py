"""Find rows by the first columns of a table's key, without a query.

A table in memory is searched as it is. Of a large one, only the row groups that can hold the key are
read, by the bounds that the footer states; the last ones are kept, up to a number of bytes.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import attrs

from stancedata.engines.duckdb import DuckDBEngine, unreadable
from stancedata.engines.ordered import OutOfOrderError, declares_order
from stancedata.tables.columns import written_out
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import in_key_order
from stancedata.tables.lookup import Places
from stancedata.tables.parquet import TableFile
from stancedata.tables.row_groups import group
from stancedata.tables.source import TableSource, open_checked

if TYPE_CHECKING:
    import pyarrow as pa

KEPT = 512_000_000
"""The most bytes of row groups that are kept; the one that was read last is kept in any case."""
Bounds = tuple[int, str, str]
"""The number of a row group, and the first and the last value of its first key column."""


@attrs.frozen(eq=False)
class Part:
    """Rows in key order, with an index of their first key column."""

    rows: pa.Table
    places: Places

    def of(self, columns: tuple[str, ...], values: tuple[str, ...]) -> pa.Table:
        """Return the rows whose first key columns have these values."""
        places, found = self.places, self.rows
        for name, value in zip(columns, values, strict=False):
            places = Places(found.column(name)) if found is not self.rows else places
            start, stop = places.span(value, value)
            found = found.slice(start, stop - start)
        return found


class KeyedTables:
    """The tables of a dataset, whose rows are found by key.

    Args:
        tables: The tables.
        kept: The most bytes of row groups of large tables that are kept.
    """

    def __init__(self, tables: TableSource, kept: int = KEPT) -> None:
        self._tables = tables
        self._most = kept
        self._lock = threading.Lock()
        self._in_memory: dict[str, Part | None] = {}
        self._bounds: dict[str, list[Bounds] | None] = {}
        self._kept: OrderedDict[tuple[str, int], Part] = OrderedDict()
        self.groups_read = 0

    def rows(self, name: str, *values: str) -> pa.Table | None:
        """Return the rows of a table whose first key columns have these values, in key order.

        Args:
            name: The table.
            *values: The values of the first columns of its key, or of all of them.

        Returns:
            The rows; None if the table is not known to be in key order, so that only a query can
            find them.

        Raises:
            InvalidDataError: If a row group cannot be read, or is not in its declared order.
        """
        import pyarrow as pa

        table = BY_NAME[name]
        if not self._tables.is_large(name):
            whole = self._whole(name)
            return None if whole is None else whole.of(table.key, values)
        parts = self._groups(name, values[0])
        if parts is None:
            return None
        found = (part.of(table.key, values) for part in parts)
        return pa.concat_tables([written_out(table.schema, rows) for rows in found])

    def _groups(self, name: str, first: str) -> list[Part] | None:
        """Find the row groups that can hold a key; any one if none can."""
        with self._lock:
            bounds = self._bounds_of(name)
            if not bounds:
                return None
            numbers = [number for number, low, high in bounds if low <= first <= high]
            return [self._group(name, number) for number in numbers or [bounds[0][0]]]

    def _whole(self, name: str) -> Part | None:
        """Index a table in memory, unless its rows are not in key order."""
        if name not in self._in_memory:
            table, data = BY_NAME[name], self._tables[name]
            part = Part(data, Places(data.column(table.key[0])))
            self._in_memory[name] = part if in_key_order(table, data) else None
        return self._in_memory[name]

    def _bounds_of(self, name: str) -> list[Bounds] | None:
        if name not in self._bounds:
            file, *others = self._tables.files(name)
            self._bounds[name] = None if others or not declares_order(file) else _bounds(file)
        return self._bounds[name]

    def _group(self, name: str, number: int) -> Part:
        """Read a row group, or find it among those that are kept."""
        if (name, number) not in self._kept:
            self._kept[name, number] = _read(self._tables.files(name)[0], number)
            self.groups_read += 1
            while len(self._kept) > 1 and self._size() > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end((name, number))
        return self._kept[name, number]

    def _size(self) -> int:
        return sum(part.rows.nbytes for part in self._kept.values())


def _read(file: TableFile, number: int) -> Part:
    """Read and validate a row group; its texts stay encoded, which takes half the memory."""
    with open_checked(file) as opened:
        rows = group(file, opened, number, BY_NAME[file.table.name].schema.names)
    if not in_key_order(file.table, written_out(*_keys(file, rows))):
        raise OutOfOrderError(file)
    return Part(rows, Places(rows.column(file.table.key[0])))


def _keys(file: TableFile, rows: pa.Table) -> tuple[pa.Schema, pa.Table]:
    return BY_NAME[file.table.name].schema, rows.select(list(file.table.key))


def _bounds(file: TableFile) -> list[Bounds] | None:
    """Read the bounds of the first key column in each row group; None if some are missing.

    DuckDB reads them, because PyArrow crashes the interpreter if these metadata are broken.
    """
    import duckdb

    try:
        found = DuckDBEngine().bounds(file.path, file.table.key[0])
    except duckdb.Error as error:
        raise unreadable(error) from None
    bounds = []
    for number, (rows, low, high) in enumerate(found):
        if rows and (low is None or high is None):
            return None
        if rows:
            bounds.append((number, str(low), str(high)))
    apart = all(before[2] <= after[1] for before, after in itertools.pairwise(bounds))
    return bounds if apart else None
