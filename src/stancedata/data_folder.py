"""The layout of a data folder: names of its files and folders, without reading any YAML."""

from __future__ import annotations

import errno
import fnmatch
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from stancedata.problems import StancedataError, shown

COMPILED = Path(__file__).parent / "_data"
"""The tables that a wheel contains, compiled from `data/`."""
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


_KNOWN = frozenset({*FOLDERS, *OLD_CODINGS, HISTORY, UNRELEASED})
_ENDINGS = (".yaml", ".yml")


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def refuse_address(path: Path) -> None:
    """Refuse an address such as s3://bucket/exports, which pathlib takes for a folder `s3:` here.

    Raises:
        StancedataError: If the path is one.
    """
    if _ADDRESS.match(str(path)) and not Path(path.parts[0]).exists():
        raise StancedataError(
            f"{path}: is an address, not a folder of this machine; use a local folder, and copy it"
        )


def path_of(given: object, what: str = "path") -> Path:
    """Convert the argument of a user to a path.

    Args:
        given: The argument.
        what: What it is called in messages.

    Raises:
        StancedataError: If it is not a text or a `Path`, is empty (which pathlib takes for the
            current folder), or cannot be the name of a file here.
    """
    try:
        text = os.fspath(given)  # type: ignore[call-overload]
    except TypeError:
        text = None
    if not isinstance(text, str):
        raise StancedataError(f"{what}: must be a path, got {shown(given)}; write it as text")
    if not text:
        raise StancedataError(f"{what}: is empty; give the path of a folder, or . for this one")
    try:
        os.lstat(text)
    except (ValueError, OSError) as error:  # such as half a character, or too long a name
        if isinstance(error, ValueError) or error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            reason = getattr(error, "strerror", None) or error
            raise StancedataError(
                f"{what}: is not a path, got {shown(text)}: {reason}; give another"
            ) from None
    return Path(text)


def is_data_folder(path: Path) -> bool:
    """Return whether a path is a folder of curated files."""
    return (path / CODEBOOK).exists()


def root_of(path: Path) -> Path | None:
    """Return the data folder that a path is, or is in; None if it is in none."""
    whole = path.absolute()
    return next((place for place in (whole, *whole.parents) if is_data_folder(place)), None)


def checkout_data() -> Path | None:
    """Return the `data/` folder of the checkout the package runs from; None if it is installed."""
    root = Path(__file__).resolve().parents[2]
    inside = (root / "pyproject.toml").exists() and (root / "src" / "stancedata").is_dir()
    return root / "data" if inside and is_data_folder(root / "data") else None


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


def listed(data: Path, name: str, pattern: str = "*.yaml") -> list[Path]:
    """List the files in a folder of a data folder that are its own, sorted."""
    folders = [data / name]
    if name == CODINGS:
        places = [data / name / coder for coder, own in entries_of(data / name, data) if not own]
        folders = [place for place in places if place.is_dir()]
    return [
        folder / file
        for folder in folders
        for file, own in entries_of(folder, data)
        if own and fnmatch.fnmatch(file, pattern)
    ]


def entries_of(folder: Path, data: Path) -> list[tuple[str, bool]]:
    """List the names in a folder, sorted, each with whether it is a data folder's own file.

    A folder that does not exist or cannot be read has nothing in it.
    """
    plain = not _has_links(folder, data)
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []
    # Whether an entry is a file is known without asking the system.
    return [
        (e.name, (plain and e.is_file(follow_symlinks=False)) or is_own(folder / e.name, data))
        for e in entries
    ]


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


def state_of(data: Path) -> str | None:
    """Compute the SHA-256 of all that checking a data folder depends on, without a corpus.

    Returns:
        The digest of the names of all files and folders and of the contents of those that may be
        read; None if there are links, special files, or files that cannot be read.
    """
    hasher = hashlib.sha256()
    try:
        for path in _entries(data, 0):
            hasher.update(path.encode("utf-8", "surrogateescape"))
            if not path.endswith("/"):
                with open(os.path.join(data, path), "rb") as stream:
                    content = stream.read()
                hasher.update(b"\0%d\n" % len(content) + content)
    except OSError:
        return None
    return hasher.hexdigest()


def _entries(data: Path, depth: int, inner: str = "") -> Iterator[str]:
    """Yield the paths within a data folder, sorted; those of folders, and of others, end in `/`."""
    with os.scandir(os.path.join(data, inner)) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        path = f"{inner}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield f"{path}/"
            if depth or entry.name in _KNOWN:
                yield from _entries(data, depth + 1, f"{path}/")
        elif not entry.is_file(follow_symlinks=False):
            raise OSError(f"{path} is not a regular file")
        else:
            yield path if depth or entry.name.endswith(_ENDINGS) else f"{path}/"
