"""One pair's position and history, found by search, equal the answers of the packaged queries."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancedata.dataset import Dataset
from stancedata.dataset.folders import from_parquet
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.model import Position
from stancedata.problems import InvalidDataError
from tests.support.edition2_datasets import datasets, seeded, together
from tests.support.edition2_model import dataset_of
from tests.support.edition2_records import Records
from tests.support.edition2_side_by_side import DAYS
from tests.support.effort import examples
from tests.support.parquet_folders import lay, write

AGES = (None, 0, 30)
ENDS = ((None, None), (DAYS[4], None), (None, DAYS[7]), (DAYS[4], DAYS[7]))


@pytest.fixture(scope="module")
def many() -> Dataset:
    """Thirty generated datasets in one."""
    return dataset_of(together(seeded(n) for n in range(7000, 7030)))


def as_row(position: Position) -> dict[str, Any]:
    """Write a position as the row of the table that it comes from."""
    row = attrs.asdict(position, recurse=False)
    date = row.pop("stated_on")
    ends = {"stated_earliest": date.earliest, "stated_latest": date.latest}
    return row | ends | {"stated_on": date.text, "date_kind": date.kind}


def the_same(position: Position | None, row: dict[str, Any] | None) -> None:
    """Compare a position with the row of a query, in every field that the row has."""
    assert (position is None) is (row is None)
    if position is not None and row is not None:
        found = as_row(position)
        assert {name: row[name] for name in found if name in row} == {
            name: value for name, value in found.items() if name in row
        }


def check_positions(dataset: Dataset, days: list[datetime.date]) -> int:
    """Compare every pair's position on days, of any age; return how many stood."""
    stood = 0
    pairs = [(holder, issue) for holder in dataset.actors for issue in dataset.issues]
    for max_age in AGES:
        rows = dataset.matrix(on=days, max_age=max_age).to_pylist()
        expected = {(row["on_day"], row["actor_id"], row["issue_id"]): row for row in rows}
        stood += len(rows)
        for day in days:
            for holder, issue in pairs:
                found = dataset.position(holder, issue, on=day, max_age=max_age)
                the_same(found, expected.get((day, holder, issue)))
    return stood


def check_histories(dataset: Dataset) -> int:
    """Compare every holder's history, and that on each issue; return their length."""
    length = 0
    for start, end in ENDS:
        asked: dict[str, Any] = {"start": start, "end": end}
        rows = dataset.positions(**asked).to_pylist()
        expected = defaultdict(list)
        for row in rows:
            for issue in (None, row["issue_id"]):
                expected[row["actor_id"], issue].append(row)
        for pair in itertools.product(dataset.actors, (None, *dataset.issues)):
            for found in zip(dataset.history(*pair, **asked), expected[pair], strict=True):
                the_same(*found)
        length += len(rows)
    return length


def test_positions_equal_the_query(many: Dataset) -> None:
    """What stands of one pair is what `as_of` and `days` say, on generated datasets."""
    assert check_positions(many, DAYS[2::3]) > 300


def test_histories_equal_the_query(many: Dataset) -> None:
    """A history found by search is that of the query."""
    assert check_histories(many) > 300


@examples(4)
@given(datasets(), st.sampled_from(DAYS))
def test_a_dataset_alone(data: Records, day: datetime.date) -> None:
    """The same with one dataset, whose coverage is its own."""
    check_positions(dataset_of(data), [day])


@pytest.mark.parametrize("size", [7, 1000])
def test_files_give_the_same(many: Dataset, tmp_path: Path, size: int) -> None:
    """A pair is found in the row groups of a large table, wherever they end."""
    found = lay(dict(many.tables), tmp_path, positions=size)
    for holder in list(many.actors)[::11]:
        assert found.history(holder) == many.history(holder)
        for issue in many.issues:
            assert found.history(holder, issue) == many.history(holder, issue)
            asked = found.position(holder, issue, on=DAYS[7])
            assert asked == many.position(holder, issue, on=DAYS[7])


def reversed_positions(dataset: Dataset) -> pa.Table:
    """Return the positions of a dataset, the last one first."""
    rows = dataset.tables["positions"]
    return rows.take(pa.array(range(rows.num_rows))[::-1])


def test_rows_in_another_order(many: Dataset, tmp_path: Path) -> None:
    """Positions that are not in key order are queried, in memory and in a file."""
    turned = dict(many.tables) | {"positions": reversed_positions(many)}
    holder, issue = pair = some_pair(many)
    lay(dict(many.tables), tmp_path)
    write(turned["positions"], tmp_path / "positions.parquet")
    for found in (Dataset(turned, "0.0.0+test"), from_parquet(tmp_path, small=0)):
        for _ in range(3):
            assert found.history(*pair) == many.history(*pair)
            assert found.position(holder, issue, on=DAYS[7]) == many.position(*pair, on=DAYS[7])
        assert found._asker.positions_of(*pair) is None


def test_a_file_that_declares_a_false_order_is_refused(many: Dataset, tmp_path: Path) -> None:
    """A row group that is not in the order that its file declares is reported."""
    found = lay(dict(many.tables) | {"positions": reversed_positions(many)}, tmp_path)
    pair = some_pair(many)
    assert found.history(*pair) == many.history(*pair)  # the first row is found by a query
    with pytest.raises(InvalidDataError, match="rows must be in the order of actor_id"):
        found.history(*pair)


def some_pair(dataset: Dataset) -> tuple[str, str]:
    """Return the holder and issue with the most positions."""
    rows = dataset.tables["positions"].select(["actor_id", "issue_id"]).to_pylist()
    return Counter((row["actor_id"], row["issue_id"]) for row in rows).most_common(1)[0][0]


def test_a_pair_needs_no_query(
    many: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In memory no query is planned; for a large table two, by the first position alone."""
    planned: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        run = getattr(DuckDBEngine, name)

        def call(engine: DuckDBEngine, *args: Any, **named: Any) -> Any:
            planned.append(name)
            return run(engine, *args, **named)

        return call

    pair = some_pair(many)
    small, large = (
        lay(dict(many.tables), tmp_path / str(rows), rows, positions=50) for rows in (10**6, 0)
    )
    for name in ("query", "rows", "define"):
        monkeypatch.setattr(DuckDBEngine, name, counted(name))
    for dataset, first in ((small, []), (large, ["rows", "query"])):
        for expected in (first, [], []):
            assert dataset.position(*pair, on=DAYS[7])
            assert dataset.history(*pair)
            assert planned == expected
            planned.clear()
    assert 1 <= large._asker.keyed.groups_read <= 2


def test_days_may_be_periods_or_several(many: Dataset) -> None:
    """A period means its last day; without a day, the last in the data."""
    pair = some_pair(many)
    assert many.position(*pair, on="2021-10") == many.position(*pair, on="2021-10-31")
    assert many.position(*pair) == many.position(*pair, on=many._asker.span[1])


def test_a_position_stands_until_its_holder_ends(many: Dataset) -> None:
    """The last day of a holder is still asked about, as in the query."""
    ends = sorted({day for day in many._asker.ends.values() if day is not None})
    assert check_positions(many, ends[-1:]) > 10


def test_one_day_of_a_file_equals_the_query(many: Dataset, tmp_path: Path) -> None:
    """What stands on a day, of positions in a file, is what `as_of` says, with steps and without."""
    found = lay(dict(many.tables), tmp_path, positions=50)
    holder, issue = some_pair(many)
    undone = 0
    narrowed: list[dict[str, Any]] = [{}, {"holder": holder}, {"issue": issue}]
    asked = [{"max_age": age, **only} for age, only in zip(AGES, narrowed, strict=True)]
    days = [DAYS[0], DAYS[1], DAYS[7]]
    for day, named in [*zip(days, asked, strict=True), (DAYS[7], {})]:
        assert found.matrix(on=day, **named).equals(many.matrix(on=day, **named))
        undone += any(found._asker._day._best(day, {}).column("has_steps").to_pylist())
    assert 0 < undone < 4


def test_one_day_of_a_file_without_coverage(many: Dataset, tmp_path: Path) -> None:
    """A period's name and first day, and unknown coverage, are those of the query too."""
    tables = dict(many.tables) | {"coverage": many.tables["coverage"].slice(0, 0)}
    found, whole = lay(tables, tmp_path), Dataset(tables, "0.0.0+test")
    for period in ("2021-10", "1999"):
        assert found.matrix(on=period).equals(whole.matrix(on=period))
