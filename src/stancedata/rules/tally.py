"""Count the offenders of each rule, keep the first ones, and leave out those waived by exemptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import attrs

from stancedata.engines.engine import Engine
from stancedata.problems import Problem
from stancedata.rules.rule import Locate, Offender, Rule, problem_of
from stancedata.tables.columns import array_of
from stancedata.tables.contract import WAIVERS

if TYPE_CHECKING:
    import pyarrow as pa

MOST_SHOWN = 20
"""How many offenders of each rule are listed for a folder of tables, besides their total."""
_WAIVED = "EXISTS (SELECT 1 FROM waived w WHERE w.record_id = o.record_id)"


@attrs.define
class Tally:
    """The offenders against one rule.

    Attributes:
        count: Their number.
        first: The first of them, in order of their records' ids.
    """

    rule: Rule
    count: int = 0
    first: list[Offender] = attrs.field(factory=list)

    def problems(self, engine: Engine, locate: Locate) -> Iterator[Problem]:
        """Format the first offenders as problems, and their total if there are more."""
        for offender in self.first:
            yield problem_of(engine, self.rule, offender, locate)
        if self.count > len(self.first):
            where, _ = locate("", "", "")
            what = (
                f"is broken by more rows, got {self.count:,} in all; the first {len(self.first)} "
                "are listed above"
            )
            yield Problem(where, self.rule.name, what, self.rule.severity, self.rule.name)


def waivers(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Select the record and rule of every exemption; only one of its tables has rows."""
    import pyarrow as pa

    return pa.concat_tables([tables[name].select(["record_id", "rule"]) for name in WAIVERS])


class Tallies:
    """Offenders by rule, without those waived by exemptions.

    Args:
        waived: The exemptions; see `waivers`.
        most: The most offenders of each rule to keep; by default all.
        tells: Whether to report an offender; the others are not counted. Use it only if `most`
            is None.
    """

    def __init__(
        self,
        waived: pa.Table,
        most: int | None = None,
        tells: Callable[[Rule, Offender], bool] = lambda rule, offender: True,
    ) -> None:
        self._most, self._tells = most, tells
        self._waived: defaultdict[str, set[str]] = defaultdict(set)
        for row in waived.to_pylist():
            self._waived[row["rule"]].add(row["record_id"])
        self._used: set[tuple[str, str]] = set()
        self._tallies: dict[str, Tally] = {}

    def ask(self, engine: Engine, rule: Rule, sql: str, **relations: pa.Table) -> None:
        """Count the offenders that a query returns; `relations` are further tables for it."""
        import pyarrow as pa

        if ids := self._waived.get(rule.name):
            waived = array_of(sorted(ids), pa.string())
            relations["waived"] = pa.Table.from_arrays([waived], names=["record_id"])
            used = f"SELECT DISTINCT o.record_id FROM ({sql}\n) o WHERE {_WAIVED}"
            found = engine.query(used, **relations).column("record_id").to_pylist()
            self._used |= {(str(record_id), rule.name) for record_id in found}
            sql = f"SELECT * FROM ({sql}\n) o WHERE NOT {_WAIVED}"
        first, count = engine.first(sql, self._most, **relations)
        if count:
            self._take(rule, first.to_pylist(), count)

    def add(self, rule: Rule, offender: Offender) -> None:
        """Count one offender."""
        if offender["record_id"] in self._waived.get(rule.name, ()):
            self._used.add((offender["record_id"], rule.name))
        else:
            self._take(rule, [offender], 1)

    def _take(self, rule: Rule, first: list[Offender], count: int) -> None:
        reported = [offender for offender in first if self._tells(rule, offender)]
        tally = self._tallies.setdefault(rule.name, Tally(rule))
        tally.count += count - (len(first) - len(reported))
        tally.first += reported
        if self._most is not None and len(tally.first) > self._most:
            tally.first = sorted(tally.first, key=_place)[: self._most]

    def problems(self, engine: Engine, locate: Locate) -> Iterator[Problem]:
        """Format the offenders of every rule as problems."""
        for tally in self._tallies.values():
            yield from tally.problems(engine, locate)

    def idle(self) -> list[tuple[str, str]]:
        """List the exemptions that waived no offender, as pairs of record id and rule."""
        return sorted({(i, r) for r, ids in self._waived.items() for i in ids} - self._used)


def _place(offender: Offender) -> tuple[str, str]:
    where = f"{offender['kind']} {offender['record_id']}: {offender['field']}"
    return where, str(offender["value"])
