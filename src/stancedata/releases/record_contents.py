"""Convert between tables and the contents of records, the form in which the history stores them.

A record is an actor, event, document, stance, blind coding or the codebook. Its content is its rows
by table, as canonical JSON: sorted keys, no white space, ISO dates, no nulls, no derived columns.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.model.documents import origins_of
from stancedata.tables.columns import Table, array_of, owner, sort, table_of
from stancedata.tables.contract import TABLES, WAIVERS

if TYPE_CHECKING:
    import pyarrow as pa

Key = tuple[str, str]
"""Kind and id of a record."""
Rows = dict[str, list[dict[str, Any]]]
"""Rows of one record by table, with JSON values."""
CODEBOOK: Key = ("codebook", "codebook")
KINDS = (
    "codebook",
    "actor",
    "event",
    "document",
    "stance",
    "second_coding",
    "coding",
    "coverage",
)
CURATED = tuple(table for table in TABLES if not table.derived)


def rows_of(tables: Mapping[str, pa.Table]) -> dict[Key, Rows]:
    """Group the rows of the curated tables by record."""
    found: defaultdict[Key, Rows] = defaultdict(dict)
    found[CODEBOOK] = {}
    for table in CURATED:
        for key, row in _owned(table, tables[table.name], found):
            found[key].setdefault(table.name, []).append(row)
    return dict(found)


def _owned(
    table: Table, data: pa.Table, known: Mapping[Key, Rows]
) -> Iterator[tuple[Key, dict[str, Any]]]:
    kind, columns = owner(table)
    for row in _with_texts(data.drop_columns(list(table.follows))).to_pylist():
        kept = {name: value for name, value in row.items() if value is not None}
        if table.name in WAIVERS:
            yield exempted(row["record_id"], known), kept
        else:
            record_id = "/".join(row[name] for name in columns) if columns else kind
            yield (kind, record_id), kept


def _with_texts(data: pa.Table) -> pa.Table:
    """Write days as ISO texts, which is much faster by column than by value."""
    import pyarrow as pa

    text, day = pa.string(), pa.date32()
    fields = (field.with_type(text) if field.type == day else field for field in data.schema)
    return data.cast(pa.schema(fields))


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Convert a row to JSON values: dates to ISO texts, nulls left out."""
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value
        for name, value in row.items()
        if value is not None
    }


def exempted(record_id: str, known: Container[Key]) -> Key:
    """Find the record that is exempt; ids of stances and blind codings reveal their kind."""
    kinds = ("second_coding",) if "/" in record_id else ("stance",) if "#" in record_id else KINDS
    return next(((k, record_id) for k in kinds if (k, record_id) in known), ("document", record_id))


def tables_of(records: Iterable[Rows]) -> dict[str, pa.Table]:
    """Build the curated tables from records: the inverse of `rows_of`."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        for name, some in record.items():
            rows[name] += some
    for table in CURATED:
        for row in rows[table.name] if table.follows else ():
            row.update(dict.fromkeys(table.follows, ""))  # derived below, once all rows are known
    # Rows take more memory than the table that is made of them, after which they are not needed.
    return {t.name: with_origins(t, arrow(t, rows.pop(t.name, []))) for t in CURATED}


def with_origins(table: Table, data: pa.Table) -> pa.Table:
    """Fill `origin_id` of documents, the first of the chain of copies; return others unchanged."""
    import pyarrow as pa

    if table.name != "documents":
        return data
    columns = (data.column(name).to_pylist() for name in ("document_id", "derived_from"))
    origins = origins_of(dict(zip(*columns, strict=True)))
    index = data.schema.get_field_index("origin_id")
    return data.set_column(index, data.schema.field(index), array_of(origins.values(), pa.string()))


def arrow(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Build a table, sorted by its key, from rows with JSON values."""
    return sort(table, table_of(rows, table.schema))


def is_content(value: object) -> bool:
    """Whether a value is valid content: tables, columns and types are those of the contract."""
    if not isinstance(value, dict) or not set(value) <= set(_COLUMNS):
        return False
    return all(
        isinstance(rows, list) and all(_is_row(row, _COLUMNS[name]) for row in rows)
        for name, rows in value.items()
    )


def _is_row(row: object, columns: _Columns) -> bool:
    if not isinstance(row, dict) or not columns.required <= row.keys():
        return False
    # Lists of types are compared in a fraction of the time that a test of each of many cells takes.
    if list(map(type, row.values())) != list(map(columns.types.get, row)):
        return False
    return all(fits(row[name]) for name, fits in columns.fits.items() if name in row)


def _is_number(value: int) -> bool:
    return -(2**31) <= value < 2**31


def _is_day(value: str) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@attrs.frozen
class _Columns:
    """The columns of a table.

    Attributes:
        required: Those that no row lacks.
        types: The type of the JSON values of each.
        fits: Which of these values are valid, for columns where not all are.
    """

    required: frozenset[str]
    types: dict[str, type]
    fits: dict[str, Callable[[Any], bool]]

    @classmethod
    def of(cls, table: Table) -> _Columns:
        columns = [column for column in table.columns if column.name not in table.follows]
        required = frozenset(column.name for column in columns if not column.nullable)
        types = {column.name: _TYPES[column.type] for column in columns}
        return cls(required, types, {c.name: _FITS[c.type] for c in columns if c.type in _FITS})


_TYPES: dict[str, type] = {"string": str, "int32": int, "bool": bool, "date32": str}
_FITS: dict[str, Callable[[Any], bool]] = {"int32": _is_number, "date32": _is_day}
_COLUMNS = {table.name: _Columns.of(table) for table in CURATED}
