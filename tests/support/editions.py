"""Hypothesis strategies for the fields that schema 2 added, on any content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from stancedata import model
from tests.support import strategies
from tests.support.strategies import days, digests, texts, words

R = TypeVar("R")
maybe_days = st.none() | days
read = st.sampled_from([None, "whole", "beginning"])
statuses = st.sampled_from([None, "as_published", "corrected", "withdrawn"])
spoken = st.builds(model.Name, st.sampled_from(["Kabul", "Moscow"]), words, st.just("en"),
                   maybe_days, maybe_days)  # fmt: skip
spells = st.builds(model.Code, st.just("cow"), st.sampled_from(["255", "260"]), st.none(),
                   maybe_days, maybe_days)  # fmt: skip
coders = st.builds(
    model.Coder,
    words,
    texts,
    st.sampled_from([None, "person", "language_model"]),
    st.none() | texts,
)
boundary_cases = st.builds(
    model.BoundaryCase, texts, st.lists(words, unique=True, max_size=2).map(tuple)
)


def ids_of(records: Sequence[Any], field: str) -> list[str]:
    """List the ids of records."""
    return [getattr(record, field) for record in records]


def some(values: Sequence[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    """Choose some of the values, in any order."""
    if not values:
        return st.just(())
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


def one(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    """Choose one of the values, or none."""
    return st.none() | st.sampled_from(values) if values else st.none()


@st.composite
def editions(
    draw: st.DrawFn, contents: st.SearchStrategy[model.Content] | None = None
) -> model.Content:
    """A content of schema 2: names and codes in several spells, authors, coverage, codings."""
    content = draw(contents or strategies.contents())
    actors = ids_of(content.actors, "actor_id")
    events = ids_of(content.events, "event_id")
    coverage = draw(coverages(actors, events))
    covered = ids_of(coverage, "coverage_id")
    return attrs.evolve(
        content,
        codebook=draw(codebooks(content.codebook)),
        actors=tuple(_actor(draw, actor) for actor in content.actors),
        events=tuple(_event(draw, event, content.documents) for event in content.events),
        documents=tuple(_document(draw, d, actors, events, covered) for d in content.documents),
        stances=tuple(_stance(draw, stance, actors) for stance in content.stances),
        blind_stances=tuple(_stance(draw, stance, actors) for stance in content.blind_stances),
        codings=tuple(_coding(draw, d, c) for c in ("coder-1", "coder-2")
                      for d in content.documents if draw(st.booleans())),
        coverage=coverage,
    )  # fmt: skip


@st.composite
def codebooks(draw: st.DrawFn, codebook: model.Codebook) -> model.Codebook:
    """A codebook with kinds of issues, coders and boundary cases."""
    kinds = st.sampled_from([None, "words", "deeds"])
    return attrs.evolve(
        codebook,
        issues=tuple(attrs.evolve(issue, kind=draw(kinds)) for issue in codebook.issues),
        boundary_cases=tuple(draw(st.lists(boundary_cases, max_size=2))),
        coders=tuple(draw(st.lists(coders, max_size=2, unique_by=lambda c: c.coder))),
    )


def _actor(draw: st.DrawFn, actor: model.Actor) -> model.Actor:
    names = draw(st.lists(spoken, max_size=3).map(tuple))
    codes = draw(st.lists(spells, max_size=3).map(tuple))
    return attrs.evolve(actor, names=(*actor.names, *names), codes=(*actor.codes, *codes))


def _event(
    draw: st.DrawFn, event: model.Event, documents: tuple[model.Document, ...]
) -> model.Event:
    return attrs.evolve(
        event,
        dated_by=draw(one(ids_of(documents, "document_id"))),
        source=draw(st.none() | strategies.addresses),
        note=draw(st.none() | texts),
    )


def _document(
    draw: st.DrawFn, document: model.Document, actors: list[str], events: list[str], covered: list[str]
) -> model.Document:  # fmt: skip
    return attrs.evolve(
        document,
        authors=draw(some(actors)),
        read=draw(read),
        status=draw(statuses),
        retrieved_on=draw(maybe_days),
        event_id=draw(one(events)),
        coverage_id=draw(one(covered)),
    )


def _stance(draw: st.DrawFn, stance: model.Stance, actors: list[str]) -> model.Stance:
    return attrs.evolve(stance, attributed_by=draw(some(actors)))


def _coding(draw: st.DrawFn, document: model.Document, coder: str) -> model.Coding:
    anchored = draw(st.booleans())
    return model.Coding(
        coder, document.document_id, draw(read), draw(maybe_days),
        draw(digests) if anchored else None, draw(st.integers(0, 10**6)) if anchored else None,
        draw(st.none() | texts),
    )  # fmt: skip


def coverages(
    actors: list[str], events: list[str]
) -> st.SearchStrategy[tuple[model.Coverage, ...]]:
    """Corpora, and who spoke on which occasion and said nothing."""
    silent = st.builds(
        model.SilentSpeaker, st.sampled_from(events), st.sampled_from(actors), st.none() | digests,
        st.none() | st.integers(0, 10**6), st.none() | strategies.addresses,
    )  # fmt: skip
    speakers = st.lists(silent, max_size=3, unique_by=lambda s: (s.event_id, s.actor_id))
    made = st.builds(
        model.Coverage, strategies.identifiers, texts, days, days, texts, texts, words,
        st.none() | strategies.addresses, st.none() | texts, speakers.map(tuple),
    )  # fmt: skip
    return st.lists(made, max_size=2, unique_by=lambda c: c.coverage_id).map(
        lambda found: tuple(sorted(found, key=lambda c: c.coverage_id))
    )
