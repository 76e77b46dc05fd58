"""The Parquet files of a table: where they are, and what their footers must say.

A table is one file, `stances.parquet`, or a folder of that name with any number of files in it, as
Spark, DuckDB and `export --partition-by` write them; a folder called `issue_id=recognition` gives
every row within it that value (Hive's layout). A file is somebody's claim: nothing in it is
believed before it is proved.
"""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean
from stancedata.tables.columns import Table
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MOST_BYTES = 1_000_000_000
"""Bytes of memory that one table, or one part of a file, may come to."""
MOST_TEXT = 20_000_000
"""Bytes of a text in a footer, and MOST_PARTS of a list in one: columns times parts of the table."""
MOST_PARTS = 200_000
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""What a folder's name says where the column has no value."""
AGAIN = "export the dataset again"
_BOUNDED: dict[str, Any] = {
    "pre_buffer": False,
    "page_checksum_verification": True,
    "thrift_string_size_limit": MOST_TEXT,
    "thrift_container_size_limit": MOST_PARTS,
}


@attrs.frozen
class TableFile:
    """One file of a table.

    Attributes:
        values: What the names of its folders say of every row, by column.
    """

    table: Table
    path: Path
    values: Mapping[str, str | None] = attrs.field(factory=dict)

    @property
    def columns(self) -> list[str]:
        """Names of the columns that the file itself must hold."""
        return [c.name for c in self.table.columns if c.name not in self.values]

    def open(self, **options: Any) -> pq.ParquetFile:
        """The file, its footer read.

        Raises:
            InvalidDataError: It is missing, or no readable Parquet file.
        """
        import pyarrow.parquet as pq

        with refusing(self.path, "is not a readable Parquet file"):
            try:
                return pq.ParquetFile(self.path, **_BOUNDED, **options)
            except FileNotFoundError:
                raise InvalidDataError([missing(self.path)]) from None

    def problems(self, found: pa.Schema) -> Iterator[Problem]:
        """What is wrong with the columns that the file has."""
        for field in self.table.schema:
            if field.name in self.values:
                continue
            if found.names.count(field.name) > 1:
                what = f"column appears more than once; {AGAIN}"
                yield Problem(Place(str(self.path)), field.name, what)
            elif field.name not in found.names:
                hint = did_you_mean(field.name, found.names) or AGAIN
                what = f"column is missing; {hint}"
                yield Problem(Place(str(self.path)), field.name, what)
            elif str(got := found.field(field.name).type) not in _accepted(str(field.type)):
                what = f"column has the wrong type, got {got}; the contract says {field.type}"
                yield Problem(Place(str(self.path)), field.name, what)


def files_of(folder: Path, name: str) -> tuple[TableFile, ...]:
    """The files of a table, in order of their paths; `NAME.parquet` where there are none."""
    table, inner = BY_NAME[name], folder / name
    if not inner.is_dir() or (folder / f"{name}.parquet").exists():
        return (TableFile(table, folder / f"{name}.parquet"),)
    found = [
        TableFile(table, path, _values(table, path.relative_to(inner)))
        for path in sorted(inner.rglob("*.parquet"))
        if not any(part.startswith((".", "_")) for part in path.relative_to(inner).parts)
    ]
    return tuple(found) or (TableFile(table, folder / f"{name}.parquet"),)


def is_parquet_folder(path: Path) -> bool:
    """Whether a path is a folder that holds exported tables."""
    return path.is_dir() and any(
        file.path.exists() for name in BY_NAME for file in files_of(path, name)
    )


def _values(table: Table, relative: Path) -> dict[str, str | None]:
    pairs = [part.split("=", 1) for part in relative.parts[:-1] if "=" in part]
    texts = {column.name for column in table.columns if column.type == "string"}
    return {
        name: None if value == NO_VALUE else urllib.parse.unquote(value)
        for name, value in pairs
        if name in texts
    }


def missing(path: Path) -> Problem:
    """That a file is not there."""
    return Problem(Place(str(path)), "", f"is missing; {AGAIN}")


@contextlib.contextmanager
def refusing(path: Path, what: str) -> Iterator[None]:
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
        said = " ".join(str(error).split())[:200]
        raise InvalidDataError(
            [Problem(Place(str(path)), "", f"{what}: {said}; {AGAIN}")]
        ) from None


def stated_size(metadata: pq.FileMetaData, group: int | None = None) -> int:
    """Bytes that a file, or one part of it, comes to by its own footer.

    That is of its pages, and of a cell's place in memory. Parts are not asked for their columns:
    PyArrow ends the interpreter where one is broken.
    """
    parts = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
    if metadata.num_rows != sum(part.num_rows for part in parts):
        raise ValueError("its number of rows differs from that of its parts")
    if any(part.num_rows < 0 or part.total_byte_size < 0 for part in parts):
        raise ValueError("a negative size")
    asked = parts if group is None else [parts[group]]
    cells = sum(part.num_rows for part in asked) * metadata.num_columns
    return 8 * cells + sum(part.total_byte_size for part in asked)


def decoded_size(column: pa.ChunkedArray[Any]) -> int:
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


def too_large(path: Path, field: str, size: int, most: int) -> InvalidDataError:
    """That what is in a file comes to more than may be."""
    what = (
        f"is too large, got {size:,} bytes once read; at most {most:,} are loaded: use ds.sql or "
        "another question"
    )
    return InvalidDataError([Problem(Place(str(path)), field, what)])


def _accepted(kind: str) -> tuple[str, ...]:
    """Arrow types that mean the same: other libraries write texts with longer offsets."""
    return (kind, "large_string", "string_view") if kind == "string" else (kind,)


def texts_of(file: TableFile) -> list[str]:
    """Names of a file's columns of texts."""
    return [c.name for c in file.table.columns if c.type == "string" and c.name in file.columns]


def empty_cells(table: Table, data: pa.Table, path: Path) -> Iterator[Problem]:
    """Columns that must have a value in every row, and have not."""
    for column in [c for c in table.columns if c.name in data.schema.names]:
        if not column.nullable and data.column(column.name).null_count:
            what = f"must have a value in every row, got rows without one; {AGAIN}"
            yield Problem(Place(str(path)), column.name, what)
