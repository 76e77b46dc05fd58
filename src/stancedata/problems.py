"""What can be wrong, and how it is said: `file:line: field: what is wrong, got X; what to do`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

import attrs


@attrs.frozen(order=True)
class Place:
    """Where a problem is.

    Attributes:
        file: Path of a curated file, or the name of a table.
        line: Line in that file, counted from 1; 0 where there are no lines.
    """

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@attrs.frozen(order=True)
class Problem:
    """One thing that is wrong, in one line.

    Attributes:
        where: File and line, or table.
        field: The field, as a path from its record: `stances[2].level`; may be empty.
        message: What is wrong, what was got, what to do.
        severity: `error`, or `warning` for what may stand.
        rule: Name of the rule that found it; empty where reading did.
    """

    where: Place
    field: str
    message: str
    severity: str = "error"
    rule: str = ""

    def __str__(self) -> str:
        parts = [str(self.where), self.field, self.message]
        return ": ".join(part for part in parts if part)


class StancedataError(Exception):
    """Anything this library refuses, in words for the person who asked."""


class InvalidDataError(StancedataError):
    """Data that cannot be used; `problems` has every reason, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InvalidDataError], tuple[tuple[Problem, ...]]]:
        # Process pools pickle errors; by default the message would be taken for the problems.
        return type(self), (self.problems,)


class UnknownIdError(StancedataError, KeyError):
    """An id that nothing has, with the nearest ones that exist."""

    def __str__(self) -> str:
        return str(self.args[0])


def did_you_mean(got: str, candidates: Iterable[str]) -> str:
    """A suggestion for a misspelt word: `did you mean 'x'?`, or an empty text."""
    near = difflib.get_close_matches(got, list(candidates), n=100, cutoff=0.6)
    # Of several that are as near, the first in the alphabet: '#s01' for '#s1', and not '#s21'.
    best = min(near, key=lambda word: (-_nearness(got, word), word), default=None)
    return "" if best is None else f"did you mean {best!r}?"


def _nearness(got: str, word: str) -> float:
    return difflib.SequenceMatcher(None, word, got).ratio()


def one_of(words: Sequence[str], most: int = 12) -> str:
    """A list of choices for a message, cut where it would swamp it."""
    listed = ", ".join(words[:most])
    return f"{listed}, … ({len(words)} in all)" if len(words) > most else listed
