"""Read a data folder, collecting every problem and the line of every record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from stancedata import model
from stancedata.curation import conversion, records
from stancedata.curation.patches import patched
from stancedata.curation.source import FieldPath, Source, field_name, path_of, read, show
from stancedata.curation.structure import structure
from stancedata.data_folder import (
    BOUNDS,
    CODEBOOK,
    FOLDERS,
    HISTORY,
    UNRELEASED,
    is_data_folder,
    is_own,
    listed,
)
from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean

CLASSES: dict[str, type] = {
    "actors": records.ActorRecord,
    "events": records.EventRecord,
    "documents": records.DocumentRecord,
    "first_coding": records.BlindRecord,
    "second_coding": records.BlindRecord,
    UNRELEASED: records.UnreleasedRecord,
}
"""The class of the record in the files of each folder."""
WHOLE: dict[str, type] = {CODEBOOK: records.CodebookRecord, BOUNDS: records.BoundsRecord}
"""The class of the record in each file at the top level."""
ID = "lower-case letters and digits, in words joined by hyphens"


@attrs.define
class Folder:
    """The readable part of a data folder, with the problems found.

    Attributes:
        path: The folder.
        content: The records that could be read.
        problems: Problems of the other records, and of keys and file names.
        broken: IDs of records that exist but could not be read, so that references to them are
            not reported as dangling.
        patched: Partly invalid records, by kind and ID, with the fields reported as invalid; the
            other fields can still be checked.
    """

    path: Path
    content: model.Content
    problems: list[Problem] = attrs.Factory(list)
    broken: set[str] = attrs.Factory(set)
    patched: dict[tuple[str, str], tuple[str, ...]] = attrs.Factory(dict)
    _places: dict[tuple[str, str], tuple[Source, FieldPath]] = attrs.Factory(dict)

    def place(self, kind: str, record_id: str, path: FieldPath = ()) -> tuple[Place, str]:
        """Return the file and line of a field of a record, and its path in the file.

        The line of an absent field is that of the value around it.

        Args:
            kind: `actor`, `event`, `document`, `stance`, `blind` or `codebook`.
            record_id: ID of the record; for `blind`, coder and ID joined by a slash.
            path: Path of the field in the record.
        """
        if (kind, record_id) not in self._places:
            return Place(str(self.path)), record_id
        source, start = self._places[kind, record_id]
        return source.place((*start, *path)), field_name((*start, *path))

    def note(self, kind: str, record_id: str, source: Source, path: FieldPath = ()) -> None:
        """Register the location of a record."""
        self._places[kind, record_id] = (source, path)


def record_class(file: Path) -> type | None:
    """Return the class of the record in a curated file, by its location; None for other files."""
    if file.name in WHOLE:
        return WHOLE[file.name]
    return CLASSES.get(file.parent.name) if file.suffix == ".yaml" else None


def read_folder(path: Path) -> Folder:
    """Read a data folder; invalid records become problems and do not stop the reading.

    Args:
        path: A folder with `codebook.yaml`, `actors/`, `events/`, `documents/`.

    Raises:
        InvalidDataError: If there is no codebook.
    """
    folder = Folder(path, model.Content(model.Codebook((), ())))
    codebook = _codebook(folder)
    actors = tuple(_each(folder, "actors", "actor", conversion.to_actor))
    events = tuple(_each(folder, "events", "event", conversion.to_event))
    documents, stances = _documents(folder, codebook)
    blind = [
        stance
        for name in ("first_coding", "second_coding")
        for stance in _blind(folder, name, codebook, {d.document_id: d for d in documents})
    ]
    for problem in _strays(path):
        folder.problems.append(problem)
        folder.broken.add(Path(problem.where.file).stem)
    folder.content = model.Content(
        codebook,
        actors,
        events,
        tuple(documents),
        tuple(sorted(stances, key=lambda s: s.stance_id)),
        tuple(sorted(blind, key=lambda s: (s.stance_id, s.coder or ""))),
    )
    return folder


def _codebook(folder: Folder) -> model.Codebook:
    if not is_data_folder(folder.path):
        message = f"is not a data folder: it has no {CODEBOOK}; give the folder that has one"
        raise InvalidDataError([Problem(Place(str(folder.path)), "", message)])
    if not is_own(folder.path / CODEBOOK, folder.path):
        return _no_codebook(folder, ())  # `_strays` reports the link
    try:
        source = read(folder.path / CODEBOOK)
    except InvalidDataError as error:
        return _no_codebook(folder, error.problems)
    record, problems = structure(source, records.CodebookRecord)
    folder.problems.extend(source.problems)
    if record is None:
        return _no_codebook(folder, problems)
    folder.note("codebook", "codebook", source)
    return conversion.to_codebook(record)


def _no_codebook(folder: Folder, problems: Iterable[Problem]) -> model.Codebook:
    """Go on with an empty codebook, so that problems in other files are still reported."""
    folder.problems.extend(problems)
    folder.broken.add("codebook")
    return folder.content.codebook


def _sources(folder: Folder, name: str) -> Iterator[tuple[str, Source]]:
    """Yield the YAML files of one folder, each with the ID from its name."""
    for file in listed(folder.path, name):
        try:
            source = read(file)
        except InvalidDataError as error:
            folder.problems.extend(error.problems)
            folder.broken.add(file.stem)
            continue
        folder.problems.extend(source.problems)
        problem = _name_problem(file.stem, source)
        if problem:
            folder.problems.append(problem)
        yield file.stem, source


def _name_problem(stem: str, source: Source) -> Problem | None:
    """Report a file whose name is not a valid ID."""
    words = stem.split("-")
    if all(word.isascii() and word.isalnum() and word == word.lower() for word in words):
        return None
    return source.problem((), f"has a name that is not an id, got {show(stem)}; rename it to {ID}")


def _structured(
    folder: Folder, key: tuple[str, str], source: Source, shape: type, value: Any
) -> Any:
    """Structure the record of a whole file, whose ID must be in its name only."""
    record_id = key[1]
    if isinstance(value, dict) and "id" in value:
        got = value.pop("id")
        same = got == record_id
        what = "repeats the file's name" if same else f"is not the file's name {record_id!r}"
        todo = "leave it out" if same else "leave it out, and rename the file if it is wrong"
        folder.problems.append(source.problem(("id",), f"{what}, got {show(got)}; {todo}"))
    record, problems = structure(attrs.evolve(source, value=value), shape)
    folder.problems.extend(problems)
    if record is None:
        record = _repaired(folder, key, source, shape, (), value, problems)
    if record is None:
        folder.broken.add(record_id)
    return record


def _repaired(
    folder: Folder,
    key: tuple[str, str],
    source: Source,
    shape: type,
    path: FieldPath,
    value: Any,
    problems: list[Problem],
) -> Any:
    """Structure a record without its invalid fields, so that the others are checked too."""
    fields = tuple(problem.field for problem in problems)
    faults = [path_of(field)[len(path) :] for field in fields]
    if () in faults or not isinstance(value, dict):
        return None
    folder.patched[key] = fields
    return structure(attrs.evolve(source, value=patched(value, shape, faults)), shape)[0]


def _each(folder: Folder, name: str, kind: str, make: Callable[[str, Any], Any]) -> Iterator[Any]:
    for record_id, source in _sources(folder, name):
        record = _structured(folder, (kind, record_id), source, CLASSES[name], source.value)
        if record is not None:
            folder.note(kind, record_id, source)
            yield make(record_id, record)


def _documents(
    folder: Folder, codebook: model.Codebook
) -> tuple[list[model.Document], list[model.Stance]]:
    documents: list[model.Document] = []
    stances: list[model.Stance] = []
    for document_id, source in _sources(folder, "documents"):
        value, listed = _without_stances(source)
        record = _structured(
            folder, ("document", document_id), source, records.DocumentRecord, value
        )
        folder.note("document", document_id, source)
        digest = record.text.sha256 if record is not None and record.text else None
        if record is not None:
            documents.append(conversion.to_document(document_id, record))
        stances += _stances(folder, source, listed, document_id, digest, codebook)
    return documents, stances


def _without_stances(source: Source) -> tuple[Any, Any]:
    """Split the stances off a document, so that one invalid stance does not affect the others."""
    if not isinstance(source.value, dict) or not isinstance(source.value.get("stances"), list):
        return source.value, []
    rest = {key: item for key, item in source.value.items() if key != "stances"}
    return rest, source.value["stances"]


def _blind(
    folder: Folder, name: str, codebook: model.Codebook, documents: dict[str, model.Document]
) -> Iterator[model.Stance]:
    for document_id, source in _sources(folder, name):
        value, listed = _without_stances(source)
        record = _structured(folder, ("coding", document_id), source, records.BlindRecord, value)
        if record is None:
            continue
        if document_id not in documents and document_id not in folder.broken:
            hint = did_you_mean(document_id, documents) or "give it the name of the document's file"
            what = f"codes a document that is not in documents/, got {document_id!r}; {hint}"
            folder.problems.append(source.problem((), what))
        document = documents.get(document_id)
        digest = document.sha256 if document else None
        yield from _stances(folder, source, listed, document_id, digest, codebook, record.coder)


def _stances(
    folder: Folder,
    source: Source,
    listed: list[Any],
    document_id: str,
    digest: str | None,
    codebook: model.Codebook,
    coder: str | None = None,
) -> Iterator[model.Stance]:
    """Yield the valid stances of a file, and add the problems of the others to the folder."""
    shape = records.BlindStanceRecord if coder else records.StanceRecord
    seen: dict[str, int] = {}
    for index, item in enumerate(listed):
        path: FieldPath = ("stances", index)
        record, problems = structure(source, shape, path, item)
        folder.problems.extend(problems)
        local = item.get("id") if isinstance(item, dict) else None
        stance_id = f"{document_id}#{local}"
        key = ("blind", f"{coder}/{stance_id}") if coder else ("stance", stance_id)
        if record is None:
            record = _repaired(folder, key, source, shape, path, item, problems)
        if record is None:
            folder.broken.add(stance_id)
            continue
        if record.id in seen:
            folder.problems.append(_same_id(source, path, record.id, seen[record.id]))
            continue
        seen[record.id] = source.place((*path, "id")).line
        made, faults = conversion.to_stance(record, document_id, digest, codebook, coder)
        known = folder.patched.get(key, ())
        found = [source.problem((*path, *field), text) for field, text in faults]
        folder.problems.extend(problem for problem in found if problem.field not in known)
        if found:
            folder.patched[key] = (*known, *(problem.field for problem in found))
        folder.note(*key, source, path)
        yield made


def _same_id(source: Source, path: FieldPath, stance_id: str, line: int) -> Problem:
    message = f"is also the id of another stance, got {stance_id!r} again after line {line}; "
    return source.problem((*path, "id"), message + "give the later one the next free number")


def _strays(path: Path) -> Iterator[Problem]:
    """Report files that are not read, so that a misplaced record is not silently ignored."""
    known = {*FOLDERS, HISTORY, UNRELEASED}
    for file in sorted(path.iterdir()):
        if file.is_dir() and file.name in known:
            for inner in sorted(file.iterdir()):
                if (
                    not inner.name.startswith(".")
                    and not inner.is_dir()
                    and not is_own(inner, path)
                ):
                    yield _foreign(inner)
                elif file.name == HISTORY:
                    continue  # `read_history` reports unexpected files there
                elif inner.suffix != ".yaml" and not inner.name.startswith("."):
                    yield _stray(inner, "rename it to end in .yaml, or move it elsewhere")
        elif file.name in WHOLE and not is_own(file, path):
            yield _foreign(file)
        elif file.suffix in (".yaml", ".yml") and file.name not in WHOLE:
            yield _stray(file, f"move it to one of {', '.join(FOLDERS)}")
        elif file.is_dir() and file.name not in known and not file.name.startswith("."):
            hint = did_you_mean(file.name, known) or f"the folders are {', '.join(sorted(known))}"
            yield _stray(file, hint)


def _foreign(file: Path) -> Problem:
    """Report a link out of the folder or a special file; neither is opened."""
    what = f"a link to {str(file.readlink())!r}" if file.is_symlink() else "a special file"
    message = f"is not a regular file in this folder, got {what}; put the file itself here"
    return Problem(Place(str(file)), "", message)


def _stray(file: Path, what_to_do: str) -> Problem:
    return Problem(Place(str(file)), "", f"is not recognised, got {file.name!r}; {what_to_do}")
