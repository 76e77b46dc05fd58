"""How to cite a state of the data: with its version, and the digest by which it is checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from stancedata.problems import StancedataError, did_you_mean
from stancedata.releases.revisions import Release

STYLES = ("text", "bibtex", "csl-json")
ABOUT = "dataset"
"""Field of the vocabulary under which a codebook says what its dataset is called, and whose it is."""


@attrs.frozen
class About:
    """What a dataset says of itself: its title, and its authors as they want to be named."""

    title: str = "Untitled dataset"
    authors: tuple[str, ...] = ("Anonymous",)

    @classmethod
    def of(cls, vocabulary: Iterable[Mapping[str, Any]]) -> About:
        """What the rows of a vocabulary say: `title` once, `author` as the first word of a value."""
        told = [row for row in vocabulary if row["field"] == ABOUT]
        title = next((row["definition"] for row in told if row["value"] == "title"), None)
        authors = tuple(row["definition"] for row in told if row["value"].startswith("author"))
        return cls(title or cls().title, authors or cls().authors)


def cite(
    about: About, version: str, digest: str, release: Release | None, style: str = "text"
) -> str:
    """A reference to a state of the data.

    Args:
        about: Title and authors.
        version: Its version.
        digest: The digest of its content.
        release: The release that it is; None where it is none, and so has no date.
        style: `text`, `bibtex` or `csl-json`.

    Raises:
        StancedataError: The style is unknown.
    """
    if style not in STYLES:
        hint = did_you_mean(style, STYLES) or f"use one of {', '.join(STYLES)}"
        raise StancedataError(f"style: is unknown, got {style!r}; {hint}")
    made = {"text": _text, "bibtex": _bibtex, "csl-json": _csl}[style]
    return made(about, version, digest, release)


def _note(digest: str) -> str:
    return f"SHA-256 of the content: {digest}"


def _text(about: About, version: str, digest: str, release: Release | None) -> str:
    year = str(release.released_on.year) if release else "not released"
    authors = "; ".join(about.authors)
    return f"{authors} ({year}). {about.title} (version {version}) [Data set]. {_note(digest)}"


def _bibtex(about: About, version: str, digest: str, release: Release | None) -> str:
    key = "".join(c if c.isalnum() else "_" for c in version)
    year = f"  year = {{{release.released_on.year}}},\n" if release else ""
    # In braces of their own, since these are names of groups as often as of persons.
    authors = " and ".join(f"{{{author}}}" for author in about.authors)
    return (
        f"@misc{{stancedata_{key},\n  author = {{{authors}}},\n  title = {{{{{about.title}}}}},\n{year}"
        f"  version = {{{version}}},\n  howpublished = {{Data set}},\n  note = {{{_note(digest)}}}\n}}"
    )


def _csl(about: About, version: str, digest: str, release: Release | None) -> str:
    item: dict[str, object] = {
        "id": f"stancedata-{version}",
        "type": "dataset",
        "title": about.title,
        "author": [{"literal": author} for author in about.authors],
        "version": version,
        "note": _note(digest),
    }
    if release:
        day = release.released_on
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    return json.dumps([item], ensure_ascii=False, indent=1)
