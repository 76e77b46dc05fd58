"""From the model to the records of curated files: the inverse of `conversion`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from stancedata import model
from stancedata.curation import records as r
from stancedata.model.dates import StatedDate

T = TypeVar("T")


def _silence_records(silences: tuple[model.Silence, ...]) -> tuple[r.SilenceRecord, ...]:
    return tuple(r.SilenceRecord(s.rule, s.reason) for s in silences)


def from_codebook(codebook: model.Codebook) -> r.CodebookRecord:
    """The record of a codebook: the inverse of `to_codebook`."""
    terms = itertools.groupby(codebook.vocabulary, lambda term: term.field)
    return r.CodebookRecord(
        tuple(
            r.IssueRecord(
                i.issue_id, i.name, i.core, i.proposition,
                tuple(r.LevelRecord(v.name, v.level, v.definition) for v in i.levels),
                tuple(r.AspectRecord(a.aspect, a.definition) for a in i.aspects), i.cues,
            )
            for i in codebook.issues
        ),
        {
            field: tuple(r.TermRecord(t.value, t.definition, t.rank, t.cues) for t in group)
            for field, group in terms
        },
    )  # fmt: skip


def from_actor(actor: model.Actor) -> r.ActorRecord:
    """The record of an actor: the inverse of `to_actor`."""
    return r.ActorRecord(
        actor.name, actor.kind, actor.description, _kind(r.Wikidata, actor.wikidata), actor.valid_from,
        actor.valid_to, tuple(r.NameRecord(n.name, n.kind, r.Language(n.language)) for n in actor.names),
        tuple(
            r.CodeRecord(c.scheme, c.code, c.scheme_version, c.valid_from, c.valid_to)
            for c in actor.codes
            if c.scheme != "wikidata"
        ),
        tuple(
            r.RoleRecord(
                o.role, r.Identifier(o.of_actor_id), o.title, o.valid_from, o.valid_to,
                _id(o.document_id), _kind(r.Address, o.source),
            )
            for o in actor.roles
        ),
        _silence_records(actor.silences),
    )  # fmt: skip


def from_event(event: model.Event) -> r.EventRecord:
    """The record of an event: the inverse of `to_event`."""
    return r.EventRecord(
        event.name, r.Edtf(event.held_on.text), event.series, event.place, event.kind,
        tuple(
            r.ParticipantRecord(
                r.Identifier(p.actor_id), p.role, r.Identifier(p.document_id),
                _id(p.represented_by), p.note,
            )
            for p in event.participants
        ),
        _silence_records(event.silences),
    )  # fmt: skip


def from_document(
    document: model.Document, stances: tuple[model.Stance, ...] = ()
) -> r.DocumentRecord:
    """The record of a document with its stances."""
    d = document
    text = r.TextRecord(r.Digest(d.sha256), d.characters or 0) if d.sha256 is not None else None
    return r.DocumentRecord(
        title=d.title, publisher=d.publisher, author=d.author, kind=d.kind, language=r.Language(d.language),
        published_on=r.Edtf(d.published_on.text), url=_kind(r.Address, d.url), derived_from=_id(d.derived_from),
        text=text, coder=d.coder, coded_date=d.coded_date, note=d.note,
        silences=_silence_records(d.silences), stances=tuple(map(from_stance, stances)),
    )  # fmt: skip


def from_stance(stance: model.Stance) -> r.StanceRecord:
    """The record of a stance, with what was decided about it where it was coded blind."""
    s = stance
    local = s.stance_id.rpartition("#")[2]
    fields: dict[str, Any] = dict(  # noqa: C408 - the fields read as they do elsewhere
        id=r.LocalId(local), holders=tuple(
            r.HolderRecord(r.Identifier(h.actor_id), h.role) for h in s.holders),
        quantifier=s.quantifier, speaker=_id(s.speaker_id), attributed_by=_id(s.attributed_by_id),
        target=_id(s.target_id), issue=s.issue_id, level=s.level_name, aspects=s.aspects,
        act=s.act, attribution=s.attribution, stated_on=r.Edtf(s.stated_on.text),
        date_kind=_spoken_kind(s.stated_on), dated_by=s.dated_by, event=_id(s.event_id),
        conditions=tuple(
            r.ConditionRecord(
                c.condition, c.issue_id, c.status, r.Edtf(c.status_on.text) if c.status_on else None,
                _id(c.status_document_id))
            for c in s.conditions),
        confidence=s.confidence, summary=s.summary, note=s.note,
        evidence=tuple(
            r.EvidenceRecord(
                None if e.span_start is None or e.span_end is None else (e.span_start, e.span_end),
                None if e.sha256 is None else r.Digest(e.sha256), e.locator)
            for e in s.evidence),
        silences=_silence_records(s.silences),
    )  # fmt: skip
    if s.coder is None:
        return r.StanceRecord(**fields)
    published = r.LocalId(s.published_id.rpartition("#")[2]) if s.published_id else None
    return r.BlindStanceRecord(published=published, adjudication=s.adjudication, **fields)


def _spoken_kind(stated: StatedDate) -> str | None:
    """The kind, where the text does not already say it."""
    said = StatedDate.restore(stated.text, stated.earliest, stated.latest).kind
    return None if said == stated.kind else stated.kind


def _id(value: str | None) -> r.Identifier | None:
    return None if value is None else r.Identifier(value)


def _kind(make: Callable[[str], T], value: str | None) -> T | None:
    return None if value is None else make(value)
