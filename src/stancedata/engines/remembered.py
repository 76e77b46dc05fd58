"""Answer packaged queries from earlier answers, as long as the columns that they read are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.tables.column_bytes import column_bytes
from stancedata.tables.columns import array_of

if TYPE_CHECKING:
    import pyarrow as pa

_TYPES = {"string": "string", "int32": "int32", "bool": "bool", "date32[day]": "date32"}


class RememberingEngine(DuckDBEngine):
    """A DuckDB engine that runs a query only if it has no answer from the same columns.

    A packaged query names every table and column that it reads, so that the columns whose names are
    among its words include those that its answer depends on. Tables must be registered in memory.

    Args:
        earlier: Earlier answers, as `answers` gave them; others and invalid ones are ignored.
    """

    def __init__(self, earlier: bytes | None = None) -> None:
        super().__init__()
        self._earlier = _answers_in(earlier)
        self._used: dict[str, Any] = {}
        self._digests: dict[int, tuple[pa.Table, dict[str, str]]] = {}
        self.asked = 0

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run a packaged query, or return its answer from the same columns; see `DuckDBEngine`."""
        key = self._key(sql, relations)
        if key in self._earlier:
            self._used[key] = self._earlier[key]
            return _table(self._earlier[key])
        self.asked += 1
        found = super().query(sql, **relations)
        if all(str(field.type) in ("string", "int64") for field in found.schema):
            kinds = [str(field.type) for field in found.schema]
            self._used[key] = [found.column_names, kinds, [c.to_pylist() for c in found.columns]]
        return found

    def answers(self) -> bytes:
        """Return the answers to the queries since the engine was made, for another engine."""
        return json.dumps(self._used).encode("utf-8")

    def _key(self, sql: str, relations: Mapping[str, pa.Table]) -> str:
        words, views = self._named(sql)
        hasher = hashlib.sha256("\n".join([sql, *views.values()]).encode("utf-8"))
        tables = {**self._tables, **relations}
        for name in sorted(words & tables.keys()):
            digests = self._columns(tables[name])
            for column in sorted(words & digests.keys()):
                hasher.update(f"\n{name}.{column} {digests[column]}".encode())
            hasher.update(f"\n{name} {tables[name].num_rows}".encode())
        return hasher.hexdigest()

    def _columns(self, table: pa.Table) -> dict[str, str]:
        """Compute the digest of each column of a table, once."""
        if id(table) not in self._digests:
            digests = {name: _digest(table.column(name)) for name in table.column_names}
            self._digests[id(table)] = table, digests  # holding the table keeps its id its own
        return self._digests[id(table)][1]


def _digest(column: pa.ChunkedArray[Any]) -> str:
    hasher = hashlib.sha256()
    for part in column_bytes(column, _TYPES[str(column.type)]):
        hasher.update(part)
    return hasher.hexdigest()


def _table(answer: Any) -> pa.Table:
    import pyarrow as pa

    names, kinds, columns = answer
    made = [
        array_of(values, getattr(pa, kind)()) for values, kind in zip(columns, kinds, strict=True)
    ]
    return pa.Table.from_arrays(made, names=names)


def _answers_in(content: bytes | None) -> dict[str, Any]:
    try:
        found = json.loads(content or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
