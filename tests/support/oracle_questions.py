"""The packaged questions in naive Python, on the rows of `tests.support.oracle`."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

from stancedata.model import Content, Stance
from stancedata.model.dates import StatedDate
from tests.support import oracle
from tests.support.oracle import Row

Period = tuple[str, datetime.date, datetime.date]


def rank_day(row: Row, day: datetime.date) -> datetime.date:
    """Find the day by which a position is ranked as of another day."""
    latest: datetime.date = row["stated_latest"]
    earliest: datetime.date = row["stated_earliest"]
    return min(latest, day) if row["date_kind"] == "lasting" else earliest


def as_of(
    content: Content, rows: list[Row], periods: Iterable[Period], max_age: int | None = None
) -> list[Row]:
    """Find the position at the end of each period, by period, holder and issue."""
    found = []
    for period, first, last in periods:
        pairs = sorted({(row["actor_id"], row["issue_id"]) for row in rows})
        for actor_id, issue_id in pairs:
            row = oracle.as_of(content, rows, actor_id, issue_id, last)
            if row is None:
                continue
            age = (last - rank_day(row, last)).days
            observed = row["stated_latest"] >= first and row["stated_earliest"] <= last
            if max_age is None or age <= max_age:
                extra = {"age_days": age, "observed": observed}
                found.append({"period": period, "on_day": last, **row, **extra})
    return sorted(found, key=lambda r: (r["period"], r["actor_id"], r["issue_id"]))


def counting(rows: list[Row], day: datetime.date) -> list[Row]:
    """Select the rows that count by a day."""
    begun = {"lasting": "stated_earliest"}
    return [row for row in rows if row[begun.get(row["date_kind"], "stated_latest")] <= day]


def shifts(rows: list[Row], day: datetime.date = datetime.date.max) -> list[Row]:
    """List each change of level, in order of ranking."""
    found = []
    levelled = [row for row in rows if row["level"] is not None]
    for _, group in itertools.groupby(levelled, lambda row: (row["actor_id"], row["issue_id"])):
        # Reverse the ranking of as_of, so that the winner comes last.
        ordered = sorted(group, key=lambda row: oracle._order(row, day), reverse=True)
        for before, after in itertools.pairwise(ordered):
            if before["level"] != after["level"]:
                found.append(_shift(before, after))
    return found


def _shift(before: Row, after: Row) -> Row:
    same = ("actor_id", "actor_name", "issue_id", "level", "level_name", "stated_on",
            "stated_earliest", "stated_latest", "stance_id")  # fmt: skip
    return {
        **{name: after[name] for name in same},
        **{
            f"{name}_before": before[name]
            for name in ("level", "level_name", "stated_on", "stance_id")
        },
        "change": after["level"] - before["level"],
        "reversal": min(after["level"], before["level"]) < 0 < max(after["level"], before["level"]),
    }


def contradictions(content: Content) -> list[tuple[str, str, bool]]:
    """List holder, stance and whether sides differ, for contradicted stances."""
    groups = oracle.counted_groups(content)
    found = []
    for key, group in groups.items():
        levelled = [s for s in group if s.level is not None]
        signs = {_sign(s) for s in levelled}
        contested = len(signs) > 1
        for stance in levelled:
            others = [o for o in levelled if o.document_id != stance.document_id]
            if any(o.level != stance.level for o in others):
                found.append((key.actor_id, stance.stance_id, contested))
    return sorted(found)


def _sign(stance: Stance) -> int:
    level = stance.level or 0
    return (level > 0) - (level < 0)


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


def contradictions_in_full(content: Content) -> list[Row]:
    """List each contradicted stance with all columns, in order."""
    names = {actor.actor_id: actor.name for actor in content.actors}
    events = {event.event_id: event for event in content.events}
    stances = {stance.stance_id: stance for stance in content.stances}
    found = []
    for actor_id, stance_id, contested in contradictions(content):
        stance = stances[stance_id]
        found.append({
            "actor_id": actor_id, "actor_name": names[actor_id], **_said(stance),
            **_stated(oracle._when(stance, events)), "contested": contested,
            "document_id": stance.document_id, "own": not stance.joint, "summary": stance.summary,
        })  # fmt: skip
    order = ("actor_id", "issue_id", "stated_earliest", "stated_latest", "date_kind", "document_id",
             "stance_id")  # fmt: skip
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


def agreement(
    content: Content, standing: list[Row], exclude_joint: bool, all_issues: bool = False
) -> list[Row]:
    """Compare every two holders, on the core issues or on all."""
    widths = {
        i.issue_id: max(v.level for v in i.levels) - min(v.level for v in i.levels)
        for i in content.codebook.issues
        if i.core or all_issues
    }
    levels: dict[str, dict[str, Row]] = {}
    for row in standing:
        usable = row["level"] is not None and row["issue_id"] in widths
        if usable and (row["own"] or not exclude_joint):
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
