"""CSV in UTF-8 with a header: nulls are empty, texts in quotation marks, days as ISO dates.

Spreadsheets take a cell for a formula by its first character, quotation marks or not. Quoted words
come from documents that other people wrote, so that any text may begin with = + - @, a tab, a
carriage return or a full-width ＝ ＋ － ＠: an apostrophe before it says that the rest is text.
Columns of other types have none, so that -1 stays a number. Parquet has the values as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.tables.columns import Table
from stancedata.tables.manifest import Identity

if TYPE_CHECKING:
    import pyarrow as pa

SIGNS = "=+-@\t\r＝＋－＠"
"""First characters of what is run; some spreadsheets take the full-width ones alike."""
# An alternation, since Arrow reads bytes, not characters, where a column is binary.
_BEGINS = "^(?:" + "|".join(re.escape(sign) for sign in SIGNS) + ")"


def write(
    table: Table,
    batches: Iterable[pa.Table],
    folder: Path,
    identify: Callable[[], Identity],
    partition_by: str = "",
) -> list[Path]:
    """Write one table to one file, which is named after it; CSV is not cut, and has no footer."""
    import pyarrow.csv

    path = folder / f"{table.name}.csv"
    schema = guarded(table.schema.empty_table()).schema
    with pyarrow.csv.CSVWriter(path, schema) as writer:
        for rows in batches:
            writer.write_table(guarded(rows).cast(schema))
    return [path]


def guarded(data: pa.Table) -> pa.Table:
    """A table that is safe to open in a spreadsheet once it is written as CSV.

    Texts that begin with one of `SIGNS` have an apostrophe before them, and so have names of
    columns, which are cells too and in SQL anybody's choice. Everything else is as it was: a
    negative number in a column of numbers is no formula.
    """
    columns = [_guarded(column) for column in data.columns]
    names = ["'" + name if name.startswith(tuple(SIGNS)) else name for name in data.column_names]
    # Where the first chunk has no rows, pyarrow before 22 writes the header twice.
    return type(data).from_arrays(columns, names=names).combine_chunks()


def _guarded(values: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    # Any stands for arrays: what is known of their types ends at computed columns.
    compute: Any = pc
    kind = values.type
    if pa.types.is_dictionary(kind):  # an ENUM of DuckDB
        values = values.cast(kind.value_type)
    if pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    if not _is_text(values.type):
        return values
    apostrophe, nothing = (pa.scalar(text, values.type) for text in ("'", ""))
    before = compute.binary_join_element_wise(apostrophe, values, nothing)
    return compute.if_else(compute.match_substring_regex(values, _BEGINS), before, values)


def _is_text(kind: Any) -> bool:
    """Whether CSV has values of a type as texts; bytes are written as the texts that they are."""
    import pyarrow as pa

    types = pa.types
    texts = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(is_kind(kind) for is_kind in texts)
