"""Stances as nested dictionaries, streamed from Parquet, as input for converters.

All tables are sorted by stance, so that each child table is read as one stream.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

Row = dict[str, Any]
BATCH = 10_000
_OF = itemgetter("stance_id")
_CHILDREN = ("holders", "stance_aspects", "conditions", "evidence")


def nested(folder: Path) -> Iterator[Row]:
    """Iterate over all stances as dictionaries, with lists of their children."""
    children = {name: _by_stance(_rows(folder / f"{name}.parquet")) for name in _CHILDREN}
    for row in _rows(folder / "stances.parquet"):
        key = row["stance_id"]
        held, sides, conditions, evidence = (children[name](key) for name in _CHILDREN)
        row["holders"] = sorted(held, key=itemgetter("position"))
        row["aspects"] = [r["aspect"] for r in sorted(sides, key=itemgetter("position"))]
        row["conditions"] = [_dated(r, "status_on", "status") for r in conditions]
        row["evidence"] = evidence
        yield _dated(row, "stated_on", "stated")


def _dated(row: Row, name: str, prefix: str) -> Row:
    """Replace a date in a row by a dictionary of text, kind, first and last day."""
    if row[name] is not None:
        kind = row.get("date_kind", "day")
        first, last = row[f"{prefix}_earliest"], row[f"{prefix}_latest"]
        row[name] = {"text": row[name], "kind": kind, "earliest": first, "latest": last}
    return row


def _rows(path: Path) -> Iterator[Row]:
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(path).iter_batches(batch_size=BATCH):
        yield from batch.to_pylist()


def _by_stance(rows: Iterator[Row]) -> Any:
    """Return a function from a stance id to its rows; ids must be requested in order."""
    groups = itertools.groupby(rows, key=_OF)
    key, group = next(groups, (None, iter(())))

    def of(wanted: str) -> list[Row]:
        nonlocal key, group
        if key != wanted:
            return []
        found = list(group)
        key, group = next(groups, (None, iter(())))
        return found

    return of
