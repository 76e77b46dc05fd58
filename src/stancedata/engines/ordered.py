"""A large table's rows in the order of its key, as they lie in its file: the first of them soon.

To load a table, or one of its row groups, takes as long as to make objects of a good part of it.
Whoever goes through it wants the first rows at once, and no more of it in memory than a part.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import InvalidDataError, Place, Problem
from stancedata.tables.columns import written_out
from stancedata.tables.digest import in_key_order
from stancedata.tables.parquet import AGAIN, TableFile, refusing, stated_size
from stancedata.tables.parts import group
from stancedata.tables.source import ParquetTables, texts_of

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

FIRST_ROWS = 1_024
"""Rows of a file that are read before the others."""
SOON = 10_000
"""Rows of a table up to which it is loaded at once, which takes no time that anybody sees."""
_WHAT = "cannot be read"


@attrs.frozen
class Sorted:
    """The file of a table that says that its rows lie in the order of the table's key.

    Attributes:
        footer: What it says of itself.
    """

    file: TableFile
    footer: pq.FileMetaData

    def parts(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """The rows: the first few, then the rest of their row group, then the other row groups.

        Raises:
            InvalidDataError: A part cannot be read.
        """
        with self._open() as opened:
            first = self._first(opened, columns)
            yield first
            for number in range(self.footer.num_row_groups):
                rows = group(self.file, opened, number, columns, what=_WHAT)
                rows = rows if number else rows.slice(first.num_rows)
                yield written_out(self.file.table.schema, rows)

    def kept(self, tables: ParquetTables) -> Iterator[pa.Table]:
        """The rows: the first few, then the rest of the table, which is loaded and kept."""
        with self._open() as opened:
            first = self._first(opened, self.file.table.schema.names)
        yield first
        whole = tables[self.file.table.name]
        if not whole.slice(0, first.num_rows).equals(first):
            raise self._lies()
        yield whole.slice(first.num_rows)

    def proved(self, parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
        """The same parts, each found to be in order and to come after the one before."""
        import pyarrow as pa

        table, last = self.file.table, None
        for rows in parts:
            keys = rows.select(list(table.key))
            keys = keys if last is None else pa.concat_tables([last, keys])
            if not in_key_order(table, keys, alike=True):
                raise self._lies()
            last = keys.slice(max(keys.num_rows - 1, 0))
            yield rows

    def _first(self, opened: pq.ParquetFile, columns: Sequence[str]) -> pa.Table:
        """The first rows of the first row group."""
        count = min(FIRST_ROWS, self.footer.row_group(0).num_rows)
        rows = group(self.file, opened, 0, columns, count or None, _WHAT)
        return written_out(self.file.table.schema, rows)

    def _open(self) -> pq.ParquetFile:
        return self.file.open(metadata=self.footer, read_dictionary=texts_of(self.file))

    def _lies(self) -> InvalidDataError:
        """That the rows lie otherwise than the file says."""
        keys = ", ".join(self.file.table.key)
        what = f"rows must be in the order of {keys}, as the file says itself, got others; {AGAIN}"
        return InvalidDataError([Problem(Place(str(self.file.path)), "", what)])


def as_sorted(tables: ParquetTables, name: str) -> Sorted | None:
    """The file of a table where its rows can be gone through as they lie.

    None where they are in memory, few, in several files, or not said to be in order.

    Raises:
        InvalidDataError: The file cannot be opened any more.
    """
    if tables.is_loaded(name) or tables.rows(name) <= SOON:
        return None
    files = tables.files(name)
    if len(files) > 1 or set(files[0].table.key) & files[0].values.keys():
        return None
    opened = files[0].open()
    with opened, refusing(files[0].path, "is no readable Parquet file"):
        stated_size(opened.metadata)
        # Again, since the file can be another one by now.
        if problems := list(files[0].problems(opened.schema_arrow)):
            raise InvalidDataError(problems)
        in_order = _says_so(opened.metadata, files[0].table.key)
    return Sorted(files[0], opened.metadata) if in_order else None


def _says_so(footer: pq.FileMetaData, key: Sequence[str]) -> bool:
    """Whether every row group is declared to be in the order of a key."""
    names = [footer.schema.column(number).path for number in range(footer.num_columns)]
    wanted = [(names.index(name), False) for name in key]
    groups = list(map(footer.row_group, range(footer.num_row_groups)))
    # Where nulls lie does not matter: no key has any.
    said = ([(c.column_index, c.descending) for c in part.sorting_columns] for part in groups)
    return bool(groups) and all(columns[: len(wanted)] == wanted for columns in said)


class Walk:
    """A table's rows, taken from the first to the last, each part proved to be in order.

    Args:
        found: The file of the table.
        parts: The rows, some at a time.
    """

    def __init__(self, found: Sorted, parts: Iterator[pa.Table]) -> None:
        self._key = found.file.table.key[0]
        self._parts = found.proved(parts)
        self._held = next(self._parts)
        self._end = last_text(self._held, self._key)

    def take(self, count: int) -> pa.Table:
        """The next so many rows; fewer at the end."""
        while self._held.num_rows < count and self._read():
            pass
        taken, self._held = self._held.slice(0, count), self._held.slice(count)
        return taken

    def take_to(self, bound: str) -> pa.Table:
        """The next rows up to a key; those of that very key can be had again.

        They belong to one record, and should there be two of the same key, then to both.
        """
        while self._end <= bound and self._read():
            pass
        keys = self._held.column(self._key)
        end = bisect.bisect_right(keys, bound, key=_text)
        taken = self._held.slice(0, end)
        self._held = self._held.slice(bisect.bisect_left(keys, bound, 0, end, key=_text))
        return taken

    def _read(self) -> bool:
        """Whether there was another part, which is now held."""
        import pyarrow as pa

        rows = next(self._parts, None)
        if rows is None:
            return False
        self._end = last_text(rows, self._key) or self._end
        self._held = pa.concat_tables([self._held, rows]) if self._held.num_rows else rows
        return True


def last_text(rows: pa.Table, column: str) -> str:
    """The text in the last row; an empty one where there is no row."""
    return _text(rows.column(column)[-1]) if rows.num_rows else ""


def _text(scalar: Any) -> str:
    return str(scalar.as_py())
