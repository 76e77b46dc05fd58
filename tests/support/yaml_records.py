"""Convert model objects to the records of curated files and their text: inverts `conversion`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, TypeVar

import attrs

from stancedata import model
from stancedata.curation import records as r
from stancedata.curation.format import layout
from stancedata.curation.structure import SHORT
from stancedata.curation.tree import Tree, from_plain
from stancedata.model.dates import StatedDate

T = TypeVar("T")


def _made(shape: type[T], noun: Any, **given: Any) -> T:
    """Build a record from given fields and the model object's fields of the same name."""
    fields = attrs.fields(shape)  # type: ignore[arg-type]
    names = [f.alias for f in fields if f.alias not in given]
    alike = {n: getattr(noun, n if hasattr(noun, n) else f"{n}_id") for n in names}
    return shape(**alike, **given)


def _each(shape: type[T], nouns: Iterable[Any]) -> tuple[T, ...]:
    return tuple(_made(shape, noun) for noun in nouns)


def from_codebook(codebook: model.Codebook) -> r.CodebookRecord:
    """Build the record of a codebook: the inverse of `to_codebook`."""
    terms = itertools.groupby(codebook.vocabulary, lambda term: term.field)
    return r.CodebookRecord(
        tuple(
            _made(
                r.IssueRecord,
                issue,
                id=issue.issue_id,
                levels=_each(r.LevelRecord, issue.levels),
                aspects=tuple(_made(r.AspectRecord, a, name=a.aspect) for a in issue.aspects),
            )
            for issue in codebook.issues
        ),
        _each(r.BoundaryCaseRecord, codebook.boundary_cases),
        tuple(_made(r.CoderRecord, coder, id=coder.coder) for coder in codebook.coders),
        vocabulary={field: _each(r.TermRecord, group) for field, group in terms},
    )


def from_actor(actor: model.Actor) -> r.ActorRecord:
    """Build the record of an actor: the inverse of `to_actor`."""
    codes = (code for code in actor.codes if code.scheme != "wikidata")
    return _made(
        r.ActorRecord,
        actor,
        names=_each(r.NameRecord, actor.names),
        codes=_each(r.CodeRecord, codes),
        roles=tuple(_made(r.RoleRecord, role, of=role.of_actor_id) for role in actor.roles),
        exemptions=_each(r.ExemptionRecord, actor.exemptions),
    )


def from_event(event: model.Event) -> r.EventRecord:
    """Build the record of an event: the inverse of `to_event`."""
    return _made(
        r.EventRecord,
        event,
        held_on=event.held_on.text,
        participants=_each(r.ParticipantRecord, event.participants),
        exemptions=_each(r.ExemptionRecord, event.exemptions),
    )


def from_document(
    document: model.Document, stances: tuple[model.Stance, ...] = ()
) -> r.DocumentRecord:
    """Build the record of a document with its stances."""
    sha256 = document.sha256
    return _made(
        r.DocumentRecord,
        document,
        published_on=document.published_on.text,
        text=sha256 and r.TextRecord(r.Digest(sha256), document.characters or 0),
        exemptions=_each(r.ExemptionRecord, document.exemptions),
        stances=tuple(map(from_stance, stances)),
    )


def from_coverage(coverage: model.Coverage) -> r.CoverageRecord:
    """Build the record of a corpus: the inverse of `to_coverage`."""
    occasions = itertools.groupby(coverage.silent, lambda speaker: speaker.event_id)
    silent = tuple(
        r.SilentRecord(r.Identifier(event_id), _each(r.SpeakerRecord, group))
        for event_id, group in occasions
    )
    return _made(r.CoverageRecord, coverage, silent=silent)


def from_coding(coding: model.Coding, stances: tuple[model.Stance, ...]) -> r.CodingRecord:
    """Build the record of a blind coding with its stances."""
    text = coding.sha256 and r.TextRecord(r.Digest(coding.sha256), coding.characters or 0)
    found = tuple(map(from_stance, stances))
    return _made(r.CodingRecord, coding, coder=None, document=None, text=text, stances=found)


def from_stance(stance: model.Stance) -> r.StanceRecord:
    """Build the record of a stance; a blind one includes its adjudication."""
    fields: dict[str, Any] = {
        "id": _local(stance.stance_id),
        "holders": tuple(r.HolderRecord(r.Identifier(h.actor_id), h.role) for h in stance.holders),
        "level": stance.level_name,
        "stated_on": stance.stated_on.text,
        "date_kind": _spoken_kind(stance.stated_on),
        "conditions": tuple(
            _made(r.ConditionRecord, c, status_on=c.status_on and c.status_on.text)
            for c in stance.conditions
        ),
        "evidence": tuple(_made(r.EvidenceRecord, e, span=_span(e)) for e in stance.evidence),
        "exemptions": _each(r.ExemptionRecord, stance.exemptions),
    }
    if stance.coder is None:
        return _made(r.StanceRecord, stance, **fields)
    published = stance.published_id and _local(stance.published_id)
    return _made(r.BlindStanceRecord, stance, **fields, published=published)


def _local(stance_id: str) -> str:
    return stance_id.rpartition("#")[2]


def _span(evidence: model.Evidence) -> tuple[int, int] | None:
    start, end = evidence.span_start, evidence.span_end
    return None if start is None or end is None else (start, end)


def _spoken_kind(stated: StatedDate) -> str | None:
    """Give the kind of a date unless its text implies it."""
    said = StatedDate.restore(stated.text, stated.earliest, stated.latest).kind
    return None if said == stated.kind else stated.kind


def write_record(record: Any) -> str:
    """Write a record as text in the canonical layout."""
    return layout(Tree(from_plain(_plain_record(record))), type(record))


def _plain_record(value: Any) -> Any:
    """Convert a record to texts, lists and mappings, leaving out defaults."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return {key: _plain_record(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain_record(item) for item in value]
    if not attrs.has(type(value)):
        return str(value)
    fields = {
        field.name: _plain_record(item)
        for field in attrs.fields(type(value))
        if (item := getattr(value, field.name)) != field.default
    }
    # A holder with the role party, and a speaker without a text, are written as their id only.
    short = SHORT.get(type(value))
    return fields[short] if set(fields) == {short} else fields
