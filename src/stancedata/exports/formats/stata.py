"""Write a table as a Stata file, with days as Stata days and descriptions as labels.

Stata has no null text: it becomes an empty one. Texts of more than 2,045 bytes are strL.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.exports.formats.frames import (
    cut,
    frame_of,
    longest,
    refuse_early,
    refuse_nul,
    value_labels,
)
from stancedata.exports.formats.work import Work, naming
from stancedata.tables.columns import Table

if TYPE_CHECKING:
    import pyarrow as pa

MOST_BYTES = 2045
"""The most bytes of a text that is not a strL."""
FIRST_DAY = datetime.date(100, 1, 1)
_LABEL = 80
"""The most characters of a label."""
_VALUE_LABEL = 32_000
"""The most bytes of the label of a value."""
_LONGS = (-2_147_483_647, 2_147_483_620)
"""The least and the greatest whole number of four bytes; greater ones stand for missing values."""
_TIME = datetime.datetime(1960, 1, 1)
"""The time in a file's header: always the same, so that two exports are identical."""


def write(table: Table, work: Work) -> list[Path]:
    """Write a table to one file named after it, which is held in memory; needs `[pandas]`.

    Raises:
        StancedataError: If pandas is missing, or Stata cannot hold a text.
    """
    path = work.folder / f"{table.name}.dta"
    with naming(path):
        write_file(path, table, work.batches(table.name), work.level_labels)
    return [path]


def write_file(
    path: Path, table: Table, batches: Iterable[pa.Table], level_labels: Mapping[int, str]
) -> None:
    """Write the rows of a table to a file, as `write` does."""
    frame = frame_of(table, batches)
    texts = [c.name for c in table.columns if c.type == "string"]
    refuse_nul(table, frame, "Stata", path.name)
    refuse_early(table, frame, FIRST_DAY, "Stata", path.name)
    for name in [c.name for c in table.columns if c.type == "int32"]:
        if not frame[name].dropna().between(*_LONGS).all():
            frame[name] = frame[name].astype("float64")
    frame.to_stata(
        path,
        version=118,
        write_index=False,
        time_stamp=_TIME,
        data_label=cut(table.description, _LABEL),
        variable_labels={c.name: cut(c.description, _LABEL) for c in table.columns},
        convert_dates={c.name: "td" for c in table.columns if c.type == "date32"},
        value_labels=value_labels(table, level_labels, _VALUE_LABEL),
        convert_strl=[name for name in texts if longest(frame[name]) > MOST_BYTES],
    )
