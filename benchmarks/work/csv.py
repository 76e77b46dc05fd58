"""Write every table as CSV, from tables in memory."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.export import NAMES, into, loaded
from benchmarks.work.loading import arrow_parquet


def ours(folder: Path) -> Run:
    """The library's `export`, which looks for formulas in every text."""
    ds = loaded(folder)
    return into(folder, lambda out: ds.export(out, formats=("csv",), panel=False))


def pyarrow(folder: Path) -> Run:
    """`write_csv` of each table."""
    from pyarrow import csv

    pq = arrow_parquet()
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in NAMES}

    def write(out: Path) -> None:
        for name, table in tables.items():
            csv.write_csv(table, out / f"{name}.csv")

    return into(folder, write)


def polars(folder: Path) -> Run:
    """`write_csv` of each frame."""
    import polars as pl

    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in NAMES}

    def write(out: Path) -> None:
        for name, frame in frames.items():
            frame.write_csv(out / f"{name}.csv")

    return into(folder, write)


def _written(out: Path) -> str:
    """Count the rows of each file, then delete the folder; no made text has a line break."""
    names = [name for name in NAMES if name != "codebook"]
    rows = [(out / f"{name}.csv").read_bytes().count(b"\n") - 1 for name in names]
    shutil.rmtree(out)
    return f"{rows} rows"


WORK = Work(
    "export to CSV, from tables in memory",
    {OURS: ours, "pyarrow": pyarrow, "polars": polars},
    {"pyarrow": 1.5},
    checksum=_written,
)
