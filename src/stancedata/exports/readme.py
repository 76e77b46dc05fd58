"""Write the README of an export: what it is, how to cite and read it; a card for Hugging Face."""

from __future__ import annotations

import json

from stancedata.exports.description import DESCRIBED, START, Description
from stancedata.tables.columns import Table

NAME = "README.md"
_PARQUET = """
```python
import pandas as pd                                  # pandas; dates stay dates, and gaps null
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

The package that wrote this folder answers questions about it, such as who stands where on each issue:

```python
import stancedata
print(stancedata.read(".").matrix())
```
"""
_CUT = """
Partitioned by `{column}`: {tables}. Each of these is a folder with one file for each value. The files have all columns,
so that any of them can be read alone, such as `{one}`; give a reader the folder, or the pattern `{glob}`, to read the
whole table.
"""
_CSV = """
CSV files are UTF-8 with a header; an empty field is null, days are ISO 8601, booleans `true` and `false`.
{guard}

```r
positions <- read.csv("positions.csv", na.strings = "", fileEncoding = "{encoding}")   # R, without packages
positions$stated_latest <- as.Date(positions$stated_latest)                            # days are texts until then
```
{excel}

```python
import pandas as pd
positions = pd.read_csv("positions.csv", keep_default_na=False, na_values=[""], dtype_backend="pyarrow", parse_dates={days})
```
"""
_CSV_ALONE = """
```python
import polars as pl
positions = pl.read_csv("positions.csv", try_parse_dates=True, infer_schema_length=None)

import duckdb
positions = duckdb.sql("SELECT * FROM 'positions.csv'")
```
"""
_GUARDED = (
    "They are safe to open in a spreadsheet: a text that would be a formula, because it begins with "
    "`=`, `+`, `-`, `@`, a tab or a carriage return, has an apostrophe before it. Programs that need "
    "the exact texts take another format, or an export made with `--csv-plain`."
)
_PLAIN = (
    "They have the exact texts, for programs: do not open them in a spreadsheet, which would take "
    "texts that begin with `=`, `+`, `-` or `@` for formulas."
)

_EXCEL = (
    "\nExcel misreads accents and other scripts if you open a CSV file by a double click: load it by Data, From "
    "Text/CSV, with origin 65001 (UTF-8), or take an export made with `--csv-bom` or `--format xlsx`.\n"
)
_EXCEL_BOM = "\nExcel opens these files by a double click.\n"
_MERGING_R = """
In R, with a data frame `mine` that has a row for each `iso3` and `year`:

```r
panel <- read.csv("panel_year.csv", na.strings = "", fileEncoding = "{encoding}")
panel <- panel[panel$issue_id == "{issue}" & !is.na(panel$iso3), ]
stopifnot(!anyDuplicated(panel[c("iso3", "year")]))
merged <- merge(mine, panel[c("iso3", "year", "level", "level_name")], by = c("iso3", "year"), all.x = TRUE)
```
"""
_MERGING_EXCEL = (
    "\nIn Excel 2021 or later, look up the name of the level that stands, beside a table with ISO codes in column A "
    "and years in column B, here for the issue `{issue}`; an empty text means that nothing is on record:\n\n"
    "```text\n"
    '=XLOOKUP(1, ({iso3}=A2)*({year}=B2)*({issue_id}="{issue}"), {level_name}, "")&""\n'
    "```\n"
)
_MOST_LISTED = 40
"""The most issues that are listed."""
_FIRST = (START, "panel_year", "panel_month", "codebook")
"""The tables that are listed first."""
_MERGING = (
    "\n## How to merge them\n\n`panel_year` and `panel_month` have what stands at the end of each period, one "
    "row for each holder and issue, with whole `year` and `month` and the codes of that day. Choose an issue, "
    "drop null codes, and merge by `iso3`, `cow` or `gw` and `year`. A movement that governs a state has its "
    "codes in `governs_iso3`, `governs_cow` and `governs_gw`. A pair of holder and issue has no row before its "
    "first position.\n"
)


_NULLS = (
    "A null code (`iso3`, `cow`, `gw`) means that the actor has none: drop such rows before you join, since "
    "pandas joins null to null.\n"
)
_COLUMNS = "`codebook` describes every column"
_PROGRAMS = (
    "; `datapackage.json` (Data Package) and `croissant.json` (Croissant) do so for programs"
)
_DBT = ", and `sources.yml` for dbt: copy it into `models/`, and run dbt-duckdb in this folder"
_SUMS = (
    ". `sha256sum -c SHA256SUMS` verifies the files; `manifest.json` is for `stancedata check`.\n"
)
_BOM = " They begin with a byte order mark, which pandas and spreadsheets skip; Python calls this encoding `utf-8-sig`."
_VIEWS = (
    "Its views `named_positions`, `named_stances`, `named_holders` and others show names beside ids; with the "
    "panels, `current_positions` and `current_matrix` have what stands at the end of the last month. The table "
    "`dataset` says which data these are."
)
_OTHERS = {
    "sqlite": "`stancedata.sqlite` has all tables, with keys and foreign keys; days are ISO texts and "
    "booleans 0 and 1. `datasette stancedata.sqlite` serves it; R opens it by "
    '`DBI::dbConnect(RSQLite::SQLite(), "stancedata.sqlite")`. ' + _VIEWS,
    "duckdb": "`stancedata.duckdb` has all tables, with keys and a comment on each column: "
    "`duckdb stancedata.duckdb`, or `ATTACH`. Its bytes differ from export to export. " + _VIEWS,
    "xlsx": "`stancedata.xlsx` has a sheet for each table with filters in its head: `codebook`, which says what each "
    "column means, `positions`, the panels, and the others. An empty cell is null. Days before 1900, which Excel does "
    "not have, are texts.",
    "dta": '`use positions.dta` reads a table in Stata, `haven::read_dta("positions.dta")` in R. A null '
    "text is an empty one. The label of a level has the names that the issues give it; `level_name` has "
    "the one that applies.",
    "sav": '`GET FILE="positions.sav".` reads a table in SPSS, `haven::read_sav("positions.sav")` in R. '
    "A null text is an empty one. "
    "The label of a level has the names that the issues give it; `level_name` has the one that applies.",
}
"""How files of other formats are read."""
_ONE_FILE = ("sqlite", "duckdb", "xlsx")
"""The formats that have all tables in one file."""


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
        f"{'; '.join(export.about.authors)}.\n\n{_what(export)}\n"
        f"## Licence\n\n{about}\n\n"
        f"## How to cite\n\n> {export.cite('text')}\n\nAlso in CITATION.cff and CITATION.bib, and by the package as APA and RIS: "
        "`stancedata cite --style ris`.\n\n"
        f"## Files\n\n{_files(export)}\n{_beside(export)}\n"
        f"## How to read them\n{_reading(export, plain, bom)}\n{_NULLS}"
        f"{_merging(export, bom)}"
        f"\n## The columns of `{START}`\n\n{_columns(export)}"
    )


def _merging(export: Description, bom: bool) -> str:
    """Say how the panels are merged, in general and with what reads these formats."""
    panel = next((table for table in export.tables if table.name == "panel_year"), None)
    if panel is None:
        return ""
    text, issue = _MERGING, next((row["issue_id"] for row in export.issues), "")
    if ("panel_year", "csv") in export.files:
        text += _MERGING_R.format(encoding="UTF-8-BOM" if bom else "UTF-8", issue=issue)
    if any(kind == "xlsx" for _, kind in export.files):
        from xlsxwriter.utility import xl_range_abs

        last = export.rows["panel_year"]
        places = {
            c.name: f"panel_year!{xl_range_abs(1, n, last, n)}" for n, c in enumerate(panel.columns)
        }
        text += _MERGING_EXCEL.format(**{**places, "issue": issue})
    return text


def _what(export: Description) -> str:
    """Say what the data are, on which issues, from which texts and by whom."""
    shown = [f"- `{row['issue_id']}`: {_line(row['proposition'])}." for row in export.issues]
    more = [f"- and {len(shown) - _MOST_LISTED} more, in `issues`"] if shown[_MOST_LISTED:] else []
    corpora = [
        f"- {_line(row['name'])}, {row['covers_from']} to {row['covers_to']}: {_line(row['how'])}."
        for row in export.corpora
    ]
    coders = [
        f"- {_line(row['name'] or row['coder'])} ({(row['kind'] or 'kind not stated').replace('_', ' ')}): "
        f"{_line(row['description'])}."
        for row in export.coders
    ]
    lists = {
        f"Start with `{START}`: one row for each holder, issue and occasion, with the level on the "
        "issue's scale. A positive level agrees with these propositions:": [
            *shown[:_MOST_LISTED],
            *more,
        ],
        "The texts are from:": corpora,
        "They were coded by:": coders,
    }
    said = (f"{head}\n\n{chr(10).join(lines)}\n" for head, lines in lists.items() if lines)
    return "\n".join([f"{export.summary}\n", *said])


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def _columns(export: Description) -> str:
    table = next(table for table in export.tables if table.name == START)
    lines = ["| column | type | what it is |", "| --- | --- | --- |"]
    lines += [
        f"| {c.name} | {c.type}{', may be null' if c.nullable else ''} | {_cell(c.description)} |"
        for c in table.columns
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


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
    by_name = {table.name: table for table in export.tables}
    for name in dict.fromkeys([*(n for n in _FIRST if n in by_name), *by_name]):
        shown = ", ".join(f"`{file}`" for file in _shown(export, by_name[name]))
        about = _cell(by_name[name].description)
        lines.append(f"| {name} | {export.rows[name]:,} | {shown} | {about} |")
    return "\n".join(lines) + "\n"


def _beside(export: Description) -> str:
    """Say what the files are for that are written beside these formats."""
    kinds = {kind for _, kind in export.files}
    programs = _PROGRAMS if kinds & {*DESCRIBED} else ""
    return f"{_COLUMNS}{programs}{_DBT if 'parquet' in kinds else ''}{_SUMS}"


def _shown(export: Description, table: Table) -> list[str]:
    """Name the files of a table, after the first by their suffix alone."""
    cut = [export.glob(table)] if export.cut_by(table) else []
    kinds = [kind for name, kind in export.files if name == table.name]
    whole = [f".{kind}" for kind in kinds if not (cut and kind == "parquet")]
    own = [*cut, *(f"{table.name}{suffix}" for suffix in whole[:1]), *whole[1:]]
    of_all = [file for (_, kind), [file, *_] in export.files.items() if kind in _ONE_FILE]
    return own or of_all


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
        days = json.dumps([column.name for column in start.columns if column.type == "date32"])
        text += _CSV.format(
            guard=guard + (_BOM if bom else ""),
            encoding=encoding,
            days=days,
            excel="" if plain else _EXCEL_BOM if bom else _EXCEL,
        )
        text += "" if export.parquet_of(start) else _CSV_ALONE
    kinds = {kind for _, kind in export.files}
    return text + "".join(f"\n{how}\n" for kind, how in _OTHERS.items() if kind in kinds)


def _cut_text(export: Description) -> str:
    """Say which tables are partitioned, and how their files are read together."""
    cut = [table for table in export.tables if export.cut_by(table)]
    if not cut:
        return ""
    names = ", ".join(f"`{table.name}`" for table in cut)
    column, glob, one = export.cut_by(cut[0]), export.glob(cut[0]), export.parquet_of(cut[0])[0]
    return _CUT.format(tables=names, column=column, glob=glob, one=one)
