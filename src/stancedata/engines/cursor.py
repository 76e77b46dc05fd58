"""Take rows in key order from batches, record by record."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


class Cursor:
    """A forward cursor over the rows of a table in key order.

    Args:
        batches: The rows, in at least one batch.
        key: The column that sorts the rows.
    """

    def __init__(self, batches: Iterator[pa.Table], key: str) -> None:
        self._batches = batches
        self._key = key
        self._held = next(batches)
        self._last = self._last_of(self._held)

    def take(self, count: int) -> pa.Table:
        """Take the next `count` rows, or fewer at the end."""
        while self._held.num_rows < count and self._read():
            pass
        taken, self._held = self._held.slice(0, count), self._held.slice(count)
        return taken

    def take_to(self, bound: str) -> pa.Table:
        """Take the next rows up to and including a key; rows of that key can be taken again.

        If invalid data have two records with the same key, both get its rows.
        """
        while self._last <= bound and self._read():
            pass
        keys = self._held.column(self._key)
        end = bisect.bisect_right(keys, bound, key=str)
        taken = self._held.slice(0, end)
        self._held = self._held.slice(bisect.bisect_left(keys, bound, 0, end, key=str))
        return taken

    def _read(self) -> bool:
        """Read another batch, and return whether there was one."""
        import pyarrow as pa

        rows = next(self._batches, None)
        if rows is None:
            return False
        self._last = self._last_of(rows) or self._last
        self._held = pa.concat_tables([self._held, rows]) if self._held.num_rows else rows
        return True

    def _last_of(self, rows: pa.Table) -> str:
        return str(rows.column(self._key)[-1]) if rows.num_rows else ""
