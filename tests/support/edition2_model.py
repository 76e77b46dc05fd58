"""Convert the oracle's generated datasets to model objects."""

from __future__ import annotations

import datetime

import stancedata as sd
from stancedata import model
from stancedata.model.dates import StatedDate
from stancedata.questions.positions import Complete
from stancedata.tables.rows import to_tables
from tests.support.edition2_datasets import ASPECTS, ISSUES
from tests.support.edition2_records import RANKS, Document, Records, Stance, When

CODEBOOK = model.Codebook(
    tuple(
        model.Issue(
            issue.issue_id,
            issue.issue_id.title(),
            "It should be.",
            issue.core,
            tuple(model.Level(name, level, "is so") for name, level in issue.levels),
            tuple(model.Aspect(aspect, "a side") for aspect in ASPECTS),
            kind=issue.kind,
        )
        for issue in ISSUES
    ),
    tuple(model.Term(f, v, "a value", rank) for (f, v), rank in RANKS.items()),
)


def content_of(data: Records) -> model.Content:
    """Convert generated records to model objects; the issues are always `ISSUES`."""
    return model.Content(
        CODEBOOK,
        tuple(
            model.Actor(
                a.actor_id,
                a.name,
                "state",
                None,
                a.valid_from,
                a.valid_to,
                (),
                tuple(
                    model.Code(c.scheme, c.code, None, c.valid_from, c.valid_to) for c in a.codes
                ),
                tuple(
                    model.Role(r.role, r.of_actor_id, None, r.valid_from, r.valid_to)
                    for r in a.roles
                ),
            )
            for a in data.actors
        ),
        tuple(model.Event(e.event_id, e.event_id, _date(e.held)) for e in data.events),
        tuple(map(_model_document, data.documents)),
        tuple(map(_model_stance, data.stances)),
        coverage=tuple(
            model.Coverage(
                c.coverage_id,
                c.coverage_id,
                c.covers_from,
                c.covers_to,
                "all",
                "read",
                "coder-1",
                silent=tuple(model.SilentSpeaker(event, actor) for event, actor in c.silent),
            )
            for c in data.coverage
        ),
    )


def _date(when: When) -> StatedDate:
    return StatedDate.restore(when.text, when.earliest, when.latest, when.kind or None)


def _model_document(d: Document) -> model.Document:
    return model.Document(
        d.document_id,
        d.document_id,
        d.publisher,
        "news",
        "en",
        _date(d.published),
        "coder-1",
        _CODED,
        url=d.url,
        derived_from=d.derived_from,
        authors=d.authors,
        read=d.read,
        status=d.status,
        event_id=d.event_id,
        coverage_id=d.coverage_id,
    )


_CODED = datetime.date(2026, 1, 1)


def _model_stance(s: Stance) -> model.Stance:
    return model.Stance(
        s.stance_id,
        s.document_id,
        s.issue_id,
        s.level_name,
        s.level,
        s.act,
        s.attribution,
        _date(s.stated),
        s.confidence,
        s.summary,
        tuple(model.Holder(*h) for h in s.holders),
        (model.Evidence(s.document_id, locator="paragraph 1"),),
        s.speaker_id,
        attributed_by=s.attributed_by,
        target_id=s.target_id,
        quantifier=s.quantifier,
        event_id=s.event_id,
        aspects=s.aspects,
        conditions=tuple(model.Condition(condition) for condition in s.conditions),
    )


def dataset_of(data: Records) -> sd.Dataset:
    """Make a dataset of generated records, its positions derived when they are asked for."""
    return sd.Dataset(Complete(to_tables(content_of(data))), "0.0.0+test")
