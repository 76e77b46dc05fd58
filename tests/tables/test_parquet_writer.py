"""Parquet that every reader reads: partitions without nulls and lookalikes, and empty tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.tables.contract import BY_NAME
from stancedata.tables.parquet_writer import partition_column


def test_a_table_with_nulls_stays_whole(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Only tables in which every row has a value are partitioned; the rest are single files."""
    dataset.export(tmp_path / "out", partition_by="issue_id")
    assert dataset.tables["conditions"].column("issue_id").null_count
    assert (tmp_path / "out" / "conditions.parquet").is_file()
    assert (tmp_path / "out" / "stances" / "issue_id=recognition").is_dir()
    assert dataset.digest == sd.read(tmp_path / "out").digest


@pytest.mark.parametrize(
    "value", ["2021", "1e5", "-3.5", "2021-10-20", "2021-10", "null", "NaN", "true", "Inf", "NA"]
)
def test_values_that_look_like_others_are_refused(value: str) -> None:
    """A value that a reader takes for a day, number, boolean or null would change its type."""
    rows = pa.table({"issue_id": ["aid", value]})
    with pytest.raises(sd.StancedataError, match=r"number or null, got '.+'; choose another"):
        partition_column(BY_NAME["stances"], "issue_id", lambda: [rows])


@pytest.mark.parametrize("value", ["aid", "g7", "nano", "2021-summit", "e5", "trust"])
def test_other_values_are_not(value: str) -> None:
    """Ids that only resemble numbers or days are texts to every reader."""
    rows = pa.table({"issue_id": [value]})
    assert "issue_id" == partition_column(BY_NAME["stances"], "issue_id", lambda: [rows])
    assert "" == partition_column(BY_NAME["issues"], "issue_id", lambda: [rows])


def test_an_empty_table_has_a_row_group(small: sd.Dataset, tmp_path: Path) -> None:
    """Some readers refuse a file without any row group."""
    small.export(tmp_path / "out")
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
    small.export(tmp_path / "out")
    read = pd.read_parquet(tmp_path / "out" / "stances.parquet", dtype_backend="pyarrow")
    assert read["level"].tolist() == frame["level"].tolist()
    assert (pd.to_datetime(read["stated_earliest"]) == frame["stated_earliest"]).all()
