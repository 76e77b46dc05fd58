"""Stances with their holders and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from stancedata.model.corpus import Evidence
from stancedata.model.dates import StatedDate
from stancedata.model.exemptions import Exempt, Exemption, exempted, renamed
from stancedata.model.printed import Printed, joined, line, lines
from stancedata.text import level


@attrs.frozen
class Holder:
    """A holder of a stance; role `party`, or `dissociates` for an actor that rejects the text."""

    actor_id: str
    role: str = "party"

    def __str__(self) -> str:
        return self.actor_id if self.role == "party" else f"{self.actor_id} ({self.role})"


@attrs.frozen
class Condition:
    """A condition on which a position depends."""

    condition: str
    issue_id: str | None = None
    status: str | None = None
    status_on: StatedDate | None = None
    status_document_id: str | None = None

    def __str__(self) -> str:
        issue = f" [{self.issue_id}]" if self.issue_id else ""
        status = joined(self.status, self.status_on)
        return f"on condition: {self.condition}{issue}{status and f': {status}'}"


def _ascribers(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """Convert the single id that schema 1 had."""
    return (value,) if isinstance(value, str) else tuple(value or ())


@renamed(silences="exemptions", attributed_by_id="attributed_by")
@attrs.frozen
class Stance(Printed, Exempt):
    """A position on one issue and occasion, as stated in one document.

    Attributes:
        stance_id: `<document_id>#<local id>`, never reused.
        level_name: The name of the level in the codebook, or `ambiguous`.
        level: The number of the level; None if ambiguous.
        dated_by: The source of the date, if not the text: a document's id or `published_on`.
        attributed_by: Ids of the actors that attribute it to the holder, the first one first.
        coder: The coder of a blind coding; None in the published coding, whose coder is a field
            of the document.
        published_id: For a blind coding, the published stance that it was matched with.
        adjudication: For a blind coding, the decision on it and the reason.
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
    attributed_by: tuple[str, ...] = attrs.field(default=(), converter=_ascribers)
    target_id: str | None = None
    quantifier: str | None = None
    dated_by: str | None = None
    event_id: str | None = None
    note: str | None = None
    aspects: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    coder: str | None = None
    published_id: str | None = None
    adjudication: str | None = None

    @property
    def attributed_by_id(self) -> str | None:
        """The first actor that attributes it to the holder, or None."""
        return self.attributed_by[0] if self.attributed_by else None

    @property
    def parties(self) -> tuple[str, ...]:
        """The ids of the holders with role `party`."""
        return tuple(h.actor_id for h in self.holders if h.role == "party")

    @property
    def joint(self) -> bool:
        """Whether the stance has several holders."""
        return len(self.holders) > 1

    def __str__(self) -> str:
        who = held_by(self, map(str, self.holders))
        stands = joined(level(self.level_name, self.level), "joint" if self.joint else "own")
        return lines(
            f"{who} on {self.issue_id}, {self.stated_on}: {stands}, {self.stance_id}",
            self.summary,
            joined(self.act, self.attribution, f"confidence {self.confidence}"),
            joined(*(f"{how} {' and '.join(ids)}" for how, ids in ties(self, TIES))),
            line("aspects", self.aspects),
            *map(str, self.conditions),
            line("evidence", map(str, self.evidence), "; "),
            *(line(name, (value,)) for name, value in other_fields(self)),
            line("adjudication", (self.adjudication,)),
            exempted(self.exemptions),
        )


TIES = {
    "speaker_id": "voiced by",
    "attributed_by": "attributed by",
    "target_id": "towards",
    "event_id": "at",
    "dated_by": "dated by",
    "coder": "coded by",
    "published_id": "published as",
}
"""The fields that refer to other records, with the words that introduce them in print."""
# Fields that `__str__` prints itself; `other_fields` lists `note` and any field added later.
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
    "exemptions",
    "adjudication",
    *TIES,
}


def ties(stance: Stance, names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the records that a stance refers to, after the words that introduce them in print.

    Args:
        stance: The stance.
        names: Fields among `TIES`.
    """
    for name in names:
        if found := getattr(stance, name):
            yield TIES[name], (found,) if isinstance(found, str) else found


def held_by(stance: Stance, holders: Iterable[str]) -> str:
    """Join the holders of a stance, followed by its quantifier.

    Args:
        stance: The stance.
        holders: The printed form of each holder.
    """
    quantifier = f" ({stance.quantifier})" if stance.quantifier else ""
    return ", ".join(holders) + quantifier


def other_fields(stance: Stance) -> list[tuple[str, str]]:
    """List the names and values of the fields that `__str__` does not print itself."""
    names = (f.name for f in attrs.fields(type(stance)) if f.name not in _PRINTED)
    values = ((name.replace("_", " "), getattr(stance, name)) for name in names)
    return [(name, str(value)) for name, value in values if value not in (None, ())]
