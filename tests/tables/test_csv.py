"""CSV in a spreadsheet: no text is run as a formula, and every value can be recovered."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.cli.output import _bytes
from stancedata.tables.contract import BY_NAME
from stancedata.tables.csv import SIGNS, guarded, read, write

TEXTS = st.one_of(
    st.text(), st.builds("".join, st.tuples(st.sampled_from([*SIGNS, "'"]), st.text()))
)


def cells(data: pa.Table) -> list[list[str]]:
    """The cells of a table as CSV, header first, read by Python's own reader."""
    text = _bytes(data, "csv").decode("utf-8")
    # Without newline translation, so that a carriage return within a text is kept.
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("sign", SIGNS)
def test_texts_that_would_run(sign: str) -> None:
    """Texts that begin with a sign, or apostrophes and a sign, are prefixed with an apostrophe."""
    texts = [f"{sign}1+cmd|' /C calc'!A0", sign, f" {sign}", f"x{sign}", f"'{sign}"]
    found = [row[0] for row in cells(pa.table({"text": texts}))[1:]]
    assert ["'" + texts[0], "'" + sign, *texts[2:4], "'" + texts[4]] == found


def test_exact_bytes() -> None:
    """Nulls stay empty, empty texts stay quoted, other types are unchanged."""
    data = pa.table({
        "text": ["=1", None, "", "a"],
        "number": pa.array([-1, None, 2, -3], pa.int32()),
        "share": [-0.5, None, 1.5, 2.5],
        "truth": [True, None, False, True],
    })  # fmt: skip
    expected = (
        '"text","number","share","truth"\n"\'=1",-1,-0.5,true\n,,,\n"",2,1.5,false\n'
        '"a",-3,2.5,true\n'
    )
    assert expected == _bytes(data, "csv").decode()


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(),
        pa.dictionary(pa.int8(), pa.string()),
    ],
    ids=str,
)  # fmt: skip
def test_every_type_of_text(kind: pa.DataType) -> None:
    """Texts of every Arrow type are guarded."""
    data = pa.table({"text": pa.array(["=1", "＝1", "é", None], pa.string()).cast(kind)})
    assert [["text"], ["'=1"], ["'＝1"], ["é"], [""]] == [row or [""] for row in cells(data)]


@given(st.lists(st.none() | TEXTS, max_size=9), st.integers(0, 4))
def test_first_bytes_find_what_the_pattern_finds(texts: list[str | None], start: int) -> None:
    """Of any texts, empty or null or within a longer column, those that begin with a sign change."""
    column = pa.chunked_array([pa.array(texts, pa.string())[start:], pa.array(["x"])])
    expected = [
        text if text is None or not text.lstrip("'").startswith(tuple(SIGNS)) else f"'{text}"
        for text in [*texts[start:], "x"]
    ]
    assert guarded(pa.Table.from_arrays([column], names=["text"]))["text"].to_pylist() == expected


def test_names_of_columns() -> None:
    """Column names are guarded too; two columns may have the same name."""
    data = pa.Table.from_arrays([pa.array([1]), pa.array(["-"])], names=["=a", "=a"])
    assert [["'=a", "'=a"], ["1", "'-"]] == cells(data)
    assert [["''=a", "'a"]] == cells(
        pa.table({"'=a": pa.array([], "string"), "'a": pa.array([], "string")})
    )


def test_tables_without_rows() -> None:
    """A table without rows or chunks is a header only."""
    schema = BY_NAME["stances"].schema
    assert [schema.names] == cells(schema.empty_table())
    empty = pa.Table.from_arrays([pa.chunked_array([], pa.string())], names=["a"])
    assert [["a"]] == cells(empty)


def test_parquet_has_the_values(tmp_path: Path) -> None:
    """Parquet output is not guarded."""
    import pyarrow.parquet as pq

    data = pa.table({"text": ["=1"]})
    assert data == pq.read_table(pa.BufferReader(_bytes(data, "parquet")))


@given(st.lists(st.tuples(st.none() | TEXTS, st.integers(-9, 9)), max_size=8), st.integers(0, 8))
def test_any_text(rows: list[tuple[str | None, int]], cut: int) -> None:
    """No text cell begins with a sign, and without the apostrophe each cell is the value."""
    numbers = pa.array([number for _, number in rows], pa.int32())
    whole = pa.table({"number": numbers, "text": pa.array([text for text, _ in rows], pa.string())})
    data = pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])
    found = cells(data)[1:]
    assert len(rows) == len(found)
    for (text, number), (number_cell, cell) in zip(rows, found, strict=True):
        assert not cell.startswith(tuple(SIGNS))
        runs = (text or "").lstrip("'").startswith(tuple(SIGNS))
        assert (text or "") == (cell.removeprefix("'") if runs else cell)
        assert str(number) == number_cell


@given(st.lists(TEXTS, max_size=8))
def test_what_is_written_is_read_again(texts: list[str]) -> None:
    """Apostrophes of a text's own, before a sign too, are not taken for the one that guards it."""
    table = BY_NAME["exemptions"]
    ids = [str(number) for number, _ in enumerate(texts)]
    rows = pa.table({"record_id": ids, "rule": ids, "reason": texts}, table.schema)
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write(table, [rows], Path(folder))
        assert texts == read(table, path)["reason"].to_pylist()


def test_a_long_text_is_read_again(tmp_path: Path) -> None:
    """A row of several megabytes is one of a document's text, and no reason to stop."""
    table = BY_NAME["exemptions"]
    rows = pa.table({"record_id": ["a"], "rule": ["b"], "reason": ["x" * 3_000_000]}, table.schema)
    (path,) = write(table, [rows], tmp_path)
    assert rows.to_pylist() == read(table, path).to_pylist()


@pytest.mark.parametrize("name", BY_NAME)
def test_every_exported_table(small: sd.Dataset, name: str, tmp_path: Path) -> None:
    """If all texts of a table are hostile, all are guarded, and other columns are unchanged."""
    data = small.tables[name]
    hostile = [
        pa.chunked_array([[f"={v}" for v in column.to_pylist()]], pa.string())
        if column.type == pa.string()
        else column
        for column in data.columns
    ]
    table = pa.Table.from_arrays(hostile, names=data.schema.names)

    def lines(rows: pa.Table) -> list[list[str]]:
        (file,) = write(BY_NAME[name], [rows], tmp_path)
        with file.open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    header, *rows = lines(table)
    assert data.schema.names == header
    usual = lines(data)[1:]
    assert len(data) == len(rows) == len(usual)
    for row, before, values in zip(rows, usual, table.to_pylist(), strict=True):
        for cell, usual_cell, field in zip(row, before, table.schema, strict=True):
            text = field.type == pa.string()
            assert (f"'{values[field.name]}" if text else usual_cell) == cell
