"""Replace a file or a folder atomically: a reader sees the old or the new one, never a mixture.

Several files of one folder are staged: all are written beside their places before any is moved.

New content is written to a draft next to its target, named `.stancedata-` and a digest of the
target's name. A process holds a lock on its draft: a draft without a lock was left by a process
that was killed, and the next process that writes to the same target removes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from stancedata.data_folder import refuse_address
from stancedata.foreign import Foreign, contents
from stancedata.journal import JOURNAL, move_files, roll_back, sync, sync_names
from stancedata.problems import StancedataError

_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2
_SWAP = 2


def write_text(path: Path, text: str) -> None:
    """Replace the text of a file atomically; raises as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the content of a file atomically and keep its permissions.

    Raises:
        StancedataError: If the file cannot be written; it is then unchanged.
    """
    try:
        with _draft(path, is_folder=False) as draft:
            if path.exists():
                os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
            draft.write_bytes(content)
            sync(draft)
            os.replace(draft, path)
            sync_names(path.parent)
    except OSError as error:
        raise StancedataError(
            f"{path}: cannot be written: {error.strerror}; the file is unchanged"
        ) from None


@contextlib.contextmanager
def replace_folder(
    folder: Path,
    owned: Callable[[Path], set[str]],
    kind: str = "export",
    may_stay: Callable[[Collection[str], str], bool] = lambda known, name: False,
) -> Iterator[Path]:
    """Yield a new folder that replaces the old one when the block ends without an error.

    The modes of the old folder and of its files are kept, and its inode too where the system allows
    it: a shell whose current folder it is sees the new files.

    Args:
        folder: The folder to replace; it need not exist.
        owned: Returns the files of a folder that may be replaced, as relative paths.
        kind: What such a folder is called in messages.
        may_stay: Tells of the owned files and a relative path whether this file or folder of others
            stays in the new folder. If one may not, or a new file has its name, or it is a link or
            a pipe, nothing is replaced.

    Raises:
        StancedataError: If the folder holds other files, or cannot be written.
    """
    refuse_address(folder)
    try:
        target = folder.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # such as a loop of links
        raise StancedataError(f"{folder}: is not a path of a folder: {error}") from None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        foreign = Foreign(folder, target, owned, kind, may_stay)
        with _draft(target, is_folder=True) as draft:
            foreign.names()
            new = draft / "new"
            new.mkdir()
            yield new
            _keep_modes(new, target)
            _sync_all(new)
            for changed in foreign.link(new):  # last, since a file may have been added meanwhile
                sync(changed)
            _install(new, target)
    except OSError as error:
        reason = error.strerror or error
        raise StancedataError(
            f"{folder}: cannot be written: {reason}; the folder is unchanged"
        ) from None


@contextlib.contextmanager
def staged(folder: Path, removed: Collection[Path] = ()) -> Iterator[Path]:
    """Yield an empty folder whose files are moved into another folder when the block ends.

    Temporary files may go to a folder `spill` beside it. Until then the other folder is unchanged;
    if the block raises, or a file cannot be moved, it stays so. If the process is killed while it
    moves them, `recover` or the next one to stage files for the folder undoes what it did. A second
    process that stages files for the same folder waits, so that both see what the other has written.

    Args:
        folder: An existing folder; files of the same relative path in it are replaced.
        removed: Files of the folder that are removed, in relative paths; it is read at the end.

    Raises:
        StancedataError: If the folder cannot be written.
    """
    try:
        with _draft(folder.resolve() / "staged", is_folder=True) as draft:
            new = draft / "new"
            new.mkdir()
            yield new
            _sync_all(new)
            files = [Path(name) for name in sorted(contents(new)) if (new / name).is_file()]
            move_files(draft, folder, files, sorted(removed))
    except OSError as error:
        reason = error.strerror or error
        raise StancedataError(f"{folder}: cannot be written: {reason}") from None


def recover(folder: Path) -> bool:
    """Undo the moves of a process that was killed while it moved staged files into a folder.

    Returns:
        Whether there was anything to undo.

    Raises:
        StancedataError: If one of the files was edited since, or cannot be written.
    """
    target = Path(os.path.realpath(folder)) / "staged"  # `resolve` raises on a loop of links
    draft = _place(target)
    if not (draft / JOURNAL).exists():
        return False
    try:
        with _locked(draft) as is_held:
            if not is_held() or not (draft / JOURNAL).exists():
                return False  # another process was moving files, and is done
            _restore(draft, target)
            _remove(draft)
            return True
    except OSError as error:
        raise StancedataError(f"{folder}: cannot be restored: {error.strerror or error}") from None


def _place(target: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()
    return target.with_name(f".stancedata-{digest[:16]}")


@contextlib.contextmanager
def _draft(target: Path, is_folder: bool) -> Iterator[Path]:
    """Create an empty draft next to a target; wait while another process has one."""
    draft = _place(target)
    while True:
        try:
            draft.mkdir(mode=0o700) if is_folder else draft.touch(exist_ok=False)
            is_new = True
            # An unusual umask must not leave a draft that nobody can open or remove.
            with contextlib.suppress(FileNotFoundError):  # another one removed it: try again
                draft.chmod(draft.stat().st_mode | (0o700 if is_folder else 0o600))
        except FileExistsError:
            is_new = False
        with _locked(draft) as is_held:
            if is_new and is_held():
                try:
                    yield draft
                finally:
                    # A file that replaced its target has another name now; a journal is needed yet.
                    if is_held() and not (draft / JOURNAL).exists():
                        _remove(draft, ignore_errors=True)
                return
            if is_held():
                _restore(draft, target)
                _remove(draft)


@contextlib.contextmanager
def _locked(draft: Path) -> Iterator[Callable[[], bool]]:
    """Lock a draft; yield a function that tells whether its path is still the locked inode."""
    try:
        import fcntl

        handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (ImportError, FileNotFoundError):
        # Windows has no such locks: of two concurrent processes one fails, the other succeeds.
        yield lambda: os.name == "nt" and draft.exists()
        return
    try:
        with contextlib.suppress(OSError):  # some network file systems have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield lambda: _is_same(handle, draft)
    finally:
        os.close(handle)


def _is_same(handle: int, path: Path) -> bool:
    """Whether a path still leads to an open file."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:  # it was renamed by another process
        return False


def _restore(draft: Path, target: Path) -> None:
    """Move a folder back if its replacement was interrupted after it had been moved away."""
    if not draft.is_dir():
        return
    if others := sorted({*os.listdir(draft)} - {"new", "old", "before", "spill", JOURNAL}):
        raise StancedataError(
            f"{draft}: holds files that are no draft of an export, got {others[0]!r}; move it away"
        )
    if (draft / "old").exists() and not target.exists():
        (draft / "old").rename(target)
    roll_back(draft, draft.parent)


def _remove(draft: Path, ignore_errors: bool = False) -> None:
    if draft.is_dir():
        for folder, _, _ in os.walk(draft):  # an old export may hold folders without write access
            with contextlib.suppress(OSError):
                os.chmod(folder, 0o700)
        shutil.rmtree(draft, ignore_errors=ignore_errors)
    else:
        os.unlink(draft)


def _sync_all(folder: Path) -> None:
    """Flush a folder and everything in it; several at a time, which a disk does in one go."""
    from concurrent.futures import ThreadPoolExecutor  # slow to import

    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda name: sync(folder / name), contents(folder)):
            pass
    sync(folder)


def _keep_modes(new: Path, target: Path) -> None:
    """Give what replaces a file or a folder the mode of that, but let its owner read it."""
    for name in contents(new):
        if not (target / name).is_symlink() and (target / name).exists():
            mode = stat.S_IMODE((target / name).stat().st_mode)
            (new / name).chmod(mode | (0o700 if (new / name).is_dir() else 0o400))


def _install(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
    else:
        new.chmod(stat.S_IMODE(target.stat().st_mode))
        if _exchange(new, target):
            with contextlib.suppress(OSError):  # if it fails, the new folder stays in place
                _refill(new, target)
        else:
            # If interrupted between the two renames, `_restore` moves the old folder back.
            target.rename(new.with_name("old"))
            new.rename(target)
    sync_names(target.parent)


def _refill(old: Path, target: Path) -> None:
    """Link the new files into the old folder and move that back to the target."""
    for name in sorted(contents(old), reverse=True):  # children before their folder
        path = old / name
        path.rmdir() if path.is_dir() else path.unlink()
    shutil.copytree(target, old, copy_function=os.link, dirs_exist_ok=True)
    _sync_all(old)
    _exchange(old, target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically; return False where the file system cannot."""
    import ctypes  # slow to import

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
