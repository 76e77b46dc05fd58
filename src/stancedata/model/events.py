"""Events, and who had which part in them."""

from __future__ import annotations

from collections import defaultdict

import attrs

from stancedata.model.dates import StatedDate
from stancedata.model.printed import Printed, joined, line, lines
from stancedata.model.silences import Silence, silenced


@attrs.frozen
class Participation:
    """One actor's part in an event, as one document tells it."""

    actor_id: str
    role: str
    document_id: str
    represented_by: str | None = None
    note: str | None = None


@attrs.frozen
class Event(Printed):
    """A dated meeting, vote or statement at which positions were taken.

    Attributes:
        kind: What sort of event; None where that was not coded. Votes are cast at a vote alone.
    """

    event_id: str
    name: str
    held_on: StatedDate
    series: str | None = None
    place: str | None = None
    kind: str | None = None
    participants: tuple[Participation, ...] = ()
    silences: tuple[Silence, ...] = ()

    def __str__(self) -> str:
        # What several documents report is printed once.
        parts: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for part in self.participants:
            parts[part.role][part.actor_id] = None
        return lines(
            joined(f"{self.name} [{self.event_id}]", self.kind, self.held_on, self.place),
            line("series", (self.series,)),
            *(line(role, actors) for role, actors in parts.items()),
            silenced(self.silences),
        )
