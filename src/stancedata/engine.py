"""What runs the packaged SQL: an engine has `register(name, table)` and `query(sql, …)`.

DuckDB is the default. Packaged SQL runs on a connection of its own; what a user writes runs on
another, which can neither read nor write files nor change its settings.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Settings = dict[str, str | bool | int | float | list[str]]
# Extensions must neither install nor load themselves, whoever asks.
_QUIET: Settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_LOCKED: Settings = {
    **_QUIET,
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "allow_community_extensions": "false",
    "lock_configuration": "true",
}


class Engine(Protocol):
    """Something that runs SQL over named tables."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make a table known by a name."""

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run one query; `relations` are further tables, for this query alone."""


class DuckDBEngine:
    """DuckDB inside this process."""

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect(":memory:", config={**_QUIET})
        self._tables: dict[str, pa.Table] = {}

    def register(self, name: str, table: pa.Table) -> None:
        """Make a table known by a name."""
        self._tables[name] = table

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run one query of the package.

        A cursor of its own, so that threads do not meet; tables are registered on it, since
        cursors do not see those of others, and only those that the query names.
        """
        words = set(re.findall(r"\w+", sql))
        with self._connection.cursor() as cursor:
            for name, table in {**self._tables, **relations}.items():
                if name in words:
                    cursor.register(name, table)
            found: pa.Table = cursor.sql(sql).to_arrow_table()
            return found


def run_untrusted(
    tables: Mapping[str, pa.Table], sql: str, parameters: Mapping[str, Any] | None = None
) -> pa.Table:
    """Run a query that somebody else wrote, on a connection that can only read the tables.

    Raises:
        StancedataError: DuckDB refuses the query; with what it says.
    """
    import duckdb
    import pyarrow.dataset

    with duckdb.connect(":memory:", config=_LOCKED) as connection:
        for name in tables:
            # A dataset is a stream that can be asked again, and takes filters and columns.
            connection.register(name, pyarrow.dataset.dataset(tables[name]))
        try:
            return _result(connection, sql, parameters)
        except duckdb.Error as error:
            raise StancedataError(f"the query was refused: {error}") from None


def _result(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None
) -> pa.Table:
    relation = connection.sql(sql, params=dict(parameters) if parameters else None)
    if relation is None:
        raise StancedataError("the query was refused: it is no SELECT; write one that has rows")
    found: pa.Table = relation.to_arrow_table()
    return found


@functools.cache
def packaged(name: str) -> str:
    """The text of a packaged SQL file: `queries/positions`."""
    return resources.files("stancedata.sql").joinpath(f"{name}.sql").read_text(encoding="utf-8")


@functools.cache
def packaged_names(folder: str) -> tuple[str, ...]:
    """Names of the SQL files in a packaged folder, sorted."""
    files = resources.files("stancedata.sql").joinpath(folder).iterdir()
    return tuple(
        sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))
    )
