"""Find and parse the files of a data folder; those of schema 1 are upgraded in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import attrs

from stancedata.curation import records
from stancedata.curation.migration import signs_of_schema_1, upgraded
from stancedata.curation.source import Source, decoded, read_bytes, show, to_source
from stancedata.curation.tree import Tree, lines_of, parse, plain
from stancedata.data_folder import (
    BOUNDS,
    CODEBOOK,
    CODINGS,
    FOLDERS,
    HISTORY,
    OLD_CODINGS,
    UNRELEASED,
    entries_of,
    is_own,
    listed,
)
from stancedata.problems import (
    InvalidDataError,
    Place,
    Problem,
    StancedataError,
    did_you_mean,
)

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


@attrs.define
class Files:
    """The files of a data folder that have records; they are parsed when asked for.

    Attributes:
        path: The folder.
        written: New texts of some files, by their path in the folder, as if they were written.
        contents: The content of each file that could be read, by its path in the folder.
        known: Paths of the files that need not be parsed, because their rows are at hand.
        problems: Problems of files that could not be read or parsed, and of their names.
        broken: IDs of the records in such files.
        is_old: Whether a file shows that the folder was written for schema 1.
        signs: What shows that; empty for a folder of schema 2.
    """

    path: Path
    written: Mapping[str, str] = MappingProxyType({})
    contents: dict[str, bytes] = attrs.Factory(dict)
    known: frozenset[str] = frozenset()
    problems: list[Problem] = attrs.Factory(list)
    broken: set[str] = attrs.Factory(set)
    is_old: bool = False
    signs: list[str] = attrs.Factory(list)
    _upgraded: dict[str, Source] | None = None
    _found: dict[str, Source] = attrs.Factory(dict)

    def of(self, folder: str) -> Iterator[tuple[str, Source]]:
        """Yield the files of one folder, each with the ID of its record; known ones are left out."""
        paths = self.contents if self._upgraded is None else self._upgraded
        for path in paths:
            if path.startswith(f"{folder}/") and path not in self.known:
                source = self.parsed(path)
                if source is not None:
                    yield path[len(folder) + 1 : -len(".yaml")], source

    def parsed(self, path: str) -> Source | None:
        """Parse a file, adding its problems to those of the folder; None if that is impossible."""
        if self._upgraded is not None:
            return self._upgraded.get(path)
        if path not in self.contents:
            return None
        try:
            source = self._source(path)
        except InvalidDataError as error:
            self._break(path, error)
            return None
        self.problems.extend(source.problems)
        self.problems.extend(_name_problems(self.path / path, source))
        self.is_old = self.is_old or bool(signs_of_schema_1({path: source.value}))
        return source

    def found(self, path: str) -> Source | None:
        """Parse a file to locate a problem in it; None if there is no such file."""
        if self._upgraded is not None:
            return self._upgraded.get(path)
        if path in self.contents and path not in self._found:
            try:
                self._found[path] = self._source(path)
            except InvalidDataError:
                return None
        return self._found.get(path)

    def about(self, documents: Iterable[str]) -> set[str]:
        """Return the names of the files of documents and of their blind codings.

        Raises:
            StancedataError: If there is no file of a document.
        """
        wanted = {f"{document}.yaml" for document in documents}
        for name in sorted(wanted):
            if f"documents/{name}" not in self.contents:
                ids = [Path(p).stem for p in self.contents if p.startswith("documents/")]
                hint = did_you_mean(Path(name).stem, ids) or "give the id of a document"
                raise StancedataError(f"only: is not a document, got {Path(name).stem!r}; {hint}")
        coded = (p for p in self.contents if p.split("/")[0] in ("documents", CODINGS))
        return {str(self.path / p) for p in coded if p.rpartition("/")[2] in wanted}

    def _source(self, path: str) -> Source:
        name = str(self.path / path)
        return to_source(decoded(self.contents[path], name), name)

    def _break(self, path: str, error: InvalidDataError) -> None:
        self.problems.extend(error.problems)
        self.broken.add("codebook" if path == CODEBOOK else Path(path).stem)

    def read(self) -> None:
        """Read the content of every file."""
        start = len(str(self.path / CODEBOOK)) - len(CODEBOOK)
        for file in _listed(self.path, self.written):
            name = str(file)
            path = name[start:].replace(os.sep, "/")
            try:
                new = self.written.get(path)
                data = read_bytes(file, name) if new is None else new.encode("utf-8")
                self.contents[path] = data
            except InvalidDataError as error:
                self._break(path, error)
        for problem in strays(self.path):
            self.problems.append(problem)
            self.broken.add(Path(problem.where.file).stem)

    def upgrade(self) -> None:
        """Replace the sources of schema 1 by those that they become in schema 2."""
        sources = {path: s for path in self.contents if (s := self.parsed(path)) is not None}
        self.signs.extend(signs_of_schema_1({p: s.value for p, s in sources.items()}))
        trees = {p: parse(decoded(self.contents[p], s.file), s.file) for p, s in sources.items()}
        try:
            made = upgraded(trees)[0]
        except InvalidDataError as error:
            self.problems.extend(error.problems)
            made = upgraded({p: t for p, t in trees.items() if not p.startswith(OLD_CODINGS)})[0]
        self._upgraded = {p: _source(made[p]) for p in sorted(made)}


def record_class(file: Path) -> type | None:
    """Return the class of the record in a curated file, by its location; None for other files."""
    if file.name in WHOLE:
        return WHOLE[file.name]
    names = (file.parent.name, file.parent.parent.name)
    place = names[0] if names[0] in CLASSES or names[1] != CODINGS else CODINGS
    return CLASSES.get(place) if file.suffix == ".yaml" else None


def read_files(path: Path, written: Mapping[str, str] = MappingProxyType({})) -> Files:
    """Read the files of a data folder; those that cannot be read become problems.

    Args:
        path: The folder.
        written: New texts of some files, by their path in the folder, as if they were written.
    """
    files = Files(path, written)
    files.read()
    files.is_old = any(name.split("/")[0] in OLD_CODINGS for name in files.contents)
    return files


def _listed(path: Path, written: Mapping[str, str]) -> Iterator[Path]:
    if is_own(path / CODEBOOK, path):
        yield path / CODEBOOK
    for name in (*FOLDERS, *OLD_CODINGS):
        new = {path / file for file in written if file.startswith(f"{name}/")}
        yield from sorted({*listed(path, name), *new}) if new else listed(path, name)


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
    coders = folder == data / CODINGS
    for name, own in entries_of(folder, data):
        hidden = name.startswith(".")
        if own and name.endswith(".yaml") and not coders:
            continue
        file = folder / name
        if not hidden and not own and not file.is_dir():
            yield _foreign(file)
        elif folder.name == HISTORY or hidden:
            continue  # `read_history` reports unexpected files there
        elif coders:
            if not own:
                yield from _strays_in(file, data)
            else:
                yield _stray(file, "move it to the folder of its coder")
        elif not own:
            yield _stray(file, "a folder is not a record: move its files here, or it elsewhere")
        elif file.suffix != ".yaml":
            yield _stray(file, "rename it to end in .yaml, or move it elsewhere")


def _foreign(file: Path) -> Problem:
    """Report a link out of the folder or a special file; neither is opened."""
    what = f"a link to {str(file.readlink())!r}" if file.is_symlink() else "a special file"
    message = f"is not a regular file in this folder, got {what}; put the file itself here"
    return Problem(Place(str(file)), "", message)


def _stray(file: Path, what_to_do: str) -> Problem:
    return Problem(Place(str(file)), "", f"is not recognised, got {file.name!r}; {what_to_do}")
