"""From the model to the curated tables, rows in key order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.model import Actor, Codebook, Content, Document, Event, Stance
from stancedata.tables.columns import Table
from stancedata.tables.contract import BY_NAME, TABLES

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Rows = Iterator[tuple[str, Row]]
"""Rows, each with the name of its table."""


def to_tables(content: Content) -> dict[str, pa.Table]:
    """The curated tables of a content, by name, in the order of the contract.

    Columns and types are those of `stancedata.contract`; derived tables are left out.
    """
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for name, row in _all_rows(content):
        rows[name].append(row)
    return {t.name: _arrow(t, rows[t.name]) for t in TABLES if not t.derived}


def _arrow(table: Table, rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    return sort(table, pa.Table.from_pylist(rows, schema=table.schema))


def sort(table: Table, data: pa.Table) -> pa.Table:
    """Rows in the order of the table's key."""
    return data.sort_by([(column, "ascending") for column in table.key])


def codebook_table() -> pa.Table:
    """The dictionary of every column of the contract."""
    rows = [
        {
            "table_name": table.name,
            "column_name": column.name,
            "position": number,
            "data_type": column.type,
            "nullable": column.nullable,
            "description": column.description,
            "allowed_values": _allowed(column.references, column.vocabulary),
        }
        for table in TABLES
        for number, column in enumerate(table.columns, 1)
    ]
    return _arrow(BY_NAME["codebook"], rows)


def _allowed(references: str, vocabulary: str) -> str | None:
    if references:
        return f"values of {references}"
    return f"vocabulary values of field {vocabulary}" if vocabulary else None


def _all_rows(content: Content) -> Rows:
    yield from _codebook_rows(content.codebook)
    for actor in content.actors:
        yield from _actor_rows(actor)
    for event in content.events:
        yield from _event_rows(event)
    origins = origins_of({d.document_id: d.derived_from for d in content.documents})
    for document in content.documents:
        yield from _document_rows(document, origins[document.document_id])
    for stance in content.stances:
        yield from stance_rows(stance)
    for stance in content.blind_stances:
        yield from stance_rows(stance)


def origins_of(derived_from: Mapping[str, str | None]) -> dict[str, str]:
    """The first document of each chain of copies.

    A chain that leaves the documents, or that never ends, stops where it does so: which is a
    fault that the rules report, and no reason to hang.
    """
    origins = {}
    for start in derived_from:
        seen = [start]
        while (source := derived_from[seen[-1]]) in derived_from and source not in seen:
            seen.append(str(source))
        origins[start] = seen[-1]
    return origins


def _numbered(name: str, key: Row, rows: Iterable[Row], counter: str) -> Rows:
    for number, row in enumerate(rows, 1):
        yield name, {**key, **row, counter: number}


def _codebook_rows(codebook: Codebook) -> Rows:
    yield from _numbered("issues", {}, (
        {"issue_id": i.issue_id, "name": i.name, "proposition": i.proposition, "core": i.core,
         "cues": "; ".join(i.cues) or None}
        for i in codebook.issues), "position")  # fmt: skip
    for issue in codebook.issues:
        key: Row = {"issue_id": issue.issue_id}
        yield from _numbered("levels", key, (
            {"level_name": v.name, "level": v.level, "definition": v.definition}
            for v in issue.levels), "position")  # fmt: skip
        yield from _numbered("aspects", key, (
            {"aspect": a.aspect, "definition": a.definition} for a in issue.aspects), "position")  # fmt: skip
    yield from _numbered("vocabulary", {}, (
        {"field": t.field, "value": t.value, "rank": t.rank, "definition": t.definition,
         "cues": "; ".join(t.cues) or None}
        for t in codebook.vocabulary), "position")  # fmt: skip


def _actor_rows(actor: Actor) -> Rows:
    key: Row = {"actor_id": actor.actor_id}
    yield "actors", {
        **key, "name": actor.name, "kind": actor.kind, "description": actor.description,
        "wikidata": actor.wikidata, "iso3": actor.code("iso3166-1-alpha3"),
        "cow": _number(actor.code("cow")), "gw": _number(actor.code("gw")),
        "valid_from": actor.valid_from, "valid_to": actor.valid_to,
    }  # fmt: skip
    yield from _numbered("actor_names", key, (
        {"name": n.name, "language": n.language, "kind": n.kind} for n in actor.names), "position")  # fmt: skip
    yield from _numbered("actor_codes", key, (
        {"scheme": c.scheme, "code": c.code, "scheme_version": c.scheme_version,
         "valid_from": c.valid_from, "valid_to": c.valid_to} for c in actor.codes), "position")  # fmt: skip
    yield from _numbered("roles", key, (
        {"role": r.role, "of_actor_id": r.of_actor_id, "title": r.title, "valid_from": r.valid_from,
         "valid_to": r.valid_to, "document_id": r.document_id, "source": r.source}
        for r in actor.roles), "number")  # fmt: skip
    yield from _silences(actor.actor_id, actor)


def _number(code: str | None) -> int | None:
    return int(code) if code and code.isascii() and code.isdecimal() and len(code) < 10 else None


def _silences(record_id: str, record: Actor | Event | Document | Stance) -> Rows:
    for silence in record.silences:
        yield (
            "silences",
            {"record_id": record_id, "rule": silence.rule, "reason": silence.reason},
        )


def _event_rows(event: Event) -> Rows:
    key: Row = {"event_id": event.event_id}
    yield "events", {
        **key, "name": event.name, "series": event.series, "place": event.place,
        "kind": event.kind,
        "held_on": event.held_on.text, "held_kind": event.held_on.kind,
        "held_earliest": event.held_on.earliest, "held_latest": event.held_on.latest,
    }  # fmt: skip
    yield from _numbered("participants", key, (
        {"actor_id": p.actor_id, "role": p.role, "document_id": p.document_id,
         "represented_by": p.represented_by, "note": p.note} for p in event.participants), "number")  # fmt: skip
    yield from _silences(event.event_id, event)


def _document_rows(document: Document, origin: str) -> Rows:
    published = document.published_on
    yield "documents", {
        "document_id": document.document_id, "title": document.title,
        "publisher": document.publisher, "author": document.author, "kind": document.kind,
        "language": document.language, "published_on": published.text,
        "published_earliest": published.earliest, "published_latest": published.latest,
        "url": document.url, "sha256": document.sha256, "characters": document.characters,
        "tier": document.tier, "derived_from": document.derived_from, "origin_id": origin,
        "coder": document.coder, "coded_date": document.coded_date, "note": document.note,
    }  # fmt: skip
    yield from _silences(document.document_id, document)


def stance_rows(stance: Stance) -> Rows:
    """Rows of one stance and its children, in the `second_` tables where it was coded blind."""
    blind: Row = {"coder": stance.coder} if stance.coder else {}
    prefix = "second_" if blind else ""
    key: Row = {"stance_id": stance.stance_id, **blind}
    yield f"{prefix}stances", _stance_row(stance, key)
    yield from _numbered(f"{prefix}holders", key, (
        {"actor_id": h.actor_id, "role": h.role} for h in stance.holders), "position")  # fmt: skip
    yield from _numbered(f"{prefix}stance_aspects", key, (
        {"aspect": aspect} for aspect in stance.aspects), "position")  # fmt: skip
    yield from _numbered(f"{prefix}conditions", key, (
        {"condition": c.condition, "issue_id": c.issue_id, "status": c.status,
         "status_on": c.status_on and c.status_on.text,
         "status_earliest": c.status_on and c.status_on.earliest,
         "status_latest": c.status_on and c.status_on.latest,
         "status_document_id": c.status_document_id} for c in stance.conditions), "number")  # fmt: skip
    yield from _numbered(f"{prefix}evidence", key, (
        {"document_id": e.document_id, "span_start": e.span_start, "span_end": e.span_end,
         "sha256": e.sha256, "locator": e.locator} for e in stance.evidence), "number")  # fmt: skip
    record_id = f"{stance.coder}/{stance.stance_id}" if blind else stance.stance_id
    yield from _silences(record_id, stance)


def _stance_row(stance: Stance, key: Row) -> Row:
    stated = stance.stated_on
    blind: Row = (
        {"published_id": stance.published_id, "adjudication": stance.adjudication}
        if stance.coder
        else {}
    )
    return {
        **key, "document_id": stance.document_id, "issue_id": stance.issue_id,
        "level": stance.level, "level_name": stance.level_name, "act": stance.act,
        "attribution": stance.attribution, "speaker_id": stance.speaker_id,
        "attributed_by_id": stance.attributed_by_id, "target_id": stance.target_id,
        "quantifier": stance.quantifier, "stated_on": stated.text, "date_kind": stated.kind,
        "stated_earliest": stated.earliest, "stated_latest": stated.latest,
        "dated_by": stance.dated_by, "event_id": stance.event_id,
        "confidence": stance.confidence, "summary": stance.summary, "note": stance.note, **blind,
    }  # fmt: skip
