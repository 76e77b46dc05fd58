"""Convert the objects of `stancedata.model` to the curated tables, sorted by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from stancedata.model import Actor, Codebook, Content, Document, Event, Issue, Stance, Term
from stancedata.model.documents import origins_of
from stancedata.tables.columns import SCHEMA_VERSION, Column, Table, sort
from stancedata.tables.contract import BY_NAME, TABLES, tables_of

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Rows = Iterator[tuple[str, Row]]
"""Rows, each with the name of its table."""
# Columns that hold a part of a date: the field with the date, and the attribute for the part.
_PARTS = {"on": "text", "kind": "kind", "earliest": "earliest", "latest": "latest"}
_DATES = {
    f"{stem}_{ending}": (f"{stem}_on", part)
    for stem in ("held", "published", "stated", "status")
    for ending, part in _PARTS.items()
} | {"date_kind": ("stated_on", "kind")}


def to_tables(content: Content) -> dict[str, pa.Table]:
    """Convert content to the curated tables by name, in the order of the contract.

    Columns and types are those of `stancedata.contract`; derived tables are omitted.
    """
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for name, row in _all_rows(content):
        rows[name].append(row)
    return {t.name: _arrow(t, rows[t.name]) for t in TABLES if not t.derived}


def _arrow(table: Table, rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    return sort(table, pa.Table.from_pylist(rows, schema=table.schema))


def codebook_table(schema_version: str = SCHEMA_VERSION) -> pa.Table:
    """Make the table `codebook`, which describes every column of a schema version."""
    made = {
        "column_name": lambda column: column.name,
        "data_type": lambda column: column.type,
        "allowed_values": _allowed,
    }
    tables = tables_of(schema_version)
    rows = (_children("codebook", {"table_name": t.name}, t.columns, **made) for t in tables)
    return _arrow(BY_NAME["codebook"], [row for listed in rows for _, row in listed])


def _allowed(column: Column) -> str | None:
    if column.references:
        return f"values of {column.references}"
    return f"vocabulary values of field {column.vocabulary}" if column.vocabulary else None


def _all_rows(content: Content) -> Rows:
    yield from _codebook_rows(content.codebook)
    for actor in content.actors:
        yield from _actor_rows(actor)
    for event in content.events:
        yield from _event_rows(event)
    origins = origins_of({d.document_id: d.derived_from for d in content.documents})
    for document in content.documents:
        yield from _document_rows(document, origins[document.document_id])
    for stance in (*content.stances, *content.blind_stances):
        yield from _stance_rows(stance)
    yield from _children("codings", {}, content.codings)
    for coverage in content.coverage:
        yield "coverage", _row("coverage", coverage)
        key = {"coverage_id": coverage.coverage_id}
        yield from _children("silent_speakers", key, coverage.silent)


def _row(table: str, record: Any, **given: Any) -> Row:
    """Make a row: columns come from `given`, else from the record's field or date of that name."""
    names = (column.name for column in BY_NAME[table].columns)
    return {name: given[name] if name in given else _value(record, name) for name in names}


def _value(record: Any, column: str) -> Any:
    field, part = _DATES.get(column, (column, ""))
    value = getattr(record, field)
    return getattr(value, part) if part and value is not None else value


def _children(table: str, key: Row, records: Iterable[Any], **made: Callable[[Any], Any]) -> Rows:
    """Make one row per record, numbered from 1.

    Args:
        table: The name of the table.
        key: Columns with the same value in every row.
        records: The records.
        **made: Functions that compute a column from a record; other columns are its fields.
    """
    for number, record in enumerate(records, 1):
        order = {"position": number, "number": number}  # a table has one of the two
        yield (
            table,
            _row(table, record, **key, **order, **{c: of(record) for c, of in made.items()}),
        )


def _cues(record: Issue | Term) -> str | None:
    return "; ".join(record.cues) or None


def _codebook_rows(codebook: Codebook) -> Rows:
    yield from _children("issues", {}, codebook.issues, cues=_cues)
    for issue in codebook.issues:
        key = {"issue_id": issue.issue_id}
        yield from _children("levels", key, issue.levels, level_name=lambda level: level.name)
        yield from _children("aspects", key, issue.aspects)
    yield from _children("vocabulary", {}, codebook.vocabulary, cues=_cues)
    yield from _children("coders", {}, codebook.coders)
    yield from _children(
        "boundary_cases", {}, codebook.boundary_cases, issues=lambda c: "; ".join(c.issues) or None
    )


def _actor_rows(actor: Actor) -> Rows:
    key = {"actor_id": actor.actor_id}
    numbers = {scheme: whole_number(actor.code(scheme)) for scheme in ("cow", "gw")}
    yield "actors", _row("actors", actor, iso3=actor.code("iso3166-1-alpha3"), **numbers)
    yield from _children("actor_names", key, actor.names)
    yield from _children("actor_codes", key, actor.codes)
    yield from _children("roles", key, actor.roles)
    yield from _exemptions(actor.actor_id, actor)


def whole_number(code: str | None) -> int | None:
    """Read a code that is a whole number of a few digits; return None for any other."""
    return int(code) if code and code.isascii() and code.isdecimal() and len(code) < 10 else None


def _exemptions(record_id: str, record: Actor | Event | Document | Stance) -> Rows:
    return _children("exemptions", {"record_id": record_id}, record.exemptions)


def _event_rows(event: Event) -> Rows:
    yield "events", _row("events", event)
    yield from _children("participants", {"event_id": event.event_id}, event.participants)
    yield from _exemptions(event.event_id, event)


def _document_rows(document: Document, origin: str) -> Rows:
    yield "documents", _row("documents", document, origin_id=origin)
    key = {"document_id": document.document_id}
    yield from _children("document_authors", key, document.authors, actor_id=str)
    yield from _exemptions(document.document_id, document)


def _stance_rows(stance: Stance) -> Rows:
    """Make the rows of a stance and its children; a blind coding goes to the `second_` tables."""
    key: Row = {"stance_id": stance.stance_id, "coder": stance.coder}
    prefix = "second_" if stance.coder else ""
    yield f"{prefix}stances", _row(f"{prefix}stances", stance)
    yield from _children(f"{prefix}holders", key, stance.holders)
    yield from _children(f"{prefix}stance_aspects", key, stance.aspects, aspect=str)
    yield from _children(f"{prefix}ascribers", key, stance.attributed_by, actor_id=str)
    yield from _children(f"{prefix}conditions", key, stance.conditions)
    yield from _children(f"{prefix}evidence", key, stance.evidence)
    coder = f"{stance.coder}/" if stance.coder else ""
    yield from _exemptions(f"{coder}{stance.stance_id}", stance)
