"""Run untrusted SQL: a single SELECT, on a connection that can only read the tables.

The query can neither read nor write files, nor change settings; its memory is bounded, and its time
if a limit is given. It runs on a thread of its own, so that Ctrl-C ends it at once.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.engines.arrow_datasets import arrow_dataset
from stancedata.engines.duckdb import QUIET, Settings
from stancedata.engines.interruption import interruptible
from stancedata.problems import StancedataError, printable, shown

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from stancedata.tables.source import TableSource

_LOCKED: Settings = {
    **QUIET,
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",  # a query must not use secrets in the user's home
    "temp_directory": "",  # otherwise DuckDB may read and write `.tmp` in the current folder
}
MEMORY = ("1GB", "2GB")
"""What a query may keep of rows; where the first is too little, it runs again in the order of its joins.

DuckDB does not know how large Arrow tables are, and may choose an order of joins that keeps gigabytes
where the one of the text keeps a table at a time.
"""
# Without external access DuckDB still opens its own files, such as `:memory:.wal` in the current
# folder. So the file system is disabled too, and then the configuration is locked.
_LOCK = "SET enable_progress_bar = false; SET disabled_filesystems = 'LocalFileSystem'; SET lock_configuration = true"
# DuckDB's binding raises these besides its own errors: for texts and numbers that it cannot convert,
# and for unknown types of statements.
_OTHERS = (TypeError, ValueError, OverflowError, RuntimeError)
# What tells a query which tables there are.
_CATALOG = re.compile(
    r"\b((show|describe|query)\b|duckdb_|information_schema|pg_|pragma_|sqlite_)", re.IGNORECASE
)
_MOST_SAID = 500
"""The most characters of a message of DuckDB that are repeated."""
# Types that DuckDB silently converts to a narrower Arrow type.
_NOT_ARROW = ("BIT", "UHUGEINT", "TIME WITH TIME ZONE")
MADE = frozenset(
    {
        "apart",
        "aspect_texts",
        "calendar",
        "condition_texts",
        "counted",
        "dated",
        "fold",
        "numbers",
        "parameters",
        "periods",
        "silence",
        "spells",
        "standing",
        "statements",
    }
)
"""Relations that are created for packaged questions, and do not exist for a user's query."""


MOST_BYTES = 1_000_000_000
"""The most bytes of an answer, as of a loaded table; DuckDB's `memory_limit` does not count them."""
ROWS = 20_480
"""Rows of an answer that are taken at once."""
COUNTED = 10.0
"""The most seconds for which an answer that is too large is counted, so that the error gives its size."""


def run_untrusted(
    tables: TableSource,
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    seconds: float | None = None,
) -> pa.Table:
    """Run an untrusted query on a connection that can only read the tables.

    Args:
        tables: The tables, by name.
        sql: The query.
        parameters: Values for `$name` in the query.
        seconds: The most seconds that it may take; by default there is no limit.

    Raises:
        StancedataError: If it is not a single SELECT, DuckDB rejects it, with DuckDB's message, or
            it takes too much memory or time.
    """
    _refuse(sql, parameters, seconds)
    query = _Query(tables, _named(sql, tables), sql, parameters)
    try:
        return interruptible(query.run, query.stop, seconds)
    finally:
        query.close()


@attrs.define(eq=False)
class _Query:
    """A query and its connection, which is stopped from another thread.

    It connects where it runs: DuckDB makes an error of its own of a Ctrl-C that arrives meanwhile.
    """

    tables: TableSource
    named: Mapping[str, Any]
    sql: str
    parameters: Mapping[str, Any] | None
    _connection: duckdb.DuckDBPyConnection | None = None
    _stopped: threading.Event = attrs.Factory(threading.Event)

    def run(self) -> pa.Table:
        """Run the query; if its memory does not suffice, again with more, in the order of its joins."""
        import duckdb
        import pyarrow as pa

        try:
            try:
                return self._run({"memory_limit": MEMORY[0]})
            except duckdb.OutOfMemoryException:
                self.close()
            return self._run({"memory_limit": MEMORY[1], "disabled_optimizers": "join_order"})
        except (duckdb.Error, pa.ArrowException, OSError, *_OTHERS) as error:
            raise StancedataError(f"the query was refused: {_refusal(error)}") from None

    def _run(self, settings: Settings) -> pa.Table:
        import duckdb

        self._connection = connection = _connect(settings)
        if self._stopped.is_set():  # the caller did not wait for the connection
            raise ValueError("it was stopped before it began; ask again")
        statement = _select(connection, self.sql)
        for name, relation in self.named.items():
            connection.register(name, relation)
        try:
            return _answer(connection, statement, self.parameters)
        except duckdb.CatalogException:
            # A name is computed, or wrong: then the error suggests others.
            for name in self.tables.keys() - self.named.keys():
                connection.register(name, arrow_dataset(self.tables, name))
        return _answer(connection, statement, self.parameters)

    def stop(self) -> None:
        """Make the query end soon, or not begin."""
        import duckdb

        self._stopped.set()
        if self._connection is not None:
            with contextlib.suppress(duckdb.Error):  # closed meanwhile
                self._connection.interrupt()

    def close(self) -> None:
        """Close the connection; a call that goes on although it is stopped keeps it until its end."""
        import duckdb

        if self._connection is not None:
            with contextlib.suppress(duckdb.Error):
                self._connection.close()


def _refuse(sql: object, parameters: object, seconds: object) -> None:
    """Refuse arguments of other types, which DuckDB would take for something else."""
    if not isinstance(sql, str):
        raise StancedataError(f"query: must be a text, got {shown(sql)}; write one SELECT")
    is_named = isinstance(parameters, Mapping) and all(isinstance(name, str) for name in parameters)
    if parameters is not None and not is_named:
        raise StancedataError(
            f"parameters: must be values by name, got {shown(parameters)}; write {{'name': value}} for "
            "$name in the query"
        )
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds > 0
    if seconds is not None and not is_number:
        raise StancedataError(
            f"seconds: must be a number above 0, got {shown(seconds)}; leave it out for no limit"
        )


def _connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a locked connection, without tables."""
    import duckdb

    connection = duckdb.connect(":memory:", config={**_LOCKED, **settings})
    connection.execute(_LOCK)
    return connection


def _named(sql: str, tables: TableSource) -> dict[str, Any]:
    """Open the tables among the words of a query: to register all takes longer than most queries.

    They are all opened if it names none, or anything by which it may ask which tables there are.
    """
    words = set(re.findall(r"\w+", sql.lower()))
    names = [name for name in tables if name in words]
    every = not names or _CATALOG.search(sql)
    return {name: arrow_dataset(tables, name) for name in (tables if every else names)}


def _answer(
    connection: duckdb.DuckDBPyConnection,
    statement: duckdb.Statement,
    parameters: Mapping[str, Any] | None,
) -> pa.Table:
    """Run a query on a locked connection, and take its answer."""
    relation = connection.sql(statement, params=dict(parameters) if parameters else None)
    for name, kind in zip(relation.columns, map(str, relation.types), strict=True):
        if kind in _NOT_ARROW:
            raise ValueError(f"Arrow has no {kind}, got column {name!r}; cast it to VARCHAR")
    found = _taken(relation.to_arrow_reader(ROWS))
    return found.rename_columns(_unique(found.column_names))


def _taken(reader: pa.RecordBatchReader) -> pa.Table:
    """Take an answer in parts; of one that is too large keep none, and count it for a while."""
    import pyarrow as pa

    parts: list[pa.RecordBatch] = []
    rows, size, end = 0, 0, 0.0
    for part in reader:
        rows += part.num_rows
        size += part.nbytes
        if size <= MOST_BYTES:
            parts.append(part)
            continue
        parts.clear()
        end = end or time.monotonic() + COUNTED
        if time.monotonic() > end:
            break
    if size > MOST_BYTES:
        more = "more than " if time.monotonic() > end else ""
        raise ValueError(
            f"its answer is too large, got {more}{rows:,} rows of {size:,} bytes, but at most "
            f"{MOST_BYTES:,} bytes are returned; ask for less, with fewer columns or LIMIT"
        )
    return pa.Table.from_batches(parts, reader.schema)


def _unique(names: Sequence[str]) -> list[str]:
    """Make column names unique: a repeated name gets the next free number, `day_1`."""
    unique: list[str] = []
    for name in names:
        free = (f"{name}_{n}" for n in itertools.count(1))
        taken = name in unique
        unique.append(next(new for new in free if new not in {*names, *unique}) if taken else name)
    return unique


def _select(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """Parse a text that must be a single SELECT; the parsed statement is run, not the text.

    Parsing needs the locked connection, since DuckDB reads files while parsing some statements.
    """
    import duckdb

    sql.encode("utf-8")  # for a lone surrogate, this error names its position; DuckDB's does not
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        got = f"{len(statements) or 'no'} statements"
    elif statements[0].type != duckdb.StatementType.SELECT:
        # MULTI is a PIVOT without IN, which creates a type before it selects.
        kind = statements[0].type.name
        got = "several statements" if kind == "MULTI" else kind
    else:
        return statements[0]
    raise StancedataError(
        f"the query was refused: it must be a single SELECT, got {got}; write one (a PIVOT must "
        "list its values with IN)"
    )


def _refusal(error: Exception) -> str:
    """Explain why DuckDB rejected a query; add advice if it names one of the `MADE` relations."""
    missing = re.match(r"Catalog Error: Table with name (\w+) does not", str(error))
    if missing and missing[1].lower() in MADE:
        return (
            f"it may only use tables of the data, got {missing[1]!r}, which only packaged "
            "questions have; docs/sql.md shows how to create it"
        )
    return _sentence(error)


def _sentence(error: Exception) -> str:
    """Put DuckDB's message on one line, with the line number but without the caret."""
    text, _, place = str(error).partition("\n\nLINE ")
    message = " ".join(text.split())
    if place:
        message += f", in line {place.splitlines()[0]}"
    # It quotes the query, which can be of any length and have what controls a terminal.
    return printable(message[:_MOST_SAID] + "..." * (len(message) > _MOST_SAID))
