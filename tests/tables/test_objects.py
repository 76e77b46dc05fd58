"""Objects built from tables: in bulk, one at a time, and by key."""

from __future__ import annotations

import copy
import gc
import itertools
import pickle
from collections.abc import Iterator
from typing import Any

import attrs
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.dataset.collection import Collection
from stancedata.releases.record_contents import rows_of, tables_of
from stancedata.tables import bulk as filling
from stancedata.tables.lookup import Lookup, Places
from stancedata.tables.rows import to_tables
from tests.questions.test_positions import make
from tests.support import strategies
from tests.support.contents import from_tables
from tests.support.editions import editions
from tests.support.effort import examples

KINDS = ("actors", "events", "documents", "stances", "blind_stances")


@pytest.fixture(params=[1, 3, 64])
def batches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Limit the first and the largest size of batches."""
    size: int = request.param
    monkeypatch.setattr(filling, "FIRST_BATCH", size)
    monkeypatch.setattr(filling, "LARGEST_BATCH", 2 * size)
    return size


@examples(8)
@given(strategies.contents())
def test_all_at_once_as_one_by_one(content: model.Content) -> None:
    """Objects from `values`, from `[id]` and from the original content are equal."""
    dataset = make(content)
    for kind in KINDS:
        collection: Collection[object] = getattr(dataset, kind)
        made = list(collection.values())
        assert sorted(map(repr, getattr(content, kind))) == sorted(map(repr, made))
        assert [collection[i] for i in collection] == made
        assert list(zip(collection, made, strict=True)) == list(collection.items())
        assert [type(record) for record in getattr(content, kind)] == list(map(type, made))


@examples(8)
@given(editions())
def test_everything_that_schema_2_added_comes_back(content: model.Content) -> None:
    """Objects, tables and the contents of records carry every new field, in the order given."""
    tables = to_tables(content)
    again = from_tables(tables)
    for field in attrs.fields(model.Content):
        made, given_ = getattr(again, field.name), getattr(content, field.name)
        assert made == given_ or sorted(map(repr, made)) == sorted(map(repr, given_))
    found = tables_of(rows_of(tables).values())
    assert all(found[name].equals(table) for name, table in tables.items())
    assert 0 == tables["silences"].num_rows


@pytest.mark.parametrize("fewest", [0, 1000])
def test_batches_do_not_matter(
    dataset: sd.Dataset, batches: int, fewest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of any size, and both ways to decode columns, give the same objects."""
    monkeypatch.setattr(filling, "FEW", fewest)
    made = from_tables(dataset.tables)
    for kind in KINDS:
        collection = getattr(dataset, kind)
        assert [collection[i] for i in collection] == list(collection.values())
        assert set(getattr(made, kind)) == set(collection.values())
    assert batches


def test_the_first_object_waits_for_no_other(dataset: sd.Dataset) -> None:
    """The first object takes one batch of rows, a lookup one row, and there is no full index."""
    table = pa.table({"id": [f"{n:06}" for n in range(100_000)]})
    made: list[int] = []

    def note(rows: pa.Table) -> list[str]:
        made.append(rows.num_rows)
        return [str(value) for value in rows.column("id").to_pylist()]

    collection = Collection("thing", table, ("id",), note)
    assert "000000" == next(iter(collection.values()))
    assert "067890" == collection["067890"]
    assert [filling.FIRST_BATCH, 1] == made
    assert dataset.stances.get("nothing") is None


def test_values_are_views(dataset: sd.Dataset) -> None:
    """Keys, values and items are views: sized, with `in`, and iterable more than once."""
    stances = dataset.stances
    first = next(iter(stances))
    for view in (stances.keys(), stances.values(), stances.items()):
        assert len(stances) == len(view) == len(list(view)) == len(list(view))
    assert first in stances.keys()  # noqa: SIM118 - the view is what is tested
    assert stances[first] in stances.values()
    assert (first, stances[first]) in stances.items()
    assert stances.keys() == set(stances)
    assert stances.keys() & {first, "nothing"} == {first}


def test_what_is_made_is_as_any_other(dataset: sd.Dataset) -> None:
    """An object built in bulk is an ordinary one: frozen, hashable, and can be copied."""
    for stance in itertools.islice(dataset.stances.values(), 3):
        assert type(stance) is model.Stance
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            stance.summary = "other"  # type: ignore[misc]
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            del stance.summary
        assert stance == attrs.evolve(stance) == copy.deepcopy(stance)
        assert stance == pickle.loads(pickle.dumps(stance))
        assert hash(stance) == hash(attrs.evolve(stance))
        assert repr(stance) == repr(attrs.evolve(stance))


def test_equal_parts_are_shared(dataset: sd.Dataset) -> None:
    """Equal dates and equal holders are the same objects."""
    stances = list(dataset.stances.values())
    holders = [holder for stance in stances for holder in stance.holders]
    assert len(set(holders)) == len({id(holder) for holder in holders})
    dates = [stance.stated_on for stance in stances]
    assert len(set(dates)) == len({id(date) for date in dates})


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(dataset: sd.Dataset, enabled: bool) -> None:
    """The garbage collector is enabled between batches, and after a failure, as it was before."""

    def refuse(_: pa.Table) -> list[object]:
        assert not gc.isenabled()
        raise ValueError

    failing = Collection("thing", dataset.tables["stances"], ("stance_id",), refuse)
    was, frozen = gc.isenabled(), gc.get_freeze_count()
    (gc.enable if enabled else gc.disable)()
    try:
        iterator: Iterator[model.Stance] = iter(dataset.stances.values())
        next(iterator)
        assert enabled is gc.isenabled()
        with pytest.raises(ValueError, match=r"^$"):
            next(iter(failing.values()))
        assert enabled is gc.isenabled()
        assert frozen == gc.get_freeze_count()
    finally:
        (gc.enable if was else gc.disable)()


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is cleared when it is full, and values are built again."""
    monkeypatch.setattr(filling, "MOST_REMEMBERED", 2)
    squares = filling.Remembered(lambda n: n * n)
    assert [1, 4, 9, 1] == [squares[n] for n in (1, 2, 3, 1)]
    assert len(squares) <= 2


TEXTS = st.text("ab", max_size=4)


@given(st.lists(TEXTS, max_size=300).map(sorted), TEXTS, TEXTS)
@example(["a"] * 64 + ["b"] * 65, "b", "b")
@example(["a"] * 127 + ["aa"], "aa", "b")
def test_places_are_those_of_a_naive_search(texts: list[str], one: str, other: str) -> None:
    """The range of two texts has all texts between them, whatever the chunks."""
    first, last = sorted((one, other))
    half = len(texts) // 2
    column = pa.chunked_array([texts[:half], texts[half:]], pa.string())
    start, stop = Places(column).span(first, last)
    assert [t for t in texts if first <= t <= last] == texts[start:stop]
    assert all(t < first for t in texts[:start])


CELLS: dict[pa.DataType, st.SearchStrategy[Any]] = {
    pa.string(): st.text(max_size=3),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.float64(): st.floats(allow_nan=False),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(),
}


@given(st.data(), st.integers(0, 9), st.integers(0, 9))
def test_cells_are_those_of_pyarrow(data: st.DataObject, first: int, number: int) -> None:
    """Cells read from buffers are what PyArrow converts: of each type, null or not, of any rows."""
    columns = {}
    for kind, values in CELLS.items():
        drawn = data.draw(st.lists(st.none() | values, min_size=20, max_size=20))
        columns[str(kind)] = pa.array(drawn, kind)
    columns["null"] = pa.nulls(20, pa.string())
    rows = pa.table(columns).slice(first)
    found = filling.Span(filling.Cells(rows), number, min(number + 5, rows.num_rows))
    assert found.table == rows.slice(number, 5)
    assert found.slice(2, 9).table == rows.slice(number, 5).slice(2, 9)
    assert found.table.to_pydict() == {name: filling.rows_of(found)[name] for name in columns}


@given(st.sets(st.integers(0, 5000), max_size=200), st.lists(st.integers(0, 5000), max_size=40))
def test_lookup_is_that_of_a_dict(known: set[int], wanted: list[int]) -> None:
    """Values are found by key, nearby or not; an unknown key gives None."""
    keys = sorted(f"{n:04}" for n in known)
    table = pa.table({"key": pa.array(keys, pa.string()), "value": pa.array(range(len(keys)))})
    values = dict(zip(keys, range(len(keys)), strict=True))
    names = [f"{n:04}" for n in wanted]
    assert [values.get(name) for name in names] == Lookup(table, "key", "value").of(names)


def test_rows_without_a_record_belong_to_none(dataset: sd.Dataset) -> None:
    """Children of a missing record are ignored and do not affect other records."""
    tables = {name: dataset.tables[name] for name in dataset.tables}
    every = list(dataset.stances.values())
    rows = pa.array([n for n in range(len(every)) if n % 3 == 0])
    some = {**tables, "stances": tables["stances"].take(rows)}
    assert every[::3] == list(sd.Dataset(some, "0.0.0+test").stances.values())


@given(strategies.contents())
@examples(3)
def test_a_coder_may_have_a_slash(content: model.Content) -> None:
    """A blind coding is found by coder and id even if the coder contains a slash."""
    blind = tuple(attrs.evolve(s, coder=f"team/{s.coder}") for s in content.blind_stances)
    dataset = make(attrs.evolve(content, blind_stances=blind))
    for stance in blind:
        assert stance == dataset.blind_stances[f"{stance.coder}/{stance.stance_id}"]
    assert "team" not in dataset.blind_stances
    assert to_tables(content)["second_stances"].num_rows == len(dataset.blind_stances)
