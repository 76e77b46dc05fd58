"""Convert values that an output format cannot hold to text, as DuckDB prints them."""

from __future__ import annotations

import decimal
import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from stancedata.problems import StancedataError
from stancedata.questions.result import arrow_of

if TYPE_CHECKING:
    import pyarrow as pa


def as_texts(data: pa.Table, style: str) -> pa.Table:
    """Convert the columns of a table that cannot be printed to text.

    Lists, structs, intervals, bytes, and dates and times out of Python's range become text:
    `[1, 2]`, `3 months`, `infinity`. JSON keeps lists and structs.
    """
    data = arrow_of(data)
    data = type(data).from_arrays([_decoded(c) for c in data.columns], names=data.column_names)
    numbers = [n for n, column in enumerate(data.columns) if not _fits(column, style == "json")]
    if not numbers:
        return data
    texts = _written(data.select(numbers))
    for number, text in zip(numbers, texts.columns, strict=True):
        data = data.set_column(number, data.column_names[number], text)
    return data


def _decoded(column: Any) -> Any:
    """Cast a binary column to text if all values are valid UTF-8; return others unchanged."""
    import pyarrow as pa

    if not any(is_(column.type) for is_ in (pa.types.is_binary, pa.types.is_large_binary)):
        return column
    try:
        return column.cast(pa.large_string())
    except pa.ArrowInvalid:
        return column


def _fits(column: Any, nested: bool) -> bool:
    """Whether the values of a column can be printed without a conversion."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    is_nested = pa.types.is_nested(column.type)
    if (is_nested and not nested) or any(map(_is_foreign, _leaves(column.type))):
        return False
    try:
        if is_nested:
            column.to_pylist()
        elif pa.types.is_temporal(column.type):
            compute.min_max(column).as_py()
    except (OverflowError, ValueError):  # infinite, or beyond the years 1 to 9999
        return False
    return True


def _leaves(kind: Any) -> Iterator[Any]:
    """Iterate over the primitive types in a type: a type itself, or those of a list or struct."""
    import pyarrow as pa

    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        for number in range(kind.num_fields):
            yield from _leaves(kind.field(number).type)
    else:
        yield kind


def _is_foreign(kind: Any) -> bool:
    """Whether no output format supports a type; times too, since Python reads 24:00 as 00:00."""
    import pyarrow as pa

    types: Any = pa.types
    bytes_ = (types.is_binary, types.is_large_binary, types.is_binary_view)
    others = (types.is_union, types.is_interval, types.is_time)
    return isinstance(kind, pa.BaseExtensionType) or any(is_(kind) for is_ in (*bytes_, *others))


def _written(data: pa.Table) -> pa.Table:
    """Cast every column to text in DuckDB, renamed by number: its names ignore case."""
    import duckdb

    from stancedata.engines.duckdb import DuckDBEngine

    names = [f"c{number}" for number in range(data.num_columns)]
    cast = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in names)
    try:
        return DuckDBEngine().query(f"SELECT {cast} FROM answer", answer=data.rename_columns(names))
    except duckdb.Error as error:
        kinds = ", ".join(f"{field.name} {field.type}" for field in data.schema)
        reason = str(error).splitlines()[0]
        raise StancedataError(
            f"the answer cannot be printed, got {kinds} ({reason}); cast it to VARCHAR in the query"
        ) from None


def to_json(data: pa.Table) -> str:
    """Serialize rows as one JSON array; NaN, Infinity and -Infinity become strings."""
    rows = as_texts(data, "json").to_pylist()
    try:
        return _dumped(rows)
    except ValueError:
        return _dumped(_finite(rows))


def _dumped(rows: Any) -> str:
    return json.dumps(rows, default=_plain, ensure_ascii=False, indent=1, allow_nan=False)


def _plain(value: Any) -> Any:
    """Return a value that JSON lacks as a text; a sum of whole numbers is one."""
    if isinstance(value, decimal.Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    return str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
