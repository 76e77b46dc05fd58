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


def files_of(path: Path) -> list[Path]:
    """Every curated file of a data folder, sorted."""
    folders = (*FOLDERS, UNRELEASED)
    inner = (file for name in folders for file in sorted((path / name).glob("*.yaml")))
    return [file for file in (path / CODEBOOK, path / BOUNDS, *inner) if file.exists()]


def history_files(path: Path) -> list[Path]:
    """Every file of a data folder's history, sorted."""
    return sorted(file for file in (path / HISTORY).glob("[!.]*") if file.is_file())


def digest_of_sources(data: Path) -> str:
    """SHA-256 of the names and contents of every curated file, and of the history."""
    hasher = hashlib.sha256()
    for file in [*files_of(data), *history_files(data)]:
        content = file.read_bytes()
        hasher.update(f"{file.relative_to(data).as_posix()}\n{len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()
