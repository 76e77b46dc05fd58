"""Compare the documents that report the same event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import attrs

from stancedata.model import Event, Stance
from stancedata.text import level


@attrs.frozen
class Difference:
    """One point on which documents differ, or that not all of them report.

    Attributes:
        subject: The holders and the issue, or the participant.
        told: Pairs of document id and what that document reports.
    """

    subject: str
    told: tuple[tuple[str, str], ...]


def differences(event: Event, stances: Iterable[Stance]) -> tuple[Difference, ...]:
    """List the differences between the documents that report an event.

    Only documents with a stance linked to the event are compared, not those that merely announce
    it or look back on it. Holders with the same difference are grouped. If a document dates the
    holder's stance to another occasion on the same days, the difference includes it.

    Args:
        event: The event.
        stances: Every stance of the dataset.
    """
    everything = list(stances)
    tied = [s for s in everything if s.event_id == event.event_id]
    documents = sorted({s.document_id for s in tied})
    if len(documents) < 2:
        return ()
    beside = [s for s in everything if s.document_id in documents and is_beside(s, event)]
    return (*_on_parts(event, documents), *_on_stances(tied, beside, documents))


def is_beside(stance: Stance, event: Event) -> bool:
    """Whether a stance falls on the days of an event that it is not linked to."""
    stated, held = stance.stated_on, event.held_on
    return (
        stance.event_id != event.event_id
        and stance.attribution != "third_party"
        and stated.kind != "lasting"
        and (stated.latest - stated.earliest).days < 3
        and stated.earliest <= held.latest
        and stated.latest >= held.earliest
    )


def _on_parts(event: Event, documents: list[str]) -> Iterator[Difference]:
    told: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part in event.participants:
        says = [part.role]
        if part.represented_by:
            says.append(f"represented by {part.represented_by}")
        if part.note:
            says.append(part.note)
        told[part.actor_id][part.document_id].append(", ".join(says))
    if event.kind == "vote":  # a report of what was said there need not list the votes
        listed = {part.document_id for part in event.participants}
        documents = [document for document in documents if document in listed]
    for actor, by_document in told.items():
        row = tuple((d, "; ".join(by_document.get(d, ["nothing"]))) for d in documents)
        if len({text for _, text in row}) > 1:
            yield Difference(actor, row)


Pair = tuple[str, str]


def _on_stances(
    tied: list[Stance], beside: list[Stance], documents: list[str]
) -> Iterator[Difference]:
    told, elsewhere = _by_holder(tied), _by_holder(beside)
    alike: defaultdict[tuple[str, tuple[Pair, ...]], list[str]] = defaultdict(list)
    for (actor, issue), by_document in told.items():
        texts = [" and ".join(by_document.get(d, ["nothing at this event"])) for d in documents]
        if len(set(texts)) == 1:
            continue
        others = elsewhere.get((actor, issue)) or {}
        row = tuple(
            (d, "; on another occasion ".join([text, *others.get(d, [])]))
            for d, text in zip(documents, texts, strict=True)
        )
        alike[issue, row].append(actor)
    for (issue, row), actors in sorted(alike.items()):
        yield Difference(f"{', '.join(actors)} on {issue}", row)


def _by_holder(stances: list[Stance]) -> Mapping[Pair, Mapping[str, list[str]]]:
    """Collect the levels in each document, by holder and issue."""
    found: defaultdict[Pair, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for stance in stances:
        for holder in stance.holders:
            found[holder.actor_id, stance.issue_id][stance.document_id].append(_level(stance))
    return found


def _level(stance: Stance) -> str:
    ascribed = f", by {' and '.join(stance.attributed_by)}" if stance.attributed_by else ""
    others = len(stance.holders) - 1
    together = f", with {others} other{'s' if others > 1 else ''}" if others else ", alone"
    return f"{level(stance.level_name, stance.level)}{ascribed}{together}"
