"""Convert the records of curated files to objects of the model."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import attrs

from stancedata import model
from stancedata.curation import records as r
from stancedata.curation.source import FieldPath
from stancedata.model.dates import DateError, StatedDate
from stancedata.problems import did_you_mean, one_of

T = TypeVar("T")
AMBIGUOUS = "ambiguous"
Faults = list[tuple[FieldPath, str]]
"""Problems within one record: pairs of a field and a message."""


def _made(kind: type[T], record: Any, **given: Any) -> T:
    """Build an object of the model.

    Args:
        kind: The class of the object.
        record: The source of all other fields; `x_id` is also looked up as `x`.
        **given: Fields that the record lacks or has in another form.
    """
    classes: Any = (kind, type(record))
    return kind(**{name: getattr(record, key) for name, key in _shared(*classes)} | given)


@functools.cache
def _shared(kind: Any, shape: Any) -> list[tuple[str, str]]:
    """Return the fields that a model class copies from a record, each with its key there."""
    keys = {field.name for field in attrs.fields(shape)}
    names = [field.name for field in attrs.fields(kind)]
    pairs = [(name, key) for name in names for key in (name, name.removesuffix("_id"))]
    return [(name, key) for name, key in pairs if key in keys]


def _each(kind: type[T], records: Iterable[Any]) -> tuple[T, ...]:
    return tuple(_made(kind, record) for record in records)


def to_codebook(record: r.CodebookRecord) -> model.Codebook:
    """Convert the record of a codebook."""
    terms = record.vocabulary.items()
    return model.Codebook(
        tuple(map(_issue, record.issues)),
        tuple(_made(model.Term, term, field=field) for field, listed in terms for term in listed),
        _each(model.BoundaryCase, record.boundary_cases),
        tuple(_made(model.Coder, coder, coder=coder.id) for coder in record.coders),
    )


def _issue(record: r.IssueRecord) -> model.Issue:
    return _made(
        model.Issue,
        record,
        issue_id=record.id,
        levels=_each(model.Level, record.levels),
        aspects=tuple(_made(model.Aspect, a, aspect=a.name) for a in record.aspects),
    )


def to_actor(actor_id: str, record: r.ActorRecord) -> model.Actor:
    """Convert the record of an actor; `wikidata` becomes the first code."""
    own = (model.Code("wikidata", record.wikidata),) if record.wikidata else ()
    return _made(
        model.Actor,
        record,
        actor_id=actor_id,
        names=_each(model.Name, record.names),
        codes=own + _each(model.Code, record.codes),
        roles=tuple(_made(model.Role, role, of_actor_id=role.of) for role in record.roles),
        exemptions=_each(model.Exemption, record.exemptions),
    )


def written_path(path: FieldPath, record: Any) -> FieldPath:
    """Return the path in the file of a field that rules name by its place in the tables.

    In tables, `wikidata` is the first code; the silent speakers of all events, and the words of all
    fields, are one list; issues go by their ids, exemptions by their rules.
    """
    match path:
        case ("codes", int(number), *rest) if "wikidata" in record:
            return ("codes", number - 1, *rest) if number else ("wikidata",)
        case ("silent" | "vocabulary" as name, int(number), *rest):
            places = list(_speakers(record) if name == "silent" else _words(record))
            found = places[number] if number < len(places) else (name,)
            return (*found[:2], "event") if rest == ["event"] else (*found, *rest)
        case ("issues" | "exemptions" as name, str(word), *rest):
            key = "id" if name == "issues" else "rule"
            same = [n for n, item in enumerate(record.get(name, ())) if item.get(key) == word]
            return (name, same[-1], *rest) if same else (name,)
        case ("attributed_by", 0) if not isinstance(record.get("attributed_by"), list):
            return ("attributed_by",)
    return path


def _speakers(record: Any) -> Iterator[FieldPath]:
    for number, event in enumerate(record.get("silent", ())):
        yield from (("silent", number, "speakers", n) for n in range(len(event["speakers"])))


def _words(record: Any) -> Iterator[FieldPath]:
    for field, words in record.get("vocabulary", {}).items():
        yield from (("vocabulary", field, number) for number in range(len(words)))


def to_event(event_id: str, record: r.EventRecord) -> model.Event:
    """Convert the record of an event."""
    return _made(
        model.Event,
        record,
        event_id=event_id,
        held_on=StatedDate.parse(record.held_on),
        participants=_each(model.Participation, record.participants),
        exemptions=_each(model.Exemption, record.exemptions),
    )


def to_coverage(coverage_id: str, record: r.CoverageRecord) -> model.Coverage:
    """Convert the record of a corpus."""
    silent = tuple(
        _made(model.SilentSpeaker, speaker, event_id=listed.event)
        for listed in record.silent
        for speaker in listed.speakers
    )
    return _made(model.Coverage, record, coverage_id=coverage_id, silent=silent)


def to_coding(coder: str, document_id: str, record: r.CodingRecord) -> model.Coding:
    """Convert the record of a blind coding, without its stances."""
    text = record.text
    return _made(
        model.Coding,
        record,
        coder=coder,
        document_id=document_id,
        sha256=text and text.sha256,
        characters=text and text.characters,
    )


def to_document(document_id: str, record: r.DocumentRecord) -> model.Document:
    """Convert the record of a document, without its stances."""
    text = record.text
    return _made(
        model.Document,
        record,
        document_id=document_id,
        published_on=StatedDate.parse(record.published_on),
        sha256=text and text.sha256,
        characters=text and text.characters,
        exemptions=_each(model.Exemption, record.exemptions),
    )


def to_stance(
    record: r.StanceRecord,
    document_id: str,
    text_sha256: str | None,
    codebook: model.Codebook,
    coder: str | None = None,
) -> tuple[model.Stance, Faults]:
    """Convert the record of a stance.

    Args:
        record: The record.
        document_id: The document that contains it.
        text_sha256: Digest of that document's text.
        codebook: Defines the numbers of levels.
        coder: The coder, for a blind coding.

    Returns:
        The stance, and the problems found: the level does not belong to the issue, or the date
        kind does not fit the date. The stance is then ambiguous, so that the rest can be checked.
    """
    faults = [*_level_faults(record, codebook), *_date_faults(record)]
    level = AMBIGUOUS if faults else record.level
    kind = None if faults else record.date_kind
    blind = isinstance(record, r.BlindStanceRecord) and record
    return _made(
        model.Stance,
        record,
        stance_id=f"{document_id}#{record.id}",
        document_id=document_id,
        level_name=level,
        level=codebook.levels_of(record.issue).get(level),
        stated_on=StatedDate.parse(record.stated_on, kind),
        holders=tuple(model.Holder(h.holder, h.role) for h in record.holders),
        evidence=tuple(_evidence(e, document_id, text_sha256) for e in record.evidence),
        conditions=tuple(map(_condition, record.conditions)),
        exemptions=_each(model.Exemption, record.exemptions),
        coder=coder,
        published_id=f"{document_id}#{blind.published}" if blind and blind.published else None,
    ), faults


def _level_faults(record: r.StanceRecord, codebook: model.Codebook) -> Faults:
    issues = [issue.issue_id for issue in codebook.issues]
    if not issues:
        # The codebook could not be read, which is reported once.
        return []
    if record.issue not in issues:
        hint = did_you_mean(record.issue, issues) or f"use one of {one_of(issues)}"
        return [(("issue",), f"is not an issue of the codebook, got {record.issue!r}; {hint}")]
    levels = [*codebook.levels_of(record.issue), AMBIGUOUS]
    if record.level in levels:
        return []
    hint = did_you_mean(record.level, levels) or f"use one of {one_of(levels)}"
    return [(("level",), f"is not a level of {record.issue}, got {record.level!r}; {hint}")]


def _date_faults(record: r.StanceRecord) -> Faults:
    try:
        StatedDate.parse(record.stated_on, record.date_kind)
    except DateError as error:
        return [(("date_kind",), str(error))]
    return []


def _condition(record: r.ConditionRecord) -> model.Condition:
    status_on = StatedDate.parse(record.status_on) if record.status_on else None
    return _made(model.Condition, record, status_on=status_on)


def _evidence(
    record: r.EvidenceRecord, document_id: str, text_sha256: str | None
) -> model.Evidence:
    start, end = record.span or (None, None)
    return _made(
        model.Evidence,
        record,
        document_id=document_id,
        span_start=start,
        span_end=end,
        text_sha256=text_sha256,
    )
