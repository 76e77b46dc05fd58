"""What the commands share: the group, its options, the dataset that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

DATA = click.option(
    "--data", "path", type=click.Path(path_type=Path), metavar="PATH",
    help="A data folder or an export, in place of the data that come with the package.",
)  # fmt: skip
CORPUS = click.option(
    "--corpus", type=click.Path(path_type=Path), envvar="STANCEDATA_CORPUS", metavar="DIR",
    help="Folder with the documents' texts, under any names; also STANCEDATA_CORPUS.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="stancedata")
def commands() -> None:
    """Who said what about recognising a government, when, and in which words.

    \b
    Look:    stancedata info
             stancedata show moscow-format-2021-10-20
             stancedata history russia recognition
    Draw:    stancedata plot matrix --output matrix.png
    Take:    stancedata export exports/ --format csv
    Prove:   stancedata verify --corpus texts/
    Code:    stancedata check data/
    """


def open_dataset(path: Path | None) -> Dataset:
    """The dataset of a path; without one, the data that come with the package."""
    if path is None:
        from stancedata.opening import read
        from stancedata.packaged import load

        return load()
    from stancedata.opening import read

    return read(path)
