"""Add records to a data folder: all are checked together, and written all or none.

An addition waits for another one to the same folder, so that neither overwrites the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

from stancedata.atomic import staged
from stancedata.coding.lookup import require_folder
from stancedata.curation.files import CLASSES, ID, is_id
from stancedata.curation.format import formatted, layout
from stancedata.curation.source import path_of, read, read_text
from stancedata.curation.tree import Node, Tree, from_plain, parse, plain
from stancedata.dataset.folders import check, open_folder
from stancedata.model.corpus import as_corpus
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError, counted
from stancedata.text import slug

Fields = Mapping[str, Any]
_SAME = {"names": ("name",), "codes": ("scheme",), "roles": ("role", "of", "title")}
"""Keys of the items of a list that, if equal on one of their days, make them the same item."""


@attrs.frozen
class Entry:
    """A record to add.

    Attributes:
        record_id: Its ID.
        fields: Keys and values of its file; those that are None or empty are left out.
        places: Where it was given, by the path of a field, `roles[1]`; that of `""` is needed.
        found: ID of the record that it already is, which may be another one.
        must_be_new: Whether a file of that ID is an error.
    """

    record_id: str
    fields: Fields
    places: Mapping[str, Place]
    found: str = ""
    must_be_new: bool = False

    def place(self, field: str) -> Place:
        """Return where a field was given."""
        return self.places.get(field.partition(".")[0]) or self.places[""]


@attrs.frozen
class Added:
    """What became of one entry.

    Attributes:
        file: The file of the record.
        record_id: Its ID in the dataset.
        gained: Number of items or values that an existing record gained, by key.
        created: Whether it is new.
    """

    file: Path
    record_id: str
    created: bool = True
    gained: Mapping[str, int] = attrs.Factory(dict)

    def __str__(self) -> str:
        gained = (counted(n, key[:-1]) if key in _SAME else key for key, n in self.gained.items())
        what = ", ".join(gained)
        done = "created" if self.created else f"gained {what}:" if what else "exists, left alone:"
        return f"{self.file}: {done} {self.record_id}"


@attrs.frozen
class Additions:
    """The result of an addition.

    Attributes:
        records: What became of each entry, in their order.
        problems: Warnings about the records, and errors that they cause in other files.
    """

    records: tuple[Added, ...]
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        listed = [str(record) for record in self.records]
        if len(listed) > 1:
            created = sum(record.created for record in self.records)
            gained = sum(bool(record.gained) for record in self.records)
            left = len(listed) - created - gained
            listed.append(f"{created} created, {gained} updated, {left} left alone")
        return "\n".join(listed)


@attrs.frozen
class _Draft:
    """The file of an entry: its text, and which of its fields were given where."""

    entry: Entry
    added: Added
    text: str = ""
    given: Mapping[str, str] = attrs.Factory(dict)
    fault: Problem | None = None


def add(
    data: Path,
    folder: str,
    entries: Iterable[Entry],
    update: bool = False,
    known: Iterable[Problem] = (),
) -> Additions:
    """Write the files of new records; those that exist are left alone.

    Args:
        data: The data folder.
        folder: The folder of the records, `actors`.
        entries: The records.
        update: Whether an existing record gains the keys and items that it does not have.
        known: Problems that were found before; errors are raised with those that are found here.

    Raises:
        InvalidDataError: If a record would break a rule; nothing was written.
        StancedataError: If there is no such folder, or it cannot be written.
    """
    require_folder(data)
    with staged(data) as new:
        drafts = [_draft(data, folder, entry, update) for entry in entries]
        problems = _tried(data, drafts, known)
        (new / folder).mkdir()
        for draft in drafts:
            if draft.text:
                file = new / folder / draft.added.file.name
                file.write_text(draft.text, encoding="utf-8", newline="\n")
    return Additions(tuple(draft.added for draft in drafts), problems)


def _tried(data: Path, drafts: list[_Draft], known: Iterable[Problem]) -> tuple[Problem, ...]:
    """Check the drafts together; raise if one has errors, and return the other problems."""
    written = {draft.added.file: draft.text for draft in drafts if draft.text}
    by_file = {str(draft.added.file): draft for draft in drafts if draft.text}
    found = [*known, *(draft.fault for draft in drafts if draft.fault)]
    elsewhere: list[Problem] = []
    told = {(problem.where, problem.field) for problem in found}
    for problem in tried(data, written) if written else ():
        draft = by_file.get(problem.where.file)
        restated = _restated(problem, draft)
        if (restated.where, restated.field) not in told:
            (found if draft else elsewhere).append(restated)
    if errors := [problem for problem in found if problem.severity == "error"]:
        raise InvalidDataError(errors)
    # A record that was just added is never in use yet.
    return tuple(problem for problem in found + elsewhere if problem.rule != "unused_actor")


def _draft(data: Path, folder: str, entry: Entry, update: bool) -> _Draft:
    record_id = entry.found or entry.record_id
    file = data / folder / f"{record_id}.yaml"
    if not is_id(record_id):
        message = f"is not an id, got {record_id!r}; write {ID}"
        wrong = Problem(entry.place("id"), "id", message)
        return _Draft(entry, Added(file, record_id), fault=wrong)
    given = {k: v for k, v in entry.fields.items() if v not in (None, "", (), [])}
    if not file.exists():
        fields = {key: from_plain(value) for key, value in given.items()}
        text = _layout(Tree(Node(fields)), folder, file)
        return _Draft(entry, Added(file, record_id), text)
    if entry.must_be_new:
        raise StancedataError(f"{file}: already exists; edit it, or choose another id")
    tree = parse(read_text(file, str(file)), str(file))
    fault = _fault(tree, given, entry, file)
    places = _gain(tree.top, given) if update and not fault else {}
    gained: dict[str, int] = {}
    for field in places:
        key = field.partition("[")[0]
        gained[key] = gained.get(key, 0) + 1
    text = _layout(tree, folder, file) if places else ""
    return _Draft(entry, Added(file, record_id, False, gained), text, places, fault)


def _layout(tree: Tree, folder: str, file: Path) -> str:
    return formatted(layout(tree, CLASSES[folder]), CLASSES[folder], str(file))


def _fault(tree: Tree, given: Fields, entry: Entry, file: Path) -> Problem | None:
    """Return why an existing file cannot be the record of an entry."""
    top = plain(tree.top)
    if not isinstance(top, dict):
        return Problem(Place(str(file)), "", "has no keys; fix it first")
    if any(not isinstance(top.get(key) or [], list) for key in _SAME):
        return Problem(
            Place(str(file)), "", "has something else where a list must be; fix it first"
        )
    if entry.found or top.get("kind") == given.get("kind"):
        return None
    got = f"got {top.get('kind')} in {file}"
    message = f"already exists and is not a {given.get('kind')}, {got}; choose another id"
    return Problem(entry.place("id"), "id", message)


def _gain(top: Node, given: Fields) -> dict[str, str]:
    """Add what a record lacks to its tree; return the new fields, with those of the entry."""
    assert isinstance(top.value, dict)
    places: dict[str, str] = {}
    for key, value in given.items():
        if key in _SAME:
            node = top.value.setdefault(key, Node([]))
            items = [_as_alias(item, top.value) for item in value] if key == "names" else value
            places |= _gain_items(node, key, items)
        elif key not in top.value:
            top.value[key] = from_plain(value)
            places[key] = key
    return places


def _gain_items(node: Node, key: str, items: Iterable[Fields]) -> dict[str, str]:
    """Add the items that a list lacks; return their fields, with those of the entry."""
    there = plain(node) or []
    node.value = node.value or []
    assert isinstance(node.value, list)
    places: dict[str, str] = {}
    for index, item in enumerate(items):
        if not any(_is_same(item, other, _SAME[key]) for other in there):
            places[f"{key}[{len(node.value)}]"] = f"{key}[{index}]"
            node.value.append(from_plain(item))
    return places


def _as_alias(item: Fields, actor: Mapping[str, Node]) -> Fields:
    """Return a name as an alias if the actor is called something else."""
    is_other = item["kind"] == "preferred" and item["name"] != actor["name"].value
    return {**item, "kind": "alias"} if is_other else item


def _is_same(one: Fields, other: Any, keys: Iterable[str]) -> bool:
    """Whether two items of a list are the same on one of their days; days without end match all."""
    if not isinstance(other, dict) or any(one.get(key) != other.get(key) for key in keys):
        return False
    before = one.get("valid_to", "9999") < other.get("valid_from", "")
    return not before and not other.get("valid_to", "9999") < one.get("valid_from", "")


def _restated(problem: Problem, draft: _Draft | None) -> Problem:
    """Restate a problem in a file that is not written yet in terms of what was given."""
    if draft is None:
        return problem
    top, dot, rest = problem.field.partition(".")
    if not draft.added.created and top not in draft.given:
        # Of what the file had before, but on another line than in the extended file.
        return attrs.evolve(problem, where=read(draft.added.file).place(path_of(problem.field)))
    field = draft.given.get(top, top) + dot + rest
    return attrs.evolve(problem, where=draft.entry.place(field), field=field)


def tried(
    data: Path,
    written: Mapping[Path, str],
    corpus: Path | None = None,
    only: Collection[str] = (),
) -> list[Problem]:
    """Check a data folder as if some files were written, without writing them.

    Args:
        data: The folder.
        written: The new texts of files in it.
        corpus: Folder with the documents' texts.
        only: Documents, if only problems of their files and blind codings are asked for.

    Returns:
        Every problem of these files, and those errors of other files that are new.

    Raises:
        StancedataError: If one of the files is behind a link.
    """
    for file in written:
        if not file.resolve().is_relative_to(data.resolve()):
            raise StancedataError(f"{file}: is behind a link, got {file.resolve()}; edit it there")
    texts = None if corpus is None else as_corpus(corpus)
    new = {file.relative_to(data).as_posix(): text for file, text in written.items()}
    found = open_folder(data, texts, written=new, only=only).problems
    names = set(map(str, written))
    elsewhere = [p for p in found if p.where.file not in names and p.severity == "error"]
    # For example, a silence in another file that is unneeded now that the actor is used.
    before = set(check(data, corpus=corpus)) if elsewhere else set()
    mine = [p for p in found if p.where.file in names]
    return mine + [problem for problem in elsewhere if problem not in before]


def english(name: str | None, also: Iterable[str]) -> list[dict[str, str]]:
    """Return the items of `names` for a preferred name and further ones."""
    pairs = [(name, "preferred"), *((other, "alias") for other in also)]
    return [{"name": n, "kind": kind, "language": "en"} for n, kind in pairs if n]


def actor_slug(name: str) -> str:
    """Convert a name to an ID; an apostrophe joins: `Côte d'Ivoire` becomes `cote-divoire`."""
    return slug(name.replace("'", "").replace("’", ""))


def document_slug(fields: Fields) -> str:
    """Name a document from the keys of its file: a speech by occasion and author.

    Without an event, a speech is named by author and day, any other by publisher and day.
    """
    authors = list(fields.get("authors") or ())
    day = fields.get("published_on", "")
    if authors and fields.get("event"):
        parts = [fields["event"], *authors]
    elif authors and fields.get("kind") == "speech":
        parts = [*authors, day]
    else:
        parts = [fields.get("publisher", ""), day]
    return slug(" ".join(parts))
