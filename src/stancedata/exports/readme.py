"""Write the README of an export: what it is, how to cite and read it; a card for Hugging Face."""

from __future__ import annotations

import json

from stancedata.exports.description import START, Description

NAME = "README.md"
_PARQUET = """
```python
import pandas as pd                                  # pandas; days compare with days
positions = pd.read_parquet("{start}", dtype_backend="pyarrow")

import polars as pl                                  # polars
positions = pl.read_parquet("{start}")

import duckdb                                        # DuckDB
positions = duckdb.sql("SELECT * FROM '{glob}'")
```

```r
positions <- arrow::open_dataset("{start}") |> dplyr::collect()   # R
```

```scala
val positions = spark.read.parquet("{start}")       // Spark
```
"""
_CUT = """
The files of {tables} are in a folder for each `{column}`, whose value is in the name of the folder and not in the file.
Give a reader the folder, as above. Of a pattern such as `{glob}`, DuckDB has the column too; polars, and Ibis on it,
need `hive_partitioning=True`. Hugging Face, frictionless and Ladybug do not know such folders: for them, export without
`--partition-by`.
"""
_CSV = """
CSV files are UTF-8 with a header; an empty field is null, days are ISO 8601, booleans `true` and `false`.
{guard}

```r
positions <- read.csv("positions.csv", na.strings = "", fileEncoding = "{encoding}")
```

```python
positions = pd.read_csv("positions.csv", keep_default_na=False, na_values=[""])
```
"""
_GUARDED = (
    "They are safe to open in a spreadsheet: a text that would be a formula, because it begins with "
    "`=`, `+`, `-`, `@`, a tab or a carriage return, has an apostrophe before it. Programs that need "
    "the exact texts take another format, or `--csv-plain`."
)
_PLAIN = (
    "They have the exact texts, for programs: do not open them in a spreadsheet, which would take "
    "texts that begin with `=`, `+`, `-` or `@` for formulas."
)

_MERGING = (
    "\n## How to merge them\n\n`panel_year` and `panel_month` have what stands at the end of each period, one "
    "row for each holder and issue, with whole `year` and `month` and the codes of that day. Choose an issue, "
    "drop null codes, and merge by `iso3`, `cow` or `gw` and `year`. A movement that governs a state has its "
    "codes in `governs_iso3`, `governs_cow` and `governs_gw`. A pair of holder and issue has no row before its "
    "first position.\n"
)


_BOM = " They begin with a byte order mark, which pandas and spreadsheets skip; Python calls this encoding `utf-8-sig`."
_VIEWS = (
    "Its views `named_positions`, `named_stances`, `named_holders` and others show names beside ids; with the "
    "panels, `current_positions` and `current_matrix` have what stands at the end of the last month. The table "
    "`dataset` says which data these are."
)
_OTHERS = {
    "sqlite": "`stancedata.sqlite` has all tables, with keys and foreign keys; days are ISO texts and "
    "booleans 0 and 1. `datasette stancedata.sqlite` serves it. " + _VIEWS,
    "duckdb": "`stancedata.duckdb` has all tables, with keys and a comment on each column: "
    "`duckdb stancedata.duckdb`, or `ATTACH`. " + _VIEWS,
    "xlsx": "`stancedata.xlsx` has a sheet for each table. Days before 1900, which Excel does not have, "
    "are texts.",
    "dta": '`use positions.dta` reads a table in Stata, `haven::read_dta("positions.dta")` in R. A null '
    "text is an empty one. The label of a level has the names that the issues give it; `level_name` has "
    "the one that applies.",
    "sav": '`GET FILE="positions.sav".` reads a table in SPSS, `haven::read_sav("positions.sav")` in R. '
    "A null text is an empty one. "
    "The label of a level has the names that the issues give it; `level_name` has the one that applies.",
}
"""How files of other formats are read."""


def readme_text(export: Description, plain: bool = False, bom: bool = False) -> str:
    """Return the text of `README.md`.

    Args:
        export: The export.
        plain: Whether the CSV has texts without apostrophes.
        bom: Whether the CSV begins with a byte order mark.
    """
    licence = export.licence
    about = (
        f"The data are licensed under {licence.name} ({licence.id}): <{licence.url}>."
        if licence.id
        else "No licence is stated; ask the authors before you share the data."
    )
    return (
        f"---\n{_front_matter(export)}---\n# {export.about.title}\n\n"
        f"Version {export.identity.version}, schema version {export.identity.schema_version}, by "
        f"{'; '.join(export.about.authors)}. Start with `{START}`: one row per holder, issue and "
        f"occasion. `codebook` describes every column; `datapackage.json` and `croissant.json` do so "
        f"for programs.\n\n## Licence\n\n{about}\n\n"
        f"## How to cite\n\n> {export.cite('text')}\n\nAlso in CITATION.cff and CITATION.bib.\n\n"
        f"## Files\n\n{_files(export)}\n## How to read them\n{_reading(export, plain, bom)}\n"
        "`sha256sum -c SHA256SUMS` verifies the files. A null code (`iso3`, `cow`, `gw`) means that the "
        "actor has none: drop such rows before you join, since pandas joins null to null.\n"
        f"{_MERGING if any(table.name == 'panel_year' for table in export.tables) else ''}"
    )


def _front_matter(export: Description) -> str:
    kind = "parquet" if (START, "parquet") in export.files else "csv"
    configs = [
        {
            "config_name": table.name,
            "data_files": export.glob(table) if kind == "parquet" else f"{table.name}.csv",
            **({"default": True} if table.name == START else {}),
        }
        for table in export.tables
        if (table.name, kind) in export.files
    ]
    about = {"pretty_name": export.about.title, "license": export.licence.id.lower() or "unknown"}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in about.items()]
    lines += ["configs:", *(f"- {json.dumps(config)}" for config in configs)] if configs else []
    return "\n".join(lines) + "\n"


def _files(export: Description) -> str:
    lines = ["| table | rows | files | what it has |", "| --- | --- | --- | --- |"]
    for table in export.tables:
        found = [
            f for (name, _), files in export.files.items() if name == table.name for f in files
        ]
        shown = [export.glob(table)] if export.cut_by(table) else []
        shown += [file for file in found if "/" not in file]
        lines.append(
            f"| {table.name} | {export.rows[table.name]:,} | {', '.join(shown)} | {table.description} |"
        )
    return "\n".join(lines) + "\n"


def _reading(export: Description, plain: bool, bom: bool) -> str:
    start = next(table for table in export.tables if table.name == START)
    text = ""
    if export.parquet_of(start):
        path = START if export.cut_by(start) else f"{START}.parquet"
        text += _PARQUET.format(start=path, glob=export.glob(start))
        text += _cut_text(export)
    if (START, "csv") in export.files:
        guard = _PLAIN if plain else _GUARDED
        encoding = "UTF-8-BOM" if bom else "UTF-8"
        text += _CSV.format(guard=guard + (_BOM if bom else ""), encoding=encoding)
    kinds = {kind for _, kind in export.files}
    return text + "".join(f"\n{how}\n" for kind, how in _OTHERS.items() if kind in kinds)


def _cut_text(export: Description) -> str:
    """Say which tables are partitioned, and which readers need more than a path."""
    cut = [table for table in export.tables if export.cut_by(table)]
    if not cut:
        return ""
    names = ", ".join(f"`{table.name}`" for table in cut)
    column, glob = export.cut_by(cut[0]), export.glob(cut[0])
    return _CUT.format(tables=names, column=column, glob=glob)
