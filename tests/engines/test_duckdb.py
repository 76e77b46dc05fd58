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
