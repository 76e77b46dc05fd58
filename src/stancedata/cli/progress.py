"""A progress bar for long commands, shown on a terminal only."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator


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
