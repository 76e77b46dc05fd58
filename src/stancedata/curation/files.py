"""Find and parse the files of a data folder; those of schema 1 are upgraded in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from stancedata.curation import records
from stancedata.curation.migration import signs_of_schema_1, upgraded
from stancedata.curation.source import Source, read, read_text, show
from stancedata.curation.tree import Tree, lines_of, parse, plain
from stancedata.data_folder import (
    BOUNDS,
    CODEBOOK,
    CODINGS,
    FOLDERS,
    HISTORY,
    OLD_CODINGS,
    UNRELEASED,
    is_own,
    listed,
)
from stancedata.problems import InvalidDataError, Place, Problem, did_you_mean

CLASSES: dict[str, type] = {
    "actors": records.ActorRecord,
    "events": records.EventRecord,
    "documents": records.DocumentRecord,
    "coverage": records.CoverageRecord,
    CODINGS: records.CodingRecord,
    **dict.fromkeys(OLD_CODINGS, records.CodingRecord),
    UNRELEASED: records.UnreleasedRecord,
}
"""The class of the record in the files of each folder."""
WHOLE: dict[str, type] = {CODEBOOK: records.CodebookRecord, BOUNDS: records.BoundsRecord}
"""The class of the record in each file at the top level."""
ID = "lower-case letters and digits, in words joined by hyphens"


@attrs.frozen
class Files:
    """The parsed files of a data folder.

    Attributes:
        sources: The files that could be parsed, by their path in the folder. Those of schema 1 are
            upgraded: they have the path and the keys of schema 2, and the lines of the old file.
        broken: IDs of the records whose files could not be parsed.
        signs: What shows that the folder was written for schema 1; empty for one of schema 2.
    """

    sources: dict[str, Source] = attrs.Factory(dict)
    problems: list[Problem] = attrs.Factory(list)
    broken: set[str] = attrs.Factory(set)
    signs: list[str] = attrs.Factory(list)

    def of(self, folder: str) -> Iterator[tuple[str, Source]]:
        """Yield the files of one folder, each with the ID of its record."""
        for path, source in self.sources.items():
            if path.startswith(f"{folder}/"):
                yield path[len(folder) + 1 : -len(".yaml")], source


def record_class(file: Path) -> type | None:
    """Return the class of the record in a curated file, by its location; None for other files."""
    if file.name in WHOLE:
        return WHOLE[file.name]
    names = (file.parent.name, file.parent.parent.name)
    place = names[0] if names[0] in CLASSES or names[1] != CODINGS else CODINGS
    return CLASSES.get(place) if file.suffix == ".yaml" else None


def read_files(path: Path) -> Files:
    """Parse every record of a data folder; files that cannot be parsed become problems."""
    files = Files()
    for file in _listed(path):
        try:
            source = read(file)
        except InvalidDataError as error:
            files.problems.extend(error.problems)
            files.broken.add("codebook" if file.name == CODEBOOK else file.stem)
            continue
        files.problems.extend(source.problems)
        files.problems.extend(_name_problems(file, source))
        files.sources[file.relative_to(path).as_posix()] = source
    for problem in strays(path):
        files.problems.append(problem)
        files.broken.add(Path(problem.where.file).stem)
    files.signs.extend(signs_of_schema_1({p: s.value for p, s in files.sources.items()}))
    if files.signs:
        _upgrade(path, files)
    return files


def _listed(path: Path) -> Iterator[Path]:
    if is_own(path / CODEBOOK, path):
        yield path / CODEBOOK
    for name in (*FOLDERS, *OLD_CODINGS):
        yield from listed(path, name)


def _upgrade(path: Path, files: Files) -> None:
    """Replace the sources by those that they become in schema 2."""
    trees = {p: parse(read_text(path / p, s.file), s.file) for p, s in files.sources.items()}
    try:
        made = upgraded(trees)[0]
    except InvalidDataError as error:
        files.problems.extend(error.problems)
        made = upgraded({p: t for p, t in trees.items() if not p.startswith(OLD_CODINGS)})[0]
    files.sources.clear()
    files.sources.update({p: _source(made[p]) for p in sorted(made)})


def _source(tree: Tree) -> Source:
    return Source(tree.file, plain(tree.top), lines_of(tree.top))


def is_id(name: str) -> bool:
    """Return whether a text is an ID: lower-case letters and digits, words joined by hyphens."""
    words = name.split("-")
    return all(word.isascii() and word.isalnum() and word == word.lower() for word in words)


def _name_problems(file: Path, source: Source) -> Iterator[Problem]:
    """Report a file whose name is not a valid ID."""
    if not is_id(file.stem):
        yield source.problem(
            (), f"has a name that is not an id, got {show(file.stem)}; rename it to {ID}"
        )


def strays(path: Path) -> Iterator[Problem]:
    """Report files that are not read, so that a misplaced record is not silently ignored."""
    known = {*FOLDERS, *OLD_CODINGS, HISTORY, UNRELEASED}
    for file in sorted(path.iterdir()):
        if file.is_dir() and file.name in known:
            yield from _strays_in(file, path)
        elif file.name in WHOLE and not is_own(file, path):
            yield _foreign(file)
        elif file.suffix in (".yaml", ".yml") and file.name not in WHOLE:
            yield _stray(file, f"move it to one of {', '.join(FOLDERS)}")
        elif file.is_dir() and not file.name.startswith("."):
            named = sorted(known - {*OLD_CODINGS})
            hint = did_you_mean(file.name, named) or f"the folders are {', '.join(named)}"
            yield _stray(file, hint)


def _strays_in(folder: Path, data: Path) -> Iterator[Problem]:
    for file in sorted(folder.iterdir()):
        hidden = file.name.startswith(".")
        if not hidden and not file.is_dir() and not is_own(file, data):
            yield _foreign(file)
        elif folder.name == HISTORY or hidden:
            continue  # `read_history` reports unexpected files there
        elif folder == data / CODINGS:
            if file.is_dir():
                yield from _strays_in(file, data)
            else:
                yield _stray(file, "move it to the folder of its coder")
        elif file.suffix != ".yaml":
            yield _stray(file, "rename it to end in .yaml, or move it elsewhere")


def _foreign(file: Path) -> Problem:
    """Report a link out of the folder or a special file; neither is opened."""
    what = f"a link to {str(file.readlink())!r}" if file.is_symlink() else "a special file"
    message = f"is not a regular file in this folder, got {what}; put the file itself here"
    return Problem(Place(str(file)), "", message)


def _stray(file: Path, what_to_do: str) -> Problem:
    return Problem(Place(str(file)), "", f"is not recognised, got {file.name!r}; {what_to_do}")
