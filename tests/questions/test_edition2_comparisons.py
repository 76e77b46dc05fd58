"""Tests of the oracle's shifts, contradictions, agreement and silences, on cases by hand."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from tests.support import edition2_days as days
from tests.support import edition2_oracle as oracle
from tests.support.edition2_answers import matrix, positions
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
)
from tests.support.edition2_comparisons import agreement, contradictions, shifts
from tests.support.edition2_datasets import (
    ISSUES,
    datasets,
    day,
    lasting,
    seeded,
    together,
    uncertain,
)
from tests.support.edition2_records import (
    Actor,
    Coverage,
    Document,
    Event,
    Records,
    Row,
    Stance,
)
from tests.support.edition2_silences import document_silences, silence


def test_worked_example_has_no_shift() -> None:
    """The joint text is alone in its part, and the own ones are alike."""
    # f counts from the 31st and ranks by the 1st: it never stands.
    assert shifts(NORTHLAND) == []


def test_worked_example_has_no_contradiction() -> None:
    """One level apart on one side is none, even at one event."""
    at = {"b#s01", "d#s01"}
    some = [
        Stance(**{**vars(s), "event_id": "talks" if s.stance_id in at else None})
        for s in NORTHLAND.stances
    ]
    data = records(
        *some, documents=NORTHLAND.documents, events=(Event("talks", day("2021-10-20")),)
    )
    assert contradictions(data) == []


def test_worked_example_steps() -> None:
    """Two steps: up to the ambassador, down to the mission."""
    assert picked(
        shifts(DEEDS), "shifted_on", "kind", "change", "stance_id_before", "stance_id"
    ) == [
        (on("2023-09-13"), "step", 2, "a#s01", "a#s03"),
        (on("2025-03-01"), "step", -2, "a#s03", "a#s05"),
    ]


# Shifts, contradictions, agreement


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (1, -1, "reversal"),
        (1, -2, "reversal"),
        (1, 0, "softer"),
        (0, -2, "firmer"),
        (-2, -1, "softer"),
    ],
)
def test_kinds_of_shifts(before: int, after: int, kind: str) -> None:
    """The kind follows from the two levels."""
    data = records(stance("a#s01", before, day("2021-10-01")), stance("b#s01", after, DAY))
    (row,) = shifts(data)
    assert (row["kind"], row["change"], row["reversal"], row["own"]) == (
        kind,
        after - before,
        kind == "reversal",
        True,
    )
    assert (row["stance_id_before"], row["document_id"], row["shifted_on"]) == (
        "a#s01",
        "b",
        DAY.latest,
    )


def test_shifts_compare_like_with_like() -> None:
    """Own with own, without low confidence, unless asked."""
    data = records(
        stance("a#s01", 1, day("2021-10-01"), holders=TEN[:2]),
        stance("b#s01", 2, day("2021-10-02")),
        stance("c#s01", -1, day("2021-10-03"), confidence="low"),
    )
    mine = "northland"
    assert shifts(data, mine) == []
    assert picked(shifts(data, mine, low=True), "change", "own") == [(-3, True)]
    assert picked(shifts(data, mine, across=True), "change", "own") == [(1, None)]
    assert shifts(data, mine, across=True, on=on("2021-10-01")) == []


def test_a_late_step_down_of_an_early_day_is_a_step_when_it_counts() -> None:
    """A step down counts when it is certain, and ends what came before its first day."""
    # Known to have ended on some day of October, it counts from the 31st; the rung of the 20th is
    # after its first day, so it stands.
    data = records(
        stance("a#s01", 4, day("2021-09-01"), issue=RELATIONS),
        stance("a#s02", 2, DAY, issue=RELATIONS),
        stance("a#s03", 1, uncertain("2021-10-01", "2021-10-31"), issue=RELATIONS, act="ends"),
    )
    assert picked(shifts(data), "shifted_on", "level_before", "level", "stance_id") == [
        (on("2021-10-31"), 4, 2, "a#s02")
    ]


X = stance("a#s01", 2, DAY, event_id="talks", target_id="state-1")


@pytest.mark.parametrize(
    ("other", "opposed"),
    [
        (stance("b#s01", 0, DAY, event_id="talks"), True),
        (stance("b#s01", 1, DAY, event_id="talks"), False),  # one side, one level
        (stance("b#s01", 0, DAY), False),  # no event
        (stance("b#s01", 0, day("2021-10-21"), event_id="talks"), False),  # another day
        (stance("b#s01", 0, uncertain("2021-10-01", "2021-10-31"), event_id="talks"), True),
        (stance("b#s01", 0, DAY, event_id="talks", holders=TEN), False),  # joint
        (stance("b#s01", 0, DAY, event_id="talks", target_id="state-2"), False),
        (stance("b#s01", None, DAY, event_id="talks"), False),
        (stance("copy#s01", 0, DAY, event_id="talks"), False),  # of the same origin
    ],
)
def test_contradictions(other: Stance, opposed: bool) -> None:
    """Each condition of a pair, one at a time."""
    data = records(
        X,
        other,
        documents=(document("copy", derived_from="a"),),
        events=(Event("talks", lasting("2021-10-19", "2021-10-20")),),
    )
    both = [("a#s01", other.stance_id, True), (other.stance_id, "a#s01", True)]
    rows = contradictions(data)
    assert picked(rows, "stance_id", "opposed_to", "contested") == (both if opposed else [])
    assert contradictions(data, on=on("2021-10-18")) == []


def test_contradictions_name_the_other_side_first() -> None:
    """A smaller id on the same side comes after."""
    event = (Event("talks", DAY),)
    data = records(
        stance("a#s01", 2, DAY, event_id="talks", issue="recognition"),
        stance("b#s01", 2, DAY, event_id="talks", issue=AID),
        stance("c#s01", -1, DAY, event_id="talks"),
        stance("d#s01", 1, DAY, event_id="talks"),
        events=event,
    )
    assert picked(contradictions(data), "stance_id", "opposed_to") == [
        ("b#s01", "c#s01"),
        ("c#s01", "b#s01"),
        ("d#s01", "c#s01"),
    ]


def test_agreement() -> None:
    """S and like signs over three core issues."""

    def of(holder: str, **levels: int) -> list[Stance]:
        return [
            stance(f"{holder}#s{n:02}", level, DAY, issue=issue, holders=(holder,))
            for n, (issue, level) in enumerate(levels.items())
        ]

    data = records(
        *of("northland", aid=2, recognition=-1, security=0, peace=1),
        *of("state-1", aid=2, recognition=1, security=0, peace=1),
        *of("state-2", aid=1),
    )
    columns = ("actor_id_1", "actor_id_2", "shared", "shared_own", "similarity", "like_signs")
    # Distances 0, 2/4 and 0 of three core issues.
    assert picked(agreement(data, DAY.latest), *columns) == [
        ("northland", "state-1", 3, 3, pytest.approx(1 - 2 * (0.5 / 3)), pytest.approx(2 / 3)),
        ("northland", "state-2", 1, 1, None, None),
        ("state-1", "state-2", 1, 1, None, None),
    ]
    rows = agreement(data, DAY.latest, all_issues=True, holder="northland")
    assert picked(rows, "shared", "like_signs") == [(1, None), (4, 0.75)]
    assert agreement(data, on("2021-10-22"), max_age=1) == []


def test_agreement_is_of_own_statements_unless_joint_ones_are_asked_for() -> None:
    """A joint text is nobody's own."""
    data = records(stance("a#s01", 1, DAY, holders=TEN[:2]), stance("b#s01", 2, DAY))
    assert agreement(data, DAY.latest) == []
    (row,) = agreement(data, DAY.latest, joint=True)
    assert (row["shared"], row["shared_own"]) == (1, 0)


def test_low_confidence() -> None:
    """Steps and agreement keep it, shifts in words do not."""
    low: Any = {"confidence": "low"}
    data = records(
        stance("a#s01", 1, day("2021-10-01"), issue=RELATIONS, **low),
        stance("b#s01", 4, DAY, issue=RELATIONS, **low),
        stance("c#s01", 1, DAY, holders=("state-1",)),
        stance("d#s01", -1, day("2021-10-01"), **low),
        stance("e#s01", 2, DAY, **low),
    )
    assert picked(shifts(data), "issue_id", "change") == [(RELATIONS, 3)]
    assert picked(agreement(data, DAY.latest), "shared", "shared_own") == [(1, 1)]


def test_contradictions_in_deeds() -> None:
    """Two rungs apart they contradict, but never a rung a step down."""

    def opposed(level: int, act: str) -> list[tuple[Any, ...]]:
        at: Any = {"issue": RELATIONS, "event_id": "talks"}
        some = (stance("a#s01", 2, DAY, **at), stance("b#s01", level, DAY, act=act, **at))
        rows = contradictions(records(*some, events=(Event("talks", DAY),)))
        return picked(rows, "stance_id", "contested")

    assert opposed(4, "does") == [("a#s01", False), ("b#s01", False)]
    assert opposed(1, "does") == opposed(4, "ends") == []


# Silence

SILENCE = records(
    stance("speech#s01", 1, DAY, "direct"),
    stance("paper#s01", 1, DAY, holders=("state-3",), event_id="talks", issue="recognition"),
    stance("paper#s02", 1, DAY, "third_party", holders=("state-1",), event_id="talks"),
    documents=(
        document("speech", authors=("northland",), read="whole", event_id="talks", coverage_id="x"),
        document("part", authors=("state-2",), read="beginning", event_id="talks"),
        document("gone", authors=("state-4",), read="whole", status="withdrawn"),
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


def test_silence_has_its_denominator() -> None:
    """Who spoke, who was silent, and what breaks a silence."""
    columns = ("actor_id", "event_id", "document_id", "coverage_id", "latest", "spoke", "silent")
    rows = {tuple(row[c] for c in columns) for row in silence(SILENCE, AID)}
    talks, letter = on("2021-10-20"), on("2021-10-21")
    assert rows == {
        ("state-1", "talks", None, "x", talks, 3, 2),
        ("state-3", "talks", None, "x", talks, 3, 2),
        ("state-1", None, "letter", None, letter, 2, 2),
        ("northland", None, "letter", None, letter, 2, 2),
    }
    # A report of the event breaks the silence on recognition.
    on_event = [r for r in silence(SILENCE, "recognition") if r["event_id"] == "talks"]
    assert picked(on_event, "actor_id", "document_id") == [
        ("northland", "speech"),
        ("state-1", None),
    ]
    assert len(silence(SILENCE, AID, coverage="x")) == 2
    assert len(silence(SILENCE, AID, start=letter)) == 2
    assert len(silence(SILENCE, AID, "northland", end=talks)) == 0


def test_document_silences_are_of_the_document_alone() -> None:
    """A stance elsewhere at the event does not matter."""
    rows = picked(document_silences(SILENCE), "document_id", "actor_id", "issue_id")
    assert len(rows) == 3 * len(ISSUES) - 1
    assert ("speech", "northland", AID) not in rows
    assert {row[0] for row in rows} == {"speech", "letter"}


def test_matrix_marks_silence() -> None:
    """Beside a position a count, without one a row."""
    rows = matrix(SILENCE, [on("2021-10-21")], issue=AID, silent=True)
    columns = ("actor_id", "level_name", "stated_on", "level", "silent", "stance_id")
    assert {tuple(row[c] for c in columns) for row in rows} == {
        ("northland", "level-1", "2021-10-20", 1, 1, "speech#s01"),
        ("state-1", "silent", "2021-10-21", None, 2, None),
        ("state-3", "silent", "2021-10-19/2021-10-20", None, 1, None),
    }
    assert [row["silent"] for row in matrix(SILENCE, [on("2021-10-21")], issue=AID)] == [None]


def test_a_silence_of_the_day_itself_is_not_later() -> None:
    """Only what is later than the position held is counted; a lapsed holder is not marked."""
    data = records(
        stance("report#s01", 1, DAY),
        stance("report#s02", 1, DAY, issue="peace", quantifier="most"),
        documents=(
            Document("same", DAY, authors=("northland",), read="whole"),
            Document("next", day("2021-10-21"), authors=("northland",), read="whole"),
        ),
        actors=(Actor("northland", "Northland", None, on("2021-10-25")),),
    )
    days_asked = [on("2021-10-20"), on("2021-10-21"), on("2021-10-26")]
    rows = matrix(data, days_asked, issue=AID, silent=True)
    assert [(row["on_day"].day, row["silent"]) for row in rows] == [(20, 0), (21, 1)]


def test_what_does_not_count_breaks_no_silence() -> None:
    """A share of a meeting is nobody's word, nor is what a third party says."""
    data = records(
        stance("speech#s01", 1, DAY, quantifier="most"),
        stance("speech#s02", 1, DAY, "third_party"),
        documents=(Document("speech", DAY, authors=("northland",), read="whole"),),
    )
    assert picked(silence(data, AID), "document_id", "event_id") == [("speech", None)]


# Laws

DAYS = [datetime.date(2021, 8, 14) + datetime.timedelta(days=n) for n in range(150)]


@given(datasets())
def test_shifts_are_the_changes_of_a_daily_replay(data: Records) -> None:
    """The law of section 3.5."""
    for across in (False, True):
        some = [p for p in oracle.apart(data, across) if p.level is not None]
        parts = oracle.groups(some, lambda p: (p.actor_id, p.issue_id, p.part))
        changes = []
        for (actor_id, issue_id, _), found in parts.items():
            stands = [days.as_of(data.actor(actor_id), found, d) for d in DAYS]
            for d, old, new in zip(DAYS[1:], stands, stands[1:], strict=False):
                if old is not None and new is not None and old.level != new.level:
                    changes.append((actor_id, issue_id, d, old.stance_id, new.stance_id))
        names = ("actor_id", "issue_id", "shifted_on", "stance_id_before", "stance_id")
        assert picked(shifts(data, across=across), *names) == sorted(changes)


@pytest.mark.parametrize(
    ("question", "least"),
    [
        (lambda data: [r for r in positions(data) if r["level_name"] is None], 5),
        (lambda data: [r for r in positions(data) if r["mixed"]], 20),
        (lambda data: [r for r in shifts(data) if r["kind"] == "reversal"], 20),
        (lambda data: [r for r in shifts(data) if r["kind"] == "step"], 20),
        (contradictions, 50),
        (
            lambda data: [
                r for r in agreement(data, on("2021-11-30")) if r["similarity"] is not None
            ],
            10,
        ),
        (lambda data: silence(data, AID), 100),
    ],
)
def test_datasets_stress_every_question(
    question: Callable[[Records], list[Row]], least: int
) -> None:
    """A generator that never reaches a case tests nothing."""
    assert sum(len(question(seeded(seed))) for seed in range(300)) >= least


def test_datasets_side_by_side_do_not_mix() -> None:
    """Each dataset answers as alone."""
    some = [seeded(seed) for seed in range(30)]
    assert len(positions(together(some))) == sum(len(positions(data)) for data in some)
    assert len(shifts(together(some))) == sum(len(shifts(data)) for data in some)
