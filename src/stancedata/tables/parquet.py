"""Locate the Parquet files of a table and validate their footers.

A table is one file, `stances.parquet`, or a folder of that name with any number of files, as Spark,
DuckDB and `export --partition-by` write them; a folder named `issue_id=recognition` sets that value
in every row within it (Hive partitioning). Files are untrusted: everything is validated before use.
"""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean
from stancedata.tables.columns import SCHEMA_VERSION, Table
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MOST_BYTES = 1_000_000_000
"""The most bytes of memory that a table, or a row group, may take."""
MOST_TEXT = 20_000_000
"""The most bytes of a text in a footer."""
MOST_PARTS = 200_000
"""The most items of a list in a footer, such as columns times row groups."""
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""The value in a folder's name that stands for null."""
AGAIN = "export the dataset again"
_BOUNDED: dict[str, Any] = {
    "pre_buffer": False,
    "page_checksum_verification": True,
    "thrift_string_size_limit": MOST_TEXT,
    "thrift_container_size_limit": MOST_PARTS,
}


@attrs.frozen
class TableFile:
    """A Parquet file of a table.

    Attributes:
        table: The table, with the columns of the file's schema version.
        values: The partition values from the names of its folders, by column.
    """

    table: Table
    path: Path
    values: Mapping[str, str | None] = attrs.field(factory=dict)

    @property
    def columns(self) -> list[str]:
        """The names of the columns that the file itself must have."""
        return [c.name for c in self.table.columns if c.name not in self.values]

    def open(self, **options: Any) -> pq.ParquetFile:
        """Open the file and read its footer.

        Raises:
            InvalidDataError: If it is missing or not a readable Parquet file.
        """
        import pyarrow.parquet as pq

        with refusing(self.path, "is not a readable Parquet file"):
            try:
                return pq.ParquetFile(self.path, **_BOUNDED, **options)
            except FileNotFoundError:
                raise InvalidDataError([missing(self.path)]) from None

    def problems(self, found: pa.Schema) -> Iterator[Problem]:
        """Report columns that are missing, duplicated or of the wrong type."""
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


def files_of(
    folder: Path, name: str, schema_version: str = SCHEMA_VERSION
) -> tuple[TableFile, ...]:
    """List the files of a table, sorted by path; `NAME.parquet` if there are none.

    Args:
        folder: The folder.
        name: The table.
        schema_version: The version of the files; a table that it does not have has no files.
    """
    table, inner = BY_NAME[name].of(schema_version), folder / name
    if not table.columns:
        return ()
    if not inner.is_dir() or (folder / f"{name}.parquet").exists():
        return (TableFile(table, folder / f"{name}.parquet"),)
    found = [
        TableFile(table, path, _values(table, path.relative_to(inner)))
        for path in sorted(inner.rglob("*.parquet"))
        if not any(part.startswith((".", "_")) for part in path.relative_to(inner).parts)
    ]
    return tuple(found) or (TableFile(table, folder / f"{name}.parquet"),)


def any_files(folder: Path, name: str) -> tuple[TableFile, ...]:
    """List the files of a table, of whichever schema version."""
    return files_of(folder, name, str(BY_NAME[name].until or SCHEMA_VERSION))


def is_parquet_folder(path: Path) -> bool:
    """Return whether a path is a folder with exported tables."""
    return path.is_dir() and any(
        file.path.exists() for name in BY_NAME for file in any_files(path, name)
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
    """Make the problem that a file is missing."""
    return Problem(Place(str(path)), "", f"is missing; {AGAIN}")


@contextlib.contextmanager
def refusing(path: Path, what: str) -> Iterator[None]:
    """Turn any exception from reading a broken file into a problem with that file.

    Besides Arrow's own exceptions PyArrow raises Python's: for names that are not UTF-8, numbers
    out of range and duplicate columns.
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
        reason = " ".join(str(error).split())[:200]
        raise InvalidDataError(
            [Problem(Place(str(path)), "", f"{what}: {reason}; {AGAIN}")]
        ) from None


def stated_size(metadata: pq.FileMetaData, group: int | None = None) -> int:
    """Estimate the bytes that a file, or one row group, takes in memory, from the footer.

    The estimate is the size of the pages and eight bytes per cell. Column metadata are not read,
    since PyArrow crashes the interpreter if they are broken.
    """
    groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
    if metadata.num_rows != sum(part.num_rows for part in groups):
        raise ValueError("its number of rows differs from that of its parts")
    if any(part.num_rows < 0 or part.total_byte_size < 0 for part in groups):
        raise ValueError("a negative size")
    chosen = groups if group is None else [groups[group]]
    cells = sum(part.num_rows for part in chosen) * metadata.num_columns
    return 8 * cells + sum(part.total_byte_size for part in chosen)


def decoded_size(column: pa.ChunkedArray[Any]) -> int:
    """Compute the bytes of a column once dictionary-encoded texts are decoded."""
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
    """Make the error that a file, or a part of it, exceeds the memory limit."""
    what = (
        f"is too large, got {size:,} bytes once read; at most {most:,} are loaded: use ds.sql or "
        "another question"
    )
    return InvalidDataError([Problem(Place(str(path)), field, what)])


def _accepted(kind: str) -> tuple[str, ...]:
    """List the Arrow types accepted for a type; other libraries write texts with longer offsets."""
    return (kind, "large_string", "string_view") if kind == "string" else (kind,)


def texts_of(file: TableFile) -> list[str]:
    """List the text columns of a file."""
    return [c.name for c in file.table.columns if c.type == "string" and c.name in file.columns]


def empty_cells(table: Table, data: pa.Table, path: Path) -> Iterator[Problem]:
    """Report nulls in columns that are not nullable."""
    for column in [c for c in table.columns if c.name in data.schema.names]:
        if not column.nullable and data.column(column.name).null_count:
            what = f"must have a value in every row, got rows without one; {AGAIN}"
            yield Problem(Place(str(path)), column.name, what)
