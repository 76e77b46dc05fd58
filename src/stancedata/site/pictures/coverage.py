"""The picture of what a dataset covers: positions by period, and the corpora under them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

import attrs
from markupsafe import Markup

from stancedata.site.spells import Row

_MOST = 48
"""The most bars of the picture."""
_EARLY = 5
"""Positions of each 1,000, the earliest, that the picture leaves out."""
_TALL = 120  # pixels of the highest bar
_UNITS = (1, 3, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
"""Months that one bar may stand for."""


@attrs.frozen
class Bar:
    """One bar: its period, in words, and how many positions began in it."""

    period: str
    first: datetime.date
    count: int


def bars_of(rows: Sequence[Row]) -> list[Bar]:
    """Count positions by month, quarter, year or more, so that the bars fit beside each other.

    A position counts in the period of its first day. Leave out the earliest 0.5 %.
    """
    listed = sorted(_month(row["stated_earliest"]) for row in rows)
    if not listed:
        return []
    # A few positions of long before would leave no room for the others.
    low, high = listed[len(listed) * _EARLY // 1000], listed[-1]
    months = Counter(month for month in listed if month >= low)
    unit = next((u for u in _UNITS if high // u - low // u < _MOST), _UNITS[-1])
    counts: Counter[int] = Counter()
    for month, number in months.items():
        counts[month // unit] += number
    return [
        Bar(_period(place * unit, unit), _first(place * unit), counts[place])
        for place in range(low // unit, high // unit + 1)
    ]


def _month(day: datetime.date) -> int:
    return day.year * 12 + day.month - 1


def _first(month: int) -> datetime.date:
    return datetime.date(max(1, month // 12), month % 12 + 1, 1)


def _period(month: int, unit: int) -> str:
    first, last = _first(month), _first(month + unit - 1)
    if unit == 1:
        return first.isoformat()[:7]
    if unit == 3:
        return f"{first.isoformat()[:4]} Q{first.month // 3 + 1}"
    return first.isoformat()[:4] if unit == 12 else f"{first.year} to {last.year}"


def picture(bars: Sequence[Bar], corpora: Sequence[Row]) -> Markup:
    """Draw the bars, with a line under them for each corpus that was searched or read.

    Args:
        bars: The bars, in order of time.
        corpora: Rows of `coverage`.
    """
    if not bars:
        return Markup("")
    most = max(bar.count for bar in bars)
    wide = 100 / len(bars)
    parts = [Markup("<text y=11>{} positions</text>").format(most)]
    for number, bar in enumerate(bars):
        tall = round(_TALL * bar.count / most, 1)
        parts.append(
            Markup(
                "<rect x={:.2f}% y={:g} width={:.2f}% height={:g}><title>{}: {}</title></rect>"
            ).format(number * wide, 18 + _TALL - tall, wide * 0.86, tall, bar.period, bar.count)
        )
    parts += _labels(bars, wide)
    parts += _corpora(bars, corpora)
    height = 18 + _TALL + 28 + 22 * len(corpora)
    label = f"{sum(b.count for b in bars)} positions from {bars[0].period} to {bars[-1].period}; the table below has the numbers"
    return Markup('<svg class=cover role=img aria-label="{}" height={}>{}</svg>').format(
        label, height, Markup("").join(parts)
    )


def _labels(bars: Sequence[Bar], wide: float) -> list[Markup]:
    step = -(-len(bars) // 8)
    return [
        Markup("<text x={:.2f}% y={}{}>{}</text>").format(
            n * wide,
            18 + _TALL + 14,
            Markup(" class=o") if n // step % 2 else "",
            bars[n].period[:7],
        )
        for n in range(0, len(bars), step)
    ]


def _corpora(bars: Sequence[Bar], corpora: Sequence[Row]) -> list[Markup]:
    """Draw the period of each corpus as a line, in the scale of the bars."""
    found = []
    for number, row in enumerate(corpora):
        y = 18 + _TALL + 26 + 22 * number
        start, end = (_place(bars, row[name]) for name in ("covers_from", "covers_to"))
        found.append(
            Markup(
                "<rect class=c x={:.2f}% y={} width={:.2f}% height=4 /><text y={}>{}</text>"
            ).format(start, y, max(1.0, end - start), y + 15, row["name"])
        )
    return found


def _place(bars: Sequence[Bar], day: datetime.date) -> float:
    """Return the place of a day among the bars, as percent of their width."""
    before = sum(bar.first <= day for bar in bars)
    return 100 * max(0, before - 1) / len(bars)
