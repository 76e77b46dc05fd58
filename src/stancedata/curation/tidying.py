"""Put curated files into their canonical layout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stancedata.curation.folder import record_class
from stancedata.curation.formatting import formatted
from stancedata.curation.reading import read_text
from stancedata.files import write_text
from stancedata.layout import files_of, is_data_folder
from stancedata.problems import InvalidDataError, Problem, StancedataError


def tidy(paths: Iterable[Path], write: bool) -> list[Path]:
    """Format files, all of them or, where one is not YAML, those that are.

    Args:
        paths: Files, or data folders with all of their files.
        write: Whether to write what changes.

    Returns:
        The files that change.

    Raises:
        InvalidDataError: Files that could not be formatted; the others were.
    """
    changed: list[Path] = []
    problems: list[Problem] = []
    for file in (file for path in paths for file in _files(path)):
        try:
            before = read_text(file, str(file))
            after = formatted(before, _class(file), str(file))
        except InvalidDataError as error:
            problems.extend(error.problems)
            continue
        if after != before:
            changed.append(file)
            if write:
                write_text(file, after)
    if problems:
        raise InvalidDataError(problems)
    return changed


def _files(path: Path) -> list[Path]:
    if is_data_folder(path):
        return files_of(path)
    if path.is_file():
        return [path]
    raise StancedataError(f"{path}: is neither a file nor a data folder; name one of the two")


def _class(file: Path) -> type:
    found = record_class(file.resolve())
    if found is None:
        raise StancedataError(
            f"{file}: is no curated file by its place; name codebook.yaml, or a .yaml file in one "
            "of a data folder's folders"
        )
    return found
