"""Open exports in other formats than Parquet: SQLite, DuckDB, CSV, and the zip of any of them.

Their tables are written to Parquet in a temporary folder, so that they are validated, and checked,
as Parquet is. A database is read as untrusted: only tables, no views, and nothing outside of its
file.
"""

from __future__ import annotations

import datetime
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, Problem, StancedataError
from stancedata.releases.version import WORKING_COPY
from stancedata.tables import csv, parquet
from stancedata.tables.contract import BY_NAME
from stancedata.tables.manifest import read_manifest
from stancedata.tables.source import STATED, VERSION, ParquetTables, TablesInMemory
from stancedata.temporary import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.tables.columns import Table

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
}
"""What a database may not do: read other files, or load code."""
_ZIP = ".zip"

Raw = tuple[dict[str, "pa.Table"], Mapping[str, Any]]
"""The tables of an export as they were found, and what it says about itself."""


def is_export(path: Path) -> bool:
    """Return whether a path is a file or a folder that `opened` takes for an export."""
    return (path.is_file() and path.suffix == _ZIP) or _reader(path) is not None


def read(path: Path) -> tuple[TablesInMemory, str]:
    """Read an export for which `is_export` is true: its tables, and its version.

    Raises:
        InvalidDataError: If tables or columns are missing or invalid; it lists every problem.
        StancedataError: If the file cannot be read.
    """
    with opened(path) as (_, folder), _refusing(path):
        try:
            tables = ParquetTables(folder)
            loaded = TablesInMemory({name: tables[name] for name in tables})
            loaded.schema_version = tables.schema_version
            return loaded, tables.metadata.get(VERSION, WORKING_COPY.encode()).decode()
        except InvalidDataError as error:
            raise InvalidDataError(located(error.problems, folder, path)) from None


def located(problems: Iterable[Problem], folder: Path, path: Path) -> Iterator[Problem]:
    """Name in problems of temporary files the file or the folder that the user gave."""
    for problem in problems:
        file = problem.where.file.replace(str(folder), str(path), 1)
        yield attrs.evolve(problem, where=Place(file.removesuffix(".parquet")))


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, Path]]:
    """Open an export: yield it, unpacked from a zip, and a folder with its tables as Parquet.

    Raises:
        StancedataError: If it cannot be read.
    """
    with ExitStack() as stack:
        with _refusing(path):
            is_zip = path.is_file() and path.suffix == _ZIP
            export = stack.enter_context(_unpacked(path)) if is_zip else path
            folder = export
            if not parquet.is_parquet_folder(export):
                reader = _reader(export)
                if reader is None:
                    raise StancedataError(
                        f"{path}: is not an export; give a folder, a database or a zip"
                    )
                folder = stack.enter_context(_as_parquet(reader(export)))
        yield export, folder


def _reader(path: Path) -> Callable[[Path], Raw] | None:
    by_suffix = {".sqlite": _of_sqlite, ".duckdb": _of_duckdb}
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


def _of_sqlite(path: Path) -> Raw:
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
    return raw, about


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


def _of_duckdb(path: Path) -> Raw:
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
    return raw, about.to_pylist()[0] if about else {}


def _of_csv(folder: Path) -> Raw:
    """Read CSV, without the apostrophes that guard spreadsheets."""
    files = {name: folder / f"{name}.csv" for name in BY_NAME}
    raw = {name: csv.read(BY_NAME[name], file) for name, file in files.items() if file.is_file()}
    return raw, read_manifest(folder)


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """Unpack a zip, and yield its one folder."""
    with zipfile.ZipFile(path) as packed, temporary_folder() as folder:
        infos = [info for info in packed.infolist() if not info.is_dir()]
        if sum(info.file_size for info in infos) > parquet.MOST_BYTES:
            raise ValueError(f"it would take more than {parquet.MOST_BYTES:,} bytes")
        for info in infos:
            packed.extract(info, folder)
        inner = [found for found in folder.iterdir() if found.is_dir()]
        if len(inner) != 1:
            raise ValueError("it does not have one folder")
        yield inner[0]


@contextmanager
def _as_parquet(raw: Raw) -> Iterator[Path]:
    """Write tables to Parquet in a temporary folder, with what the export says about itself."""
    import pyarrow.parquet as pq

    tables, about = raw
    stated = {key: about.get(name) for name, key in STATED.items()}
    metadata = {key: str(value) for key, value in stated.items() if value}
    with temporary_folder() as folder:
        for name, table in tables.items():
            own = table.replace_schema_metadata(metadata)
            pq.write_table(own, folder / f"{name}.parquet", compression="none")
        yield folder
