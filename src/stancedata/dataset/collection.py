"""Collections: mappings by id that make objects on demand and are tables at the same time."""

from __future__ import annotations

import functools
import itertools
from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Sequence,
    ValuesView,
)
from typing import TYPE_CHECKING, Generic, TypeVar

from stancedata.dataset.names import Code, Name, Names, text_of
from stancedata.problems import StancedataError, UnknownIdError, did_you_mean
from stancedata.tables.bulk import in_batches
from stancedata.tables.lookup import Places

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")


class Collection(Generic[T]):
    """Records by id; each is made when it is asked for, and not before.

    Collections compare by identity. `pl.DataFrame(c)`, `duckdb.sql("from c")` and `pa.table(c)`
    take one as it is; for pandas, write `c.to_pandas()`. It does everything that a mapping does
    and is none by class: polars would take a `Mapping` for one column a record.

    Args:
        noun: What messages call one record: `actor`.
        table: The records' rows, sorted by key; or what gives them, when they are first wanted.
        key: Gives a row's id.
        make: Makes the records of some rows.
        aliases: Gives pairs of another name and the id that it stands for.
        gone: Says of an id what became of its record, where it was retracted.
        codes: Gives schemes, their codes, and the ids that these stand for.
    """

    def __init__(
        self,
        noun: str,
        table: pa.Table | Callable[[], pa.Table],
        key: tuple[str, ...],
        make: Callable[[pa.Table], Sequence[T]],
        aliases: Callable[[], Iterable[Name]] = tuple,
        gone: Callable[[str], str] = lambda _: "",
        codes: Callable[[], Iterable[Code]] = tuple,
    ) -> None:
        self._noun = noun
        self._given = table
        self._key = key
        self._make = make
        self._aliases = aliases
        self._gone = gone
        self._codes = codes

    @functools.cached_property
    def _table(self) -> pa.Table:
        return self._given() if callable(self._given) else self._given

    def __getitem__(self, record_id: str) -> T:
        return self._make(self._table.slice(self.require(record_id), 1))[0]

    def require(self, record_id: str) -> int:
        """The number of a record's row.

        Raises:
            UnknownIdError: Nothing has that id; with the nearest one.
        """
        index = self._find(record_id)
        if index is None:
            nearest = did_you_mean(str(record_id), list(self)) or f"there are {len(self)}"
            hint = self._gone(str(record_id)) or nearest
            raise UnknownIdError(f"no {self._noun} has the id {record_id!r}; {hint}")
        return index

    @functools.cached_property
    def _places(self) -> Places:
        return Places(self._table.column(self._key[-1]))

    def _find(self, record_id: object) -> int | None:
        """The number of a record's row, found by halving: an index would read every id first."""
        if not isinstance(record_id, str):
            return None
        for parts in _split(record_id, len(self._key) - 1):
            start, stop = self._places.span(parts[-1], parts[-1])
            rows = self._table.slice(start, stop - start)
            found = list(zip(*(rows.column(name).to_pylist() for name in self._key), strict=True))
            if parts in found:
                return start + found.index(parts)
        return None

    @functools.cached_property
    def _names(self) -> Names:
        return Names(self._noun, self._aliases(), self._codes())

    def resolve(self, name: str | int) -> str:
        """The id that a name, a spelling or a code stands for; an id stands for itself.

        Args:
            name: For example `Kremlin`, `RUS` or `Lavrov`; capitals do not matter. A bare number
                is a Correlates of War code; a code of any scheme is `gw:365`, `vdem:11`.

        Raises:
            UnknownIdError: Nothing is called so; with the nearest name.
            StancedataError: Several records are, with what to write for each; or it is no name.
        """
        text = text_of(name, self._noun)
        if text in self:
            return text
        found = self._names.find(text)
        if found is None:
            hint = self._gone(text) or self._names.suggest(text, self) or f"there are {len(self)}"
            raise UnknownIdError(f"no {self._noun} is called {text!r}; {hint}")
        return found

    def __contains__(self, record_id: object) -> bool:
        return self._find(record_id) is not None

    def __iter__(self) -> Iterator[str]:
        return itertools.chain.from_iterable(in_batches(self._table, self._ids))

    def _ids(self, rows: pa.Table) -> list[str]:
        columns = [rows.column(name).to_pylist() for name in self._key]
        return list(map("/".join, zip(*columns, strict=True)))

    def keys(self) -> KeysView[str]:
        """The ids, in order of the table's key."""
        return KeysView(self)

    def values(self) -> ValuesView[T]:
        """Every record, made as one goes through them, and anew each time."""
        return _Records(self)

    def items(self) -> ItemsView[str, T]:
        """Every id with its record, made as one goes through them."""
        return _Items(self)

    def batches(self) -> Iterator[Sequence[T]]:
        """The records some at a time, which takes no longer than one does at first."""
        return in_batches(self._table, self._make)

    def get(self, record_id: str) -> T | None:
        """The record of an id, None where nothing has it."""
        index = self._find(record_id)
        return None if index is None else self._make(self._table.slice(index, 1))[0]

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        first = ", ".join(map(repr, itertools.islice(self, 3)))
        return f"<{len(self)} {self._noun}s: {first}{', …' if len(self) > 3 else ''}>"

    def to_arrow(self) -> pa.Table:
        """The rows as a pyarrow.Table, with the columns of the contract."""
        return self._table

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas data frame; days come as `datetime.date`."""
        try:
            import pandas  # noqa: F401 - asked for, so that its absence is said in words
        except ImportError:
            raise StancedataError(
                "pandas is not installed; run pip install 'stancedata[pandas]'"
            ) from None
        frame: pd.DataFrame = self._table.to_pandas()
        return frame

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars data frame."""
        try:
            import polars as pl
        except ImportError:
            raise StancedataError(
                "polars is not installed; run pip install 'stancedata[polars]'"
            ) from None
        frame = pl.from_arrow(self._table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as an Arrow stream, anew at every call."""
        stream: object = self._table.__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream


class _Records(ValuesView[T]):
    _mapping: Collection[T]

    def __iter__(self) -> Iterator[T]:
        return itertools.chain.from_iterable(self._mapping.batches())


class _Items(ItemsView[str, T]):
    _mapping: Collection[T]

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return zip(self._mapping, self._mapping.values(), strict=True)


def _split(record_id: str, slashes: int) -> Iterator[tuple[str, ...]]:
    """Every way to take an id apart at so many slashes."""
    if not slashes:
        yield (record_id,)
        return
    parts = record_id.split("/")
    for n in range(1, len(parts)):
        first, after = "/".join(parts[:n]), "/".join(parts[n:])
        yield from ((first, *rest) for rest in _split(after, slashes - 1))
