"""Test the methods that compare: what they take, what they refuse, and their answers by hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import stancedata as sd
from tests.support.edition2_cases import AID, DAY, RELATIONS, TEN, document, on, records, stance
from tests.support.edition2_datasets import day, lasting
from tests.support.edition2_model import dataset_of
from tests.support.edition2_records import Coverage, Event, Records

LOW: Any = {"confidence": "low"}
MOVES = records(
    stance("a#s01", 1, day("2021-10-01"), holders=TEN[:2]),
    stance("b#s01", 2, day("2021-10-02"), "direct", "high"),
    stance("c#s01", -1, day("2021-10-03"), **LOW),
    stance("d#s01", 1, day("2021-10-04")),
    stance("e#s01", 2, day("2021-10-05"), issue=RELATIONS, **LOW),
    stance("f#s01", 4, day("2021-10-06"), issue=RELATIONS),
)
SPOKEN = records(
    stance("speech#s01", 1, DAY, "direct"),
    stance("paper#s01", 1, DAY, holders=("state-3",), event_id="talks", issue="recognition"),
    documents=(
        document("speech", authors=("northland",), read="whole", event_id="talks", coverage_id="x"),
        document("part", authors=("state-2",), read="beginning", event_id="talks"),
        document("letter", authors=("state-1", "northland"), read="whole"),
        document("paper"),
    ),
    events=(Event("talks", lasting("2021-10-19", "2021-10-20")),),
    coverage=(
        Coverage(
            "x", on("2021-10-01"), on("2021-10-31"), (("talks", "state-1"), ("talks", "state-3"))
        ),
    ),
)


def picked(table: Any, *names: str) -> list[tuple[Any, ...]]:
    """Get some columns of an answer, row by row."""
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


def test_a_shift_has_both_stances() -> None:
    """Each side is what its own stance says, of the document that carries it."""
    (row,) = dataset_of(MOVES).shifts("northland", AID).to_pylist()
    assert {
        "actor_id": "northland", "issue_id": AID, "kind": "softer", "own": True, "change": -1,
        "shifted_on": datetime.date(2021, 10, 4), "reversal": False,
        "level_before": 2, "stance_id_before": "b#s01", "stated_on_before": "2021-10-02",
        "document_id_before": "b", "attribution_before": "direct", "confidence_before": "high",
        "level": 1, "stance_id": "d#s01", "stated_on": "2021-10-04", "document_id": "d",
        "attribution": "quoted", "confidence": "medium",
    }.items() <= row.items()  # fmt: skip
    assert row["summary_before"] == row["summary"] == "A sentence."


def test_shifts_compare_like_with_like_unless_asked() -> None:
    """Joint statements and low confidence come in on request; deeds are steps, however sure."""
    dataset = dataset_of(MOVES)
    columns = ("issue_id", "kind", "own", "stance_id_before", "stance_id")
    assert [
        (AID, "softer", True, "b#s01", "d#s01"),
        (RELATIONS, "step", True, "e#s01", "f#s01"),
    ] == picked(dataset.shifts(), *columns)
    assert [
        (AID, "reversal", True, "b#s01", "c#s01"), (AID, "reversal", True, "c#s01", "d#s01"),
    ] == picked(dataset.shifts(issue=AID, low=True), *columns)  # fmt: skip
    assert [
        (AID, "firmer", None, "a#s01", "b#s01"), (AID, "softer", None, "b#s01", "d#s01"),
    ] == picked(dataset.shifts(issue=AID, across=True), *columns)  # fmt: skip
    assert 0 == dataset.shifts(issue=AID, on="2021-10-03").num_rows
    assert 1 == dataset.shifts(issue=AID).num_rows  # the flags before leave nothing behind


@pytest.mark.parametrize("flag", ["across", "low"])
def test_flags_of_shifts_are_checked(flag: str) -> None:
    """A flag that is no bool is refused by name."""
    flags: dict[str, Any] = {flag: "yes"}
    with pytest.raises(sd.StancedataError, match=f"{flag}: must be True or False, got 'yes'"):
        dataset_of(MOVES).shifts(**flags)


def three(holder: str, **more: Any) -> list[Any]:
    """Make a stance of a holder on each of three issues."""
    issues = ("aid", "recognition", "relations")
    return [
        stance(f"{holder}#s{number:02}", 1, DAY, issue=issue, holders=(holder,), **more)
        for number, issue in enumerate(issues)
    ]


SHARED = records(
    *three("northland"),
    *three("state-1"),
    stance("text#s01", -1, day("2021-10-21"), issue="recognition", holders=TEN[:2]),
)


def test_agreement_is_of_own_statements_unless_joint_ones_are_asked_for() -> None:
    """The joint text that came last counts only on request; both numbers are beside it."""
    dataset = dataset_of(SHARED)
    columns = ("shared", "shared_own", "like_signs")
    assert [(3, 3, 1.0)] == picked(dataset.agreement(on="2021-10-31", holder="northland"), *columns)
    rows = dataset.agreement(on="2021-10-31", holder="northland", joint=True)
    assert [(3, 2, 1.0)] == picked(rows, *columns)
    assert 0 == dataset.agreement(on="2021-10-31", max_age=10).num_rows
    assert 1 == dataset.agreement(on="2021-10-31", max_age=11).num_rows


def test_exclude_joint_is_deprecated() -> None:
    """The argument of 0.1.0 still means what it says, and warns."""
    dataset = dataset_of(SHARED)
    for exclude_joint in (True, False):
        with pytest.warns(DeprecationWarning, match="exclude_joint is deprecated") as caught:
            found = dataset.agreement(on="2021-10-31", exclude_joint=exclude_joint)
        assert __file__ == caught[0].filename
        assert found.equals(dataset.agreement(on="2021-10-31", joint=not exclude_joint))
    with (
        pytest.warns(DeprecationWarning, match="exclude_joint"),
        pytest.raises(sd.StancedataError, match="exclude_joint: contradicts joint, got True"),
    ):
        dataset.agreement(exclude_joint=True, joint=True)


def test_contradictions_name_what_they_are_opposed_to() -> None:
    """Two documents on one event, on different sides; the third is only one level away."""
    at: Any = {"event_id": "talks"}
    data = records(
        stance("a#s01", 1, DAY, **at), stance("b#s01", 2, DAY, **at), stance("c#s01", -1, DAY, **at),
        events=(Event("talks", DAY),),
    )  # fmt: skip
    columns = ("stance_id", "event_id", "contested", "opposed_to")
    assert [
        ("a#s01", "talks", True, "c#s01"), ("b#s01", "talks", True, "c#s01"),
        ("c#s01", "talks", True, "a#s01"),
    ] == picked(dataset_of(data).contradictions(), *columns)  # fmt: skip


def test_silence_has_its_denominator() -> None:
    """Who spoke, who was silent; what is not known to be whole counts for neither."""
    dataset = dataset_of(SPOKEN)
    columns = ("actor_id", "event_id", "document_id", "coverage_id", "spoken_on", "spoke", "silent")
    talks, letter = "2021-10-19/2021-10-20", "2021-10-21"
    assert [
        ("northland", None, "letter", None, letter, 2, 2),
        ("state-1", "talks", None, "x", talks, 3, 2),
        ("state-1", None, "letter", None, letter, 2, 2),
        ("state-3", "talks", None, "x", talks, 3, 2),
    ] == picked(dataset.silence(issue=AID), *columns)
    assert [("state-1", "talks"), ("state-3", "talks")] == picked(
        dataset.silence(issue="Aid", coverage="x"), "actor_id", "event_id"
    )
    assert [("state-1", None)] == picked(
        dataset.silence("state-1", AID, start="2021-10-21"), "actor_id", "event_id"
    )
    assert 0 == dataset.silence("northland", AID, end="2021-10-20").num_rows


def test_matrix_marks_silence() -> None:
    """Beside a position stands how often its holder was silent since; without one, a row says so."""
    dataset = dataset_of(SPOKEN)
    columns = ("actor_id", "level_name", "level", "stated_on", "silent")
    rows = dataset.matrix(on="2021-10-21", issue=AID, silent=True)
    assert [
        ("northland", "level-1", 1, "2021-10-20", 1),
        ("state-1", "silent", None, "2021-10-21", 2),
        ("state-3", "silent", None, "2021-10-19/2021-10-20", 1),
    ] == picked(rows, *columns)
    plain = dataset.matrix(on="2021-10-21", issue=AID)
    assert [("northland", "level-1", 1, "2021-10-20", None)] == picked(plain, *columns)
    assert rows.schema == plain.schema
    with pytest.raises(sd.StancedataError, match="silent: must be True or False, got 1"):
        dataset.matrix(silent=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"issue": "aids"}, "no issue is called 'aids'; did you mean 'aid'"),
        ({"holder": "northlnd"}, "no actor is called 'northlnd'; did you mean 'northland'"),
        ({"coverage": "y"}, "no coverage is called 'y'; see the table `coverage`"),
        ({"start": "2021-13"}, "start: must be a day, got '2021-13'; write it as"),
        ({"end": "x"}, "end: must be a day, got 'x'; write it as"),
        (
            {"start": "2022-01-01", "end": "2021-01-01"},
            "start: is later than the end, got 2022-01-01; the end is 2021-01-01",
        ),
    ],
)
def test_silence_refuses(asked: dict[str, Any], said: str) -> None:
    """A wrong argument gets one sentence."""
    with pytest.raises(sd.StancedataError, match=said):
        dataset_of(SPOKEN).silence(**{"issue": AID, **asked})


def test_nothing_on_record() -> None:
    """Without stances and speakers every answer is empty, with all of its columns."""
    dataset = dataset_of(Records(MOVES.issues, MOVES.actors))
    for found in (dataset.shifts(), dataset.agreement(), dataset.contradictions()):
        assert 0 == found.num_rows < found.num_columns
    assert 0 == dataset.silence(issue=AID).num_rows == dataset.matrix(silent=True).num_rows
