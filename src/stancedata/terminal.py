"""The streams of a command: any encoding, closed or full, and a terminal that data cannot control."""

from __future__ import annotations

import codecs
import contextlib
import io
import math
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import BinaryIO

from stancedata.problems import printable

_OWN_STYLE = re.compile(r"(\x1b\[(?:0|1|3[1-7])?m)")
"""The styles that `text` sets, which pass; everything else that controls a terminal is escaped."""


class Screen(io.TextIOWrapper):
    """A text stream that escapes what its encoding lacks and, on a terminal, control characters.

    Attributes:
        narrow: The encoding of the terminal or the file. Only its characters are written, so that
            the name of the stream's own encoding does not matter.
        unfiltered: The stream in whose place it is used; None if that was closed.
    """

    narrow = "utf-8"
    unfiltered: io.TextIOWrapper | None = None

    def write(self, text: str, /) -> int:
        """Write a text; return its length."""
        shown = text.encode(self.narrow, "backslashreplace").decode(self.narrow)
        super().write(_harmless(shown) if self.isatty() else shown)
        return len(text)


def _harmless(text: str) -> str:
    parts = _OWN_STYLE.split(text)
    return "".join(part if number % 2 else printable(part) for number, part in enumerate(parts))


def open_streams() -> None:
    """Replace the standard streams of this process by ones that take any text.

    A closed stream gets its number back, so that no other file takes it: writing to standard output
    then fails, as if it was still closed; standard error is discarded.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            _occupy(number, mode)
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        sys.stdout = screen_of(sys.stdout, 1)
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = screen_of(sys.stderr, 2)


def _occupy(number: int, mode: int) -> None:
    handle = os.open(os.devnull, mode)
    if handle != number:
        os.dup2(handle, number)
        os.close(handle)


def screen_of(stream: object, number: int, buffer: BinaryIO | None = None) -> Screen:
    """Return a stream to use in the place of another.

    Args:
        stream: A text stream; anything else for a closed one.
        number: The number of its file.
        buffer: Where the bytes go; by default to the same place.
    """
    narrow, is_buffered = "utf-8", True
    unfiltered = stream if isinstance(stream, io.TextIOWrapper) else None
    if unfiltered is not None:
        narrow, is_buffered = unfiltered.encoding, not unfiltered.line_buffering
        buffer = buffer or unfiltered.buffer
    buffer = buffer or open(number, "wb", closefd=False)  # noqa: SIM115 - as long as the process
    # In ASCII, click would open a stream of its own.
    encoding = "utf-8" if codecs.lookup(narrow).name == "ascii" else narrow
    screen = Screen(buffer, encoding, "backslashreplace", line_buffering=not is_buffered)
    screen.narrow, screen.unfiltered = narrow, unfiltered
    return screen


def discard_output() -> None:
    """Discard what could not be written, so that Python does not report it again at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


INTERRUPTED = "interrupted; no file was left half-written"
SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""The signals that ask a program to end; Windows lacks some."""
PATIENCE = 2.0
"""For this many seconds after a signal, further ones do not interrupt the clean-up."""


@contextlib.contextmanager
def stoppable() -> Iterator[list[int]]:
    """Let SIGTERM and SIGHUP stop the block as Ctrl-C does, so that temporary files are removed.

    Another signal within a short time is noted only: an impatient second Ctrl-C would otherwise
    interrupt the removal.

    Yields:
        The signals that were received.
    """
    received: list[int] = []
    until = [-math.inf]

    def stop(number: int, _: FrameType | None) -> None:
        received.append(number)
        if time.monotonic() > until[0]:
            until[0] = time.monotonic() + PATIENCE
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield received  # where no handler can be set
        return
    # A signal that is ignored, as after nohup, stays so.
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {n: handler for n in SIGNALS if (handler := signal.getsignal(n)) in usual}
    try:
        for number in before:
            signal.signal(number, stop)
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None] | None]:
    """Yield a callback that takes rows done and the total; None unless stderr is a terminal.

    The bar starts with the first call, so that short commands show none. It is drawn on stderr, so
    that the output can still be piped.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    screen = getattr(sys.stderr, "unfiltered", sys.stderr)  # a bar moves the cursor
    columns = BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(file=screen), transient=True)
    task = bar.add_task("", total=None)

    def update(done: int, total: int) -> None:
        bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield update
    finally:
        bar.stop()
