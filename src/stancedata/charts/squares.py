"""Grids of squares, for the charts of positions, of agreement and of coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import attrs

from stancedata.charts import frame, labels, palette

if TYPE_CHECKING:
    import altair as alt

LETTER = 10  # font size in a square, in pixels


def tall(lines: dict[str, list[str]]) -> float:
    """Return the row height in pixels that fits every label."""
    return max(22.0, 9.0 + labels.LINE * max(map(len, lines.values())))


@attrs.frozen
class Grid:
    """A grid of squares; rows and columns have ids.

    Attributes:
        side: Names of the rows, wrapped to lines.
        top: Names of the columns, wrapped to lines.
        wide: Width of a column in pixels.
        angle: Angle of the column names: 0 or -90.
    """

    side: dict[str, list[str]]
    top: dict[str, list[str]]
    wide: float
    angle: int

    @property
    def across(self) -> float:
        """The width of the grid in pixels."""
        return self.wide * len(self.top)

    def chart(
        self,
        cells: list[frame.Row],
        tooltips: list[alt.Tooltip],
        legend: alt.Chart | None = None,
    ) -> alt.LayerChart:
        """Draw squares with their texts; those in doubt are outlined, or without a square if None."""
        import altair as alt

        y = alt.Y("side:N", **self._axis(self.side, "left", 0))
        x = alt.X("top:N", **self._axis(self.top, "top", self.angle))

        def of(doubt: Sequence[bool | None]) -> alt.Chart:
            chosen = [cell for cell in cells if cell["doubt"] in doubt]
            return alt.Chart(frame.inline(chosen)).encode(x=x, y=y, tooltip=tooltips)

        layers: list[alt.Chart] = [
            of([False]).mark_rect().encode(fill=alt.Fill("colour:N", scale=None)),
            of([True]).mark_rect(fill=palette.PAPER, stroke=palette.PALE, strokeDash=[3, 2]),
            of([False, True, None])
            .mark_text(fontSize=LETTER)
            .encode(text="text:N", fill=alt.Fill("ink:N", scale=None)),
        ]
        height = tall(self.side) * len(self.side)
        if legend is not None:
            layers.append(legend)
        return alt.LayerChart(layer=layers, width=self.across, height=height)

    def _axis(
        self, lines: dict[str, list[str]], orient: Literal["left", "top"], angle: int
    ) -> frame.Row:
        import altair as alt

        axis = alt.Axis(
            orient=orient,
            labelAngle=angle,
            title=None,
            grid=False,
            ticks=False,
            domain=False,
            labelOverlap=False,
            **labels.axis(lines, upright=orient == "top" and not angle),
        )
        gaps = alt.Scale(domain=list(lines), paddingInner=0.06, paddingOuter=0.03)
        return {"axis": axis, "scale": gaps, "sort": list(lines)}
