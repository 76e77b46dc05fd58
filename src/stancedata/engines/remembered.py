"""Answer packaged queries from earlier answers, as long as the columns that they read are the same."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.packaged import parts_by_kind
from stancedata.tables.columns import array_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_KINDS = {"VARCHAR": "string", "BIGINT": "int64"}
_RUNS = 4
"""How many runs that ask something an unused answer is kept."""
_ROWS = 262_144
"""The rows of a column that are serialised at a time."""
_OFFENDER = ("kind", "record_id", "field", "value", "other")
"""The columns of what a rule selects."""


class RememberingEngine(DuckDBEngine):
    """A DuckDB engine that runs a query only if it has no answer from the same columns.

    A packaged query names every table and column that it reads, so that the columns whose names are
    among its words include those that its answer depends on. Tables must be registered in memory.

    Args:
        earlier: Earlier answers, as `answers` gave them; others and invalid ones are ignored.
        memory: The memory limit of queries; see `DuckDBEngine`, as for the other.
        spill: The folder to spill to.
    """

    def __init__(self, earlier: bytes | None = None, memory: str = "", spill: str = "") -> None:
        super().__init__(memory, spill)
        self._earlier = _answers_in(earlier)
        self._made: dict[str, str] = {}  # the keys of defined tables
        self._unmade: dict[str, Callable[[], None]] = {}
        self._used: dict[str, Any] = {}
        self._digests: dict[int, tuple[pa.Table, dict[str, str]]] = {}
        self.asked = 0

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run a packaged query, or return its answer from the same columns; see `DuckDBEngine`."""
        key = self._key(sql, relations)
        if key in self._earlier:
            self._used[key] = self._earlier[key][1]
            return _table(self._used[key])
        self.asked += 1
        self._make()
        found = super().query(sql, **relations)
        if all(str(field.type) in ("string", "int64") for field in found.schema):
            kinds = [str(field.type) for field in found.schema]
            self._used[key] = [found.column_names, kinds, [c.to_pylist() for c in found.columns]]
        return found

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Store the result of a query as a table, once a query has no answer; see `DuckDBEngine`."""
        self._made[name] = self._key(sql, relations)
        self._unmade[name] = functools.partial(super().define, name, sql, **relations)

    def _make(self) -> None:
        """Create the tables that were defined."""
        for name, make in list(self._unmade.items()):
            make()
            del self._unmade[name]

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run a query; return its first rows, sorted, and their number; see `DuckDBEngine`.

        The parts of a rule that are about different kinds of records are answered separately, so
        that a stance which is added does not ask again what concerns actors and the codebook.
        """
        import pyarrow as pa

        parts = [*parts_by_kind(sql).values()]
        if most is not None or len(parts) < 2:
            return super().first(sql, most, **relations)
        found = [super(RememberingEngine, self).first(part, None, **relations) for part in parts]
        tables = [
            table.cast(pa.schema([(n, pa.string()) for n in _OFFENDER])) for table, _ in found
        ]
        whole = pa.concat_tables(tables).sort_by([(name, "ascending") for name in _OFFENDER])
        return whole, whole.num_rows

    def answers(self) -> bytes | None:
        """Return the answers for another engine; None if they are those that this one was given.

        Those that were not used stay for some runs: a check of one document must not forget what
        a check of the whole needs, and an edit is often undone.
        """
        if not self.asked:
            return None
        unused = {key: (runs + 1, said) for key, (runs, said) in self._earlier.items()}
        kept = {key: pair for key, pair in unused.items() if pair[0] <= _RUNS}
        return json.dumps({**kept, **{k: (0, v) for k, v in self._used.items()}}).encode("utf-8")

    def _found(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> pa.Table | None:
        """Run a query on small tables without a thread and Arrow, which take longer than it."""
        if self._expects_much:
            return super()._found(cursor, sql)
        rows = cursor.execute(sql).fetchall()
        names = [column[0] for column in cursor.description]
        kinds = [_KINDS.get(str(column[1])) for column in cursor.description]
        if None in kinds:
            return super()._found(cursor, sql)
        columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in names]
        return _table((names, kinds, columns))

    def _key(self, sql: str, relations: Mapping[str, pa.Table]) -> str:
        words, views = self._named(sql)
        hasher = hashlib.sha256("\n".join([sql, *views.values()]).encode("utf-8"))
        tables = {**self._tables, **relations}
        for name in sorted(words & tables.keys()):
            table = tables[name]
            for column in sorted(words.intersection(table.column_names)):
                hasher.update(f"\n{name}.{column} {self._digest(table, column)}".encode())
            hasher.update(f"\n{name} {table.num_rows}".encode())
        for name in sorted(words & self._made.keys()):
            hasher.update(f"\n{name} {self._made[name]}".encode())
        return hasher.hexdigest()

    def _digest(self, table: pa.Table, column: str) -> str:
        """Compute the digest of a column, once."""
        # Holding the table keeps its id its own.
        _, digests = self._digests.setdefault(id(table), (table, {}))
        if column not in digests:
            digests[column] = _digest(table, column)
        return digests[column]


def _digest(table: pa.Table, column: str) -> str:
    """Hash a column as Arrow serialises it, a few microseconds for a small one.

    The same values may have another digest if they are in other chunks, which only asks again.
    """
    hasher = hashlib.sha256(str(table.schema.field(column).type).encode())
    for batch in table.select([column]).to_batches(max_chunksize=_ROWS):
        hasher.update(batch.serialize())
    return hasher.hexdigest()


def _table(answer: Any) -> pa.Table:
    import pyarrow as pa

    names, kinds, columns = answer
    made = [
        array_of(values, getattr(pa, kind)()) for values, kind in zip(columns, kinds, strict=True)
    ]
    return pa.Table.from_arrays(made, names=names)


def _answers_in(content: bytes | None) -> dict[str, tuple[int, Any]]:
    """Read answers: for each query the number of runs since it was used, and what it found."""
    try:
        found: Any = json.loads(content or b"{}")
        return {key: (int(runs), said) for key, (runs, said) in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
