"""What an engine of the packaged SQL can do; DuckDB is the default, Spark the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


class Engine(Protocol):
    """Something that runs SQL over named tables."""

    def register(self, name: str, table: pa.Table) -> None:
        """Make a table known by a name."""

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Make the answer of a query known by a name, and leave it where it lies."""

    def view(self, name: str, sql: str) -> None:
        """Name a query, for others to read; it runs as a part of them."""

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run one query; `relations` are further tables, for this query alone."""

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run one query for its first rows in the order of its columns, and the number of all."""

    def checksum(self, name: str, columns: Sequence[str]) -> tuple[int, int]:
        """Count and sum up the rows of a table: the same for the same rows, in any order.

        Args:
            name: The table, or what `define` or `view` named.
            columns: Expressions of what is compared, of the same types where two tables are.
        """
