"""Positions: the stances of one holder on one issue and occasion, aggregated."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from stancedata.model.dates import StatedDate
from stancedata.model.printed import Printed, joined
from stancedata.problems import counted
from stancedata.text import html_table, level


@attrs.frozen
class Position(Printed):
    """A holder's position on one issue and occasion, aggregated from its stances.

    Attributes:
        level: The level of the best evidence; None if ambiguous or if it leaves two levels equally
            far from zero.
        level_min: The lowest level that any counted stance of the occasion has.
        level_max: The highest such level.
        own: True if the representative stance has this holder alone, False if it is joint.
        contested: True if documents put it on different sides of the issue.
        mixed: True if a single document puts it on both sides.
        document_count: The number of independent documents; a copy counts as its original.
        stance_id: The stance that represents the position.
        kind: The kind of the issue, `words` or `deeds`.
        act: What was done, as the representative stance has it; so for the fields up to `url`.
        conditions: Its conditions, separated by a semicolon and a space.
        aspects: Its aspects, separated likewise.
        joint_size: The number of its holders, of any role.
        on_day: The day as of which the position was asked for; None if it was not, as in a
            history. So for the following fields.
        age_days: The days from the last day until which it holds to that day.
        coverage_from: The first day that the data cover.
        coverage_to: The last day that the data cover.
        covered: True if the data cover that day.
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
    on_day: datetime.date | None = None
    age_days: int | None = None
    coverage_from: datetime.date | None = None
    coverage_to: datetime.date | None = None
    covered: bool | None = None

    @property
    def note(self) -> str | None:
        """What to know of the day that was asked about, and of a position stated long before it.

        The data end before that day or begin after it; the position was last stated before they
        begin.
        """
        if self.on_day is None:
            return None
        beyond = uncovered(self.on_day, self.coverage_from, self.coverage_to)
        return beyond or stated_before(self.stated_on.latest, self.coverage_from)

    def __str__(self) -> str:
        about = f"{self.actor_name} on {self.issue_id}, {self.stated_on}"
        stands = joined(level(self.level_name, self.level), "own" if self.own else "joint")
        marks = (name for name in ("contested", "mixed") if getattr(self, name))
        told = joined(stands, f"documents: {self.document_count}", *marks, self.stance_id)
        return f"{about}: {told}{f' ({self.note})' if self.note else ''}"


class Positions(tuple[Position, ...]):
    """Positions one after another: a tuple that prints a line for each, and a table in a notebook."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(map(str, self)) or super().__repr__()

    def _repr_html_(self) -> str:
        """Show every position in a notebook."""
        import pyarrow as pa

        columns: dict[str, list[Any]] = {
            "holder": [p.actor_name for p in self],
            "issue": [p.issue_id for p in self],
            "stated": [str(p.stated_on) for p in self],
            "level": [level(p.level_name, p.level) for p in self],
            "held": ["own" if p.own else "joint" for p in self],
            "attribution": [p.attribution for p in self],
            "confidence": [p.confidence for p in self],
            "documents": [p.document_count for p in self],
            "stance": [p.stance_id for p in self],
            "summary": [p.summary for p in self],
        }
        return html_table(counted(len(self), "position"), pa.table(columns))


def stated_before(last: datetime.date | None, begins: datetime.date | None) -> str | None:
    """Say that a position was last stated before coverage begins; return None if it was not.

    It stands until its holder states another, but the days between were not searched: it is no
    finding of where the holder stands now.

    Args:
        last: The last day of its occasion.
        begins: The first day that the data cover.
    """
    if last is None or begins is None or last >= begins:
        return None
    return f"last stated before {begins}, when coverage begins"


def uncovered(
    day: datetime.date, first: datetime.date | None, last: datetime.date | None
) -> str | None:
    """Say that the data do not cover a day; return None if they do, or if nothing is known."""
    if last is not None and day > last:
        return f"the data end on {last}"
    if first is not None and day < first:
        return f"the data begin on {first}"
    return None
