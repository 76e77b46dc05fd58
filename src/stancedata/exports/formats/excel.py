"""Write all tables to one Excel workbook, codebook and positions first, with typed cells and no formulas.

Days are days, numbers are numbers, booleans are booleans, and a null is an empty cell. Excel's days
begin in 1900: earlier ones are ISO texts.
"""

from __future__ import annotations

import datetime
import io
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.exports.formats.work import Work, one_file
from stancedata.problems import StancedataError
from stancedata.tables.columns import Table

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "stancedata.xlsx"
FIRST = ("codebook", "positions", "panel_year", "panel_month")
"""The tables of the first sheets; the others follow in the order of the contract."""
MOST_ROWS = 1_048_575
"""The most rows of a sheet below its header."""
MOST_CHARACTERS = 32_767
"""The most UTF-16 units of a cell."""
_FIRST_DAY = datetime.date(1900, 1, 1)
_CREATED = datetime.datetime(1980, 1, 1)
"""The time in the properties: always the same, so that two exports are identical."""
_WIDTHS = {"string": 24, "date32": 11}


def _errors() -> tuple[type[Exception], ...]:
    from xlsxwriter.exceptions import FileCreateError

    return (FileCreateError,)


@one_file(NAME, _errors)
def write(tables: Iterable[Table], work: Work, path: Path) -> None:
    """Write the workbook, streaming the rows; needs `[xlsx]`.

    Raises:
        StancedataError: If Excel cannot hold a table, or the disk is full.
    """
    import xlsxwriter

    found = sorted(tables, key=_place)
    rank = {table.name: number for number, table in enumerate(found)}
    for table in found:
        _refuse(table, work.batches(table.name))
    with tempfile.TemporaryDirectory(dir=path.parent) as spill, _opened(path) as stream:
        book = xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": spill})
        about = work.identity()
        said = "\n".join(f"{name}: {text}" for name, text in about.items())
        book.set_properties({"title": about["title"], "comments": said, "created": _CREATED})
        formats = {
            "head": book.add_format({"bold": True}),
            "date32": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for table in found:
            rows = work.rows(table)
            if table.name == "codebook":  # small; in the order of the sheets, not of the alphabet
                columns = [column.name for column in table.columns]
                name, position = columns.index("table_name"), columns.index("position")
                rows = iter(sorted(rows, key=lambda row: (rank.get(row[name], 0), row[position])))
            _write_sheet(book.add_worksheet(table.name), table, rows, formats)
        book.close()


def _place(table: Table) -> int:
    return FIRST.index(table.name) if table.name in FIRST else len(FIRST)


class _Disk(io.FileIO):
    """A file that takes whatever is written after its disk is full, and keeps the error.

    A zip that is not written to its end tries again when it is deleted, and Python prints what it
    raises then.
    """

    error: OSError | None = None

    def write(self, content: Any) -> int:
        """Write bytes, unless an earlier write failed."""
        if self.error is None:
            try:
                return super().write(content)
            except OSError as error:
                self.error = error
        return len(memoryview(content).cast("B"))


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file for a zip; at the end raise what went wrong in it."""
    disk = _Disk(path, "w")
    with io.BufferedWriter(disk) as stream:
        try:
            yield stream
        except BaseException as error:
            # Deletes the zip that the library has begun, which writes to the file once more.
            cause: BaseException | None = error
            while cause is not None:
                traceback.clear_frames(cause.__traceback__)
                cause = cause.__context__
            raise
    if disk.error:
        raise disk.error


def _write_sheet(sheet: Any, table: Table, rows: Iterable[tuple[Any, ...]], formats: Any) -> None:
    writers = []
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, _WIDTHS.get(column.type, 9))
        sheet.write_string(0, number, column.name, formats["head"])
        writers.append((number, *_writer(sheet, column.type, formats)))
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, 1):
        for (number, put, style), value in zip(writers, row, strict=True):
            if value is not None:
                put(last, number, value, style)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _writer(sheet: Any, kind: str, formats: Any) -> tuple[Callable[..., int], Any]:
    """Return the method for the cells of a type, which never takes a text for a formula."""
    writers = {
        "string": sheet.write_string,
        "bool": sheet.write_boolean,
        "date32": partial(_write_day, sheet),
    }
    return writers.get(kind, sheet.write_number), formats.get(kind)


def _write_day(sheet: Any, row: int, column: int, day: datetime.date, style: Any) -> int:
    if day < _FIRST_DAY:
        return int(sheet.write_string(row, column, day.isoformat()))
    return int(sheet.write_datetime(row, column, day, style))


def _refuse(table: Table, batches: Iterable[pa.Table]) -> None:
    """Raise before anything is written if Excel cannot hold a table."""
    count = 0
    for rows in batches:
        count += rows.num_rows
        if count > MOST_ROWS:
            raise StancedataError(
                f"{NAME}: {table.name} has more than {MOST_ROWS:,} rows, the most that a sheet "
                "holds; choose another format"
            )
        for column in [c for c in table.columns if c.type == "string"]:
            for value in rows.column(column.name).unique().to_pylist():
                if value is not None and (reason := _reason(value)):
                    raise StancedataError(
                        f"{NAME}: {table.name} has in {column.name} {reason}; choose another format"
                    )


def _reason(value: str) -> str:
    """Say why a cell cannot hold a text; empty if it can."""
    if len(value) > MOST_CHARACTERS // 2:
        units = len(value.encode("utf-16-le")) // 2
        if units > MOST_CHARACTERS:
            return f"a text of {units:,} characters, but a cell holds {MOST_CHARACTERS:,}"
    if "\0" in value:
        return "a character NUL, which Excel does not have"
    if value.startswith("<r>") and value.endswith("</r>"):
        return "a text between <r> and </r>, which would be taken for markup"
    return ""
