"""Make small cases by hand, for tests of the oracle of edition 2: Northland on aid, unless told."""

from __future__ import annotations

import datetime
from typing import Any

from tests.support.edition2_answers import position
from tests.support.edition2_datasets import ISSUES, day, lasting, uncertain
from tests.support.edition2_records import Actor, Document, Records, Row, Stance, When

AID, RELATIONS = "aid", "relations"
TEN = ("northland", *(f"state-{n}" for n in range(1, 10)))
LEVELS = {issue.issue_id: {level: name for name, level in issue.levels} for issue in ISSUES}


def on(text: str) -> datetime.date:
    """Read a day."""
    return datetime.date.fromisoformat(text)


def stance(
    stance_id: str,
    level: int | None,
    stated: When,
    how: str = "quoted",
    confidence: str = "medium",
    issue: str = AID,
    holders: tuple[str, ...] = ("northland",),
    **more: Any,
) -> Stance:
    """Make a stance, of Northland on aid unless told otherwise."""
    name = "ambiguous" if level is None else LEVELS[issue][level]
    parts = tuple((h, "party") for h in holders)
    document = stance_id.split("#", maxsplit=1)[0]
    return Stance(stance_id, document, issue, level, name, stated, parts, how, confidence, **more)


def document(document_id: str, **more: Any) -> Document:
    """Make a document of 21 October 2021."""
    return Document(document_id, day("2021-10-21"), **more)


def records(*stances: Stance, documents: tuple[Document, ...] = (), **more: Any) -> Records:
    """Make a dataset; actors and documents that are not given are plain."""
    given = {d.document_id for d in documents}
    plain = sorted({s.document_id for s in stances} - given)
    actors = more.pop("actors", tuple(Actor(a, a.title()) for a in TEN))
    return Records(
        ISSUES, actors, documents=(*documents, *map(document, plain)), stances=stances, **more
    )


def standing(data: Records, text: str, issue: str = AID) -> int | None:
    """Return Northland's level as of a day."""
    row = position(data, "northland", issue, on(text))
    assert row is not None
    level: int | None = row["level"]
    return level


def picked(rows: list[Row], *names: str) -> list[tuple[Any, ...]]:
    """Keep some columns of rows, sorted."""
    return sorted(tuple(row[name] for name in names) for row in rows)


DAY = day("2021-10-20")
# The worked example of section 3.10.
NORTHLAND = records(
    stance("a#s01", 1, day("2021-10-20"), "reported", "high", holders=TEN),
    stance("a#s02", 2, day("2021-10-20"), "reported"),
    stance("b#s01", 2, day("2021-10-20")),
    stance("c#s01", 2, day("2021-10-20")),
    stance("d#s01", 1, day("2021-10-20")),
    stance("e#s01", 1, lasting("2021-08-15", "2021-10-21"), "reported", "high"),
    stance("f#s01", -1, uncertain("2021-10-01", "2021-10-31"), "reported"),
    documents=(document("c", derived_from="b"),),
)
DEEDS = records(
    stance("a#s01", 2, lasting("2021-08-15", "2021-10-21"), issue=RELATIONS),
    stance("a#s02", 1, day("2021-10-05"), issue=RELATIONS),
    stance("a#s03", 4, day("2023-09-13"), issue=RELATIONS),
    stance("a#s04", 1, day("2024-02-01"), issue=RELATIONS),
    stance("a#s05", 2, day("2025-03-01"), issue=RELATIONS, act="ends"),
    stance("a#s06", 1, day("2025-03-01"), issue=RELATIONS),
)
