"""Format an event: who took part, how they voted, what was said, where documents differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stancedata import text as rendering
from stancedata.cli.records.lines import holders_line, names_of
from stancedata.model import Event, Participation, Stance
from stancedata.questions.differences import differences, is_beside
from stancedata.text import level

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

VOTES = ("voted_for", "voted_against", "abstained")
"""Roles of participants that are votes, in the order in which they are shown."""


def event_text(dataset: Dataset, event: Event) -> str:
    """Format an event with who took part and what was said."""
    parts = [rendering.heading(f"{event.name} [{event.event_id}]")]
    parts.append(
        rendering.fields(
            [
                ("kind", event.kind),
                ("held", event.held_on),
                ("dated by", event.dated_by or event.source),
                ("place", event.place),
                ("series", event.series),
                ("note", event.note),
            ]
        )
    )
    parts += [line for role in VOTES for line in _votes(dataset, event, role)]
    others = [p for p in event.participants if p.role not in VOTES]
    if others or event.kind != "vote":
        parts += ["", rendering.heading("Participants"), _participants(dataset, others)]
    stances = [s for s in dataset.stances.values() if s.event_id == event.event_id]
    by_document: defaultdict[str, list[Stance]] = defaultdict(list)
    for stance in stances:
        by_document[stance.document_id].append(stance)
    for document_id, listed in by_document.items():
        title = dataset.documents[document_id].title
        parts += ["", rendering.heading(f"Stances in {title} [{document_id}]")]
        parts += [_in_short(dataset, stance) for stance in listed]
    parts += ["", rendering.heading("Where the documents differ"), _differences(dataset, event)]
    beside = _beside(dataset, event)
    if beside:
        parts += ["", rendering.heading("On the same days, on other occasions"), beside]
    return "\n".join(parts)


def _beside(dataset: Dataset, event: Event) -> str:
    """List stances on the days of an event, in documents about it, that are not tied to it."""
    documents = {p.document_id for p in event.participants}
    rows = [
        (
            s.stance_id,
            s.issue_id,
            level(s.level_name, s.level),
            names_of(dataset, s.parties),
            s.stated_on.text,
            s.event_id or "",
        )
        for s in dataset.stances.values()
        if s.document_id in documents and is_beside(s, event)
    ]
    headers = ("stance", "issue", "level", "holders", "stated", "at")
    return rendering.table(headers, rows) if rows else ""


def _votes(dataset: Dataset, event: Event, role: str) -> list[str]:
    """List who voted in one way, once each, with the documents that say so."""
    parts = [p for p in event.participants if p.role == role]
    if not parts:
        return []
    voters: dict[str, str] = {}
    by_document: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for p in parts:
        name = names_of(dataset, [p.actor_id])
        note = ", ".join(filter(None, (names_of(dataset, [p.represented_by]), p.note)))
        voters.setdefault(name, f"{name} ({note})" if note else name)
        by_document[p.document_id][name] = None
    heading = f"{role.replace('_', ' ').capitalize()}: {len(voters)}"
    names = "; ".join(voters[name] for name in sorted(voters))
    sources = ", ".join(
        key if len(named) == len(voters) else f"{key} ({len(named)} of them)"
        for key, named in by_document.items()
    )
    return ["", rendering.heading(heading), rendering.paragraph(names), f"according to {sources}"]


def _participants(dataset: Dataset, parts: Sequence[Participation]) -> str:
    rows: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for p in parts:
        key = (
            names_of(dataset, [p.actor_id]),
            p.role,
            names_of(dataset, [p.represented_by]),
            p.note or "",
        )
        rows[key].append(p.document_id)
    headers = ("actor", "part", "represented by", "according to", "note")
    # Keep an actor's rows together, in the order in which actors are first named.
    order = {names_of(dataset, [p.actor_id]): n for n, p in reversed([*enumerate(parts)])}
    listed = [(a, r, who, ", ".join(ids), note) for (a, r, who, note), ids in rows.items()]
    return rendering.table(headers, sorted(listed, key=lambda row: order[row[0]]))


def _in_short(dataset: Dataset, stance: Stance) -> str:
    head = f"{stance.stance_id.rpartition('#')[2]}  {stance.issue_id}: {level(stance.level_name, stance.level)}"
    how = [stance.act, stance.attribution, f"confidence {stance.confidence}"]
    lines = [f"{head}  ({', '.join(how)})"]
    lines.append(rendering.paragraph(holders_line(dataset, stance), "     "))
    lines.append(rendering.paragraph(stance.summary, "     "))
    lines += [rendering.paragraph(str(c), "     ") for c in stance.conditions]
    return "\n".join(lines)


def _differences(dataset: Dataset, event: Event) -> str:
    found = differences(event, dataset.stances.values())
    if not found:
        return "nowhere"
    lines = []
    for difference in found:
        lines.append(rendering.paragraph(difference.subject))
        lines += [
            rendering.paragraph(f"{document}: {text}", "     ")
            for document, text in difference.told
        ]
    return "\n".join(lines)
