"""Write a dataset to files, whole or not at all: one module a format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.contract import TABLES
from stancedata.exports import csv, parquet
from stancedata.exports.folders import replacing
from stancedata.problems import StancedataError, did_you_mean

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

FORMATS = {"parquet": parquet.write, "csv": csv.write}


def export(dataset: Dataset, folder: Path, formats: tuple[str, ...]) -> list[Path]:
    """Write every table of a dataset in every format; see `Dataset.export`."""
    for name in formats:
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"write one of {', '.join(FORMATS)}"
            raise StancedataError(f"format: is not known, got {name!r}; {hint}")
    if not formats:
        raise StancedataError(f"format: is missing, got none; write one of {', '.join(FORMATS)}")
    known = {f"{table.name}.{name}" for table in TABLES for name in FORMATS}
    with replacing(folder, known) as new:
        files = [
            FORMATS[name](dataset, table, new)
            for table in TABLES
            for name in dict.fromkeys(formats)
        ]
    return [folder / file.name for file in files]
