"""Temporary folders that are always removed: what a killed process leaves, the next one clears.

A process holds a lock on each of its folders. A folder without a lock was left by a process that
was killed; the next process that needs a temporary folder removes it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

_PREFIX = "stancedata-run-"
_NAME = re.compile(rf"{_PREFIX}[0-9a-f]{{16}}")
_OWNERS: dict[Path, int] = {}
"""The process that created each folder; it is entered before the folder exists."""
_OF_PROCESSES: dict[int, Path] = {}


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new folder, which is removed at the end; raises OSError if there is no room."""
    path, remove = create_folder()
    try:
        yield path
    finally:
        remove()


def create_folder() -> tuple[Path, Callable[[], None]]:
    """Create a folder; return it with a function that removes it.

    Folders that killed processes of the same user have left are removed first.

    Raises:
        OSError: If the system's folder for temporary files cannot be written.
    """
    root = Path(tempfile.gettempdir())
    clear_abandoned(root)
    while True:
        path = root / f"{_PREFIX}{os.urandom(8).hex()}"
        _OWNERS[path] = os.getpid()
        path.mkdir()
        handle = None
        with contextlib.suppress(FileNotFoundError):
            path.chmod(0o700)  # whatever the umask
            handle = _locked(path, wait=True)
        # Until it was locked, another process may have taken it for one that was left.
        if _is_same(handle, path):
            return path, functools.partial(_remove, path, handle)
        if handle is not None:
            os.close(handle)


def _remove(path: Path, handle: int | None) -> None:
    # A forked process has this function too, and the second call has nothing to do.
    if _OWNERS.get(path) == os.getpid():
        shutil.rmtree(path, ignore_errors=True)
        if _OWNERS.pop(path, None) and handle is not None:
            os.close(handle)


@atexit.register
def _remove_all() -> None:
    """Remove what a signal did not let a block remove; the locks end with the process."""
    for path in [*_OWNERS]:
        _remove(path, None)


def process_folder() -> Path:
    """Return a folder that is removed when this process ends; the same at every call.

    If it cannot be created, its path is returned all the same: few queries write to it.
    """
    owner = os.getpid()  # a forked process gets one of its own
    if owner not in _OF_PROCESSES:
        try:
            _OF_PROCESSES[owner], _ = create_folder()
        except OSError:
            return Path(tempfile.gettempdir()) / f"{_PREFIX}{os.urandom(8).hex()}"
    return _OF_PROCESSES[owner]


def clear_abandoned(root: Path) -> None:
    """Remove every folder of this module that no process has locked; leave anything else."""
    if os.name == "nt":
        return  # folders cannot be locked there
    with contextlib.suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                _clear(Path(entry.path))


def _clear(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.lstat().st_uid != os.geteuid():
            return
        handle = _locked(path, wait=False)
        try:
            if handle is not None and _is_same(handle, path):
                shutil.rmtree(path, ignore_errors=True)
        finally:
            if handle is not None:
                os.close(handle)


def _locked(path: Path, wait: bool) -> int | None:
    """Open and lock a folder; return None if another process has it, or there are no locks.

    A new folder is returned open in any case, since its lock only protects it from being cleared.
    """
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # some network file systems have no locks
        if not wait:
            os.close(handle)
            return None
    return handle


def _is_same(handle: int | None, path: Path) -> bool:
    """Whether a path still leads to an open folder; without a handle, whether it is there."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return handle is None or os.path.samestat(os.fstat(handle), found)
