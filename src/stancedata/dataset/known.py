"""List ids quickly, as a shell needs them: from two columns of one table, or from names of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from stancedata.data_folder import (
    CODEBOOK,
    COMPILED,
    checkout_data,
    history_files,
    is_data_folder,
    listed,
)
from stancedata.problems import StancedataError
from stancedata.tables.parquet import any_files

COLUMNS = {
    "actors": ("actor_id", "name"),
    "documents": ("document_id", "title"),
    "events": ("event_id", "name"),
    "issues": ("issue_id", "name"),
    "releases": ("release", "released_on"),
    "stances": ("stance_id", "summary"),
}
"""The kinds of records that have ids, each with the columns of id and description."""
_ID = re.compile(r"  - id: (\S+)")
_FIELD = re.compile(r"\w+:")


def known_ids(kind: str, start: str, data: Path | None = None) -> list[tuple[str, str]]:
    """Return the ids of one kind that start with a text, each with a description or an empty text.

    Nothing is checked, and the data are not loaded; what cannot be read has no ids.

    Args:
        kind: A kind in `COLUMNS`.
        start: The first characters of an id, in upper or lower case.
        data: A data folder or an export; by default the packaged data.
    """
    folder = data or (COMPILED if COMPILED.exists() else checkout_data())
    if folder is None:
        return []
    try:
        rows = _in_files(kind, start, folder) if is_data_folder(folder) else _in_table(kind, folder)
        found = [row for row in rows if row[0].casefold().startswith(start.casefold())]
    except (StancedataError, OSError, ValueError, KeyError):  # such as a damaged file
        return []
    return found if kind == "releases" else sorted(found)


def _in_table(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    for file in any_files(folder, kind):
        key, description = COLUMNS[kind]
        opened = file.open()
        names = [name for name in COLUMNS[kind] if name in opened.schema_arrow.names]
        rows = opened.read(columns=names, use_threads=False).to_pylist()
        yield from ((row[key], str(row.get(description) or "")) for row in rows)


def _in_files(kind: str, start: str, folder: Path) -> Iterator[tuple[str, str]]:
    """List ids of a data folder; those of stances only within the document that `start` names."""
    if kind == "issues":
        yield from ((found, "") for found in _listed_in(folder / CODEBOOK, kind))
    elif kind == "stances":
        document = start.partition("#")[0].casefold()
        for file in listed(folder, "documents"):
            if file.stem.casefold() == document:
                yield from ((f"{file.stem}#{found}", "") for found in _listed_in(file, kind))
    else:
        files = history_files(folder) if kind == "releases" else listed(folder, kind)
        yield from ((file.stem, "") for file in files if file.suffix)


def _listed_in(file: Path, field: str) -> Iterator[str]:
    """Yield the ids of the records below a field of a curated file, which has a fixed layout."""
    within = False
    for line in file.read_text(encoding="utf-8").splitlines():
        if _FIELD.match(line):
            within = line.rstrip() == f"{field}:"
        elif within and (found := _ID.match(line)):
            yield found[1]
