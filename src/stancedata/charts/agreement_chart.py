"""The chart of agreement between holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancedata.charts import frame, labels, palette, panels, selection
from stancedata.charts.selection import Holders
from stancedata.charts.squares import Grid, tall
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

_NOTES = (
    "Signorino and Ritter's S over the {} on which both {}: 1 if equal on all, −1 if at opposite ends on "
    "all.",
    "<3: fewer than three such issues, too few to compare. No square: none.",
)
_MANY = 40  # holders from which those that cannot be compared with any other are left out
_MOST = 80  # holders that one picture can show
_LEAST = 28  # pixels of the narrowest column, which holds a number


def agreement(
    dataset: Dataset,
    on: Day | None = None,
    *,
    holder: Holders = None,
    joint: bool = False,
    all_issues: bool = False,
    max_age: int | None = None,
    width: int | None = None,
    title: str | None = None,
) -> alt.VConcatChart:
    """Draw the agreement between every two holders, from -1 to 1, as of a day.

    Of more than 40 holders, those are left out that share three issues with none of the others.

    Args:
        dataset: The dataset.
        on: A day, or a period such as `2021-10`, at the end of which it is asked; by default the
            last day with data.
        holder: Only these actors, by id, name or code; of a single one, its agreement with every
            other.
        joint: Also use joint statements; by default only what holders said for themselves.
        all_issues: Use all issues; by default only the core issues.
        max_age: Leave out positions older than this many days.
        width: Width of the squares together, in pixels, without labels and legend.
        title: A title instead of the chart's own.

    Raises:
        UnknownIdError: If an actor is unknown; the message suggests the nearest one.
        StancedataError: If `on` is not a day, no two holders share an issue by then, more than 80
            holders would be drawn, a number is out of its limits, or Altair is not installed.
    """
    frame.need("altair")
    who = selection.holders(dataset, holder)
    asked = dataset.agreement(
        on, holder=selection.only(who), joint=joint, all_issues=all_issues, max_age=max_age
    ).to_pylist()
    pairs = [pair for pair in asked if len(who) < 2 or {*_ids(pair)} <= {*who}]
    if not pairs:
        raise StancedataError(_nobody(dataset, who, on))
    shown, left = _comparable(pairs)
    grid, side = _grid(shown, selection.only(who), selection.width(width))
    chart = grid.chart(_cells(shown, side, grid), _tooltips(), _similarities())
    single = selection.only(who)
    between = f"with {side[single]}" if single else "between holders"
    own = f"Agreement {between}, as of {panels.ended(pairs[0]['period'])}"
    notes = [_NOTES[0].format(*_terms(joint, all_issues)), _NOTES[1], *_left_out(left, single)]
    return frame.finish(chart, dataset, own if title is None else title, notes, grid.across)


def _nobody(dataset: Dataset, who: tuple[str, ...], on: Day | None) -> str:
    """Say that there is nothing to compare."""
    name = f" of {selection.named(dataset, who, ())}" if who else ""
    day = "the last day with data" if on is None else on
    return (
        f"agreement: no two holders{name} have a level on the same issue by {day}; choose another "
        "day, or add joint statements"
    )


def _terms(joint: bool, all_issues: bool) -> tuple[str, str]:
    """Say what is compared."""
    return (
        "issues" if all_issues else "core issues",
        "have a position, alone or in joint texts" if joint else "spoke for themselves",
    )


def _ids(pair: frame.Row) -> tuple[str, str]:
    return pair["actor_id_1"], pair["actor_id_2"]


def _comparable(pairs: list[frame.Row]) -> tuple[list[frame.Row], int]:
    """Leave out holders that cannot be compared, if there are many, and return how many they are.

    Raises:
        StancedataError: If too many remain for one picture.
    """
    every = {who for pair in pairs for who in _ids(pair)}
    some = {who for pair in pairs if pair["similarity"] is not None for who in _ids(pair)}
    kept = some if len(every) > _MANY and some else every
    if len(kept) > _MOST:
        raise StancedataError(
            f"agreement: {len(kept)} holders are too many for one picture, at most {_MOST}; choose "
            "some of them, or write the table with stancedata agreement"
        )
    return [pair for pair in pairs if {*_ids(pair)} <= kept], len(every) - len(kept)


def _left_out(left: int, single: str | None) -> list[str]:
    if not left:
        return []
    whom = "it" if single else "any of the others"
    return [f"Left out: {left} holders that do not share three such issues with {whom}."]


def _grid(
    pairs: list[frame.Row], single: str | None, width: int | None
) -> tuple[Grid, dict[str, str]]:
    """Return the grid, one column if one holder is asked for, and the names of all holders."""
    side = labels.holders(_end(pair, number) for pair in pairs for number in (1, 2))
    lines = labels.beside(side)
    top = lines if single is None else {single: lines[single]}
    rows = {key: text for key, text in lines.items() if key != single}
    least = max(32.0, tall(lines))
    wide = (least if single is None else max(60.0, least)) if width is None else width / len(top)
    if wide < _LEAST:
        raise StancedataError(
            f"width: is too narrow for {len(top)} holders, got {width}; give at least "
            f"{_LEAST * len(top)}, or choose fewer holders"
        )
    return Grid(rows, top, wide, -90), side


def _end(pair: frame.Row, number: int) -> frame.Row:
    return {name: pair[f"{name}_{number}"] for name in ("actor_id", "actor_name")}


def _cells(pairs: list[frame.Row], side: dict[str, str], grid: Grid) -> list[frame.Row]:
    """Return the cells of both halves of the square, so that each row is complete."""
    cells = [_pair(pair, side, *ends) for pair in pairs for ends in ((1, 2), (2, 1))]
    alone = [{"side": i, "top": i, "text": "–", "ink": palette.PALE, "doubt": None} for i in side]
    return [cell for cell in cells + alone if cell["side"] in grid.side and cell["top"] in grid.top]


def _pair(pair: frame.Row, side: dict[str, str], one: int, other: int) -> frame.Row:
    value = pair["similarity"]
    fill = palette.DOUBT if value is None else palette.colour(value)
    ends = (pair[f"actor_id_{one}"], pair[f"actor_id_{other}"])
    text = "<3" if value is None else f"{value:.2f}".replace("-", palette.MINUS)
    return {
        "side": ends[0],
        "top": ends[1],
        "holder": side[ends[0]],
        "other": side[ends[1]],
        "doubt": value is None,
        "colour": fill,
        "ink": palette.INK if value is None else palette.ink(fill),
        "text": text,
        "similarity": text,
        "shared": pair["shared"],
        "shared_own": pair["shared_own"],
        "said": f"{side[ends[0]]} and {side[ends[1]]}: {text}",
    }


def _tooltips() -> list[alt.Tooltip]:
    import altair as alt

    heads = {
        "holder": "holder",
        "other": "and",
        "similarity": "similarity",
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
