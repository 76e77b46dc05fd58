"""Make the files of many documents from a table: bibliography, digests, and where to read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from stancedata.atomic import staged
from stancedata.coding.additions import document_slug
from stancedata.coding.candidates import nearby
from stancedata.coding.fill import QUOTED
from stancedata.coding.lookup import Lookup, Texts, require_folder, table_rows
from stancedata.curation import records
from stancedata.curation.files import ID, is_id
from stancedata.curation.format import formatted, layout
from stancedata.curation.source import Source
from stancedata.curation.structure import structure
from stancedata.curation.tree import Node, Tree, from_plain
from stancedata.curation.vocabulary import document_problems
from stancedata.model.corpus import digest_of
from stancedata.problems import (
    InvalidDataError,
    Place,
    Problem,
    StancedataError,
    did_you_mean,
    one_of,
)

COLUMNS = (
    *("id", "text", "file", "title", "publisher", "author", "authors", "speaker", "kind"),
    *("language", "published_on", "url", "licence", "derived_from", "event", "coverage", "read"),
    *("retrieved_on", "status", "coder", "coded_date", "note"),
)
"""The columns of a table of documents, each of which may be missing."""
SEPARATOR = "|"
"""What separates several authors in one cell."""
_DEFAULTS = {"language": "en", "coder": "coder-1"}


@attrs.frozen
class Batch:
    """The result of making documents from a table.

    Attributes:
        written: The files, each with the number of sentences that it suggests.
        skipped: The files that existed before, which are unchanged.
    """

    written: dict[Path, int] = attrs.Factory(dict)
    skipped: list[Path] = attrs.Factory(list)


def new_documents(
    data: Path, table: Path, corpus: Path | None, fields: Mapping[str, Any] | None = None
) -> Batch:
    """Write the file of each document of a table that has none yet; all of them, or none.

    Each has the digest and length of its text, and quotes in comments the sentences to read first,
    which `fill` removes. A speaker becomes a default of its stances.

    Args:
        data: The data folder.
        table: CSV in UTF-8 with a header; its columns are some of `COLUMNS`.
        corpus: Folder with the texts; paths in the table are relative to it, or to the table.
        fields: Values for cells that are empty, by column.

    Raises:
        InvalidDataError: If any row is wrong, with every problem; nothing was written.
        StancedataError: If the path is not a data folder, or it cannot be written.
    """
    require_folder(data)
    lookup, texts = Lookup(data), Texts(corpus, None)
    today = {"coded_date": datetime.date.today().isoformat()}
    given = {k: v for k, v in (fields or {}).items() if v not in (None, "", ())}
    made, problems = Batch(), list[Problem]()
    files: dict[Path, tuple[str, int]] = {}
    for line, cells in _rows(table):
        row = _Row(table, line, {**_DEFAULTS, **today, **given, **cells}, lookup, texts)
        file = data / "documents" / f"{row.document_id}.yaml"
        if file in files:
            row.say("id", f"is that of two rows, got {row.document_id!r}; add a column id")
        if file.exists():
            made.skipped.append(file)
        else:
            files[file] = row.written(file)
        problems += row.problems
    if problems:
        raise InvalidDataError(problems)
    with staged(data) as new:
        (new / "documents").mkdir()
        for file, (text, count) in files.items():
            (new / "documents" / file.name).write_text(text, encoding="utf-8", newline="\n")
            made.written[file] = count
    return made


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the filled cells of each row of a table with the line where it begins."""
    listed = table_rows(table)
    _, header = next(listed, (1, []))
    problems = list(_faults(table, header))
    rows = []
    for line, cells in listed:
        if len(cells) > len(header):
            message = f"has more cells than the header, got {len(cells)}; quote those with commas"
            problems.append(Problem(Place(str(table), line), "", message))
        filled = {k: c.strip() for k, c in zip(header, cells, strict=False) if c.strip()}
        if filled:
            rows.append((line, filled))
    if problems:
        raise InvalidDataError(problems)
    yield from rows


def _faults(table: Path, header: list[str]) -> Iterator[Problem]:
    where = Place(str(table), 1)
    for number, name in enumerate(header):
        if name not in COLUMNS:
            hint = did_you_mean(name, COLUMNS) or f"use some of {one_of(COLUMNS, 30)}"
            yield Problem(where, "", f"has a column that is not known, got {name!r}; {hint}")
        elif name in header[:number]:
            yield Problem(where, "", f"has a column twice, got {name!r}; keep one")
    if not header:
        yield Problem(where, "", "has no header; name the columns in its first line")


class _Row:
    """One row of a table, while it becomes a document."""

    def __init__(
        self, table: Path, line: int, cells: dict[str, Any], lookup: Lookup, texts: Texts
    ) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._line = line
        self._lookup = lookup
        self._texts = texts
        self._value = {
            k: v for k, v in cells.items() if k in attrs.fields_dict(records.DocumentRecord)
        }
        self._value.pop("text", None)
        self._text = self._found(cells.get("text") or cells.get("file"))
        authors = cells.get("authors")
        if authors:
            listed = authors.split(SEPARATOR) if isinstance(authors, str) else authors
            self._value["authors"] = [
                self._id("authors", name, lookup.actors.resolve) for name in listed
            ]
        if "event" in cells:
            self._value["event"] = self._id("event", cells["event"], lookup.events.resolve)
        if "speaker" in cells:
            speaker = self._id("speaker", cells["speaker"], lookup.actors.resolve)
            self._value["defaults"] = {"speaker": speaker}
        self.document_id = cells.get("id") or document_slug(self._value) or "unnamed"
        if not is_id(self.document_id):
            self.say("id", f"is not an id, got {self.document_id!r}; write {ID}")

    def say(self, field: str, message: object) -> None:
        """Add a problem of this row."""
        self.problems.append(Problem(Place(str(self._table), self._line), field, str(message)))

    def _found(self, path: str | None) -> str | None:
        if path is None:
            if "url" not in self._value:
                self.say("text", "is missing, and so is url; give one of them")
            return None
        try:
            text = self._texts.at(path, self._table).text
        except StancedataError as error:
            self.say("text", error)
            return None
        self._value["text"] = {"sha256": digest_of(text), "characters": str(len(text))}
        return text

    def _id(self, field: str, name: str, resolve: Any) -> str:
        try:
            return str(resolve(name.strip()))
        except StancedataError as error:
            self.say(field, error)
            return "x"

    def written(self, file: Path) -> tuple[str, int]:
        """Return the text of the document's file, and the number of sentences in its comments."""
        plain = {key: value for key, value in self._value.items() if key != "defaults"}
        place = Source(str(self._table), plain, {(): self._line})
        _, problems = structure(place, records.DocumentRecord)
        if not problems:
            book = self._lookup.codebook
            problems = list(document_problems(place, records.DocumentRecord, book))
        self.problems += [p for p in problems if p.field not in {q.field for q in self.problems}]
        if self.problems:
            return "", 0
        hints = [] if self._text is None else list(_hints(self._text, self._lookup))
        tree = Tree(Node({key: from_plain(value) for key, value in self._value.items()}))
        made = layout(tree, records.DocumentRecord)
        text = formatted("".join(f"{h}\n" for h in hints) + made, records.DocumentRecord, str(file))
        return text, len(hints)


def _hints(text: str, lookup: Lookup) -> Iterator[str]:
    for (start, end), issues in nearby(text, lookup.codebook).items():
        words = "".join(c if c.isprintable() else " " for c in " ".join(text[start:end].split()))
        about = f" {', '.join(issues)}:" if issues else ""
        yield f"{QUOTED} [{start}, {end}]{about} {words}"
