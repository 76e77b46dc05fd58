"""The table of writers: every format of an export, how it is written, and what it needs."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import attrs

from stancedata.exports.formats import duckdb, excel, spss, sqlite, stata
from stancedata.exports.formats.work import Work, naming
from stancedata.problems import StancedataError, did_you_mean, shown
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
        most_rows: The most rows of a table; 0 if there is no limit.
        extra: The extra of this package that it needs; none for most.
        packages: The packages of that extra.
    """

    write: Callable[[tuple[Table, ...], Work], list[Path]]
    is_one_file: bool = False
    labels: bool = False
    most_rows: int = 0
    extra: str = ""
    packages: tuple[str, ...] = ()


def _parquet(tables: tuple[Table, ...], work: Work) -> list[Path]:
    (table,) = tables
    rows, cut = work.batches(table.name), work.cuts.get(table.name, "")
    with naming(work.folder / (table.name if cut else f"{table.name}.parquet")):
        return parquet.write(table, rows, work.folder, work.identify, cut)


def _csv(tables: tuple[Table, ...], work: Work) -> list[Path]:
    (table,) = tables
    rows = work.batches(table.name)
    with naming(work.folder / f"{table.name}.csv"):
        return csv.write(table, rows, work.folder, bom=work.csv_bom, plain=work.csv_plain)


FORMATS = {
    "parquet": Format(_parquet),
    "csv": Format(_csv),
    "dta": Format(
        lambda tables, work: stata.write(tables[0], work),
        labels=True,
        extra="pandas",
        packages=("pandas",),
    ),
    "sav": Format(
        lambda tables, work: spss.write(tables[0], work),
        labels=True,
        extra="sav",
        packages=("pandas", "pyreadstat"),
    ),
    "xlsx": Format(
        excel.write, True, most_rows=excel.MOST_ROWS, extra="xlsx", packages=("xlsxwriter",)
    ),
    "sqlite": Format(sqlite.write, True),
    "duckdb": Format(duckdb.write, True),
}
"""Every format, by the suffix of its files."""


def refuse_formats(names: Iterable[str]) -> None:
    """Check, before any work is done, that every format can be written.

    Raises:
        StancedataError: If there is none, one is unknown, or packages are missing; it names all of
            them.
    """
    asked = list(dict.fromkeys(names))
    for name in asked:
        if name not in FORMATS:
            hint = did_you_mean(name, FORMATS) or f"use one of {', '.join(FORMATS)}"
            raise StancedataError(f"format: is unknown, got {shown(name)}; {hint}")
    if not asked:
        raise StancedataError(f"format: is missing; use one of {', '.join(FORMATS)}")
    lacking = {name: found for name in asked if (found := _missing(FORMATS[name]))}
    if lacking:
        packages = ", ".join(sorted({package for found in lacking.values() for package in found}))
        extras = ",".join(FORMATS[name].extra for name in lacking)
        raise StancedataError(
            f"format: {', '.join(lacking)} cannot be written, since packages are not installed: "
            f"{packages}; run pip install 'stancedata[{extras}]'"
        )


def refuse_rows(names: Iterable[str], rows: Mapping[str, int]) -> None:
    """Check, before anything is written, that every format can hold the rows of every table.

    Args:
        names: The formats.
        rows: The number of rows of each table.

    Raises:
        StancedataError: If a table has more rows than a format holds.
    """
    for name in names:
        for table, count in rows.items():
            if 0 < FORMATS[name].most_rows < count:
                raise StancedataError(
                    f"{name}: {table} has {count:,} rows, but a sheet holds "
                    f"{FORMATS[name].most_rows:,}; choose another format"
                )


def _missing(form: Format) -> list[str]:
    """List the packages of a format that are not installed, without importing any."""
    return [name for name in form.packages if importlib.util.find_spec(name) is None]
