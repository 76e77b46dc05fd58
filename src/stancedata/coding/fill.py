"""Fill in coded files: spans for words, ids for names, and what a stance inherits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from stancedata.atomic import write_text
from stancedata.coding.defaults import NONE, OPTIONAL, defaults_of, inherited, number_of
from stancedata.coding.lookup import Lookup, Texts
from stancedata.coding.passages import PassageError, Passages, Range
from stancedata.curation import records
from stancedata.curation.files import record_class
from stancedata.curation.format import formatted, implied_by, layout
from stancedata.curation.scalars import UNDECIDED
from stancedata.curation.source import FieldPath, Source, read_text, show, to_source
from stancedata.curation.structure import structure
from stancedata.curation.tree import Node, from_plain, parse, plain, strip
from stancedata.curation.vocabulary import document_problems, stance_problems
from stancedata.data_folder import root_of
from stancedata.model.corpus import digest_of
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError

QUOTED = "#>"
"""How a comment begins that quotes the text for the coder; filling in removes it."""
_SHAPES = (records.DocumentRecord, records.CodingRecord)


@attrs.frozen
class Filled:
    """The result of filling in files.

    Attributes:
        written: The files that changed, each with the number of spans that were found.
        unchanged: The files that had nothing to fill in.
        drafts: The files that nobody has coded yet: they have no `stances`.
        problems: What is wrong; the files with problems are unchanged.
    """

    written: dict[Path, int] = attrs.Factory(dict)
    unchanged: list[Path] = attrs.Factory(list)
    drafts: list[Path] = attrs.Factory(list)
    problems: list[Problem] = attrs.Factory(list)


def fill(paths: Iterable[Path], corpus: Path | None = None, texts: Path | None = None) -> Filled:
    """Fill in the files of documents and blind codings; those with problems are left alone.

    Words become spans with digests, names and codes become ids, stances without id get the next
    free one, and inherit what their document gives. Files are written in the canonical layout.

    Args:
        paths: Files, or folders with files at any depth, in a data folder.
        corpus: Folder with the documents' texts, under any file names.
        texts: Folder with the documents' texts, each as `DOCUMENT.txt`.

    Raises:
        StancedataError: If a path does not exist, or holds no file of a document or coding.
    """
    found, at_hand = Filled(), Texts(corpus, texts)
    lookups: dict[Path, Lookup] = {}
    for file in _files(paths):
        try:
            if (data := root_of(file)) is None:
                raise StancedataError("is not in a data folder; put it into documents/ of one")
            draft = _Draft(file, lookups.setdefault(data, Lookup(data)), at_hand)
            if draft.is_empty:
                found.drafts.append(file)
            elif (text := draft.filled()) == draft.text:
                found.unchanged.append(file)
            elif read_text(file, str(file)) != draft.text:
                raise StancedataError("was changed meanwhile; run the command again")
            else:
                write_text(file, text)
                found.written[file] = draft.spans
        except InvalidDataError as error:
            found.problems.extend(error.problems)
        except StancedataError as error:
            found.problems.append(Problem(Place(str(file)), "", str(error)))
    found.problems.sort()
    return found


def _files(paths: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise StancedataError(f"{path}: does not exist; give a file or a folder")
        listed = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
        kept = [file for file in listed if record_class(file.resolve()) in _SHAPES]
        if not kept:
            raise StancedataError(
                f"{path}: is no coded file; give files in documents/ or codings/CODER/, or a folder"
            )
        found |= dict.fromkeys(kept)
    return list(found)


class _Draft:
    """A file while it is filled in."""

    def __init__(self, file: Path, lookup: Lookup, texts: Texts) -> None:
        self._file = file
        self._lookup = lookup
        self._texts = texts
        self._shape = record_class(file.resolve()) or records.DocumentRecord
        self.text = read_text(file, str(file))
        self.spans = 0
        self._source = to_source(self.text, str(file))
        self._tree = parse(self.text, str(file))
        if not isinstance(self._tree.top.value, dict):
            raise InvalidDataError([self._source.problem((), "must be a mapping; write the keys")])
        self._top = self._tree.top.value
        self._problems = list(self._source.problems)

    @property
    def is_empty(self) -> bool:
        """Whether the document has not been coded: it has hints for coders, and no stances."""
        hinted = any(line.lstrip().startswith(QUOTED) for line in self.text.splitlines())
        return "stances" not in self._top and ("defaults" in self._top or hinted)

    def filled(self) -> str:
        """Return the text of the filled file; raise InvalidDataError with every problem."""
        given = self._defaults()
        self._resolve(self._top, ("authors",), self._lookup.actors.resolve)
        self._resolve(self._top, ("event",), self._lookup.events.resolve)
        passages = self._passages()
        stances = list(self._stances())
        numbers = [number_of(_plain(stance)) for _, stance in stances]
        for path, stance in stances:
            if "id" not in stance:
                numbers.append(1 + max(numbers))
                stance["id"] = Node(f"s{numbers[-1]:02}")
            self._names(path, stance)
            for key, value in inherited(_plain(stance), given, self._lookup).items():
                stance[key] = from_plain(value)
            for key in OPTIONAL:
                if key in stance and stance[key].value == NONE:
                    del stance[key]
            self._evidence(path, stance, passages)
        strip(self._tree, QUOTED)
        self._check()
        if self._problems:
            raise InvalidDataError(set(self._problems))
        name = str(self._file)
        if (made := layout(self._tree, self._shape)) == self.text:
            return made
        return formatted(made, self._shape, name, implied_by(self._file.resolve()))

    def _say(self, path: FieldPath, message: object) -> None:
        self._problems.append(self._source.problem(path, str(message)))

    def _stances(self) -> Iterator[tuple[FieldPath, dict[str, Node]]]:
        listed = self._top.get("stances")
        nodes = listed.value if listed is not None and isinstance(listed.value, list) else []
        for number, node in enumerate(nodes):
            if isinstance(node.value, dict):
                yield ("stances", number), node.value

    def _defaults(self) -> dict[str, Any]:
        """Take the defaults out of the file, over those that its document gives."""
        is_document = self._shape is records.DocumentRecord
        document = _plain(self._top) if is_document else self._lookup.document(self._file.stem)
        node = self._top.pop("defaults", None)
        own = node.value if node is not None else {}
        if not isinstance(own, dict):
            self._say(("defaults",), "must be a mapping; write keys of a stance")
            own = {}
        self._names(("defaults",), own)
        others = document.get("defaults")
        inner = others if not is_document and isinstance(others, dict) else {}
        return {**defaults_of(document, self._lookup), **inner, **_plain(own)}

    def _names(self, path: FieldPath, stance: dict[str, Node]) -> None:
        """Replace names and codes in a stance by ids."""
        actor = self._lookup.actors.resolve
        for key in ("holders", "speaker", "attributed_by", "target"):
            self._resolve(stance, (*path, key), actor)
        self._resolve(stance, (*path, "event"), self._lookup.events.resolve)
        self._resolve(stance, (*path, "issue"), self._lookup.issues.resolve)
        if "holders" in stance and isinstance(stance["holders"].value, list):
            for number, holder in enumerate(stance["holders"].value):
                if isinstance(holder.value, dict):
                    self._resolve(holder.value, (*path, "holders", number, "holder"), actor)
        conditions = stance["conditions"].value if "conditions" in stance else None
        for number, condition in enumerate(conditions if isinstance(conditions, list) else ()):
            if isinstance(condition.value, dict):
                where = (*path, "conditions", number, "issue")
                self._resolve(condition.value, where, self._lookup.issues.resolve)

    def _resolve(self, entries: dict[str, Node], path: FieldPath, resolve: Any) -> None:
        """Replace the names in one entry by ids: one text, or the texts of a list."""
        key = str(path[-1])
        node = entries.get(key)
        if node is None:
            return
        if key in ("holders", "authors") and isinstance(node.value, str):
            node.value = [Node(node.value, line=node.line)]
        is_list = isinstance(node.value, list)
        for number, item in enumerate(node.value if isinstance(node.value, list) else [node]):
            kept = (NONE, UNDECIDED) if key in OPTIONAL else (UNDECIDED,)
            if isinstance(item.value, str) and item.value not in kept:
                try:
                    item.value = resolve(item.value)
                except StancedataError as error:
                    self._say((*path, number) if is_list else path, error)

    def _passages(self) -> Passages | None:
        """Find the document's text and write its digest; None if it is not needed or not found."""
        node, document_id = self._top.get("text"), self._file.stem
        try:
            if node is not None and isinstance(node.value, str):
                found: Passages | None = self._texts.at(node.value, self._file)
            elif sha256 := self._digest(node):
                wanted = self._has_words() or (node is not None and "characters" not in _of(node))
                found = self._texts.with_digest(sha256, document_id) if wanted else None
                if node is None:
                    return found
            else:
                found = self._texts.of(document_id)
        except StancedataError as error:
            self._say(("text",), error)
            return None
        if found is not None and (node is None or isinstance(node.value, (str, dict))):
            sha256 = self._digest(node) or digest_of(found.text)
            made = from_plain({"sha256": sha256, "characters": str(len(found.text))})
            self._top.setdefault("text", Node({})).value = made.value
        elif found is None and self._has_words() and not self._digest(node):
            self._say((), "has no text; write text: PATH, or give --texts DIR with DOCUMENT.txt")
        return found

    def _digest(self, node: Node | None) -> str | None:
        """Return the digest of the text: in the file, or for a coding in that of its document."""
        value = None if node is None else plain(node)
        if node is None and self._shape is records.CodingRecord:
            value = self._lookup.document(self._file.stem).get("text")
            if isinstance(value, str):
                beside = self._lookup.data / "documents" / self._file.name
                return digest_of(self._texts.at(value, beside).text)
        found = value.get("sha256") if isinstance(value, dict) else None
        return found if isinstance(found, str) else None

    def _has_words(self) -> bool:
        return any("words" in stance for _, stance in self._stances())

    def _evidence(
        self, path: FieldPath, stance: dict[str, Node], passages: Passages | None
    ) -> None:
        """Replace the words of a stance by their spans."""
        words = stance.pop("words", None)
        if words is None:
            return
        evidence = stance.setdefault("evidence", Node([], words.before, words.inline))
        if not isinstance(evidence.value, list):
            return  # its structure is reported
        is_list = isinstance(words.value, list)
        items = words.value if isinstance(words.value, list) else [words]
        if not items or words.value is None:
            self._say((*path, "words"), "is empty; copy words from the text, or leave it out")
        for number, item in enumerate(items):
            where = (*path, "words", number) if is_list else (*path, "words")
            span = None if passages is None else self._span(where, item, passages)
            made = span and from_plain(_piece(passages.text, span)) if passages else None
            if made and plain(made) not in map(plain, evidence.value):
                made.before = item.before if is_list else []
                evidence.value.append(made)
                self.spans += 1

    def _span(self, path: FieldPath, item: Node, passages: Passages) -> Range | None:
        given = plain(item)
        try:
            if isinstance(given, str):
                return passages.only(given)
            if isinstance(given, dict) and given.keys() == {"from", "to"}:
                return passages.between(str(given["from"]), str(given["to"]))
        except PassageError as error:
            self._say(path, error)
            return None
        got = f"a mapping with {', '.join(given)}" if isinstance(given, dict) else show(given)
        hint = "write words, or from and to, in quotation marks if they contain a comma"
        self._say(path, f"must be words of the text, got {got}; {hint}")
        return None

    def _check(self) -> None:
        """Add the problems of the filled file, as far as they are its own."""
        lines = dict(self._source.lines)
        source = Source(str(self._file), plain(self._tree.top), lines)
        known = {problem.field for problem in self._problems}
        _, problems = structure(source, self._shape)
        if not problems:
            book = self._lookup.codebook
            problems = [*document_problems(source, self._shape, book)]
            problems += stance_problems(source, self._shape, book)
        if self._problems:  # without its evidence, for example, a stance is not complete
            problems = [p for p in problems if not p.message.startswith("is missing")]
        self._problems += [p for p in problems if p.field not in known]


def _plain(entries: dict[str, Node]) -> dict[str, Any]:
    return {key: plain(node) for key, node in entries.items()}


def _of(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _piece(text: str, span: Range) -> dict[str, Any]:
    return {"span": [str(span[0]), str(span[1])], "sha256": digest_of(text[span[0] : span[1]])}
