"""Count offenders, and keep the first: tables can have millions."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.engines.duckdb import Engine
from stancedata.problems import Place, Problem
from stancedata.rules.rule import Rule
from stancedata.rules.runner import Locate, problem_of

if TYPE_CHECKING:
    import pyarrow as pa

MOST_SHOWN = 20
"""Offenders against one rule that are kept, beside their number."""
Offender = dict[str, Any]


@attrs.define
class Tally:
    """Offenders against one rule.

    Attributes:
        count: How many there are.
        first: The first of them, in order of their records' ids.
    """

    rule: Rule
    count: int = 0
    first: list[Offender] = attrs.field(factory=list)

    def take(self, offenders: list[Offender], count: int) -> None:
        """Add so many offenders, of which the first are given."""
        self.count += count
        self.first = sorted([*self.first, *offenders], key=_place)[:MOST_SHOWN]

    def problems(self, engine: Engine, locate: Locate) -> Iterator[Problem]:
        """The first offenders in words, and how many there are where there are more."""
        for offender in self.first:
            yield problem_of(engine, self.rule, offender, locate)
        if self.count > len(self.first):
            where, _ = locate("", "", "")
            what = (
                f"is broken by more rows, got {self.count:,}; the first {len(self.first)} are above"
            )
            yield Problem(where, self.rule.name, what, self.rule.severity, self.rule.name)


def locating(folder: str) -> Locate:
    """What says where an offender of a folder of tables is: by its record, since no line is."""

    def locate(kind: str, record_id: str, field: str) -> tuple[Place, str]:
        return Place(folder), f"{kind} {record_id}: {field}".removesuffix(": ")

    return locate


class Tallies:
    """Offenders by rule, without those that a silence waives.

    Args:
        waived: Records and rules of the silences.
    """

    def __init__(self, waived: Iterable[tuple[str, str]] = ()) -> None:
        self._waived: defaultdict[str, set[str]] = defaultdict(set)
        for record_id, rule in waived:
            self._waived[rule].add(record_id)
        self._used: set[tuple[str, str]] = set()
        self._tallies: dict[str, Tally] = {}

    def copy(self) -> Tallies:
        """The same, to go back to."""
        return copy.deepcopy(self)

    def __iter__(self) -> Iterator[Tally]:
        return iter(self._tallies.values())

    def _of(self, rule: Rule) -> Tally:
        return self._tallies.setdefault(rule.name, Tally(rule))

    def take(self, rule: Rule, offenders: list[Offender], count: int) -> None:
        """Count so many offenders that no silence waives, of which the first are given."""
        self._of(rule).take(offenders, count)

    def use(self, silences: Iterable[tuple[str, str]]) -> None:
        """Note silences that waived something: record and rule."""
        self._used |= set(silences)

    def add(self, rule: Rule, offender: Offender) -> None:
        """Count one offender."""
        if offender["record_id"] in self._waived.get(rule.name, ()):
            self._used.add((offender["record_id"], rule.name))
        else:
            self._of(rule).take([offender], 1)

    def add_all(self, rule: Rule, offenders: pa.Table) -> None:
        """Count the rows of a table of offenders."""
        import pyarrow as pa
        import pyarrow.compute as pc

        compute: Any = pc
        waived = self._waived.get(rule.name)
        if waived:
            silent = compute.is_in(
                offenders.column("record_id"), value_set=pa.array(sorted(waived), pa.string())
            )
            found = offenders.filter(silent).column("record_id").to_pylist()
            self._used |= {(str(record_id), rule.name) for record_id in found}
            offenders = offenders.filter(compute.invert(silent))
        if offenders.num_rows:
            order: Any = [(name, "ascending") for name in ("kind", "record_id", "field", "value")]
            first = offenders.sort_by(order).slice(0, MOST_SHOWN).to_pylist()
            self._of(rule).take(first, offenders.num_rows)

    def idle(self) -> set[tuple[str, str]]:
        """Silences that waived nothing: record and rule."""
        return {(i, rule) for rule, ids in self._waived.items() for i in ids} - self._used


def _place(offender: Offender) -> tuple[str, str]:
    return f"{offender['kind']} {offender['record_id']}: {offender['field']}", str(
        offender["value"]
    )
