"""What a dataset is, from the footers of its files alone: the fastest answer there is."""

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
    """A dataset at a glance.

    Attributes:
        counts: Rows of the main tables, by name.
        first: First day of any position, ISO; empty where there is none.
        last: Last day of any position, ISO; empty where there is none.
    """

    version: str
    schema_version: str
    digest: str
    counts: Mapping[str, int]
    first: str
    last: str


def of_folder(folder: Path) -> Summary:
    """The summary of a folder of Parquet tables; raises as `stancedata.read` does."""
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
    """The least or greatest value of a column, from the statistics of its files' row groups."""
    import pyarrow.parquet as pq

    statistics = []
    for footer in map(pq.read_metadata, paths):
        index = footer.schema.to_arrow_schema().get_field_index(column)
        groups = range(footer.num_row_groups)
        statistics += [footer.row_group(g).column(index).statistics for g in groups]
    values: list[Any] = [getattr(s, which) for s in statistics if s is not None and s.has_min_max]
    return str({"min": min, "max": max}[which](values)) if values else ""
