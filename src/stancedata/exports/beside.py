"""Write the files beside the tables of an export: README, licence, citation, metadata, checksums."""

from __future__ import annotations

from pathlib import Path

from stancedata.exports import croissant, package, readme, sources
from stancedata.exports.description import DESCRIBED, Description
from stancedata.tables.manifest import Digests

SUMS = "SHA256SUMS"


def write_beside(export: Description, plain: bool = False, bom: bool = False) -> list[Path]:
    """Write every file that describes an export, and return their paths.

    Args:
        export: The export, whose tables are written.
        plain: Whether its CSV has texts without apostrophes.
        bom: Whether its CSV begins with a byte order mark.
    """
    texts = {
        readme.NAME: readme.readme_text(export, plain, bom),
        "LICENSE": _licence_text(export),
        "CITATION.cff": export.cite("cff") + "\n",
        "CITATION.bib": export.cite("bibtex") + "\n",
    }
    if {kind for _, kind in export.files} & {*DESCRIBED}:
        texts[package.NAME] = package.package_text(export)
        texts[croissant.NAME] = croissant.croissant_text(export)
    if any(export.parquet_of(table) for table in export.tables):
        texts[sources.NAME] = sources.sources_text(export)
    paths = [export.folder / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_bytes(text.encode("utf-8"))
    return paths


def write_sums(folder: Path, digests: Digests) -> Path:
    """Write the digests of all files of a folder in the form that `sha256sum -c` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{digests[path]}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_bytes("".join(lines).encode("utf-8"))
    return folder / SUMS


def _licence_text(export: Description) -> str:
    authors = "; ".join(export.about.authors)
    licence = export.licence
    head = f"{export.about.title}\n\nCopyright (c) {authors}\n\n"
    if not licence.id:
        return f"{head}No licence is stated; ask the authors before you share the data.\n"
    return (
        f"{head}The data are licensed under {licence.name} ({licence.id}):\n{licence.url}\n\n"
        "The licence covers the coding. The documents that were coded belong to their authors and\n"
        "publishers; spans and digests point into them.\n"
    )
