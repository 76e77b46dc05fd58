"""Compute the digest of a dataset: the same for any file layout, chunking or library.

It hashes each table and its columns (those of the release's schema version) in the order of the
contract, with rows sorted by key: the names, the number of rows, the null flags, and the values.
Integers and dates are four little-endian bytes, booleans one, texts their lengths, then UTF-8.
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
    """Compute the SHA-256 of tables, as hexadecimal digits.

    Args:
        tables: The tables by name.
        names: The tables to hash, by default all but derived ones; positions are hashed separately.
        schema_version: The version whose columns are hashed, so that a release keeps its digest.
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
    """Compute the digest of tables with one column in memory at a time.

    Args:
        column: Returns a column, given the names of its table and of itself. Its rows must be in
            key order; this is not checked, since no table is in memory as a whole.
        names: As for `digest`.
        schema_version: As for `digest`.
    """
    tables = ((table, functools.partial(column, table.name)) for table in _wanted(names))
    parts = (part for table, read in tables for part in _table_parts(table, read, schema_version))
    return sha256_of(parts, one_column=True)


def has_newer(tables: Mapping[str, pa.Table], schema_version: str) -> bool:
    """Return whether curated tables have a row or a value that a schema version does not have."""
    for table in _wanted(None):
        known, data = table.columns_of(schema_version), tables[table.name]
        later = [c.name for c in table.columns if c not in known]
        if any(data.column(name).null_count < data.num_rows for name in later):
            return True
    return False


def _wanted(names: tuple[str, ...] | None) -> Iterator[Table]:
    return (table for table in TABLES if (table.name in names if names else not table.derived))


def _table_parts(
    table: Table, read: Callable[[str], Column], schema_version: str
) -> Iterator[Part]:
    """Yield the bytes of a table to hash, column by column."""
    for number, column in enumerate(table.columns_of(schema_version)):
        values = read(column.name)
        if not number:
            yield f"{table.name}\n{len(values)}\n".encode()
        yield f"{column.name}\n{column.type}\n".encode()
        yield from column_bytes(values, column.type)
        del values  # release it before the next is read
        yield END


def in_key_order(table: Table, data: pa.Table) -> bool:
    """Return whether rows are sorted by the key of their table; equal keys are allowed.

    Comparing each row with the next takes a hundredth of the time that sorting takes.

    Args:
        table: The table.
        data: Its rows, with at least the columns of the key.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    keys = data.select(list(table.key))
    # pyarrow before 22 cannot compare string views.
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
    # A null key makes the comparison null, which does not prove the order.
    return keys.num_rows < 2 or (not ordered.null_count and bool(compute.all(ordered).as_py()))
