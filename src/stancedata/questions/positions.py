"""Derive tables from the curated ones: counted stances, positions, codebook."""

from __future__ import annotations

import datetime
import functools
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.engine import Engine
from stancedata.engines.packaged import packaged, reading
from stancedata.tables.columns import SCHEMA_VERSION, conform, sort, table_of
from stancedata.tables.contract import BY_NAME
from stancedata.tables.dictionary import codebook_table
from stancedata.tables.rows import whole_number
from stancedata.tables.source import TableSource

if TYPE_CHECKING:
    import pyarrow as pa

HISTORY = ("releases", "revisions")
OCCASION = ("actor_id", "issue_id", "date_kind", "earliest", "latest", "rung", "step_down")
"""The columns of `counted` that the stances of one occasion share, of which `fold` makes a position."""
EPOCH = datetime.date(1970, 1, 1)


class Complete(TableSource):
    """Every table of the contract: the curated ones, and the derived ones computed lazily.

    Args:
        curated: The curated tables.
        history: Loads `releases` and `revisions`; by default they are empty.
        schema_version: The schema version of the curated tables.
    """

    def __init__(
        self,
        curated: Mapping[str, pa.Table],
        history: Callable[[], Mapping[str, pa.Table]] | None = None,
        schema_version: str = SCHEMA_VERSION,
    ) -> None:
        self.schema_version = schema_version
        self._curated = curated
        self._make_history = history or no_history
        self._derived: dict[str, pa.Table] = {}
        self._lock = threading.RLock()

    @functools.cached_property
    def _history(self) -> Mapping[str, pa.Table]:
        return self._make_history()

    def __getitem__(self, name: str) -> pa.Table:
        if name in self._curated:
            return self._curated[name]
        if name in HISTORY:
            return self._history[name]
        with self._lock:  # so that two threads do not derive a table twice
            if name not in self._derived:
                self._derived |= derived_tables(self._curated, self.schema_version, [name])
            return self._derived[name]


def derived_tables(
    tables: Mapping[str, pa.Table],
    schema_version: str = SCHEMA_VERSION,
    names: Iterable[str] = ("document_silences", "positions", "codebook"),
) -> dict[str, pa.Table]:
    """Derive `positions`, `document_silences` and `codebook`, or some of these, from curated tables."""
    return {name: _DERIVED[name](tables, schema_version) for name in names}


def _engine_of(tables: Mapping[str, pa.Table]) -> Engine:
    engine = DuckDBEngine()
    for name, table in tables.items():
        engine.register(name, table)
    return engine


_DERIVED: dict[str, Callable[[Mapping[str, pa.Table], str], pa.Table]] = {
    "document_silences": lambda tables, version: document_silences(_engine_of(tables)),
    "positions": lambda tables, version: positions(_engine_of(tables), version),
    "codebook": codebook_table,
}
"""How each derived table is made from the curated ones, for a schema version."""


def document_silences(engine: Engine) -> pa.Table:
    """Find the issues on which documents that were read whole have no stance of their authors."""
    table = BY_NAME["document_silences"]
    return sort(table, conform(table, engine.query(packaged("questions/document_silences"))))


def no_history() -> dict[str, pa.Table]:
    """Make the empty `releases` and `revisions` of a dataset that was never released."""
    return {name: BY_NAME[name].schema.empty_table() for name in HISTORY}


def of_version(name: str, schema_version: str) -> str:
    """Read the packaged SQL that derives positions, as it was for a schema version.

    Args:
        name: `counted` or `positions`.
        schema_version: Version 1 has files of its own, which never change.
    """
    return packaged(f"questions/{name}_1" if schema_version == "1" else f"questions/{name}")


def define_counted(
    engine: Engine, name: str = "counted", schema_version: str = SCHEMA_VERSION
) -> None:
    """Create the table of the stances that make up positions inside an engine."""
    engine.define(name, of_version("counted", schema_version), calendar=_days_of_events(engine))


def folding(statements: str) -> str:
    """Write the query that folds statements.

    Args:
        statements: A query with the columns of `counted`, and `part`.
    """
    return reading("questions/fold", statements=statements)


def define_fold(engine: Engine, schema_version: str = SCHEMA_VERSION) -> None:
    """Fold everything that an engine has counted, and create the result inside it as `fold`."""
    if schema_version == "1":
        return  # its positions are made of what is counted, in one query
    engine.define("fold", folding("SELECT c.*, 'all' AS part FROM counted c"))


def documents_of(engine: Engine, actor_id: str, stance_id: str) -> list[str]:
    """List the documents that report the occasion on which a counted stance was stated, by id.

    Args:
        engine: An engine that has the table `counted`.
        actor_id: The holder.
        stance_id: The stance.
    """
    import pyarrow as pa

    schema = pa.schema([("actor_id", pa.string()), ("stance_id", pa.string())])
    asked = table_of([{"actor_id": actor_id, "stance_id": stance_id}], schema)
    found = engine.query(
        f"SELECT DISTINCT o.document_id FROM counted c JOIN counted o USING ({', '.join(OCCASION)}) "
        "JOIN asked q ON q.actor_id = c.actor_id AND q.stance_id = c.stance_id ORDER BY o.document_id",
        asked=asked,
    )
    return [str(key) for key in found.column("document_id").to_pylist()]


def define_texts(engine: Engine) -> None:
    """Register what `positions` reads and SQL cannot say in the same way on every engine."""
    define_numbers(engine)
    engine.joined("condition_texts", "conditions", "stance_id", "number", "condition")
    engine.joined("aspect_texts", "stance_aspects", "stance_id", "position", "aspect")


def define_numbers(engine: Engine) -> None:
    """Register the codes that are whole numbers as `numbers`, since queries do not cast texts."""
    import pyarrow as pa

    sql = "SELECT DISTINCT code FROM actor_codes WHERE scheme = 'cow' OR scheme = 'gw'"
    codes = engine.query(sql).column("code").to_pylist()
    found = {code: whole_number(code) for code in codes}
    rows = [{"code": code, "number": n} for code, n in found.items() if n is not None]
    types = {"code": pa.string(), "number": pa.int32()}
    schema = pa.schema([pa.field(name, kind) for name, kind in types.items()])
    engine.register("numbers", table_of(rows, schema))


def define_parts(engine: Engine, schema_version: str = SCHEMA_VERSION) -> None:
    """Create what the query of `positions` reads inside an engine."""
    define_counted(engine, schema_version=schema_version)
    define_fold(engine, schema_version)
    define_texts(engine)


def define_derived(engine: Engine, schema_version: str = SCHEMA_VERSION) -> None:
    """Derive positions and silences inside an engine: `derived_positions` and the like."""
    define_parts(engine, schema_version)
    columns = ", ".join(c.name for c in BY_NAME["positions"].columns_of(schema_version))
    engine.view("derived_document_silences", packaged("questions/document_silences"))
    engine.view(
        "derived_positions", f"SELECT {columns} FROM ({of_version('positions', schema_version)}) p"
    )


def _days_of_events(engine: Engine) -> pa.Table:
    """Make the calendar of all events; without events, of a single day."""
    # As texts, which an engine that remembers answers can keep.
    [found] = engine.query(
        "SELECT CAST(MIN(e.day) AS STRING) AS first, CAST(MAX(e.day) AS STRING) AS last FROM "
        "(SELECT held_earliest AS day FROM events UNION ALL SELECT held_latest AS day FROM events) e"
    ).to_pylist()
    days = (found["first"], found["last"]) if found["first"] else (str(datetime.date.max),) * 2
    return calendar(*map(datetime.date.fromisoformat, days))


def positions(engine: Engine, schema_version: str = SCHEMA_VERSION) -> pa.Table:
    """Fold stances to one row per holder, issue and occasion."""
    define_parts(engine, schema_version)
    found = engine.query(of_version("positions", schema_version))
    return sort(BY_NAME["positions"], conform(BY_NAME["positions"], found))


def calendar(first: datetime.date, last: datetime.date) -> pa.Table:
    """Make a table of the days from one to another, numbered consecutively.

    Queries subtract days with it, because SQL has no portable way to do so.
    """
    import pyarrow as pa

    # In a buffer: of a day in year 9999 there are three million.
    days = array("i", range((first - EPOCH).days, (last - EPOCH).days + 1))
    numbers = pa.Array.from_buffers(pa.int32(), len(days), [None, pa.py_buffer(days)])
    return pa.table({"day": numbers.cast(pa.date32()), "number": numbers})
