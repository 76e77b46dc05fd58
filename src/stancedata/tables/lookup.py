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
_APART = 64
"""Rows between two texts that are kept of a column to search it."""
_FEW = 64
"""Rows that are read in one go however few of them are wanted."""


class Places:
    """A sorted column of texts, searched in its buffers: no text is made but those compared.

    Args:
        column: The column.
    """

    def __init__(self, column: pa.ChunkedArray[Any]) -> None:
        self.column: Any = column
        self._rows = range(len(column))

    @functools.cached_property
    def _text_at(self) -> Callable[[int], bytes]:
        """A function that returns the UTF-8 of a row's text, which sorts as the text does."""
        texts = self.column.cast("string")
        return bytes_of(texts.chunk(0) if texts.num_chunks == 1 else texts.combine_chunks())

    @functools.cached_property
    def _signposts(self) -> list[bytes]:
        """Every `_APART`th text, among which C searches faster than Python among all."""
        return list(map(self._text_at, self._rows[::_APART]))

    def span(self, first: str, last: str) -> tuple[int, int]:
        """Find the range of rows with values from `first` to `last` inclusive: start and stop."""
        low = _utf8(first)
        high = low if last is first else _utf8(last)
        text_at, rows = self._text_at, self._rows
        near = bisect.bisect_left(self._signposts, low) * _APART
        least, most = max(near - _APART, 0), min(near, len(rows))
        start = bisect.bisect_left(rows, low, least, most, key=text_at)
        for stop in range(start, min(start + _FEW_EQUAL, len(rows))):  # most keys have few rows
            if text_at(stop) > high:
                return start, stop
        return start, bisect.bisect_right(rows, high, start, key=text_at)


def bytes_of(texts: pa.Array[Any]) -> Callable[[int], bytes]:
    """Make the function that returns the UTF-8 of a row's text from its column's buffers."""
    _, ends, data = texts.buffers()
    if not len(texts) or data is None or ends is None:
        return lambda _: b""
    offsets, view = memoryview(ends).cast("i")[texts.offset :], memoryview(data)
    return lambda row: view[offsets[row] : offsets[row + 1]].tobytes()


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
