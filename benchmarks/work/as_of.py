"""Positions of every holder on every issue as of one day, from Parquet."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path
from typing import Any

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.loading import arrow_parquet, library

DAY = datetime.date(2023, 3, 31)
# Read the deciding columns first, then the winning rows: the fastest of the ways tried.
_QUERY = """
WITH winners AS (
    SELECT arg_min(file_row_number, (
        CASE WHEN kind = 'deeds' THEN -coalesce(level, -9) ELSE 0 END, $day - stated_earliest, stated_latest,
        list_position(['day', 'lasting', 'uncertain'], date_kind), stance_id
    )) AS number
    FROM read_parquet($positions, file_row_number = true)
    WHERE CASE WHEN date_kind = 'lasting' THEN stated_earliest ELSE stated_latest END <= $day
        AND actor_id IN (
            SELECT actor_id FROM read_parquet($actors) WHERE valid_to IS NULL OR valid_to >= $day
        )
    GROUP BY actor_id, issue_id
)
SELECT * EXCLUDE (file_row_number)
FROM read_parquet($positions, file_row_number = true)
WHERE file_row_number IN (FROM winners)
ORDER BY actor_id, issue_id
"""


def ours(folder: Path) -> Run:
    """The library's `positions(on=…)`."""
    read = library().read
    return lambda: read(folder).positions(on=DAY)


def duckdb(folder: Path) -> Run:
    """A hand-written query over the files."""
    import duckdb
    import pyarrow  # noqa: F401

    def run() -> Any:
        files = {n: str(folder / f"{n}.parquet") for n in ("positions", "actors")}
        with duckdb.connect() as connection:
            return connection.sql(_QUERY, params={"day": DAY, **files}).to_arrow_table()

    return run


def pyarrow(folder: Path) -> Run:
    """Read the deciding columns only."""
    pq = arrow_parquet()
    columns = ["actor_id", "issue_id", "level", "date_kind", "stated_earliest", "stated_latest",
               "own", "stance_id"]  # fmt: skip
    return lambda: pq.read_table(folder / "positions.parquet", columns=columns)


def triples(table: Any, names: tuple[str, ...] = ("actor_id", "issue_id", "stance_id")) -> str:
    """Compute a digest of holder, issue and stance of every row, with the number of rows."""
    rows = sorted(zip(*(table.column(name).to_pylist() for name in names), strict=True))
    text = "\n".join(map(str, rows))
    return f"{len(rows)} rows, {hashlib.sha256(text.encode()).hexdigest()[:16]}"


WORK = Work(
    "as-of, every holder and issue, from Parquet",
    {OURS: ours, "DuckDB": duckdb, "pyarrow, reading": pyarrow},
    {"DuckDB": 1.2},
    checksum=triples, limits=frozenset({"pyarrow, reading"}), sizes=(1_000_000, 10_000_000),
)  # fmt: skip
