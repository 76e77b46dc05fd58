"""The positions of schema 1 in naive Python: slow, simple, and written independently of the SQL.

The oracle of schema 2, which answers every question, is `edition2_oracle`.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from stancedata.model import Actor, Content, Document, Event, Stance
from stancedata.model.dates import StatedDate


class Occasion(NamedTuple):
    """A holder, an issue, and the `(date_kind, earliest, latest)` of an occasion."""

    actor_id: str
    issue_id: str
    kind: str
    earliest: datetime.date
    latest: datetime.date


Row = dict[str, Any]


def counted_groups(content: Content) -> dict[Occasion, list[Stance]]:
    """Group the stances that count by holder, issue and occasion."""
    events = {event.event_id: event for event in content.events}
    groups: defaultdict[Occasion, list[Stance]] = defaultdict(list)
    for stance in content.stances:
        if stance.attribution == "third_party" or stance.quantifier is not None:
            continue
        when = _when(stance, events)
        for holder in stance.holders:
            if holder.role == "party":
                key = Occasion(
                    holder.actor_id, stance.issue_id, when.kind, when.earliest, when.latest
                )
                groups[key].append(stance)
    return groups


def positions(content: Content) -> list[Row]:
    """Derive every position, following the contract step by step."""
    events = {event.event_id: event for event in content.events}
    groups = counted_groups(content)
    rows = [_fold(content, key, group, events) for key, group in groups.items()]
    return sorted(rows, key=_key)


def _key(row: Row) -> tuple[Any, ...]:
    names = ("actor_id", "issue_id", "stated_earliest", "stated_latest", "date_kind")
    return tuple(row[name] for name in names)


def _when(stance: Stance, events: dict[str, Event]) -> StatedDate:
    event = events.get(stance.event_id or "")
    if event is not None and (event.held_on.latest - event.held_on.earliest).days + 1 <= 3:
        return event.held_on
    return stance.stated_on


def _origin(document_id: str, documents: dict[str, Document]) -> str:
    seen = [document_id]
    while True:
        source = documents[seen[-1]].derived_from
        if source is None or source not in documents or source in seen:
            return seen[-1]
        seen.append(source)


def _sign(level: int) -> int:
    return (level > 0) - (level < 0)


def _fold(content: Content, key: Occasion, group: list[Stance], events: dict[str, Event]) -> Row:
    documents = {document.document_id: document for document in content.documents}
    levelled = [s for s in group if s.level is not None]
    contested = any(
        a.document_id != b.document_id and _sign(a.level or 0) != _sign(b.level or 0)
        for a in levelled
        for b in levelled
    )
    mixed = any(
        a.document_id == b.document_id and (a.level or 0) > 0 and (b.level or 0) < 0
        for a in levelled
        for b in levelled
    )
    remaining = _remaining(group)
    numbers = [s.level for s in remaining if s.level is not None]
    level = _furthest(numbers)
    candidates = [s for s in remaining if level is None or s.level == level]
    chosen = min(candidates, key=lambda s: (_rank(content, s), s.stance_id))
    actor = next(a for a in content.actors if a.actor_id == key.actor_id)
    both_signs = bool(numbers) and min(numbers) < 0 < max(numbers)
    return {
        "actor_id": key.actor_id,
        "actor_name": actor.name,
        "iso3": actor.code("iso3166-1-alpha3"),
        "cow": None,
        "gw": None,
        "governs_iso3": _governs(actor, key.latest, content.actors),
        "issue_id": key.issue_id,
        "level": level,
        "level_name": None if both_signs else chosen.level_name,
        "level_min": min(numbers, default=None),
        "level_max": max(numbers, default=None),
        "stated_on": _when(chosen, events).text,
        "date_kind": key.kind,
        "stated_earliest": key.earliest,
        "stated_latest": key.latest,
        "event_id": chosen.event_id,
        "attribution": chosen.attribution,
        "confidence": chosen.confidence,
        "own": not chosen.joint,
        "contested": contested,
        "mixed": mixed,
        "document_count": len({_origin(s.document_id, documents) for s in group}),
        "stance_id": chosen.stance_id,
        "summary": chosen.summary,
    }


def _remaining(group: list[Stance]) -> list[Stance]:
    texts = {s.event_id for s in group if s.attribution == "direct" and s.event_id}
    group = [s for s in group if s.attribution == "direct" or s.event_id not in texts]
    group = [s for s in group if not s.joint] or group
    group = [s for s in group if s.confidence != "low"] or group
    return [s for s in group if s.level is not None] or group


def _furthest(numbers: list[int]) -> int | None:
    if not numbers or min(numbers) < 0 < max(numbers):
        return None
    return max(numbers, key=abs)


def _rank(content: Content, stance: Stance) -> tuple[int, int]:
    ranks = {(t.field, t.value): t.rank for t in content.codebook.vocabulary}
    return (
        ranks["attribution", stance.attribution] or 99,
        ranks["confidence", stance.confidence] or 99,
    )


def _governs(actor: Actor, day: datetime.date, actors: Iterable[Actor]) -> str | None:
    by_id = {a.actor_id: a for a in actors}
    codes = [
        by_id[r.of_actor_id].code("iso3166-1-alpha3")
        for r in actor.roles
        if r.role == "governs"
        and (r.valid_from is None or r.valid_from <= day)
        and (r.valid_to is None or r.valid_to >= day)
    ]
    return min((code for code in codes if code), default=None)
