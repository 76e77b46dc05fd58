"""Agreement of every two of two hundred holders at sixty month ends, from Parquet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.loading import arrow_parquet, library
from benchmarks.work.matrix import DAYS


def ours(folder: Path) -> Run:
    """The library's `agreement` for all sixty months in one call, joint statements among them."""
    read = library().read

    def run() -> Any:
        ds = read(folder)
        return [ds.agreement(every="month", start=DAYS[0], end=DAYS[-1], joint=True)]

    return run


def numpy(folder: Path) -> Run:
    """By hand in NumPy: positions by one reduction per day, then products of one-hot matrices."""
    # Products this small took five times as long on two threads as on one.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"

    arrow_parquet()
    from benchmarks.work import agreement_numpy

    return lambda: agreement_numpy.agreement(folder, DAYS)


def _checksum(answers: list[Any]) -> str:
    """Format the number of pairs, and the sums of the measures to six decimals."""
    import pyarrow.compute as pc

    compute: Any = pc
    sums = [
        [compute.sum(table.column(name)).as_py() or 0 for table in answers]
        for name in ("shared", "shared_own", "similarity", "like_signs")
    ]
    pairs = sum(table.num_rows for table in answers)
    return f"{pairs} pairs, " + ", ".join(f"{sum(column):.6f}" for column in sums)


WORK = Work(
    "agreement, 200 holders at 60 dates, from Parquet",
    {OURS: ours, "NumPy one-hot product": numpy},
    {"NumPy one-hot product": 1.2},
    checksum=_checksum, sizes=(100_000,),
)  # fmt: skip
