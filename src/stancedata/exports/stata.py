"""Write a table as a Stata file, with days as Stata days and descriptions as labels.

Stata has no null text: it becomes an empty one. Texts of more than 2,045 bytes are strL.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.problems import StancedataError
from stancedata.tables.columns import Table
from stancedata.tables.manifest import Identity

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BYTES = 2045
"""The most bytes of a text that is not a strL."""
_LABEL = 80
"""The most characters of a label."""
_TIME = datetime.datetime(1960, 1, 1)
"""The time in a file's header: always the same, so that two exports are identical."""


def write(
    table: Table,
    batches: Iterable[pa.Table],
    folder: Path,
    identify: Callable[[], Identity],
    partition_by: str = "",
) -> list[Path]:
    """Write a table to one file named after it, which is held in memory; needs `[pandas]`.

    Raises:
        StancedataError: If pandas is missing, or Stata cannot hold a text.
    """
    try:
        import pandas as pd
    except ImportError:
        raise StancedataError(
            "pandas is not installed; run pip install 'stancedata[pandas]'"
        ) from None
    import pyarrow as pa

    names = table.schema.names
    parts = [rows.select(names).cast(table.schema) for rows in batches]
    data = pa.concat_tables([table.schema.empty_table(), *parts])
    frame = pd.DataFrame({c.name: _values(data.column(c.name), c.type) for c in table.columns})
    texts = [c.name for c in table.columns if c.type == "string"]
    _refuse(table, frame, texts)
    path = folder / f"{table.name}.dta"
    frame.to_stata(
        path,
        version=118,
        write_index=False,
        time_stamp=_TIME,
        data_label=table.description[:_LABEL],
        variable_labels={c.name: c.description[:_LABEL] for c in table.columns},
        convert_dates={c.name: "td" for c in table.columns if c.type == "date32"},
        convert_strl=[name for name in texts if _longest(frame[name]) > MOST_BYTES],
    )
    return [path]


def _values(column: Any, kind: str) -> Any:
    """Return a column as pandas writes it: days as `datetime64[s]`, numbers with gaps as floats."""
    import pandas as pd

    if kind == "date32":
        days = column.to_numpy(zero_copy_only=False)
        return pd.Series(days.astype("datetime64[s]"))
    if kind == "string":
        return pd.Series(column.fill_null("").to_pylist(), dtype=object)
    if kind == "bool":
        filled = [None if value is None else float(value) for value in column.to_pylist()]
        return pd.Series(filled, dtype="float64" if column.null_count else "int8")
    dtype = "float64" if column.null_count or kind == "float64" else "int32"
    return pd.Series(column.to_pylist(), dtype=dtype)


def _longest(values: Any) -> int:
    return max((len(value.encode("utf-8")) for value in values), default=0)


def _refuse(table: Table, frame: Any, texts: list[str]) -> None:
    """Raise before anything is written if a text has a NUL, at which Stata would cut it."""
    for name in texts:
        if any("\0" in value for value in frame[name]):
            raise StancedataError(
                f"{table.name}.dta: {name} has a text with the character NUL, which Stata cannot "
                "hold; choose another format"
            )
