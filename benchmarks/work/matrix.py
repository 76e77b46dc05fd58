"""The matrix at sixty month ends, from Parquet to tables of whole positions."""

from __future__ import annotations

import datetime
from pathlib import Path

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.as_of import triples
from benchmarks.work.loading import library

_STARTS = [datetime.date(2019 + n // 12, n % 12 + 1, 1) for n in range(61)]
DAYS = [day - datetime.timedelta(days=1) for day in _STARTS[1:]]
"""The last days of 2019-01 to 2023-12."""
_KEY = ("on_day", "actor_id", "issue_id", "stance_id")


def ours(folder: Path) -> Run:
    """The library's `matrix(on=…)` for sixty days."""
    read = library().read
    return lambda: read(folder).matrix(on=DAYS)


def polars(folder: Path) -> Run:
    """By hand in polars, with `join_asof`."""
    import pyarrow  # noqa: F401

    from benchmarks.work import matrix_polars

    return lambda: matrix_polars.matrix(folder, DAYS).to_arrow()


WORK = Work(
    "matrix at 60 dates, from Parquet",
    {OURS: ours, "polars join_asof": polars},
    {"polars join_asof": 0.5},
    checksum=lambda table: triples(table, _KEY),
)
