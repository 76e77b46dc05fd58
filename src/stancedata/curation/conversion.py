"""Between the records of curated files and the model, in both directions."""

from __future__ import annotations

import itertools

from stancedata import model
from stancedata.curation import records as r
from stancedata.curation.reading import FieldPath
from stancedata.dates import DateError, StatedDate
from stancedata.problems import did_you_mean, one_of

AMBIGUOUS = "ambiguous"
Faults = list[tuple[FieldPath, str]]
"""What is wrong with a record by itself: the field, and the message."""


def to_codebook(record: r.CodebookRecord) -> model.Codebook:
    """The codebook of its record."""
    return model.Codebook(
        tuple(
            model.Issue(
                i.id, i.name, i.proposition, i.core,
                tuple(model.Level(v.name, v.level, v.definition) for v in i.levels),
                tuple(model.Aspect(a.name, a.definition) for a in i.aspects),
            )
            for i in record.issues
        ),
        tuple(
            model.Term(field, t.value, t.definition, t.rank, t.cues)
            for field, terms in record.vocabulary.items()
            for t in terms
        ),
    )  # fmt: skip


def to_actor(actor_id: str, record: r.ActorRecord) -> model.Actor:
    """An actor of its record; `wikidata` is the first of its codes."""
    own = (model.Code("wikidata", record.wikidata),) if record.wikidata else ()
    return model.Actor(
        actor_id, record.name, record.kind, record.description, record.valid_from, record.valid_to,
        tuple(model.Name(n.name, n.kind, n.language) for n in record.names),
        own + tuple(
            model.Code(c.scheme, c.code, c.scheme_version, c.valid_from, c.valid_to)
            for c in record.codes
        ),
        tuple(
            model.Role(o.role, o.of, o.title, o.valid_from, o.valid_to, o.document, o.source)
            for o in record.roles
        ),
        _silences(record.silences),
    )  # fmt: skip


def to_event(event_id: str, record: r.EventRecord) -> model.Event:
    """An event of its record."""
    return model.Event(
        event_id, record.name, StatedDate.parse(record.held_on), record.series, record.place,
        tuple(
            model.Participation(p.actor, p.role, p.document, p.represented_by, p.note)
            for p in record.participants
        ),
        _silences(record.silences),
    )  # fmt: skip


def to_document(document_id: str, record: r.DocumentRecord) -> model.Document:
    """A document of its record, without its stances."""
    text = record.text
    return model.Document(
        document_id, record.title, record.publisher, record.kind, record.language,
        StatedDate.parse(record.published_on), record.coder, record.coded_date, record.author,
        record.url, record.derived_from, text.sha256 if text else None,
        text.characters if text else None, record.note, _silences(record.silences),
    )  # fmt: skip


def to_stance(
    record: r.StanceRecord,
    document_id: str,
    text_sha256: str | None,
    codebook: model.Codebook,
    coder: str | None = None,
) -> tuple[model.Stance | None, Faults]:
    """A stance of its record.

    Args:
        document_id: Document that carries it.
        text_sha256: Digest of that document's text.
        codebook: Gives the level its number.
        coder: Who coded it, for a blind coding.

    Returns:
        The stance, None where the level is not its issue's or the kind does not fit the date,
        and what is wrong.
    """
    faults = [*_level_faults(record, codebook), *_date_faults(record)]
    if faults:
        return None, faults
    blind = isinstance(record, r.BlindStanceRecord) and record
    published = blind and blind.published and f"{document_id}#{blind.published}"
    return model.Stance(
        f"{document_id}#{record.id}", document_id, record.issue, record.level,
        codebook.levels_of(record.issue).get(record.level), record.act, record.attribution,
        StatedDate.parse(record.stated_on, record.date_kind), record.confidence, record.summary,
        tuple(model.Holder(h.holder, h.role) for h in record.holders),
        tuple(
            model.Evidence(document_id, *(e.span or (None, None)), e.sha256, e.locator, text_sha256)
            for e in record.evidence
        ),
        record.speaker, record.attributed_by, record.target, record.quantifier, record.dated_by,
        record.event, record.note, record.aspects, tuple(map(_condition, record.conditions)),
        _silences(record.silences), coder, published or None,
        (blind and blind.adjudication) or None,
    ), []  # fmt: skip


def _level_faults(record: r.StanceRecord, codebook: model.Codebook) -> Faults:
    issues = [issue.issue_id for issue in codebook.issues]
    if record.issue not in issues:
        hint = did_you_mean(record.issue, issues) or f"write one of {one_of(issues)}"
        return [(("issue",), f"is not an issue of the codebook, got {record.issue!r}; {hint}")]
    levels = [*codebook.levels_of(record.issue), AMBIGUOUS]
    if record.level in levels:
        return []
    hint = did_you_mean(record.level, levels) or f"write one of {one_of(levels)}"
    return [(("level",), f"is not a level of {record.issue}, got {record.level!r}; {hint}")]


def _date_faults(record: r.StanceRecord) -> Faults:
    try:
        StatedDate.parse(record.stated_on, record.date_kind)
    except DateError as error:
        return [(("date_kind",), str(error))]
    return []


def _condition(record: r.ConditionRecord) -> model.Condition:
    status_on = StatedDate.parse(record.status_on) if record.status_on else None
    return model.Condition(
        record.condition, record.issue, record.status, status_on, record.status_document
    )


def _silences(records: tuple[r.SilenceRecord, ...]) -> tuple[model.Silence, ...]:
    return tuple(model.Silence(s.rule, s.reason) for s in records)


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
                tuple(r.AspectRecord(a.aspect, a.definition) for a in i.aspects),
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
        actor.name, actor.kind, actor.description, actor.wikidata, actor.valid_from,
        actor.valid_to, tuple(r.NameRecord(n.name, n.kind, n.language) for n in actor.names),
        tuple(
            r.CodeRecord(c.scheme, c.code, c.scheme_version, c.valid_from, c.valid_to)
            for c in actor.codes
            if c.scheme != "wikidata"
        ),
        tuple(
            r.RoleRecord(
                o.role, r.Identifier(o.of_actor_id), o.title, o.valid_from, o.valid_to,
                _id(o.document_id), o.source,
            )
            for o in actor.roles
        ),
        _silence_records(actor.silences),
    )  # fmt: skip


def from_event(event: model.Event) -> r.EventRecord:
    """The record of an event: the inverse of `to_event`."""
    return r.EventRecord(
        event.name, r.Edtf(event.held_on.text), event.series, event.place,
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
    text = (
        r.TextRecord(r.Digest(d.sha256), d.characters or 0) if d.sha256 is not None else None
    )
    return r.DocumentRecord(
        title=d.title, publisher=d.publisher, author=d.author, kind=d.kind, language=d.language,
        published_on=r.Edtf(d.published_on.text), url=d.url, derived_from=_id(d.derived_from),
        text=text, coder=d.coder, coded_date=d.coded_date, note=d.note,
        silences=_silence_records(d.silences), stances=tuple(map(from_stance, stances)),
    )  # fmt: skip


def from_stance(stance: model.Stance) -> r.StanceRecord:
    """The record of a stance, with what was decided about it where it was coded blind."""
    s = stance
    local = s.stance_id.rpartition("#")[2]
    fields = dict(
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
        return r.StanceRecord(**fields)  # type: ignore[arg-type]
    published = r.LocalId(s.published_id.rpartition("#")[2]) if s.published_id else None
    return r.BlindStanceRecord(published=published, adjudication=s.adjudication, **fields)  # type: ignore[arg-type]


def _spoken_kind(stated: StatedDate) -> str | None:
    """The kind, where the text does not already say it."""
    said = StatedDate.restore(stated.text, stated.earliest, stated.latest).kind
    return None if said == stated.kind else stated.kind


def _id(value: str | None) -> r.Identifier | None:
    return None if value is None else r.Identifier(value)
