"""Complete a folder of Parquet tables that a program wrote: add derived and missing tables.

`positions` are derived by the packaged SQL in batches of holders and issues, in bounded memory.
Their key begins with holder and issue, so the batches in order make up the table in key order.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.atomic import staged
from stancedata.data_folder import path_of
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.ordered import MEMORY
from stancedata.problems import InvalidDataError, StancedataError
from stancedata.questions.positions import (
    define_counted,
    define_fold,
    define_texts,
    document_silences,
    of_version,
)
from stancedata.releases.version import WORKING_COPY
from stancedata.tables.columns import Table, conform, sort
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.dictionary import READ as OF_CODEBOOK
from stancedata.tables.dictionary import codebook_table
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.parquet import TableFile, any_files, files_of, is_parquet_folder
from stancedata.tables.parquet_writer import Files
from stancedata.tables.source import SCHEMA, VERSION, Look

if TYPE_CHECKING:
    import pyarrow as pa

NEEDED = (
    "actors",
    "issues",
    "levels",
    "vocabulary",
    "events",
    "documents",
    "stances",
    "holders",
    "evidence",
)
"""Tables that the folder must contain; without `events`, positions would have other days."""
POSITIONS = "positions"
SILENCES = "document_silences"
DERIVED = (SILENCES, POSITIONS)
"""Tables that are derived again even if they exist."""
PART = 500_000
"""Approximate number of counted stances in a batch."""
ROWS = 100_000
"""Rows in a row group."""
_READ = (
    "stances",
    "holders",
    "events",
    "documents",
    "vocabulary",
    "actors",
    "roles",
    "issues",
    "actor_codes",
    "conditions",
    "stance_aspects",
    "document_authors",
)
_PARTS = """
    SELECT actor_id, issue_id,
           (SUM(COUNT(*)) OVER (ORDER BY actor_id, issue_id) - 1) // {size} AS part
    FROM every_counted GROUP BY actor_id, issue_id
"""
_OF_STANCES = {
    "stances": ("stance_id", "summary", "act", "speaker_id"),
    "conditions": ("stance_id", "number", "condition"),
    "stance_aspects": ("stance_id", "position", "aspect"),
}
"""What the packaged SQL reads of these tables, besides what was counted."""
_COUNTED_BY_PART = """
    SELECT c.*, p.part
    FROM every_counted c JOIN parts p ON p.actor_id = c.actor_id AND p.issue_id = c.issue_id
    ORDER BY part
"""
_BY_PART = """
    SELECT {columns}, k.part FROM {name} t JOIN stance_parts k ON k.stance_id = t.stance_id ORDER BY part
"""


def complete(path: str | Path) -> dict[str, int]:
    """Derive `positions` for a folder of Parquet tables and add the tables that it lacks.

    `positions`, from any number of stances, and `document_silences` are derived again even if they
    exist. `codebook`, and empty tables such as `exemptions`, are added only if missing. Other files
    are left unchanged.

    Args:
        path: A folder with at least actors, issues, levels, vocabulary, events, documents, stances,
            holders and evidence.

    Returns:
        The number of rows of each table that was written, by name.

    Raises:
        InvalidDataError: If tables are missing, cannot be read or lack columns; lists every problem.
        StancedataError: If the folder has no tables, is an export, which is already complete, or
            the disk is full. The folder is left unchanged.
    """
    return complete_folder(path_of(path))


def complete_folder(folder: Path, part: int = PART, rows: int = ROWS) -> dict[str, int]:
    """Complete a folder; see `complete`.

    Args:
        folder: The folder.
        part: Approximate number of counted stances in a batch.
        rows: Rows in a row group of positions.
    """
    _refuse(folder)
    absent = [n for n in BY_NAME if n not in NEEDED and not _is_there(folder, n)]
    look = Look(folder, (*absent, *DERIVED))
    if look.problems:
        raise InvalidDataError(look.problems)
    schema_version = look.schema_version
    version = look.metadata.get(VERSION, WORKING_COPY.encode())
    metadata = {VERSION: version, SCHEMA: schema_version.encode()}
    tables = {table.name: table for table in tables_of(schema_version)}
    with _draft(folder) as new:
        made = {}
        for name in [name for name in absent if name in tables and name not in DERIVED]:
            empty = BY_NAME[name].schema.empty_table()
            data = _codebook(folder, schema_version) if name == "codebook" else empty
            made[name] = _write(new, tables[name], iter([data]), metadata)
        derived = _Derivation(folder, new, schema_version)
        for name in [name for name in DERIVED if name in tables]:
            parts = derived.positions(part, rows) if name == POSITIONS else derived.silences(rows)
            made[name] = _write(new, tables[name], parts, metadata)
    return made


def _codebook(folder: Path, schema_version: str) -> pa.Table:
    """Describe the columns, with the allowed values of the codebook's tables in a folder."""
    files = {name: any_files(folder, name) for name in OF_CODEBOOK if _is_there(folder, name)}
    found = {name: parts[0].open().read() for name, parts in files.items()}
    return codebook_table(found, schema_version)


def _refuse(folder: Path) -> None:
    if not is_parquet_folder(folder):
        raise StancedataError(
            f"{folder}: has no tables: no Parquet file is named after one; give a folder with "
            "stances.parquet"
        )
    if (folder / MANIFEST).exists():
        raise StancedataError(
            f"{folder}: is an export, got {MANIFEST}; it is already complete, and lists the "
            "digest of each file"
        )
    for name in DERIVED:
        if (folder / name).is_dir():
            raise StancedataError(f"{folder / name}: is a folder, not a single file; move it away")


def _is_there(folder: Path, name: str) -> bool:
    return any(file.path.exists() for file in any_files(folder, name))


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """Make a folder for new tables, which replace the old ones at the end; see `staged`."""
    import duckdb

    with staged(folder) as new:
        try:
            yield new
        except (OSError, duckdb.Error) as error:
            said = " ".join(str(error).split())[:200]
            raise StancedataError(
                f"{folder}: cannot be completed: {said}; the tables are unchanged"
            ) from None


def _write(new: Path, table: Table, parts: Iterator[pa.Table], metadata: dict[bytes, bytes]) -> int:
    """Write a table and return the number of its rows."""
    count = 0
    with contextlib.ExitStack() as stack:
        files = Files(stack, new, table)
        for rows in parts:
            count += rows.num_rows
            files.write(rows)
        files.finish(metadata)
    return count


@attrs.frozen
class _Derivation:
    """Derives the positions and the silences of a folder.

    Attributes:
        folder: The folder.
        new: The folder of tables that were just made.
        schema_version: The schema version of its tables.
    """

    folder: Path
    new: Path
    schema_version: str

    def positions(self, size: int, rows: int) -> Iterator[pa.Table]:
        """Derive positions in key order, one batch of holders and issues at a time."""
        engine = self._engine()
        table = BY_NAME[POSITIONS]
        for part in self._parts(engine, size):
            for name in ("counted", *_OF_STANCES):
                engine.view(
                    name, f"SELECT * EXCLUDE (part) FROM {name}_by_part WHERE part = {part}"
                )
            define_texts(engine)
            define_fold(engine, self.schema_version)
            sql = of_version("positions", self.schema_version)
            found = sort(table, conform(table, engine.query(sql)))
            yield from _slices(found, rows)

    def _parts(self, engine: DuckDBEngine, size: int) -> list[int]:
        """Sort what positions are made of by batch, so that a batch reads its own rows only."""
        define_counted(engine, "every_counted", self.schema_version)
        engine.define("parts", _PARTS.format(size=size))
        engine.define("counted_by_part", _COUNTED_BY_PART)
        engine.define("every_counted", "SELECT 1")  # frees its space
        engine.define("stance_parts", "SELECT DISTINCT stance_id, part FROM counted_by_part")
        for name, columns in _OF_STANCES.items():
            listed = ", ".join(f"t.{column}" for column in columns)
            engine.define(f"{name}_by_part", _BY_PART.format(name=name, columns=listed))
        numbers = engine.query("SELECT DISTINCT CAST(part AS INT) AS part FROM parts ORDER BY part")
        return [row["part"] for row in numbers.to_pylist()]

    def silences(self, rows: int) -> Iterator[pa.Table]:
        """Derive the silences of documents in key order."""
        return _slices(document_silences(self._engine()), rows)

    def _engine(self) -> DuckDBEngine:
        engine = DuckDBEngine(MEMORY, str(self.new.with_name("spill")))
        for name in _READ:
            if files := self._files(name):
                engine.register_files(name, files)
            else:
                engine.register(name, BY_NAME[name].schema.empty_table())
        return engine

    def _files(self, name: str) -> tuple[TableFile, ...]:
        """List the files of a table: in the temporary folder if it was just made, else its own."""
        made = (self.new / f"{name}.parquet").exists()
        return files_of(self.new if made else self.folder, name, self.schema_version)


def _slices(found: pa.Table, rows: int) -> Iterator[pa.Table]:
    return (found.slice(start, rows) for start in range(0, found.num_rows, rows))
