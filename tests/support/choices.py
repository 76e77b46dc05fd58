"""Read hundreds of choices from a byte string, at the cost of a single hypothesis draw.

A content takes some seven hundred choices, and hypothesis half a millisecond for each. Drawn as
one run of bytes they cost little, and shrink as well: a byte that becomes 0 chooses what stands
first, so that what stands first is the simplest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
# Letters of several scripts, what YAML and CSV would quote, and an accent that must be composed.
LETTERS = "aZ9é字ب🙂\n\t'\"—#:{e\u0301"


class Choices:
    """A source of choices read from bytes; when they are used up, always the simplest choice."""

    def __init__(self, drawn: bytes) -> None:
        self._bytes = iter(drawn)

    def below(self, end: int) -> int:
        """Choose a number from 0 up to, but not including, the end."""
        return next(self._bytes, 0) % end

    def pick(self, choices: Sequence[T]) -> T:
        """Choose one item."""
        return choices[self.below(len(choices))]

    def flag(self) -> bool:
        """Choose True or False."""
        return bool(self.below(2))

    def perhaps(self, choices: Sequence[T]) -> T | None:
        """Choose one item or, in about half the cases, None."""
        return self.pick(choices) if choices and self.flag() else None

    def some(self, choices: Sequence[T], least: int, most: int) -> list[T]:
        """Choose several distinct items, in any order."""
        return self.shuffled(choices)[: least + self.below(most - least + 1)]

    def shuffled(self, choices: Iterable[T]) -> list[T]:
        """Shuffle the items."""
        rest = list(choices)
        return [rest.pop(self.below(len(rest))) for _ in range(len(rest))]

    def line(self) -> str:
        """Make a short text in NFC that is not blank."""
        text = "x" + "".join(self.pick(LETTERS) for _ in range(self.below(4)))
        return unicodedata.normalize("NFC", text)

    def perhaps_line(self) -> str | None:
        """Make a short text or None."""
        return self.line() if self.flag() else None


def choices(count: int) -> st.SearchStrategy[Choices]:
    """Draw a source with a given number of choices, followed by the simplest ones."""
    return st.binary(min_size=count, max_size=count).map(Choices)
