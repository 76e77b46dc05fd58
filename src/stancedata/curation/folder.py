"""Read a data folder, collecting every problem and the line of every record."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from stancedata import model
from stancedata.curation import conversion, records
from stancedata.curation.files import CLASSES, Files, read_files
from stancedata.curation.patches import patched, unpatched_path
from stancedata.curation.source import FieldPath, Source, editor_lines, field_name, path_of, show
from stancedata.curation.structure import structure
from stancedata.data_folder import CODEBOOK, CODINGS, is_data_folder
from stancedata.problems import InvalidDataError, Place, Problem

NOTHING = model.Content(model.Codebook((), ()))
"""The content of a folder without records."""


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
        signs: What shows that the folder was written for schema 1; empty for one of schema 2.
        files: The files from which it was read.
    """

    path: Path
    content: model.Content
    problems: list[Problem] = attrs.Factory(list)
    broken: set[str] = attrs.Factory(set)
    patched: dict[tuple[str, str], tuple[str, ...]] = attrs.Factory(dict)
    signs: list[str] = attrs.Factory(list)
    files: Files | None = None

    def place(self, kind: str, record_id: str, path: FieldPath = ()) -> tuple[Place, str]:
        """Return the file and line of a field of a record, and its path in the file.

        The line of an absent field is that of the value around it.

        Args:
            kind: `actor`, `event`, `document`, `stance`, `blind`, `coding`, `coverage` or
                `codebook`.
            record_id: ID of the record; for `blind` and `coding`, coder and ID joined by a slash.
            path: Path of the field in the record, its items numbered as in the tables.
        """
        source = self.files.found(file_of(kind, record_id)) if self.files else None
        start = None if source is None else _start(source, kind, record_id)
        if source is None or start is None:
            return Place(str(self.path)), record_id
        record: Any = source.value
        for step in start:
            record = record[step]
        with contextlib.suppress(AttributeError, KeyError, TypeError):  # it is patched
            path = conversion.written_path(path, record)
        faults = [path_of(field)[len(start) :] for field in self.patched.get((kind, record_id), ())]
        path = (*start, *unpatched_path(path, faults))
        return source.place(path), field_name(path)

    def at_line(self, problem: Problem, is_meant: Callable[[str], bool]) -> Problem:
        """Move a problem about a text of several lines to the first of them that is meant."""
        first, name = problem.where.line, os.path.relpath(problem.where.file, self.path)
        source = self.files.found(Path(name).as_posix()) if self.files and first else None
        if self.files is None or source is None:
            return problem
        lines = editor_lines(self.files.contents[Path(name).as_posix()].decode("utf-8"))
        end = min((n for n in source.lines.values() if n > first), default=len(lines) + 1)
        number = next((n for n in range(first, end) if is_meant(lines[n - 1])), first)
        return attrs.evolve(problem, where=Place(problem.where.file, number))


def file_of(kind: str, record_id: str) -> str:
    """Return the path of a record's file within its data folder; see `Folder.place`."""
    if kind == "codebook":
        return CODEBOOK
    folder = {"stance": "documents", "blind": CODINGS, "coding": CODINGS, "coverage": "coverage"}
    return f"{folder.get(kind, f'{kind}s')}/{record_id.partition('#')[0]}.yaml"


def _start(source: Source, kind: str, record_id: str) -> FieldPath | None:
    """Return the path of a record in its file; None if it is not there."""
    if kind not in ("stance", "blind"):
        return ()
    local = record_id.partition("#")[2]
    listed = _without_stances(source)[1]
    same = (n for n, s in enumerate(listed) if isinstance(s, dict) and s.get("id") == local)
    number = next(same, None)
    return None if number is None else ("stances", number)


def read_folder(path: Path) -> Folder:
    """Read a data folder; invalid records become problems and do not stop the reading.

    Args:
        path: A folder with `codebook.yaml`, `actors/`, `events/`, `documents/`.

    Raises:
        InvalidDataError: If there is no codebook.
    """
    refuse_others(path)
    return folder_of(read_files(path))


def refuse_others(path: Path) -> None:
    """Raise InvalidDataError unless a path is a data folder."""
    if not is_data_folder(path):
        message = f"is not a data folder: it has no {CODEBOOK}; give the folder that has one"
        raise InvalidDataError([Problem(Place(str(path)), "", message)])


def folder_of(files: Files) -> Folder:
    """Compile the records of the files of a data folder that are not known."""
    folder = _compiled(files)
    if files.is_old:
        files = read_files(files.path, files.written)
        files.upgrade()
        folder = _compiled(files)
    return folder


def _compiled(files: Files) -> Folder:
    folder = Folder(
        files.path, NOTHING, files.problems, files.broken, signs=files.signs, files=files
    )
    codebook = _codebook(folder, files)
    actors = tuple(_each(folder, files, "actors", "actor", conversion.to_actor))
    events = tuple(_each(folder, files, "events", "event", conversion.to_event))
    coverage = tuple(_each(folder, files, "coverage", "coverage", conversion.to_coverage))
    documents, stances = _documents(folder, files, codebook)
    codings, blind = _codings(folder, files, codebook, {d.document_id: d for d in documents})
    folder.content = model.Content(
        codebook,
        actors,
        events,
        tuple(documents),
        tuple(sorted(stances, key=lambda s: s.stance_id)),
        tuple(sorted(blind, key=lambda s: (s.stance_id, s.coder or ""))),
        tuple(sorted(codings, key=lambda c: (c.coder, c.document_id))),
        coverage,
    )
    return folder


def _codebook(folder: Folder, files: Files) -> model.Codebook:
    if CODEBOOK in files.known:
        return folder.content.codebook  # and so is everything else
    source = files.parsed(CODEBOOK)
    if source is None:
        return _no_codebook(folder, ())  # reading the file, or `strays`, has reported why
    record, problems = structure(source, records.CodebookRecord)
    if record is None:
        return _no_codebook(folder, problems)
    return conversion.to_codebook(record)


def _no_codebook(folder: Folder, problems: Iterable[Problem]) -> model.Codebook:
    """Go on with an empty codebook, so that problems in other files are still reported."""
    folder.problems.extend(problems)
    folder.broken.add("codebook")
    return folder.content.codebook


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


def _each(
    folder: Folder, files: Files, name: str, kind: str, make: Callable[[str, Any], Any]
) -> Iterator[Any]:
    for record_id, source in files.of(name):
        record = _structured(folder, (kind, record_id), source, CLASSES[name], source.value)
        if record is not None:
            yield make(record_id, record)


def _documents(
    folder: Folder, files: Files, codebook: model.Codebook
) -> tuple[list[model.Document], list[model.Stance]]:
    documents: list[model.Document] = []
    stances: list[model.Stance] = []
    for document_id, source in files.of("documents"):
        value, listed = _without_stances(source)
        record = _structured(
            folder, ("document", document_id), source, records.DocumentRecord, value
        )
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


def _codings(
    folder: Folder, files: Files, codebook: model.Codebook, documents: dict[str, model.Document]
) -> tuple[list[model.Coding], list[model.Stance]]:
    codings: list[model.Coding] = []
    stances: list[model.Stance] = []
    for record_id, source in files.of(CODINGS):
        coder, document_id = record_id.split("/")
        value, listed = _without_stances(source)
        record = _structured(folder, ("coding", record_id), source, records.CodingRecord, value)
        if record is None:
            continue
        folder.problems.extend(_misplaced(source, record, coder, document_id))
        codings.append(conversion.to_coding(coder, document_id, record))
        digest = documents[document_id].sha256 if document_id in documents else None
        stances += _stances(folder, source, listed, document_id, digest, codebook, coder)
    return codings, stances


def _misplaced(
    source: Source, record: records.CodingRecord, coder: str, document_id: str
) -> Iterator[Problem]:
    """Report a blind coding that names another coder or document than its place does."""
    for name, got, place in (
        ("coder", record.coder, coder),
        ("document", record.document, document_id),
    ):
        if got not in (None, place):
            what = f"is not that of the file's place, got {show(got)} instead of {place!r}"
            todo = "leave it out, and move the file if that is wrong"
            yield source.problem((name,), f"{what}; {todo}")


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
        yield made


def _same_id(source: Source, path: FieldPath, stance_id: str, line: int) -> Problem:
    message = f"is also the id of another stance, got {stance_id!r} again after line {line}; "
    return source.problem((*path, "id"), message + "give the later one the next free number")
