"""Format an actor, with its positions and what it voiced, and an issue, with where holders stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stancedata import text as rendering
from stancedata.cli.records.lines import names_of, said
from stancedata.cli.records.positions import no_position, positions_table
from stancedata.model import Actor, Issue, Stance
from stancedata.model.corpus import Corpus
from stancedata.model.positions import stated_before
from stancedata.model.printed import days
from stancedata.text import level

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.dataset import Dataset


def actor_text(dataset: Dataset, actor: Actor) -> str:
    """Format an actor with its positions and what it voiced."""
    positions = dataset.history(actor.actor_id)
    held = positions_table(positions) if positions else no_position(dataset, actor.actor_id)
    voiced = voiced_table(dataset, dataset.voiced_by(actor.actor_id))
    spoken = ["", rendering.heading("Voiced"), voiced] if voiced else []
    return "\n".join([who_text(dataset, actor), "", held, *spoken])


def who_text(dataset: Dataset, actor: Actor) -> str:
    """Format who an actor is: its names, codes, offices and memberships."""
    names = [n.name for n in actor.names if n.name != actor.name]
    codes = [f"{c.scheme} {c.code}{days(c.valid_from, c.valid_to)}" for c in actor.codes]
    roles = [attrs.evolve(r, of_actor_id=names_of(dataset, [r.of_actor_id])) for r in actor.roles]
    fields = [
        ("kind", actor.kind),
        ("who", actor.description),
        ("also", "; ".join(names)),
        ("codes", "; ".join(codes)),
        *(("role", role) for role in roles),
    ]
    heading = rendering.heading(f"{actor.name} [{actor.actor_id}]")
    return f"{heading}\n{rendering.fields(fields)}"


def _by_day(dataset: Dataset, found: pa.Table) -> list[Stance]:
    stances = [dataset.stances[str(key)] for key in found.column("stance_id").to_pylist()]
    return sorted(stances, key=lambda s: (s.stated_on.earliest, s.stated_on.latest, s.stance_id))


def voiced_quotes(dataset: Dataset, found: pa.Table, corpus: Corpus | None) -> str:
    """Format stances with their words and source, by day; see `said` for the corpus."""
    return "\n\n".join(
        f"{s.stated_on.text}  for {names_of(dataset, s.parties) or 'none'} on {s.issue_id}: "
        f"{level(s.level_name, s.level)}, {s.attribution}, confidence {s.confidence}  "
        f"[{s.stance_id}]\n{said(dataset, s, corpus)}"
        for s in _by_day(dataset, found)
    )


def voiced_table(dataset: Dataset, found: pa.Table) -> str:
    """Format stances with the actors for whom they were voiced, by day; empty if there are none."""
    rows = [
        (
            s.stated_on.text,
            s.issue_id,
            level(s.level_name, s.level),
            names_of(dataset, s.parties),
            s.stance_id,
        )
        for s in _by_day(dataset, found)
    ]
    headers = ("stated", "issue", "level", "voiced for", "stance")
    return rendering.table(headers, rows) if rows else ""


def issue_text(dataset: Dataset, issue: Issue) -> str:
    """Format an issue with its levels, and where its holders stand on the last day with data."""
    levels = [(f"{v.level:+d}", v.name, v.definition) for v in issue.levels]
    rows = dataset.matrix(issue=issue.issue_id).to_pylist()
    rows.sort(key=lambda row: (-(row["level"] or 0), row["actor_name"]))
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: _before(row) is not None):
        day = f"Where holders stand on {row['on_day']}"
        groups.setdefault(_before(row) or day, []).append(row)
    standing = [
        line
        for heading, found in groups.items()
        for line in ("", rendering.heading(heading[:1].upper() + heading[1:]), _standing(found))
    ]
    return "\n".join(
        [
            rendering.heading(f"{issue.name} [{issue.issue_id}]"),
            rendering.paragraph(issue.proposition),
            "",
            rendering.table(("level", "name", "when"), levels),
            *(standing or ("", rendering.heading("Where holders stand"), "no position on record")),
        ]
    )


def _before(row: Mapping[str, Any]) -> str | None:
    """Say of a row of the matrix that it was last stated before coverage begins."""
    return stated_before(row["stated_latest"], row["coverage_from"])


def _standing(rows: Iterable[Mapping[str, Any]]) -> str:
    cells = [
        (
            row["actor_name"],
            level(row["level_name"], row["level"]),
            row["stated_on"],
            "own" if row["own"] else "joint",
            str(row["age_days"]),
            row["stance_id"],
        )
        for row in rows
    ]
    return rendering.table(("holder", "level", "stated", "held", "days old", "stance"), cells)
