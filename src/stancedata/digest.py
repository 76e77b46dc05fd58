"""The digest of a dataset: of its content, whatever file, chunking or library carries it.

For each table in the order of the contract, and each of its columns in that order (those that
the release's schema version has), rows sorted by key: the names, the number of rows, which values are null, and the values: whole numbers and
days as four little-endian bytes, booleans as one, texts as their lengths and then their UTF-8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stancedata.contract import TABLES
from stancedata.schemas import SCHEMA_VERSION, Column, Table
from stancedata.tables import sort

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
    hasher = hashlib.sha256()
    wanted = [t for t in TABLES if (t.name in names if names else not t.derived)]
    for table in wanted:
        if columns := table.columns_of(schema_version):
            for part in _table_parts(table, columns, tables[table.name]):
                hasher.update(part)
    return hasher.hexdigest()


def _table_parts(table: Table, columns: tuple[Column, ...], data: pa.Table) -> list[bytes]:
    data = sort(table, data).combine_chunks()
    parts = [f"{table.name}\n{data.num_rows}\n".encode()]
    for column in columns:
        parts.append(f"{column.name}\n{column.type}\n".encode())
        parts += _column_parts(data.column(column.name), column.type)
    return parts


def _column_parts(values: Any, kind: str) -> list[bytes]:
    import pyarrow as pa
    import pyarrow.compute as pc

    # Any stands for arrays: what is known of their types ends at computed columns.
    compute: Any = pc
    nulls = _fixed(compute.cast(compute.is_null(values), pa.int8()), 1)
    if kind == "string":
        filled = compute.fill_null(values, "")
        lengths = compute.cast(compute.binary_length(filled), pa.int32())
        return [nulls, _fixed(lengths, 4), _text(filled)]
    if kind == "bool":
        return [nulls, _fixed(compute.cast(compute.fill_null(values, False), pa.int8()), 1)]
    return [nulls, _fixed(compute.fill_null(compute.cast(values, pa.int32()), 0), 4)]


def _fixed(values: Any, width: int) -> bytes:
    """The values' bytes, read from the buffers: `to_numpy` would import pandas."""
    return b"".join(
        bytes(memoryview(c.buffers()[1])[c.offset * width : (c.offset + len(c)) * width])
        for c in values.chunks
        if len(c)
    )


def _text(values: Any) -> bytes:
    import pyarrow as pa

    return b"".join(_characters(chunk.cast(pa.large_string())) for chunk in values.chunks)


def _characters(chunk: Any) -> bytes:
    if not len(chunk):
        return b""
    _, offsets, data = chunk.buffers()
    ends = memoryview(offsets).cast("B").cast("q")
    start, end = ends[chunk.offset], ends[chunk.offset + len(chunk)]
    return bytes(memoryview(data)[start:end]) if data is not None else b""
