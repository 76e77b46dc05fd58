"""What the pages of a site say: the library's answers, asked once and grouped by record."""

from __future__ import annotations

import datetime
import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.model import Document, Event, Issue, Stance
from stancedata.model.positions import stated_before
from stancedata.site.spells import Row, Spells, spells_of, standing_on

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

Grouped = Mapping[str, list[Any]]


def grouped(rows: Iterable[Row], name: str) -> Grouped:
    """Group rows by the value of a column."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


class Contents:
    """The answers of a dataset that its site shows.

    Args:
        dataset: The dataset.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.names = dataset.names
        self.actors = dict(dataset.actors.items())
        self.documents: dict[str, Document] = dict(dataset.documents.items())
        self.events: dict[str, Event] = dict(dataset.events.items())
        self.stances: dict[str, Stance] = dict(dataset.stances.items())
        # In the order of the codebook, not of their ids.
        places = {r["issue_id"]: r["position"] for r in dataset.tables["issues"].to_pylist()}
        listed = sorted(dataset.issues.values(), key=lambda issue: places[issue.issue_id])
        self.issues: dict[str, Issue] = {issue.issue_id: issue for issue in listed}

    @functools.cached_property
    def positions(self) -> list[Row]:
        """Every position, newest first."""
        rows: list[Row] = self.dataset.positions().to_pylist()
        return sorted(rows, key=lambda r: (r["stated_latest"], r["stance_id"]), reverse=True)

    @functools.cached_property
    def positions_of_actor(self) -> Grouped:
        """Positions by holder, newest first."""
        return grouped(self.positions, "actor_id")

    @functools.cached_property
    def positions_of_issue(self) -> Grouped:
        """Positions by issue, newest first."""
        return grouped(self.positions, "issue_id")

    @functools.cached_property
    def position(self) -> Mapping[tuple[str, str], Row]:
        """Positions by holder and the stance that represents them."""
        return {(row["actor_id"], row["stance_id"]): row for row in self.positions}

    @functools.cached_property
    def shifts(self) -> list[Row]:
        """Every change of level, newest first."""
        rows: list[Row] = self.dataset.shifts().to_pylist()
        return sorted(rows, key=lambda row: row["shifted_on"], reverse=True)

    @functools.cached_property
    def shifts_of_actor(self) -> Grouped:
        """Changes of level by holder."""
        return grouped(self.shifts, "actor_id")

    @functools.cached_property
    def shifts_of_issue(self) -> Grouped:
        """Changes of level by issue."""
        return grouped(self.shifts, "issue_id")

    @functools.cached_property
    def spells(self) -> Mapping[str, Spells]:
        """Which position of each holder stands from which day on, by issue."""
        return {
            issue_id: spells_of(self.dataset, issue_id, self.positions_of_issue.get(issue_id, []))
            for issue_id in self.issues
        }

    @functools.cached_property
    def last_day(self) -> datetime.date | None:
        """The last day of all positions; None if there are none."""
        return max((row["stated_latest"] for row in self.positions), default=None)

    @functools.cached_property
    def first_day(self) -> datetime.date | None:
        """The first day of all positions; None if there are none."""
        return min((row["stated_earliest"] for row in self.positions), default=None)

    @functools.cached_property
    def early(self) -> datetime.date:
        """The day before which the earliest 0.5 % of positions were stated."""
        listed = sorted(row["stated_earliest"] for row in self.positions)
        return listed[len(listed) // 200] if listed else datetime.date.min

    @functools.cached_property
    def standing(self) -> Mapping[str, list[Row]]:
        """The positions that stand on the last day, by issue, highest level first."""
        found: dict[str, list[Row]] = {}
        for issue_id, spells in self.spells.items():
            assert self.last_day or not spells
            stances = {
                actor_id: standing_on(listed, self.last_day or datetime.date.max)
                for actor_id, listed in spells.items()
            }
            rows = [self.position[key, stance] for key, stance in stances.items() if stance]
            found[issue_id] = sorted(rows, key=_by_level)
        return found

    @functools.cached_property
    def begins(self) -> datetime.date | None:
        """The first day that the data cover; None if there are no positions."""
        return next((row["coverage_from"] for row in self._matrix), None)

    def stated_before(self, row: Row) -> str | None:
        """Say of a position that it was last stated before coverage begins."""
        return stated_before(row["stated_latest"], self.begins)

    @functools.cached_property
    def standing_since(self) -> Mapping[str, list[Row]]:
        """The positions that stand on the last day, without those of before coverage begins."""
        return {
            issue_id: [row for row in rows if not self.stated_before(row)]
            for issue_id, rows in self.standing.items()
        }

    @functools.cached_property
    def silences(self) -> Grouped:
        """Who spoke on which occasion and said nothing, by issue."""
        return {
            issue_id: self.dataset.silence(issue=issue_id).to_pylist() for issue_id in self.issues
        }

    @functools.cached_property
    def silences_of_actor(self) -> Mapping[str, Counter[str]]:
        """How often each actor spoke and said nothing, by issue."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for issue_id, rows in self.silences.items():
            for row in rows:
                found[row["actor_id"]][issue_id] += 1
        return found

    @functools.cached_property
    def coders(self) -> Mapping[str, str]:
        """Names of coders by id."""
        rows = self.dataset.tables["coders"].to_pylist()
        return {row["coder"]: row["name"] or row["coder"] for row in rows}

    @functools.cached_property
    def silent_since(self) -> Mapping[tuple[str, str], int]:
        """How often each holder has spoken and said nothing on an issue since its last position."""
        return {(r["actor_id"], r["issue_id"]): r["silent"] or 0 for r in self._matrix}

    @functools.cached_property
    def _matrix(self) -> list[Row]:
        if not self.positions:
            return []
        found = self.dataset.matrix(silent=True)
        rows: list[Row] = found.select(
            ["actor_id", "issue_id", "silent", "coverage_from"]
        ).to_pylist()
        return rows

    @functools.cached_property
    def stances_of_document(self) -> Grouped:
        """Stances by the document that carries them."""
        return _by(self.stances.values(), lambda stance: (stance.document_id,))

    @functools.cached_property
    def stances_of_event(self) -> Grouped:
        """Stances by the event at which they were stated."""
        return _by(self.stances.values(), lambda stance: (stance.event_id,))

    @functools.cached_property
    def voiced(self) -> Grouped:
        """Stances by the actor that voiced them for the holder."""
        return _by(self.stances.values(), lambda stance: (stance.speaker_id,))

    @functools.cached_property
    def ascribed(self) -> Grouped:
        """Stances by the actors that attribute them to their holders."""
        return _by(self.stances.values(), lambda stance: stance.attributed_by)

    @functools.cached_property
    def named(self) -> Grouped:
        """Stances of each actor that are not its positions: it dissociates itself, or others say so."""
        counted = {(row["actor_id"], row["stance_id"]) for row in self.positions}
        return _by(
            self.stances.values(),
            lambda s: (
                h.actor_id
                for h in s.holders
                if h.role != "party" or s.attribution == "third_party" or s.quantifier
                if (h.actor_id, s.stance_id) not in counted
            ),
        )

    @functools.cached_property
    def documents_of_event(self) -> Grouped:
        """Documents by the event whose text they are."""
        return _by(self.documents.values(), lambda document: (document.event_id,))

    @functools.cached_property
    def copies(self) -> Grouped:
        """Documents that copy or rewrite another, by that other."""
        return _by(self.documents.values(), lambda document: (document.derived_from,))

    @functools.cached_property
    def silent_speakers(self) -> Mapping[str, list[str]]:
        """Actors that spoke at an event and said nothing on any issue, by event."""
        found = grouped(self.dataset.tables["silent_speakers"].to_pylist(), "event_id")
        return {
            event_id: sorted({row["actor_id"] for row in rows}, key=lambda i: self.names.get(i, i))
            for event_id, rows in found.items()
        }


def _by(records: Iterable[Any], keys: Any) -> Grouped:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for record in records:
        for key in keys(record):
            if key is not None:
                found[key].append(record)
    return found


def _by_level(row: Row) -> tuple[bool, int, str]:
    return row["level"] is None, -(row["level"] or 0), row["actor_name"].casefold()
