"""Problems and exceptions. A problem prints as `file:line: field: message, got X; how to fix it`."""

from __future__ import annotations

import difflib
import re
import reprlib
from collections.abc import Iterable, Sequence

import attrs

_MOST_SAID = 2_000
"""The most characters of a field or a message of a problem that are shown."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@attrs.frozen(order=True)
class Place:
    """The location of a problem.

    Attributes:
        file: The path of a curated file, or the name of a table.
        line: The line in that file, from 1; 0 if it has no lines.
    """

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def _in_part(text: str) -> str:
    """Leave out the middle of a text that is too long to read: a value can have megabytes."""
    if len(text) <= _MOST_SAID:
        return text
    return f"{text[: _MOST_SAID // 2]} ... {text[-_MOST_SAID // 2 :]}"


@attrs.frozen(order=True)
class Problem:
    """One problem with the data, printed on one line.

    Attributes:
        where: File and line, or table.
        field: The path of the field within its record, `stances[2].level`; may be empty.
        message: What is wrong, the value found and how to fix it; a long one without its middle.
        severity: `error`, or `warning` if the data may be used all the same.
        rule: The name of the rule that found it; empty if reading the file did.
    """

    where: Place
    field: str
    message: str = attrs.field(converter=_in_part)
    severity: str = "error"
    rule: str = ""

    def __str__(self) -> str:
        parts = [str(self.where), _in_part(self.field), self.message]
        return printable(": ".join(part for part in parts if part))


class StancedataError(Exception):
    """The base class of all errors that this library raises on purpose."""


class InvalidDataError(StancedataError):
    """Raised for invalid data; `problems` has every problem, sorted by location."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InvalidDataError], tuple[tuple[Problem, ...]]]:
        # Process pools pickle exceptions; by default the message would be passed as `problems`.
        return type(self), (self.problems,)


class UnknownIdError(StancedataError, KeyError):
    """Raised for an id that no record has; the message names similar ids."""

    def __str__(self) -> str:
        return str(self.args[0])


def printable(text: str) -> str:
    """Escape the characters that control a terminal, such as ESC, except line feeds and tabs."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 200
_REPR.maxlevel = 2


def shown(value: object) -> str:
    """Return an argument as an error shows it: on one line, however long or odd it is."""
    try:
        text = _REPR.repr(value)
    except Exception:  # a number of thousands of digits, or an object whose `__repr__` fails
        text = f"one of type {type(value).__name__}"
    return " ".join(map(str.strip, text.splitlines()))


def did_you_mean(got: object, candidates: Iterable[str]) -> str:
    """Suggest a correction of a misspelt word: `did you mean 'x'?`, or an empty text."""
    best = nearest(got, candidates) if isinstance(got, str) else None
    return "" if best is None else f"did you mean {best!r}?"


def nearest(got: str, candidates: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the word most like another one, or None if none is near enough.

    Args:
        got: The word.
        candidates: The words to choose from.
        cutoff: The least likeness, from 0 to 1.
    """
    near = difflib.get_close_matches(got, list(candidates), n=100, cutoff=cutoff)
    # Ties are broken alphabetically: '#s01' for '#s1', not '#s21'.
    return min(near, key=lambda word: (-_nearness(got, word), word), default=None)


def _nearness(got: str, word: str) -> float:
    return difflib.SequenceMatcher(None, word, got).ratio()


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 span`, `3 spans`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def there_are(number: int, listed: str = "") -> str:
    """Say how many choices there are, or list them: `there are 3`, `there is only one`."""
    if not number:
        return "there are none"
    return f"there is {listed or 'only one'}" if number == 1 else f"there are {listed or number}"


def not_in_these_data(number: int, noun: str) -> str:
    """Say that a record is not in these data, and how many of its kind are."""
    return f"it is not in these data, which have {counted(number, noun) if number else 'none'}"


def one_of(words: Sequence[str], most: int = 12) -> str:
    """List choices for a message, at most `most` of them."""
    listed = ", ".join(words[:most])
    return f"{listed}, … ({len(words)} in all)" if len(words) > most else listed
