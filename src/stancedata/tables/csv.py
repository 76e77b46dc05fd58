"""CSV in UTF-8 with a header: nulls are empty, texts in quotation marks, days as ISO dates.

A text that a spreadsheet would run as a formula, since it begins with = + - @, a tab, a carriage
return or a full-width ＝ ＋ － ＠, has an apostrophe put before it: see `stancedata.spreadsheets`.
Columns of other types have none, so that -1 stays a number. Parquet has the values as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.tables.columns import Table
from stancedata.tables.formulas import guarded

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


def write(
    dataset: Dataset, table: Table, folder: Path, digest: Callable[[], str], partition_by: str = ""
) -> list[Path]:
    """Write one table to one file, which is named after it; CSV is not cut, and has no footer."""
    import pyarrow.csv

    path = folder / f"{table.name}.csv"
    schema = guarded(table.schema.empty_table()).schema
    with pyarrow.csv.CSVWriter(path, schema) as writer:
        for rows in dataset.lying.batches(table.name):
            writer.write_table(guarded(rows).cast(schema))
    return [path]
