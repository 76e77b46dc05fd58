"""Actors with their names, codes in other schemes and roles."""

from __future__ import annotations

import datetime

import attrs

from stancedata.model.exemptions import Exempt, Exemption, exempted, renamed
from stancedata.model.printed import Printed, days, line, lines


@attrs.frozen
class Name:
    """A name or spelling of an actor, called so from `valid_from` to `valid_to` inclusive.

    Attributes:
        language: ISO 639 code.
    """

    name: str
    kind: str
    language: str
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


@attrs.frozen
class Code:
    """An actor's code in another scheme, valid from `valid_from` to `valid_to` inclusive."""

    scheme: str
    code: str
    scheme_version: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


@attrs.frozen
class Role:
    """A relation of an actor to another, with first and last day (inclusive, None if unknown).

    Attributes:
        role: For example `speaks_for`, `member_of`, `governs`, `part_of`.
        of_actor_id: The other actor.
        title: The office, in English.
        document_id: A document of the dataset that supports the role.
        source: The URL of another source for the role and its dates.
    """

    role: str
    of_actor_id: str
    title: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    document_id: str | None = None
    source: str | None = None

    def __str__(self) -> str:
        title = f" ({self.title})" if self.title else ""
        return f"{self.role} {self.of_actor_id}{title}{days(self.valid_from, self.valid_to)}"


@renamed(silences="exemptions")
@attrs.frozen
class Actor(Printed, Exempt):
    """An actor that holds, voices or attributes positions, or at which they are directed."""

    actor_id: str
    name: str
    kind: str
    description: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    names: tuple[Name, ...] = ()
    codes: tuple[Code, ...] = ()
    roles: tuple[Role, ...] = ()
    exemptions: tuple[Exemption, ...] = ()

    def code(self, scheme: str) -> str | None:
        """Return the actor's latest code in a scheme, such as `iso3166-1-alpha3`, `cow` or `gw`."""
        found = [code for code in self.codes if code.scheme == scheme]
        last = max(found, key=lambda code: code.valid_to or datetime.date.max, default=None)
        return last.code if last else None

    @property
    def wikidata(self) -> str | None:
        """The id of the Wikidata item, for example `Q159`."""
        return self.code("wikidata")

    def __str__(self) -> str:
        also = (name.name for name in self.names if name.name != self.name)
        codes = (
            f"{code.scheme} {code.code}{days(code.valid_from, code.valid_to)}"
            for code in self.codes
        )
        return lines(
            f"{self.name} [{self.actor_id}], {self.kind}{days(self.valid_from, self.valid_to)}",
            self.description,
            line("also", also, "; "),
            line("codes", codes),
            *map(str, self.roles),
            exempted(self.exemptions),
        )
