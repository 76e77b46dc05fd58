"""Plain records on which the oracle of edition 2 answers, and how a dataset's tables become them.

They hold only what the answers depend on. `records_of` reads any dataset's tables by the contract,
so that the oracle answers for the published data too.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Day = datetime.date
Row = dict[str, Any]


@dataclass(frozen=True)
class When:
    """A date: its text, its kind (`day`, `lasting`, `uncertain`), its first and last day."""

    text: str
    kind: str
    earliest: Day
    latest: Day


@dataclass(frozen=True)
class Code:
    """A code of an actor, with its days; None is open."""

    scheme: str
    code: str
    valid_from: Day | None = None
    valid_to: Day | None = None


@dataclass(frozen=True)
class Role:
    """What an actor is to another, with its days; None is open."""

    role: str
    of_actor_id: str
    valid_from: Day | None = None
    valid_to: Day | None = None


@dataclass(frozen=True)
class Actor:
    """An actor; its codes and roles in the order of the record."""

    actor_id: str
    name: str
    valid_from: Day | None = None
    valid_to: Day | None = None
    codes: tuple[Code, ...] = ()
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Issue:
    """An issue of kind `words` or `deeds` (None is words), with its levels by name."""

    issue_id: str
    kind: str | None = "words"
    core: bool = True
    levels: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Event:
    """An event and when it was held."""

    event_id: str
    held: When


@dataclass(frozen=True)
class Document:
    """A document; `authors` are ids of actors."""

    document_id: str
    published: When
    derived_from: str | None = None
    authors: tuple[str, ...] = ()
    read: str | None = None
    status: str | None = None
    event_id: str | None = None
    coverage_id: str | None = None
    publisher: str = "Publisher"
    url: str | None = None


@dataclass(frozen=True)
class Stance:
    """A stance; `holders` are pairs of an actor's id and its role."""

    stance_id: str
    document_id: str
    issue_id: str
    level: int | None
    level_name: str
    stated: When
    holders: tuple[tuple[str, str], ...]
    attribution: str = "quoted"
    confidence: str = "medium"
    act: str = "states"
    speaker_id: str | None = None
    attributed_by: tuple[str, ...] = ()
    target_id: str | None = None
    quantifier: str | None = None
    event_id: str | None = None
    aspects: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    summary: str = "A sentence."


@dataclass(frozen=True)
class Coverage:
    """A corpus gone through; `silent` are pairs of an event's and a silent speaker's id."""

    coverage_id: str
    covers_from: Day
    covers_to: Day
    silent: tuple[tuple[str, str], ...] = ()


RANKS = {
    ("attribution", "direct"): 1,
    ("attribution", "quoted"): 2,
    ("attribution", "reported"): 3,
    ("confidence", "high"): 1,
    ("confidence", "medium"): 2,
    ("confidence", "low"): 3,
}


@dataclass(frozen=True)
class Records:
    """A whole dataset; `ranks` are those of the vocabulary by field and value."""

    issues: tuple[Issue, ...] = ()
    actors: tuple[Actor, ...] = ()
    events: tuple[Event, ...] = ()
    documents: tuple[Document, ...] = ()
    stances: tuple[Stance, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    ranks: Mapping[tuple[str, str], int | None] = field(default_factory=lambda: RANKS)

    def issue(self, issue_id: str) -> Issue:
        """Return the issue with this id."""
        return next(issue for issue in self.issues if issue.issue_id == issue_id)

    def actor(self, actor_id: str) -> Actor:
        """Return the actor with this id."""
        return next(actor for actor in self.actors if actor.actor_id == actor_id)

    def event(self, event_id: str) -> Event:
        """Return the event with this id."""
        return next(event for event in self.events if event.event_id == event_id)

    def document(self, document_id: str) -> Document:
        """Return the document with this id."""
        return next(d for d in self.documents if d.document_id == document_id)


def records_of(tables: Mapping[str, Any]) -> Records:
    """Convert the Arrow tables of a dataset, such as `dataset.tables`, to records."""
    # A dataset of schema 1 may lack tables and columns that came later.
    rows = {name: tables[name].to_pylist() if name in tables else [] for name in _READ}

    def of(name: str, key: str, value: str, order: str = "position") -> list[Row]:
        return sorted((r for r in rows[name] if r[key] == value), key=lambda r: r[order])

    return Records(
        tuple(
            Issue(
                r["issue_id"],
                r.get("kind"),
                r["core"],
                tuple(
                    (s["level_name"], s["level"]) for s in of("levels", "issue_id", r["issue_id"])
                ),
            )
            for r in sorted(rows["issues"], key=lambda r: r["position"])
        ),
        tuple(_actor(r, of) for r in rows["actors"]),
        tuple(Event(r["event_id"], _when(r, "held")) for r in rows["events"]),
        tuple(_document(r, of) for r in rows["documents"]),
        tuple(_stance(r, of) for r in rows["stances"]),
        tuple(
            Coverage(
                r["coverage_id"],
                r["covers_from"],
                r["covers_to"],
                tuple(
                    (s["event_id"], s["actor_id"])
                    for s in of("silent_speakers", "coverage_id", r["coverage_id"])
                ),
            )
            for r in rows["coverage"]
        ),
        {(r["field"], r["value"]): r["rank"] for r in rows["vocabulary"]},
    )


_READ = (
    "actors",
    "actor_codes",
    "roles",
    "issues",
    "levels",
    "events",
    "documents",
    "document_authors",
    "stances",
    "holders",
    "stance_aspects",
    "conditions",
    "ascribers",
    "coverage",
    "silent_speakers",
    "vocabulary",
)


def _actor(row: Row, of: Any) -> Actor:
    codes = of("actor_codes", "actor_id", row["actor_id"])
    roles = of("roles", "actor_id", row["actor_id"], "number")
    return Actor(
        row["actor_id"],
        row["name"],
        row["valid_from"],
        row["valid_to"],
        tuple(Code(c["scheme"], c["code"], c["valid_from"], c["valid_to"]) for c in codes),
        tuple(Role(r["role"], r["of_actor_id"], r["valid_from"], r["valid_to"]) for r in roles),
    )


def _document(row: Row, of: Any) -> Document:
    authors = of("document_authors", "document_id", row["document_id"])
    # A document's date has no kind in the tables, and none is needed.
    when = When(row["published_on"], "", row["published_earliest"], row["published_latest"])
    return Document(
        row["document_id"],
        when,
        row["derived_from"],
        tuple(a["actor_id"] for a in authors),
        row.get("read"),
        row.get("status"),
        row.get("event_id"),
        row.get("coverage_id"),
        row["publisher"],
        row["url"],
    )


def _stance(row: Row, of: Any) -> Stance:
    holders = of("holders", "stance_id", row["stance_id"])
    aspects = of("stance_aspects", "stance_id", row["stance_id"])
    conditions = of("conditions", "stance_id", row["stance_id"], "number")
    ascribers = of("ascribers", "stance_id", row["stance_id"])
    return Stance(
        row["stance_id"],
        row["document_id"],
        row["issue_id"],
        row["level"],
        row["level_name"],
        When(row["stated_on"], row["date_kind"], row["stated_earliest"], row["stated_latest"]),
        tuple((h["actor_id"], h["role"]) for h in holders),
        row["attribution"],
        row["confidence"],
        row["act"],
        row["speaker_id"],
        tuple(a["actor_id"] for a in ascribers),
        row["target_id"],
        row["quantifier"],
        row["event_id"],
        tuple(a["aspect"] for a in aspects),
        tuple(c["condition"] for c in conditions),
        row["summary"],
    )


def _when(row: Row, name: str) -> When:
    return When(
        row[f"{name}_on"], row[f"{name}_kind"], row[f"{name}_earliest"], row[f"{name}_latest"]
    )
