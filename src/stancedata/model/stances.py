"""Stances: who holds which position, on what condition, and where the words are."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from stancedata.model.corpus import Evidence
from stancedata.model.dates import StatedDate
from stancedata.model.printed import Printed, joined, line, lines
from stancedata.model.silences import Silence, silenced
from stancedata.text import level


@attrs.frozen
class Holder:
    """Whose position it is: role `party`, or `dissociates` for one that rejects the clause."""

    actor_id: str
    role: str = "party"

    def __str__(self) -> str:
        return self.actor_id if self.role == "party" else f"{self.actor_id} ({self.role})"


@attrs.frozen
class Condition:
    """What a position was made to depend on."""

    condition: str
    issue_id: str | None = None
    status: str | None = None
    status_on: StatedDate | None = None
    status_document_id: str | None = None

    def __str__(self) -> str:
        issue = f" [{self.issue_id}]" if self.issue_id else ""
        status = joined(self.status, self.status_on)
        return f"on condition: {self.condition}{issue}{status and f': {status}'}"


@attrs.frozen
class Stance(Printed):
    """A position on one issue, taken on one occasion, as one document carries it.

    Attributes:
        stance_id: `<document_id>#<local id>`, never reused.
        level_name: The level's name in the codebook, or `ambiguous`.
        level: Its number; None where the text can honestly be read both ways.
        dated_by: Another document, or `published_on`, where that supplied the date.
        coder: Who coded it, for a blind coding; None in the published one, where the
            document says it.
        published_id: For a blind coding, the published stance that it was matched with.
        adjudication: For a blind coding, what was decided about it and why.
    """

    stance_id: str
    document_id: str
    issue_id: str
    level_name: str
    level: int | None
    act: str
    attribution: str
    stated_on: StatedDate
    confidence: str
    summary: str
    holders: tuple[Holder, ...]
    evidence: tuple[Evidence, ...]
    speaker_id: str | None = None
    attributed_by_id: str | None = None
    target_id: str | None = None
    quantifier: str | None = None
    dated_by: str | None = None
    event_id: str | None = None
    note: str | None = None
    aspects: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    silences: tuple[Silence, ...] = ()
    coder: str | None = None
    published_id: str | None = None
    adjudication: str | None = None

    @property
    def parties(self) -> tuple[str, ...]:
        """Ids of the holders whose position it is, without those that dissociate themselves."""
        return tuple(h.actor_id for h in self.holders if h.role == "party")

    @property
    def joint(self) -> bool:
        """True where several actors hold the text together."""
        return len(self.holders) > 1

    def __str__(self) -> str:
        who = held_by(self, map(str, self.holders))
        stands = joined(level(self.level_name, self.level), "joint" if self.joint else "own")
        ties = ((how, getattr(self, name)) for name, how in TIES.items())
        return lines(
            f"{who} on {self.issue_id}, {self.stated_on}: {stands}, {self.stance_id}",
            self.summary,
            joined(self.act, self.attribution, f"confidence {self.confidence}"),
            joined(*(f"{how} {record_id}" for how, record_id in ties if record_id)),
            line("aspects", self.aspects),
            *map(str, self.conditions),
            line("evidence", map(str, self.evidence), "; "),
            *(line(name, (value,)) for name, value in other_fields(self)),
            line("adjudication", (self.adjudication,)),
            silenced(self.silences),
        )


TIES = {
    "speaker_id": "voiced by",
    "attributed_by_id": "attributed by",
    "target_id": "towards",
    "event_id": "at",
    "dated_by": "dated by",
    "coder": "coded by",
    "published_id": "published as",
}
"""The fields that tie a stance to other records, and the words for each."""
# What has a place of its own in print; `note` has none, and no field that is added.
_PRINTED = {
    "stance_id",
    "document_id",
    "issue_id",
    "level_name",
    "level",
    "act",
    "attribution",
    "stated_on",
    "confidence",
    "summary",
    "holders",
    "evidence",
    "quantifier",
    "aspects",
    "conditions",
    "silences",
    "adjudication",
    *TIES,
}


def held_by(stance: Stance, holders: Iterable[str]) -> str:
    """Join the holders of a stance, with the quantifier that weakens it.

    Args:
        stance: The stance.
        holders: Its holders as they are to be printed.
    """
    quantifier = f" ({stance.quantifier})" if stance.quantifier else ""
    return ", ".join(holders) + quantifier


def other_fields(stance: Stance) -> list[tuple[str, str]]:
    """List the fields, with their values, that have no place of their own in print."""
    names = (f.name for f in attrs.fields(type(stance)) if f.name not in _PRINTED)
    values = ((name.replace("_", " "), getattr(stance, name)) for name in names)
    return [(name, str(value)) for name, value in values if value not in (None, ())]
