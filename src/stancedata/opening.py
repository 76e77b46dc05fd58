"""Make a dataset of a folder: curated YAML, or exported Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.contract import BY_NAME
from stancedata.dataset import Dataset
from stancedata.derive import Complete
from stancedata.digest import digest
from stancedata.evidence import Corpus, as_corpus
from stancedata.layout import HISTORY, is_data_folder
from stancedata.manifest import NAME as MANIFEST
from stancedata.manifest import manifest_problems
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError
from stancedata.releases.files import Recorded, read_history
from stancedata.releases.revisions import History, history_tables
from stancedata.releases.versions import EDITED, WORKING_COPY
from stancedata.storage import VERSION, ParquetTables, is_parquet_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.curation.folder import Folder
    from stancedata.curation.reasons import Reason


MOST_SHOWN = 20
"""Problems of one rule that are said of an export, beside their number."""


def from_folder(path: Path, corpus: Corpus | None = None) -> tuple[Dataset, list[Problem]]:
    """A dataset of a data folder as far as it is sound, and everything that is wrong with it."""
    opened = open_folder(path, corpus)
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


def open_folder(path: Path, corpus: Corpus | None = None) -> Opened:
    """Read a data folder: its files, its history, and what the rules say of them.

    Args:
        path: The folder.
        corpus: Holds the documents' texts, for the rules that need them.
    """
    # The rooms that know YAML and rules are heavy, and nobody else needs them.
    from stancedata.curation.bounds import bound_problems
    from stancedata.curation.folder import read_folder
    from stancedata.curation.reading import path_of
    from stancedata.curation.reasons import digest_of, read_reasons, reason_files
    from stancedata.rules import check as check_rules
    from stancedata.tables import to_tables

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
    spent = {name: digest_of(file) for name, file in files.items()}
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


def read(path: str | Path) -> Dataset:
    """Read a dataset: a folder of curated YAML, or one of exported Parquet.

    Args:
        path: The folder, yours or a colleague's.

    Raises:
        InvalidDataError: The data break a rule or the contract; `problems` has every reason.
        StancedataError: The path is no such folder.
    """
    folder = Path(path)
    if is_data_folder(folder):
        dataset, problems = from_folder(folder)
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            raise InvalidDataError(errors)
        return dataset
    if is_parquet_folder(folder):
        return from_parquet(folder)
    raise StancedataError(
        f"{folder}: is no dataset, got neither codebook.yaml nor Parquet tables; name a data "
        "folder or an export"
    )


def from_parquet(folder: Path) -> Dataset:
    """A dataset of exported Parquet tables; raises as `read` does."""
    tables = ParquetTables(folder)
    return Dataset(tables, tables.metadata.get(VERSION, WORKING_COPY.encode()).decode())


def check(
    path: str | Path, history: bool = False, corpus: Corpus | str | Path | None = None
) -> list[Problem]:
    """Everything that is wrong with a dataset, sorted by place; empty where nothing is.

    Args:
        path: A folder of curated YAML or of exported Parquet.
        history: Make every release again, and compare it with its recorded digests.
        corpus: The documents' texts, or the folder that holds them: what needs them, such as
            whether a span holds the words that were coded, is asked only with one.
    """
    folder = Path(path)
    texts = None if corpus is None else as_corpus(corpus)
    try:
        if is_data_folder(folder):
            problems = from_folder(folder, texts)[1]
            return problems + (list(replayed(folder)) if history else [])
        return list(_export_problems(folder, read(folder), texts))
    except InvalidDataError as error:
        return list(error.problems)


def _export_problems(folder: Path, dataset: Dataset, corpus: Corpus | None) -> Iterator[Problem]:
    from stancedata.rules import check as check_rules

    if (folder / MANIFEST).exists():
        yield from manifest_problems(folder, "export the dataset again")
    tables = dataset.tables
    found = check_rules(
        {name: tables[name] for name in BY_NAME if not BY_NAME[name].derived},
        lambda kind, record_id, field: (
            Place(str(folder)),
            f"{kind} {record_id}: {field}".removesuffix(": "),
        ),
        corpus=corpus,
    )
    yield from _first(found, folder)


def _first(problems: list[Problem], folder: Path) -> Iterator[Problem]:
    """The first problems of each rule, and how many it has: tables can have millions."""
    counts = Counter(problem.rule for problem in problems)
    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.rule] += 1
        if shown[problem.rule] <= MOST_SHOWN:
            yield problem
    for rule, count in sorted(counts.items()):
        if count > MOST_SHOWN:
            what = f"is broken by more rows, got {count:,}; the first {MOST_SHOWN} are above"
            severity = next(p.severity for p in problems if p.rule == rule)
            yield Problem(Place(str(folder)), rule, what, severity, rule)


def replayed(data: Path) -> Iterator[Problem]:
    """Releases that, made again from the history, have other digests than were recorded."""
    try:
        history = read_history(data).history
    except InvalidDataError:
        return  # whoever asks was told so already
    for release in history.releases:
        tables = Complete(history.tables(release.release_number))
        version = release.schema_version
        for what, wanted, found in (
            ("content", release.digest, digest(tables, schema_version=version)),
            ("positions", release.positions_digest, digest(tables, ("positions",), version)),
        ):
            if wanted != found:
                place = Place(str(data / HISTORY / f"{release.release}.jsonl"), 1)
                message = f"made again, the {what} must have the digest {wanted}, got {found}"
                yield Problem(place, "", f"{message}; use the library that made the release")
