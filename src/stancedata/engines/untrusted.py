"""Run SQL that a user wrote: one SELECT, on a connection that can only read the tables.

It can neither read nor write files, nor change its settings.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import QUIET, Settings
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from stancedata.tables.parquet import TableFile
    from stancedata.tables.source import TableSource

_LOCKED: Settings = {
    **QUIET,
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",  # those in the user's home are not the query's
    "temp_directory": "",  # else `.tmp` in the current folder is DuckDB's to read and write
}
# Without external access DuckDB still opens the paths that are its own: a database in memory has
# `:memory:.wal` in the current folder. So the file system itself is taken away, then the key.
_LOCK = "SET disabled_filesystems = 'LocalFileSystem'; SET lock_configuration = true"
# What DuckDB's binding raises besides its own errors: for texts and numbers that it cannot pass on,
# and for kinds of statement that it has no name for.
_OTHERS = (TypeError, ValueError, OverflowError, RuntimeError)
# Types of which Arrow's nearest loses a part, and DuckDB does not say so.
_NOT_ARROW = ("UHUGEINT", "TIME WITH TIME ZONE")
MADE = frozenset({"calendar", "counted", "dated", "parameters", "periods", "standing"})
"""Relations that packaged questions read, and that are made for them."""


def run_untrusted(
    tables: TableSource, sql: str, parameters: Mapping[str, Any] | None = None
) -> pa.Table:
    """Run a query that somebody else wrote, on a connection that can only read the tables.

    Args:
        tables: The tables, by name.
        sql: The query.
        parameters: Values for `$name` in it.

    Raises:
        StancedataError: It is not one SELECT, or DuckDB refuses it; with what it says.
    """
    import duckdb
    import pyarrow.dataset

    with duckdb.connect(":memory:", config=_LOCKED) as connection:
        connection.execute(_LOCK)
        for name in tables:
            # A dataset is a stream that can be asked again, and takes filters and columns.
            is_large = tables.is_large(name)
            rows = (
                _on_disk(tables.files(name)) if is_large else pyarrow.dataset.dataset(tables[name])
            )
            connection.register(name, rows)
        try:
            relation = connection.sql(
                _select(connection, sql), params=dict(parameters) if parameters else None
            )
            for name, kind in zip(relation.columns, map(str, relation.types), strict=True):
                if kind in _NOT_ARROW:
                    raise ValueError(
                        f"Arrow has no {kind}, got column {name!r}; cast it to VARCHAR"
                    )
            found: pa.Table = relation.to_arrow_table()
            return found.rename_columns(_apart(found.column_names))
        except (duckdb.Error, *_OTHERS) as error:
            raise StancedataError(f"the query was refused: {_refusal(error)}") from None


def _apart(names: Sequence[str]) -> list[str]:
    """Names of columns, of which a later one of the same name has the next free number: `day_1`."""
    apart: list[str] = []
    for name in names:
        free = (f"{name}_{n}" for n in itertools.count(1))
        taken = name in apart
        apart.append(next(new for new in free if new not in {*names, *apart}) if taken else name)
    return apart


def _on_disk(files: Sequence[TableFile]) -> Any:
    """Files as one dataset that reads them when it is asked; DuckDB itself opens none."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    from pyarrow.fs import LocalFileSystem

    disk = LocalFileSystem()
    schema = files[0].table.schema
    made = ds.ParquetFileFormat(
        default_fragment_scan_options=ds.ParquetFragmentScanOptions(
            pre_buffer=False, page_checksum_verification=True
        )
    )
    fragments = []
    for file in files:
        says: Any = ds.scalar(True)
        for name, value in file.values.items():
            says = says & (ds.field(name) == pa.scalar(value, pa.string()))
        fragments.append(made.make_fragment(str(file.path), disk, says))
    return ds.FileSystemDataset(fragments, schema, made, disk)


def _select(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    """The one statement of a text, if it is a SELECT; it is run as it was parsed, not the text.

    The locked connection parses, since DuckDB reads files for some statements as it does so.
    """
    import duckdb

    sql.encode("utf-8")  # a half of a character is told by its place here, and not by DuckDB
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        got = f"{len(statements) or 'no'} statements"
    elif statements[0].type != duckdb.StatementType.SELECT:
        # DuckDB calls a PIVOT without IN so, which makes a type before it selects.
        kind = statements[0].type.name
        got = "several statements" if kind == "MULTI" else kind
    else:
        return statements[0]
    raise StancedataError(
        f"the query was refused: it must be a single SELECT, got {got}; write one (a PIVOT must "
        "list its values with IN)"
    )


def _refusal(error: Exception) -> str:
    """Why DuckDB refused a query; of a relation that nobody made, what to do, which it cannot know."""
    missing = re.match(r"Catalog Error: Table with name (\w+) does not", str(error))
    if missing and missing[1].lower() in MADE:
        return (
            f"it may only use tables of the data, got {missing[1]!r}, which only packaged "
            "questions have; docs/sql.md shows how to create it"
        )
    return _sentence(error)


def _sentence(error: Exception) -> str:
    """What DuckDB says, on one line, with the line of the query but no caret under it."""
    text, _, place = str(error).partition("\n\nLINE ")
    said = " ".join(text.split())
    return f"{said}, in line {place.splitlines()[0]}" if place else said
