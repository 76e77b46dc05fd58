"""Run the packaged SQL on Spark, for data too large for one machine.

`stancedata.read` and `stancedata.check` take a session as `engine`. Queries run in a `newSession()`
of it, so the user's views are not affected. Requires the extra `[spark]` (PySpark 4) and Java 17.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.problems import InvalidDataError, Place, Problem, StancedataError, did_you_mean
from stancedata.tables import revisions
from stancedata.tables.columns import SCHEMA_VERSION, Table, conform, sort
from stancedata.tables.contract import BY_NAME, TABLES, tables_of, version_of_columns
from stancedata.tables.source import TableSource

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_TYPES = {"string": "string", "int32": "int", "float64": "double", "bool": "boolean",
          "date32": "date"}  # fmt: skip
FEW = 10_000
"""The most rows of a table that is collected and sent with each query, faster than reading it."""
_OPTIONS = {
    # The value of a folder `issue_id=12` is text, as in the contract.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
}


class SparkEngine:
    """An `Engine` on Spark, in a new session of the user's application.

    Args:
        session: The user's session.

    Attributes:
        schema_version: The schema version of its tables.
    """

    def __init__(self, session: SparkSession) -> None:
        self.session = session.newSession()
        self.schema_version = SCHEMA_VERSION
        for name, value in _OPTIONS.items():
            self.session.conf.set(name, value)
        self._waiting: dict[str, pa.Table | str] = {}
        self._views: dict[str, DataFrame] = {}

    def register(self, name: str, table: pa.Table) -> None:
        """Register a table under a name; it is sent to Spark when a query names it."""
        self._waiting[name] = table

    def register_frame(self, name: str, frame: DataFrame) -> None:
        """Register a data frame of this session under a name."""
        self._views[name] = frame
        frame.createOrReplaceTempView(name)

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Register the result of a query under a name; Spark's workers keep it, computed once.

        Other queries then plan from it, rather than repeat its plan for each use.
        """
        for other, table in relations.items():
            self.register_frame(other, self._frame(table))
        self.register_frame(name, self._run(sql).localCheckpoint())

    def view(self, name: str, sql: str) -> None:
        """Register a query as a view for other queries."""
        self._waiting[name] = sql

    def joined(self, name: str, table: str, key: str, order: str, column: str) -> None:
        """Register a view of the texts of a column as one text for each key; see `Engine.joined`."""
        sorted_pairs = f"array_sort(collect_list(struct({order}, {column})))"
        texts = f"array_join(transform({sorted_pairs}, x -> x.{column}), '; ')"
        self.view(name, f"SELECT {key}, {texts} AS texts FROM {table} GROUP BY {key}")

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run a query unchanged and collect its result."""
        with self._with(relations, sql):
            found: pa.Table = self._run(sql).toArrow()
            return found

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run a query; return its first rows, sorted by all columns, and the total number of rows."""
        with self._with(relations, sql):
            frame = self._run(sql)
            ordered = frame.orderBy(*(frame[name].asc_nulls_last() for name in frame.columns))
            if most is None:
                found: pa.Table = ordered.toArrow()
                return found, found.num_rows
            found = ordered.limit(most + 1).toArrow()
            count = found.num_rows if found.num_rows <= most else frame.count()
            return found.slice(0, most), count

    def checksum(self, name: str, columns: Sequence[str]) -> tuple[int, int]:
        """Count and sum up the rows of a table: the same for the same rows, in any order."""
        # Spark passes over what is null, so that a value could change its column.
        cells = ", ".join(f"{column}, {column} IS NULL" for column in columns)
        row = f"CAST(xxhash64(xxhash64({cells})) AS DECIMAL(38, 0))"
        found = self.query(f"SELECT COUNT(*) AS n, COALESCE(SUM({row}), 0) AS total FROM {name}")
        return found.column("n")[0].as_py(), int(found.column("total")[0].as_py())

    def of_batches(
        self, name: str, make: Callable[[pa.Table], Iterable[dict[str, str]]], fields: Sequence[str]
    ) -> pa.Table:
        """Apply a function to the batches of a table on Spark's workers; collect the result.

        Args:
            name: The table.
            make: Returns the new rows, all of texts, for a batch of the table.
            fields: The columns of the result.
        """

        def each(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            import pyarrow as pa

            schema = pa.schema([(field, pa.string()) for field in fields])
            for batch in batches:
                rows = list(make(pa.Table.from_batches([batch])))
                yield pa.RecordBatch.from_pylist(rows, schema=schema)

        types = ", ".join(f"{field} string" for field in fields)
        found: pa.Table = self.session.table(name).mapInArrow(each, types).toArrow()
        return found

    def bring_small(self, names: Iterable[str]) -> set[str]:
        """Collect small tables, which makes queries on them faster, and return their names."""
        counts = self.query(
            " UNION ALL ".join(
                f"SELECT '{name}' AS name, COUNT(*) AS n FROM {name}" for name in names
            )
        )
        small = {row["name"] for row in counts.to_pylist() if row["n"] <= FEW}
        for name in small:
            self.register(name, self.query(f"SELECT * FROM {name}"))
        return small

    @contextlib.contextmanager
    def _with(self, relations: Mapping[str, pa.Table], sql: str) -> Iterator[None]:
        """Register the additional tables that a query names while it runs."""
        named = relations.keys() & set(re.findall(r"\w+", sql))
        for name in named:
            self._frame(relations[name]).createOrReplaceTempView(name)
        try:
            yield
        finally:
            for name in named & self._views.keys():
                self._views[name].createOrReplaceTempView(name)

    def _run(self, sql: str) -> DataFrame:
        # Lazily, since creating a view takes time and most queries name few tables.
        for name in set(re.findall(r"\w+", sql)) & self._waiting.keys():
            if name not in self._waiting:
                continue  # a view that was registered before it has named it
            found = self._waiting.pop(name)
            frame = self._run(found) if isinstance(found, str) else self._frame(found)
            self.register_frame(name, frame)
        return self.session.sql(sql)

    def _frame(self, table: pa.Table) -> DataFrame:
        # PySpark 4.3 silently drops the rows after an empty chunk.
        return self.session.createDataFrame(table.combine_chunks())


class SparkTables(TableSource):
    """The tables of an engine, each collected lazily and cached.

    Args:
        engine: The engine, in which every table of the contract is registered.
    """

    def __init__(self, engine: SparkEngine) -> None:
        self._engine = engine
        self.schema_version = engine.schema_version
        self._read: dict[str, pa.Table] = {}

    def rows(self, name: str) -> int:
        """Count the rows of a table on Spark."""
        found = self._engine.query(f"SELECT COUNT(*) AS n FROM {name}")
        return int(found.column("n")[0].as_py())

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._read:
            if name not in BY_NAME:
                raise KeyError(name)
            found = self._engine.query(f"SELECT * FROM {name}")
            loaded = sort(BY_NAME[name], conform(BY_NAME[name], found))
            self._read[name] = revisions.whole(loaded) if name == revisions.NAME else loaded
        return self._read[name]


def is_session(engine: object) -> bool:
    """Return whether an object is a Spark session, without importing PySpark."""
    return type(engine).__module__.startswith("pyspark.") and hasattr(engine, "newSession")


def engine_of(session: object) -> SparkEngine:
    """Make an engine in a new session of the user's application.

    Raises:
        StancedataError: If `session` is not a Spark session.
    """
    if not is_session(session):
        raise StancedataError(
            f"engine: must be a Spark session, got {type(session).__name__}; leave it out for DuckDB"
        )
    known: Any = session
    return SparkEngine(known)


def open_tables(path: str, session: object) -> SparkEngine:
    """Make an engine with the tables of a folder, on any storage that Spark can read.

    Args:
        path: A folder or a URL, such as `s3a://bucket/stances-2026`, with
            `NAME.parquet` (a file or a folder) or `NAME/` for each table.
        session: A Spark session.

    Raises:
        InvalidDataError: If tables or columns are missing or invalid; it lists every problem.
        StancedataError: If `session` is not a Spark session.
    """
    engine = engine_of(session)
    frames = {t.name: _read(engine, path.rstrip("/"), t.name) for t in TABLES}
    return _with_frames(engine, path, frames)


def open_frames(frames: Mapping[str, DataFrame], session: object) -> SparkEngine:
    """Make an engine with tables from data frames, for example of Delta or Iceberg.

    Args:
        frames: A data frame for each table of the contract.
        session: The session of the data frames.

    Raises:
        InvalidDataError: If tables or columns are missing or invalid; it lists every problem.
        StancedataError: If `session` is not a Spark session.
    """
    engine = engine_of(session)
    # Global views, since a temporary view is only visible in the session of its data frame.
    found: dict[str, DataFrame | None] = {}
    for table in TABLES:
        if table.name in frames:
            name = f"stancedata_{id(engine)}_{table.name}"
            frames[table.name].createOrReplaceGlobalTempView(name)
            found[table.name] = engine.session.table(f"global_temp.{name}")
        else:
            found[table.name] = None
    return _with_frames(engine, "frames", found)


def _with_frames(
    engine: SparkEngine, path: str, frames: Mapping[str, DataFrame | None]
) -> SparkEngine:
    there = {name: frame.columns for name, frame in frames.items() if frame is not None}
    engine.schema_version = version_of_columns(there)
    tables = {table.name: table for table in tables_of(engine.schema_version)}
    problems = [
        problem
        for name, table in tables.items()
        for problem in _problems(table, frames[name], f"{path}/{name}")
    ]
    if problems:
        raise InvalidDataError(problems)
    for table in TABLES:
        frame = frames[table.name] if table.name in tables else None
        if frame is None:
            engine.register(table.name, table.schema.empty_table())
        else:
            engine.register_frame(table.name, _widened(frame, table, tables[table.name]))
    return engine


def _widened(frame: DataFrame, table: Table, stored: Table) -> DataFrame:
    """Select the columns of a table; those that came later than the stored ones are null."""
    own = {column.name for column in stored.columns}
    return frame.selectExpr(
        *(
            c.name if c.name in own else f"CAST(NULL AS {_TYPES[c.type]}) AS {c.name}"
            for c in table.columns
        )
    )


def _read(engine: SparkEngine, path: str, name: str) -> DataFrame | None:
    """Read a table as a data frame; return None if Spark finds nothing to read."""
    from pyspark.errors import AnalysisException

    for address in (f"{path}/{name}.parquet", f"{path}/{name}"):
        try:
            return engine.session.read.parquet(address)
        except AnalysisException:
            continue
    return None


def _problems(table: Table, frame: DataFrame | None, where: str) -> Iterator[Problem]:
    if frame is None:
        what = "is missing: it has nothing that Spark can read; export the dataset again"
        yield Problem(Place(where), "", what)
        return
    types: dict[str, Any] = dict(frame.dtypes)
    for column in table.columns:
        if column.name not in types:
            hint = did_you_mean(column.name, types) or "export the dataset again"
            what = f"column is missing; {hint}"
            yield Problem(Place(where), column.name, what)
        elif types[column.name] != _TYPES[column.type]:
            what = (
                f"column has the wrong type, got {types[column.name]}; the contract says "
                f"{_TYPES[column.type]}"
            )
            yield Problem(Place(where), column.name, what)
