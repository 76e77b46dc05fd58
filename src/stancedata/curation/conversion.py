"""From the records of curated files to the model."""

from __future__ import annotations

from stancedata import model
from stancedata.curation import records as r
from stancedata.curation.source import FieldPath
from stancedata.model.dates import DateError, StatedDate
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
                tuple(model.Aspect(a.name, a.definition) for a in i.aspects), i.cues,
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
        record.kind,
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
) -> tuple[model.Stance, Faults]:
    """A stance of its record, ambiguous where its level cannot be told.

    Args:
        record: As it was written.
        document_id: Document that carries it.
        text_sha256: Digest of that document's text.
        codebook: Gives the level its number.
        coder: Who coded it, for a blind coding.

    Returns:
        The stance, and what is wrong: the level is not its issue's, the kind does not fit the
        date. It can be looked at all the same.
    """
    faults = [*_level_faults(record, codebook), *_date_faults(record)]
    level = AMBIGUOUS if faults else record.level
    kind = None if faults else record.date_kind
    blind = isinstance(record, r.BlindStanceRecord) and record
    published = blind and blind.published and f"{document_id}#{blind.published}"
    return model.Stance(
        f"{document_id}#{record.id}", document_id, record.issue, level,
        codebook.levels_of(record.issue).get(level), record.act, record.attribution,
        StatedDate.parse(record.stated_on, kind), record.confidence, record.summary,
        tuple(model.Holder(h.holder, h.role) for h in record.holders),
        tuple(
            model.Evidence(document_id, e.span and e.span[0], e.span and e.span[1], e.sha256, e.locator, text_sha256)
            for e in record.evidence
        ),
        record.speaker, record.attributed_by, record.target, record.quantifier, record.dated_by,
        record.event, record.note, record.aspects, tuple(map(_condition, record.conditions)),
        _silences(record.silences), coder, published or None,
        (blind and blind.adjudication) or None,
    ), faults  # fmt: skip


def _level_faults(record: r.StanceRecord, codebook: model.Codebook) -> Faults:
    issues = [issue.issue_id for issue in codebook.issues]
    if not issues:
        # The codebook itself could not be read, which is said of it.
        return []
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
