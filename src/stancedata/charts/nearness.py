"""The chart of agreement between holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancedata.charts import frame, labels, palette
from stancedata.charts.squares import Grid, tall
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

_NOTES = (
    "Signorino and Ritter's S over the core issues on which both spoke for themselves: 1 if equal on "
    "all, −1 if at opposite ends on all.",
    "<3: fewer than three such issues, too few to compare. No square: none.",
)


def agreement(dataset: Dataset, on: Day | None = None) -> alt.VConcatChart:
    """Draw the agreement between every two holders, from -1 to 1, as of a day.

    Args:
        dataset: The dataset.
        on: A day; by default the last day with data.

    Raises:
        StancedataError: If `on` is not a day, no two holders share an issue by then, or Altair is
            not installed.
    """
    frame.need("altair")
    pairs = dataset.agreement(on).to_pylist()
    day = frame.standing(dataset, on)[0]["on_day"]
    if not pairs:
        raise StancedataError(
            f"agreement: no two holders have a level on the same issue by {day}; choose another day"
        )
    side = labels.holders(_end(pair, number) for pair in pairs for number in (1, 2))
    lines = labels.beside(side)
    grid = Grid(lines, lines, max(32.0, tall(lines)), -90)
    chart = grid.chart(_pairs(pairs, side), _pair_tooltips(), _similarities())
    title = f"Agreement between holders, as of {day}"
    return frame.finish(chart, dataset, title, _NOTES, grid.across)


def _end(pair: frame.Row, number: int) -> frame.Row:
    return {name: pair[f"{name}_{number}"] for name in ("actor_id", "actor_name")}


def _pairs(pairs: list[frame.Row], side: dict[str, str]) -> list[frame.Row]:
    """Return the cells of both halves of the square, so that each row is complete."""
    cells = [_pair(pair, side, *ends) for pair in pairs for ends in ((1, 2), (2, 1))]
    alone = [{"side": i, "top": i, "text": "–", "ink": palette.PALE, "doubt": None} for i in side]
    return cells + alone


def _pair(pair: frame.Row, side: dict[str, str], one: int, other: int) -> frame.Row:
    value = pair["similarity"]
    fill = palette.DOUBT if value is None else palette.colour(value)
    ends = (pair[f"actor_id_{one}"], pair[f"actor_id_{other}"])
    return {
        "side": ends[0],
        "top": ends[1],
        "holder": side[ends[0]],
        "other": side[ends[1]],
        "doubt": value is None,
        "colour": fill,
        "ink": palette.INK if value is None else palette.ink(fill),
        "text": "<3" if value is None else f"{value:.2f}".replace("-", palette.MINUS),
        "shared": pair["shared"],
        "shared_own": pair["shared_own"],
    }


def _pair_tooltips() -> list[alt.Tooltip]:
    import altair as alt

    heads = {
        "holder": "holder",
        "other": "and",
        "text": "similarity",
        "shared": "issues in common",
        "shared_own": "both in their own words",
    }
    return [alt.Tooltip(field=n, type="nominal", title=head) for n, head in heads.items()]


def _similarities() -> alt.Chart:
    """Return an empty layer that adds the legend of similarities."""
    import altair as alt

    scale = alt.Scale(domain=[-1, -0.5, 0, 0.5, 1], range=list(palette.ANCHORS), interpolate="rgb")
    style = alt.Legend(
        title="Similarity", gradientLength=140, gradientOpacity=1, format=".1f", values=scale.domain
    )
    # Vega-Lite draws a gradient legend for `color` only, not for `fill`.
    layer: alt.Chart = alt.Chart(frame.inline([])).mark_point(filled=True)
    return layer.encode(color=alt.Color("similarity:Q", scale=scale, legend=style))
