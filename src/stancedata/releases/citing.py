"""How to cite a state of the data: with its version, and the digest by which it is checked."""

from __future__ import annotations

import json

from stancedata.problems import StancedataError, did_you_mean
from stancedata.releases.revisions import Release

TITLE = "stancedata: diplomatic actors and the positions they have stated"
AUTHOR = "The stancedata contributors"
STYLES = ("text", "bibtex", "csl-json")


def cite(version: str, digest: str, release: Release | None, style: str = "text") -> str:
    """A reference to a state of the data.

    Args:
        version: Its version.
        digest: The digest of its content.
        release: The release that it is; None where it is none, and so has no date.
        style: `text`, `bibtex` or `csl-json`.

    Raises:
        StancedataError: The style is unknown.
    """
    if style not in STYLES:
        hint = did_you_mean(style, STYLES) or f"write one of {', '.join(STYLES)}"
        raise StancedataError(f"style: is not known, got {style!r}; {hint}")
    return {"text": _text, "bibtex": _bibtex, "csl-json": _csl}[style](version, digest, release)


def _note(digest: str) -> str:
    return f"SHA-256 of the content: {digest}"


def _text(version: str, digest: str, release: Release | None) -> str:
    year = str(release.released_on.year) if release else "not released"
    return f"{AUTHOR} ({year}). {TITLE} (version {version}) [Data set]. {_note(digest)}"


def _bibtex(version: str, digest: str, release: Release | None) -> str:
    key = "".join(c if c.isalnum() else "_" for c in version)
    year = f"  year = {{{release.released_on.year}}},\n" if release else ""
    return (
        f"@misc{{stancedata_{key},\n  author = {{{{{AUTHOR}}}}},\n  title = {{{{{TITLE}}}}},\n{year}"
        f"  version = {{{version}}},\n  howpublished = {{Data set}},\n  note = {{{_note(digest)}}}\n}}"
    )


def _csl(version: str, digest: str, release: Release | None) -> str:
    item: dict[str, object] = {
        "id": f"stancedata-{version}", "type": "dataset", "title": TITLE,
        "author": [{"literal": AUTHOR}], "version": version, "note": _note(digest),
    }  # fmt: skip
    if release:
        day = release.released_on
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    return json.dumps([item], ensure_ascii=False, indent=1)
