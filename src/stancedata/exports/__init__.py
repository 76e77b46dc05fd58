"""Write a dataset to files, whole or not at all: one module a format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.contract import TABLES
from stancedata.exports import csv, parquet
from stancedata.exports.folders import replacing
from stancedata.manifest import NAME as MANIFEST
from stancedata.manifest import write_manifest
from stancedata.problems import StancedataError, did_you_mean
from stancedata.schemas import SCHEMA_VERSION

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

FORMATS = {"parquet": parquet.write, "csv": csv.write}
KNOWN = {f"{table.name}.{name}" for table in TABLES for name in FORMATS} | {MANIFEST}
"""Names of the files of an export, which another may replace."""


def export(dataset: Dataset, folder: Path, formats: tuple[str, ...]) -> list[Path]:
    """Write every table of a dataset in every format; see `Dataset.export`."""
    for name in formats:
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"write one of {', '.join(FORMATS)}"
            raise StancedataError(f"format: is not known, got {name!r}; {hint}")
    if not formats:
        raise StancedataError(f"format: is missing, got none; write one of {', '.join(FORMATS)}")
    with replacing(folder, KNOWN) as new:
        files = write_tables(dataset, new, formats)
        files.append(write_manifest(new, about(dataset)))
    return [folder / file.name for file in files]


def write_tables(
    dataset: Dataset, folder: Path, formats: tuple[str, ...], without: tuple[str, ...] = ()
) -> list[Path]:
    """Write the tables of a dataset to a folder that nobody reads yet."""
    return [
        FORMATS[name](dataset, table, folder)
        for table in TABLES
        if table.name not in without
        for name in dict.fromkeys(formats)
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
