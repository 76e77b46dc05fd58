"""Compare packaged questions with the naive oracle on made-up tables full of ties.

Positions derived from stances rarely tie in all but one of the columns that order them.
"""

from __future__ import annotations

import datetime
import random
from typing import Any

import pyarrow as pa

from stancedata import model
from stancedata.questions.runner import Asker
from stancedata.tables.contract import BY_NAME
from stancedata.tables.rows import to_tables
from stancedata.tables.source import as_source
from tests.support import oracle_questions as naive
from tests.support import strategies

Row = dict[str, Any]
HOLDERS = ("ada", "ben", "cyd")
ISSUES = ("aid", "peace")
ENDS = (None, datetime.date(2021, 10, 30), None)
DAYS = [datetime.date(2021, 10, day) for day in (19, 20, 25, 30, 31)]
CONTENT = model.Content(
    strategies.CODEBOOK,
    tuple(
        model.Actor(actor_id, "A", "state", valid_to=end)
        for actor_id, end in zip(HOLDERS, ENDS, strict=True)
    ),
)


def made_up_positions(rng: random.Random) -> list[Row]:
    """Make shuffled rows of positions with few days and levels, so that many tie."""
    nothing = dict.fromkeys(("iso3", "cow", "gw", "governs_iso3", "event_id"))
    same = dict.fromkeys(("level_name", "stated_on", "attribution", "confidence", "summary"), "x")
    rows = [
        {
            **nothing, **same, "actor_id": actor_id, "actor_name": "A", "issue_id": issue_id,
            "level": level, "level_min": level, "level_max": level, "date_kind": stated.kind,
            "stated_earliest": stated.earliest, "stated_latest": stated.latest,
            "own": rng.random() < 0.5, "contested": False, "mixed": False, "document_count": 1,
        }
        for actor_id in HOLDERS
        for issue_id in ISSUES
        for stated in strategies.TIES
        for level in (rng.choice([None, -2, -1, -1, 0, 1, 1, 2]),)
        if rng.random() < 0.8
    ]  # fmt: skip
    for number, row in enumerate(rng.sample(rows, len(rows))):
        row["stance_id"] = f"s{number:03}"
    rng.shuffle(rows)
    return rows


def asker_of(rows: list[Row]) -> Asker:
    """Make a runner of questions on these positions, without stances."""
    table = pa.Table.from_pylist(rows, schema=BY_NAME["positions"].schema)
    return Asker(as_source({**to_tables(CONTENT), "positions": table}))


def in_order(rows: list[Row]) -> list[Row]:
    """Sort positions by their key."""
    key = ("actor_id", "issue_id", "stated_earliest", "stated_latest", "date_kind")
    return sorted(rows, key=lambda row: [row[name] for name in key])


def check_shifts(seed: int) -> None:
    """Compare shifts with the oracle: each change of level, in order of ranking."""
    for rows in map(made_up_positions, map(random.Random, range(seed, seed + 5))):
        expected = naive.shifts(in_order(rows))
        found = asker_of(rows).ask("shifts").to_pylist()
        assert expected == [{name: row[name] for name in expected[0]} for row in found]


def check_contradictions(seed: int) -> None:
    """Compare contradictions with the oracle, in order."""
    for rng in map(random.Random, range(seed, seed + 5)):
        rows = [_stance(rng, number) for number in range(160)]
        expected = [
            {"stance_id": row["stance_id"], "contested": len({r["side"] for r in levelled}) > 1}
            for row in rows
            for levelled in ([r for r in _on_occasion(rows, row) if r["level"] is not None],)
            if row["level"] is not None
            and any(
                r["document_id"] != row["document_id"] and r["level"] != row["level"]
                for r in levelled
            )
        ]
        rng.shuffle(rows)
        relations = {"counted": pa.Table.from_pylist(rows)}
        found = asker_of([]).ask("contradictions", relations).to_pylist()
        order = ("actor_id", "issue_id", "stated_earliest", "stated_latest", "date_kind",
                 "document_id", "stance_id")  # fmt: skip
        assert found == sorted(found, key=lambda row: [row[name] for name in order])
        told = [{name: row[name] for name in ("stance_id", "contested")} for row in found]
        assert expected == sorted(told, key=lambda row: row["stance_id"])


def _stance(rng: random.Random, number: int) -> Row:
    """Make a counted stance on one of few occasions, none in the order of the documents."""
    stated, level = rng.choice(strategies.TIES), rng.choice([None, -2, -1, 0, 1, 2])
    return {
        "actor_id": rng.choice(HOLDERS), "issue_id": rng.choice(ISSUES), "date_kind": stated.kind,
        "earliest": stated.earliest, "latest": stated.latest, "stated_on": stated.text,
        "stance_id": f"s{number:03}", "document_id": rng.choice(["d1", "d2"]), "level": level,
        "level_name": "x", "attribution": "x", "confidence": "x", "own": True, "summary": "x",
        "counts_from": stated.earliest if stated.kind == "lasting" else stated.latest,
        "side": None if level is None else (level > 0) - (level < 0),
    }  # fmt: skip


def _on_occasion(rows: list[Row], row: Row) -> list[Row]:
    names = ("actor_id", "issue_id", "date_kind", "earliest", "latest")
    return [other for other in rows if all(other[name] == row[name] for name in names)]


ATTRIBUTIONS = ("a", "direct", "quoted", "third_party", "z")
CONFIDENCES = ("a", "high", "low")
RANKED = {
    (field, value): rank
    for field, values in (("a", CONFIDENCES), ("attribution", ATTRIBUTIONS[:4]), ("b", ATTRIBUTIONS),
                          ("confidence", CONFIDENCES[:2]), ("z", (*ATTRIBUTIONS, *CONFIDENCES)))
    for rank, value in zip((None, 1, 2, 3, 4, None, 5, 6), values, strict=False)
}  # fmt: skip
"""Ranks of values, some null, and ranks of the same values in other lists."""


def test_shifts_break_ties() -> None:
    """Shifts of tied positions are in the order of the contract."""
    check_shifts(20211020)


def test_contradictions_break_ties() -> None:
    """Contradictions of occasions with the same days are kept apart, and are in order."""
    check_contradictions(20211020)
