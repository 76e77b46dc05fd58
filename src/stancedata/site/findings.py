"""What a dataset shows at a glance: sentences for its first page, computed from any data.

Each finding follows a rule that does not depend on the case, and is left out where the data have
nothing of its kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from stancedata.site.links import dated

if TYPE_CHECKING:
    from stancedata.site.contents import Contents
    from stancedata.site.links import Links

_MOST = 5
_FEWEST = 3
"""Holders that an issue needs before one speaks of agreement or division."""


def findings(contents: Contents, links: Links) -> list[Markup]:
    """Return up to five findings, each with links to what it rests on."""
    makers: tuple[Callable[[Contents, Links], Iterator[Markup]], ...] = (
        _latest_reversal,
        _most_divided,
        _most_agreed,
        _last_silence,
        _most_changes,
        _conditions,
    )
    return [text for make in makers for text in make(contents, links)][:_MOST]


def _latest_reversal(contents: Contents, links: Links) -> Iterator[Markup]:
    reversals = [row for row in contents.shifts if row["reversal"]]
    for row in (reversals or contents.shifts)[:1]:
        what = "changed sides" if row["reversal"] else "changed its level"
        yield Markup("The last holder that {}: {} on {}, from {} to {}, stated {} ({}).").format(
            what,
            links.actor(row["actor_id"]),
            links.issue(row["issue_id"]),
            links.level(row["issue_id"], row["level_before"], row["level_name_before"]),
            links.level(row["issue_id"], row["level"], row["level_name"]),
            dated(row["stated_on"]),
            links.source(row["stance_id"]),
        )


def _sides(contents: Contents) -> dict[str, tuple[int, int, int]]:
    """Count the holders for, against and in all, by issue of words, as of the last day."""
    found = {}
    for issue_id, rows in contents.standing_since.items():
        levels = [row["level"] for row in rows if row["level"] is not None]
        if contents.issues[issue_id].kind != "deeds" and len(levels) >= _FEWEST:
            found[issue_id] = (sum(n > 0 for n in levels), sum(n < 0 for n in levels), len(levels))
    return found


def _most_divided(contents: Contents, links: Links) -> Iterator[Markup]:
    sides = _sides(contents)
    issue_id = max(sides, key=lambda key: min(sides[key][:2]) / sides[key][2], default=None)
    if issue_id is not None and min(sides[issue_id][:2]):
        in_favour, against, everyone = sides[issue_id]
        yield Markup("Most divided: {}, with {} holders in favour and {} against, of {}.").format(
            links.issue(issue_id), in_favour, against, everyone
        )


def _most_agreed(contents: Contents, links: Links) -> Iterator[Markup]:
    sides = _sides(contents)
    issue_id = max(sides, key=lambda key: max(sides[key][:2]) / sides[key][2], default=None)
    if issue_id is not None:
        in_favour, against, everyone = sides[issue_id]
        side = "in favour" if in_favour >= against else "against"
        yield Markup("Most agreed: {}, with {} of {} holders {}.").format(
            links.issue(issue_id), max(in_favour, against), everyone, side
        )


def _last_silence(contents: Contents, links: Links) -> Iterator[Markup]:
    """Give the issue that most spoke about on the last occasion with several speakers."""
    rows = [
        row
        for listed in contents.silences.values()
        for row in listed
        if row["event_id"] and row["spoke"] >= _FEWEST
    ]
    last = max(rows, key=lambda row: (row["latest"], -row["silent"]), default=None)
    if last is not None:
        yield Markup(
            "Silence: at {}, {} of {} that spoke said nothing on {}, the issue most spoken about there."
        ).format(
            links.event(last["event_id"]),
            last["silent"],
            last["spoke"],
            links.issue(last["issue_id"]),
        )


def _most_changes(contents: Contents, links: Links) -> Iterator[Markup]:
    counts = Counter(row["actor_id"] for row in contents.shifts)
    for actor_id, number in counts.most_common(1):
        if number > 1:
            yield Markup("Most changes of level: {}, {} of them on {} issues.").format(
                links.actor(actor_id),
                number,
                len({row["issue_id"] for row in contents.shifts_of_actor[actor_id]}),
            )


def _conditions(contents: Contents, links: Links) -> Iterator[Markup]:
    conditions = [c for stance in contents.stances.values() for c in stance.conditions]
    if conditions:
        met = sum(c.status == "met" for c in conditions)
        yield Markup(
            "Conditions are attached {} times; documents say of {} that they were met."
        ).format(len(conditions), met)
