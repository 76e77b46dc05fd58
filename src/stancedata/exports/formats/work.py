"""What the writer of a format is given, and what the writers share."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.problems import StancedataError
from stancedata.tables.columns import Column, Table
from stancedata.tables.manifest import Identity

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.releases.citation import About

IDENTITY = Table(
    "dataset",
    "Which data these are, also once the file has left its folder.",
    ("version",),
    (
        Column("title", "string", False, "Title of the dataset."),
        Column("version", "string", False, "Version of the data."),
        Column(
            "licence", "string", True, "SPDX identifier of the licence; null if none is stated."
        ),
        Column("schema_version", "string", False, "Schema version of the tables."),
        Column("digest", "string", False, "SHA-256 of the content."),
        Column("positions_digest", "string", False, "SHA-256 of the positions."),
        Column("history_digest", "string", False, "SHA-256 of the releases and revisions."),
    ),
)
"""A table of a database that has one row."""


@attrs.frozen
class Work:
    """What is written to a folder.

    Attributes:
        folder: The folder, which has no readers yet.
        batches: Yields the rows of a table in key order; to other formats than Parquet, those of a
            partitioned table file after file.
        identify: Returns the version and digests; computing them takes time.
        schema_version: The schema version, which says what is a table's key.
        about: Title, authors and licence.
        cuts: The column by which the Parquet of a table is partitioned; none for most.
        level_labels: A label for each level.
        csv_bom: Whether CSV begins with a byte order mark.
        csv_plain: Whether CSV has texts without apostrophes.
    """

    folder: Path
    batches: Callable[[str], Iterable[pa.Table]]
    identify: Callable[[], Identity]
    schema_version: str
    about: About
    cuts: Mapping[str, str] = attrs.field(factory=dict)
    level_labels: Mapping[int, str] = attrs.field(factory=dict)
    csv_bom: bool = False
    csv_plain: bool = False

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table as Python values, in the order of its columns."""
        for rows in self.batches(table.name):
            columns = [rows.column(column.name).to_pylist() for column in table.columns]
            yield from zip(*columns, strict=True)

    def issues(self) -> list[str]:
        """List the ids of the issues, core issues first."""
        rows = [row for rows in self.batches("issues") for row in rows.to_pylist()]
        return [
            row["issue_id"] for row in sorted(rows, key=lambda r: (not r["core"], r["issue_id"]))
        ]

    def identity(self) -> dict[str, str]:
        """Return the row of `IDENTITY`."""
        about = {"title": self.about.title, "licence": self.about.licence or None}
        found = {**about, **attrs.asdict(self.identify())}
        return {column.name: found[column.name] for column in IDENTITY.columns}

    def with_identity(self) -> Work:
        """Return the same work, with the rows of `IDENTITY` too."""
        import pyarrow as pa

        def batches(name: str) -> Iterable[pa.Table]:
            if name != IDENTITY.name:
                return self.batches(name)
            return [pa.Table.from_pylist([self.identity()], IDENTITY.schema)]

        return attrs.evolve(self, batches=batches)


@contextlib.contextmanager
def refusing(name: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn the errors of a library that writes a file into a sentence with its name."""
    try:
        yield
    except errors as error:
        said = " ".join(str(error).split())
        raise StancedataError(f"{name}: cannot be written: {said}") from None


def one_file(
    name: str, errors: Callable[[], tuple[type[Exception], ...]], with_identity: bool = False
) -> Callable[
    [Callable[[Iterable[Table], Work, Path], None]], Callable[[Iterable[Table], Work], list[Path]]
]:
    """Make the writer of a format from a function that writes all tables to one file.

    Args:
        name: The name of the file.
        errors: Returns the errors that its library raises, which become a sentence.
        with_identity: Whether the table `IDENTITY` is added to those of the dataset.
    """

    def decorate(
        fill: Callable[[Iterable[Table], Work, Path], None],
    ) -> Callable[[Iterable[Table], Work], list[Path]]:
        def write(tables: Iterable[Table], work: Work) -> list[Path]:
            path = work.folder / name
            if with_identity:
                tables, work = (*tables, IDENTITY), work.with_identity()
            with refusing(name, *errors()):
                fill(tables, work, path)
            return [path]

        return functools.update_wrapper(write, fill)

    return decorate
