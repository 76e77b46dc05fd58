"""Which position of each holder stands on an issue, from which day on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

Row = dict[str, Any]
_CELLS = 200_000
"""Cells of holders by days that are asked for at once, to bound memory."""


@attrs.frozen
class Spell:
    """A position that stands from a day on; no stance if the holder ceased to exist."""

    since: datetime.date
    stance_id: str | None


Spells = dict[str, list[Spell]]
"""The spells of each holder of an issue, oldest first."""


def spells_of(dataset: Dataset, issue_id: str, positions: Sequence[Row]) -> Spells:
    """Find from which day on each position on an issue stands.

    It asks `Dataset.matrix` for every day on which that can change, so that pages say what the
    library says.

    Args:
        dataset: The dataset.
        issue_id: The issue.
        positions: All positions on it.
    """
    found: Spells = {row["actor_id"]: [] for row in positions}
    standing: dict[str, str] = {}
    days = _days_of_change(dataset, positions)
    step = max(1, _CELLS // max(1, len(found)))
    for start in range(0, len(days), step):
        chunk = days[start : start + step]
        for day, now in _by_day(dataset, issue_id, chunk):
            for actor_id in sorted({*standing, *now}):
                if standing.get(actor_id) != now.get(actor_id):
                    found[actor_id].append(Spell(day, now.get(actor_id)))
            standing = now
    return found


def _days_of_change(dataset: Dataset, positions: Iterable[Row]) -> list[datetime.date]:
    """List every day on which what stands can change: a position counts, or a holder is gone."""
    days: set[datetime.date] = set()
    for row in positions:
        days |= {row["stated_earliest"], row["stated_latest"]}
    for actor_id in {row["actor_id"] for row in positions}:
        last = dataset.actors[actor_id].valid_to
        if last is not None and last < datetime.date.max:
            days.add(last + datetime.timedelta(days=1))
    return sorted(days)


def _by_day(
    dataset: Dataset, issue_id: str, days: Sequence[datetime.date]
) -> Iterator[tuple[datetime.date, dict[str, str]]]:
    """Yield the stance that represents each holder's position, for each day."""
    found: dict[datetime.date, dict[str, str]] = {day: {} for day in days}
    columns = dataset.matrix(issue=issue_id, on=days).select(["on_day", "actor_id", "stance_id"])
    for day, actor_id, stance_id in zip(
        *(columns[name].to_pylist() for name in columns.column_names), strict=True
    ):
        found[day][actor_id] = stance_id
    yield from found.items()


def standing_on(spells: Sequence[Spell], day: datetime.date) -> str | None:
    """Return the stance of the position that stands on a day, from the spells of a holder."""
    last = None
    for spell in spells:
        if spell.since > day:
            break
        last = spell.stance_id
    return last
