"""Find passages of a text by their words."""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterator

from stancedata.model.corpus import at_word_edges
from stancedata.problems import StancedataError, one_of

Range = tuple[int, int]
"""Start and end (exclusive) of a range of characters, in Unicode code points."""
_ALIKE = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'"}
_SHOWN = 60


class PassageError(StancedataError):
    """Raised for words that name no passage of a text, or several; the message gives a way out."""


class Passages:
    """The passages of one text, by their words.

    Words are looked for as they are written. If they do not occur so, quotation marks of any shape
    match each other, and so do white space of any length and composed and decomposed letters.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def only(self, words: str) -> Range:
        """Return the only passage that consists of some words.

        Raises:
            PassageError: If there is none or more than one, or it begins or ends inside a word.
        """
        found = self.exact(words) or self.alike(words)
        if not found:
            raise PassageError(f"is not in the text, got {_short(words)}; {self._nearest(words)}")
        if len(found) > 1:
            lines = one_of([str(self.line(start)) for start, _ in found])
            raise PassageError(
                f"is in the text {len(found)} times, got {_short(words)}: lines {lines}; "
                "add words before or after"
            )
        return self._whole(*found[0])

    def between(self, first: str, last: str) -> Range:
        """Return the passage from the only place of its first words to the next of its last words.

        Raises:
            PassageError: As for `only`, and if the last words do not follow the first.
        """
        start = self.only(first)[0]
        found = [r for r in self.exact(last) if r[0] >= start]
        found = found or [r for r in self.alike(last) if r[0] >= start]
        if not found:
            where = f"after line {self.line(start)}"
            raise PassageError(
                f"is not in the text {where}, got {_short(last)}; {self._nearest(last)}"
            )
        return self._whole(start, found[0][1])

    def exact(self, words: str) -> list[Range]:
        """Return every passage with exactly these characters, first to last."""
        words = words.strip()
        return [(start, start + len(words)) for start in _places(self.text, words)]

    def alike(self, words: str) -> list[Range]:
        """Return every passage with these words, however marks, spaces and letters are written."""
        plain, starts, ends = self._simple
        wanted = _simplified(words.strip())[0]
        return [(starts[p], ends[p + len(wanted) - 1]) for p in _places(plain, wanted)]

    def line(self, position: int) -> int:
        """Return the line of a character, from 1."""
        return self.text.count("\n", 0, position) + 1

    @functools.cached_property
    def _simple(self) -> tuple[str, list[int], list[int]]:
        return _simplified(self.text)

    @functools.cached_property
    def _matcher(self) -> difflib.SequenceMatcher[str]:
        return difflib.SequenceMatcher(None, "", self._simple[0].casefold(), autojunk=False)

    def _whole(self, start: int, end: int) -> Range:
        if not at_word_edges(self.text, start, end):
            around = " ".join(self.text[max(0, start - 15) : end + 15].split())
            raise PassageError(
                f"breaks off inside a word, got {_short(self.text[start:end])} in {_short(around)}; "
                "begin and end at word boundaries"
            )
        return start, end

    def _nearest(self, words: str) -> str:
        """Suggest the passage that shares the longest run of characters with some words."""
        wanted = _simplified(words.strip())[0].casefold()
        self._matcher.set_seq1(wanted)
        match = self._matcher.find_longest_match()
        plain, starts, _ = self._simple
        if match.size < max(1, min(5, len(wanted))) or len(plain.casefold()) != len(plain):
            return "copy the words from the text"
        first, last = max(0, match.b - match.a), match.b - match.a + len(wanted)
        while first and plain[first - 1].isalnum():
            first -= 1
        while last < len(plain) and plain[last].isalnum():
            last += 1
        return f"nearest is {_short(plain[first:last])} in line {self.line(starts[match.b])}"


def _places(text: str, words: str) -> Iterator[int]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _simplified(text: str) -> tuple[str, list[int], list[int]]:
    """Normalize marks, spaces and letters; also return the range of each character in the text."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(text):
        new = " " if character.isspace() else _ALIKE.get(character, character)
        joined = _joined(characters[-1], new) if characters else ""
        if joined:
            characters[-1], ends[-1] = joined, index + 1
        else:
            characters.append(new)
            starts.append(index)
            ends.append(index + 1)
    return "".join(characters), starts, ends


def _joined(before: str, character: str) -> str:
    """Return the one character that two make together, or an empty text."""
    if character == " ":
        return " " if before == " " else ""
    if character < "\u0300":  # no combining mark is below
        return ""
    joined = unicodedata.normalize("NFC", before + character)
    return joined if len(joined) == 1 else ""


def _short(words: str) -> str:
    words = " ".join(words.split())
    return repr(words if len(words) <= _SHOWN else f"{words[: _SHOWN - 20]} … {words[-15:]}")
