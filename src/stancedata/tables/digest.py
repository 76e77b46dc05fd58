"""The digest of a dataset: of its content, whatever file, chunking or library carries it.

For each table in the order of the contract, and each of its columns in that order (those that
the release's schema version has), rows sorted by key: the names, the number of rows, which values are null, and
the values: whole numbers and days as four little-endian bytes, booleans as one, texts as their
lengths and then their UTF-8.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.tables.column_bytes import END, Column, Part, column_bytes, sha256_of
from stancedata.tables.columns import SCHEMA_VERSION, Table, sort
from stancedata.tables.contract import TABLES

if TYPE_CHECKING:
    import pyarrow as pa


def digest(
    tables: Mapping[str, pa.Table],
    names: tuple[str, ...] | None = None,
    schema_version: str = SCHEMA_VERSION,
) -> str:
    """SHA-256, in hexadecimal digits, of tables.

    Args:
        tables: The tables by name.
        names: Which ones; by default every curated one. Positions have a digest of their own.
        schema_version: Whose columns are taken: those of a release never change.
    """

    def parts() -> Iterator[Part]:
        for table in _wanted(names):
            if table.columns_of(schema_version):
                data = tables[table.name]
                data = data if in_key_order(table, data) else sort(table, data)
                yield from _table_parts(table, data.column, schema_version)

    return sha256_of(parts())


def digest_of_columns(
    column: Callable[[str, str], Column],
    names: tuple[str, ...] | None = None,
    schema_version: str = SCHEMA_VERSION,
) -> str:
    """The digest of tables of which one column is in memory at a time.

    Args:
        column: Gives a column by the names of its table and of itself. The rows must be in the
            order of the table's key: that is not looked into, as no table is there as a whole.
        names: As for `digest`.
        schema_version: As for `digest`.
    """
    tables = ((table, functools.partial(column, table.name)) for table in _wanted(names))
    parts = (part for table, read in tables for part in _table_parts(table, read, schema_version))
    return sha256_of(parts, one_column=True)


def _wanted(names: tuple[str, ...] | None) -> Iterator[Table]:
    return (table for table in TABLES if (table.name in names if names else not table.derived))


def _table_parts(
    table: Table, read: Callable[[str], Column], schema_version: str
) -> Iterator[Part]:
    """What is hashed of a table, one column after the other."""
    for number, column in enumerate(table.columns_of(schema_version)):
        values = read(column.name)
        if not number:
            yield f"{table.name}\n{len(values)}\n".encode()
        yield f"{column.name}\n{column.type}\n".encode()
        yield from column_bytes(values, column.type)
        del values  # before the next is read
        yield END


def in_key_order(table: Table, data: pa.Table) -> bool:
    """Whether rows are in the order of their table's key already, where some may be alike.

    Each row is compared with the next: a hundredth of the time that sorting takes.

    Args:
        table: The table.
        data: Its rows, with the columns of the key at least.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    keys = data.select(list(table.key))
    # Before version 22, pyarrow does not compare string views.
    fields = [
        f.with_type(pa.string()) if pa.types.is_string_view(f.type) else f for f in keys.schema
    ]
    keys = keys.cast(pa.schema(fields))
    before, after = keys.slice(0, max(len(keys) - 1, 0)), keys.slice(1)
    *others, last = table.key
    ordered = compute.less_equal(before[last], after[last])
    for name in reversed(others):
        equal = compute.equal(before[name], after[name])
        ordered = compute.or_(compute.less(before[name], after[name]), compute.and_(equal, ordered))
    # A key that is null is compared with nothing, and so proves nothing.
    return keys.num_rows < 2 or (not ordered.null_count and bool(compute.all(ordered).as_py()))
