"""Where marks lie on a timeline: days to pixels, marks to lanes, lanes to bands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import attrs

WIDTH = 720  # pixels
LANE = 20  # pixels
MARK = 18  # pixels that the smallest mark takes, so that its number can be read
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_TICKS = 10  # labels that fit under the axis
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)


@attrs.frozen
class Span:
    """The days that a timeline shows; days are ordinals, with fractions for hours."""

    first: float
    last: float

    @classmethod
    def of(cls, days: Sequence[datetime.date]) -> Span:
        """Room for days, with the width of a mark and more beside them, and a month at least."""
        first, last = min(days).toordinal(), max(days).toordinal() + 1
        beside = max((last - first) * 0.03, (31 - (last - first)) / 2)
        return cls(first - beside, last + beside)

    def days(self, pixels: float) -> float:
        """How many days so many pixels are."""
        return pixels * (self.last - self.first) / WIDTH

    def ticks(self) -> tuple[list[datetime.date], str]:
        """At most ten days to be written under the axis, and how much of each."""
        for step in _MONTHS:
            shown = self._months(step)
            if len(shown) <= _TICKS:
                break
        if len(shown) > 2:
            return shown, "%Y" if step >= 12 else "%Y-%m"
        # A few months: Mondays.
        mondays = [day for day in range(self._inside.start, self._inside.stop) if day % 7 == 1]
        step = -(-len(mondays) // _TICKS)
        return [datetime.date.fromordinal(day) for day in mondays[::step]], "%Y-%m-%d"

    def _months(self, step: int) -> list[datetime.date]:
        """First days of every month, every third month, and so on, counted from the year 0."""
        ends = [datetime.date.fromordinal(self._inside[n]) for n in (0, -1)]
        first, last = (day.year * 12 + day.month - 1 for day in ends)
        months = range(-(-first // step) * step, last + 1, step)
        found = [datetime.date(month // 12, month % 12 + 1, 1) for month in months]
        return [day for day in found if day.toordinal() in self._inside]

    @property
    def _inside(self) -> range:
        """The days of the calendar that are shown."""
        calendar = datetime.date.min.toordinal(), datetime.date.max.toordinal()
        return range(max(calendar[0], int(self.first) + 1), min(calendar[1], int(self.last)) + 1)


def milliseconds(day: float) -> int:
    """A day as Vega counts time, from 1970 on, in UTC."""
    return round((day - _EPOCH) * 86_400_000)


@attrs.frozen
class Place:
    """Where one mark lies: from, to, and the centre of what carries its number."""

    start: float
    end: float
    centre: float


def place(kind: str, earliest: datetime.date, latest: datetime.date, span: Span) -> Place:
    """The place of a date.

    A day lies at its noon; an uncertain date at the noon of its last day, from which it counts;
    a lasting one from its first morning to its last evening, and never less than a mark wide.
    """
    start, end = earliest.toordinal(), latest.toordinal() + 1
    if kind == "lasting":
        wide = max(end, start + span.days(MARK))
        return Place(start, wide, (start + wide) / 2)
    return Place(start, end, end - 0.5)


def lanes(places: Sequence[Place], span: Span) -> list[int]:
    """A lane for each mark, 0 the uppermost, so that none covers another."""
    half = span.days(MARK / 2 + 1)
    ends: list[float] = []
    found: dict[int, int] = {}
    for index in sorted(range(len(places)), key=lambda i: (places[i].start, places[i].end)):
        here = places[index]
        left, right = min(here.start, here.centre - half), max(here.end, here.centre + half)
        lane = next((n for n, end in enumerate(ends) if end <= left), len(ends))
        ends[lane : lane + 1] = [right]
        found[index] = lane
    return [found[index] for index in range(len(places))]


@attrs.frozen
class Band:
    """The room of one holder or issue, in lanes from the top."""

    key: str
    top: float
    height: float
    used: int

    @property
    def bottom(self) -> float:
        """Where the next one begins."""
        return self.top + self.height

    def middle(self, lane: int) -> float:
        """The middle of a lane; where the label needs more room, the lanes are centred."""
        return self.top + (self.height - self.used) / 2 + lane + 0.5


def stack(used: Mapping[str, int], heights: Mapping[str, float]) -> list[Band]:
    """Bands one under the other.

    Args:
        used: How many lanes each has, from the top down.
        heights: How many it needs at least, for its label.
    """
    bands: list[Band] = []
    top = 0.0
    for name, count in used.items():
        bands.append(Band(name, top, max(count, heights[name]) + 0.3, count))
        top = bands[-1].bottom
    return bands
