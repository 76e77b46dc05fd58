"""Keep what can be computed again in the user's cache folder, and verify it when it is read.

A slot holds the last state of one thing, such as the tables of one data folder. Slots are versioned
by the code of this library and its requirements; a slot of other code, a damaged one, or one that
cannot be read or written counts as empty. Nothing in a slot is ever executed.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

VARIABLE = "STANCEDATA_CACHE"
"""The environment variable that names another folder, or turns the cache off."""
OFF = frozenset({"", "0", "no", "off"})
MOST_BYTES = 500_000_000
"""The most that all slots take; the ones unused for longest are deleted."""
_DIGITS = 64
_TAKEN: dict[Path, int] = {}
"""What the slots of a cache take, as counted once, and what this process has stored in it since."""


def cache_folder() -> Path | None:
    """Return the folder of the cache; None if it is turned off."""
    given = os.environ.get(VARIABLE)
    if given is None:
        import platformdirs

        return Path(platformdirs.user_cache_dir("stancedata", appauthor=False))
    return None if given.strip().lower() in OFF else Path(given)


def load(kind: str, about: str) -> bytes | None:
    """Return the content of a slot; None if it is empty, or not as it was stored.

    Args:
        kind: What the slot holds, such as `tables`.
        about: What it is about, such as the path of a data folder.
    """
    file = _file(kind, about)
    try:
        content = file.read_bytes() if file else b""
    except OSError:
        return None
    written, body = content[:_DIGITS], content[_DIGITS:]
    if file is None or written != _digest(body):
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # used, so that others are deleted first
    return body


def store(kind: str, about: str, body: bytes) -> None:
    """Replace the content of a slot atomically; do nothing if the folder cannot be written."""
    file = _file(kind, about)
    if file is None or len(body) > MOST_BYTES // 4:
        return
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_digest(body) + body)
            os.replace(draft, file)
        except BaseException:  # also Ctrl-C
            os.unlink(draft)
            raise
        _bound(file.parent.parent, _DIGITS + len(body))


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode("ascii")


def _file(kind: str, about: str) -> Path | None:
    folder = cache_folder()
    if folder is None:
        return None
    name = hashlib.sha256(about.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return folder / version() / f"{kind}-{name}"


@functools.cache
def version() -> str:
    """Compute the version of slots, from the files of the library and of what it runs on.

    Only their sizes and times are read: an installation or an edit sets them, and reading a few
    hundred files would take longer than what a slot saves in a small folder.
    """
    found = [sys.version]
    for name in ("attrs", "cattrs", "duckdb", "pyarrow", "yaml"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(_stamp(spec.origin))
    root = os.path.dirname(__file__)
    for folder, inner, names in os.walk(root):
        inner.sort()
        code = (name for name in sorted(names) if name.endswith((".py", ".sql")))
        found += [_stamp(os.path.join(folder, name)) for name in code]
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _stamp(file: str) -> str:
    """Return what changes whenever a file is written, even if its modification time is set back."""
    try:
        found = os.stat(file)
    except OSError:
        return file  # within a zip
    return f"{file} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _bound(folder: Path, added: int) -> None:
    """Keep a cache within its size; it is counted only if it may be too large, as this takes long."""
    _TAKEN[folder] = taken = _TAKEN.get(folder, MOST_BYTES) + added
    if taken > MOST_BYTES:
        _TAKEN[folder] = _shrink(folder)


def _shrink(folder: Path) -> int:
    """Delete the slots that were unused for longest until all of them take little enough."""
    found = [(f.stat(), f) for f in folder.glob("*/*") if f.is_file()]
    total = sum(status.st_size for status, _ in found)
    for status, file in sorted(found, key=lambda pair: pair[0].st_mtime):
        if total <= MOST_BYTES:
            break
        total -= status.st_size
        with contextlib.suppress(OSError):
            file.unlink()
    return total
