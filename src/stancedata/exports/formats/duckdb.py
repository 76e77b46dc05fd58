"""Write all tables to one DuckDB database, with keys, views, and the descriptions as comments.

It has no foreign keys: DuckDB would check each while it writes, and refuses rows of a table that
refer to each other. SQLite has them. The table `dataset` says which data they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.exports.formats.views import views_of
from stancedata.exports.formats.work import IDENTITY, Work, refusing
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


def write(tables: Iterable[Table], work: Work) -> list[Path]:
    """Write the database, streaming the rows; return its path.

    Raises:
        StancedataError: If the disk is full.
    """
    import duckdb

    path = work.folder / NAME
    found, work = (*tables, IDENTITY), work.with_identity()
    with refusing(NAME, duckdb.Error), duckdb.connect(path, config=_SMALL_BLOCKS) as database:
        for table in found:
            database.execute(_definition(table, work.schema_version))
            _insert(database, table, work.batches(table.name))
            _comment(database, "TABLE", f'"{table.name}"', table.description)
            for column in table.columns:
                place = f'"{table.name}"."{column.name}"'
                _comment(database, "COLUMN", place, column.description)
        for view in views_of(found, work.issues()):
            database.execute(f'CREATE VIEW "{view.name}" AS {view.query}')
            _comment(database, "VIEW", f'"{view.name}"', view.description)
    return [path]


def _insert(database: duckdb.DuckDBPyConnection, table: Table, batches: Iterable[pa.Table]) -> None:
    for rows in batches:
        database.register("batch", rows.select(table.schema.names).cast(table.schema))
        database.execute(f'INSERT INTO "{table.name}" SELECT * FROM batch')
        database.unregister("batch")


def _definition(table: Table, schema_version: str) -> str:
    parts = [
        f'"{c.name}" {_TYPES[c.type]}{"" if c.nullable else " NOT NULL"}' for c in table.columns
    ]
    key = ", ".join(f'"{name}"' for name in table.key_of(schema_version))
    return f'CREATE TABLE "{table.name}" ({", ".join(parts)}, PRIMARY KEY ({key}))'


def _comment(database: duckdb.DuckDBPyConnection, kind: str, name: str, text: str) -> None:
    quoted = text.replace("'", "''")
    database.execute(f"COMMENT ON {kind} {name} IS '{quoted}'")
