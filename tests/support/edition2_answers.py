"""The oracle's answers on positions in edition 2, as rows with the columns of the design.

One function for each question: `positions`, `not_counted`, `matrix`, `position`, `panel` here;
`shifts`, `contradictions`, `agreement` in `edition2_comparisons`; `silence`, `document_silences` in
`edition2_silences`. Each takes records (`records_of` makes them of a dataset's tables) and returns
a list of dicts in no promised order: compare them sorted. What the text leaves open is listed in
`edition2_oracle`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from tests.support import edition2_days as days
from tests.support import edition2_oracle as oracle
from tests.support.edition2_codes import governs_number_on, governs_on, iso3_on, number_on
from tests.support.edition2_oracle import Position
from tests.support.edition2_records import Day, Records, Row
from tests.support.edition2_silences import Occasion, silent_occasions

NULL_OF_POSITION = (
    "iso3",
    "cow",
    "gw",
    "governs_iso3",
    "level",
    "level_name",
    "level_min",
    "level_max",
    "stated_on",
    "date_kind",
    "stated_earliest",
    "stated_latest",
    "event_id",
    "attribution",
    "confidence",
    "own",
    "contested",
    "mixed",
    "document_count",
    "stance_id",
    "summary",
    "act",
    "speaker_id",
    "target_id",
    "conditional",
    "conditions",
    "aspects",
    "joint_size",
    "document_id",
    "publisher",
    "published_on",
    "url",
    "age_days",
)
"""Columns that are null in a row without a standing position."""


def wanted(some: Iterable[Position], holder: str | None, issue: str | None) -> list[Position]:
    """Narrow positions to a holder and an issue."""
    return [p for p in some if holder in (None, p.actor_id) and issue in (None, p.issue_id)]


def cells(some: Iterable[Position]) -> dict[tuple[str, str], list[Position]]:
    """Group positions by holder and issue."""
    return oracle.groups(some, lambda p: (p.actor_id, p.issue_id))


# The table positions


def position_row(data: Records, position: Position) -> Row:
    """Return the row of the table `positions`."""
    actor, best = data.actor(position.actor_id), position.representative
    stance, document, day = best.stance, best.document, position.latest
    return {
        "actor_id": actor.actor_id,
        "actor_name": actor.name,
        "iso3": iso3_on(actor, day),
        "cow": number_on(actor, "cow", day),
        "gw": number_on(actor, "gw", day),
        "governs_iso3": governs_on(data, actor, day),
        "issue_id": position.issue_id,
        "level": position.level,
        "level_name": position.level_name,
        "level_min": position.level_min,
        "level_max": position.level_max,
        "stated_on": best.occasion.text,
        "date_kind": position.date_kind,
        "stated_earliest": position.earliest,
        "stated_latest": position.latest,
        "event_id": stance.event_id,
        "attribution": stance.attribution,
        "confidence": stance.confidence,
        "own": best.own,
        "contested": position.contested,
        "mixed": position.mixed,
        "document_count": position.document_count,
        "stance_id": stance.stance_id,
        "summary": stance.summary,
        "kind": position.kind,
        "act": stance.act,
        "speaker_id": stance.speaker_id,
        "target_id": stance.target_id,
        "conditional": len(stance.conditions) > 0,
        "conditions": "; ".join(stance.conditions) or None,
        "aspects": "; ".join(stance.aspects) or None,
        "joint_size": best.joint_size,
        "document_id": document.document_id,
        "publisher": document.publisher,
        "published_on": document.published.text,
        "url": document.url,
    }


def positions(
    data: Records,
    on: Day | None = None,
    by: Day | None = None,
    holder: str | None = None,
    issue: str | None = None,
) -> list[Row]:
    """Return all positions, those that stand as of `on`, or those that count by `by`."""
    found = wanted(oracle.positions(data), holder, issue)
    if by is not None:
        found = [p for p in found if days.counts_from(p) <= by]
    if on is not None:
        found = [p for p in standing(data, found, on).values() if p is not None]
    return [position_row(data, p) for p in found]


def sources(data: Records) -> set[tuple[str, str, tuple[str, ...]]]:
    """Return holder and stance of each position, with the documents that report it."""
    return {
        (folded.actor_id, folded.stance_id, tuple(sorted({s.stance.document_id for s in group})))
        for group in oracle.groups(oracle.counted(data), oracle.group_of).values()
        for folded in [oracle.fold(group)]
    }


def not_counted(data: Records, holder: str, issue: str | None = None) -> list[Row]:
    """Count the stances that name a holder and do not count, by reason."""
    reasons = [
        oracle.reason_not_counted(data, stance, role)
        for stance in data.stances
        for actor_id, role in stance.holders
        if actor_id == holder and issue in (None, stance.issue_id)
    ]
    given = {reason for reason in reasons if reason is not None}
    return [{"reason": reason, "stances": reasons.count(reason)} for reason in sorted(given)]


# Matrix and panel


def standing(
    data: Records, some: Iterable[Position], day: Day
) -> dict[tuple[str, str], Position | None]:
    """Return which position of each holder and issue stands as of a day."""
    return {
        cell: days.as_of(data.actor(cell[0]), found, day) for cell, found in cells(some).items()
    }


def covered_row(data: Records, day: Day) -> Row:
    """Return the columns that say where the data end."""
    start, end = days.coverage_span(data)
    return {
        "coverage_from": start,
        "coverage_to": end,
        "covered": days.is_covered(data, day),
    }


def empty_row(data: Records, actor_id: str, issue_id: str) -> Row:
    """Return a row of a holder and an issue without a standing position."""
    row: Row = {
        "actor_id": actor_id,
        "actor_name": data.actor(actor_id).name,
        "issue_id": issue_id,
        "kind": oracle.kind_of(data, issue_id),
        "observed": False,
    }
    return row | dict.fromkeys(NULL_OF_POSITION)


def standing_row(data: Records, position: Position, first_day: Day, day: Day) -> Row:
    """Return the row of a position that stands as of the last day of a period."""
    return position_row(data, position) | {
        "age_days": days.age_days(position, day),
        "observed": days.is_observed(position, first_day),
    }


def too_old(position: Position, day: Day, max_age: int | None, since: Day | None = None) -> bool:
    """Tell whether `max_age` or `since` leaves the position out."""
    if since is not None and min(days.holds_until(position), day) < since:
        return True
    return max_age is not None and days.age_days(position, day) > max_age


def matrix(
    data: Records,
    on: Sequence[Day],
    issue: str | None = None,
    max_age: int | None = None,
    holder: str | None = None,
    silent: bool = False,
    since: Day | None = None,
) -> list[Row]:
    """Return what stands as of each day; with `silent`, count and mark silences too."""
    rows = []
    found = wanted(oracle.positions(data), holder, issue)
    silences = silent_occasions(data) if silent else {}
    for day in on:
        about = {"period": day.isoformat(), "on_day": day} | covered_row(data, day)
        stands = standing(data, found, day)
        for cell, position in stands.items():
            if position is not None and not too_old(position, day, max_age, since):
                times = silences_since(silences.get(cell, []), position, day)
                row = standing_row(data, position, day, day) | about
                rows.append(row | {"silent": times if silent else None})
        for cell, some in silences.items():
            asked = holder in (None, cell[0]) and issue in (None, cell[1])
            by_then = [occasion for occasion in some if occasion.latest <= day]
            if asked and by_then and stands.get(cell) is None and not lapsed(data, cell[0], day):
                rows.append(empty_row(data, *cell) | about | silent_row(by_then))
    return rows


def lapsed(data: Records, actor_id: str, day: Day) -> bool:
    """Tell whether the actor is no more on a day."""
    last = data.actor(actor_id).valid_to
    return last is not None and day > last


def silences_since(some: list[Occasion], position: Position, day: Day) -> int:
    """Count the silent occasions by a day that are later than the position holds."""
    since = days.holds_until(position)
    return len([occasion for occasion in some if since < occasion.latest <= day])


def silent_row(some: list[Occasion]) -> Row:
    """Return the columns that mark a silence, of the latest of some occasions."""
    greatest = max((occasion.latest, occasion.earliest) for occasion in some)
    last = min(
        (occasion for occasion in some if (occasion.latest, occasion.earliest) == greatest),
        key=lambda occasion: occasion.key[1],
    )
    return {
        "level_name": "silent",
        "stated_on": last.text,
        "stated_earliest": last.earliest,
        "stated_latest": last.latest,
        "silent": len(some),
    }


def position(
    data: Records, holder: str, issue: str, on: Day, max_age: int | None = None
) -> Row | None:
    """Return the row of `matrix` for one holder, issue and day, None if nothing stands."""
    rows = matrix(data, [on], issue, max_age, holder)
    return rows[0] if rows else None


def note(row: Row) -> str:
    """Return the note that ends the printed form of a position, empty if the day is covered."""
    return f"(the data end on {row['coverage_to']})" if row["covered"] is False else ""


def periods(every: str, start: Day, end: Day) -> list[tuple[str, Day, Day]]:
    """List the months or years from that of `start` to that of `end`, with first and last day."""
    found = []
    first = start.replace(day=1) if every == "month" else start.replace(month=1, day=1)
    while first <= end:
        last = last_day(every, first)
        found.append((f"{first:%Y-%m}" if every == "month" else f"{first:%Y}", first, last))
        first = last + datetime.timedelta(days=1)
    return found


def last_day(every: str, first: Day) -> Day:
    """Return the last day of the month or year that begins on a day."""
    day = first
    while True:
        tomorrow = day + datetime.timedelta(days=1)
        if tomorrow.year != first.year or (every == "month" and tomorrow.month != first.month):
            return day
        day = tomorrow


def panel(
    data: Records,
    every: str,
    start: Day,
    end: Day,
    issue: str | None = None,
    max_age: int | None = None,
    holder: str | None = None,
    balanced: bool = False,
    since: Day | None = None,
) -> list[Row]:
    """Return what stands at the end of each period, with the spread of what began in it."""
    rows = []
    found = cells(wanted(oracle.positions(data), holder, issue))
    holders = sorted({actor_id for actor_id, _ in found})
    issues = [i.issue_id for i in data.issues if issue in (None, i.issue_id)]
    grid = [(a, i) for a in holders for i in issues] if balanced else list(found)
    for name, first, last in periods(every, start, end):
        about = {
            "period": name,
            "on_day": last,
            "year": last.year,
            "month": last.month if every == "month" else None,
        } | covered_row(data, last)
        for cell in grid:
            some = found.get(cell, [])
            stands = days.as_of(data.actor(cell[0]), some, last)
            if stands is not None and not too_old(stands, last, max_age, since):
                row = standing_row(data, stands, first, last)
            elif balanced:
                row = empty_row(data, *cell)
            else:
                continue
            codes = codes_of_period(data, cell[0], last)
            rows.append(row | about | codes | began(some, first, last))
    return rows


def codes_of_period(data: Records, actor_id: str, day: Day) -> Row:
    """Return an actor's codes on the last day of a period, and those of what it governs."""
    actor = data.actor(actor_id)
    return {
        "iso3": iso3_on(actor, day),
        "cow": number_on(actor, "cow", day),
        "gw": number_on(actor, "gw", day),
        "governs_iso3": governs_on(data, actor, day),
        "governs_cow": governs_number_on(data, actor, "cow", day),
        "governs_gw": governs_number_on(data, actor, "gw", day),
    }


def began(some: Iterable[Position], first: Day, last: Day) -> Row:
    """Return the spread and the number of the positions that begin to count in a period."""
    new = [p for p in some if first <= days.counts_from(p) <= last]
    return {
        "level_min": min((p.level_min for p in new if p.level_min is not None), default=None),
        "level_max": max((p.level_max for p in new if p.level_max is not None), default=None),
        "statements": len(new),
    }
