"""What stands of the positions of one holder on one issue: `as_of.sql` for a single pair, in Python.

For one pair, planning the query takes a hundred times as long as choosing. The query remains the
definition; tests compare the two on generated datasets.
"""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from stancedata.tables.bulk import Rows

NO_LEVEL = -2147483649
"""As in `dated.sql`: no level is the lowest."""


@attrs.frozen
class _Dated:
    """A position with what `dated.sql` says about it, and its row."""

    row: int
    stance_id: str
    counts_from: datetime.date
    ranks_by: int
    holds_until: datetime.date
    latest: datetime.date
    date_rank: int
    is_deed: bool
    step_down: bool
    level_rank: int


def standing_of(
    rows: Rows, day: datetime.date, ends: datetime.date | None, max_age: int | None = None
) -> tuple[int, int] | None:
    """Choose the position that stands on a day.

    Args:
        rows: The positions of one holder on one issue.
        day: The day.
        ends: The last day of the holder, if it ceased to exist.
        max_age: The most days for which a position stands; None for any.

    Returns:
        The row of the position and its age in days; None if none stands.
    """
    if ends is not None and ends < day:
        return None
    counting = [p for p in _dated(rows) if p.counts_from <= day]
    if not counting:
        return None
    best = min(_since_the_last_step_down(counting), key=_highest)
    age = (day - min(best.holds_until, day)).days
    return (best.row, age) if max_age is None or age <= max_age else None


def counted_by(rows: Rows, day: datetime.date) -> list[int]:
    """Return the rows of the positions that count by a day."""
    return [p.row for p in _dated(rows) if p.counts_from <= day]


def _dated(rows: Rows) -> list[_Dated]:
    """Compute what `dated.sql` does."""
    names = ("stance_id", "date_kind", "stated_earliest", "stated_latest", "kind", "act", "level")
    columns = (rows[name] for name in names)
    return [_of_row(row, *values) for row, values in enumerate(zip(*columns, strict=True))]


def _of_row(
    row: int,
    stance_id: str,
    date_kind: str,
    earliest: datetime.date,
    latest: datetime.date,
    kind: str | None,
    act: str | None,
    level: int | None,
) -> _Dated:
    lasting, deed = date_kind == "lasting", kind == "deeds"
    return _Dated(
        row,
        stance_id,
        earliest if lasting else latest,
        earliest.toordinal(),
        latest if lasting else earliest,
        latest,
        {"day": 1, "lasting": 2}.get(date_kind, 3),
        deed,
        deed and act == "ends",
        NO_LEVEL if level is None else level,
    )


def _since_the_last_step_down(counting: list[_Dated]) -> list[_Dated]:
    """Leave out what the latest step down undid; without one, nothing."""
    steps = [p for p in counting if p.step_down]
    if not steps:
        return counting
    last = min(steps, key=_latest)
    return [
        p
        for p in counting
        if p.stance_id == last.stance_id or (not p.step_down and p.ranks_by > last.ranks_by)
    ]


def _latest(p: _Dated) -> tuple[Any, ...]:
    return -p.ranks_by, p.latest, p.date_rank, p.level_rank, p.stance_id


def _highest(p: _Dated) -> tuple[Any, ...]:
    rung = -p.level_rank if p.is_deed else 0
    return rung, -p.ranks_by, p.latest, p.date_rank, not p.step_down, p.stance_id
