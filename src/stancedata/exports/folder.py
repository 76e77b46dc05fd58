"""Export a dataset to a folder atomically; each format has a module of its own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.atomic import replace_folder
from stancedata.exports import sqlite, stata
from stancedata.exports.beside import write_beside, write_sums
from stancedata.exports.description import Description
from stancedata.exports.panels import Panelled
from stancedata.problems import StancedataError, did_you_mean
from stancedata.tables import csv
from stancedata.tables import parquet_writer as parquet
from stancedata.tables.contract import tables_of
from stancedata.tables.dictionary import READ, Allowed
from stancedata.tables.manifest import Identity, listed_files, write_manifest

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.releases.citation import About
    from stancedata.tables.columns import Table
    from stancedata.tables.source import TableSource

FORMATS = {"parquet": parquet.write, "csv": csv.write, "dta": stata.write}
"""The formats with a file for each table."""
DATABASES = {"sqlite": sqlite.write}
"""The formats with one file for all tables."""
WRITERS = 2
"""The number of tables written concurrently."""


@attrs.frozen
class Contents:
    """The content of a dataset to export.

    Attributes:
        tables: The tables, by name.
        batches: Yields the rows of a table in key order.
        identify: Returns the version and digests; computing them takes time.
        about: Title, authors and licence.
        cite: Returns a citation in a style.
        panel: Returns the panel of every `month` or `year`.
        released_on: The day of the release; None if it is not one.
        panels: The panels, which are exported beside the tables of the contract.
    """

    tables: TableSource
    batches: Callable[[str], Iterable[pa.Table]]
    identify: Callable[[], Identity]
    about: About
    cite: Callable[[str], str]
    panel: Callable[[str], pa.Table]
    released_on: datetime.date | None = None
    panels: tuple[Table, ...] = ()

    @property
    def described(self) -> tuple[Table, ...]:
        """The tables to write, with the columns of their schema version."""
        return (*tables_of(self.tables.schema_version), *self.panels)

    def with_panels(self, wanted: bool | None) -> Contents:
        """Add the panels; None adds them if they are small enough."""
        found = Panelled(self.tables, self.panel, wanted)
        batches = partial(found.batches, others=self.batches)
        return attrs.evolve(self, tables=found, batches=batches, panels=found.panels)


def export(
    contents: Contents,
    folder: Path,
    formats: tuple[str, ...],
    partition_by: str = "",
    panel: bool | None = None,
) -> list[Path]:
    """Write every table of a dataset in every format; see `Dataset.export`."""
    parquet.refuse_column(partition_by)
    known = (*FORMATS, *DATABASES)
    for name in formats:
        if name not in known:
            hint = did_you_mean(name, known) or f"use one of {', '.join(known)}"
            raise StancedataError(f"format: is unknown, got {name!r}; {hint}")
    if not formats:
        raise StancedataError(f"format: is missing; use one of {', '.join(known)}")
    if partition_by and "parquet" not in formats:
        raise StancedataError(
            "partition_by: works with Parquet only, got other formats; add parquet"
        )
    with replace_folder(folder, listed_files) as new:
        contents = contents.with_panels(panel)
        by_table = tuple(name for name in formats if name in FORMATS)
        files = write_tables(contents, new, by_table, partition_by=partition_by)
        version = contents.tables.schema_version
        for name in dict.fromkeys(name for name in formats if name in DATABASES):
            write = DATABASES[name]
            files.append(write(contents.described, contents.batches, new, version))
        files += write_beside(_described(contents, new, files))
        files.append(write_sums(new))
        files.append(write_manifest(new, contents.identify()))
    return [folder / file.relative_to(new) for file in files]


def _described(contents: Contents, folder: Path, files: list[Path]) -> Description:
    """Collect what the files beside the tables say."""
    tables = contents.tables
    by_table: dict[tuple[str, str], list[str]] = {}
    for file in files:
        name = file.relative_to(folder)
        by_table.setdefault((name.parts[0].partition(".")[0], file.suffix[1:]), []).append(
            name.as_posix()
        )
    rows = {name: tables[name].to_pylist() for name in ("actors", "coders", "coverage")}
    day = contents.released_on or _newest(contents.batches("documents"))
    return Description(
        folder,
        contents.about,
        contents.identify(),
        day.isoformat() if day else "",
        contents.described,
        {table.name: tables.rows(table.name) for table in contents.described},
        by_table,
        Allowed.of({name: tables[name] for name in READ}),
        rows["actors"],
        rows["coders"],
        rows["coverage"],
        contents.cite,
    )


def _newest(documents: Iterable[pa.Table]) -> datetime.date | None:
    """Return the day of the newest coding."""
    days: list[Any] = []
    for rows in documents:
        days += rows.column("coded_date").to_pylist()
    return max(days, default=None)


def write_tables(
    contents: Contents,
    folder: Path,
    formats: tuple[str, ...],
    without: tuple[str, ...] = (),
    partition_by: str = "",
) -> list[Path]:
    """Write the tables of a dataset, by its schema version, to a folder that has no readers yet.

    `WRITERS` tables are written concurrently, the largest first, since compressing texts is most of
    the work; the digest is computed meanwhile.
    """
    found = [t for t in contents.described if t.name not in without]
    jobs = [(table, name) for table in found for name in dict.fromkeys(formats)]
    # Before any thread starts, since counting the rows of a derived table computes it.
    rows = {table: contents.tables.rows(table.name) for table, _ in jobs}
    # A panel stays whole, since it is merged as a whole.
    cuts = dict.fromkeys(contents.panels, "") | {
        t: parquet.partition_column(t, partition_by, partial(contents.batches, t.name))
        for t in found
        if t not in contents.panels
    }
    with ThreadPoolExecutor(1) as digester, ThreadPoolExecutor(WRITERS) as pool:
        identify = digester.submit(contents.identify).result
        written = {
            (table, name): pool.submit(
                FORMATS[name], table, contents.batches(table.name), folder, identify, cuts[table]
            )
            for table, name in sorted(jobs, key=lambda job: rows[job[0]], reverse=True)
        }
        try:
            return [path for job in jobs for path in written[job].result()]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after a failure, skip the rest
