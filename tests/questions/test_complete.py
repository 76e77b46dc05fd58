"""Complete folders that a program wrote: derive positions, add empty tables."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given

import stancedata as sd
from stancedata import model
from stancedata.questions import complete as completing
from stancedata.questions.positions import Complete
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import tables_of
from stancedata.tables.rows import to_tables
from tests.cli.test_commands import run
from tests.support import strategies
from tests.support.edition2_datasets import seeded, together
from tests.support.edition2_model import dataset_of
from tests.support.effort import examples
from tests.support.parquet_folders import write

LACKING = sorted({t.name for t in tables_of(SCHEMA_VERSION)} - {*completing.NEEDED})


def needed(dataset: sd.Dataset, folder: Path) -> Path:
    """Write a folder with only the required tables."""
    for name in completing.NEEDED:
        write(dataset.tables[name], folder / f"{name}.parquet")
    return folder


def said(folder: Path) -> list[str]:
    """Get the message with which completing a folder is refused."""
    with pytest.raises(sd.StancedataError) as caught:
        sd.complete(folder)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("small", 1),
        pytest.param("dataset", 1, marks=pytest.mark.long),
        ("dataset", 7),
        ("dataset", completing.PART),
    ],
)
def test_positions_are_those_of_the_whole(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, part: int
) -> None:
    """For every batch size the table is the same, in key order."""
    dataset: sd.Dataset = request.getfixturevalue(name)
    dataset.export(tmp_path, panel=False)
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "positions.parquet").unlink()
    rows = dataset.tables["positions"].num_rows
    made_rows = completing.complete_folder(tmp_path, part, part)
    silences = dataset.tables["document_silences"].num_rows
    assert {"positions": rows, "document_silences": silences} == made_rows
    made = pq.read_table(tmp_path / "positions.parquet")
    assert dataset.tables["positions"].select(made.schema.names).equals(made)
    again = sd.read(tmp_path)
    assert (dataset.positions_digest, dataset.version) == (again.positions_digest, again.version)
    assert [] == sd.check(tmp_path)


@examples(6)
@given(strategies.questions())
def test_positions_of_any_content(
    tmp_path_factory: pytest.TempPathFactory, content: model.Content
) -> None:
    """Positions derived from files equal those derived in memory."""
    tables = Complete(to_tables(content))
    folder = tmp_path_factory.mktemp("written")
    for name in [name for name in tables if name != "positions"]:
        write(tables[name], folder / f"{name}.parquet")
    sd.complete(folder)
    assert tables["positions"].equals(sd.read(folder).tables["positions"])


def test_silences_of_documents_are_derived(tmp_path: Path) -> None:
    """They equal those derived in memory, also where a stale table is in their place."""
    tables = dataset_of(together(map(seeded, range(20)))).tables
    for name in tables:
        write(tables[name], tmp_path / f"{name}.parquet")
    write(tables["document_silences"].slice(1), tmp_path / "document_silences.parquet")
    made = completing.complete_folder(tmp_path, rows=3)
    found = pq.read_table(tmp_path / "document_silences.parquet")
    assert 50 < made["document_silences"] == found.num_rows
    assert tables["document_silences"].equals(found)


def test_what_is_lacking_is_made(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Missing optional tables are added without rows; existing files are unchanged."""
    folder = needed(dataset, tmp_path)
    before = {file: file.read_bytes() for file in folder.iterdir()}
    made = sd.complete(folder)
    assert LACKING == sorted(made)
    assert {"positions", "codebook"} == {name for name, rows in made.items() if rows}
    assert {f"{t.name}.parquet" for t in tables_of(SCHEMA_VERSION)} == {
        file.name for file in folder.iterdir()
    }
    assert all(file.read_bytes() == content for file, content in before.items())
    position = sd.read(folder).position("russia", "recognition", on="2021-10-20")
    assert position is not None
    assert made["positions"] == sd.complete(folder)["positions"], "a second time is as the first"


def test_a_table_in_parts_is_read_whole(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Stances in a partitioned folder give the same positions."""
    dataset.export(tmp_path, partition_by="issue_id", panel=False)
    (tmp_path / "manifest.json").unlink()
    shutil.rmtree(tmp_path / "positions")
    shutil.rmtree(tmp_path / "document_silences")
    sd.complete(tmp_path)
    assert dataset.positions_digest == sd.read(tmp_path).positions_digest


def test_the_command_says_what_was_made(dataset: sd.Dataset, tmp_path: Path) -> None:
    """The command prints a line for each table, with its number of rows."""
    folder = needed(dataset, tmp_path)
    lines = run("complete", folder).splitlines()
    assert len(LACKING) == len(lines)
    assert f"{folder}/positions.parquet: {dataset.tables['positions'].num_rows} rows" in lines
    assert f"{folder}/exemptions.parquet: no rows" in lines


def test_what_is_refused(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Missing or invalid tables, no tables, an export, and partitioned positions are refused."""
    folder = needed(dataset, tmp_path / "some")
    (folder / "stances.parquet").unlink()
    write(dataset.tables["holders"].drop_columns(["role"]), folder / "holders.parquet")
    again = "export the dataset again"
    assert said(folder) == [
        f"{folder}/holders.parquet: role: column is missing; {again}",
        f"{folder}/stances.parquet: is missing; {again}",
    ]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert said(empty) == [
        f"{empty}: has no tables: no Parquet file is named after one; give a folder with "
        "stances.parquet"
    ]
    dataset.export(tmp_path / "export", panel=False)
    assert said(tmp_path / "export") == [
        f"{tmp_path}/export: is an export, got manifest.json; it is already complete, and lists "
        "the digest "
        "of each file"
    ]
    (folder / "positions").mkdir()
    assert said(folder) == [f"{folder}/positions: is a folder, not a single file; move it away"]


def test_a_failure_leaves_the_folder(
    dataset: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken file or a full disk gives one message and leaves the folder unchanged."""
    folder = needed(dataset, tmp_path)
    file = folder / "stances.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:40] + b"spoiled!" * 40 + whole[360:])
    before = sorted(folder.iterdir())
    [line] = said(folder)
    assert line.startswith(f"{folder}: cannot be completed: ")
    assert line.endswith("; the tables are unchanged")
    assert before == sorted(folder.iterdir())
    file.write_bytes(whole)

    def full(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(completing, "_write", full)
    [line] = said(folder)
    assert "No space left on device" in line
    assert before == sorted(folder.iterdir())


KILLED = """
import os, sys
from stancedata.questions import complete as completing
completing._write = lambda *_: os.kill(os.getpid(), 9)
completing.complete(sys.argv[1])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_what_a_killed_process_left_is_cleared(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A folder that was being completed is as before, and the next run removes the draft."""
    folder = needed(dataset, tmp_path)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    left = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    assert before == left
    assert len(before) + 1 == len(os.listdir(folder))
    completing.complete(folder)
    assert {".parquet"} == {file.suffix for file in folder.iterdir()}
