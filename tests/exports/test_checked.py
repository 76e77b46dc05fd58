"""`check` takes every export that `read` takes, and holds it to the same rules."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import stancedata as sd
from tests.support.paths import REPOSITORY

FORMATS = ("csv", "sqlite", "duckdb")


def said(path: Path, expect: str = "any") -> list[str]:
    """Check an export and strip its path from the problems."""
    return [str(problem).replace(str(path), "") for problem in sd.check(path, expect=expect)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the miniature repository to each of these formats, alone."""
    place = tmp_path_factory.mktemp("checked")
    for name in FORMATS:
        sd.read(REPOSITORY).export(place / name, (name,))
    return place


@pytest.mark.parametrize("name", [*FORMATS, "sqlite/stancedata.sqlite", "duckdb/stancedata.duckdb"])
def test_what_is_right_has_no_problems(folder: Path, name: str) -> None:
    """A folder of one format, or its database, has the digest of the data and breaks no rule."""
    assert [] == said(folder / name, sd.read(REPOSITORY).digest)
    assert ": digest: is not the expected one" in said(folder / name, "ab" * 32)[0]


@pytest.mark.parametrize("name", ["csv", "sqlite", "parquet"])
def test_a_zip_is_checked(tmp_path: Path, name: str) -> None:
    """What is in a zip is checked with its manifest, and named by its place in the zip."""
    (path,) = sd.read(REPOSITORY).export(tmp_path / "out", (name,), archive=True)
    assert [] == said(path, sd.read(REPOSITORY).digest)


def test_a_forged_level_is_found_in_a_database(tmp_path: Path) -> None:
    """A level that was changed in `positions` does not follow from the stances, and changes the file."""
    sd.read(REPOSITORY).export(tmp_path / "out", ("sqlite",))
    file = tmp_path / "out" / "stancedata.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE positions SET level = 2 WHERE level = -1")
        database.commit()
    forged = "does not follow from the stances, got 2 where they give -1; export the dataset again"
    for path in (tmp_path / "out", file):
        assert [
            f"/positions: northland on recognition, 2021-10-20: level: {forged}",
            f"/positions: westland on recognition, 2021-10-20: level: {forged}",
        ] == said(path)[:2]
    assert ["/stancedata.sqlite: was changed after"] == [
        line[: len("/stancedata.sqlite: was changed after")] for line in said(tmp_path / "out")[2:]
    ]


def test_a_forged_level_is_found_in_csv(tmp_path: Path) -> None:
    """Without a manifest too."""
    sd.read(REPOSITORY).export(tmp_path / "out", ("csv",))
    file = tmp_path / "out" / "positions.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"withholds"', '"grants"'), encoding="utf-8")
    assert text != file.read_text(encoding="utf-8")
    (tmp_path / "out" / "manifest.json").unlink()
    found = said(tmp_path / "out")
    assert found
    assert all("got grants where they give withholds; export" in line for line in found)


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    """Missing files and columns are problems, each in a line; so is a file that was put there."""
    sd.read(REPOSITORY).export(tmp_path / "out", ("csv",))
    (tmp_path / "out" / "holders.csv").unlink()
    (tmp_path / "out" / "levels.csv").write_text("issue_id,level\nrecognition,1\n")
    (tmp_path / "out" / "notes.csv").write_text("mine")
    found = said(tmp_path / "out")
    assert "/holders: is missing; export the dataset again" in found
    assert "/levels: definition: column is missing; export the dataset again" in found
    assert any(line.startswith("/notes.csv: is not in the manifest") for line in found)


def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    """A file that is no database, or no zip, is refused by its name."""
    for name in ("a.sqlite", "a.duckdb", "a.zip"):
        (tmp_path / name).write_text("nothing of the kind, but longer than a header is" * 9)
        with pytest.raises(sd.StancedataError, match=f"{name}: cannot be read: "):
            sd.check(tmp_path / name)
