"""Commands that draw charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancedata.cli.base import (
    DATA,
    FROM,
    MAX_AGE,
    ON,
    PATH,
    TO,
    commands,
    note_coverage,
    open_dataset,
)

if TYPE_CHECKING:
    import altair as alt
    import pyarrow as pa

    from stancedata.dataset import Dataset

OUTPUT = click.option(
    "--output",
    type=PATH,
    required=True,
    metavar="FILE",
    help="File to write; its extension sets the format: .png, .svg, .pdf, .html or .json.",
)
HOLDER = click.option(
    "--holder",
    multiple=True,
    metavar="NAME",
    help="Only this actor: an id, a name or a code; repeat it for several. A bare number is a "
    "Correlates of War code; for other schemes write vdem:11.",
)
ISSUE = click.option(
    "--issue", multiple=True, metavar="NAME", help="Only this issue; repeat it for several."
)
ON_DAYS = click.option(
    "--on",
    multiple=True,
    metavar="DAY",
    help="As of this day, such as 2021-10-20, or the end of a month (2021-10), quarter (2021-Q4) or "
    "year; by default the last day with data. Repeat it to draw several beside each other.",
)
WIDTH = click.option(
    "--width",
    type=int,
    metavar="PIXELS",
    help="Width of the area of the marks, without labels and legend.",
)
TITLE = click.option(
    "--title", metavar="TEXT", help="A title instead of the chart's own; the source line stays."
)
ROWS = click.option(
    "--rows",
    type=int,
    metavar="N",
    help="Write pages of at most N rows, as FILE-1, FILE-2 and so on.",
)

SQUARES, LANES = 30, 12
"""How many holders a matrix and a timeline have if the user does not say whose.

All holders of the packaged data would be 6,000 pixels tall.
"""
ALL_HOLDERS = click.option(
    "--all-holders",
    is_flag=True,
    help="Draw every holder; without --holder and --rows, those with most positions are drawn: "
    f"{SQUARES} in a matrix, {LANES} in a timeline.",
)


@commands.group()
def plot() -> None:
    """Draw a timeline, a matrix, an agreement or a coverage chart.

    For example: stancedata plot timeline --holder russia --output russia.png
    """


def _write(charts: list[alt.VConcatChart], output: Path) -> None:
    """Save charts, numbered if they are several, and print their paths."""
    from stancedata.charts import save

    paths = [output]
    if len(charts) > 1:
        paths = [output.with_stem(f"{output.stem}-{n}") for n in range(1, len(charts) + 1)]
    for chart, path in zip(charts, paths, strict=True):
        click.echo(save(chart, path))


def _asked(options: dict[str, Any]) -> dict[str, Any]:
    """Leave out options that are not given."""
    return {name: value for name, value in options.items() if value not in (None, ())}


def _pages(
    draw: Callable[..., alt.VConcatChart],
    dataset: Dataset,
    rows: int | None,
    asked: dict[str, Any],
) -> list[alt.VConcatChart]:
    """Draw a chart whole, or in pages if their rows are given."""
    from stancedata.charts import pages

    return [draw(dataset, **asked)] if rows is None else pages(draw, dataset, rows, **asked)


def _most(dataset: Dataset, found: pa.Table, asked: dict[str, Any], number: int) -> dict[str, Any]:
    """Choose the holders of a picture, and say so in it and beside it, if there are too many."""
    issues = {*map(dataset.issues.resolve, asked.get("issue", dataset.issues))}
    rows = found.select(["actor_id", "issue_id"]).to_pylist()
    present = {row["actor_id"] for row in rows if row["issue_id"] in issues}
    if len(present) <= number:
        return {}
    query = (
        "SELECT actor_id, issue_id, count(*) AS number FROM positions GROUP BY actor_id, issue_id"
    )
    counts: Counter[str] = Counter()
    for row in dataset.sql(query).to_pylist():
        if row["actor_id"] in present and row["issue_id"] in issues:
            counts[row["actor_id"]] += row["number"]
    ranked = sorted(counts, key=lambda actor_id: (-counts[actor_id], actor_id))
    said = f"{number} of {len(present)} holders, those with most positions"
    click.echo(
        f"note: the picture has {said}; --all-holders draws all, --rows {number} in pages, "
        "--holder NAME others",
        err=True,
    )
    return {"holder": tuple(ranked[:number]), "note": f"Only {said}."}


def _only_issue(asked: dict[str, Any]) -> str | None:
    """Return the only issue that is asked for."""
    return asked["issue"][0] if len(asked.get("issue", ())) == 1 else None


@plot.command()
@HOLDER
@ISSUE
@FROM
@TO
@WIDTH
@TITLE
@ROWS
@ALL_HOLDERS
@OUTPUT
@DATA
def timeline(
    output: Path, path: Path | None, rows: int | None, all_holders: bool, **options: Any
) -> None:
    """Draw the positions of a holder, or on an issue, over time.

    With one holder and one issue, its rows are the aspects of the issue.
    """
    from stancedata import charts

    dataset, asked = open_dataset(path), _asked(options)
    if "issue" in asked and "holder" not in asked and rows is None and not all_holders:
        days = {name: asked.get(name) for name in ("start", "end")}
        asked |= _most(dataset, dataset.positions(issue=_only_issue(asked), **days), asked, LANES)
    _write(_pages(charts.timeline, dataset, rows, asked), output)


@plot.command()
@ON_DAYS
@HOLDER
@ISSUE
@MAX_AGE
@WIDTH
@TITLE
@ROWS
@ALL_HOLDERS
@OUTPUT
@DATA
def matrix(
    on: tuple[str, ...],
    output: Path,
    path: Path | None,
    rows: int | None,
    all_holders: bool,
    **options: Any,
) -> None:
    """Draw where holders stand on every issue as of a day, or of several."""
    from stancedata import charts

    dataset, asked = open_dataset(path), _asked(options)
    days: dict[str, Any] = {} if not on else {"on": on[0] if len(on) == 1 else on}
    if "holder" not in asked and rows is None and not all_holders:
        limits = {**days, "max_age": asked.get("max_age")}
        asked |= _most(dataset, dataset.matrix(issue=_only_issue(asked), **limits), asked, SQUARES)
    drawn = _pages(charts.matrix, dataset, rows, days | asked)
    for day in on or (None,):
        note_coverage(dataset, day)
    _write(drawn, output)


@plot.command()
@ON
@HOLDER
@click.option("--joint", is_flag=True, help="Also use joint statements; by default only own ones.")
@click.option("--all-issues", is_flag=True, help="Use all issues; by default only the core issues.")
@MAX_AGE
@WIDTH
@TITLE
@OUTPUT
@DATA
def agreement(on: str | None, output: Path, path: Path | None, **options: Any) -> None:
    """Draw the agreement between every two holders as of a day.

    With one holder, its agreement with every other.
    """
    from stancedata import charts

    dataset = open_dataset(path)
    chart = charts.agreement(dataset, on, **_asked(options))
    note_coverage(dataset, on)
    _write([chart], output)


@plot.command()
@click.option(
    "--holders",
    type=click.IntRange(min=0),
    default=25,
    show_default=True,
    help="How many holders to show, those with most stances first.",
)
@HOLDER
@ISSUE
@FROM
@TO
@WIDTH
@TITLE
@OUTPUT
@DATA
def coverage(holders: int, output: Path, path: Path | None, **options: Any) -> None:
    """Draw how many stances each issue and holder has in each year."""
    from stancedata import charts

    _write([charts.coverage(open_dataset(path), holders, **_asked(options))], output)
