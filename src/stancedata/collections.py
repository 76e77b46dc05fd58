"""Collections: mappings by id that make objects on demand and are tables at the same time."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, KeysView
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from stancedata.problems import StancedataError, UnknownIdError, did_you_mean, one_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

T = TypeVar("T")
Row = dict[str, Any]


class Collection(Generic[T]):
    """Records by id; each is made when it is asked for, and not before.

    Collections compare by identity. `pl.DataFrame(c)`, `duckdb.sql("from c")` and `pa.table(c)`
    take one as it is; for pandas, write `c.to_pandas()`. It does everything that a mapping does
    and is none by class: polars would take a `Mapping` for one column a record.

    Args:
        noun: What messages call one record: `actor`.
        table: The records' rows, sorted by key.
        key: Gives a row's id.
        make: Makes the record of a row.
        aliases: Gives pairs of another name and the id that it stands for.
        gone: Says of an id what became of its record, where it was retracted.
    """

    def __init__(
        self,
        noun: str,
        table: pa.Table,
        key: tuple[str, ...],
        make: Callable[[Row], T],
        aliases: Callable[[], Iterable[tuple[str, str]]] = tuple,
        gone: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._noun = noun
        self._table = table
        self._key = key
        self._make = make
        self._aliases = aliases
        self._gone = gone

    @functools.cached_property
    def _index(self) -> dict[str, int]:
        columns = [self._table.column(name).to_pylist() for name in self._key]
        return {"/".join(parts): i for i, parts in enumerate(zip(*columns, strict=True))}

    def __getitem__(self, record_id: str) -> T:
        index = self.require(record_id)
        return self._make(self._table.slice(index, 1).to_pylist()[0])

    def require(self, record_id: str) -> int:
        """The number of a record's row.

        Raises:
            UnknownIdError: Nothing has that id; with the nearest one.
        """
        try:
            return self._index[record_id]
        except (KeyError, TypeError):
            nearest = did_you_mean(str(record_id), self._index) or f"there are {len(self)}"
            hint = self._gone(str(record_id)) or nearest
            raise UnknownIdError(f"no {self._noun} has the id {record_id!r}; {hint}") from None

    @functools.cached_property
    def _names(self) -> dict[str, set[str]]:
        names: defaultdict[str, set[str]] = defaultdict(set)
        for name, record_id in self._aliases():
            names[name.casefold()].add(record_id)
        return names

    def resolve(self, name: str) -> str:
        """The id that a name, a spelling or a code stands for; an id stands for itself.

        Args:
            name: For example `Kremlin`, `RUS`, `365` or `Lavrov`; capitals do not matter.

        Raises:
            UnknownIdError: Nothing is called so; with the nearest name.
            StancedataError: Several records are; with their ids.
        """
        if name in self._index:
            return name
        found = sorted(self._names.get(str(name).casefold(), ()))
        if len(found) > 1:
            raise StancedataError(
                f"several {self._noun}s are called {name!r}; write one of {one_of(found)}"
            )
        if not found:
            nearest = did_you_mean(str(name), [*self._index, *self._names])
            hint = self._gone(str(name)) or nearest or f"there are {len(self)}"
            raise UnknownIdError(f"no {self._noun} is called {name!r}; {hint}")
        return found[0]

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._index

    def __iter__(self) -> Iterator[str]:
        return iter(self._index)

    def keys(self) -> KeysView[str]:
        """The ids, in order of the table's key."""
        return self._index.keys()

    def values(self) -> Iterator[T]:
        """Every record, made one after the other."""
        for batch in self._table.to_batches():
            yield from map(self._make, batch.to_pylist())

    def items(self) -> Iterator[tuple[str, T]]:
        """Every id with its record."""
        return zip(self._index, self.values(), strict=True)

    def get(self, record_id: str) -> T | None:
        """The record of an id, None where nothing has it."""
        return self[record_id] if record_id in self._index else None

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        first = ", ".join(map(repr, list(self._index)[:3]))
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
                "pandas is not installed; write pip install 'stancedata[pandas]'"
            ) from None
        frame: pd.DataFrame = self._table.to_pandas()
        return frame

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars data frame."""
        try:
            import polars as pl
        except ImportError:
            raise StancedataError(
                "polars is not installed; write pip install 'stancedata[polars]'"
            ) from None
        frame = pl.from_arrow(self._table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as an Arrow stream, anew at every call."""
        stream: object = self._table.__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream
