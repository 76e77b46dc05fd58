"""Move several files into a folder, so that a process that is killed meanwhile can be undone.

Before the first file is moved, a journal beside the new files lists every file that will be
replaced, added or removed, and the old ones are kept. While there is a journal the moves are not
done, and `roll_back` restores the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from stancedata.foreign import link_or_copy
from stancedata.problems import StancedataError

JOURNAL = "journal"
"""The file of a draft that lists the moves; it is removed when all are done, or undone."""
_State = list[int] | None


def move_files(draft: Path, folder: Path, files: Sequence[Path], removed: Sequence[Path]) -> None:
    """Move files from `new` in a draft to their places in a folder, and remove others.

    If it fails or is interrupted, what was moved is undone.

    Args:
        draft: The draft.
        folder: The folder.
        files: Paths of the new files.
        removed: Paths of files to remove.
    """
    new, before = draft / "new", draft / "before"
    for name in (*files, *removed):
        (before / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).exists():
            link_or_copy(folder / name, before / name)
            if name in files:
                os.chmod(new / name, stat.S_IMODE((folder / name).stat().st_mode))
    _write_journal(draft, folder, files, removed)
    try:
        for name in files:
            os.replace(new / name, folder / name)
        for name in removed:
            (folder / name).unlink()
    except BaseException:  # also Ctrl-C
        roll_back(draft, folder)
        raise
    for parent in {(folder / name).parent for name in (*files, *removed)}:
        sync_names(parent)
    (draft / JOURNAL).unlink()


def _write_journal(
    draft: Path, folder: Path, files: Sequence[Path], removed: Sequence[Path]
) -> None:
    new = draft / "new"
    states = {name.as_posix(): (_state(folder / name), _state(new / name)) for name in files}
    states |= {name.as_posix(): (_state(folder / name), None) for name in removed}
    (draft / JOURNAL).write_text(json.dumps(states), encoding="utf-8")
    sync(draft / JOURNAL)
    sync_names(draft)


def roll_back(draft: Path, folder: Path) -> None:
    """Restore the files of a folder that a journal lists, if there is one.

    Raises:
        StancedataError: If one of them was edited after the moves were interrupted.
    """
    states = _journal(draft)
    for name, (old, new) in states.items():
        if _state(folder / name) not in (old, new, None):
            raise StancedataError(
                f"{folder / name}: was edited after a command that changed it was interrupted; "
                f"compare it with {draft / 'before' / name}, keep what is right, and remove {draft}"
            )
    for name, (old, _) in states.items():
        if old is None:
            (folder / name).unlink(missing_ok=True)
        elif (draft / "before" / name).exists():
            os.replace(draft / "before" / name, folder / name)
    for parent in {(folder / name).parent for name in states}:
        sync_names(parent)
    (draft / JOURNAL).unlink(missing_ok=True)


def _journal(draft: Path) -> dict[str, tuple[_State, _State]]:
    """Read a journal; one that was not written to its end comes before every move."""
    try:
        found: dict[str, tuple[_State, _State]] = json.loads((draft / JOURNAL).read_bytes())
        return {name: (old, new) for name, (old, new) in found.items()}
    except (FileNotFoundError, ValueError):
        return {}


def _state(file: Path) -> _State:
    """Return size and time of a file, by which an edit shows; None if there is none."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return [status.st_size, status.st_mtime_ns]


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk."""
    is_windows = os.name == "nt"
    if is_windows and path.is_dir():
        return  # Windows cannot open a folder
    handle = os.open(path, os.O_RDWR if is_windows else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_names(folder: Path) -> None:
    """Flush the names in a folder; the replacement is done, so that a failure is not reported."""
    with contextlib.suppress(OSError):
        sync(folder)
