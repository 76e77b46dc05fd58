"""`Dataset`: the records of one version of the data, with queries, checks, diffs and exports."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.data_folder import path_of
from stancedata.dataset.comparisons import Comparisons
from stancedata.dataset.questions import Questions
from stancedata.engines.engine import Engine
from stancedata.engines.ordered import OrderedTables
from stancedata.engines.untrusted import run_untrusted
from stancedata.model.corpus import Corpus
from stancedata.problems import StancedataError, shown
from stancedata.questions.arguments import refuse_unless_flag, texts_of
from stancedata.questions.positions import HISTORY, Complete
from stancedata.questions.result import answering
from stancedata.questions.runner import Asker
from stancedata.releases.changes import Changes, changes_between
from stancedata.releases.citation import About, cite, cite_stance
from stancedata.releases.revisions import Release, find, replay, up_to
from stancedata.rules.verification import Verification, verify
from stancedata.tables.manifest import Identity
from stancedata.tables.source import as_source
from stancedata.text import html_table

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.exports.folder import Contents


class Dataset(Questions, Comparisons):
    """One version of the data; get one from `stancedata.load` or `stancedata.read`.

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
        source = as_source(tables)
        super().__init__(source, version, Asker(source, engine))
        self._engine = engine
        # Rebuilds the tables as of a release; None to replay the revisions, which is slower.
        self._past = past

    def __repr__(self) -> str:
        names = ("stances", "positions")
        counts = ", ".join(f"{self.tables.rows(name)} {name}" for name in names)
        return f"<stancedata {self.version}: {counts}>"

    def _repr_html_(self) -> str:
        """Show the tables and their numbers of rows in a notebook."""
        import pyarrow as pa

        rows = [{"table": name, "rows": self.tables.rows(name)} for name in self.tables]
        return html_table(repr(self), pa.Table.from_pylist(rows))

    def __reduce__(self) -> tuple[Callable[..., Dataset], tuple[object, ...]]:
        if self._engine is not None:
            raise StancedataError(
                "pickle: works with DuckDB only, got data on another engine; pickle its frames"
            )
        tables = {name: self.tables[name] for name in self.tables}
        return _restored, (tables, self.version, self.tables.schema_version)

    @property
    def lying(self) -> OrderedTables:
        """The tables in key order; deprecated, because it was never meant to be public."""
        warnings.warn(
            "Dataset.lying is deprecated and goes in the next version; read `tables` or ask `sql`",
            DeprecationWarning,
            stacklevel=2,
        )
        return self._ordered

    @property
    def release(self) -> Release | None:
        """The release that this dataset is; None if it was edited since, or never released."""
        return next((r for r in self.releases if r.release == self.version), None)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the curated content, independent of file format and library."""
        return self._ordered.digest(None, self._schema_version)

    @functools.cached_property
    def positions_digest(self) -> str:
        """SHA-256 of the positions."""
        return self._ordered.digest(("positions",), self._schema_version)

    @functools.cached_property
    def history_digest(self) -> str:
        """SHA-256 of the releases up to this one and their revisions, with reasons and notes."""
        return self._ordered.digest(HISTORY, self._schema_version)

    @property
    def _schema_version(self) -> str:
        return self.release.schema_version if self.release else self.tables.schema_version

    def known_at(self, release: str) -> Dataset:
        """Return the dataset as of an earlier release.

        Args:
            release: A version, for example `0.1.0`. To combine it with a day, write
                `ds.known_at("0.1.0").position("russia", "recognition", on="2021-10-20")`.

        Raises:
            StancedataError: If there is no such release; the message lists the releases.
        """
        found = find(self.releases, release)
        if found.release == self.version:
            return self
        number = found.release_number
        make = self._past or functools.partial(replay, self.tables["revisions"])
        history = functools.partial(up_to, self.tables, number)
        complete = Complete(make(number), history, found.schema_version)
        return Dataset(complete, found.release, self._past)

    def diff(self, since: str) -> Changes:
        """Compare this dataset with an earlier release, field by field, with the reasons given.

        Args:
            since: The earlier release, for example `0.1.0`.

        Raises:
            StancedataError: If there is no such release; the message lists the releases.
        """
        return changes_between(self.known_at(since).tables, self.tables, self.releases, since)

    def cite(self, style: str = "text", stance: str | None = None) -> str:
        """Return a citation of this dataset with its version and digests, or of one stance.

        Args:
            style: `text`, `apa`, `bibtex`, `ris`, `csl-json` or `cff` (a CITATION.cff file).
            stance: The id of a stance: who stated it, when, and the document, place and address
                that show it; as text only.

        Raises:
            StancedataError: If the style is unknown, or not `text` for a stance.
            UnknownIdError: If there is no such stance.
        """
        if stance is not None:
            if style != "text":
                raise StancedataError(
                    f"style: of a stance is text, got {shown(style)}; leave it out"
                )
            found = self.stances[stance]
            document, title = self.documents[found.document_id], about_of(self).title
            return cite_stance(found, document, self.names, title, self.version, self.digest)
        history = self.history_digest if self.releases else ""
        return cite(about_of(self), self.version, self.digest, history, self.release, style)

    @answering
    def sql(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        seconds: float | None = None,
    ) -> pa.Table:
        """Run one SELECT statement in DuckDB's SQL dialect over the tables.

        The query runs in a sandbox: it can read the tables, but no files, network or extensions.

        Args:
            query: For example `SELECT issue_id, count(*) FROM stances GROUP BY ALL`.
            parameters: Values for `$name` placeholders in the query.
            seconds: The most seconds that it may take; by default there is no limit.

        Returns:
            The result. If two columns have the same name, as in a self-join, the second is
            renamed to `name_1`.

        Raises:
            StancedataError: If the query is invalid or not allowed, takes more than the given time
                or 2 GB of memory, or answers more than 1 GB; or if the dataset runs on Spark.
        """
        if self._engine is not None:
            raise StancedataError(
                "sql: works with DuckDB only, got data on another engine; query that engine's own "
                "session"
            )
        return run_untrusted(self.tables, query, parameters, seconds)

    def verify(self, corpus: Corpus | str | Path) -> Verification:
        """Verify every evidence span, of published and blind stances, against the source texts.

        Args:
            corpus: A `Corpus`, or the path of a folder of texts; file names do not matter.
        """
        return verify(self.tables, corpus)

    def export(
        self,
        folder: str | Path,
        formats: Iterable[str] = ("parquet",),
        partition_by: str = "",
        panel: bool | None = None,
        *,
        csv_bom: bool = False,
        csv_plain: bool = False,
        archive: bool = False,
    ) -> list[Path]:
        """Write every table to a folder, atomically.

        Args:
            folder: A new or empty folder, or an earlier export, which is replaced; files of others
                in an earlier export stay, unless they have the name of a table or of a new file.
            formats: Any of `parquet`, `csv`, `dta` (Stata; needs `[pandas]`), `sav` (SPSS; needs
                `[sav]`), `xlsx` (Excel; needs `[xlsx]`), `sqlite` and `duckdb`.
            partition_by: A text column such as `issue_id`. Tables of records that have it become
                folders with a file for each value (`stances/stances-recognition.parquet`), which
                has all columns, so that any reader can read one of them, or all as one table.
            panel: Whether to write `panel_month` and `panel_year` too, what stands at the end of
                each period with the codes of its last day; by default if they have at most 500,000
                rows. They are no part of the dataset: neither read again nor in its digest.
            csv_bom: Begin CSV with a byte order mark, so that Excel reads it as UTF-8.
            csv_plain: Write CSV for programs, without the apostrophe that keeps a spreadsheet from
                running a text as a formula.
            archive: Write one zip instead, named after dataset and version, to a folder that may
                hold other files; an earlier archive of that name is replaced.

        Returns:
            The paths of the files.

        Raises:
            StancedataError: If a format or column is unknown, a format cannot hold the data, or the
                folder contains files of others that may not stay.
        """
        from stancedata.exports.folder import Options, export

        flags = {"csv_bom": csv_bom, "csv_plain": csv_plain, "archive": archive}
        for name, value in {**flags, **({} if panel is None else {"panel": panel})}.items():
            refuse_unless_flag(value, name)
        if not isinstance(partition_by, str):
            raise StancedataError(
                f"partition_by: must be a column, got {shown(partition_by)}; write it as text"
            )
        chosen, target = texts_of(formats, "formats"), path_of(folder, "folder")
        options = Options(partition_by, panel, **flags)
        with self._ordered.sharing():
            return export(contents_of(self), target, chosen, options)


def _restored(tables: Mapping[str, pa.Table], version: str, schema_version: str) -> Dataset:
    """Make the dataset that was pickled; columns alone do not say every schema version."""
    source = as_source(tables)
    source.schema_version = schema_version
    return Dataset(source, version)


def contents_of(dataset: Dataset) -> Contents:
    """Collect what an export of a dataset needs: tables, batches and identity."""
    from stancedata.exports.folder import Contents

    identify = functools.partial(identity_of, dataset)
    released_on = dataset.release.released_on if dataset.release else None
    batches = dataset._ordered.batches
    return Contents(
        dataset.tables,
        batches,
        identify,
        about_of(dataset),
        dataset.cite,
        dataset.panel,
        released_on,
    )


def about_of(dataset: Dataset) -> About:
    """Return what the codebook of a dataset says of it: title, authors, licence, address."""
    return About.of(dataset.tables["vocabulary"].to_pylist())


def identity_of(dataset: Dataset) -> Identity:
    """Return the version and digests that identify a dataset in the manifest of an export."""
    return Identity(
        dataset.version,
        dataset.digest,
        dataset.positions_digest,
        dataset._schema_version,
        dataset.history_digest,
    )
