"""Where rows are in a table that is sorted by key, found without an index over all of it."""

from __future__ import annotations

import bisect
import functools
from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# Rows from one that is remembered to the next; those between are read when one is looked for.
_STEP = 64
# Rows that are read at once rather than looked for one by one, as a multiple of those wanted.
_NEAR = 4


class Places:
    """A sorted column of texts, in which every so many rows the text is remembered.

    Args:
        column: The column.
    """

    def __init__(self, column: pa.ChunkedArray[Any]) -> None:
        self.column: Any = column

    @functools.cached_property
    def _marks(self) -> list[str]:
        import pyarrow as pa

        # PyArrow imports pandas, which takes longer than all else here, to make an array of numbers.
        numbers = array("q", range(0, len(self.column), _STEP))
        rows = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
        marks: list[str] = self.column.take(rows).to_pylist()
        return marks

    def span(self, first: str, last: str) -> tuple[int, int]:
        """The first row from `first`, and the row after the last up to `last`."""
        start, stop = self._mark(bisect.bisect_left, first), self._mark(bisect.bisect_right, last)
        texts = self._near(start)
        after = texts if start == stop else self._near(stop)
        return start + bisect.bisect_left(texts, first), stop + bisect.bisect_right(after, last)

    def _mark(self, search: Callable[[list[str], str], int], text: str) -> int:
        """The last remembered row before a text."""
        return max(search(self._marks, text) - 1, 0) * _STEP

    def _near(self, start: int) -> list[str]:
        texts: list[str] = self.column.slice(start, _STEP).to_pylist()
        return texts


class Lookup:
    """Values of a sorted table by its key, read where they are wanted.

    Args:
        table: The table, sorted by `key`.
        key: Column of ids.
        value: Column of what is looked up.
    """

    def __init__(self, table: pa.Table, key: str, value: str) -> None:
        self._keys = Places(table.column(key))
        self._values: Any = table.column(value)

    def of(self, keys: list[str]) -> list[Any]:
        """The values of some keys, None where nothing has one."""
        found = self._found(sorted(set(keys))) if keys else {}
        return [found.get(key) for key in keys]

    def _found(self, keys: list[str]) -> dict[str, Any]:
        """Keys that are near each other are read together, others by halves.

        Records stand in the order of their documents, so that most are near.
        """
        start, stop = self._keys.span(keys[0], keys[-1])
        if len(keys) == 1 or stop - start <= _NEAR * (len(keys) + _STEP):
            columns = (c.slice(start, stop - start) for c in (self._keys.column, self._values))
            return dict(zip(*(column.to_pylist() for column in columns), strict=True))
        half = len(keys) // 2
        return self._found(keys[:half]) | self._found(keys[half:])
