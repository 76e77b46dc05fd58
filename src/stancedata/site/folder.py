"""Write a site to a folder, atomically."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from stancedata.atomic import replace_folder
from stancedata.data_folder import path_of
from stancedata.dataset import identity_of
from stancedata.model.corpus import Corpus, as_corpus
from stancedata.problems import StancedataError
from stancedata.tables.manifest import listed_files, write_manifest

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

KIND = "site"
"""What the manifest of a site says that it is, so that an export is not taken for one."""


def write(
    dataset: Dataset, folder: str | Path, corpus: Corpus | str | Path | None = None
) -> list[Path]:
    """Write a static site of a dataset: pages that open from disk or any web server.

    Args:
        dataset: The dataset.
        folder: A new or empty folder, or an earlier site, which is replaced as a whole.
        corpus: A folder of texts, to show the words of stances from documents that anyone may
            publish; by default pages show summaries, locators and links.

    Returns:
        The paths of the files.

    Raises:
        StancedataError: If the folder contains other files, or Jinja is not installed.
    """
    try:
        importlib.import_module("jinja2")
    except ImportError:
        raise StancedataError(
            "site: needs the package 'jinja2', which is not installed; run pip install "
            "'stancedata[site]'"
        ) from None
    from stancedata.site.pages import Pages

    texts = None if corpus is None else as_corpus(corpus)
    target = path_of(folder, "folder")
    with replace_folder(target, _own_files, KIND) as new:
        for name, text in Pages(dataset, texts).files():
            path = new / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        write_manifest(new, identity_of(dataset), kind=KIND)
        names = sorted(file.relative_to(new) for file in new.rglob("*") if file.is_file())
    return [target / name for name in names]


def _own_files(folder: Path) -> set[str]:
    return listed_files(folder, KIND)
