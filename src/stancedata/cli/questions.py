"""Commands that answer the packaged questions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancedata.cli.base import (
    BY,
    CORPUS,
    DATA,
    FORMAT,
    FROM,
    HOLDER,
    ISSUE,
    MAX_AGE,
    ON,
    QUOTES,
    SINCE,
    TO,
    answers,
    commands,
    ids,
    note_coverage,
    open_dataset,
    refuse_quotes,
)
from stancedata.cli.command import OnceCommand
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


@answers
@click.argument("holder", shell_complete=ids("actors", "issues"))
@click.argument("issue", required=False, shell_complete=ids("issues"))
@FROM
@BY
@QUOTES
@CORPUS
def history(
    holder: str,
    issue: str | None,
    start: str | None,
    on: str | None,
    quotes: bool,
    corpus: Path | None,
    path: Path | None,
    style: str,
) -> None:
    """List every position of HOLDER, oldest first.

    Without ISSUE, on every issue; with an ISSUE alone, of every holder. HOLDER is an id, a name or a code, such as russia, Kremlin or RUS.
    A bare number is a Correlates of War code; for other schemes write gw:365 or vdem:11.

    For example: stancedata history russia recognition

    Who said what in a month: stancedata history recognition --from 2021-10 --to 2021-10 --quotes
    """
    from stancedata.cli.output import show_table
    from stancedata.cli.records.positions import positions_table
    from stancedata.cli.records.positions import quotes as quoted
    from stancedata.model.corpus import Corpus

    dataset = open_dataset(path)
    who, what = _holder_and_issue(dataset, holder, issue)
    found = dataset.history(who, what, on, start=start)
    if style != "table":
        refuse_quotes(quotes)
        show_table(dataset.positions(holder=who, issue=what, by=on, start=start), style)
    elif not found:
        click.echo(_nothing(dataset, who, what, (start, on) == (None, None)))
    elif quotes:
        click.echo(quoted(dataset, found, Corpus(corpus) if corpus else None))
    else:
        click.echo(positions_table(found))


def _holder_and_issue(
    dataset: Dataset, holder: str, issue: str | None
) -> tuple[str | None, str | None]:
    """Take a single argument that names no actor, but an issue, as the issue."""
    try:
        dataset.actors.resolve(holder)
    except StancedataError:
        if issue is None and holder in dataset.issues:
            return None, holder
        raise
    return holder, issue


def _nothing(dataset: Dataset, holder: str | None, issue: str | None, always: bool) -> str:
    """Say that there is no position, or none in some days, and list what a person voiced."""
    from stancedata.cli.records.actors import voiced_table
    from stancedata.cli.records.positions import no_position

    if holder is None or not always:
        return "no position on record in these days" if not always else "no position on record"
    said = voiced_table(dataset, dataset.voiced_by(holder, issue))
    return no_position(dataset, holder, issue) + (f"; voiced for others:\n{said}" if said else "")


@commands.command()
@DATA
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "parquet", "dta"]),
    default="table",
    help="Output format; dta is a Stata file.",
)
@click.option(
    "--every",
    type=click.Choice(["month", "quarter", "year"]),
    default="month",
    show_default=True,
    help="Length of a period.",
)
@HOLDER
@ISSUE
@FROM
@TO
@MAX_AGE
@SINCE
@click.option("--sparse", is_flag=True, help="Leave out periods in which a holder has no position.")
def panel(
    every: str,
    holder: str | None,
    issue: str | None,
    start: str | None,
    end: str | None,
    max_age: int | None,
    since: str | None,
    sparse: bool,
    path: Path | None,
    style: str,
) -> None:
    """Show where holders stand at the end of each period, as a grid to merge with other panels.

    Every holder with a position has a row for each period and issue, empty before its first one.
    A table shows the levels, with a column for each period; other formats have every column.

    For example: stancedata panel --issue recognition --every quarter --from 2021 --format csv

    For Stata: stancedata panel --issue recognition --every year --format dta > panel.dta
    """
    from stancedata.cli.output import show_binary, show_panel, show_table
    from stancedata.exports.panels import stata

    dataset = open_dataset(path)
    ages: dict[str, Any] = {"max_age": max_age, "since": since}
    found = dataset.panel(every, holder, issue, start=start, end=end, balanced=not sparse, **ages)
    if style == "table":
        show_panel(found)
    elif style == "dta":
        show_binary(stata(found.to_arrow(), every, dataset.tables["levels"]), style)
    else:
        show_table(found, style)


@answers
@ON
@HOLDER
@ISSUE
@MAX_AGE
@SINCE
@click.option(
    "--silent", is_flag=True, help="Mark who has spoken since and said nothing on the issue."
)
def matrix(
    on: str | None,
    holder: str | None,
    issue: str | None,
    max_age: int | None,
    since: str | None,
    silent: bool,
    path: Path | None,
    style: str,
) -> None:
    """Show every holder's position on every issue as of a day."""
    from stancedata.cli.output import show_matrix, show_table

    dataset = open_dataset(path)
    found = dataset.matrix(
        holder=holder, issue=issue, on=on, max_age=max_age, since=since, silent=silent
    )
    note_coverage(dataset, on)
    if style == "table":
        show_matrix(found)
    else:
        show_table(found, style)


@answers
@HOLDER
@ISSUE
@ON
def conditions(
    holder: str | None, issue: str | None, on: str | None, path: Path | None, style: str
) -> None:
    """List the conditions that holders attached to positions, by their own words or by others'.

    Conditions that only a third party attributes to the holder are included: see the attribution.
    The status says whether the condition was met, if a document reports it.
    """
    from stancedata.cli.output import show_table

    columns = (
        "actor_name",
        "issue_id",
        "level_name",
        "stated_on",
        "attribution",
        "condition",
        "condition_issue_id",
        "status",
        "stance_id",
    )
    show_table(open_dataset(path).conditions(holder=holder, issue=issue, on=on), style, columns)


@answers
@click.option(
    "--coder",
    "coders",
    multiple=True,
    metavar="NAME",
    help="Coder to compare, by default all; repeat it to name at least two.",
)
@ISSUE
@click.option(
    "--disagreements", is_flag=True, help="List what they coded differently, with reasons."
)
def reliability(
    coders: tuple[str, ...], issue: str | None, disagreements: bool, path: Path | None, style: str
) -> None:
    """Show the agreement between independent coders.

    Alpha is 1 for perfect agreement and 0 for agreement by chance.
    """
    from stancedata.cli.output import show_table

    found = open_dataset(path).reliability(coders or None, issue)
    if disagreements:
        columns = (
            "document_id",
            "issue_id",
            "field",
            "value_1",
            "value_2",
            "stances_1",
            "stances_2",
            "adjudication",
        )
        show_table(found.disagreements, style, columns)
    elif style == "table":
        click.echo(str(found))
    else:
        show_table(found.to_arrow(), style)


class _Listing(OnceCommand):
    """A command whose help lists the packaged questions, read from the package on demand."""

    def format_help_text(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        from stancedata.engines.packaged import packaged_names

        super().format_help_text(context, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(f"Packaged questions: {', '.join(packaged_names('questions'))}.")


@commands.command(cls=_Listing)
@DATA
@FORMAT
@click.option(
    "--seconds",
    type=float,
    metavar="NUMBER",
    help="Stop a SELECT that takes more seconds; by default there is no limit.",
)
@click.argument("query")
def sql(query: str, path: Path | None, style: str, seconds: float | None) -> None:
    """Print a packaged question, or answer a SELECT.

    QUERY is the name of a packaged question, whose SQL runs on DuckDB and Spark (see docs/sql.md), or
    SQL of your own, for example: stancedata sql "SELECT count(*) FROM stances"

    If columns share a name, the second is called name_1 and the third name_2. JSON writes dates and
    the numbers NaN, Infinity and -Infinity as strings; CSV and tables write lists and structs as
    DuckDB prints them.
    """
    from stancedata.cli.output import show_table
    from stancedata.engines.packaged import packaged_question

    text = packaged_question(query)
    if text is None:
        show_table(open_dataset(path).sql(query, seconds=seconds), style)
        return
    if seconds is not None:
        raise StancedataError(
            f"seconds: applies to a SELECT only, got {seconds:g} with the name of a question; leave "
            "it out, or pass SQL"
        )
    if style == "table":
        click.echo(text.rstrip("\n"))
    else:
        raise StancedataError(
            f"format: applies to answers only, got {style} with the name of a question; leave it "
            "out, or pass SQL"
        )
