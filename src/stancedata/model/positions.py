"""Positions: what each holder is on record with."""

from __future__ import annotations

import attrs

from stancedata.model.dates import StatedDate
from stancedata.model.printed import Printed, joined
from stancedata.text import level


@attrs.frozen
class Position(Printed):
    """What one holder is on record with, on one issue and one occasion: its stances folded.

    Attributes:
        level: The remaining level furthest from zero; None where it is ambiguous, or where
            both signs remain.
        own: True where the holder spoke for itself, False where only joint texts carry it.
        contested: Documents fall on different sides of the issue.
        mixed: One document has it on both sides.
        document_count: Independent documents; a copy counts as its original.
        stance_id: The stance that represents it.
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

    def __str__(self) -> str:
        about = f"{self.actor_name} on {self.issue_id}, {self.stated_on}"
        stands = joined(level(self.level_name, self.level), "own" if self.own else "joint")
        marks = (name for name in ("contested", "mixed") if getattr(self, name))
        return f"{about}: {joined(stands, f'documents: {self.document_count}', *marks, self.stance_id)}"
