"""Write a dataset to files, whole or not at all: one module a format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.atomic import replace_folder
from stancedata.problems import StancedataError, did_you_mean
from stancedata.tables import csv
from stancedata.tables import parquet_writer as parquet
from stancedata.tables.contract import TABLES
from stancedata.tables.manifest import Identity, listed_files, write_manifest

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.tables.source import TableSource

FORMATS = {"parquet": parquet.write, "csv": csv.write}
WRITERS = 2
"""Tables that are written at the same time."""


@attrs.frozen
class Contents:
    """What is exported of a dataset.

    Attributes:
        tables: Its tables, by name.
        batches: Gives the rows of a table in the order of its key.
        identify: Gives its version and digests, which takes time.
    """

    tables: TableSource
    batches: Callable[[str], Iterable[pa.Table]]
    identify: Callable[[], Identity]


def export(
    contents: Contents, folder: Path, formats: tuple[str, ...], partition_by: str = ""
) -> list[Path]:
    """Write every table of a dataset in every format; see `Dataset.export`."""
    parquet.refuse_column(partition_by)
    for name in formats:
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"use one of {', '.join(FORMATS)}"
            raise StancedataError(f"format: is unknown, got {name!r}; {hint}")
    if not formats:
        raise StancedataError(f"format: is missing; use one of {', '.join(FORMATS)}")
    if partition_by and "parquet" not in formats:
        raise StancedataError(
            "partition_by: works with Parquet only, got other formats; add parquet"
        )
    with replace_folder(folder, listed_files) as new:
        files = write_tables(contents, new, formats, partition_by=partition_by)
        files.append(write_manifest(new, contents.identify()))
    return [folder / file.relative_to(new) for file in files]


def write_tables(
    contents: Contents,
    folder: Path,
    formats: tuple[str, ...],
    without: tuple[str, ...] = (),
    partition_by: str = "",
) -> list[Path]:
    """Write the tables of a dataset to a folder that nobody reads yet.

    Two at a time, the largest first, since packing texts is most of the work; the content is
    digested meanwhile.
    """
    jobs = [(t, n) for t in TABLES if t.name not in without for n in dict.fromkeys(formats)]
    # Asked for before there are threads: to know its size, a table that is derived is made.
    rows = {table: contents.tables.rows(table.name) for table, _ in jobs}
    with ThreadPoolExecutor(1) as beside, ThreadPoolExecutor(WRITERS) as pool:
        identify = beside.submit(contents.identify).result
        written = {
            (table, name): pool.submit(
                FORMATS[name], table, contents.batches(table.name), folder, identify, partition_by
            )
            for table, name in sorted(jobs, key=lambda job: rows[job[0]], reverse=True)
        }
        try:
            return [path for job in jobs for path in written[job].result()]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after a failure the rest is in vain
