"""Run a call of native code so that Ctrl-C, or a limit of time, ends it at once.

Python delivers Ctrl-C only between its own instructions, so that a thread inside DuckDB would not
notice it. The call runs on a thread of its own, and this one waits where Ctrl-C arrives.
"""

from __future__ import annotations

import atexit
import math
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from stancedata.problems import StancedataError

T = TypeVar("T")
GRACE = 1.5
"""Seconds that an interrupted call has to end; it is then left to end by itself, before Python exits."""
_STEP = 0.1  # on Windows, Ctrl-C arrives only between waits


class _Call:
    """A call on a thread, with its result or its error."""

    def __init__(self, run: Callable[[], Any]) -> None:
        self._call = run
        self.result: Any = None
        self.error: BaseException | None = None
        self.begun = self.given_up = False
        # Not the thread itself: in Python 3.11, one whose `join` was interrupted seems to be over.
        self.done = threading.Event()

    def start(self) -> None:
        """Start the thread; if Ctrl-C arrives meanwhile, it may have started or not."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        self.begun = True
        try:
            if not self.given_up:
                self.result = self._call()
        except BaseException as error:  # it is raised where the call was made
            self.error = error
        finally:
            self.done.set()


def interruptible(
    run: Callable[[], T], interrupt: Callable[[], None], seconds: float | None = None
) -> T:
    """Run a call, and interrupt it on Ctrl-C or when its time is over.

    Args:
        run: The call.
        interrupt: Makes the call end soon; called from another thread.
        seconds: The most seconds that it may take; by default there is no limit.

    Raises:
        StancedataError: If it takes more time.
    """
    if seconds is None and threading.current_thread() is not threading.main_thread():
        return run()  # Ctrl-C arrives in the main thread only
    end = math.inf if seconds is None else time.monotonic() + seconds
    call = _Call(run)
    try:
        call.start()
        while (left := end - time.monotonic()) > 0 and not call.done.wait(min(_STEP, left)):
            pass
        late = not call.done.is_set()
    except BaseException:
        _stop(call, interrupt)
        raise
    if late:
        _stop(call, interrupt)
        raise StancedataError(
            f"the query was refused: it takes more than {seconds:g} seconds; ask for less, or "
            "allow more time"
        )
    if call.error is not None:
        raise call.error
    result: T = call.result
    return result


def _stop(call: _Call, interrupt: Callable[[], None]) -> None:
    """Interrupt a call and wait a little for its end, again and again: it may just be starting."""
    call.given_up = True
    end = time.monotonic() + GRACE
    try:
        while not call.done.wait(0.02) and time.monotonic() < end:
            interrupt()
    finally:  # also after a second Ctrl-C
        if call.begun and not call.done.is_set():
            # Python stops such a thread when it exits, and C++ code that is stopped aborts the process.
            atexit.register(call.done.wait)
