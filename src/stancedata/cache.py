"""Keep what can be computed again in the user's cache folder, and verify it when it is read.

A slot holds the last state of one thing, such as the tables of one data folder. Slots are versioned
by the code of this library and its requirements; a slot of other code, a damaged one, or one that
cannot be read or written counts as empty. Nothing in a slot is ever executed.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
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
        _shrink(file.parent.parent)


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
    """Compute the version of slots, from the code of the library and what it runs on."""
    from importlib import metadata  # slow to import

    hasher = hashlib.sha256(sys.version.encode())
    for name in ("attrs", "cattrs", "duckdb", "pyarrow", "pyyaml"):
        hasher.update(f"\n{name} {metadata.version(name)}".encode())
    root = Path(__file__).parent
    for file in sorted(str(f) for pattern in ("*.py", "*.sql") for f in root.rglob(pattern)):
        content = Path(file).read_bytes()
        hasher.update(f"\n{file[len(str(root)) :]} {len(content)}\n".encode())
        hasher.update(content)
    return hasher.hexdigest()[:16]


def _shrink(folder: Path) -> None:
    """Delete the slots that were unused for longest until all of them take little enough."""
    found = [(f.stat(), f) for f in folder.glob("*/*") if f.is_file()]
    total = sum(status.st_size for status, _ in found)
    for status, file in sorted(found, key=lambda pair: pair[0].st_mtime):
        if total <= MOST_BYTES:
            return
        total -= status.st_size
        with contextlib.suppress(OSError):
            file.unlink()
