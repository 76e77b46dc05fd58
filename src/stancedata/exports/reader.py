"""Read exports in other formats than Parquet: SQLite, DuckDB, CSV, and the zip of any of them.

The tables are loaded into memory and validated as Parquet is, by way of it. A database is read as
untrusted: only tables, no views, and nothing outside of its file.
"""

from __future__ import annotations

import datetime
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, StancedataError
from stancedata.releases.version import WORKING_COPY
from stancedata.tables import csv, parquet
from stancedata.tables.contract import BY_NAME
from stancedata.tables.manifest import read_manifest
from stancedata.tables.source import SCHEMA, VERSION, ParquetTables, TablesInMemory
from stancedata.temporary import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.tables.columns import Table

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
}
"""What a database may not do: read other files, or load code."""


Found = tuple[TablesInMemory, str]
"""The tables of an export and its version."""


def is_export(path: Path) -> bool:
    """Return whether a path is a file or a folder that `read` takes for an export."""
    return _reader(path) is not None


def read(path: Path) -> Found:
    """Read an export for which `is_export` is true: its tables, and its version.

    Raises:
        InvalidDataError: If tables or columns are missing or invalid; it lists every problem.
        StancedataError: If the file cannot be read.
    """
    reader = _reader(path)
    if reader is None:
        raise StancedataError(f"{path}: is not an export; give a folder, a database or a zip")
    with _refusing(path):
        return reader(path)


def _reader(path: Path) -> Callable[[Path], Found] | None:
    by_suffix = {".sqlite": _of_sqlite, ".duckdb": _of_duckdb, ".zip": _of_zip}
    if path.is_file():
        return by_suffix.get(path.suffix)
    for suffix in (".duckdb", ".sqlite"):
        if (path / f"stancedata{suffix}").is_file():
            return lambda folder: by_suffix[suffix](folder / f"stancedata{suffix}")
    return _of_csv if (path / "stances.csv").is_file() else None


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn whatever a broken file raises into a sentence with its name."""
    import duckdb
    import pyarrow as pa

    broken = (sqlite3.Error, duckdb.Error, zipfile.BadZipFile, pa.ArrowException, OSError)
    try:
        yield
    except (*broken, ValueError, TypeError, OverflowError, NotImplementedError) as error:
        said = " ".join(str(error).split())[:200]
        raise StancedataError(f"{path}: cannot be read: {said}; export the dataset again") from None


def _of_sqlite(path: Path) -> Found:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        kinds = dict(database.execute("SELECT name, type FROM sqlite_master"))
        raw: dict[str, pa.Table] = {}
        for name in (name for name in BY_NAME if kinds.get(name) == "table"):
            cursor = database.execute(f'SELECT * FROM "{name}"')
            heads = [head[0] for head in cursor.description]
            raw[name] = _typed(BY_NAME[name], heads, cursor.fetchall())
        about: dict[str, Any] = {}
        if kinds.get("dataset") == "table":
            cursor = database.execute("SELECT * FROM dataset")
            about = dict(zip([h[0] for h in cursor.description], cursor.fetchone(), strict=True))
    return _validated(path, raw, about)


def _typed(table: Table, heads: list[str], rows: list[tuple[Any, ...]]) -> pa.Table:
    """Make a table of the values of SQLite, which has no type for days and booleans."""
    import pyarrow as pa

    make: dict[str, Callable[[Any], Any]] = {"date32": datetime.date.fromisoformat, "bool": bool}
    kinds = {column.name: column.type for column in table.columns}
    columns = dict(zip(heads, zip(*rows, strict=True), strict=True)) if rows else {}
    arrays = {
        name: pa.array(
            [v if v is None or kinds[name] not in make else make[kinds[name]](v) for v in values],
            table.schema.field(name).type,
        )
        for name in heads
        if name in kinds
        for values in (columns.get(name, ()),)
    }
    return pa.table(arrays)


def _of_duckdb(path: Path) -> Found:
    import duckdb

    with duckdb.connect(path, read_only=True, config=_CLOSED) as database:
        asked = "SELECT table_name FROM duckdb_tables() WHERE NOT internal"
        there = {name for (name,) in database.execute(asked).fetchall()}
        raw = {
            name: database.sql(f'FROM "{name}"').to_arrow_table()
            for name in BY_NAME
            if name in there
        }
        about = database.sql("FROM dataset").to_arrow_table() if "dataset" in there else None
    return _validated(path, raw, about.to_pylist()[0] if about else {})


def _of_csv(folder: Path) -> Found:
    """Read CSV, without the apostrophes that guard spreadsheets."""
    files = {name: folder / f"{name}.csv" for name in BY_NAME}
    raw = {name: csv.read(BY_NAME[name], file) for name, file in files.items() if file.is_file()}
    return _validated(folder, raw, read_manifest(folder))


def _of_zip(path: Path) -> Found:
    """Read the export in a zip; files of no format of it are not unpacked."""
    with zipfile.ZipFile(path) as packed, temporary_folder() as folder:
        infos = [info for info in packed.infolist() if not info.is_dir()]
        if sum(info.file_size for info in infos) > parquet.MOST_BYTES:
            raise ValueError(f"it would take more than {parquet.MOST_BYTES:,} bytes")
        for info in infos:
            packed.extract(info, folder)
        inner = [found for found in folder.iterdir() if found.is_dir()]
        if len(inner) != 1:
            raise ValueError("it does not have one folder")
        if parquet.is_parquet_folder(inner[0]):
            return _loaded(path, inner[0])
        return read(inner[0])


def _validated(path: Path, raw: Mapping[str, pa.Table], about: Mapping[str, Any]) -> Found:
    """Validate tables as those of Parquet files are."""
    import pyarrow.parquet as pq

    stated = {VERSION: about.get("version"), SCHEMA: about.get("schema_version")}
    metadata = {key: str(value) for key, value in stated.items() if value}
    with temporary_folder() as folder:
        for name, table in raw.items():
            own = table.replace_schema_metadata(metadata)
            pq.write_table(own, folder / f"{name}.parquet", compression="none")
        return _loaded(path, folder)


def _loaded(path: Path, folder: Path) -> Found:
    """Load all tables of a folder of Parquet; problems name the file that the user gave."""
    try:
        tables = ParquetTables(folder)
        loaded = TablesInMemory({name: tables[name] for name in tables})
        loaded.schema_version = tables.schema_version
        return loaded, tables.metadata.get(VERSION, WORKING_COPY.encode()).decode()
    except InvalidDataError as error:
        raise InvalidDataError(
            attrs.evolve(
                problem,
                where=Place(
                    problem.where.file.replace(str(folder), str(path), 1).removesuffix(".parquet")
                ),
            )
            for problem in error.problems
        ) from None
