"""Commands that answer the packaged questions."""

from __future__ import annotations

from pathlib import Path

import click

from stancedata.cli.base import (
    BY,
    DATA,
    FORMAT,
    HOLDER,
    ISSUE,
    MAX_AGE,
    ON,
    answers,
    commands,
    note_coverage,
    open_dataset,
)
from stancedata.problems import StancedataError


@answers
@click.argument("holder")
@click.argument("issue", required=False)
@BY
def history(holder: str, issue: str | None, on: str | None, path: Path | None, style: str) -> None:
    """List every position of HOLDER, oldest first.

    Without ISSUE, on every issue. HOLDER is an id, a name or a code, such as russia, Kremlin or RUS.
    A bare number is a Correlates of War code; for other schemes write gw:365 or vdem:11.

    For example: stancedata history russia recognition
    """
    from stancedata.cli.output import show_table
    from stancedata.cli.positions import no_position, positions_table
    from stancedata.questions.arguments import day_of

    dataset = open_dataset(path)
    if style == "table":
        found = dataset.history(holder, issue, on)
        click.echo(positions_table(found) if found else no_position(dataset, holder, issue))
    else:
        by = None if on is None else day_of(on)
        show_table(dataset.positions(holder=holder, issue=issue, by=by), style)


@answers
@ON
@HOLDER
@ISSUE
@MAX_AGE
@click.option(
    "--silent", is_flag=True, help="Mark who has spoken since and said nothing on the issue."
)
def matrix(
    on: str | None,
    holder: str | None,
    issue: str | None,
    max_age: int | None,
    silent: bool,
    path: Path | None,
    style: str,
) -> None:
    """Show every holder's position on every issue as of a day."""
    from stancedata.cli.output import show_matrix, show_table

    dataset = open_dataset(path)
    found = dataset.matrix(on, issue, max_age, holder, silent=silent)
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
    show_table(open_dataset(path).conditions(issue, holder, on), style, columns)


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


class _Listing(click.Command):
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
@click.argument("query")
def sql(query: str, path: Path | None, style: str) -> None:
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
        show_table(open_dataset(path).sql(query), style)
    elif style == "table":
        click.echo(text.rstrip("\n"))
    else:
        raise StancedataError(
            f"format: applies to answers only, got {style} with the name of a question; leave it "
            "out, or pass SQL"
        )
