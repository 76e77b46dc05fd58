"""Ask of many rows only the values that a rule looks at.

A rule that looks at the act of a stance need not see a million stances, but each act once. Texts
that occur often are read as numbers and a list of texts: that list is what such a rule is asked of.
Where something in it breaks the rule, the query is asked again of all rows.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stancedata.rules.queries import Branch
from stancedata.tables.contract import BY_NAME
from stancedata.tables.parts import OF_STANCES

if TYPE_CHECKING:
    import pyarrow as pa


def narrowed(part: dict[str, pa.Table], branches: Iterable[Branch]) -> dict[str, pa.Table]:
    """The rows of a part that branches, which are asked together, need to see.

    They may have values that no row has any more: what is found among them proves nothing, and
    that nothing is found proves that no row breaks a rule.
    """
    listed = list(branches)
    found = {}
    for name in {name for branch in listed for name in branch.reads} & part.keys():
        looks = {looked_at(branch, name) for branch in listed if name in branch.reads}
        columns = [look[0] for look in looks if look is not None and len(look) == 1]
        few = len(columns) == len(looks) and all(_is_coded(part[name].column(c)) for c in columns)
        found[name] = _values(part[name], columns) if few else part[name]
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


def is_brief(branch: Branch) -> bool:
    """Whether a branch looks at one column alone, so that it can be asked of few rows."""
    looks = [looked_at(branch, name) for name in {*branch.reads} & {*OF_STANCES}]
    return len(looks) == 1 and looks[0] is not None and len(looks[0]) == 1


def _is_coded(column: pa.ChunkedArray[Any]) -> bool:
    import pyarrow as pa

    return isinstance(column.type, pa.DictionaryType)


def _values(rows: pa.Table, columns: Iterable[str]) -> pa.Table:
    """A row for each value of each of some columns, which has none in any other."""
    import pyarrow as pa

    schema = pa.schema([pa.field(f.name, _plain(f.type)) for f in rows.schema])
    found = []
    for name in columns:
        chunks: list[Any] = rows.column(name).chunks
        # That there is none is a value too, where it occurs.
        missing = pa.array([None] if rows.column(name).null_count else [], pa.string())
        values = pa.concat_arrays([missing, *(chunk.dictionary for chunk in chunks)])
        empty = {f.name: pa.nulls(len(values), f.type) for f in schema}
        found.append(pa.table({**empty, name: values}, schema=schema))
    return pa.concat_tables(found)


def _plain(kind: Any) -> Any:
    import pyarrow as pa

    return pa.string() if isinstance(kind, pa.DictionaryType) else kind
