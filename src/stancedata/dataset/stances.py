"""`ds.stances`: iterate over stances and their child rows without loading whole tables."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from stancedata.dataset.collection import Collection
from stancedata.model import Stance
from stancedata.tables.bulk import COLLECTOR, Cells, Span, batch_sizes, rows_of
from stancedata.tables.contract import TABLES, WAIVERS
from stancedata.tables.lookup import Lookup
from stancedata.tables.objects import Builder

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.engines.keyed import KeyedTables
    from stancedata.engines.ordered import OrderedTables
    from stancedata.tables.source import TableSource

KEY = "stance_id"
_OF_STANCES = tuple(
    table.name
    for table in TABLES
    if table.key[0] == KEY and not table.derived and not table.name.startswith("second_")
)
"""The tables whose rows belong to one published stance."""
_CHILDREN = (*(name for name in _OF_STANCES if name != "stances"), *WAIVERS)
_TEXTS = ("document_id", "sha256")


class Stances(Collection[Stance]):
    """The published stances; a single one is found in its row groups, or in tables in memory.

    Args:
        tables: The tables of a dataset.
        keyed: The same tables, whose rows are found by key.
        ordered: The same tables, read in key order.
        builder: Builds the stances of some rows.
        gone: Returns why the record with an ID was retracted, or an empty string.
    """

    def __init__(
        self,
        tables: TableSource,
        keyed: KeyedTables,
        ordered: OrderedTables,
        builder: Builder,
        gone: Callable[[str], str],
    ) -> None:
        super().__init__("stance", lambda: tables["stances"], (KEY,), builder.stance, gone=gone)
        self._tables = tables
        self._keyed = keyed
        self._ordered = ordered
        self._builder = builder

    def get(self, record_id: str) -> Stance | None:
        """Return the stance with an ID, or None."""
        row = self._row(record_id)
        if row is None:
            return super().get(record_id)
        near: dict[str, Span | pa.Table] = {}
        if not row.num_rows:
            return None
        for name in _CHILDREN:
            if name in WAIVERS and not self._tables.rows(name):
                near[name] = self._none
                continue
            rows = self._keyed.find(name, record_id)
            near[name] = self._tables[name] if rows is None else rows
        return self._near.over(near).stance(row.slice(0, 1))[0]

    def __contains__(self, record_id: object) -> bool:
        row = self._row(record_id)
        return super().__contains__(record_id) if row is None else row.num_rows > 0

    def _row(self, record_id: object) -> Span | pa.Table | None:
        """Find the row of a stance in a large table; None if it has to be searched in memory."""
        if not isinstance(record_id, str) or not self._tables.is_large("stances"):
            return None
        return self._keyed.find("stances", record_id)

    @functools.cached_property
    def _none(self) -> Span:
        """No rows, so that a table without any is not loaded."""
        import pyarrow as pa

        return Span(Cells(pa.table({})), 0, 0)

    @functools.cached_property
    def _near(self) -> Builder:
        """Builds stances of the rows that belong to one."""
        return self._builder.finding(lambda ids: [self._digest(i) for i in ids])

    def _digest(self, document_id: str) -> str | None:
        """Find the digest of a document's text."""
        rows = self._keyed.find("documents", document_id, columns=_TEXTS)
        if rows is None:
            found: list[str | None] = Lookup(self._tables["documents"], *_TEXTS).of([document_id])
        else:
            found = rows_of(rows)["sha256"]
        return found[0] if found else None

    def __len__(self) -> int:
        return self._tables.rows("stances")

    def __iter__(self) -> Iterator[str]:
        if not self._tables.is_large("stances"):
            return super().__iter__()
        parts = self._ordered.batches("stances", [KEY], trusting=True)
        return itertools.chain.from_iterable(map(self._ids, parts))

    def batches(self) -> Iterator[Sequence[Stance]]:
        """Iterate over the stances in batches, which start small so that the first comes soon."""
        if any(map(self._tables.is_large, _OF_STANCES)):
            return self._read_from_disk()
        return super().batches()

    def _read_from_disk(self) -> Iterator[list[Stance]]:
        """Build all stances, keeping only the child rows of the current batch in memory."""
        from concurrent.futures import ThreadPoolExecutor  # slow to import

        import pyarrow as pa

        with ThreadPoolExecutor(2) as pool:  # the first stance needs rows of all tables
            stances, *others = pool.map(self._ordered.cursor, ("stances", *_CHILDREN))
        children = dict(zip(_CHILDREN, others, strict=True))
        texts = pa.concat_tables(self._ordered.batches("documents", _TEXTS, trusting=True))
        builder = Builder({}, Lookup(texts, *_TEXTS).of)
        for size in batch_sizes():
            rows = stances.take(size)
            if not rows.num_rows:
                return
            with COLLECTOR.paused():
                last = rows.column(KEY)[-1].as_py()
                near = {name: cursor.take_to(last) for name, cursor in children.items()}
                builder = builder.over(near)
                made = builder.stance(rows)
            yield made
