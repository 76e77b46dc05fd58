"""The oracle's shifts, contradictions and agreement: sections 3.5 to 3.7 in naive Python."""

from __future__ import annotations

from tests.support import edition2_days as days
from tests.support import edition2_oracle as oracle
from tests.support.edition2_answers import standing, too_old, wanted
from tests.support.edition2_oracle import Position, Statement
from tests.support.edition2_records import Day, Records, Row

# Shifts


def shifts(
    data: Records,
    holder: str | None = None,
    issue: str | None = None,
    on: Day | None = None,
    across: bool = False,
    low: bool = False,
) -> list[Row]:
    """Return each change of what stands as of a day, between positions apart with a level."""
    levelled = [p for p in oracle.apart(data, across, low) if p.level is not None]
    rows = []
    parts = oracle.groups(
        wanted(levelled, holder, issue), lambda p: (p.actor_id, p.issue_id, p.part)
    )
    for (actor_id, _, _), some in parts.items():
        actor = data.actor(actor_id)
        before = None
        for day in sorted({days.counts_from(p) for p in some}):
            if on is not None and day > on:
                break
            stands = days.as_of(actor, some, day)
            if stands is None:  # The holder is no more.
                break
            if before is not None and before.level != stands.level:
                rows.append(shift_row(data, before, stands, day))
            before = stands
    return rows


def shift_row(data: Records, before: Position, after: Position, day: Day) -> Row:
    """Return the row of a shift."""
    assert before.level is not None
    assert after.level is not None
    kind = shift_kind(after.kind, before.level, after.level)
    return (
        {
            "actor_id": after.actor_id,
            "actor_name": data.actor(after.actor_id).name,
            "issue_id": after.issue_id,
            "kind": kind,
            "own": {"own": True, "joint": False, "all": None}[after.part],
            "change": after.level - before.level,
            "shifted_on": day,
            "reversal": kind == "reversal",
        }
        | stated(before, "_before")
        | stated(after, "")
    )


def shift_kind(kind: str, before: int, after: int) -> str:
    """Return `step`, `reversal`, `softer` or `firmer`."""
    if kind == oracle.DEEDS:
        return "step"
    if oracle.side(before) * oracle.side(after) == -1:
        return "reversal"
    return "softer" if abs(after) < abs(before) else "firmer"


def stated(position: Position, suffix: str) -> Row:
    """Return the columns that a shift has of each of its two positions."""
    best = position.representative
    row = {
        "level": position.level,
        "level_name": position.level_name,
        "stance_id": best.stance.stance_id,
        "stated_on": best.occasion.text,
        "stated_earliest": position.earliest,
        "stated_latest": position.latest,
        "document_id": best.document.document_id,
        "attribution": best.stance.attribution,
        "confidence": best.stance.confidence,
        "summary": best.stance.summary,
    }
    return {name + suffix: value for name, value in row.items()}


# Contradictions


def contradict(x: Statement, y: Statement) -> bool:
    """Tell whether two counted stances of one holder and issue contradict each other."""
    a, b = x.stance, y.stance
    if a.event_id is None or a.event_id != b.event_id or x.origin_id == y.origin_id:
        return False
    if x.own != y.own or x.step_down != y.step_down:
        return False
    if x.occasion.earliest > y.occasion.latest or y.occasion.earliest > x.occasion.latest:
        return False
    if a.target_id is not None and b.target_id is not None and a.target_id != b.target_id:
        return False
    if a.level is None or b.level is None:
        return False
    return oracle.side(a.level) != oracle.side(b.level) or abs(a.level - b.level) >= 2


def contradictions(
    data: Records, holder: str | None = None, issue: str | None = None, on: Day | None = None
) -> list[Row]:
    """Return every stance that contradicts another on one utterance."""
    some = [
        one
        for one in oracle.counted(data)
        if holder in (None, one.actor_id)
        and issue in (None, one.stance.issue_id)
        and (on is None or days.counts_from(one.occasion) <= on)
    ]
    rows = []
    for x in some:
        opposed = [
            y
            for y in some
            if (y.actor_id, y.stance.issue_id) == (x.actor_id, x.stance.issue_id)
            and contradict(x, y)
        ]
        if opposed:
            rows.append(contradiction_row(data, x, opposed))
    return rows


def contradiction_row(data: Records, x: Statement, opposed: list[Statement]) -> Row:
    """Return the row of a stance and the stances that it contradicts."""
    assert x.stance.level is not None
    sides = [
        y
        for y in opposed
        if y.stance.level is not None and oracle.side(y.stance.level) != oracle.side(x.stance.level)
    ]
    return {
        "actor_id": x.actor_id,
        "actor_name": data.actor(x.actor_id).name,
        "issue_id": x.stance.issue_id,
        "stated_on": x.occasion.text,
        "date_kind": x.occasion.kind,
        "stated_earliest": x.occasion.earliest,
        "stated_latest": x.occasion.latest,
        "contested": bool(sides),
        "document_id": x.document.document_id,
        "level": x.stance.level,
        "level_name": x.stance.level_name,
        "attribution": x.stance.attribution,
        "confidence": x.stance.confidence,
        "own": x.own,
        "stance_id": x.stance.stance_id,
        "summary": x.stance.summary,
        "event_id": x.stance.event_id,
        "opposed_to": min(y.stance.stance_id for y in sides or opposed),
    }


# Agreement


def agreement(
    data: Records,
    on: Day,
    joint: bool = False,
    all_issues: bool = False,
    max_age: int | None = None,
    holder: str | None = None,
    period: str | None = None,
) -> list[Row]:
    """Compare every two holders that share an issue as of a day."""
    some = oracle.apart(data, across=joint, low=True)
    if not joint:
        some = [p for p in some if p.part == "own"]
    core = {i.issue_id for i in data.issues if i.core or all_issues}
    stands = {
        cell: p
        for cell, p in standing(data, some, on).items()
        if p is not None and p.level is not None and cell[1] in core and not too_old(p, on, max_age)
    }
    issues_of: dict[str, list[str]] = {}
    for actor_id, issue_id in stands:
        issues_of.setdefault(actor_id, []).append(issue_id)
    rows = []
    for one, issues in issues_of.items():
        for two, others in issues_of.items():
            shared = [i for i in issues if i in others]
            if one < two and shared and holder in (None, one, two):
                pairs = [(stands[one, i], stands[two, i]) for i in shared]
                about = {"period": period or on.isoformat()}
                rows.append(about | agreement_row(data, pairs))
    return rows


def agreement_row(data: Records, pairs: list[tuple[Position, Position]]) -> Row:
    """Return the row of two holders; a pair is what stands of each on one shared issue."""
    one, two = (data.actor(p.actor_id) for p in pairs[0])
    distances = [apart_by(data, x, y) for x, y in pairs]
    alike = [x for x, y in pairs if oracle.side(x.level or 0) == oracle.side(y.level or 0)]
    enough = len(pairs) >= 3
    return {
        "actor_id_1": one.actor_id,
        "actor_name_1": one.name,
        "actor_id_2": two.actor_id,
        "actor_name_2": two.name,
        "shared": len(pairs),
        "shared_own": len([x for x, y in pairs if x.representative.own and y.representative.own]),
        "similarity": 1 - 2 * sum(distances) / len(pairs) if enough else None,
        "like_signs": len(alike) / len(pairs) if enough else None,
    }


def apart_by(data: Records, x: Position, y: Position) -> float:
    """Return how far two levels are apart, as a share of the issue's scale."""
    assert x.level is not None
    assert y.level is not None
    scale = [level for _, level in data.issue(x.issue_id).levels]
    return abs(x.level - y.level) / (max(scale) - min(scale))
