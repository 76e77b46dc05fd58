"""Replace a folder in one step: whoever looks sees the old one or the new one, never a mixture."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from stancedata.problems import StancedataError

DRAFT_SECONDS = 3600
_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2
_SWAP = 2


@contextlib.contextmanager
def replacing(folder: Path, known: set[str]) -> Iterator[Path]:
    """A new folder beside the old one, which takes its place when the block ends well.

    Args:
        folder: What is to be replaced; it need not exist.
        known: Names of files that may be replaced. Any other file in the folder is somebody's.

    Raises:
        StancedataError: The folder holds other files, or cannot be written.
    """
    try:
        target = folder.resolve()
        _refuse_strangers(folder, target, known)
        _restore(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    except OSError as error:
        raise StancedataError(_cannot(folder, error)) from None
    try:
        yield new
        new.chmod(0o777 & ~_umask())
        _flush(new)
        _put(new, target)
    except OSError as error:
        raise StancedataError(_cannot(folder, error)) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _cannot(folder: Path, error: OSError) -> str:
    return (
        f"{folder}: cannot be written, got {error.strerror or error}; what was there is as it was"
    )


def _refuse_strangers(folder: Path, target: Path, known: set[str]) -> None:
    if target.exists() and not target.is_dir():
        raise StancedataError(f"{folder}: is a file, got no folder; name another one")
    strangers = sorted({e.name for e in target.iterdir()} - known) if target.exists() else []
    if strangers:
        raise StancedataError(
            f"{folder}: holds files that are no export, got {strangers[0]!r}; name a new folder, "
            "an empty one or an earlier export"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _flush(folder: Path) -> None:
    """Bring the files to the disk before the names change."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())


def _put(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    if _exchange(new, target):
        return
    # Without an exchange there is a moment with two names and no target: `_restore` mends it.
    old = target.with_name(f".{target.name}.old")
    target.rename(old)
    new.rename(target)
    shutil.rmtree(old)


def _restore(target: Path) -> None:
    """Mend what an interrupted replacement left: the folder under its other name, and drafts."""
    for draft in target.parent.glob(f".{target.name}.new-*"):
        # A younger one may be another process's, at work now.
        if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)
    old = target.with_name(f".{target.name}.old")
    if old.exists():
        if target.exists():
            shutil.rmtree(old)
        else:
            old.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step of the file system; False where it cannot."""
    library = ctypes.CDLL(None) if os.name == "posix" else None
    first, second = os.fsencode(one), os.fsencode(other)
    if platform.system() == "Linux":
        rename = getattr(library, "renameat2", None)
        here = _AT_CURRENT_FOLDER
        return rename is not None and rename(here, first, here, second, _EXCHANGE) == 0
    if platform.system() == "Darwin":
        rename = getattr(library, "renamex_np", None)
        return rename is not None and rename(first, second, _SWAP) == 0
    return False
