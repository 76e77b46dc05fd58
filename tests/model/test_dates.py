"""Stated dates: the profile, its bounds and its refusals."""

from __future__ import annotations

import datetime
import re
import time

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancedata.model.dates import DATE_KINDS, DateError, StatedDate
from tests.support.effort import examples

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
    ("0001", None, "uncertain", DAY(1, 1, 1), DAY(1, 12, 31)),
    ("9999-12", None, "uncertain", DAY(9999, 12, 1), DAY(9999, 12, 31)),
]
RETIRED = [
    ("2021-09-25~", DAY(2021, 9, 25), DAY(2021, 9, 25), "[2021-09-22..2021-09-28]"),
    ("2021-05~", DAY(2021, 5, 1), DAY(2021, 5, 31), "[2021-05-01..2021-05-31]"),
    ("2021~", DAY(2021, 1, 1), DAY(2021, 12, 31), "[2021-01-01..2021-12-31]"),
]
# What EDTF calls the months 21 to 41.
SEASONS = {
    "2021-21": "2021-03-01/2021-05-31",
    "2021-22": "2021-06-01/2021-08-31",
    "2021-23": "2021-09-01/2021-11-30",
    "2021-24": "2021-12-01/2022-02-28",
    "2023-24": "2023-12-01/2024-02-29",
    "2021-25": "2021-03-01/2021-05-31",
    "2021-26": "2021-06-01/2021-08-31",
    "2021-27": "2021-09-01/2021-11-30",
    "2021-28": "2021-12-01/2022-02-28",
    "2021-29": "2021-09-01/2021-11-30",
    "2021-30": "2021-12-01/2022-02-28",
    "2021-31": "2021-03-01/2021-05-31",
    "2021-32": "2021-06-01/2021-08-31",
    "2021-33": "2021-01-01/2021-03-31",
    "2021-34": "2021-04-01/2021-06-30",
    "2021-35": "2021-07-01/2021-09-30",
    "2021-36": "2021-10-01/2021-12-31",
    "2021-37": "2021-01-01/2021-04-30",
    "2021-38": "2021-05-01/2021-08-31",
    "2021-39": "2021-09-01/2021-12-31",
    "2021-40": "2021-01-01/2021-06-30",
    "2021-41": "2021-07-01/2021-12-31",
    "2021-21/2021-23": "2021-03-01/2021-11-30",
    "[2021-33..2021-12]": "2021-01-01/2021-12-31",
    "2021-08-15/2021-23": "2021-08-15/2021-11-30",
}
BAD = [
    ("2021-02-30", None, "is not on the calendar, got '2021-02-30'; correct it"),
    ("2023-02-29", None, "is not on the calendar, got '2023-02-29'; correct it"),
    ("2021-13", None, "is not on the calendar, got '2021-13'; correct it"),
    ("2021-10-2", None, "is not a supported date, got '2021-10-2'; write 2021-10-02"),
    ("2021/10/20", None, "is not a supported date, got '2021/10/20'; write 2021-10-20"),
    ("2021?", None, "is not a supported date, got '2021?'; write the days that you would defend: [2021-01-01..2021-12-31]"),
    ("2021-10-20~", None, "is not a supported date, got '2021-10-20~'; write the days that you would defend: [2021-10-17..2021-10-23]"),
    ("2021-02-30~", None, "is not a supported date, got '2021-02-30~'; write the days that you would defend: [2021-10-17..2021-10-23]"),
    ("0001-01-01~", None, "is not a supported date, got '0001-01-01~'; write the days that you would defend: [2021-10-17..2021-10-23]"),
    ("2021-20", None, "is not on the calendar, got '2021-20'; correct it"),
    ("2021-42", None, "is not on the calendar, got '2021-42'; correct it"),
    ("2021-21-01", None, "is not on the calendar, got '2021-21-01'; correct it"),
    ("9999-24", None, "is not on the calendar, got '9999-24'; correct it"),
    ("0000", None, "is not on the calendar, got '0000'; correct it"),
    ("2021-00/2021-10", None, "is not on the calendar, got '2021-00/2021-10'; correct it"),
    ("2021-24/2021-21", None, "is not on the calendar, got '2021-24/2021-21'; correct it"),
    (
        "２０２１-10-20",
        None,
        "is not a supported date, got '２０２１-10-20'; write a day 2021-10-20, a month 2021-10, a year "
        "2021, a closed interval 2021-10-09/2021-10-10, or one of several days [2021-08-15..2021-10-20]",
    ),
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


@pytest.mark.parametrize(("text", "earliest", "latest", "instead"), RETIRED)
def test_texts_of_schema_1(text: str, earliest: DAY, latest: DAY, instead: str) -> None:
    """Release 0.1.0 has approximate dates: they are restored, and no longer written."""
    assert StatedDate.restore(text, earliest, latest).kind == "uncertain"
    with pytest.raises(DateError, match=re.escape(f"would defend: {instead}")):
        StatedDate.parse(text)


@pytest.mark.parametrize(("text", "days"), SEASONS.items())
def test_seasons_are_refused(text: str, days: str) -> None:
    """A season, a quarter, a third or a half of a year is refused with the days to write."""
    message = (
        f"is not a supported date, got {text!r}; write [{days.replace('/', '..')}] for one of "
        f"these days, {days} for all"
    )
    with pytest.raises(DateError, match=re.escape(message)):
        StatedDate.parse(text)


def test_every_season_is_there() -> None:
    """The codes of EDTF for parts of a year are 21 to 41."""
    assert set(range(21, 42)) == {int(text[5:]) for text in SEASONS if len(text) == 7}


years = st.integers(0, 9999) | st.integers(1990, 2030) | st.sampled_from([0, 1, 1900, 2000, 9999])
points = st.builds(
    lambda year, month, day, length: f"{year:04}-{month:02}-{day:02}"[:length],
    years, st.integers(0, 13), st.integers(0, 32), st.sampled_from([4, 7, 10, 10]),
)  # fmt: skip
forms = st.one_of(
    points,
    points.map("{}~".format),
    st.builds("{}/{}".format, points, points),
    st.builds("[{}..{}]".format, points, points),
)


def bounds_of(text: str) -> tuple[DAY, DAY] | None:
    """Return the first and last day by the library `edtf`; None if it has none."""
    try:
        parsed = edtf.parse_edtf(text)
        first, last = (DAY(*end[:3]) for end in (parsed.lower_strict(), parsed.upper_strict()))
    except (edtf.EDTFParseException, ValueError, OverflowError):
        return None
    return (first, last) if first <= last else None


@examples(100)
@given(forms)
def test_days_are_those_of_another_parser(text: str) -> None:
    """Whatever is in the profile has the first and last day that `edtf` gives it."""
    try:
        found = StatedDate.parse(text)
    except DateError as error:
        assert "is not a supported date" in str(error) or bounds_of(text) is None
    else:
        assert bounds_of(text) == (found.earliest, found.latest)


def test_parsing_is_fast() -> None:
    """A date takes microseconds, where a general parser takes milliseconds."""
    start = time.process_time()
    for day in range(1, 29):
        for month in range(1, 13):
            StatedDate.parse(f"[1999-{month:02}-{day:02}..2021-10-20]")
    assert time.process_time() - start < 336 * 0.0001


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
