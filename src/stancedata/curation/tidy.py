"""Put curated files into their canonical layout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stancedata.atomic import write_text
from stancedata.curation.folder import record_class
from stancedata.curation.format import formatted
from stancedata.curation.source import read_text
from stancedata.data_folder import files_of, is_data_folder
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError


def tidy(paths: Iterable[Path], write: bool, skip_others: bool = False) -> list[Path]:
    """Format files, all of them or, where one cannot be, the others.

    Args:
        paths: Files, or data folders with all of their files.
        write: Whether to write what changes.
        skip_others: Whether to pass over files that are no curated files by their place.

    Returns:
        The files that change.

    Raises:
        InvalidDataError: Files that could not be formatted; the others were.
    """
    changed: list[Path] = []
    problems: list[Problem] = []
    for file in (file for path in paths for file in _files(path)):
        shape = record_class(file.resolve())
        if shape is None:
            problems += [] if skip_others else [_other(file)]
            continue
        try:
            before = read_text(file, str(file))
            after = formatted(before, shape, str(file))
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


def _other(file: Path) -> Problem:
    message = (
        f"is no curated file by its place, got {file.name!r}; name codebook.yaml, or a .yaml file "
        "in one of a data folder's folders"
    )
    return Problem(Place(str(file)), "", message)
