"""Agreement of every two holders, in NumPy: `agreement.sql` with one product of bitmaps for each day.

The query remains the definition; see `ranks.py`. Pairs come in their order, so that nothing is
sorted, and bits are counted, so that the measures are those of the query to the last digit.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.questions.arguments import Period
from stancedata.questions.ranks import Ranked
from stancedata.tables.columns import array_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[np.integer[Any]]
    Flags = npt.NDArray[np.bool_]
    Bits = npt.NDArray[np.uint64]

FEW = 3
"""Issues below which there is no similarity."""


def is_available() -> bool:
    """Return whether NumPy is installed, and can count bits."""
    try:
        import numpy as np
    except ImportError:
        return False
    return hasattr(np, "bitwise_count")


@attrs.frozen(eq=False)
class _Steps:
    """Steps between two levels that stand, all of one size and on scales of one width.

    Attributes:
        share: The size of a step, and the width of the scale.
        issue: The issue of each step.
        level: The level above it.
    """

    share: tuple[int, int]
    issue: Numbers
    level: Numbers


@attrs.frozen(eq=False)
class _Pairs:
    """The pairs of one period.

    Attributes:
        one: The number of the first holder.
        other: The number of the second one.
    """

    one: Numbers
    other: Numbers
    shared: Numbers
    shared_own: Numbers
    alike: Numbers
    distance: npt.NDArray[np.float64]

    def are_those_of(self, other: _Pairs) -> bool:
        """Return whether these are the pairs of another period, in the same order."""
        import numpy as np

        return np.array_equal(self.one, other.one) and np.array_equal(self.other, other.other)


class _Agreement:
    """The agreement of holders.

    Args:
        ranked: Their positions.
        levels: The levels of each issue to compare; none if its scale is unknown.
        asked: Only the pairs of this holder.
    """

    def __init__(
        self, ranked: Ranked, levels: Mapping[str, Sequence[int]], asked: str | None = None
    ) -> None:
        import numpy as np

        self._ranked, self._levels = ranked, levels
        self._is_compared = np.array([name in levels for name in ranked.issues], bool)
        holders = len(ranked.holders)
        if asked is None:
            self._from = slice(None)
            one, other = np.triu_indices(holders, 1)
            self._cell = one * holders + other
            self._one, self._other = one.astype(np.int32), other.astype(np.int32)
            return
        who = ranked.holders.index(asked) if asked in ranked.holders else holders
        self._from = slice(who, who + 1)
        self._cell = np.flatnonzero(np.arange(holders) != who) if who < holders else np.arange(0)
        rest = self._cell.astype(np.int32)
        self._one, self._other = np.minimum(rest, np.int32(who)), np.maximum(rest, np.int32(who))

    def at(self, periods: Sequence[Period], max_age: int | None) -> list[tuple[str, _Pairs]]:
        """Compare every pair at the end of each period, in the order of the periods' texts."""
        standing = {
            text: self._compared(self._ranked.on(day, max_age)) for text, _, day in sorted(periods)
        }
        steps = self._steps(standing.values())
        return [(text, self._pairs(rows, steps)) for text, rows in standing.items()]

    def _compared(self, rows: Numbers) -> Numbers:
        ranked = self._ranked
        found: Numbers = rows[ranked.has_level[rows] & self._is_compared[ranked.issue[rows]]]
        return found

    def _steps(self, standing: Iterable[Numbers]) -> list[_Steps]:
        """Find the steps between the levels that stand in any period."""
        import numpy as np

        ranked = self._ranked
        found: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for issue, levels in self._levels_of(np.unique(np.concatenate([*standing]))).items():
            scale = self._levels[ranked.issues[issue]]
            width = max(scale) - min(scale) if scale else 0
            for low, high in itertools.pairwise(levels):
                if width:
                    found.setdefault((high - low, width), []).append((issue, high))
        return [_Steps(share, *np.array(cells).T) for share, cells in sorted(found.items())]

    def _levels_of(self, rows: Numbers) -> dict[int, list[int]]:
        """Return the sorted levels of each issue in rows."""
        import numpy as np

        ranked, found = self._ranked, dict[int, list[int]]()
        cells = np.unique(np.stack([ranked.issue[rows], ranked.level[rows]]), axis=1)
        for issue, level in cells.T.tolist():
            found.setdefault(issue, []).append(level)
        return found

    def _pairs(self, rows: Numbers, steps: list[_Steps]) -> _Pairs:
        """Count what every two holders have in common, of rows that stand at once."""
        import numpy as np

        ranked = self._ranked
        size = len(ranked.holders), len(ranked.issues)
        level, known, own = np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool)
        at = ranked.holder[rows], ranked.issue[rows]
        level[at], known[at], own[at] = ranked.level[rows], True, ranked.own[rows]
        shared = self._in_common(known)
        kept = np.flatnonzero(shared)
        sides = np.hstack([known & (level < 0), known & (level == 0), known & (level > 0)])
        distance = np.zeros(len(shared))
        for part in steps:
            higher = level[:, part.issue] >= part.level
            there = known[:, part.issue]
            apart = self._in_common(there & higher, there & ~higher)
            apart = apart + self._in_common(there & ~higher, there & higher)
            distance += apart.astype(np.float64) * part.share[0] / part.share[1]
        others = (self._in_common(own), self._in_common(sides), distance)
        columns: tuple[Any, ...] = (self._one, self._other, shared, *others)
        return _Pairs(*(column[kept] for column in columns))

    def _in_common(self, one: Flags, other: Flags | None = None) -> Numbers:
        """Count the flags that the first holder has in `one` and the second in `other`."""
        import numpy as np

        left = _packed(one)
        right = left if other is None else _packed(other)
        left = left[self._from]
        total = np.zeros((len(left), len(right)), np.int32)
        for word in range(right.shape[1]):
            total += np.bitwise_count(left[:, None, word] & right[:, word])
        found: Numbers = total.ravel()[self._cell]
        return found


def agreement(
    ranked: Ranked,
    names: Mapping[str, str],
    tables: Mapping[str, pa.Table],
    periods: Sequence[Period],
    max_age: int | None,
    actor_id: str | None = None,
    all_issues: bool = False,
) -> pa.Table:
    """Compare every two holders at the end of each period: the answer of `agreement.sql`.

    Args:
        ranked: Their positions apart.
        names: Their names, by id.
        tables: `issues` and `levels`.
        periods: The periods.
        max_age: The most days for which a position stands; None for any.
        actor_id: Only the pairs of this holder.
        all_issues: Whether issues that are not core are compared too.
    """
    import pyarrow as pa

    levels = _scales(tables["issues"], tables["levels"], all_issues)
    writer = _Writer(ranked.holders, names)
    found = _Agreement(ranked, levels, actor_id).at(periods, max_age)
    return pa.concat_tables([writer.table(*part) for part in found])


def _scales(issues: pa.Table, levels: pa.Table, all_issues: bool) -> dict[str, list[int]]:
    """Return the levels of each issue that is compared: a core issue, or any, that has some.

    Args:
        issues: The table of that name.
        levels: The table of that name.
        all_issues: Whether issues that are not core are compared too.
    """
    rows = issues.select(["issue_id", "core"]).to_pylist()
    compared = {row["issue_id"] for row in rows if all_issues or row["core"]}
    found: dict[str, list[int]] = {}
    for row in levels.select(["issue_id", "level"]).to_pylist():
        if row["issue_id"] in compared:
            scale = found.setdefault(row["issue_id"], [])
            scale += [] if row["level"] is None else [row["level"]]
    return found


def _packed(flags: Flags) -> Bits:
    """Pack the flags of each row into words of 64 bits."""
    import numpy as np

    found = np.zeros((len(flags), -(-flags.shape[1] // 64) * 8), np.uint8)
    packed = np.packbits(flags, axis=1)
    found[:, : packed.shape[1]] = packed
    return found.view(np.uint64)


class _Writer:
    """Writes the pairs of periods as tables.

    Args:
        holders: The ids of holders, by their numbers.
        names: Their names, by id.
    """

    def __init__(self, holders: Sequence[str], names: Mapping[str, str]) -> None:
        import pyarrow as pa

        called = [names[holder] for holder in holders]
        self._texts = {
            f"actor_{what}": array_of(texts, pa.string())
            for what, texts in (("id", holders), ("name", called))
        }
        self._last: _Pairs | None = None
        self._who: dict[str, Any] = {}

    def table(self, period: str, pairs: _Pairs) -> pa.Table:
        """Write the pairs of a period."""
        import numpy as np
        import pyarrow as pa

        few = pairs.shared < FEW
        nothing = _array(np.zeros(len(few), np.int32), pa.int32())
        similarity = 1.0 - 2.0 * pairs.distance / pairs.shared
        return pa.Table.from_pydict(
            {
                "period": array_of([period], pa.string()).take(nothing),
                **self._holders(pairs),
                "shared": _array(pairs.shared, pa.int32()),
                "shared_own": _array(pairs.shared_own, pa.int32()),
                "similarity": _array(similarity, pa.float64(), few),
                "like_signs": _array(pairs.alike / pairs.shared, pa.float64(), few),
            }
        )

    def _holders(self, pairs: _Pairs) -> dict[str, Any]:
        """Look up ids and names; periods with the same pairs, one after another, share them."""
        import pyarrow as pa

        if self._last is None or not pairs.are_those_of(self._last):
            ends = {"1": _array(pairs.one, pa.int32()), "2": _array(pairs.other, pa.int32())}
            self._who = {
                f"{name}_{end}": texts.take(numbers)
                for end, numbers in ends.items()
                for name, texts in self._texts.items()
            }
        self._last = pairs
        return self._who


def _array(values: Any, kind: pa.DataType, nulls: Flags | None = None) -> pa.Array[Any]:
    """Make an Arrow array of numbers; `pyarrow.array` would import pandas first."""
    import numpy as np
    import pyarrow as pa

    bits: Any = None if nulls is None else np.packbits(~nulls, bitorder="little")
    whole: Any = np.ascontiguousarray(values)
    buffers = [None if bits is None else pa.py_buffer(bits), pa.py_buffer(whole)]
    found: pa.Array[Any] = pa.Array.from_buffers(kind, len(values), buffers)
    return found
