"""Tests of the oracle of edition 2 itself, against cases worked out on paper from its text."""

from __future__ import annotations

import pytest
from hypothesis import given

import stancedata as sd
from stancedata.tables.rows import to_tables
from tests.support import edition2_oracle as oracle
from tests.support.edition2_answers import not_counted, note, panel, position, positions
from tests.support.edition2_cases import (
    AID,
    DAY,
    DEEDS,
    NORTHLAND,
    RELATIONS,
    TEN,
    document,
    on,
    picked,
    records,
    stance,
    standing,
)
from tests.support.edition2_codes import code_of_actor
from tests.support.edition2_comparisons import contradictions, shifts
from tests.support.edition2_datasets import (
    ISSUES,
    datasets,
    day,
    lasting,
    uncertain,
)
from tests.support.edition2_days import latest
from tests.support.edition2_model import content_of
from tests.support.edition2_records import (
    Actor,
    Code,
    Coverage,
    Event,
    Records,
    Role,
    Row,
    Stance,
    When,
    records_of,
)
from tests.support.edition2_side_by_side import differences

# The worked example of 3.10


def test_worked_example_fold() -> None:
    """20 October folds to +1, by the vote of two origins nearest to zero."""
    rows = [r for r in positions(NORTHLAND, holder="northland") if r["stated_on"] == "2021-10-20"]
    columns = ("level", "stance_id", "level_min", "level_max", "document_count", "contested")
    assert picked(rows, *columns) == [(1, "d#s01", 1, 2, 3, False)]


@pytest.mark.parametrize(
    ("text", "level", "stance_id"),
    [
        ("2021-09-30", 1, "e#s01"),
        ("2021-10-20", 1, "d#s01"),
        ("2021-10-21", 1, "d#s01"),
        ("2021-10-31", 1, "d#s01"),
    ],
)
def test_worked_example_as_of(text: str, level: int, stance_id: str) -> None:
    """What stands as of each day that the example names."""
    row = position(NORTHLAND, "northland", AID, on(text))
    assert row is not None
    assert (row["level"], row["stance_id"]) == (level, stance_id)


def test_worked_example_panel() -> None:
    """October has two statements and their spread, November none."""
    rows = panel(NORTHLAND, "month", on("2021-10-01"), on("2021-11-01"), holder="northland")
    columns = ("period", "level", "level_min", "level_max", "statements", "age_days", "observed")
    assert [tuple(row[c] for c in columns) for row in rows] == [
        ("2021-10", 1, -1, 2, 2, 11, True),
        ("2021-11", 1, None, None, 0, 41, False),
    ]
    assert [(row["year"], row["month"], row["on_day"]) for row in rows] == [
        (2021, 10, on("2021-10-31")),
        (2021, 11, on("2021-11-30")),
    ]


def test_worked_example_deeds() -> None:
    """Rungs stay reached until the step down."""
    days = ("2021-10-05", "2023-09-12", "2023-09-13", "2025-02-28", "2025-03-01")
    assert [standing(DEEDS, text, RELATIONS) for text in days] == [2, 2, 4, 4, 2]
    row = position(DEEDS, "northland", RELATIONS, on("2025-03-01"))
    assert row is not None
    assert row["stance_id"] == "a#s05"


# Counted, own, occasion


def test_what_counts() -> None:
    """Each reason not to count, the first that applies."""
    data = records(
        stance("a#s01", 1, day("2021-10-20"), "third_party", quantifier="most"),
        stance("a#s02", 1, day("2021-10-20"), quantifier="most"),
        stance("b#s01", 1, day("2021-10-20"), quantifier="most"),
        stance("c#s01", 1, day("2021-10-20")),
        Stance(
            "d#s01",
            "d",
            AID,
            1,
            "level-1",
            day("2021-10-20"),
            (("northland", "dissociates"), ("state-1", "party")),
        ),
        documents=(document("c", status="withdrawn"), document("d", status="corrected")),
    )
    assert picked(not_counted(data, "northland"), "reason", "stances") == [
        ("dissociates", 1),
        ("quantifier", 2),
        ("third_party", 1),
        ("withdrawn", 1),
    ]
    # The one that dissociates has no position; the stance stays joint for the other.
    assert picked(positions(data), "actor_id", "own", "joint_size") == [("state-1", False, 2)]


@pytest.mark.parametrize(
    ("held", "stated", "kind", "latest"),
    [
        (
            lasting("2021-10-19", "2021-10-21"),
            lasting("2021-10-01", "2021-10-31"),
            "lasting",
            "2021-10-21",
        ),
        (
            lasting("2021-10-19", "2021-10-22"),
            uncertain("2021-10-01", "2021-10-31"),
            "uncertain",
            "2021-10-31",
        ),
        (lasting("2021-10-19", "2021-10-21"), day("2021-10-20"), "day", "2021-10-20"),
        (day("2021-10-19"), uncertain("2021-10-19", "2021-10-20"), "day", "2021-10-19"),
    ],
)
def test_an_event_of_three_days_lends_them(
    held: When, stated: When, kind: str, latest: str
) -> None:
    """Three days are lent, four are not, and a day is never replaced."""
    data = records(stance("a#s01", 1, stated, event_id="talks"), events=(Event("talks", held),))
    (row,) = positions(data)
    assert (row["date_kind"], row["stated_latest"]) == (kind, on(latest))
    assert row["stated_on"] == (
        held.text if row["stated_earliest"] == held.earliest and kind == held.kind else stated.text
    )


# Fold


@pytest.mark.parametrize(
    ("stances", "level", "name", "stance_id"),
    [
        # A tie of +1 and -1 has no level; the representative is of either.
        ((stance("b#s01", 1, DAY), stance("a#s01", -1, DAY)), None, None, "a#s01"),
        # Two origins outvote one; the same origin votes once.
        (
            (stance("a#s01", 2, DAY), stance("b#s01", -1, DAY), stance("c#s01", -1, DAY)),
            -1,
            "minus-1",
            "b#s01",
        ),
        (
            (stance("a#s01", 2, DAY), stance("b#s01", 1, DAY), stance("b#s02", 1, DAY)),
            1,
            "level-1",
            "b#s01",
        ),
        # Nearest to zero: 0 of a three-way tie.
        (
            (stance("a#s01", 1, DAY), stance("b#s01", -1, DAY), stance("c#s01", 0, DAY)),
            0,
            "level-0",
            "c#s01",
        ),
        # Attribution goes first, even where it leaves what is ambiguous.
        (
            (
                stance("a#s01", None, DAY, "direct", "low"),
                stance("b#s01", 1, DAY, "quoted", "high"),
            ),
            None,
            "ambiguous",
            "a#s01",
        ),
        # The ambiguous do not vote.
        (
            (stance("a#s01", None, DAY), stance("b#s01", None, DAY), stance("c#s01", 2, DAY)),
            2,
            "level-2",
            "c#s01",
        ),
        # Confidence goes before own, own before the vote.
        (
            (stance("a#s01", 1, DAY, confidence="high", holders=TEN), stance("b#s01", 2, DAY)),
            1,
            "level-1",
            "a#s01",
        ),
        (
            (
                stance("a#s01", 1, DAY, holders=TEN),
                stance("c#s01", 1, DAY, holders=TEN),
                stance("b#s01", 2, DAY),
            ),
            2,
            "level-2",
            "b#s01",
        ),
    ],
)
def test_fold(
    stances: tuple[Stance, ...], level: int | None, name: str | None, stance_id: str
) -> None:
    """Each step of the fold decides over the next."""
    rows = positions(records(*stances), holder="northland")
    assert picked(rows, "level", "level_name", "stance_id") == [(level, name, stance_id)]


def test_an_original_represents_before_its_copy() -> None:
    """The copy has the smaller id."""
    data = records(
        stance("a#s01", 1, DAY),
        stance("b#s01", 1, DAY),
        documents=(document("a", derived_from="b"),),
    )
    assert picked(positions(data), "stance_id", "document_count") == [("b#s01", 1)]


def test_contested_is_between_documents_and_mixed_within_one() -> None:
    """A copy contests its original; zero beside a side does not mix."""
    copy = (document("a", derived_from="b"),)
    apart = records(stance("a#s01", 1, DAY), stance("b#s01", 0, DAY), documents=copy)
    assert picked(positions(apart), "contested", "mixed") == [(True, False)]
    within = records(stance("a#s01", 1, DAY), stance("a#s02", -1, DAY))
    assert picked(positions(within), "contested", "mixed") == [(False, True)]
    beside_zero = records(stance("a#s01", 1, DAY), stance("a#s02", 0, DAY))
    assert picked(positions(beside_zero), "contested", "mixed") == [(False, False)]


def test_rungs_of_one_day_fold_apart() -> None:
    """Rungs do not compete in one group."""
    data = records(
        stance("a#s01", 1, DAY, issue=RELATIONS),
        stance("b#s01", 1, DAY, issue=RELATIONS),
        stance("a#s02", 4, DAY, issue=RELATIONS),
        stance("a#s03", None, DAY, issue=RELATIONS),
        stance("a#s04", 1, DAY, issue=RELATIONS, act="ends"),
    )
    columns = ("stance_id", "level_min", "level_max", "document_count")
    assert picked(positions(data), *columns) == [
        ("a#s01", 1, 1, 2),
        ("a#s02", 4, 4, 1),
        ("a#s03", None, None, 1),
        ("a#s04", 1, 1, 1),
    ]
    # The rungs of the day of the step down are not after it.
    assert standing(data, "2021-10-20", RELATIONS) == 1


# As of a day


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (day("2021-10-20"), lasting("2021-08-15", "2021-12-31")),  # a greater rank day
        (day("2021-10-20"), lasting("2021-10-20", "2021-10-21")),  # a smaller latest
        (day("2021-10-20"), lasting("2021-10-20", "2021-10-20")),
        (lasting("2021-10-20", "2021-10-20"), uncertain("2021-10-20", "2021-10-20")),
        (uncertain("2021-10-20", "2021-10-21"), lasting("2021-10-20", "2021-10-22")),
    ],
)
def test_later(first: When, second: When) -> None:
    """The first date is later, by one step of the order."""
    data = records(stance("b#s01", 1, first), stance("a#s01", 2, second))
    assert standing(data, "2021-12-01") == 1


def test_an_ambiguous_statement_stands_until_the_next() -> None:
    """A null level stands as of its day."""
    data = records(
        stance("a#s01", 1, day("2021-10-01")),
        stance("a#s02", None, day("2021-10-10")),
        stance("a#s03", 2, day("2021-10-20")),
    )
    assert [standing(data, f"2021-10-{n}") for n in ("09", "10", "19", "20")] == [1, None, None, 2]
    # Shifts pass it over.
    assert picked(shifts(data), "shifted_on", "kind", "level_before", "level") == [
        (on("2021-10-20"), "firmer", 1, 2)
    ]


def test_a_holder_lapses_after_its_last_day_only() -> None:
    """Before its first day, what counts stands."""
    actors = (Actor("northland", "Northland", on("2021-10-21"), on("2021-10-25")),)
    data = records(stance("a#s01", 1, DAY), actors=actors)
    stands = [
        position(data, "northland", AID, on(f"2021-10-{n}")) is not None for n in (19, 20, 25, 26)
    ]
    assert stands == [False, True, True, False]


def test_a_step_down_of_unknown_level_ends_all() -> None:
    """The level is null until the next rung."""
    ends = stance("a#s02", None, day("2021-10-20"), issue=RELATIONS, act="ends")
    data = records(
        stance("a#s01", 4, day("2021-10-01"), issue=RELATIONS),
        ends,
        stance("a#s03", 1, day("2021-11-01"), issue=RELATIONS),
    )
    days = ("2021-10-19", "2021-10-20", "2021-11-01")
    assert [standing(data, text, RELATIONS) for text in days] == [4, None, 1]


def test_of_two_steps_down_the_lower_is_the_later() -> None:
    """So the latest step down of a day leaves the lower rung."""
    some = [stance(f"a#s0{n}", n, DAY, issue=RELATIONS, act="ends") for n in (1, 4)]
    assert standing(records(*some), "2021-10-20", RELATIONS) == 1
    unknown = stance("a#s05", None, DAY, issue=RELATIONS, act="ends")
    assert standing(records(*some, unknown), "2021-10-20", RELATIONS) is None


def test_order_of_deeds_of_one_day() -> None:
    """From the earliest: rungs from null up, then steps down from the highest to null."""
    rungs = [stance(f"a#s{n}", n, DAY, issue=RELATIONS) for n in (4, 1)]
    ends = [stance(f"b#s{n}", n, DAY, issue=RELATIONS, act="ends") for n in (1, 4)]
    null = [
        stance("a#s0", None, DAY, issue=RELATIONS),
        stance("b#s0", None, DAY, issue=RELATIONS, act="ends"),
    ]
    left = oracle.positions(records(*rungs, *ends, *null))
    order = []
    while left:
        last = latest(left)
        assert last is not None
        order.append(last.stance_id)
        left.remove(last)
    assert order == ["b#s0", "b#s1", "b#s4", "a#s4", "a#s1", "a#s0"]


@pytest.mark.parametrize(
    ("stated", "age", "observed"),
    [
        (day("2021-10-20"), 5, False),
        (lasting("2021-10-01", "2021-10-31"), 0, True),
        (lasting("2021-10-01", "2021-10-21"), 4, False),
        (uncertain("2021-10-20", "2021-10-25"), 5, True),
    ],
)
def test_age(stated: When, age: int, observed: bool) -> None:
    """Age counts from the day until which a position holds."""
    data = records(stance("a#s01", 1, stated))
    row = position(data, "northland", AID, on("2021-10-25"))
    assert row is not None
    assert (row["age_days"], row["observed"]) == (age, observed)
    assert position(data, "northland", AID, on("2021-10-25"), max_age=age) is not None
    assert position(data, "northland", AID, on("2021-10-25"), max_age=age - 1) is None


def test_coverage() -> None:
    """The span of the corpora, else of what was said."""
    said = stance("a#s01", 1, DAY)
    row = position(records(said), "northland", AID, on("2021-10-21"))
    assert row is not None
    assert (row["coverage_from"], row["coverage_to"], row["covered"]) == (
        on("2021-10-20"),
        on("2021-10-20"),
        False,
    )
    assert note(row) == "(the data end on 2021-10-20)"
    spans = (
        Coverage("x", on("2021-01-01"), on("2021-06-30")),
        Coverage("y", on("2021-10-01"), on("2021-10-31")),
    )
    row = position(records(said, coverage=spans), "northland", AID, on("2021-10-31"))
    assert row is not None
    assert (row["coverage_from"], row["coverage_to"], row["covered"]) == (
        on("2021-01-01"),
        on("2021-10-31"),
        True,
    )
    assert note(row) == ""


# Codes, panel


def test_codes_of_the_day() -> None:
    """Codes are of the last day of the occasion, numbers compared as numbers."""
    actors = (
        Actor(
            "northland",
            "Northland",
            codes=(
                Code("cow", "255", None, on("2021-10-01")),
                Code("cow", "10", on("2021-10-20")),
                Code("cow", "9", on("2021-10-19"), on("2021-10-20")),
                Code("iso3166-1-alpha3", "NNN", on("2021-10-21")),
            ),
            roles=(
                Role("governs", "b"),
                Role("governs", "a", on("2021-10-21")),
                Role("leads", "a"),
            ),
        ),
        Actor("a", "A", codes=(Code("iso3166-1-alpha3", "AAA"),)),
        Actor("b", "B", codes=(Code("iso3166-1-alpha3", "BBC"), Code("iso3166-1-alpha3", "BBB"))),
    )
    said = (
        stance("a#s01", 1, lasting("2021-10-01", "2021-10-20")),
        stance("a#s02", 1, day("2021-10-21")),
    )
    rows = positions(records(*said, actors=actors))
    assert picked(rows, "stance_id", "iso3", "cow", "gw", "governs_iso3") == [
        ("a#s01", None, 9, None, "BBB"),
        ("a#s02", "NNN", 10, None, "AAA"),
    ]
    assert [code_of_actor(actor, "cow") for actor in actors] == ["10", None, None]


def test_balanced_panel_has_every_cell() -> None:
    """Holders with a position by all issues by all periods."""
    data = records(
        stance("a#s01", 1, day("2021-10-20")),
        stance("a#s02", 2, uncertain("2021-11-01", "2021-12-01"), holders=("state-1",)),
    )
    rows = panel(data, "month", on("2021-10-01"), on("2021-12-31"), balanced=True)
    assert len(rows) == 3 * 2 * len(ISSUES)
    aid = [r for r in rows if (r["actor_id"], r["issue_id"]) == ("state-1", AID)]
    columns = ("level", "level_name", "statements", "level_min", "observed", "year", "month")
    assert [tuple(r[c] for c in columns) for r in aid] == [
        (None, None, 0, None, False, 2021, 10),
        (None, None, 0, None, False, 2021, 11),
        (2, "level-2", 1, 2, True, 2021, 12),
    ]
    assert len(panel(data, "month", on("2021-10-01"), on("2021-12-31"))) == 4
    (row, _) = panel(data, "year", on("2021-10-01"), on("2021-12-31"))
    assert (row["period"], row["year"], row["month"]) == ("2021", 2021, None)


@given(datasets())
def test_records_are_those_of_the_tables(data: Records) -> None:
    """Records, model objects and tables say the same."""
    assert records_of(to_tables(content_of(data))) == data


class Fake:
    """A dataset that answers one question."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def positions(self) -> list[Row]:
        """Return the rows."""
        return self.rows


def test_differences_are_shown() -> None:
    """A wrong value, a lacking row and a lacking column; the order of rows does not matter."""
    rows = positions(NORTHLAND)
    assert differences("positions", NORTHLAND, Fake(rows[::-1])) == ""
    wrong = [rows[0] | {"level": 7}, *rows[1:]]
    assert "dataset: {'actor_id'" in differences("positions", NORTHLAND, Fake(wrong))
    assert "oracle: {'actor_id'" in differences("positions", NORTHLAND, Fake(rows[1:]))
    short = [{k: v for k, v in row.items() if k != "act"} for row in rows]
    assert differences("positions", NORTHLAND, Fake(short)) == "positions: the dataset lacks act"
    assert "dataset: {'act'" in differences("positions", Records(), Fake(rows))


def test_first_release() -> None:
    """On 0.1.0, coded by the old codebook, the specification names these numbers (3.11)."""
    data = records_of(sd.load("0.1.0").tables)
    assert len(positions(data)) == 103
    assert [row["own"] for row in shifts(data)] == [True] * 8
    assert contradictions(data) == []
    aid = positions(data, holder="russia", issue="aid", on=on("2021-10-20"))
    assert picked(aid, "level", "level_max") == [(1, 2)]
    (pledge,) = shifts(data, "russia", "aid")
    assert (pledge["level_before"], pledge["level"]) == (1, 2)


@given(datasets())
def test_each_position_begins_in_one_period(data: Records) -> None:
    """So the statements of a balanced panel add up."""
    rows = panel(data, "month", on("2021-08-01"), on("2022-12-31"), balanced=True)
    assert sum(row["statements"] for row in rows) == len(positions(data))
