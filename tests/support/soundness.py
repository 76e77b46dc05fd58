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
    """Whether a holder, the speaker or the event is the author or publisher of its document."""
    document = document_of(content, stance)
    own = {*(h.actor_id for h in stance.holders), stance.speaker_id}
    names = {n for a in content.actors if a.actor_id in own for n in names_of(a)}
    for event in content.events:
        names |= {event.name, event.series or ""} if event.event_id == stance.event_id else set()
    return bool(names & {document.author, document.publisher})


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
        (stance.coder, stance.document_id, h.actor_id, stance.issue_id, stance.speaker_id,
         stance.attributed_by_id, stance.event_id, stance.target_id, stance.stated_on.text,
         stance.stated_on.kind)
        for h in stance.holders
    }  # fmt: skip


def is_used(content: model.Content, actor: model.Actor) -> bool:
    """Whether an actor takes part in anything."""
    coded = (*content.stances, *content.blind_stances)
    used = {h.actor_id for s in coded for h in s.holders}
    used |= {a or "" for s in coded for a in (s.speaker_id, s.attributed_by_id, s.target_id)}
    used |= {a for s in coded for a in s.attributed_by}
    used |= {a for d in content.documents for a in d.authors}
    used |= {s.actor_id for c in content.coverage for s in c.silent}
    used |= {r.of_actor_id for a in content.actors for r in a.roles}
    used |= {a.actor_id for a in content.actors for r in a.roles if r.role == "member_of"}
    used |= {a or "" for e in content.events for p in e.participants for a in (p.actor_id, p.represented_by)}  # fmt: skip
    by = {name for d in content.documents for name in (d.author, d.publisher)}
    return actor.actor_id in used or bool(names_of(actor) & by)


def replaced(content: model.Content, old: object, new: object) -> model.Content:
    """Replace a record of a content by another."""
    parts = ("actors", "events", "documents", "stances", "blind_stances")
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
    texts |= {t for d in content.documents for t in (d.author, d.publisher, d.sha256) if t}
    return texts
