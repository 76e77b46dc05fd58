"""Links between pages, as markup in which every text of the data is escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from stancedata.model import Document, Stance
from stancedata.site.addresses import anchor, file_name, language_tag, web_address
from stancedata.site.levels import Levels

if TYPE_CHECKING:
    from stancedata.site.contents import Contents


class Links:
    """Links from one page.

    Args:
        contents: The contents of the site.
        levels: The look of levels.
        root: The way from the page to the site's folder: empty, or `../`.
    """

    def __init__(self, contents: Contents, levels: Levels, root: str) -> None:
        self.contents = contents
        self.levels = levels
        self.root = root

    def _to(self, folder: str, record_id: str, text: str, known: bool) -> Markup:
        if not known:
            return escape(text)
        address = f"{self.root}{folder}/{file_name(record_id)}.html"
        return Markup("<a href={}>{}</a>").format(address, text)

    def actor(self, actor_id: str) -> Markup:
        """Link the page of an actor with its name."""
        names = self.contents.names
        return self._to("actors", actor_id, names.get(actor_id, actor_id), actor_id in names)

    def actors(self, ids: Any) -> Markup:
        """Link several actors, separated by commas."""
        return Markup(", ").join(self.actor(i) for i in ids)

    def issue(self, issue_id: str) -> Markup:
        """Link the page of an issue with its name."""
        issue = self.contents.issues.get(issue_id)
        return self._to("issues", issue_id, issue.name if issue else issue_id, issue is not None)

    def event(self, event_id: str) -> Markup:
        """Link the page of an event with its name."""
        event = self.contents.events.get(event_id)
        return self._to("events", event_id, event.name if event else event_id, event is not None)

    def document(self, document_id: str, text: str = "") -> Markup:
        """Link the page of a document with its title, or another text."""
        document = self.contents.documents.get(document_id)
        if document is None:
            return escape(text or document_id)
        if text:
            return self._to("documents", document_id, text, True)
        tag = language_tag(document.language)
        address = f"{self.root}documents/{file_name(document_id)}.html"
        lang = Markup(" lang={}").format(tag) if tag not in (None, "en") else ""
        return Markup("<a href={}{}>{}</a>").format(address, lang, document.title)

    def stance_address(self, stance: Stance) -> str:
        """Return the address of a stance: its place on the page of its document."""
        place = anchor(stance.stance_id, stance.document_id)
        return f"{self.root}documents/{file_name(stance.document_id)}.html#{place}"

    def stance(self, stance_id: str, text: str) -> Markup:
        """Link a stance with a text."""
        stance = self.contents.stances.get(stance_id)
        if stance is None:
            return escape(text)
        return Markup("<a href={}>{}</a>").format(self.stance_address(stance), text)

    def publisher(self, document_id: str) -> str:
        """Return the publisher of a document; its id, if it is unknown."""
        document = self.contents.documents.get(document_id)
        return document.publisher if document else document_id

    def source(self, stance_id: str) -> Markup:
        """Link a stance with the publisher of its document."""
        return self.stance(stance_id, self.document_of(stance_id).publisher)

    def document_of(self, stance_id: str) -> Document:
        """Return the document of a stance."""
        return self.contents.documents[self.contents.stances[stance_id].document_id]

    def level(self, issue_id: str, level: int | None, name: str | None) -> Markup:
        """Write a level on the colour of its issue's scale."""
        style = self.levels.style(issue_id, level)
        return Markup("<b class={}>{}</b>").format(style, self.levels.text(level, name))

    def web(self, url: str | None, text: str = "") -> Markup:
        """Link an address of the web; one that a browser should not open is only text."""
        if web_address(url) is None:
            return escape(url or "")
        return Markup('<a href="{}" rel=noreferrer>{}</a>').format(url, text or url)


def words(value: str) -> str:
    """Write a value of a vocabulary as words: `third_party` is `third party`."""
    return value.replace("_", " ")


def dated(text: object) -> str:
    """Write a date as stated in words: `[a..b]` is "between a and b", `a/b` is "a to b"."""
    between = re.sub(r"^\[(\S+?)\.\.(\S+?)\]$", r"between \1 and \2", str(text))
    return re.sub(r"^(\S+)/(\S+)$", r"\1 to \2", between)
