"""Run the commands, as the program `stancedata` or as `python -m stancedata`."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

_OBJECTS = 100_000
"""New objects before garbage is searched for; most of a command's live until it ends."""
_LOST = 120
"""The status that Python gives a process whose last output could not be written."""
_LEAN = frozenset({"check", "code", "export", "format", "history", "release", "show"})
"""Commands that do not use NumPy, and are run often."""
_FRAMES = ("dta", "sav")
"""Formats of `export` that are written by pandas, which uses it."""


def main() -> None:
    """Run a command, and end the process with it.

    Python would then free every object one by one, a tenth of the time of most commands. Where
    nothing but this function is left to return to, the process is ended without that.
    """
    gc.set_threshold(_OBJECTS)  # before the imports, which create many
    atexit.register(gc.disable)  # else Python searches for garbage twice more at its end
    is_alone = _is_alone(sys._getframe(1))
    if is_alone and not _uses_numpy(sys.argv[1:]):
        # As where it is not installed: PyArrow would import it, which takes longer than PyArrow.
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    try:
        _run()
    except SystemExit as end:
        if is_alone and isinstance(end.code, int):
            _ignore_signals_after(end.code)
            if threading.active_count() == 1:
                _leave(end.code)
        raise


def _uses_numpy(words: list[str]) -> bool:
    """Whether a command may use NumPy, directly or through another library."""
    is_lean = bool(words) and words[0] in _LEAN
    return not is_lean or any(style in word for style in _FRAMES for word in words)


def _run() -> None:
    """Run a command, which raises SystemExit with its status."""
    try:
        from stancedata.cli import main as run

        run()
    except KeyboardInterrupt:  # during the imports
        from stancedata.terminal import INTERRUPTED

        print(INTERRUPTED, file=sys.stderr)
        raise SystemExit(128 + signal.SIGINT) from None


def _is_alone(caller: FrameType | None) -> bool:
    """Whether nothing but the command runs in this process, and waits for its end.

    A profiler or a debugger calls the commands from frames of its own; Python itself calls those
    of a script directly, and those of `python -m` through two functions of `runpy`.
    """
    callers = []
    while caller is not None:
        callers.append(caller.f_globals.get("__name__"))
        caller = caller.f_back
    starts = callers in (["__main__"], ["__main__", "runpy", "runpy"])
    watched = sys.gettrace() or sys.getprofile() or sys.flags.inspect or sys.flags.dev_mode
    return starts and not watched


def _ignore_signals_after(status: int) -> None:
    """Ignore further signals if one ended the command.

    Another would interrupt the removal of temporary files, or the wait for a query that goes on.
    """
    from stancedata.terminal import SIGNALS

    if status - 128 in SIGNALS:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def _leave(status: int) -> NoReturn:
    """End the process as Python does, but without freeing memory."""
    atexit._run_exitfuncs()
    for stream in (sys.__stdout__, sys.stdout, sys.__stderr__, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except BrokenPipeError:
            pass  # the reader closed the pipe
        except (OSError, ValueError) as error:
            status = _LOST
            with contextlib.suppress(OSError, ValueError):
                print(f"the output cannot be written: {error}", file=sys.stderr)
    os._exit(status & 0xFF)


if __name__ == "__main__":
    main()
