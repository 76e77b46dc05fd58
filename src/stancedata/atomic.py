"""Replace a file or a folder in one step: a reader sees the old one or the new one, never a mixture.

What is new is written to a draft beside its place, `.stancedata-` and a digest of the place's name.
A process holds a lock on its draft, so that a draft without a lock was left by a process that was
killed; the next one that writes to the same place removes it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from stancedata.problems import StancedataError

_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2
_SWAP = 2


def write_text(path: Path, text: str) -> None:
    """Replace a file's text in one step; raises as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Replace a file's content in one step; its permissions stay.

    Raises:
        StancedataError: It cannot be written; what was there is as it was.
    """
    try:
        with _draft(path, is_folder=False) as draft:
            if path.exists():
                os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
            draft.write_bytes(content)
            _sync(draft)
            os.replace(draft, path)
            _sync(path.parent)
    except OSError as error:
        raise StancedataError(
            f"{path}: cannot be written: {error.strerror}; the file is unchanged"
        ) from None


@contextlib.contextmanager
def replace_folder(folder: Path, owned: Callable[[Path], set[str]]) -> Iterator[Path]:
    """Give a new folder, which takes the place of the old one when the block ends well.

    The mode of the old folder stays, and so does the folder itself where the system allows it: a
    shell that stands in it sees the new files.

    Args:
        folder: What is to be replaced; it need not exist.
        owned: Gives the files of a folder that may be replaced, by their paths from it. Any other
            file in the folder is somebody's, and nothing is replaced.

    Raises:
        StancedataError: The folder holds other files, or cannot be written.
    """
    try:
        target = folder.resolve()
        _refuse_others(folder, target, owned)
        target.parent.mkdir(parents=True, exist_ok=True)
        with _draft(target, is_folder=True) as draft:
            new = draft / "new"
            new.mkdir()
            yield new
            _sync_all(new)
            _refuse_others(folder, target, owned)  # a file may have come meanwhile
            _put(new, target)
    except OSError as error:
        reason = error.strerror or error
        raise StancedataError(
            f"{folder}: cannot be written: {reason}; the folder is unchanged"
        ) from None


def _refuse_others(folder: Path, target: Path, owned: Callable[[Path], set[str]]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise StancedataError(f"{folder}: is a file, not a folder; choose another path")
    known = owned(target)
    inner = {parent.as_posix() for name in known for parent in Path(name).parents}
    others = sorted(
        name
        for name in _contents(target)
        if (target / name).is_symlink()
        or name not in (known if (target / name).is_file() else inner)
    )
    if others:
        raise StancedataError(
            f"{folder}: contains files that are not from an export, got {others[0]!r}; choose a "
            "new folder, an empty one or an earlier export"
        )
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _contents(folder: Path) -> set[str]:
    """Everything in a folder, by its path from it; links are not followed."""

    def fail(error: OSError) -> None:
        raise error

    return {
        (Path(inner) / name).relative_to(folder).as_posix()
        for inner, folders, files in os.walk(folder, onerror=fail)
        for name in (*folders, *files)
    }


@contextlib.contextmanager
def _draft(target: Path, is_folder: bool) -> Iterator[Path]:
    """Make an empty file or folder beside a target; another process's is waited for."""
    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()
    draft = target.with_name(f".stancedata-{digest[:16]}")
    while True:
        try:
            draft.mkdir(mode=0o700) if is_folder else draft.touch(exist_ok=False)
            is_new = True
        except FileExistsError:
            is_new = False
        with _locked(draft) as is_held:
            if is_new and is_held():
                try:
                    yield draft
                finally:
                    if is_held():  # a file that took its place has another name now
                        _remove(draft, ignore_errors=True)
                return
            if is_held():
                _restore(draft, target)
                _remove(draft)


@contextlib.contextmanager
def _locked(draft: Path) -> Iterator[Callable[[], bool]]:
    """Lock a draft; gives a function that says whether the lock is on what now has its name."""
    try:
        import fcntl

        handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (ImportError, FileNotFoundError):
        # Windows has no such locks: of two processes at once, one fails and the other is whole.
        yield lambda: os.name == "nt" and draft.exists()
        return
    try:
        with contextlib.suppress(OSError):  # nor have some file systems of networks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield lambda: draft.exists() and os.path.samestat(os.fstat(handle), draft.lstat())
    finally:
        os.close(handle)


def _restore(draft: Path, target: Path) -> None:
    """Bring a folder back that was moved away when its replacement was cut off."""
    if not draft.is_dir():
        return
    if others := sorted({*os.listdir(draft)} - {"new", "old"}):
        raise StancedataError(
            f"{draft}: holds files that are no draft of an export, got {others[0]!r}; move it away"
        )
    if (draft / "old").exists() and not target.exists():
        (draft / "old").rename(target)


def _remove(draft: Path, ignore_errors: bool = False) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=ignore_errors)
    else:
        os.unlink(draft)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    is_windows = os.name == "nt"
    if is_windows and path.is_dir():
        return  # it opens no folder
    handle = os.open(path, os.O_RDWR if is_windows else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_all(folder: Path) -> None:
    for name in _contents(folder):
        _sync(folder / name)
    _sync(folder)


def _put(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
    else:
        new.chmod(stat.S_IMODE(target.stat().st_mode))
        if _exchange(new, target):
            with contextlib.suppress(OSError):  # without it, the new folder has the place
                _refill(new, target)
        else:
            # There is a moment without the target: `_restore` brings it back.
            target.rename(new.with_name("old"))
            new.rename(target)
    _sync(target.parent)


def _refill(old: Path, target: Path) -> None:
    """Link the new files into the old folder, and give it its place back."""
    for name in sorted(_contents(old), reverse=True):  # what is in a folder before the folder
        path = old / name
        path.rmdir() if path.is_dir() else path.unlink()
    shutil.copytree(target, old, copy_function=os.link, dirs_exist_ok=True)
    _sync_all(old)
    _exchange(old, target)


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
