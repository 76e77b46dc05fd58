"""Read a Parquet file by row groups and validate each before it is returned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.problems import InvalidDataError, Problem
from stancedata.tables import parquet
from stancedata.tables.cells import cell_problems
from stancedata.tables.contract import BY_NAME
from stancedata.tables.parquet import (
    TableFile,
    read_column,
    refusing,
    stated_size,
    texts_of,
    too_large,
)

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

Report = Callable[[TableFile, Sequence[Problem]], None]
"""Receives the problems of a file or row group that is skipped."""


def groups(
    file: TableFile, report: Report, columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """Yield the sound row groups of a file, with dictionary-encoded texts.

    Args:
        file: The file, whose columns match the contract.
        report: Receives the problems of broken row groups.
        columns: The columns to read; all by default.
    """
    try:
        opened = file.open(read_dictionary=texts_of(file))
    except InvalidDataError as error:
        report(file, error.problems)
        return
    for number in range(opened.metadata.num_row_groups):
        try:
            yield group(file, opened, number, columns or BY_NAME[file.table.name].schema.names)
        except InvalidDataError as error:
            report(file, error.problems)


def group(
    file: TableFile, opened: pq.ParquetFile, number: int, wanted: Sequence[str], what: str = ""
) -> pa.Table:
    """Read and validate a row group, with dictionary-encoded texts.

    Args:
        file: The file.
        opened: The same file, opened to read texts as dictionaries.
        number: The index of the row group.
        wanted: The columns to read.
        what: Replaces the default message for a row group that cannot be read.

    Raises:
        InvalidDataError: If it is broken or too large, or has a null in a required column.
    """
    import pyarrow as pa

    what = what or f"row group {number} of {opened.metadata.num_row_groups} cannot be read"
    most = parquet.MOST_BYTES
    with refusing(file.path, what):
        size = stated_size(opened.metadata, number)
        if size > most:
            raise too_large(file.path, f"row group {number}", size, most)
        columns: dict[str, Any] = {}
        size = 0
        for name in [name for name in wanted if name in file.columns]:
            column, more = read_column(file, opened, name, most - size, number)
            size += more
            columns[name] = _as_string(column)
        rows = opened.metadata.row_group(number).num_rows
        for name in [name for name in wanted if name in file.values]:
            whole = pa.repeat(pa.scalar(file.values[name], pa.string()), rows)
            columns[name] = pa.chunked_array([whole.dictionary_encode()])
        for field in BY_NAME[file.table.name].schema:
            if field.name in wanted and field.name not in columns:
                columns[field.name] = pa.nulls(rows, field.type)
        found = pa.table({name: columns[name] for name in wanted})
    if problems := list(cell_problems(file.table, found, file.path)):
        raise InvalidDataError(problems)
    return found


def _as_string(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """Cast texts of other layouts to the contract's `string`, keeping dictionaries."""
    import pyarrow as pa

    kind = column.type
    if isinstance(kind, pa.DictionaryType) and kind.value_type != pa.string():
        return column.cast(pa.dictionary(kind.index_type, pa.string()))
    other = pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    return column.cast(pa.string()) if other else column
