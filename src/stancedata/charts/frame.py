"""Parts that all charts share: legend, tooltips, title, notes and source line."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stancedata.charts import labels
from stancedata.charts.palette import DARK, PALE, PAPER, Look, look
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

Row = dict[str, Any]
_TOOLTIP = {
    "holder": "holder",
    "issue": "issue",
    "level_text": "level",
    "stated_on": "stated",
    "date_kind": "date is",
    "attribution": "attribution",
    "confidence": "confidence",
    "document_count": "documents",
    "stance_id": "stance",
    "summary": "summary",
}
"""Labels of the tooltip's lines, by field."""


def need(*packages: str) -> None:
    """Check that packages of the extra are installed.

    Raises:
        StancedataError: If one is not; the message says what to install.
    """
    for name in packages:
        try:
            importlib.import_module(name)
        except ImportError:
            raise StancedataError(
                f"charts: need the package {name!r}, which is not installed; run pip install "
                "'stancedata[charts]'"
            ) from None


def scale(dataset: Dataset, rows: Sequence[Row]) -> list[int]:
    """Return every level of the issues that a chart shows, from most in favour to most against.

    They share one colour scale, so that a colour means the same in the whole chart.
    """
    issues = {row["issue_id"] for row in rows}
    listed = dataset.tables["levels"].select(["issue_id", "level"]).to_pylist()
    found = {row["level"] for row in listed if row["issue_id"] in issues}
    return sorted(found - {None}, reverse=True)


def shown(row: Row, furthest: int) -> Row:
    """Turn a position into a row of chart data: its look and its tooltip."""
    found = look(row["level"], row["level_name"], furthest)
    return {
        **{name: row[name] for name in _TOOLTIP if name in row},
        "actor_id": row["actor_id"],
        "issue_id": row["issue_id"],
        "holder": row["actor_name"],
        "issue": row["issue_id"],
        "level_text": f"{row['level_name'] or 'both sides'} ({found.glyph})",
        "label": found.label,
        "glyph": found.glyph,
        "colour": found.colour,
        "ink": found.ink,
    }


def most(levels: Sequence[int]) -> int:
    """Return the largest absolute level, at which the colour scale ends."""
    return max([1, *map(abs, levels)])


def standing(dataset: Dataset, on: Day | None) -> list[Row]:
    """Return the positions held as of a day.

    Raises:
        StancedataError: If there are none, or `on` is not a day.
    """
    rows: list[Row] = dataset.matrix(on=on).to_pylist()
    if not rows:
        last = "the last day with data; choose an earlier day or other data"
        when = last if on is None else f"{on}; choose another day"
        raise StancedataError(f"positions: none on record by {when}")
    return rows


def tooltips() -> list[alt.Tooltip]:
    """Return the lines of the tooltip."""
    import altair as alt

    return [alt.Tooltip(field=n, type="nominal", title=head) for n, head in _TOOLTIP.items()]


def inline(rows: Sequence[Row]) -> alt.InlineData:
    """Embed rows in the chart: Altair refuses data frames of more than 5,000 rows."""
    import altair as alt

    return alt.InlineData(values=list(rows))


def legend(looks: Sequence[Look], symbol: str) -> alt.Chart:
    """Return an empty layer that adds the legend, with levels that the chart does not show too.

    Args:
        looks: The entries of the legend.
        symbol: `circle` or `square`.
    """
    import altair as alt

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
    layer: alt.Chart = alt.Chart(inline([])).mark_point(filled=True, opacity=1)
    return layer.encode(fill=alt.Fill("label:N", scale=scale, legend=style))


def finish(
    chart: alt.LayerChart, dataset: Dataset, title: str, notes: Sequence[str], wide: float
) -> alt.VConcatChart:
    """Add title, notes and source line to a chart.

    Args:
        chart: The chart.
        dataset: The dataset it shows.
        title: What it shows.
        notes: How to read it, one sentence each.
        wide: Width of the chart in pixels, to which the notes are wrapped.
    """
    import altair as alt

    # Labels and legend beside the chart leave room for longer lines.
    letters = int((wide + 240) / labels.width("n"))
    heading = alt.TitleParams(
        labels.wrapped(title, letters * 2 // 3),
        anchor="start",
        frame="bounds",
        fontSize=16,
        subtitle=[line for note in notes for line in labels.wrapped(note, letters)],
        subtitleFontSize=labels.SIZE,
        subtitleColor=DARK,
        subtitlePadding=6,
        offset=14,
    )
    source = f"Source: stancedata {dataset.version}, digest {dataset.digest[:12]}"
    foot = alt.TitleParams(
        source,
        anchor="start",
        orient="bottom",
        fontSize=10,
        fontWeight="normal",
        color=DARK,
        offset=12,
    )
    whole: alt.VConcatChart = (
        alt.vconcat(chart.properties(title=heading))
        .properties(title=foot, description=f"{title}. {source}.", background=PAPER, padding=12)
        .configure_view(stroke=None)
        .configure_axis(labelLimit=0, labelFontSize=labels.SIZE, labelColor=DARK)
        .configure_legend(labelFontSize=labels.SIZE, titleFontSize=labels.SIZE, labelColor=DARK)
    )
    return whole
