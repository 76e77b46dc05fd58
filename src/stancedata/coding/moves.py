"""Relocate evidence spans in a text that changed since it was coded.

Spans are found by their digests, so the old text is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from stancedata.curation import records
from stancedata.curation.files import record_class
from stancedata.curation.format import layout
from stancedata.curation.source import read_text
from stancedata.curation.tree import Node, Tree, from_plain, parse, plain
from stancedata.data_folder import CODINGS, OLD_CODINGS, listed
from stancedata.model.corpus import at_word_edges, digest_of


@attrs.frozen
class Moved:
    """The old and new position of an evidence span.

    Attributes:
        file: The file that contains it.
        field: Its path in the file: `stances[2].evidence[0]`.
        before: The old offsets, start and end (exclusive).
        after: The new offsets; None if the words no longer occur.
    """

    file: Path
    field: str
    before: tuple[int, int]
    after: tuple[int, int] | None

    @property
    def lost(self) -> bool:
        """Whether the words no longer occur in the new text."""
        return self.after is None

    def __str__(self) -> str:
        before = f"[{self.before[0]}, {self.before[1]}]"
        if self.after is None:
            return f"{self.file}: {self.field}: is lost: its words no longer occur; it was {before}"
        after = f"[{self.after[0]}, {self.after[1]}]"
        what = "is unchanged" if before == after else f"moved from {before}"
        return f"{self.file}: {self.field}: {what}, at {after}"


def files_of(data: Path, document_id: str) -> list[Path]:
    """Return the file of a document and those of its blind codings."""
    folders = ("documents", CODINGS, *OLD_CODINGS)
    return [f for folder in folders for f in listed(data, folder) if f.stem == document_id]


def moved(data: Path, document_id: str, text: str) -> tuple[list[Moved], dict[Path, str]]:
    """Locate every span of a document in a new text; also return the updated files.

    If the same words occur several times, the occurrence nearest to the old position is used.
    """
    found: list[Moved] = []
    written: dict[Path, str] = {}
    places = Places(text)
    for file in files_of(data, document_id):
        tree = parse(read_text(file, str(file)), str(file))
        for field, evidence in _evidence(tree):
            span = plain(evidence["span"])
            before = (int(span[0]), int(span[1]))
            after = places.nearest(before, str(plain(evidence["sha256"])))
            found.append(Moved(file, field, before, after))
            if after is not None:
                evidence["span"].value = from_plain([str(after[0]), str(after[1])]).value
        shape = record_class(file)
        assert shape is not None
        if shape is records.DocumentRecord:
            _anchor(tree, text)
        written[file] = layout(tree, shape)
    return found, written


def _evidence(tree: Tree) -> Iterator[tuple[str, dict[str, Node]]]:
    """Yield every piece of evidence that has a span and a digest, with its path."""
    top = tree.top.value
    listed = top["stances"].value if isinstance(top, dict) and "stances" in top else []
    for number, stance in enumerate(listed if isinstance(listed, list) else []):
        inner = stance.value.get("evidence") if isinstance(stance.value, dict) else None
        pieces = inner.value if inner is not None and isinstance(inner.value, list) else []
        for place, piece in enumerate(pieces):
            value = piece.value
            if isinstance(value, dict) and _is_span(value):
                yield f"stances[{number}].evidence[{place}]", value


def _is_span(value: dict[str, Node]) -> bool:
    span = plain(value["span"]) if "span" in value else None
    whole = isinstance(span, list) and len(span) == 2 and all(str(n).isdecimal() for n in span)
    return whole and "sha256" in value


def _anchor(tree: Tree, text: str) -> None:
    assert isinstance(tree.top.value, dict)
    anchor = {"sha256": digest_of(text), "characters": str(len(text))}
    tree.top.value.setdefault("text", Node({})).value = from_plain(anchor).value


class Places:
    """An index of a text from digests to offsets, built once for each length of span."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, dict[str, list[int]]] = {}

    def nearest(self, before: tuple[int, int], sha256: str) -> tuple[int, int] | None:
        """Return the range with a digest that is nearest to an old one of the same length."""
        length = before[1] - before[0]
        starts = self._of(length).get(sha256, []) if length > 0 else []
        if not starts:
            return None
        start = min(starts, key=lambda s: (abs(s - before[0]), s))
        return start, start + length

    def _of(self, length: int) -> dict[str, list[int]]:
        if length not in self._known:
            found: dict[str, list[int]] = {}
            for start in range(len(self._text) - length + 1):
                if at_word_edges(self._text, start, start + length):
                    words = self._text[start : start + length]
                    found.setdefault(digest_of(words), []).append(start)
            self._known[length] = found
        return self._known[length]
