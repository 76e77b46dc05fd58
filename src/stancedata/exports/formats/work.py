"""What the writer of a format is given, and what the writers share."""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.tables.columns import Column, Table
from stancedata.tables.manifest import Identity

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.releases.citation import About

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)
_LITTLE = 100_000
"""A disk with fewer free bytes is full."""
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
def naming(file: Path, *errors: type[Exception]) -> Iterator[None]:
    """Give the errors of writing a file its name; those of its library become an OSError.

    Who replaces the folder makes a sentence of it. Some libraries do not say that a disk is full.
    """
    kinds: tuple[type[Exception], ...] = (OSError, *errors)
    try:
        yield
    except kinds as error:
        number, reason = _reason_of(error, file.parent)
        raise OSError(number, f"{file.name}: {reason}") from None


def _reason_of(error: Exception, folder: Path) -> tuple[int, str]:
    """Return the number of an error of writing a file and, in a few words, its reason.

    Libraries wrap what the system said in words of their own, with paths of temporary files.
    """
    number: int | None = getattr(error, "errno", None)
    said = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
    known = next((each for each in _DISK if os.strerror(each) in said), None)
    if number is None and known is None and _is_full(folder):
        known = errno.ENOSPC
    if known is not None:
        return known, os.strerror(known)
    # The folder has another name in the end.
    return number or errno.EIO, said.replace(f"{folder}{os.sep}", "")


def _is_full(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(folder).free < _LITTLE
    return False


def one_file(
    name: str, errors: Callable[[], tuple[type[Exception], ...]], with_identity: bool = False
) -> Callable[
    [Callable[[Iterable[Table], Work, Path], None]], Callable[[Iterable[Table], Work], list[Path]]
]:
    """Make the writer of a format from a function that writes all tables to one file.

    Args:
        name: The name of the file.
        errors: Returns the errors that its library raises besides OSError.
        with_identity: Whether the table `IDENTITY` is added to those of the dataset.
    """

    def decorate(
        fill: Callable[[Iterable[Table], Work, Path], None],
    ) -> Callable[[Iterable[Table], Work], list[Path]]:
        def write(tables: Iterable[Table], work: Work) -> list[Path]:
            path = work.folder / name
            if with_identity:
                tables, work = (*tables, IDENTITY), work.with_identity()
            with naming(path, *errors()):
                fill(tables, work, path)
            return [path]

        return functools.update_wrapper(write, fill)

    return decorate
