"""The data that come with the package.

A wheel carries them as Parquet, made when it was built, with a manifest by which they are checked
when they are loaded. In a checkout the curated files and the history stand beside the package, and
may have been edited since: they are compared with what the Parquet was made of, and read
themselves where they differ. Nothing heavy is loaded to find that out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.atomic import replace_folder
from stancedata.data_folder import digest_of_sources, is_data_folder
from stancedata.problems import InvalidDataError, StancedataError, one_of
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.manifest import (
    listed_files,
    manifest_problems,
    read_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

COMPILED = Path(__file__).parents[1] / "_data"
EDITED_COPY = "edited"
"""Folder with the working copy, where it is not the last release."""


def load(version: str | None = None) -> Dataset:
    """The dataset that comes with the package, offline and at once.

    Args:
        version: A version of the data. By default the last release; before there is one, the
            working copy. `0.1.0+edited` is what was changed since 0.1.0, where anything was.

    Raises:
        StancedataError: There is no such version; with those that there are.
        InvalidDataError: The package's files are not those that were packaged.
    """
    folder = up_to_date_folder()
    last, edited = _from_checkout() if folder is None else _compiled(folder)
    if version is None or version == last.version:
        return last
    if edited is not None and version == edited.version:
        return edited
    if version in (known := [release.release for release in last.releases]):
        return last.known_at(version)
    there = dict.fromkeys([*known, *(d.version for d in (last, edited) if d is not None)])
    raise StancedataError(
        f"version: does not exist, got {version!r}; there {'is' if len(there) == 1 else 'are'} "
        f"{one_of([*there])}"
    )


def _from_checkout() -> tuple[Dataset, Dataset | None]:
    """The last release and the working copy of a checkout."""
    from stancedata.dataset.folders import read

    data = checkout_data()
    if data is None:
        raise StancedataError(
            "the package has no data: the installation is incomplete; reinstall it"
        )
    return last_and_edited(read(data))


def last_and_edited(working: Dataset) -> tuple[Dataset, Dataset | None]:
    """The last release of a working copy, and itself where it is another state."""
    if not working.releases or working.release is not None:
        return working, None
    return working.known_at(working.releases[-1].release), working


def _compiled(folder: Path) -> tuple[Dataset, Dataset | None]:
    from stancedata.dataset import Dataset
    from stancedata.dataset.folders import from_parquet
    from stancedata.releases.store import Store
    from stancedata.tables.source import VERSION

    problems = list(manifest_problems(folder, "reinstall the package"))
    if problems:
        raise InvalidDataError(problems)
    store = Store(folder)
    last = Dataset(store, store.metadata[VERSION].decode(), store.past)
    edited = folder / EDITED_COPY
    return last, from_parquet(edited) if edited.is_dir() else None


def compile_data(data: Path, folder: Path) -> None:
    """Make the Parquet that a wheel carries.

    Args:
        data: The curated files.
        folder: Where the Parquet goes; what is there is replaced.

    Raises:
        InvalidDataError: The curated files break a rule, or the history is not what it was.
    """
    from stancedata.dataset import contents_of, identity_of
    from stancedata.dataset.folders import read
    from stancedata.releases.log import read_history
    from stancedata.releases.store import REVISIONS, write_past
    from stancedata.tables.export import write_tables

    last, edited = last_and_edited(read(data))
    with replace_folder(folder, listed_files) as new:
        write_tables(contents_of(last), new, ("parquet",), without=(REVISIONS,))
        if last.releases:
            write_past(read_history(data).history, new)
        if edited is not None:
            (new / EDITED_COPY).mkdir()
            write_tables(contents_of(edited), new / EDITED_COPY, ("parquet",))
        write_manifest(new, identity_of(last), sources=digest_of_sources(data))


def up_to_date_folder() -> Path | None:
    """The folder of Parquet that says what the curated files say; None in an edited checkout."""
    data = checkout_data()
    if not (COMPILED / MANIFEST).exists():
        return None
    if data is None or read_manifest(COMPILED).get("sources") == digest_of_sources(data):
        return COMPILED
    return None


def checkout_data() -> Path | None:
    """The `data/` folder of the checkout that the package is run from; None when installed."""
    root = Path(__file__).resolve().parents[3]
    inside = (root / "pyproject.toml").exists() and (root / "src" / "stancedata").is_dir()
    return root / "data" if inside and is_data_folder(root / "data") else None
