"""What runs the packaged SQL: an engine has `register(name, table)` and `query(sql, …)`.

DuckDB is the default. Packaged SQL runs on a connection of its own; what a user writes runs on
another, which can neither read nor write files nor change its settings, and is one SELECT.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from stancedata.problems import StancedataError, did_you_mean, one_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from stancedata.tables.parquet import TableFile
    from stancedata.tables.source import TableSource

Settings = dict[str, str | bool | int | float | list[str]]
# Extensions must neither install nor load themselves, whoever asks.
_QUIET: Settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_LOCKED: Settings = {
    **_QUIET,
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",  # those in the user's home are not the query's
    "temp_directory": "",  # else `.tmp` in the current folder is DuckDB's to read and write
}
# Without external access DuckDB still opens the paths that are its own: a database in memory has
# `:memory:.wal` in the current folder. So the file system itself is taken away, then the key.
_LOCK = "SET disabled_filesystems = 'LocalFileSystem'; SET lock_configuration = true"
# Rows up to which a table is copied, and queries run on one thread.
_SMALL = 100_000
# What DuckDB's binding raises besides its own errors: for texts and numbers that it cannot pass on,
# and for kinds of statement that it has no name for.
_OTHERS = (TypeError, ValueError, OverflowError, RuntimeError)
# Types of which Arrow's nearest loses a part, and DuckDB does not say so.
_NOT_ARROW = ("UHUGEINT", "TIME WITH TIME ZONE")
MADE = frozenset({"calendar", "counted", "dated", "parameters", "periods", "standing"})
"""Relations that packaged questions read, and that are made for them."""
# The only SQL of a single word that answers something.
_ALONE = ("desc", "describe", "show")


class Engine(Protocol):
    """Something that runs SQL over named tables."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make a table known by a name."""

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Make the answer of a query known by a name, and leave it where it lies."""

    def view(self, name: str, sql: str) -> None:
        """Name a query, for others to read; it runs as a part of them."""

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run one query; `relations` are further tables, for this query alone."""

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run one query for its first rows in the order of its columns, and the number of all."""


class DuckDBEngine:
    """DuckDB inside this process.

    Small tables are copied into it when a query first names them, and run on one thread: nearly
    all the time of a small query went into asking Arrow for streams and waking threads. Large ones
    are asked where they lie, in memory or in files.

    Args:
        memory: What queries may take, `512MB`; by default most of the machine's. What needs more
            goes to the disk.
        spill: The folder where it goes; by default one of the system's for temporary files.
        threads: How many work on a query; by default one, or all where a table is large.
    """

    def __init__(self, memory: str = "", spill: str = "", threads: int = 1) -> None:
        import duckdb

        # By default DuckDB writes to the folder that one happens to be in.
        folder = spill or str(Path(tempfile.gettempdir()) / f"stancedata-{os.getpid()}")
        config: Settings = {**_QUIET, "threads": threads, "temp_directory": folder}
        if memory:
            config["memory_limit"] = memory
            # To keep the order of what is read takes memory; what needs one says so in its query.
            config["preserve_insertion_order"] = "false"
        self._connection = duckdb.connect(":memory:", config=config)
        self._tables: dict[str, pa.Table] = {}
        self._later: dict[str, Callable[[], pa.Table]] = {}
        self._views: dict[str, str] = {}
        self._copied: set[str] = set()
        self._lock = threading.Lock()

    def register(self, name: str, table: pa.Table) -> None:
        """Make a table known by a name."""
        if table.num_rows > _SMALL:
            self._connection.execute("RESET threads")
        self._tables[name] = table

    def register_later(self, name: str, make: Callable[[], pa.Table]) -> None:
        """Make a table known by a name that is made when a query first names it."""
        self._later[name] = make

    def register_files(self, name: str, files: Sequence[TableFile]) -> None:
        """Make Parquet files known as one table, which is read anew by every query."""
        self._connection.execute("RESET threads")
        selects = " UNION ALL ".join(map(_selecting, files))
        self._connection.execute(f'CREATE OR REPLACE VIEW "{name}" AS {selects}')

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Make the answer of a query known by a name; what does not fit into memory is spilled."""
        self._run(f'CREATE OR REPLACE TABLE "{name}" AS {sql}', relations)

    def view(self, name: str, sql: str) -> None:
        """Name a query, for others to read; it runs as a part of them."""
        self._views[name] = sql

    def write(self, sql: str, path: Path) -> None:
        """Write the answer of a query of the package to a Parquet file, in its order."""
        with self._connection.cursor() as cursor:
            target = f"{_quoted(str(path))} (FORMAT parquet, ROW_GROUP_SIZE {_SMALL})"
            cursor.execute(f"COPY ({sql}) TO {target}")

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run one query of the package.

        A cursor of its own, so that threads do not meet; large tables are registered on it, since
        cursors do not see those of others, and only those that the query names.
        """
        found = self._run(sql, relations)
        assert found is not None
        return found

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run one query for its first rows in the order of its columns, and the number of all.

        Args:
            sql: The query.
            most: Rows that are given; with None all.
            relations: Further tables, for this query alone.
        """
        limit = "" if most is None else f"LIMIT {most}"
        counted = f"SELECT *, COUNT(*) OVER () AS n FROM ({sql}\n) o ORDER BY ALL {limit}"
        found = self.query(counted, **relations)
        count = found.column("n")[0].as_py() if found.num_rows else 0
        return found.drop_columns(["n"]), count

    def _run(self, sql: str, relations: Mapping[str, pa.Table]) -> pa.Table | None:
        words = _words(sql)
        views = {name: text for name, text in self._views.items() if name in words}
        words = words.union(*map(_words, views.values()))
        with self._lock:
            for name in words & self._later.keys():
                self.register(name, self._later[name]())
                del self._later[name]  # only now: what could not be made is asked for again
        named = {name for name in {*self._tables, *relations} if name in words}
        with self._connection.cursor() as cursor:
            for name in sorted(named - relations.keys()):
                if self._tables[name].num_rows > _SMALL:
                    cursor.register(name, self._tables[name])
                elif name not in self._copied:
                    self._copy(name)
            for name in sorted(named & relations.keys()):
                cursor.register(name, relations[name])  # a view of the cursor, before any table
            for name, text in views.items():
                cursor.execute(f'CREATE TEMP VIEW "{name}" AS {text}')
            relation: Any = cursor.sql(sql)
            if relation is None:
                return None
            found: pa.Table = relation.to_arrow_table()
            return found

    def _copy(self, name: str) -> None:
        with self._lock, self._connection.cursor() as cursor:
            if name not in self._copied:
                cursor.register("copied", self._tables[name])
                cursor.execute(f'CREATE TABLE "{name}" AS SELECT * FROM copied')
                self._copied.add(name)


def unreadable(error: duckdb.Error) -> StancedataError:
    """What to say where DuckDB cannot read the files of a table."""
    said = " ".join(str(error).split())[:200]
    return StancedataError(
        f"a table cannot be read, got {said}; `stancedata check` says which part of which file"
    )


def _words(sql: str) -> set[str]:
    return set(re.findall(r"\w+", sql))


def _selecting(file: TableFile) -> str:
    """A query of all columns of a file, those among them that the names of its folders say."""
    columns = [
        f"{_quoted(file.values[c.name])} AS {c.name}" if c.name in file.values else c.name
        for c in file.table.columns
    ]
    return f"SELECT {', '.join(columns)} FROM read_parquet([{_quoted(str(file.path))}])"


def _quoted(text: str | None) -> str:
    """A text in SQL, where it is no value of a query but a name of a file or a folder."""
    return "CAST(NULL AS VARCHAR)" if text is None else "'" + text.replace("'", "''") + "'"


def run_untrusted(
    tables: TableSource, sql: str, parameters: Mapping[str, Any] | None = None
) -> pa.Table:
    """Run a query that somebody else wrote, on a connection that can only read the tables.

    Args:
        tables: The tables, by name.
        sql: The query.
        parameters: Values for `$name` in it.

    Raises:
        StancedataError: It is not one SELECT, or DuckDB refuses it; with what it says.
    """
    import duckdb
    import pyarrow.dataset

    with duckdb.connect(":memory:", config=_LOCKED) as connection:
        connection.execute(_LOCK)
        for name in tables:
            # A dataset is a stream that can be asked again, and takes filters and columns.
            is_large = tables.is_large(name)
            rows = (
                _on_disk(tables.files(name)) if is_large else pyarrow.dataset.dataset(tables[name])
            )
            connection.register(name, rows)
        try:
            relation = connection.sql(
                _select(connection, sql), params=dict(parameters) if parameters else None
            )
            for name, kind in zip(relation.columns, map(str, relation.types), strict=True):
                if kind in _NOT_ARROW:
                    raise ValueError(
                        f"Arrow has no {kind}, got column {name!r}; cast it to VARCHAR"
                    )
            found: pa.Table = relation.to_arrow_table()
            return found.rename_columns(_apart(found.column_names))
        except (duckdb.Error, *_OTHERS) as error:
            raise StancedataError(f"the query was refused: {_refusal(error)}") from None


def _apart(names: Sequence[str]) -> list[str]:
    """Names of columns, of which a later one of the same name has the next free number: `day_1`."""
    apart: list[str] = []
    for name in names:
        free = (f"{name}_{n}" for n in itertools.count(1))
        taken = name in apart
        apart.append(next(new for new in free if new not in {*names, *apart}) if taken else name)
    return apart


def _on_disk(files: Sequence[TableFile]) -> Any:
    """Files as one dataset that reads them when it is asked; DuckDB itself opens none."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    from pyarrow.fs import LocalFileSystem

    disk = LocalFileSystem()
    schema = files[0].table.schema
    made = ds.ParquetFileFormat(default_fragment_scan_options=ds.ParquetFragmentScanOptions(
        pre_buffer=False, page_checksum_verification=True))  # fmt: skip
    fragments = []
    for file in files:
        says: Any = ds.scalar(True)
        for name, value in file.values.items():
            says = says & (ds.field(name) == pa.scalar(value, pa.string()))
        fragments.append(made.make_fragment(str(file.path), disk, says))
    return ds.FileSystemDataset(fragments, schema, made, disk)


def _select(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one statement of a text, if it is a SELECT; it is run as it was parsed, not the text.

    The locked connection parses, since DuckDB reads files for some statements as it does so.
    """
    import duckdb

    sql.encode("utf-8")  # a half of a character is told by its place here, and not by DuckDB
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        got = f"{len(statements) or 'no'} statements"
    elif statements[0].type != duckdb.StatementType.SELECT:
        # DuckDB calls a PIVOT without IN so, which makes a type before it selects.
        kind = statements[0].type.name
        got = "several in one" if kind == "MULTI" else kind
    else:
        return statements[0]
    raise StancedataError(
        f"the query was refused: it must be one SELECT, got {got}; write one (a PIVOT lists its "
        "values with IN)"
    )


def _refusal(error: Exception) -> str:
    """Why DuckDB refused a query; of a relation that nobody made, what to do, which it cannot know."""
    missing = re.match(r"Catalog Error: Table with name (\w+) does not", str(error))
    if missing and missing[1].lower() in MADE:
        return (
            f"it must name tables of the data, got {missing[1]!r}, which only packaged questions "
            "have; docs/sql.md says how to make it"
        )
    return _sentence(error)


def _sentence(error: Exception) -> str:
    """What DuckDB says, on one line, with the line of the query but no caret under it."""
    text, _, place = str(error).partition("\n\nLINE ")
    said = " ".join(text.split())
    return f"{said}, in line {place.splitlines()[0]}" if place else said


@functools.cache
def packaged(name: str) -> str:
    """The text of a packaged SQL file: `queries/positions`."""
    room, _, name = name.partition("/")
    return _sql(room).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def packaged_question(query: str) -> str | None:
    """The text of the packaged question that a query names; None where it is SQL.

    Raises:
        StancedataError: It is a single word, and neither; with the nearest name, or all of them.
    """
    names = packaged_names("queries")
    if query in names:
        return packaged(f"queries/{query}")
    if not re.fullmatch(r"[\w.-]+", query) or query.lower() in _ALONE:
        return None
    hint = did_you_mean(query.lower(), names) or f"write one of {one_of(names)}"
    raise StancedataError(f"query: is neither a packaged question nor SQL, got {query!r}; {hint}")


@functools.cache
def packaged_names(folder: str) -> tuple[str, ...]:
    """Names of the SQL files in a packaged folder, sorted."""
    files = _sql(folder).iterdir()
    return tuple(
        sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))
    )


def _sql(room: str) -> Traversable:
    """The folder of a room's SQL: of `queries`, or of `rules`."""
    package = {"queries": "questions", "rules": "rules"}[room]
    return resources.files(f"stancedata.{package}").joinpath("sql")
