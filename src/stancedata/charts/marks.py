"""The marks of a timeline: circles and squares, bars and dashed lines, in bands of lanes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.charts import details, frame, labels, lanes, legends, palette

if TYPE_CHECKING:
    import altair as alt

SHAPES = {"own": "circle", "joint": "square"}
"""The shape of each kind of statement."""
_BAR = 0.2  # half the height of a bar, in lanes
_SIZE = 17 * 17 * 0.785  # area of a mark in square pixels
_TALL = 500  # pixels of height from which the axis of days is repeated above

Lines = Mapping[str, list[str]]


def placed(
    positions: Iterable[tuple[str, frame.Row]],
    lines: Lines,
    span: lanes.Span,
    carrying: details.Details,
) -> tuple[list[frame.Row], list[lanes.Band]]:
    """Turn positions into marks with coordinates, and return the bands that hold them.

    Args:
        positions: Each position with the key of its row.
        lines: The label of each row, by key.
        span: The days of the axis.
        carrying: What marks carry besides.
    """
    of: defaultdict[str, list[tuple[frame.Row, lanes.Place]]] = defaultdict(list)
    for key, row in positions:
        whole = lanes.place(row["date_kind"], row["stated_earliest"], row["stated_latest"])
        seen = whole.within(span)
        cut = (whole.start, whole.end) != (seen.start, seen.end)
        of[key].append((_mark(carrying.row(row), cut), seen))
    found = {key: lanes.lanes([place for _, place in of[key]], span) for key in lines}
    heights = {key: len(text) * labels.LINE / lanes.LANE for key, text in lines.items()}
    bands = lanes.stack({key: max(found[key]) + 1 for key in lines}, heights)
    drawn = [
        {**mark, **_where(place, band.middle(lane))}
        for band in bands
        for (mark, place), lane in zip(of[band.key], found[band.key], strict=True)
    ]
    return drawn, bands


def _mark(row: frame.Row, cut: bool) -> frame.Row:
    """Add the look of a mark: hollow if its day is unknown, pale if in doubt, square if it is joint."""
    if row["date_kind"] == "uncertain":
        face = {"face": palette.PAPER, "ink": palette.INK}
    elif row["low"]:
        face = {"face": palette.pale(row["colour"]), "ink": palette.INK}
    else:
        face = {"face": row["colour"]}
    return {**row, **face, "cut": cut, "shape": SHAPES["joint" if row["joint"] else "own"]}


def _where(place: lanes.Place, middle: float) -> frame.Row:
    ends = {"start": place.start, "end": place.end, "centre": place.centre}
    days = {name: lanes.milliseconds(day) for name, day in ends.items()}
    return {**days, "y": middle, "top": middle - _BAR, "bottom": middle + _BAR}


def chart(
    drawn: list[frame.Row],
    bands: list[lanes.Band],
    lines: Lines,
    span: lanes.Span,
    keys: Iterable[alt.Chart],
) -> alt.LayerChart:
    """Draw stripes, ranges of possible days, bars, circles and squares, and numbers."""
    import altair as alt

    height = lanes.LANE * bands[-1].bottom
    across, down = _days(span), _rows(bands, lines)
    layers = [_stripes(bands, down), *_layers(drawn, across, down), *keys]
    if height > _TALL:
        layers.append(_above(span, across))
    return alt.LayerChart(layer=layers, width=span.width, height=height)


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


def _above(span: lanes.Span, across: dict[str, Any]) -> alt.Chart:
    """Repeat the labels of the days above a tall chart."""
    import altair as alt

    ticks, form = span.ticks()
    heads = [{"day": lanes.milliseconds(day.toordinal()), "head": f"{day:{form}}"} for day in ticks]
    text: alt.Chart = alt.Chart(frame.inline(heads)).mark_text(
        fontSize=labels.SIZE, color=palette.DARK, baseline="bottom", aria=False
    )
    return text.encode(x=alt.X("day:T", **across), y=alt.value(-4), text="head:N")


def _rows(bands: list[lanes.Band], lines: Lines) -> dict[str, Any]:
    """Return the axis of bands, with each name at the middle of its band."""
    import altair as alt

    middles = {(band.top + band.bottom) / 2: lines[band.key] for band in bands}
    axis = labels.of_rows(middles)
    scale = alt.Scale(domain=[0, bands[-1].bottom], reverse=True, nice=False, zero=False)
    return {"axis": axis, "scale": scale}


def _stripes(bands: list[lanes.Band], down: dict[str, Any]) -> alt.Chart:
    """Shade every other band to lead the eye to its label; the day lines show through."""
    import altair as alt

    stripes = [{"top": band.top, "bottom": band.bottom} for band in bands[1::2]]
    layer: alt.Chart = alt.Chart(frame.inline(stripes)).mark_rect(
        color="#000000", opacity=0.05, aria=False
    )
    return layer.encode(y=alt.Y("top:Q", **down), y2="bottom")


def _layers(
    drawn: list[frame.Row], across: dict[str, Any], down: dict[str, Any]
) -> list[alt.Chart]:
    """Return the layers of the marks; they share one copy of the data."""
    import altair as alt

    base = alt.Chart(frame.inline(drawn)).encode(tooltip=details.tooltips(), **frame.extra(drawn))
    y, over = alt.Y("y:Q", **down), alt.Y("top:Q", **down)
    x, begin = alt.X("centre:T", **across), alt.X("start:T", **across)
    colour, ink = (alt.Fill(f"{name}:N", scale=None) for name in ("colour", "ink"))
    stroke, shape = alt.Stroke("colour:N", scale=None), alt.Shape("shape:N", scale=None)
    doubtful = any(mark["low"] for mark in drawn)
    dashed = legends.dashed() if doubtful else {}
    return [
        base.transform_filter("datum.date_kind === 'uncertain'")
        .mark_rule(strokeDash=[4, 3], aria=False)
        .encode(x=begin, x2="end", y=y, stroke=stroke),
        base.transform_filter("datum.date_kind === 'lasting'")
        .mark_rect(stroke=palette.PALE, strokeWidth=0.75, aria=False)
        .encode(x=begin, x2="end", y=over, y2="bottom", fill=colour),
        base.mark_point(size=_SIZE, opacity=1, strokeWidth=2).encode(
            x=x, y=y, shape=shape, fill=alt.Fill("face:N", scale=None), stroke=stroke, **dashed
        ),
        base.mark_text(fontSize=9.5, fontWeight="bold", aria=False).encode(
            x=x, y=y, text="glyph:N", fill=ink
        ),
    ]
