"""Parquet that every reader opens: flat, zstd, sorted by key, its version and digest within.

Large tables are written as they are read, a part at a time. A table can be cut by the values of a
column, in Hive's layout: one folder a value, the column in its name and not in the file.
"""

from __future__ import annotations

import base64
import contextlib
import urllib.parse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.problems import StancedataError, did_you_mean
from stancedata.tables.columns import SCHEMA_VERSION, Table
from stancedata.tables.contract import TABLES
from stancedata.tables.manifest import Identity
from stancedata.tables.parquet import NO_VALUE
from stancedata.tables.source import DIGEST, SCHEMA, VERSION

if TYPE_CHECKING:
    import pyarrow as pa

MOST_VALUES = 1_000
"""Values of a column by which tables are cut: each is a file that is open at the same time."""
_CODEBOOK = ("issues", "levels", "aspects", "vocabulary", "codebook")


def write(
    table: Table,
    batches: Iterable[pa.Table],
    folder: Path,
    identify: Callable[[], Identity],
    partition_by: str = "",
) -> list[Path]:
    """Write one table; its file, or the folder with its files, is named after it.

    The dataset is identified when the rows are written, since its digest takes time.
    """
    with contextlib.ExitStack() as stack:
        files = Files(stack, folder, table, partition_by if partition_by in _cut_by(table) else "")
        for rows in batches:
            files.write(rows)
        identity = identify()
        said = {VERSION: identity.version, SCHEMA: SCHEMA_VERSION, DIGEST: identity.digest}
        return files.finish({key: value.encode() for key, value in said.items()})


def refuse_column(name: str) -> None:
    """Refuse to cut tables by a column that none has, or that holds no texts.

    Raises:
        StancedataError: That is so; with the columns that there are.
    """
    known = sorted({column for table in TABLES for column in _cut_by(table)})
    if name and name not in known:
        hint = did_you_mean(name, known) or f"use one of {', '.join(known)}"
        raise StancedataError(
            f"partition_by: is not a column to split tables by, got {name!r}; {hint}"
        )


def _cut_by(table: Table) -> tuple[str, ...]:
    """The columns by which a table can be cut: ids of others, and words of the vocabulary."""
    if table.name in _CODEBOOK:
        return ()
    return tuple(
        c.name
        for c in table.columns
        if c.type == "string" and (c.vocabulary or c.references) and c.name != table.key[0]
    )


class Files:
    """The file of a table, or those of a table that is cut, each opened when its value first comes.

    Args:
        stack: Closes them.
        folder: Where they are put.
        table: The table.
        by: The column by which it is cut; none leaves it whole.
    """

    def __init__(
        self, stack: contextlib.ExitStack, folder: Path, table: Table, by: str = ""
    ) -> None:
        self._stack, self._folder, self._table, self._by = stack, folder, table, by
        whole = table.schema
        self._schema = whole.remove(whole.get_field_index(by)) if by else whole
        self._writers: dict[Path, Any] = {}

    def write(self, rows: pa.Table) -> None:
        """Write rows to the files of their values, in their order."""
        import pyarrow.compute as pc

        if not self._by:
            self._of(self._whole).write_table(rows.cast(self._schema))
            return
        compute: Any = pc
        values = rows.column(self._by)
        for value in values.unique().to_pylist():
            mine = values.is_null() if value is None else compute.equal(values, value)
            part = rows.filter(mine).drop_columns([self._by])
            self._of(self._part(value)).write_table(part.cast(self._schema))

    def finish(self, said: dict[bytes, bytes]) -> list[Path]:
        """Write what the files say of the dataset; a table without rows is one file."""
        if not self._writers:
            self._by, self._schema = "", self._table.schema
            self._of(self._whole)
        # The columns' types and descriptions, as PyArrow itself would have written them at first.
        schema = base64.b64encode(self._schema.with_metadata(said).serialize())
        for writer in self._writers.values():
            writer.add_key_value_metadata({**said, b"ARROW:schema": schema})
        return list(self._writers)

    @property
    def _whole(self) -> Path:
        return self._folder / f"{self._table.name}.parquet"

    def _part(self, value: str | None) -> Path:
        called = NO_VALUE if value is None else urllib.parse.quote(value, safe="")
        return self._folder / self._table.name / f"{self._by}={called}" / "part-0.parquet"

    def _of(self, path: Path) -> Any:
        if path not in self._writers:
            if len(self._writers) >= MOST_VALUES:
                raise StancedataError(
                    f"partition_by: {self._by} has too many values in {self._table.name}, got more "
                    f"than {MOST_VALUES}; choose another column"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = _writer(path, self._schema, self._table.key)
            self._writers[path] = self._stack.enter_context(writer)
        return self._writers[path]


def _writer(path: Path, schema: pa.Schema, key: tuple[str, ...]) -> Any:
    import pyarrow.parquet as pq

    order = [pq.SortingColumn(schema.get_field_index(n)) for n in key if n in schema.names]
    # A page whose bytes were changed on the way is noticed when it is read. What a footer says of
    # the schema is fixed when a file is opened, before there is a digest: it is written at the end.
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        sorting_columns=order,
        write_page_checksum=True,
        store_schema=False,
    )
