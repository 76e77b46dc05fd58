"""Migrate the files of a data folder from schema 1 to schema 2."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from stancedata.atomic import write_text
from stancedata.curation import records
from stancedata.curation.files import record_class
from stancedata.curation.format import formatted, layout
from stancedata.curation.migration import Note, upgraded
from stancedata.curation.reasons import read_reasons
from stancedata.curation.source import read_text
from stancedata.curation.tree import Tree, from_plain, parse
from stancedata.data_folder import (
    CODEBOOK,
    CODINGS,
    OLD_CODINGS,
    UNRELEASED,
    files_of,
    is_data_folder,
)
from stancedata.problems import InvalidDataError, Problem, StancedataError
from stancedata.releases.log import read_history
from stancedata.tables.parquet import is_parquet_folder

REASONS = Path(UNRELEASED) / "schema-2.yaml"
"""The file with the reasons for the changes, within a data folder."""
_REASON = "codebook_change"
_NOTE = "Written for schema 2; nothing was coded again."


def migrate(data: Path, write: bool = True) -> dict[Path, str]:
    """Rewrite a data folder of schema 1 for schema 2, with the reasons for the next release.

    Every file is replaced in one step. If the process is killed, migrating again goes on.

    Args:
        data: The folder of curated files.
        write: Whether to write; otherwise only the answer is given.

    Returns:
        The files that are written, each with what changes in it; empty for a folder of schema 2.

    Raises:
        InvalidDataError: If a file cannot be parsed, or two would get one name; nothing is written.
        StancedataError: If the path is an export or not a data folder.
    """
    _refuse_others(data)
    trees = _parsed(data)
    made, notes = upgraded(trees)
    texts = {data / path: _text(made[path], data / path) for path in _in_order(notes)}
    told = {file: _told(note for note in notes if data / note.file == file) for file in texts}
    reasons = _reasons(data, notes)
    if reasons:
        texts = {data / REASONS: reasons, **texts}
        told = {data / REASONS: "reasons for the next release", **told}
    if write:
        _write(data, texts, made)
    return told


def _refuse_others(data: Path) -> None:
    if is_data_folder(data):
        return
    if is_parquet_folder(data):
        raise StancedataError(f"{data}: is an export; migrate the folder that it was made of")
    raise StancedataError(f"{data}: is not a data folder: it has no {CODEBOOK}; give one that has")


def _parsed(data: Path) -> dict[str, Tree]:
    trees: dict[str, Tree] = {}
    problems: list[Problem] = []
    for file in files_of(data):
        if file.parent.name != UNRELEASED:
            try:
                trees[file.relative_to(data).as_posix()] = parse(
                    read_text(file, str(file)), str(file)
                )
            except InvalidDataError as error:
                problems += error.problems
    if problems:
        raise InvalidDataError(problems)
    return trees


def _in_order(notes: Iterable[Note]) -> list[str]:
    """Order the files so that those that show schema 1 are written last."""
    paths = {note.file for note in notes}
    return sorted(paths, key=lambda p: (p.startswith(f"{CODINGS}/"), p == CODEBOOK, p))


def _text(tree: Tree, file: Path) -> str:
    shape = record_class(file)
    assert shape is not None
    return formatted(layout(tree, shape), shape, str(file))


def _told(notes: Iterable[Note]) -> str:
    return ", ".join(dict.fromkeys(what for note in notes for what in note.what.split(", ")))


def _write(data: Path, texts: Mapping[Path, str], made: Mapping[str, Tree]) -> None:
    for file, text in texts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, text)
    for path, tree in made.items():
        if Path(tree.file) != data / path:
            Path(tree.file).unlink()
    for folder in (data / name for name in OLD_CODINGS):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _reasons(data: Path, notes: Iterable[Note]) -> str:
    """Write the reason for each change of a released record; empty if there is none."""
    standing = read_history(data).history.standing()
    released = {key for key, last in standing.items() if last.content is not None}
    changed: defaultdict[str, list[str]] = defaultdict(list)
    for note in notes:
        document = ("document", note.record_id.rpartition("/")[2])
        if (document if note.kind == "coding" else (note.kind, note.record_id)) in released:
            changed[note.kind].append(note.record_id)
    before = _recorded(data / REASONS) if (data / REASONS).exists() else []
    known = {record_id for listed in before for record_id in listed}
    new = [sorted(set(ids) - known) for ids in changed.values()]
    changes = [_change(ids) for ids in (*before, *filter(None, new))]
    if not any(new):
        return ""
    tree = Tree(from_plain({"changes": changes}))
    return layout(tree, records.UnreleasedRecord)


def _change(ids: Iterable[str]) -> dict[str, object]:
    return {"records": list(ids), "reason": _REASON, "note": _NOTE}


def _recorded(file: Path) -> list[tuple[str, ...]]:
    """Return the records of each change that an interrupted migration has recorded."""
    reasons, problems = read_reasons([file])
    if problems:
        raise InvalidDataError(problems)
    return [reason.records for reason in reasons]
