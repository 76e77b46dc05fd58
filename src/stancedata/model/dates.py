"""Dates as precise as their source.

A date is EDTF text (ISO 8601-2) of a narrow profile, with the first and last day that it can mean
and its kind: a `day`; `lasting`, every day from the first to the last; or `uncertain`, one unknown
day among them.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from typing import Literal, cast, get_args

import attrs

DateKind = Literal["day", "lasting", "uncertain"]
DATE_KINDS: tuple[str, ...] = get_args(DateKind)
_Seasons = Mapping[int, tuple[int, int]]
_Form = tuple[re.Pattern[str], tuple[DateKind, ...]]


def _form(pattern: str, *kinds: DateKind) -> _Form:
    return re.compile(pattern, re.ASCII), kinds


_YEAR, _MONTH, _DAY = r"\d{4}", r"\d{4}-\d{2}", r"\d{4}-\d{2}-\d{2}"
_POINT = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_POINTS = re.compile(_POINT)
# The profile: each form with the kinds that it can have, its default kind first.
_FORMS: tuple[_Form, ...] = (
    _form(_DAY, "day"),
    _form(r"\d{4}(?:-\d{2})?", "uncertain", "lasting"),
    _form(rf"{_POINT}/{_POINT}", "lasting"),
    # Both ends of a set have the same precision, unlike those of an interval.
    *(_form(rf"\[{one}\.\.{one}\]", "uncertain") for one in (_DAY, _MONTH, _YEAR)),
)
# Texts of schema 1: "about", without saying how far.
_RETIRED: tuple[_Form, ...] = (_form(rf"{_POINT}~", "uncertain"),)
_ALL = _FORMS + _RETIRED
PROFILE = "|".join(form.pattern for form, _ in _FORMS)
"""A pattern of all forms of the profile; it does not check that the day exists."""
_PROFILE = (
    "write a day 2021-10-20, a month 2021-10, a year 2021, a closed interval "
    "2021-10-09/2021-10-10, or one of several days [2021-08-15..2021-10-20]"
)
# What EDTF means by the months 21 to 41: first month and number of months.
_SEASONS: _Seasons = {
    **{21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)},  # seasons, no hemisphere given
    **{25: (3, 3), 26: (6, 3), 27: (9, 3), 28: (12, 3)},  # of the northern hemisphere
    **{29: (9, 3), 30: (12, 3), 31: (3, 3), 32: (6, 3)},  # of the southern hemisphere
    **{33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3)},  # quarters
    **{37: (1, 4), 38: (5, 4), 39: (9, 4), 40: (1, 6), 41: (7, 6)},  # thirds, halves
}


class DateError(ValueError):
    """Raised for a date outside the profile; the message says what to write instead."""


@attrs.frozen
class StatedDate:
    """A date with its uncertainty.

    Attributes:
        text: EDTF, as the coder wrote it.
        kind: `day`, `lasting` or `uncertain`.
        earliest: The first day that the text can mean, inclusive.
        latest: The last day that the text can mean, inclusive.
    """

    text: str
    kind: DateKind
    earliest: datetime.date
    latest: datetime.date

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str, kind: str | None = None) -> StatedDate:
        """Parse EDTF text of the profile.

        Args:
            text: For example `2021-10-20` or `[2021-08-15..2021-10-20]`.
            kind: Replaces the default kind of the text: a month or a year may be `lasting`.

        Raises:
            DateError: If the text is outside the profile, names a day that is not on the calendar,
                ends before it begins, or cannot have that kind.
        """
        kinds = _kinds_of(text, _FORMS)
        earliest, latest = _bounds(text)
        if kind is not None and kind not in kinds:
            raise DateError(_wrong_kind(text, kind, kinds))
        return cls(text, kind or kinds[0], earliest, latest)

    @classmethod
    def restore(
        cls, text: str, earliest: datetime.date, latest: datetime.date, kind: str | None = None
    ) -> StatedDate:
        """Rebuild a date from the fields of a parsed one, without parsing the text again.

        Raises:
            DateError: If the text is outside the profile and no kind is given.
        """
        return cls(text, cast(DateKind, kind or _kinds_of(text, _ALL)[0]), earliest, latest)


def is_retired(text: str) -> bool:
    """Return whether a text is a date of schema 1 only, such as `2021-10~`."""
    return any(form.fullmatch(text) for form, _ in _RETIRED)


def _kinds_of(text: str, forms: Iterable[_Form]) -> tuple[DateKind, ...]:
    if not isinstance(text, str):
        raise DateError(f"is not a text, got one of type {type(text).__name__}; {_PROFILE}")
    for form, kinds in forms:
        if form.fullmatch(text):
            return kinds
    raise DateError(f"is not a supported date, got {text[:200]!r}; {suggest(text[:200])}")


def _wrong_kind(text: str, kind: str, kinds: tuple[DateKind, ...]) -> str:
    if kind not in DATE_KINDS:
        return f"is not a kind of date, got {kind!r}; use one of {', '.join(DATE_KINDS)}"
    return (
        f"does not fit the date {text}, got {kind!r}; that date can be {' or '.join(kinds)}: "
        "leave date_kind out, or change the date"
    )


def _bounds(text: str) -> tuple[datetime.date, datetime.date]:
    """Compute the first and last day of a text of the profile."""
    try:
        first, last = _ends(text, {})
    except ValueError:
        raise DateError(_off_calendar(text)) from None
    if first > last:
        raise DateError(f"ends before it begins, got {text!r}; put the earlier day first")
    return first, last


def _ends(text: str, seasons: _Seasons) -> tuple[datetime.date, datetime.date]:
    points = _POINTS.findall(text)
    return _days(points[0], seasons)[0], _days(points[-1], seasons)[1]


def _days(point: str, seasons: _Seasons) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of a day, a month or a year.

    Raises:
        ValueError: If it is not on the calendar.
    """
    year, *rest = map(int, point.split("-"))
    if len(rest) == 2:
        day = datetime.date(year, *rest)
        return day, day
    start, months = seasons.get(rest[0], (rest[0], 1)) if rest else (1, 12)
    first = datetime.date(year, start, 1)
    years, month = divmod(start + months - 2, 12)
    last = (year + years, month + 1)
    return first, datetime.date(*last, monthrange(*last)[1])


def _off_calendar(text: str) -> str:
    try:
        first, last = _ends(text, _SEASONS)
    except ValueError:
        first, last = datetime.date.max, datetime.date.min
    if first > last:
        return f"is not on the calendar, got {text!r}; correct it"
    return (
        f"is not a supported date, got {text!r}; write [{first}..{last}] for one of these days, "
        f"{first}/{last} for all"
    )


def suggest(text: str) -> str:
    """Suggest what to write instead of a text outside the profile: the nearest form, or all."""
    if match := _like(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        year, month, day = match.groups()
        return f"write {year}-{int(month):02}-{int(day):02}"
    if match := _like(rf"({_POINT})[~?%]", text):
        return f"write the days that you would defend: {_around(match[1])}"
    if match := _like(rf"({_POINT})\s*(?:to|-|–|\.\.|/)\s*({_POINT})", text):
        all_of_them = f"write {match[1]}/{match[2]} for all of these days"
        one = f", [{match[1]}..{match[2]}] for one of them"
        return all_of_them + (one if len(match[1]) == len(match[2]) else "")
    if _like(rf"\[{_POINT}\.\.{_POINT}\]", text):
        return "write both ends as days, as months or as years"
    if re.search(r"(\.\.|/)\]?$|^\[?(\.\.|/)", text):
        return "close the open end, at a day that the text presupposes or at the day of publication"
    return _PROFILE


def _around(point: str) -> str:
    """Return a set of days around a day, or that of all days of a month or a year."""
    try:
        first, last = _ends(point, _SEASONS)
        if first == last:
            apart = datetime.timedelta(days=3)
            return f"[{first - apart}..{last + apart}]"
    except (ValueError, OverflowError):
        return "[2021-10-17..2021-10-23]"
    return f"[{first}..{last}]"


def _like(pattern: str, text: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, text, re.ASCII)
