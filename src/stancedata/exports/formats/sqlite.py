"""Write all tables to one SQLite database, with keys, foreign keys, indexes and views.

Days are ISO texts and booleans 0 and 1, since SQLite has types for neither. Datasette serves the
file, and links rows by the foreign keys. The table `dataset` says which data they are.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from stancedata.exports.formats.databases import definition, views_of
from stancedata.exports.formats.work import Work, one_file
from stancedata.tables.columns import Table

NAME = "stancedata.sqlite"
_TYPES = {
    "string": "TEXT",
    "int32": "INTEGER",
    "float64": "REAL",
    "bool": "INTEGER",
    "date32": "TEXT",
}

_SOUGHT = {
    ("iso3", "year"),
    ("cow", "year"),
    ("gw", "year"),
    ("governs_iso3", "year"),
    ("issue_id", "stated_earliest"),
    ("published_earliest",),
}
"""Columns by which rows are looked up that no foreign key has, where a table has all of them."""


@one_file(NAME, lambda: (sqlite3.Error, UnicodeError), with_identity=True)
def write(tables: Iterable[Table], work: Work, path: Path) -> None:
    """Write the database, streaming the rows.

    Raises:
        StancedataError: If a text is not Unicode, or the disk is full.
    """
    found = tuple(tables)
    with closing(sqlite3.connect(path)) as database, database:
        # The folder is moved into place once it is whole, so that no journal is needed.
        database.execute("PRAGMA journal_mode = OFF")
        for table in found:
            _write_table(database, table, found, work)
        for view in views_of(found, work.issues()):
            database.execute(view.definition)


def _write_table(
    database: sqlite3.Connection, table: Table, tables: tuple[Table, ...], work: Work
) -> None:
    version = work.schema_version
    links = _links(table, table.key_of(version), tables, version)
    database.execute(definition(table, _TYPES, version, links))
    marks = ", ".join("?" * len(table.columns))
    insert = f'INSERT INTO "{table.name}" VALUES ({marks})'
    database.executemany(insert, (tuple(map(_plain, row)) for row in work.rows(table)))
    names = {c.name for c in table.columns}
    sought = [columns for columns in sorted(_SOUGHT) if {*columns} <= names]
    for columns in [*((c.name,) for c in table.columns if c.references), *sought]:
        index = f'"{"_".join([table.name, *columns])}"'
        database.execute(f'CREATE INDEX {index} ON "{table.name}" ({_quoted(columns)})')


def _links(
    table: Table, key: Sequence[str], tables: tuple[Table, ...], schema_version: str
) -> Iterator[str]:
    """Yield the foreign keys of a table, and a constraint for each column to which one leads."""
    there = {t.name: t for t in tables}
    links = {
        (t.name, c.name): (target, t.link(c, there[target], schema_version))
        for t in tables
        for c in t.columns
        if (target := c.references.partition(".")[0]) in there
    }
    for column in table.columns:
        is_target = (table.name, [column.name]) in [(n, [*of.values()]) for n, of in links.values()]
        if is_target and [*key] != [column.name]:
            yield f'UNIQUE ("{column.name}")'
        if (table.name, column.name) in links:
            target, pairs = links[table.name, column.name]
            yield (
                f'FOREIGN KEY ({_quoted(pairs)}) REFERENCES "{target}" ({_quoted(pairs.values())})'
            )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
