"""Ids for shells: quickly, from tables and from files, and never an error."""

from __future__ import annotations

from pathlib import Path

import pytest

import stancedata as sd
from stancedata.data_folder import checkout_data
from stancedata.dataset.known import COLUMNS, known_ids
from tests.support.copies import copied
from tests.support.paths import REPOSITORY


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the miniature dataset, one table of it in parts."""
    folder = tmp_path_factory.mktemp("export")
    sd.read(REPOSITORY).export(folder, partition_by="issue_id", panel=False)
    return folder


@pytest.mark.parametrize("kind", ["actors", "documents", "events", "issues"])
def test_tables_and_files_have_the_same_ids(kind: str, export: Path) -> None:
    """They are those of the dataset; tables describe them too."""
    expected = list(getattr(sd.read(REPOSITORY), kind))
    assert expected == [key for key, _ in known_ids(kind, "", export)]
    assert sorted(expected) == sorted(key for key, _ in known_ids(kind, "", REPOSITORY))
    start = expected[0][:3]
    found = [key for key, _ in known_ids(kind, start.upper(), export)]
    assert [key for key in expected if key.startswith(start)] == found


def test_stances_of_a_document(export: Path) -> None:
    """Stances are found in files by the document before `#`."""
    stances = list(sd.read(REPOSITORY).stances)
    start = stances[0].partition("#")[0] + "#"
    expected = [key for key in stances if key.startswith(start)]
    for data in (export, REPOSITORY):
        assert expected == [key for key, _ in known_ids("stances", start, data)]


def test_descriptions(export: Path) -> None:
    """A description is a name or a title, for shells that show it."""
    assert ("recognition", "Recognition") in known_ids("issues", "rec", export)


def test_releases() -> None:
    """They are known of the packaged data, compiled or not, and of a data folder."""
    assert "0.2.0" in dict(known_ids("releases", "0.2"))
    if (data := checkout_data()) is not None:
        assert {"0.1.0", "0.2.0"} <= dict(known_ids("releases", "0.", data)).keys()
        assert "MANIFEST" not in dict(known_ids("releases", "", data))


@pytest.mark.parametrize("kind", COLUMNS)
def test_what_cannot_be_read_has_no_ids(kind: str, tmp_path: Path) -> None:
    """Neither a folder that is not there, nor a broken table, nor broken text is an error."""
    assert [] == known_ids(kind, "", tmp_path / "no")
    (tmp_path / f"{kind}.parquet").write_bytes(b"PAR1")
    assert [] == known_ids(kind, "", tmp_path)
    copied(REPOSITORY, tmp_path / "data")
    (tmp_path / "data" / "codebook.yaml").write_bytes(b"issues:\n  - id: \xff\n")
    assert [] == known_ids("issues", "", tmp_path / "data")
