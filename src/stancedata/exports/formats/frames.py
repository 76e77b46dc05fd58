"""Tables as pandas frames for statistics programs, which have labels of values but no null text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.problems import StancedataError
from stancedata.tables.columns import Table

if TYPE_CHECKING:
    import pyarrow as pa

_LEVELS = ("level", "level_min", "level_max")
_CUT = "…"
_BOOLEANS: dict[int | float, str] = {0: "no", 1: "yes"}


def frame_of(table: Table, batches: Iterable[pa.Table]) -> Any:
    """Return a table as a frame: days as `datetime64[s]`, null texts empty, gaps in numbers NaN.

    Raises:
        StancedataError: If pandas is missing.
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
    return pd.DataFrame({c.name: _values(data.column(c.name), c.type) for c in table.columns})


def _values(column: Any, kind: str) -> Any:
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


def longest(values: Any) -> int:
    """Return the most bytes of a text in a column."""
    return max((len(value.encode("utf-8")) for value in values), default=0)


def refuse_nul(table: Table, frame: Any, program: str, file: str) -> None:
    """Raise before anything is written if a text has a NUL, at which the program would cut it."""
    for name in [c.name for c in table.columns if c.type == "string"]:
        if any("\0" in value for value in frame[name]):
            raise StancedataError(
                f"{file}: {name} has a text with the character NUL, which {program} cannot hold; "
                "choose another format"
            )


def refuse_early(table: Table, frame: Any, first: datetime.date, program: str, file: str) -> None:
    """Raise before anything is written if a day is before the first that the program has."""
    import pandas as pd

    for name in [c.name for c in table.columns if c.type == "date32"]:
        early = frame[name].min()
        if early is not pd.NaT and early < pd.Timestamp(first).as_unit("s"):
            raise StancedataError(
                f"{file}: {name} has the day {early.date()}, but {program}'s begin on {first}; "
                "choose another format"
            )


def level_labels_of(levels: pa.Table) -> dict[int, str]:
    """Return a label for each level: its name, or its names, since issues have scales of their own."""
    found: dict[int, list[str]] = {}
    for row in levels.sort_by([("level", "ascending"), ("level_name", "ascending")]).to_pylist():
        names = found.setdefault(row["level"], [])
        if row["level_name"] not in names:
            names.append(row["level_name"])
    return {level: " / ".join(names) for level, names in found.items()}


def value_labels(
    table: Table, levels: Mapping[int, str], most: int
) -> dict[str, dict[int | float, str]]:
    """Return the labels of each column that has any, each of at most this many bytes."""
    found = {c.name: _BOOLEANS for c in table.columns if c.type == "bool"}
    if levels:
        labelled = [c.name for c in table.columns if c.name in _LEVELS and c.type == "int32"]
        labels: dict[int | float, str] = {n: cut(text, most) for n, text in levels.items()}
        found |= dict.fromkeys(labelled, labels)
    return found


def cut(text: str, most: int) -> str:
    """Cut a text to a number of bytes, at the end of a word, and show that it was cut."""
    if len(text.encode("utf-8")) <= most:
        return text
    head = text.encode("utf-8")[: most - len(_CUT.encode("utf-8"))].decode("utf-8", "ignore")
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:/.(") + _CUT
