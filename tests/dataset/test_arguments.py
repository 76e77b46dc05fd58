"""Arguments of every kind are taken for what they are, or refused with one sentence."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import stancedata as sd
from stancedata import charts
from stancedata.questions.positions import calendar

NO_PATHS: tuple[Any, ...] = (
    None,
    "",
    1,
    True,
    1.5,
    b"data",
    ["data"],
    {},
    object(),
    "a\0b",
    "\ud800",
    "x" * 5_000,
)
NO_LISTS: tuple[Any, ...] = (
    None, "parquet", 1, True, b"x", {"parquet": 1}, [None], [1], object(), np.array("parquet"),
)  # fmt: skip
NO_FLAGS: tuple[Any, ...] = (None, "", "no", 0, 1, [], np.True_, pd.NA)


def _kind(value: object) -> str:
    return type(value).__name__


def refused(call: Callable[[], object]) -> str:
    """Return the one line with which a call is refused."""
    with pytest.raises(sd.StancedataError) as error:
        call()
    said = str(error.value)
    assert 1 == len(said.splitlines())
    assert len(said) < 1_000
    said.encode()
    return said


@pytest.mark.parametrize("path", NO_PATHS, ids=_kind)
def test_what_is_no_path_is_refused(dataset: sd.Dataset, path: Any) -> None:
    """Nothing is read or written, in particular not the current folder for an empty text."""
    calls: list[Callable[[Any], object]] = [sd.read, sd.check, sd.complete, dataset.export]
    for call in calls:
        assert refused(partial(call, path)).startswith(("path: ", "folder: "))
    assert refused(lambda: sd.read(path, engine=object())).startswith("path: ")
    assert refused(lambda: sd.check(path, engine=object())).startswith("path: ")
    assert "corpus: is not a folder" in refused(lambda: sd.Corpus(path))


@pytest.mark.parametrize("given", NO_LISTS, ids=_kind)
def test_what_is_no_list_is_refused(dataset: sd.Dataset, tmp_path: Path, given: Any) -> None:
    """A text is not taken for a list of its letters."""
    assert refused(lambda: dataset.export(tmp_path / "out", given)).startswith("formats: must be a")
    assert refused(lambda: sd.check(tmp_path, without=given)).startswith("without: must be a list")
    assert refused(lambda: sd.check(tmp_path, only=given)).startswith("only: must be a list")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("given", NO_FLAGS, ids=_kind)
def test_what_is_no_flag_is_refused(dataset: sd.Dataset, tmp_path: Path, given: Any) -> None:
    """'no' is not taken for yes, nor 1 for True."""
    for name in ("csv_bom", "csv_plain", "archive"):
        said = refused(partial(dataset.export, tmp_path / "out", ["csv"], **{name: given}))
        assert said.startswith(f"{name}: must be True or False")
    if given is not None:
        said = refused(lambda: dataset.export(tmp_path / "out", panel=given))
        assert said.startswith("panel: must be True or False")
    assert refused(lambda: sd.check(tmp_path, history=given)).startswith("history: must be True")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("given", [None, 1, True, b"issue_id", ["issue_id"], pd.NA], ids=_kind)
def test_a_column_is_a_text(dataset: sd.Dataset, tmp_path: Path, given: Any) -> None:
    """Another value is not taken for no column."""
    said = refused(lambda: dataset.export(tmp_path / "out", partition_by=given))
    assert said.startswith("partition_by: must be a column")


@pytest.mark.parametrize("given", [None, "", " ", 0, True, b"0", "\ud800", "é"], ids=repr)
def test_an_expected_digest_is_a_text(tmp_path: Path, given: Any) -> None:
    """Nothing else is compared, or taken for none."""
    assert refused(lambda: sd.check(tmp_path, expect=given)).startswith("expect: must be a digest")


def test_progress_is_a_function(tmp_path: Path) -> None:
    """It is refused before the check begins, not at its first row."""
    progress: Any = True
    assert refused(lambda: sd.check(tmp_path, progress=progress)).startswith("progress: must be a")


TIMES = (
    datetime.datetime(2021, 10, 20, 23, 30),
    datetime.datetime(2021, 10, 20, tzinfo=datetime.UTC),
    pd.Timestamp("2021-10-20 23:30"),
    pd.Timestamp("2021-10-20", tz="Asia/Kabul"),
    pd.Timestamp("2021-10-20") + pd.Timedelta(1, "ns"),
    np.datetime64("2021-10-20T23:30"),
    np.datetime64("NaT"),
)


@pytest.mark.parametrize("moment", TIMES, ids=str)
def test_a_time_is_not_cut_to_a_day(dataset: sd.Dataset, moment: Any) -> None:
    """A moment is another day elsewhere, so that it is refused wherever a day is meant."""
    for call in (
        lambda: dataset.position("russia", "recognition", on=moment),
        lambda: dataset.matrix(on=[moment]),
        lambda: dataset.positions(on="2021-10-20", since=moment),
        lambda: dataset.shifts(start=moment),
        lambda: dataset.silence(end=moment),
    ):
        assert "must be a day, got " in refused(call)


@pytest.mark.parametrize(
    "day",
    [
        pd.Timestamp("2021-10-20"),
        datetime.datetime(2021, 10, 20),
        np.datetime64("2021-10-20"),
        pd.Series(pd.to_datetime(["2021-10-20"])).to_numpy()[0],
    ],
    ids=repr,
)
def test_a_day_of_a_data_frame_is_a_day(dataset: sd.Dataset, day: Any) -> None:
    """Its midnight, without a time zone, is the day."""
    wanted = dataset.matrix(on="2021-10-20").to_pylist()
    assert wanted
    assert wanted == dataset.matrix(on=day).to_pylist()
    assert (
        charts.matrix(dataset, on=day).to_dict() == charts.matrix(dataset, "2021-10-20").to_dict()
    )


def test_a_number_of_numpy_is_a_number(dataset: sd.Dataset) -> None:
    """It is what a cell of a data frame has."""
    age: Any = np.int64(365)
    wanted = dataset.matrix(on="2021-10-20", max_age=365).to_pylist()
    assert wanted
    assert wanted == dataset.matrix(on="2021-10-20", max_age=age).to_pylist()
    rows: Any = np.int32(3)
    assert wanted[:3] == dataset.matrix(on="2021-10-20", max_age=365).head(rows).to_pylist()


class _Odd:
    """What cannot be shown or compared."""

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        raise ZeroDivisionError

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError


ODD: tuple[Any, ...] = (
    1, True, b"x", ["step"], {}, pd.NA, pd.NaT, np.array(["a", "b"]), pd.Series(["step"]),
    pd.DataFrame({"a": [1]}), str, _Odd(),
)  # fmt: skip


@pytest.mark.parametrize("value", ODD, ids=_kind)
def test_what_is_no_name_is_refused(dataset: sd.Dataset, value: Any) -> None:
    """A value that cannot be compared with a text, or shown, is none of the names."""
    assert "no kind of change is called" in refused(lambda: dataset.shifts(kind=value))
    assert "no coverage is called" in refused(lambda: dataset.silence(coverage=value))
    assert "style: is unknown" in refused(lambda: dataset.cite(style=value))
    assert "no stance has the id" in refused(lambda: dataset.stances[value])
    assert "no actor has the id" in refused(lambda: dataset.actors[value])
    assert "position: must be a Position" in refused(lambda: dataset.sources(value))
    assert "name: must be text" in refused(lambda: dataset.actors.suggest(value))


@pytest.mark.parametrize("name", ["Russia", "RUS", "Kremlin"])
def test_a_name_is_no_key(dataset: sd.Dataset, name: str) -> None:
    """The error says which ID the name stands for."""
    assert refused(lambda: dataset.actors[name]).endswith("it is a name of 'russia'")


@pytest.mark.parametrize("rows", [None, -1, 1.0, True, "5", [5], pd.NA, np.array([1, 2])], ids=repr)
def test_what_is_no_number_of_rows_is_refused(dataset: sd.Dataset, rows: Any) -> None:
    """None is not all rows, and -1 not all but the last."""
    assert "rows: must be a whole number" in refused(lambda: dataset.shifts().head(rows))


def test_more_rows_than_there_are(dataset: sd.Dataset) -> None:
    """Any number of rows is one, and the table has no more than its own."""
    shifts = dataset.shifts()
    assert len(shifts) == len(shifts.head(10**30))


@pytest.mark.parametrize("query", ["x" * 10**5, "\x1b[31m"], ids=["long", "escape"])
def test_a_refused_query_is_shown_in_part(dataset: sd.Dataset, query: str) -> None:
    """A query of any length is refused with one line, without what controls a terminal."""
    assert refused(lambda: dataset.sql(query)).isprintable()


def test_a_calendar_numbers_every_day() -> None:
    """Two numbers are as far apart as their days, from the first day there is to the last."""
    days = calendar(datetime.date.min, datetime.date.max)
    assert days.num_rows == datetime.date.max.toordinal()
    for row in (0, 1, 719_162, days.num_rows - 1):
        assert days["day"][row].as_py() == datetime.date.fromordinal(row + 1)
        assert days["number"][row].as_py() - days["number"][0].as_py() == row


@pytest.mark.parametrize("text", [None, 1, b"2021", ["2021"], pd.NaT], ids=_kind)
def test_what_is_no_text_is_no_date(text: Any) -> None:
    """It is an error of a date, as any other."""
    with pytest.raises(sd.DateError, match="is not a text, got "):
        sd.StatedDate.parse(text)


@pytest.mark.parametrize("value", ["x" * 10**6, list("x" * 10**6), pd.Series(range(99))], ids=_kind)
def test_an_error_is_short(dataset: sd.Dataset, value: Any) -> None:
    """A value of megabytes or many lines is shown in part, on one line."""
    refused(lambda: dataset.matrix(on="2021", max_age=value))
    refused(lambda: dataset.panel(every=value))
    refused(lambda: dataset.matrix(silent=value))
    refused(lambda: dataset.cite(value))
    refused(lambda: dataset.sql("SELECT 1", seconds=value))
    refused(lambda: dataset.known_at(value))
    if isinstance(value, str):
        with pytest.raises(sd.DateError) as error:
            sd.StatedDate.parse(value)
        assert len(str(error.value)) < 1_000


def test_years_of_months_take_no_more_than_their_number(dataset: sd.Dataset) -> None:
    """A panel that starts long before the data has the same rows, and does not take minutes."""
    assert dataset.panel().to_pylist() == dataset.panel(start="1800").to_pylist()
