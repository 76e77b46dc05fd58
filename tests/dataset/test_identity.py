"""What an export says about itself is compared with its content."""

from __future__ import annotations

import datetime
from pathlib import Path
from unittest.mock import Mock

import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata import cache
from stancedata.dataset import identity
from stancedata.dataset.rebuilds import rebuilt
from stancedata.questions.positions import Complete
from stancedata.releases.log import read_history
from stancedata.releases.revisions import history_tables, releases_of, replay
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.dictionary import codebook_table
from tests.support.exports import Rows, change, errors, exported, linked, write
from tests.support.paths import RELEASED


@pytest.fixture(scope="module")
def exports(small: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Exports of the miniature repository, and of a dataset with releases."""
    history = history_tables(read_history(RELEASED).history)
    last = releases_of(history)[-1]
    tables = Complete(
        replay(history["revisions"], last.release_number), lambda: history, last.schema_version
    )
    datasets = {"small": small, "released": sd.Dataset(tables, last.release)}
    return {name: exported(d, tmp_path_factory.mktemp(name)) for name, d in datasets.items()}


@pytest.fixture
def folder(exports: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of the export of the miniature repository, whose files can be replaced."""
    return linked(exports["small"], tmp_path)


@pytest.fixture
def released(exports: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of the export with releases."""
    return linked(exports["released"], tmp_path)


def test_a_release_with_another_digest_is_found(released: Path) -> None:
    """Every release is built from the revisions again."""
    change(released, "releases", lambda rows: rows[0].update(digest="e" * 64))
    assert [True] == ["the rebuilt content must have the digest ee" in s for s in errors(released)]


LATER = datetime.date(2201, 1, 1)
RELEASES: list[tuple[int, dict[str, object], str]] = [
    (-1, {"released_on": LATER}, "is released later than today, got 2201-01-01"),
    (0, {"release": "0.1.0+edited"}, "must be a version, got '0.1.0+edited'"),
    (0, {"release": "0.3.0"}, "0.3.0: is listed twice, got number 3"),
    (0, {"positions_digest": "0" * 64}, "must have the digests of its content, got 0000"),
    (-1, {"positions_digest": "e" * 64}, "positions_digest: is not that of the content, got eeee"),
]


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize(("number", "values", "line"), RELEASES)
def test_a_release_that_cannot_be_is_found(
    released: Path, number: int, values: dict[str, object], line: str, stated: bool
) -> None:
    """Each release has a version, a day that has come, and digests, whether or not files state them."""
    change(released, "releases", lambda rows: rows[number].update(values))
    for file in released.glob("*.parquet") if not stated else ():
        write(released, file.stem, pq.read_table(file).replace_schema_metadata(None))
    assert any(line in found for found in errors(released)), errors(released)


STATED = [
    (b"stancedata.digest", b"0" * 64, "", "digest: is not that of the content, got '0000"),
    (b"stancedata.version", b"7.7.7", "", "version: is not that of the last release"),
    (b"stancedata.version", b"7.7.7", "stances", "is not the one of the other files, got '7.7.7'"),
    (b"stancedata.schema_version", b"1", "", "silences.parquet: is missing"),
    (b"stancedata.digest", b"\xff", "", "digest: is not that of the content, got '\ufffd'"),
]


@pytest.mark.parametrize(("key", "value", "only", "line"), STATED)
def test_a_footer_that_lies_is_found(
    folder: Path, key: bytes, value: bytes, only: str, line: str
) -> None:
    """Version, digest and schema version in footers must be those of the content."""
    for file in folder.glob("*.parquet"):
        if only in ("", file.stem):
            data = pq.read_table(file)
            about = {**(data.schema.metadata or {}), key: value}
            write(folder, file.stem, data.replace_schema_metadata(about))
    assert any(line in found for found in errors(folder)), errors(folder)


def test_a_footer_that_lies_alone_is_found(folder: Path) -> None:
    """One file states a digest, and no other file anything."""
    for file in folder.glob("*.parquet"):
        about = {b"stancedata.digest": b"0" * 64} if file.stem == "stances" else None
        write(folder, file.stem, pq.read_table(file).replace_schema_metadata(about))
    assert any("digest: is not that of the content, got '0000" in found for found in errors(folder))


def test_a_table_that_is_a_file_and_a_folder_is_refused(folder: Path) -> None:
    """Readers take one or the other, so that two programs would see two datasets."""
    log = folder / "stances" / "_delta_log"
    log.mkdir(parents=True)
    (log / "0.checkpoint.parquet").write_bytes(b"of another program")
    assert [] == errors(folder)
    (folder / "stances" / "part.parquet").write_bytes((folder / "stances.parquet").read_bytes())
    said = "stances.parquet: is there beside the folder stances; keep one of the two, and move"
    assert any(said in found for found in errors(folder))
    with pytest.raises(sd.InvalidDataError, match="is there beside the folder stances"):
        sd.read(folder)


def test_positions_of_releases_are_rebuilt_on_request(released: Path) -> None:
    """That takes most of the time, so it is asked for, as in a data folder."""
    change(released, "releases", lambda rows: rows[0].update(positions_digest="e" * 64))
    assert [] == errors(released)
    (line,) = errors(released, history=True)
    assert "the rebuilt positions must have the digest ee" in line


def test_a_sound_history_is_remembered(
    released: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not rebuilt again, but another one is, and one with a fault always."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
    rebuild = Mock(wraps=rebuilt)
    monkeypatch.setattr(identity, "rebuilt", rebuild)
    assert [] == errors(released) == errors(released)
    assert 1 == rebuild.call_count
    change(released, "releases", lambda rows: rows[0].update(digest="e" * 64))
    assert 1 == len(errors(released)) == len(errors(released))
    assert 3 == rebuild.call_count


@pytest.mark.parametrize("version", [*identity.WORDINGS])
def test_the_words_of_the_codebook_are_known(version: str) -> None:
    """If this fails, a description was changed: add its digest, and keep those of older exports."""
    assert SCHEMA_VERSION in identity.WORDINGS
    found = identity.words_digest(codebook_table({}, version))
    assert found in identity.WORDINGS[version]


def test_older_words_of_the_codebook_are_no_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export of an earlier version describes columns as that version did."""
    change(folder, "codebook", lambda rows: rows[0].update(description="As it was said before."))
    (line,) = errors(folder)
    assert "has another description than in the contract, got 'As it was said before.'" in line
    older = identity.words_digest(pq.read_table(folder / "codebook.parquet"))
    known = {SCHEMA_VERSION: (*identity.WORDINGS[SCHEMA_VERSION], older)}
    monkeypatch.setattr(identity, "WORDINGS", known)
    assert [] == errors(folder)


@pytest.mark.parametrize("name", ["refers_to", "allowed_values", "allowed_by_issue"])
def test_an_earlier_codebook_says_less(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It may lack references and values, which one in the words of today may not."""

    def clear(rows: Rows) -> None:
        for row in rows:
            row[name] = None

    change(folder, "codebook", clear)
    (line,) = errors(folder)
    assert f"has another {name} than in the contract, got None" in line
    change(folder, "codebook", lambda rows: rows[0].update(description="As it was said before."))
    older = identity.words_digest(pq.read_table(folder / "codebook.parquet"))
    known = {SCHEMA_VERSION: (*identity.WORDINGS[SCHEMA_VERSION], older)}
    monkeypatch.setattr(identity, "WORDINGS", known)
    assert [] == errors(folder)


@pytest.mark.parametrize(
    ("column", "value", "line"),
    [
        ("data_type", "int32", "has another data_type than in the contract, got 'int32'"),
        ("column_name", "mine", "must have a row for each column of the contract, got "),
    ],
)
def test_a_codebook_names_the_columns_and_types_of_the_contract(
    folder: Path, column: str, value: str, line: str
) -> None:
    """A column of another name or type is found."""
    change(folder, "codebook", lambda rows: rows[0].update({column: value}))
    assert [True] == [line in found for found in errors(folder)]
