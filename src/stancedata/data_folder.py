"""The layout of a data folder: names of its files and folders, without reading any YAML."""

from __future__ import annotations

import hashlib
from pathlib import Path

CODEBOOK = "codebook.yaml"
CODINGS = "codings"
"""Folder of the blind codings: in it one folder for each coder, with a file for each document."""
OLD_CODINGS = ("first_coding", "second_coding")
"""Folders of the blind codings in schema 1, which had two coders."""
FOLDERS = ("actors", "events", "documents", "coverage", CODINGS)
"""Folders with one file per record."""

BOUNDS = "bounds.yaml"
"""File with the minimum number of rows of each table."""
HISTORY = "history"
"""Folder with one file per release, and the manifest that names the latest one."""
MANIFEST = "MANIFEST"
UNRELEASED = "unreleased"
"""Folder with the reasons for changes since the last release."""


def is_data_folder(path: Path) -> bool:
    """Return whether a path is a folder of curated files."""
    return (path / CODEBOOK).exists()


def root_of(path: Path) -> Path | None:
    """Return the data folder that a path is, or is in; None if it is in none."""
    whole = path.absolute()
    return next((place for place in (whole, *whole.parents) if is_data_folder(place)), None)


def is_own(file: Path, data: Path) -> bool:
    """Return whether a path is a regular file within a data folder, with links resolved."""
    if not _has_links(file, data):
        return file.is_file()  # resolving it would take ten times as long, and changes nothing
    return file.is_file() and file.resolve().is_relative_to(data.resolve())


def _has_links(file: Path, data: Path) -> bool:
    """Whether a link may be on the way from a data folder to a path."""
    if not file.is_relative_to(data) or ".." in (parts := file.relative_to(data).parts):
        return True
    return any(data.joinpath(*parts[: n + 1]).is_symlink() for n in range(len(parts)))


def listed(data: Path, name: str, pattern: str = "") -> list[Path]:
    """List the files in a folder of a data folder that are its own, sorted."""
    found = (data / name).glob(pattern or ("*/*.yaml" if name == CODINGS else "*.yaml"))
    return [file for file in sorted(found) if is_own(file, data)]


def files_of(path: Path) -> list[Path]:
    """List every curated file of a data folder, in a fixed order, also those of schema 1."""
    folders = (*FOLDERS, *OLD_CODINGS, UNRELEASED)
    in_folders = (file for name in folders for file in listed(path, name))
    single_files = (file for file in (path / CODEBOOK, path / BOUNDS) if is_own(file, path))
    return [*single_files, *in_folders]


def history_files(path: Path) -> list[Path]:
    """List every file of the history of a data folder, sorted."""
    return listed(path, HISTORY, "[!.]*")


def digest_of_sources(data: Path) -> str:
    """Compute the SHA-256 of the names and contents of all curated and history files."""
    hasher = hashlib.sha256()
    for file in [*files_of(data), *history_files(data)]:
        content = file.read_bytes()
        hasher.update(f"{file.relative_to(data).as_posix()}\n{len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()
