"""Generate the rows of tables full of errors that need several rows to fit together."""

from __future__ import annotations

import datetime
import itertools
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
    yield from lives()
    yield from falls()
    yield from silences()
    yield from letters()
    yield from addresses()
    yield from utterances()
    yield from keys()


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
                name: rng.choice(values) for name, values in others.items() if rng.random() < 0.06
            }
            ids = {name: value and f"{part}{value}" for name, value in here.items()}
            kind = rng.choice(["day"] * 9 + ["a", "lasting"])
            days = {"stated_on": rng.choice("xxxxxxxxy"), "date_kind": kind}
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
    years = (1990, 1991), (1992, 1993), (None, 1990, 1991), (None, 1992, 1993)
    for number, case in enumerate(itertools.product((None, "b"), "ab", *years)):
        target, of, earliest, latest, first, last = case
        part = f"term{number:03}"
        yield "stances", {
            "stance_id": f"{part}s", "target_id": target and f"{part}{target}",
            "stated_earliest": _day(1, earliest), "stated_latest": _day(1, latest),
        }  # fmt: skip
        held = {"held_earliest": _day(1, earliest), "held_latest": _day(1, latest)}
        yield "events", {"event_id": f"{part}s", **held}  # of the same name
        yield "holders", {"stance_id": f"{part}s", "actor_id": f"{part}a"}
        yield "roles", {
            "actor_id": f"{part}{of}", "number": 1,
            "valid_from": first and _day(2, first), "valid_to": last and _day(2, last),
        }  # fmt: skip
    for year in (1990, 2050):  # the second is far outside the documents too
        far = {"stated_earliest": _day(1, year), "stated_latest": _day(1, year)}
        yield "stances", {"stance_id": f"far{year}", **far}
        yield "second_stances", {"stance_id": "term000s", "coder": "coder-1", **far}


def lives() -> Iterator[Row]:
    """Make actors, names, codes, statuses and lone documents at and beyond the bounds of their years."""
    for number, year in enumerate((1000, 1520, 1521, 1648, 2031, 2032, 2200), 1):
        of = {"actor_id": f"life{number}", "position": number}
        for name in ("valid_from", "valid_to"):
            days: dict[str, Any] = {"valid_from": None, "valid_to": None, name: _day(1, year)}
            yield "actors", {"actor_id": f"life{number}{name}", **days}
            yield "actor_names", {**of, "name": name, **days}
            yield "actor_codes", {**of, "code": f"{year}{name}", **days}
    for number, year in enumerate((2010, 2011, 2021, 2031, 2032), 1):
        status = {"status_on": f"{year}", "status_document_id": "life1c", "number": number}
        of = {"stance_id": f"life{number}s", "status_earliest": _day(1, year)}
        yield "conditions", status | of | {"status_latest": _day(1, year)}
        yield "documents", {"document_id": f"life{number}c", "published_latest": _day(1, year)}
    # Of two documents far from the others, those of one decade vouch for each other.
    for number, (first, last) in enumerate(
        ((1700, 1705), (1950, 1950), (1960, 1960), (2150, 2151))
    ):
        days = {"published_earliest": _day(1, first), "published_latest": _day(1, last)}
        yield "documents", {"document_id": f"lone{number}", **days}


def falls() -> Iterator[Row]:
    """Make rungs that are lost, and the step down of another holder or on another issue meanwhile."""
    rng = random.Random(11)
    for part in (f"falls{number:02}" for number in range(80)):
        yield "documents", {"document_id": f"{part}c", "origin_id": f"{part}c", "status": None}
        for own in "ij":
            kind = rng.choice(["deeds", "deeds", "deeds", "words"])
            yield "issues", {"issue_id": f"{part}{own}", "kind": kind}
        acts = rng.choice([["ends", "does", "does", "z"], ["ends", "ends", "does"]])
        for number in range(rng.choice([5, 5, 8])):
            day = _day(rng.randint(1, 5))
            yield "stances", {
                "stance_id": f"{part}s{number}", "document_id": f"{part}c", "issue_id": part + rng.choice("iij"),
                "act": rng.choice(acts), "level": rng.choice([-1, 0, 1, 2, 3]),
                "level_name": "x", "attribution": "quoted", "quantifier": None, "stated_earliest": day,
                "stated_latest": day,
            }  # fmt: skip
            actor = part + rng.choice("ab")
            yield "holders", {"stance_id": f"{part}s{number}", "actor_id": actor, "role": "party"}


def silences() -> Iterator[Row]:
    """Make a list of silent speakers of one event, where stances and documents are of it or not."""
    rng = random.Random(13)
    for part in (f"heard{number:02}" for number in range(80)):
        for own in "cf":
            yield "documents", {
                "document_id": f"{part}{own}", "origin_id": f"{part}{own}",
                "status": rng.choice([None, None, "as_published", "withdrawn", "z"]),
                "event_id": rng.choice([None, f"{part}e", f"{part}g"]),
            }  # fmt: skip
            author = part + rng.choice("bcd")
            yield "document_authors", {"document_id": f"{part}{own}", "actor_id": author}
        for own in rng.sample("stu", 2):
            yield "stances", {
                "stance_id": f"{part}{own}", "document_id": part + rng.choice("cf"),
                "attribution": rng.choice(["quoted", "quoted", "third_party", "z"]),
                "quantifier": rng.choice([None, None, None, "most"]),
                "event_id": rng.choice([None, f"{part}e", f"{part}e", f"{part}g"]),
            }  # fmt: skip
            role = rng.choice(["party", "party", "party", "a", "z"])
            actor = part + rng.choice("abd")
            yield "holders", {"stance_id": f"{part}{own}", "actor_id": actor, "role": role}
        for position, own in enumerate(rng.sample("abd", 2), 1):
            of = {"coverage_id": f"{part}v", "event_id": part + rng.choice("eeg")}
            yield "silent_speakers", {**of, "actor_id": f"{part}{own}", "position": position}


def letters() -> Iterator[Row]:
    """Make direct stances in documents of one or two authors, of the holder, its speaker or a meeting."""
    rng = random.Random(17)
    for part in (f"text{number:02}" for number in range(80)):
        for own in "abcd":
            kind = rng.choice(["state", "meeting", "organisation", "organisation", "n", "z"])
            yield "actors", {"actor_id": f"{part}{own}", "kind": kind}
        for own in "cf":
            event = rng.choice([None, f"{part}e", f"{part}e", f"{part}g"])
            of = {"document_id": f"{part}{own}", "origin_id": f"{part}{own}", "event_id": event}
            yield "documents", of
            for position, author in enumerate(rng.sample("abcd", rng.choice([0, 1, 1, 2])), 1):
                author_of = {"document_id": f"{part}{own}", "position": position}
                yield "document_authors", {**author_of, "actor_id": f"{part}{author}"}
        for own in "st":
            yield "stances", {
                "stance_id": f"{part}{own}", "document_id": part + rng.choice("cf"),
                "attribution": rng.choice(["direct", "direct", "direct", "a", "quoted"]),
                "speaker_id": rng.choice([None, f"{part}c", f"{part}d"]),
                "event_id": rng.choice([None, f"{part}e", f"{part}g"]),
            }  # fmt: skip
            for actor in rng.sample("ab", rng.choice([1, 1, 2])):
                role = rng.choice(["party", "party", "party", "ally", "z"])
                held = {"stance_id": f"{part}{own}", "actor_id": f"{part}{actor}", "role": role}
                yield "holders", held


PAGES = (
    "page", "page/", "page//", "page?", "page#", "page#top", "page/#top", "page#a#b", "PAGE", "Page/#!/x",
    "page#!/x", "page#/x", "page/#!/x#a", "page:80", "page:443/", "page:", "page:8080", "pagep", "a.page", "wwwwpage",
    "page/p", "page/P", "page/p/", "page/%7Ep", "page/~p", "page/%7ep#top", "page/a-b", "page/a%2Db", "page/a%2db",
    "page/a.b", "page/a%2Eb", "page/a%2eb", "page/a_b", "page/a%5Fb", "page/a%5fb", "page/a%2Fb", "page/a/b",
    "page?a=1", "page/?a=1", "page?a=1#b", "page?a=1&", "page?&a=1", "page?a=1&&b=2", "page?a=1&b=2", "page?b=2&a=1",
    "page?utm_source=x", "page?utm_source=x&a=1", "page?a=1&utm_source=x&utm_medium=y&b=2&fbclid=z", "page?&&gclid=3&a=1",
    "page?a=1&&utm_id=4", "page?utmost=1", "page?fbclid", "page?fbclids=1", "page?a=utm_b", "page?a=b?utm_c=d", "page??a=1",
    "page?mc_cid=1&mc_eid=2&mkt_tok=3&ref_src=4&_ga=5&_gl=6&igshid=7", "page?ref=1", "page?id=utm_", "/page", "",
    "page?gclsrc=1&gbraid=2&wbraid=3&dclid=4&msclkid=5&twclid=6&ttclid=7&yclid=8&ysclid=9", "page?A=1", "page?UTM_source=x",
)  # fmt: skip
"""Addresses after their scheme: those of one page, and others that differ as little."""
TITLES = (
    "Talks end", "talks END", "Talks  end", " Talks end ", "Talks\nend", "Talks\tend", "Talks\xa0end", "Talksend",
    "Talks ends", "end Talks", "Talks", "Talks, end", "\u0418\u0442\u043e\u0433\u0438", "\u0438\u0442\u043e\u0433\u0418",
)  # fmt: skip


def addresses() -> Iterator[Row]:
    """Make documents whose addresses and titles differ in what people leave out, or in more."""
    starts = ("http://", "https://", "http://www.", "https://www.", "ftp://", "www.")
    for own, start in zip("abcdef", starts, strict=True):
        for end in ("", "/", "//", "p"):
            of = f"page-{own}{end.replace('/', 'x')}"
            url = f"{start}page{end}"
            yield "documents", {"document_id": of, "origin_id": of, "url": url, "sha256": None}
    for number, page in enumerate(PAGES):
        of = f"page-{number:03}"
        url = f"{'https' if number % 2 else 'http'}://{page}"
        yield "documents", {"document_id": of, "origin_id": of, "url": url, "sha256": None}
    titled: dict[str, Any] = {"url": None, "sha256": None, "publisher": "Post", "published_on": "x"}
    for number, title in enumerate(TITLES):
        of = f"titled-{number:02}"
        yield "documents", {**titled, "document_id": of, "origin_id": of, "title": title}
        of = f"titled-by-{number:02}"
        by = {"document_id": of, "origin_id": of, "title": "Talks go on", "publisher": title}
        yield "documents", titled | by


ONE_DAY: dict[str, Any] = {
    "issue_id": "i", "event_id": None, "speaker_id": None, "act": "states", "attribution": "quoted",
    "quantifier": None, "date_kind": "day", "days": (2, 2), "held": "a", "status": None,
}  # fmt: skip
UNLIKE: dict[str, tuple[Any, ...]] = {
    "issue_id": ("i", "j"), "event_id": (None, "c", "e"), "speaker_id": (None, "a", "b"),
    "act": ("a", "ends", "states", "z"), "quantifier": (None, "most"), "date_kind": ("day", "lasting", "z"),
    "held": ("a", "b", "ab", "abc"), "status": (None, "as_published", "withdrawn", "z"), "origin_id": ("s", "t"),
}  # fmt: skip
SPANS = ((2, 2), (2, 4), (3, 3), (4, 6), (5, 6), (30, 31), (31, 31), (31, 32), (2, 33))


def utterances() -> Iterator[Row]:
    """Make two stances that may be one utterance: on one day, or on a day within the dates of the other."""
    spans = (((2, 2), (2, 2)), ((2, 4), (4, 4)), ((4, 4), (2, 4)))
    cases = [
        ({"days": one} | first, {"days": other} | second)
        for (one, other), (first, second) in itertools.product(spans, _unlike())
    ]
    cases += [({"days": one}, {"days": other}) for one, other in itertools.product(SPANS, SPANS)]
    for number, pair in enumerate(cases):
        for own, changes in zip("st", pair, strict=True):
            yield from _told(f"told{number:03}", own, {**ONE_DAY, "origin_id": own, **changes})
    for origin in "st":  # a document listed twice, as a copy of two others
        yield from _told("told-twice", "s", {**ONE_DAY, "days": (2, 4), "origin_id": origin})


def _told(part: str, own: str, row: dict[str, Any]) -> Iterator[Row]:
    stance, origin = f"{part}{own}", part + row["origin_id"]
    yield "documents", {"document_id": stance, "origin_id": origin, "status": row["status"]}
    ids = ("issue_id", "event_id", "speaker_id")
    words = ("act", "attribution", "quantifier", "date_kind")
    first, last = (_day(1) + datetime.timedelta(day - 1) for day in row["days"])
    yield "stances", {
        "stance_id": stance, "document_id": stance, "stated_on": f"x{row['days']}",
        **{name: row[name] and part + row[name] for name in ids}, **{name: row[name] for name in words},
        "stated_earliest": first, "stated_latest": last,
    }  # fmt: skip
    for actor in row["held"]:
        yield "holders", {"stance_id": stance, "actor_id": part + actor, "role": "party"}


def _unlike() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair values of one column, speakers of each act, and texts of two and of three holders."""
    for name, values in UNLIKE.items():
        for one, other in itertools.product(values, repeat=2):
            yield {name: one}, {name: other}
    for act in ("a", "does", "e", "ends", "states", "z"):
        for one, other in ("ab", "ba"):
            yield {"act": act, "speaker_id": one}, {"act": act, "speaker_id": other}
    for one, other in itertools.product(("a", "direct", "third_party", "z"), repeat=2):
        for few, many in (("ab", "abc"), ("abc", "ab")):
            yield {"attribution": one, "held": few}, {"attribution": other, "held": many}


KEYS: dict[str, tuple[Any, ...]] = {
    "document_id": ("c", "f"), "issue_id": ("i", "j"), "speaker_id": (None, "a", "b"),
    "attributed_by_id": (None, "a", "b"), "event_id": (None, "c", "e"), "target_id": (None, "a", "b"),
    "stated_on": ("x", "y"), "date_kind": ("day", "lasting"), "held": ("a", "ab", "ac", "bc", "abc"),
    "ascribers": ("", "a", "ab"),
}  # fmt: skip


def keys() -> Iterator[Row]:
    """Make stances that repeat each other, or differ in one column, in a holder or in aspects."""
    cases = [
        ({name: one}, {name: other})
        for name, values in KEYS.items()
        for one, other in itertools.product(values, repeat=2)
    ]
    around = {"issue_id": "k", "held": "abc"}
    for number, pair in enumerate(cases):
        for own, changes in zip("rstu", (around, *pair, around), strict=True):
            yield from _keyed(f"key{number:02}", own, changes)
    for aspects in itertools.product("xy", repeat=3):
        part = f"key-{''.join(aspects)}"
        for own, aspect in zip("rst", aspects, strict=True):
            yield from _keyed(part, own, {})
            yield "stance_aspects", {"stance_id": part + own, "aspect": aspect}


def _keyed(part: str, own: str, changes: dict[str, str | None]) -> Iterator[Row]:
    row = {name: values[0] for name, values in KEYS.items()} | changes
    ids = {name: row[name] and part + row[name] for name in row if name.endswith("_id")}
    dated = {"stated_on": row["stated_on"], "date_kind": row["date_kind"]}
    yield "stances", {"stance_id": part + own, **ids, **dated}
    for table, actors in (("holders", row["held"]), ("ascribers", row["ascribers"])):
        for actor in actors:
            yield table, {"stance_id": part + own, "actor_id": part + actor}


def _day(day: int, year: int = 2021) -> datetime.date:
    return datetime.date(year, 10, day)
