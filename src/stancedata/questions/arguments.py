"""What questions are asked with: days, periods, ages, and what each must be."""

from __future__ import annotations

import datetime

from stancedata.problems import StancedataError

Day = datetime.date | str
Period = tuple[str, datetime.date, datetime.date]
"""Name, first day and last day."""
_MOST_DAYS = 2**31 - 1


def day_of(on: Day, what: str = "on") -> datetime.date:
    """A day, from a date or ISO text.

    Raises:
        StancedataError: It is neither.
    """
    if isinstance(on, datetime.date):
        return on.date() if isinstance(on, datetime.datetime) else on
    try:
        return datetime.date.fromisoformat(on)
    except (ValueError, TypeError):
        raise StancedataError(
            f"{what}: must be a day, got {on!r}; write it as 2021-10-20"
        ) from None


def periods_of(every: str, first: datetime.date, last: datetime.date) -> list[Period]:
    """The months or years from one day to another, each with its first and last day.

    Raises:
        StancedataError: `every` is neither month nor year, or the days run backwards.
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
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    first = datetime.date(year, month, 1)
    return f"{year:04}-{month:02}", first, after - datetime.timedelta(days=1)


def age_of(days: int | None) -> int | None:
    """The most days that something may be old; None where there is no limit.

    Raises:
        StancedataError: It is no whole number from 0 on.
    """
    if days is None:
        return None
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        raise StancedataError(
            f"max_age: must be a whole number of days, 0 or more, got {days!r}; write it as 365"
        )
    return min(days, _MOST_DAYS)  # whatever is older than a calendar has days


def refuse_unless_flag(value: object, what: str) -> None:
    """Refuse what is neither True nor False.

    Raises:
        StancedataError: That is so.
    """
    if not isinstance(value, bool):
        raise StancedataError(f"{what}: must be True or False, got {value!r}; use one of the two")
