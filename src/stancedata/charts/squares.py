"""Grids of squares, for the charts of positions, of agreement and of coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from stancedata.charts import frame, labels, legends, palette

if TYPE_CHECKING:
    import altair as alt

LETTER = 10  # font size in a square, in pixels
SMALL = 8  # font size of the second line
CORNER = 7.0  # half the side of the square that the mark of joint statements is a corner of
_LIMIT = 30  # rows after which the names of the columns are repeated below


def tall(lines: dict[str, list[str]], two: bool = False) -> float:
    """Return the row height in pixels that fits every label, and a second line in the squares."""
    most = max(map(len, lines.values()))
    return max(28.0 if two else 22.0, 9.0 + labels.LINE * most)


@attrs.frozen
class Grid:
    """A grid of squares; rows and columns have ids.

    Attributes:
        side: Names of the rows, wrapped to lines.
        top: Names of the columns, wrapped to lines.
        wide: Width of a column in pixels.
        angle: Angle of the column names: 0 or -90.
        two: Whether squares have a second line.
        named: Whether the names of the rows are written.
    """

    side: dict[str, list[str]]
    top: dict[str, list[str]]
    wide: float
    angle: int
    two: bool = False
    named: bool = True

    @property
    def across(self) -> float:
        """The width of the grid in pixels."""
        return self.wide * len(self.top)

    def chart(
        self,
        cells: list[frame.Row],
        tooltips: list[alt.Tooltip],
        *keys: alt.Chart,
    ) -> alt.LayerChart:
        """Draw squares with their texts; those in doubt are outlined, or without a square if None.

        Args:
            cells: The squares. One with `small` has a second line, one that is `joint` a cut
                corner, one with `href` a link.
            tooltips: The lines of the tooltip.
            *keys: Layers that add legends.
        """
        import altair as alt

        y = alt.Y("side:N", **self._axis(self.side, "left", 0))
        x = alt.X("top:N", **self._axis(self.top, "top", self.angle))
        data = alt.Chart(frame.inline(cells))
        base = data.encode(x=x, y=y, tooltip=tooltips, **frame.extra(cells))
        has_low = any(cell.get("low") for cell in cells)
        layers: list[alt.Chart] = [*self._squares(base, has_low), *self._texts(base)]
        if any(cell.get("joint") for cell in cells):
            layers.append(self._corners(data))
        height = tall(self.side, self.two) * len(self.side)
        if len(self.side) > _LIMIT:
            layers.append(self._below(x, height))
        return alt.LayerChart(layer=[*layers, *keys], width=self.across, height=height)

    def _squares(self, base: alt.Chart, has_low: bool) -> list[alt.Chart]:
        import altair as alt

        outline: frame.Row = {"fill": palette.PAPER, "stroke": palette.PALE, "strokeDash": [3, 2]}
        return [
            base.transform_filter("datum.doubt === false")
            .mark_rect()
            .encode(fill=alt.Fill("colour:N", scale=None)),
            base.transform_filter("datum.doubt === true").mark_rect(**outline),
            *([self._edges(base)] if has_low else []),
        ]

    def _edges(self, base: alt.Chart) -> alt.Chart:
        """Outline squares of low confidence, inside so that neighbours stay apart."""
        import altair as alt

        layer: alt.Chart = base.transform_filter("datum.low === true").mark_rect(
            fillOpacity=0, strokeDash=list(palette.DASHES), strokeWidth=1.5, aria=False
        )
        return layer.encode(stroke=alt.Stroke("edge:N", scale=None))

    def _texts(self, base: alt.Chart) -> list[alt.Chart]:
        import altair as alt

        ink = alt.Fill("ink:N", scale=None)
        up = -5 if self.two else 0
        found = [base.mark_text(fontSize=LETTER, dy=up, aria=False).encode(text="text:N", fill=ink)]
        if self.two:
            small = base.mark_text(fontSize=SMALL, dy=7, aria=False)
            found.append(small.encode(text="small:N", fill=ink))
        return found

    def _corners(self, data: alt.Chart) -> alt.Chart:
        """Cut off the corner of joint squares."""
        import altair as alt

        x = alt.X("top:N", bandPosition=1, **self._axis(self.top, "top", self.angle))
        y = alt.Y("side:N", bandPosition=0, **self._axis(self.side, "left", 0))
        look: frame.Row = {"filled": True, "opacity": 1, "aria": False, "size": (2 * CORNER) ** 2}
        place: frame.Row = {"xOffset": -CORNER, "yOffset": CORNER, "shape": legends.CORNER}
        layer: alt.Chart = data.transform_filter("datum.joint === true").mark_point(**look, **place)
        return layer.encode(x=x, y=y, fill=alt.Fill("corner:N", scale=None))

    def _below(self, x: alt.X, height: float) -> alt.Chart:
        """Repeat the names of the columns below a tall grid."""
        import altair as alt

        heads = [{"top": key, "head": "\n".join(lines)} for key, lines in self.top.items()]
        look: frame.Row = {"fontSize": labels.SIZE, "lineHeight": labels.LINE, "aria": False}
        place: frame.Row = (
            {"align": "right"} if self.angle else {"align": "center", "baseline": "top"}
        )
        text: alt.Chart = alt.Chart(frame.inline(heads)).mark_text(
            lineBreak="\n", angle=self.angle % 360, color=palette.DARK, **look, **place
        )
        return text.encode(x=x, y=alt.value(height + 8), text="head:N")

    def _axis(
        self, lines: dict[str, list[str]], orient: Literal["left", "top"], angle: int
    ) -> frame.Row:
        import altair as alt

        axis = alt.Axis(
            orient=orient,
            labelAngle=angle,
            title=None,
            grid=self.two and orient == "left",  # leads the eye from a name to its squares
            gridColor="#eeeeee",
            zindex=0,
            ticks=False,
            domain=False,
            labels=self.named or orient != "left",
            labelOverlap=False,
            **labels.axis(lines, upright=orient == "top" and not angle),
        )
        gaps = alt.Scale(domain=list(lines), paddingInner=0.06, paddingOuter=0.03)
        return {"axis": axis, "scale": gaps, "sort": list(lines)}
