"""Coverage: which corpora were searched or read, and how, and which documents each coder coded blind."""

from __future__ import annotations

import datetime

import attrs

from stancedata.model.printed import Printed, joined, line, lines


@attrs.frozen
class SilentSpeaker:
    """An actor that spoke on an occasion, and said nothing on any issue."""

    event_id: str
    actor_id: str
    sha256: str | None = None
    characters: int | None = None
    url: str | None = None


@attrs.frozen
class Coverage(Printed):
    """A corpus that was searched or read for the dataset.

    Attributes:
        covers_from: First day of the period.
        covers_to: Last day of the period.
        holders: Whose texts it has, in words.
        how: How the texts were read.
        silent: Who spoke and said nothing on any issue; their texts are not documents.
    """

    coverage_id: str
    name: str
    covers_from: datetime.date
    covers_to: datetime.date
    holders: str
    how: str
    coder: str
    url: str | None = None
    note: str | None = None
    silent: tuple[SilentSpeaker, ...] = ()

    def __str__(self) -> str:
        return lines(
            f"{self.name} [{self.coverage_id}], {self.covers_from} to {self.covers_to}",
            self.holders,
            self.how,
            self.url,
            f"by {self.coder}",
            line("silent", (str(len(self.silent)) if self.silent else None,)),
            line("note", (self.note,)),
        )


@attrs.frozen
class Coding(Printed):
    """A blind coding of one document by one coder, which may have found nothing.

    Attributes:
        read: How much of the text was read, `whole` or `beginning`; None if not known.
        sha256: Digest of the text that was read.
    """

    coder: str
    document_id: str
    read: str | None = None
    coded_date: datetime.date | None = None
    sha256: str | None = None
    characters: int | None = None
    note: str | None = None

    def __str__(self) -> str:
        characters = self.characters and f"{self.characters} characters"
        return lines(
            joined(f"{self.document_id}, coded blind by {self.coder}", self.coded_date),
            joined(self.read and f"read: {self.read}", characters),
            line("note", (self.note,)),
        )
