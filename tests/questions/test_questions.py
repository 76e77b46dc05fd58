"""Compare every packaged question with a naive oracle, and test the methods that ask them."""

from __future__ import annotations

import datetime
import functools
import itertools
import math
import random
import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import stancedata as sd
from stancedata import model
from stancedata.dataset import Dataset
from stancedata.dataset.packaged import load
from stancedata.questions import similarity
from stancedata.questions.answers import ANSWERS
from stancedata.questions.arguments import MOST_PERIODS, periods_of
from stancedata.questions.ranks import Ranked
from stancedata.tables.columns import conform
from tests.questions.test_positions import LONG, ON_DAYS, make
from tests.support import oracle_questions as naive
from tests.support import strategies
from tests.support.effort import TIMES
from tests.support.side_by_side import gather, hold_for_all

Row = dict[str, Any]


def rows_of(table: pa.Table, *names: str) -> list[tuple[Any, ...]]:
    """Get some columns of a table, row by row."""
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


def alike(expected: list[Row], found: list[Row]) -> None:
    """Compare rows in the expected columns, with a tolerance for floats."""
    assert len(expected) == len(found)
    for one, other in zip(expected, found, strict=True):
        for name, value in one.items():
            exact = value is None or not isinstance(value, float)
            assert value == other[name] if exact else value == pytest.approx(other[name]), name


def check_questions(content: model.Content, day: datetime.date) -> None:
    """Compare conditions with the oracle, and several days together with each alone."""
    dataset = make(content)
    days = [day, day - datetime.timedelta(days=200), day]
    once = [row for d in sorted(set(days)) for row in dataset.matrix(on=d).to_pylist()]
    assert once == dataset.matrix(on=days).to_pylist()
    for on in (day, *_turning_days(content)):
        table = dataset.conditions(on=on)
        found = rows_of(table, "actor_id", "stance_id", "number", "condition", "status")
        assert naive.conditions(content, on) == sorted(found, key=lambda row: row[:3])
        alike(naive.conditions_in_full(content, on), table.to_pylist())


def _turning_days(content: model.Content) -> list[datetime.date]:
    """Choose days on which a condition begins or its status becomes known, and the days before."""
    stated = [stance.stated_on for stance in content.stances if stance.conditions]
    statuses = [c.status_on for stance in content.stances for c in stance.conditions]
    known = [date.latest for date in statuses if date is not None]
    begun = [date.latest for date in stated if date.kind != "lasting"]
    lasting = [date.earliest for date in stated if date.kind == "lasting"]
    days = {day for some in (begun, known, lasting) for day in sorted(some)[:2]}
    before = {day - datetime.timedelta(1) for day in days if day > datetime.date.min}
    return sorted(days | before)


def check_at(count: int, together: int) -> None:
    """Compare the questions on many datasets, several of them together as of one day."""
    contents = gather(strategies.questions(), count)
    groups = [contents[start : start + together] for start in range(0, count, together)]
    asked = gather(ON_DAYS, len(groups))
    for some, day in zip(groups, itertools.cycle(asked), strict=False):
        hold_for_all(check_questions, some, day)


def test_questions_equal_the_oracle() -> None:
    """Conditions, and the matrix of several days, equal the oracle's."""
    check_at(120 * TIMES, 20)


YEARS = ("2019", "2020", "2021")


def on_record(rng: random.Random, issues: tuple[model.Issue, ...]) -> list[Row]:
    """Make positions of sixteen holders over three years on most issues, some without a level."""
    return [
        {
            "period": period,
            "actor_id": f"a{number:02}",
            "actor_name": f"A{number}",
            "issue_id": issue.issue_id,
            "level": rng.choice([None, *(level.level for level in issue.levels)]),
            "own": rng.random() < 0.7,
        }
        for period in YEARS
        for number in range(16)
        for issue in issues
        if rng.random() < 0.9
    ]


def check_agreement_on(
    rng: random.Random, issues: tuple[model.Issue, ...], least: int, holders: list[str | None]
) -> None:
    """Compare agreement with the oracle on `least` pairs or more; one holder gives a subset."""
    content = model.Content(model.Codebook(issues, strategies.CODEBOOK.vocabulary))
    standing = on_record(rng, issues)
    schema = ANSWERS["as_of"].schema
    names = list(standing[0])
    table = pa.Table.from_pylist(standing, schema=pa.schema([schema.field(n) for n in names]))
    for all_issues in (False, True):
        expected: list[Row] = []
        for period in YEARS:
            some = [row for row in standing if row["period"] == period]
            pairs = naive.agreement(content, some, all_issues)
            expected += [{**row, "period": period} for row in pairs]
        for row in expected:
            row["actor_name_1"], row["actor_name_2"] = (
                f"A{int(row[name][1:])}" for name in ("actor_id_1", "actor_id_2")
            )
        assert len(expected) > least
        for holder in holders:
            part = [r for r in expected if holder in (None, r["actor_id_1"], r["actor_id_2"])]
            asker = make(content)._asker
            asked: dict[str, Any] = {"actor_id": holder, "all_issues": all_issues}
            found = asker.agreement_of(table, **asked)
            alike(part, found.to_pylist())
            if similarity.is_available():  # by NumPy 2; with another the query answers
                alike(part, counted(standing, make(content), asked).to_pylist())


def counted(standing: list[Row], dataset: Dataset, asked: dict[str, Any]) -> pa.Table:
    """Compare the same holders in NumPy: each position stands on the last day of its year only."""
    last_day = {year: datetime.date(int(year), 12, 31) for year in YEARS}
    keys = sorted(standing, key=lambda row: (row["actor_id"], row["issue_id"], row["period"]))
    kinds = {"date_rank": 1, "rung": 0, "step_down": False, "stance_id": "s"}
    rows = pa.Table.from_pylist([
        {**row, **kinds, "level": row["level"] or 0, "has_level": row["level"] is not None,
         **dict.fromkeys(("counts_from", "earliest", "latest", "holds_until"), last_day[row["period"]])}
        for row in keys
    ])  # fmt: skip
    names = {row["actor_id"]: row["actor_name"] for row in standing}
    ranked = Ranked(rows, dict.fromkeys(names))
    periods = [(year, day, day) for year, day in last_day.items()]
    found = similarity.agreement(ranked, names, dataset.tables, periods, 0, **asked)
    return conform(ANSWERS["agreement"], found)


def check_agreement(seed: int) -> None:
    """Compare many holders on five issues, one with a single level, with the oracle."""
    only = model.Issue("rites", "Rites", "To be kept.", True, (model.Level("keeps", 1, "does"),))
    issues = (*strategies.CODEBOOK.issues, only)
    check_agreement_on(random.Random(seed), issues, 90, [None, "a00", "a07", "a15"])


def check_agreement_of_any_scale(seed: int) -> None:
    """The same on fifty issues with scales narrow, wide, uneven, one-sided or of one level."""
    rng = random.Random(seed)
    scales: list[list[int]] = [[-(2**31), -1, 0, 7, 2**31 - 1], [5], list(range(-100, 101))]
    for number in range(47):
        # Some scales are alike, so that their steps share a word; others have steps of their own.
        lowest, width = rng.randrange(-9, 4), rng.randrange(1, 12)
        others = rng.sample(range(lowest, lowest + width), rng.randrange(1, width + 1))
        scales.append([-2, -1, 0, 1, 2] if number % 2 else sorted({*others, lowest + width}))
    issues = tuple(
        model.Issue(
            f"i{number:02}", f"I{number}", "To be said.", number % 7 > 0,
            tuple(model.Level(f"level {level}", level, "so") for level in scale),
        )
        for number, scale in enumerate(scales)
    )  # fmt: skip
    check_agreement_on(rng, issues, 300, [None, "a07"])


def test_agreement_equals_the_oracle() -> None:
    """Similarities, signs and shares of sixteen holders equal the oracle's."""
    check_agreement(20211020)


def test_agreement_takes_any_scale() -> None:
    """For any number of issues and any width of scale, the answer equals the oracle's."""
    check_agreement_of_any_scale(20211020)


def test_agreement_of_one_holder(dataset: sd.Dataset) -> None:
    """A holder's id, name or code selects its pairs, on either side, from the whole answer."""
    whole = dataset.agreement(on="2021-10-20", all_issues=True)
    part = whole.filter((pc.field("actor_id_1") == "russia") | (pc.field("actor_id_2") == "russia"))
    assert 0 < part.num_rows < whole.num_rows
    assert "russia" in part["actor_id_1"].to_pylist()
    assert "russia" in part["actor_id_2"].to_pylist()
    for name in ("russia", "Kremlin", "RUS"):
        assert part.equals(dataset.agreement(on="2021-10-20", all_issues=True, holder=name))
    monthly = dataset.agreement(every="month", holder="russia")
    assert set(monthly["period"].to_pylist()) == set(
        dataset.agreement(every="month")["period"].to_pylist()
    )
    with pytest.raises(sd.UnknownIdError, match="no actor is called 'rusia'; did you mean"):
        dataset.agreement(holder="rusia")


def turned(dataset: Dataset) -> Dataset:
    """Reverse the rows of every table of a dataset."""
    tables = {}
    for name, table in dataset.tables.items():
        order = pa.array(range(table.num_rows), pa.int64())
        tables[name] = table.take(order[::-1])
    return Dataset(tables, "0.0.0+test")


def askable(dataset: Dataset, day: datetime.date) -> dict[str, Callable[..., pa.Table]]:
    """List the questions that take a holder and an issue."""
    return {
        "matrix": functools.partial(dataset.matrix, on=day),
        "positions": dataset.positions,
        "shifts": functools.partial(dataset.shifts, low=True),
        "shifts across": functools.partial(dataset.shifts, across=True),
        "contradictions": dataset.contradictions,
        "conditions": functools.partial(dataset.conditions, on=day),
    }


def check_arguments(content: model.Content, day: datetime.date) -> None:
    """Check that asking for one holder or issue gives that part of the whole answer.

    The whole answer and its order must not depend on the order of rows.
    """
    dataset = make(content)
    asked = askable(dataset, day)
    for name, ask in askable(turned(dataset), day).items():
        assert asked[name]().equals(ask()), name
    for name, ask in asked.items():
        whole = ask().to_pylist()
        middle = whole[len(whole) // 2]["actor_id"] if whole else content.actors[0].actor_id
        for holder, issue in itertools.product((None, middle), (None, "peace", "recognition")):
            part = [
                row
                for row in whole
                if holder in (None, row["actor_id"]) and issue in (None, row["issue_id"])
            ]
            assert part == ask(holder=holder, issue=issue).to_pylist(), (name, holder, issue)


def test_arguments_take_a_part() -> None:
    """Every question, asked for one holder or issue, gives that part of the whole answer."""
    contents = gather(strategies.questions(least=12, most=24), 20) + gather(strategies.tied(), 20)
    hold_for_all(check_arguments, contents, datetime.date(2021, 12, 31))


def check_agreement_by_period(content: model.Content, joint: bool) -> None:
    """Compare agreement by month with that on each month's last day."""
    dataset = make(content)
    months = dataset.agreement(every="month", start="2021-08-09", end="2021-12-31", joint=joint)
    expected: list[Row] = []
    for period, _, day in periods_of(
        "month", datetime.date(2021, 8, 9), datetime.date(2021, 12, 31)
    ):
        alone = dataset.agreement(on=day, joint=joint).to_pylist()
        expected += [{**row, "period": period} for row in alone]
    assert expected == months.to_pylist()


@pytest.mark.parametrize("joint", [True, False])
def test_agreement_by_period_is_that_of_each_last_day(joint: bool) -> None:
    """Agreement over many periods equals agreement at the end of each of them."""
    hold_for_all(check_agreement_by_period, gather(strategies.questions(), 60), joint)


@pytest.mark.parametrize("every", ["month", "year"])
def test_periods_together_are_those_alone(dataset: sd.Dataset, every: str) -> None:
    """Panel and agreement over all periods equal those on each last day."""
    panel, agreement = dataset.panel(every), dataset.agreement(every=every)
    names = ["actor_id", "issue_id", "level", "stance_id", "age_days", "covered"]
    first, last = (
        getattr(pc, what)(dataset.tables["positions"][column]).as_py()
        for what, column in (("min", "stated_earliest"), ("max", "stated_latest"))
    )
    for period, _, day in periods_of(every, first, last):
        ours = panel.filter(pc.field("period") == period)
        alone = dataset.matrix(on=day).select(names)
        assert ours.select(names).to_pylist() == alone.to_pylist()
        pairs = agreement.filter(pc.field("period") == period).drop_columns("period")
        assert pairs.equals(dataset.agreement(on=day).drop_columns("period"))


def test_agreement_takes_a_day_or_periods(dataset: sd.Dataset) -> None:
    """A day combined with periods, or start and end without periods, are refused."""
    with pytest.raises(
        sd.StancedataError, match="on: cannot be combined with every; use start and end"
    ):
        dataset.agreement(on="2021-10-20", every="month")
    with pytest.raises(sd.StancedataError, match="start and end: need periods; add every="):
        dataset.agreement(start="2021-10-20")
    with pytest.raises(
        sd.StancedataError, match="every: must be month, quarter or year, got 'week'"
    ):
        dataset.agreement(every="week")


@pytest.mark.long
def test_questions_at_length() -> None:
    """The same with ten thousand examples."""
    check_at(LONG, 25)


def test_an_empty_dataset_answers() -> None:
    """Without stances every question has an empty answer with all of its columns."""
    dataset = make(model.Content(strategies.CODEBOOK))
    for found, name in (
        (dataset.shifts(), "shifts"), (dataset.contradictions(), "contradictions"),
        (dataset.conditions(), "conditions"), (dataset.matrix(), "matrix"),
        (dataset.matrix(silent=True), "matrix"), (dataset.silence(issue="aid"), "silence"),
        (dataset.agreement(), "agreement"), (dataset.positions(), "history"),
        (dataset.panel("year", start="2021-01-01", end="2021-12-31"), "panel"),
        (dataset.panel("year", start="2021-01-01", end="2021-12-31", balanced=True), "panel"),
    ):  # fmt: skip
        assert 0 == found.num_rows
        assert ANSWERS[name].schema == found.schema


def test_answers_are_described(dataset: sd.Dataset) -> None:
    """Every column of an answer has a description."""
    answers = (dataset.shifts(), dataset.matrix(), dataset.agreement(), dataset.conditions())
    for found in (*answers, dataset.silence(issue="aid"), dataset.contradictions()):
        assert all((field.metadata or {}).get(b"description") for field in found.schema)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("russia", "russia"), ("Kremlin", "russia"), ("RUS", "russia"), ("rus", "russia"),
        ("365", "russia"), ("Q159", "russia"), ("Lavrov", "sergei-lavrov"),
        ("Sergey Lavrov", "sergei-lavrov"), ("USA", "united-states"),
    ],
)  # fmt: skip
def test_resolve(dataset: sd.Dataset, name: str, expected: str) -> None:
    """Names, spellings and codes resolve to ids."""
    assert expected == dataset.actors.resolve(name)


def test_resolve_refuses(dataset: sd.Dataset, repository: Any) -> None:
    """A misspelt name gets a suggestion; an ambiguous one lists the actors."""
    with pytest.raises(
        sd.UnknownIdError, match=r"no actor is called 'Kremln'; did you mean 'Kremlin'\?"
    ):
        dataset.actors.resolve("Kremln")
    file = repository / "actors" / "rebels.yaml"
    text = file.read_text(encoding="utf-8")
    alias = "  - {name: Westland, kind: alias, language: en}\n"
    file.write_text(text.replace("roles:\n", f"{alias}roles:\n"), encoding="utf-8")
    with pytest.raises(
        sd.StancedataError,
        match="several actors are called 'Westland'; use one of rebels, westland",
    ):
        sd.read(repository).actors.resolve("Westland")


def test_arguments_take_names(dataset: sd.Dataset) -> None:
    """Every question that accepts an id accepts a name or code."""
    by_id = dataset.position("russia", "recognition", on="2021-10-20")
    assert by_id == dataset.position("Kremlin", "Recognition", on=datetime.date(2021, 10, 20))
    assert dataset.history("RUS", "Aid") == dataset.history("russia", "aid")
    assert dataset.shifts("365").num_rows == dataset.shifts("russia").num_rows > 0


def test_wrong_arguments_get_a_sentence(dataset: sd.Dataset) -> None:
    """Invalid days, periods and issues give a one-sentence error."""
    with pytest.raises(sd.StancedataError, match=r"on: must be a day, got '2021-13'; write"):
        dataset.matrix(on="2021-13")
    with pytest.raises(
        sd.StancedataError, match="on: has no day, got an empty list; give at least one"
    ):
        dataset.matrix(on=[])
    with pytest.raises(
        sd.StancedataError, match="every: must be month, quarter or year, got 'week'"
    ):
        dataset.panel("week")
    with pytest.raises(sd.StancedataError, match=r"every: must be month.*got \[\]"):
        dataset.panel([])  # type: ignore[arg-type]
    with pytest.raises(sd.StancedataError, match="start: is later than the end, got 2022-01-01"):
        dataset.panel(start="2022-01-01", end="2021-01-01")
    with pytest.raises(sd.UnknownIdError, match="no issue is called 'recogniton'; did you mean"):
        dataset.positions(issue="recogniton")
    with pytest.raises(sd.StancedataError, match="by: cannot be combined with on, got both"):
        dataset.positions(on="2021-10-20", by="2021-10-20")


@pytest.mark.parametrize("day", ["", 0, "yesterday", pd.NaT])
def test_a_day_that_is_none_is_not_left_out(dataset: sd.Dataset, day: Any) -> None:
    """An empty day, as from an unset variable, is refused and does not mean today."""
    questions: list[Any] = [
        dataset.matrix, dataset.positions, dataset.conditions, dataset.agreement, dataset.shifts,
        dataset.contradictions, functools.partial(dataset.position, "russia", "recognition"),
        functools.partial(dataset.history, "russia"), functools.partial(dataset.members, "european-union"),
    ]  # fmt: skip
    for ask in questions:
        with pytest.raises(sd.StancedataError, match=rf"on: must be a day, got {day!r}; write"):
            ask(on=day)
    for every in (None, "month"):
        with pytest.raises(sd.StancedataError, match="start"):
            dataset.agreement(start=day, every=every)


def test_arguments_of_any_kind_are_refused_in_a_sentence(dataset: sd.Dataset) -> None:
    """A text that Arrow cannot have, and what compares element by element, are names and days too."""
    with pytest.raises(sd.UnknownIdError, match="no actor is called"):
        dataset.matrix(holder="\ud800")
    with pytest.raises(sd.StancedataError, match="start and end: need periods"):
        dataset.agreement(start=pd.Series(["2021"]))  # type: ignore[arg-type]
    for style in (None, math.nan, ["apa"]):
        with pytest.raises(sd.StancedataError, match="style: is unknown, got "):
            dataset.cite(style)  # type: ignore[arg-type]
    with pytest.raises(sd.StancedataError, match="coders: must be ids of coders, got nan"):
        dataset.reliability(math.nan)  # type: ignore[arg-type]
    with pytest.raises(sd.StancedataError, match="version: must be a text, got 0 "):
        load(pd.Series(["0.2.0"]))  # type: ignore[arg-type]
    for record_id in (math.nan, pd.NaT, ["a"], "\ud800"):
        assert dataset.gone(record_id) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize("age", ["x", True, 1.5, -5])
def test_an_age_is_a_number_of_days(dataset: sd.Dataset, age: Any) -> None:
    """Anything but a non-negative integer is refused; very large numbers are accepted."""
    said = f"max_age: must be a whole number of days, 0 or more, got {age!r}; write it as 365"
    for ask in (dataset.matrix, dataset.panel):
        with pytest.raises(sd.StancedataError, match=re.escape(said)):
            ask(max_age=age)
    assert dataset.matrix().num_rows == dataset.matrix(max_age=10**12).num_rows
    with pytest.raises(sd.StancedataError, match="all_issues: must be True or False, got 'yes'"):
        dataset.agreement(all_issues="yes")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("got", "said"),
    [("Rusia", "'russia'"), ("RUSSA", "'russia'"), ("Taliben", "'taliban'")],
)
def test_a_suggestion_does_not_hang_on_capitals(dataset: sd.Dataset, got: str, said: str) -> None:
    """The nearest name is suggested regardless of case."""
    with pytest.raises(
        sd.UnknownIdError, match=rf"no actor is called '{got}'; did you mean {said}"
    ):
        dataset.actors.resolve(got)
    with pytest.raises(sd.UnknownIdError, match=r"did you mean 'chintan-2021-10#s01'\?"):
        dataset.stances["chintan-2021-10#s1"]


def test_voiced_by_and_members(dataset: sd.Dataset) -> None:
    """`voiced_by` and `members` list a person's stances and a bloc's members."""
    said = dataset.voiced_by("Lavrov")
    assert {"sergei-lavrov"} == set(said.column("speaker_id").to_pylist())
    assert said.num_rows > 10
    assert ("khalil-ur-rahman-haqqani",) == tuple(
        a.actor_id for a in dataset.members("Haqqani network")
    )
    assert () == dataset.members("european-union")


def test_periods_reach_the_last_day_of_the_calendar() -> None:
    """The last month and the last year that a date can have are periods too."""
    end = datetime.date.max
    assert [("9999-12", datetime.date(9999, 12, 1), end)] == periods_of("month", end, end)
    assert [("9999", datetime.date(9999, 1, 1), end)] == periods_of("year", end, end)


def test_too_many_periods_are_refused() -> None:
    """A thousand years of months are enough: more, such as those to 9999, would take all memory."""
    first, last = datetime.date(1000, 1, 1), datetime.date(1999, 12, 31)
    assert len(periods_of("month", first, last)) == MOST_PERIODS
    with pytest.raises(sd.StancedataError, match="end: makes too many periods, got 12,001 from 1"):
        periods_of("month", first, last + datetime.timedelta(1))


def test_periods_cover_every_day() -> None:
    """Months and years cover every day, including leap days and year ends."""
    for every in ("month", "year"):
        periods = periods_of(every, datetime.date(2019, 11, 30), datetime.date(2024, 2, 1))
        for (_, _, last), (_, first, _) in itertools.pairwise(periods):
            assert datetime.timedelta(1) == first - last
        assert periods[0][1] <= datetime.date(2019, 11, 30)
        assert periods[-1][2] >= datetime.date(2024, 2, 1)
    assert ("2024-02", datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)) == periods_of(
        "month", datetime.date(2024, 2, 3), datetime.date(2024, 2, 3)
    )[0]
