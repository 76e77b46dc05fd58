"""Build frozen attrs objects in bulk from columns, bypassing per-object `__setattr__`.

The classes of `stancedata.model` neither validate nor convert, so an object built from columns
equals one built by its class. The columns were validated when the tables were read.
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
"""The most values in a cache."""
FEW = 8
"""Rows below which optimised decoding costs more than it saves."""
FIRST_BATCH = 64
LARGEST_BATCH = 4_096


class Remembered(dict[Any, Any]):
    """A bounded cache of immutable values: equal values are built once and shared.

    Args:
        make: Builds a value from its key.
    """

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        made = self[key] = self._make(key)
        return made


class Cells(dict[str, Callable[[int], Any]]):
    """The cells of a table in memory, read from its buffers one by one.

    PyArrow takes several microseconds to slice a column and convert a cell of it.

    Args:
        table: The table, with texts, numbers, booleans and days.
    """

    def __init__(self, table: pa.Table) -> None:
        super().__init__()
        self.table = table
        self.names = frozenset(table.schema.names)

    def __missing__(self, name: str) -> Callable[[int], Any]:
        """Make the function that reads a column's cell, given the number of its row."""
        read = self[name] = _reader(self.table.column(name))
        return read


@attrs.define(eq=False)  # a frozen one takes three times as long to make
class Span:
    """Adjacent rows of a table in memory.

    Attributes:
        cells: The cells of the table.
        start: The first row.
        stop: The row after the last one.
    """

    cells: Cells
    start: int
    stop: int

    @property
    def num_rows(self) -> int:
        """The number of rows."""
        return self.stop - self.start

    def slice(self, offset: int, length: int) -> Span:
        """Return some of the rows, as `pyarrow.Table.slice` does."""
        start = min(self.start + offset, self.stop)
        return Span(self.cells, start, min(start + length, self.stop))

    @property
    def table(self) -> pa.Table:
        """The rows as a table."""
        return self.cells.table.slice(self.start, self.num_rows)


def _reader(column: pa.ChunkedArray[Any]) -> Callable[[int], Any]:
    """Make the function that reads a cell of a column."""
    if column.null_count == len(column):  # it may have no buffers
        return lambda _: None
    whole: Any = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if str(whole.type) == "string":
        return _reader_of_texts(whole)
    read = _reader_of_values(whole)
    if not whole.null_count:
        return read
    bits, first = memoryview(whole.buffers()[0]), whole.offset
    return lambda row: read(row) if bits[(first + row) >> 3] >> ((first + row) & 7) & 1 else None


def _reader_of_texts(values: Any) -> Callable[[int], Any]:
    """Make the function that reads a cell of a column of texts, without a call for each step."""
    valid, ends, data = values.buffers()
    first = values.offset
    offsets, view = memoryview(ends).cast("i")[first:], memoryview(data or b"")
    if not values.null_count:
        return lambda row: str(view[offsets[row] : offsets[row + 1]], "utf-8")
    bits = memoryview(valid)

    def read(row: int) -> str | None:
        place = first + row
        if bits[place >> 3] >> (place & 7) & 1:
            return str(view[offsets[row] : offsets[row + 1]], "utf-8")
        return None

    return read


def _reader_of_values(values: Any) -> Callable[[int], Any]:
    """Make the function that reads a cell that is not null."""
    kind, first = str(values.type), values.offset
    data = memoryview(values.buffers()[1])
    if kind == "bool":
        return lambda row: bool(data[(first + row) >> 3] >> ((first + row) & 7) & 1)
    if kind == "double":
        return data.cast("d")[first:].__getitem__
    numbers = data.cast("i")[first:]
    if kind == "date32[day]":
        return lambda row: _DAYS[numbers[row]]
    assert kind == "int32", f"a table of the contract has no {kind}"
    return numbers.__getitem__


class Rows:
    """Rows of a table, whose columns are converted lazily to lists of Python values.

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
            # PyArrow converts dates about forty times more slowly than integers.
            return list(map(_DAYS.__getitem__, column.cast("int32").to_pylist()))
        if self.count >= FEW and name in _REPEATED:
            encoded = column.dictionary_encode(null_encoding="encode")
            return [value for part in encoded.chunks for value in _decoded(part)]
        values: list[Any] = column.to_pylist()
        return values


class FewRows(Rows):
    """A few rows of a table in memory, read cell by cell.

    Args:
        span: The rows.
    """

    def __init__(self, span: Span) -> None:
        self._cells, self._numbers = span.cells, range(span.start, span.stop)
        self.count = span.stop - span.start
        self.names = span.cells.names
        self._read = {}

    def __getitem__(self, name: str) -> list[Any]:
        found = self._read.get(name)
        if found is None:
            read = self._cells[name]
            found = self._read[name] = list(map(read, self._numbers))
        return found


def rows_of(table: pa.Table | Span) -> Rows:
    """Read rows of a table."""
    return FewRows(table) if isinstance(table, Span) else Rows(table)


def _decoded(codes: Any) -> Iterator[Any]:
    """Decode a dictionary array; equal texts become the same object."""
    texts = list(map(_TEXTS.__getitem__, codes.dictionary.to_pylist()))
    return map(texts.__getitem__, codes.indices.to_pylist())


_DAY_0 = datetime.date(1970, 1, 1).toordinal()
_DAYS = Remembered(lambda n: None if n is None else datetime.date.fromordinal(_DAY_0 + n))
_TEXTS = Remembered(lambda text: text)
# Columns with few distinct texts: sharing them saves two fifths of the memory.
_REPEATED = {"level_name", "aspect"} | {
    column.name
    for table in TABLES
    for column in table.columns
    if (column.references or column.vocabulary) and column.name != "stance_id"
}


def fill(kind: type[T], rows: Rows, **others: list[Any]) -> list[T]:
    """Build one object of a class per row.

    Args:
        kind: A frozen, slotted attrs class.
        rows: The values of fields that are named like a column.
        **others: The values of other fields; fields in neither get their default.
    """
    if not rows.count:
        return []
    columns = [
        others[name]
        if name in others
        else rows[name]
        if name in rows.names
        else itertools.repeat(default, rows.count)
        for name, default in _fields(kind)  # type: ignore[arg-type]
    ]
    mutable: Callable[..., Any] = _mutable_subclass(kind)  # type: ignore[arg-type]
    made = list(map(mutable, *columns))
    for record in made:
        record.__class__ = kind
    return made


@functools.cache
def _fields(kind: type[Any]) -> list[tuple[str, Any]]:
    """List the fields of a class, with their defaults."""
    return [(field.name, field.default) for field in attrs.fields(kind)]


@functools.cache
def _mutable_subclass(kind: type[Any]) -> Callable[..., Any]:
    """Make a mutable subclass of a frozen class, with the same slots.

    Its `__init__` takes a tenth of the time, since a frozen class must bypass its own
    `__setattr__`. Both have the same memory layout, so `__class__` can be assigned afterwards.
    """
    names = [name for name, _ in _fields(kind)]  # type: ignore[arg-type]
    body: dict[str, Any] = {"__slots__": ()}
    # As attrs does, whose `make_class` takes two milliseconds for each of these classes.
    filling = "; ".join(f"self.{name} = {name}" for name in names)
    exec(f"def __init__(self, {', '.join(names)}): {filling}", {}, body)
    # Both, since CPython has one slot for them, which is slow unless both are its own.
    body |= {name: getattr(object, name) for name in ("__setattr__", "__delattr__")}
    return type(kind.__name__, (kind,), body)


class _Collector:
    """The garbage collector, paused while any thread builds many objects."""

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
                    _age_objects()
                    gc.enable()


def _age_objects() -> None:
    """Move all objects to the oldest generation, which is seldom collected, without a traversal.

    Freezing and unfreezing only splices lists. Skipped if the user has frozen objects.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


COLLECTOR = _Collector()
"""The instance shared by all threads."""


def batch_sizes() -> Iterator[int]:
    """Yield growing batch sizes: the first are small, so that the first objects come soon."""
    size = FIRST_BATCH
    while True:
        yield size
        size = min(4 * size, LARGEST_BATCH)


def in_batches(table: pa.Table, make: Callable[[pa.Table], Sequence[T]]) -> Iterator[Sequence[T]]:
    """Yield the objects that `make` builds from a table, batch by batch.

    The garbage collector is paused while a batch is built: none of it is garbage, and traversing
    it repeatedly takes as long as building it.
    """
    start = 0
    for size in batch_sizes():
        if start >= table.num_rows:
            return
        with COLLECTOR.paused():
            made = make(table.slice(start, size))
        yield made
        start += size
