"""Format one record for `stancedata show`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stancedata import text as rendering
from stancedata.cli.positions import no_position, positions_table
from stancedata.model import Actor, Document, Event, Issue, Participation, Stance
from stancedata.model.corpus import Corpus, quoted
from stancedata.model.stances import TIES, held_by, other_fields, ties
from stancedata.problems import UnknownIdError, did_you_mean
from stancedata.questions.differences import differences, is_beside
from stancedata.text import level

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

VOTES = ("voted_for", "voted_against", "abstained")
"""Roles of participants that are votes, in the order in which they are shown."""


def show(dataset: Dataset, record_id: str, corpus: Corpus | None = None) -> str:
    """Format everything known about a stance, document, event, actor or issue.

    Args:
        dataset: The dataset to look in.
        record_id: Its id; if records of two kinds share it, both are shown.
        corpus: Texts from which the words of a stance are quoted.

    Raises:
        UnknownIdError: If no record has that id; the message suggests the nearest one.
    """
    kinds: list[tuple[Any, Callable[[Dataset, Any], str]]] = [
        (dataset.stances, lambda ds, record: _stance(ds, record, corpus)),
        (dataset.events, _event),
        (dataset.documents, _document),
        (dataset.actors, _actor),
        (dataset.issues, lambda _, issue: _issue(issue)),
    ]
    found = [make(dataset, kind[record_id]) for kind, make in kinds if record_id in kind]
    if not found and "/" in record_id and record_id in dataset.blind_stances:
        return _stance(dataset, dataset.blind_stances[record_id], corpus)
    if not found:
        try:
            return _actor(dataset, dataset.actors[dataset.actors.resolve(record_id)])
        except UnknownIdError:
            pass
        known = [key for kind, _ in kinds for key in kind]
        hint = (
            dataset.gone(record_id)
            or did_you_mean(record_id, known)
            or "run `stancedata list actors` (or documents, events, issues, stances) to see ids"
        )
        raise UnknownIdError(f"no record has the id {record_id!r}; {hint}")
    return "\n\n".join(found)


def _names(dataset: Dataset, ids: Iterable[str | None]) -> str:
    return ", ".join(dataset.names.get(i, i) for i in ids if i)


def _event(dataset: Dataset, event: Event) -> str:
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
            _names(dataset, s.parties),
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
        name = _names(dataset, [p.actor_id])
        note = ", ".join(filter(None, (_names(dataset, [p.represented_by]), p.note)))
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
            _names(dataset, [p.actor_id]),
            p.role,
            _names(dataset, [p.represented_by]),
            p.note or "",
        )
        rows[key].append(p.document_id)
    headers = ("actor", "part", "represented by", "according to", "note")
    # Keep an actor's rows together, in the order in which actors are first named.
    order = {_names(dataset, [p.actor_id]): n for n, p in reversed([*enumerate(parts)])}
    listed = [(a, r, who, ", ".join(ids), note) for (a, r, who, note), ids in rows.items()]
    return rendering.table(headers, sorted(listed, key=lambda row: order[row[0]]))


def _in_short(dataset: Dataset, stance: Stance) -> str:
    head = f"{stance.stance_id.rpartition('#')[2]}  {stance.issue_id}: {level(stance.level_name, stance.level)}"
    how = [stance.act, stance.attribution, f"confidence {stance.confidence}"]
    lines = [f"{head}  ({', '.join(how)})"]
    lines.append(rendering.paragraph(_holders(dataset, stance), "     "))
    lines.append(rendering.paragraph(stance.summary, "     "))
    lines += [rendering.paragraph(str(c), "     ") for c in stance.conditions]
    return "\n".join(lines)


def _holders(dataset: Dataset, stance: Stance) -> str:
    names = [
        _names(dataset, [h.actor_id]) + (" (dissociates itself)" if h.role != "party" else "")
        for h in stance.holders
    ]
    count = f"{len(names)} holders: " if len(names) > 1 else "holder: "
    spoke = ties(stance, ("speaker_id", "attributed_by"))
    voiced = "".join(f"; {how} {_names(dataset, who)}" for how, who in spoke)
    return count + held_by(stance, names) + voiced


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


def _stance(dataset: Dataset, stance: Stance, corpus: Corpus | None) -> str:
    parts = [
        rendering.heading(
            f"{stance.issue_id}: {level(stance.level_name, stance.level)} [{stance.stance_id}]"
        ),
        rendering.paragraph(stance.summary),
        "",
        rendering.fields(
            [
                ("who", _holders(dataset, stance)),
                (TIES["target_id"], _names(dataset, [stance.target_id])),
                ("stated", f"{stance.stated_on} ({stance.stated_on.kind})"),
                *_ties(stance, "dated_by", "event_id"),
                ("act", stance.act),
                ("attribution", stance.attribution),
                ("aspects", ", ".join(stance.aspects)),
                ("confidence", stance.confidence),
                *other_fields(stance),
                *_ties(stance, "coder", "published_id"),
                ("adjudication", stance.adjudication),
                (
                    "document",
                    f"{dataset.documents[stance.document_id].title} [{stance.document_id}]",
                ),
            ]
        ),
    ]
    parts += map(str, stance.conditions)
    for evidence in stance.evidence:
        parts.append(f"evidence: {evidence}, SHA-256 {evidence.sha256}")
        if corpus is not None:
            parts.append(rendering.paragraph(quoted(evidence, corpus), "     "))
    return "\n".join(parts)


def _ties(stance: Stance, *names: str) -> list[tuple[str, str | None]]:
    return [(TIES[name], getattr(stance, name)) for name in names]


def _document(dataset: Dataset, document: Document) -> str:
    d = document
    parts = [
        rendering.heading(f"{d.title} [{d.document_id}]"),
        rendering.fields(
            [
                ("publisher", d.publisher),
                ("author", d.author),
                ("kind", d.kind),
                ("language", d.language),
                ("published", d.published_on),
                ("address", d.url),
                ("derived from", d.derived_from),
                ("SHA-256", d.sha256),
                ("characters", d.characters),
                ("coded", f"{d.coded_date} by {d.coder}"),
                ("note", d.note),
            ]
        ),
        "",
    ]
    stances = [s for s in dataset.stances.values() if s.document_id == d.document_id]
    rows = [
        (
            s.stance_id.rpartition("#")[2],
            s.issue_id,
            level(s.level_name, s.level),
            _names(dataset, s.parties),
            s.stated_on.text,
        )
        for s in stances
    ]
    parts.append(rendering.table(("stance", "issue", "level", "holders", "stated"), rows))
    return "\n".join(parts)


def _actor(dataset: Dataset, actor: Actor) -> str:
    names = [n.name for n in actor.names if n.name != actor.name]
    codes = [f"{c.scheme} {c.code}" for c in actor.codes]
    roles = [attrs.evolve(r, of_actor_id=_names(dataset, [r.of_actor_id])) for r in actor.roles]
    parts = [
        rendering.heading(f"{actor.name} [{actor.actor_id}]"),
        rendering.fields(
            [
                ("kind", actor.kind),
                ("who", actor.description),
                ("also", "; ".join(names)),
                ("codes", ", ".join(codes)),
                *(("role", role) for role in roles),
            ]
        ),
        "",
    ]
    positions = dataset.history(actor.actor_id)
    if positions:
        parts.append(positions_table(positions))
    else:
        parts.append(no_position(dataset, actor.actor_id))
    voiced = [s for s in dataset.stances.values() if s.speaker_id == actor.actor_id]
    if voiced:
        rows = [
            (
                s.stated_on.text,
                s.issue_id,
                level(s.level_name, s.level),
                _names(dataset, s.parties),
                s.stance_id,
            )
            for s in voiced
        ]
        headers = ("stated", "issue", "level", "voiced for", "stance")
        parts += ["", rendering.heading("Voiced"), rendering.table(headers, rows)]
    return "\n".join(parts)


def _issue(issue: Issue) -> str:
    rows = [(f"{v.level:+d}", v.name, v.definition) for v in issue.levels]
    return "\n".join(
        [
            rendering.heading(f"{issue.name} [{issue.issue_id}]"),
            rendering.paragraph(issue.proposition),
            "",
            rendering.table(("level", "name", "when"), rows),
        ]
    )
