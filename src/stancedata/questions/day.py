"""What stands on one day, of positions in a file: `as_of.sql` in DuckDB's own words.

Only the columns that decide are read of every row, and of the rows that stand the others, by their
number in the file. The query remains the definition; tests compare the two on generated datasets.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.packaged import reading
from stancedata.questions.arguments import Period

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.tables.parquet import TableFile

Coverage = tuple[datetime.date | None, datetime.date | None]
_PLACES = "positions_with_places"
_COUNTING = """
SELECT p.*
FROM ({dated}) p
WHERE p.counts_from <= $day
    AND p.actor_id IN (SELECT a.actor_id FROM actors a WHERE a.valid_to IS NULL OR a.valid_to >= $day)"""
_STEPS = """
SELECT c.actor_id, c.issue_id, MAX(c.ranks_by) AS ranks_by,
    MIN_BY(c.place, ($day - c.ranks_by, c.stated_latest, c.date_rank, c.level_rank, c.stance_id)) AS place
FROM ({counting}) c
WHERE c.step_down
GROUP BY c.actor_id, c.issue_id"""
_BEST = """
SELECT MIN_BY(c.place, (
    CASE WHEN c.is_deed THEN -c.level_rank ELSE 0 END, $day - c.ranks_by, c.stated_latest, c.date_rank,
    CASE WHEN c.step_down THEN 0 ELSE 1 END, c.stance_id
)) AS place, COALESCE(BOOL_OR(c.step_down), FALSE) AS has_steps
FROM ({counting}) c{but_undone}
GROUP BY c.actor_id, c.issue_id"""
_BUT_UNDONE = """
LEFT JOIN steps s ON s.actor_id = c.actor_id AND s.issue_id = c.issue_id
WHERE s.place IS NULL OR s.place = c.place OR (NOT c.step_down AND c.ranks_by > s.ranks_by)"""
_ROWS = f"SELECT p.* FROM {_PLACES} p WHERE p.place IN (SELECT b.place FROM best b)"
_ANSWER = """
SELECT CAST($period AS VARCHAR) AS period, CAST($day AS DATE) AS on_day, p.*,
    CAST($day - LEAST(p.holds_until, $day) AS INTEGER) AS age_days,
    p.stated_latest >= $first_day AS observed,
    CAST($coverage_from AS DATE) AS coverage_from, CAST($coverage_to AS DATE) AS coverage_to,
    CAST($coverage_from AS DATE) <= $day AND $day <= CAST($coverage_to AS DATE) AS covered
FROM ({dated}) p
WHERE CAST($max_age AS INTEGER) IS NULL OR $day - LEAST(p.holds_until, $day) <= $max_age
ORDER BY p.actor_id, p.issue_id"""


class Day:
    """Positions in one file, of which what stands on a day is asked.

    Args:
        engine: An engine that has `actors`.
        file: The file.
    """

    def __init__(self, engine: DuckDBEngine, file: TableFile) -> None:
        self._engine = engine
        engine.register_numbered(_PLACES, file)

    def standing(
        self, period: Period, max_age: int | None, coverage: Coverage, **narrowed: str | None
    ) -> pa.Table:
        """Return what stands at the end of a period: the answer of `as_of.sql`.

        Args:
            period: The period.
            max_age: The most days for which a position stands; None for any.
            coverage: The first and the last day that the data cover.
            **narrowed: Only one `actor_id` or `issue_id`.
        """
        name, first_day, day = period
        best = self._best(day, {column: v for column, v in narrowed.items() if v is not None})
        rows = self._engine.query(_ROWS, best=best).drop_columns(["place"])
        asked: dict[str, object] = {"period": name, "first_day": first_day, "day": day}
        asked |= {
            "max_age": max_age,
            **dict(zip(("coverage_from", "coverage_to"), coverage, strict=True)),
        }
        return self._engine.bound(
            _ANSWER.format(dated=_dated("SELECT * FROM found")), asked, found=rows
        )

    def _best(self, day: datetime.date, narrowed: dict[str, str]) -> pa.Table:
        """Find the places of the positions that stand on a day."""
        counting = _COUNTING.format(dated=_dated(f"SELECT * FROM {_PLACES}"))
        counting += "".join(f" AND p.{column} = ${column}" for column in narrowed)
        bound: dict[str, object] = {"day": day, **narrowed}
        best = self._engine.bound(_BEST.format(counting=counting, but_undone=""), bound)
        if not any(best.column("has_steps").to_pylist()):
            return best  # as mostly: nothing was undone
        steps = self._engine.bound(_STEPS.format(counting=counting), bound)
        sql = _BEST.format(counting=counting, but_undone=_BUT_UNDONE)
        return self._engine.bound(sql, bound, steps=steps)


def _dated(positions: str) -> str:
    return reading("questions/dated", positions=positions)
