"""The commands: each parses its words, calls the library and prints; no logic is here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stancedata.problems import InvalidDataError, StancedataError

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

_DATA = click.option(
    "--data", "path", type=click.Path(path_type=Path), metavar="PATH",
    help="A data folder or an export, in place of the data that come with the package.",
)  # fmt: skip
_CORPUS = click.option(
    "--corpus", type=click.Path(path_type=Path), envvar="STANCEDATA_CORPUS", metavar="DIR",
    help="Folder with the documents' texts, under any names; also STANCEDATA_CORPUS.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stancedata")
def commands() -> None:
    r"""Who said what about recognising a government, when, and in which words.

    \b
    Look:    stancedata info
             stancedata show moscow-format-2021-10-20
             stancedata history russia recognition
    Take:    stancedata export exports/ --format csv
    Prove:   stancedata verify --corpus texts/
    Code:    stancedata check data/
    """


@commands.command()
@_DATA
def info(path: Path | None) -> None:
    """Say which data these are: version, digest, counts, span of days."""
    from stancedata import rendering
    from stancedata.packaged import up_to_date_folder
    from stancedata.storage import is_parquet_folder
    from stancedata.summary import of_folder

    folder = up_to_date_folder() if path is None else path
    if folder is not None and is_parquet_folder(folder):
        summary = of_folder(folder)
    else:
        import tempfile

        with tempfile.TemporaryDirectory() as compiled:
            _dataset(path).export(Path(compiled) / "export")
            summary = of_folder(Path(compiled) / "export")
    days = f"{summary.first} to {summary.last}" if summary.first else "none yet"
    counts = [(name.replace("second_", "blind "), count) for name, count in summary.counts.items()]
    click.echo(rendering.fields([
        ("stancedata", summary.version), ("schema", summary.schema_version),
        ("digest", summary.digest), ("days", days), *counts,
    ]))  # fmt: skip


@commands.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("data"))
def check(path: Path) -> None:
    """Check a data folder or an export, and print everything that is wrong with it.

    PATH is `data` by default. Each problem is one line: file, line, field, what is wrong, what
    was got, what to do. The exit status is 1 where there is an error, 0 where there is none.
    """
    from stancedata.opening import check as check_dataset

    problems = check_dataset(path)
    errors = [problem for problem in problems if problem.severity == "error"]
    for problem in problems:
        click.echo(str(problem) if problem in errors else f"{problem} [{problem.severity}]")
    if errors:
        raise SystemExit(1)
    click.echo(f"{path}: nothing is wrong" if not problems else f"{path}: no errors", err=True)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "formats", multiple=True, default=("parquet",), metavar="NAME",
              help="parquet (the default) or csv; give it twice for both.")  # fmt: skip
@_DATA
def export(folder: Path, formats: tuple[str, ...], path: Path | None) -> None:
    """Write every table to FOLDER, whole or not at all.

    FOLDER may be new, empty, or an earlier export, which is replaced in one step.
    """
    dataset = _dataset(path)
    files = dataset.export(folder, formats)
    positions = dataset.tables["positions"].num_rows
    click.echo(
        f"{len(files)} files in {folder}, {positions} positions: begin with {files[0].with_stem('positions').name}"
    )


@commands.command()
@click.argument("record_id", metavar="ID")
@_CORPUS
@_DATA
def show(record_id: str, corpus: Path | None, path: Path | None) -> None:
    """Show an actor, document, event, issue or stance by its ID.

    With a corpus, a stance is shown with its very words.
    """
    from stancedata.evidence import Corpus
    from stancedata.showing import show as show_record

    click.echo(show_record(_dataset(path), record_id, Corpus(corpus) if corpus else None))


@commands.command()
@click.argument("holder")
@click.argument("issue")
@_DATA
def history(holder: str, issue: str, path: Path | None) -> None:
    """List every position of HOLDER on ISSUE, oldest first.

    For example: stancedata history russia recognition
    """
    from stancedata.showing import positions_table

    found = _dataset(path).history(holder, issue)
    click.echo(positions_table(found) if found else f"{holder} has no position on {issue}")


@commands.command()
@_CORPUS
@_DATA
def verify(corpus: Path | None, path: Path | None) -> None:
    """Look up every span in the documents' texts, by digest.

    The exit status is 1 where a span is not found.
    """
    if corpus is None:
        raise StancedataError("corpus: is missing, got none; name the folder with --corpus DIR")
    found = _dataset(path).verify(corpus)
    for problem in found.problems:
        click.echo(str(problem))
    click.echo(str(found))
    if not found.complete:
        raise SystemExit(1)


@commands.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit 1 where a file would change."
)
def format_(paths: tuple[Path, ...], only_check: bool) -> None:
    """Put curated files into their canonical layout; comments stay.

    PATHS are files or data folders, `data` by default.
    """
    from stancedata.curation.tidying import tidy

    changed = tidy(paths or (Path("data"),), write=not only_check)
    for file in changed:
        click.echo(f"{file}: {'would change' if only_check else 'put in order'}")
    if only_check and changed:
        raise SystemExit(1)


@commands.group()
def code() -> None:
    """Help with coding a document."""


@code.command()
@click.argument("document")
@click.argument("stance")
@click.argument("words")
@click.option(
    "--occurrence", type=int, metavar="N", help="Which occurrence, from 1, where there are several."
)
@click.option(
    "--replace",
    type=int,
    metavar="N",
    help="Overwrite this piece of evidence, from 0, in place of adding one.",
)
@click.option("--data", "path", type=click.Path(path_type=Path), default=Path("data"), metavar="DIR",
              help="The data folder, `data` by default.")  # fmt: skip
@_CORPUS
def span(
    document: str, stance: str, words: str, occurrence: int | None, replace: int | None,
    path: Path, corpus: Path | None,
) -> None:  # fmt: skip
    """Find WORDS in the text of DOCUMENT and write their span and digest to STANCE.

    For example: stancedata code span chintan-2021-10 s01 "would not recognise the new regime"

    Quotation marks of any shape are alike, and so is white space of any length.
    """
    from stancedata.curation.coding import code_span

    found = code_span(path, document, stance, words, corpus, occurrence, replace)
    click.echo(f"{document}#{stance}: [{found.start}, {found.end}] {found.sha256}")


def _dataset(path: Path | None) -> Dataset:
    if path is None:
        from stancedata.opening import read
        from stancedata.packaged import load

        return load()
    from stancedata.opening import read

    return read(path)


def main() -> None:
    """Run a command; whatever goes wrong, a sentence is printed and never a traceback."""
    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was half-written", err=True)
        status = 130
    except BrokenPipeError:
        # Whoever read our output has gone: say nothing more, not even at exit.
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
            f"stancedata failed, got {what}; please report it (STANCEDATA_DEBUG=1 says where)",
            err=True,
        )
        status = 70
    else:
        status = 0
    raise SystemExit(status)
