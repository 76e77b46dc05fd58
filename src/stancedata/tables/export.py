"""Write a dataset to files, whole or not at all: one module a format."""

from __future__ import annotations

import functools
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.problems import StancedataError, did_you_mean
from stancedata.tables import csv
from stancedata.tables import parquet_writer as parquet
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.folder_swap import replacing
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.manifest import read_manifest, write_manifest
from stancedata.tables.source import number_of_rows

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

FORMATS = {"parquet": parquet.write, "csv": csv.write}
WRITERS = 2
"""Tables that are written at the same time."""
KNOWN = {f"{table.name}.{name}" for table in TABLES for name in FORMATS} | {MANIFEST}
"""Names of the files of an export, which another may replace."""


def export(
    dataset: Dataset, folder: Path, formats: tuple[str, ...], partition_by: str = ""
) -> list[Path]:
    """Write every table of a dataset in every format; see `Dataset.export`."""
    parquet.refuse_column(partition_by)
    for name in formats:
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"write one of {', '.join(FORMATS)}"
            raise StancedataError(f"format: is not known, got {name!r}; {hint}")
    if not formats:
        raise StancedataError(f"format: is missing, got none; write one of {', '.join(FORMATS)}")
    if partition_by and "parquet" not in formats:
        raise StancedataError("partition_by: cuts Parquet alone, got no such format; add parquet")
    with replacing(folder, KNOWN | _cut_tables(folder)) as new:
        files = write_tables(dataset, new, formats, partition_by=partition_by)
        files.append(write_manifest(new, about(dataset)))
    return [folder / file.relative_to(new) for file in files]


def _cut_tables(folder: Path) -> set[str]:
    """Folders of an earlier export that hold a table's files, and nothing that it did not write."""
    listed = read_manifest(folder).get("files")
    known = set(listed) if isinstance(listed, dict) else set()
    try:
        return {n for n in BY_NAME if (folder / n).is_dir() and _files(folder, n) <= known}
    except OSError:
        return set()  # who may not look may not write either, and is told so


def _files(folder: Path, name: str) -> set[str]:
    """What is in a folder of a folder, links too, by their paths from it."""
    return {
        file.relative_to(folder).as_posix()
        for file in (folder / name).rglob("*")
        if not file.is_dir() or file.is_symlink()
    }


def write_tables(
    dataset: Dataset, folder: Path, formats: tuple[str, ...], without: tuple[str, ...] = (),
    partition_by: str = "",
) -> list[Path]:  # fmt: skip
    """Write the tables of a dataset to a folder that nobody reads yet.

    Two at a time, the largest first, since packing texts is most of the work; the content is
    digested meanwhile.
    """
    jobs = [(t, n) for t in TABLES if t.name not in without for n in dict.fromkeys(formats)]
    # Asked for before there are threads: to know its size, a table that is derived is made.
    rows = {table: number_of_rows(dataset.tables, table.name) for table, _ in jobs}
    with ThreadPoolExecutor(1) as beside, ThreadPoolExecutor(WRITERS) as pool:
        digest = functools.partial(_digest_in, beside.submit(about, dataset))
        written = {
            (table, name): pool.submit(FORMATS[name], dataset, table, folder, digest, partition_by)
            for table, name in sorted(jobs, key=lambda job: rows[job[0]], reverse=True)
        }
        try:
            return [path for job in jobs for path in written[job].result()]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after a failure the rest is in vain


def _digest_in(said: Future[dict[str, str]]) -> str:
    return said.result()["digest"]


def about(dataset: Dataset) -> dict[str, str]:
    """What the manifest of a folder says of the dataset in it."""
    return {
        "dataset": "stancedata",
        "version": dataset.version,
        "schema_version": SCHEMA_VERSION,
        "digest": dataset.digest,
        "positions_digest": dataset.positions_digest,
    }
