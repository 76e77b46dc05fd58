"""Answers that print as rows, and are accepted where tables are."""

from __future__ import annotations

import contextlib
import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest

from stancedata import Dataset, Result

DAY = "2021-10-20"


def test_an_answer_prints_rows(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows print in the width of the terminal, who stands where first."""
    monkeypatch.setenv("COLUMNS", "60")
    shown = str(dataset.matrix(on=DAY)).splitlines()
    assert shown[0].split()[:3] == ["period", "actor_name", "issue_id"]
    assert shown[1].startswith("2021-10-20  Afghan politicians")
    assert shown[11].startswith("not shown: ")
    assert max(map(len, shown)) <= 60
    assert shown[-1].endswith("columns, the first 10 shown")
    assert repr(dataset.matrix(on=DAY)).splitlines() == shown


def test_columns_of_a_query_keep_their_order(dataset: Dataset) -> None:
    """Only tables with more columns than fit are put into reading order."""
    found = dataset.sql("SELECT stance_id, issue_id, level FROM stances LIMIT 1")
    assert str(found).splitlines()[0].split() == ["stance_id", "issue_id", "level"]
    wide = dataset.sql("SELECT * FROM positions LIMIT 1")
    assert str(wide).splitlines()[0].split()[:2] == ["actor_name", "issue_id"]
    assert wide.column_names[0] == "actor_id"


def test_hostile_text_prints_harmlessly() -> None:
    """Control characters, line breaks and markup of the data are not passed on."""
    hostile = Result(pa.table({"a": ["\x1b[2J<script>\nx"], "b": [None]}))
    assert "\x1b" not in str(hostile)
    assert len(str(hostile).splitlines()) == 3
    assert "&lt;script&gt;" in hostile._repr_html_()
    assert "<td></td>" in hostile._repr_html_()


def test_columns_of_one_name_and_no_rows_print() -> None:
    """Tables may have two columns of one name, no rows, or no columns."""
    twice = Result(pa.Table.from_arrays([pa.array([1]), pa.array([2])], ["n", "n"]))
    assert str(twice).splitlines() == ["n  n", "1  2", "1 row, 2 columns"]
    assert "<td>1</td><td>2</td>" in twice._repr_html_()
    assert str(twice.slice(0, 0)).splitlines() == ["n  n", "0 rows, 2 columns"]
    assert "0 columns" in str(twice.select([]))
    wide = Result(pa.table({f"c{n}": pa.array([], pa.int32()) for n in range(30)}))
    assert "nothing found: 0 rows, 30 columns" == str(wide)
    assert "<p>nothing found: 0 rows, 30 columns</p>" == wide._repr_html_()
    late = Result(pa.table({"day": pa.array([10_000_000], pa.date32())}))
    assert "29349-01-26" in str(late)


def test_an_answer_is_a_table(dataset: Dataset) -> None:
    """Methods of tables work and chain, and other libraries read the rows directly."""
    found = dataset.matrix(on=DAY)
    table = found.to_arrow()
    assert type(table) is pa.Table
    assert found == table
    assert found.equals(dataset.matrix(on=DAY))
    assert len(found) == found.num_rows == pa.table(found).num_rows == pl.DataFrame(found).height
    assert duckdb.execute("SELECT count(*) FROM found").fetchall() == [(len(found),)]
    chained = found.filter(pa.compute.field("actor_id") == "russia").select(["issue_id"])
    assert isinstance(chained, Result)
    assert isinstance(found.head(3), Result)
    assert found.head(3).to_pylist() == table.slice(0, 3).to_pylist()
    assert found["level"].equals(table["level"])
    assert "num_rows" in dir(found)
    with pytest.raises(AttributeError, match="no_such"):
        _ = found.no_such
    assert pickle.loads(pickle.dumps(found)) == copy.copy(found) == copy.deepcopy(found) == table


def test_what_reads_an_answer(dataset: Dataset, tmp_path: Path) -> None:
    """What docs/notebooks.md says takes an answer or a collection does, and gives every row."""
    readers: list[Any] = [dataset.matrix(on=DAY), dataset.actors]
    for rows in readers:
        size = len(rows)
        database = duckdb.connect()
        database.register("registered", rows)
        for found in (database.sql("FROM registered"), duckdb.from_arrow(rows)):
            assert size == len(found.fetchall())
        assert size == pl.LazyFrame(rows).collect().height
        assert size == pa.RecordBatchReader.from_stream(rows).read_all().num_rows
        pads.write_dataset(rows, tmp_path / str(size), format="parquet")
        assert size == pads.dataset(tmp_path / str(size)).count_rows()


def test_what_refuses_an_answer(dataset: Dataset, tmp_path: Path) -> None:
    """What docs/notebooks.md says needs `to_arrow` does: when one takes an answer, say so there."""
    answer = dataset.matrix(on=DAY)
    refusing: list[Callable[[Any], Any]] = [
        lambda rows: pq.write_table(rows, tmp_path / "rows.parquet"),
        lambda rows: pa.csv.write_csv(rows, tmp_path / "rows.csv"),
        lambda rows: pa.concat_tables([rows]),
        pads.dataset,
        lambda rows: pa.compute.take(rows, [0]),
    ]
    for take in refusing:
        with pytest.raises(TypeError):
            take(answer)
        take(answer.to_arrow())
    with contextlib.suppress(TypeError):  # an old polars refuses it
        assert isinstance(pl.from_arrow(answer), pl.Series)
    assert isinstance(pl.from_arrow(answer.to_arrow()), pl.DataFrame)


def test_data_frames_have_fitting_types(dataset: Dataset) -> None:
    """Days are days, and whole numbers stay whole where some are null."""
    frame = dataset.matrix(on=DAY).to_pandas()
    assert pd.api.types.is_datetime64_dtype(frame["on_day"])
    assert (frame["on_day"] == DAY).all()
    assert frame["level"].dtype == "Int32"
    assert frame["cow"].isna().any()
    counts = dataset.sql("SELECT count(*) AS n FROM stances UNION ALL SELECT NULL").to_pandas()
    assert counts["n"].dtype == "Int64"
    assert dataset.matrix(on=DAY).to_polars().schema["on_day"] == pl.Date
    days = dataset.matrix(on=DAY).to_pandas(date_as_object=True)["on_day"]
    assert days.dtype == object


def test_printing_does_not_import_pandas() -> None:
    """Printing is as light as the table itself."""
    code = (
        "import sys, pyarrow as pa; from stancedata import Result;"
        "r = Result(pa.Table.from_arrays([pa.nulls(1)], ['a'])); str(r); r._repr_html_(); r.head();"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
