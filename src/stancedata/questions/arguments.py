"""Parse and validate the arguments of questions: days, periods, ages and flags."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable

from stancedata.problems import StancedataError

Day = datetime.date | str
Period = tuple[str, datetime.date, datetime.date]
"""Name, first day and last day."""
_MOST_DAYS = 2**31 - 1


def day_of(on: Day, what: str = "on") -> datetime.date:
    """Convert a date or ISO text to a date.

    Raises:
        StancedataError: If `on` is neither.
    """
    if isinstance(on, datetime.date):
        return on.date() if isinstance(on, datetime.datetime) else on
    try:
        return datetime.date.fromisoformat(on)
    except (ValueError, TypeError):
        raise StancedataError(
            f"{what}: must be a day, got {on!r}; write it as 2021-10-20"
        ) from None


def single_days(days: Iterable[Day]) -> list[Period]:
    """Return one-day periods in order, without duplicates."""
    known = sorted({day_of(day) for day in days})
    if not known:
        raise StancedataError(
            "on: has no day, got an empty list; give at least one, or leave it out"
        )
    return [(day.isoformat(), day, day) for day in known]


def periods_of(every: str, first: datetime.date, last: datetime.date) -> list[Period]:
    """List the months or years from one day to another, each with its first and last day.

    Raises:
        StancedataError: If `every` is neither month nor year, or `first` is later than `last`.
    """
    if every not in ("month", "year"):
        raise StancedataError(f"every: must be month or year, got {every!r}; use one of the two")
    if first > last:
        raise StancedataError(f"start: is later than end, got {first}; end is {last}")
    if every == "year":
        years = range(first.year, last.year + 1)
        return [(str(y), datetime.date(y, 1, 1), datetime.date(y, 12, 31)) for y in years]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [_month(number // 12, number % 12 + 1) for number in months]


def _month(year: int, month: int) -> Period:
    last = calendar.monthrange(year, month)[1]
    return f"{year:04}-{month:02}", datetime.date(year, month, 1), datetime.date(year, month, last)


def age_of(days: int | None) -> int | None:
    """Validate a maximum age in days; None means no limit.

    Raises:
        StancedataError: If `days` is not a non-negative integer.
    """
    if days is None:
        return None
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        raise StancedataError(
            f"max_age: must be a whole number of days, 0 or more, got {days!r}; write it as 365"
        )
    return min(days, _MOST_DAYS)  # the column is int32, and no two dates are further apart


def refuse_unless_flag(value: object, what: str) -> None:
    """Raise unless `value` is a bool.

    Raises:
        StancedataError: If `value` is not a bool.
    """
    if not isinstance(value, bool):
        raise StancedataError(f"{what}: must be True or False, got {value!r}; use one of the two")
