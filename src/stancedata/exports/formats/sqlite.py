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

_REPEATED = {"second_stances"}
"""Tables that have the id of a record more than once, so that no foreign key can lead to it."""


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
    links = _links(table, table.key_of(version), tables)
    database.execute(definition(table, _TYPES, version, links))
    marks = ", ".join("?" * len(table.columns))
    insert = f'INSERT INTO "{table.name}" VALUES ({marks})'
    database.executemany(insert, (tuple(map(_plain, row)) for row in work.rows(table)))
    for column in [c for c in table.columns if c.references]:
        index = f'"{table.name}_{column.name}"'
        database.execute(f'CREATE INDEX {index} ON "{table.name}" ("{column.name}")')


def _links(table: Table, key: Sequence[str], tables: tuple[Table, ...]) -> Iterator[str]:
    """Yield the foreign keys of a table, and a constraint for each column to which one leads."""
    there = {t.name for t in tables} - _REPEATED
    targets = {c.references for t in tables for c in t.columns if c.references}
    for column in table.columns:
        is_target = table.name in there and f"{table.name}.{column.name}" in targets
        if is_target and [*key] != [column.name]:
            yield f'UNIQUE ("{column.name}")'
        target, _, name = column.references.partition(".")
        if target in there:
            yield f'FOREIGN KEY ("{column.name}") REFERENCES "{target}" ("{name}")'


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
