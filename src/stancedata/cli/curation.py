"""Commands for those who edit data."""

from __future__ import annotations

from pathlib import Path

import click

from stancedata.cli.base import commands
from stancedata.problems import StancedataError


@commands.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("data"))
@click.option("--history", is_flag=True, help="Make every release again, and compare digests.")
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]),
              default="text", help="How to print; text is for people.")  # fmt: skip
@click.option("--corpus", type=click.Path(path_type=Path), metavar="DIR",
              help="Folder with the documents' texts, under any names.")  # fmt: skip
@click.option("--without", multiple=True, metavar="RULE",
              help="Leave a rule out, such as natural_key; once for each.")  # fmt: skip
def check(
    path: Path, history: bool, style: str, corpus: Path | None, without: tuple[str, ...]
) -> None:
    """Say everything that is wrong with data.

    PATH is a data folder or an export, `data` by default. Each problem is one line: file,
    line, field, what is wrong, what was got, what to do. The exit status is 1 where there
    is an error, 0 where there is none.

    With a corpus, the documents' texts are asked too: whether the words are where the
    coding says, and whether a summary repeats the document.

    Of Parquet tables of any size, the first problems with each rule are said, and how many
    there are; on a terminal a bar shows how far it is.

    For machines: json is one array, and github prints annotations from within a workflow.
    """
    from stancedata.cli.progress import progress_bar
    from stancedata.dataset.folders import check as check_dataset

    with progress_bar() as progress:
        problems = check_dataset(path, history, corpus, without, progress)
    errors = [problem for problem in problems if problem.severity == "error"]
    if style != "text":
        from stancedata.cli.reports import report

        # Of nothing, GitHub is told nothing, not even an empty line.
        if found := report(problems, style):
            click.echo(found)
        raise SystemExit(1 if errors else 0)
    for problem in problems:
        click.echo(str(problem) if problem in errors else f"{problem} [{problem.severity}]")
    if errors:
        raise SystemExit(1)
    click.echo(f"{path}: nothing is wrong" if not problems else f"{path}: no errors", err=True)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
def complete(folder: Path) -> None:
    """Make the tables that follow from others.

    FOLDER holds Parquet tables that a program wrote, of any size. Positions are made anew;
    the table that describes all columns, and tables without rows, where there are none.
    Somebody has to fill actors, issues, levels, vocabulary, documents, stances, holders and
    evidence.
    """
    from stancedata.questions.complete import complete as complete_folder

    for name, rows in complete_folder(folder).items():
        click.echo(f"{folder / name}.parquet: {rows or 'no'} rows")


@commands.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit 1 where a file would change."
)
@click.option(
    "--skip-others", is_flag=True,
    help="Pass over files that are no curated files by their place, as hooks hand them over.",
)  # fmt: skip
def format_(paths: tuple[Path, ...], only_check: bool, skip_others: bool) -> None:
    """Put curated files into canonical layout.

    Comments stay.

    PATHS are files or data folders, `data` by default.
    """
    from stancedata.curation.format import tidy

    changed = tidy(paths or (Path("data"),), not only_check, skip_others)
    for file in changed:
        click.echo(f"{file}: {'would change' if only_check else 'put in order'}")
    if only_check and changed:
        raise SystemExit(1)


@commands.command()
@click.argument("kind", required=False)
@click.option("--data", "path", type=click.Path(path_type=Path), metavar="DIR",
              help="A data folder whose vocabulary and ids the schemas shall know.")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR",
              help="Write one file a kind there, actor.schema.json and its like.")  # fmt: skip
def schema(kind: str | None, path: Path | None, output: Path | None) -> None:
    """Print the JSON Schema of a kind of curated file.

    Editors complete and check with it while one types. KIND is codebook, bounds, actor, event,
    document, coding (a blind one) or unreleased; with --output, all of them by default.

    For example: stancedata schema --data data --output schemas
    """
    from stancedata.curation.json_schema import (
        KINDS,
        content_of,
        json_schema,
        text_of,
        write_schemas,
    )

    if kind is None and output is None:
        kinds = ", ".join(KINDS)
        raise StancedataError(f"kind: is missing, got none; write one of {kinds}, or --output DIR")
    content = content_of(path) if path else None
    if output is None:
        click.echo(text_of(json_schema(str(kind), content)), nl=False)
        return
    for file in write_schemas(output, content, [kind] if kind else KINDS):
        click.echo(file)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default="Untitled dataset", help="What the dataset is called.")
@click.option("--author", "authors", multiple=True, default=("Anonymous",), metavar="NAME",
              help="Who made it, as they want to be cited; once for each.")  # fmt: skip
def init(folder: Path, title: str, authors: tuple[str, ...]) -> None:
    """Begin a dataset of your own in FOLDER.

    It gets a codebook with one example of an issue, to be replaced by your own, and the
    usual vocabulary; `check`, `export`, `code` and all questions work with it at once.

    For example: stancedata init data --title "Who recognises whom" --author "Your name"
    """
    from stancedata.coding.skeleton import begin

    for path in begin(folder, title, authors):
        click.echo(f"{path}: made")
    click.echo(
        f"Next: write your issues into {folder / 'codebook.yaml'}, then stancedata check {folder}"
    )
    click.echo(f"Ask it with --data: stancedata matrix --data {folder}")
