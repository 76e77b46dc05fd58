"""Write docs/contract.md. Run `python -m tools.pages.contract` after a change of the tables."""

from __future__ import annotations

from pathlib import Path

from stancedata.tables.columns import SCHEMA_VERSION, Table
from stancedata.tables.contract import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "contract.md"
HEAD = """\
# The tables

`stancedata export DIR` writes these tables, one file each; the wheel contains the same tables. They are flat and
use only widely supported types. Rows are sorted by the key. First and last days are inclusive. This is schema
version {version}. A release keeps the tables and columns of its own version; what came later is marked below. The
metadata of every Parquet file contain the schema version, the version of the data and the digest of their content
(`stancedata.schema_version`, `stancedata.version`, `stancedata.digest`). Files that do not state a schema version
have the first one that has all of their columns.
[sql.md](sql.md) explains how to query the tables with SQL. This page is generated from the code.

## Formats

`--format` chooses them, and may be repeated. Parquet, CSV, SQLite and DuckDB carry everything: `sd.read` reads the
folder, the database or the zip again, with the same digests. Only Parquet is read without loading it, and checked by
`stancedata check`. `xlsx`, `dta` and `sav` are for people and programs: they do not tell a null text from an empty one,
or have days as texts.

| format | what it is | what it lacks |
| --- | --- | --- |
| `parquet` | a file for each table | |
| `csv` | a file for each table, UTF-8; `--csv-bom` begins it with a byte order mark, for Excel | types. Texts that a spreadsheet would run as formulas have an apostrophe before them, unless `--csv-plain` is given |
| `sqlite` | one database with keys, foreign keys, indexes and views | types of days (ISO texts) and booleans (0 and 1) |
| `duckdb` | one database with keys, views, and a comment on each column | foreign keys; two exports differ in their bytes |
| `xlsx` | one workbook, `codebook` and `positions` first; needs `[xlsx]` | days before 1900, which are texts |
| `dta` | a Stata file for each table, with labels; needs `[pandas]` | null texts, which are empty ones |
| `sav` | an SPSS file for each table, with labels; needs `[sav]` | null texts, which are empty ones |

The views `named_positions`, `named_stances`, `named_evidence`, `named_participants`, `named_roles` and `named_holders`
show names beside ids; `current_positions` and `current_matrix` have what stands at the end of the last month, if the
panels are exported. The table `dataset` of a database says which data it has.

Every format has the contents of `revisions` in parts of at most 32,000 bytes, since a field of Python's csv and a cell
of Excel or SPSS hold little more: a longer content goes on in rows of the same revision whose record is called `ID+2`,
`ID+3`. `sd.read` joins them again.

What a format cannot hold is refused before anything is written: more than 1,048,575 rows or a text of more than
32,767 characters in Excel, a text of more than 32,767 bytes in SPSS, NUL in Excel, Stata or SPSS, days before 0100 in Stata
or before 15 October 1582 in SPSS, and in every format a text that is not Unicode. If formats need packages that are
not installed, one message names all of them, before the data are read. Levels have a label with the names that the
issues give them, since each issue has a scale of its own.

`datapackage.json` and `croissant.json` describe the files of Parquet and CSV, and are left out where there is neither.

`--partition-by issue_id` makes folders of the tables with that column, with a file for each value,
`stances/stances-recognition.parquet`, which has all columns. `--archive` writes one zip instead of a
folder, `NAME-VERSION.zip`. The name is made of the dataset's title up to a colon, such as `who-recognises-kosovo`, here
`stancedata`; `datapackage.json`, `croissant.json`, `sources.yml` and the keys of citations have it too. Two exports of
one dataset by the same libraries are byte-identical in every format but DuckDB.

## How stances are combined into positions

One row of `positions` stands for one holder, issue and occasion. The occasion consists of the kind of date and
its first and last day; stances made at an event of up to three days take the event's dates. A stance counts if
the holder is a `party` to it, the attribution is not `third_party`, and it has no quantifier. These stances
determine:

- `document_count`, the number of documents, with a copy counted as its original;
- `contested`, true if documents fall on different sides (minus, zero, plus);
- `mixed`, true if a single document has both signs.

Then stances are dropped, in this order: reports of an event, if the event's own text is coded (`direct`); joint
stances, if the holder has a stance of its own; stances of `low` confidence, if there are better ones;
`ambiguous` stances, if there is one with a level. The remaining stances give `level_min`, `level_max` and
`level`, the level furthest from zero, or null if both signs remain. `stance_id` names a stance at that level:
the one with the best attribution, then the best confidence, then the smallest ID.

As of a day, the position with the latest day of rank prevails, among those that count by then:

| date kind | counts from | ranked by |
| --- | --- | --- |
| `day` | that day | that day |
| `uncertain` | its last possible day | its first possible day |
| `lasting` | its first day | its last day, but no later than the day you ask about |

Ties are decided by the earlier last day, then the holder's own statement, then the level furthest from zero,
then the smallest stance ID. A position ends when its holder ends, and the position of a bloc is never a position
of its members.

"""


def page_text() -> str:
    """Return the text of the page."""
    return HEAD.format(version=SCHEMA_VERSION) + "\n".join(map(_section, TABLES))


def _section(table: Table) -> str:
    first = min(column.since for column in table.columns)
    rows = "".join(
        f"| {c.name} | {c.type}{', may be null' if c.nullable else ''} | {c.description}"
        f"{_since(c.since, first)} |\n"
        for c in table.columns
    )
    key = ", ".join(name + _since(table.grown.get(name, 1), 1) for name in table.key)
    life = f" Since schema version {first}." if first > 1 else ""
    life += f" Only up to schema version {table.until}." if table.until else ""
    head = f"## {table.name}\n\n{table.description}{life} Key: {key}.\n\n"
    return f"{head}| column | type | what it is |\n| --- | --- | --- |\n{rows}"


def _since(version: int, first: int) -> str:
    """Say since which version something is there, if that is not the first one of its table."""
    return f" (since schema version {version})" if version > first else ""


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
