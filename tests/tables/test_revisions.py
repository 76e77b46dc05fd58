"""Long contents of revisions are in parts in files, and whole in memory."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stancedata.model.corpus import digest_of
from stancedata.tables import revisions
from stancedata.tables.columns import sort
from stancedata.tables.contract import BY_NAME


def table(contents: list[int | None], record_id: str = "a") -> pa.Table:
    """The revisions of a record whose contents have so many speakers; None retracts it."""
    rows = []
    for number, count in enumerate(contents, 1):
        speakers = [{"actor_id": f"é{i}" * 10, "position": i} for i in range(count or 0)]
        text = revisions.canonical({"coverage": [{"name": "c"}], "silent_speakers": speakers})
        before = contents[number - 2] if number > 1 else None
        operation = "retract" if count is None else "add" if before is None else "modify"
        rows.append(
            {"record_id": record_id, "revision": number, "kind": "coverage", "release": "1",
             "release_number": number, "reason": "recode", "operation": operation,
             "content": None if count is None else text,
             "content_sha256": None if count is None else digest_of(text)}
        )  # fmt: skip
    made = pa.Table.from_pylist(rows, schema=BY_NAME["revisions"].schema)
    return sort(BY_NAME["revisions"], made)


def standing(found: pa.Table) -> dict[str, list[Any]]:
    """The tables of the contents that stand, by the last revision of each record."""
    last = {row["record_id"]: row for row in found.to_pylist()}
    tables: dict[str, list[Any]] = {}
    for row in last.values():
        for name, rows in json.loads(row["content"] or "{}").items():
            tables.setdefault(name, []).extend(rows)
    return tables


@given(st.lists(st.none() | st.integers(0, 2000), min_size=1, max_size=4))
def test_parts_are_short_and_join_again(counts: list[int | None]) -> None:
    """Every part is short, its digest is its own, what stands is the same, and nothing is lost."""
    one = table(counts)
    many = revisions.in_parts(one)
    for row in many.to_pylist():
        if row["content"] is not None:
            assert len(row["content"].encode()) <= revisions.MOST_BYTES
            assert digest_of(row["content"]) == row["content_sha256"]
    assert standing(one) == standing(many)
    assert one.to_pylist() == revisions.whole(many).to_pylist()


def test_short_contents_are_left_alone() -> None:
    """Nothing is copied where nothing is long."""
    short = table([1, 2])
    assert revisions.in_parts(short) is short
    assert revisions.whole(short) is short


@pytest.mark.parametrize("edit", ["content", "content_sha256", "record_id"])
def test_parts_that_do_not_fit_are_left_as_they_are(edit: str) -> None:
    """A part that was changed, or that begins nothing, is not joined, so that a check finds it."""
    rows = revisions.in_parts(table([2000])).to_pylist()
    assert len(rows) > 2
    rows[1][edit] = {"content": "{}", "content_sha256": "0" * 64, "record_id": "b+2"}[edit]
    broken = sort(
        BY_NAME["revisions"], pa.Table.from_pylist(rows, schema=BY_NAME["revisions"].schema)
    )
    assert broken.to_pylist() == revisions.whole(broken).to_pylist()
