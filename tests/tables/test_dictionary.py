"""The codebook of columns: allowed values, references and keys as data."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import stancedata as sd
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.dictionary import codebook_table


@pytest.fixture(scope="module")
def rows(small: sd.Dataset) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows of the codebook of the miniature repository, by table and column."""
    found = small.tables["codebook"].to_pylist()
    return {(row["table_name"], row["column_name"]): row for row in found}


def test_every_value_is_allowed(
    small: sd.Dataset, rows: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """A column with allowed values has no other, split at the semicolons; there are many such."""
    closed = {place: row for place, row in rows.items() if row["allowed_values"]}
    assert len(closed) > 30
    for (table, column), row in closed.items():
        found = set(small.tables[table].column(column).to_pylist()) - {None}
        assert {*map(str, found)} <= set(row["allowed_values"].split("; ")), (table, column)


def test_levels_and_aspects_are_listed_by_issue(
    small: sd.Dataset, rows: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Levels and aspects are those of the issues; `ambiguous` may stand for a level."""
    listed = rows["stances", "level_name"]["allowed_by_issue"]
    by_issue = dict(part.split(": ") for part in listed.split(" | "))
    for issue in small.issues.values():
        names = [level.name for level in issue.levels]
        assert [*names, "ambiguous"] == by_issue[issue.issue_id].split("; ")
    assert "ambiguous" not in rows["stance_aspects", "aspect"]["allowed_values"]
    assert "string; int32; float64; bool; date32" == rows["codebook", "data_type"]["allowed_values"]
    assert "add; modify; retract" == rows["revisions", "operation"]["allowed_values"]


def test_whole_numbers_of_levels(
    small: sd.Dataset, rows: dict[tuple[str, str], dict[str, Any]]
) -> None:
    """Every column of a level has the numbers of the scales, by issue alone."""
    scales = {issue.issue_id: [n.level for n in issue.levels] for issue in small.issues.values()}
    places = [("stances", "level"), ("second_stances", "level")]
    places += [("positions", name) for name in ("level", "level_min", "level_max")]
    for place in places:
        row = rows[place]
        assert row["allowed_values"] is None, "programs would compare numbers with texts"
        listed = [part.split(": ") for part in row["allowed_by_issue"].split(" | ")]
        assert scales == {key: [int(v) for v in values.split("; ")] for key, values in listed}


def test_keys_references_and_tables(rows: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Each table is described, with its key in order and its references."""
    for table in [table for table in TABLES if not table.until]:
        mine = [row for (name, _), row in rows.items() if name == table.name]
        keyed = sorted(
            (row for row in mine if row["key_position"]), key=lambda r: r["key_position"]
        )
        assert list(table.key) == [row["column_name"] for row in keyed]
        assert {table.description} == {row["table_description"] for row in mine}
    assert "documents.document_id" == rows["stances", "document_id"]["refers_to"]
    assert rows["stances", "document_id"]["allowed_values"] is None


def test_older_versions_keep_their_columns(small: sd.Dataset) -> None:
    """A codebook of schema 2 says references among the allowed values, and no more than it had."""
    found = codebook_table(small.tables, "2")
    assert "values of actors.actor_id" in found.column("allowed_values").to_pylist()
    newer = [c.name for c in BY_NAME["codebook"].columns if c.since > 2]
    assert all(found.column(name).null_count == len(found) for name in newer)
    assert found.num_rows < small.tables["codebook"].num_rows
    first = codebook_table(small.tables, "1").column("allowed_values").to_pylist()
    assert "values of actors.actor_id" in first
    assert "values of coders.coder" not in first


def test_without_a_vocabulary_nothing_is_listed() -> None:
    """A folder without the tables of a codebook allows nothing in particular."""
    empty: dict[str, pa.Table] = {}
    found = codebook_table(empty).column("allowed_by_issue")
    assert found.null_count == len(found)
