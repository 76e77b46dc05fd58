"""The commands: each parses its arguments, calls the library and prints the result."""

from __future__ import annotations

import errno
import os
import signal
import sys
import warnings

import click

from stancedata.cli import actors, coding, corpus, documents, persons
from stancedata.cli import charts as plot
from stancedata.cli import comparisons as compare
from stancedata.cli import curation as curate
from stancedata.cli import data as look
from stancedata.cli import questions as ask
from stancedata.cli import releases as past
from stancedata.cli.base import commands
from stancedata.problems import StancedataError
from stancedata.terminal import INTERRUPTED, discard_output, open_streams, stoppable

__all__ = [
    "actors",
    "ask",
    "coding",
    "commands",
    "compare",
    "corpus",
    "curate",
    "documents",
    "look",
    "main",
    "past",
    "persons",
    "plot",
]

_OUTPUT = {errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}
"""Errors of writing to standard output, which names no file."""


def main() -> None:
    """Run a command; print an error as one sentence, never as a traceback.

    It raises SystemExit at the end, so that a program which calls it can go on; what the program
    `stancedata` runs is `stancedata.__main__.main`, which ends the process.
    """
    open_streams()
    if any(option.startswith("error") for option in sys.warnoptions):
        warnings.simplefilter("default")  # a library's warning is not an error of the user
    with stoppable() as received:
        status = _status(received)
    raise SystemExit(status)


def _status(received: list[int]) -> int | str | None:
    try:
        return _run()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (Exception, KeyboardInterrupt) as error:
        # A library may make an error of its own of a signal.
        if received or isinstance(error, click.Abort | KeyboardInterrupt):
            click.echo(INTERRUPTED, err=True)
            return 128 + (received[0] if received else signal.SIGINT)
        return _failure(error)


def _failure(error: Exception) -> int:
    if isinstance(error, BrokenPipeError):
        discard_output()  # the reader closed the pipe
        return 0
    if isinstance(error, StancedataError):
        click.echo(str(error), err=True)
        return 1
    if os.environ.get("STANCEDATA_DEBUG"):
        raise error
    return _unexpected(error)


def _run() -> int | str | None:
    try:
        commands(standalone_mode=False)
        status: int | str | None = 0
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()  # here, because Python cannot report a full disk at exit
    return status


def _unexpected(error: Exception) -> int:
    if isinstance(error, OSError) and error.filename is not None:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        return 1
    if isinstance(error, OSError) and error.errno in _OUTPUT:
        discard_output()
        click.echo(f"the output cannot be written: {error.strerror}", err=True)
        return 1
    what = f"{type(error).__name__}: {error}"
    click.echo(
        f"stancedata failed: {what}; please report it (STANCEDATA_DEBUG=1 shows the traceback)",
        err=True,
    )
    return 70
