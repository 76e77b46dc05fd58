"""The tables of a folder of Parquet files; what is not the contract is refused.

A file's footer says how much it holds, its codes which texts, its texts that they are UTF-8. All of
that is proved before a table is handed on, and nothing is made that is larger than `parquet.MOST_BYTES`:
what is larger is asked where it lies, by queries and in parts, and not loaded.
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
"""Rows up to which a table is loaded; larger ones are asked where they lie."""


class TableSource(Mapping[str, "pa.Table"]):
    """The tables of the contract by name, wherever they are; by default in memory."""

    def rows(self, name: str) -> int:
        """The number of rows of a table."""
        return self[name].num_rows

    def files(self, name: str) -> tuple[TableFile, ...]:
        """The Parquet files of a table; none where it has none."""
        return ()

    def is_large(self, name: str) -> bool:
        """Whether a table is read from its files rather than loaded."""
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)


class TablesInMemory(TableSource):
    """Tables of a dict.

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
    """The same tables as a `TableSource`."""
    return tables if isinstance(tables, TableSource) else TablesInMemory(tables)


class ParquetTables(TableSource):
    """The tables of a folder, each read when it is asked for and then kept.

    Args:
        folder: The folder.
        without: Tables that it does not hold.
        small: Rows up to which a table is loaded; larger ones are read from their files.

    Raises:
        InvalidDataError: A table is missing, is no Parquet file, or lacks a column; all of
            that at once, when it is made.
    """

    def __init__(self, folder: Path, without: tuple[str, ...] = (), small: int = SMALL) -> None:
        self.folder = folder
        self._small = small
        self._read: dict[str, pa.Table] = {}
        self._locks = {name: threading.Lock() for name in BY_NAME}
        look = Look(folder, without)
        if look.problems:
            raise InvalidDataError(look.problems)
        self.metadata = look.metadata
        self._rows = look.rows

    def files(self, name: str) -> tuple[TableFile, ...]:
        """The files of a table."""
        return files_of(self.folder, name)

    def rows(self, name: str) -> int:
        """The number of rows of a table, from the footers of its files."""
        return self._rows[name]

    def is_large(self, name: str) -> bool:
        """Whether a table is read from its files: it has many rows, and was not loaded before."""
        return name not in self._read and self.rows(name) > self._small

    def __getitem__(self, name: str) -> pa.Table:
        # Whoever wants a table that is just being read waits for it, and does not read it too.
        with self._locks.get(name, threading.Lock()):
            if name not in self._read:
                self._read[name] = sort(BY_NAME[name], self._load(name))
            return self._read[name]

    def _load(self, name: str) -> pa.Table:
        """A table as its files have it, with the contract's types, proved to be sound."""
        import pyarrow as pa

        parts, left = [], parquet.MOST_BYTES
        for file in self.files(name):
            part, size = load(file, left)
            parts.append(part)
            left -= size
        return pa.concat_tables(parts)


class Look:
    """What the footers of a folder's files say, with everything that is wrong with them.

    Attributes:
        rows: Rows of each table that is as it must be.
        metadata: What the first file says of the dataset.
        problems: One for each file, column or version that is not as it must be.
        unsound: Names of the tables that have a problem.
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
        """The rows of one file."""
        try:
            with refusing(file.path, "is not a readable Parquet file"):
                found = file.open()
                schema = found.schema_arrow
                stated_size(found.metadata)
        except InvalidDataError as error:
            self._say(file, error.problems)
            return 0
        self._say(file, tuple(file.problems(schema)))
        metadata = dict(schema.metadata or {})
        if {VERSION, SCHEMA} & metadata.keys():
            self.metadata = self.metadata or metadata
        # Shown where it is none: another schema version, whatever its bytes.
        written = metadata.get(SCHEMA, SCHEMA_VERSION.encode()).decode("utf-8", "replace")
        self._written.setdefault(written, []).append(file)
        return int(found.metadata.num_rows)

    def _say(self, file: TableFile, problems: tuple[Problem, ...]) -> None:
        self.problems += problems
        if problems:
            self.unsound.add(file.table.name)

    def _versions(self, folder: Path) -> None:
        """Files of another schema version; where all are of one, that is said once."""
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
                    self._say(file, (Problem(Place(str(file.path)), "", what),))
        if not _is_text(self.metadata.get(VERSION, b"")):
            got = self.metadata[VERSION][:40]
            what = f"has a version that is not text, got {got!r}; {AGAIN}"
            self.problems.append(Problem(Place(str(folder)), "", what))


def open_checked(file: TableFile) -> pq.ParquetFile:
    """Open a file whose footer is checked again, since it can be another one by now.

    Texts are read as codes and a dictionary until it is known how much they come to.

    Raises:
        InvalidDataError: It cannot be read, or has other columns than the contract.
    """
    opened = file.open()
    with opened, refusing(file.path, "is not a readable Parquet file"):
        stated_size(opened.metadata)
        if problems := list(file.problems(opened.schema_arrow)):
            raise InvalidDataError(problems)
        return file.open(metadata=opened.metadata, read_dictionary=texts_of(file))


def load(file: TableFile, most: int) -> tuple[pa.Table, int]:
    """One file of a table, and the bytes that it comes to; at most so many."""
    import pyarrow as pa

    opened = open_checked(file)
    size = stated_size(opened.metadata)
    if size > most:
        raise too_large(file.path, "", size, parquet.MOST_BYTES)
    columns: dict[str, Any] = {}
    size = 0
    # One column is read after the other: a few bytes can stand for a great many.
    for name in file.columns:
        with refusing(file.path, "cannot be read"):
            column = opened.read([name], use_threads=False).column(0)
            # Proves what a file only claims: codes within the dictionary, texts in UTF-8.
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
