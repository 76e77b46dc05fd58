"""Write all tables to one SQLite database, with keys, foreign keys, indexes and views.

Days are ISO texts and booleans 0 and 1, since SQLite has types for neither. Datasette serves the
file, and links rows by the foreign keys. The table `dataset` says which data they are.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from stancedata.exports.formats.views import views_of
from stancedata.exports.formats.work import IDENTITY, Work, refusing
from stancedata.tables.columns import Table

NAME = "stancedata.sqlite"
_TYPES = {
    "string": "TEXT",
    "int32": "INTEGER",
    "float64": "REAL",
    "bool": "INTEGER",
    "date32": "TEXT",
}

_REPEATED = {"second_stances"}
"""Tables that have the id of a record more than once, so that no foreign key can lead to it."""


def write(tables: Iterable[Table], work: Work) -> list[Path]:
    """Write the database, streaming the rows; return its path.

    Raises:
        StancedataError: If a text is not Unicode, or the disk is full.
    """
    path = work.folder / NAME
    found, work = (*tables, IDENTITY), work.with_identity()
    with (
        refusing(NAME, sqlite3.Error, UnicodeError),
        closing(sqlite3.connect(path)) as database,
        database,
    ):
        # The folder is moved into place once it is whole, so that no journal is needed.
        database.execute("PRAGMA journal_mode = OFF")
        for table in found:
            _write_table(database, table, found, work)
        for view in views_of(found, work.issues()):
            database.execute(f'CREATE VIEW "{view.name}" AS {view.query}')
    return [path]


def _write_table(
    database: sqlite3.Connection, table: Table, tables: tuple[Table, ...], work: Work
) -> None:
    database.execute(_definition(table, work.schema_version, tables))
    marks = ", ".join("?" * len(table.columns))
    insert = f'INSERT INTO "{table.name}" VALUES ({marks})'
    database.executemany(insert, (tuple(map(_plain, row)) for row in work.rows(table)))
    for column in [c for c in table.columns if c.references]:
        index = f'"{table.name}_{column.name}"'
        database.execute(f'CREATE INDEX {index} ON "{table.name}" ("{column.name}")')


def _definition(table: Table, schema_version: str, tables: tuple[Table, ...]) -> str:
    parts = [
        f'"{c.name}" {_TYPES[c.type]}{"" if c.nullable else " NOT NULL"}' for c in table.columns
    ]
    key = ", ".join(f'"{name}"' for name in table.key_of(schema_version))
    parts.append(f"PRIMARY KEY ({key})")
    there = {t.name for t in tables} - _REPEATED
    targets = {c.references for t in tables for c in t.columns if c.references}
    for column in table.columns:
        if (
            f"{table.name}.{column.name}" in targets
            and table.name in there
            and key != f'"{column.name}"'
        ):
            parts.append(f'UNIQUE ("{column.name}")')
        target, _, name = column.references.partition(".")
        if target in there:
            parts.append(f'FOREIGN KEY ("{column.name}") REFERENCES "{target}" ("{name}")')
    return f'CREATE TABLE "{table.name}" ({", ".join(parts)})'


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
