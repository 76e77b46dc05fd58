"""Create states with the names and codes of the standard tables.

`states.csv` has the codes and `state_names.csv` the English names; docs/coding.md names the sources.
"""

from __future__ import annotations

import csv
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path

from stancedata.coding.additions import Additions, Entry, actor_slug, add
from stancedata.curation.folder import Folder, read_folder
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError, did_you_mean

Item = dict[str, str]
LANGUAGES = ("ar", "zh", "fr", "ru", "es")
"""The official languages of the United Nations other than English."""
ALPHA2, ALPHA3, WIKIDATA = "iso3166-1-alpha2", "iso3166-1-alpha3", "wikidata"


@functools.cache
def codes() -> dict[str, list[Item]]:
    """Return the codes of every state, with their spells, by its three-letter ISO 3166 code."""
    return _by_state("states.csv")


@functools.cache
def english_names() -> dict[str, list[Item]]:
    """Return the English names of every state, the preferred one first."""
    named = _by_state("state_names.csv").items()
    return {iso3: [{**item, "language": "en"} for item in items] for iso3, items in named}


def names(iso3: str, english_only: bool = False) -> list[Item]:
    """Return the names of a state in English and, as aliases, in the other UN languages.

    Raises:
        StancedataError: If the library that has the names in other languages is not installed.
    """
    listed = list(english_names()[iso3])
    for language in () if english_only else LANGUAGES:
        name = _translated(iso3, language)
        if name not in [item["name"] for item in listed]:  # French has `France` too
            listed.append({"name": name, "kind": "alias", "language": language})
    return listed


def chosen(wanted: Iterable[str]) -> list[str]:
    """Return the codes of the states that are wanted, in upper case and once each.

    Raises:
        InvalidDataError: If some are not the code of a state; the problems name all of them.
        StancedataError: If there is none.
    """
    listed = [code.upper() for text in wanted for code in re.split(r"[\s,]+", text) if code]
    if not listed:
        raise StancedataError("iso3: has no code; give three letters of ISO 3166-1, such as FRA")
    unknown = [code for code in dict.fromkeys(listed) if code not in codes()]
    if unknown:
        raise InvalidDataError(map(_unknown, unknown))
    return list(dict.fromkeys(listed))


def _unknown(code: str) -> Problem:
    hint = did_you_mean(code, codes()) or "give three letters of ISO 3166-1, such as FRA"
    return Problem(Place("iso3"), "", f"is not in the table of states, got {code!r}; {hint}")


def new_states(
    data: Path, wanted: Iterable[str] | None, update: bool = False, english_only: bool = False
) -> Additions:
    """Write the files of states, with the names and codes of the standard tables.

    An actor that has the ISO 3166 code of a state is that state, whatever its ID. It is left alone.

    Args:
        data: The data folder.
        wanted: Three-letter codes of ISO 3166-1; None for all states.
        update: Whether a state that exists gains the names and codes that it does not have.
        english_only: Whether to leave out the names in the other UN languages.

    Returns:
        What became of each state, in the order of the codes.

    Raises:
        InvalidDataError: If a code is unknown, the codebook lacks a scheme, or a file would break
            a rule; nothing was written.
        StancedataError: If the library with names in other languages is not installed.
    """
    chosen_ones = list(codes()) if wanted is None else chosen(wanted)
    folder = read_folder(data)
    _refuse_unknown_schemes(folder, chosen_ones)
    found = {
        code.code: actor.actor_id
        for actor in folder.content.actors
        for code in actor.codes
        if code.scheme == ALPHA3
    }
    taken = _owners(folder)
    entries = [_state(iso3, found.get(iso3, ""), english_only) for iso3 in chosen_ones]
    written = [entry for entry in entries if update or not entry.found]
    known = [problem for entry in written for problem in _leave_out(entry, taken)]
    return add(data, "actors", entries, update, known)


def _state(iso3: str, found: str, english_only: bool) -> Entry:
    listed = names(iso3, english_only)
    name = listed[0]["name"]
    wikidata = next(item["code"] for item in codes()[iso3] if item["scheme"] == WIKIDATA)
    others = [item for item in codes()[iso3] if item["scheme"] != WIKIDATA]
    fields: dict[str, object] = {"name": name, "kind": "state", "wikidata": wikidata}
    fields |= {"names": listed, "codes": others}
    actor_id = actor_slug(name)
    return Entry(actor_id, fields, {"": Place(actor_id)}, found)


def _owners(folder: Folder) -> dict[str, str]:
    """Return the actor of every name, in lower case."""
    actors = folder.content.actors
    return {n.casefold(): a.actor_id for a in actors for n in (a.name, *(m.name for m in a.names))}


def _leave_out(entry: Entry, owners: Mapping[str, str]) -> Iterator[Problem]:
    """Leave out the names that other actors have, since they could not be told apart by them."""
    mine = {entry.found, entry.record_id}
    items = entry.fields["names"]
    for item in list(items):
        owner = owners.get(item["name"].casefold())
        if owner and owner not in mine and item["kind"] != "preferred":
            items.remove(item)
            message = f"leaves out {item['name']!r}, which {owner} is called"
            yield Problem(entry.place(""), "names", message, "warning")


def _refuse_unknown_schemes(folder: Folder, chosen: Iterable[str]) -> None:
    """Raise if the codebook lacks a scheme, once for each and not for every state."""
    used = dict.fromkeys(item["scheme"] for iso3 in chosen for item in codes()[iso3])
    known = {t.value for t in folder.content.codebook.vocabulary if t.field == "code_scheme"}
    place, field = folder.place("codebook", "codebook", ("vocabulary", "code_scheme"))
    missing = [scheme for scheme in used if scheme not in known]
    if missing and "codebook" not in folder.broken:
        raise InvalidDataError(
            Problem(place, field, f"lacks the scheme {scheme!r}; add it, with a definition")
            for scheme in missing
        )


def _by_state(table: str) -> dict[str, list[Item]]:
    """Read a packaged table; empty cells are left out."""
    text = resources.files("stancedata.coding").joinpath(table).read_text(encoding="utf-8")
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        iso3 = row.pop("iso3")
        found[iso3].append({key: value for key, value in row.items() if value})
    return dict(found)


def _translated(iso3: str, language: str) -> str:
    """Return the name of a state in another language, without a remark in parentheses."""
    try:
        from babel import Locale  # of the extra `coding`
    except ImportError:
        raise StancedataError(
            "names in other languages need the library Babel; run pip install "
            "'stancedata[coding]', or add --english-only"
        ) from None
    alpha2 = next(item["code"] for item in codes()[iso3] if item["scheme"] == ALPHA2)
    return re.sub(r" \(.*\)$", "", Locale(language).territories[alpha2])
