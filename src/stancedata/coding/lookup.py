"""Look up the actors, events, issues and texts that a coder's files name."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from stancedata import model
from stancedata.coding.passages import Passages
from stancedata.curation import conversion, records
from stancedata.curation.source import read, read_text
from stancedata.curation.structure import structure
from stancedata.data_folder import CODEBOOK, is_data_folder, listed
from stancedata.dataset.names import Code, Name, Names
from stancedata.model.corpus import Corpus, canonical_text, digest_of
from stancedata.model.dates import DateError, StatedDate
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError, there_are


def require_folder(data: Path) -> None:
    """Raise StancedataError if a path is not a data folder."""
    if not is_data_folder(data):
        raise StancedataError(f"{data}: is not a data folder; give one with --data DIR")


class Ids:
    """The ids of one kind of record, by name, alias, code or id."""

    def __init__(self, noun: str, ids: Iterable[str], names: Iterable[Name], codes: Iterable[Code]):
        self.ids = frozenset(ids)
        self._names = Names(noun, names, codes)

    def resolve(self, name: str) -> str:
        """Return the id that a name stands for.

        Raises:
            StancedataError: If no record has the name, or several have.
        """
        if name in self.ids:
            return name
        found = self._names.find(name)
        if found is None:
            hint = self._names.suggest(name, self.ids) or there_are(len(self.ids))
            raise StancedataError(f"does not exist, got {name!r}; {hint}")
        return found


class Lookup:
    """The codebook, actors, events and documents of a data folder, read without any check.

    A file that cannot be read has no names here; `check` reports it.
    """

    def __init__(self, data: Path) -> None:
        self.data = data

    @functools.cached_property
    def codebook(self) -> model.Codebook:
        """The codebook; raises InvalidDataError if it is invalid."""
        source = read(self.data / CODEBOOK)
        record, problems = structure(source, records.CodebookRecord)
        if record is None:
            raise InvalidDataError(problems)
        return conversion.to_codebook(record)

    @functools.cached_property
    def actors(self) -> Ids:
        """The actors."""
        names: list[Name] = []
        codes: list[Code] = []
        for actor_id, value in self._read("actors").items():
            named = [value, *_mappings(value.get("names"))]
            names += [(str(n["name"]), actor_id) for n in named if n.get("name")]
            coded = _mappings(value.get("codes"))
            codes += [(str(c.get("scheme")), str(c.get("code")), actor_id) for c in coded]
        return Ids("actor", self._read("actors"), names, codes)

    @functools.cached_property
    def events(self) -> Ids:
        """The events."""
        named = [(str(v["name"]), i) for i, v in self._read("events").items() if v.get("name")]
        return Ids("event", self._read("events"), named, ())

    @functools.cached_property
    def issues(self) -> Ids:
        """The issues."""
        issues = self.codebook.issues
        return Ids(
            "issue", (i.issue_id for i in issues), ((i.name, i.issue_id) for i in issues), ()
        )

    def held_on(self, event_id: str) -> StatedDate | None:
        """Return the date of an event; None if it has none that can be read."""
        return date_of(self._read("events").get(event_id, {}).get("held_on"))

    def document(self, document_id: str) -> dict[str, Any]:
        """Return the plain value of a document's file; empty if there is none."""
        return _value(self.data / "documents" / f"{document_id}.yaml")

    @functools.cache  # noqa: B019 - as long-lived as the command
    def _read(self, folder: str) -> dict[str, dict[str, Any]]:
        return {file.stem: _value(file) for file in listed(self.data, folder)}


def date_of(text: Any) -> StatedDate | None:
    """Parse a date, or return None if it is not one."""
    try:
        return StatedDate.parse(text) if isinstance(text, str) else None
    except DateError:
        return None


def _value(file: Path) -> dict[str, Any]:
    try:
        value = read(file).value if file.is_file() else {}
    except InvalidDataError:
        value = {}
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    yield from (item for item in value or () if isinstance(item, dict))


class Texts:
    """The documents' texts, by path, by digest or by the id of the document.

    Args:
        corpus: Folder with texts under any names; paths may be relative to it.
        folder: Folder that has each text as `DOCUMENT.txt`.

    Raises:
        StancedataError: If one of the folders does not exist.
    """

    def __init__(self, corpus: Path | None, folder: Path | None) -> None:
        if folder is not None and not folder.is_dir():
            raise StancedataError(
                f"texts: is not a folder, got {str(folder)!r}; give the one with DOCUMENT.txt"
            )
        self._folder = folder
        self._path = corpus
        self._corpus = None if corpus is None else Corpus(corpus)
        self._read: dict[Path, Passages] = {}
        self._by_digest: dict[str, Passages] = {}

    def at(self, path: str, beside: Path) -> Passages:
        """Return the text at a path relative to the corpus or to a curated file's folder."""
        places = [p for p in (self._path, beside.parent) if p is not None]
        for place in places:
            if (place / path).is_file():
                return self._file(place / path)
        looked = " and ".join(map(str, places))
        raise StancedataError(f"is not a file, got {path!r}; it was looked for in {looked}")

    def of(self, document_id: str) -> Passages | None:
        """Return the text named after a document; None if there is none."""
        file = None if self._folder is None else self._folder / f"{document_id}.txt"
        return self._file(file) if file is not None and file.is_file() else None

    def with_digest(self, sha256: str, document_id: str) -> Passages:
        """Return the text with a digest."""
        if sha256 not in self._by_digest:
            named = self.of(document_id)
            text = named.text if named and digest_of(named.text) == sha256 else None
            if text is None and self._corpus is not None:
                text = self._corpus.get(sha256)
            if text is None:
                raise StancedataError(self._missing(sha256, named is not None))
            self._by_digest[sha256] = Passages(text)
        return self._by_digest[sha256]

    def _missing(self, sha256: str, other: bool) -> str:
        if other:
            return (
                f"is not the text of that digest any more, got {sha256}; move its spans first with "
                "stancedata code text"
            )
        if self._corpus is None:
            return "is not at hand; give its folder with --corpus DIR or --texts DIR"
        return f"is not in {self._path}: no file has SHA-256 {sha256}; put the exact text there"

    def _file(self, file: Path) -> Passages:
        if file not in self._read:
            self._read[file] = Passages(text_of(file))
        return self._read[file]


def text_of(file: Path) -> str:
    """Read a document's text in canonical form; raise if it is unreadable or not UTF-8."""
    try:
        return canonical_text(file.read_bytes().decode("utf-8"))
    except OSError as error:
        raise StancedataError(f"{file}: cannot be read: {error.strerror}; check the file") from None
    except UnicodeDecodeError as error:
        got = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        raise StancedataError(f"{file}: is not UTF-8, got {got}; save it as UTF-8") from None


def table_rows(table: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV table in UTF-8, each with the line where it begins.

    Raises:
        InvalidDataError: If the table cannot be read, or its quotation marks are wrong.
    """
    text = canonical_text(read_text(table, str(table)))
    reader, line = csv.reader(io.StringIO(text), strict=True), 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"is not valid CSV: {error}; check the quotation marks"
        place = Place(str(table), reader.line_num)
        raise InvalidDataError([Problem(place, "", message)]) from None
