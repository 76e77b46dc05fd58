"""The chart of coverage: how many stances the data have, by issue, holder and year."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING

from stancedata.charts import frame, labels, palette, selection
from stancedata.charts.selection import Holders, Issues
from stancedata.charts.squares import Grid
from stancedata.problems import StancedataError, shown
from stancedata.questions.arguments import first_and_last

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset
    from stancedata.questions.arguments import Day

_NOTES = (
    "Number of stances, by the year from which they count. A stance of several holders counts once for "
    "its issue, and once for each holder. Years without stances are left out.",
)
_ALL = "all"
_WIDE = 38.0  # pixels of a year
_LEAST = 28.0  # pixels of the narrowest year
_COUNTS = """
WITH parties AS (
    SELECT stance_id, actor_id FROM holders
    WHERE role = 'party' AND (len($who) = 0 OR list_contains($who, actor_id))
), dated AS (
    SELECT stance_id, issue_id,
        CASE date_kind WHEN 'lasting' THEN stated_earliest ELSE stated_latest END AS day
    FROM stances
    WHERE len($what) = 0 OR list_contains($what, issue_id)
), chosen AS (
    SELECT stance_id, issue_id, CAST(year(day) AS VARCHAR) AS year
    FROM dated
    WHERE day BETWEEN COALESCE(CAST($first AS DATE), day) AND COALESCE(CAST($last AS DATE), day)
        AND (len($who) = 0 OR stance_id IN (SELECT stance_id FROM parties))
)
SELECT 'issue' AS what, issue_id AS id, year, count(*) AS number FROM chosen GROUP BY ALL
UNION ALL
SELECT 'holder', actor_id, year, count(*) FROM chosen JOIN parties USING (stance_id) GROUP BY ALL
"""
Key = tuple[str, str]
"""What a row of the chart is about (`issue`, `holder`, `gap` or `others`), and its id."""


def coverage(
    dataset: Dataset,
    holders: int = 25,
    *,
    holder: Holders = None,
    issue: Issues = None,
    start: Day | None = None,
    end: Day | None = None,
    width: int | None = None,
    title: str | None = None,
) -> alt.VConcatChart:
    """Draw how many stances each issue has in each year, and each of the holders with most.

    Args:
        dataset: The dataset.
        holders: How many holders to show; the others are added up in one row.
        holder: Count only stances of these actors, one or several, by id, name or code.
        issue: Count only stances on these issues, one or several, by id or name.
        start: Leave out stances that count from before this day.
        end: Leave out stances that count from after this day.
        width: Width of the squares together, in pixels, without labels.
        title: A title instead of the chart's own.

    Raises:
        UnknownIdError: If an actor or issue is unknown; the message suggests the nearest one.
        StancedataError: If `holders` is not a number from 0, a day or the width is invalid, no
            stance is on record, or Altair is not installed.
    """
    frame.need("altair")
    if type(holders) is not int or holders < 0:
        raise StancedataError(f"holders: must be a whole number from 0, got {shown(holders)}")
    who, what = selection.holders(dataset, holder), selection.issues(dataset, issue)
    counts = _counts(dataset, who, what, first_and_last(start, end))
    if not counts:
        asked = (holder, issue, start, end) != (None,) * 4
        hint = "choose other holders, issues or days" if asked else "choose other data"
        raise StancedataError(f"stances: none on record; {hint}")
    names = _names(dataset, counts, holders)
    years = [*sorted({year for _, year in counts} - {_ALL}), _ALL]
    side = {"/".join(key): name for key, name in names.items()}
    wide = _wide(selection.width(width), len(years))
    grid = Grid(labels.beside(side), {year: [year] for year in years}, wide, 0)
    chart = grid.chart(_cells(_folded(counts, names), names), _tooltips())
    own = "Stances by issue, holder and year" if title is None else title
    return frame.finish(chart, dataset, own, _NOTES, grid.across)


def _wide(width: int | None, years: int) -> float:
    """Return the width of a year.

    Raises:
        StancedataError: If there is not enough room for its numbers.
    """
    wide = _WIDE if width is None else width / years
    if wide < _LEAST:
        raise StancedataError(
            f"width: is too narrow for {years} columns, got {width}; give at least "
            f"{round(_LEAST * years)}, or choose fewer years"
        )
    return wide


def _counts(
    dataset: Dataset,
    who: tuple[str, ...],
    what: tuple[str, ...],
    limits: tuple[datetime.date | None, datetime.date | None],
) -> Counter[tuple[Key, str]]:
    """Count the chosen stances of each issue and holder in each year, and in all."""
    found: Counter[tuple[Key, str]] = Counter()
    asked = {"who": list(who), "what": list(what), "first": limits[0], "last": limits[1]}
    for row in dataset.sql(_COUNTS, asked).to_pylist():
        for year in (row["year"], _ALL):
            found[(row["what"], row["id"]), year] += row["number"]
    return found


def _names(dataset: Dataset, counts: Counter[tuple[Key, str]], holders: int) -> dict[Key, str]:
    """Return the rows: the issues of the codebook, a gap, the holders with most, the others."""
    issues = sorted(dataset.tables["issues"].to_pylist(), key=lambda row: row["position"])
    sums = {who: n for ((what, who), year), n in counts.items() if (what, year) == ("holder", _ALL)}
    order = sorted(sums, key=lambda who: (-sums[who], who))
    most = [{"actor_id": who, "actor_name": dataset.actors[who].name} for who in order[:holders]]
    named = labels.holders(most)
    left = len(order) - len(most)
    some = {key for key, _ in counts}
    return {
        **{key: row["name"] for row in issues if (key := ("issue", row["issue_id"])) in some},
        ("gap", ""): " ",
        **{("holder", who): named[who] for who in order[:holders]},
        **({("others", ""): f"{left} other{'s' * (left > 1)}"} if left else {}),
    }


def _folded(counts: Counter[tuple[Key, str]], names: dict[Key, str]) -> Counter[tuple[Key, str]]:
    """Add up the holders that have no row of their own."""
    found: Counter[tuple[Key, str]] = Counter()
    for (key, year), number in counts.items():
        found[key if key in names else ("others", ""), year] += number
    return found


def _cells(counts: Counter[tuple[Key, str]], names: dict[Key, str]) -> list[frame.Row]:
    most = max(number for (_, year), number in counts.items() if year != _ALL)
    return [_cell(key, names[key], year, number, most) for (key, year), number in counts.items()]


def _cell(key: Key, name: str, year: str, number: int, most: int) -> frame.Row:
    """Return a cell; the root spreads small numbers, which are most, over the colours."""
    total = year == _ALL
    fill = palette.PAPER if total else palette.amount((number / most) ** 0.5)
    place = {"side": "/".join(key), "top": year, "name": name, "number": number}
    look = {"doubt": None if total else False, "colour": fill, "ink": palette.ink(fill)}
    return {**place, **look, "text": f"{number:,}", "said": f"{name}, {year}: {number:,} stances"}


def _tooltips() -> list[alt.Tooltip]:
    import altair as alt

    heads = {"name": "of", "top": "year", "number": "stances"}
    return [alt.Tooltip(field=n, type="nominal", title=head) for n, head in heads.items()]
