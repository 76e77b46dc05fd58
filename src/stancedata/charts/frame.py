"""What every picture has around it: a legend, a title, how to read it, where it comes from."""

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
"""Heads of the tooltip's lines by field."""


def need(*packages: str) -> None:
    """Make sure that packages of the extra are there.

    Raises:
        StancedataError: One is not; with what to install.
    """
    for name in packages:
        try:
            importlib.import_module(name)
        except ImportError:
            raise StancedataError(
                f"charts: need the package {name!r}, which is not installed; run pip install "
                "'stancedata[charts]'"
            ) from None


def most(dataset: Dataset) -> int:
    """The level furthest from zero, without its sign: colours mean the same on every issue."""
    levels = dataset.tables["levels"]["level"].to_pylist()
    found: int = max([1, *(abs(level) for level in levels if level is not None)])
    return found


def shown(row: Row, furthest: int) -> Row:
    """A position as a picture has it: its look, and what the mouse brings up."""
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


def standing(dataset: Dataset, on: Day | None) -> list[Row]:
    """What stood as of a day.

    Raises:
        StancedataError: Nothing did, or `on` is no day.
    """
    rows: list[Row] = dataset.matrix(on=on).to_pylist()
    if not rows:
        when = "at all" if on is None else f"by {on}"
        raise StancedataError(f"positions: none on record {when}; choose another day")
    return rows


def tooltips() -> list[alt.Tooltip]:
    """The lines that the mouse brings up."""
    import altair as alt

    return [alt.Tooltip(field=n, type="nominal", title=head) for n, head in _TOOLTIP.items()]


def inline(rows: Sequence[Row]) -> alt.InlineData:
    """Rows as the chart's own data: of a data frame, Altair draws no more than 5,000."""
    import altair as alt

    return alt.InlineData(values=list(rows))


def legend(looks: Sequence[Look], symbol: str) -> alt.Chart:
    """A layer that draws nothing and brings the legend: every level, in the picture or not.

    Args:
        looks: The legend's lines.
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
    """Put title, notes and source around a picture.

    Args:
        chart: The picture.
        dataset: Where it comes from.
        title: What it shows.
        notes: How to read it, one sentence each.
        wide: Pixels that the lines of the notes may take.
    """
    import altair as alt

    # Beside the picture itself there are labels and a legend, so that lines may be longer.
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
