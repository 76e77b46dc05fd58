"""The chart of positions as of a day, or of several days beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from stancedata.charts import details, frame, labels, legends, palette, panels, selection
from stancedata.charts.panels import Panels
from stancedata.charts.selection import Holders, Issues
from stancedata.model.positions import stated_before
from stancedata.problems import StancedataError
from stancedata.questions.arguments import distinct_periods

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

_LONGEST = 16  # letters of a level's name; if one is longer, all squares show numbers
_NOTE = (
    "Small: how old the position is on that day, in days (d), months (mo) or years (y). No square: no "
    "position on record by then."
)
_EARLY = "Without colour, with *: {}."
_JOINT = "Cut corner: stated only jointly with others."


def matrix(
    dataset: Dataset,
    on: Day | Iterable[Day] | None = None,
    *,
    holder: Holders = None,
    issue: Issues = None,
    max_age: int | None = None,
    width: int | None = None,
    title: str | None = None,
    note: str | None = None,
    rows: int | None = None,
    page: int = 1,
) -> alt.VConcatChart:
    """Draw every holder's position on every issue as of a day, or of several days.

    Squares show the name of the level, or its number if a name is too long, and how old the
    position is. A missing square means no position on record; an empty one with a dashed outline
    an ambiguous position; a cut corner a position that was only stated jointly. One that was last
    stated before the data's coverage begins has no colour.

    Args:
        dataset: The dataset.
        on: A day, or a period such as `2021-10`, at the end of which it is asked; by default the
            last day with data. Several are drawn beside each other, with numbers for levels; if
            there is one issue only, as its columns.
        holder: Only these actors, one or several, by id, name or code.
        issue: Only these issues, one or several, by id or name.
        max_age: Leave out positions older than this many days.
        width: Width of the squares together, in pixels, without labels and legend.
        title: A title instead of the chart's own.
        note: A sentence to add below the title.
        rows: How many holders a page shows; by default all.
        page: The number of the page, if `rows` is given.

    Raises:
        UnknownIdError: If an actor or issue is unknown; the message suggests the nearest one.
        StancedataError: If `on` is not a day, no position is on record by then, a number is out of
            its limits, or Altair is not installed.
    """
    frame.need("altair")
    who, what = selection.holders(dataset, holder), selection.issues(dataset, issue)
    found = _standing(dataset, on, who, what, max_age)
    side, count = selection.paged(labels.holders(found), rows, page)
    shown = [row for row in found if row["actor_id"] in side]
    days = _days(on) or list(dict.fromkeys(row["period"] for row in found))
    issues = labels.issues(dataset, found)
    drawn = Panels(side, issues, days, selection.width(width))
    own = f"Positions held{panels.on(issues)}, as of {panels.when(days, found)}"
    return _picture(dataset, shown, drawn, own if title is None else title, (page, count), note)


def _standing(
    dataset: Dataset,
    on: Day | Iterable[Day] | None,
    who: tuple[str, ...],
    what: tuple[str, ...],
    max_age: int | None,
) -> list[frame.Row]:
    """Return the positions held as of the days.

    Raises:
        StancedataError: If there are none, or `on` is not a day.
    """
    asked = dataset.matrix(
        holder=selection.only(who), issue=selection.only(what), on=on, max_age=max_age
    )
    found = selection.among(asked.to_pylist(), who, what)
    if not found:
        name = selection.named(dataset, who, what)
        last = "the last day with data; choose an earlier day or other data"
        when = last if on is None else f"{on}; choose another day"
        raise StancedataError(f"positions: none on record{' for ' * bool(name)}{name} by {when}")
    return found


def _days(on: Day | Iterable[Day] | None) -> list[str]:
    """Return the names of several days, also of those on which nothing stands; none of one day."""
    if isinstance(on, str) or not isinstance(on, Iterable):
        return []
    return [name for name, _, _ in distinct_periods(on)]


def _picture(
    dataset: Dataset,
    rows: list[frame.Row],
    drawn: Panels,
    title: str,
    page: tuple[int, int],
    note: str | None,
) -> alt.VConcatChart:
    scales = frame.scales(dataset, drawn.issues)
    most = {issue: frame.most(levels) for issue, levels in scales.items()}
    cells = _cells(rows, details.Details.of(dataset, most))
    single = len(drawn.issues) == 1
    chart, wide = drawn.chart(cells, _looks(dataset, scales, most, cells))
    notes = [*frame.added(note), *frame.about(dataset, drawn.issues), _NOTE]
    notes += sorted({_EARLY.format(cell["early"]) for cell in cells if cell["early"]})
    if any(cell["joint"] for cell in cells):
        notes.append(_JOINT)
    if any(cell["low"] for cell in cells):
        notes.append(legends.LOW)
    key = None if single else legends.key(dataset, list(drawn.issues), most, wide)
    return frame.finish(chart, dataset, title, notes, wide, key, page)


def _looks(
    dataset: Dataset,
    scales: Mapping[str, list[int]],
    most: Mapping[str, int],
    cells: list[frame.Row],
) -> list[alt.Chart]:
    """Return the legend: of one issue its levels, of several what has none; the key has the rest."""
    [issue, *others] = scales
    names = labels.levels(dataset, issue)
    levels = [] if others else scales[issue]
    looks = palette.legend(levels, most[issue], {cell["label"] for cell in cells}, names)
    # Squares without a level are white, so their legend entries are too.
    return legends.levels([x.on_paper() if x.doubt else x for x in looks], "square")


def _cells(rows: list[frame.Row], carrying: details.Details) -> list[frame.Row]:
    short = all(len(row["level_name"] or "") <= _LONGEST for row in rows)
    return [_cell(row, carrying, short) for row in rows]


def _cell(row: frame.Row, carrying: details.Details, short: bool) -> frame.Row:
    """Return a square; `word` is its text where there is room, `glyph` where there is not."""
    cell, doubt = carrying.row(row), row["level"] is None
    name = cell["label"] if doubt else details.words(row["level_name"])
    look = {"ink": palette.INK, "corner": palette.PALE} if doubt else {"corner": palette.PAPER}
    low = row["confidence"] == "low" and not doubt
    if low:
        look |= {"ink": palette.INK, "edge": cell["colour"], "colour": palette.pale(cell["colour"])}
    early = stated_before(row["stated_latest"], row["coverage_from"])
    if early:
        look |= {"ink": palette.INK, "colour": palette.PAPER}
    return {
        **cell,
        **look,
        "side": row["actor_id"],
        "period": row["period"],
        "doubt": doubt,
        "low": low,
        "early": early,
        "word": name if short else cell["glyph"],
        "small": details.age(row["age_days"]) + " *" * bool(early),
    }
