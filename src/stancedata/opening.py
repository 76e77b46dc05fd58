"""Make a dataset of a folder: curated YAML, or exported Parquet."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.contract import BY_NAME
from stancedata.dataset import Dataset
from stancedata.derive import derived_tables
from stancedata.layout import is_data_folder
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError
from stancedata.storage import VERSION, ParquetTables, is_parquet_folder

if TYPE_CHECKING:
    import pyarrow as pa

WORKING_COPY = "0.0.0+edited"
"""Version of data that is no release, and follows none."""


def from_folder(path: Path) -> tuple[Dataset, list[Problem]]:
    """A dataset of a data folder as far as it is sound, and everything that is wrong with it."""
    # The rooms that know YAML and rules are heavy, and nobody else needs them.
    from stancedata.curation.folder import read_folder
    from stancedata.curation.reading import path_of
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
        )
        folder.problems.extend(found)
    dataset = Dataset(_Complete(tables), WORKING_COPY)
    return dataset, sorted(set(folder.problems))


class _Complete(Mapping[str, "pa.Table"]):
    """Curated tables, with the derived ones made when they are first asked for."""

    def __init__(self, curated: dict[str, pa.Table]) -> None:
        self._curated = curated

    @functools.cached_property
    def _derived(self) -> dict[str, pa.Table]:
        return derived_tables(self._curated)

    def __getitem__(self, name: str) -> pa.Table:
        return self._curated[name] if name in self._curated else self._derived[name]

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)


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


def check(path: str | Path) -> list[Problem]:
    """Everything that is wrong with a dataset, sorted by place; empty where nothing is.

    Args:
        path: A folder of curated YAML or of exported Parquet.
    """
    from stancedata.rules import check as check_rules

    folder = Path(path)
    try:
        if is_data_folder(folder):
            return from_folder(folder)[1]
        tables = read(folder).tables
        return check_rules(
            {name: tables[name] for name in BY_NAME if not BY_NAME[name].derived},
            lambda kind, record_id, field: (
                Place(str(folder)),
                f"{kind} {record_id}: {field}".removesuffix(": "),
            ),
        )
    except InvalidDataError as error:
        return list(error.problems)
