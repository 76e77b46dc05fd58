"""Commands that compare: agreement, shifts, contradictions, and who was silent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancedata import text as rendering
from stancedata.cli.base import (
    BY,
    FROM,
    HOLDER,
    ISSUE,
    MAX_AGE,
    ON,
    TO,
    answers,
    ids,
    note_coverage,
    open_dataset,
)
from stancedata.problems import StancedataError, counted

if TYPE_CHECKING:
    import pyarrow as pa


@answers
@ON
@click.option("--joint", is_flag=True, help="Also use joint statements, not only own ones.")
@click.option("--exclude-joint", is_flag=True, hidden=True)
@click.option("--all-issues", is_flag=True, help="Use all issues, not only the core ones.")
@MAX_AGE
@HOLDER
def agreement(
    on: str | None,
    joint: bool,
    exclude_joint: bool,
    all_issues: bool,
    max_age: int | None,
    holder: str | None,
    path: Path | None,
    style: str,
) -> None:
    """Show the agreement between holders, by what they stated on their own.

    Agreement ranges from -1, at opposite ends of every scale, to 1, the same level on every issue. It
    needs three shared issues; pairs that share fewer have none, and are last in the table.
    """
    from stancedata.cli.output import show_table

    if exclude_joint:
        _refuse_both(joint)
    dataset = open_dataset(path)
    found = dataset.agreement(
        on, all_issues=all_issues, holder=holder, joint=joint, max_age=max_age
    )
    note_coverage(dataset, on)
    columns = ("actor_name_1", "actor_name_2", "shared", "shared_own", "similarity", "like_signs")
    show_table(_figures_first(found) if style == "table" else found, style, columns)


def _figures_first(pairs: pa.Table) -> pa.Table:
    """Put pairs that share too few issues for a figure last: by name, they would hide the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from stancedata.questions.result import arrow_of

    pairs = arrow_of(pairs)
    without = pc.is_null(pairs["similarity"])
    return pa.concat_tables([pairs.filter(pc.invert(without)), pairs.filter(without)])


def _refuse_both(joint: bool) -> None:
    click.echo(
        "--exclude-joint is deprecated: joint statements are left out unless you give --joint",
        err=True,
    )
    if joint:
        raise StancedataError("--exclude-joint: contradicts --joint, got both; use one of them")


@answers
@HOLDER
@ISSUE
@BY
@click.option("--across", is_flag=True, help="Compare own and joint statements with each other.")
@click.option("--low", is_flag=True, help="Include statements that are coded with low confidence.")
@click.option(
    "--kind",
    type=click.Choice(["reversal", "softer", "firmer", "step"]),
    help="Only changes of this kind.",
)
@FROM
def shifts(
    holder: str | None,
    issue: str | None,
    kind: str | None,
    start: str | None,
    on: str | None,
    across: bool,
    low: bool,
    path: Path | None,
    style: str,
) -> None:
    """List every change of a holder's level.

    A reversal is a change from agreeing to disagreeing, or back; a softer level is nearer to zero, a
    firmer one farther from it; deeds change by steps. Own statements are compared with own ones, and
    joint ones with joint ones; those of low confidence are left out.
    """
    from stancedata.cli.output import show_table

    columns = (
        "actor_name",
        "issue_id",
        "kind",
        "own",
        "stated_on_before",
        "level_name_before",
        "stance_id_before",
        "shifted_on",
        "level_name",
        "stance_id",
    )
    dataset = open_dataset(path)
    found = dataset.shifts(holder, issue, on, across=across, low=low, kind=kind, start=start)
    show_table(found, style, columns)
    for text in () if style != "table" else _left_out(across, low):
        click.echo(text, err=True)


def _left_out(across: bool, low: bool) -> Iterator[str]:
    """Say what a list of shifts does not compare."""
    if not across:
        yield "note: own and joint statements are compared apart; --across compares them together"
    if not low:
        yield "note: statements of low confidence are left out; --low includes them"


@answers
@HOLDER
@ISSUE
@FROM
@BY
def contradictions(
    holder: str | None,
    issue: str | None,
    start: str | None,
    on: str | None,
    path: Path | None,
    style: str,
) -> None:
    """List stances whose documents contradict each other.

    The documents are on one event, and put the holder on different sides of an issue or two levels
    apart.
    """
    from stancedata.cli.output import show_table

    columns = (
        "actor_name",
        "issue_id",
        "event_id",
        "document_id",
        "level_name",
        "contested",
        "stance_id",
        "opposed_to",
    )
    show_table(open_dataset(path).contradictions(holder, issue, on, start=start), style, columns)


@answers
@click.argument("issue", shell_complete=ids("issues"))
@HOLDER
@click.option("--coverage", metavar="ID", help="Only occasions in this corpus.")
@click.option("--each", is_flag=True, help="List every speaker, not only how many were silent.")
@FROM
@TO
def silence(
    issue: str,
    holder: str | None,
    coverage: str | None,
    each: bool,
    start: str | None,
    end: str | None,
    path: Path | None,
    style: str,
) -> None:
    """Count who spoke on an occasion and said nothing on ISSUE, or list them.

    With a holder, with --each and in other formats, every speaker has a row, which repeats how many
    spoke on the occasion and how many of these were silent. Only actors whose texts were read whole,
    or who are listed as silent, are known to have been silent.

    For example: stancedata silence recognition --coverage un-general-debate

    Or one holder: stancedata silence recognition --holder china
    """
    from stancedata.cli.output import show_table

    columns = ("actor_name", "spoken_on", "event_id", "document_id", "silent", "spoke")
    found = open_dataset(path).silence(
        holder=holder, issue=issue, coverage=coverage, start=start, end=end
    )
    if style == "table" and holder is None and not each:
        click.echo(_occasions(found.to_pylist()))
    else:
        show_table(found, style, columns)


def _occasions(rows: list[dict[str, Any]]) -> str:
    """Format how many were silent at each event, and in all documents that belong to none."""
    events = {row["event_id"]: row for row in rows if row["event_id"]}
    documents = {row["document_id"]: row for row in rows if not row["event_id"]}.values()
    listed = [
        (key, row["spoken_on"], str(row["silent"]), str(row["spoke"]))
        for key, row in sorted(events.items(), key=lambda pair: (pair[1]["earliest"], pair[0]))
    ]
    if documents:
        silent, spoke = (sum(row[name] for row in documents) for name in ("silent", "spoke"))
        listed.append((f"no event: {counted(len(documents), 'text')}", "", str(silent), str(spoke)))
    headers = ("event", "spoken_on", "silent", "spoke")
    return rendering.table(headers, listed) if listed else "nothing on record"
