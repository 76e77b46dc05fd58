"""Write tables as CSV in UTF-8: a header, empty nulls, quoted texts, ISO dates, no formulas.

A spreadsheet treats a cell as a formula if it begins with = + - @, a tab, a carriage return or a
full-width ＝ ＋ － ＠, even when quoted. Since the texts come from untrusted documents, such a text is
prefixed with an apostrophe, which marks it as text. Other types are unchanged, so -1 stays a number;
Parquet files and CSV that is `plain` have the original values.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.tables.columns import Table

if TYPE_CHECKING:
    import pyarrow as pa

SIGNS = "=+-@\t\r＝＋－＠"
"""First characters of a formula; some spreadsheets accept the full-width ones too."""
# An alternation, since Arrow matches bytes, not characters, in a binary column.
_BEGINS = "^(?:" + "|".join(re.escape(sign) for sign in SIGNS) + ")"


def write(
    table: Table,
    batches: Iterable[pa.Table],
    folder: Path,
    bom: bool = False,
    plain: bool = False,
) -> list[Path]:
    """Write a table to one file named after it.

    Args:
        table: The table.
        batches: Its rows.
        folder: The folder of the file.
        bom: Whether the file begins with a byte order mark, without which Excel takes the texts for
            a national encoding.
        plain: Whether texts are written as they are, for programs; a spreadsheet would run formulas.
    """
    import pyarrow.csv

    path = folder / f"{table.name}.csv"
    prepared = _as_it_is if plain else guarded
    schema = prepared(table.schema.empty_table()).schema
    with path.open("wb") as stream:
        stream.write(codecs.BOM_UTF8 if bom else b"")
        with pyarrow.csv.CSVWriter(stream, schema) as writer:
            for rows in batches:
                writer.write_table(prepared(rows.select(table.schema.names)).cast(schema))
    return [path]


def _as_it_is(data: pa.Table) -> pa.Table:
    return data.combine_chunks()


def guarded(data: pa.Table) -> pa.Table:
    """Make a table safe to open in a spreadsheet once it is written as CSV.

    Prefix texts that begin with one of `SIGNS` with an apostrophe, and column names too, since a
    query can choose any. Other values are unchanged: a negative number is not a formula.
    """
    columns = [_guarded(column) for column in data.columns]
    names = ["'" + name if name.startswith(tuple(SIGNS)) else name for name in data.column_names]
    # If the first chunk is empty, pyarrow before 22 writes the header twice.
    return type(data).from_arrays(columns, names=names).combine_chunks()


def _guarded(values: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc  # the type stubs do not cover these functions
    kind = values.type
    if pa.types.is_dictionary(kind):  # a DuckDB ENUM
        values = values.cast(kind.value_type)
    if pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    if not _is_text(values.type):
        return values
    apostrophe, nothing = (pa.scalar(text, values.type) for text in ("'", ""))
    before = compute.binary_join_element_wise(apostrophe, values, nothing)
    return compute.if_else(compute.match_substring_regex(values, _BEGINS), before, values)


def _is_text(kind: Any) -> bool:
    """Return whether CSV writes a type as text; binary values are written as they are."""
    import pyarrow as pa

    types = pa.types
    texts = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(is_kind(kind) for is_kind in texts)
