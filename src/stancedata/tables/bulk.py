"""Make many frozen objects of columns, without paying for each that it is frozen.

The classes of `stancedata.model` have no rules of their own, so that nothing is left out here: an
object made of columns is equal to one made by its class. What the columns hold was proved where
the tables were read.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import gc
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from stancedata.tables.contract import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
MOST_REMEMBERED = 100_000
"""Values that are kept to be handed out again."""
FEW = 8
"""Rows below which to start something costs more than it saves."""
FIRST_BATCH = 64
LARGEST_BATCH = 4_096


class Remembered(dict[Any, Any]):
    """Values by what they are made of: frozen ones, so that many records can share one.

    Args:
        make: Makes a value of its key.
    """

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        made = self[key] = self._make(key)
        return made


class Rows:
    """Some rows of a table, column by column as lists of Python values.

    Args:
        table: The rows.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.count: int = table.num_rows
        self.names = frozenset(table.schema.names)
        self._read: dict[str, list[Any]] = {}

    def __getitem__(self, name: str) -> list[Any]:
        if name not in self._read:
            self._read[name] = self._values(name)
        return self._read[name]

    def _values(self, name: str) -> list[Any]:
        column: Any = self.table.column(name)
        if self.count >= FEW and column.type == "date32[day]":
            # PyArrow takes some forty times as long over a day as over a number.
            return list(map(_DAYS.__getitem__, column.cast("int32").to_pylist()))
        if self.count >= FEW and name in _REPEATED:
            encoded = column.dictionary_encode(null_encoding="encode")
            return [value for part in encoded.chunks for value in _decoded(part)]
        values: list[Any] = column.to_pylist()
        return values


def _decoded(codes: Any) -> Iterator[Any]:
    """The values of codes, the same object for the same text."""
    texts = list(map(_TEXTS.__getitem__, codes.dictionary.to_pylist()))
    return map(texts.__getitem__, codes.indices.to_pylist())


_DAY_0 = datetime.date(1970, 1, 1).toordinal()
_DAYS = Remembered(lambda n: None if n is None else datetime.date.fromordinal(_DAY_0 + n))
_TEXTS = Remembered(lambda text: text)
# Columns of which many rows have the same text: to share it saves two fifths of all the memory.
_REPEATED = {"level_name", "aspect"} | {
    column.name
    for table in TABLES
    for column in table.columns
    if (column.references or column.vocabulary) and column.name != "stance_id"
}


def fill(kind: type[T], rows: Rows, **others: list[Any]) -> list[T]:
    """Objects of a class, one a row.

    Args:
        kind: A frozen class of attrs with slots.
        rows: Where fields that have the name of a column take their values.
        **others: The values of other fields; those in neither keep their default.
    """
    if not rows.count:
        return []
    columns = (
        others[field.name]
        if field.name in others
        else rows[field.name]
        if field.name in rows.names
        else itertools.repeat(field.default, rows.count)
        for field in attrs.fields(kind)  # type: ignore[arg-type]
    )
    twin: Callable[..., Any] = _open_twin(kind)  # type: ignore[arg-type]
    made = list(map(twin, *columns))
    for record in made:
        record.__class__ = kind
    return made


@functools.cache
def _open_twin(kind: type[Any]) -> Callable[..., Any]:
    """A class with the very slots of a frozen one, which can be set.

    Setting them is a tenth of the work of a frozen class, which has to go round itself; the
    object then gets the class that it stands for, since the two lie alike in memory.
    """
    fields = {field.name: attrs.field() for field in attrs.fields(kind)}
    fills: Any = attrs.make_class(kind.__name__, fields)
    # Both: CPython keeps them in one place, and takes a long way round where one is not its own.
    plain = {name: getattr(object, name) for name in ("__setattr__", "__delattr__")}
    body = {"__slots__": (), "__init__": fills.__init__, **plain}
    return type(kind.__name__, (kind,), body)


class _Collector:
    """The garbage collector, which stands still while any thread makes many objects."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._makers = 0
        self._ran = False

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        with self._lock:
            if not self._makers:
                self._ran = gc.isenabled()
                gc.disable()
            self._makers += 1
        try:
            yield
        finally:
            with self._lock:
                self._makers -= 1
                if self._ran and not self._makers:
                    _grown_up()
                    gc.enable()


def _grown_up() -> None:
    """Count every object among the old ones, which the collector seldom looks at, unseen.

    To freeze and to unfreeze moves lists and touches no object. Who froze some keeps them so.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


COLLECTOR = _Collector()
"""The one that all share."""


def batch_sizes() -> Iterator[int]:
    """How many rows are made at a time: the first batches are small, to be there soon."""
    size = FIRST_BATCH
    while True:
        yield size
        size = min(4 * size, LARGEST_BATCH)


def in_batches(table: pa.Table, make: Callable[[pa.Table], Sequence[T]]) -> Iterator[Sequence[T]]:
    """What is made of a table's rows, a batch at a time.

    While a batch is made the garbage collector stands still: none of it is garbage, and to look
    at so many objects again and again takes as long as to make them.
    """
    start = 0
    for size in batch_sizes():
        if start >= table.num_rows:
            return
        with COLLECTOR.paused():
            made = make(table.slice(start, size))
        yield made
        start += size
