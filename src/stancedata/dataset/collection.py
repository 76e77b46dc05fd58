"""Collections: records by ID, built on demand, that can also be used as tables."""

from __future__ import annotations

import contextlib
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
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from stancedata.dataset.names import Code, Name, Names, text_of
from stancedata.problems import (
    StancedataError,
    UnknownIdError,
    did_you_mean,
    not_in_these_data,
    shown,
)
from stancedata.questions.arguments import texts_of
from stancedata.questions.result import to_pandas, to_polars
from stancedata.tables.bulk import in_batches
from stancedata.tables.lookup import Places
from stancedata.text import html_table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")
MOST_COMPLETED = 100_000
"""Keys among which a shell completes one; more would take longer than typing."""


class Collection(Generic[T]):
    """A lazy mapping from IDs to records; each record is built when it is accessed.

    Pass a collection directly to `pl.DataFrame(c)`, `duckdb.sql("from c")` or `pa.table(c)`; for
    pandas, use `c.to_pandas()`. Collections compare by identity. The class behaves like a mapping
    but does not subclass `Mapping`, because polars would turn one into a column per record.

    Args:
        noun: The word for one record in messages, such as `actor`.
        table: The rows of the records, sorted by key, or a function that loads them on first use.
        key: The columns that form a row's ID, joined by slashes.
        make: Builds the records of some rows.
        aliases: Returns pairs of an alternative name and the ID it stands for.
        gone: Returns why the record with an ID was retracted, or an empty string.
        codes: Returns triples of a scheme, a code and the ID it stands for.
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
        self._home: tuple[object, str] = (None, "")

    def of(self, owner: object, name: str) -> Self:
        """Remember where the collection is an attribute, by which it is pickled."""
        self._home = (owner, name)
        return self

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, str]]:
        return getattr, self._home

    @functools.cached_property
    def _table(self) -> pa.Table:
        return self._given() if callable(self._given) else self._given

    def __getitem__(self, record_id: str) -> T:
        found = self.get(record_id)
        if found is None:
            raise self._unknown(record_id)
        return found

    def require(self, record_id: str) -> int:
        """Return the row number of a record.

        Raises:
            UnknownIdError: If no record has that ID; the message suggests the closest one.
        """
        index = self._find(record_id)
        if index is None:
            raise self._unknown(record_id)
        return index

    def _unknown(self, record_id: object) -> UnknownIdError:
        """Make the error that no record has an ID."""
        text = record_id if isinstance(record_id, str) else ""
        nearest = self._gone(text) or self._named(text) or did_you_mean(text, list(self))
        hint = nearest or not_in_these_data(len(self), self._noun)
        return UnknownIdError(f"no {self._noun} has the id {shown(record_id)}; {hint}")

    def _named(self, text: str) -> str:
        """Say which ID a name or code stands for, if it is of one record."""
        with contextlib.suppress(StancedataError):  # it is of several
            if found := self._names.find(text):
                return f"it is a name of {found!r}"
        return ""

    @functools.cached_property
    def _places(self) -> Places:
        return Places(self._table.column(self._key[-1]))

    def _find(self, record_id: object) -> int | None:
        """Return a record's row number by binary search; an index would have to read every ID."""
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
        """Resolve a name, spelling or code to an ID; an ID resolves to itself.

        Args:
            name: For example `Kremlin`, `RUS` or `Lavrov`, in upper or lower case. A bare number
                is a Correlates of War code; write codes of other schemes as `gw:365`, `vdem:11`.

        Raises:
            UnknownIdError: If the name is unknown; the message suggests the closest one.
            StancedataError: If the name is ambiguous, or is not text or a whole number.
        """
        text = text_of(name, self._noun)
        if text in self:
            return text
        found = self._names.find(text)
        if found is None:
            hint = self._gone(text) or self.suggest(text)
            hint = hint or not_in_these_data(len(self), self._noun)
            raise UnknownIdError(f"no {self._noun} is called {shown(text)}; {hint}")
        return found

    def suggest(self, name: str, others: Iterable[str] = ()) -> str:
        """Suggest what a name that is not here may stand for; an empty text if nothing is near.

        Args:
            name: The name.
            others: More ids to suggest, of records of other kinds.

        Raises:
            StancedataError: If the name is not text, or the others are not a list of texts.
        """
        if not isinstance(name, str):
            raise StancedataError(f"name: must be text, got {shown(name)}; write it as text")
        return self._names.suggest(name, [*self, *texts_of(others, "others")])

    def __contains__(self, record_id: object) -> bool:
        return self._find(record_id) is not None

    def __iter__(self) -> Iterator[str]:
        return itertools.chain.from_iterable(in_batches(self._table, self._ids))

    def _ids(self, rows: pa.Table) -> list[str]:
        columns = [rows.column(name).to_pylist() for name in self._key]
        return list(map("/".join, zip(*columns, strict=True)))

    def keys(self) -> KeysView[str]:
        """Return the IDs, in key order."""
        return KeysView(self)

    def values(self) -> ValuesView[T]:
        """Return the records, built while iterating and not cached."""
        return _Records(self)

    def items(self) -> ItemsView[str, T]:
        """Return pairs of ID and record, built while iterating."""
        return _Items(self)

    def batches(self) -> Iterator[Sequence[T]]:
        """Iterate over the records in batches, which start small so that the first comes soon."""
        return in_batches(self._table, self._make)

    def get(self, record_id: str) -> T | None:
        """Return the record with an ID, or None."""
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

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        return html_table(repr(self), self._table.slice(0, 10))

    def _ipython_key_completions_(self) -> list[str]:
        """Return the keys that an interactive shell completes after `[`."""
        return list(itertools.islice(self, MOST_COMPLETED))

    def to_arrow(self) -> pa.Table:
        """Return the rows as a `pyarrow.Table`, with the columns of the contract."""
        return self._table

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame; needs the extra `[pandas]`.

        Days are `datetime64`, so that they compare with days; whole numbers and booleans keep their
        type where some are null (`Int32`, `boolean`).
        """
        return to_pandas(self._table)

    def to_polars(self) -> pl.DataFrame:
        """Return the rows as a polars DataFrame; needs the extra `[polars]`."""
        return to_polars(self._table)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a new Arrow stream of the rows."""
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
    """Yield every way to split an ID at `slashes` of its slashes, since a part may contain some."""
    if not slashes:
        yield (record_id,)
        return
    parts = record_id.split("/")
    for n in range(1, len(parts)):
        first, after = "/".join(parts[:n]), "/".join(parts[n:])
        yield from ((first, *rest) for rest in _split(after, slashes - 1))
