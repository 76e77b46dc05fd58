"""Answers of `stancedata sql`: every value in every format, or a sentence."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.cli.values import to_json
from tests.cli.test_commands import run, streams

TWICE = "SELECT 1 AS a, 2 AS a, 3 AS a, 4 AS a_1, 5 AS \"A\""  # fmt: skip
# A query of one value: its text in tables and CSV, and in JSON if that differs.
VALUES: dict[str, tuple[str, Any]] = {
    "'nan'::DOUBLE": ("nan", "NaN"),
    "'inf'::FLOAT": ("inf", "Infinity"),
    "'-inf'::DOUBLE": ("-inf", "-Infinity"),
    "[1, NULL, 2]": ("[1, NULL, 2]", [1, None, 2]),
    "[[1], [2, 3]]": ("[[1], [2, 3]]", [[1], [2, 3]]),
    "['nan'::DOUBLE, 1]": ("[nan, 1.0]", ["NaN", 1.0]),
    "{'a': 1, 'b': [1e400]}": ("{'a': 1, 'b': [inf]}", {"a": 1, "b": ["Infinity"]}),
    "MAP {'a': 1}": ("{a=1}", [["a", 1]]),
    "[DATE '2021-10-20']": ("[2021-10-20]", ["2021-10-20"]),
    "[DATE 'infinity']": ("[infinity]", "[infinity]"),
    "INTERVAL 3 MONTH": ("3 months", "3 months"),
    "[INTERVAL 1 DAY]": ("[1 day]", "[1 day]"),
    "DATE 'infinity'": ("infinity", "infinity"),
    "TIMESTAMP 'infinity'": ("infinity", "infinity"),
    "DATE '0044-03-15 (BC)'": ("0044-03-15 (BC)", "0044-03-15 (BC)"),
    "DATE '290000-01-01'": ("290000-01-01", "290000-01-01"),
    "DATE '2021-10-20'": ("2021-10-20", "2021-10-20"),
    "TIME '24:00:00'": ("24:00:00", "24:00:00"),
    "'\\xFFa'::BLOB": ("\\xFFa", "\\xFFa"),
    "['b'::BLOB]": ("[b]", "[b]"),
    "union_value(k := 1)": ("1", "1"),
    "1e400": ("inf", "Infinity"),
    "18446744073709551615::UBIGINT": ("18446744073709551615", 18446744073709551615),
    "170141183460469231731687303715884105727::HUGEINT": ("170141183460469231731687303715884105727", 170141183460469231731687303715884105727),
    "1.50::DECIMAL(9, 2)": ("1.50", "1.50"),
}  # fmt: skip


def asked(query: str, style: str) -> bytes:
    """Return the output of the command as bytes; Parquet is not text."""
    return streams("sql", query, "--format", style)[0]


def strictly(text: str) -> Any:
    """Parse JSON, refusing the numbers that only Python accepts."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_columns_of_one_name_keep_their_values(small: sd.Dataset) -> None:
    """Duplicate column names are numbered, avoiding existing names, in every format."""
    names, values = ["a", "a_2", "a_3", "a_1", "A"], [1, 2, 3, 4, 5]
    expected = dict(zip(names, values, strict=True))
    assert [expected] == small.sql(TWICE).to_pylist()
    assert names == small.sql(f"{TWICE} WHERE false").column_names
    assert [expected] == strictly(run("sql", TWICE, "--format", "json"))
    table = run("sql", TWICE).splitlines()
    assert [names, list(map(str, values))] == [line.split() for line in table]
    printed = list(csv.reader(io.StringIO(asked(TWICE, "csv").decode())))
    assert [names, list(map(str, values))] == printed
    assert [expected] == pq.read_table(io.BytesIO(asked(TWICE, "parquet"))).to_pylist()


def test_a_self_join_keeps_both_sides(small: sd.Dataset) -> None:
    """A self-join keeps every column of both sides with its own values."""
    found = small.sql(
        "SELECT a.actor_id, b.actor_id FROM actors a JOIN actors b ON a.actor_id < b.actor_id"
    )
    assert ["actor_id", "actor_id_1"] == found.column_names
    assert found.num_rows
    assert all(row["actor_id"] < row["actor_id_1"] for row in found.to_pylist())


def test_every_value_has_a_text() -> None:
    """Values that a format cannot hold become text."""
    query = "SELECT " + ", ".join(f"{value} AS c{n}" for n, value in enumerate(VALUES))
    (found,) = strictly(run("sql", query, "--format", "json"))
    assert [value for _, value in VALUES.values()] == list(found.values())
    printed = list(csv.reader(io.StringIO(asked(query, "csv").decode())))
    assert [text for text, _ in VALUES.values()] == printed[1]
    shown = run("sql", query).splitlines()[1]
    assert [text for text, _ in VALUES.values()] == re.split(r" {2,}", shown)


def test_nothing_and_no_rows() -> None:
    """Null is null in every format, and so is a null list; without rows, only a header is left."""
    query = "SELECT NULL::INTERVAL AS i, NULL::INTEGER[] AS l, NULL::DATE AS d"
    assert [{"i": None, "l": None, "d": None}] == strictly(run("sql", query, "--format", "json"))
    assert b'"i","l","d"\n,,\n' == asked(query, "csv")
    assert [] == strictly(run("sql", f"{query} WHERE false", "--format", "json"))
    assert b'"i","l","d"\n' == asked(f"{query} WHERE false", "csv")


@pytest.mark.parametrize("value", ["INTERVAL 3 MONTH", "union_value(k := 1)"])
def test_parquet_says_what_it_cannot_hold(value: str) -> None:
    """A type that Parquet lacks is refused with a message."""
    said = run("sql", f"SELECT {value} AS v", "--format", "parquet", status=1)
    assert said.startswith("parquet cannot hold the answer, got Unhandled type")
    assert said.endswith("; cast the column to VARCHAR\n")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1::UHUGEINT", "UHUGEINT"),
        ("'101'::BIT", "BIT"),
        ("'12:00:00+01'::TIMETZ", "TIME WITH TIME ZONE"),
    ],
)
def test_what_would_lose_a_part_is_refused(value: str, kind: str) -> None:
    """A type whose values Arrow would change is refused."""
    said = f"the query was refused: Arrow has no {kind}, got column 'v'; cast it to VARCHAR\n"
    assert said == run("sql", f"SELECT {value} AS v", status=1)


def test_a_sum_of_whole_numbers_is_a_number_in_json(small: sd.Dataset) -> None:
    """JSON has whole numbers, of which DuckDB gives wide ones as decimals; others stay exact texts."""
    sql = "SELECT SUM(1::BIGINT) AS wide, 1.50::DECIMAL(4, 2) AS exact"
    assert [{"wide": 1, "exact": "1.50"}] == json.loads(to_json(small.sql(sql)))


def test_the_help_says_how_columns_are_named() -> None:
    """The help explains duplicate column names and the numbers that JSON lacks."""
    said = " ".join(run("sql", "--help").split())
    assert "the second is called name_1" in said
    assert "NaN, Infinity and -Infinity" in said
