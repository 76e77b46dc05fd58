"""Questions take holder, issue and day in this order; that of 0.1.0 is accepted with a warning."""

from __future__ import annotations

import datetime
import warnings
from typing import Any

import pytest

import stancedata as sd
from tests.support.pinned import load_pinned

DAY = "2021-10-20"
OLD: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "positions": ((DAY, "aid", "russia"), {"on": DAY, "issue": "aid", "holder": "russia"}),
    "matrix": (([DAY], "aid", 30), {"on": DAY, "issue": "aid", "max_age": 30}),
    "conditions": (("recognition", "russia"), {"issue": "recognition", "holder": "russia"}),
    "panel": (("year", "aid", "2021"), {"every": "year", "issue": "aid", "start": "2021"}),
    "silence": (("aid", "russia"), {"issue": "aid", "holder": "russia"}),
}
"""Arguments in the order of 0.1.0, and the same by name."""
MORE_OLD: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("matrix", (datetime.date(2021, 10, 20),), {"on": DAY}),
    ("matrix", (None, "aid", 30), {"issue": "aid", "max_age": 30}),
    ("conditions", (None, "russia"), {"holder": "russia"}),
    ("panel", ("year", None, "2021"), {"every": "year", "start": "2021"}),
]
NEW: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "positions": (("russia", "aid", DAY), {"on": DAY, "issue": "aid", "holder": "russia"}),
    "matrix": (("russia", "aid", [DAY], 30), {**OLD["matrix"][1], "holder": "russia"}),
    "conditions": (("russia", "aid", DAY), {"issue": "aid", "holder": "russia", "on": DAY}),
    "panel": (("year", "russia", "aid", "2021"), {**OLD["panel"][1], "holder": "russia"}),
    "silence": (("russia", "aid"), {"issue": "aid", "holder": "russia"}),
}


@pytest.fixture(scope="module")
def dataset() -> sd.Dataset:
    """Load the pinned release once."""
    return load_pinned()


@pytest.mark.parametrize(
    ("name", "args", "named"), [*((n, *given) for n, given in OLD.items()), *MORE_OLD]
)
def test_the_old_order_warns(
    dataset: sd.Dataset, name: str, args: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """Positional arguments in the order of 0.1.0 mean what they did, with a warning."""
    ask = getattr(dataset, name)
    with pytest.warns(DeprecationWarning, match=f"{name}: this order of arguments is deprecated"):
        found = ask(*args)
    assert ask(**named).equals(found)


@pytest.mark.parametrize(("name", "given"), NEW.items())
def test_holder_issue_day(
    dataset: sd.Dataset, name: str, given: tuple[tuple[Any, ...], dict[str, Any]]
) -> None:
    """The order is holder, issue, day everywhere, without a warning."""
    args, named = given
    ask = getattr(dataset, name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ask(**named).equals(ask(*args))


def test_a_period_is_its_last_day(dataset: sd.Dataset) -> None:
    """A month, quarter or year can be given for a day; what was said in it is observed."""
    last = {"2021-09": "2021-09-30", "2021-Q3": "2021-09-30", "2020": "2020-12-31"}
    for period, day in last.items():
        assert dataset.position("russia", "recognition", period) == dataset.position(
            "russia", "recognition", day
        )
        assert dataset.history("russia", on=period) == dataset.history("russia", on=day)
    row = dataset.matrix("russia", "recognition", "2021-09").to_pylist()[0]
    assert ("2021-09", True) == (row["period"], row["observed"])


def test_from_a_day(dataset: sd.Dataset) -> None:
    """`start` leaves out what was stated before, `end` what counts only later."""
    whole = dataset.history("russia")
    late = dataset.history("russia", start="2021-10", end="2021-10-20")
    assert set(late) < set(whole)
    october = datetime.date(2021, 10, 1)
    assert all(p.stated_on.latest >= october for p in late)
    assert {p.stance_id for p in whole if p.stated_on.latest < october}
    ids = dataset.positions("russia", start="2021-10", end="2021-10-20").column("stance_id")
    assert [p.stance_id for p in late] == ids.to_pylist()
    shifts: list[Any] = dataset.shifts(start="2021-10").column("shifted_on").to_pylist()
    days: list[Any] = dataset.shifts().column("shifted_on").to_pylist()
    assert [day for day in days if day >= october] == shifts
    assert 0 == dataset.contradictions(start="2030").num_rows
    with pytest.raises(sd.StancedataError, match="start: is later than the end, got 2022-01-01"):
        dataset.history("russia", start="2022", end="2021")
    with pytest.raises(sd.StancedataError, match="end: means the same as on, got both"):
        dataset.history("russia", on="2021", end="2021")


def test_history_of_every_holder(dataset: sd.Dataset) -> None:
    """With an issue alone, `history` has the positions of every holder on it."""
    found = dataset.history(issue="recognition")
    assert len({p.actor_id for p in found}) > 5
    assert {"recognition"} == {p.issue_id for p in found}
    with pytest.raises(sd.StancedataError, match="holder: is missing; give a holder, an issue"):
        dataset.history()


def test_shifts_of_a_kind(dataset: sd.Dataset) -> None:
    """`kind` selects shifts; an unknown one is refused with the nearest."""
    kinds = dataset.shifts().column("kind").to_pylist()
    for kind in ("reversal", "firmer", "step"):
        assert kinds.count(kind) == dataset.shifts(kind=kind).num_rows
    with pytest.raises(sd.UnknownIdError, match="did you mean 'reversal'"):
        dataset.shifts(kind="reversals")


def test_quarters(dataset: sd.Dataset) -> None:
    """A panel of quarters has what stands at the end of each."""
    panel = dataset.panel("quarter", "russia", "recognition", "2021-07-01", "2022-Q1")
    rows = panel.select(["period", "year", "month"]).to_pylist()
    assert [("2021-Q3", 2021, None), ("2021-Q4", 2021, None), ("2022-Q1", 2022, None)] == [
        tuple(row.values()) for row in rows
    ]


def test_voiced_on_an_issue(dataset: sd.Dataset) -> None:
    """What a person voiced can be narrowed by issue and days."""
    whole = dataset.voiced_by("Lavrov").to_pylist()
    some = dataset.voiced_by("Lavrov", "recognition", start="2021-10-01", end="2021-10-19")
    october = [datetime.date(2021, 10, day) for day in (1, 19)]
    assert some.num_rows
    assert some.to_pylist() == [
        row
        for row in whole
        if row["issue_id"] == "recognition"
        and row["stated_latest"] >= october[0]
        and row["stated_earliest"] <= october[1]
    ]
