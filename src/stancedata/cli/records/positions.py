"""Format the positions of a holder, or explain why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stancedata import text as rendering
from stancedata.cli.records.lines import said, source_line
from stancedata.model.corpus import Corpus
from stancedata.text import level

if TYPE_CHECKING:
    from stancedata.dataset import Dataset
    from stancedata.model import Position, Stance

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


def positions_table(positions: Sequence[Position]) -> str:
    """Format positions as a table, one per line; with the holder if there are several."""
    columns = {
        "holder": [p.actor_name for p in positions] if _several(positions) else [],
        "stated": [p.stated_on.text for p in positions],
        "issue": [p.issue_id for p in positions],
        "level": [level(p.level_name, p.level) for p in positions],
        "held": ["own" if p.own else "joint" for p in positions],
        "attribution": [p.attribution for p in positions],
        "confidence": [p.confidence for p in positions],
        "documents": [str(p.document_count) for p in positions],
        "marks": list(map(_marks, positions)),
        "stance": [p.stance_id for p in positions],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    return rendering.table(list(shown), list(zip(*shown.values(), strict=True)))


def quotes(dataset: Dataset, positions: Sequence[Position], corpus: Corpus | None) -> str:
    """Format positions with the words of the stance that represents each, and their source.

    Those of several holders that one stance represents are one entry. Without a corpus, the place of
    the words in the document stands for them.
    """
    entries: dict[tuple[str, str, str, str], list[Position]] = {}
    for p in positions:
        head = f": {level(p.level_name, p.level)}, {'own' if p.own else 'joint'}, {p.attribution}"
        key = (p.stance_id, p.stated_on.text, p.issue_id, f"{head}, confidence {p.confidence}")
        entries.setdefault(key, []).append(p)
    return "\n\n".join(_quote(dataset, found, key, corpus) for key, found in entries.items())


def _quote(
    dataset: Dataset,
    positions: Sequence[Position],
    key: tuple[str, str, str, str],
    corpus: Corpus | None,
) -> str:
    stance_id, stated, issue_id, head = key
    stance = dataset.stances[stance_id]
    names = ", ".join(position.actor_name for position in positions)
    also = [f"also: {source}" for source in _other_sources(dataset, positions[0], stance)]
    first = f"{stated}  {names} on {issue_id}{head}  [{stance_id}]"
    return "\n".join([first, said(dataset, stance, corpus, also)])


def _other_sources(dataset: Dataset, position: Position, stance: Stance) -> list[str]:
    """Return the sources of the documents that report a position, but for its own."""
    if position.document_count < 2:
        return []
    found = dataset.sources(position)
    return [source_line(d) for d in found if d.document_id != stance.document_id]


def _several(positions: Sequence[Position]) -> bool:
    return len({p.actor_id for p in positions}) > 1


def _marks(position: Position) -> str:
    marks = (("contested", position.contested), ("mixed", position.mixed))
    return ", ".join(word for word, on in marks if on)
