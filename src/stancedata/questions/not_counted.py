"""Why a holder has no position on record: stances that name it, and do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

_REASONS = {
    "dissociates": "of others, from which it dissociates itself",
    "third_party": "ascribed by somebody else",
    "quantifier": "weakened by a quantifier",
}
_QUERY = """
SELECT CASE
    WHEN h.role <> 'party' THEN 'dissociates'
    WHEN s.attribution = 'third_party' THEN 'third_party'
    ELSE 'quantifier'
END AS reason, COUNT(*) AS stances
FROM holders h
JOIN stances s ON s.stance_id = h.stance_id
WHERE h.actor_id = $holder
    AND (h.role <> 'party' OR s.attribution = 'third_party' OR s.quantifier IS NOT NULL)
    AND ($issue IS NULL OR s.issue_id = $issue)
GROUP BY reason
ORDER BY stances DESC, reason
"""


def no_position(dataset: Dataset, holder: str | int, issue: str | None = None) -> str:
    """Say that a holder has no position, and which stances of it do not count as one.

    Args:
        dataset: Where it has none.
        holder: An actor, by id, name or code.
        issue: Only on this issue.
    """
    values = {
        "holder": dataset.actors.resolve(holder),
        "issue": None if issue is None else dataset.issues.resolve(issue),
    }
    rows = dataset.sql(_QUERY, values).to_pylist()
    listed = "; ".join(f"{row['stances']} {_REASONS[row['reason']]}" for row in rows)
    why = f"; stances that do not count: {listed}" if rows else ""
    return f"no position on record{why}"
