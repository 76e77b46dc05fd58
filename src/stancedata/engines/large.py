"""Tables too large to be loaded, gone through where they lie: in the order of their keys."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.problems import InvalidDataError, Problem
from stancedata.tables.column_bytes import Column
from stancedata.tables.columns import SCHEMA_VERSION, conform, written_out
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest, digest_of_columns, in_key_order
from stancedata.tables.parquet import TableFile
from stancedata.tables.parts import groups
from stancedata.tables.source import ParquetTables, files_where_large, number_of_rows

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "512MB"
"""What sorting may take; more goes to the disk."""
KEPT = 100_000_000
"""Bytes up to which a column is kept while it is gone through, which is up to three times."""


class Lying:
    """The large tables of a dataset as files in the order of their keys.

    Args:
        tables: The tables of a dataset.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables
        self._folder: str = ""
        self._lock = threading.Lock()
        self._files: dict[str, TableFile] = {}

    def is_large(self, name: str) -> bool:
        """Whether a table is gone through where it lies."""
        return bool(files_where_large(self._tables, name))

    def batches(self, name: str) -> Iterator[pa.Table]:
        """The rows of a table in the order of its key; one batch where it is loaded anyway.

        Raises:
            InvalidDataError: A part of a file cannot be read.
        """
        if not self.is_large(name):
            yield self._tables[name]
            return
        table = BY_NAME[name]
        for rows in groups(self._in_order(name), _raise):
            yield conform(table, rows)

    def digest(
        self, names: tuple[str, ...] | None = None, schema_version: str = SCHEMA_VERSION
    ) -> str:
        """As `stancedata.digest.digest`, with one column of a large table in memory at a time."""
        if not any(map(self.is_large, self._tables)):
            return digest(self._tables, names, schema_version)
        return digest_of_columns(self._column, names, schema_version)

    def _column(self, name: str, column: str) -> Column:
        if not self.is_large(name):
            found: Any = self._tables[name].column(column)
            return found  # type: ignore[no-any-return]
        return _LyingColumn(self._in_order(name), column, number_of_rows(self._tables, name))

    def _in_order(self, name: str) -> TableFile:
        with self._lock:
            if name not in self._files:
                files = self._tables.files(name) if isinstance(self._tables, ParquetTables) else ()
                sorted_one = len(files) == 1 and _is_sorted(files[0])
                self._files[name] = files[0] if sorted_one else self._sorted(name)
            return self._files[name]

    def _sorted(self, name: str) -> TableFile:
        """A copy of a table in the order of its key, on the disk."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="stancedata-")
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        engine = DuckDBEngine(MEMORY, self._folder)
        engine.register_files(name, files_where_large(self._tables, name))
        path = Path(self._folder) / f"{name}.parquet"
        table = BY_NAME[name]
        engine.write(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}", path)
        return TableFile(table, path)


class _LyingColumn:
    """A column that is read a chunk at a time; a small one is kept, others are read anew each time."""

    def __init__(self, file: TableFile, name: str, rows: int) -> None:
        self._file, self._name, self._rows = file, name, rows
        self._kept: list[pa.Table] | None = None

    def __len__(self) -> int:
        return self._rows

    def iterchunks(self) -> Iterator[Any]:
        """The chunks, in the order of the rows."""
        for rows in self._parts() if self._kept is None else self._kept:
            yield from written_out(self._file.table.schema, rows).column(0).chunks

    def _parts(self) -> Iterator[pa.Table]:
        """The rows as they are read; texts that occur often are still numbers, and take little."""
        kept: list[pa.Table] | None = []
        size = 0
        for rows in groups(self._file, _raise, [self._name]):
            size += rows.nbytes
            kept = None if kept is None or size > KEPT else [*kept, rows]
            yield rows
        self._kept = kept


def _is_sorted(file: TableFile) -> bool:
    """Whether the rows of a file are in the order of their table's key, no two alike."""
    import pyarrow as pa

    last: list[pa.Table] = []
    for rows in groups(file, _raise, file.table.key):
        keys = pa.concat_tables([*last, written_out(file.table.schema, rows)])
        if not in_key_order(file.table, keys):
            return False
        last = [keys.slice(keys.num_rows - 1)] if keys.num_rows else last
    return True


def _raise(_: TableFile, problems: Sequence[Problem]) -> None:
    raise InvalidDataError(problems)
