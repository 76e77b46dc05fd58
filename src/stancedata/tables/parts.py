"""Rows of a folder of any size, in parts of bounded size: all that belongs to the same stances.

Files are read part after part, each proved to be sound before it is handed on. The tables whose
key begins with the stance's id lie in its order, so that a part ends at the same id in all of
them, and whatever is asked of one stance is answered within one part.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from stancedata.problems import InvalidDataError, Problem
from stancedata.tables import source as storage
from stancedata.tables.contract import TABLES
from stancedata.tables.parquet import TableFile, decoded_size, refusing, stated_size, too_large
from stancedata.tables.source import empty_cells, texts_of

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

T = TypeVar("T")
KEY = "stance_id"
OF_STANCES = tuple(
    t.name for t in TABLES if t.key[0] == KEY and not t.name.startswith("second_") and not t.derived
)
"""Tables whose rows belong to one stance."""
Report = Callable[[TableFile, Sequence[Problem]], None]
"""Takes what is wrong with a part of a file, which is passed over."""


class OutOfOrderError(Exception):
    """A file whose rows are not in the order of their key; `name` is its table."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def groups(
    file: TableFile, report: Report, columns: Sequence[str] | None = None
) -> Iterator[pa.Table]:
    """The rows of a file, one of its row groups after the other; texts stay dictionaries.

    Args:
        file: The file; its columns are known to be those of the contract.
        report: Is told of row groups that are broken, and of nothing else.
        columns: Those that are read; by default all.
    """
    try:
        opened = file.open(read_dictionary=texts_of(file))
    except InvalidDataError as error:
        report(file, error.problems)
        return
    for number in range(opened.metadata.num_row_groups):
        try:
            yield group(file, opened, number, columns or file.table.schema.names)
        except InvalidDataError as error:
            report(file, error.problems)


def group(
    file: TableFile, opened: pq.ParquetFile, number: int, wanted: Sequence[str], what: str = ""
) -> pa.Table:
    """A row group, proved to be sound; texts stay dictionaries.

    Args:
        file: The file.
        opened: The same, opened so that texts stay dictionaries.
        number: Which of its row groups.
        wanted: The columns.
        what: What a message says of a part that cannot be read.

    Raises:
        InvalidDataError: It is broken, too large, or lacks a value.
    """
    import pyarrow as pa

    what = what or f"row group {number} of {opened.metadata.num_row_groups} cannot be read"
    most = storage.MOST_BYTES
    with refusing(file.path, what):
        size = stated_size(opened.metadata, number)
        if size > most:
            raise too_large(file.path, f"row group {number}", size, most)
        columns: dict[str, Any] = {}
        size = 0
        for name in [name for name in wanted if name not in file.values]:
            column = opened.read_row_group(number, [name], use_threads=False).column(0)
            column.validate(full=True)
            size += decoded_size(column)
            if size > most:
                raise too_large(file.path, name, size, most)
            columns[name] = _short(column)
        rows = opened.metadata.row_group(number).num_rows
        for name in [name for name in wanted if name in file.values]:
            whole = pa.repeat(pa.scalar(file.values[name], pa.string()), rows)
            columns[name] = pa.chunked_array([whole.dictionary_encode()])
        found = pa.table({name: columns[name] for name in wanted})
    if problems := list(empty_cells(file.table, found, file.path)):
        raise InvalidDataError(problems)
    return found


def _short(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """A column with the texts' type of the contract, whatever length of offsets the file has."""
    import pyarrow as pa

    kind = column.type
    if isinstance(kind, pa.DictionaryType) and kind.value_type != pa.string():
        return column.cast(pa.dictionary(kind.index_type, pa.string()))
    return column.cast(pa.string()) if pa.types.is_large_string(kind) else column


class Ordered:
    """The rows of one file in the order of the stance's id, taken up to an id at a time."""

    def __init__(
        self, file: TableFile, columns: Sequence[str], report: Report,
        seen: Callable[[str, pa.Table], None],
    ) -> None:  # fmt: skip
        self._groups = groups(file, report)
        self._seen = seen
        self._columns = list(columns)
        self._name = file.table.name
        self._held: list[tuple[pa.Table, Any]] = []  # rows, and their ids
        self.ended = False

    @property
    def rows(self) -> int:
        """Number of rows that are held."""
        return sum(len(ids) for _, ids in self._held)

    def fill(self, least: int) -> None:
        """Read until so many rows are held, or the file ends."""
        while not self.ended and self.rows < least:
            self._read()

    def id_at(self, place: int) -> str:
        """The id in a row of those that are held; the last where there are fewer."""
        for _, ids in self._held:
            if place < len(ids):
                return str(ids[place].as_py())
            place -= len(ids)
        return self._last

    @property
    def _last(self) -> str:
        return str(self._held[-1][1][-1].as_py())

    def take(self, bound: str | None) -> list[pa.Table]:
        """Rows up to an id, with all of that id; all where there is none."""
        while not self.ended and (bound is None or not self._held or self._last <= bound):
            self._read()
        taken = []
        while self._held:
            rows, ids = self._held.pop(0)
            end = len(ids) if bound is None else bisect.bisect_right(ids, bound, key=_text)
            if end:
                taken.append(rows.slice(0, end))
            if end < len(ids):
                self._held.insert(0, (rows.slice(end), ids.slice(end)))
                break
        return taken

    def _read(self) -> None:
        found = next(self._groups, None)
        if found is None:
            self.ended = True
        elif found.num_rows:
            ids = plain(found.column(KEY))
            if (self._held and ids[0].as_py() < self._last) or not _in_order(ids):
                raise OutOfOrderError(self._name)
            self._seen(self._name, found)
            rows = found.select(self._columns)
            # From here on ids are what they are, and not looked up again.
            rows = rows.set_column(rows.schema.get_field_index(KEY), KEY, ids)
            self._held.append((rows, ids))


class Parts:
    """All tables of stances, in parts that begin and end at the same ids.

    Args:
        files: The files of each table.
        columns: The columns of each that a part has.
        size: Rows of each file that a part has, about.
        report: Is told of broken row groups.
        seen: Is given every row group as it was read, with all columns and its table's name.

    Raises:
        OutOfOrderError: On the way, where a file is not in the order of its key.
    """

    def __init__(
        self, files: Mapping[str, Sequence[TableFile]], columns: Mapping[str, Sequence[str]], size: int,
        report: Report, seen: Callable[[str, pa.Table], None],
    ) -> None:  # fmt: skip
        self._size = size
        self._sources = {
            name: [Ordered(file, columns[name], report, seen) for file in files[name]]
            for name in files
        }

    def __iter__(self) -> Iterator[dict[str, pa.Table]]:
        while True:
            bound = self._bound()
            part = {name: self._take(name, bound) for name in self._sources}
            if any(rows is not None for rows in part.values()):
                yield {name: rows for name, rows in part.items() if rows is not None}
            if bound is None:
                return

    def _bound(self) -> str | None:
        """The id at which the next part ends; none where the rest is one part."""
        ends = []
        for sources in self._sources.values():
            quota = max(1, self._size // len(sources))
            for source in sources:
                source.fill(quota + 1)
                if source.rows > quota:
                    ends.append(source.id_at(quota - 1))
        return min(ends, default=None)

    def _take(self, name: str, bound: str | None) -> pa.Table | None:
        import pyarrow as pa

        pieces = [source.take(bound) for source in self._sources[name]]
        rows = [table for piece in pieces for table in piece]
        if not rows:
            return None
        whole = pa.concat_tables(rows)
        if sum(map(bool, pieces)) < 2:
            return whole
        return whole.unify_dictionaries().sort_by(KEY)


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same, each made in another thread while the one before is being used."""
    iterator = iter(items)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, iterator, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, iterator, None)
            yield item


def plain(column: pa.ChunkedArray[Any]) -> Any:
    """The texts of a column as one array without a dictionary."""
    import pyarrow as pa

    return column.cast(pa.string()).combine_chunks()


def _text(scalar: pa.StringScalar) -> str:
    return str(scalar.as_py())


def _in_order(ids: Any) -> bool:
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.all(compute.less_equal(ids[:-1], ids[1:]), min_count=0).as_py() is True


def numbered(part: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """A part whose stances have numbers for ids: equal ids have equal numbers, and others others.

    Numbers are joined and grouped in half the time of texts. Rows are in the order of ids, so that
    each id is looked at once, where it begins.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    runs = {name: _runs(plain(rows.column(KEY))) for name, rows in part.items()}
    every = max((ids for ids, _ in runs.values()), key=len)
    others = {name: ids for name, (ids, _) in runs.items() if not ids.equals(every)}
    places = _places(others, every)
    if any(found.null_count for found in places.values()):
        every = compute.unique(pa.chunked_array([ids for ids, _ in runs.values()]))
        places = _places({name: ids for name, (ids, _) in runs.items()}, every)
    return {
        name: part[name].set_column(
            part[name].schema.get_field_index(KEY), KEY,
            places[name].take(run) if name in places else run,
        )
        for name, (_, run) in runs.items()
    }  # fmt: skip


def _places(ids: dict[str, Any], every: Any) -> dict[str, Any]:
    """Where ids of several tables stand among all of them, looked up in one go."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not ids:
        return {}
    found: Any = pc.index_in(pa.concat_arrays(list(ids.values())), every)
    places, start = {}, 0
    for name, some in ids.items():
        places[name] = found.slice(start, len(some))
        start += len(some)
    return places


def _runs(ids: Any) -> tuple[Any, Any]:
    """Each id once, and the number of the run that a row is in."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    if not len(ids):
        return ids, pa.array([], pa.int32())
    begins = pa.concat_arrays([pa.array([True]), compute.not_equal(ids[1:], ids[:-1])])
    run = compute.subtract(
        compute.cumulative_sum(begins.cast(pa.int32())), pa.scalar(1, pa.int32())
    )
    return ids.filter(begins), run
