"""Tables from elsewhere: what the reader of curated files would refuse is found in tables too."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.rules import characters
from stancedata.rules.rule import stored_rules
from stancedata.tables import cells, parquet
from tests.support.exports import Rows, change, errors, exported, linked, write

OF_TABLES = [*(rule.name for rule in stored_rules()), *characters.OF_TABLES]


@pytest.fixture(scope="module")
def small_export(small: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the miniature repository, without its manifest."""
    return exported(small, tmp_path_factory.mktemp("small"))


@pytest.fixture
def folder(small_export: Path, tmp_path: Path) -> Path:
    """A copy of that export, whose files can be replaced."""
    return linked(small_export, tmp_path)


DAY = datetime.date(1999, 1, 1)
WRONG: list[tuple[str, str, object, str]] = [
    ("stances", "stated_on", "yesterday", "stated_on: does not follow from the date yesterday"),
    ("stances", "stated_earliest", DAY, "stated_on: does not follow from the date 20"),
    ("stances", "date_kind", "lasting", "stated_on: does not follow from the date 20"),
    ("events", "held_latest", DAY, "held_on: does not follow from the date [20"),
    ("documents", "sha256", "zz", "sha256: is not a SHA-256, got 'zz'; write its 64 hex"),
    ("documents", "language", "klingon!", "language: is not an ISO 639 code, got 'klingon!'"),
    ("documents", "url", "javascript:alert(1)", "url: is not an address, got 'javascript:alert(1)'"),
    ("documents", "url", "https://a\u00a0b", "url: is not an address, got 'https://a\\xa0b'"),
    ("documents", "tier", "cited", "tier: does not follow from the other values, got cited; it must"),
    ("documents", "origin_id", "chintan-2021-10", "origin_id: does not follow from the other values"),
    ("documents", "characters", None, "text: is only half a value, got a digest; give digest and"),
    ("stances", "summary", " ", "summary: is not a text, got ' '; fill it in"),
    ("stances", "document_id", "global-village-space-2019-05", "document: is of another document"),
    ("holders", "position", -1, "holders: is not numbered from 1 without a gap, got -1"),
    ("holders", "position", 2, "holders: is not numbered from 1 without a gap, got 2"),
    ("actors", "iso3", "XYZ", "iso3: does not follow from the other values, got XYZ; it must be"),
    ("actors", "wikidata", "Q42", "wikidata: does not follow from the other values, got Q42; it"),
    ("actors", "cow", 7, "cow: does not follow from the other values, got 7; it must be"),
    ("actor_codes", "code", "xx", "is not a code of "),
    ("codebook", "description", "forged", "has another description than in the contract, got 'forged'"),
    ("revisions", "reason", "none", "must have a known kind and reason, got "),
    ("revisions", "content_sha256", "0" * 64, "has a content with another digest, got 0000"),
    ("revisions", "operation", "retract", "must be operation add, got retract"),
]  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Check an export of release 0.2.0 with all of these values, each in a row of its own."""
    folder = exported(sd.load("0.2.0"), tmp_path_factory.mktemp("wrong"))
    for name in dict.fromkeys(name for name, *_ in WRONG):
        cases = [(column, value) for table, column, value, _ in WRONG if table == name]
        change(folder, name, lambda rows, cases=cases: spoil(rows, cases))  # type: ignore[misc]
    return errors(folder, OF_TABLES)


def spoil(rows: Rows, cases: list[tuple[str, object]]) -> None:
    """Set each value in a row that has another there: one that is not spoilt yet, if there is one."""
    spoilt: list[int] = []
    for column, value in cases:
        fit = [
            n
            for n, row in enumerate(rows)
            if row[column] not in (None, value) and row.get("scheme") in (None, "cow")
        ]
        number = next((n for n in fit if n not in spoilt), fit[-1])
        rows[number][column] = value
        spoilt.append(number)


@pytest.mark.parametrize("line", [line for *_, line in WRONG])
def test_a_value_that_is_wrong_is_found(found: list[str], line: str) -> None:
    """Each wrong value gives a line that names it."""
    assert any(line in said for said in found), "\n".join(found)


@pytest.mark.parametrize("days", [-(2**31), 2**31 - 1])
def test_days_outside_the_calendar_are_refused(folder: Path, days: int) -> None:
    """Python has no such days, so neither checking nor reading may hand them on."""
    data = pq.read_table(folder / "actors.parquet")
    column = pa.array([days] * data.num_rows, pa.int32()).cast(pa.date32())
    at = data.schema.get_field_index("valid_to")
    write(folder, "actors", data.set_column(at, data.schema.field(at), column))
    assert ["actors.parquet: valid_to: must be a day of the years 1 to 9999, got another; "
            "export the dataset again"] == errors(folder)  # fmt: skip
    with pytest.raises(sd.InvalidDataError, match="years 1 to 9999"):
        [actor.valid_to for actor in sd.read(folder).actors.values()]


def test_long_texts_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text has a bound, and a part of a file one for its rows, from the footer alone."""
    change(folder, "stances", lambda rows: rows[0].update(summary="a" * 2_000))
    monkeypatch.setattr(cells, "MOST_BYTES", 1_999)
    assert any("text that is too long, got 2,000 bytes" in line for line in errors(folder))
    monkeypatch.setattr(parquet, "MOST_TEXT", 100)
    monkeypatch.setattr(parquet, "MOST_ROW", 10)
    assert any("rows take" in line for line in errors(folder))


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    """Opening a pipe would wait for a writer."""
    (folder / "holders.parquet").unlink()
    os.mkfifo(folder / "holders.parquet")
    assert any("not a regular file" in line for line in errors(folder))


def test_reading_refuses_ill_formed_values(folder: Path) -> None:
    """`read` finds values without the form of their column when their table is loaded."""
    change(folder, "documents", lambda rows: rows[0].update(url="javascript:alert(1)"))
    with pytest.raises(sd.InvalidDataError, match="url: is not an address, got 'javascript"):
        list(sd.read(folder).documents.values())


FORMS: dict[str, dict[str, Any]] = {
    "delta": {"use_dictionary": False, "column_encoding": {"summary": "DELTA_BYTE_ARRAY"}},
    "lengths": {"use_dictionary": False, "column_encoding": {"summary": "DELTA_LENGTH_BYTE_ARRAY"}},
    "version 2": {"data_page_version": "2.0", "compression": "brotli"},
    "large": {"type": pa.large_string()},
    "categories": {"type": pa.dictionary(pa.int16(), pa.string())},
}
if int(pa.__version__.partition(".")[0]) >= 21:  # earlier versions cannot write views
    FORMS["view"] = {"type": pa.string_view()}


@pytest.mark.parametrize("form", FORMS)
def test_valid_parquet_of_any_form_is_read(small: sd.Dataset, folder: Path, form: str) -> None:
    """Encodings and layouts of other writers give the same content."""
    options = dict(FORMS[form])
    data = pq.read_table(folder / "stances.parquet")
    if kind := options.pop("type", None):
        at = data.schema.get_field_index("summary")
        data = data.set_column(at, "summary", data["summary"].cast(kind))
    write(folder, "stances", data, **options)
    assert small.digest == sd.read(folder).digest


def test_only_the_texts_in_use_are_judged(small: sd.Dataset, folder: Path) -> None:
    """A dictionary, as pandas writes categories, may hold texts that no row has."""
    data = pq.read_table(folder / "stances.parquet")
    at = data.schema.get_field_index("stated_on")
    used = data["stated_on"].combine_chunks().dictionary_encode()
    wider = pa.array([*used.dictionary.to_pylist(), "yesterday"])
    for indices, found in ((used.indices, 0), (pa.array([len(wider) - 1] * len(used)), 1)):
        texts = pa.DictionaryArray.from_arrays(indices.cast(pa.int8()), wider)
        write(folder, "stances", data.set_column(at, "stated_on", texts))
        said = [line for line in errors(folder, ["date_days"]) if "yesterday" in line]
        assert found == bool(said)
        if not found:
            assert small.digest == sd.read(folder).digest


def test_sound_exports_have_no_problem(folder: Path) -> None:
    """An export passes."""
    assert [] == sd.check(folder)


def test_a_blind_coding_by_nobody(folder: Path) -> None:
    """A coder of stances alone, without codings, must be in the codebook as well."""

    def rename(rows: Rows) -> None:
        rows[0]["coder"] = "nobody"

    change(folder, "second_stances", rename)
    found = [line for line in errors(folder, ["coder_known"]) if "of the codebook" in line]
    assert ["nobody"] == [line.partition("got '")[2].partition("'")[0] for line in found], found
