"""Conditions, and agreement on given positions, in naive Python."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from stancedata.model import Content, Stance
from stancedata.model.dates import StatedDate
from tests.support.oracle import Row


def conditions_in_full(content: Content, day: datetime.date) -> list[Row]:
    """List each condition as known by a day, with all columns, in order."""
    stances = {stance.stance_id: stance for stance in content.stances}
    names = {actor.actor_id: actor.name for actor in content.actors}
    found = []
    for actor_id, stance_id, number, text, status in conditions(content, day):
        stance = stances[stance_id]
        condition = stance.conditions[number - 1]
        since = condition.status_on
        known = since is not None and since.latest <= day
        found.append({
            "actor_id": actor_id, "actor_name": names[actor_id], **_said(stance), **_stated(stance.stated_on),
            "target_id": stance.target_id, "number": number, "condition": text,
            "condition_issue_id": condition.issue_id, "status": status,
            "status_on": since.text if since is not None and known else None,
            "status_document_id": condition.status_document_id if known else None,
        })  # fmt: skip
    order = ("actor_id", "issue_id", "stated_earliest", "stated_latest", "stance_id", "number")
    return sorted(found, key=lambda row: [row[name] for name in order])


def _said(stance: Stance) -> Row:
    names = ("stance_id", "issue_id", "level", "level_name", "attribution", "confidence")
    return {name: getattr(stance, name) for name in names}


def _stated(stated: StatedDate) -> Row:
    return {
        "stated_on": stated.text, "date_kind": stated.kind, "stated_earliest": stated.earliest,
        "stated_latest": stated.latest,
    }  # fmt: skip


def conditions(content: Content, day: datetime.date) -> list[tuple[Any, ...]]:
    """List holder, stance, number, condition and status as known by a day."""
    found = []
    for stance in content.stances:
        stated = stance.stated_on
        if (stated.earliest if stated.kind == "lasting" else stated.latest) > day:
            continue
        for actor_id in stance.parties:
            for number, condition in enumerate(stance.conditions, 1):
                known = condition.status_on is not None and condition.status_on.latest <= day
                status = condition.status if known else None
                found.append((actor_id, stance.stance_id, number, condition.condition, status))
    return sorted(found, key=lambda row: row[:3])


def agreement(content: Content, standing: list[Row], all_issues: bool = False) -> list[Row]:
    """Compare every two holders, on the core issues or on all."""
    widths = {
        i.issue_id: max(v.level for v in i.levels) - min(v.level for v in i.levels)
        for i in content.codebook.issues
        if i.core or all_issues
    }
    levels: dict[str, dict[str, Row]] = {}
    for row in standing:
        if row["level"] is not None and row["issue_id"] in widths:
            levels.setdefault(row["actor_id"], {})[row["issue_id"]] = row
    found = []
    for one, other in itertools.combinations(sorted(levels), 2):
        shared = sorted(set(levels[one]) & set(levels[other]))
        if shared:
            pairs = [(levels[one][i], levels[other][i], widths[i]) for i in shared]
            found.append(_agreement(one, other, pairs))
    return found


def _agreement(one: str, other: str, pairs: list[tuple[Row, Row, int]]) -> Row:
    count = len(pairs)
    distance = sum(abs(x["level"] - y["level"]) / width if width else 0 for x, y, width in pairs)
    alike = sum(_side(x) == _side(y) for x, y, _ in pairs)
    enough = count >= 3
    return {
        "actor_id_1": one,
        "actor_id_2": other,
        "shared": count,
        "shared_own": sum(x["own"] and y["own"] for x, y, _ in pairs),
        "similarity": 1 - 2 * distance / count if enough else None,
        "like_signs": alike / count if enough else None,
    }


def _side(row: Row) -> int:
    return int(row["level"] > 0) - int(row["level"] < 0)
