"""Commands for editors of data: check, complete, format, migrate, schema and init."""

from __future__ import annotations

from pathlib import Path

import click

from stancedata.cli.base import PATH, commands, exclusive, restore
from stancedata.problems import StancedataError, counted


@commands.command()
@click.argument("path", type=PATH, default=Path("data"))
@click.option("--history", is_flag=True, help="Rebuild every release and compare the digests.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="Output format.",
)
@click.option(
    "--corpus",
    type=PATH,
    metavar="DIR",
    help="Folder with the documents' texts, under any file names.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="RULE",
    help="Skip a rule, such as natural_key; can be repeated.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="DOCUMENT",
    help="Only the problems of this document and its blind codings; can be repeated.",
)
@click.option(
    "--expect",
    default="any",
    metavar="DIGEST",
    help="Report an error if the content has another digest than this one, which `cite` states.",
)
def check(
    path: Path,
    history: bool,
    style: str,
    corpus: Path | None,
    without: tuple[str, ...],
    only: tuple[str, ...],
    expect: str,
) -> None:
    """Check a data folder or an export and report every problem.

    PATH is `data` by default. Each problem is one line: file, line, field, what is wrong, the value
    found, and what to do. The exit status is 1 if there are errors and 0 otherwise.

    With a corpus, the documents' texts are checked too: whether the words are where the coding
    says, and whether a summary repeats the document.

    Parquet tables can have any size: for each rule the first problems are listed, with the total.
    On a terminal, a bar shows the progress.

    With --expect, the data must also be those that a paper cites: stancedata check DIR --expect DIGEST.

    For other programs, --format json prints one array; in a GitHub workflow, --format github prints
    annotations.
    """
    from stancedata.dataset.folders import check as check_dataset
    from stancedata.terminal import progress_bar

    if expect != "any" and (without or only):
        raise click.UsageError("--expect needs a whole check; leave out --without and --only")
    restore(path)
    with progress_bar() as progress:
        problems = check_dataset(path, history, corpus, without, progress, only=only, expect=expect)
    errors = [problem for problem in problems if problem.severity == "error"]
    if style != "text":
        from stancedata.cli.reports import report

        # GitHub gets no empty line if there is nothing to report.
        if found := report(problems, style):
            click.echo(found)
        raise SystemExit(1 if errors else 0)
    for problem in problems:
        click.echo(str(problem) if problem in errors else f"{problem} [{problem.severity}]")
    if errors:
        raise SystemExit(1)
    click.echo(f"{path}: no problems found" if not problems else f"{path}: no errors", err=True)


@commands.command()
@click.argument("folder", type=PATH)
def complete(folder: Path) -> None:
    """Derive `positions` for a folder of Parquet tables.

    FOLDER holds Parquet tables of any size, written by another program. Positions are always
    derived again; the codebook of columns and empty tables are added if missing. The tables actors,
    issues, levels, vocabulary, events, documents, stances, holders and evidence are required.
    """
    from stancedata.questions.complete import complete as complete_folder

    for name, rows in complete_folder(folder).items():
        click.echo(f"{folder / name}.parquet: {counted(rows, 'row') if rows else 'no rows'}")


@commands.command("format")
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Change nothing; exit with 1 if a file would change.",
)
@click.option(
    "--skip-others",
    is_flag=True,
    help="Skip files outside the folders of curated files; for hooks, which may pass any file.",
)
@exclusive
def format_(paths: tuple[Path, ...], only_check: bool, skip_others: bool) -> None:
    """Format curated files in the canonical layout.

    Comments are kept. PATHS are files or data folders, `data` by default.
    """
    from stancedata.curation.format import tidy

    changed = tidy(paths or (Path("data"),), not only_check, skip_others)
    for file in changed:
        click.echo(f"{file}: {'would change' if only_check else 'formatted'}")
    if only_check and changed:
        raise SystemExit(1)


@commands.command()
@click.argument("path", type=PATH, default=Path("data"))
@click.option("--dry-run", is_flag=True, help="Change nothing; list what would change.")
@exclusive
def migrate(path: Path, dry_run: bool) -> None:
    """Rewrite the files of a data folder of schema 1, as schema 2 and later ones have them.

    PATH is `data` by default. Nothing is coded again and nothing is lost: blind codings move to
    codings/CODER/, `silences` become `exemptions`, `author` becomes `authors` where it names
    actors, approximate dates become the days that they meant, and the codebook gets the kind of
    each issue (`words`), its coders and the new vocabulary. Comments are kept.

    The reasons for the next release are written to unreleased/schema-2.yaml.
    """
    from stancedata.coding.migration import migrate as migrate_folder

    found = migrate_folder(path, not dry_run)
    for file, what in found.items():
        click.echo(f"{file}: {'would change: ' if dry_run else ''}{what}")
    if not found:
        from stancedata.tables.columns import SCHEMA_VERSION

        what = f"its files are those of schema 2, which schema {SCHEMA_VERSION} reads as they are"
        click.echo(f"{path}: has nothing to migrate: {what}", err=True)
    elif not dry_run:
        todo = "write who the coders are, and which issues are of deeds"
        click.echo(
            f"Next: {todo}, in {path / 'codebook.yaml'}, then stancedata check {path}", err=True
        )


@commands.command()
@click.argument("kind", required=False)
@click.option(
    "--data",
    "path",
    type=PATH,
    metavar="DIR",
    help="Data folder whose vocabulary and ids the schemas include.",
)
@click.option(
    "--output",
    type=PATH,
    metavar="DIR",
    help="Write one file per kind to this folder, such as actor.schema.json.",
)
def schema(kind: str | None, path: Path | None, output: Path | None) -> None:
    """Print the JSON Schema of a kind of curated file.

    Editors use it to complete and check what you type. KIND is codebook, bounds, actor, event,
    document, coverage, coding (for blind coding) or unreleased; with --output, all of them by
    default.

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
        raise StancedataError(f"kind: is missing; use one of {kinds}, or --output DIR")
    content = content_of(path) if path else None
    if output is None:
        click.echo(text_of(json_schema(str(kind), content)), nl=False)
        return
    for file in write_schemas(output, content, [kind] if kind else KINDS):
        click.echo(file)


@commands.command()
@click.argument("folder", type=PATH)
@click.option("--title", default="Untitled dataset", help="Title of the dataset.")
@click.option(
    "--author",
    "authors",
    multiple=True,
    default=("Anonymous",),
    metavar="NAME",
    help="Author, as it should be cited; can be repeated.",
)
def init(folder: Path, title: str, authors: tuple[str, ...]) -> None:
    """Create a dataset of your own in FOLDER.

    It gets a codebook with the usual vocabulary and one example issue, which you replace by your own.
    `check`, `export`, `code` and all questions work with it right away.

    For example: stancedata init data --title "Who recognises whom" --author "Your name"
    """
    from stancedata.coding.skeleton import begin

    for path in begin(folder, title, authors):
        click.echo(f"{path}: created")
    click.echo(
        f"Next: write your issues in {folder / 'codebook.yaml'}, then stancedata check {folder}"
    )
    click.echo(f"Query it with --data: stancedata matrix --data {folder}")
