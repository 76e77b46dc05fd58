"""The oracle of edition 2: section 3 of its specification in naive Python, word by word.

Written from the text alone, never from the queries. Here are the words of the table 3.1 up
to the fold, and 3.4; `edition2_days` has those of a day, `edition2_codes` has 3.2, and
`edition2_answers`, `edition2_comparisons` and `edition2_silences` answer the questions. Where the
text leaves something open, the plainest reading is taken:

1.  `coverage_from`, `coverage_to` without a row of `coverage`: first and last day of the occasions
    (after lending) of counted stances. `covered` is null where these two are null.
2.  `kind` of a position is `words` where that of the issue is null.
3.  `conditions` and `aspects` of a position are null where there are none.
4.  If two names of an issue have one number, the level's name is that of the representative.
5.  `reversal` of a shift is `kind == "reversal"`, so false for deeds.
6.  The dates of a shift (`stated_on`, `stated_earliest`, `stated_latest`) are those of the
    occasion, after lending, as in `positions`.
7.  `agreement` passes over a null level after the choice as of the day: an ambiguous position
    stands, and the issue is not shared (`shifts` leave it out before the choice, as 3.5 says).
8.  `S` is 1 − 2 × the mean of |difference| / (greatest − least level of the issue).
9.  Balanced panel: holders are those of the positions narrowed by holder and issue;
    `actor_name` and `kind` are filled in an empty cell, codes are not; what `max_age` leaves out
    is an empty cell. So is it in the rows of `matrix(silent=True)` that only mark a silence, where
    `observed` is false, and all of the position but `stated_on`, `stated_earliest`,
    `stated_latest` is null.
10. `matrix(silent=True)`: what `max_age` leaves out still stands, so it is not marked as silent;
    a holder after its `valid_to` is not marked either ("nothing stands").
    The latest silent occasion: greatest latest, then greatest earliest, then the smallest id.
11. Silence: a stance tied to the event breaks it even in a withdrawn document (the text says "any
    document"). `coverage_id` is the smallest of those of the documents and lists of the occasion;
    `coverage=` and `holder=` narrow the rows, not the counts `spoke` and `silent`.
    A document that is withdrawn has no `document_silences`.
12. `not_counted` is asked per stance and holder. A panel's `start` and `end` are always given here.
13. A chain of `derived_from` that goes round ends at the last document before the repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from tests.support.edition2_records import Day, Document, Records, Stance, When

K = TypeVar("K")
T = TypeVar("T")

DEEDS = "deeds"
LENDING_DAYS = 2  # The most by which an event's last day may follow its first, to lend its days.


@dataclass(frozen=True)
class Statement:
    """A counted stance of one holder, with its occasion."""

    actor_id: str
    stance: Stance
    document: Document
    origin_id: str
    kind: str
    occasion: When
    own: bool
    joint_size: int
    step_down: bool
    attribution_rank: int
    confidence_rank: int


@dataclass(frozen=True)
class Position:
    """A group of statements, folded. `part` is `all`, `own` or `joint`."""

    actor_id: str
    issue_id: str
    kind: str
    date_kind: str
    earliest: Day
    latest: Day
    step_down: bool
    level: int | None
    level_name: str | None
    level_min: int | None
    level_max: int | None
    document_count: int
    contested: bool
    mixed: bool
    representative: Statement
    part: str = "all"

    @property
    def stance_id(self) -> str:
        """The id of the representative stance."""
        return self.representative.stance.stance_id


# Levels and sides


def side(level: int) -> int:
    """Return −1, 0 or 1: the side of a level."""
    if level < 0:
        return -1
    return 1 if level > 0 else 0


def height(level: int | None) -> int:
    """Return a level for comparison, null the lowest."""
    return -1000 if level is None else level


# Counted


def kind_of(data: Records, issue_id: str) -> str:
    """Return the kind of an issue; null is `words`."""
    return data.issue(issue_id).kind or "words"


def rank(data: Records, field: str, value: str) -> int:
    """Return the rank of a value in the vocabulary, 99 if it has none."""
    found = data.ranks.get((field, value))
    return 99 if found is None else found


def origin_of(data: Records, document_id: str) -> str:
    """Follow `derived_from` to the first document of the chain."""
    known = {document.document_id: document for document in data.documents}
    seen = [document_id]
    while True:
        source = known[seen[-1]].derived_from
        if source is None or source not in known or source in seen:
            return seen[-1]
        seen.append(source)


def reason_not_counted(data: Records, stance: Stance, role: str) -> str | None:
    """Return why a stance does not count for a holder of this role, the first that applies."""
    if role != "party":
        return "dissociates"
    if stance.attribution == "third_party":
        return "third_party"
    if stance.quantifier is not None:
        return "quantifier"
    if data.document(stance.document_id).status == "withdrawn":
        return "withdrawn"
    return None


def counted(data: Records) -> list[Statement]:
    """List each stance that counts, once for each holder for which it counts."""
    return [
        statement(data, stance, actor_id)
        for stance in data.stances
        for actor_id, role in stance.holders
        if reason_not_counted(data, stance, role) is None
    ]


def statement(data: Records, stance: Stance, actor_id: str) -> Statement:
    """Make the statement of one holder of a counted stance."""
    kind = kind_of(data, stance.issue_id)
    return Statement(
        actor_id,
        stance,
        data.document(stance.document_id),
        origin_of(data, stance.document_id),
        kind,
        occasion(data, stance),
        is_own(stance),
        len(stance.holders),
        kind == DEEDS and stance.act == "ends",
        rank(data, "attribution", stance.attribution),
        rank(data, "confidence", stance.confidence),
    )


def is_own(stance: Stance) -> bool:
    """Tell whether the stance has one holder, counting those that dissociate."""
    return len(stance.holders) == 1


def occasion(data: Records, stance: Stance) -> When:
    """Return the stance's own date, or the one that its event lends."""
    if stance.stated.kind == "day" or stance.event_id is None:
        return stance.stated
    held = data.event(stance.event_id).held
    if (held.latest - held.earliest).days > LENDING_DAYS:
        return stance.stated
    return held


# Group and fold


def groups(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Put items with the same key together."""
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def group_of(one: Statement) -> tuple[Any, ...]:
    """Return what statements of one group share."""
    when = one.occasion
    words = (one.actor_id, one.stance.issue_id, when.kind, when.earliest, when.latest)
    return (*words, one.stance.level, one.step_down) if one.kind == DEEDS else words


def positions(data: Records) -> list[Position]:
    """Fold all counted stances."""
    return folded(counted(data))


def folded(statements: Iterable[Statement]) -> list[Position]:
    """Fold statements: one position for each group."""
    return [fold(group) for group in groups(statements, group_of).values()]


def fold(group: list[Statement]) -> Position:
    """Make one position of a group."""
    left = best_evidence(group)
    levels = elected(left)
    level = levels[0] if len(levels) == 1 else None
    best = representative([one for one in left if not levels or one.stance.level in levels])
    name = best.stance.level_name if len(levels) == 1 else None
    given = [one.stance.level for one in group if one.stance.level is not None]
    return Position(
        best.actor_id,
        best.stance.issue_id,
        best.kind,
        best.occasion.kind,
        best.occasion.earliest,
        best.occasion.latest,
        best.step_down,
        level,
        name if levels else "ambiguous",
        min(given, default=None),
        max(given, default=None),
        len({one.origin_id for one in group}),
        is_contested(group),
        is_mixed(group),
        best,
    )


def best_evidence(group: list[Statement]) -> list[Statement]:
    """Keep the best attribution, of these the best confidence, of these own if any is own."""
    attribution = min(one.attribution_rank for one in group)
    left = [one for one in group if one.attribution_rank == attribution]
    confidence = min(one.confidence_rank for one in left)
    left = [one for one in left if one.confidence_rank == confidence]
    return [one for one in left if one.own] or left


def elected(left: list[Statement]) -> list[int]:
    """Return the level that wins the vote, two if +k and −k tie, none if nothing voted."""
    voting = [(one.stance.level, one.origin_id) for one in left if one.stance.level is not None]
    votes = {level: len({o for x, o in voting if x == level}) for level, _ in voting}
    most = [level for level, count in votes.items() if count == max(votes.values())]
    return sorted(x for x in most if abs(x) == min(abs(y) for y in most))


def representative(candidates: list[Statement]) -> Statement:
    """Choose an original before a copy, then the smallest id."""
    return min(
        candidates,
        key=lambda one: (one.document.document_id != one.origin_id, one.stance.stance_id),
    )


def is_contested(group: list[Statement]) -> bool:
    """Tell whether two different documents have levels on different sides."""
    return any(
        x.document.document_id != y.document.document_id
        and side(x.stance.level) != side(y.stance.level)
        for x in group
        for y in group
        if x.stance.level is not None and y.stance.level is not None
    )


def is_mixed(group: list[Statement]) -> bool:
    """Tell whether one document has levels on opposite sides."""
    return any(
        x.document.document_id == y.document.document_id
        and side(x.stance.level) == -1
        and side(y.stance.level) == 1
        for x in group
        for y in group
        if x.stance.level is not None and y.stance.level is not None
    )


# Statements apart (3.4)


def apart(data: Records, across: bool = False, low: bool = False) -> list[Position]:
    """Fold counted stances within parts: own and joint ones apart, unless `across`.

    Args:
        data: The dataset.
        across: Fold own and joint ones together.
        low: Keep statements on words with confidence `low`.
    """
    chosen = [
        one for one in counted(data) if low or one.kind == DEEDS or one.stance.confidence != "low"
    ]
    if across:
        return folded(chosen)
    own = [replace(p, part="own") for p in folded([one for one in chosen if one.own])]
    joint = [replace(p, part="joint") for p in folded([one for one in chosen if not one.own])]
    return own + joint
