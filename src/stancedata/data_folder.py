"""Where things are in a data folder; it needs no YAML to know."""

from __future__ import annotations

import hashlib
from pathlib import Path

CODEBOOK = "codebook.yaml"
FOLDERS = ("actors", "events", "documents", "first_coding", "second_coding")
"""Folders with one file a record; those of blind codings have one a document."""

BOUNDS = "bounds.yaml"
"""File with the least number of rows that tables must have."""
HISTORY = "history"
"""Folder with one file a release, and the manifest that names the last."""
MANIFEST = "MANIFEST"
UNRELEASED = "unreleased"
"""Folder with the reasons for what changed since the last release."""


def is_data_folder(path: Path) -> bool:
    """Whether a path is a folder of curated files."""
    return (path / CODEBOOK).exists()


def is_own(file: Path, data: Path) -> bool:
    """Whether a path is a plain file of a data folder: no device, and no link that leads out."""
    return file.is_file() and file.resolve().is_relative_to(data.resolve())


def listed(data: Path, name: str, pattern: str = "*.yaml") -> list[Path]:
    """The folder's own files in one of its folders, sorted."""
    return [file for file in sorted((data / name).glob(pattern)) if is_own(file, data)]


def files_of(path: Path) -> list[Path]:
    """Every curated file of a data folder, sorted."""
    inner = (file for name in (*FOLDERS, UNRELEASED) for file in listed(path, name))
    beside = (file for file in (path / CODEBOOK, path / BOUNDS) if is_own(file, path))
    return [*beside, *inner]


def history_files(path: Path) -> list[Path]:
    """Every file of a data folder's history, sorted."""
    return listed(path, HISTORY, "[!.]*")


def digest_of_sources(data: Path) -> str:
    """SHA-256 of the names and contents of every curated file, and of the history."""
    hasher = hashlib.sha256()
    for file in [*files_of(data), *history_files(data)]:
        content = file.read_bytes()
        hasher.update(f"{file.relative_to(data).as_posix()}\n{len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()
