"""The look of levels on pages: a style class and a text for each, coloured by its issue's scale."""

from __future__ import annotations

from collections.abc import Mapping

from stancedata.charts.palette import AMBIGUOUS, BOTH_SIDES, DOUBT, PAPER, colour, ink, look
from stancedata.model import Issue

DOUBTFUL = "lq"
"""The class of positions without a level."""


class Levels:
    """Classes and texts of levels.

    Charts share one scale of colours between issues; on pages each issue has the whole scale, since
    a level's number is beside it.
    """

    def __init__(self, issues: Mapping[str, Issue]) -> None:
        self._most = {
            key: max([1, *(abs(step.level) for step in issue.levels)])
            for key, issue in issues.items()
        }

    def share(self, issue_id: str, level: int) -> int:
        """Return a level as percent of the furthest level of its issue."""
        share = round(100 * level / self._most.get(issue_id, abs(level) or 1))
        return max(-100, min(100, share))

    def style(self, issue_id: str, level: int | None) -> str:
        """Return the style class of a level."""
        return DOUBTFUL if level is None else f"l{self.share(issue_id, level)}"

    @staticmethod
    def text(level: int | None, name: str | None) -> str:
        """Return the text of a level: `+1 favours`, `? ambiguous`, `± both sides`."""
        if level is None:
            return AMBIGUOUS.label if name else BOTH_SIDES.label
        return f"{look(level, name, max(1, abs(level))).glyph} {name}"

    def rules(self, issues: Mapping[str, Issue]) -> str:
        """Write the style sheet's rules of all levels, for texts and for marks in pictures."""
        shares = {
            self.share(key, n)
            for key in issues
            for n in range(-self._most[key], self._most[key] + 1)
        }
        looks = {
            f"l{share}": (colour(share / 100), ink(colour(share / 100))) for share in sorted(shares)
        }
        looks[DOUBTFUL] = (DOUBT, PAPER)
        return "".join(
            f".{name}{{background:{fill};color:{text};fill:{fill}}}\n"
            for name, (fill, text) in looks.items()
        )
