"""Draw the pictures of the generated pages in docs/pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import altair as alt

from stancedata import charts
from stancedata.charts import frame, labels, palette
from stancedata.charts.squares import Grid
from stancedata.dataset import Dataset
from tools.pages.claims import G7, REGION, opened, sides, standing, waits
from tools.pages.tables import speeches, spoke_on

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
_LABELS = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_FIRST = 2021
_PARTS = {
    "took a position": palette.ANCHORS[4],
    "named it only": palette.ANCHORS[3],
    "did not name it": palette.AMOUNTS[0],
}
"""The parts of the picture of attention, and their colours."""
Cells = dict[tuple[str, str], dict[str, Any]]


def save(chart: alt.TopLevelMixin, name: str) -> None:
    """Save a chart as SVG, without the labels of its marks, which are half of the file.

    The pages describe each picture in its alternative text.
    """
    path = charts.save(chart, FOLDER / f"{name}.svg")
    path.write_text(_LABELS.sub("", path.read_text(encoding="utf-8")) + "\n", encoding="utf-8")


def silence(dataset: Dataset) -> alt.VConcatChart:
    """Draw how many speakers of each General Debate took a position on each issue."""
    on = spoke_on(dataset)
    sessions = {str(row["year"]): row["spoke"] for row in speeches(dataset)}
    order = sorted(on, key=lambda issue: -sum(on[issue].values()))
    most = max(number for counts in on.values() for number in counts.values())
    cells = {
        (issue, str(year)): _count(number, most)
        for issue in order
        for year, number in on[issue].items()
    }
    side = {issue: [dataset.issues[issue].name] for issue in order}
    top = {year: [year, f"of {spoke}"] for year, spoke in sessions.items()}
    title = "What the General Debate says on Afghanistan"
    return _grid(
        dataset, side, top, cells, title, "Speakers who took a position, by issue and year."
    )


def attention(dataset: Dataset) -> alt.VConcatChart:
    """Draw how many speakers took a position, named Afghanistan only, or did not name it."""
    bars = [bar for row in speeches(dataset) for bar in _bars(row)]
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    scale = alt.Scale(domain=list(_PARTS), range=list(_PARTS.values()))
    fill = alt.Fill("part:N", scale=scale, legend=alt.Legend(title="Speakers", symbolType="square"))
    start, middle = (alt.X(f"{name}:Q", axis=hidden) for name in ("start", "middle"))
    years = alt.Axis(ticks=False, domain=False, labelPadding=8)
    base = alt.Chart(frame.inline(bars)).encode(y=alt.Y("year:N", title=None, axis=years))
    ink = alt.Color("ink:N", scale=None)
    layers = [
        base.mark_bar(height=22).encode(x=start, x2="end", fill=fill),
        base.mark_text(fontSize=10).encode(x=middle, text="text:N", color=ink),
    ]
    chart = alt.LayerChart(layer=layers, width=440, height=26 * len(speeches(dataset)))
    title = "Who speaks of Afghanistan at the General Debate"
    return frame.finish(chart, dataset, title, ["Speakers of each year, by what they said."], 440)


def _bars(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the three parts of a bar."""
    ends = (0, row["said"], row["named"], row["spoke"])
    return [
        {
            "year": str(row["year"]),
            "part": part,
            "start": start,
            "end": end,
            "middle": (start + end) / 2,
            "text": str(end - start),
            "ink": palette.ink(colour),
        }
        for (part, colour), start, end in zip(_PARTS.items(), ends, ends[1:], strict=False)
    ]


def deeds(dataset: Dataset) -> alt.VConcatChart:
    """Draw the rung that each state reached by the end of each year, and its words beside it."""
    states = opened(dataset)
    words = standing(dataset, "recognition")
    names = {level.level: level.name for level in dataset.issues["recognition"].levels}
    cells = _years(dataset, "relations", states, 5)
    for state in states:
        level = words.get(state)
        text = names[level] if level is not None else "nothing"
        cells[state, "says"] = _level(level, text, 2)
    years = sorted({year for _, year in cells} - {"says"})
    top = {**{year: [year] for year in years}, "says": ["says on", "recognition"]}
    title = "Dealings with the Taliban authorities, and words on recognising them"
    note = (
        "Rung that stands at the end of each year, of the states that let the Taliban have an Afghan mission or "
        "went further; without a word if nothing new is on record. Last column: the words that stand today."
    )
    return _grid(dataset, _named(dataset, states), top, cells, title, note, 76)


def recognition(dataset: Dataset) -> alt.VConcatChart:
    """Draw what the participants of the Moscow Format hold on recognition by the end of each year."""
    cells = _years(dataset, "recognition", REGION, 2)
    top = {year: [year] for year in sorted({year for _, year in cells})}
    title = "Recognition: what the participants of the Moscow Format say"
    note = "Position at the end of each year, joint texts included; without a word if nothing new is on record."
    return _grid(dataset, _named(dataset, REGION), top, cells, title, note, 84)


def troops(dataset: Dataset) -> alt.VConcatChart:
    """Draw the positions of the United States on troops."""
    return charts.timeline(dataset, "united-states", "troop_withdrawal")


def conditions(dataset: Dataset) -> alt.VConcatChart:
    """Draw how many holders make one issue wait for another."""
    made = waits(dataset)
    most = max(map(len, made.values()))
    cells = {
        (what, price or "other"): _count(len(who), most) for (what, price), who in made.items()
    }

    def ordered(place: int) -> list[str]:
        sums: dict[str, set[str]] = {}
        for key, who in made.items():
            sums.setdefault(key[place] or "other", set()).update(who)
        return sorted(sums, key=lambda name: (name == "other", -len(sums[name]), name))

    def named(ids: list[str]) -> dict[str, list[str]]:
        issues = {i: issue.name for i, issue in dataset.issues.items()}
        return {i: labels.wrapped(issues.get(i, "other"), 11) for i in ids}

    side = {i: [" ".join(lines)] for i, lines in named(ordered(0)).items()}
    title = "Conditions: what waits (rows) for what (columns)"
    note = "Number of holders that make one wait for the other, alone or in joint texts."
    return _grid(dataset, side, named(ordered(1)), cells, title, note, 70)


def blocs(dataset: Dataset) -> alt.VConcatChart:
    """Draw the last level that members of two groups stated for themselves on each issue."""
    cells = {
        (issue, who): _level(level, palette.signed(level), 2)
        for (who, issue), level in sides(dataset).items()
        if issue != "relations"
    }
    issues = {issue for issue, _ in cells}
    side = {i: [dataset.issues[i].name] for i in spoke_on(dataset) if i in issues}
    groups = (*sorted(REGION), "gap", *sorted(G7))
    top = {who: [dataset.actors[who].name if who != "gap" else " "] for who in groups}
    title = "Own words since August 2021: Moscow Format (left) and G7 (right)"
    note = (
        "Last level that each stated for itself, without low confidence: blue in favour, brown against. No "
        "square: no own position on record."
    )
    return _grid(dataset, side, top, cells, title, note, 26, -90)


def _years(dataset: Dataset, issue: str, holders: tuple[str, ...], most: int) -> Cells:
    """Return what stands of each holder at the end of each year; with its name, if it is new."""
    panel = dataset.panel("year", issue=issue, start=f"{_FIRST}-01-01").to_pylist()
    return {
        (row["actor_id"], str(row["year"])): _level(
            row["level"], _short(row["level_name"]) if row["statements"] else "", most
        )
        for row in panel
        if row["actor_id"] in holders
    }


def _short(name: str | None) -> str:
    return (name or "±").replace("_", " ")


def _named(dataset: Dataset, holders: tuple[str, ...]) -> dict[str, list[str]]:
    names = {who: dataset.actors[who].name for who in holders}
    return {who: [names[who]] for who in sorted(names, key=lambda who: names[who].casefold())}


def _count(number: int, most: int) -> dict[str, Any]:
    if not number:
        return {"text": "0", "ink": palette.PALE, "doubt": None}
    fill = palette.amount((number / most) ** 0.5)
    return {"text": str(number), "colour": fill, "ink": palette.ink(fill), "doubt": False}


def _level(level: int | None, text: str, most: int) -> dict[str, Any]:
    if level is None:
        return {"text": text, "ink": palette.PALE, "doubt": None}
    fill = palette.colour(level / most)
    return {"text": text, "colour": fill, "ink": palette.ink(fill), "doubt": False}


def _grid(
    dataset: Dataset,
    side: dict[str, list[str]],
    top: dict[str, list[str]],
    cells: Cells,
    title: str,
    note: str,
    wide: float = 54,
    angle: int = 0,
) -> alt.VConcatChart:
    """Draw a grid of squares from its cells, by row and column."""
    grid = Grid(side, top, wide, angle)
    placed = [{"side": row, "top": column, **cell} for (row, column), cell in cells.items()]
    return frame.finish(grid.chart(placed, []), dataset, title, [note], grid.across)


FINDINGS = (silence, attention, deeds, recognition, troops, conditions, blocs)
