"""Write Parquet files: flat, zstd, sorted by key, with version and digest in the footer.

Large tables are streamed. A table can be partitioned by the values of a column: a folder with one file
per value. Each has all columns, so that a reader needs nothing of its name.
"""

from __future__ import annotations

import base64
import contextlib
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.problems import StancedataError, did_you_mean, shown
from stancedata.tables.columns import Table
from stancedata.tables.contract import TABLES
from stancedata.tables.manifest import Identity
from stancedata.tables.source import DIGEST, SCHEMA, VERSION

if TYPE_CHECKING:
    import pyarrow as pa

MOST_VALUES = 1_000
"""The most values of a partition column; each has a file, and all are open at the same time."""
_UNIQUE = frozenset({"stance_id", "summary", "sha256", "content"})
"""Columns of texts that hardly repeat, besides the ids of records: they need no dictionary."""
_DICTIONARY = 2**30
"""The most bytes of a dictionary, which no column reaches.

Beyond its limit PyArrow goes on without a dictionary, and fastparquet reads nothing of a column that
has pages with one and pages without.
"""
_PAGE = 131_072
"""The most bytes of a page. A reader of a single row decompresses one page of each column."""
_CODEBOOK = ("issues", "levels", "aspects", "vocabulary", "codebook")


def write(
    table: Table,
    batches: Iterable[pa.Table],
    folder: Path,
    identify: Callable[[], Identity],
    partition_by: str = "",
) -> list[Path]:
    """Write a table to a file, or to a folder of files, named after it.

    The rows may have further columns, of a newer schema version than the table's. `identify` is
    called after the rows are written, since it waits for the digest.
    """
    with contextlib.ExitStack() as stack:
        files = Files(stack, folder, table, partition_by)
        for rows in batches:
            files.write(rows)
        identity = identify()
        about = {
            VERSION: identity.version,
            SCHEMA: identity.schema_version,
            DIGEST: identity.digest,
        }
        return files.finish({key: value.encode() for key, value in about.items()})


def rows_of(files: Iterable[Path]) -> Iterator[pa.Table]:
    """Read the files of a table one after another, in the order of their names."""
    import pyarrow.parquet as pq

    for file in files:
        with pq.ParquetFile(file) as opened:
            for number in range(opened.num_row_groups):
                yield opened.read_row_group(number)


def refuse_column(name: str) -> None:
    """Check the name of a partition column; an empty one is allowed.

    Raises:
        StancedataError: If no table can be partitioned by it.
    """
    known = sorted({column for table in TABLES for column in _allowed(table)})
    if name and name not in known:
        hint = did_you_mean(name, known) or f"use one of {', '.join(known)}"
        raise StancedataError(
            f"partition_by: is not a column to split tables by, got {shown(name)}; {hint}"
        )


def partition_column(table: Table, name: str, batches: Callable[[], Iterable[pa.Table]]) -> str:
    """Return the column to partition a table by; empty if the table stays whole.

    A table with nulls in that column stays whole, since no name of a file says null.

    Args:
        table: The table.
        name: The column, or an empty text.
        batches: Returns the rows.
    """
    if name not in _allowed(table) or any(rows.column(name).null_count for rows in batches()):
        return ""
    return name


def _allowed(table: Table) -> tuple[str, ...]:
    """List the columns that can partition a table: references and controlled vocabularies."""
    if table.name in _CODEBOOK:
        return ()
    return tuple(
        c.name
        for c in table.columns
        if c.type == "string" and (c.vocabulary or c.references) and c.name != table.key[0]
    )


class Files:
    """Write the file of a table, or its partitions, each opened when its value first occurs.

    Args:
        stack: Closes the files.
        folder: The folder to write to.
        table: The table.
        by: The partition column; if empty, one file is written.
    """

    def __init__(
        self, stack: contextlib.ExitStack, folder: Path, table: Table, by: str = ""
    ) -> None:
        self._stack, self._folder, self._table, self._by = stack, folder, table, by
        self._writers: dict[Path, Any] = {}

    def write(self, rows: pa.Table) -> None:
        """Write rows to the files of their partitions, keeping the order."""
        import pyarrow.compute as pc

        rows = rows.select(self._table.schema.names).cast(self._table.schema)
        if not self._by:
            self._open(self._whole).write_table(rows)
            return
        compute: Any = pc
        values: Any = rows.column(self._by)
        for value in values.unique().to_pylist():
            part = rows.filter(compute.equal(values, value))
            self._open(self._part(value)).write_table(part)

    def finish(self, metadata: dict[bytes, bytes]) -> list[Path]:
        """Write metadata to the footers and return the paths in order; an empty table is one file.

        It has an empty row group, since some readers refuse a file without any.
        """
        if not self._writers:
            self._open(self._whole).write_table(self._table.schema.empty_table())
        # The Arrow schema in the form in which PyArrow itself stores it.
        schema = base64.b64encode(self._table.schema.with_metadata(metadata).serialize())
        for writer in self._writers.values():
            writer.add_key_value_metadata({**metadata, b"ARROW:schema": schema})
        return sorted(self._writers)

    @property
    def _whole(self) -> Path:
        return self._folder / f"{self._table.name}.parquet"

    def _part(self, value: str) -> Path:
        # The table's name tells what a file is that was copied alone, and no file begins with `.` or `_`,
        # which readers skip. A name with `=` would be read as a column's value, in Hive's layout.
        text = urllib.parse.quote(value, safe="")
        return self._folder / self._table.name / f"{self._table.name}-{text}.parquet"

    def _open(self, path: Path) -> Any:
        if path not in self._writers:
            if len(self._writers) >= MOST_VALUES:
                raise StancedataError(
                    f"partition_by: {self._by} has too many values in {self._table.name}, got more "
                    f"than {MOST_VALUES}; choose another column"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = _writer(path, self._table)
            self._writers[path] = self._stack.enter_context(writer)
        return self._writers[path]


def layout(table: Table, schema: pa.Schema) -> dict[str, Any]:
    """Choose how the pages of a table are written: options of `pyarrow.parquet.ParquetWriter`.

    Args:
        table: The table, whose rows are written in the order of its key.
        schema: The columns that are written.
    """
    import pyarrow.parquet as pq

    unique = _UNIQUE | ({*table.key} if len(table.key) == 1 else set())
    return {
        "compression": "zstd",
        "use_dictionary": [name for name in schema.names if name not in unique],
        "dictionary_pagesize_limit": _DICTIONARY,
        "data_page_size": _PAGE,
        "sorting_columns": [
            pq.SortingColumn(schema.get_field_index(n)) for n in table.key if n in schema.names
        ],
        "write_page_checksum": True,  # reveals corruption when a page is read
    }


def _writer(path: Path, table: Table) -> Any:
    import pyarrow.parquet as pq

    # `store_schema` would write the Arrow schema on opening, before the digest that belongs to it
    # is known; `finish` writes it instead.
    return pq.ParquetWriter(path, table.schema, store_schema=False, **layout(table, table.schema))
