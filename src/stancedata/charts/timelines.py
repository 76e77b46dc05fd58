"""The timeline of positions, with uncertain dates drawn as ranges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from stancedata.charts import frame, labels, lanes, palette
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

_NOTES = (
    "Filled circle: stated on that day. Hollow circle: stated on an unknown day within the dashed "
    "line, drawn at the last possible one, from which it counts. Bar: lasting, held on all of "
    "these days.",
)


def timeline(
    dataset: Dataset, holder: str | int | None = None, issue: str | None = None
) -> alt.VConcatChart:
    """Draw the positions of a holder by issue, or the positions on an issue by holder.

    Marks that would overlap are stacked.

    Args:
        dataset: The dataset.
        holder: An actor, by id, name or code.
        issue: An issue, by id or name; with a holder, only its positions on this issue.

    Raises:
        UnknownIdError: If no actor or issue has that name; the message suggests the nearest one.
        StancedataError: If neither is given, no position is on record, or Altair is not installed.
    """
    frame.need("altair")
    if holder is None and issue is None:
        raise StancedataError("holder: is missing, and so is issue; give at least one of the two")
    positions = dataset.positions(holder=holder, issue=issue).to_pylist()
    if not positions:
        asked = " on ".join(str(name) for name in (holder, issue) if name is not None)
        raise StancedataError(f"positions: none on record for {asked}; choose another")
    side = labels.issues(dataset, positions) if holder is not None else labels.holders(positions)
    what = "issue_id" if holder is not None else "actor_id"
    return _picture(dataset, positions, what, side, _title(dataset, holder, issue))


def _title(dataset: Dataset, holder: str | int | None, issue: str | None) -> str:
    who = "" if holder is None else dataset.actors[dataset.actors.resolve(holder)].name
    what = "" if issue is None else dataset.issues[dataset.issues.resolve(issue)].name
    return f"{' on '.join(filter(None, (who, what)))}: every position on record"


def _picture(
    dataset: Dataset, positions: list[frame.Row], what: str, side: dict[str, str], title: str
) -> alt.VConcatChart:
    import altair as alt

    scale = frame.scale(dataset, positions)
    furthest = frame.most(scale)
    ends = ("stated_earliest", "stated_latest")
    span = lanes.Span.of([row[end] for row in positions for end in ends])
    lines = labels.beside(side)
    marks, bands = _placed(positions, what, lines, span, furthest)
    issues = {row["issue_id"] for row in positions}
    names = labels.levels(dataset, *issues) if len(issues) == 1 else {}
    looks = palette.legend(scale, furthest, {mark["label"] for mark in marks}, names)
    layers = [
        *_layers(marks, bands, _days(span), _rows(bands, lines)),
        frame.legend(looks, "circle"),
    ]
    height = lanes.LANE * bands[-1].bottom
    chart = alt.LayerChart(layer=layers, width=lanes.WIDTH, height=height)
    return frame.finish(chart, dataset, title, _NOTES, lanes.WIDTH)


def _placed(
    positions: list[frame.Row], what: str, lines: dict[str, list[str]], span: lanes.Span, most: int
) -> tuple[list[frame.Row], list[lanes.Band]]:
    """Turn positions into marks with coordinates, and return the bands that hold them."""
    of: defaultdict[str, list[tuple[frame.Row, lanes.Place]]] = defaultdict(list)
    for row in positions:
        place = lanes.place(row["date_kind"], row["stated_earliest"], row["stated_latest"], span)
        of[row[what]].append((frame.shown(row, most), place))
    found = {key: lanes.lanes([place for _, place in of[key]], span) for key in lines}
    heights = {key: len(text) * labels.LINE / lanes.LANE for key, text in lines.items()}
    bands = lanes.stack({key: max(found[key]) + 1 for key in lines}, heights)
    marks = [
        {**mark, **_where(place, band.middle(lane))}
        for band in bands
        for (mark, place), lane in zip(of[band.key], found[band.key], strict=True)
    ]
    return marks, bands


def _where(place: lanes.Place, middle: float) -> frame.Row:
    ends = {"start": place.start, "end": place.end, "centre": place.centre}
    days = {name: lanes.milliseconds(day) for name, day in ends.items()}
    return {**days, "y": middle, "top": middle - 0.36, "bottom": middle + 0.36}


def _days(span: lanes.Span) -> dict[str, Any]:
    """Return the time axis, in UTC, so that days do not shift with the reader's time zone."""
    import altair as alt

    ticks, form = span.ticks()
    axis = alt.Axis(
        values=[lanes.milliseconds(day.toordinal()) for day in ticks],
        title=None,
        labelExpr=f"utcFormat(datum.value, '{form}')",
        gridColor="#dddddd",
        labelOverlap=True,
        labelFlush=False,
    )
    ends = [lanes.milliseconds(end) for end in (span.first, span.last)]
    return {"axis": axis, "scale": alt.Scale(type="utc", domain=ends, nice=False)}


def _rows(bands: list[lanes.Band], lines: dict[str, list[str]]) -> dict[str, Any]:
    """Return the axis of bands, with each name at the middle of its band."""
    import altair as alt

    middles = {(band.top + band.bottom) / 2: lines[band.key] for band in bands}
    axis = alt.Axis(
        values=list(middles),
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        labelOverlap=False,
        **labels.axis(middles),
    )
    scale = alt.Scale(domain=[0, bands[-1].bottom], reverse=True, nice=False, zero=False)
    return {"axis": axis, "scale": scale}


def _layers(
    marks: list[frame.Row], bands: list[lanes.Band], across: dict[str, Any], down: dict[str, Any]
) -> list[alt.Chart]:
    """Return the layers: stripes, ranges of possible days, bars, circles and numbers."""
    import altair as alt

    def of(kind: str) -> alt.Chart:
        chosen = [mark for mark in marks if mark["date_kind"] == kind]
        return alt.Chart(frame.inline(chosen)).encode(y=y, tooltip=frame.tooltips())

    # Shade every other band to lead the eye to its label; the day lines show through.
    stripes = [{"top": band.top, "bottom": band.bottom} for band in bands[1::2]]
    y, over = alt.Y("y:Q", **down), alt.Y("top:Q", **down)
    x, begin = alt.X("centre:T", **across), alt.X("start:T", **across)
    fill, stroke = alt.Fill("colour:N", scale=None), alt.Stroke("colour:N", scale=None)
    circle: frame.Row = {"shape": "circle", "size": 17 * 17 * 0.785, "opacity": 1, "strokeWidth": 2}
    text: frame.Row = {"fontSize": 9.5, "fontWeight": "bold"}
    return [
        alt.Chart(frame.inline(stripes))
        .mark_rect(color="#000000", opacity=0.05)
        .encode(y=over, y2="bottom"),
        of("uncertain").mark_rule(strokeDash=[4, 3]).encode(x=begin, x2="end", stroke=stroke),
        of("lasting").mark_rect().encode(x=begin, x2="end", y=over, y2="bottom", fill=fill),
        of("uncertain").mark_point(fill=palette.PAPER, **circle).encode(x=x, stroke=stroke),
        of("day").mark_point(**circle).encode(x=x, fill=fill, stroke=stroke),
        of("uncertain").mark_text(color=palette.INK, **text).encode(x=x, text="glyph:N"),
        *(
            of(kind)
            .mark_text(**text)
            .encode(x=x, text="glyph:N", fill=alt.Fill("ink:N", scale=None))
            for kind in ("day", "lasting")
        ),
    ]
