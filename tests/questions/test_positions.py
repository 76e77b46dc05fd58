"""Compare positions, and positions as of a day, with a naive oracle."""

from __future__ import annotations

import datetime
import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.dataset import Dataset
from stancedata.questions.positions import Complete, derived_tables
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest
from stancedata.tables.rows import to_tables
from tests.support import oracle, strategies
from tests.support.side_by_side import gather, hold_for_all

ON_DAYS = st.dates(datetime.date(2021, 8, 1), datetime.date(2022, 1, 31))
LONG = 10_000


def make(content: model.Content) -> Dataset:
    """Make a dataset from a content."""
    tables = to_tables(content)
    return Dataset(Complete(tables), "0.0.0+test")


def as_row(position: sd.Position | None) -> dict[str, object] | None:
    """Convert a position to the oracle's form."""
    if position is None:
        return None
    names = [column.name for column in BY_NAME["positions"].columns]
    stated = position.stated_on
    dates = {
        "stated_on": stated.text, "date_kind": stated.kind, "stated_earliest": stated.earliest,
        "stated_latest": stated.latest,
    }  # fmt: skip
    return {name: dates[name] if name in dates else getattr(position, name) for name in names}


def check_positions(content: model.Content) -> None:
    """Compare the derived table with the oracle."""
    assert oracle.positions(content) == make(content).tables["positions"].to_pylist()


def check_as_of(content: model.Content, day: datetime.date) -> None:
    """Compare every holder's position on every issue, and its history, with the oracle."""
    dataset = make(content)
    rows = oracle.positions(content)
    for holder, issue in (("ada", "recognition"), ("ben", "recognition"), ("ada", "aid")):
        expected = oracle.as_of(content, rows, holder, issue, day)
        assert expected == as_row(dataset.position(holder, issue, on=day))
        history = [as_row(p) for p in dataset.history(holder, issue)]
        assert [r for r in rows if (r["actor_id"], r["issue_id"]) == (holder, issue)] == history


def test_positions_equal_the_oracle() -> None:
    """Positions from SQL equal a naive implementation of the contract."""
    hold_for_all(check_positions, gather(strategies.questions(), 400))


def test_positions_of_crowded_occasions_equal_the_oracle() -> None:
    """Positions are also equal with many stances on few, similar occasions."""
    hold_for_all(check_positions, gather(strategies.tied(), 120))
    hold_for_all(check_positions, gather(strategies.crowded(), 160))
    hold_for_all(check_positions, gather(strategies.neighbours(), 120))


@settings(max_examples=12)
@given(strategies.questions(), ON_DAYS)
def test_as_of_and_history_equal_the_oracle(content: model.Content, day: datetime.date) -> None:
    """Positions as of a day, and histories, equal the naive definition."""
    check_as_of(content, day)


@pytest.mark.long
def test_oracle_at_length() -> None:
    """The same with ten thousand examples."""
    hold_for_all(check_positions, gather(strategies.questions(), LONG))


@settings(max_examples=12)
@given(strategies.questions(), st.randoms(use_true_random=False))
def test_row_order_does_not_matter(content: model.Content, rng: random.Random) -> None:
    """Shuffled rows give the same positions, and the same digest."""
    tables = to_tables(content)
    shuffled = {}
    for name, table in tables.items():
        order = list(range(table.num_rows))
        rng.shuffle(order)
        shuffled[name] = table.take(pa.array(order, pa.int64()))
    assert derived_tables(tables)["positions"].equals(derived_tables(shuffled)["positions"])
    assert digest(tables) == digest(shuffled)


def test_a_later_day_wins_over_a_lasting_one(dataset: sd.Dataset) -> None:
    """As of the meeting's day, Russia's position on recognition is that of the meeting."""
    position = dataset.position("russia", "recognition", on="2021-10-20")
    assert position is not None
    assert (-1, "2021-10-20", True) == (position.level, position.stated_on.text, position.own)
    assert 1 == position.document_count


def test_nothing_counts_before_it_can_have_been_said(dataset: sd.Dataset) -> None:
    """A position counts from the last day that its date can mean."""
    assert dataset.position("russia", "recognition", on="2021-09-24") is None
    assert dataset.position("russia", "recognition", on=datetime.date(2021, 9, 25)) is not None


def test_a_bad_day_and_unknown_ids_are_refused(dataset: sd.Dataset) -> None:
    """A wrong argument gives a one-sentence error with the nearest id."""
    with pytest.raises(sd.StancedataError, match="on: must be a day, got '20 Oct'; write it as"):
        dataset.position("russia", "recognition", on="20 Oct")
    with pytest.raises(sd.UnknownIdError) as error:
        dataset.position("rusia", "recognition")
    assert str(error.value) == "no actor is called 'rusia'; did you mean 'russia'?"
    with pytest.raises(sd.UnknownIdError, match="did you mean 'recognition'"):
        dataset.history("russia", "recognitoin")
