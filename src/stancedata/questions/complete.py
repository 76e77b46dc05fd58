"""Complete a folder of Parquet tables that a program wrote: add derived and missing tables.

`positions` are derived by the packaged SQL in batches of holders and issues, in bounded memory.
Their key begins with holder and issue, so the batches in order make up the table in key order.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.ordered import MEMORY
from stancedata.engines.packaged import packaged
from stancedata.problems import InvalidDataError, StancedataError
from stancedata.questions.positions import define_counted
from stancedata.releases.version import WORKING_COPY
from stancedata.tables.columns import SCHEMA_VERSION, conform, sort
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.parquet import TableFile, files_of, is_parquet_folder
from stancedata.tables.parquet_writer import Files
from stancedata.tables.rows import codebook_table
from stancedata.tables.source import SCHEMA, VERSION, Look

if TYPE_CHECKING:
    import pyarrow as pa

NEEDED = ("actors", "issues", "levels", "vocabulary", "documents", "stances", "holders", "evidence")
"""Tables that the folder must contain."""
POSITIONS = "positions"
PART = 500_000
"""Approximate number of counted stances in a batch."""
ROWS = 100_000
"""Rows in a row group."""
_READ = ("stances", "holders", "events", "documents", "vocabulary", "actors", "roles")
_PARTS = """
    SELECT actor_id, issue_id,
           (SUM(COUNT(*)) OVER (ORDER BY actor_id, issue_id) - 1) // {size} AS part
    FROM every_counted GROUP BY actor_id, issue_id
"""
_OF_PART = (
    "SELECT c.* FROM every_counted c JOIN parts USING (actor_id, issue_id) WHERE part = {part}"
)


def complete(path: str | Path) -> dict[str, int]:
    """Derive `positions` for a folder of Parquet tables and add the tables that it lacks.

    `positions` is derived again even if it exists, from any number of stances. `codebook`, and
    empty tables such as `silences`, are added only if missing. Other files are left unchanged.

    Args:
        path: A folder with at least actors, issues, levels, vocabulary, documents, stances, holders
            and evidence.

    Returns:
        The number of rows of each table that was written, by name.

    Raises:
        InvalidDataError: If tables are missing, cannot be read or lack columns; lists every problem.
        StancedataError: If the folder has no tables, is an export, which is already complete, or
            the disk is full. The folder is left unchanged.
    """
    return complete_folder(Path(path))


def complete_folder(folder: Path, part: int = PART, rows: int = ROWS) -> dict[str, int]:
    """Complete a folder; see `complete`.

    Args:
        folder: The folder.
        part: Approximate number of counted stances in a batch.
        rows: Rows in a row group of positions.
    """
    _refuse(folder)
    lacking = [t.name for t in TABLES if t.name not in NEEDED and not _is_there(folder, t.name)]
    look = Look(folder, (*lacking, POSITIONS))
    if look.problems:
        raise InvalidDataError(look.problems)
    version = look.metadata.get(VERSION, WORKING_COPY.encode())
    metadata = {VERSION: version, SCHEMA: SCHEMA_VERSION.encode()}
    with _draft(folder) as new:
        made = {}
        for name in [name for name in lacking if name != POSITIONS]:
            data = codebook_table() if name == "codebook" else BY_NAME[name].schema.empty_table()
            made[name] = _write(new, name, iter([data]), metadata)
        made[POSITIONS] = _write(new, POSITIONS, _positions(folder, new, part, rows), metadata)
        for name in made:
            os.replace(new / f"{name}.parquet", folder / f"{name}.parquet")
    return made


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
    if (folder / POSITIONS).is_dir():
        raise StancedataError(f"{folder / POSITIONS}: is a folder, not a single file; move it away")


def _is_there(folder: Path, name: str) -> bool:
    return any(file.path.exists() for file in files_of(folder, name))


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """Make a temporary folder inside for new tables and spilled data; remove it at the end."""
    import duckdb

    new = None
    try:
        new = Path(tempfile.mkdtemp(prefix=".complete-", dir=folder))
        yield new
    except (OSError, duckdb.Error) as error:
        said = " ".join(str(error).split())[:200]
        raise StancedataError(
            f"{folder}: cannot be completed: {said}; the tables are unchanged"
        ) from None
    finally:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)


def _write(new: Path, name: str, parts: Iterator[pa.Table], metadata: dict[bytes, bytes]) -> int:
    """Write a table and return the number of its rows."""
    count = 0
    with contextlib.ExitStack() as stack:
        files = Files(stack, new, BY_NAME[name])
        for rows in parts:
            count += rows.num_rows
            files.write(rows)
        files.finish(metadata)
    return count


def _positions(folder: Path, new: Path, size: int, rows: int) -> Iterator[pa.Table]:
    """Derive positions in key order, one batch of holders and issues at a time."""
    engine = DuckDBEngine(MEMORY, str(new / "spill"))
    for name in _READ:
        engine.register_files(name, _files(folder, new, name))
    define_counted(engine, engine.query("SELECT * FROM events"), "every_counted")
    table = BY_NAME[POSITIONS]
    engine.define("parts", _PARTS.format(size=size))
    numbers = engine.query("SELECT DISTINCT CAST(part AS INT) AS part FROM parts ORDER BY part")
    for part in numbers.column("part").to_pylist():
        engine.define("counted", _OF_PART.format(part=part))
        found = sort(table, conform(table, engine.query(packaged("questions/positions"))))
        for start in range(0, found.num_rows, rows):
            yield found.slice(start, rows)


def _files(folder: Path, new: Path, name: str) -> tuple[TableFile, ...]:
    """List the files of a table: in the temporary folder if it was just made, else its own."""
    return files_of(new if (new / f"{name}.parquet").exists() else folder, name)
