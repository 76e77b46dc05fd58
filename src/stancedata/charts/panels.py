"""Layout of the matrix: one grid of issues, of the days of one issue, or a panel for each day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from stancedata.charts import details, frame, labels
from stancedata.charts.squares import LETTER, Grid
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import altair as alt

_NARROW = 34.0  # pixels of a square that shows a number and an age
_LEAST = 24.0  # pixels of the narrowest square
_UPRIGHT = 60.0  # pixels of a square below which its column's name is turned
_LINE = 1100.0  # pixels that panels may take before a new line of them begins

_PLACED = ("word", "glyph", "period", "actor_id", "issue_id")
"""Fields that the place and the text of a square take the place of."""


@attrs.frozen
class Panels:
    """The grids of a matrix.

    Attributes:
        holders: Names of the rows, by id.
        issues: Names of the issues, by id.
        days: The days or periods, in order.
        width: Width of the squares together, in pixels; None for what the texts need.
    """

    holders: Mapping[str, str]
    issues: Mapping[str, str]
    days: Sequence[str]
    width: int | None

    def chart(
        self, cells: list[frame.Row], keys: list[alt.Chart]
    ) -> tuple[alt.LayerChart | alt.VConcatChart, float]:
        """Draw the squares, and return the chart with the width of all squares.

        Raises:
            StancedataError: If the width is too narrow for the columns.
        """
        if len(self.days) > 1 and len(self.issues) > 1:
            return self._several(cells, keys)
        single = len(self.days) == 1
        columns = dict(self.issues) if single else {day: day for day in self.days}
        field = "issue_id" if single else "period"
        wide, words = self._wide(columns, cells)
        grid = self._grid(columns, wide)
        return grid.chart(_texts(cells, field, words), details.tooltips(), *keys), grid.across

    def _wide(self, columns: Mapping[str, str], cells: list[frame.Row]) -> tuple[float, bool]:
        """Return the width of a square, and whether words fit into it."""
        needed = max([70.0, *(labels.width(cell["word"], LETTER) + 16 for cell in cells)])
        heads = [labels.width(word) for name in columns.values() for word in name.split()]
        if self.width is None:
            return min(160.0, max(needed, *heads)), True
        wide = self.width / len(columns)
        self._refuse_narrow(wide, len(columns))
        return wide, wide >= needed - 8

    def _refuse_narrow(self, wide: float, columns: int) -> None:
        if wide < _LEAST:
            raise StancedataError(
                f"width: is too narrow for {columns} columns, got {self.width}; give at least "
                f"{round(columns * _LEAST)}, or choose fewer issues or days"
            )

    def _grid(self, columns: Mapping[str, str], wide: float, named: bool = True) -> Grid:
        letters = int(wide / labels.width("n")) if wide >= _UPRIGHT else 40
        heads = {key: labels.wrapped(name, letters) for key, name in columns.items()}
        angle = 0 if wide >= _UPRIGHT else -90
        return Grid(labels.beside(self.holders), heads, wide, angle, two=True, named=named)

    def _several(
        self, cells: list[frame.Row], keys: list[alt.Chart]
    ) -> tuple[alt.VConcatChart, float]:
        """Draw a panel for each day, as many beside each other as there is room for."""
        import altair as alt

        line = self.width or _LINE
        beside = min(len(self.days), max(1, int(line // (len(self.issues) * _NARROW))))
        wide = _NARROW if self.width is None else line / (beside * len(self.issues))
        self._refuse_narrow(wide, len(self.issues))
        rows = [self.days[n : n + beside] for n in range(0, len(self.days), beside)]
        lines = [
            alt.hconcat(
                *(
                    self._panel(
                        day, cells, wide, day == row[0], keys if day == self.days[-1] else []
                    )
                    for day in row
                ),
                spacing=14,
            )
            for row in rows
        ]
        return alt.vconcat(*lines, spacing=20), wide * len(self.issues) * beside

    def _panel(
        self, day: str, cells: list[frame.Row], wide: float, named: bool, keys: list[alt.Chart]
    ) -> alt.LayerChart:
        import altair as alt

        chosen = _texts([cell for cell in cells if cell["period"] == day], "issue_id", False)
        grid = self._grid(self.issues, wide, named)
        heading = alt.TitleParams(ended(day), anchor="start", fontSize=13, offset=8)
        made = grid.chart(chosen, details.tooltips(), *keys)
        return made.properties(title=heading)


def _texts(cells: list[frame.Row], field: str, words: bool) -> list[frame.Row]:
    """Place squares in the columns of a field, with words or numbers."""
    text = "word" if words else "glyph"
    return [
        {name: value for name, value in cell.items() if name not in _PLACED}
        | {"top": cell[field], "text": cell[text]}
        for cell in cells
    ]


def on(issues: Mapping[str, str]) -> str:
    """Name the issue of a title, if there is one only."""
    return f" on {next(iter(issues.values()))}" if len(issues) == 1 else ""


def when(days: Sequence[str], rows: Iterable[frame.Row]) -> str:
    """Name the days of a title, or how many they are."""
    if len(days) == 1:
        return str(next(iter(rows))["on_day"])
    if len(days) > 6:
        return f"{len(days)} days from {ended(days[0])} to {ended(days[-1])}"
    *others, last = days
    whole = all(len(day) < len("2021-10-20") for day in days)
    return f"{'the end of ' * whole}{', '.join(others)} and {last}"


def ended(day: str) -> str:
    """Name a day, or say that a month, quarter or year is meant at its end."""
    return day if len(day) == len("2021-10-20") else f"end of {day}"
