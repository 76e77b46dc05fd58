"""Content digest of tables in memory, in key order; the limit is SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.loading import arrow_parquet, library
from stancedata.tables.contract import TABLES

CURATED = tuple(table.name for table in TABLES if not table.derived)


def ours(folder: Path) -> Run:
    """The library's `digest` of a dataset whose tables are loaded."""
    ds = library().read(folder)
    for name in CURATED:
        ds.tables[name]
    return lambda: ds.digest


def raw(folder: Path) -> Run:
    """SHA-256 of the buffers of the same tables."""
    buffers = _buffers(folder)

    def run() -> str:
        hasher = hashlib.sha256()
        for buffer in buffers:
            hasher.update(buffer)
        return hasher.hexdigest()

    return run


def _buffers(folder: Path) -> list[Any]:
    pq = arrow_parquet()
    tables = [pq.read_table(folder / f"{name}.parquet").combine_chunks() for name in CURATED]
    chunks = [chunk for table in tables for column in table.columns for chunk in column.chunks]
    return [buffer for chunk in chunks for buffer in chunk.buffers() if buffer is not None]


WORK = Work(
    "content digest of tables in memory",
    {OURS: ours, "SHA-256 of the bytes": raw},
    {"SHA-256 of the bytes": 1.6},
    limits=frozenset({"SHA-256 of the bytes"}),
)
