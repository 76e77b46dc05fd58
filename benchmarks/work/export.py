"""Write every table to Parquet with zstd, from tables in memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.loading import arrow_parquet, library
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import tables_of

LEVEL = "COMPRESSION zstd, COMPRESSION_LEVEL 1"
"""How DuckDB compresses as PyArrow does by default, and the library."""
NAMES = tuple(table.name for table in tables_of(SCHEMA_VERSION))


def ours(folder: Path) -> Run:
    """The library's `export` of a dataset whose tables are loaded."""
    ds = loaded(folder)
    return into(folder, lambda out: ds.export(out, panel=False))


def with_panels(folder: Path) -> Run:
    """The same with the panels, which peers do not write."""
    return into(folder, loaded(folder).export)


def loaded(folder: Path) -> Any:
    """Open a dataset and load its tables."""
    ds = library().read(folder)
    for name in NAMES:
        ds.tables[name]
    return ds


def pyarrow(folder: Path) -> Run:
    """`write_table` of each table."""
    return _pyarrow(folder, 1)


def pyarrow_on_two(folder: Path) -> Run:
    """The same, two tables at a time as in the library."""
    return _pyarrow(folder, 2)


def _pyarrow(folder: Path, threads: int) -> Run:
    pq, pool = arrow_parquet(), ThreadPoolExecutor(threads)
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in NAMES}
    largest = sorted(tables, key=lambda name: tables[name].nbytes, reverse=True)

    def write(out: Path) -> None:
        def one(name: str) -> None:
            pq.write_table(tables[name], out / f"{name}.parquet", compression="zstd")

        for _ in pool.map(one, largest):
            pass

    return into(folder, write)


def duckdb(folder: Path) -> Run:
    """`COPY` of each table of a database in memory."""
    import duckdb

    connection = duckdb.connect()
    for name in NAMES:
        connection.execute(f"CREATE TABLE {name} AS FROM read_parquet('{folder}/{name}.parquet')")

    def write(out: Path) -> None:
        for name in NAMES:
            file = out / f"{name}.parquet"
            connection.execute(f"COPY {name} TO '{file}' (FORMAT parquet, {LEVEL})")

    return into(folder, write)


def polars(folder: Path) -> Run:
    """`write_parquet` of each frame."""
    import polars as pl

    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in NAMES}

    def write(out: Path) -> None:
        for name, frame in frames.items():
            frame.write_parquet(out / f"{name}.parquet", compression="zstd", compression_level=1)

    return into(folder, write)


def into(folder: Path, write: Callable[[Path], object]) -> Run:
    """Return a run that writes to a new folder next to the data and returns that folder."""

    def run() -> Path:
        out = Path(tempfile.mkdtemp(prefix="written-", dir=folder.parent))
        write(out)
        return out

    return run


def written(out: Path) -> str:
    """Count the rows of each file and the characters of the summaries, then delete the folder.

    The codebook of an export is left out: it also describes the panels, which peers do not write.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    compute: Any = pc
    names = [name for name in NAMES if name != "codebook"]
    rows = [pq.read_metadata(out / f"{name}.parquet").num_rows for name in names]
    summaries = pq.ParquetFile(out / "stances.parquet").iter_batches(columns=["summary"])
    characters = sum(compute.sum(compute.utf8_length(b.column(0))).as_py() or 0 for b in summaries)
    shutil.rmtree(out)
    return f"{rows} rows, {characters} characters"


WORK = Work(
    "export to Parquet, from tables in memory",
    {OURS: ours, "stancedata, with panels": with_panels, "pyarrow": pyarrow,
     "pyarrow, two tables at a time": pyarrow_on_two, "DuckDB": duckdb, "polars": polars},
    {"pyarrow": 1.2, "DuckDB": 1.2, "polars": 1.2},
    checksum=written,
)  # fmt: skip
