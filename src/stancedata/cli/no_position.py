"""Explain why a holder has no position."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

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
