"""Summarise a dataset from the footers of its files, without reading any rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from stancedata.tables.source import DIGEST, SCHEMA, VERSION, ParquetTables

COUNTED = (
    "documents",
    "stances",
    "positions",
    "holders",
    "evidence",
    "actors",
    "events",
    "issues",
    "second_stances",
)


@attrs.frozen
class Summary:
    """The version, size and time span of a dataset.

    Attributes:
        counts: The number of rows of the main tables, by name.
        first: The first day of any position, ISO; empty if there are no positions.
        last: The last day of any position, ISO; empty if there are no positions.
    """

    version: str
    schema_version: str
    digest: str
    counts: Mapping[str, int]
    first: str
    last: str


def of_folder(folder: Path) -> Summary:
    """Summarise a folder of Parquet tables; raises as `stancedata.read` does."""
    tables = ParquetTables(folder, without=("revisions",))
    words = {
        key: tables.metadata.get(key, b"unknown").decode() for key in (VERSION, SCHEMA, DIGEST)
    }
    files = [file.path for file in tables.files("positions")]
    first = _extreme(files, "stated_earliest", "min")
    last = _extreme(files, "stated_latest", "max")
    counts = {name: tables.rows(name) for name in COUNTED}
    return Summary(words[VERSION], words[SCHEMA], words[DIGEST], counts, first, last)


def _extreme(paths: list[Path], column: str, which: str) -> str:
    """Return the minimum or maximum of a column, from the statistics of the row groups."""
    import pyarrow.parquet as pq

    statistics = []
    for footer in map(pq.read_metadata, paths):
        index = footer.schema.to_arrow_schema().get_field_index(column)
        groups = range(footer.num_row_groups)
        statistics += [footer.row_group(g).column(index).statistics for g in groups]
    values: list[Any] = [getattr(s, which) for s in statistics if s is not None and s.has_min_max]
    return str({"min": min, "max": max}[which](values)) if values else ""
