"""Parquet that every reader reads: whole partitions, and empty tables."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import stancedata as sd
from stancedata.tables.contract import BY_NAME
from stancedata.tables.manifest import Identity
from stancedata.tables.parquet_writer import write


def test_a_table_with_nulls_stays_whole(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Only tables in which every row has a value are partitioned; the rest are single files."""
    dataset.export(tmp_path / "out", partition_by="issue_id", panel=False)
    assert dataset.tables["conditions"].column("issue_id").null_count
    assert (tmp_path / "out" / "conditions.parquet").is_file()
    assert (tmp_path / "out" / "stances" / "stances-recognition.parquet").is_file()
    assert dataset.digest == sd.read(tmp_path / "out").digest


def test_every_value_stays_a_text(tmp_path: Path) -> None:
    """Readers take no value for a day, a number or null, and skip no file for its name."""
    values = [
        "2021", "1e5", "2021-10-20", "null", "NaN", "true", "_x", ".x", "..", "a/b", "a=b", "é",
    ]  # fmt: skip
    rows = pa.table({"document_id": values, "actor_id": values, "position": [1] * len(values)})
    table, identity = BY_NAME["document_authors"], Identity("1", "1", "1", "1")
    write(table, [rows.cast(table.schema)], tmp_path, lambda: identity, "actor_id")
    folder = tmp_path / table.name
    assert len(values) == len([*folder.iterdir()]) == len([*tmp_path.rglob("*.parquet")])
    read: list[list[Any]] = [
        pl.read_parquet(folder)["actor_id"].to_list(),
        pl.read_parquet(folder / "*.parquet", hive_partitioning=True)["actor_id"].to_list(),
        pd.read_parquet(folder)["actor_id"].tolist(),
        pq.read_table(folder)["actor_id"].to_pylist(),
    ]
    assert all(sorted(values) == sorted(found) for found in read)
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT actor_id FROM '{folder}/*.parquet'").fetchall()
    assert sorted(values) == sorted(value for (value,) in found)


def test_each_file_of_a_partition_can_be_read_alone(small: sd.Dataset, tmp_path: Path) -> None:
    """It has all columns, in order, and declares its order by the whole key."""
    small.export(tmp_path / "out", partition_by="issue_id", panel=False)
    files = [*(tmp_path / "out" / "stances").iterdir()]
    assert {
        f"stances-{row}.parquet"
        for row in small.sql("SELECT DISTINCT issue_id FROM stances").column("issue_id").to_pylist()
    } == {file.name for file in files}
    for file in files:
        rows = pq.read_table(file)
        assert BY_NAME["stances"].schema.names == rows.schema.names
        assert [file.stem.partition("-")[2]] == rows.column("issue_id").unique().to_pylist()
        assert len(BY_NAME["stances"].key) == len(
            pq.read_metadata(file).row_group(0).sorting_columns
        )


def test_every_format_has_one_order(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Files of a partitioned table, one after another, have the rows as CSV and SQLite have them."""
    out = tmp_path / "out"
    dataset.export(out, ("csv", "sqlite", "parquet"), "issue_id", panel=False)
    parts = pa.concat_tables(pq.read_table(file) for file in sorted((out / "stances").iterdir()))
    ids = [str(row) for row in parts.column("stance_id").to_pylist()]
    assert ids != sorted(ids)
    assert ids == pl.read_csv(out / "stances.csv")["stance_id"].to_list()
    with contextlib.closing(sqlite3.connect(out / "stancedata.sqlite")) as connection:
        found = connection.execute("SELECT stance_id FROM stances ORDER BY rowid")
        assert ids == [row for (row,) in found]
    for file in (out / "manifest.json", *out.rglob("*.parquet")):
        file.unlink()
    assert dataset.digest == sd.read(out).digest


def test_an_empty_table_has_a_row_group(small: sd.Dataset, tmp_path: Path) -> None:
    """Some readers refuse a file without any row group."""
    small.export(tmp_path / "out", panel=False)
    empty = [n for n, t in small.tables.items() if not t.num_rows and BY_NAME[n].until == 0]
    assert empty
    for name in empty:
        assert 1 == pq.read_metadata(tmp_path / "out" / f"{name}.parquet").num_row_groups
    assert [] == [p for p in sd.check(tmp_path / "out") if p.severity == "error"]


def test_pandas_compares_days_and_keeps_whole_numbers(small: sd.Dataset, tmp_path: Path) -> None:
    """`to_pandas` gives days and nullable numbers, as reading by `dtype_backend` does."""
    frame = small.stances.to_pandas()
    assert "M" == frame["stated_earliest"].dtype.kind
    assert (frame["stated_earliest"] > pd.Timestamp("1990-01-01")).all()
    assert pd.Int32Dtype() == frame["level"].dtype
    small.export(tmp_path / "out", panel=False)
    read = pd.read_parquet(tmp_path / "out" / "stances.parquet", dtype_backend="pyarrow")
    assert read["level"].tolist() == frame["level"].tolist()
    assert (pd.to_datetime(read["stated_earliest"]) == frame["stated_earliest"]).all()
