"""The stances as a collection: a pass over many reads their files as they lie, side by side."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from stancedata.dataset.collection import Collection
from stancedata.engines.ordered import Sorted, Walk, as_sorted, last_text
from stancedata.model import Stance
from stancedata.tables.bulk import COLLECTOR, batch_sizes
from stancedata.tables.lookup import Lookup
from stancedata.tables.objects import Builder
from stancedata.tables.parts import KEY, OF_STANCES
from stancedata.tables.source import ParquetTables, number_of_rows

if TYPE_CHECKING:
    import pyarrow as pa


class Stances(Collection[Stance]):
    """The published stances, whose table is loaded when one of them is asked for, and not before.

    Args:
        tables: The tables of a dataset.
        builder: Makes the stances of some rows.
        gone: Says of an id what became of its record, where it was retracted.
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], builder: Builder, gone: Callable[[str], str]
    ) -> None:
        super().__init__("stance", lambda: tables["stances"], (KEY,), builder.stance, gone=gone)
        self._tables = tables

    def __len__(self) -> int:
        return number_of_rows(self._tables, "stances")

    def __iter__(self) -> Iterator[str]:
        found = _as_sorted(self._tables, "stances")
        if found is None or not isinstance(self._tables, ParquetTables):
            return super().__iter__()
        walk = Walk(found, found.parts([KEY]))
        return itertools.chain.from_iterable(map(self._ids, _batches(walk)))

    def batches(self) -> Iterator[Sequence[Stance]]:
        """The stances some at a time, which takes no longer than one does at first."""
        found = _as_sorted(self._tables, "stances")
        if found is None or not isinstance(self._tables, ParquetTables):
            return super().batches()
        return _passed(self._tables, found)


def _as_sorted(tables: Mapping[str, pa.Table], name: str) -> Sorted | None:
    return as_sorted(tables, name) if isinstance(tables, ParquetTables) else None


def _batches(walk: Walk) -> Iterator[pa.Table]:
    """The rows of a walk in batches."""
    for size in batch_sizes():
        rows = walk.take(size)
        if not rows.num_rows:
            return
        yield rows


def _passed(tables: ParquetTables, found: Sorted) -> Iterator[list[Stance]]:
    """All stances, of whose children only those are in memory that come next."""
    stances, children, texts = _begun(tables, found)
    builder = Builder({}, texts.of)
    for rows in _batches(stances):
        with COLLECTOR.paused():
            last = rows.column(KEY)[-1].as_py()
            near = {name: walk.take_to(last) for name, walk in children.items()}
            others = {name: tables[name] for name in _CHILDREN if name not in near}
            builder = builder.over(near | others)
            made = builder.stance(rows)
        yield made


_CHILDREN = (*(name for name in OF_STANCES if name != "stances"), "silences")


def _begun(tables: ParquetTables, found: Sorted) -> tuple[Walk, dict[str, Walk], _Texts]:
    """Walks along the stances and what belongs to them, where that can be done, and the texts.

    Two at a time, as the first object waits for the first rows of all of them.
    """
    files = {name: as_sorted(tables, name) for name in _CHILDREN}
    children = {name: file for name, file in files.items() if file is not None}
    with ThreadPoolExecutor(2) as pool:
        texts = pool.submit(_Texts, tables)
        walks = pool.map(partial(_walk, tables), (found, *children.values()))
        stances, *others = walks
        return stances, dict(zip(children, others, strict=True)), texts.result()


def _walk(tables: ParquetTables, found: Sorted) -> Walk:
    """A walk along a table, which is kept in memory unless it is large."""
    table = found.file.table
    is_large = tables.is_large(table.name)
    return Walk(found, found.parts(table.schema.names) if is_large else found.kept(tables))


class _Texts:
    """Digests of the documents' texts, read as far as they are wanted and then kept.

    Stances lie in the order of their documents, so that the first need only the first.

    Args:
        tables: The tables of a folder.
    """

    def __init__(self, tables: ParquetTables) -> None:
        found = as_sorted(tables, "documents")
        self._parts = (
            iter([tables["documents"].select(list(_OF_TEXTS))]) if found is None
            else found.proved(found.parts(_OF_TEXTS))
        )  # fmt: skip
        self._read = [next(self._parts)]
        self._lookup = self._of_read()

    def of(self, keys: list[str]) -> list[Any]:
        """The digests of some documents' texts, None where there is none."""
        if keys and self._read_to(max(keys)):
            self._lookup = self._of_read()
        return self._lookup.of(keys)

    def _read_to(self, key: str) -> bool:
        """Whether more had to be read to have all up to a key."""
        before = len(self._read)
        while self._last() <= key and (rows := next(self._parts, None)) is not None:
            self._read.append(rows)
        return len(self._read) > before

    def _last(self) -> str:
        return last_text(self._read[-1], "document_id")

    def _of_read(self) -> Lookup:
        import pyarrow as pa

        return Lookup(pa.concat_tables(self._read), *_OF_TEXTS)


_OF_TEXTS = ("document_id", "sha256")
