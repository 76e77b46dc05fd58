"""Layout of a timeline: days to pixels, marks to lanes, lanes to bands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import attrs

WIDTH = 720  # pixels
LANE = 20  # pixels
MARK = 18  # pixels of the smallest mark, so that its number is readable
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_LABEL = 72  # pixels of a label under the axis
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000)


@attrs.frozen
class Span:
    """The time span of a timeline, in ordinal days with fractions for hours, and its width in pixels."""

    first: float
    last: float
    width: int = WIDTH

    @classmethod
    def of(cls, days: Sequence[datetime.date], width: int = WIDTH) -> Span:
        """Return the span of some days: with a margin of at least a mark, and a month or more."""
        first, last = min(days).toordinal(), max(days).toordinal() + 1
        beside = max((last - first) * 0.03, (31 - (last - first)) / 2)
        return cls(first - beside, last + beside, width)

    def days(self, pixels: float) -> float:
        """Convert pixels to days."""
        return pixels * (self.last - self.first) / self.width

    def ticks(self) -> tuple[list[datetime.date], str]:
        """Return as many days for the axis as there is room for, and the format of their labels."""
        most = max(4, self.width // _LABEL)
        for step in _MONTHS:
            shown = self._months(step)
            if len(shown) <= most:
                break
        if len(shown) > 2:
            return shown, "%Y" if step >= 12 else "%Y-%m"
        # For a few months, label Mondays.
        mondays = [day for day in range(self._inside.start, self._inside.stop) if day % 7 == 1]
        step = -(-len(mondays) // most)
        return [datetime.date.fromordinal(day) for day in mondays[::step]], "%Y-%m-%d"

    def _months(self, step: int) -> list[datetime.date]:
        """Return the first day of every `step`-th month, counted from the year 0."""
        ends = [datetime.date.fromordinal(self._inside[n]) for n in (0, -1)]
        first, last = (day.year * 12 + day.month - 1 for day in ends)
        months = range(-(-first // step) * step, last + 1, step)
        found = [datetime.date(month // 12, month % 12 + 1, 1) for month in months]
        return [day for day in found if day.toordinal() in self._inside]

    @property
    def _inside(self) -> range:
        """The calendar days in the span, as ordinals."""
        calendar = datetime.date.min.toordinal(), datetime.date.max.toordinal()
        return range(max(calendar[0], int(self.first) + 1), min(calendar[1], int(self.last)) + 1)


def milliseconds(day: float) -> int:
    """Convert an ordinal day to the milliseconds since 1970 (UTC) that Vega uses."""
    return round((day - _EPOCH) * 86_400_000)


@attrs.frozen
class Place:
    """The extent of a date, and the centre of its number, in ordinal days."""

    start: float
    end: float
    centre: float

    def within(self, span: Span) -> Place:
        """Return what is to be seen of it in a span; a mark at an edge is moved inside."""
        start, end = (min(max(day, span.first), span.last) for day in (self.start, self.end))
        half = span.days(MARK / 2 + 1)
        return Place(start, end, min(max(self.centre, span.first + half), span.last - half))


def place(kind: str, earliest: datetime.date, latest: datetime.date) -> Place:
    """Return the place of a date on the timeline: all of its days, and the noon from which it counts.

    That is the first day of a lasting position, and the last one of any other.
    """
    start, end = earliest.toordinal(), latest.toordinal() + 1
    return Place(start, end, start + 0.5 if kind == "lasting" else end - 0.5)


def lanes(places: Sequence[Place], span: Span) -> list[int]:
    """Assign each mark a lane, counted from 0 at the top, so that marks do not overlap."""
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
    """The band of one holder or issue, measured in lanes from the top."""

    key: str
    top: float
    height: float
    used: int

    @property
    def bottom(self) -> float:
        """The top of the next band."""
        return self.top + self.height

    def middle(self, lane: int) -> float:
        """Return the middle of a lane; lanes are centred if the label is taller than they are."""
        return self.top + (self.height - self.used) / 2 + lane + 0.5


def stack(used: Mapping[str, int], heights: Mapping[str, float]) -> list[Band]:
    """Stack bands from the top down.

    Args:
        used: Number of lanes of each band, in order.
        heights: Least height of each band in lanes, for its label.
    """
    bands: list[Band] = []
    top = 0.0
    for name, count in used.items():
        bands.append(Band(name, top, max(count, heights[name]) + 0.3, count))
        top = bands[-1].bottom
    return bands
