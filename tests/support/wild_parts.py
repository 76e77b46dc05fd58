"""Generate the rows of tables full of errors that need several rows to fit together."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from typing import Any

Row = tuple[str, dict[str, Any]]
"""A table, and some columns of a row of it."""


def rows() -> Iterator[Row]:
    """Iterate over all rows of this module."""
    yield from ladders()
    yield from circles()
    yield from repeats()
    yield from spells()
    yield from terms()


def ladders() -> Iterator[Row]:
    """Make holders with many stances on one or two issues, of words or of deeds, in few days and documents."""
    rng = random.Random(4)
    for part in (f"{number}" for number in range(500, 700)):
        issues = "i" if part < "620" else "ij"
        for own in issues:
            kind = rng.choice(["deeds", "deeds", "deeds", "words", "a"])
            yield "issues", {"issue_id": f"{part}{own}", "kind": kind}
        for own in "cfg":
            status = rng.choice([None, None, None, None, "as_published", "withdrawn", "z"])
            origin = f"{part}{rng.choice('cfg')}"
            yield (
                "documents",
                {"document_id": f"{part}{own}", "origin_id": origin, "status": status},
            )
        for number in range(rng.randint(5, 10)):
            stance, first = f"{part}s{number}", rng.randint(1, 4)
            yield "stances", {
                "stance_id": stance, "document_id": part + rng.choice("cfg"), "issue_id": part + rng.choice(issues),
                "act": rng.choice(["ends", "ends", "states", "states", "states", "a"]),
                "level": rng.choice([None, -1, 0, 0, 1, 2, 3]), "level_name": rng.choice("xy"),
                "attribution": rng.choice(["third_party", "z", *["quoted"] * 9]),
                "quantifier": rng.choice(["most", *[None] * 9]),
                "date_kind": rng.choice(["day", "lasting", "uncertain"]),
                "event_id": rng.choice([None, f"{part}c", f"{part}e"]),
                "stated_earliest": datetime.date(2021, 10, first),
                "stated_latest": datetime.date(2021, 10, first + rng.choice([0, 0, 1, 3])),
            }  # fmt: skip
            for own in rng.choice(["a", "a", "a", "ab"] if part < "620" else ["a", "b", "ab"]):
                role = rng.choice(["dissociates", "z", *["party"] * 9])
                yield "holders", {"stance_id": stance, "actor_id": f"{part}{own}", "role": role}


def circles() -> Iterator[Row]:
    """Make circles of two to nine actors, whose roles hold on a common day or not."""
    rng = random.Random(9)
    for part in range(700, 790):
        own = rng.sample("abcdefghi", rng.choice([2, 3, 4, 5, 6, 7, 8, 9, 9]))
        first, last = rng.choice([[], [1, 2, 3, 4]]), rng.choice([[], [3, 4, 5, 6]])
        for one, of in zip(own, own[1:] + own[:1], strict=True):
            yield "roles", {
                "actor_id": f"{part}{one}", "of_actor_id": f"{part}{of}", "number": 1,
                "role": rng.choice(["member_of", "part_of"]),
                "valid_from": rng.choice([None, *map(_day, first)]),
                "valid_to": rng.choice([None, *map(_day, last)]),
            }  # fmt: skip


def repeats() -> Iterator[Row]:
    """Make stances of a document that repeat each other, or differ in one column, holder or aspect."""
    rng = random.Random(7)
    others: dict[str, list[Any]] = {
        "document_id": ["c", "f"], "issue_id": ["i", "j"], "speaker_id": [None, "a", "b"],
        "attributed_by_id": [None, "a"], "event_id": [None, "c", "e"], "target_id": [None, "b"],
    }  # fmt: skip
    for part in range(800, 920):
        usual = {name: rng.choice(values) for name, values in others.items()}
        held, many = rng.choice(["a", "ab", "abc", "bc"]), rng.choice([0, 0, 1])
        for own in rng.sample("stu", rng.choice([2, 3, 3])):
            of = f"{part}{own}"
            here = usual | {
                name: rng.choice(values) for name, values in others.items() if rng.random() < 0.04
            }
            ids = {name: value and f"{part}{value}" for name, value in here.items()}
            days = {"stated_on": rng.choice("xxxxxxxxy"), "date_kind": "day"}
            yield "stances", {"stance_id": of, **ids, **days}
            for actor in held if rng.random() < 0.8 else rng.choice(["ac", "abd", "bc", "b"]):
                for role in ("party", "ally")[: rng.choice([1, 1, 1, 2])]:
                    yield (
                        "holders",
                        {"stance_id": of, "actor_id": f"{part}{actor}", "role": role},
                    )
            for actor in "ab"[: many if rng.random() < 0.9 else 2]:
                yield "ascribers", {"stance_id": of, "actor_id": f"{part}{actor}"}
            for aspect in rng.choice(["", "x", "x", "y", "xy", "yz"]):
                yield "stance_aspects", {"stance_id": of, "aspect": aspect}


def spells() -> Iterator[Row]:
    """Make names and codes that two actors have again, at the same time or another."""
    rng = random.Random(5)
    for part in range(920, 960):
        for own in "ab":
            for place in (3, 10, 11):  # names[2] comes before names[10]
                days = {
                    "actor_id": f"{part}{own}", "position": place,
                    "valid_from": rng.choice([None, *map(_day, (1, 2, 3, 4))]),
                    "valid_to": rng.choice([None, *map(_day, (3, 4, 5, 6))]),
                }  # fmt: skip
                yield "actor_names", {"name": f"{part}{rng.choice('LM')}", **days}
                code = {"scheme": rng.choice("xy"), "code": f"{part}{rng.choice('ij')}"}
                yield "actor_codes", code | days


def terms() -> Iterator[Row]:
    """Make stances far outside the data, in the years of a role of their holder or target, or not."""
    rng = random.Random(3)
    for part in range(960, 1000):
        yield "stances", {
            "stance_id": f"{part}s", "target_id": rng.choice([None, f"{part}b"]),
            "stated_earliest": _day(1, rng.choice([1990, 1991])),
            "stated_latest": _day(1, rng.choice([1992, 1993])),
        }  # fmt: skip
        yield "holders", {"stance_id": f"{part}s", "actor_id": f"{part}a"}
        yield "roles", {
            "actor_id": f"{part}{rng.choice('ab')}", "number": 1,
            "valid_from": rng.choice([None, _day(2, 1990), _day(2, 1991)]),
            "valid_to": rng.choice([None, _day(2, 1992), _day(2, 1993)]),
        }  # fmt: skip
    far = {"stated_earliest": _day(1, 1990), "stated_latest": _day(1, 1990)}
    yield "second_stances", {"stance_id": "960s", "coder": "coder-1", **far}


def _day(day: int, year: int = 2021) -> datetime.date:
    return datetime.date(year, 10, day)
