"""Format citations of a state of the data, with its version and content digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from stancedata.problems import StancedataError, did_you_mean
from stancedata.releases.revisions import Release

STYLES = ("text", "bibtex", "csl-json")
ABOUT = "dataset"
"""The field of a codebook's vocabulary that holds the dataset's title and authors."""


@attrs.frozen
class About:
    """A dataset's title and its authors, as they want to be cited."""

    title: str = "Untitled dataset"
    authors: tuple[str, ...] = ("Anonymous",)

    @classmethod
    def of(cls, vocabulary: Iterable[Mapping[str, Any]]) -> About:
        """Read the rows of a vocabulary: one `title`, and authors, whose value starts `author`."""
        rows = [row for row in vocabulary if row["field"] == ABOUT]
        title = next((row["definition"] for row in rows if row["value"] == "title"), None)
        authors = tuple(row["definition"] for row in rows if row["value"].startswith("author"))
        return cls(title or cls().title, authors or cls().authors)


def cite(
    about: About, version: str, digest: str, release: Release | None, style: str = "text"
) -> str:
    """Format a citation of a state of the data.

    Args:
        about: Title and authors.
        version: Its version.
        digest: The digest of its content.
        release: The release; None for an unreleased state, which has no date.
        style: `text`, `bibtex` or `csl-json`.

    Raises:
        StancedataError: If the style is unknown.
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
    # Each in braces, so that BibTeX does not split the name of a group as that of a person.
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
