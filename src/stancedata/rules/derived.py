"""Derive tables from the stances again and compare them with the stored ones, cell by cell."""

from __future__ import annotations

from collections.abc import Callable

from stancedata.engines.engine import Engine
from stancedata.problems import Problem
from stancedata.rules.rule import STALE, Rule, locating
from stancedata.rules.tally import MOST_SHOWN, Tally
from stancedata.tables.columns import Table
from stancedata.tables.contract import BY_NAME

STORED = {"positions": "stated_on", "document_silences": "document_id"}
"""The stored tables that are derived again, with the column that tells a holder's rows apart."""
Derive = Callable[[Engine, str], None]
"""Registers what is derived from an engine's tables in that engine, as `derived_positions` and the like.

Its second argument is the schema version by which it is derived.
"""
_TYPES = {"string": "STRING", "int32": "INT", "bool": "BOOLEAN", "date32": "DATE"}
MESSAGE = "does not follow from the stances, got {value} where they give {other}; export the dataset again"


def problems(engine: Engine, path_of: Callable[[str], str], schema_version: str) -> list[Problem]:
    """Report the first rows of each table that differ from the derived ones, and the total.

    Args:
        engine: An engine with each table of `STORED`, and the same one derived.
        path_of: Returns the path of a stored table, for the messages.
        schema_version: The schema version of the tables, whose columns are compared.
    """
    tables = [BY_NAME[name].of(schema_version) for name in STORED]
    return [
        problem
        for table in tables
        if table.columns
        for problem in _problems(engine, table, path_of(table.name), schema_version)
    ]


def _problems(engine: Engine, table: Table, path: str, schema_version: str) -> list[Problem]:
    cells = [f"CAST({column.name} AS {_TYPES[column.type]})" for column in table.columns]
    if engine.checksum(table.name, cells) == engine.checksum(f"derived_{table.name}", cells):
        return []  # far cheaper than to join them
    rule = Rule(STALE, "", "error", MESSAGE, comparison(table, schema_version))
    first, count = engine.first(rule.query, MOST_SHOWN)
    tally = Tally(rule, count, first.to_pylist())
    return list(tally.problems(engine, locating(path)))


def comparison(table: Table, schema_version: str) -> str:
    """Write the query for missing, extra and different rows, with the first column that differs.

    Args:
        table: The table, with the columns to compare.
        schema_version: The version whose key identifies a row.
    """
    keys, apart = table.key_of(schema_version), STORED[table.name]
    key = " AND ".join(f"p.{name} = d.{name}" for name in keys)
    differ = {
        column.name: f"p.{column.name} IS DISTINCT FROM d.{column.name}"
        for column in table.columns
        if column.name not in keys
    }

    def first_difference(then: str) -> str:
        return "\n        ".join(
            f"WHEN {differs} THEN {then.format(name)}" for name, differs in differ.items()
        )

    return f"""
SELECT
    COALESCE(d.actor_id, p.actor_id) AS kind,
    'on ' || COALESCE(d.issue_id, p.issue_id) || ', ' || COALESCE(d.{apart}, p.{apart}) AS record_id,
    CASE
        WHEN p.actor_id IS NULL OR d.actor_id IS NULL THEN ''
        {first_difference("'{}'")}
    END AS field,
    CASE
        WHEN p.actor_id IS NULL THEN 'no such row'
        WHEN d.actor_id IS NULL THEN 'a row'
        {first_difference("COALESCE(CAST(p.{} AS STRING), 'nothing')")}
    END AS value,
    CASE
        WHEN p.actor_id IS NULL THEN 'one'
        WHEN d.actor_id IS NULL THEN 'none'
        {first_difference("COALESCE(CAST(d.{} AS STRING), 'nothing')")}
    END AS other
FROM {table.name} p
FULL JOIN derived_{table.name} d ON {key}
WHERE {" OR ".join(["p.actor_id IS NULL", "d.actor_id IS NULL", *differ.values()])}
UNION ALL
SELECT
    actor_id AS kind,
    'on ' || issue_id || ', ' || MIN({apart}) AS record_id,
    '' AS field,
    CAST(COUNT(*) AS STRING) || ' such rows' AS value,
    'one' AS other
FROM {table.name}
GROUP BY {", ".join(keys)}
HAVING COUNT(*) > 1"""
