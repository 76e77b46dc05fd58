"""The matrix at the ends of sixty months, from Parquet to tables of whole positions."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.as_of import triples
from benchmarks.work.loading import library

_STARTS = [datetime.date(2019 + n // 12, n % 12 + 1, 1) for n in range(61)]
DAYS = [day - datetime.timedelta(days=1) for day in _STARTS[1:]]
"""The last days of 2019-01 to 2023-12."""
_KEY = ("on_day", "actor_id", "issue_id", "stance_id")


def ours(folder: Path) -> Run:
    """The library's `matrix(on=…)`, sixty times."""
    import pyarrow as pa

    read = library().read

    def run() -> Any:
        ds = read(folder)
        return pa.concat_tables([ds.matrix(on=day) for day in DAYS])

    return run


def ours_at_once(folder: Path) -> Run:
    """The library's `panel`, which gives the same sixty days in one question."""
    read = library().read
    return lambda: read(folder).panel(every="month", start=DAYS[0], end=DAYS[-1])


def polars(folder: Path) -> Run:
    """By hand, with `join_asof`."""
    import pyarrow  # noqa: F401

    from benchmarks.work import matrix_polars

    return lambda: matrix_polars.matrix(folder, DAYS).to_arrow()


WORK = Work(
    "matrix at 60 dates, from Parquet",
    {OURS: ours, "stancedata, as one panel": ours_at_once, "polars join_asof": polars},
    {"polars join_asof": 0.5},
    checksum=lambda table: triples(table, _KEY),
)
