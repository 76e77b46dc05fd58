"""What a user holds: records, questions, evidence, versions and exports of one state of the data."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.dataset.questions import Questions
from stancedata.engines.engine import Engine
from stancedata.engines.ordered import OrderedTables
from stancedata.engines.untrusted import run_untrusted
from stancedata.model.corpus import Corpus
from stancedata.problems import StancedataError
from stancedata.questions.positions import Complete
from stancedata.releases.changes import Changes, changes_between
from stancedata.releases.citation import About, cite
from stancedata.releases.revisions import Release, find, replay, up_to
from stancedata.rules.verification import Verification, verify
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.manifest import Identity

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.tables.export import Contents


class Dataset(Questions):
    """One state of the data; make it with `stancedata.load` or `stancedata.read`.

    Attributes:
        tables: Every table of the contract, as `pyarrow.Table`, by name.
        version: Version of the data, not of the package.
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        version: str,
        past: Callable[[int], Mapping[str, pa.Table]] | None = None,
        engine: Engine | None = None,
    ) -> None:
        super().__init__(tables, version, engine)
        # Gives the curated tables as of a release, where that is faster than from contents.
        self._past = past

    def __repr__(self) -> str:
        names = ("stances", "positions")
        counts = ", ".join(f"{self.tables.rows(name)} {name}" for name in names)
        return f"<stancedata {self.version}: {counts}>"

    @property
    def lying(self) -> OrderedTables:
        """The tables in key order; deprecated, since it was never meant to be public."""
        warnings.warn(
            "Dataset.lying is deprecated and goes in the next version; read `tables` or ask `sql`",
            DeprecationWarning,
            stacklevel=2,
        )
        return self._ordered

    @property
    def release(self) -> Release | None:
        """The release that these data are; None where they were changed since, or never released."""
        return next((r for r in self.releases if r.release == self.version), None)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the curated content, the same whatever file or library carries it."""
        return self._ordered.digest(None, self._schema_version)

    @functools.cached_property
    def positions_digest(self) -> str:
        """SHA-256 of the positions."""
        return self._ordered.digest(("positions",), self._schema_version)

    @property
    def _schema_version(self) -> str:
        return self.release.schema_version if self.release else SCHEMA_VERSION

    def known_at(self, release: str) -> Dataset:
        """The dataset as it was at a release: what was held, as far as it was known then.

        Args:
            release: A version, for example `0.1.0`. `ds.known_at("0.1.0").position("russia",
                "recognition", on="2021-10-20")` asks for a day and a state of knowledge.

        Raises:
            StancedataError: There is no such release; with those that there are.
        """
        found = find(self.releases, release)
        if found.release == self.version:
            return self
        number = found.release_number
        make = self._past or functools.partial(replay, self.tables["revisions"])
        history = functools.partial(up_to, self.tables, number)
        return Dataset(Complete(make(number), history), found.release, self._past)

    def diff(self, since: str) -> Changes:
        """What changed between a release and these data, field by field, with the reasons.

        Args:
            since: The earlier release, for example `0.1.0`.

        Raises:
            StancedataError: There is no such release; with those that there are.
        """
        return changes_between(self.known_at(since).tables, self.tables, self.releases, since)

    def cite(self, style: str = "text") -> str:
        """How to cite these data, with their version and digest.

        Args:
            style: `text`, `bibtex` or `csl-json`.

        Raises:
            StancedataError: The style is unknown.
        """
        about = About.of(self.tables["vocabulary"].to_pylist())
        return cite(about, self.version, self.digest, self.release, style)

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Answer one SELECT over the tables, by their names, in DuckDB's SQL.

        The query can read the tables and nothing else: no file, no network, no extension.

        Args:
            query: For example `SELECT issue_id, count(*) FROM stances GROUP BY ALL`.
            parameters: Values for `$name` in it.

        Returns:
            The rows. Where two columns have one name, as in a self-join, the second is `name_1`.

        Raises:
            StancedataError: The query is refused; with the reason.
        """
        if self._engine is not None:
            raise StancedataError(
                "sql: works with DuckDB only, got data on another engine; query that engine's own "
                "session"
            )
        return run_untrusted(self.tables, query, parameters)

    def verify(self, corpus: Corpus | str | Path) -> Verification:
        """Look up every span, published and blind, in a corpus that holds the texts.

        Args:
            corpus: A `Corpus`, or the path of a folder of texts under any names.
        """
        return verify(self.tables, corpus)

    def export(
        self, folder: str | Path, formats: Iterable[str] = ("parquet",), partition_by: str = ""
    ) -> list[Path]:
        """Write every table to a folder; whole or not at all.

        Args:
            folder: A folder that is new, empty, or an earlier export, which is replaced.
            formats: `parquet`, `csv`, or both.
            partition_by: A column of texts, such as `issue_id`: tables of records that have it
                become folders with a file for each value, `stances/issue_id=recognition/`, in
                Hive's layout, which DuckDB, Spark, pyarrow and polars read as one table.

        Returns:
            The files.

        Raises:
            StancedataError: A format or a column is unknown, or the folder holds other files.
        """
        from stancedata.tables.export import export

        return export(contents_of(self), Path(folder), tuple(formats), partition_by)


def contents_of(dataset: Dataset) -> Contents:
    """What an export writes of a dataset."""
    from stancedata.tables.export import Contents

    identify = functools.partial(identity_of, dataset)
    return Contents(dataset.tables, dataset._ordered.batches, identify)


def identity_of(dataset: Dataset) -> Identity:
    """Which dataset it is, as the manifest of an export says it."""
    return Identity(dataset.version, dataset.digest, dataset.positions_digest)
