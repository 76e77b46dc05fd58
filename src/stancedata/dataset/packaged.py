"""Load the dataset that ships with the package.

A wheel contains it as Parquet, compiled at build time, with a manifest that is verified on load.
In a checkout, the curated files may have been edited since they were compiled: if their digest
differs from the one in the manifest, they are read instead. That test needs no heavy imports.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.atomic import replace_folder
from stancedata.data_folder import COMPILED, checkout_data, digest_of_sources
from stancedata.foreign import is_leftover
from stancedata.problems import InvalidDataError, StancedataError, one_of, shown
from stancedata.tables.manifest import NAME as MANIFEST
from stancedata.tables.manifest import (
    listed_files,
    manifest_problems,
    read_manifest,
    write_manifest,
)

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

EDITED_COPY = "edited"
"""The subfolder with the working copy, if it differs from the last release."""


def load(version: str | None = None) -> Dataset:
    """Load the dataset that ships with the package; no network is needed.

    Args:
        version: A version of the data; by default the latest release, or the working copy if
            there is no release. `0.1.0+edited` is the working copy if it differs from 0.1.0.

    Raises:
        StancedataError: If there is no such version; the message lists the versions.
        InvalidDataError: If the installed data files differ from those in the manifest.
    """
    folder = up_to_date_folder()
    last, edited = _from_checkout() if folder is None else _compiled(folder)
    if version is not None and not isinstance(version, str):
        raise StancedataError(f"version: must be a text, got {shown(version)}; write it as 'x.y.z'")
    if version is None or version == last.version:
        return last
    if edited is not None and version == edited.version:
        return edited
    if version in (known := [release.release for release in last.releases]):
        return last.known_at(version)
    there = dict.fromkeys([*known, *(d.version for d in (last, edited) if d is not None)])
    raise StancedataError(
        f"version: does not exist, got {shown(version)}; there {'is' if len(there) == 1 else 'are'} "
        f"{one_of([*there][::-1])}"
    )


def _from_checkout() -> tuple[Dataset, Dataset | None]:
    """Return the last release and, if it differs, the working copy of a checkout."""
    from stancedata.dataset.folders import read

    data = checkout_data()
    if data is None:
        raise StancedataError(
            "the package has no data: the installation is incomplete; reinstall it"
        )
    return last_and_edited(read(data))


def last_and_edited(working: Dataset) -> tuple[Dataset, Dataset | None]:
    """Return the last release of a working copy, and the working copy itself if it differs."""
    if not working.releases or working.release is not None:
        return working, None
    return working.known_at(working.releases[-1].release), working


def _compiled(folder: Path) -> tuple[Dataset, Dataset | None]:
    from stancedata.dataset import Dataset
    from stancedata.dataset.folders import from_parquet
    from stancedata.releases.store import Store
    from stancedata.tables.source import VERSION

    found = manifest_problems(folder, "reinstall the package")
    if problems := [problem for problem in found if problem.severity == "error"]:
        raise InvalidDataError(problems)
    store = Store(folder)
    last = Dataset(store, store.metadata[VERSION].decode(), store.past)
    edited = folder / EDITED_COPY
    return last, from_parquet(edited) if edited.is_dir() else None


def compile_data(data: Path, folder: Path) -> None:
    """Compile the curated files into the Parquet that a wheel contains.

    Args:
        data: The folder of curated files.
        folder: The output folder; its content is replaced.

    Raises:
        InvalidDataError: If the curated files break a rule, or the history was altered.
    """
    from stancedata.dataset import contents_of, identity_of
    from stancedata.dataset.folders import read
    from stancedata.exports.folder import write_tables
    from stancedata.releases.log import read_history
    from stancedata.releases.store import REVISIONS, write_past

    last, edited = last_and_edited(read(data))
    with replace_folder(folder, listed_files, may_stay=lambda _, name: is_leftover(name)) as new:
        write_tables(contents_of(last), new, ("parquet",), without=(REVISIONS,))
        if last.releases:
            write_past(read_history(data).history, new)
        if edited is not None:
            (new / EDITED_COPY).mkdir()
            write_tables(contents_of(edited), new / EDITED_COPY, ("parquet",))
        write_manifest(new, identity_of(last), sources=digest_of_sources(data))


def up_to_date_folder() -> Path | None:
    """Return the folder of compiled Parquet; None if it does not match the curated files."""
    data = checkout_data()
    if not (COMPILED / MANIFEST).exists():
        return None
    if data is None or read_manifest(COMPILED).get("sources") == digest_of_sources(data):
        return COMPILED
    return None
