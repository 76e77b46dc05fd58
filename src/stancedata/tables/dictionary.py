"""Make the table `codebook`, the dictionary of all columns with their allowed values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.tables.columns import SCHEMA_VERSION, Column, Table, sort, table_of
from stancedata.tables.contract import BY_NAME, tables_of

if TYPE_CHECKING:
    import pyarrow as pa

READ = ("vocabulary", "issues", "levels", "aspects")
"""The tables that have allowed values."""
_BY_ISSUE = ("levels.level_name", "levels.level", "aspects.aspect")
_MORE = {"levels.level_name": ("ambiguous",)}
"""Values that a column may have besides those of the issue."""


@attrs.frozen
class Allowed:
    """The allowed values of a dataset: by field of its vocabulary, and by column and issue."""

    by_field: Mapping[str, list[Any]]
    by_issue: Mapping[str, Mapping[str, list[Any]]]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> Allowed:
        """Read the values of a codebook's tables, each in its order; a missing table has none."""
        by_field = _grouped(tables, "vocabulary", "field", "value")
        by_issue = {
            within: _grouped(tables, table, "issue_id", column)
            for within in _BY_ISSUE
            for table, _, column in (within.partition("."),)
        }
        return cls(by_field, by_issue)

    def values(self, column: Column) -> list[Any]:
        """List the values that a column may take, numbers from the least; empty if it is open."""
        if column.within:
            listed = [v for found in self.by_issue[column.within].values() for v in found]
            values = list(dict.fromkeys([*listed, *_MORE.get(column.within, ())]))
            return sorted(values) if column.type == "int32" else values
        if column.type == "int32":
            return [int(value) for value in column.values]
        return [*column.values] or self.by_field.get(column.vocabulary, [])

    def issues(self, column: Column) -> str | None:
        """List the values that a column may take for each issue; None if it has the same for all."""
        more = _MORE.get(column.within, ())
        found = self.by_issue.get(column.within, {}).items()
        return " | ".join(f"{issue}: {_joined([*v, *more])}" for issue, v in found) or None


def _joined(values: list[Any]) -> str:
    return "; ".join(map(str, dict.fromkeys(values)))


def _grouped(
    tables: Mapping[str, pa.Table], name: str, by: str, column: str
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    rows = tables[name].to_pylist() if name in tables else []
    for row in sorted(rows, key=lambda row: row["position"]):
        found.setdefault(row[by], []).append(row[column])
    return found


def codebook_table(
    tables: Mapping[str, pa.Table],
    schema_version: str = SCHEMA_VERSION,
    described: tuple[Table, ...] | None = None,
) -> pa.Table:
    """Describe every column of a schema version.

    Args:
        tables: The tables that `READ` lists; those that are missing allow no values.
        schema_version: The schema version.
        described: The tables to describe; by default those of the schema version.
    """
    table = BY_NAME["codebook"]
    own = {column.name for column in table.columns_of(schema_version)}
    rows = [
        {name: value for name, value in row.items() if name in own}
        for row in _rows(Allowed.of(tables), schema_version, described)
    ]
    return sort(table, table_of(rows, table.schema))


def _rows(
    allowed: Allowed, schema_version: str, described: tuple[Table, ...] | None
) -> Iterator[dict[str, Any]]:
    found = tables_of(schema_version)
    there = {table.name for table in found}
    for table in found if described is None else described:
        key = {name: number for number, name in enumerate(table.key_of(schema_version), 1)}
        for number, column in enumerate(table.columns, 1):
            # Programs compare the texts of this column with values; numbers stand by issue only.
            closed = column.type == "string"
            values = (_joined(allowed.values(column)) if closed else "") or None
            # Before `refers_to` came, references stood among the allowed values.
            has_target = column.references.partition(".")[0] in there
            refers_to = f"values of {column.references}" if has_target else None
            yield {
                "table_name": table.name,
                "column_name": column.name,
                "position": number,
                "data_type": column.type,
                "nullable": column.nullable,
                "description": column.description,
                "allowed_values": values or (refers_to if int(schema_version) < 3 else None),
                "allowed_by_issue": allowed.issues(column),
                "refers_to": column.references or None,
                "key_position": key.get(column.name),
                "table_description": table.description,
            }
