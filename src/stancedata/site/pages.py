"""The pages of a site: which there are, and their templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from stancedata.model.corpus import Corpus
from stancedata.releases.citation import About
from stancedata.site import actors, documents, events, issues, start
from stancedata.site.addresses import file_name
from stancedata.site.contents import Contents
from stancedata.site.data import Data, script
from stancedata.site.levels import Levels
from stancedata.site.links import Links, dated, words
from stancedata.site.quotes import Quotes

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

POLICY = "default-src 'self';img-src data:;base-uri 'none';form-action 'self'"
"""Nothing but the site's own files is loaded, and no script in a page runs."""
_BRAND = re.compile(r"^[^:.]{1,40}")
_SPACE = re.compile(r"\s*\n\s*")


class Pages:
    """The files of a site.

    Args:
        dataset: The dataset.
        corpus: Texts from which words are quoted, or None.
    """

    def __init__(self, dataset: Dataset, corpus: Corpus | None = None) -> None:
        self.dataset = dataset
        self.contents = Contents(dataset)
        self.levels = Levels(self.contents.issues)
        self.quotes = Quotes(self.contents.documents, corpus)
        self.data = Data(self.contents, self.levels, self.quotes)
        self._links = {root: Links(self.contents, self.levels, root) for root in ("", "../")}
        self.about = About.of(dataset.tables["vocabulary"].to_pylist())
        self._templates = self._environment()

    def _environment(self) -> jinja2.Environment:
        made = jinja2.Environment(
            loader=jinja2.PackageLoader("stancedata.site"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters.update(words=words, dated=dated, file=file_name, sentence=_sentence)
        made.filters["number"] = self.data.actor.__getitem__
        found = _BRAND.match(self.about.title)
        made.globals.update(policy=Markup(POLICY), brand=found[0].strip() if found else "Dataset")
        return made

    def _page(self, name: str, root: str = "", **values: Any) -> str:
        given = {"data": False, **values}
        text = self._templates.get_template(name).render(
            root=root, link=self._links[root], version=self.dataset.version, **given
        )
        return _SPACE.sub("\n", text)

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each file."""
        yield from self._records()
        yield from self._lists()
        yield from self._tools()
        yield "data.js", self.data.script()
        yield "site.js", script("about", self._foot()) + self._asset("site.js")
        yield "site.css", self._asset("site.css") + self.levels.rules(self.contents.issues)
        # Last, since it says how many words the other pages quote.
        values = start.values(self.dataset, self.contents, self._links[""], self.quotes)
        yield "index.html", self._page("index.html", title="", heading=self.about.title, **values)

    def _foot(self) -> str:
        """Say below each page which data it shows, and what the coders are."""
        rows = self.dataset.tables["coders"].to_pylist()
        kinds = sorted({f"{words(row['kind'])}s" for row in rows if row["kind"]})
        coded = f", coded by {' and '.join(kinds)}" if kinds else ""
        brand = self._templates.globals["brand"]
        return f"{brand} {self.dataset.version}, digest {self.dataset.digest[:12]}{coded}"

    def _asset(self, name: str) -> str:
        source, _, _ = self._templates.loader.get_source(self._templates, name)  # type: ignore[union-attr]
        return source

    def _records(self) -> Iterator[tuple[str, str]]:
        link, found, data = self._links["../"], self.contents, self.data
        for actor in found.actors.values():
            given = actors.values(found, link, data, actor)
            yield self._record("actor", actor.actor_id, actor.name, given)
        for issue in found.issues.values():
            given = issues.values(found, issue)
            yield self._record("issue", issue.issue_id, issue.name, given)
        for document in found.documents.values():
            given = documents.values(found, link, data, document)
            yield self._record("document", document.document_id, document.title, given)
        for event in found.events.values():
            given = events.values(found, link, data, event)
            yield self._record("event", event.event_id, event.name, given)

    def _record(
        self, kind: str, record_id: str, title: str, given: dict[str, Any]
    ) -> tuple[str, str]:
        text = self._page(f"{kind}.html", "../", title=_plain(title), **given)
        return f"{kind}s/{file_name(record_id)}.html", text

    def _lists(self) -> Iterator[tuple[str, str]]:
        modules = {"actors": actors, "issues": issues, "documents": documents, "events": events}
        for name, module in modules.items():
            intro, groups = module.listed(self.contents, self._links[""])
            values = {"title": name.capitalize(), "intro": intro, "groups": groups}
            yield f"{name}.html", self._page("list.html", **values)

    def _tools(self) -> Iterator[tuple[str, str]]:
        matrix = issues.matrix(self.contents, self._links[""])
        yield "matrix.html", self._page("matrix.html", title="Matrix", data=True, **matrix)
        yield "table.html", self._page("table.html", title="Table", data=True)
        yield "search.html", self._page("search.html", title="Search", data=True)


def _sentence(text: str) -> str:
    """Begin a text with a capital and end it with a full stop."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _plain(text: str) -> str:
    """Remove control characters from a title, which the browser shows without isolating it."""
    return "".join(letter for letter in text if letter.isprintable())
