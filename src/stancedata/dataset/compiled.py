"""Read a data folder as tables, compiling only the files that changed since they were last read.

The rows of files without problems are kept in the cache, with the digests of the files. A file is
always read; its rows are taken from the cache if its content is that of which they were made.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from stancedata import cache
from stancedata.curation.files import Files, read_files
from stancedata.curation.folder import NOTHING, Folder, folder_of, refuse_others
from stancedata.data_folder import CODEBOOK
from stancedata.tables.columns import array_of, sort
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.rows import FILE, numbered_tables, to_tables, with_origins

if TYPE_CHECKING:
    import pyarrow as pa

Tables = dict[str, "pa.Table"]
SLOT = "tables"
_CURATED = [table.name for table in TABLES if not table.derived]


@attrs.define
class Kept:
    """The rows of files that had no problem.

    Attributes:
        codebook: Digest of the codebook by which they were compiled.
        files: Digest and number of each file, by its path in the folder.
        tables: The curated tables, sorted by key; `FILE` has the number of a row's file.
    """

    codebook: str = ""
    files: dict[str, tuple[str, int]] = attrs.Factory(dict)
    tables: Tables = attrs.Factory(dict)


def read_tables(
    path: Path, written: Mapping[str, str] = MappingProxyType({})
) -> tuple[Folder, Tables]:
    """Read a data folder into the curated tables; invalid records become problems.

    Args:
        path: The folder.
        written: New texts of some files, by their path in the folder, as if they were written.

    Returns:
        The folder, whose `content` is given up for the tables; and these.

    Raises:
        InvalidDataError: If there is no codebook.
    """
    refuse_others(path)
    files = read_files(path, written)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.contents.items()}
    kept = _load(path)
    known = _known(kept, digests)
    if len(known) < len(digests):
        known.discard(CODEBOOK)  # others are compiled by it
    files.known = frozenset(known)
    folder = folder_of(files)
    if folder.signs:
        return folder, to_tables(folder.content)
    return folder, _merged(path, kept, files, folder, digests)


def _known(kept: Kept, digests: Mapping[str, str]) -> set[str]:
    """List the files of which the rows are kept."""
    if kept.codebook != digests.get(CODEBOOK):
        return set()
    return {name for name, digest in digests.items() if kept.files.get(name, ("", 0))[0] == digest}


def _merged(
    path: Path, kept: Kept, files: Files, folder: Folder, digests: Mapping[str, str]
) -> Tables:
    """Put the kept and the compiled rows together, and keep the result."""
    import pyarrow as pa

    if files.known == kept.files.keys() == digests.keys():
        return _plain(kept.tables)
    numbers = {name: kept.files[name][1] for name in files.known}
    free = itertools.count(max((n for _, n in kept.files.values()), default=0) + 1)

    def number(file: str) -> int:
        if file not in numbers:
            numbers[file] = next(free)
        return numbers[file]

    stays = array_of([kept.files[name][1] for name in files.known], pa.int32())
    made = numbered_tables(folder.content, number)
    folder.content = NOTHING  # the rows take its place
    tables = {name: _joined(name, kept.tables.get(name), stays, made[name]) for name in _CURATED}
    tables["documents"] = with_origins(tables["documents"])
    faulty = {p.where.file for p in folder.problems}
    clean = {
        name: (digests[name], number(name)) for name in digests if str(path / name) not in faulty
    }
    if CODEBOOK in clean:
        left = array_of([numbers[name] for name in numbers if name not in clean], pa.int32())
        sound = {name: _without(table, left) for name, table in tables.items()}
        _store(path, Kept(digests[CODEBOOK], clean, sound))
    return _plain(tables)


def _plain(tables: Mapping[str, pa.Table]) -> Tables:
    return {name: table.drop_columns([FILE]) for name, table in tables.items()}


def _joined(name: str, kept: pa.Table | None, stays: pa.Array[Any], made: pa.Table) -> pa.Table:
    """Join the rows of files that stay to those that were compiled, sorted by key."""
    import pyarrow as pa

    if kept is None or not len(stays):
        return sort(BY_NAME[name], made)
    rest = kept.filter(_among(kept, stays))
    if not made.num_rows:
        return rest
    return sort(BY_NAME[name], pa.concat_tables([rest, made]))


def _without(table: pa.Table, numbers: pa.Array[Any]) -> pa.Table:
    import pyarrow.compute as pc

    compute: Any = pc
    return table.filter(compute.invert(_among(table, numbers))) if len(numbers) else table


def _among(table: pa.Table, numbers: pa.Array[Any]) -> Any:
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.is_in(table.column(FILE), value_set=numbers)


def _load(path: Path) -> Kept:
    """Load what is kept of a folder; nothing, if it is not in the present form."""
    import pyarrow as pa

    body = cache.load(SLOT, str(path.resolve()))
    if body is None:
        return Kept()
    try:
        head, _, rest = body.partition(b"\n")
        said = json.loads(head)
        whole, tables = pa.py_buffer(rest), {}
        for name, start, size in said["tables"]:
            tables[name] = pa.ipc.open_stream(whole.slice(start, size)).read_all()
        files = {name: (digest, number) for name, (digest, number) in said["files"].items()}
        return Kept(said["codebook"], files, tables)
    except (ValueError, KeyError, TypeError, pa.ArrowException):
        return Kept()


def _store(path: Path, kept: Kept) -> None:
    import pyarrow as pa

    sink, places = pa.BufferOutputStream(), []
    for name, table in kept.tables.items():
        start = sink.tell()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks())
        places.append((name, start, sink.tell() - start))
    head = {"codebook": kept.codebook, "files": kept.files, "tables": places}
    cache.store(SLOT, str(path.resolve()), json.dumps(head).encode() + b"\n" + sink.getvalue())
