"""Conditions on stances and actors, restated in Python over the model.

Generators use them to keep or repair records and to inject one fault at a time; the rules alone
decide whether a content is valid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from stancedata import model
from stancedata.model.dates import StatedDate
from stancedata.model.documents import origins_of


def covers(role: model.Role, date: StatedDate) -> bool:
    """Whether a role may hold on a date."""
    return (role.valid_from is None or role.valid_from <= date.latest) and (
        role.valid_to is None or role.valid_to >= date.earliest
    )


def roles_of(
    actors: Iterable[model.Actor], actor_id: str | None, role: str
) -> Iterable[model.Role]:
    """Select the roles of one kind that an actor has."""
    return (r for a in actors if a.actor_id == actor_id for r in a.roles if r.role == role)


def members_beside(content: model.Content, stance: model.Stance) -> list[int]:
    """Find the indices of holders that are members of another party to the stance."""
    parties = set(stance.parties)
    return [
        place
        for place, holder in enumerate(stance.holders)
        if holder.role == "party"
        and any(
            r.of_actor_id in parties - {holder.actor_id} and covers(r, stance.stated_on)
            for r in roles_of(content.actors, holder.actor_id, "member_of")
        )
    ]


def may_speak(content: model.Content, stance: model.Stance, speaker_id: str | None) -> bool:
    """Whether a speaker holds a stance, or speaks for a holder on its date."""
    held = {h.actor_id for h in stance.holders}
    return speaker_id in {None, *held} or any(
        r.of_actor_id in held and covers(r, stance.stated_on)
        for r in roles_of(content.actors, speaker_id, "speaks_for")
    )


def names_of(actor: model.Actor) -> set[str]:
    """Every name of an actor."""
    return {actor.name, *(n.name for n in actor.names)}


def is_own_text(content: model.Content, stance: model.Stance) -> bool:
    """Whether the parties, the speaker or a body at its event are authors of its document."""
    document = document_of(content, stance)
    bodies = {a.actor_id for a in content.actors if a.kind in ("meeting", "organisation")}
    own = set(stance.parties) <= set(document.authors) or stance.speaker_id in document.authors
    there = document.event_id is not None and document.event_id == stance.event_id
    return own or bool(there and bodies & set(document.authors))


def document_of(content: model.Content, stance: model.Stance) -> model.Document:
    """The document that carries a stance."""
    return next(d for d in content.documents if d.document_id == stance.document_id)


def is_outside(content: model.Content, stance: model.Stance) -> bool:
    """Whether a stance lies outside the days of its event."""
    return any(
        stance.stated_on.latest < e.held_on.earliest or stance.stated_on.earliest > e.held_on.latest
        for e in content.events
        if e.event_id == stance.event_id
    )


def natural_keys(stance: model.Stance) -> set[tuple[object, ...]]:
    """List the natural keys of a stance, which must be unique within document and coding."""
    return {
        (stance.coder, stance.document_id, frozenset(h.actor_id for h in stance.holders),
         stance.issue_id, stance.speaker_id, stance.attributed_by_id, len(stance.attributed_by),
         stance.event_id, stance.target_id, stance.stated_on.text, stance.stated_on.kind)
    }  # fmt: skip


def is_one_day_set(date: StatedDate) -> bool:
    """Whether a date is a set of a single day."""
    return date.text.startswith("[") and date.earliest == date.latest


def dates_event(content: model.Content, stance: model.Stance) -> bool:
    """Whether a stance has a day and its event has none."""
    unsure = {e.event_id for e in content.events if e.held_on.kind == "uncertain"}
    return stance.event_id in unsure and stance.stated_on.kind == "day"


def counts(content: model.Content, stance: model.Stance) -> bool:
    """Whether a stance makes up positions."""
    said = stance.attribution != "third_party" and stance.quantifier is None
    return said and document_of(content, stance).status != "withdrawn"


def has_spoken(content: model.Content, event_id: str, actor_id: str) -> bool:
    """Whether an actor has a stance or a document at an event."""
    return any(
        s.event_id == event_id and actor_id in s.parties and counts(content, s)
        for s in content.stances
    ) or any(
        d.event_id == event_id and actor_id in d.authors and d.status != "withdrawn"
        for d in content.documents
    )


def without_twins(content: model.Content, stances: list[model.Stance]) -> list[model.Stance]:
    """Limit stances by a quantifier where they may be one utterance with an earlier one."""
    kept: list[model.Stance] = []
    for stance in stances:
        twin = any(are_twins(content, stance, other) for other in kept)
        kept.append(attrs.evolve(stance, quantifier="some") if twin else stance)
    return kept


def are_twins(content: model.Content, one: model.Stance, other: model.Stance) -> bool:
    """Whether two stances may be reports of one utterance."""
    origins = origins_of({d.document_id: d.derived_from for d in content.documents})
    alike = one.issue_id == other.issue_id and one.joint == other.joint
    days = (
        one.stated_on.earliest <= other.stated_on.latest
        and other.stated_on.earliest <= one.stated_on.latest
    )
    lasting = "lasting" in (one.stated_on.kind, other.stated_on.kind)
    wide = any(
        s.stated_on.earliest.strftime("%Y-%m") != s.stated_on.latest.strftime("%Y-%m")
        for s in (one, other)
    )
    deeds = (one.act == "ends") != (other.act == "ends")
    same_event = one.event_id is not None and one.event_id == other.event_id
    return (
        alike and days and not lasting and not wide and not deeds and not same_event
        and origins[one.document_id] != origins[other.document_id]
        and bool(set(one.parties) & set(other.parties))
        and counts(content, one) and counts(content, other)
    )  # fmt: skip


def is_used(content: model.Content, actor: model.Actor) -> bool:
    """Whether an actor takes part in anything."""
    coded = (*content.stances, *content.blind_stances)
    used = {h.actor_id for s in coded for h in s.holders}
    used |= {a or "" for s in coded for a in (s.speaker_id, *s.attributed_by, s.target_id)}
    used |= {a for d in content.documents for a in d.authors}
    used |= {s.actor_id for c in content.coverage for s in c.silent}
    used |= {r.of_actor_id for a in content.actors for r in a.roles}
    used |= {a.actor_id for a in content.actors for r in a.roles if r.role == "member_of"}
    used |= {a or "" for e in content.events for p in e.participants for a in (p.actor_id, p.represented_by)}  # fmt: skip
    by = {d.publisher for d in content.documents}
    return actor.actor_id in used or bool(names_of(actor) & by)


def replaced(content: model.Content, old: object, new: object) -> model.Content:
    """Replace a record of a content by another."""
    parts = ("actors", "events", "documents", "stances", "blind_stances", "coverage", "codings")
    changed: dict[str, Any] = {
        name: tuple(new if record is old else record for record in getattr(content, name))
        for name in parts
    }
    return attrs.evolve(content, **changed)


def own_texts(content: model.Content) -> set[str]:
    """Collect texts that link records, which contents side by side must not share."""
    texts = {n for a in content.actors for n in names_of(a)}
    texts |= {c.code for a in content.actors for c in a.codes}
    texts |= {t for e in content.events for t in (e.name, e.series) if t}
    texts |= {
        t for d in content.documents for t in (d.title, d.author, d.publisher, d.url, d.sha256) if t
    }
    return texts
