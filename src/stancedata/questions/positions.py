"""The tables that follow from the curated ones."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.engine import Engine
from stancedata.engines.packaged import packaged
from stancedata.tables.columns import conform, sort
from stancedata.tables.contract import BY_NAME
from stancedata.tables.rows import codebook_table
from stancedata.tables.source import TableSource

if TYPE_CHECKING:
    import pyarrow as pa

HISTORY = ("releases", "revisions")
EPOCH = datetime.date(1970, 1, 1)


class Complete(TableSource):
    """Every table of the contract: curated ones, and the others when they are first asked for.

    Args:
        curated: The curated tables.
        history: Gives `releases` and `revisions`; without it there are none.
    """

    def __init__(
        self,
        curated: Mapping[str, pa.Table],
        history: Callable[[], Mapping[str, pa.Table]] | None = None,
    ) -> None:
        self._curated = curated
        self._make_history = history or no_history

    @functools.cached_property
    def _history(self) -> Mapping[str, pa.Table]:
        return self._make_history()

    @functools.cached_property
    def _derived(self) -> Mapping[str, pa.Table]:
        return derived_tables(self._curated)

    def __getitem__(self, name: str) -> pa.Table:
        if name in self._curated:
            return self._curated[name]
        return (self._history if name in HISTORY else self._derived)[name]


def derived_tables(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """`positions` and `codebook` of curated tables."""
    engine = DuckDBEngine()
    for name, table in tables.items():
        engine.register(name, table)
    return {"positions": positions(engine, tables["events"]), "codebook": codebook_table()}


def no_history() -> dict[str, pa.Table]:
    """`releases` and `revisions` of data that were never released."""
    return {name: BY_NAME[name].schema.empty_table() for name in HISTORY}


def counted(engine: Engine, events: pa.Table) -> pa.Table:
    """The stances that make up positions, one row per holder, each with its occasion."""
    return engine.query(packaged("queries/counted"), calendar=_days_of(events))


def define_counted(engine: Engine, events: pa.Table, name: str = "counted") -> None:
    """Make that table known to an engine by a name, without handing it on."""
    engine.define(name, packaged("queries/counted"), calendar=_days_of(events))


def define_positions(engine: Engine, name: str = "derived") -> None:
    """Make positions, as they follow from an engine's tables, known to it by a name."""
    define_counted(engine, engine.query("SELECT held_earliest, held_latest FROM events"))
    engine.view(name, packaged("queries/positions"))


def _days_of(events: pa.Table) -> pa.Table:
    ends: list[Any] = [
        day for name in ("held_earliest", "held_latest") for day in events.column(name).to_pylist()
    ]
    if not ends:
        return calendar(datetime.date.max, datetime.date.max)
    return calendar(min(ends), max(ends))


def positions(engine: Engine, events: pa.Table) -> pa.Table:
    """Stances folded to one row per holder, issue and occasion."""
    found = engine.query(packaged("queries/positions"), counted=counted(engine, events))
    return sort(BY_NAME["positions"], conform(BY_NAME["positions"], found))


def calendar(first: datetime.date, last: datetime.date) -> pa.Table:
    """Every day from one to another with a number, one apart from day to day.

    Days are subtracted by it: there is no common way to do so in SQL.
    """
    import pyarrow as pa

    numbers = pa.array(range((first - EPOCH).days, (last - EPOCH).days + 1), pa.int32())
    return pa.table({"day": numbers.cast(pa.date32()), "number": numbers})
