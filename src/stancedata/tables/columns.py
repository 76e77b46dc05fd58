"""The Parquet contract: every table, its key, and every column with type and description.

The `codebook` table, the Arrow schemas, the reference and vocabulary rules and the data
dictionary in the documentation all come from here.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "1"
"""Goes up by one when a column is added. None is ever taken away or changes its meaning."""


@attrs.frozen
class Column:
    """One column.

    Attributes:
        type: `string`, `int32`, `float64`, `bool`, `date32`.
        references: `table.column` whose values this one may take.
        vocabulary: Field of the vocabulary whose values this one may take.
        since: First schema version that has it.
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
    """One table; its rows are sorted by `key`, which no two rows share.

    Attributes:
        derived: True where it follows from the other tables or from the history, so that the
            content digest leaves it out.
        follows: Columns that follow from other records, so that the history leaves them out.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    derived: bool = False
    follows: tuple[str, ...] = ()

    def columns_of(self, schema_version: str) -> tuple[Column, ...]:
        """The columns that a schema version has."""
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
    """Read `name type[?] [-> table.column] [in field] [since N]: description`."""
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
    """Make a table from its columns, one a line."""
    rows = tuple(_column(line) for line in columns.splitlines() if line.strip())
    return Table(name, description, tuple(key.split()), rows, derived, tuple(follows.split()))


def sort(table: Table, data: pa.Table) -> pa.Table:
    """Sort rows by the key of their table."""
    return data.sort_by([(column, "ascending") for column in table.key])


def conform(table: Table, data: pa.Table) -> pa.Table:
    """A query's result with the very types and descriptions of a declared table."""
    return written_out(table.schema, data.select(table.schema.names))


def written_out(schema: pa.Schema, rows: pa.Table) -> pa.Table:
    """Some columns with the types of a schema, texts without dictionaries."""
    import pyarrow as pa

    fields = [schema.field(name) for name in rows.schema.names]
    columns = [rows.column(field.name).cast(field.type) for field in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
