"""The chart of positions as of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancedata.charts import frame, labels, palette
from stancedata.charts.squares import LETTER, Grid

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

_LONGEST = 16  # letters of a level's name; if one is longer, all squares show numbers


def matrix(dataset: Dataset, on: Day | None = None) -> alt.VConcatChart:
    """Draw every holder's position on every issue as of a day.

    Squares show the name of the level, or its number if a name is too long. A missing square means
    no position on record; an empty one with a dashed outline an ambiguous position.

    Args:
        dataset: The dataset.
        on: A day; by default the last day with data.

    Raises:
        StancedataError: If `on` is not a day, no position is on record by then, or Altair is not
            installed.
    """
    frame.need("altair")
    standing = frame.standing(dataset, on)
    scale = frame.scale(dataset, standing)
    cells = _positions(standing, frame.most(scale))
    top = labels.issues(dataset, standing)
    words = [cell["text"] for cell in cells] + [w for name in top.values() for w in name.split()]
    wide = min(160.0, max(70.0, *(labels.width(word, LETTER) + 12 for word in words)))
    heads = {key: labels.wrapped(name, int(wide / labels.width("n"))) for key, name in top.items()}
    grid = Grid(labels.beside(labels.holders(standing)), heads, wide, 0)
    looks = palette.legend(scale, frame.most(scale), {cell["label"] for cell in cells}, {})
    # Squares without a level are white, so their legend entries are too.
    looks = [x.on_paper() if x.doubt else x for x in looks]
    chart = grid.chart(cells, frame.tooltips(), frame.legend(looks, "square"))
    title = f"Positions held, as of {standing[0]['on_day']}"
    return frame.finish(
        chart, dataset, title, ["No square: no position on record by then."], grid.across
    )


def _positions(standing: list[frame.Row], most: int) -> list[frame.Row]:
    short = all(len(row["level_name"] or "") <= _LONGEST for row in standing)
    return [_position(row, most, short) for row in standing]


def _position(row: frame.Row, most: int, short: bool) -> frame.Row:
    cell, doubt = frame.shown(row, most), row["level"] is None
    name = cell["label"] if doubt else row["level_name"]
    place = {"side": row["actor_id"], "top": row["issue_id"], "doubt": doubt}
    ink = palette.INK if doubt else cell["ink"]
    return {**cell, **place, "ink": ink, "text": name if short else cell["glyph"]}
