"""Documents: the source texts of stances."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import attrs

from stancedata.model.dates import StatedDate
from stancedata.model.exemptions import Exempt, Exemption, exempted, renamed
from stancedata.model.printed import Printed, joined, line, lines

PUBLIC = ("CC0-1.0", "public-domain")
"""The licences under which anyone may publish a text without conditions."""


@renamed(silences="exemptions")
@attrs.frozen
class Document(Printed, Exempt):
    """A source text of stances.

    Attributes:
        published_on: Date of publication; if the day is unknown, the range of possible days.
        sha256: Digest of the text in UTF-8; None if the text may not be kept.
        characters: Length of the text in Unicode code points.
        author: The byline in words, for names that are not actors.
        derived_from: Id of the document that this one copies or rewrites.
        authors: Ids of the actors whose text it is.
        read: How much of it the coder read, `whole` or `beginning`; None if not known.
        status: Whether it stands as published: `as_published`, `corrected`, `withdrawn`.
        retrieved_on: Day on which the text was retrieved.
        event_id: The event whose text it is.
        coverage_id: The corpus to which it belongs.
        licence: The licence of its text, an SPDX identifier or `public-domain`; None if not known.
    """

    document_id: str
    title: str
    publisher: str
    kind: str
    language: str
    published_on: StatedDate
    coder: str
    coded_date: datetime.date
    author: str | None = None
    url: str | None = None
    derived_from: str | None = None
    sha256: str | None = None
    characters: int | None = None
    note: str | None = None
    exemptions: tuple[Exemption, ...] = ()
    authors: tuple[str, ...] = ()
    read: str | None = None
    status: str | None = None
    retrieved_on: datetime.date | None = None
    event_id: str | None = None
    coverage_id: str | None = None
    licence: str | None = None

    @property
    def is_public(self) -> bool:
        """Whether anyone may publish its text, by its licence."""
        return self.licence in PUBLIC

    @property
    def tier(self) -> str:
        """`anchored` if evidence points into a text by digest, otherwise `cited`."""
        return "anchored" if self.sha256 else "cited"

    def __str__(self) -> str:
        characters = self.characters and f"{self.characters} characters"
        return lines(
            f"{self.title} [{self.document_id}], {self.kind}, {self.published_on}",
            joined(self.author, self.publisher),
            line("authors", self.authors),
            joined(self.event_id and f"at {self.event_id}", self.coverage_id),
            self.url,
            line("licence", (self.licence,)),
            line("copy of", (self.derived_from,)),
            joined(self.tier, characters, self.language),
            joined(
                self.status and self.status.replace("_", " "),
                self.retrieved_on and f"retrieved {self.retrieved_on}",
                self.read and f"read: {self.read}",
            ),
            f"coded {self.coded_date} by {self.coder}",
            line("note", (self.note,)),
            exempted(self.exemptions),
        )


def origins_of(derived_from: Mapping[str, str | None]) -> dict[str, str]:
    """Find the original of each document by following its chain of copies.

    A chain ends at a document that is unknown or was visited before; the rules report both.
    """
    origins = {}
    for start in derived_from:
        seen = [start]
        while (source := derived_from[seen[-1]]) in derived_from and source not in seen:
            seen.append(str(source))
        origins[start] = seen[-1]
    return origins
