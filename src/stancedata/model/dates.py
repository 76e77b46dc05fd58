"""Dates as precise as their source.

A date is EDTF text (ISO 8601-2) of a narrow profile, with the first and last day that it can mean
and its kind: a `day`; `lasting`, every day from the first to the last; or `uncertain`, one unknown
day among them.
"""

from __future__ import annotations

import datetime
import functools
import re
from typing import Literal, cast, get_args

import attrs

DateKind = Literal["day", "lasting", "uncertain"]
DATE_KINDS: tuple[str, ...] = get_args(DateKind)

_YEAR, _MONTH, _DAY = r"\d{4}", r"\d{4}-\d{2}", r"\d{4}-\d{2}-\d{2}"
_POINT = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
# The profile: each form with the kinds that it can have, its default kind first.
_FORMS: tuple[tuple[re.Pattern[str], tuple[DateKind, ...]], ...] = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), ("day",)),
    (re.compile(r"\d{4}(?:-\d{2})?"), ("uncertain", "lasting")),
    (re.compile(rf"{_POINT}/{_POINT}"), ("lasting",)),
    # Both ends of a set have the same precision, unlike those of an interval.
    *(
        (re.compile(rf"\[{one}\.\.{one}\]"), cast(tuple[DateKind, ...], ("uncertain",)))
        for one in (_DAY, _MONTH, _YEAR)
    ),
    (re.compile(rf"{_POINT}~"), ("uncertain",)),
)
PROFILE = "|".join(form.pattern for form, _ in _FORMS)
"""A pattern of all forms of the profile; it does not check that the day exists."""
_PROFILE = (
    "write a day 2021-10-20, a month 2021-10, a year 2021, a closed interval "
    "2021-10-09/2021-10-10, one of several days [2021-08-15..2021-10-20], or an uncertain day "
    "2021-09-25~"
)


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
        kinds = _kinds_of(text)
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
        return cls(text, cast(DateKind, kind or _kinds_of(text)[0]), earliest, latest)


def _kinds_of(text: str) -> tuple[DateKind, ...]:
    for form, kinds in _FORMS:
        if form.fullmatch(text):
            return kinds
    raise DateError(f"is not a supported date, got {text!r}; {suggest(text)}")


def _wrong_kind(text: str, kind: str, kinds: tuple[DateKind, ...]) -> str:
    if kind not in DATE_KINDS:
        return f"is not a kind of date, got {kind!r}; use one of {', '.join(DATE_KINDS)}"
    return (
        f"does not fit the date {text}, got {kind!r}; that date can be {' or '.join(kinds)}: "
        "leave date_kind out, or change the date"
    )


@functools.lru_cache(maxsize=65_536)
def _bounds(text: str) -> tuple[datetime.date, datetime.date]:
    """Parse the first and last day of a text; memoised because parsing takes 10 to 40 ms."""
    # Imported here because the parser takes 0.2 s to load and only curation needs it.
    from edtf import EDTFParseException, parse_edtf

    try:
        parsed = parse_edtf(text)
        ends = [datetime.date(*end[:3]) for end in (parsed.lower_strict(), parsed.upper_strict())]
    except (EDTFParseException, ValueError, OverflowError):
        raise DateError(f"is not on the calendar, got {text!r}; correct it") from None
    if ends[0] > ends[1]:
        raise DateError(f"ends before it begins, got {text!r}; put the earlier day first")
    return ends[0], ends[1]


def suggest(text: str) -> str:
    """Suggest what to write instead of a text outside the profile: the nearest form, or all."""
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        year, month, day = match.groups()
        return f"write {year}-{int(month):02}-{int(day):02}"
    if match := re.fullmatch(rf"({_POINT})(\?|%)", text):
        return f"write {match[1]}~"
    if match := re.fullmatch(rf"({_POINT})\s*(?:to|-|–|\.\.|/)\s*({_POINT})", text):
        all_of_them = f"write {match[1]}/{match[2]} for all of these days"
        one = f", [{match[1]}..{match[2]}] for one of them"
        return all_of_them + (one if len(match[1]) == len(match[2]) else "")
    if re.fullmatch(rf"\[{_POINT}\.\.{_POINT}\]", text):
        return "write both ends as days, as months or as years"
    if re.search(r"(\.\.|/)\]?$|^\[?(\.\.|/)", text):
        return "close the open end, at a day that the text presupposes or at the day of publication"
    return _PROFILE
