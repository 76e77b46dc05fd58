"""Answers as rows: tables that print readably and convert to data frames with fitting types."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec

from stancedata.problems import StancedataError
from stancedata.questions.arguments import number_of
from stancedata.text import html_table, preview, rows_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    # PyArrow does not let Python make instances of a subclass; to type checkers it is one.
    Base = pa.Table
else:
    Base = object

_SHOWN = 10  # rows that print
_WIDE = 12  # columns; of more, not all fit
_FIRST = (
    "period", "actor_name", "issue_id", "level_name_before", "level_name", "level",
    "stated_on_before", "stated_on", "own", "stance_id",
)  # fmt: skip
"""The columns that print first if a table is wide: who stands where, since when, and by what."""
Asked = ParamSpec("Asked")


class Result(Base):
    """The rows of an answer: a `pyarrow.Table` that prints as rows.

    Every attribute and method of `pyarrow.Table` works, and methods that return a table return a
    `Result`. polars (`pl.DataFrame(r)`), DuckDB (`from r`), pandas 3 (`DataFrame.from_arrow(r)`)
    and PyArrow (`pa.table(r)`) read it directly. Functions that insist on the class, such as
    `pyarrow.parquet.write_table` and `pl.from_arrow`, need `r.to_arrow()`.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __getattr__(self, name: str) -> Any:
        if name == "_table":  # not set yet, as while copying
            raise AttributeError(name)
        found = getattr(self._table, name)
        return _chained(found) if callable(found) else found

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._table)})

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __getitem__(self, key: Any) -> Any:
        return _wrapped(self._table[key])

    def __eq__(self, other: object) -> bool:
        return bool(self._table == arrow_of(other))

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Result], tuple[pa.Table]]:
        return Result, (self._table,)

    def __str__(self) -> str:
        if self._is_blank():
            return f"nothing found: {self._size()}"
        shown = self._shown()
        return f"{preview(shown.column_names, rows_of(shown))}\n{self._size()}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        if self._is_blank():
            return f"<p>nothing found: {self._size()}</p>"
        return html_table(self._size(), self._shown())

    def _is_blank(self) -> bool:
        """Whether there are no rows, but more columns than a reader wants named."""
        return not self._table.num_rows and self._table.num_columns > _WIDE

    def _ipython_key_completions_(self) -> list[str]:
        """Return the columns that an interactive shell completes after `[`."""
        return list(self._table.column_names)

    def _shown(self) -> pa.Table:
        """Return the first rows; if there are many columns, those that are read first come first."""
        names = self._table.column_names
        rows = self._table.slice(0, _SHOWN)
        if len(names) <= _WIDE:
            return rows
        first = [names.index(name) for name in _FIRST if name in names]
        return rows.select([*first, *(n for n in range(len(names)) if n not in first)])

    def _size(self) -> str:
        rows, columns = self._table.num_rows, self._table.num_columns
        first = f", the first {_SHOWN} shown" if rows > _SHOWN else ""
        return f"{rows:,} row{'s' * (rows != 1)}, {columns} column{'s' * (columns != 1)}{first}"

    def head(self, rows: int = 5) -> Result:
        """Return the first rows.

        Args:
            rows: How many.

        Raises:
            StancedataError: If it is not a whole number of 0 or more.
        """
        return Result(self._table.slice(0, min(number_of(rows, "rows"), self._table.num_rows)))

    def to_arrow(self) -> pa.Table:
        """Return the `pyarrow.Table` itself."""
        return self._table

    def to_pandas(self, **options: Any) -> pd.DataFrame:  # type: ignore[override]
        """Return the rows as a pandas DataFrame; needs the extra `[pandas]`.

        Days are `datetime64`, so that they compare with days; whole numbers and booleans keep their
        type where some are null (`Int32`, `Int64`, `boolean`).

        Args:
            **options: Options of `pyarrow.Table.to_pandas`, which take precedence.
        """
        return to_pandas(self._table, **options)

    def to_polars(self) -> pl.DataFrame:
        """Return the rows as a polars DataFrame; needs the extra `[polars]`."""
        return to_polars(self._table)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return a new Arrow stream of the rows."""
        stream: object = self._table.__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream


def answering(method: Callable[Asked, pa.Table]) -> Callable[Asked, Result]:
    """Let a method return its table as a `Result`."""

    @functools.wraps(method)
    def call(*args: Asked.args, **named: Asked.kwargs) -> Result:
        return Result(method(*args, **named))

    return call


def arrow_of(value: Any) -> Any:
    """Return the table of a `Result`, and anything else as it is."""
    return value._table if isinstance(value, Result) else value


def to_pandas(table: pa.Table, **options: Any) -> pd.DataFrame:
    """Convert a table to pandas, with types that bear nulls; see `Result.to_pandas`."""
    try:
        import pandas as pd
    except ImportError:
        raise StancedataError(
            "pandas is not installed; run pip install 'stancedata[pandas]'"
        ) from None
    import pyarrow as pa

    kinds: dict[pa.DataType, Any] = {
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    wanted: dict[str, Any] = {"date_as_object": False, "types_mapper": kinds.get, **options}
    frame: pd.DataFrame = table.to_pandas(**wanted)
    return frame


def to_polars(table: pa.Table) -> pl.DataFrame:
    """Convert a table to polars."""
    try:
        import polars as pl
    except ImportError:
        raise StancedataError(
            "polars is not installed; run pip install 'stancedata[polars]'"
        ) from None
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _chained(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method of a table take results, and return one."""

    @functools.wraps(method)
    def call(*args: Any, **named: Any) -> Any:
        given = {name: arrow_of(value) for name, value in named.items()}
        return _wrapped(method(*map(arrow_of, args), **given))

    return call


def _wrapped(value: Any) -> Any:
    import pyarrow as pa

    return Result(value) if isinstance(value, pa.Table) else value
