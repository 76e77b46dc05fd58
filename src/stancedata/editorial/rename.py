"""Rename an actor, event, document or corpus with every reference to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from stancedata.curation.files import ID, is_id, record_class
from stancedata.curation.format import formatted, layout
from stancedata.curation.source import editor_lines, read_text
from stancedata.curation.tree import Node, Tree, parse
from stancedata.data_folder import CODINGS, UNRELEASED, files_of, listed
from stancedata.editorial.changes import Change, Changed, Why, make, require_current
from stancedata.editorial.references import FOLDERS, references
from stancedata.problems import (
    InvalidDataError,
    Place,
    Problem,
    StancedataError,
    UnknownIdError,
    counted,
    did_you_mean,
)
from stancedata.releases.log import read_history
from stancedata.releases.revisions import History, Revision


def rename(data: Path, old: str, new: str, kind: str | None = None, note: str = "") -> Changed:
    """Give a record another ID, in the name of its file and in every file that refers to it.

    Comments are kept. A released record keeps its history: the next release retracts the old ID
    and adds the new one, with a reason that is written here.

    Args:
        data: The data folder.
        old: Its ID.
        new: Its new ID.
        kind: `actor`, `event`, `document` or `coverage`, if records of several have that ID.
        note: Why, for the next release.

    Raises:
        InvalidDataError: If a file cannot be read, or the change would break a rule.
        UnknownIdError: If no record has the ID.
        StancedataError: If the new ID is taken, was retracted, or is not an ID.
    """
    require_current(data)
    if not is_id(new):
        raise StancedataError(f"new id: is not an id, got {new!r}; write {ID}")
    if new == old:
        raise StancedataError(f"new id: is the old one, got {new!r}; choose another id")
    why = Why("correction", note or f"The id {old} was changed to {new}.")
    return make(data, lambda: planned(data, old, new, kind), why)


def planned(data: Path, old: str, new: str, kind: str | None = None) -> tuple[Change, list[str]]:
    """Return the change of files that renames a record, and what it does; raises as `rename`."""
    kind = _kind(data, old, kind)
    history = read_history(data).history
    _refuse_taken(data, new, kind, history)
    word = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    change = Change(f"rename-{old}", renamed=lambda text: word.sub(new, text))
    problems: list[Problem] = []
    count, left = 0, list[str]()
    released = history.standing()
    for file in files_of(data):
        place = _renamed_file(file, data, kind, old, new)
        try:
            text = read_text(file, str(file))
            # Most files do not name the record, and parsing is slow.
            if place == file.relative_to(data) and not word.search(text):
                continue
            tree = parse(text, str(file))
        except InvalidDataError as error:
            problems += error.problems
            continue
        places = _places(tree, file, kind, old, released.values())
        for node in places:
            node.value = word.sub(new, str(node.value))
        count += len(places)
        if places or place != file.relative_to(data):
            change.written[place] = _text(tree, file)
            change.removed |= {file.relative_to(data)} - {place}
        left += _left(change.written.get(place, text), data / place, word)
    if problems:
        raise InvalidDataError(problems)
    moved = [f"{data / path}: removed" for path in sorted(change.removed)]
    files = [f"{data / path}: written" for path in sorted(change.written)]
    total = f"{old} is {new} now: {counted(count, 'reference')} in {counted(len(files), 'file')}"
    return change, [*files, *moved, total, *left]


def _kind(data: Path, old: str, kind: str | None) -> str:
    """Return the kind of a record; raise if there is none, or several."""
    kinds = [kind] if kind else list(FOLDERS)
    found = [k for k in kinds if is_id(old) and (data / FOLDERS[k] / f"{old}.yaml").is_file()]
    if not found:
        ids = [file.stem for k in kinds for file in listed(data, FOLDERS[k])]
        what = kind or "actor, event, document or coverage"
        hint = did_you_mean(old, ids) or "list the files of the data folder"
        raise UnknownIdError(f"no {what} has the id {old!r}; {hint}")
    if len(found) > 1:
        raise StancedataError(f"{old}: is the id of {' and '.join(found)}; choose with --kind")
    return found[0]


def _refuse_taken(data: Path, new: str, kind: str, history: History) -> None:
    """Raise if another record has the new ID, or had it in a release."""
    files = [data / FOLDERS[kind] / f"{new}.yaml"]
    if kind == "document":
        files += [file for file in listed(data, CODINGS) if file.stem == new]
    if there := [file for file in files if file.exists()]:
        raise StancedataError(f"{there[0]}: already exists, so the id is taken; choose another id")
    before = history.standing().get((kind, new))
    if before is not None and before.content is None:
        raise StancedataError(
            f"{new}: was retracted in {before.release}, and ids are never reused; choose another id"
        )


def _renamed_file(file: Path, data: Path, kind: str, old: str, new: str) -> Path:
    path = file.relative_to(data)
    folders = [FOLDERS[kind], *([CODINGS] if kind == "document" else [])]
    return path.with_stem(new) if path.parts[0] in folders and path.stem == old else path


def _places(
    tree: Tree, file: Path, kind: str, old: str, released: Iterable[Revision]
) -> list[Node]:
    """Return the texts of a file that name the record, whole or, for reasons, as a pattern."""
    shape = record_class(file)
    assert shape is not None  # it is one of the curated files
    if file.parent.name == UNRELEASED:
        return [n for n in _patterns(tree) if _is_unreleased(str(n.value), kind, old, released)]
    return [node for node in references(tree.top, shape, kind) if node.value == old]


def _patterns(tree: Tree) -> Iterator[Node]:
    """Yield the ids, and patterns of ids, in a file of reasons."""
    top = tree.top.value
    changes = top["changes"].value if isinstance(top, dict) and "changes" in top else None
    for change in changes if isinstance(changes, list) else []:
        listed = change.value.get("records") if isinstance(change.value, dict) else None
        if listed is not None and isinstance(listed.value, list):
            yield from (n for n in listed.value if isinstance(n.value, str))


def _is_unreleased(pattern: str, kind: str, old: str, released: Iterable[Revision]) -> bool:
    """Return whether a reason is on the record, and no release has what it is on.

    The others stay: they say why the next release retracts the old ID.
    """
    of_document = rf"([^/#]+/)?{re.escape(old)}(#.*)?"
    if not re.fullmatch(of_document if kind == "document" else re.escape(old), pattern):
        return False
    wanted = re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
    return not any(r.content is not None and wanted.fullmatch(r.record_id) for r in released)


def _text(tree: Tree, file: Path) -> str:
    shape = record_class(file)
    assert shape is not None
    return formatted(layout(tree, shape), shape, str(file))


def _left(text: str, file: Path, word: re.Pattern[str]) -> Iterator[str]:
    """Name the lines that still have the old ID: in comments, prose, or as another record's."""
    for number, line in enumerate(editor_lines(text), 1):
        if word.search(line):
            yield f"{Place(str(file), number)}: still has the old id; see whether it is meant"
