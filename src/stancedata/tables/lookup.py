"""Binary search in a sorted column, with a sparse index."""

from __future__ import annotations

import bisect
import functools
from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# The number of rows between two entries of the sparse index.
_STEP = 64
# The most rows per wanted key, roughly, for which a range of keys is read in one go.
_NEAR = 4


class Places:
    """A sorted column of texts with a sparse index: every `_STEP`-th value.

    Args:
        column: The column.
    """

    def __init__(self, column: pa.ChunkedArray[Any]) -> None:
        self.column: Any = column

    @functools.cached_property
    def _marks(self) -> list[str]:
        import pyarrow as pa

        # From a buffer: `pa.array` would import pandas, which takes longer than all the rest here.
        numbers = array("q", range(0, len(self.column), _STEP))
        rows = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
        marks: list[str] = self.column.take(rows).to_pylist()
        return marks

    def span(self, first: str, last: str) -> tuple[int, int]:
        """Find the range of rows with values from `first` to `last` inclusive: start and stop."""
        start, stop = self._mark(bisect.bisect_left, first), self._mark(bisect.bisect_right, last)
        texts = self._near(start)
        after = texts if start == stop else self._near(stop)
        return start + bisect.bisect_left(texts, first), stop + bisect.bisect_right(after, last)

    def _mark(self, search: Callable[[list[str], str], int], text: str) -> int:
        """Find the last indexed row before a text."""
        return max(search(self._marks, text) - 1, 0) * _STEP

    def _near(self, start: int) -> list[str]:
        texts: list[str] = self.column.slice(start, _STEP).to_pylist()
        return texts


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
        if len(keys) == 1 or stop - start <= _NEAR * (len(keys) + _STEP):
            columns = (c.slice(start, stop - start) for c in (self._keys.column, self._values))
            return dict(zip(*(column.to_pylist() for column in columns), strict=True))
        half = len(keys) // 2
        return self._found(keys[:half]) | self._found(keys[half:])
