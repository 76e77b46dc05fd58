"""Create a new dataset: a folder with a template codebook that passes every rule."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from stancedata.atomic import replace_folder
from stancedata.coding.lookup import Lookup
from stancedata.curation import records
from stancedata.curation.format import formatted, layout
from stancedata.curation.tree import Node, from_plain, parse
from stancedata.data_folder import CODEBOOK
from stancedata.problems import InvalidDataError, StancedataError
from stancedata.releases.citation import ABOUT

ATTRIBUTES = ".gitattributes"
_ATTRIBUTES = """# Digests cover bytes: files have LF on every system, and git never converts the history.
* text=auto eol=lf
history/* -text
"""


def begin(folder: Path, title: str, authors: tuple[str, ...]) -> list[Path]:
    """Create a data folder with a template codebook and empty folders for the records.

    Its `.gitattributes` keeps the line ends of files on every system, since digests cover bytes.

    Args:
        folder: A folder that does not exist or is empty.
        title: The title of the dataset, for citations and exports.
        authors: The authors, as they want to be cited.

    Returns:
        The paths that were created.

    Raises:
        StancedataError: If the folder is not empty or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StancedataError(f"{folder}: is not empty; choose a new folder")
    text = (
        resources.files("stancedata.coding.templates")
        .joinpath(CODEBOOK)
        .read_text(encoding="utf-8")
    )
    tree = parse(text, CODEBOOK)
    assert isinstance(tree.top.value, dict)
    terms = [{"value": "title", "definition": title}]
    names = ["author", *(f"author_{n}" for n in range(2, len(authors) + 1))]
    terms += [{"value": v, "definition": a} for v, a in zip(names, authors, strict=False)]
    vocabulary = tree.top.value["vocabulary"]
    assert isinstance(vocabulary.value, dict)
    vocabulary.value = {ABOUT: _listed(terms, vocabulary.value.get(ABOUT)), **_others(vocabulary)}
    made = formatted(layout(tree, records.CodebookRecord), records.CodebookRecord, CODEBOOK)
    inner = ("actors", "documents", "events")
    with replace_folder(folder, lambda _: set()) as new:
        for name in inner:
            (new / name).mkdir()
        (new / CODEBOOK).write_bytes(made.encode("utf-8"))
        (new / ATTRIBUTES).write_bytes(_ATTRIBUTES.encode("utf-8"))
    return [folder / name for name in (CODEBOOK, ATTRIBUTES, *inner)]


def terms(data: Path, field: str) -> tuple[list[tuple[str, str]], str]:
    """Return the terms of a vocabulary with their definitions, and the name of their codebook.

    It is that of a data folder, or the template if there is none that can be read.
    """
    try:
        book, source = Lookup(data).codebook, str(data / CODEBOOK)
    except InvalidDataError:
        with resources.as_file(resources.files("stancedata.coding.templates")) as folder:
            book, source = Lookup(folder).codebook, "the template of stancedata init"
    return [(t.value, t.definition) for t in book.vocabulary if t.field == field], source


def _listed(terms: list[dict[str, str]], before: Node | None) -> Node:
    made = from_plain(terms)
    if before is not None:
        made.before = before.before
    return made


def _others(vocabulary: Node) -> dict[str, Node]:
    assert isinstance(vocabulary.value, dict)
    return {key: node for key, node in vocabulary.value.items() if key != ABOUT}
