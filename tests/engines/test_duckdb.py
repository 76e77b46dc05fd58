"""The engine of the packaged SQL."""

from __future__ import annotations

import pyarrow as pa
import pytest

from stancedata.engines.duckdb import DuckDBEngine


@pytest.mark.parametrize("rows", [1, 200_000], ids=["copied", "queried in place"])
def test_a_table_registered_again_replaces_the_first(rows: int) -> None:
    """A name stands for the last table that was registered under it."""
    engine = DuckDBEngine()
    for value in (1, 2):
        engine.register("numbers", pa.table({"n": pa.repeat(pa.scalar(value), rows)}))
        assert [{"n": value}] == engine.query("SELECT DISTINCT n FROM numbers").to_pylist()


def test_texts_are_joined_in_their_order() -> None:
    """The texts of one key become one text, ordered by number and then by the text itself."""
    engine = DuckDBEngine()
    rows = [("a", 10, "x"), ("b", 1, "w"), ("a", 9, "z"), ("a", 9, "y")]
    made = [dict(zip(("id", "n", "text"), row, strict=True)) for row in rows]
    engine.register("parts", pa.Table.from_pylist(made))
    engine.joined("texts_of", "parts", "id", "n", "text")
    found = engine.query("SELECT id, texts FROM texts_of ORDER BY id")
    assert {"id": ["a", "b"], "texts": ["y; z; x", "w"]} == found.to_pydict()
