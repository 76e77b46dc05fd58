"""Ask of many rows only those that differ in what a rule looks at.

A rule that looks at the act of a stance need not see a million stances, but one for each act. So
the rows of a part are narrowed to the first with each combination of the values that the branches
of a query look at. Where one of them breaks the rule, the query is asked again of all rows.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stancedata.contract import BY_NAME
from stancedata.judging import Branch
from stancedata.streams import OF_STANCES

if TYPE_CHECKING:
    import pyarrow as pa

_NARROW = 0.5
"""Share of the rows above which narrowing is not worth its while."""


def narrowed(part: dict[str, pa.Table], branches: Iterable[Branch]) -> dict[str, pa.Table]:
    """The rows of a part that branches, which are asked together, need to see."""
    listed = list(branches)
    found = {}
    for name in {name for branch in listed for name in branch.reads} & part.keys():
        looks = [looked_at(branch, name) for branch in listed if name in branch.reads]
        rows = part[name]
        if None not in looks and rows.num_rows:
            rows = _differing(rows, {look for look in looks if look is not None})
        found[name] = rows
    return found


@functools.cache
def looked_at(branch: Branch, name: str) -> tuple[str, ...] | None:
    """The columns whose values decide whether a row breaks the rule; None where others do too.

    They decide alone where no other row of a stance is read, and where it is not looked at what
    tells rows apart.
    """
    of_stances = [table for table in branch.reads if table in OF_STANCES]
    if of_stances != [name] or "GROUP BY" in branch.sql or " OVER " in branch.sql or branch.shared:
        return None
    condition = branch.sql if branch.rule.row else branch.sql[branch.sql.index("\nFROM ") :]
    words = set(re.findall(r"\w+", condition))
    columns = tuple(c.name for c in BY_NAME[name].columns if c.name in words)
    return None if set(columns) & {"stance_id", "note", "sha256"} else columns


def _differing(rows: pa.Table, looks: set[tuple[str, ...]]) -> pa.Table:
    """The first row with each combination of values, for each of several sets of columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    places = []
    for look in looks:
        start = 0
        for batch in rows.select(list(look)).to_batches():
            places.append(compute.add(_first_rows(batch), start))
            start += batch.num_rows
    wanted = compute.unique(pa.chunked_array(places))
    return rows if len(wanted) > _NARROW * rows.num_rows else rows.take(wanted)


def _first_rows(batch: pa.RecordBatch) -> Any:
    """The place of the first row with each combination of values."""
    import pyarrow as pa

    codes = {f"c{n}": _codes(column) for n, column in enumerate(batch.columns)}
    codes["place"] = _count(batch.num_rows)
    found = pa.table(codes).group_by(list(codes)[:-1]).aggregate([("place", "min")])
    return found.column("place_min").combine_chunks()


def _count(rows: int) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    return compute.subtract(compute.cumulative_sum(pa.repeat(pa.scalar(1, pa.int64()), rows)), 1)


def _codes(column: Any) -> Any:
    import pyarrow as pa

    return column.indices if isinstance(column, pa.DictionaryArray) else column
