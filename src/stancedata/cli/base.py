"""The command group, the options that commands share, and the dataset they name."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from stancedata.atomic import recover
from stancedata.cli.command import CommandGroup
from stancedata.data_folder import root_of
from stancedata.problems import StancedataError
from stancedata.turns import turn

if TYPE_CHECKING:
    from stancedata.coding.drafts import Drafted
    from stancedata.dataset import Dataset
    from stancedata.problems import Problem

Command = TypeVar("Command", bound=Callable[..., Any])
_KNOWN_AT = "stancedata.known_at"


class _Path(click.Path):
    """A path; an empty text, as of a variable that is not set, is not the current folder."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        if value == "":
            self.fail("is empty; give a path, or . for the current folder", param, ctx)
        return super().convert(value, param, ctx)


PATH = _Path(path_type=Path)


def ids(*kinds: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return what completes the ids of some kinds of records in a shell.

    The ids of stances follow those of their documents, after a `#`.
    """

    def complete(context: click.Context, _: click.Parameter, start: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from stancedata.dataset.known import known_ids

        path = context.params.get("path")
        asked = [kind for kind in kinds if (kind == "stances") == ("#" in start)]
        found = (pair for kind in asked for pair in known_ids(kind, start, path))
        return [CompletionItem(key, help=words or None) for key, words in found]

    return complete


def _remember(context: click.Context, _: click.Parameter, value: str | None) -> None:
    context.meta[_KNOWN_AT] = value


def DATA(command: Command) -> Command:  # noqa: N802 - a decorator, like those below
    """Add the options that select the data: `--data` and `--known-at`."""
    where = click.option(
        "--data",
        "path",
        type=PATH,
        metavar="PATH",
        help="Data folder or export to use instead of the packaged data.",
    )
    when = click.option(
        "--known-at",
        metavar="VERSION",
        expose_value=False,
        callback=_remember,
        shell_complete=ids("releases"),
        help="Use the data as of this release.",
    )
    return where(when(command))


CORPUS = click.option(
    "--corpus",
    type=PATH,
    envvar="STANCEDATA_CORPUS",
    metavar="DIR",
    help="Folder with the documents' texts, under any file names; by default STANCEDATA_CORPUS.",
)


QUOTES = click.option(
    "--quotes", is_flag=True, help="With the words of each, from --corpus, and their source."
)


def refuse_quotes(asked: bool) -> None:
    """Raise if quotes are asked for in another format than text."""
    if asked:
        raise StancedataError("--quotes: prints text, got --format too; leave one of them out")


FOLDER = click.option(
    "--data",
    "path",
    type=PATH,
    default=Path("data"),
    is_eager=True,  # so that --help knows it
    metavar="DIR",
    help="Data folder, `data` by default.",
)


def exclusive(command: Command) -> Command:
    """Let a command that changes data folders, its `path` or `paths`, wait for its turn."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        paths = options.get("paths") or [options.get("path") or Path("data")]
        roots = {root.resolve() for path in paths if (root := root_of(path)) is not None}
        with contextlib.ExitStack() as turns:
            for root in sorted(roots):
                turns.enter_context(turn(root))
                restore(root)
            return command(*args, **options)

    return cast(Command, run)


def restore(data: Path) -> None:
    """Undo what a command that was killed left half done in a data folder, and say so."""
    if recover(data):
        what = "is as it was before a command that was interrupted; repeat that command"
        click.echo(f"{data}: {what}", err=True)


HOLDER = click.option(
    "--holder",
    metavar="NAME",
    shell_complete=ids("actors"),
    help="Only this actor: an id, a name or a code. A bare number is a Correlates of War code; "
    "for other schemes write vdem:11.",
)
ISSUE = click.option(
    "--issue", metavar="NAME", shell_complete=ids("issues"), help="Only this issue."
)
ON = click.option(
    "--on",
    metavar="DAY",
    help="As of this day, such as 2021-10-20, or the end of a month (2021-10), quarter (2021-Q4) or "
    "year; by default the last day with data.",
)
DOCUMENT = click.argument("document", shell_complete=ids("documents"))
BY = click.option(
    "--to",
    "--on",
    "on",
    metavar="DAY",
    help="Leave out everything after this day, month (2021-10), quarter (2021-Q4) or year.",
)
FROM = click.option(
    "--from",
    "--start",
    "start",
    metavar="DAY",
    help="Leave out everything before this day, month (2021-10), quarter (2021-Q4) or year.",
)
TO = click.option(
    "--to",
    "--end",
    "end",
    metavar="DAY",
    help="Leave out everything after this day, month (2021-10), quarter (2021-Q4) or year.",
)
SINCE = click.option(
    "--since",
    metavar="DAY",
    help="Ignore positions that may date from before this day, month (2021-10), quarter or year.",
)
MAX_AGE = click.option("--max-age", type=int, metavar="DAYS", help="Ignore older positions.")
FORMAT = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    default="table",
    help="Output format.",
)


def _versions(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Print the version of the package and that of its data, which are not the same."""
    if asked and not context.resilient_parsing:
        from importlib.metadata import version

        from stancedata.dataset.packaged import load

        try:
            data = load().version
        except StancedataError:  # a report of damaged data needs the version too
            data = "that cannot be read"
        click.echo(f"stancedata, version {version('stancedata')}, with data {data}")
        context.exit()


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_versions,
    help="Print the version of the package and that of its data.",
)
def commands() -> None:
    """Look up who said what about recognising a government, when, and in what words.

    \b
    Look:    stancedata info
             stancedata show moscow-format-2021-10-20
             stancedata history russia recognition
    Plot:    stancedata plot matrix --output matrix.png
    Explore: stancedata site explorer/
    Export:  stancedata export exports/ --format csv
    Verify:  stancedata verify --corpus texts/
    Code:    stancedata check data/
    Cite:    stancedata cite
    """


def options(*named: tuple[str, str]) -> Callable[[Any], Any]:
    """Add options that take a text, each given by name and help."""

    def decorate(command: Any) -> Any:
        for name, text in reversed(named):
            command = click.option(f"--{name}", metavar="TEXT", help=text)(command)
        return command

    return decorate


def report(made: Drafted, what: str) -> None:
    """Print what was done to the file of a record, and the problems that it causes."""
    click.echo(f"{made.file}: {what}")
    report_problems(made.problems)


def report_problems(problems: Iterable[Problem]) -> None:
    """Print what a coder should look at although the command succeeded."""
    for problem in problems:
        # Errors of the record itself are raised, so these are in other files.
        mark = "fix this too" if problem.severity == "error" else problem.severity
        click.echo(f"{problem} [{mark}]", err=True)


@commands.group()
def code() -> None:
    """Code documents: add actors, documents, stances and spans."""


def answers(function: Callable[..., Any]) -> click.Command:
    """Register a command that prints a table, with the options for data and format."""
    return commands.command()(DATA(FORMAT(function)))


def open_dataset(path: Path | None) -> Dataset:
    """Open the dataset of a path, as of the release given with `--known-at`.

    Without a path, open the packaged data.
    """
    version = known_at()
    if path is None:
        import stancedata

        return stancedata.load(version)
    from stancedata.dataset.folders import read

    dataset = read(path)
    return dataset if version is None else dataset.known_at(version)


def note_coverage(dataset: Dataset, on: str | None) -> None:
    """Print a note on standard error if the data do not cover a day."""
    note = dataset.uncovered(on)
    if note:
        click.echo(f"note: {note}", err=True)


def known_at() -> str | None:
    """Return the release given with `--known-at`; None for the newest state."""
    found: str | None = click.get_current_context().meta.get(_KNOWN_AT)
    return found
