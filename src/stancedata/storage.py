"""Read tables from a folder of Parquet files, and refuse what is not the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.contract import BY_NAME, TABLES
from stancedata.derive import conform
from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean
from stancedata.schemas import SCHEMA_VERSION, Table
from stancedata.tables import sort

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = b"stancedata.version"
SCHEMA = b"stancedata.schema_version"
DIGEST = b"stancedata.digest"


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
            found = self._schema(table, problems)
            if found is not None:
                problems += _column_problems(table, found, self.path(table.name))
                metadata = metadata or dict(found.metadata or {})
        written = metadata.get(SCHEMA, SCHEMA_VERSION.encode()).decode()
        if written != SCHEMA_VERSION:
            what = f"has another schema version, got {written}; this library reads {SCHEMA_VERSION}"
            problems = [Problem(Place(str(self.folder)), "", what)]
        if problems:
            raise InvalidDataError(problems)
        return metadata

    def _schema(self, table: Table, problems: list[Problem]) -> pa.Schema | None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.path(table.name)
        try:
            schema: pa.Schema = pq.read_schema(path)
            return schema
        except FileNotFoundError:
            what = "is missing, got no such file; export the dataset again"
        except (pa.ArrowException, OSError) as error:
            what = f"is no readable Parquet file, got {_line(error)}; export the dataset again"
        problems.append(Problem(Place(str(path)), "", what))
        return None

    def path(self, name: str) -> Path:
        """The file of a table."""
        return self.folder / f"{name}.parquet"

    def rows(self, name: str) -> int:
        """Number of rows, from the file's footer alone."""
        import pyarrow.parquet as pq

        return int(pq.read_metadata(self.path(name)).num_rows)

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._read:
            table = BY_NAME[name]
            self._read[name] = sort(table, conform(table, self._load(name)))
        return self._read[name]

    def _load(self, name: str) -> pa.Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.path(name)
        try:
            return pq.read_table(path, partitioning=None)
        except (pa.ArrowException, OSError) as error:
            what = f"cannot be read, got {_line(error)}; export the dataset again"
            raise InvalidDataError([Problem(Place(str(path)), "", what)]) from None

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)


def _column_problems(table: Table, found: pa.Schema, path: Path) -> Iterator[Problem]:
    for field in table.schema:
        if field.name not in found.names:
            hint = did_you_mean(field.name, found.names) or "export the dataset again"
            what = f"column is missing, got none of that name; {hint}"
            yield Problem(Place(str(path)), field.name, what)
        elif str(found.field(field.name).type) not in _accepted(str(field.type)):
            got = found.field(field.name).type
            what = f"column has another type, got {got}; the contract has {field.type}"
            yield Problem(Place(str(path)), field.name, what)


def _accepted(kind: str) -> tuple[str, ...]:
    """Arrow types that mean the same: other libraries write texts with longer offsets."""
    return (kind, "large_string", "string_view") if kind == "string" else (kind,)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
