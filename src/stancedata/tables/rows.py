"""Convert the objects of `stancedata.model` to the curated tables, sorted by key."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from stancedata.data_folder import CODEBOOK, CODINGS
from stancedata.model import (
    Actor,
    Codebook,
    Content,
    Coverage,
    Document,
    Event,
    Issue,
    Stance,
    Term,
)
from stancedata.model.documents import origins_of
from stancedata.tables.columns import Table, array_of, sort, table_of
from stancedata.tables.contract import BY_NAME, TABLES

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
    return {t.name: sort(t, data) for t, data in _unsorted(content, None)}


FILE = "file"
"""The column of `numbered_tables` with the number of the file that a row is from."""


def numbered_tables(content: Content, number: Callable[[str], int]) -> dict[str, pa.Table]:
    """Convert content to the curated tables, not sorted, with one more column, `FILE`.

    Args:
        content: The records.
        number: Returns the number of a file, given its path in the data folder.
    """
    return {t.name: data for t, data in _unsorted(content, number)}


def _unsorted(
    content: Content, number: Callable[[str], int] | None
) -> Iterator[tuple[Table, pa.Table]]:
    import pyarrow as pa

    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for file, found in _all_rows(content):
        for name, row in found:
            if number is not None:
                row[FILE] = number(file)
            rows[name].append(row)
    for table in TABLES:
        if not table.derived:
            schema = table.schema
            schema = schema if number is None else schema.append(pa.field(FILE, pa.int32()))
            yield table, table_of(rows.pop(table.name, []), schema)


def with_origins(documents: pa.Table) -> pa.Table:
    """Compute the origin of every document, which follows from what others are derived from."""
    import pyarrow as pa

    ids = list(map(str, documents.column("document_id").to_pylist()))
    origins = origins_of(dict(zip(ids, documents.column("derived_from").to_pylist(), strict=True)))
    number = documents.schema.get_field_index("origin_id")
    found = array_of([origins[key] for key in ids], pa.string())
    return documents.set_column(number, documents.schema.field(number), found)


def _arrow(table: Table, rows: list[Row]) -> pa.Table:
    return sort(table, table_of(rows, table.schema))


def _all_rows(content: Content) -> Iterator[tuple[str, Rows]]:
    """Yield the rows of every record, with the file of the record in a data folder."""
    yield CODEBOOK, _codebook_rows(content.codebook)
    for actor in content.actors:
        yield f"actors/{actor.actor_id}.yaml", _actor_rows(actor)
    for event in content.events:
        yield f"events/{event.event_id}.yaml", _event_rows(event)
    origins = origins_of({d.document_id: d.derived_from for d in content.documents})
    for document in content.documents:
        file = f"documents/{document.document_id}.yaml"
        yield file, _document_rows(document, origins[document.document_id])
    for stance in (*content.stances, *content.blind_stances):
        folder = f"{CODINGS}/{stance.coder}" if stance.coder else "documents"
        yield f"{folder}/{stance.document_id}.yaml", _stance_rows(stance)
    for coding in content.codings:
        file = f"{CODINGS}/{coding.coder}/{coding.document_id}.yaml"
        yield file, _children("codings", {}, [coding])
    for coverage in content.coverage:
        yield f"coverage/{coverage.coverage_id}.yaml", _coverage_rows(coverage)


def _coverage_rows(coverage: Coverage) -> Rows:
    yield "coverage", _row("coverage", coverage)
    key = {"coverage_id": coverage.coverage_id}
    yield from _children("silent_speakers", key, coverage.silent)


def _row(table: str, record: Any, **given: Any) -> Row:
    """Make a row: columns come from `given`, else from the record's field or date of that name."""
    row = {}
    for name, field, part in _columns(table):
        if name in given:
            row[name] = given[name]
        else:
            value = getattr(record, field)
            row[name] = getattr(value, part) if part and value is not None else value
    return row


@functools.cache
def _columns(table: str) -> list[tuple[str, str, str]]:
    """List the columns of a table, each with the field that it is from and the part of its date."""
    return [(c.name, *_DATES.get(c.name, (c.name, ""))) for c in BY_NAME[table].columns]


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
