"""Table sources: mappings of table names to Arrow tables, in memory or from Parquet files.

Parquet files are untrusted: sizes, dictionary indices and UTF-8 are validated before a table is
returned, and no table larger than `parquet.MOST_BYTES` is loaded; queries read it from its files.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, Problem
from stancedata.tables import parquet, revisions
from stancedata.tables.cells import AGAIN, cell_problems, form_problems
from stancedata.tables.columns import SCHEMA_VERSION, conform, sort
from stancedata.tables.contract import BY_NAME, tables_of, version_of_columns
from stancedata.tables.parquet import (
    TableFile,
    any_files,
    files_of,
    parts_of,
    read_column,
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
STATED = {"version": VERSION, "digest": DIGEST, "schema_version": SCHEMA}
"""The keys in footers of what an export says about itself."""
VERSIONS = tuple(map(str, range(1, int(SCHEMA_VERSION) + 1)))
"""The schema versions that this library reads."""
_READS = f"this library reads {' and '.join(VERSIONS)}: install a newer stancedata"
SMALL = 100_000
"""The most rows of a table that is loaded; larger ones are queried in their files."""


class TableSource(Mapping[str, "pa.Table"]):
    """The tables of the contract by name; by default they are in memory.

    Each table has the columns of every schema version; those that came after the data's own are
    null. It iterates over the tables of the data's own version, and also gives the others, empty.

    Attributes:
        schema_version: The schema version of the data.
    """

    schema_version = SCHEMA_VERSION

    def rows(self, name: str) -> int:
        """Return the number of rows of a table."""
        return self[name].num_rows

    def files(self, name: str) -> tuple[TableFile, ...]:
        """Return the Parquet files of a table, if it has any."""
        return ()

    def is_large(self, name: str) -> bool:
        """Return whether a table is read from its files rather than loaded."""
        return False

    def is_loaded(self, name: str) -> bool:
        """Return whether a table is in memory."""
        return True

    def is_validated(self, name: str) -> bool:
        """Return whether the texts of a table are known to be UTF-8, as those read from files are."""
        return False

    def __iter__(self) -> Iterator[str]:
        return (table.name for table in tables_of(self.schema_version))

    def __len__(self) -> int:
        return len(tables_of(self.schema_version))


class TablesInMemory(TableSource):
    """A source of tables in a mapping.

    Args:
        tables: The tables by name. Their schema version is the first one that has all of them;
            those of other versions are empty.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables
        keys = {name: BY_NAME[name].key for name in tables if name in BY_NAME}
        self.schema_version = version_of_columns(keys)

    def __getitem__(self, name: str) -> pa.Table:
        table = BY_NAME.get(name)
        if name in self._tables or table is None or table.of(self.schema_version).columns:
            return self._tables[name]
        return table.schema.empty_table()

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
        formed: Whether to validate the forms of texts and dates; `check` reports them as rules.

    Raises:
        InvalidDataError: If tables or columns are missing or invalid; it lists every problem.
    """

    def __init__(
        self,
        folder: Path,
        without: tuple[str, ...] = (),
        small: int = SMALL,
        formed: bool = True,
    ) -> None:
        self.folder = folder
        self._small, self._formed = small, formed
        self._read: dict[str, pa.Table] = {}
        self._locks = {name: threading.Lock() for name in BY_NAME}
        footers = Look(folder, without)
        if footers.problems:
            raise InvalidDataError(footers.problems)
        self.metadata = footers.metadata
        self.schema_version = footers.schema_version
        self._rows = footers.rows

    def files(self, name: str) -> tuple[TableFile, ...]:
        """Return the files of a table; none if its schema version does not have it."""
        return files_of(self.folder, name, self.schema_version)

    def rows(self, name: str) -> int:
        """Return the number of rows of a table, from the footers of its files."""
        return self._rows[name]

    def is_large(self, name: str) -> bool:
        """Return whether a table is read from its files: large, and not loaded before."""
        return not self.is_loaded(name) and self.rows(name) > self._small

    def is_loaded(self, name: str) -> bool:
        """Return whether a table was loaded before."""
        return name in self._read

    def is_validated(self, name: str) -> bool:
        """Return True, since every column is validated when it is read."""
        return True

    def __getitem__(self, name: str) -> pa.Table:
        # The lock makes threads wait for a concurrent read instead of reading the table twice.
        with self._locks.get(name, threading.Lock()):
            if name not in self._read:
                loaded = sort(BY_NAME[name], self._load(name))
                self._read[name] = revisions.whole(loaded) if name == revisions.NAME else loaded
            return self._read[name]

    def _load(self, name: str) -> pa.Table:
        """Read and validate a table, in the order of its files, with the contract's types."""
        import pyarrow as pa

        # From no batches: `empty_table` would import pandas.
        parts, left = [pa.Table.from_batches([], BY_NAME[name].schema)], parquet.MOST_BYTES
        for file in self.files(name):
            part, size = load(file, left, self.schema_version if self._formed else "")
            parts.append(part)
            left -= size
        return pa.concat_tables(parts)


@attrs.frozen
class _Footer:
    """What the footer of a file says.

    Attributes:
        schema: Its columns; None if it could not be read, as the problems say.
        rows: Its number of rows.
    """

    file: TableFile
    schema: pa.Schema | None = None
    rows: int = 0
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, file: TableFile) -> _Footer:
        """Read the footer of a file."""
        try:
            with refusing(file.path, "is not a readable Parquet file"):
                found = file.open()
                stated_size(found.metadata)
                return cls(file, found.schema_arrow, int(found.metadata.num_rows))
        except InvalidDataError as error:
            return cls(file, problems=error.problems)

    @property
    def metadata(self) -> dict[bytes, bytes]:
        """What the footer says about the dataset."""
        return dict(self.schema.metadata or {}) if self.schema is not None else {}

    @property
    def stated(self) -> str:
        """The schema version; empty if it states none."""
        # A version that is not UTF-8 is decoded too, since the message shows it.
        return self.metadata.get(SCHEMA, b"").decode("utf-8", "replace")


class Look:
    """Inspect the Parquet footers of a folder, and collect the problems with them.

    Attributes:
        rows: The number of rows of each table, without unreadable files.
        metadata: What the footers say about the dataset; of several values the first, and a problem.
        schema_version: The version of all files; where none states it, the first version that has
            their columns.
        problems: A problem for each invalid file, column or version.
        unsound: The names of the tables that have a problem.
    """

    def __init__(self, folder: Path, without: tuple[str, ...] = ()) -> None:
        self.problems: list[Problem] = []
        self.rows = dict.fromkeys(BY_NAME, 0)
        self.unsound: set[str] = set()
        names = [name for name in BY_NAME if name not in without]
        footers = [_Footer.of(file) for name in names for file in any_files(folder, name)]
        self.metadata: dict[bytes, bytes] = {}
        for footer in footers:
            self.metadata = {**footer.metadata, **self.metadata}
        self.schema_version = _version_of(footers)
        for footer in footers:
            self._look(footer)
        self._versions(folder, footers)
        for name in names:
            self._twofold(folder, name)

    def _look(self, footer: _Footer) -> None:
        """Count the rows of a file and report its problems, if the version has its table."""
        file, table = footer.file, footer.file.table.of(self.schema_version)
        if not table.columns:
            return
        self._report(file, footer.problems)
        if footer.schema is not None:
            self.rows[table.name] += footer.rows
            self._report(file, tuple(attrs.evolve(file, table=table).problems(footer.schema)))

    def _twofold(self, folder: Path, name: str) -> None:
        """Report a table that is a file and a folder of files: only the file is read."""
        file = folder / f"{name}.parquet"
        if file.exists() and parts_of(folder / name):
            what = (
                f"is there beside the folder {name}; keep one of the two, and move the other away"
            )
            self.problems.append(Problem(Place(str(file)), "", what))
            self.unsound.add(name)

    def _report(self, file: TableFile, problems: tuple[Problem, ...]) -> None:
        self.problems += problems
        if problems:
            self.unsound.add(file.table.name)

    def _versions(self, folder: Path, footers: list[_Footer]) -> None:
        """Report files of another schema version; a single problem if all have the same one."""
        read = [footer for footer in footers if footer.schema is not None]
        others = [f for f in read if f.stated and f.stated != self.schema_version]
        if others and {f.stated for f in read} == {others[0].stated}:
            what = f"has an unknown schema version, got {others[0].stated}; {_READS}"
            self.problems = [Problem(Place(str(folder)), "", what)]
            self.unsound = set(self.rows)
        else:
            for footer in others:
                what = (
                    f"has a different schema version from the other files, got {footer.stated} "
                    f"where they have {self.schema_version}; {AGAIN}"
                )
                self._report(footer.file, (Problem(Place(str(footer.file.path)), "", what),))
        self._differing(read)
        if not _is_text(self.metadata.get(VERSION, b"")):
            got = self.metadata[VERSION][:40]
            what = f"has a version that is not text, got {got!r}; {AGAIN}"
            self.problems.append(Problem(Place(str(folder)), "", what))

    def _differing(self, footers: list[_Footer]) -> None:
        """Report files of another version of the data than most files are."""
        for key in (VERSION, DIGEST):
            found = Counter(f.metadata[key] for f in footers if key in f.metadata)
            usual = found.most_common(1)[0][0] if found else b""
            for footer in footers:
                if len(found) > 1 and footer.metadata.get(key, usual) != usual:
                    got = footer.metadata[key].decode("utf-8", "replace")
                    most = usual.decode("utf-8", "replace")
                    what = f"is not the one of the other files, got {got!r}, not {most!r}; {AGAIN}"
                    problem = Problem(Place(str(footer.file.path)), key.decode(), what)
                    self._report(footer.file, (problem,))


def _version_of(footers: list[_Footer]) -> str:
    """Return the newest version that a file states and this library reads.

    If there is none, it is the first version that has the columns of the files that state none.
    """
    known = sorted({footer.stated for footer in footers} & {*VERSIONS}, key=int)
    silent = [f for f in footers if f.schema is not None and not f.stated]
    columns = {f.file.table.name: f.schema.names for f in silent if f.schema is not None}
    return known[-1] if known else version_of_columns(columns)


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


def load(file: TableFile, most: int, formed: str = SCHEMA_VERSION) -> tuple[pa.Table, int]:
    """Load and validate a file of a table; return its rows and their size, at most `most` bytes.

    Args:
        file: The file.
        most: The most bytes that the rows may take.
        formed: The schema version whose forms of texts and dates are validated; empty for none.
    """
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
            columns[name], more = read_column(file, opened, name, most - size)
        size += more
    rows = opened.metadata.num_rows
    for name, value in file.values.items():
        columns[name] = pa.chunked_array([pa.repeat(pa.scalar(value, pa.string()), rows)])
    with refusing(file.path, "cannot be read"):
        data = conform(BY_NAME[file.table.name], pa.table(columns))
    found = cell_problems(file.table, data, file.path)
    if problems := list(found):
        raise InvalidDataError(problems)
    if formed and (problems := list(form_problems(file.table, data, file.path, formed))):
        raise InvalidDataError(problems)
    return data, size


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
