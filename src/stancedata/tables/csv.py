"""Write tables as CSV in UTF-8: a header, empty nulls, quoted texts, ISO dates, no formulas.

A spreadsheet treats a cell as a formula if it begins with = + - @, a tab, a carriage return or a
full-width ＝ ＋ － ＠, even when quoted. Since the texts come from untrusted documents, such a text is
prefixed with an apostrophe, which marks it as text, and so is one with apostrophes before the sign.
Other types are unchanged, so -1 stays a number; Parquet files and CSV that is `plain` have the
original values.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.tables.columns import Table, array_of

if TYPE_CHECKING:
    import pyarrow as pa

SIGNS = "=+-@\t\r＝＋－＠"
"""First characters of a formula; some spreadsheets accept the full-width ones too."""
_MOST_ROW = 1 << 26
"""The most bytes of a row that is read; PyArrow's own limit is a megabyte."""
# An alternation, since Arrow matches bytes, not characters, in a binary column.
_SIGN = "(?:" + "|".join(re.escape(sign) for sign in SIGNS) + ")"
# Apostrophes too, so that what was not guarded is known again when it is read.
_BEGINS = f"^'*{_SIGN}"
_FIRST_BYTES = sorted({sign.encode()[0] for sign in SIGNS + "'"})


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
    import pyarrow as pa
    import pyarrow.csv

    path = folder / f"{table.name}.csv"
    prepared = _as_it_is if plain else guarded
    schema = prepared(table.schema.empty_table()).schema
    # Arrow's own file, since one of Python's is given a copy of everything that is written to it.
    file: Any = pa.OSFile
    with file(os.fsencode(path), "wb") as stream:
        stream.write(codecs.BOM_UTF8 if bom else b"")
        with pyarrow.csv.CSVWriter(stream, schema) as writer:
            for rows in batches:
                writer.write_table(prepared(rows.select(table.schema.names)).cast(schema))
    return [path]


def read(table: Table, path: Path) -> pa.Table:
    """Read a file that `write` has written, without the apostrophes that guard spreadsheets.

    A null is an empty field, and an empty text a quoted one. In a file that is `plain`, a text that
    begins with apostrophes before a sign loses the first of them.

    Raises:
        pyarrow.ArrowInvalid: If it is not such a file.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv

    found = pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(block_size=_MOST_ROW),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={field.name: field.type for field in table.schema},
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    compute: Any = pc
    columns: dict[str, Any] = {
        name: compute.replace_substring_regex(found.column(name), f"^'('*{_SIGN})", r"\1")
        if pa.types.is_string(found.column(name).type)
        else found.column(name)
        for name in found.column_names
    }
    return pa.table(columns)


def _as_it_is(data: pa.Table) -> pa.Table:
    return _without_empty_chunks(data)


def _without_empty_chunks(data: pa.Table) -> pa.Table:
    """Leave out empty chunks: if the first is one, pyarrow before 22 writes the header twice."""
    parts = [part for part in data.to_batches() if part.num_rows]
    return type(data).from_batches(parts, data.schema)


def guarded(data: pa.Table) -> pa.Table:
    """Make a table safe to open in a spreadsheet once it is written as CSV.

    Prefix texts that begin with one of `SIGNS`, or with apostrophes and a sign, with an apostrophe,
    and column names too, since a query can choose any. Other values are unchanged: a negative
    number is not a formula.
    """
    columns = [_guarded(column) for column in data.columns]
    names = ["'" + name if re.match(_BEGINS, name) else name for name in data.column_names]
    return _without_empty_chunks(type(data).from_arrays(columns, names=names))


def _guarded(values: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc  # the type stubs do not cover these functions
    kind = values.type
    if pa.types.is_dictionary(kind):  # a DuckDB ENUM
        values = values.cast(kind.value_type)
    if pa.types.is_string_view(values.type):
        values = values.cast(pa.string())
    if not _is_text(values.type) or not any(map(_may_begin_with_a_sign, values.chunks)):
        return values
    apostrophe, nothing = (pa.scalar(text, values.type) for text in ("'", ""))
    before = compute.binary_join_element_wise(apostrophe, values, nothing)
    return compute.if_else(compute.match_substring_regex(values, _BEGINS), before, values)


def _may_begin_with_a_sign(texts: Any) -> bool:
    """Return whether a text may begin with one of `SIGNS`, or ', by the first bytes alone.

    That takes a tenth of the time of the pattern. Where a text is empty, the byte is another one's.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    _, ends, data = texts.buffers()
    if not len(texts) or data is None or not data.size:
        return False
    compute: Any = pc
    kind = pa.int64() if str(texts.type).startswith("large_") else pa.int32()
    starts: Any = pa.Array.from_buffers(kind, len(texts), [None, ends], offset=texts.offset)
    if starts[-1].as_py() == data.size:  # empty texts at the end
        starts = compute.min_element_wise(starts, array_of([data.size - 1], kind)[0])
    found: Any = pa.Array.from_buffers(pa.uint8(), data.size, [None, data]).take(starts)
    first = found.buffers()[1].to_pybytes()  # C searches it ten times as fast as Arrow compares it
    return any(byte in first for byte in _FIRST_BYTES)


def _is_text(kind: Any) -> bool:
    """Return whether CSV writes a type as text; binary values are written as they are."""
    import pyarrow as pa

    types = pa.types
    texts = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    return any(is_kind(kind) for is_kind in texts)
