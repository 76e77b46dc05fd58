"""Locate the Parquet files of a table and validate their footers.

A table is one file, `stances.parquet`, or a folder of that name with any number of files, as Spark,
DuckDB and `export --partition-by` write them. A folder named `issue_id=recognition`, as in exports
by 0.2 and those of other programs, sets that value in every row within it (Hive partitioning). Files
are untrusted: everything is validated before use.
"""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean
from stancedata.tables.cells import AGAIN
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
MOST_ROW = 20_000
"""The most bytes of a row, on average, in a part of a file larger than `MOST_TEXT`."""
BATCH = 256
"""Rows that are read at once where texts cannot be read as dictionaries."""
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""The value in a folder's name that stands for null."""
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
            if not self.path.exists():
                raise InvalidDataError([missing(self.path)])
            if not self.path.is_file():  # opening a pipe would wait for ever
                raise OSError("it is not a regular file")
            return pq.ParquetFile(self.path, **_BOUNDED, **options)

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
            elif not _is_accepted(got := found.field(field.name).type, field.type):
                what = (
                    f"column has the wrong type, got {got}; the contract says {field.type}: cast it"
                )
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
        TableFile(table, path, _values(table, path.relative_to(inner))) for path in parts_of(inner)
    ]
    return tuple(found) or (TableFile(table, folder / f"{name}.parquet"),)


def parts_of(folder: Path) -> list[Path]:
    """List the files of a table in its folder, sorted; what begins with `.` or `_` is another's."""
    return [
        path
        for path in sorted(folder.rglob("*.parquet"))
        if not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
    ]


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
    # Of a row group only itself: to look at all of them for each takes minutes in a file of thousands.
    numbers = range(metadata.num_row_groups) if group is None else [group]
    parts = [metadata.row_group(number) for number in numbers]
    if group is None and metadata.num_rows != sum(part.num_rows for part in parts):
        raise ValueError("its number of rows differs from that of its parts")
    for part in parts:
        if part.num_rows < 0 or part.total_byte_size < 0:
            raise ValueError("a negative size")
        if part.total_byte_size > MOST_TEXT + MOST_ROW * part.num_rows:
            most = f"at most {MOST_TEXT:,}, and {MOST_ROW:,} for each row, are read"
            raise ValueError(f"{part.num_rows:,} rows take {part.total_byte_size:,} bytes; {most}")
    cells = sum(part.num_rows for part in parts) * metadata.num_columns
    return 8 * cells + sum(part.total_byte_size for part in parts)


def read_column(
    file: TableFile, opened: pq.ParquetFile, name: str, most: int, group: int | None = None
) -> tuple[pa.ChunkedArray[Any], int]:
    """Read and validate a column of a file, or of one row group; return it and its decoded size.

    Args:
        file: The file.
        opened: The same file, opened to read texts as dictionaries.
        name: The column.
        most: The most bytes that it may take.
        group: The index of the row group.

    Raises:
        InvalidDataError: If it takes more.
    """
    import pyarrow as pa

    groups = [*range(opened.metadata.num_row_groups)] if group is None else [group]
    try:
        column = opened.read_row_groups(groups, [name], use_threads=False).column(0)
    except (pa.ArrowNotImplementedError, OSError) as error:
        if "Not yet implemented" not in str(error):
            raise
        # PyArrow reads no dictionary from a DELTA encoding.
        column = _read_plain(file, opened, name, most, groups)
    # Checks, among others, that indices are within the dictionary and texts are UTF-8.
    column.validate(full=True)
    if (size := decoded_size(column)) > most:
        raise too_large(file.path, name, size, MOST_BYTES)
    return column, size


def _read_plain(
    file: TableFile, opened: pq.ParquetFile, name: str, most: int, groups: list[int]
) -> pa.ChunkedArray[Any]:
    """Read a column in small batches, since a few bytes of a DELTA encoding can become many."""
    import pyarrow as pa

    parts, size = [], 0
    plain = file.open(metadata=opened.metadata)
    for batch in plain.iter_batches(BATCH, groups, [name], use_threads=False):
        parts.append(batch.column(0))
        size += batch.nbytes
        if size > most:
            raise too_large(file.path, name, size, MOST_BYTES)
    return pa.chunked_array(parts, plain.schema_arrow.field(name).type)


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


def _is_accepted(got: pa.DataType, kind: pa.DataType) -> bool:
    """Whether an Arrow type stands for one of the contract.

    Other libraries write texts with longer offsets, and pandas its categories as a dictionary.
    """
    import pyarrow as pa

    if kind != pa.string():
        return bool(got == kind)
    plain = got.value_type if isinstance(got, pa.DictionaryType) else got
    return plain in (kind, pa.large_string(), pa.string_view())


def texts_of(file: TableFile) -> list[str]:
    """List the text columns of a file."""
    return [c.name for c in file.table.columns if c.type == "string" and c.name in file.columns]
