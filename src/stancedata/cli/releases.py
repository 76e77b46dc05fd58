"""Commands for releases, differences between versions, and citations."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from stancedata.cli.base import DATA, PATH, commands, ids, open_dataset
from stancedata.problems import counted


@commands.command()
@click.argument("version")
@click.argument("path", type=PATH, default=Path("data"))
@click.option(
    "--on", metavar="DAY", help="Day of the release, such as 2021-10-20; today by default."
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would be released, without writing anything."
)
def release(version: str, path: Path, on: str | None, dry_run: bool) -> None:
    """Make a release of a data folder.

    PATH is a data folder, `data` by default. Every record that was modified or retracted since the
    last release needs a reason in PATH/unreleased/.
    """
    from stancedata.coding import release as releasing
    from stancedata.questions.arguments import day_of

    day = datetime.datetime.now(datetime.UTC).date() if on is None else day_of(on)
    made = (releasing.plan if dry_run else releasing.release)(path, version, day)
    counts = {"add": 0, "modify": 0, "retract": 0}
    for revision in made.revisions:
        counts[revision.operation] += 1
    added = counted(counts["add"], "record")
    click.echo(
        f"{version}{' would be' if dry_run else ''} released: {added} added, "
        f"{counts['modify']} modified, {counts['retract']} retracted; digest {made.release.digest}"
    )


@commands.command()
@click.argument("since", shell_complete=ids("releases"))
@click.argument("until", required=False, shell_complete=ids("releases"))
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    default="table",
    help="Output format.",
)
@click.option("--summary", is_flag=True, help="Only the number of records of each kind.")
@DATA
def diff(since: str, until: str | None, style: str, summary: bool, path: Path | None) -> None:
    """Show what changed between two versions, and why.

    Compares release SINCE with release UNTIL, by default the newest state, field by field.

    For example: stancedata diff 0.1.0 0.2.0
    """
    from stancedata.cli.output import show_table
    from stancedata.releases.revisions import refuse_backwards

    dataset = open_dataset(path)
    if until is not None:
        refuse_backwards(dataset.releases, since, until)
        dataset = dataset.known_at(until)
    changes = dataset.diff(since)
    if style == "table" and not (summary and changes):
        click.echo(str(changes))
    else:
        show_table(changes.summary() if summary else changes.to_arrow(), style)


@commands.command()
@click.option(
    "--style",
    default="text",
    metavar="NAME",
    help="text (the default), apa, bibtex, ris, csl-json or cff.",
)
@click.argument("stance", required=False)
@DATA
def cite(style: str, stance: str | None, path: Path | None) -> None:
    """Show how to cite these data, or one STANCE with its source.

    The citation includes the version and digest of the data.

    For example: stancedata cite the-correspondent-2021-10-21#s11
    """
    click.echo(open_dataset(path).cite(style, stance))
