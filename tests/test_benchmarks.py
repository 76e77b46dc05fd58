"""Benchmarks measure what they say: sound made-up data, and contestants that agree."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.contract import BY_NAME

pytest.importorskip("numpy")  # comes with pandas, of the test extra
from benchmarks.generate import generate


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand made-up stances."""
    return generate(2000, tmp_path_factory.mktemp("made"))


def test_made_data_break_no_rule(made: Path) -> None:
    """The generator's data are clean: no error, and no warning."""
    assert sd.check(made) == []


def test_the_same_arguments_make_the_same_data(tmp_path: Path) -> None:
    """Content follows from the number of stances and the seed, and from nothing else."""
    folders = [generate(300, tmp_path / str(n), seed, False) for n, seed in enumerate((1, 1, 2))]
    rows = [pq.read_table(f / "stances.parquet") for f in folders]
    evidence = [pq.read_table(f / "evidence.parquet") for f in folders]
    assert rows[0].equals(rows[1])
    assert evidence[0].equals(evidence[1])
    assert not rows[0].equals(rows[2])


def test_made_data_are_whole_and_in_key_order(made: Path) -> None:
    """Every table of the contract is there, rows in key order, positions those of the stances."""
    for table in BY_NAME.values():
        found = pq.read_table(made / f"{table.name}.parquet")
        assert table.schema == found.schema
        assert found.equals(found.sort_by([(name, "ascending") for name in table.key]))
    ds = sd.read(made)
    ids = set(ds.tables["stances"].column("stance_id").to_pylist())
    assert ids.issuperset(ds.tables["positions"].column("stance_id").to_pylist())
    assert 2000 == len(ids)
