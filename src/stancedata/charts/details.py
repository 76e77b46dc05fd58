"""What the mark of a position carries: its look, its tooltip, its link and its age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.charts.palette import look

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

Row = dict[str, Any]
NOTHING = "–"
"""Stands for a missing value in a tooltip; pages leave such lines out."""
_TOOLTIP = {
    "holder": "holder",
    "issue": "issue",
    "level_text": "level",
    "about": "about",
    "statement": "statement",
    "stated_on": "stated",
    "date_kind": "date is",
    "age": "age",
    "speaker": "speaker",
    "target": "towards",
    "conditions": "conditions",
    "attribution": "attribution",
    "confidence": "confidence",
    "document_count": "documents",
    "summary": "summary",
    "publisher": "publisher",
    "href": "link",
    "stance_id": "stance",
}
"""Labels of the tooltip's lines, by field."""
_SAME = ("stated_on", "date_kind", "attribution", "confidence", "document_count", "summary")
_SAME_TOO = ("publisher", "stance_id", "conditions")

_UNITS = ((731, 365.25, "y", "year"), (61, 30.44, "mo", "month"), (0, 1, "d", "day"))
"""Units of an age: from how many days, how many days each has, and its names."""


@attrs.frozen
class Details:
    """Turns positions into rows of chart data.

    Attributes:
        most: The largest absolute level of each issue, at which its colours end.
        actors: Names of actors, by id.
        issues: Names of issues, by id.
    """

    most: Mapping[str, int]
    actors: Mapping[str, str]
    issues: Mapping[str, str]

    @classmethod
    def of(cls, dataset: Dataset, most: Mapping[str, int]) -> Details:
        """Take the names from a dataset."""
        named = [
            {
                row[key]: row["name"]
                for row in dataset.tables[table].select([key, "name"]).to_pylist()
            }
            for table, key in (("actors", "actor_id"), ("issues", "issue_id"))
        ]
        return cls(most, *named)

    def row(self, position: Mapping[str, Any]) -> Row:
        """Return the row of a position."""
        found = look(position["level"], position["level_name"], self.most[position["issue_id"]])
        name = f"{words(position['level_name']) or 'both sides'} ({found.glyph})"
        issue = self.issues.get(position["issue_id"], position["issue_id"])
        whose = f"{position['actor_name']} on {issue}: {name}"
        said = {field: _text(position.get(field)) for field in (*_SAME, *_SAME_TOO)}
        return {
            **said,
            **{key: position[key] for key in ("actor_id", "issue_id")},
            "holder": position["actor_name"],
            "issue": issue,
            "level_text": name,
            "said": f"{whose}, stated {position['stated_on']}, {_statement(position)}{_aged(position)}",
            "about": words(position.get("aspects")) or NOTHING,
            "joint": not position["own"],
            "low": position["confidence"] == "low",
            "statement": _statement(position),
            "age": age(position.get("age_days"), short=False) or NOTHING,
            "speaker": self._name(position.get("speaker_id")),
            "target": self._name(position.get("target_id")),
            "href": _link(position.get("url")),
            **{name: getattr(found, name) for name in ("label", "glyph", "colour", "ink")},
        }

    def _name(self, actor_id: str | None) -> str:
        return NOTHING if actor_id is None else self.actors.get(actor_id, actor_id)


def tooltips() -> list[alt.Tooltip]:
    """Return the lines of the tooltip."""
    import altair as alt

    return [alt.Tooltip(field=n, type="nominal", title=head) for n, head in _TOOLTIP.items()]


def words(names: str | None) -> str:
    """Write the name of a level, or of aspects, as words."""
    return (names or "").replace("_", " ")


def age(days: int | None, short: bool = True) -> str:
    """Write an age: `12 d`, `14 mo` or `4 y`, or with whole words.

    Args:
        days: The age in days; None or a negative number if there is none.
        short: Abbreviate the unit.
    """
    if days is None or days < 0:
        return ""
    size, abbreviated, unit = next(found for found in _UNITS if days >= found[0])[1:]
    number = int(days / size)
    return f"{number} {abbreviated}" if short else f"{number} {unit}{'s' * (number != 1)}"


def _text(value: Any) -> Any:
    return NOTHING if value is None or value == "" else value


def _statement(position: Mapping[str, Any]) -> str:
    """Say whether the holder spoke for itself, and how many signed what they said together."""
    if position["own"]:
        return "own"
    size = position.get("joint_size")
    return f"joint, of {size} holders" if size and size > 1 else "joint"


def _aged(position: Mapping[str, Any]) -> str:
    days = position.get("age_days")
    return "" if days is None else f", as of {position['on_day']}"


def _link(address: str | None) -> str | None:
    """Return an address that may be followed: one of a web page."""
    return address if address and address.startswith(("https://", "http://")) else None
