"""Write all tables to one DuckDB database, with keys, views, and the descriptions as comments.

It has no foreign keys: DuckDB would check each while it writes, and refuses rows of a table that
refer to each other. SQLite has them. The table `dataset` says which data they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.exports.formats.databases import definition, views_of
from stancedata.exports.formats.work import Work, one_file
from stancedata.tables.columns import Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

NAME = "stancedata.duckdb"
_SMALL_BLOCKS: dict[str, str | bool | int | float | list[str]] = {"default_block_size": "16384"}
"""The least size of a block, since most tables are small."""
_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "date32": "DATE",
}


def _errors() -> tuple[type[Exception], ...]:
    import duckdb

    return (duckdb.Error,)


@one_file(NAME, _errors, with_identity=True)
def write(tables: Iterable[Table], work: Work, path: Path) -> None:
    """Write the database, streaming the rows.

    Raises:
        StancedataError: If the disk is full.
    """
    import duckdb

    found = tuple(tables)
    with duckdb.connect(path, config=_SMALL_BLOCKS) as database:
        for table in found:
            database.execute(definition(table, _TYPES, work.schema_version))
            _insert(database, table, work.batches(table.name))
            _comment(database, "TABLE", f'"{table.name}"', table.description)
            for column in table.columns:
                place = f'"{table.name}"."{column.name}"'
                _comment(database, "COLUMN", place, column.description)
        for view in views_of(found, work.issues()):
            database.execute(view.definition)
            _comment(database, "VIEW", f'"{view.name}"', view.description)


def _insert(database: duckdb.DuckDBPyConnection, table: Table, batches: Iterable[pa.Table]) -> None:
    for rows in batches:
        database.register("batch", rows.select(table.schema.names).cast(table.schema))
        database.execute(f'INSERT INTO "{table.name}" SELECT * FROM batch')
        database.unregister("batch")


def _comment(database: duckdb.DuckDBPyConnection, kind: str, name: str, text: str) -> None:
    quoted = text.replace("'", "''")
    database.execute(f"COMMENT ON {kind} {name} IS '{quoted}'")
