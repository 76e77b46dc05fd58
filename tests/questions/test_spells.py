"""The law of shifts: replaying, day by day, what stands of positions apart gives exactly the rows."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.engine import Engine
from stancedata.engines.packaged import packaged
from stancedata.questions.arguments import parameters_table
from stancedata.questions.positions import calendar
from tests.support.effort import examples

Row = dict[str, Any]
FIRST = datetime.date(2021, 10, 1)
DAYS = [FIRST + datetime.timedelta(number) for number in range(12)]
ENDS = {"ada": None, "ben": DAYS[5]}
KINDS = {"aid": "words", "relations": "deeds"}
NO_LEVEL = -(2**31) - 1
KEY = ("part", "actor_id", "issue_id", "date_kind", "earliest", "latest", "rung", "step_down")
LATENESS = {"uncertain": 0, "lasting": 1, "day": 2}
_DATES = ("earliest", "latest", "counts_from", "valid_to", "first_day", "last_day")
TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(_DATES, pa.date32()), "level": pa.int32(), "rung": pa.int64(),
    "step_down": pa.bool_(), "own": pa.bool_(),
}  # fmt: skip
NAMES = (*KEY, "kind", "counts_from", "level", "own", "level_name", "stated_on", "stance_id")


@st.composite
def positions_apart(draw: st.DrawFn) -> Row:
    """One row of `fold`, on one of a few days, so that many tie."""
    issue = draw(st.sampled_from(list(KINDS)))
    kind, date_kind = KINDS[issue], draw(st.sampled_from(list(LATENESS)))
    earliest, latest = sorted(draw(st.tuples(*[st.sampled_from(DAYS[:8:2])] * 2)))
    latest = earliest if date_kind == "day" else latest
    level = draw(st.sampled_from([None, -2, -1, 0, 1, 1, 2, 3]))
    part = draw(st.sampled_from(["own", "joint"]))
    rung = 0 if kind == "words" else NO_LEVEL if level is None else level
    return {
        "part": part, "actor_id": draw(st.sampled_from(list(ENDS))), "issue_id": issue, "kind": kind,
        "date_kind": date_kind, "earliest": earliest, "latest": latest, "rung": rung,
        "counts_from": earliest if date_kind == "lasting" else latest, "level": level,
        "level_name": str(level), "stated_on": str(earliest), "own": part == "own",
        "step_down": kind == "deeds" and draw(st.integers(0, 2)) == 0,
    }  # fmt: skip


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


many = st.lists(positions_apart(), max_size=24, unique_by=_key)


def later(row: Row) -> tuple[Any, ...]:
    """Order positions by what is later, as docs/semantics.md has it."""
    deed = row["kind"] == "deeds"
    level = (-row["rung"] if row["step_down"] else row["rung"]) if deed else 0
    return (
        row["earliest"], -row["latest"].toordinal(), LATENESS[row["date_kind"]], row["step_down"],
        level, -int(row["stance_id"]),
    )  # fmt: skip


def stands(rows: list[Row], day: datetime.date) -> Row | None:
    """Choose what stands as of a day, of one holder and issue."""
    counting = [row for row in rows if row["counts_from"] <= day]
    if not counting or counting[0]["kind"] == "words":
        return max(counting, key=later, default=None)
    step = max((row for row in counting if row["step_down"]), key=later, default=None)
    rungs = [
        row
        for row in counting
        if not row["step_down"] and (step is None or row["earliest"] > step["earliest"])
    ]
    candidates = rungs if step is None else [*rungs, step]
    return max(candidates, key=lambda row: (row["rung"], later(row)))


def by_holder(rows: list[Row]) -> Iterator[tuple[tuple[str, str, str], list[Row]]]:
    """Group positions by holder, issue and part, own before joint."""
    for actor_id, issue_id, part in itertools.product(ENDS, KINDS, ("own", "joint")):
        group = (part, actor_id, issue_id)
        yield group, [row for row in rows if _key(row)[:3] == group]


def replayed(rows: list[Row], on: datetime.date | None) -> Iterator[Row]:
    """Walk through the days, and give a row wherever the level differs from that of the day before."""
    for (part, actor_id, issue_id), all_of_it in by_holder(rows):
        before = None
        known = [row for row in all_of_it if row["level"] is not None]
        ends = [day for day in (on, ENDS[actor_id]) if day is not None]
        for day in (day for day in DAYS if all(day <= end for end in ends)):
            now = stands(known, day)
            if before is not None and now is not None and before["level"] != now["level"]:
                yield {
                    "actor_id": actor_id, "issue_id": issue_id, "own": part == "own",
                    "shifted_on": day, "stance_id_before": before["stance_id"],
                    "stance_id": now["stance_id"], "change": now["level"] - before["level"],
                    "stated_on_before": before["stated_on"], "stated_latest": now["latest"],
                    "kind": named(now["kind"], before["level"], now["level"]),
                }  # fmt: skip
            before = now


def named(kind: str, before: int, after: int) -> str:
    """Name the movement between two levels."""
    if kind == "deeds":
        return "step"
    if before * after < 0:
        return "reversal"
    return "softer" if abs(after) < abs(before) else "firmer"


def engine_of(rows: list[Row]) -> Engine:
    """Make an engine with positions apart, and with the tables that questions on them read."""
    engine = DuckDBEngine()
    engine.register("apart", made(rows, NAMES))
    actors = [{"actor_id": a, "name": a.upper(), "valid_to": end} for a, end in ENDS.items()]
    engine.register("actors", made(actors, ("actor_id", "name", "valid_to")))
    texts = ("document_id", "attribution", "confidence", "summary")
    stances = [{"stance_id": row["stance_id"], **dict.fromkeys(texts, "x")} for row in rows]
    engine.register("stances", made(stances, ("stance_id", *texts)))
    return engine


def made(rows: list[Row], names: Sequence[str]) -> pa.Table:
    """Make a table with a column of each name, of texts unless `TYPES` has another type."""
    fields: list[pa.Field[Any]] = [pa.field(name, TYPES.get(name, pa.string())) for name in names]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def ask(engine: Engine, name: str, ambiguous: bool = False, **parameters: Any) -> list[Row]:
    """Ask a question about the spells of an engine's positions apart."""
    asked = parameters_table({"ambiguous": ambiguous, **parameters})
    spells = engine.query(packaged("questions/spells"), parameters=asked)
    periods = [{"period": day.isoformat(), "first_day": day, "last_day": day} for day in DAYS]
    found = engine.query(
        packaged(f"questions/{name}"), parameters=asked, spells=spells,
        periods=made(periods, ("period", "first_day", "last_day")), calendar=calendar(DAYS[0], DAYS[-1]),
    )  # fmt: skip
    return list(found.to_pylist())


def numbered(rows: list[Row]) -> list[Row]:
    """Give positions the stances that represent them, in any order."""
    return [{**row, "stance_id": f"{number:03}"} for number, row in enumerate(rows)]


@examples(25)
@given(many, st.none() | st.sampled_from(DAYS[:8]))
def test_shifts_are_the_changes_of_what_stands(rows: list[Row], on: datetime.date | None) -> None:
    """Replaying every day gives exactly the rows of `shifts`, with both stances."""
    apart = numbered(rows)
    expected = list(replayed(apart, on))
    found = ask(engine_of(apart), "shifts", on_day=on)
    assert (
        expected == [{name: row[name] for name in expected[0]} for row in found]
        if expected
        else not found
    )


def test_shifts_are_what_the_matrix_shows(dataset: sd.Dataset) -> None:
    """Going through the matrix day by day gives exactly the shifts of everything that counts."""
    positions = dataset.tables["positions"].to_pylist()
    days = {row[name] for row in positions for name in ("stated_earliest", "stated_latest")}
    before: dict[tuple[str, str], Any] = {}
    expected: list[tuple[Any, ...]] = []
    for row in dataset.matrix(on=sorted(days)).to_pylist():
        key, level = (row["actor_id"], row["issue_id"]), row["level"]
        if level is not None and level != before.get(key, level):
            expected.append((*key, row["on_day"], before[key], level))
        before[key] = before.get(key, level) if level is None else level
    names = ["actor_id", "issue_id", "shifted_on", "level_before", "level"]
    found = dataset.shifts(across=True, low=True).select(names).to_pylist()
    assert expected
    assert sorted(expected) == sorted(tuple(row[name] for name in names) for row in found)


@examples(15)
@given(many, st.none() | st.integers(0, 4))
def test_what_stands_on_each_day(rows: list[Row], max_age: int | None) -> None:
    """`apart_as_of` gives each day's own position, with or without a level, that is not too old."""
    apart = numbered(rows)
    expected = []
    for (part, actor_id, issue_id), some in by_holder(apart):
        for day in DAYS:
            now, end = stands(some, day), ENDS[actor_id]
            if part == "joint" or now is None or (end is not None and day > end):
                continue
            held = now["latest"] if now["date_kind"] == "lasting" else now["earliest"]
            if max_age is None or (day - min(held, day)).days <= max_age:
                expected.append((day.isoformat(), actor_id, issue_id, now["level"]))
    found = ask(engine_of(apart), "apart_as_of", True, max_age=max_age)
    assert sorted(expected) == [
        (row["period"], row["actor_id"], row["issue_id"], row["level"]) for row in found
    ]
