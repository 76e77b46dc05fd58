"""The oracle's as of a day: from "counts from" to "covered" of the table 3.1, in naive Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.support.edition2_oracle import DEEDS, Position, counted, height
from tests.support.edition2_records import Actor, Day, Records, When

KINDS = ("day", "lasting", "uncertain")  # Of two dates alike, the first kind is the later.


def counts_from(when: When | Position) -> Day:
    """Return the day from which a date, or a position, counts."""
    kind = when.kind if isinstance(when, When) else when.date_kind
    return when.earliest if kind == "lasting" else when.latest


def holds_until(position: Position) -> Day:
    """Return the last day on which a position certainly held; for age only."""
    return position.latest if position.date_kind == "lasting" else position.earliest


def later(p: Position, q: Position) -> bool:
    """Tell whether p is later than q."""
    if p.earliest != q.earliest:
        return p.earliest > q.earliest
    if p.latest != q.latest:
        return p.latest < q.latest
    if p.date_kind != q.date_kind:
        return KINDS.index(p.date_kind) < KINDS.index(q.date_kind)
    if p.step_down != q.step_down:
        return p.step_down
    if height(p.level) != height(q.level):
        lower = height(p.level) < height(q.level)
        return lower if p.step_down else not lower
    return p.stance_id < q.stance_id


def latest(some: Sequence[Position]) -> Position | None:
    """Return the latest position of one holder and issue, None if there is none."""
    found = None
    for position in some:
        if found is None or later(position, found):
            found = position
    return found


def as_of(actor: Actor, some: Iterable[Position], day: Day) -> Position | None:
    """Return which of the positions of one holder and issue stands as of a day."""
    if actor.valid_to is not None and day > actor.valid_to:
        return None
    counting = [position for position in some if counts_from(position) <= day]
    if counting and counting[0].kind == DEEDS:
        return highest_rung(counting)
    return latest(counting)


def highest_rung(counting: list[Position]) -> Position | None:
    """Return the highest of the latest step down and the rungs after it."""
    end = latest([position for position in counting if position.step_down])
    rungs = [position for position in counting if not position.step_down]
    candidates = [p for p in rungs if end is None or p.earliest > end.earliest]
    if end is not None:
        candidates.append(end)
    top = max(height(position.level) for position in candidates)
    return latest([position for position in candidates if height(position.level) == top])


def age_days(position: Position, day: Day) -> int:
    """Return how long ago the position last held."""
    return (day - min(holds_until(position), day)).days


def is_observed(position: Position, first_day: Day) -> bool:
    """Tell whether the position reaches into the period that begins on this day."""
    return position.latest >= first_day


def coverage_span(data: Records) -> tuple[Day | None, Day | None]:
    """Return `coverage_from` and `coverage_to`."""
    if data.coverage:
        return min(c.covers_from for c in data.coverage), max(c.covers_to for c in data.coverage)
    days = [one.occasion for one in counted(data)]
    return (
        min((when.earliest for when in days), default=None),
        max((when.latest for when in days), default=None),
    )


def is_covered(data: Records, day: Day) -> bool | None:
    """Tell whether the data reach that day; None without coverage."""
    start, end = coverage_span(data)
    return None if start is None or end is None else start <= day <= end
