"""Write a dataset to files, whole or not at all: one module a format."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.contract import BY_NAME, TABLES
from stancedata.exports import csv, parquet
from stancedata.exports.folders import replacing
from stancedata.manifest import NAME as MANIFEST
from stancedata.manifest import read_manifest, write_manifest
from stancedata.problems import StancedataError, did_you_mean
from stancedata.schemas import SCHEMA_VERSION

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

FORMATS = {"parquet": parquet.write, "csv": csv.write}
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
    with replacing(folder, KNOWN | _cut_tables(folder)) as new, ThreadPoolExecutor(1) as beside:
        # Digests go through the content column by column, files row by row: both at once.
        said = beside.submit(about, dataset)
        files = write_tables(dataset, new, formats, partition_by=partition_by)
        files.append(write_manifest(new, said.result()))
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
    """Write the tables of a dataset to a folder that nobody reads yet."""
    return [
        path
        for table in TABLES
        if table.name not in without
        for name in dict.fromkeys(formats)
        for path in FORMATS[name](dataset, table, folder, partition_by)
    ]


def about(dataset: Dataset) -> dict[str, str]:
    """What the manifest of a folder says of the dataset in it."""
    return {
        "dataset": "stancedata",
        "version": dataset.version,
        "schema_version": SCHEMA_VERSION,
        "digest": dataset.digest,
        "positions_digest": dataset.positions_digest,
    }
