"""Compare packaged questions with the naive oracle on made-up tables full of ties.

Positions derived from stances rarely tie in all but one of the columns that order them.
"""

from __future__ import annotations

import datetime
import itertools
import random
from typing import Any

import pyarrow as pa

from stancedata import model
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.questions.arguments import Period, periods_of
from stancedata.questions.positions import counted
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


def check_history(seed: int) -> None:
    """Compare the history with the oracle: every position, oldest first."""
    for rows in map(made_up_positions, map(random.Random, range(seed, seed + 5))):
        assert in_order(rows) == asker_of(rows).ask("history").to_pylist()


def check_shifts(seed: int) -> None:
    """Compare shifts with the oracle: each change of level, in order of ranking."""
    for rows in map(made_up_positions, map(random.Random, range(seed, seed + 5))):
        expected = naive.shifts(in_order(rows))
        found = asker_of(rows).ask("shifts").to_pylist()
        assert expected == [{name: row[name] for name in expected[0]} for row in found]


def both_forms(asker: Asker, periods: list[Period], **parameters: Any) -> list[pa.Table]:
    """Run the readable `as_of` and the fast `panel`."""
    days = asker._days(periods)
    return [asker.ask(name, days, **parameters) for name in ("as_of", "panel")]


def check_as_of(seed: int) -> None:
    """Compare positions as of each day on which an answer can change with the oracle."""
    periods = [
        (f"{first} {last}", first, last)
        for first, last in itertools.combinations_with_replacement(DAYS, 2)
    ]
    for rows in map(made_up_positions, map(random.Random, range(seed, seed + 3))):
        for max_age in (None, 0, 5, 11):
            expected = naive.as_of(CONTENT, rows, periods, max_age)
            for found in both_forms(asker_of(rows), periods, max_age=max_age):
                assert expected == found.to_pylist()


def scattered(rng: random.Random) -> list[Row]:
    """Make positions over a year with dates so vague that later-settled ones often rank lower."""
    rows = made_up_positions(rng)
    for row in rows:
        first = datetime.date(2021, 1, 1) + datetime.timedelta(days=30 * rng.randrange(8))
        last = first + datetime.timedelta(days=rng.choice((0, 0, 40, 90, 150)))
        row |= {"stated_earliest": first, "stated_latest": last}
    return rows


def check_as_of_months(seed: int) -> None:
    """Compare each month's end with the oracle: late news of early days replaces nothing newer."""
    periods = periods_of("month", datetime.date(2020, 12, 1), datetime.date(2022, 1, 1))
    for rows in map(scattered, map(random.Random, range(seed, seed + 20))):
        expected = naive.as_of(CONTENT, rows, periods)
        for found in both_forms(asker_of(rows), periods):
            assert expected == found.to_pylist()


check_panel = check_as_of


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


def made_up_stances(rng: random.Random) -> dict[str, list[Row]]:
    """Make stances that vary in all that decides whether they count, with near-miss words."""
    begin = datetime.date(2021, 10, 18)
    events = [
        {"event_id": f"e{days}", "held_on": f"e{days}", "held_kind": "lasting", "held_earliest": begin,
         "held_latest": begin + datetime.timedelta(days)}
        for days in range(6)
    ]  # fmt: skip
    stances = [
        {**_stance(rng, number), "attribution": rng.choice(ATTRIBUTIONS),
         "confidence": rng.choice(CONFIDENCES), "quantifier": rng.choice([None, None, "most"]),
         "event_id": rng.choice([None, *(event["event_id"] for event in events)])}
        for number in range(200)
    ]  # fmt: skip
    for row in stances:
        row["stated_earliest"], row["stated_latest"] = row["earliest"], row["latest"]
    holders = [
        {"stance_id": row["stance_id"], "actor_id": actor_id, "role": role}
        for row in stances
        for actor_id in rng.sample(HOLDERS, rng.randint(1, 3))
        for role in (rng.choice(["dissociates", "party", "party", "z"]),)
    ]
    vocabulary = [{"field": f, "value": v, "rank": rank} for (f, v), rank in RANKED.items()]
    documents = [{"document_id": d, "origin_id": f"origin of {d}"} for d in ("d1", "d2")]
    return {"events": events, "stances": stances, "holders": holders, "vocabulary": vocabulary,
            "documents": documents}  # fmt: skip


def check_counted(seed: int) -> None:
    """Compare `counted` with the oracle: occasions, ranks, and whether the holder is alone."""
    rows = made_up_stances(random.Random(seed))
    engine = DuckDBEngine()
    tables = {name: pa.Table.from_pylist(some) for name, some in rows.items()}
    for name, table in tables.items():
        engine.register(name, table)
    found = counted(engine, tables["events"]).to_pylist()
    expected = [
        _counted(rows, stance, holder)
        for stance in rows["stances"]
        for holder in rows["holders"]
        if holder["stance_id"] == stance["stance_id"] and holder["role"] == "party"
        and stance["attribution"] != "third_party" and stance["quantifier"] is None
    ]  # fmt: skip

    def key(row: Row) -> tuple[str, str]:
        return row["stance_id"], row["actor_id"]

    assert sorted(expected, key=key) == sorted(found, key=key)


def _counted(rows: dict[str, list[Row]], stance: Row, holder: Row) -> Row:
    """Make the row of a stance for one of its parties."""
    when = {n: stance[n] for n in ("date_kind", "earliest", "latest", "stated_on")}
    for event in rows["events"]:
        days = (event["held_latest"] - event["held_earliest"]).days + 1
        if event["event_id"] == stance["event_id"] and days <= 3:
            when = {"date_kind": event["held_kind"], "earliest": event["held_earliest"],
                    "latest": event["held_latest"], "stated_on": event["held_on"]}  # fmt: skip
    same = ("issue_id", "stance_id", "event_id", "attribution", "confidence", "level", "level_name",
            "summary", "document_id", "side")  # fmt: skip
    return {
        "actor_id": holder["actor_id"], **when, **{name: stance[name] for name in same},
        "counts_from": when["earliest" if when["date_kind"] == "lasting" else "latest"],
        "origin_id": f"origin of {stance['document_id']}",
        "attribution_rank": RANKED.get(("attribution", stance["attribution"])) or 99,
        "confidence_rank": RANKED.get(("confidence", stance["confidence"])) or 99,
        "own": [h["stance_id"] for h in rows["holders"]].count(stance["stance_id"]) == 1,
    }  # fmt: skip


def test_counted_equals_the_oracle() -> None:
    """The counted stances and their columns equal the oracle's."""
    check_counted(20211020)


def test_history_breaks_ties() -> None:
    """Positions that tie by their days are ordered by date kind."""
    check_history(20211020)


def test_shifts_break_ties() -> None:
    """Shifts of tied positions are in the order of the contract."""
    check_shifts(20211020)


def test_as_of_breaks_ties() -> None:
    """Of tied positions, the one that the contract names is chosen, on every day."""
    check_as_of(20211020)


def test_months_after_each_other() -> None:
    """Each month has the position at its end, even if it settled before those it outranks."""
    check_as_of_months(20211020)


def test_contradictions_break_ties() -> None:
    """Contradictions of occasions with the same days are kept apart, and are in order."""
    check_contradictions(20211020)
