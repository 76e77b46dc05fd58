"""Find rows by the first columns of a table's key, without planning a query.

A table in memory is searched as it is. Of a file, only the row groups that can hold the key are read,
by the bounds that the footer states: DuckDB finds what is asked first, which takes it a quarter of the
time; from then on row groups are read, validated and kept, up to a number of bytes in all.
"""

from __future__ import annotations

import bisect
import contextlib
import functools
import operator
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from stancedata.engines.duckdb import DuckDBEngine, unreadable
from stancedata.engines.ordered import OutOfOrderError, declares_order
from stancedata.engines.row_groups import group
from stancedata.tables.bulk import Cells, Span
from stancedata.tables.columns import written_out
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import in_key_order
from stancedata.tables.lookup import Places
from stancedata.tables.parquet import MOST_BYTES, TableFile
from stancedata.tables.source import TableSource, open_checked

if TYPE_CHECKING:
    import pyarrow as pa

FEW = 10_000
"""The most rows of a table that is loaded whole when one of its rows is asked for."""
Group = tuple[str, int, tuple[str, ...]]
"""A table, the number of a row group of its file, and the columns that are read."""


@attrs.frozen
class Bounds:
    """The row groups of a file in key order, without empty ones.

    Attributes:
        numbers: The number of each.
        lows: The first value of its first key column.
        highs: The last one.
    """

    numbers: list[int] = attrs.field(factory=list)
    lows: list[str] = attrs.field(factory=list)
    highs: list[str] = attrs.field(factory=list)

    def holding(self, value: str) -> list[int]:
        """Find the row groups that can hold a value."""
        first = bisect.bisect_left(self.highs, value)
        return self.numbers[first : bisect.bisect_right(self.lows, value, first)]


@attrs.frozen(eq=False)
class Part:
    """Rows in key order, with an index of their first key column."""

    rows: pa.Table
    places: Places

    @functools.cached_property
    def cells(self) -> Cells:
        """The cells of the rows."""
        return Cells(self.rows)

    def of(self, columns: tuple[str, ...], values: tuple[str, ...]) -> Span:
        """Return the rows whose first key columns have these values."""
        start, stop = self.places.span(values[0], values[0])
        for name, value in zip(columns[1:], values[1:], strict=False):
            places = Places(self.rows.column(name).slice(start, stop - start))
            first, last = places.span(value, value)
            start, stop = start + first, start + last
        return Span(self.cells, start, stop)


class KeyedTables:
    """The tables of a dataset, whose rows are found by key.

    Args:
        tables: The tables.
        kept: The most bytes of row groups that are kept; by default those of one table. The one
            that was read last is kept in any case.

    Attributes:
        groups_read: How many row groups were read so far.
    """

    def __init__(self, tables: TableSource, kept: int = MOST_BYTES) -> None:
        self._tables = tables
        self._most = kept
        self._lock = threading.RLock()
        self._in_memory: dict[str, Part | None] = {}
        self._bounds: dict[str, Bounds | None] = {}
        self._few: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._kept: OrderedDict[Group, Part] = OrderedDict()
        self.groups_read = 0

    def rows(self, name: str, *values: str) -> pa.Table | None:
        """Return the rows of a table whose first key columns have these values, as `find` does."""
        found = self.find(name, *values)
        return found.table if isinstance(found, Span) else found

    def find(
        self, name: str, *values: str, columns: tuple[str, ...] = ()
    ) -> Span | pa.Table | None:
        """Find the rows of a table whose first key columns have these values, in key order.

        Args:
            name: The table.
            *values: The values of the first columns of its key, or of all of them.
            columns: The columns to read of a file, with all of the key; by default every one.

        Returns:
            The rows; None if the table is not known to be in key order, so that only a query of
            the whole table can find them.

        Raises:
            InvalidDataError: If a row group cannot be read, or is not in its declared order.
            StancedataError: If DuckDB cannot read a file.
        """
        if self._is_in_memory(name):
            whole = self._whole(name)
            return None if whole is None else whole.of(BY_NAME[name].key, values)
        with self._lock:
            if name not in self._asked:
                return self._query(name, values, columns)
            bounds = self._bounds_of(name)
            if bounds is None:
                return None
            numbers = bounds.holding(values[0])
            parts = [self._group((name, number, columns)) for number in numbers]
        found = [part.of(BY_NAME[name].key, values) for part in parts]
        return found[0] if len(found) == 1 else _joined(name, found)

    @functools.cached_property
    def _engine(self) -> DuckDBEngine:
        return DuckDBEngine()

    def _is_in_memory(self, name: str) -> bool:
        """Return whether a table is loaded, or is small enough that it should be."""
        if name not in self._few:
            few = not self._tables.is_large(name) and self._tables.rows(name) <= FEW
            self._few[name] = few
        return self._few[name] or self._tables.is_loaded(name)

    def _query(self, name: str, values: tuple[str, ...], columns: tuple[str, ...]) -> pa.Table:
        """Find rows by a query of the files, for which DuckDB reads one row group, too."""
        table, files = BY_NAME[name], self._tables.files(name)
        with _reading_files():
            found = self._engine.rows(files, table.key, values, columns)
        self._asked.add(name)
        return written_out(table.schema, found)

    def _whole(self, name: str) -> Part | None:
        """Index a table in memory, unless its rows are not in key order."""
        if name not in self._in_memory:
            table, data = BY_NAME[name], self._tables[name]
            part = Part(data, Places(data.column(table.key[0])))
            self._in_memory[name] = part if in_key_order(table, data) else None
        return self._in_memory[name]

    def _bounds_of(self, name: str) -> Bounds | None:
        if name not in self._bounds:
            file, *others = self._tables.files(name)
            ordered = not others and declares_order(file)
            self._bounds[name] = self._stated_bounds(file) if ordered else None
        return self._bounds[name]

    def _stated_bounds(self, file: TableFile) -> Bounds | None:
        """Read the bounds of the first key column in each row group; None if some are missing.

        DuckDB reads them, because PyArrow crashes the interpreter if these metadata are broken.
        """
        with _reading_files():
            found = self._engine.bounds(file.path, file.table.key[0])
        bounds = Bounds()
        for number, (rows, low, high) in enumerate(found):
            if rows and (low is None or high is None):
                return None
            if rows:
                bounds.numbers.append(number)
                bounds.lows.append(str(low))
                bounds.highs.append(str(high))
        apart = all(map(operator.le, bounds.highs, bounds.lows[1:]))
        return bounds if apart else None

    def _group(self, group: Group) -> Part:
        """Read a row group, or find it among those that are kept."""
        if group not in self._kept:
            name, number, columns = group
            self._kept[group] = _read_group(self._tables.files(name)[0], number, columns)
            self.groups_read += 1
            while len(self._kept) > 1 and self._size() > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(group)
        return self._kept[group]

    def _size(self) -> int:
        return sum(part.rows.nbytes for part in self._kept.values())


def _read_group(file: TableFile, number: int, columns: tuple[str, ...]) -> Part:
    """Read and validate a row group, including its order."""
    table = BY_NAME[file.table.name]
    with open_checked(file) as opened:
        found = group(file, opened, number, columns or table.schema.names)
    rows = written_out(table.schema, found).combine_chunks()
    if not in_key_order(table, rows):
        raise OutOfOrderError(file)
    return Part(rows, Places(rows.column(table.key[0])))


def _joined(name: str, found: list[Span]) -> pa.Table:
    """Join the rows of several row groups, or of none."""
    import pyarrow as pa

    parts = [part.table for part in found]
    return pa.concat_tables(parts or [pa.Table.from_batches([], BY_NAME[name].schema)])


@contextlib.contextmanager
def _reading_files() -> Iterator[None]:
    """Convert errors of DuckDB while it reads files to a message for users."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise unreadable(error) from None
