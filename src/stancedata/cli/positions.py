"""Format the positions of a holder, or explain why it has none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stancedata import text as rendering
from stancedata.text import level

if TYPE_CHECKING:
    from stancedata.dataset import Dataset
    from stancedata.model import Position

_REASONS = {
    "dissociates": "of others, from which it dissociates itself",
    "third_party": "attributed by a third party",
    "quantifier": "limited by a quantifier",
}


def no_position(dataset: Dataset, holder: str | int, issue: str | None = None) -> str:
    """Say that a holder has no position, and list the stances that do not count as one.

    Args:
        dataset: The dataset to look in.
        holder: An actor, by id, name or code.
        issue: The issue; by default all of them.
    """
    rows = dataset.not_counted(holder, issue).to_pylist()
    listed = "; ".join(f"{row['stances']} {_REASONS[row['reason']]}" for row in rows)
    why = f"; stances that do not count: {listed}" if rows else ""
    return f"no position on record{why}"


def positions_table(positions: Iterable[Position]) -> str:
    """Format positions as a table, one per line."""
    rows = [
        (
            p.stated_on.text,
            p.issue_id,
            level(p.level_name, p.level),
            "own" if p.own else "joint",
            p.attribution,
            p.confidence,
            str(p.document_count),
            ", ".join(w for w, on in (("contested", p.contested), ("mixed", p.mixed)) if on),
            p.stance_id,
        )
        for p in positions
    ]
    headers = (
        "stated",
        "issue",
        "level",
        "held",
        "attribution",
        "confidence",
        "documents",
        "marks",
        "stance",
    )
    keep = [i for i in range(len(headers)) if i != 7 or any(row[7] for row in rows)]
    return rendering.table([headers[i] for i in keep], [[row[i] for i in keep] for row in rows])
