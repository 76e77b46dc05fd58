"""Events and the actors' parts in them."""

from __future__ import annotations

from collections import defaultdict

import attrs

from stancedata.model.dates import StatedDate
from stancedata.model.exemptions import Exempt, Exemption, exempted, renamed
from stancedata.model.printed import Printed, joined, line, lines


@attrs.frozen
class Participation:
    """An actor's part in an event, according to one document."""

    actor_id: str
    role: str
    document_id: str
    represented_by: str | None = None
    note: str | None = None


@renamed(silences="exemptions")
@attrs.frozen
class Event(Printed, Exempt):
    """A dated meeting, vote or statement at which positions were taken.

    Attributes:
        kind: The type of event, None if not coded; only an event of kind `vote` can have votes.
        dated_by: Id of the document that supplied the date.
        source: Address of another source of the date.
        note: How the date follows.
    """

    event_id: str
    name: str
    held_on: StatedDate
    series: str | None = None
    place: str | None = None
    kind: str | None = None
    participants: tuple[Participation, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    dated_by: str | None = None
    source: str | None = None
    note: str | None = None

    def __str__(self) -> str:
        # Several documents may report the same part; print it once.
        parts: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for part in self.participants:
            parts[part.role][part.actor_id] = None
        return lines(
            joined(f"{self.name} [{self.event_id}]", self.kind, self.held_on, self.place),
            line("series", (self.series,)),
            line("dated by", (self.dated_by, self.source)),
            line("note", (self.note,)),
            *(line(role, actors) for role, actors in parts.items()),
            exempted(self.exemptions),
        )
