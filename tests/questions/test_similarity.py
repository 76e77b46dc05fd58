"""Agreement in NumPy equals the packaged query, on generated datasets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancedata.dataset import Dataset
from stancedata.questions import similarity
from tests.support.edition2_datasets import datasets, seeded, together
from tests.support.edition2_model import dataset_of
from tests.support.edition2_records import Records
from tests.support.edition2_side_by_side import DAYS
from tests.support.effort import examples
from tests.support.parquet_folders import lay

PERIODS = [(day.isoformat(), day, day) for day in DAYS]


@pytest.fixture(scope="module")
def many() -> Dataset:
    """Thirty generated datasets in one."""
    return dataset_of(together(seeded(n) for n in range(8000, 8030)))


def by_query(dataset: Dataset, joint: bool, max_age: int | None, **asked: Any) -> pa.Table:
    """Answer as engines without NumPy do."""
    asker = dataset._asker
    return asker.agreement_of(asker.standing(PERIODS, joint, max_age), **asked)


def check(dataset: Dataset, **given: Any) -> int:
    """Compare both answers; return the number of pairs."""
    found, expected = dataset._asker.agreement(PERIODS, **given), by_query(dataset, **given)
    the_same(found, expected)
    return found.num_rows


def the_same(found: pa.Table, expected: pa.Table) -> None:
    """Compare two answers: the query adds up shares of scales in any order, so to the last digits."""
    assert found.schema == expected.schema
    assert found.drop_columns("similarity").equals(expected.drop_columns("similarity"))
    shares = (table["similarity"].to_pylist() for table in (found, expected))
    for one, other in zip(*shares, strict=True):
        assert one == other if one is None else one == pytest.approx(other, abs=1e-12)


FLAGS = [(False, None, False), (True, None, True), (False, 30, True), (True, 0, False)]


@pytest.mark.parametrize(("joint", "max_age", "all_issues"), FLAGS)
def test_counting_bits_equals_the_query(
    many: Dataset, joint: bool, max_age: int | None, all_issues: bool
) -> None:
    """All pairs, of own and of joint statements, of any age, on any issue."""
    given: dict[str, Any] = {"joint": joint, "max_age": max_age, "all_issues": all_issues}
    assert check(many, actor_id=None, **given) > 50


def test_the_pairs_of_one_holder(many: Dataset) -> None:
    """One holder is compared with every other one, before or after it in order."""
    given: dict[str, Any] = {"joint": True, "max_age": None, "all_issues": True}
    found = many._asker.agreement(PERIODS, actor_id=None, **given)
    holder = found["actor_id_1"][found.num_rows // 2].as_py()
    assert 10 < check(many, actor_id=holder, **given) < found.num_rows
    speaker = next(name for name in many.actors if name not in many._asker._ranked(True).holders)
    assert check(many, actor_id=speaker, **given) == 0


@examples(4)
@given(datasets(), st.booleans())
def test_a_dataset_alone(data: Records, joint: bool) -> None:
    """The same with one dataset, which may have nothing to compare."""
    check(dataset_of(data), joint=joint, max_age=None, actor_id=None, all_issues=True)


def test_files_give_the_same(many: Dataset, tmp_path: Path) -> None:
    """Tables that are too large to load are queried in their files."""
    found = lay(dict(many.tables), tmp_path)
    for joint in (False, True):
        expected = many.agreement(every="month", joint=joint, all_issues=True)
        the_same(found.agreement(every="month", joint=joint, all_issues=True), expected)
        assert expected.num_rows > 100


def test_without_numpy_the_query_is_asked(many: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy is not required; nor is one that cannot count bits of any use."""
    expected = many.agreement("2021-12-01", all_issues=True)
    monkeypatch.setattr("stancedata.questions.similarity.agreement", None)
    monkeypatch.delattr("numpy.bitwise_count", raising=False)  # NumPy 1 has none
    the_same(many.agreement("2021-12-01", all_issues=True), expected)
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert not similarity.is_available()
    the_same(many.agreement("2021-12-01", all_issues=True), expected)
    assert expected.num_rows > 10


def test_periods_with_the_same_pairs_share_their_texts(many: Dataset) -> None:
    """A pair's names are written once where months follow each other with the same pairs."""
    found = many.agreement(every="month", start="2022-06-01", end="2024-12-31", all_issues=True)
    assert len({part.buffers()[2].address for part in found["actor_name_1"].chunks}) == 1
