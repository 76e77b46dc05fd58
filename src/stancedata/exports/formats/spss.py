"""Write a table as an SPSS file, with days as SPSS dates and descriptions as labels.

SPSS has no null text: it becomes an empty one.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from stancedata.exports.formats.frames import (
    cut,
    frame_of,
    longest,
    refuse_early,
    refuse_nul,
    value_labels,
)
from stancedata.exports.formats.work import Work, naming
from stancedata.problems import StancedataError
from stancedata.tables.columns import Table

MOST_BYTES = 32_767
"""The most bytes of a text."""
FIRST_DAY = datetime.date(1582, 10, 15)
_LABEL = 255
_FILE_LABEL = 64
_VALUE_LABEL = 120
"""The most bytes of the labels of a variable, a file and a value."""
_TIME_AT = 92
_TIME = b"01 Jan 6000:00:00"
"""Date and time in a file's header: always the same, so that two exports are identical."""


def write(table: Table, work: Work) -> list[Path]:
    """Write a table to one file named after it, which is held in memory; needs `[sav]`.

    Raises:
        StancedataError: If SPSS cannot hold a text, or the disk is full.
    """
    import pandas as pd
    import pyreadstat

    frame = frame_of(table, work.batches(table.name))
    path = work.folder / f"{table.name}.sav"
    refuse_nul(table, frame, "SPSS", path.name)
    refuse_early(table, frame, FIRST_DAY, "SPSS", path.name)
    for name in [c.name for c in table.columns if c.type == "string"]:
        if (size := longest(frame[name])) > MOST_BYTES:
            raise StancedataError(
                f"{path.name}: {name} has a text of {size:,} bytes, but SPSS holds {MOST_BYTES:,}; "
                "choose another format"
            )
    days = [c.name for c in table.columns if c.type == "date32"]
    for name in days:
        # Days are seconds since the day before the calendar; pyreadstat takes every unit for ns.
        zero = pd.Timestamp(1582, 10, 14).as_unit("s")
        frame[name] = (frame[name] - zero).dt.total_seconds()
    with naming(path, pyreadstat.ReadstatError):
        pyreadstat.write_sav(
            frame,
            path,
            file_label=cut(table.description, _FILE_LABEL),
            column_labels={c.name: cut(c.description, _LABEL) for c in table.columns},
            variable_value_labels=value_labels(table, work.level_labels, _VALUE_LABEL),
            variable_format={
                # Those with gaps are floats, which would show as 365.00.
                **{c.name: "F8.0" for c in table.columns if c.type == "int32"},
                **dict.fromkeys(days, "SDATE10"),
            },
            row_compress=True,
        )
        with path.open("r+b") as stream:
            stream.seek(_TIME_AT)
            stream.write(_TIME)
    return [path]
