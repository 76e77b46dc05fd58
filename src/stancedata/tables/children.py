"""The rows that belong to records: those of many records at a time, read along with them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from stancedata.tables.bulk import Rows
from stancedata.tables.lookup import Places

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
Keys = Mapping[str, list[str]]
"""The parents' keys, by the columns in which their children name them."""


class Children(Rows):
    """The rows of a table that belong to some parents.

    Args:
        table: The table, sorted by the first column of `keys`, then by the others.
        places: That first column.
        keys: The parents, no two alike.
        order: Column by which the rows of one parent are put in order; without one they are.
    """

    def __init__(
        self, table: pa.Table, places: Places, keys: Keys, order: str | None = None
    ) -> None:
        ids = next(iter(keys.values()))
        start, stop = places.span(min(ids), max(ids)) if ids else (0, 0)
        super().__init__(table.slice(start, stop - start))
        self._keys = keys
        self._order = order
        self._parents = len(ids)

    def grouped(self, made: list[T]) -> list[tuple[T, ...]]:
        """What was made of these rows, by parent."""
        groups: list[tuple[T, ...]] = [()] * self._parents
        if not made:
            return groups
        places = self[self._order] if self._order else None
        start = 0
        for parent, stop in zip(*self._runs(), strict=True):
            if parent is None:  # a row without a parent is a fault, which the rules report
                pass
            elif stop - start == 1:
                groups[parent] = (made[start],)
            elif places:
                groups[parent] = tuple(_in_order(made[start:stop], places[start:stop]))
            else:
                groups[parent] = tuple(made[start:stop])
            start = stop
        return groups

    def _runs(self) -> tuple[list[int | None], list[int]]:
        """Numbers of the parents, and of the row after the last of each."""
        numbers = {key: number for number, key in enumerate(_joined(self._keys, self._keys))}
        parents = list(map(numbers.get, _joined(self, self._keys)))
        pairs = enumerate(itertools.pairwise(parents), 1)
        stops = [row for row, (before, after) in pairs if before != after]
        stops.append(len(parents))
        return [parents[stop - 1] for stop in stops], stops


def _joined(columns: Keys | Rows, names: Iterable[str]) -> Iterable[Any]:
    first, *others = (columns[name] for name in names)
    return zip(first, *others, strict=True) if others else first


def _in_order(made: list[T], places: list[int]) -> list[T]:
    return [made[i] for i in sorted(range(len(made)), key=places.__getitem__)]
