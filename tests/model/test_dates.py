"""Stated dates: the profile, its bounds and its refusals."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancedata.model.dates import DATE_KINDS, DateError, StatedDate

DAY = datetime.date
GOOD = [
    ("2021-10-20", None, "day", DAY(2021, 10, 20), DAY(2021, 10, 20)),
    ("2024-02-29", None, "day", DAY(2024, 2, 29), DAY(2024, 2, 29)),
    ("2021-10", None, "uncertain", DAY(2021, 10, 1), DAY(2021, 10, 31)),
    ("2021-02", "lasting", "lasting", DAY(2021, 2, 1), DAY(2021, 2, 28)),
    ("2021", None, "uncertain", DAY(2021, 1, 1), DAY(2021, 12, 31)),
    ("2021", "lasting", "lasting", DAY(2021, 1, 1), DAY(2021, 12, 31)),
    ("2021-10-09/2021-10-10", None, "lasting", DAY(2021, 10, 9), DAY(2021, 10, 10)),
    ("2021-08/2021-09-03", None, "lasting", DAY(2021, 8, 1), DAY(2021, 9, 3)),
    ("[2021-08-15..2021-10-20]", None, "uncertain", DAY(2021, 8, 15), DAY(2021, 10, 20)),
    ("[2021-08..2021-10]", None, "uncertain", DAY(2021, 8, 1), DAY(2021, 10, 31)),
    ("2021-09-25~", None, "uncertain", DAY(2021, 9, 25), DAY(2021, 9, 25)),
    ("2021-05~", None, "uncertain", DAY(2021, 5, 1), DAY(2021, 5, 31)),
]
BAD = [
    ("2021-02-30", None, "is not on the calendar, got '2021-02-30'; correct it"),
    ("2023-02-29", None, "is not on the calendar, got '2023-02-29'; correct it"),
    ("2021-13", None, "is not on the calendar, got '2021-13'; correct it"),
    ("2021-10-2", None, "is not a supported date, got '2021-10-2'; write 2021-10-02"),
    ("2021/10/20", None, "is not a supported date, got '2021/10/20'; write 2021-10-20"),
    ("2021?", None, "is not a supported date, got '2021?'; write 2021~"),
    (
        "2021-10-19 to 2021-10-20",
        None,
        "is not a supported date, got '2021-10-19 to 2021-10-20'; write 2021-10-19/2021-10-20 "
        "for all of these days, [2021-10-19..2021-10-20] for one of them",
    ),
    (
        "2021-10 to 2021-10-20",
        None,
        "is not a supported date, got '2021-10 to 2021-10-20'; write 2021-10/2021-10-20 for all "
        "of these days",
    ),
    (
        "[2021-08..2021-10-20]",
        None,
        "is not a supported date, got '[2021-08..2021-10-20]'; write both ends as days, as months "
        "or as years",
    ),
    (
        "2021-10-20/..",
        None,
        "is not a supported date, got '2021-10-20/..'; close the open end, at a day that the text "
        "presupposes or at the day of publication",
    ),
    ("2021-10-20/2021-10-19", None, "ends before it begins, got '2021-10-20/2021-10-19'; put the earlier day first"),
    ("[2021-10-20..2021-10-19]", None, "ends before it begins, got '[2021-10-20..2021-10-19]'; put the earlier day first"),
    (
        "2021-10-20",
        "lasting",
        "does not fit the date 2021-10-20, got 'lasting'; that date can be day: leave date_kind "
        "out, or change the date",
    ),
    ("2021-10", "sometime", "is not a kind of date, got 'sometime'; use one of day, lasting, "
    "uncertain"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given_kind", "kind", "earliest", "latest"), GOOD)
def test_good(text: str, given_kind: str | None, kind: str, earliest: DAY, latest: DAY) -> None:
    """Each form of the profile is parsed with its kind and its first and last day."""
    found = StatedDate.parse(text, given_kind)
    assert (text, kind, earliest, latest) == (found.text, found.kind, found.earliest, found.latest)
    assert found == StatedDate.restore(text, earliest, latest, found.kind)


@pytest.mark.parametrize(("text", "kind", "message"), BAD)
def test_bad(text: str, kind: str | None, message: str) -> None:
    """Any other text is refused, with advice on what to write instead."""
    with pytest.raises(DateError) as error:
        StatedDate.parse(text, kind)
    assert message == str(error.value)


@settings(max_examples=40)
@given(st.dates(DAY(1000, 1, 1), DAY(2999, 12, 31)), st.integers(0, 400))
def test_any_two_days(first: DAY, length: int) -> None:
    """Intervals and sets of two days start and end with these days."""
    last = first + datetime.timedelta(days=length)
    for text in (f"{first}/{last}", f"[{first}..{last}]"):
        found = StatedDate.parse(text)
        assert (first, last) == (found.earliest, found.latest)


@given(st.text(max_size=25) | st.text("0123456789-/.[]~?", max_size=25))
@settings(max_examples=300)
def test_any_text(text: str) -> None:
    """Any text is either parsed, with its days in order, or refused with `DateError`."""
    try:
        found = StatedDate.parse(text)
    except DateError as error:
        assert "; " in str(error)
    else:
        assert found.earliest <= found.latest
        assert found.kind in DATE_KINDS
