"""The timeline of positions, with uncertain dates drawn as ranges."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stancedata.charts import details, frame, labels, lanes, legends, marks, palette, selection
from stancedata.charts.selection import Holders, Issues
from stancedata.problems import StancedataError
from stancedata.questions.arguments import first_and_last

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

_NOTES = (
    "Filled: stated on that day. Hollow: stated on an unknown day within the dashed line, drawn at the last "
    "possible one, from which it counts. With a bar: lasting, held on all days of the bar.",
)
_CUT = "Bars and lines that reach an edge go on beyond it."
_OVER = "A position on several aspects is drawn at each."
_PLAIN = "no aspect named"


def timeline(
    dataset: Dataset,
    holder: Holders = None,
    issue: Issues = None,
    *,
    start: Day | None = None,
    end: Day | None = None,
    width: int | None = None,
    title: str | None = None,
    note: str | None = None,
    rows: int | None = None,
    page: int = 1,
) -> alt.VConcatChart:
    """Draw the positions of a holder by issue, or the positions on an issue by holder.

    Circles are own statements, squares joint ones. Marks that would overlap are stacked.

    Args:
        dataset: The dataset.
        holder: An actor, or several, by id, name or code.
        issue: An issue, or several, by id or name. With one holder and one issue, the rows are the
            issue's aspects, such as whether recognition is of the government in law or in fact.
        start: Leave out positions of earlier days.
        end: Leave out positions that count from later days.
        width: Width of the time axis in pixels, without labels and legend; by default 720.
        title: A title instead of the chart's own.
        note: A sentence to add below the title.
        rows: How many rows a page shows; by default all.
        page: The number of the page, if `rows` is given.

    Raises:
        UnknownIdError: If no actor or issue has that name; the message suggests the nearest one.
        StancedataError: If neither is given, no position is on record, a day or a number is
            invalid, or Altair is not installed.
    """
    frame.need("altair")
    if holder is None and issue is None:
        raise StancedataError("holder: is missing, and so is issue; give at least one of the two")
    who, what = selection.holders(dataset, holder), selection.issues(dataset, issue)
    wide = selection.width(width) or lanes.WIDTH
    positions = _positions(dataset, who, what, start, end)
    side, of = _rows(dataset, positions, who, what)
    side, count = selection.paged(side, rows, page)
    span = _span(positions, first_and_last(start, end), wide)
    placed = [(key, row) for row in positions for key in of(row) if key in side]
    own = f"{selection.named(dataset, who, what)}: {_range(start, end)}"
    return _picture(
        dataset, placed, side, span, own if title is None else title, (page, count), note
    )


def _positions(
    dataset: Dataset,
    who: tuple[str, ...],
    what: tuple[str, ...],
    start: Day | None,
    end: Day | None,
) -> list[frame.Row]:
    """Return the positions of the chosen holders and issues in the chosen time.

    Raises:
        StancedataError: If there are none.
    """
    asked = dataset.positions(
        holder=selection.only(who), issue=selection.only(what), start=start, end=end
    )
    found = selection.among(asked.to_pylist(), who, what)
    if not found:
        days = "".join(
            f" {word} {day}" for word, day in (("from", start), ("to", end)) if day is not None
        )
        name = selection.named(dataset, who, what)
        raise StancedataError(f"positions: none on record for {name}{days}; choose another")
    return found


def _range(start: Day | None, end: Day | None) -> str:
    """Say which positions are drawn."""
    if start is None and end is None:
        return "every position on record"
    limits = [f"{word} {day}" for word, day in (("from", start), ("to", end)) if day is not None]
    return f"positions {' '.join(limits)}"


def _span(
    positions: list[frame.Row],
    limits: tuple[datetime.date | None, datetime.date | None],
    wide: int,
) -> lanes.Span:
    """Return the days of the axis: of all positions, or those that are asked for."""
    first, last = limits
    ends = ("stated_earliest", "stated_latest")
    days = [
        min(max(row[end], first or row[end]), last or row[end]) for row in positions for end in ends
    ]
    return lanes.Span.of([*days, *(day for day in limits if day is not None)], wide)


def _rows(
    dataset: Dataset, positions: list[frame.Row], who: tuple[str, ...], what: tuple[str, ...]
) -> tuple[dict[str, str], Any]:
    """Return the names of the rows by key, and a function that gives the keys of a position."""
    if len(who) == len(what) == 1:
        return _aspects(dataset, positions, what[0])
    if len(who) == 1:
        return labels.issues(dataset, positions), lambda row: [row["issue_id"]]
    if len(what) == 1:
        return labels.holders(positions), lambda row: [row["actor_id"]]
    found = {(row["actor_id"], row["issue_id"]) for row in positions}
    pairs = {
        f"{actor}/{issue}": f"{name}: {about}"
        for actor, name in labels.holders(positions).items()
        for issue, about in labels.issues(dataset, positions).items()
        if (actor, issue) in found
    }
    return pairs, lambda row: [f"{row['actor_id']}/{row['issue_id']}"]


def _aspects(
    dataset: Dataset, positions: list[frame.Row], issue: str
) -> tuple[dict[str, str], Any]:
    """Return a row for each aspect of an issue that positions are about, and one for the others."""
    names = [aspect.aspect for aspect in dataset.issues[issue].aspects]

    def of(row: frame.Row) -> list[str]:
        return row["aspects"].split("; ") if row["aspects"] else [""]

    found = {key for row in positions for key in of(row)}
    if found == {""}:
        return {"": dataset.issues[issue].name}, of
    order = ["", *names, *sorted(found - {"", *names})]
    return {key: details.words(key) or _PLAIN for key in order if key in found}, of


def _picture(
    dataset: Dataset,
    placed: list[tuple[str, frame.Row]],
    side: dict[str, str],
    span: lanes.Span,
    title: str,
    page: tuple[int, int],
    note: str | None,
) -> alt.VConcatChart:
    issues = labels.issues(dataset, [row for _, row in placed])
    scales = frame.scales(dataset, issues)
    most = {issue: frame.most(levels) for issue, levels in scales.items()}
    carrying = details.Details.of(dataset, most)
    drawn, bands = marks.placed(placed, labels.beside(side), span, carrying)
    single = len(issues) == 1
    chart = marks.chart(drawn, bands, labels.beside(side), span, _legends(dataset, scales, drawn))
    notes = [*frame.added(note), *frame.about(dataset, issues), *_NOTES]
    if any(mark["low"] for mark in drawn):
        notes.append(legends.LOW)
    if any(mark["cut"] for mark in drawn):
        notes.append(_CUT)
    if len({row["stance_id"] for _, row in placed}) < len(placed) and len(side) > 1 and "" in side:
        notes.append(_OVER)
    key = None if single else legends.key(dataset, list(issues), most, span.width)
    return frame.finish(chart, dataset, title, notes, span.width, key, page)


def _legends(
    dataset: Dataset, scales: Mapping[str, list[int]], drawn: list[frame.Row]
) -> list[alt.Chart]:
    """Return the legends: of one issue its levels, of several what has none; the key has the rest."""
    [issue, *others] = scales
    levels = [] if others else scales[issue]
    names = labels.levels(dataset, issue)
    present = {mark["label"] for mark in drawn}
    looks = palette.legend(levels, frame.most(scales[issue]), present, names)
    shown = {mark["statement"].split(",")[0] for mark in drawn}
    shapes = {name: shape for name, shape in marks.SHAPES.items() if name in shown}
    return [*legends.levels(looks, "circle"), legends.statements(shapes)]
