"""The classes of the table contract: tables with their keys, and columns with their types.

The `codebook` table, the Arrow schemas, the reference and vocabulary rules and the data dictionary
in the documentation are all generated from the contract.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "1"
"""Incremented when a column is added; columns are never removed, nor is their meaning changed."""


@attrs.frozen
class Column:
    """A column of a table.

    Attributes:
        type: `string`, `int32`, `float64`, `bool` or `date32`.
        references: The `table.column` that the values refer to.
        vocabulary: The field of the vocabulary that has the allowed values.
        since: The first schema version with this column.
    """

    name: str
    type: str
    nullable: bool
    description: str
    references: str = ""
    vocabulary: str = ""
    since: int = 1


@attrs.frozen
class Table:
    """A table; its rows are sorted by `key`, which is unique.

    Attributes:
        derived: True if it is computed from other tables or the history; the content digest
            excludes it.
        follows: Columns that are computed from other records; the history excludes them.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    derived: bool = False
    follows: tuple[str, ...] = ()

    def columns_of(self, schema_version: str) -> tuple[Column, ...]:
        """Return the columns of a schema version."""
        return tuple(c for c in self.columns if c.since <= int(schema_version))

    @functools.cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, with descriptions as field metadata."""
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "int32": pa.int32(),
            "float64": pa.float64(),
            "bool": pa.bool_(),
            "date32": pa.date32(),
        }
        return pa.schema(
            [
                pa.field(c.name, types[c.type], c.nullable, {"description": c.description})
                for c in self.columns
            ]
        )


def _column(line: str) -> Column:
    """Parse `name type[?] [-> table.column] [in field] [since N]: description`."""
    head, _, description = line.strip().partition(": ")
    name, kind, *rest = head.split()
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    return Column(
        name,
        kind.rstrip("?"),
        kind.endswith("?"),
        description,
        references=options.get("->", ""),
        vocabulary=options.get("in", ""),
        since=int(options.get("since", 1)),
    )


def read_table(
    name: str, key: str, description: str, columns: str, derived: bool = False, follows: str = ""
) -> Table:
    """Make a table from a text with one column per line."""
    rows = tuple(_column(line) for line in columns.splitlines() if line.strip())
    return Table(name, description, tuple(key.split()), rows, derived, tuple(follows.split()))


def sort(table: Table, data: pa.Table) -> pa.Table:
    """Sort rows by the key of their table."""
    return data.sort_by([(column, "ascending") for column in table.key])


def conform(table: Table, data: pa.Table) -> pa.Table:
    """Cast a query result to the schema of a table."""
    return written_out(table.schema, data.select(table.schema.names))


def written_out(schema: pa.Schema, rows: pa.Table) -> pa.Table:
    """Cast columns to their types in a schema; dictionary-encoded texts are decoded."""
    import pyarrow as pa

    fields = [schema.field(name) for name in rows.schema.names]
    columns = [rows.column(field.name).cast(field.type) for field in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
