"""Re-export a dataset: read every table from Parquet and write it with zstd."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.export import LEVEL, NAMES, into, written
from benchmarks.work.loading import arrow_parquet, library


def ours(folder: Path) -> Run:
    """The library's `export` of a dataset whose tables are not loaded."""
    read = library().read
    return into(folder, lambda out: read(folder).export(out, panel=False))


def pyarrow(folder: Path) -> Run:
    """`read_table` and `write_table` of each table."""
    pq = arrow_parquet()

    def write(out: Path) -> None:
        for name in NAMES:
            table = pq.read_table(folder / f"{name}.parquet")
            pq.write_table(table, out / f"{name}.parquet", compression="zstd")

    return into(folder, write)


def duckdb(folder: Path) -> Run:
    """`COPY` of each file."""
    import duckdb

    def write(out: Path) -> None:
        with duckdb.connect() as connection:
            for name in NAMES:
                one, other = folder / f"{name}.parquet", out / f"{name}.parquet"
                copied = f"(FROM read_parquet('{one}')) TO '{other}'"
                connection.execute(f"COPY {copied} (FORMAT parquet, {LEVEL})")

    return into(folder, write)


def polars(folder: Path) -> Run:
    """`scan_parquet` and `sink_parquet` of each file."""
    import polars as pl

    def write(out: Path) -> None:
        for name in NAMES:
            scan = pl.scan_parquet(folder / f"{name}.parquet")
            scan.sink_parquet(out / f"{name}.parquet", compression="zstd", compression_level=1)

    return into(folder, write)


WORK = Work(
    "export to Parquet, read from Parquet",
    {OURS: ours, "pyarrow": pyarrow, "DuckDB": duckdb, "polars": polars},
    {"pyarrow": 1.5, "DuckDB": 1.5, "polars": 1.5},
    checksum=written,
    sizes=(1_000_000, 10_000_000),
)
