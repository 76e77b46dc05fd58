"""Read tables too large for memory from disk, in key order.

Each row group is validated, including its order by the table's key, before its rows are returned. A
table that is not in key order is first sorted by DuckDB into a copy on disk.
"""

from __future__ import annotations

import contextlib
import functools
import threading
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.engines.cursor import Cursor
from stancedata.engines.duckdb import DuckDBEngine, unreadable
from stancedata.engines.row_groups import group
from stancedata.problems import InvalidDataError, Place, Problem
from stancedata.tables.cells import AGAIN
from stancedata.tables.column_bytes import Column
from stancedata.tables.columns import written_out
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest, digest_of_columns, in_key_order
from stancedata.tables.parquet import TableFile, stated_size
from stancedata.tables.source import TableSource, open_checked
from stancedata.temporary import create_folder

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "512MB"
"""The memory limit for sorting, which spills to disk beyond it."""
MOST_SHARED = 1_000_000_000
"""The most bytes of tables that are held for a second reader, by the sizes that footers state.

They take about half of that, since texts that repeat are held once. Of a million stances, an export takes
a fifth less time than with 400 MB, which do not hold the positions, and 330 MB more memory.
"""
KEPT = 256_000_000
"""The most bytes of a column that is cached while it is hashed, which reads it up to three times."""


class OutOfOrderError(InvalidDataError):
    """Raised if a file is declared sorted but its rows are not."""

    def __init__(self, file: TableFile) -> None:
        keys = ", ".join(file.table.key)
        what = (
            f"rows must be in the order of {keys}, as the file declares, got another order; {AGAIN}"
        )
        super().__init__([Problem(Place(str(file.path)), "", what)])


class OrderedTables:
    """The tables of a dataset in key order; large ones are streamed from disk.

    Args:
        tables: The tables.
        kept: The most bytes of a large table's column that is cached while it is hashed.
    """

    def __init__(self, tables: TableSource, kept: int = KEPT) -> None:
        self._tables = tables
        self._kept = kept
        self._folder: Path | None = None
        self._lock = threading.Lock()
        self._files: dict[str, TableFile] = {}
        self._held: _Held | None = None

    def batches(
        self, name: str, columns: Sequence[str] = (), trusting: bool = False
    ) -> Iterator[pa.Table]:
        """Read a table in key order: by row groups if it is large, otherwise in one batch.

        Args:
            name: The table.
            columns: The columns to read; all by default.
            trusting: Start reading a file that declares its order without checking all of its keys
                first; raises on reaching a row that is out of order.

        Raises:
            InvalidDataError: If a file cannot be read, or is not in its declared order.
        """
        columns = columns or BY_NAME[name].schema.names
        if not self._tables.is_large(name):
            yield self._tables[name].select(list(columns))
            return
        whole = list(columns) == BY_NAME[name].schema.names
        held = self._rows_held(name) if whole else None
        if held is None:
            yield from row_groups(self._file(name, trusting), columns)
        else:
            yield from (written_out(BY_NAME[name].schema, rows) for rows in held)

    @contextlib.contextmanager
    def sharing(self, most: int | None = None) -> Iterator[None]:
        """Read a table once for two readers, such as an export and its digest.

        Args:
            most: The most bytes, by the footers, of what one reader has read and the other not yet;
                by default `MOST_SHARED`.
        """
        self._held = _Held(MOST_SHARED if most is None else most)
        try:
            yield
        finally:
            self._held = None

    def _rows_held(self, name: str) -> list[pa.Table] | None:
        """Return all rows of a large table, as they are held, if they are shared; else None."""
        held = self._held
        return None if held is None else held.rows(name, self._stated_size(name), self._read)

    def _stated_size(self, name: str) -> int:
        return sum(stated_size(open_checked(file).metadata) for file in self._tables.files(name))

    def _read(self, name: str) -> list[pa.Table]:
        """Read a table whole, and sort it only if it is not in the order that it declares."""
        columns = BY_NAME[name].schema.names
        with contextlib.suppress(OutOfOrderError):
            return list(_encoded_row_groups(self._file(name, trusting=True), columns))
        return list(_encoded_row_groups(self._file(name), columns))

    def cursor(self, name: str) -> Cursor:
        """Open a cursor over the rows of a table in key order; see `batches`."""
        return Cursor(self.batches(name, trusting=True), BY_NAME[name].key[0])

    def digest(
        self, names: tuple[str, ...] | None = None, schema_version: str | None = None
    ) -> str:
        """Digest tables as `tables.digest.digest` does, one column of a large table at a time.

        By default, the columns of the tables' own schema version are hashed.
        """
        schema_version = schema_version or self._tables.schema_version
        if not any(map(self._tables.is_large, self._tables)):
            return digest(self._tables, names, schema_version)
        # The columns of a table are asked for one after another: only its rows are kept meanwhile.
        rows_of = functools.lru_cache(maxsize=1)(self._rows_held)
        column = functools.partial(self._column, rows_of)
        return digest_of_columns(column, names, schema_version)

    def _column(
        self, rows_of: Callable[[str], list[pa.Table] | None], name: str, column: str
    ) -> Column:
        if self._tables.is_large(name):
            if (rows := rows_of(name)) is not None:
                return _HeldColumn(BY_NAME[name].schema, rows, column)
            return _ColumnOnDisk(self._file(name), column, self._tables.rows(name), self._kept)
        found: Any = self._tables[name].column(column)
        return found  # type: ignore[no-any-return]

    def _file(self, name: str, trusting: bool = False) -> TableFile:
        """Return the file of a large table, or a sorted copy if it is not in key order."""
        with self._lock:
            if name not in self._files:
                file, *others = files = self._tables.files(name)
                if trusting and not others and declares_order(file):
                    return file
                in_order = not others and _is_in_order(file)
                self._files[name] = file if in_order else self._sorted(files)
            return self._files[name]

    def _sorted(self, files: Sequence[TableFile]) -> TableFile:
        if not self._folder:
            self._folder, remove = create_folder()
            weakref.finalize(self, remove)
        return sorted_copy(files, self._folder)


class _Held:
    """Rows of whole tables that one of two readers has read, for the other one.

    Args:
        most: The most bytes to hold; what would exceed them is not held.
    """

    def __init__(self, most: int) -> None:
        self._left = most
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._rows: dict[str, list[pa.Table]] = {}

    def rows(
        self, name: str, size: int, read: Callable[[str], list[pa.Table]]
    ) -> list[pa.Table] | None:
        """Read a table and hold it, or release what is held; None if there is no room."""
        with self._locks[name]:  # the second reader waits for the first
            if name in self._rows:
                self._left += size
                return self._rows.pop(name)
            if size > self._left:
                return None
            self._left -= size
            self._rows[name] = read(name)
            return self._rows[name]


class _HeldColumn:
    """A column of rows that are held, of which one part at a time is decoded."""

    def __init__(self, schema: pa.Schema, rows: list[pa.Table], name: str) -> None:
        self._schema, self._rows, self._name = schema, rows, name

    def __len__(self) -> int:
        return sum(part.num_rows for part in self._rows)

    def iterchunks(self) -> Iterator[Any]:
        """Iterate over the chunks in row order."""
        for part in self._rows:
            yield from written_out(self._schema, part.select([self._name])).column(0).chunks


class _ColumnOnDisk:
    """A column read by row groups; a small one is cached, a large one is read again each time.

    Args:
        file: Its file, in key order.
        name: The column.
        rows: The number of rows.
        kept: The most bytes to cache.
    """

    def __init__(self, file: TableFile, name: str, rows: int, kept: int) -> None:
        self._file, self._name, self._rows, self._kept = file, name, rows, kept
        self._chunks: list[Any] | None = None

    def __len__(self) -> int:
        return self._rows

    def iterchunks(self) -> Iterator[Any]:
        """Iterate over the chunks in row order."""
        if self._chunks is not None:
            yield from self._chunks
            return
        kept: list[Any] = []
        size = 0
        for rows in row_groups(self._file, [self._name]):
            size += rows.nbytes
            kept += rows.column(0).chunks
            if size > self._kept:
                kept.clear()
            yield from rows.column(0).chunks
        self._chunks = kept if size <= self._kept else None


def row_groups(file: TableFile, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Read and validate the row groups of a file.

    Args:
        file: The file, whose rows are in key order.
        columns: The columns to read. If they include the key, the order is checked too.

    Raises:
        InvalidDataError: If a row group cannot be read, or does not match the contract.
        OutOfOrderError: If the rows are not in key order.
    """
    schema = BY_NAME[file.table.name].schema
    return (written_out(schema, rows) for rows in _encoded_row_groups(file, columns))


def _encoded_row_groups(file: TableFile, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Read row groups as `row_groups` does, with dictionary-encoded texts."""
    import pyarrow as pa

    schema, key = BY_NAME[file.table.name].schema, list(file.table.key)
    last: list[pa.Table] = []
    with open_checked(file) as opened:
        for number in range(opened.metadata.num_row_groups):
            rows = group(file, opened, number, columns, "cannot be read")
            if set(key) <= set(columns):
                keys = pa.concat_tables([*last, written_out(schema, rows.select(key))])
                if not in_key_order(file.table, keys):
                    raise OutOfOrderError(file)
                last = [keys.slice(max(keys.num_rows - 1, 0))]
            yield rows


def sorted_copy(files: Sequence[TableFile], folder: Path, memory: str = MEMORY) -> TableFile:
    """Sort a table by its key into a new file on disk.

    Args:
        files: The files of the table.
        folder: The folder for the new file, and for spilling while it is sorted.
        memory: The memory limit.

    Raises:
        StancedataError: If a file cannot be read, or the disk is full.
    """
    import duckdb

    table = files[0].table
    path = folder / f"{table.name}.parquet"
    engine = DuckDBEngine(memory, str(folder))
    try:
        engine.register_files(table.name, files)
        engine.write(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}", path)
    except duckdb.Error as error:
        raise unreadable(error) from None
    return TableFile(BY_NAME[table.name], path)


def _is_in_order(file: TableFile) -> bool:
    """Return whether the rows of a file are in key order, by reading all of its keys."""
    try:
        for _ in row_groups(file, file.table.key):
            pass
    except OutOfOrderError:
        return False
    return True


def declares_order(file: TableFile) -> bool:
    """Return whether the footer declares every row group sorted by the key."""
    with file.open() as opened:
        footer = opened.metadata
    names = [footer.schema.column(number).path for number in range(footer.num_columns)]
    if not set(file.table.key) <= set(names):
        return False
    wanted = [(names.index(name), False) for name in file.table.key]
    groups = map(footer.row_group, range(footer.num_row_groups))
    # `nulls_first` does not matter, since keys have no nulls.
    declared = ([(c.column_index, c.descending) for c in part.sorting_columns] for part in groups)
    return all(columns[: len(wanted)] == wanted for columns in declared)
