"""Commands about the documents' texts: where they can be had, and which a folder has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancedata.cli.base import DATA, FORMAT, PATH, commands, open_dataset

if TYPE_CHECKING:
    import pyarrow as pa

_PREPARED = """Save each text as plain text in UTF-8, under any name. Line ends and a byte order mark do
not matter; everything else does: `stancedata corpus check FOLDER` says which texts are there,
which nearly, and what differs. Documents without SHA-256 are cited, and need no text."""


@commands.group(invoke_without_command=True)
@DATA
@FORMAT
@click.pass_context
def corpus(context: click.Context, path: Path | None, style: str) -> None:
    """List where each document's text can be had, and what it must be.

    For example: stancedata corpus --format csv > texts.csv
    """
    if context.invoked_subcommand is not None:
        return
    from stancedata.cli.output import show_table

    columns = ["document_id", "characters", "url", "sha256", "retrieved_on", "publisher", "title"]
    documents = open_dataset(path).tables["documents"]
    columns += [name for name in ("licence", "note") if name in documents.column_names]
    show_table(documents.select(columns), style, ("document_id", "characters", "url"))
    if style == "table":
        click.echo(f"\n{_PREPARED}", err=True)


@corpus.command()
@click.argument("folder", type=PATH)
@DATA
@FORMAT
def check(folder: Path, path: Path | None, style: str) -> None:
    """Say which texts FOLDER has, which nearly, and what differs.

    The exit status is 1 if one is missing or differs.
    """
    from stancedata.cli.output import show_table
    from stancedata.model.corpus import Corpus
    from stancedata.rules.holdings import holdings

    texts = Corpus(folder)
    found = holdings(open_dataset(path).tables, texts)
    shown = [h for h in found if h.state != "there"] if style == "table" else found
    if shown or style != "table":
        show_table(_table(shown), style)
    counts = {
        state: sum(h.state == state for h in found) for state in ("there", "nearly", "missing")
    }
    listed = ", ".join(f"{count} {state}" for state, count in counts.items())
    click.echo(f"{len(found)} texts: {listed}", err=style != "table")
    if counts["there"] < len(found):
        raise SystemExit(1)


def _table(found: list[Any]) -> pa.Table:
    import attrs
    import pyarrow as pa

    names = ("document_id", "state", "file", "difference")
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.Table.from_pylist([attrs.asdict(h) for h in found], schema=schema)
