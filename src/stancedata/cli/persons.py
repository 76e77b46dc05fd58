"""Commands about persons and blocs: who they are, what they voiced, who belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stancedata.cli.base import DATA, FROM, ON, TO, answers, commands, ids, open_dataset

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
def voiced(
    person: str,
    issue: str | None,
    start: str | None,
    end: str | None,
    path: Path | None,
    style: str,
) -> None:
    """List what PERSON voiced, for itself or for others.

    For example: stancedata voiced "Sergei Lavrov" recognition --from 2021-10
    """
    from stancedata.cli.output import show_table
    from stancedata.cli.records.actors import voiced_table

    dataset = open_dataset(path)
    found = dataset.voiced_by(person, issue, start=start, end=end)
    if style == "table":
        click.echo(voiced_table(dataset, found) or _nothing(dataset, person))
    else:
        show_table(found, style)


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
        click.echo(f"no member of {whole} on record: no actor has the role member_of {whole} then")
        return
    names = ("actor_id", "name", "kind")
    rows = [{name: getattr(actor, name) for name in names} for actor in found]
    schema = pa.schema([(name, pa.string()) for name in names])
    show_table(pa.Table.from_pylist(rows, schema=schema), style)
