"""Timelines as small vector pictures: one strip per issue, with the level as height.

Places across are percentages, so that a strip fits every width without scaling its marks.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import attrs
from markupsafe import Markup

from stancedata.charts.lanes import Span
from stancedata.model import Issue
from stancedata.site.levels import Levels
from stancedata.site.spells import Row, Spell

_STEP = 11  # pixels from one level to the next
_EDGE = 7  # pixels above the highest level and below the lowest


@attrs.frozen
class Scale:
    """The days of a timeline, as percentages of its width."""

    span: Span

    @classmethod
    def of(cls, rows: Sequence[Row], first: datetime.date) -> Scale:
        """Return the scale of some positions.

        Args:
            rows: The positions.
            first: Where it begins, unless all are earlier: a few of long before would leave no
                room for the others. They are drawn at its edge.
        """
        days = [row[end] for row in rows for end in ("stated_earliest", "stated_latest")]
        if max(days) > first:
            days = [max(day, first) for day in days]
        return cls(Span.of(days))

    def share(self, day: float) -> float:
        """Return the place of an ordinal day, from 0 to 100."""
        share = 100 * (day - self.span.first) / (self.span.last - self.span.first)
        return round(max(0.0, min(100.0, share)), 1)

    def axis(self) -> Markup:
        """Draw the labels of days; every other one is left out on narrow screens."""
        days, form = self.span.ticks()
        labels = Markup("").join(
            Markup("<text x={}% y=12{}>{}</text>").format(
                f"{self.share(day.toordinal()):g}",
                Markup(" class=o") if number % 2 else "",
                _label(day, form),
            )
            for number, day in enumerate(days)
        )
        return Markup("<svg class=axis aria-hidden=true>{}</svg>").format(labels)


def _label(day: datetime.date, form: str) -> str:
    """Format a day; `strftime` does not pad years before 1000 on every system."""
    return day.isoformat()[: {"%Y": 4, "%Y-%m": 7}.get(form, 10)]


def strip(
    issue: Issue,
    rows: Sequence[tuple[int, Row]],
    spells: Sequence[Spell],
    scale: Scale,
    levels: Levels,
) -> Markup:
    """Draw the positions of a holder on one issue.

    A circle is an own statement and a square a joint one; hollow marks have an uncertain date, and
    wide ones last. The line behind them is the position that stands. Marks that would cover each
    other are drawn once.

    Args:
        issue: The issue.
        rows: Its positions, each with the number of its entry on the page.
        spells: Which of them stands when.
        scale: The days.
        levels: The look of levels.
    """
    heights = _heights(issue, [row for _, row in rows])
    tall = _STEP * (len(set(heights.values())) - 1) + 2 * _EDGE
    marks: dict[str, Markup] = {}
    for number, row in rows:
        mark = _mark(row, heights[row["level"]], scale, levels)
        marks.setdefault(mark, Markup("{} data-p={} />").format(mark, number))
    stands = _lines(spells, {row["stance_id"]: row for _, row in rows}, heights, scale, levels)
    return Markup("<svg class=strip height={} aria-hidden=true>{}{}</svg>").format(
        tall, stands, Markup("").join(marks.values())
    )


def _heights(issue: Issue, rows: Sequence[Row]) -> dict[int | None, int]:
    """Return the middle of each level from the top; positions without a level are at 0 or below."""
    steps = {step.level for step in issue.levels} | {row["level"] for row in rows}
    steps.discard(None)
    listed = sorted(steps, reverse=True)
    found: dict[int | None, int] = {level: _EDGE + _STEP * n for n, level in enumerate(listed)}
    found[None] = found.get(0, _EDGE + _STEP * max(0, len(listed) - 1))
    return found


def _mark(row: Row, y: int, scale: Scale, levels: Levels) -> Markup:
    style = levels.style(row["issue_id"], row["level"])
    start, end = row["stated_earliest"].toordinal(), row["stated_latest"].toordinal() + 1
    if row["date_kind"] == "lasting":
        x, width = scale.share(start), max(0.8, scale.share(end) - scale.share(start))
        return Markup("<rect x={:g}% y={} width={:g}% height=8 class={}").format(
            x, y - 4, width, style
        )
    hollow = " h" if row["date_kind"] == "uncertain" else ""
    x = scale.share(end - 0.5)
    first = scale.share(start)
    tail = Markup("")
    if hollow and x - first >= 0.5:
        tail = Markup("<line x1={:g}% x2={:g}% y1={} y2={} />").format(first, x, y, y)
    shape = "<circle cx={:g}% cy={} r=5" if row["own"] else "<rect x={:g}% y={} width=9 height=9"
    name = f'"{style}{hollow}"' if hollow else style
    # The style sheet moves a square half its size to the left, which a percentage cannot say.
    top = y if row["own"] else y - 4.5
    return Markup("{}" + shape + " class={}").format(tail, x, top, Markup(name))


def _lines(
    spells: Sequence[Spell],
    rows: Mapping[str, Row],
    heights: Mapping[int | None, int],
    scale: Scale,
    levels: Levels,
) -> Markup:
    """Draw what stands; successive positions of one level are one line."""
    starts: list[tuple[float, Row | None]] = []
    for spell in spells:
        row = rows.get(spell.stance_id or "")
        if not starts or _level(row) != _level(starts[-1][1]):
            starts.append((scale.share(spell.since.toordinal()), row))
    ends = [*(start for start, _ in starts[1:]), 100.0][: len(starts)]
    return Markup("").join(
        Markup("<rect x={:g}% y={} width={:g}% height=3 class={} />").format(
            start,
            heights[row["level"]] - 1.5,
            round(end - start, 1),
            levels.style(row["issue_id"], row["level"]),
        )
        for (start, row), end in zip(starts, ends, strict=True)
        if row is not None and end - start >= 0.1
    )


def _level(row: Row | None) -> tuple[int | None, str | None] | None:
    return None if row is None else (row["level"], row["level_name"])
