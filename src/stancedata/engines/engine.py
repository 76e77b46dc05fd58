"""The protocol of engines that run the packaged SQL: DuckDB, the default, and Spark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


class Engine(Protocol):
    """Something that runs SQL over named tables."""

    def register(self, name: str, table: pa.Table) -> None:
        """Register a table under a name."""

    def define(self, name: str, sql: str, **relations: pa.Table) -> None:
        """Register the result of a query under a name; it stays in the engine."""

    def view(self, name: str, sql: str) -> None:
        """Register a query as a view for other queries."""

    def joined(self, name: str, table: str, key: str, order: str, column: str) -> None:
        """Register a view of the texts of a column as one text for each key.

        It has the columns `key` and `texts`: the texts in their order, separated by `; `. Engines
        spell this differently, so that no query can say it.

        Args:
            name: The name of the view.
            table: The table.
            key: The column whose values the texts are joined for.
            order: The column of numbers by which they are ordered.
            column: The column of texts.
        """

    def query(self, sql: str, **relations: pa.Table) -> pa.Table:
        """Run a query; `relations` are additional tables for this query only."""

    def first(self, sql: str, most: int | None, **relations: pa.Table) -> tuple[pa.Table, int]:
        """Run a query; return its first `most` rows, sorted by all columns, and the total count."""

    def checksum(self, name: str, columns: Sequence[str]) -> tuple[int, int]:
        """Return the number of rows of a table and a sum of their hashes, whatever their order.

        Args:
            name: A registered table or view.
            columns: The expressions to compare; two tables need the same types.
        """
