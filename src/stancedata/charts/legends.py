"""Legends: levels with their words, statements by shape, and the key of several issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.charts import labels, palette
from stancedata.charts.details import words
from stancedata.charts.palette import PALE, Look

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

CORNER = "M1,-1L-0.3,-1L1,0.3Z"
"""The shape that marks a square as joint: a corner, top right, of a square from -1 to 1."""
LOW = "Pale, with a dashed outline: coded with low confidence."
_HIGH = 19.0  # pixels of a square in the key
_GAP = 12.0  # pixels from the squares of the key to the text


def levels(looks: Sequence[Look], symbol: str) -> list[alt.Chart]:
    """Return an empty layer that adds the legend, with levels that the chart does not show too.

    Without entries there is none.

    Args:
        looks: The entries of the legend.
        symbol: `circle` or `square`.
    """
    import altair as alt

    if not looks:
        return []
    scale = alt.Scale(domain=[x.label for x in looks], range=[x.colour for x in looks])
    style = alt.Legend(
        title="Level",
        symbolType=symbol,
        symbolSize=150,
        symbolStrokeColor=PALE,
        symbolStrokeWidth=1,
        symbolOpacity=1,
        labelLimit=0,
    )
    return [_empty().encode(fill=alt.Fill("label:N", scale=scale, legend=style))]


def statements(shapes: Mapping[str, str]) -> alt.Chart:
    """Return an empty layer that adds the legend of own and joint statements.

    Args:
        shapes: The shape of each kind of statement.
    """
    import altair as alt

    scale = alt.Scale(domain=list(shapes), range=list(shapes.values()))
    style = alt.Legend(
        title="Statement",
        symbolSize=150,
        symbolFillColor=palette.DARK,
        symbolStrokeColor=palette.DARK,
        symbolOpacity=1,
        labelLimit=0,
    )
    return _empty().encode(shape=alt.Shape("statement:N", scale=scale, legend=style))


def dashed() -> dict[str, Any]:
    """Return the encoding that dashes the outline of what is coded with low confidence."""
    import altair as alt

    whole, dashes = alt.value([1, 0]), alt.value(list(palette.DASHES))
    return {"strokeDash": alt.condition("datum.low", dashes, whole)}


def _empty() -> alt.Chart:
    import altair as alt

    layer: alt.Chart = alt.Chart(alt.InlineData(values=())).mark_point(filled=True, opacity=1)
    return layer


def key(
    dataset: Dataset, issues: Sequence[str], most: Mapping[str, int], wide: float
) -> alt.LayerChart:
    """Draw each issue's levels in words, and what the issue is about.

    Args:
        dataset: The dataset.
        issues: The issues of the chart, in order.
        most: The largest absolute level of each issue, at which its colours end.
        wide: Width of the chart above in pixels.
    """
    steps = {issue: _steps(dataset, issue, most[issue]) for issue in issues}
    texts = [step["text"] for found in steps.values() for step in found]
    cell = max([labels.width(text, 10) for text in texts]) + 10
    left = cell * max(map(len, steps.values())) + _GAP
    letters = max(48, int((wide + 170 - left) / labels.width("n", 10)))
    rows, lines, down = [], [], 0.0
    middles: dict[float, list[str]] = {}
    for issue, found in steps.items():
        about = labels.wrapped(dataset.issues[issue].proposition, letters)
        high = max(_HIGH, 12.0 * len(about)) + 5
        middle = down + high / 2
        middles[middle] = [dataset.issues[issue].name]
        rows += [
            {**step, "x": n * cell, "x2": (n + 1) * cell - 2, "middle": (n + 0.5) * cell - 1}
            | {"y": middle - _HIGH / 2, "y2": middle + _HIGH / 2, "down": middle}
            for n, step in enumerate(found)
        ]
        lines += [
            {"x": left, "down": middle + 12 * (n - (len(about) - 1) / 2), "text": line}
            for n, line in enumerate(about)
        ]
        down += high
    return _drawn(rows, lines, middles, (left + 10, down))


def _steps(dataset: Dataset, issue: str, most: int) -> list[dict[str, Any]]:
    """Return the levels of an issue, from most in favour to most against."""
    names = labels.levels(dataset, issue)
    looks = {level: palette.look(level, "", most) for level in sorted(names, reverse=True)}
    return [
        {
            "text": f"{found.glyph} {words(names[level])}",
            "colour": found.colour,
            "ink": found.ink,
        }
        for level, found in looks.items()
    ]


def _drawn(
    rows: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    middles: Mapping[float, list[str]],
    size: tuple[float, float],
) -> alt.LayerChart:
    """Return the layers of the key, which are placed in pixels."""
    import altair as alt

    across: dict[str, Any] = {
        "axis": None,
        "scale": alt.Scale(domain=[0, size[0]], nice=False, zero=False),
    }
    axis = labels.of_rows(middles)
    down: dict[str, Any] = {
        "axis": axis,
        "scale": alt.Scale(domain=[0, size[1]], reverse=True, nice=False),
    }
    squares, texts = (alt.Chart(alt.InlineData(values=tuple(data))) for data in (rows, lines))
    x, y = alt.X("x:Q", **across), alt.Y("down:Q", **down)
    ink, fill = (alt.Fill(f"{name}:N", scale=None) for name in ("ink", "colour"))
    made: alt.LayerChart = alt.LayerChart(
        layer=[
            squares.mark_rect(aria=False).encode(
                x=x, x2="x2", y=alt.Y("y:Q", **down), y2="y2", fill=fill
            ),
            squares.mark_text(fontSize=10).encode(
                x=alt.X("middle:Q", **across), y=y, text="text:N", fill=ink
            ),
            texts.mark_text(fontSize=10, align="left", color=palette.DARK).encode(
                x=x, y=y, text="text:N"
            ),
        ],
        width=size[0],
        height=size[1],
    )
    return made
