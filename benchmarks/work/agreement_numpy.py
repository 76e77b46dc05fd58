"""Agreement by hand in NumPy: positions as one number each, levels as one-hot rows.

Positions are sorted by holder and issue, so that each pair is a run of rows and its strongest position
one reduction. Strength is the place of a position among all in the order in which they stand.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Numbers = npt.NDArray[Any]
compute: Any = pc
_COLUMNS = ["actor_id", "issue_id", "level", "date_kind", "stated_earliest", "stated_latest", "own",
            "kind", "stance_id"]  # fmt: skip
_NEVER = 2**15
_NO_LEVEL = 9


@attrs.frozen(eq=False)
class Positions:
    """Positions as arrays; `row` leads from a strength to its position."""

    begin: Numbers
    strength: Numbers
    row: Numbers
    starts: Numbers
    actor: Numbers
    cell: Numbers
    own: Numbers


@attrs.frozen(eq=False)
class Scales:
    """One cell for each level of each core issue, and matrices that compare two cells.

    Attributes:
        cells: Number of the cell, by issue and level.
        apart: Distance of two levels, as a share of their scale.
        same_issue: Whether two cells have the same issue.
        same_sign: Whether two cells have the same issue and sign.
    """

    cells: dict[tuple[str, int], int]
    apart: Numbers
    same_issue: Numbers
    same_sign: Numbers


def agreement(folder: Path, days: list[datetime.date]) -> list[pa.Table]:
    """Compute a table of all pairs for each day."""
    actors = pq.read_table(folder / "actors.parquet", columns=["actor_id", "name", "valid_to"])
    scales, found = _scales(folder), pq.read_table(folder / "positions.parquet", columns=_COLUMNS)
    positions = _positions(found.combine_chunks(), actors, scales)
    ends = _days(actors.column("valid_to"))
    return [_pairs(_standing(positions, ends, day), positions, actors, scales) for day in days]


def _scales(folder: Path) -> Scales:
    issues = pq.read_table(folder / "issues.parquet").to_pylist()
    core = {row["issue_id"] for row in issues if row["core"]}
    levels = pq.read_table(folder / "levels.parquet").to_pylist()
    found = [(r["issue_id"], r["level"]) for r in levels if r["issue_id"] in core]
    level = np.array([n for _, n in found])
    issue = np.unique([name for name, _ in found], return_inverse=True)[1]
    same = issue[:, None] == issue
    width = np.array([np.ptp(level[issue == i]) for i in issue])
    apart = np.where(same, np.abs(level[:, None] - level) / width, 0.0)
    signs = same & (np.sign(level)[:, None] == np.sign(level))
    cells = {cell: n for n, cell in enumerate(found)}
    return Scales(cells, apart, same.astype(float), signs.astype(float))


def _positions(table: pa.Table, actors: pa.Table, scales: Scales) -> Positions:
    first, last = _days(table.column("stated_earliest")), _days(table.column("stated_latest"))
    lasting = compute.equal(table.column("date_kind"), "lasting").to_numpy()
    level = compute.fill_null(table.column("level"), _NO_LEVEL).to_numpy()
    issue = table.column("issue_id").combine_chunks().dictionary_encode()
    names, numbers = map(str, issue.dictionary.to_pylist()), issue.indices.to_numpy()
    grid = np.array([[scales.cells.get((i, n), -1) for n in range(-9, 10)] for i in names])
    actor = compute.index_in(
        table.column("actor_id"), value_set=actors.column("actor_id").combine_chunks()
    ).to_numpy()
    row = _order(table, np.where(level == _NO_LEVEL, -_NO_LEVEL, level))
    strength = np.empty(len(row), np.int64)
    strength[row] = np.arange(len(row))
    changes = (np.diff(actor) != 0) | (np.diff(numbers) != 0)
    return Positions(
        np.where(lasting, first, last), strength, row,
        np.concatenate([[0], np.flatnonzero(changes) + 1]), actor, grid[numbers, level + 9],
        table.column("own").to_numpy(),
    )  # fmt: skip


def _order(table: pa.Table, level: Numbers) -> Numbers:
    """Sort the rows: the rungs of deeds by level, and then what stands by its first day."""
    deeds = compute.equal(table.column("kind"), "deeds").to_numpy()
    kinds = pa.array(["uncertain", "lasting", "day"])
    keyed = table.append_column("rung", pa.array(np.where(deeds, level, 0))).append_column(
        "sort", compute.index_in(table.column("date_kind"), value_set=kinds)
    )
    keys = [("rung", "ascending"), ("stated_earliest", "ascending"), ("stated_latest", "descending"),
            ("sort", "ascending"), ("stance_id", "descending")]  # fmt: skip
    found: Numbers = compute.sort_indices(keyed, sort_keys=keys).to_numpy()
    return found


def _days(column: Any) -> Numbers:
    found: Numbers = compute.fill_null(column.cast(pa.int32()), _NEVER).to_numpy()
    return found.astype(np.int64)


def _standing(found: Positions, ends: Numbers, on: datetime.date) -> Numbers:
    """Return the rows of the positions held on a day, of holders that have not ended."""
    day = (on - datetime.date(1970, 1, 1)).days
    best = np.maximum.reduceat(np.where(found.begin <= day, found.strength, -1), found.starts)
    rows: Numbers = found.row[best[best >= 0]]
    kept: Numbers = rows[ends[found.actor[rows]] >= day]
    return kept


def _pairs(rows: Numbers, found: Positions, actors: pa.Table, scales: Scales) -> pa.Table:
    rows = rows[found.cell[rows] >= 0]
    there, actor = np.unique(found.actor[rows], return_inverse=True)
    hot, owned = np.zeros((2, len(there), len(scales.cells)))
    hot[actor, found.cell[rows]], owned[actor, found.cell[rows]] = 1, found.own[rows]
    one, other = np.triu_indices(len(there), 1)
    shared, shared_own, alike, apart = (
        ((left @ among) @ left.T)[one, other]
        for left, among in ((hot, scales.same_issue), (owned, scales.same_issue),
                            (hot, scales.same_sign), (hot, scales.apart))
    )  # fmt: skip
    kept = np.flatnonzero(shared > 0)
    one, other, count = there[one[kept]], there[other[kept]], shared[kept]
    few = count < 3
    ids, names = (actors.column(name) for name in ("actor_id", "name"))
    return pa.table({
        "actor_id_1": compute.take(ids, one), "actor_name_1": compute.take(names, one),
        "actor_id_2": compute.take(ids, other), "actor_name_2": compute.take(names, other),
        "shared": pa.array(count.astype(np.int32)),
        "shared_own": pa.array(shared_own[kept].astype(np.int32)),
        "similarity": pa.array(1 - 2 * apart[kept] / count, mask=few),
        "like_signs": pa.array(alike[kept] / count, mask=few),
    })  # fmt: skip
