"""Make a dataset of a folder: curated YAML, or exported Parquet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.data_folder import HISTORY, is_data_folder
from stancedata.dataset import Dataset
from stancedata.model.corpus import Corpus, as_corpus, digest_of
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError
from stancedata.questions.positions import Complete, define_positions
from stancedata.releases.log import Recorded, read_history
from stancedata.releases.revisions import History, history_tables, replay
from stancedata.releases.version import EDITED, WORKING_COPY
from stancedata.tables.digest import digest
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.manifest import manifest_problems
from stancedata.tables.parquet import AGAIN, is_parquet_folder
from stancedata.tables.source import SMALL, VERSION, ParquetTables

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.curation.folder import Folder
    from stancedata.curation.reasons import Reason


def from_folder(
    path: Path, corpus: Corpus | None = None, without: Collection[str] = ()
) -> tuple[Dataset, list[Problem]]:
    """A dataset of a data folder as far as it is sound, and everything that is wrong with it."""
    opened = open_folder(path, corpus, without)
    return opened.dataset, opened.problems


@attrs.frozen
class Opened:
    """A data folder as far as it could be read, with everything that is wrong with it.

    Attributes:
        reasons: Why records changed since the last release.
        reason_files: The files that say so, with their digests.
    """

    folder: Folder
    dataset: Dataset
    recorded: Recorded
    reasons: list[Reason]
    reason_files: dict[str, str]
    problems: list[Problem]


def open_folder(path: Path, corpus: Corpus | None = None, without: Collection[str] = ()) -> Opened:
    """Read a data folder: its files, its history, and what the rules say of them.

    Args:
        path: The folder.
        corpus: Holds the documents' texts, for the rules that need them.
        without: Names of rules that are not asked.
    """
    # The rooms that know YAML and rules are heavy, and nobody else needs them.
    from stancedata.curation.bounds import bound_problems
    from stancedata.curation.folder import read_folder
    from stancedata.curation.reasons import read_reasons, reason_files
    from stancedata.curation.source import path_of
    from stancedata.rules.runner import check as check_rules
    from stancedata.tables.rows import to_tables

    folder = read_folder(path)
    tables = to_tables(folder.content)
    if "codebook" not in folder.broken:
        found = check_rules(
            tables,
            lambda kind, record_id, field: folder.place(kind, record_id, path_of(field)),
            frozenset(folder.broken),
            folder.patched,
            whole=not folder.problems,
            forms=("text_form",),  # that ids are none was said when they were read
            corpus=corpus,
            without=without,
        )
        folder.problems.extend(found)
    if not folder.problems:  # what could not be read is not lost
        folder.problems.extend(bound_problems(path, tables))
    recorded = _recorded(path, folder.problems)
    files = reason_files(path, recorded.spent)
    reasons, faults = read_reasons(files.values())
    folder.problems.extend(faults)
    complete = Complete(tables, lambda: history_tables(recorded.history))
    dataset = Dataset(complete, version_of(tables, recorded.history))
    spent = {name: digest_of(file.read_bytes()) for name, file in files.items()}
    return Opened(folder, dataset, recorded, reasons, spent, sorted(set(folder.problems)))


def _recorded(path: Path, problems: list[Problem]) -> Recorded:
    """The history of a data folder; none where it cannot be believed, which is a problem."""
    try:
        return read_history(path)
    except InvalidDataError as error:
        problems += error.problems
        return Recorded(History())


def version_of(tables: Mapping[str, pa.Table], history: History) -> str:
    """The version of a working copy: that of the last release where nothing changed since."""
    last = history.last
    if last is None:
        return WORKING_COPY
    same = digest(tables, schema_version=last.schema_version) == last.digest
    return last.release if same else last.release + EDITED


def read(path: str | Path, engine: object = None) -> Dataset:
    """Read a dataset: a folder of curated YAML, or one of exported Parquet.

    Tables of Parquet with more than 100,000 rows are not loaded but asked where they lie.

    Args:
        path: The folder, yours or a colleague's.
        engine: A Spark session, which then reads the Parquet, from wherever it can, and answers
            all questions; by default DuckDB does, in this process. Needs the extra `[spark]`.

    Raises:
        InvalidDataError: The data break a rule or the contract; `problems` has every reason.
        StancedataError: The path is no such folder.
    """
    if engine is not None:
        from stancedata.engines import spark

        found = spark.open_tables(str(path), engine)
        return Dataset(spark.SparkTables(found), WORKING_COPY, engine=found)
    folder = Path(path)
    if is_data_folder(folder):
        dataset, problems = from_folder(folder)
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            raise InvalidDataError(errors)
        return dataset
    _refuse_others(folder)
    return from_parquet(folder)


def from_parquet(folder: Path, small: int = SMALL) -> Dataset:
    """A dataset of exported Parquet tables, loaded up to a number of rows; raises as `read` does."""
    tables = ParquetTables(folder, small=small)
    return Dataset(tables, tables.metadata.get(VERSION, WORKING_COPY.encode()).decode())


def check(
    path: str | Path,
    history: bool = False,
    corpus: Corpus | str | Path | None = None,
    without: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    engine: object = None,
) -> list[Problem]:
    """Everything that is wrong with a dataset, sorted by place; empty where nothing is.

    Args:
        path: A folder of curated YAML or of Parquet tables, of any size: Parquet is read in
            parts, in at most 1.5 GiB of memory.
        history: Make every release again, and compare it with its recorded digests.
        corpus: The documents' texts, or the folder that holds them: what needs them, such as
            whether a span holds the words that were coded, is asked only with one.
        without: Names of rules that are not asked, such as `natural_key`.
        progress: Of a folder of Parquet, is told how many rows are done, and of how many.
        engine: A Spark session, which then asks all rules but those that need a corpus.

    Raises:
        StancedataError: The path is no such folder, no rule has such a name, or there is no room
            on the disk for what does not fit into memory.
    """
    from stancedata.rules.rule import refuse_unknown

    folder = Path(path)
    refuse_unknown(without)
    if engine is not None:
        return _check_on_spark(str(path), engine, without)
    texts = None if corpus is None else as_corpus(corpus)
    if is_data_folder(folder):
        problems = from_folder(folder, texts, without)[1]
        return problems + (list(replayed(folder)) if history else [])
    _refuse_others(folder)
    from stancedata.rules.folders import check_folder

    listed = manifest_problems(folder, AGAIN) if (folder / MANIFEST).exists() else ()
    return [*listed, *check_folder(folder, define_positions, texts, without, progress)]


def _check_on_spark(path: str, session: object, without: Collection[str]) -> list[Problem]:
    from stancedata.engines.spark import open_tables
    from stancedata.rules.folders import check_spark

    try:
        return check_spark(open_tables(path, session), path, define_positions, without)
    except InvalidDataError as error:
        return list(error.problems)


def _refuse_others(folder: Path) -> None:
    if not is_parquet_folder(folder):
        raise StancedataError(
            f"{folder}: is not a dataset: found neither codebook.yaml nor Parquet tables; give a "
            "data folder or an export"
        )


def replayed(data: Path) -> Iterator[Problem]:
    """Releases that, made again from the history, have other digests than were recorded.

    That there is none is told too: a history that is gone as a whole contradicts nobody.
    """
    try:
        history = read_history(data).history
    except InvalidDataError:
        return  # whoever asks was told so already
    if not history.releases:
        what = "has no release to rebuild; restore the history if there was one"
        yield Problem(Place(str(data / HISTORY)), "", what, "warning")
    revisions = history_tables(history)["revisions"]
    for release in history.releases:
        tables = Complete(replay(revisions, release.release_number))
        version = release.schema_version
        for what, wanted, found in (
            ("content", release.digest, digest(tables, schema_version=version)),
            ("positions", release.positions_digest, digest(tables, ("positions",), version)),
        ):
            if wanted != found:
                place = Place(str(data / HISTORY / f"{release.release}.jsonl"), 1)
                message = f"the rebuilt {what} must have the digest {wanted}, got {found}"
                yield Problem(
                    place, "", f"{message}; use the version of the library that made the release"
                )
