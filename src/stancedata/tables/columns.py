"""The classes of the table contract: tables with their keys, and columns with their types.

The `codebook` table, the Arrow schemas, the reference and vocabulary rules and the data dictionary
in the documentation are all generated from the contract.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "3"
"""Incremented when a column or table is added; columns are never removed, nor their meaning changed."""

_KINDS = {f"{kind}_id": kind for kind in ("actor", "event", "document", "stance")}
_OWNERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "codings": ("coding", ("coder", "document_id")),
    "coverage": ("coverage", ("coverage_id",)),
    "silent_speakers": ("coverage", ("coverage_id",)),
}


@attrs.frozen
class Column:
    """A column of a table.

    Attributes:
        type: `string`, `int32`, `float64`, `bool` or `date32`.
        references: The `table.column` that the values refer to.
        vocabulary: The field of the vocabulary that has the allowed values.
        values: The allowed values, if the library fixes them.
        within: The column of the codebook, `table.column`, that has the allowed values of each issue.
        form: The form of its texts, a name of `model.forms.FORMS`, or `date`; empty for any text.
        since: The first schema version with this column.
    """

    name: str
    type: str
    nullable: bool
    description: str
    references: str = ""
    vocabulary: str = ""
    since: int = 1
    values: tuple[str, ...] = ()
    within: str = ""
    form: str = ""


@attrs.frozen
class Table:
    """A table; its rows are sorted by `key`, which is unique.

    Attributes:
        derived: True if it is computed from other tables or the history; the content digest
            excludes it.
        follows: Columns that are computed from other records; the history excludes them.
        until: The last schema version with this table; 0 if it is still in use.
        grown: The columns of the key that came later, each with its first schema version. They
            stand at its end, so that rows sorted by the key are sorted by every older one.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    derived: bool = False
    follows: tuple[str, ...] = ()
    until: int = 0
    grown: Mapping[str, int] = attrs.field(factory=dict, hash=False)

    def columns_of(self, schema_version: str) -> tuple[Column, ...]:
        """Return the columns of a schema version; none if it does not have the table."""
        number = int(schema_version)
        if self.until and number > self.until:
            return ()
        return tuple(c for c in self.columns if c.since <= number)

    def key_of(self, schema_version: str) -> tuple[str, ...]:
        """Return the key of a schema version."""
        return tuple(name for name in self.key if self.grown.get(name, 1) <= int(schema_version))

    def link(self, column: Column, target: Table, schema_version: str) -> dict[str, str]:
        """Pair the columns by which a row refers to one of another table with those of its key.

        A key of several columns is met by those that this table has too, such as `coder`.

        Args:
            column: A column that refers to the other table.
            target: The other table.
            schema_version: The schema version, which says what is its key.
        """
        name = column.references.partition(".")[2]
        key = target.key_of(schema_version)
        own = {c.name for c in self.columns} if name in key else set()
        return {column.name: name} | {other: other for other in key if other in own - {name}}

    def of(self, schema_version: str) -> Table:
        """Return the table with the columns of a schema version, to write or read its files."""
        columns = self.columns_of(schema_version)
        return self if columns == self.columns else attrs.evolve(self, columns=columns)

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
    """Parse `name type[?]: text` with the options that `contract` explains before the colon."""
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
        values=tuple(filter(None, options.get("of", "").split("|"))),
        within=options.get("within", ""),
        form=options.get("as", ""),
    )


def read_table(
    name: str,
    key: str,
    description: str,
    columns: str,
    derived: bool = False,
    follows: str = "",
    until: int = 0,
) -> Table:
    """Make a table from a text with one column per line.

    A word of the key may be `position@2`: since schema version 2, the key has this column too.
    """
    rows = tuple(_column(line) for line in columns.splitlines() if line.strip())
    words = [word.partition("@") for word in key.split()]
    names = tuple(name for name, _, _ in words)
    grown = {name: int(since) for name, _, since in words if since}
    return Table(name, description, names, rows, derived, tuple(follows.split()), until, grown)


def array_of(values: Iterable[Any], kind: pa.DataType) -> pa.Array[Any]:
    """Make an array of texts, whole numbers, dates or booleans.

    `pyarrow.array` would import pandas first where it is installed, which takes longer than this.
    """
    import pyarrow as pa

    builder: Any = pa.lib.StringBuilder()
    if pa.types.is_string(kind):
        builder.append_values(values)
        found: pa.Array[Any] = builder.finish()
        return found
    lower = pa.types.is_boolean(kind)
    texts = (None if v is None else str(v).lower() if lower else str(v) for v in values)
    builder.append_values(texts)
    made: pa.Array[Any] = builder.finish().cast(kind)
    return made


def scalar_of(value: Any, kind: pa.DataType) -> Any:
    """Make a scalar; see `array_of`."""
    return array_of([value], kind)[0]


def table_of(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Make a table from rows, whose dates may be ISO texts; see `array_of`.

    A row lacks the columns in which it has no value.
    """
    import pyarrow as pa

    columns = [array_of([row.get(f.name) for row in rows], f.type) for f in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def sort(table: Table, data: pa.Table) -> pa.Table:
    """Sort rows by the key of their table."""
    return data.sort_by([(column, "ascending") for column in table.key])


def conform(table: Table, data: pa.Table) -> pa.Table:
    """Cast rows to the schema of a table; columns that came after version 1 may be missing."""
    return written_out(table.schema, widened(table, data).select(table.schema.names))


def widened(table: Table, data: pa.Table) -> pa.Table:
    """Append the columns that a later schema version added and the rows lack, filled with nulls."""
    import pyarrow as pa

    for column in table.columns:
        if column.since > 1 and column.name not in data.schema.names:
            field = table.schema.field(column.name)
            data = data.append_column(field, pa.nulls(data.num_rows, field.type))
    return data


def written_out(schema: pa.Schema, rows: pa.Table) -> pa.Table:
    """Cast columns to their types in a schema; dictionary-encoded texts are decoded."""
    import pyarrow as pa

    fields = [schema.field(name) for name in rows.schema.names]
    columns = [rows.column(field.name).cast(field.type) for field in fields]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def owner(table: Table) -> tuple[str, tuple[str, ...]]:
    """Give the kind of record that a table's rows belong to, and the columns of its id."""
    if table.name.startswith("second_"):
        return "second_coding", ("coder", "stance_id")
    if table.name in _OWNERS:
        return _OWNERS[table.name]
    first = table.key[0]
    return (_KINDS[first], (first,)) if first in _KINDS else ("codebook", ())
