"""The rules in pandera over polars: built-in checks for columns, frame checks for the rest.

Frames are collected first: pandera does not check the values of lazy ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrors
from polars import col

from benchmarks.work import check_joins, check_polars
from stancedata.tables.columns import Table
from stancedata.tables.contract import BY_NAME

_TYPES = {"string": pl.String, "int32": pl.Int32, "bool": pl.Boolean, "date32": pl.Date}
Lists = Mapping[str, list[str]]


def broken(folder: Path) -> dict[str, int]:
    """Count the failed checks of each broken rule."""
    scans = check_polars.scans(folder)
    lists = check_polars.lists(scans)
    found: defaultdict[str, int] = defaultdict(int)
    for name, scan in scans.items():
        frame = scan.collect(engine="streaming")
        for schema in (_columns(BY_NAME[name], lists), _rows(BY_NAME[name])):
            for rule in _failures(schema, frame):
                found[rule] += 1
    # Rules that join tables scan lazily, so that only the needed columns are read.
    across = [_empty(rule, query) for rule, query in check_joins.joins(scans)]
    for rule in _failures(pa.DataFrameSchema(checks=across), scans["issues"].collect()):
        found[rule] += 1
    return dict(found)


def _failures(schema: pa.DataFrameSchema, frame: pl.DataFrame) -> Iterator[str]:
    """Iterate over the rules of the failed checks."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        for failure in error.schema_errors:
            yield str(getattr(failure.check, "error", None) or failure.reason_code)


def _columns(table: Table, lists: Lists) -> pa.DataFrameSchema:
    """Check types, nulls, known values and the form of ids with built-in checks."""
    columns = {}
    for column in table.columns:
        known = check_polars.known_values(table, column, lists)
        checks = [pa.Check.isin(values, error=rule) for rule, values in known]
        if column.name == table.key[0] and table.name in check_polars.IDS:
            checks.append(pa.Check.str_matches(check_polars.IDS[table.name], error="id_form"))
        columns[column.name] = pa.Column(_TYPES[column.type], checks, nullable=column.nullable)
    return pa.DataFrameSchema(columns)


def _rows(table: Table) -> pa.DataFrameSchema:
    """Check the form of texts, and rules on several columns.

    Apart from the column checks: pandera cannot report the failures of both in one frame.
    """
    wrong = [*check_polars.ROWS.get(table.name, {}).items()]
    texts = (column.name for column in table.columns if column.type == "string")
    wrong += [("text_form", check_polars.unseen(col(name))) for name in texts]
    return pa.DataFrameSchema(checks=[_none(*rule, n) for n, rule in enumerate(wrong)])


def _none(rule: str, wrong: pl.Expr, number: int) -> pa.Check:
    def holds(data: PolarsData) -> bool:
        return not data.lazyframe.select(wrong.sum()).collect().item()

    # A unique name: pandera identifies checks by it.
    return pa.Check(holds, error=rule, name=f"{rule} {number}")


def _empty(rule: str, query: pl.LazyFrame) -> pa.Check:
    def holds(_: PolarsData) -> bool:
        return not query.select(pl.len()).collect(engine="streaming").item()

    return pa.Check(holds, error=rule, name=f"{rule} {id(query)}")
