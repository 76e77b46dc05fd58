"""The synthetic world that stances are about: actors, their roles, and events.

There are always two hundred holders: 191 that can hold a stance jointly (a prime number, so that any
step visits them all), then nine blocs. Each has two speakers, one before 2020 and one since.
"""

from __future__ import annotations

import datetime
import functools
from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from benchmarks.made.texts import Numbers, words

Rows = list[dict[str, Any]]
KINDS = {"state": 150, "movement": 20, "organisation": 12, "government": 9, "bloc": 9}
HOLDERS, JOINT = 200, 191
TURN = (datetime.date(2020, 1, 1) - datetime.date(1970, 1, 1)).days
BEGIN, END = TURN - 1826, TURN + 2180  # from 2015 to the end of 2025
_BEGIN_DAY, _TURN_DAY = datetime.date(2010, 1, 1), datetime.date(2020, 1, 1)
_FIRST = "Ka Mo Be Lu Sa Ti Ro Na Ve Do Ha Ji Pe Zu Ca"
_LAST = "ravia land donia stan mark ria vania tana gora lesia"
_GIVEN = "Ana Ben Cléo Dara Emil Fay Gus Hana Ivo Jun Kai Lea Mia Nils Ole Pia Quin Rosa Sami Tove"
_FAMILY = (
    "Adar Bello Costa Dunn Eder Falk Gallo Holm Ibsen Jonas Keller Lund Møller Nagy Orta Petri Rahm "
    "Silva Turan Vidal"
)
_LENGTHS = np.array([1, 1, 1, 1, 1, 2, 2, 3, 5, 8])


def _names() -> list[tuple[str, str, str]]:
    """List id, name and kind of every holder."""
    lands = [a + b for a in _FIRST.split() for b in _LAST.split()]
    forms = {"state": "{}", "movement": "Movement of {}", "organisation": "Organisation for {}",
             "government": "Government of {}", "bloc": "{} Bloc"}  # fmt: skip
    return [
        (f"{kind}-{n:03}", forms[kind].format(lands[n]), kind)
        for kind, count in KINDS.items()
        for n in range(count)
    ]


def _people() -> list[tuple[str, str, str]]:
    """List id, name and kind of every speaker."""
    names = [f"{given} {family}" for given in _GIVEN.split() for family in _FAMILY.split()]
    return [(f"person-{n:03}", name, "person") for n, name in enumerate(names)]


@attrs.frozen(eq=False)
class World:
    """Actors by number, holders first and then speakers; and events.

    Attributes:
        ids: Ids of the actors.
        names: Names of the actors.
        rank: Rank of each actor in the order of ids.
        event_first: First day of each event, in days since 1970.
        event_last: Last day of each event.
    """

    ids: pa.Array[Any]
    names: pa.Array[Any]
    rank: Numbers
    event_ids: pa.Array[Any]
    event_first: Numbers
    event_last: Numbers


@functools.cache
def actors() -> list[tuple[str, str, str]]:
    """List id, name and kind of every actor."""
    return [*_names(), *_people()]


def make_world(stances: int) -> World:
    """Make the world for a number of stances: the more stances, the more events."""
    ids = [key for key, _, _ in actors()]
    number = np.arange(min(max(stances // 100, 20), 4000))
    first = BEGIN + number * (END - BEGIN - 30) // len(number)
    return World(
        words(*ids), words(*(name for _, name, _ in actors())), np.argsort(np.argsort(ids)),
        words(*(f"event-{n:05}" for n in number)), first, first + _LENGTHS[number % 10] - 1,
    )  # fmt: skip


def actor_rows() -> dict[str, Rows]:
    """Make the rows of the tables about actors."""
    rows: dict[str, Rows] = {name: [] for name in ("actors", "actor_names", "actor_codes", "roles")}
    for n, (key, name, kind) in enumerate(actors()):
        iso3 = f"X{chr(65 + n // 26)}{chr(65 + n % 26)}" if kind == "state" else None
        cow = 100 + n if kind == "state" else None
        # Some actors end, so that their positions lapse.
        end = (
            datetime.date(2024, 6, 30)
            if kind in ("movement", "government") and n % 5 == 0
            else None
        )
        rows["actors"].append({"actor_id": key, "name": name, "kind": kind, "iso3": iso3, "cow": cow,
                               "gw": cow, "valid_from": _BEGIN_DAY, "valid_to": end})  # fmt: skip
        called = [(name, "preferred")] + ([(f"Republic of {name}", "alias")] if iso3 else [])
        rows["actor_names"] += [
            {"actor_id": key, "name": text, "language": "en", "kind": what, "position": i}
            for i, (text, what) in enumerate(called, 1)
        ]
        codes = (("iso3166-1-alpha3", iso3), ("cow", cow), ("gw", cow)) if iso3 else ()
        rows["actor_codes"] += [
            {"actor_id": key, "scheme": scheme, "code": str(code), "position": i}
            for i, (scheme, code) in enumerate(codes, 1)
        ]
        role = _role(n, kind)
        rows["roles"] += [{"actor_id": key, "number": 1, **role}] if role else []
    return rows


def _role(n: int, kind: str) -> dict[str, Any]:
    """Make the role of an actor: states are members of blocs, governments govern states."""
    if kind == "state" and n < 90:
        return {"role": "member_of", "of_actor_id": f"bloc-{n // 10:03}", "valid_from": _BEGIN_DAY}
    if kind == "government":
        return {
            "role": "governs",
            "of_actor_id": f"state-{100 + n % 50:03}",
            "valid_from": _BEGIN_DAY,
        }
    if kind != "person":
        return {}
    holder, since = (n - HOLDERS) % HOLDERS, n >= 2 * HOLDERS
    return {"role": "speaks_for", "of_actor_id": actors()[holder][0], "title": "Speaker",
            "valid_from": _TURN_DAY if since else _BEGIN_DAY,
            "valid_to": None if since else _TURN_DAY - datetime.timedelta(1)}  # fmt: skip


def event_rows(world: World, documents: int) -> dict[str, Rows]:
    """Make the rows of events and participants, which cite the first `documents` documents.

    Together they name every speaker: an unused actor would break a rule.
    """
    kinds = ("meeting", "talks", "statement", "vote")
    rows: dict[str, Rows] = {"events": [], "participants": []}
    epoch = datetime.date(1970, 1, 1)
    count = len(world.event_ids)
    size = max(8, -(-HOLDERS // (count // 2)))
    ids = [key for key, _, _ in actors()]
    for n, key in enumerate(world.event_ids.to_pylist()):
        first, last = (
            epoch + datetime.timedelta(int(d[n])) for d in (world.event_first, world.event_last)
        )
        rows["events"].append({
            "event_id": key, "name": f"Conference {n}", "series": f"Series {n % 40}", "place": "Kamark",
            "kind": kinds[n % 4], "held_on": str(first) if first == last else f"{first}/{last}",
            "held_kind": "day" if first == last else "lasting", "held_earliest": first, "held_latest": last,
            "source": f"https://events.example/{key}",
        })  # fmt: skip
        for i in range(size):
            holder = (n * size + i) % HOLDERS
            person = HOLDERS + holder + (HOLDERS if n >= count // 2 else 0)
            rows["participants"].append({
                "event_id": key, "number": i + 1, "actor_id": ids[holder],
                "role": _part(n, i), "document_id": f"doc-{n % documents:07}",
                "represented_by": ids[person],
            })  # fmt: skip
    return rows


def _part(n: int, i: int) -> str:
    if n % 4 == 3:
        return ("voted_for", "voted_for", "abstained", "voted_against")[(n + i) % 4]
    return "host" if i == 0 else ("participant", "participant", "invited", "absent")[(n + i) % 4]
