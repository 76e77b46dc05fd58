"""Describe an export as sources of a dbt project, with tests of keys, nulls, links and values."""

from __future__ import annotations

from typing import Any

from stancedata.exports.description import Description, yaml_text
from stancedata.tables.columns import Column, Table

NAME = "sources.yml"


def sources_text(export: Description) -> str:
    """Return the text of `sources.yml`; dbt-duckdb runs in the folder of the export."""
    tables = [_table(export, table) for table in export.tables if export.parquet_of(table)]
    source = {
        "name": export.about.identifier,
        "description": f"{export.about.title}. {export.summary}",
        "tables": tables,
    }
    return yaml_text({"version": 2, "sources": [source]})


def _table(export: Description, table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": table.description,
        "meta": {"external_location": export.glob(table)},
        "columns": [_column(export, table, column) for column in table.columns],
    }


def _column(export: Description, table: Table, column: Column) -> dict[str, Any]:
    tests: list[object] = [] if column.nullable else ["not_null"]
    if export.key_of(table) == [column.name]:
        tests.append("unique")
    if target := export.reference(column):
        to = f"source('{export.about.identifier}', '{target[0]}')"
        tests.append({"relationships": {"arguments": {"to": to, "field": target[1]}}})
    if values := export.allowed.values(column):
        unquoted = {} if column.type == "string" else {"quote": False}
        tests.append({"accepted_values": {"arguments": {"values": values, **unquoted}}})
    about = {"name": column.name, "description": column.description}
    return {**about, "data_tests": tests} if tests else about
