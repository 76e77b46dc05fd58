"""Choices read from bytes that hypothesis draws: hundreds of them for the price of one draw.

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
    """Makes one choice after the other; where the bytes have run out, always the simplest."""

    def __init__(self, drawn: bytes) -> None:
        self._bytes = iter(drawn)

    def below(self, end: int) -> int:
        """A number from 0 to before the end."""
        return next(self._bytes, 0) % end

    def pick(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[self.below(len(choices))]

    def flag(self) -> bool:
        """Yes or no."""
        return bool(self.below(2))

    def perhaps(self, choices: Sequence[T]) -> T | None:
        """One of several, or, about every second time, none."""
        return self.pick(choices) if choices and self.flag() else None

    def some(self, choices: Sequence[T], least: int, most: int) -> list[T]:
        """Several of several, in any order, none twice."""
        return self.shuffled(choices)[: least + self.below(most - least + 1)]

    def shuffled(self, choices: Iterable[T]) -> list[T]:
        """All of several, in any order."""
        rest = list(choices)
        return [rest.pop(self.below(len(rest))) for _ in range(len(rest))]

    def line(self) -> str:
        """A text of a few letters, composed and not blank."""
        text = "x" + "".join(self.pick(LETTERS) for _ in range(self.below(4)))
        return unicodedata.normalize("NFC", text)

    def perhaps_line(self) -> str | None:
        """A text, or none."""
        return self.line() if self.flag() else None


def choices(count: int) -> st.SearchStrategy[Choices]:
    """So many choices, and after them the simplest."""
    return st.binary(min_size=count, max_size=count).map(Choices)
