"""Table sources: mappings of table names to Arrow tables, in memory or from Parquet files.

Parquet files are untrusted: sizes, dictionary indices and UTF-8 are validated before a table is
returned, and no table larger than `parquet.MOST_BYTES` is loaded; queries read it from its files.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.problems import InvalidDataError, Place, Problem
from stancedata.tables import parquet
from stancedata.tables.columns import SCHEMA_VERSION, conform, sort
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.parquet import (
    AGAIN,
    TableFile,
    decoded_size,
    empty_cells,
    files_of,
    refusing,
    stated_size,
    texts_of,
    too_large,
)

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

VERSION = b"stancedata.version"
SCHEMA = b"stancedata.schema_version"
DIGEST = b"stancedata.digest"
SMALL = 100_000
"""The most rows of a table that is loaded; larger ones are queried in their files."""


class TableSource(Mapping[str, "pa.Table"]):
    """The tables of the contract by name; by default they are in memory."""

    def rows(self, name: str) -> int:
        """Return the number of rows of a table."""
        return self[name].num_rows

    def files(self, name: str) -> tuple[TableFile, ...]:
        """Return the Parquet files of a table, if it has any."""
        return ()

    def is_large(self, name: str) -> bool:
        """Return whether a table is read from its files rather than loaded."""
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)


class TablesInMemory(TableSource):
    """A source of tables in a mapping.

    Args:
        tables: The tables by name.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables

    def __getitem__(self, name: str) -> pa.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def as_source(tables: Mapping[str, pa.Table]) -> TableSource:
    """Wrap tables as a `TableSource`, unless they are one."""
    return tables if isinstance(tables, TableSource) else TablesInMemory(tables)


class ParquetTables(TableSource):
    """The tables of a folder of Parquet files, loaded lazily and cached.

    Args:
        folder: The folder.
        without: Tables that the folder does not have.
        small: The most rows of a table that is loaded; larger ones are read from their files.

    Raises:
        InvalidDataError: If tables or columns are missing or invalid; it lists every problem.
    """

    def __init__(self, folder: Path, without: tuple[str, ...] = (), small: int = SMALL) -> None:
        self.folder = folder
        self._small = small
        self._read: dict[str, pa.Table] = {}
        self._locks = {name: threading.Lock() for name in BY_NAME}
        footers = Look(folder, without)
        if footers.problems:
            raise InvalidDataError(footers.problems)
        self.metadata = footers.metadata
        self._rows = footers.rows

    def files(self, name: str) -> tuple[TableFile, ...]:
        """Return the files of a table."""
        return files_of(self.folder, name)

    def rows(self, name: str) -> int:
        """Return the number of rows of a table, from the footers of its files."""
        return self._rows[name]

    def is_large(self, name: str) -> bool:
        """Return whether a table is read from its files: large, and not loaded before."""
        return name not in self._read and self.rows(name) > self._small

    def __getitem__(self, name: str) -> pa.Table:
        # The lock makes threads wait for a concurrent read instead of reading the table twice.
        with self._locks.get(name, threading.Lock()):
            if name not in self._read:
                self._read[name] = sort(BY_NAME[name], self._load(name))
            return self._read[name]

    def _load(self, name: str) -> pa.Table:
        """Read and validate a table, in the order of its files, with the contract's types."""
        import pyarrow as pa

        parts, left = [], parquet.MOST_BYTES
        for file in self.files(name):
            part, size = load(file, left)
            parts.append(part)
            left -= size
        return pa.concat_tables(parts)


class Look:
    """Inspect the Parquet footers of a folder, and collect the problems with them.

    Attributes:
        rows: The number of rows of each table, without unreadable files.
        metadata: The footer metadata of the first file that has any about the dataset.
        problems: A problem for each invalid file, column or version.
        unsound: The names of the tables that have a problem.
    """

    def __init__(self, folder: Path, without: tuple[str, ...] = ()) -> None:
        self.problems: list[Problem] = []
        self.rows: dict[str, int] = {}
        self.unsound: set[str] = set()
        self._written: dict[str, list[TableFile]] = {}
        self.metadata: dict[bytes, bytes] = {}
        for name in [t.name for t in TABLES if t.name not in without]:
            self.rows[name] = sum(self._look(file) for file in files_of(folder, name))
        self._versions(folder)

    def _look(self, file: TableFile) -> int:
        """Inspect a file and return its number of rows."""
        try:
            with refusing(file.path, "is not a readable Parquet file"):
                found = file.open()
                schema = found.schema_arrow
                stated_size(found.metadata)
        except InvalidDataError as error:
            self._report(file, error.problems)
            return 0
        self._report(file, tuple(file.problems(schema)))
        metadata = dict(schema.metadata or {})
        if {VERSION, SCHEMA} & metadata.keys():
            self.metadata = self.metadata or metadata
        # A version that is not UTF-8 is decoded too, since the message shows it.
        written = metadata.get(SCHEMA, SCHEMA_VERSION.encode()).decode("utf-8", "replace")
        self._written.setdefault(written, []).append(file)
        return int(found.metadata.num_rows)

    def _report(self, file: TableFile, problems: tuple[Problem, ...]) -> None:
        self.problems += problems
        if problems:
            self.unsound.add(file.table.name)

    def _versions(self, folder: Path) -> None:
        """Report files of another schema version; a single problem if all have the same one."""
        others = [v for v in self._written if v != SCHEMA_VERSION]
        if others and len(self._written) == 1:
            what = (
                f"has a different schema version, got {others[0]}; this library reads "
                f"{SCHEMA_VERSION}"
            )
            self.problems = [Problem(Place(str(folder)), "", what)]
            self.unsound = set(self.rows)
        else:
            for version in others:
                for file in self._written[version]:
                    what = (
                        f"has a different schema version from the other files, got {version}; this "
                        f"library reads {SCHEMA_VERSION}"
                    )
                    self._report(file, (Problem(Place(str(file.path)), "", what),))
        if not _is_text(self.metadata.get(VERSION, b"")):
            got = self.metadata[VERSION][:40]
            what = f"has a version that is not text, got {got!r}; {AGAIN}"
            self.problems.append(Problem(Place(str(folder)), "", what))


def open_checked(file: TableFile) -> pq.ParquetFile:
    """Open a file and validate its footer again, since the file may have been replaced.

    Texts are read as dictionaries, so that their size is known before they are decoded.

    Raises:
        InvalidDataError: If it cannot be read, or its columns do not match the contract.
    """
    opened = file.open()
    with opened, refusing(file.path, "is not a readable Parquet file"):
        stated_size(opened.metadata)
        if problems := list(file.problems(opened.schema_arrow)):
            raise InvalidDataError(problems)
        return file.open(metadata=opened.metadata, read_dictionary=texts_of(file))


def load(file: TableFile, most: int) -> tuple[pa.Table, int]:
    """Load and validate a file of a table; return its rows and their size, at most `most` bytes."""
    import pyarrow as pa

    opened = open_checked(file)
    size = stated_size(opened.metadata)
    if size > most:
        raise too_large(file.path, "", size, parquet.MOST_BYTES)
    columns: dict[str, Any] = {}
    size = 0
    # Column by column, to stop at the limit: a small file can decompress to any size.
    for name in file.columns:
        with refusing(file.path, "cannot be read"):
            column = opened.read([name], use_threads=False).column(0)
            # Checks, among others, that indices are within the dictionary and texts are UTF-8.
            column.validate(full=True)
        size += decoded_size(column)
        if size > most:
            raise too_large(file.path, name, size, parquet.MOST_BYTES)
        columns[name] = column
    rows = opened.metadata.num_rows
    for name, value in file.values.items():
        columns[name] = pa.chunked_array([pa.repeat(pa.scalar(value, pa.string()), rows)])
    with refusing(file.path, "cannot be read"):
        data = conform(file.table, pa.table(columns))
    if problems := list(empty_cells(file.table, data, file.path)):
        raise InvalidDataError(problems)
    return data, size


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
