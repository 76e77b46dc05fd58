"""Answer packaged queries on small tables with SQLite, which plans one in a tenth of DuckDB's time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import sqlite3

    import pyarrow as pa

Answer = tuple[list[str], list[str], list[list[Any]]]
"""The names of columns, their types, `string` or `int64`, and their values."""
MOST_ROWS = 10_000
"""The most rows of a table that is copied row by row."""
MOST_STEPS = 2_000_000
"""The most steps of a query, some 30 milliseconds: SQLite takes long for what DuckDB plans well."""
_TYPES = {"string": "TEXT", "int32": "INTEGER", "bool": "INTEGER", "date32[day]": "TEXT"}
_KINDS = {str: "string", int: "int64"}
_OTHER_MEANING = re.compile(r"\b(LEAST|LOWER|GREATEST)\(")
"""What SQLite understands differently: nulls count, and it knows the small letters of ASCII only."""
_SORTED = " ORDER BY ALL"
_PART = re.compile(r"EXTRACT\((YEAR|MONTH) FROM ([\w.]+)\)")
_PLACES = {"YEAR": "1, 4", "MONTH": "6, 2"}


class SQLite:
    """A database of small tables, each copied when a query first names it."""

    def __init__(self) -> None:
        self._opened: sqlite3.Connection | None = None
        self._copied: dict[str, pa.Table] = {}

    def answer(self, sql: str, tables: Mapping[str, pa.Table]) -> Answer | None:
        """Answer a query as DuckDB does; return None if that engine is to be asked.

        Args:
            sql: A packaged query without views.
            tables: The tables that it names.
        """
        if _OTHER_MEANING.search(sql) or any(_is_large(table) for table in tables.values()):
            return None
        try:
            import sqlite3
        except ImportError:  # Python may be built without it
            return None
        try:
            connection = self._connection()
            for name, table in tables.items():
                if self._copied.get(name) is not table:
                    _copy(connection, name, table)
                    self._copied[name] = table
            cursor = connection.execute(_translated(sql))
            rows = cursor.fetchall()
        except sqlite3.Error:  # it takes too many steps, or this version is too old
            return None
        if sql.endswith(_SORTED):
            rows.sort(key=lambda row: [(value is None, value) for value in row])
        return _answer([column[0] for column in cursor.description], rows)

    def _connection(self) -> sqlite3.Connection:
        import sqlite3

        if self._opened is None:
            self._opened = sqlite3.connect(":memory:", isolation_level=None)
            self._opened.set_progress_handler(lambda: 1, MOST_STEPS)
        return self._opened


def _is_large(table: pa.Table) -> bool:
    return table.num_rows > MOST_ROWS or any(str(kind) not in _TYPES for kind in table.schema.types)


def _copy(connection: sqlite3.Connection, name: str, table: pa.Table) -> None:
    """Copy a table, with an index of its key, since SQLite makes none for a correlated subquery."""
    named = zip(table.column_names, table.schema.types, strict=True)
    columns = ", ".join(f'"{column}" {_TYPES[str(kind)]}' for column, kind in named)
    connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    connection.execute(f'CREATE TABLE "{name}" ({columns})')
    cells = [_cells(column) for column in table.columns]
    places = ", ".join("?" * len(cells))
    connection.execute("BEGIN")
    connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', zip(*cells, strict=True))
    connection.execute("COMMIT")
    if name in BY_NAME:
        key = ", ".join(BY_NAME[name].key)
        connection.execute(f'CREATE INDEX "key of {name}" ON "{name}" ({key})')


def _cells(column: pa.ChunkedArray[Any]) -> list[Any]:
    values = column.to_pylist()
    if str(column.type) == "date32[day]":
        return [None if day is None else day.isoformat() for day in values]
    return values


def _translated(sql: str) -> str:
    """Write a packaged query as SQLite reads it, where days are texts."""
    sql = sql.removesuffix(_SORTED).replace(" AS STRING)", " AS TEXT)")
    sql = sql.replace("SUBSTRING(", "SUBSTR(")  # its name before version 3.34
    return _PART.sub(lambda part: f"CAST(SUBSTR({part[2]}, {_PLACES[part[1]]}) AS INTEGER)", sql)


def _answer(names: list[str], rows: list[tuple[Any, ...]]) -> Answer | None:
    columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in names]
    kinds = []
    for values in columns:
        found = {type(value) for value in values} - {type(None)} or {str}
        if len(found) > 1 or not found <= _KINDS.keys():
            return None
        kinds.append(_KINDS[found.pop()])
    return names, kinds, columns
