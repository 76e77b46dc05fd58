"""Format citations of a state of the data, with its version and digests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from stancedata.model import Document, Stance
from stancedata.problems import StancedataError, did_you_mean, shown
from stancedata.releases.revisions import Release
from stancedata.text import level, slug

ABOUT = "dataset"
"""The field of a codebook's vocabulary that holds the dataset's title and authors."""
_UNNAMED = "stancedata"
"""The name of a dataset whose title does not give one."""
_LONGEST_NAME = 60
"""The most characters of a name, since it becomes part of names of files."""
_MOST_AUTHORS = 20
"""The most authors that APA lists; of more, the first 19 and the last."""
_DOI = "https://doi.org/"
_EARLIER = {"stancedata: diplomatic actors and the positions they have stated": "CC-BY-4.0"}
"""Licences of datasets, by title, with releases from before a codebook could state a licence."""


@attrs.frozen
class About:
    """A dataset's title, its authors as they want to be cited, and what else they say of it.

    Attributes:
        licence: An SPDX identifier; empty if none is stated.
        url: The address of the dataset; empty if it has none.
    """

    title: str = "Untitled dataset"
    authors: tuple[str, ...] = ("Anonymous",)
    licence: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """The name for files and packages, made of the title up to a colon: `who-recognises-kosovo`."""
        main = self.title.partition(":")[0]
        names = [slug(text) for text in (main, self.title) if self.title != About().title]
        found = next((name for name in names if re.search("[a-z]", name)), _UNNAMED)
        if len(found) <= _LONGEST_NAME:
            return found
        return found[: _LONGEST_NAME + 1].rpartition("-")[0] or found[:_LONGEST_NAME]

    @property
    def identifier(self) -> str:
        """The name where a hyphen would be a minus: `who_recognises_kosovo`."""
        return self.name.replace("-", "_")

    @classmethod
    def of(cls, vocabulary: Iterable[Mapping[str, Any]]) -> About:
        """Read the rows of a vocabulary: `title`, `licence`, `url`, and authors: `author`, `author_2`."""
        rows = [row for row in vocabulary if row["field"] == ABOUT]
        said = {row["value"]: row["definition"] for row in rows}
        authors = tuple(row["definition"] for row in rows if row["value"].startswith("author"))
        title = said.get("title") or cls().title
        licence = said.get("licence") or _EARLIER.get(title, "")
        return cls(title, authors or cls().authors, licence, said.get("url", ""))


def cite(
    about: About,
    version: str,
    digest: str,
    history: str,
    release: Release | None,
    style: str = "text",
) -> str:
    """Format a citation of a state of the data.

    Args:
        about: Title and authors.
        version: Its version.
        digest: The digest of its content.
        history: The digest of its releases and revisions; empty if it has none.
        release: The release; None for an unreleased state, which has no date.
        style: `text`, `apa`, `bibtex`, `ris`, `csl-json` or `cff`.

    Raises:
        StancedataError: If the style is unknown.
    """
    if not isinstance(style, str) or style not in STYLES:
        hint = did_you_mean(style, STYLES) or f"use one of {', '.join(STYLES)}"
        raise StancedataError(f"style: is unknown, got {shown(style)}; {hint}")
    if style == "cff":
        return _cff(about, version, digest, history, release)
    return _STYLES[style](about, version, _note(digest, history), release)


def cite_stance(
    stance: Stance,
    document: Document,
    names: Mapping[str, str],
    title: str,
    version: str,
    digest: str,
) -> str:
    """Format a citation of one stance: who, when, what, and where the document says so.

    Args:
        stance: The stance.
        document: The document that carries it.
        names: The names of actors, by id.
        title: The title of the dataset.
        version: Its version.
        digest: The digest of its content.
    """
    voiced = f", by {names[stance.speaker_id]}" if stance.speaker_id else ""
    who = f"{', '.join(names[key] for key in stance.parties)}{voiced}, {stance.stated_on.text}"
    stands = f"{stance.issue_id}: {level(stance.level_name, stance.level)}, {stance.attribution}"
    source = (document.author, document.title, document.publisher, document.published_on)
    places = "; ".join(map(str, stance.evidence))
    where = ", ".join(str(part) for part in (*source, document.url, places) if part)
    return f"{who}, {stands}. {where}. {stance.stance_id} in: {title}, version {version}, {_note(digest, '')}"


def _note(digest: str, history: str) -> str:
    note = f"SHA-256 of the content: {digest}"
    return f"{note}, of its history: {history}" if history else note


def _text(about: About, version: str, note: str, release: Release | None) -> str:
    year = str(release.released_on.year) if release else "not released"
    authors = "; ".join(about.authors)
    return f"{authors} ({year}). {about.title} (version {version}) [Data set]. {note}"


def _apa(about: About, version: str, note: str, release: Release | None) -> str:
    """Format for a list of references in APA's 7th edition, which has no place for a digest."""
    *others, last = about.authors
    if len(others) < _MOST_AUTHORS:
        names = f"{', '.join(others)}, & {last}" if others else last
    else:
        names = f"{', '.join(others[: _MOST_AUTHORS - 1])}, . . . {last}"
    year = str(release.released_on.year) if release else "n.d."
    address = f" {about.url}" if about.url else ""
    ended = names if names.endswith(".") else names + "."
    return f"{ended} ({year}). {about.title} (Version {version}) [Data set].{address}"


def _ris(about: About, version: str, note: str, release: Release | None) -> str:
    """Format for reference managers: a tag and a value a line.

    A date has three slashes, the last before what is neither year, month nor day.
    """
    day = release.released_on if release else None
    found = [
        ("TY", "DATA"),
        *(("AU", author) for author in about.authors),
        ("PY", str(day.year) if day else ""),
        ("DA", f"{day:%Y/%m/%d}/" if day else ""),
        ("TI", about.title),
        ("ET", version),
        ("DO", about.url.removeprefix(_DOI) if about.url.startswith(_DOI) else ""),
        ("UR", about.url),
        ("N1", note),
        ("ER", ""),
    ]
    lines = [(tag, " ".join(value.split())) for tag, value in found]
    return "\n".join(f"{tag}  - {value}" for tag, value in lines if value or tag == "ER")


def _cff(about: About, version: str, digest: str, history: str, release: Release | None) -> str:
    """Format as a CITATION.cff file; a text in JSON is one in YAML too."""
    digests = {"SHA-256 of the content": digest, "SHA-256 of the history": history}
    found: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use these data, please cite them with their version and digests.",
        "type": "dataset",
        "title": about.title,
        "authors": [{"name": author} for author in about.authors],
        "version": version,
        "date-released": release.released_on.isoformat() if release else None,
        "license": about.licence or None,
        "url": about.url or None,
        "identifiers": [
            {"type": "other", "value": f"sha256:{value}", "description": what}
            for what, value in digests.items()
            if value
        ],
    }
    lines = [f"{key}: {json.dumps(v, ensure_ascii=False)}" for key, v in found.items() if v]
    return "\n".join(lines)


def _bibtex(about: About, version: str, note: str, release: Release | None) -> str:
    key = "".join(c if c.isalnum() else "_" for c in version)
    year = f"  year = {{{release.released_on.year}}},\n" if release else ""
    # Each in braces, so that BibTeX does not split the name of a group as that of a person.
    authors = " and ".join(f"{{{author}}}" for author in about.authors)
    return (
        f"@misc{{{about.identifier}_{key},\n  author = {{{authors}}},\n  title = {{{{{about.title}}}}},\n{year}"
        f"  version = {{{version}}},\n  howpublished = {{Data set}},\n  note = {{{note}}}\n}}"
    )


def _csl(about: About, version: str, note: str, release: Release | None) -> str:
    item: dict[str, object] = {
        "id": f"{about.name}-{version}",
        "type": "dataset",
        "title": about.title,
        "author": [{"literal": author} for author in about.authors],
        "version": version,
        "note": note,
    }
    if release:
        day = release.released_on
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    return json.dumps([item], ensure_ascii=False, indent=1)


_STYLES = {
    "text": _text,
    "apa": _apa,
    "bibtex": _bibtex,
    "ris": _ris,
    "csl-json": _csl,
}
STYLES = (*_STYLES, "cff")
