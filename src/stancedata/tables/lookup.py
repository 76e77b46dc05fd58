"""Binary search in a sorted column."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# The most rows per wanted key, roughly, for which a range of keys is read in one go.
_NEAR = 4
_FEW_EQUAL = 4
_FEW = 64
"""Rows that are read in one go however few of them are wanted."""


class Places:
    """A sorted column of texts, searched in its buffers: no text is made but those compared.

    Args:
        column: The column.
    """

    def __init__(self, column: pa.ChunkedArray[Any]) -> None:
        self.column: Any = column

    @functools.cached_property
    def _text_at(self) -> Callable[[int], bytes]:
        """A function that returns the UTF-8 of a row's text, which sorts as the text does."""
        chunks = self.column.cast("string").chunks
        whole = chunks[0] if len(chunks) == 1 else self.column.cast("string").combine_chunks()
        _, ends, texts = whole.buffers()
        if not len(whole) or texts is None:
            return lambda _: b""
        offsets = memoryview(ends).cast("i")[whole.offset :]
        data = memoryview(texts)
        return lambda row: data[offsets[row] : offsets[row + 1]].tobytes()

    def span(self, first: str, last: str) -> tuple[int, int]:
        """Find the range of rows with values from `first` to `last` inclusive: start and stop."""
        rows = range(len(self.column))
        low, high = _utf8(first), _utf8(last)
        start = bisect.bisect_left(rows, low, key=self._text_at)
        for stop in rows[start : start + _FEW_EQUAL]:  # most keys have few rows
            if self._text_at(stop) > high:
                return start, stop
        return start, bisect.bisect_right(rows, high, start, key=self._text_at)


def _utf8(text: str) -> bytes:
    # A lone surrogate, which no column can hold, is searched for in vain.
    return text.encode("utf-8", "surrogatepass")


class Lookup:
    """Look up values in a table sorted by key, reading only the rows needed.

    Args:
        table: The table, sorted by `key`.
        key: The column of keys.
        value: The column of values.
    """

    def __init__(self, table: pa.Table, key: str, value: str) -> None:
        self._keys = Places(table.column(key))
        self._values: Any = table.column(value)

    def of(self, keys: list[str]) -> list[Any]:
        """Return the values of keys, None for an unknown key."""
        found = self._found(sorted(set(keys))) if keys else {}
        return [found.get(key) for key in keys]

    def _found(self, keys: list[str]) -> dict[str, Any]:
        """Read nearby keys as one range; split others in halves and recurse.

        Records are sorted by document, so most keys of a batch are nearby.
        """
        start, stop = self._keys.span(keys[0], keys[-1])
        if len(keys) == 1 or stop - start <= _NEAR * (len(keys) + _FEW):
            columns = (c.slice(start, stop - start) for c in (self._keys.column, self._values))
            return dict(zip(*(column.to_pylist() for column in columns), strict=True))
        half = len(keys) // 2
        return self._found(keys[:half]) | self._found(keys[half:])
