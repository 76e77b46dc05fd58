"""The commands: each parses its arguments, calls the library and prints the result."""

from __future__ import annotations

import os
import sys

import click

from stancedata.cli import actors, coding, documents
from stancedata.cli import charts as plot
from stancedata.cli import comparisons as compare
from stancedata.cli import curation as curate
from stancedata.cli import data as look
from stancedata.cli import questions as ask
from stancedata.cli import releases as past
from stancedata.cli.base import commands
from stancedata.problems import InvalidDataError, StancedataError

__all__ = [
    "actors",
    "ask",
    "coding",
    "commands",
    "compare",
    "curate",
    "documents",
    "look",
    "main",
    "past",
    "plot",
]


def main() -> None:
    """Run a command; print an error as one sentence, never as a traceback."""
    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; no file was left half-written", err=True)
        status = 130
    except BrokenPipeError:
        # The reader closed the pipe: without this, Python complains again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except InvalidDataError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        status = 1
    except StancedataError as error:
        click.echo(str(error), err=True)
        status = 1
    except Exception as error:
        if os.environ.get("STANCEDATA_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}"
        click.echo(
            f"stancedata failed: {what}; please report it (STANCEDATA_DEBUG=1 shows the traceback)",
            err=True,
        )
        status = 70
    else:
        status = 0
    raise SystemExit(status)
