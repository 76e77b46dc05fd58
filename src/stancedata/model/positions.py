"""Positions: the stances of one holder on one issue and occasion, aggregated."""

from __future__ import annotations

import attrs

from stancedata.model.dates import StatedDate
from stancedata.model.printed import Printed, joined
from stancedata.text import level


@attrs.frozen
class Position(Printed):
    """A holder's position on one issue and occasion, aggregated from its stances.

    Attributes:
        level: The remaining level furthest from zero; None if ambiguous or if both signs remain.
        own: True if the holder spoke for itself, False if all sources are joint texts.
        contested: True if documents put it on different sides of the issue.
        mixed: True if a single document puts it on both sides.
        document_count: The number of independent documents; a copy counts as its original.
        stance_id: The stance that represents the position. All fields after it are of that stance
            and its document; they are None in schema 1.
        kind: The kind of the issue, `words` or `deeds`.
        conditional: Whether the stance has conditions; `conditions` and `aspects` are separated by
            semicolons.
        joint_size: The number of its holders, of any role; 1 if own.
    """

    actor_id: str
    actor_name: str
    iso3: str | None
    cow: int | None
    gw: int | None
    governs_iso3: str | None
    issue_id: str
    level: int | None
    level_name: str | None
    level_min: int | None
    level_max: int | None
    stated_on: StatedDate
    event_id: str | None
    attribution: str
    confidence: str
    own: bool
    contested: bool
    mixed: bool
    document_count: int
    stance_id: str
    summary: str
    kind: str | None = None
    act: str | None = None
    speaker_id: str | None = None
    target_id: str | None = None
    conditional: bool | None = None
    conditions: str | None = None
    aspects: str | None = None
    joint_size: int | None = None
    document_id: str | None = None
    publisher: str | None = None
    published_on: str | None = None
    url: str | None = None

    def __str__(self) -> str:
        about = f"{self.actor_name} on {self.issue_id}, {self.stated_on}"
        stands = joined(level(self.level_name, self.level), "own" if self.own else "joint")
        marks = (name for name in ("contested", "mixed") if getattr(self, name))
        return f"{about}: {joined(stands, f'documents: {self.document_count}', *marks, self.stance_id)}"
