"""Which texts of a dataset a folder has, nearly has, and what differs."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.model.corpus import Corpus
from stancedata.rules.holdings import Holding, holdings
from tests.cli.test_commands import run
from tests.support.paths import REPOSITORY, TEXTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the texts of the miniature dataset."""
    for file in TEXTS.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def found(folder: Path) -> list[Holding]:
    """Look for the texts of the miniature dataset."""
    return holdings(sd.read(REPOSITORY).tables, Corpus(folder))


def texts(folder: Path) -> list[Path]:
    """Return the files that are texts of documents."""
    return [folder / str(h.file) for h in found(folder)]


def test_all_texts_are_there(folder: Path) -> None:
    """Line ends and a byte order mark do not matter."""
    for file in texts(folder):
        content = file.read_text(encoding="utf-8")
        file.write_bytes(("\ufeff" + content.replace("\n", "\r\n")).encode())
    assert {"there"} == {h.state for h in found(folder)}
    assert "0 nearly, 0 missing" in run("corpus", "check", folder, "--data", REPOSITORY)


def test_what_differs_is_said(folder: Path) -> None:
    """White space at the ends and no-break spaces are found, with what to do."""
    file = texts(folder)[0]
    content = file.read_text(encoding="utf-8")
    file.write_text(f"\n  {content.replace(' ', chr(160), 1)}\n\n \n", encoding="utf-8")
    (first, *others) = found(folder)
    assert ("nearly", file.name) == (first.state, first.file)
    assert "replace no-break spaces by spaces" in str(first.difference)
    assert {"there"} >= {h.state for h in others}
    said = run("corpus", "check", folder, "--data", REPOSITORY, status=1)
    assert "replace no-break spaces" in said
    assert "1 nearly" in said


def test_another_normalisation(folder: Path) -> None:
    """A text in another Unicode normalisation is recognised."""
    file = texts(folder)[0]
    content = file.read_text(encoding="utf-8")
    file.write_text(unicodedata.normalize("NFD", content) + "x", encoding="utf-8")
    (first, *_) = found(folder)
    assert "nearly" == first.state
    assert "spans are in it word for word" in str(first.difference)


def test_a_missing_text(folder: Path) -> None:
    """A file with other words is not a text, nor is one that is not UTF-8."""
    file = texts(folder)[0]
    file.write_bytes(b"caf\xe9 " * 300)
    (first, *_) = found(folder)
    assert ("missing", None) == (first.state, first.file)


def test_where_texts_can_be_had() -> None:
    """`corpus` lists documents with their address and how to prepare the text."""
    shown = run("corpus", "--data", REPOSITORY)
    assert "document_id" in shown
    assert "plain text in UTF-8" in shown
    assert "retrieved_on" in run("corpus", "--data", REPOSITORY, "--format", "csv")
