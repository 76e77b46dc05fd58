"""Datasets and collections in notebooks, processes and shells."""

from __future__ import annotations

import pickle
import subprocess
import sys

import attrs
import pyarrow as pa
import pytest

import stancedata as sd
from stancedata.model.positions import Positions
from stancedata.text import html_table
from tests.support.paths import REPOSITORY


@pytest.fixture(scope="module")
def dataset() -> sd.Dataset:
    """Read the miniature dataset once."""
    return sd.read(REPOSITORY)


def test_a_dataset_is_pickled(dataset: sd.Dataset) -> None:
    """A dataset that was pickled has the same records, answers and digest."""
    found = pickle.loads(pickle.dumps(dataset))
    assert (dataset.version, dataset.digest) == (found.version, found.digest)
    assert dataset.matrix().equals(found.matrix())


@pytest.mark.parametrize(
    "name", ["actors", "issues", "documents", "events", "stances", "blind_stances"]
)
def test_collections_are_pickled(dataset: sd.Dataset, name: str) -> None:
    """A collection that was pickled has the same records, also by name."""
    records = getattr(dataset, name)
    found = pickle.loads(pickle.dumps(records))
    assert list(records.items()) == list(found.items())
    if name in ("actors", "issues"):
        assert next(iter(records)) == found.resolve(next(iter(records.values())).name)


def test_html(dataset: sd.Dataset) -> None:
    """A notebook shows tables, in which the data's markup is text."""
    assert "<th>actor_id</th>" in dataset.actors._repr_html_()
    assert "<td>stances</td><td>4</td>" in dataset._repr_html_()
    hostile = html_table("<b>", pa.table({"<i>": ["<script>", None]}))
    assert "<script>" not in hostile
    assert "<td></td>" in hostile
    assert "&lt;i&gt;" in hostile


def test_a_history_prints(dataset: sd.Dataset) -> None:
    """A history is a tuple that prints a line for each position, and a table in a notebook."""
    found = dataset.history("northland")
    assert isinstance(found, Positions)
    assert [str(position) for position in found] == repr(found).splitlines()
    assert found == tuple(found) == pickle.loads(pickle.dumps(found))
    shown = found._repr_html_()
    assert f"<caption>{len(found)} position" in shown
    assert len(found) == shown.count("<tr><td>Northland</td>") > 0
    hostile = attrs.evolve(found[0], summary="<script>")
    assert "<script>" not in Positions([hostile])._repr_html_()
    assert "()" == repr(Positions())


def test_keys_complete(dataset: sd.Dataset) -> None:
    """An interactive shell completes ids of collections and columns of answers."""
    for records in (dataset.actors, dataset.stances, dataset.blind_stances):
        assert list(records) == records._ipython_key_completions_()
    answer = dataset.matrix()
    assert answer.column_names == answer._ipython_key_completions_()


def test_run_as_a_module() -> None:
    """`python -m stancedata` runs the commands."""
    words = [sys.executable, "-m", "stancedata", "--version"]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    assert sd.__version__ in found.stdout
