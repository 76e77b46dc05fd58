"""CSV in UTF-8 with a header: nulls are empty, texts in quotation marks, days as ISO dates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.schemas import Table

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


def write(dataset: Dataset, table: Table, folder: Path) -> Path:
    """Write one table; its file is named after it."""
    import pyarrow.csv

    path = folder / f"{table.name}.csv"
    pyarrow.csv.write_csv(dataset.tables[table.name], path)
    return path
