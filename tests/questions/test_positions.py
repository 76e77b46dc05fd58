"""Compare positions, what stands as of a day, and panels with naive oracles."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.dataset import Dataset
from stancedata.engines.packaged import packaged
from stancedata.model.positions import stated_before
from stancedata.questions import positions as deriving
from stancedata.questions.arguments import periods_of
from stancedata.questions.positions import Complete, derived_tables
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest
from stancedata.tables.rows import to_tables
from tests.support import edition2_answers as answers
from tests.support import oracle, strategies
from tests.support.edition2_cases import records, stance
from tests.support.edition2_datasets import datasets, day, seeded, together
from tests.support.edition2_model import dataset_of
from tests.support.edition2_records import Actor, Code, Records, Role
from tests.support.edition2_side_by_side import ASKED, DAYS, FIRST, LAST, differences
from tests.support.effort import TIMES, examples, spread
from tests.support.side_by_side import gather, hold_for_all
from tests.support.sites import early

CURATED = [name for name, table in BY_NAME.items() if not table.derived]

MINE = [
    name
    for name in ASKED
    if name.split()[0] in ("positions", "matrix", "panel", "not_counted") and "silent" not in name
]
"""The questions of this file; others are asked in test_comparisons.py."""
CODES = ("iso3", "cow", "gw", "governs_iso3")
ON_DAYS = st.dates(datetime.date(2021, 8, 1), datetime.date(2022, 1, 31))
LONG = 10_000


def make(content: model.Content) -> Dataset:
    """Make a dataset from a content."""
    tables = to_tables(content)
    return Dataset(Complete(tables), "0.0.0+test")


def check_positions_of_version_1(content: model.Content) -> None:
    """Compare the positions of schema 1, which never change, with their oracle."""
    found = derived_tables(to_tables(content), "1")["positions"].to_pylist()
    expected = oracle.positions(content)
    later = {c.name for c in BY_NAME["positions"].columns if c.since > 1}
    assert expected == [{k: v for k, v in row.items() if k not in later} for row in found]
    assert all(row[name] is None for row in found for name in later)


def test_positions_of_version_1_equal_the_oracle() -> None:
    """Positions of schema 1 equal a naive implementation of what 0.1.0 meant."""
    hold_for_all(check_positions_of_version_1, gather(strategies.questions(), 120 * TIMES))
    hold_for_all(check_positions_of_version_1, gather(strategies.tied(), 40 * TIMES))
    hold_for_all(check_positions_of_version_1, gather(strategies.crowded(), 40 * TIMES))


def check_against_the_oracle(data: Records) -> None:
    """Ask the oracle and a dataset everything about positions."""
    dataset = dataset_of(data)
    for name in MINE:
        assert not differences(name, data, dataset)


@pytest.mark.parametrize("group", spread(range(10), 5))
def test_positions_equal_the_oracle(group: int) -> None:
    """Positions, what stands of them, and panels equal the oracle's, on hundreds of datasets."""
    check_against_the_oracle(together(seeded(group * 40 + n) for n in range(40)))


@examples(4)
@given(datasets())
def test_positions_of_a_dataset_alone_equal_the_oracle(data: Records) -> None:
    """The same with one dataset, whose coverage and codebook are its own."""
    check_against_the_oracle(data)


@pytest.mark.long
@pytest.mark.parametrize("group", range(250))
def test_oracle_at_length(group: int) -> None:
    """The same with ten thousand datasets."""
    check_against_the_oracle(together(seeded(10**6 + group * 40 + n) for n in range(40)))


def test_both_forms_of_as_of_are_equal() -> None:
    """The readable `as_of` and the fast `days` give the same rows for any days."""
    dataset = dataset_of(together(seeded(n) for n in range(5000, 5040)))
    asker = dataset._asker
    periods = [(day.isoformat(), day, day) for day in DAYS]
    relations = asker._days(periods)
    for max_age in (None, 10):
        slow, fast = (
            asker._query(packaged(f"questions/{name}"), relations, max_age=max_age)
            for name in ("as_of", "days")
        )
        assert slow.num_rows
        assert slow.equals(fast)


def test_sources_are_the_documents_of_the_occasion() -> None:
    """A position is reported by every document that counts on its occasion, of deeds on its rung."""
    data = together(seeded(n) for n in range(5000, 5010))
    dataset = dataset_of(data)
    found = {
        (p.actor_id, p.stance_id, tuple(d.document_id for d in dataset.sources(p)))
        for issue in dataset.issues
        for p in dataset.history(issue=issue)
    }
    assert answers.sources(data) == found
    assert any(len(documents) > 1 for _, _, documents in found)


def test_a_position_since_a_day_is_that_of_the_matrix() -> None:
    """`since` leaves out of a single answer what it leaves out of all of them."""
    dataset = dataset_of(together(seeded(n) for n in range(5010, 5015)))
    late = datetime.date(2021, 12, 1)
    kept = {(r["actor_id"], r["issue_id"]) for r in dataset.matrix(since=late).to_pylist()}
    every = {(r["actor_id"], r["issue_id"]) for r in dataset.matrix().to_pylist()}
    assert set() < kept < every
    for actor_id, issue_id in every:
        found = dataset.position(actor_id, issue_id, since=late)
        assert (found is not None) == ((actor_id, issue_id) in kept)
    assert kept == {
        (r["actor_id"], r["issue_id"])
        for r in dataset.positions(on=dataset._asker.span[1], since="2021-12").to_pylist()
    }
    with pytest.raises(sd.StancedataError, match="since: needs a day, got none"):
        dataset.positions(since=late)
    with pytest.raises(sd.StancedataError, match="since: must be a day, got 'soon'"):
        dataset.panel(since="soon")


def test_a_panel_is_what_stands_at_each_end() -> None:
    """Every panel has the rows of `matrix` on the last day of its periods.

    Codes are those of the period, and of the occasion in `matrix`: the oracle compares them.
    """
    dataset = dataset_of(together(seeded(n) for n in range(6000, 6040)))
    asked: dict[str, Any] = {"start": FIRST, "end": LAST}
    for every in ("month", "year"):
        panel = dataset.panel(every, **asked)
        alone = [
            row
            for _, _, day in periods_of(every, FIRST, LAST)
            for row in dataset.matrix(on=day).to_pylist()
        ]
        other = ("period", "observed", "level_min", "level_max", "silent", *CODES)
        names = [name for name in alone[0] if name not in other]
        assert [[row[n] for n in names] for row in alone] == [
            [row[n] for n in names] for row in panel.to_pylist()
        ]
        grid = dataset.panel(every, balanced=True, **asked)
        assert panel.equals(grid.filter(pc.is_valid(grid["stance_id"])))
        assert grid.num_rows == (
            len(pc.unique(grid["period"]))
            * len(pc.unique(dataset.tables["positions"]["actor_id"]))
            * dataset.tables["issues"].num_rows
        )


def test_a_panel_has_the_codes_of_its_periods() -> None:
    """A code ends and another begins, and who governs changes, though the position is older."""
    end = datetime.date(2021, 12, 31)
    spells = (Code("cow", "260", None, end), Code("cow", "255", end + datetime.timedelta(1)))
    actors = (
        Actor("northland", "Northland", codes=spells, roles=(Role("governs", "b", end, None),)),
        Actor("b", "B", codes=(Code("gw", "7"), Code("cow", "8"))),
    )
    made = dataset_of(records(stance("a#s01", 1, day("2021-10-20")), actors=actors))
    rows = made.panel("month", start="2021-11-01", end="2022-01-31").to_pylist()
    codes = [(r["cow"], r["governs_cow"], r["governs_gw"], r["governs_iso3"]) for r in rows]
    assert [(260, None, None, None), (260, 8, 7, None), (255, 8, 7, None)] == codes


def test_the_data_end_somewhere(dataset: sd.Dataset) -> None:
    """A position, a matrix and a panel say which days the data cover; the position prints it."""
    first, end = dataset._asker.coverage
    assert end == pc.max(dataset.tables["positions"]["stated_latest"]).as_py()
    position = dataset.position("russia", "recognition", on="2030-01-01")
    assert position is not None
    assert (position.covered, position.coverage_to) == (False, end)
    assert str(position).endswith(f"(the data end on {end})")
    assert dataset.uncovered("2030-01-01") == f"the data end on {end}"
    assert dataset.uncovered("1990-01-01") == f"the data begin on {first}"
    assert dataset.uncovered() is None
    within = dataset.position("russia", "recognition", on="2021-10-21")
    assert within is not None
    assert (within.covered, within.note, within.age_days) == (True, None, 1)
    assert "the data" not in str(within)
    assert [False] == pc.unique(dataset.matrix(on="2030-01-01")["covered"]).to_pylist()
    past = dataset.panel("year", start="2021-01-01", end="2022-01-01")
    assert {(2021, False), (2022, False)} == {(r["year"], r["covered"]) for r in past.to_pylist()}


def test_a_position_of_before_coverage_says_so() -> None:
    """Its note and its print say when coverage begins; one of later days has none."""
    made = early()
    before = made.position("ada", "recognition", on="2021-12-31")
    since = made.position("bob", "recognition", on="2021-12-31")
    assert before is not None
    assert since is not None
    assert "last stated before 2018-01-01, when coverage begins" == before.note
    assert str(before).endswith(f"({before.note})")
    assert since.note is None
    assert stated_before(datetime.date(2018, 1, 1), datetime.date(2018, 1, 1)) is None
    assert stated_before(datetime.date(2017, 12, 31), datetime.date(2018, 1, 1)) is not None


def test_listed_corpora_say_what_is_covered() -> None:
    """The days of `coverage` are those that the data cover, whatever was stated."""
    days = datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)
    corpus = model.Coverage("corpus", "Corpus", *days, "all", "read", "coder-1")
    dataset = make(model.Content(strategies.CODEBOOK, coverage=(corpus,)))
    assert days == dataset._asker.coverage
    assert dataset.uncovered("2020-06-01") is None
    assert dataset.uncovered("2021-01-01") == "the data end on 2020-12-31"


def test_an_age_leaves_out_a_position(dataset: sd.Dataset) -> None:
    """`max_age` works for one position and for positions as of a day; it needs a day."""
    asked: tuple[str, str, str] = ("russia", "recognition", "2021-11-20")
    assert dataset.position(*asked, max_age=31) is not None
    assert dataset.position(*asked, max_age=30) is None
    every, recent = (dataset.positions(on=asked[2], max_age=age) for age in (None, 30))
    assert 0 <= recent.num_rows < every.num_rows
    with pytest.raises(sd.StancedataError, match="max_age: needs a day, got none; add on="):
        dataset.positions(max_age=3)


@examples(5)
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


def test_only_what_is_asked_for_is_derived(
    dataset: sd.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positions are derived without the silences of documents, and once."""
    monkeypatch.setattr(deriving, "document_silences", None)
    complete = Complete({name: dataset.tables[name] for name in CURATED})
    assert complete["positions"].equals(dataset.tables["positions"])
    assert complete["positions"] is complete["positions"]
    assert complete["codebook"].num_rows


def test_a_later_day_wins_over_a_lasting_one(dataset: sd.Dataset) -> None:
    """As of the meeting's day, Russia's position on aid is that of the meeting, within a standing call."""
    position = dataset.position("russia", "aid", on="2021-10-20")
    assert position is not None
    assert (1, 2, "2021-10-20") == (position.level, position.level_max, position.stated_on.text)
    assert 2 == position.document_count


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
