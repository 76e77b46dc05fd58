"""Summarise a dataset from the footers of its files, without reading any rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from stancedata.tables.parquet import TableFile, refusing
from stancedata.tables.source import DIGEST, SCHEMA, VERSION, ParquetTables, open_checked

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
        key: tables.metadata.get(key, b"unknown").decode("utf-8", "replace")
        for key in (VERSION, SCHEMA, DIGEST)
    }
    files = tables.files("positions")
    first = _extreme(files, "stated_earliest", "min")
    last = _extreme(files, "stated_latest", "max")
    counts = {name: tables.rows(name) for name in COUNTED}
    return Summary(words[VERSION], words[SCHEMA], words[DIGEST], counts, first, last)


def _extreme(files: Sequence[TableFile], column: str, which: str) -> str:
    """Return the minimum or maximum of a column; rows are read only where a file has no statistics."""
    values = [value for file in files for value in _extremes(file, column, which)]
    return str({"min": min, "max": max}[which](values)) if values else ""


def _extremes(file: TableFile, column: str, which: str) -> list[Any]:
    with open_checked(file) as opened:
        footer = opened.metadata
        index = opened.schema_arrow.get_field_index(column)
        groups = (footer.row_group(number) for number in range(footer.num_row_groups))
        statistics = [group.column(index).statistics for group in groups if group.num_rows]
        if all(found is not None and found.has_min_max for found in statistics):
            return [getattr(found, which) for found in statistics]
        import pyarrow.compute as pc

        compute: Any = pc
        with refusing(file.path, "cannot be read"):
            value = compute.min_max(opened.read([column]).column(0))[which].as_py()
        return [] if value is None else [value]
