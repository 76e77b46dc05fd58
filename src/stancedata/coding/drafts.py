"""Create documents, actors, events and stances, and check each before it is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from stancedata.atomic import write_text
from stancedata.coding.additions import Additions, Entry, add, document_slug, english, tried
from stancedata.coding.candidates import candidates, named
from stancedata.coding.defaults import number_of
from stancedata.coding.lookup import Lookup, require_folder, text_of
from stancedata.coding.moves import Moved, moved
from stancedata.coding.spans import choose, file_of, text_in
from stancedata.curation import records
from stancedata.curation.format import formatted, layout
from stancedata.curation.source import read_text
from stancedata.curation.tree import Node, Tree, from_plain, parse, plain
from stancedata.dataset import Dataset
from stancedata.dataset.folders import dataset_of
from stancedata.model import Issue
from stancedata.model.corpus import digest_of
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError

Fields = Mapping[str, Any]
_NO_EVIDENCE = "is missing; give --words from the text, or --locator if there is no text"


@attrs.frozen
class Drafted:
    """The result of writing a record.

    Attributes:
        file: The file that was written.
        record_id: ID of the document or stance.
        problems: Warnings about the record, and errors that it causes in other files.
        actors: For a document: number of occurrences of each actor's names in its text.
        sentences: For a document: number of candidate sentences.
    """

    file: Path
    record_id: str
    problems: tuple[Problem, ...] = ()
    actors: Mapping[str, int] = attrs.Factory(dict)
    sentences: int = 0


def new_document(data: Path, text: Path | None, fields: Fields, name: str = "") -> Drafted:
    """Write the file of a new document, with hints for coding it.

    Comments list the actors whose names occur, and the offsets of candidate sentences for each
    issue. They contain no words of the text.

    Args:
        data: The data folder.
        text: The document's text in UTF-8; None if it may not be kept, which requires a URL.
        fields: Keys and values of the file; those that are None or empty are left out.
        name: ID of the document; by default that of `document_slug`.

    Raises:
        InvalidDataError: If the file would break a rule; nothing was written.
        StancedataError: If a required field is missing, the document already exists, or the text
            cannot be read.
    """
    given = {key: value for key, value in fields.items() if value not in (None, "", ())}
    missing = sorted({"title", "publisher", "kind", "published_on"} - given.keys())
    if missing:
        options = " ".join(f"--{key.replace('_', '-')}" for key in missing)
        raise StancedataError(f"document: is incomplete; add {options}")
    if text is None and "url" not in given:
        raise StancedataError(
            "document: has neither text nor address; give one with --text or --url"
        )
    document_id = name or document_slug(given)
    require_folder(data)
    file = data / "documents" / f"{document_id}.yaml"
    if file.exists():
        raise StancedataError(f"{file}: already exists; choose another id with --id")
    if text is not None:
        words = text_of(text)
        given["text"] = {"sha256": digest_of(words), "characters": str(len(words))}
    given.setdefault("coded_date", datetime.date.today().isoformat())
    hints: list[str] = []
    actors: dict[str, int] = {}
    places: dict[str, tuple[tuple[int, int], ...]] = {}
    if text is not None:
        dataset = dataset_of(data)
        names = {a.actor_id: [a.name, *(n.name for n in a.names)] for a in dataset.actors.values()}
        actors, places = named(words, names), candidates(words, _issues(dataset))
        hints = _hints(actors, places)
    tree = Tree(Node({key: from_plain(value) for key, value in given.items()}, before=[]))
    made = formatted(layout(tree, records.DocumentRecord), records.DocumentRecord, str(file))
    written = "".join(f"{line}\n" for line in hints) + made
    problems = _check_copy(data, file, written, "document")
    file.parent.mkdir(exist_ok=True)
    write_text(file, written)
    count = len({place for listed in places.values() for place in listed})
    return Drafted(file, document_id, tuple(problems), actors, count)


def _issues(dataset: Dataset) -> list[Issue]:
    """List the issues in the order of the codebook."""
    ordered = dataset.tables["issues"].sort_by("position").column("issue_id")
    return [dataset.issues[issue_id] for issue_id in map(str, ordered.to_pylist())]


def new_actor(data: Path, actor_id: str, fields: Fields, also: Iterable[str] = ()) -> Additions:
    """Write the file of a new actor.

    Args:
        data: The data folder.
        actor_id: ID of the actor.
        fields: Keys and values of the file, including `name` and `kind`; those that are None or
            empty are left out.
        also: Further names and spellings, in English.

    Raises:
        InvalidDataError: If the file would break a rule; nothing was written.
        StancedataError: If the actor already exists.
    """
    listed = english(fields.get("name"), also)
    return _new(data, "actors", actor_id, {**fields, "names": listed}, "actor")


def new_event(
    data: Path,
    event_id: str,
    fields: Fields,
    participants: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    document: str | None = None,
) -> Additions:
    """Write the file of a new event.

    Args:
        data: The data folder.
        event_id: ID of the event.
        fields: Keys and values of the file, including `name` and `held_on`; those that are None or
            empty are left out.
        participants: The actors, by ID, name or code, each with its role.
        document: ID of the document that names the participants; by default the one that dates
            the event.

    Raises:
        InvalidDataError: If the file would break a rule; nothing was written.
        StancedataError: If the event already exists, or no document names the participants.
    """
    pairs = list(participants.items() if isinstance(participants, Mapping) else participants)
    said = document or fields.get("dated_by")
    if pairs and not said:
        raise StancedataError(
            "event: has participants that no document names; add --participant-document or "
            "--dated-by"
        )
    actors = Lookup(data).actors
    listed: list[dict[str, Any]] = []
    faults: list[Problem] = []
    for number, (name, role) in enumerate(pairs):
        listed.append({"actor": name, "role": role, "document": said})
        try:
            listed[-1]["actor"] = actors.resolve(name)
        except StancedataError as error:
            faults.append(Problem(Place("event"), f"participants[{number}].actor", str(error)))
    return _new(data, "events", event_id, {**fields, "participants": listed}, "event", faults)


def _new(
    data: Path,
    folder: str,
    record_id: str,
    fields: Fields,
    what: str,
    known: Iterable[Problem] = (),
) -> Additions:
    entry = Entry(record_id, fields, {"": Place(what)}, must_be_new=True)
    return add(data, folder, [entry], known=known)


def _hints(actors: Mapping[str, int], places: Mapping[str, Iterable[tuple[int, int]]]) -> list[str]:
    """Return comment lines for the top of the file."""
    lines = []
    if actors:
        shown = ", ".join(f"{actor_id} ({count})" for actor_id, count in actors.items())
        lines.append(f"# Names that occur: {shown}")
    if places:
        lines.append(
            "# Sentences with cue words of an issue; remove these lines once you have read them."
        )
    for issue_id, listed in places.items():
        lines.append(f"#   {issue_id}: " + " ".join(f"[{a}, {b}]" for a, b in listed))
    return lines


def add_stance(
    data: Path,
    document: str,
    fields: Fields,
    words: Iterable[str],
    corpus: Path | None,
    occurrences: Iterable[int | None] = (),
) -> Drafted:
    """Add a stance to a document's file, with the next free number.

    Args:
        data: The data folder.
        document: ID of the document.
        fields: Keys and values of the stance, without `id` and `evidence`; those that are None or
            empty are left out. `locator` becomes the evidence of a document without text.
        words: Quotations from the text; each becomes one piece of evidence.
        corpus: Folder that contains the text; needed only with `words`.
        occurrences: For each quotation, which occurrence is meant, counted from 1.

    Raises:
        InvalidDataError: If the stance would break a rule; the file is unchanged.
        StancedataError: If the words do not occur, or there is no such document.
    """
    file = file_of(data, document)
    tree = parse(read_text(file, str(file)), str(file))
    if not isinstance(tree.top.value, dict):
        raise StancedataError(f"{file}: is not a document: it has no keys; fix it first")
    listed = tree.top.value.setdefault("stances", Node([]))
    if not isinstance(listed.value, list):
        listed.value = []
    index = len(listed.value)
    given = {key: value for key, value in fields.items() if value not in (None, "", (), [])}
    locator = given.pop("locator", None)
    evidence = list(_evidence(tree, file, words, corpus, list(occurrences)))
    evidence += [{"locator": locator}] if locator else []
    number = 1 + max((number_of(plain(node)) for node in listed.value), default=0)
    given = {"id": f"s{number:02}", **given, "evidence": evidence}
    listed.value.append(from_plain(given))
    written = formatted(layout(tree, records.DocumentRecord), records.DocumentRecord, str(file))
    problems = _check_copy(data, file, written, "stance", f"stances[{index}]", corpus)
    write_text(file, written)
    return Drafted(file, f"{document}#{given['id']}", tuple(problems))


def change_text(data: Path, document: str, text: Path, write: bool) -> list[Moved]:
    """Locate the spans of a document in a changed text, and optionally update its files.

    The blind codings of the document are updated too.

    Args:
        data: The data folder.
        document: ID of the document.
        text: File with the changed text, in UTF-8.
        write: Whether to write digest, length and spans; nothing is written if a span is lost.

    Returns:
        Every span, in the order of the files.

    Raises:
        StancedataError: If there is no such document, or the text cannot be read.
    """
    file_of(data, document)
    found, written = moved(data, document, text_of(text))
    if write and not any(span.lost for span in found):
        for file, content in written.items():
            write_text(file, content)
    return found


def _evidence(
    tree: Tree, file: Path, words: Iterable[str], corpus: Path | None, occurrences: list[int | None]
) -> Iterator[dict[str, Any]]:
    text: str | None = None
    for number, wanted in enumerate(words):
        if text is None:
            text = _text(tree, file, corpus)
        which = occurrences[number] if number < len(occurrences) else None
        span = choose(text, wanted, which)
        yield {"span": [str(span.start), str(span.end)], "sha256": span.sha256}


def _text(tree: Tree, file: Path, corpus: Path | None) -> str:
    """Return the text of a document, by the digest in its file."""
    top = plain(tree.top)
    sha256 = top["text"].get("sha256") if isinstance(top.get("text"), dict) else None
    if sha256 is None:
        raise StancedataError(
            f"{file}: has no text in which to find the words; give the place with --locator"
        )
    return text_in(corpus, file, str(sha256))


def _check_copy(
    data: Path, file: Path, written: str, what: str, field: str = "", corpus: Path | None = None
) -> list[Problem]:
    """Check a part of a file before it is written, and raise if it has errors."""
    problems = tried(data, {file: written}, corpus, [file.stem])
    # The lines do not exist yet, so problems name the record instead.
    found = [
        _rephrase(p, what, p.field.removeprefix(field).lstrip("."))
        for p in problems
        if p.where.file == str(file) and p.field.startswith(field) and p.rule != "text_missing"
    ]
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise InvalidDataError(errors)
    return found + [problem for problem in problems if problem.where.file != str(file)]


def _rephrase(problem: Problem, what: str, field: str) -> Problem:
    """Rephrase a problem in terms of the command line, where evidence is given by options."""
    missing = field == "evidence" and problem.message.startswith(("is missing", "has no evidence"))
    message = _NO_EVIDENCE if missing else problem.message
    return attrs.evolve(problem, where=Place(what), field=field, message=message)
