"""What the files beside the tables say of an export: title, licence, tables, files and values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.tables.columns import Column, Table
from stancedata.tables.dictionary import Allowed
from stancedata.tables.manifest import Digests, Identity

if TYPE_CHECKING:
    from stancedata.releases.citation import About

START = "positions"
"""The table that most people need."""
DESCRIBED = ("parquet", "csv")
"""The formats whose files are described for programs."""
_LICENCES = {
    "CC-BY-4.0": ("Creative Commons Attribution 4.0 International", "by/4.0"),
    "CC-BY-SA-4.0": ("Creative Commons Attribution-ShareAlike 4.0 International", "by-sa/4.0"),
    "CC-BY-NC-4.0": ("Creative Commons Attribution-NonCommercial 4.0 International", "by-nc/4.0"),
}


@attrs.frozen
class Licence:
    """A licence: its SPDX identifier, name and address, all empty if none is stated."""

    id: str = ""
    name: str = ""
    url: str = ""

    @classmethod
    def of(cls, identifier: str) -> Licence:
        """Look up the name and the address of a licence."""
        if identifier == "CC0-1.0":
            address = "https://creativecommons.org/publicdomain/zero/1.0/"
            return cls(identifier, "Creative Commons Zero 1.0 Universal", address)
        if identifier in _LICENCES:
            name, path = _LICENCES[identifier]
            return cls(identifier, name, f"https://creativecommons.org/licenses/{path}/")
        address = f"https://spdx.org/licenses/{identifier}.html"
        return cls(identifier, identifier, address) if identifier else cls()


@attrs.frozen
class Description:
    """Everything that is known of an export once its tables are written.

    Attributes:
        folder: The folder that is being written.
        about: Title, authors, licence and address.
        identity: Version and digests.
        day: Day of the release, or else of the newest coding; empty if there is none.
        tables: The tables, with the columns of their schema version.
        rows: The number of rows of each table.
        files: The files of each table and format, relative to the folder.
        partition_by: The column by which Parquet is partitioned; empty if it is not.
        allowed: The values that closed columns may take.
        actors, issues, coders, corpora: Rows of the tables `actors`, `issues`, `coders` and `coverage`.
        cite: Returns a citation in a style.
        digests: SHA-256 of the files.
    """

    folder: Path
    about: About
    identity: Identity
    day: str
    tables: tuple[Table, ...]
    rows: Mapping[str, int]
    files: Mapping[tuple[str, str], list[str]]
    partition_by: str
    allowed: Allowed
    actors: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    coders: list[dict[str, Any]]
    corpora: list[dict[str, Any]]
    cite: Callable[[str], str]
    digests: Digests = attrs.field(factory=Digests)

    @property
    def licence(self) -> Licence:
        """The licence of the data."""
        return Licence.of(self.about.licence)

    @property
    def summary(self) -> str:
        """What the data are, in one or two sentences."""
        held, on, stances, documents = (
            f"{self.rows[name]:,} {name if self.rows[name] != 1 else name[:-1]}"
            for name in (START, "issues", "stances", "documents")
        )
        said = f"{held} of actors on {on}, from {stances} in {documents}."
        days = [(row["covers_from"], row["covers_to"]) for row in self.corpora]
        if not days:
            return said
        return f"{said} The data cover {min(f for f, _ in days)} to {max(t for _, t in days)}."

    def key_of(self, table: Table) -> list[str]:
        """List the columns of a table's key."""
        return list(table.key_of(self.identity.schema_version))

    def reference(self, column: Column) -> tuple[str, str] | None:
        """Return the table and column that a column refers to, if the export has them."""
        name, _, target = column.references.partition(".")
        found = {table.name for table in self.tables}
        return (name, target) if name in found else None

    def parquet_of(self, table: Table) -> list[str]:
        """List the Parquet files of a table."""
        return self.files.get((table.name, "parquet"), [])

    def cut_by(self, table: Table) -> str:
        """Return the column by which the Parquet of a table is partitioned, or an empty text."""
        return self.partition_by if "/" in next(iter(self.parquet_of(table)), "") else ""

    def glob(self, table: Table) -> str:
        """Return the path of a table's Parquet, as a pattern if it is partitioned."""
        first = next(iter(self.parquet_of(table)), "")
        return f"{table.name}/*.parquet" if "/" in first else first


def yaml_text(value: Any) -> str:
    """Return plain values as YAML; JSON is YAML, and needs no library that only curation imports."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
