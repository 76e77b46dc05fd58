"""The data that come with the package.

A wheel carries them as Parquet, made when it was built. In a checkout the curated files stand
beside the package, and may have been edited since: they are compared with what the Parquet was
made of, and read themselves where they differ. Nothing heavy is loaded to find that out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.layout import digest_of_sources, is_data_folder
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

COMPILED = Path(__file__).parent / "_data"
SOURCES = "sources.sha256"
"""File beside the Parquet: digest of the curated files that it was made of."""


def load(version: str | None = None) -> Dataset:
    """The dataset that comes with the package, offline and at once.

    Args:
        version: A version of the data, by default the last.

    Raises:
        StancedataError: There is no such version; with those that there are.
    """
    dataset = _working_copy() or _compiled()
    if version is not None and version != dataset.version:
        raise StancedataError(
            f"version: does not exist, got {version!r}; there is {dataset.version}"
        )
    return dataset


def compile_data(data: Path, folder: Path) -> None:
    """Make the Parquet that a wheel carries.

    Args:
        data: The curated files.
        folder: Where the Parquet goes; what is there is replaced.

    Raises:
        InvalidDataError: The curated files break a rule.
    """
    from stancedata.exports import export
    from stancedata.opening import read

    marker = folder / SOURCES
    marker.unlink(missing_ok=True)
    export(read(data), folder, ("parquet",))
    marker.write_text(digest_of_sources(data) + "\n", encoding="ascii")


def _compiled() -> Dataset:
    from stancedata.opening import from_parquet

    if not COMPILED.is_dir():
        raise StancedataError("the package has no data, got an incomplete installation; reinstall")
    return from_parquet(COMPILED)


def up_to_date_folder() -> Path | None:
    """The folder of Parquet that says what the curated files say; None in an edited checkout."""
    data = checkout_data()
    marker = COMPILED / SOURCES
    if data is None:
        return COMPILED
    fresh = marker.exists() and marker.read_text(encoding="ascii").strip()
    return COMPILED if fresh == digest_of_sources(data) else None


def checkout_data() -> Path | None:
    """The `data/` folder of the checkout that the package is run from; None when installed."""
    root = Path(__file__).resolve().parents[2]
    inside = (root / "pyproject.toml").exists() and (root / "src" / "stancedata").is_dir()
    return root / "data" if inside and is_data_folder(root / "data") else None


def _working_copy() -> Dataset | None:
    """The edited files of a checkout; None where the Parquet says the same."""
    from stancedata.opening import read

    data = checkout_data()
    return read(data) if data is not None and up_to_date_folder() is None else None
