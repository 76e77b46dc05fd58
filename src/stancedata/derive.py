"""The tables that follow from the curated ones."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stancedata.contract import BY_NAME
from stancedata.engine import DuckDBEngine, Engine, packaged
from stancedata.schemas import Table
from stancedata.tables import codebook_table, sort

if TYPE_CHECKING:
    import pyarrow as pa


def derived_tables(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """`positions` and `codebook` of curated tables."""
    engine = DuckDBEngine()
    for name, table in tables.items():
        engine.register(name, table)
    return {"positions": positions(engine, tables["events"]), "codebook": codebook_table()}


def positions(engine: Engine, events: pa.Table) -> pa.Table:
    """Stances folded to one row per holder, issue and occasion."""
    found = engine.query(packaged("queries/positions"), calendar=calendar_of(events))
    return sort(BY_NAME["positions"], conform(BY_NAME["positions"], found))


def calendar_of(events: pa.Table) -> pa.Table:
    """A number for every day on which an event begins or ends, one apart from day to day.

    Days are subtracted in one way here and in no common way in SQL.
    """
    import pyarrow as pa

    ends = ("held_earliest", "held_latest")
    days: list[list[Any]] = [events.column(name).to_pylist() for name in ends]
    ordered: list[datetime.date] = sorted({day for column in days for day in column})
    return pa.table(
        {
            "day": pa.array(ordered, pa.date32()),
            "number": pa.array([day.toordinal() for day in ordered], pa.int32()),
        }
    )


def conform(table: Table, data: pa.Table) -> pa.Table:
    """A query's result with the very types and descriptions of a table of the contract."""
    import pyarrow as pa

    columns = [data.column(field.name).cast(field.type) for field in table.schema]
    return pa.Table.from_arrays(columns, schema=table.schema)
