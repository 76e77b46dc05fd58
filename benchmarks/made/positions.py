"""Derive `positions` of written tables by the packaged SQL, a part of the holders at a time.

A position has one holder, and its key begins with the holder: so the parts, in order of holders,
are the whole in key order, and memory is that of a part.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.made.files import ROWS, TableWriter
from stancedata.contract import BY_NAME
from stancedata.derive import calendar, conform
from stancedata.engine import packaged

PART = 500_000
"""About so many counted stances are folded at once."""
MEMORY = "600MB"
_READ = ("stances", "holders", "events", "documents", "vocabulary", "actors", "roles")


def write_positions(folder: Path) -> None:
    """Write `positions.parquet` beside the tables that it follows from."""
    writer = TableWriter(folder, BY_NAME["positions"])
    with tempfile.TemporaryDirectory(dir=folder) as place, _connect(place) as connection:
        for table in _positions(connection, folder):
            writer.write_table(table)
    writer.close()


def _connect(place: str) -> duckdb.DuckDBPyConnection:
    """A database that keeps on disk what memory has no room for."""
    settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": place}
    return duckdb.connect(str(Path(place) / "counted.duckdb"), config=settings)


def _positions(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[pa.Table]:
    for name in _READ:
        file = str(folder / f"{name}.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{file}')")
    days = calendar(datetime.date(2010, 1, 1), datetime.date(2030, 1, 1))
    connection.register("calendar", days)
    connection.execute(f"CREATE TABLE all_counted AS {packaged('queries/counted')}")
    for first, last in _parts(connection):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE counted AS FROM all_counted WHERE actor_id BETWEEN ? AND ?",
            [first, last],
        )
        order = ", ".join(BY_NAME["positions"].key)
        sql = f"SELECT * FROM ({packaged('queries/positions')}) ORDER BY {order}"
        found = connection.sql(sql).to_arrow_reader(ROWS)
        for batch in found:
            yield conform(BY_NAME["positions"], pa.Table.from_batches([batch]))


def _parts(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """First and last holder of each part, in order."""
    counts = connection.execute(
        "SELECT actor_id, COUNT(*) FROM all_counted GROUP BY actor_id ORDER BY actor_id"
    ).fetchall()
    held, first = 0, ""
    for actor_id, count in counts:
        first, held = first or actor_id, held + count
        if held >= PART or actor_id == counts[-1][0]:
            yield first, actor_id
            held, first = 0, ""
