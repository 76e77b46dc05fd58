"""Derive positions from the stances again and compare them with the stored ones, cell by cell."""

from __future__ import annotations

from collections.abc import Callable

from stancedata.engines.engine import Engine
from stancedata.problems import Problem
from stancedata.rules.rule import STALE, Rule, locating
from stancedata.rules.tally import MOST_SHOWN, Tally
from stancedata.tables.columns import Table
from stancedata.tables.contract import BY_NAME

POSITIONS = "positions"
Derive = Callable[[Engine, str], None]
"""Registers the positions derived from an engine's tables in that engine, as `derived`.

Its second argument is the schema version by which they are derived.
"""
_TYPES = {"string": "STRING", "int32": "INT", "bool": "BOOLEAN", "date32": "DATE"}
MESSAGE = "does not follow from the stances, got {value} where they give {other}; export the dataset again"


def problems(engine: Engine, path: str, schema_version: str) -> list[Problem]:
    """Report the first stored positions that differ from the derived ones, and the total.

    Args:
        engine: An engine with the tables `positions` and `derived`.
        path: The path of the stored positions, for the messages.
        schema_version: The schema version of the tables, whose columns are compared.
    """
    table = BY_NAME[POSITIONS].of(schema_version)
    cells = [f"CAST({column.name} AS {_TYPES[column.type]})" for column in table.columns]
    if engine.checksum(table.name, cells) == engine.checksum("derived", cells):
        return []  # far cheaper than to join them
    rule = Rule(STALE, "", "error", MESSAGE, comparison(table, schema_version))
    first, count = engine.first(rule.query, MOST_SHOWN)
    tally = Tally(rule, count, first.to_pylist())
    return list(tally.problems(engine, locating(path)))


def comparison(table: Table, schema_version: str) -> str:
    """Write the query for missing, extra and different rows, with the first column that differs.

    Args:
        table: The table of positions, with the columns to compare.
        schema_version: The version whose key identifies a row.
    """
    keys = table.key_of(schema_version)
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
    'on ' || COALESCE(d.issue_id, p.issue_id) || ', ' || COALESCE(d.stated_on, p.stated_on) AS record_id,
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
FROM positions p
FULL JOIN derived d ON {key}
WHERE p.actor_id IS NULL OR d.actor_id IS NULL OR {" OR ".join(differ.values())}
UNION ALL
SELECT
    actor_id AS kind,
    'on ' || issue_id || ', ' || MIN(stated_on) AS record_id,
    '' AS field,
    CAST(COUNT(*) AS STRING) || ' such rows' AS value,
    'one' AS other
FROM positions
GROUP BY {", ".join(keys)}
HAVING COUNT(*) > 1"""
