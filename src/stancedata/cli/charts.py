"""Commands that draw charts."""

from __future__ import annotations

from pathlib import Path

import click

from stancedata.cli.base import DATA, HOLDER, ISSUE, ON, commands, note_coverage, open_dataset

OUTPUT = click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="File to write; its extension sets the format: .png, .svg, .html or .json.",
)


@commands.group()
def plot() -> None:
    """Draw a timeline, a matrix, an agreement or a coverage chart.

    For example: stancedata plot timeline --holder russia --output russia.png
    """


@plot.command()
@HOLDER
@ISSUE
@OUTPUT
@DATA
def timeline(holder: str | None, issue: str | None, output: Path, path: Path | None) -> None:
    """Draw the positions of a holder, or on an issue, over time."""
    from stancedata import charts

    click.echo(charts.save(charts.timeline(open_dataset(path), holder, issue), output))


@plot.command()
@ON
@OUTPUT
@DATA
def matrix(on: str | None, output: Path, path: Path | None) -> None:
    """Draw every holder's position on every issue as of a day."""
    from stancedata import charts

    dataset = open_dataset(path)
    chart = charts.matrix(dataset, on)
    note_coverage(dataset, on)
    click.echo(charts.save(chart, output))


@plot.command()
@ON
@OUTPUT
@DATA
def agreement(on: str | None, output: Path, path: Path | None) -> None:
    """Draw the agreement between every two holders as of a day."""
    from stancedata import charts

    dataset = open_dataset(path)
    chart = charts.agreement(dataset, on)
    note_coverage(dataset, on)
    click.echo(charts.save(chart, output))


@plot.command()
@click.option(
    "--holders",
    type=click.IntRange(min=0),
    default=25,
    show_default=True,
    help="How many holders to show, those with most stances first.",
)
@OUTPUT
@DATA
def coverage(holders: int, output: Path, path: Path | None) -> None:
    """Draw how many stances each issue and holder has in each year."""
    from stancedata import charts

    click.echo(charts.save(charts.coverage(open_dataset(path), holders), output))
