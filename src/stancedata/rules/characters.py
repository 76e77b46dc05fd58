"""Check characters, forms and dates in Arrow columns: rules that cannot be written in SQL portably.

`text_form`: texts are in Unicode NFC and contain only characters that readers see; see `unseen`.
`id_form`: ids are words of lower-case ASCII letters and digits, joined by hyphens, so that
look-alike letters cannot be confused; the id of a stance ends in `#s` and at least two digits.
`value_form`: a value has the form that the contract declares for its column (`as address`).
`date_days`: the first and last day of a date, and its kind, are those of its text.
The reader of curated files refuses what breaks the last two before any rule is checked.
`future_day`: nothing was published, stated, read or coded after today.
"""

from __future__ import annotations

import datetime
import functools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.model.forms import FORMS
from stancedata.rules.unseen import UNSEEN, has_unseen
from stancedata.tables.cells import IDS, differs, flagged, ill_formed, misdated
from stancedata.tables.columns import SCHEMA_VERSION, Table, array_of, owner
from stancedata.tables.contract import TABLES, WAIVERS

if TYPE_CHECKING:
    import pyarrow as pa

Offender = dict[str, Any]
FUTURE = "future_day"
"""The rule whose answer depends on the day on which it is asked."""
OF_TABLES = ("value_form", "date_days")
"""The rules that only tables from elsewhere can break."""
RULES = ("text_form", "id_form", FUTURE, *OF_TABLES)
PASSED = datetime.date(2026, 11, 30)
"""A day that has passed: a clock that shows an earlier one is wrong."""
SAYS = {
    "text_form": "Texts are in Unicode NFC, without invisible characters.",
    "id_form": "An id is lower-case ASCII letters and digits, in words joined by hyphens.",
    "future_day": "Nothing was published, stated, read or coded after today.",
    "value_form": "A value has the form of its column: an address, a digest, a code of its scheme.",
    "date_days": "The first day, the last day and the kind of a date are those of its text.",
}
MESSAGES = {
    "text_form": "contains an invisible or non-NFC character, got {value}; type it again",
    "id_form": "is not an id, got {value}; write lower-case letters and digits, in words joined "
    "by hyphens",
    "future_day": "is later than today, got {value}; correct it, or the clock of this machine",
    "value_form": "is not {other}, got {value}",
    "date_days": "does not follow from the date {other}, got {value}; export the dataset again",
}


def offenders(
    tables: Mapping[str, pa.Table],
    names: Iterable[str] | None = None,
    schema_version: str = SCHEMA_VERSION,
    of_tables: bool = True,
) -> Iterator[tuple[str, Offender]]:
    """Find records that break a rule about characters, forms or dates.

    Args:
        tables: Curated tables, by name; texts may be dictionary-encoded.
        names: The tables to check; by default all of them.
        schema_version: The schema version of the data.
        of_tables: Whether to check the rules that only tables from elsewhere can break.

    Yields:
        Names of rules, each with an offender.
    """
    asked = set(tables if names is None else names)
    for table in TABLES:
        if table.name in asked and not table.derived:
            yield from _ids(table, tables)
            yield from _texts(table, tables)
            yield from _future(table, tables)
            if of_tables:
                yield from _forms(table, tables)
                yield from _dates(table, tables, schema_version)


def kind_of(tables: Mapping[str, pa.Table], record_id: str) -> str:
    """Look up the kind of a record by its id; ids of blind codings begin with the coder's name."""
    if "#" in record_id:
        return "blind" if "/" in record_id else "stance"
    for kind in ("actor", "event"):
        ids = tables.get(f"{kind}s")
        if ids is not None and record_id in ids.column(f"{kind}_id").to_pylist():
            return kind
    return "document"


def _ids(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    """Find malformed ids; those that refer to other records are checked by other rules."""
    for column in [c for c in table.columns if c.form in IDS and c.name == table.key[0]]:
        if {*table.key} == {*owner(table)[1]}:
            data = tables[table.name]
            wrong = functools.partial(differs, pattern=FORMS[column.form].whole)
            for row in _rows_of(data, flagged(data.column(column.name), wrong)):
                yield "id_form", _offender(tables, table, row, "", row[column.name])


def _texts(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    data = tables[table.name]
    for column in table.columns:
        if column.type == "string":
            for row in _rows_of(data, flagged(data.column(column.name), _unfit)):
                yield "text_form", _offender(tables, table, row, column.name, row[column.name])


def _forms(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    data = tables[table.name]
    for name, form, numbers in ill_formed(table, data):
        for row in _rows_of(data, numbers):
            found = _offender(tables, table, row, name, row[name])
            value = f"{found['value']}; {form.hint}"
            yield "value_form", {**found, "value": value, "other": form.name}


def _dates(
    table: Table, tables: Mapping[str, pa.Table], schema_version: str
) -> Iterator[tuple[str, Offender]]:
    data = tables[table.name]
    for name, said, numbers in misdated(table, data, schema_version):
        for (value, date), row in zip(said, _rows_of(data, numbers), strict=True):
            found = _offender(tables, table, row, name, value)
            yield "date_days", {**found, "value": value, "other": date}


# What has happened once it is written down; events, roles, names and codes may be known before.
_HAPPENED = {
    "documents": ("published_earliest", "retrieved_on", "coded_date"), "codings": ("coded_date",),
    "coverage": ("covers_from", "covers_to"), "stances": ("stated_earliest",), "conditions": ("status_earliest",),
}  # fmt: skip


def is_future(day: datetime.date) -> bool:
    """Return whether a day has not begun anywhere on earth."""
    return day > max(datetime.date.today(), PASSED) + datetime.timedelta(1)


def _future(table: Table, tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, Offender]]:
    """Find days after today in which something is said to have happened."""
    import pyarrow.compute as pc

    compute: Any = pc
    data = tables[table.name]
    for name in _HAPPENED.get(table.name.removeprefix("second_"), ()):
        days = data.column(name)
        last = compute.max(days).as_py() if len(days) else None
        if last is None or not is_future(last):
            continue
        field = name.replace("_earliest", "_on")
        numbers = [number for number, day in enumerate(days.to_pylist()) if day and is_future(day)]
        for row in _rows_of(data, numbers):
            yield FUTURE, {**_offender(tables, table, row, field, ""), "value": str(row[field])}


def _rows_of(data: pa.Table, numbers: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Yield rows of a table by their numbers."""
    for number in numbers:
        yield data.slice(number, 1).to_pylist()[0]


def _unfit(values: Any) -> Any:
    """Flag texts with invisible or non-NFC characters; None if there are none.

    Most texts are printable ASCII, which a scan of the bytes shows; only the others are searched.
    Python checks for NFC, because pyarrow 18 normalizes some letters wrongly.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    if _is_simple(values):
        return None
    # Null flags select nothing; `fill_null` would import pandas where it is installed.
    unique = compute.unique(values.filter(compute.invert(compute.ascii_is_printable(values))))
    suspects = unique.filter(compute.match_substring_regex(unique, UNSEEN)).to_pylist()
    loose = [t for t in unique.to_pylist() if not unicodedata.is_normalized("NFC", t)]
    wrong = array_of(sorted({*filter(has_unseen, suspects), *loose}), pa.string())
    return compute.is_in(values, value_set=wrong) if len(wrong) else None


def is_unfit(text: str) -> bool:
    """Return whether a text has invisible or non-NFC characters."""
    return has_unseen(text) or not unicodedata.is_normalized("NFC", text)


def _is_simple(values: Any) -> bool:
    """Whether all bytes are printable ASCII characters."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    _, offsets, data = values.buffers()
    if data is None or not len(values):
        return True
    whole = memoryview(offsets).cast("B")
    ends = whole.cast("q") if pa.types.is_large_string(values.type) else whole.cast("i")
    start, end = ends[values.offset], ends[values.offset + len(values)]
    codes = pa.Array.from_buffers(pa.uint8(), end - start, [None, data.slice(start)])
    found = compute.min_max(codes).as_py()
    return start == end or bool(found["min"] >= 0x20 and found["max"] <= 0x7E)


def _offender(
    tables: Mapping[str, pa.Table], table: Table, row: dict[str, Any], field: str, value: str
) -> Offender:
    """Make the offender for a row of a table: its record, the field there, and the value."""
    kind, columns = owner(table)
    record_id = "/".join(row[name] for name in columns) if columns else kind
    if table.name in WAIVERS:
        record_id = row["record_id"]
        kind = kind_of(tables, record_id)
    elif kind == "second_coding":
        kind = "blind"
    return {
        "kind": kind, "record_id": record_id, "field": _path(table, row, field),
        "value": ascii(value), "other": table.name,
    }  # fmt: skip


def _path(table: Table, row: dict[str, Any], name: str) -> str:
    """Return the path of a column in the curated file: `conditions[0].condition`."""
    listed = table.name.removeprefix("second_")
    field = _WRITTEN.get(f"{listed}.{name}") or _WRITTEN.get(name, name)
    number = row.get("number", row.get("position"))
    if listed in WAIVERS:
        return f"exemptions.{row['rule']}.{field}"
    if listed in _RECORDS or number is None:
        return field
    within = f"issues.{row['issue_id']}." if listed in ("levels", "aspects") else ""
    item = f"{within}{_LISTED.get(listed, listed)}[{number - 1}]"
    return f"{item}.{field}" if field and field not in _ITEMS.get(listed, ()) else item


_RECORDS = ("actors", "events", "documents", "coverage", "stances", "codings")
# Lists of curated files whose name is not that of their table.
_LISTED = {"actor_names": "names", "actor_codes": "codes", "document_authors": "authors",
           "ascribers": "attributed_by", "stance_aspects": "aspects", "silent_speakers": "silent"}  # fmt: skip
# Columns that are the item of a list itself, not a key of it.
_ITEMS = {"holders": ("actor_id", "role"), "stance_aspects": ("aspect",), "ascribers": ("actor_id",),
          "document_authors": ("actor_id",), "silent_speakers": ("actor_id",), "vocabulary": ("field",)}  # fmt: skip
# Columns whose field in curated files has another name.
_WRITTEN = {"level_name": "level", "issue_id": "issue", "speaker_id": "speaker", "document_id": "document",
            "target_id": "target", "attributed_by_id": "attributed_by", "event_id": "event",
            "of_actor_id": "of", "status_document_id": "status_document", "published_id": "published", "issues.issue_id": "id",
            "levels.level_name": "name", "aspects.aspect": "name", "coders.coder": "id"}  # fmt: skip
