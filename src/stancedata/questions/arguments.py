"""Parse and validate the arguments of questions: days, periods, ages and flags."""

from __future__ import annotations

import calendar
import contextlib
import datetime
import operator
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex

from stancedata.problems import StancedataError, shown
from stancedata.tables.columns import table_of

if TYPE_CHECKING:
    import pyarrow as pa

Day = datetime.date | str
Period = tuple[str, datetime.date, datetime.date]
"""Name, first day and last day."""
_MOST_DAYS = 2**31 - 1
MOST_PERIODS = 12_000
"""The most periods of a panel, such as the months of a thousand years: more are a slip of the pen,
for which the rows of a thousand pairs of holder and issue would take all memory."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_PERIOD = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])|-Q([1-4]))?", re.ASCII)
"""A year, a month or a quarter: 2021, 2021-10, 2021-Q4."""


def day_of(on: Day, what: str = "on") -> datetime.date:
    """Convert a date or ISO text to a date; of a month, quarter or year, to its last day.

    Raises:
        StancedataError: If `on` is neither.
    """
    return period_of(on, what)[2]


def period_of(on: Day, what: str = "on") -> Period:
    """Convert a date or text to a period: a day, or the month, quarter or year that it names.

    Raises:
        StancedataError: If `on` is neither.
    """
    found = isinstance(on, str) and _PERIOD.fullmatch(on)
    if found and found[1] != "0000":
        months = 1 if found[2] else 3 if found[3] else 12
        first = int(found[2] or 3 * int(found[3] or 1) - 2)
        return _months(int(found[1]), first, months)
    day = _single_day(on, what)
    return day.isoformat(), day, day


def _single_day(on: Day, what: str) -> datetime.date:
    # The missing day of pandas is a datetime.
    if isinstance(on, datetime.date) and type(on).__name__ != "NaTType":
        return _day_at_midnight(on, what) if isinstance(on, datetime.datetime) else on
    try:
        return datetime.date.fromisoformat(on if isinstance(on, str) else _text_of_numpy(on))
    except ValueError:
        raise StancedataError(
            f"{what}: must be a day, got {shown(on)}; write it as 2021-10-20, or a period as 2021-10, "
            "2021-Q4 or 2021"
        ) from None


def _text_of_numpy(on: Any) -> str:
    """Return the ISO text of a day of NumPy, as data frames give them; otherwise an empty text."""
    if type(on).__name__ != "datetime64":
        return ""
    day = on.astype("datetime64[D]")
    return str(day) if day == on else ""


def _day_at_midnight(moment: datetime.datetime, what: str) -> datetime.date:
    """Convert a datetime that is a day, as those of data frames are.

    Raises:
        StancedataError: If it has a time or a time zone: elsewhere it is another day.
    """
    is_midnight = moment.time() == datetime.time.min and not getattr(moment, "nanosecond", 0)
    if is_midnight and moment.tzinfo is None:
        return moment.date()
    raise StancedataError(
        f"{what}: must be a day, got {shown(moment)}; give one without time or time zone, such "
        "as its `.date()`"
    )


def is_day(value: object) -> bool:
    """Return whether a value can be read as a day or a period."""
    try:
        period_of(value)  # type: ignore[arg-type]
    except StancedataError:
        return False
    return True


def first_and_last(
    start: Day | None, end: Day | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """Convert the limits of a search to its first and last day; None stays None.

    Raises:
        StancedataError: If one is not a day, or `start` is later than `end`.
    """
    first = None if start is None else period_of(start, "start")[1]
    last = None if end is None else day_of(end, "end")
    if first is not None and last is not None and first > last:
        raise StancedataError(f"start: is later than the end, got {first}; the end is {last}")
    return first, last


def distinct_periods(days: Iterable[Day]) -> list[Period]:
    """Return days and periods by their last day, one for each."""
    known = {period[2]: period for period in map(period_of, days)}
    if not known:
        raise StancedataError(
            "on: has no day, got an empty list; give at least one, or leave it out"
        )
    return [known[day] for day in sorted(known)]


def periods_of(every: str, first: datetime.date, last: datetime.date) -> list[Period]:
    """List the months, quarters or years from one day to another, with first and last day.

    Raises:
        StancedataError: If `every` is none of these, `first` is later than `last`, or there are
            more than `MOST_PERIODS`.
    """
    if not isinstance(every, str) or every not in _MONTHS:
        raise StancedataError(
            f"every: must be month, quarter or year, got {shown(every)}; use one of the three"
        )
    if first > last:
        raise StancedataError(f"start: is later than the end, got {first}; the end is {last}")
    size = _MONTHS[every]
    begin, end = ((day.year * 12 + day.month - 1) // size * size for day in (first, last))
    if (count := (end - begin) // size + 1) > MOST_PERIODS:
        raise StancedataError(
            f"end: makes too many periods, got {count:,} from {first} to {last}; ask for at most "
            f"{MOST_PERIODS:,}, with another start or end, or by year"
        )
    return [_months(n // 12, n % 12 + 1, size) for n in range(begin, end + 1, size)]


def _months(year: int, month: int, count: int) -> Period:
    """Return a period of one month, three or twelve."""
    name = {1: f"{year:04}-{month:02}", 3: f"{year:04}-Q{(month + 2) // 3}", 12: f"{year:04}"}
    last = month + count - 1
    end = datetime.date(year, last, calendar.monthrange(year, last)[1])
    return name[count], datetime.date(year, month, 1), end


def age_of(days: int | None) -> int | None:
    """Validate a maximum age in days; None means no limit.

    Raises:
        StancedataError: If `days` is not a non-negative integer.
    """
    if days is None:
        return None
    # The column is int32, and no two dates are further apart.
    return min(number_of(days, "max_age", "a whole number of days", "365"), _MOST_DAYS)


def whole_number(given: object) -> int | None:
    """Return a whole number, one of NumPy too; None for anything else, also for True and False."""
    # Compared by name, because numpy before version 2 allows its bool_ as an index.
    if type(given).__name__ not in ("bool", "bool_") and isinstance(given, SupportsIndex):
        with contextlib.suppress(TypeError):  # an array has `__index__` but may refuse it
            return operator.index(given)
    return None


def number_of(given: object, what: str, kind: str = "a whole number", example: str = "5") -> int:
    """Validate a whole number of 0 or more; those of NumPy are such numbers.

    Args:
        given: The argument of the user.
        what: What it is called in messages.
        kind: What it must be, for the message.
        example: How to write one.

    Raises:
        StancedataError: If it is not such a number.
    """
    found = whole_number(given)
    if found is None or found < 0:
        raise StancedataError(
            f"{what}: must be {kind}, 0 or more, got {shown(given)}; write it as {example}"
        )
    return found


def age_since(since: Day | None, on: datetime.date, max_age: int | None) -> int | None:
    """Return the age in days that a position may have on a day if it dates from `since` or later.

    Args:
        since: A day or period; None means no limit.
        on: The day.
        max_age: Another limit of the age, as `age_of` returns it.

    Raises:
        StancedataError: If `since` is not a day.
    """
    if since is None:
        return max_age
    days = (on - period_of(since, "since")[1]).days
    return days if max_age is None else min(days, max_age)


def refuse_unless_flag(value: object, what: str) -> None:
    """Raise unless `value` is a bool.

    Raises:
        StancedataError: If `value` is not a bool.
    """
    if not isinstance(value, bool):
        raise StancedataError(
            f"{what}: must be True or False, got {shown(value)}; use one of the two"
        )


def texts_of(given: object, what: str) -> tuple[str, ...]:
    """Return the texts of a list; a single text is not taken for a list of its letters.

    Raises:
        StancedataError: If `given` is not a list of texts.
    """
    found = given
    if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping):
        with contextlib.suppress(TypeError):  # an array of no dimension has `__iter__`
            found = tuple(given)
            if all(isinstance(text, str) for text in found):
                return found
    raise StancedataError(f"{what}: must be a list of texts, got {shown(found)}; write ['name']")


def parameters_table(values: Mapping[str, Any]) -> pa.Table:
    """Make the single row of `parameters`, with a typed column for every known parameter."""
    import pyarrow as pa

    types = {
        "on_day": pa.date32(),
        "actor_id": pa.string(),
        "issue_id": pa.string(),
        "max_age": pa.int32(),
        "coverage_from": pa.date32(),
        "coverage_to": pa.date32(),
        "balanced": pa.bool_(),
        "across": pa.bool_(),
        "low": pa.bool_(),
        "ambiguous": pa.bool_(),
        "coverage_id": pa.string(),
        "first_day": pa.date32(),
        "last_day": pa.date32(),
        "all_issues": pa.bool_(),
        "release_number": pa.int32(),
    }
    schema = pa.schema([pa.field(name, kind) for name, kind in types.items()])
    return table_of([values], schema)
