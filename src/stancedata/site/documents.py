"""Pages of documents, with their stances."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from stancedata.model import Document
from stancedata.site.addresses import language_tag, web_address
from stancedata.site.links import Links, dated, words

if TYPE_CHECKING:
    from stancedata.site.contents import Contents
    from stancedata.site.data import Data


def values(contents: Contents, link: Links, data: Data, document: Document) -> dict[str, Any]:
    """Return what the page of a document shows."""
    stances = contents.stances_of_document.get(document.document_id, [])
    tag = language_tag(document.language)
    return {
        "document": document,
        "lang": None if tag == "en" else tag,
        "facts": _facts(contents, link, document),
        "stances": [data.stance[stance.stance_id] for stance in stances],
        "data": bool(stances),
    }


def _facts(contents: Contents, link: Links, d: Document) -> list[tuple[str, object]]:
    copies = [c.document_id for c in contents.copies.get(d.document_id, ())]
    read = {"whole": "read whole", "beginning": "its beginning was read"}.get(d.read or "", "")
    coder = contents.coders.get(d.coder, d.coder)
    status = None if d.status in (None, "as_published") else words(d.status)
    return [
        ("publisher", d.publisher),
        ("author", d.author),
        ("text of", link.actors(d.authors)),
        ("kind", f"{words(d.kind)}, {d.language}"),
        ("published", dated(d.published_on)),
        (
            "address",
            link.web(d.url, urlsplit(url).hostname or "" if (url := web_address(d.url)) else ""),
        ),
        ("status", status),
        ("at", link.event(d.event_id) if d.event_id else ""),
        ("copy of", link.document(d.derived_from) if d.derived_from else ""),
        ("copies", Markup(", ").join(map(link.document, copies))),
        ("coded", "; ".join(filter(None, (f"{d.coded_date} by {coder}", read)))),
        ("note", d.note),
    ]


def listed(contents: Contents, link: Links) -> tuple[str, list[tuple[str, list[Any]]]]:
    """Return the introduction of the list of documents, and its entries by year, newest first."""
    of_year: defaultdict[str, list[Any]] = defaultdict(list)
    ordered = sorted(
        contents.documents.values(), key=lambda d: (d.published_on.latest, d.document_id)
    )
    for d in reversed(ordered):
        count = len(contents.stances_of_document.get(d.document_id, ()))
        aside = f"{d.publisher}, {dated(d.published_on)}, {count} {'stance' if count == 1 else 'stances'}"
        of_year[str(d.published_on.latest.year)].append((link.document(d.document_id), aside))
    return f"{len(contents.documents)} documents.", list(of_year.items())
