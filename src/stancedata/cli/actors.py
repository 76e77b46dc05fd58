"""Commands for coders: add actors, states and persons of tables, and events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stancedata.cli.base import FOLDER, PATH, code, exclusive, options, report_problems
from stancedata.cli.command import kinds
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    from stancedata.coding.additions import Additions

UPDATE = click.option(
    "--update", is_flag=True, help="Add to those that exist what they do not have, and only that."
)


@code.command("actor", cls=kinds("actor_kind"))
@click.argument("actor_id", metavar="[ID]", required=False)
@options(
    ("name", "Name in English."),
    ("kind", "Kind of actor, for example state."),
    ("description", "Short description."),
    ("wikidata", "Wikidata item."),
    ("valid-from", "First day of its existence."),
    ("valid-to", "Last day of its existence."),
)
@click.option("--also", multiple=True, metavar="NAME", help="Another name; can be repeated.")
@click.option(
    "--code",
    "codes",
    multiple=True,
    metavar="SCHEME=CODE",
    help="Code of the actor, for example iso3166-1-alpha3=JPN; can be repeated.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="TEXT",
    help="Role towards another actor: `speaks_for northland`, or with the office `speaks_for northland: Foreign Minister`; can be repeated.",
)
@click.option(
    "--role-document", metavar="ID", help="Document of the dataset that states the roles."
)
@click.option(
    "--iso3",
    multiple=True,
    metavar="CODES",
    help="States of the standard tables, by their three-letter codes of ISO 3166: FRA, or FRA,DEU; can be repeated.",
)
@click.option("--all-states", is_flag=True, help="Every state of the standard tables.")
@click.option(
    "--english-only", is_flag=True, help="With --iso3 or --all-states: no names in other languages."
)
@UPDATE
@FOLDER
@exclusive
def actor(
    path: Path,
    actor_id: str | None,
    iso3: tuple[str, ...],
    all_states: bool,
    english_only: bool,
    update: bool,
    **given: Any,
) -> None:
    """Create the file of a new actor, or those of states.

    A state of the standard tables (--iso3, --all-states) gets its names in the languages of the
    United Nations, its Wikidata item, and its codes of ISO 3166, Correlates of War, Gleditsch and
    Ward, V-Dem and UN M49 with their dates. A state that exists is left alone.

    For example: stancedata code actor northland --name Northland --kind state

    Or: stancedata code actor --iso3 FRA,DEU
    """
    from stancedata.coding.drafts import new_actor
    from stancedata.coding.states import new_states

    from_tables = bool(iso3) or all_states
    _refuse_mixture(actor_id, from_tables, [k for k, v in given.items() if v], english_only, update)
    if from_tables:
        _report(new_states(path, None if all_states else iso3, update, english_only))
        return
    document, also = given.pop("role_document"), given.pop("also")
    given["codes"] = list(map(_code, given["codes"]))
    given["roles"] = [_role(r, document) for r in given["roles"]]
    _report(new_actor(path, str(actor_id), given, also))


def _refuse_mixture(
    actor_id: str | None, from_tables: bool, given: list[str], english_only: bool, update: bool
) -> None:
    """Refuse options of one actor for states of the tables, and the other way round."""
    if from_tables and (actor_id or given):
        extra = actor_id or f"--{given[0].replace('_', '-')}"
        raise StancedataError(
            f"actor: takes its names and codes from the tables, got {extra} too; leave it out"
        )
    if not from_tables and not actor_id:
        raise StancedataError("actor: has no id; give an ID, --iso3 CODES or --all-states")
    if not from_tables and (english_only or update):
        extra = "--english-only" if english_only else "--update"
        raise StancedataError(f"actor: takes {extra} only with --iso3 or --all-states")


def _code(text: str) -> dict[str, str]:
    scheme, _, value = text.partition("=")
    if not scheme or not value:
        raise StancedataError(f"code: has no scheme, got {text!r}; write SCHEME=CODE")
    return {"scheme": scheme, "code": value}


def _role(text: str, document: str | None) -> dict[str, str]:
    words, _, title = text.partition(": ")
    role, _, of = words.partition(" ")
    if not role or not of:
        raise StancedataError(
            f"role: does not name the other actor, got {text!r}; write ROLE ID, or ROLE ID: OFFICE"
        )
    given = {"role": role, "of": of, "title": title, "document": document or ""}
    return {key: value for key, value in given.items() if value}


@code.command("person")
@click.option(
    "--batch",
    type=PATH,
    required=True,
    metavar="TABLE.csv",
    help="Table in UTF-8 with a row for each office: id, name, aliases, role, of, title, document, valid_from, valid_to, source.",
)
@UPDATE
@FOLDER
@exclusive
def person(path: Path, batch: Path, update: bool) -> None:
    """Create the files of persons with their offices from a table.

    Several rows of one person make one file. The ID may be empty, and is then made from the name;
    aliases are separated by |, and the role is speaks_for if it is empty. All rows are checked
    first: if one is wrong, every problem is reported with its line, and nothing is written.
    """
    from stancedata.coding.persons import new_persons

    _report(new_persons(path, batch, update))


@code.command("event", cls=kinds("event_kind"))
@click.argument("event_id", metavar="ID")
@options(
    ("name", "Name in English."),
    ("kind", "Kind of event, for example meeting."),
    ("held-on", "Date: a day, a period 2021-10-09/2021-10-10, or a range of possible days."),
    ("dated-by", "Document of the dataset that gives the date."),
    ("source", "Web address that gives the date."),
    ("note", "Note for readers."),
    ("series", "Series to which it belongs."),
    ("place", "Where it was held."),
)
@click.option(
    "--participant",
    "participants",
    multiple=True,
    metavar="TEXT",
    help="Actor by ID, name or code, with its role: `northland: host`; can be repeated.",
)
@click.option(
    "--participant-document",
    metavar="ID",
    help="Document of the dataset that names the participants; that of --dated-by by default.",
)
@FOLDER
@exclusive
def event(
    path: Path,
    event_id: str,
    participants: tuple[str, ...],
    participant_document: str | None,
    **fields: str | None,
) -> None:
    """Create the file of a new event.

    For example: stancedata code event harbour-talks --name "Harbour talks" --kind meeting
    --held-on 2021-05-12/2021-05-14 --dated-by harbour-gazette-2021-05-15
    --participant "northland: host"
    """
    from stancedata.coding.drafts import new_event

    pairs = list(map(_participant, participants))
    _report(new_event(path, event_id, fields, pairs, participant_document))


def _participant(text: str) -> tuple[str, str]:
    actor_id, _, role = (part.strip() for part in text.rpartition(":"))
    if not actor_id or not role:
        raise StancedataError(
            f"participant: has no role, got {text!r}; write ACTOR: ROLE, such as northland: host"
        )
    return actor_id, role


def _report(additions: Additions) -> None:
    click.echo(str(additions))
    report_problems(additions.problems)
