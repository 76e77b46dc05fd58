"""Small datasets that stress the semantics of edition 2.

`datasets()` is the hypothesis strategy, `seeded(seed)` the same from a plain random number, fast
enough for thousands; `together` puts many datasets side by side in one, so that one query answers
for all of them. `edition2_model.content_of` converts them to model objects.

They keep references sound, but not every rule: a fold has to answer on words that end, on targets of
deeds and on whatever else a rule refuses or asks about.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from tests.support.choices import Choices
from tests.support.edition2_records import (
    RANKS,
    Actor,
    Code,
    Coverage,
    Document,
    Event,
    Issue,
    Records,
    Role,
    Stance,
    When,
)

BYTES = 900  # A dataset takes fewer choices; what is beyond is the simplest choice.


def day(text: str) -> When:
    """Make a date of a single day."""
    on = datetime.date.fromisoformat(text)
    return When(text, "day", on, on)


def lasting(first: str, last: str) -> When:
    """Make a date that lasts from the first to the last day."""
    date = datetime.date.fromisoformat
    return When(f"{first}/{last}", "lasting", date(first), date(last))


def uncertain(first: str, last: str) -> When:
    """Make a date of one unknown day."""
    date = datetime.date.fromisoformat
    return When(f"[{first}..{last}]", "uncertain", date(first), date(last))


_D = datetime.date
OCTOBER = (_D(2021, 10, 1), _D(2021, 10, 31))
DATES = (
    day("2021-10-20"),
    day("2021-10-21"),
    day("2021-10-19"),
    day("2021-10-01"),
    day("2021-10-31"),
    day("2021-11-02"),
    day("2022-01-05"),
    # One day of every kind: only the kind is left to decide.
    lasting("2021-10-20", "2021-10-20"),
    uncertain("2021-10-20", "2021-10-20"),
    lasting("2021-10-19", "2021-10-20"),
    lasting("2021-10-20", "2021-10-21"),
    lasting("2021-10-20", "2021-10-31"),
    lasting("2021-08-15", "2021-10-20"),
    lasting("2021-08-15", "2021-12-31"),
    When("2021-10", "lasting", *OCTOBER),
    When("2021-10", "uncertain", *OCTOBER),
    uncertain("2021-10-19", "2021-10-20"),
    uncertain("2021-10-20", "2021-10-31"),
    uncertain("2021-08-15", "2021-10-20"),
    uncertain("2021-10-20", "2022-01-05"),
)
HELD = (
    day("2021-10-20"),
    lasting("2021-10-19", "2021-10-20"),
    lasting("2021-10-19", "2021-10-21"),
    lasting("2021-10-19", "2021-10-22"),
    uncertain("2021-10-20", "2021-10-21"),
    When("2021-10", "uncertain", *OCTOBER),
    day("2021-11-02"),
)
PUBLISHED = tuple(
    When(when.text, "", when.earliest, when.latest)
    for when in (day("2021-10-21"), day("2021-10-31"), When("2021-10", "", *OCTOBER))
)


def _scale(*levels: int) -> tuple[tuple[str, int], ...]:
    return tuple((f"{'minus' if n < 0 else 'level'}-{abs(n)}", n) for n in levels)


ISSUES = (
    Issue("recognition", "words", True, _scale(2, 1, 0, -1, -2)),
    Issue("relations", "deeds", True, _scale(1, 2, 4, 0)),
    Issue("security", None, True, _scale(2, 0, -1)),
    Issue("aid", "words", True, _scale(2, 1, 0, -1, -2)),
    Issue("peace", "words", False, _scale(1, 0, -1)),
    Issue("presence", "deeds", False, _scale(0, 1, 2)),
)
ASPECTS = ("first", "second")
ACTORS = ("ada", "ben", "cyd", "dov")
EVENTS = ("talks", "vote", "week")
DOCUMENTS = ("doc-1", "doc-2", "doc-3", "doc-4", "doc-5")
_ISO, _LATER = "iso3166-1-alpha3", _D(2021, 10, 21)
CODES: tuple[tuple[Code, ...], ...] = (
    (),
    (Code(_ISO, "BBB"), Code("cow", "10"), Code("cow", "9"), Code("gw", "365")),
    (Code(_ISO, "DDD", None, _D(2021, 10, 19)), Code(_ISO, "CCC", _D(2021, 10, 20), None)),
    (
        Code("cow", "255", None, _D(2021, 10, 1)),
        Code("cow", "260", _D(2021, 10, 19), _D(2021, 10, 20)),
        Code("cow", "255", _LATER, None),
    ),
    (Code(_ISO, "BBB", _LATER, None), Code(_ISO, "AAA"), Code("gw", "2", None, _D(2021, 10, 20))),
)
ROLES: tuple[tuple[Role, ...], ...] = (
    (),
    (Role("governs", "ada"),),
    (Role("governs", "ada", None, _D(2021, 10, 20)), Role("governs", "ben", _LATER, None)),
    (Role("governs", "ben"), Role("governs", "ada", _D(2021, 10, 20), None)),
    (Role("member_of", "ada"), Role("governs", "cyd", _D(2021, 10, 20), _D(2021, 10, 20))),
)
ATTRIBUTIONS = ("reported", "quoted", "direct", "reported", "quoted", "direct", "third_party")
CONFIDENCES = ("high", "medium", "low", "medium")
EVERYONE = (("ada",), ("ada",), ("ben",), ("ada", "ben"), ("cyd", "ada", "ben"), ("cyd",))


@dataclass(frozen=True)
class Pools:
    """What the stances of one dataset choose from: narrow pools make them meet."""

    count: int
    dates: tuple[When, ...]
    issues: tuple[Issue, ...]
    holders: tuple[tuple[str, ...], ...]
    attributions: tuple[str, ...]
    confidences: tuple[str, ...]
    events: tuple[str | None, ...]


def _pools(one: Choices) -> Pools:
    pools = Pools(
        one.pick((4, 9, 16, 25, 2, 0)),
        tuple(one.pick(DATES) for _ in range(one.pick((2, 1, 3, 4, 6)))),
        one.pick((ISSUES[:1], ISSUES[:2], ISSUES[1:2], ISSUES, ISSUES[:4])),
        one.pick((EVERYONE, EVERYONE[:1], EVERYONE[1:3], EVERYONE[3:5], EVERYONE[:4])),
        one.pick((ATTRIBUTIONS, ("quoted",), ATTRIBUTIONS[:2], ATTRIBUTIONS)),
        one.pick((CONFIDENCES, ("medium",), ("high", "low"))),
        one.pick(((None, "talks", "vote", None, "week"), ("talks",), (None,), ("talks", "vote"))),
    )
    # Sometimes two holders speak on most issues, so that they can be compared.
    compared = replace(pools, count=36, issues=ISSUES[:4], holders=(*EVERYONE[1:3], *EVERYONE[1:4]))
    return one.pick((pools, pools, pools, compared))


def dataset(one: Choices) -> Records:
    """Build a dataset from choices."""
    pools = _pools(one)
    ids = DOCUMENTS[: one.pick((3, 2, 4, 5, 1))]
    coverage = _coverage(one)
    corpora = tuple(corpus.coverage_id for corpus in coverage)
    backwards = one.flag()  # Copies may have smaller or greater ids than their originals.
    documents = tuple(
        _document(one, ids[n], ids[n + 1 :] if backwards else ids[:n], corpora)
        for n in range(len(ids))
    )
    stances = [_stance(one, n, ids, pools) for n in range(1, pools.count + 1)]
    return Records(
        ISSUES,
        tuple(_actor(one, actor_id) for actor_id in ACTORS),
        tuple(Event(event_id, one.pick(HELD)) for event_id in EVENTS),
        documents,
        tuple(sorted(stances, key=lambda stance: stance.stance_id)),
        coverage,
        RANKS,
    )


def _actor(one: Choices, actor_id: str) -> Actor:
    return Actor(
        actor_id,
        actor_id.title(),
        one.pick((None, None, None, _LATER)),
        one.pick((*[None] * 6, _D(2021, 10, 20), _D(2021, 12, 1))),
        one.pick(CODES),
        one.pick(ROLES),
    )


def _document(
    one: Choices, document_id: str, sources: tuple[str, ...], corpora: tuple[str, ...]
) -> Document:
    return Document(
        document_id,
        one.pick(PUBLISHED),
        one.pick((None, None, *sources)),
        one.pick(((), ("ada",), ("ben",), ("ada", "ben"), ("dov",))),
        one.pick(("whole", "whole", "beginning", None)),
        one.pick((*[None] * 5, "as_published", "corrected", "withdrawn")),
        one.pick((None, None, "talks", "vote")),
        one.pick((None, *corpora)),
        one.pick(("Publisher", "Another")),
        one.pick((None, f"https://example.org/{document_id}")),
    )


def _stance(one: Choices, number: int, ids: tuple[str, ...], pools: Pools) -> Stance:
    document_id, issue = one.pick(ids), one.pick(pools.issues)
    level = None if one.below(5) == 4 else one.pick(issue.levels)
    holders = one.pick(pools.holders)
    last = one.pick((*["party"] * 7, "dissociates"))
    attribution = one.pick(pools.attributions)
    deeds = issue.kind == "deeds"
    return Stance(
        f"{document_id}#s{number:02}",
        document_id,
        issue.issue_id,
        level[1] if level else None,
        level[0] if level else "ambiguous",
        one.pick(pools.dates),
        tuple((h, last if h == holders[-1] else "party") for h in holders),
        attribution,
        one.pick(pools.confidences),
        one.pick(("does", "does", "ends") if deeds else ("states", "urges", "pledges", "ends")),
        one.pick((None, "dov", "ada")),
        one.pick((("dov",), ("dov", "cyd"))) if attribution == "third_party" else (),
        one.pick((None, None, None, "cyd", "dov")),
        one.pick((None, None, None, None, None, None, None, "most")),
        one.pick(pools.events),
        one.pick(((), ASPECTS, ASPECTS[1:], ASPECTS[::-1])),
        one.pick(((), (), ("then",), ("once more", "at first"))),
        f"Sentence {number}.",
    )


def _coverage(one: Choices) -> tuple[Coverage, ...]:
    made = (
        Coverage("assembly", _D(2021, 10, 1), _D(2021, 10, 31), _silent(one, "talks")),
        Coverage("council", _D(2021, 9, 1), _D(2021, 10, 20), _silent(one, "vote")),
    )
    return made[: one.pick((1, 0, 2, 0))]


def _silent(one: Choices, event_id: str) -> tuple[tuple[str, str], ...]:
    listed = one.pick((("dov",), (), ("ada",), ("cyd", "ben"), ACTORS))
    return tuple((event_id, actor_id) for actor_id in listed)


def seeded(seed: int) -> Records:
    """Build the dataset of a seed."""
    return dataset(Choices(random.Random(seed).randbytes(BYTES)))


def datasets() -> st.SearchStrategy[Records]:
    """Draw datasets; a failing one shrinks to fewer and simpler records."""
    return st.binary(max_size=BYTES).map(lambda drawn: dataset(Choices(drawn)))


# Many datasets in one


_NAMES = ("actors", "events", "documents", "stances", "coverage")


def together(some: Iterable[Records]) -> Records:
    """Put datasets side by side in one, their ids prefixed, so that they do not mix."""
    parts = [_prefixed(data, f"c{number:03}-") for number, data in enumerate(some)]
    merged: dict[str, Any] = {
        name: tuple(r for part in parts for r in getattr(part, name)) for name in _NAMES
    }
    return replace(Records(ISSUES), **merged)


def _prefixed(data: Records, prefix: str) -> Records:
    ids = {
        *ACTORS,
        *EVENTS,
        *DOCUMENTS,
        *(s.stance_id for s in data.stances),
        "assembly",
        "council",
    }

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return prefix + value if value in ids else value
        if isinstance(value, tuple):
            return tuple(map(renamed, value))
        if isinstance(value, Actor | Code | Role | Event | Document | Stance | Coverage):
            return replace(value, **{name: renamed(one) for name, one in vars(value).items()})
        return value

    return replace(data, **{name: renamed(getattr(data, name)) for name in _NAMES})
