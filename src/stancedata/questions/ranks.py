"""What stands of all positions on many days, in NumPy: `as_of.sql` as one reduction for each day.

The query remains the definition, and Spark and installations without NumPy run it; tests compare the
two on generated datasets. Rows come sorted by `ranked.sql`, so that a row's number is its strength.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[np.integer[Any]]
    Flags = npt.NDArray[np.bool_]

EPOCH = datetime.date(1970, 1, 1)
_NEVER = 2**31 - 1
"""A day after every day."""


class Ranked:
    """Positions as arrays, sorted by holder and issue, and of a pair the weakest first.

    Args:
        rows: The answer of `ranked.sql`.
        ends: The last day of each holder; None if it still exists.

    Attributes:
        holders: The holders, sorted.
        issues: The issues.
        holder: The number of each row's holder.
        issue: The number of each row's issue.
        level: The level of each row; 0 where it has none.
        has_level: Whether it has one.
        own: Whether its holder spoke for itself.
    """

    def __init__(self, rows: pa.Table, ends: dict[str, datetime.date | None]) -> None:
        import numpy as np

        self.holders, self.holder = _coded(rows.column("actor_id"))
        self.issues, self.issue = _coded(rows.column("issue_id"))
        self.level = _numbers(rows.column("level"))
        self.has_level = _numbers(rows.column("has_level")) > 0
        self.own = _numbers(rows.column("own")) > 0
        self._counts_from = _numbers(rows.column("counts_from"))
        self._ranks_by = _numbers(rows.column("earliest"))
        self._holds_until = _numbers(rows.column("holds_until"))
        days = [ends[name] for name in self.holders]
        self._ends = np.array([_NEVER if day is None else number(day) for day in days], np.int32)
        self._row = np.arange(rows.num_rows, dtype=np.int32)
        begins = (np.diff(self.holder, prepend=-1) != 0) | (np.diff(self.issue, prepend=-1) != 0)
        self._starts = np.flatnonzero(begins)
        self._pair = np.cumsum(begins, dtype=np.int32) - 1
        self._is_step = _numbers(rows.column("step_down")) > 0
        self._steps = _in_time(rows, np.flatnonzero(self._is_step))

    def on(self, day: datetime.date, max_age: int | None) -> Numbers:
        """Return the rows that stand on a day, at most `max_age` days old."""
        import numpy as np

        if not len(self._row):
            return self._row
        today = number(day)
        counting = self._counts_from <= today
        if len(self._steps):
            counting &= self._is_not_undone(counting)
        best = np.maximum.reduceat(np.where(counting, self._row, -1), self._starts)
        best = best[best >= 0]
        best = best[self._ends[self.holder[best]] >= today]
        age = today - np.minimum(self._holds_until[best], today)
        return best if max_age is None else best[age <= max_age]

    def _is_not_undone(self, counting: Flags) -> Flags:
        """Flag what the latest step down of a pair leaves: itself, and the rungs after it."""
        import numpy as np

        steps = self._steps[counting[self._steps]]
        latest = np.full(len(self._starts), -1, np.int32)
        latest[self._pair[steps]] = steps  # of several, the last in time remains
        step = latest[self._pair]
        after = ~self._is_step & (self._ranks_by > self._ranks_by[step])
        found: Flags = (step < 0) | (step == self._row) | after
        return found


def number(day: datetime.date) -> int:
    """Return the number of a day, as Arrow has it."""
    return (day - EPOCH).days


def _in_time(rows: pa.Table, steps: Numbers) -> Numbers:
    """Sort the rows of steps down by time, as `as_of.sql` does to find the latest."""
    import numpy as np

    names = ["earliest", "latest", "date_rank", "rung", "stance_id"]
    found = rows.filter(rows.column("step_down")).select(names)
    keys = list(zip(*(found.column(name).to_pylist() for name in names), strict=True))
    order = sorted(range(len(keys)), key=lambda n: keys[n][-1], reverse=True)
    order.sort(key=lambda n: (keys[n][0], -keys[n][1].toordinal(), -keys[n][2], -keys[n][3]))
    return steps[np.array(order, np.int64)]


def _coded(column: pa.ChunkedArray[Any]) -> tuple[list[str], Numbers]:
    """Number texts in the order in which they first appear; return them and the numbers."""
    found: Any = column.combine_chunks().dictionary_encode()
    return found.dictionary.to_pylist(), _numbers(found.indices)


def _numbers(column: Any) -> Numbers:
    """View whole numbers or days without nulls as an array; `to_numpy` would import pandas."""
    import numpy as np

    whole = column.combine_chunks() if hasattr(column, "chunks") else column
    found: Any = np.from_dlpack(whole.cast("int32"))
    return found  # type: ignore[no-any-return]
