"""Read tables from a folder of Parquet files, and refuse what is not the contract.

A file is somebody's claim: its footer says how much it holds, its codes which texts, its texts that
they are UTF-8. All of that is proved before a table is handed on, and nothing is made that is larger
than `MOST_BYTES`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.contract import BY_NAME, TABLES
from stancedata.derive import conform
from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean
from stancedata.schemas import SCHEMA_VERSION, Table
from stancedata.tables import sort

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

VERSION = b"stancedata.version"
SCHEMA = b"stancedata.schema_version"
DIGEST = b"stancedata.digest"
MOST_BYTES = 1_000_000_000
"""Bytes of memory that one table may come to."""
MOST_TEXT = 20_000_000
"""Bytes of a text in a footer, and MOST_PARTS of a list in one: columns times parts of the table."""
MOST_PARTS = 200_000
_BOUNDED: dict[str, Any] = {
    "pre_buffer": False, "page_checksum_verification": True,
    "thrift_string_size_limit": MOST_TEXT, "thrift_container_size_limit": MOST_PARTS,
}  # fmt: skip


def is_parquet_folder(path: Path) -> bool:
    """Whether a path is a folder that holds exported tables."""
    return path.is_dir() and any((path / f"{name}.parquet").exists() for name in BY_NAME)


class ParquetTables(Mapping[str, "pa.Table"]):
    """The tables of a folder, each read when it is asked for and then kept.

    Args:
        folder: The folder.
        without: Tables that it does not hold.

    Raises:
        InvalidDataError: A table is missing, is no Parquet file, or lacks a column; all of
            that at once, when it is made.
    """

    def __init__(self, folder: Path, without: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self._without = without
        self._read: dict[str, pa.Table] = {}
        self.metadata = self._look()

    def _look(self) -> dict[bytes, bytes]:
        problems: list[Problem] = []
        metadata: dict[bytes, bytes] = {}
        for table in [t for t in TABLES if t.name not in self._without]:
            try:
                with _refusing(self.path(table.name), "is no readable Parquet file"):
                    schema = self._open(table.name).schema_arrow
            except InvalidDataError as error:
                problems += error.problems
                continue
            problems += _column_problems(table, schema, self.path(table.name))
            metadata = metadata or dict(schema.metadata or {})
        # Shown where it is none: another schema version, whatever its bytes.
        written = metadata.get(SCHEMA, SCHEMA_VERSION.encode()).decode("utf-8", "replace")
        if written != SCHEMA_VERSION:
            what = f"has another schema version, got {written}; this library reads {SCHEMA_VERSION}"
            problems = [Problem(Place(str(self.folder)), "", what)]
        elif not _is_text(metadata.get(VERSION, b"")):
            what = f"has a version that is no text, got {metadata[VERSION][:40]!r}; export the dataset again"
            problems.append(Problem(Place(str(self.folder)), "", what))
        if problems:
            raise InvalidDataError(problems)
        return metadata

    def _open(self, name: str) -> pq.ParquetFile:
        """The file of a table with its footer read, refused where it says that it is too large."""
        import pyarrow.parquet as pq

        path = self.path(name)
        with _refusing(path, "is no readable Parquet file"):
            try:
                file = pq.ParquetFile(path, **_BOUNDED)
            except FileNotFoundError:
                what = "is missing, got no such file; export the dataset again"
                raise InvalidDataError([Problem(Place(str(path)), "", what)]) from None
            size = _stated_size(file.metadata)
        if size > MOST_BYTES:
            raise _too_large(path, "", size)
        return file

    def path(self, name: str) -> Path:
        """The file of a table."""
        return self.folder / f"{name}.parquet"

    def rows(self, name: str) -> int:
        """Number of rows, from the file's footer alone."""
        return int(self._open(name).metadata.num_rows)

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._read:
            self._read[name] = sort(BY_NAME[name], self._load(BY_NAME[name]))
        return self._read[name]

    def _load(self, table: Table) -> pa.Table:
        """A table as its file has it, with the contract's types, proved to be sound."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.path(table.name)
        file = self._open(table.name)
        # Again, since the file can be another one by now.
        if problems := list(_column_problems(table, file.schema_arrow, path)):
            raise InvalidDataError(problems)
        # Texts stay codes and a dictionary until it is known how much they come to, and one column
        # is read after the other: a few bytes can stand for a great many.
        texts = [c.name for c in table.columns if c.type == "string"]
        with _refusing(path, "cannot be read"):
            file = pq.ParquetFile(path, metadata=file.metadata, read_dictionary=texts, **_BOUNDED)
        columns, size = [], 0
        for name in (column.name for column in table.columns):
            with _refusing(path, "cannot be read"):
                column = file.read([name], use_threads=False).column(0)
                # Proves what a file only claims: codes within the dictionary, texts in UTF-8.
                column.validate(full=True)
            size += _decoded_size(column)
            if size > MOST_BYTES:
                raise _too_large(path, name, size)
            columns.append(column)
        with _refusing(path, "cannot be read"):
            data = conform(table, pa.Table.from_arrays(columns, names=table.schema.names))
        nulls = [c.name for c in table.columns if not c.nullable and data.column(c.name).null_count]
        if nulls:
            what = "must have a value in every row, got none in some; export the dataset again"
            raise InvalidDataError(Problem(Place(str(path)), name, what) for name in nulls)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)


@contextlib.contextmanager
def _refusing(path: Path, what: str) -> Iterator[None]:
    """Whatever a reader says of a broken file, as a problem with it.

    Beside Arrow's own exceptions these are Python's: for names that are no UTF-8, numbers that no
    type can hold, and columns that are there twice.
    """
    import pyarrow as pa

    try:
        yield
    except (
        pa.ArrowException,
        OSError,
        ValueError,
        ArithmeticError,
        LookupError,
        MemoryError,
    ) as error:
        text = f"{what}, got {_line(error)}; export the dataset again"
        raise InvalidDataError([Problem(Place(str(path)), "", text)]) from None


def _stated_size(metadata: pq.FileMetaData) -> int:
    """Bytes that a file comes to by its own footer: of its pages, and of a cell's place in memory.

    Parts are not asked for their columns: PyArrow ends the interpreter where one is broken.
    """
    parts = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
    if metadata.num_rows != sum(part.num_rows for part in parts):
        raise ValueError("another number of rows than its parts have")
    if any(part.num_rows < 0 or part.total_byte_size < 0 for part in parts):
        raise ValueError("a size below zero")
    cells = metadata.num_rows * metadata.num_columns
    return 8 * cells + sum(part.total_byte_size for part in parts)


def _decoded_size(column: pa.ChunkedArray[Any]) -> int:
    """Bytes of a column when its texts are written out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    size = 0
    for chunk in column.chunks:
        size += 4 * len(chunk)
        if isinstance(chunk, pa.DictionaryArray):
            lengths = compute.binary_length(chunk.dictionary).cast(pa.int64())
            size += compute.sum(lengths.take(chunk.indices)).as_py() or 0
        else:
            size += chunk.nbytes
    return size


def _too_large(path: Path, field: str, size: int) -> InvalidDataError:
    what = f"is too large, got {size:,} bytes when it is read; at most {MOST_BYTES:,} are"
    return InvalidDataError([Problem(Place(str(path)), field, what)])


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _column_problems(table: Table, found: pa.Schema, path: Path) -> Iterator[Problem]:
    for field in table.schema:
        if found.names.count(field.name) > 1:
            what = (
                "column is there more than once, got several of that name; export the dataset again"
            )
            yield Problem(Place(str(path)), field.name, what)
        elif field.name not in found.names:
            hint = did_you_mean(field.name, found.names) or "export the dataset again"
            what = f"column is missing, got none of that name; {hint}"
            yield Problem(Place(str(path)), field.name, what)
        elif str(got := found.field(field.name).type) not in _accepted(str(field.type)):
            what = f"column has another type, got {got}; the contract has {field.type}"
            yield Problem(Place(str(path)), field.name, what)


def _accepted(kind: str) -> tuple[str, ...]:
    """Arrow types that mean the same: other libraries write texts with longer offsets."""
    return (kind, "large_string", "string_view") if kind == "string" else (kind,)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
