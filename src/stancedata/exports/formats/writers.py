"""The table of writers: every format of an export, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs

from stancedata.exports.formats import duckdb, excel, spss, sqlite, stata
from stancedata.exports.formats.work import Work
from stancedata.tables import csv
from stancedata.tables import parquet_writer as parquet
from stancedata.tables.columns import Table


@attrs.frozen
class Format:
    """A format of an export.

    Attributes:
        write: Writes tables, and returns the paths of the files.
        is_one_file: Whether all tables are in one file; else each is written on its own.
        labels: Whether it labels levels.
    """

    write: Callable[[tuple[Table, ...], Work], list[Path]]
    is_one_file: bool = False
    labels: bool = False


def _parquet(tables: tuple[Table, ...], work: Work) -> list[Path]:
    (table,) = tables
    rows, cut = work.batches(table.name), work.cuts.get(table.name, "")
    return parquet.write(table, rows, work.folder, work.identify, cut)


def _csv(tables: tuple[Table, ...], work: Work) -> list[Path]:
    (table,) = tables
    rows = work.batches(table.name)
    return csv.write(table, rows, work.folder, bom=work.csv_bom, plain=work.csv_plain)


FORMATS = {
    "parquet": Format(_parquet),
    "csv": Format(_csv),
    "dta": Format(lambda tables, work: stata.write(tables[0], work), labels=True),
    "sav": Format(lambda tables, work: spss.write(tables[0], work), labels=True),
    "xlsx": Format(excel.write, True),
    "sqlite": Format(sqlite.write, True),
    "duckdb": Format(duckdb.write, True),
}
"""Every format, by the suffix of its files."""
