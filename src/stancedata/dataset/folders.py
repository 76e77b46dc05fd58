"""Read or check a dataset in a folder: curated YAML or exported Parquet."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from stancedata import cache
from stancedata.data_folder import is_data_folder, path_of, refuse_address
from stancedata.dataset import Dataset
from stancedata.dataset.cached_problems import CachedProblems
from stancedata.dataset.past import Past
from stancedata.model.corpus import Corpus, as_corpus, digest_of
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError, shown
from stancedata.questions.arguments import refuse_unless_flag, texts_of
from stancedata.questions.positions import Complete, define_derived
from stancedata.releases.log import Recorded
from stancedata.releases.revisions import history_tables
from stancedata.releases.version import EDITED, WORKING_COPY
from stancedata.rules.characters import FUTURE, is_unfit
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.digest import digest, has_newer
from stancedata.tables.parquet import is_parquet_folder
from stancedata.tables.source import SMALL, VERSION, ParquetTables

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.curation.folder import Folder
    from stancedata.curation.reasons import Reason
    from stancedata.releases.revisions import Release
    from stancedata.rules.runner import Only

QUERIES = "queries"
"""The slot of the cache with the answers to the rules' queries."""


def from_folder(
    path: Path, corpus: Corpus | None = None, without: Collection[str] = ()
) -> tuple[Dataset, list[Problem]]:
    """Return the valid part of a data folder as a dataset, and every problem found."""
    opened = open_folder(path, corpus, without)
    return opened.dataset, opened.problems


@attrs.frozen(slots=False)  # for the dataset, which is made when asked for
class Opened:
    """The valid part of a data folder, with every problem found.

    Attributes:
        folder: How it was read.
        tables: The curated tables.
        past: The history of its releases.
        reasons: Why records changed since the last release.
        reason_files: Digests of the files with these reasons, by file name.
    """

    folder: Folder
    tables: Mapping[str, pa.Table]
    past: Past
    reasons: list[Reason]
    reason_files: dict[str, str]
    problems: list[Problem]

    @functools.cached_property
    def dataset(self) -> Dataset:
        """The dataset, with its history; its version takes a digest of the tables."""
        version, last = version_of(self.tables, self.past.last), self.past.last
        schema_version = last.schema_version if last and last.release == version else SCHEMA_VERSION
        history = functools.partial(_history_of, self.past)
        return Dataset(Complete(self.tables, history, schema_version), version)

    @property
    def recorded(self) -> Recorded:
        """The whole history, which is read when asked for."""
        return self.past.recorded


def _history_of(past: Past) -> dict[str, pa.Table]:
    return history_tables(past.recorded.history)


def open_folder(
    path: Path,
    corpus: Corpus | None = None,
    without: Collection[str] = (),
    written: Mapping[str, str] = MappingProxyType({}),
    only: Collection[str] = (),
) -> Opened:
    """Read a data folder with its history, and check it against the rules.

    Args:
        path: The folder.
        corpus: The documents' texts, for the rules that need them.
        without: Names of rules to skip.
        written: New texts of some files, by their path in the folder, as if they were written.
        only: Documents; if given, only their problems and those of their blind codings are found.

    Raises:
        InvalidDataError: If there is no codebook.
        StancedataError: If there is no such document.
    """
    # The YAML and rule modules are slow to import, and reading Parquet does not need them.
    from stancedata.curation.bounds import bound_problems
    from stancedata.curation.reasons import read_reasons, reason_files
    from stancedata.dataset.compiled import read_tables
    from stancedata.rules.rule import OLD, old_schema

    folder, tables = read_tables(path, written)
    own = folder.files.about(only) if only and folder.files else None
    if "codebook" not in folder.broken:
        folder.problems.extend(_rule_problems(folder, tables, corpus, without, own))
    if not folder.problems:  # rows that could not be read must not count as lost
        folder.problems.extend(bound_problems(path, tables))
    if folder.signs and OLD not in without:
        folder.problems.append(old_schema(folder.signs, Place(str(path))))
    past = Past(path)
    folder.problems.extend(past.problems)
    files = reason_files(path, past.spent)
    reasons, faults = read_reasons(files.values())
    folder.problems.extend(faults)
    spent = {name: digest_of(file.read_bytes()) for name, file in files.items()}
    problems = sorted(set(folder.problems))
    if own is not None:
        problems = [problem for problem in problems if problem.where.file in own]
    return Opened(folder, tables, past, reasons, spent, problems)


def dataset_of(path: Path) -> Dataset:
    """Return the valid part of a data folder, without checking it and without releases."""
    from stancedata.dataset.compiled import read_tables

    return Dataset(Complete(read_tables(path)[1]), WORKING_COPY)


def _rule_problems(
    folder: Folder,
    tables: Mapping[str, pa.Table],
    corpus: Corpus | None,
    without: Collection[str],
    own: Collection[str] | None,
) -> list[Problem]:
    """Check the tables of a folder, taking answers from the cache that still hold."""
    from stancedata.curation.source import path_of
    from stancedata.engines.remembered import RememberingEngine
    from stancedata.rules.runner import check as check_rules

    about = str(folder.path.resolve())
    engine = RememberingEngine(cache.load(QUERIES, about))
    found = check_rules(
        tables,
        lambda kind, record_id, field: folder.place(kind, record_id, path_of(field)),
        frozenset(folder.broken),
        folder.patched,
        lambda: engine,
        whole=not folder.problems,
        forms=("text_form", FUTURE),  # reading has reported malformed IDs already
        corpus=corpus,
        without=without,
        schema_version="1" if folder.signs else SCHEMA_VERSION,
        only=None if own is None else _part(tables, own),
    )
    if answers := engine.answers():
        cache.store(QUERIES, about, answers)
    return [folder.at_line(p, is_unfit) if p.rule == "text_form" else p for p in found]


def _part(tables: Mapping[str, pa.Table], own: Collection[str]) -> Only:
    """Tell the coders and the kinds of records of some files of documents and blind codings."""
    from stancedata.rules.runner import Only

    files = [Path(file) for file in own]
    documents = {file.stem for file in files}
    kinds = {"document"}
    if documents & {*tables["stances"].column("document_id").unique().to_pylist()}:
        kinds.add("stance")
    if any(file.parent.name != "documents" for file in files):
        kinds |= {"coding", "blind", "stance"}  # the rules on stances are asked of them too
    return Only(frozenset(file.parent.name for file in files), frozenset(kinds))


def version_of(tables: Mapping[str, pa.Table], last: Release | None) -> str:
    """Return the version of a working copy: the last release, marked as edited if it differs.

    It differs, too, if it has anything that is newer than the schema version of that release, whose
    digest would not cover it.
    """
    if last is None:
        return WORKING_COPY
    same = digest(tables, schema_version=last.schema_version) == last.digest
    same = same and not has_newer(tables, last.schema_version)
    return last.release if same else last.release + EDITED


def read(path: str | Path, engine: object = None) -> Dataset:
    """Read a dataset from a folder of curated YAML, or from an export.

    Parquet tables with more than 100,000 rows are not loaded into memory but queried on disk. The
    other formats that carry everything (CSV, SQLite, DuckDB, and the zip of any) are loaded.

    Args:
        path: The folder; of an export also its database or its zip.
        engine: A Spark session that reads the Parquet, from any location it can access, and runs
            all queries (needs the extra `[spark]`); by default DuckDB, in this process.

    Raises:
        InvalidDataError: If the data break a rule or the contract; `problems` lists every reason.
        StancedataError: If the path is not a data folder or an export.
    """
    folder = path_of(path)
    if engine is not None:
        from stancedata.engines import spark

        found = spark.open_tables(str(path), engine)
        return Dataset(spark.SparkTables(found), WORKING_COPY, engine=found)
    if is_data_folder(folder):
        dataset, problems = from_folder(folder)
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            raise InvalidDataError(errors)
        return dataset
    if not is_parquet_folder(folder):
        from stancedata.exports import reader

        if reader.is_export(folder):
            return Dataset(*reader.read(folder))
    _refuse_others(folder)
    return from_parquet(folder)


def from_parquet(folder: Path, small: int = SMALL) -> Dataset:
    """Read exported Parquet, loading tables of up to `small` rows; raises as `read` does."""
    return _dataset_of(ParquetTables(folder, small=small))


def _dataset_of(tables: ParquetTables) -> Dataset:
    return Dataset(tables, tables.metadata.get(VERSION, WORKING_COPY.encode()).decode())


def check(
    path: str | Path,
    history: bool = False,
    corpus: Corpus | str | Path | None = None,
    without: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    engine: object = None,
    only: Collection[str] = (),
    expect: str = "any",
) -> list[Problem]:
    """Check a dataset against every rule and return the problems found, sorted by place.

    Of an export, digests that differ come last, since a cell that breaks a rule changes them too.

    Args:
        path: A folder of curated YAML, or whatever `read` takes for an export. Parquet is streamed,
            so tables of any size are checked in at most 1.5 GiB of memory, unless pages expand a
            thousandfold; CSV and databases are turned into Parquet first.
        history: Also rebuild every release and compare it with its recorded digests. Of an export,
            releases are always rebuilt, and with this their positions too.
        corpus: The documents' texts, or the folder that contains them. Rules that need the texts,
            such as whether a span contains the coded words, are skipped without it.
        without: Names of rules to skip, such as `natural_key`.
        progress: For Parquet, called with the number of rows checked so far and the total.
        engine: A Spark session, which then runs all rules except those that need a corpus.
        only: Ids of documents of a data folder: only the problems of their files, and of the files
            of their blind codings, are looked for and returned.
        expect: The digest that the content must have, as a citation states it, or `any`. A data
            folder with errors has none.

    Raises:
        StancedataError: If the path is not a data folder or an export, a rule or a document is
            unknown, or the disk has no room for temporary files.
    """
    from stancedata.rules.rule import refuse_unknown

    folder = path_of(path)
    refuse_unless_flag(history, "history")
    without, only = texts_of(without, "without"), texts_of(only, "only")
    refuse_unknown(without)
    if progress is not None and not callable(progress):
        raise StancedataError(f"progress: must be a function, got {shown(progress)}; leave it out")
    # A variable that is not set must not skip the comparison.
    if not isinstance(expect, str) or not expect.isascii() or not expect.strip():
        raise StancedataError(
            f"expect: must be a digest, got {shown(expect)}; write it as text, or leave it out"
        )
    expected = "" if expect == "any" else expect
    if expected and (without or only or engine is not None):
        raise StancedataError(
            "expect: needs a whole check on DuckDB; leave out `without`, `only` and `engine`"
        )
    if only and (engine is not None or not is_data_folder(folder)):
        raise StancedataError(f"{path}: is not a data folder, which `only` needs; give one")
    if engine is not None:
        return _check_on_spark(str(path), engine, without)
    texts = None if corpus is None else as_corpus(corpus)
    if is_data_folder(folder):
        return _checked(folder, history, texts, without, only, expected)
    if not is_parquet_folder(folder):
        from stancedata.exports import reader

        if not reader.is_export(folder):
            _refuse_others(folder)
    from stancedata.dataset.identity import Identify, export_problems
    from stancedata.rules.folders import check_folder

    def by_rules(tables: Path, identify: Identify) -> list[Problem]:
        return check_folder(tables, define_derived, texts, without, progress, identify)

    return export_problems(folder, by_rules, _dataset_of, history, expected)


def _checked(
    folder: Path,
    history: bool,
    corpus: Corpus | None,
    without: Collection[str],
    only: Collection[str],
    expect: str,
) -> list[Problem]:
    """Check a data folder, unless its problems are known since nothing in it has changed."""
    names = [f"history {history}", f"expect {expect}", *(f"only {name}" for name in only), *without]
    cached = CachedProblems(folder, names) if corpus is None else None
    known = cached.known() if cached else None
    if known is not None:
        return known
    opened = open_folder(folder, corpus, without, only=only)
    found, recorded = opened.problems, opened.recorded if history else None
    if recorded and not opened.past.problems:
        from stancedata.dataset.rebuilds import replayed

        found += replayed(folder, recorded.history)
    if expect and all(problem.severity != "error" for problem in found):
        from stancedata.dataset.identity import unexpected

        found += unexpected(folder, opened.dataset, expect)
    if cached and all(problem.rule != FUTURE for problem in found):  # tomorrow it may be right
        cached.keep(found)
    return found


def _check_on_spark(path: str, session: object, without: Collection[str]) -> list[Problem]:
    from stancedata.engines.spark import open_tables
    from stancedata.rules.folders import check_spark

    try:
        return check_spark(open_tables(path, session), path, define_derived, without)
    except InvalidDataError as error:
        return list(error.problems)


_PARTS = (".parquet", ".csv", ".dta", ".sav", ".xlsx")
"""Suffixes of files of an export that do not carry all of a dataset each."""
_ALONE = ("positions.dta", "positions.sav", "stancedata.xlsx")
"""Files of an export to formats that do not carry everything."""


def _refuse_others(folder: Path) -> None:
    refuse_address(folder)
    if is_parquet_folder(folder):
        return
    is_part = folder.suffix in _PARTS and folder.is_file()
    if is_part or any((folder / name).exists() for name in _ALONE):
        raise StancedataError(
            f"{folder}: does not have all of a dataset; give the folder of an export to Parquet, CSV, "
            "SQLite or DuckDB, or its zip"
        )
    if not os.path.lexists(folder):  # a link that leads nowhere is there
        raise StancedataError(f"{folder}: does not exist; give a data folder or an export")
    raise StancedataError(
        f"{folder}: is not a dataset: found neither codebook.yaml nor Parquet tables; give a "
        "data folder or an export"
    )
