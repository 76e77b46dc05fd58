"""Run the packaged SQL on DuckDB, inside this process."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import re
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.engines.interruption import interruptible
from stancedata.problems import StancedataError
from stancedata.tables.contract import BY_NAME
from stancedata.temporary import process_folder

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from stancedata.tables.columns import Column
    from stancedata.tables.parquet import TableFile

Settings = dict[str, str | bool | int | float | list[str]]
# Never install or load an extension implicitly.
QUIET: Settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
# The most rows of a table that is copied into DuckDB, and queried on one thread.
_SMALL = 100_000
_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "date32": "DATE",
}
_NUMBERS = itertools.count(1)
_OPEN: weakref.WeakSet[DuckDBEngine] = weakref.WeakSet()
_KEPT: list[DuckDBEngine] = []


def _keep() -> None:
    """Never close a connection of the parent process in a forked one.

    Closing waits for DuckDB's threads, which a forked process does not have, so that it would hang
    as soon as an engine of its parent is collected as garbage.
    """
    _KEPT.extend(_OPEN)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_keep)


class DuckDBEngine:
    """An in-process DuckDB database.

    Small tables are copied into DuckDB when a query first names them, and queried on one thread:
    opening Arrow streams and waking threads would take most of the time of a small query. Large
    tables are queried in place, in memory or in files.

    Args:
        memory: The memory limit of queries, `512MB`; by default DuckDB's. They spill to disk
            beyond it.
        spill: The folder to spill to; by default one that is created once a table is large.
        threads: The number of threads; by default one, or all once a table is large.
    """

    def __init__(self, memory: str = "", spill: str = "", threads: int = 1) -> None:
        # Without a folder, DuckDB would spill to the current one.
        self._config: Settings = {**QUIET, "threads": threads, "temp_directory": spill}
        if memory:
            self._config["memory_limit"] = memory
            # Preserving insertion order takes memory; queries that need an order have ORDER BY.
            self._config["preserve_insertion_order"] = "false"
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._opening = threading.Lock()
        self._spill = spill
        self._expects_much = False
        self._tables: dict[str, pa.Table] = {}
        self._later: dict[str, Callable[[], pa.Table]] = {}
        self._views: dict[str, str] = {}
        self._copied: set[str] = set()
        self._lock = threading.Lock()

    @property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        """The connection to the database, which is created when it is first needed."""
        with self._opening:
            if self._opened is None:
                import duckdb

                self._opened = duckdb.connect(":memory:", config=self._config)
                _OPEN.add(self)
            return self._opened

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor, and close it; one whose query was interrupted may not have ended yet."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            with contextlib.suppress(Exception):  # it would hide the interruption
                cursor.close()

    def register(self, name: str, table: pa.Table) -> None:
        """Register a table under a name."""
        if table.num_rows > _SMALL:
            self._expect_much()
        self._tables[name] = table
        self._copied.discard(name)

    def register_later(self, name: str, make: Callable[[], pa.Table]) -> None:
        """Register a table that is computed when a query first names it."""
        self._later[name] = make

    def register_files(self, name: str, files: Sequence[TableFile]) -> None:
        """Register Parquet files as one table; every query reads them again."""
        self._expect_much()
        self._connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {_selecting_all(files)}')

    def register_numbered(self, name: str, file: TableFile) -> None:
        """Register a file with the number of each row in it, `place`, by which rows are fetched."""
        self._expect_much()
        self._connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {_selecting(file, True)}')

    def _expect_much(self) -> None:
        """Use every processor, and the disk where memory does not suffice."""
        if self._expects_much:
            return
        self._connection.execute("RESET threads")
        if not self._spill:
            # One for each engine, since old versions of DuckDB name the files in it alike.
            folder = process_folder() / f"spill-{next(_NUMBERS)}"
            self._connection.execute(f"SET temp_directory = {_quoted(str(folder))}")
        self._expects_much = True

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Store the result of a query as a table; it spills to disk if it does not fit in memory."""
        self._run(f'CREATE OR REPLACE TABLE "{name}" AS {sql}', relations)

    def view(self, name: str, sql: str) -> None:
        """Register a query as a view for other queries."""
        self._views[name] = sql

    def joined(self, name: str, table: str, key: str, order: str, column: str) -> None:
        """Register a view of the texts of a column as one text for each key; see `Engine.joined`."""
        texts = f"string_agg({column}, '; ' ORDER BY {order}, {column})"
        self.view(name, f"SELECT {key}, {texts} AS texts FROM {table} GROUP BY {key}")

    def write(self, sql: str, path: Path) -> None:
        """Write the result of a packaged query to a Parquet file, in its order."""
        with self._cursor() as cursor:
            options = f"(FORMAT parquet, ROW_GROUP_SIZE {_SMALL})"
            copy = f"COPY ({sql}) TO {_quoted(str(path))} {options}"
            interruptible(lambda: cursor.execute(copy), cursor.interrupt)

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run a packaged query.

        Each query has its own cursor, for thread safety. Large tables are registered on it, since
        cursors do not share registered tables; only those that the query names.
        """
        found = self._run(sql, relations)
        assert found is not None
        return found

    def bound(self, sql: str, values: Mapping[str, object], **relations: pa.Table) -> pa.Table:
        """Run a query with values bound to its parameters, so that it is planned for them."""
        found = self._run(sql, relations, values)
        assert found is not None
        return found

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run a query; return its first rows, sorted by all columns, and the total number of rows.

        Args:
            sql: The query.
            most: The most rows to return; None for all.
            relations: Additional tables for this query only.
        """
        if most is None:
            found = self.query(f"SELECT * FROM ({sql}\n) o ORDER BY ALL", **relations)
            return found, found.num_rows
        counted = f"SELECT *, COUNT(*) OVER () AS n FROM ({sql}\n) o ORDER BY ALL LIMIT {most}"
        found = self.query(counted, **relations)
        count = found.column("n")[0].as_py() if found.num_rows else 0
        return found.drop_columns(["n"]), count

    def bounds(self, path: Path, column: str) -> list[tuple[int, str | None, str | None]]:
        """Read the rows of each row group of a file, and the first and last value of a column."""
        sql = (
            "SELECT row_group_num_rows, stats_min_value, stats_max_value FROM parquet_metadata($1) "
            "WHERE path_in_schema = $2 ORDER BY row_group_id"
        )
        with self._cursor() as cursor:
            return cursor.execute(sql, [str(path), column]).fetchall()

    def rows(
        self,
        files: Sequence[TableFile],
        key: Sequence[str],
        values: Sequence[str],
        columns: Sequence[str] = (),
    ) -> pa.Table:
        """Select the rows of a table's files whose first key columns have values, in key order.

        The values are bound, so that row groups that cannot have them are skipped.
        """
        wanted = " AND ".join(f"{column} = ${n}" for n, column in enumerate(key[: len(values)], 1))
        rows = f"({_selecting_all(files)})"
        listed = tuple(columns) or tuple(BY_NAME[files[0].table.name].schema.names)
        if len(files) == 1 and {*listed, *key} <= {*files[0].columns}:
            rows = _reading(files[0])  # a third less to parse and to plan
        sql = f"SELECT {', '.join(listed)} FROM {rows} WHERE {wanted} ORDER BY {', '.join(key)}"
        with self._cursor() as cursor:
            found: pa.Table = cursor.sql(sql, params=list(values)).to_arrow_table()
            return found

    def checksum(self, name: str, columns: Sequence[str]) -> tuple[int, int]:
        """Count and sum up the rows of a table: the same for the same rows, in any order."""
        # The hash of a row ends with an XOR of its last column, which a sum would not mix.
        row = f"CAST(hash(hash({', '.join(columns)})) AS HUGEINT)"
        total = f"CAST(COALESCE(SUM({row}), 0) AS VARCHAR)"
        found = self.query(f"SELECT COUNT(*) AS n, {total} AS total FROM {name}")
        return found.column("n")[0].as_py(), int(found.column("total")[0].as_py())

    def _run(
        self,
        sql: str,
        relations: Mapping[str, pa.Table],
        values: Mapping[str, object] | None = None,
    ) -> pa.Table | None:
        words, views = self._named(sql)
        with self._lock:
            for name in words & self._later.keys():
                self.register(name, self._later[name]())
                del self._later[name]  # only after success, so that a failure is retried
        named = {name for name in {*self._tables, *relations} if name in words}
        with self._cursor() as cursor:
            for name in sorted(named - relations.keys()):
                if self._tables[name].num_rows > _SMALL:
                    cursor.register(name, self._tables[name])
                elif name not in self._copied:
                    self._copy(name)
            for name in sorted(named & relations.keys()):
                cursor.register(name, relations[name])  # a temporary view, which shadows a table
            for name, text in views.items():
                cursor.execute(f'CREATE TEMP VIEW "{name}" AS {text}')
            return self._found(cursor, sql) if values is None else _bound(cursor, sql, values)

    def _found(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> pa.Table | None:
        def run() -> pa.Table | None:
            relation: Any = cursor.sql(sql)
            return None if relation is None else relation.to_arrow_table()

        return interruptible(run, cursor.interrupt)

    def _named(self, sql: str) -> tuple[frozenset[str], dict[str, str]]:
        """Find the words of a query and of the views that it names, directly or through others."""
        words, views = _words(sql), dict[str, str]()
        for name, text in reversed(self._views.items()):  # a view names only earlier ones
            if name in words:
                views[name] = text
                words |= _words(text)
        return words, dict(reversed(views.items()))

    def _copy(self, name: str) -> None:
        with self._lock, self._cursor() as cursor:
            if name not in self._copied:
                cursor.register("copied", self._tables[name])
                cursor.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM copied')
                self._copied.add(name)


def _bound(cursor: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]) -> pa.Table:
    """Run a query with values for its parameters."""
    relation: Any = cursor.sql(sql, params=dict(values))
    found: pa.Table = interruptible(relation.to_arrow_table, cursor.interrupt)
    return found


def unreadable(error: duckdb.Error) -> StancedataError:
    """Make the error that DuckDB cannot read the files of a table."""
    reason = " ".join(str(error).split())[:200]
    return StancedataError(
        f"a table cannot be read: {reason}; run `stancedata check` to see which part of which file"
    )


@functools.lru_cache(maxsize=1_000)  # the packaged queries, which each check asks again
def _words(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", sql))


def _selecting_all(files: Sequence[TableFile]) -> str:
    """Write the SELECT of all rows of a table's files."""
    return " UNION ALL ".join(map(_selecting, files))


def _selecting(file: TableFile, is_numbered: bool = False) -> str:
    """Write the SELECT of all columns of a file, including its partition values."""
    own = file.columns
    columns = [
        c.name if c.name in own else f"{_filling(file, c)} AS {c.name}"
        for c in BY_NAME[file.table.name].columns
    ]
    option = ", file_row_number = true" if is_numbered else ""
    columns += ["file_row_number AS place"] if is_numbered else []
    return f"SELECT {', '.join(columns)} FROM {_reading(file, option)}"


def _reading(file: TableFile, option: str = "") -> str:
    """Write the call that reads a file."""
    return f"read_parquet([{_quoted(str(file.path))}]{option})"


def _filling(file: TableFile, column: Column) -> str:
    """Write the value of a column that a file lacks: its partition's, or null if it came later."""
    if column.name in file.values:
        return _quoted(file.values[column.name])
    return f"CAST(NULL AS {_TYPES[column.type]})"


def _quoted(text: str | None) -> str:
    """Quote a text as an SQL literal, for paths and partition values, which cannot be parameters."""
    return "CAST(NULL AS VARCHAR)" if text is None else "'" + text.replace("'", "''") + "'"
