"""Where documents that tell of one event differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from stancedata.model import Event, Stance


@attrs.frozen
class Difference:
    """One thing that documents tell differently, or that not all of them tell.

    Attributes:
        subject: The holders and the issue, or the actor whose part it is.
        told: What each document has, by document id; empty where it has nothing.
    """

    subject: str
    told: tuple[tuple[str, str], ...]


def differences(event: Event, stances: Iterable[Stance]) -> tuple[Difference, ...]:
    """What the documents that tell of an event tell differently.

    Holders whose levels differ in the same way are one difference. Documents that carry no
    stance tied to the event are compared on its participants alone.
    """
    listed = [s for s in stances if s.event_id == event.event_id]
    return (*_on_parts(event), *_on_stances(listed))


def _on_parts(event: Event) -> Iterator[Difference]:
    told: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for part in event.participants:
        texts = told[part.actor_id].setdefault(part.document_id, [])
        says = [part.role]
        if part.represented_by:
            says.append(f"represented by {part.represented_by}")
        if part.note:
            says.append(part.note)
        texts.append(", ".join(says))
    documents = sorted({p.document_id for p in event.participants})
    for actor, by_document in told.items():
        row = tuple((d, "; ".join(by_document.get(d, []))) for d in documents)
        if len({text for _, text in row if text}) > 1:
            yield Difference(actor, row)


def _on_stances(stances: list[Stance]) -> Iterator[Difference]:
    documents = sorted({s.document_id for s in stances})
    if len(documents) < 2:
        return
    told: defaultdict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for stance in stances:
        for holder in stance.holders:
            levels = told[holder.actor_id, stance.issue_id][stance.document_id]
            levels.add(_level(stance))
    alike: defaultdict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for (actor, issue), levels_of in told.items():
        row = tuple((d, " and ".join(sorted(levels_of.get(d, set())))) for d in documents)
        if len({text for _, text in row}) > 1:
            alike[issue, row].append(actor)
    for (issue, row), actors in sorted(alike.items()):
        yield Difference(f"{', '.join(actors)} on {issue}", row)


def _level(stance: Stance) -> str:
    number = "" if stance.level is None else f" ({stance.level:+d})"
    ascribed = f", by {stance.attributed_by_id}" if stance.attributed_by_id else ""
    return f"{stance.level_name}{number}{ascribed}"
