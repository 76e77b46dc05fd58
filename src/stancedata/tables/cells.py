"""Check the values of tables, column by column, without a loop over rows.

What a column may hold is declared in the contract. `cell_problems` finds what no program could
handle (nulls, days outside the calendar, endless texts); `ill_formed` and `misdated` find values
that the reader of curated files would refuse. Texts may be dictionary-encoded.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.model.dates import DateError, StatedDate, is_retired
from stancedata.model.forms import BLANK, DATE, FORMS, MOST_BYTES, Form, code_form
from stancedata.problems import Place, Problem
from stancedata.tables.columns import SCHEMA_VERSION, Column, Table, array_of

if TYPE_CHECKING:
    import pyarrow as pa

IDS = ("id", "stance_id")
"""The forms of ids, which have a rule of their own: `id_form`."""
AGAIN = "export the dataset again"
_FILLED = Form(BLANK, "a text", "fill it in, or leave it null if the column allows that")
_DAY_0 = datetime.date(1970, 1, 1).toordinal()
_FIRST, _LAST = 1 - _DAY_0, datetime.date.max.toordinal() - _DAY_0
IllFormed = tuple[str, Form, list[int]]
"""A column, the form that it should have, and the rows that do not have it."""
Misdated = tuple[str, list[tuple[str, str]], list[int]]
"""A column with a date, and for each row with other days: what they are, and the text's own."""


def cell_problems(table: Table, data: pa.Table, path: Path) -> Iterator[Problem]:
    """Report missing values, days outside the calendar, and texts that are too long."""
    for column in [c for c in table.columns if c.name in data.schema.names]:
        values: Any = data.column(column.name)
        if not column.nullable and values.null_count:
            what = f"must have a value in every row, got rows without one; {AGAIN}"
        elif column.type == "date32" and _off_calendar(values):
            what = f"must be a day of the years 1 to 9999, got another; {AGAIN}"
        elif column.type == "string" and (size := _longest(values)) > MOST_BYTES:
            what = f"has a text that is too long, got {size:,} bytes; at most {MOST_BYTES:,}"
        else:
            continue
        yield Problem(Place(str(path)), column.name, what)


def _off_calendar(values: Any) -> bool:
    import pyarrow.compute as pc

    compute: Any = pc
    ends = compute.min_max(values.cast("int32")).as_py()
    return ends["min"] is not None and (ends["min"] < _FIRST or ends["max"] > _LAST)


def _longest(values: Any) -> int:
    import pyarrow.compute as pc

    compute: Any = pc
    found = (compute.max(compute.binary_length(texts)).as_py() for texts, _ in _texts(values))
    return max((size or 0 for size in found), default=0)


def form_problems(
    table: Table, data: pa.Table, path: Path, schema_version: str
) -> Iterator[Problem]:
    """Report the first value of each column that the reader of curated files would refuse."""
    for name, form, rows in ill_formed(table, data):
        got = f"is not {form.name}, got {data.column(name)[rows[0]].as_py()!r}"
        yield Problem(Place(str(path)), name, f"{got}, row {rows[0] + 1:,}; {form.hint}")
    for name, found, rows in misdated(table, data, schema_version):
        value, right = found[0]
        what = f"does not follow from the date {right}, got {value}, row {rows[0] + 1:,}; {AGAIN}"
        yield Problem(Place(str(path)), name, what)


def ill_formed(table: Table, data: pa.Table) -> Iterator[IllFormed]:
    """Find the values that do not have the form of their column."""
    for column in [c for c in table.columns if c.type == "string" and c.name in data.schema.names]:
        values = data.column(column.name)
        if rows := flagged(values, functools.partial(_matches, pattern=f"^{BLANK}$")):
            yield column.name, _FILLED, rows
        form = None if column.form in IDS else FORMS.get(column.form)
        if column.values:
            form = Form.one_of(f"a value of {column.name}", column.values)
        if form and (rows := flagged(values, functools.partial(differs, pattern=form.whole))):
            yield column.name, form, rows
    if table.name == "actor_codes":
        yield from _codes(data)


def _codes(data: pa.Table) -> Iterator[IllFormed]:
    """Find codes that their scheme does not have."""
    import pyarrow.compute as pc

    compute: Any = pc
    schemes, codes = (_decoded(data.column(name)) for name in ("scheme", "code"))
    for scheme in schemes.unique().to_pylist():
        if form := code_form(scheme):
            wrong = compute.and_(compute.equal(schemes, scheme), differs(codes, form.whole))
            if rows := compute.indices_nonzero(wrong).to_pylist():
                yield "code", form, rows


def dates_of(table: Table) -> Iterator[tuple[Column, str, str, str]]:
    """Yield each date of a curated table: its column, and those of its first and last day and kind.

    The last is empty if the table has none: the kind is that of the text.
    """
    names = {column.name for column in table.columns}
    for column in table.columns:
        if column.form == DATE and not table.derived:
            stem = column.name.removesuffix("_on")
            kinds = [name for name in (f"{stem}_kind", "date_kind") if name in names]
            yield column, f"{stem}_earliest", f"{stem}_latest", kinds[0] if kinds else ""


def misdated(
    table: Table, data: pa.Table, schema_version: str = SCHEMA_VERSION
) -> Iterator[Misdated]:
    """Find the dates whose days or kind are not those of their text.

    Args:
        table: The table.
        data: Its rows.
        schema_version: Version 1 also has dates such as `2021-10~`, whose days are given.
    """
    for column, first, last, kind in dates_of(table):
        names = [name for name in (column.name, first, last, kind) if name]
        own = kind == "date_kind"  # the coder's choice; elsewhere the kind is the text's default
        columns = [_decoded(data.column(name)) for name in names]
        wrong = _wrong_dates(columns, own, schema_version)
        if not wrong:
            continue
        rows = list(zip(*(values.to_pylist() for values in columns), strict=True))
        found = [(number, wrong[row]) for number, row in enumerate(rows) if row in wrong]
        yield column.name, [said for _, said in found], [number for number, _ in found]


def _wrong_dates(
    columns: list[Any], own: bool, schema_version: str
) -> dict[tuple[Any, ...], tuple[str, str]]:
    """Parse every distinct date once; most tables have few."""
    checked = (
        (row, _wrong_date(*row, own=own, version=schema_version)) for row in _distinct(columns)
    )
    return {row: wrong for row, wrong in checked if wrong is not None}


def _distinct(columns: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the distinct rows of columns, by the numbers of their values.

    Grouping a table would import pandas where it is installed.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = [values.combine_chunks().dictionary_encode() for values in columns]
    named = [dict(enumerate(part.dictionary.to_pylist())) for part in encoded]
    numbers = [array.indices.cast(pa.string()) for array in encoded]
    options = pc.JoinOptions(null_handling="replace", null_replacement="-1")
    by = array_of([" "], pa.string())[0]
    for row in pc.binary_join_element_wise(*numbers, by, options=options).unique().to_pylist():
        yield tuple(
            values.get(int(number)) for values, number in zip(named, row.split(" "), strict=True)
        )


def _wrong_date(
    text: str | None,
    first: datetime.date | None,
    last: datetime.date | None,
    kind: str | None = None,
    *,
    own: bool,
    version: str,
) -> tuple[str, str] | None:
    """Compare days and kind with those of the text; return both in words if they differ."""
    got = f"{first} to {last}" + (f", {kind}" if kind else "")
    if text is None:
        return None if first is last is None else (got, "that is missing")
    if version == "1" and is_retired(text):
        return None
    try:
        date = StatedDate.parse(text, kind if own else None)
    except DateError as error:
        return got, f"{text}, which {error}"
    right = (date.earliest, date.latest, date.kind if kind else kind)
    return None if (first, last, kind) == right else (got, text)


def flagged(values: Any, wrong: Callable[[Any], Any]) -> list[int]:
    """List the rows whose text is wrong, checking each value of a dictionary only once.

    Args:
        values: A column of texts.
        wrong: Flags the texts of an array that are wrong; None if there are none.
    """
    import pyarrow.compute as pc

    compute: Any = pc
    start, rows = 0, list[int]()
    for texts, indices in _texts(values):
        flags = wrong(texts)
        if flags is not None and compute.any(flags).as_py():
            flags = flags if indices is None else flags.take(indices)
            # Null flags select nothing; `fill_null` would import pandas where it is installed.
            found = compute.indices_nonzero(flags).to_pylist()
            rows += [start + number for number in found]
        start += len(texts if indices is None else indices)
    return rows


def _texts(values: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the texts of each chunk, and the indices into them if it is dictionary-encoded."""
    import pyarrow as pa

    for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        if isinstance(chunk, pa.DictionaryArray):
            yield chunk.dictionary, chunk.indices
        else:
            yield chunk, None


def _decoded(values: Any) -> Any:
    import pyarrow as pa

    return values.cast(pa.string()) if pa.types.is_dictionary(values.type) else values


def _matches(texts: Any, pattern: str) -> Any:
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.match_substring_regex(texts, pattern)


def differs(texts: Any, pattern: str) -> Any:
    """Flag texts in which a pattern is not found."""
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.invert(_matches(texts, pattern))
