"""Sites of datasets, read as a browser would read them, and datasets that would break a page."""

from __future__ import annotations

import datetime
import functools
import hashlib
import html.parser
import json
import re
from collections.abc import Mapping
from typing import Any

from stancedata import model
from stancedata.dataset import Dataset
from stancedata.model.dates import StatedDate
from stancedata.questions.positions import Complete
from stancedata.site.pages import Pages
from stancedata.tables.rows import to_tables
from tests.support import strategies
from tests.support.pinned import load_pinned

MARKUP = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
BREAKING = " ".join(
    (
        f"\"'>{MARKUP}",
        "</title></script><!--{{ 7 * 7 }}{% raw %}`${window.hacked=1}`",
        "\u202eright to left\u2066 and \u2028 a line\u2029",
        "&lt;b&gt; &amp; =1+1 \\u003c",
        "Ελλάδα, 中国, إيران, Türkiye",
    )
)
"""A text that a page has to show as it is."""


class Page(html.parser.HTMLParser):
    """A page as its elements and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element with its attributes."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.text += data

    def values(self, name: str) -> list[str]:
        """Return the values of an attribute."""
        return [values[name] for _, values in self.elements if name in values]


@functools.cache
def pinned_files() -> Mapping[str, str]:
    """The files of a site of the pinned release."""
    return dict(Pages(load_pinned()).files())


def data_of(files: Mapping[str, str]) -> dict[str, Any]:
    """Read the data of a site's script."""
    lines = files["data.js"].splitlines()
    found = [
        re.fullmatch(r"\(window\.stancedata=window\.stancedata\|\|\{\}\)\.(\w+)=(.*);", line)
        for line in lines
    ]
    return {match[1]: json.loads(match[2]) for match in found if match}


def crowded(number: int) -> Dataset:
    """Make a dataset with this many stances of one holder on one issue, in documents of 500 each."""
    first = datetime.date(1990, 1, 1)
    levels = strategies.CODEBOOK.issues[0].levels
    days = [(first + datetime.timedelta(days=n)).isoformat() for n in range(number)]
    documents = tuple(
        model.Document(f"doc-{n:03}", "d", "p", "news", "en", StatedDate.parse("2020-01-01"), "c",
                       datetime.date(2026, 1, 1))
        for n in range(-(-number // 500))
    )  # fmt: skip
    stances = tuple(
        model.Stance(
            f"doc-{n // 500:03}#s{n % 500:03}", f"doc-{n // 500:03}", "recognition", levels[n % 5].name,
            levels[n % 5].level, "states", "direct", StatedDate.parse(day), "high", f"Statement {n}.",
            (model.Holder("ada"),), strategies.PLAIN_EVIDENCE,
        )
        for n, day in enumerate(days)
    )  # fmt: skip
    actors = (model.Actor("ada", "Ada", "state"), model.Actor("bob", "Bob", "state"))
    return dataset_of(model.Content(strategies.CODEBOOK, actors, (), documents, stances))


def early() -> Dataset:
    """Make a dataset that covers 2018 to 2022, with a position of 1996 to 2001 and one of 2021."""
    document = model.Document(
        "doc",
        "d",
        "p",
        "news",
        "en",
        StatedDate.parse("2021-10-21"),
        "c",
        datetime.date(2026, 1, 1),
    )
    stances = tuple(
        model.Stance(
            f"doc#s{n:02}", "doc", "recognition", name, level, "states", "direct", StatedDate.parse(day),
            "high", f"Statement {n}.", (model.Holder(holder),), strategies.PLAIN_EVIDENCE,
        )
        for n, (holder, name, level, day) in enumerate(
            [("ada", "recognises", 2, "1996/2001"), ("bob", "rejects", -2, "2021-10-20")]
        )
    )  # fmt: skip
    actors = (model.Actor("ada", "Ada", "state"), model.Actor("bob", "Bob", "state"))
    days = datetime.date(2018, 1, 1), datetime.date(2022, 12, 31)
    coverage = (model.Coverage("corpus", "Corpus", *days, "all", "read", "c"),)
    content = model.Content(
        strategies.CODEBOOK, actors, (), (document,), stances, coverage=coverage
    )
    return dataset_of(content)


TEXTS = {
    "public": "Words that are free.",
    "closed": "Words that are not.",
    "absent": "Words of nowhere",
}


def quoting(licences: Mapping[str, str]) -> Dataset:
    """Make a dataset with a document of each of these licences, whose stance is its whole text."""
    digests = {key: hashlib.sha256(text.encode()).hexdigest() for key, text in TEXTS.items()}
    documents = tuple(
        model.Document(key, "d", "p", "news", "en", StatedDate.parse("2021-10-21"), "c", datetime.date(2026, 1, 1),
                       sha256=digests[key], characters=len(TEXTS[key]), licence=licence)
        for key, licence in sorted(licences.items())
    )  # fmt: skip
    stances = tuple(
        model.Stance(
            f"{d.document_id}#s01", d.document_id, "recognition", "favours", 1, "states", "direct",
            StatedDate.parse("2021-10-20"), "high", f"Of {d.document_id}.", (model.Holder("ada"),),
            (model.Evidence(d.document_id, 0, d.characters, d.sha256, None, d.sha256),),
        )
        for d in documents
    )  # fmt: skip
    actors = (model.Actor("ada", "Ada", "state"),)
    return dataset_of(model.Content(strategies.CODEBOOK, actors, (), documents, stances))


def dataset_of(content: model.Content) -> Dataset:
    """Make a dataset of a content."""
    return Dataset(Complete(to_tables(content)), "0.0.0+test")


def broken(text: str) -> Dataset:
    """Make a dataset that has a text wherever a text may stand, and a script for an address."""
    level = model.Level(text, 1, text)
    issue = model.Issue(
        "issue", text, text, True, (level,), (model.Aspect("side", text),), kind="words"
    )
    terms = (model.Term("dataset", "title", text), model.Term("attribution", "direct", text, 1))
    words = "the words"
    digest = hashlib.sha256(words.encode()).hexdigest()
    document = model.Document(
        "doc", text, text, "news", "en", StatedDate.parse("2021-10-21"), "coder",
        datetime.date(2026, 1, 1), url=f"javascript:window.hacked=1//{text}", author=text, note=text,
        sha256=digest, characters=len(words), event_id="meeting", authors=("holder",), read="whole",
    )  # fmt: skip
    event = model.Event(
        "meeting", text, StatedDate.parse("2021-10-20"), text, text, "meeting",
        (model.Participation("holder", "host", "doc", None, text),), source="javascript:alert(1)", note=text,
    )  # fmt: skip
    stance = model.Stance(
        "doc#s01", "doc", "issue", text, 1, "states", "direct", StatedDate.parse("2021-10-20"), "high",
        text, (model.Holder("holder"), model.Holder("other", "dissociates")),
        (model.Evidence("doc", None, None, None, text),), speaker_id="other", attributed_by=("other",),
        target_id="other", event_id="meeting", note=text, aspects=("side",), conditions=(model.Condition(text, "issue"),),
    )  # fmt: skip
    actors = (
        model.Actor("holder", text, "state", text, names=(model.Name(text, "official", "en"),),
                    codes=(model.Code("cow", text),)),
        model.Actor("other", text + " other", "person",
                    roles=(model.Role("speaks_for", "holder", text, source="javascript:alert(1)"),)),
        model.Actor("mute", text + " mute", "state"),
    )  # fmt: skip
    coverage = (model.Coverage("whole", text, datetime.date(2021, 1, 1), datetime.date(2021, 12, 31), text, text, "coder",
                               "javascript:alert(1)", text, (model.SilentSpeaker("meeting", "mute"),)),)  # fmt: skip
    book = model.Codebook((issue,), terms, coders=(model.Coder("coder", text, "person", text),))
    return dataset_of(
        model.Content(book, actors, (event,), (document,), (stance,), coverage=coverage)
    )
