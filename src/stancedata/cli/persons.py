"""Commands about persons and blocs: who they are, what they voiced, who belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stancedata.cli.base import (
    CORPUS,
    DATA,
    FROM,
    ON,
    QUOTES,
    TO,
    answers,
    commands,
    ids,
    open_dataset,
    refuse_quotes,
)

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


@commands.command()
@click.argument("name", metavar="NAME", shell_complete=ids("actors"))
@DATA
def who(name: str, path: Path | None) -> None:
    """Say who an actor is: its id, names, codes, offices and memberships.

    For example: stancedata who Lavrov, stancedata who RUS
    """
    from stancedata.cli.records.actors import who_text

    dataset = open_dataset(path)
    click.echo(who_text(dataset, dataset.actors[dataset.actors.resolve(name)]))


@answers
@click.argument("person", shell_complete=ids("actors"))
@click.argument("issue", required=False, shell_complete=ids("issues"))
@FROM
@TO
@QUOTES
@CORPUS
def voiced(
    person: str,
    issue: str | None,
    start: str | None,
    end: str | None,
    quotes: bool,
    corpus: Path | None,
    path: Path | None,
    style: str,
) -> None:
    """List what PERSON voiced, for itself or for others.

    For example: stancedata voiced "Sergei Lavrov" recognition --from 2021-10 --quotes
    """
    from stancedata.cli.output import show_table
    from stancedata.cli.records.actors import voiced_quotes, voiced_table
    from stancedata.model.corpus import Corpus

    dataset = open_dataset(path)
    found = dataset.voiced_by(person, issue, start=start, end=end)
    if style != "table":
        refuse_quotes(quotes)
        show_table(found, style)
    elif not found.num_rows:
        click.echo(_nothing(dataset, person))
    elif quotes:
        click.echo(voiced_quotes(dataset, found, Corpus(corpus) if corpus else None))
    else:
        click.echo(voiced_table(dataset, found))


def _nothing(dataset: Dataset, name: str) -> str:
    """Say that an actor voiced nothing, and where to look for what it holds."""
    actor = dataset.actors[dataset.actors.resolve(name)]
    hint = "" if actor.kind == "person" else f"; see `stancedata history {actor.actor_id}`"
    return f"{actor.name}, a {actor.kind}, voiced nothing on record{hint}"


@answers
@click.argument("bloc", shell_complete=ids("actors"))
@ON
def members(bloc: str, on: str | None, path: Path | None, style: str) -> None:
    """List the members of BLOC, an organisation or a group of states.

    For example: stancedata members "European Union" --on 2021
    """
    import pyarrow as pa

    from stancedata.cli.output import show_table

    dataset = open_dataset(path)
    found = dataset.members(bloc, on)
    if style == "table" and not found:
        whole = dataset.actors.resolve(bloc)
        click.echo(f"these data record no member of {whole}{f' as of {on}' if on else ''}")
        return
    names = ("actor_id", "name", "kind")
    rows = [{name: getattr(actor, name) for name in names} for actor in found]
    schema = pa.schema([(name, pa.string()) for name in names])
    show_table(pa.Table.from_pylist(rows, schema=schema), style)
