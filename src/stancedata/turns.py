"""Let commands that change a data folder take turns, so that none overwrites another's work."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from stancedata.problems import StancedataError

LOCK = ".stancedata-lock"
"""The file that is locked in a data folder where the folder itself cannot be."""


@contextlib.contextmanager
def turn(data: Path, seconds: float = 120) -> Iterator[None]:
    """Hold the lock of a data folder; wait while another process holds it.

    The lock is the system's, so that a process that is killed leaves none behind.

    Args:
        data: The folder.
        seconds: How long to wait.

    Raises:
        StancedataError: If another process still holds the lock after that time.
    """
    is_windows = os.name == "nt"  # which cannot open a folder
    handle = (
        os.open(data / LOCK, os.O_RDWR | os.O_CREAT) if is_windows else os.open(data, os.O_RDONLY)
    )
    try:
        end = time.monotonic() + seconds
        while not _is_locked(handle):
            if time.monotonic() > end:
                what = f"is being changed by another command, waited {seconds:g} s"
                raise StancedataError(f"{data}: {what}; try again")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _is_locked(handle: int) -> bool:
    """Lock an open file or folder without waiting; return False while another process has it."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
    except BlockingIOError:
        return False
    except OSError:  # some network file systems have no locks
        return True
    return True
