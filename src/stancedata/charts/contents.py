"""The chart of coverage: how many stances the data have, by issue, holder and year."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stancedata.charts import frame, labels, palette
from stancedata.charts.squares import Grid
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

_NOTES = (
    "Number of stances, by the year from which they count. A stance of several holders counts once for "
    "its issue, and once for each holder. Years without stances are left out.",
)
_ALL = "all"
_WIDE = 38.0  # pixels of a year
_COUNTS = """
WITH dated AS (
    SELECT stance_id, issue_id, CAST(year(
        CASE date_kind WHEN 'lasting' THEN stated_earliest ELSE stated_latest END
    ) AS VARCHAR) AS year
    FROM stances
)
SELECT 'issue' AS what, issue_id AS id, year, count(*) AS number FROM dated GROUP BY ALL
UNION ALL
SELECT 'holder', actor_id, year, count(*)
FROM dated JOIN holders USING (stance_id) WHERE role = 'party' GROUP BY ALL
"""
Key = tuple[str, str]
"""What a row of the chart is about (`issue`, `holder`, `gap` or `others`), and its id."""


def coverage(dataset: Dataset, holders: int = 25) -> alt.VConcatChart:
    """Draw how many stances each issue has in each year, and each of the holders with most.

    Args:
        dataset: The dataset.
        holders: How many holders to show; the others are added up in one row.

    Raises:
        StancedataError: If `holders` is not a number from 0, the data have no stance, or Altair is
            not installed.
    """
    frame.need("altair")
    if type(holders) is not int or holders < 0:
        raise StancedataError(f"holders: must be a whole number from 0, got {holders!r}")
    counts = _counts(dataset)
    if not counts:
        raise StancedataError("stances: none on record; choose other data")
    names = _names(dataset, counts, holders)
    years = [*sorted({year for _, year in counts} - {_ALL}), _ALL]
    side = {"/".join(key): name for key, name in names.items()}
    grid = Grid(labels.beside(side), {year: [year] for year in years}, _WIDE, 0)
    chart = grid.chart(_cells(_folded(counts, names), names), _tooltips())
    return frame.finish(chart, dataset, "Stances by issue, holder and year", _NOTES, grid.across)


def _counts(dataset: Dataset) -> Counter[tuple[Key, str]]:
    """Count the stances of each issue and holder in each year, and in all."""
    found: Counter[tuple[Key, str]] = Counter()
    for row in dataset.sql(_COUNTS).to_pylist():
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
    return {
        **{("issue", row["issue_id"]): row["name"] for row in issues},
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
    return {**place, **look, "text": f"{number:,}"}


def _tooltips() -> list[alt.Tooltip]:
    import altair as alt

    heads = {"name": "of", "top": "year", "number": "stances"}
    return [alt.Tooltip(field=n, type="nominal", title=head) for n, head in heads.items()]
