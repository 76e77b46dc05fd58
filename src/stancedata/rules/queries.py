"""Make queries of rules: fused where they read the same rows, and cut where tables are too large.

A row rule is one predicate; all those of a table run in one scan. Another rule is a query of
offenders, whose branches between `UNION ALL` are asked together or, of a folder that is read in
parts, each of what it is about: the rows of some stances, or whole tables.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.rules.rule import OFFENDER, Rule
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

_BRANCH = "\nUNION ALL\n"


@attrs.frozen
class Query:
    """One query of offenders.

    Attributes:
        rules: The rule that it asks; several where they are fused.
        names: Tables that it reads.
        branches: What it was made of.
    """

    sql: str
    rules: tuple[Rule, ...]
    names: frozenset[str]
    branches: tuple[Branch, ...] = ()

    def offenders(self, found: pa.Table) -> Iterator[tuple[Rule, pa.Table]]:
        """The query's answer, rule by rule, with the columns of an offender."""
        if not self.rules[0].row:
            if found.num_rows:
                yield self.rules[0], found
            return
        for number, rule in enumerate(self.rules):
            names = [f"{name}_{number}" for name in OFFENDER]
            mine = found.filter(found.column(f"fails_{number}")).select(names)
            if mine.num_rows:
                yield rule, mine.rename_columns(list(OFFENDER))


@attrs.frozen
class Branch:
    """One SELECT of a rule, or its predicate.

    Attributes:
        shared: What stands before it in the rule's file and is read by it, if anything.
        reads: Each table as often as it is read; the first is the one whose rows are judged.
    """

    rule: Rule
    sql: str
    shared: str
    reads: tuple[str, ...]

    def is_sound(self, lossy: set[str], unsound: set[str]) -> bool:
        """Whether what it finds is true though rows of some tables could not be read.

        That is so where such a table is the one whose rows are judged, and nothing else: of what
        is looked up elsewhere, nobody knows whether it is not there or only could not be read.
        """
        if unsound & set(self.reads):
            return False
        return all(name == self.reads[0] and self.reads.count(name) == 1
                   for name in lossy & set(self.reads))  # fmt: skip


def queries(branches: Iterable[Branch]) -> list[Query]:
    """Queries that ask branches: row rules of a table fused, others together rule by rule."""
    rows: defaultdict[str, list[Branch]] = defaultdict(list)
    others: defaultdict[str, list[Branch]] = defaultdict(list)
    for branch in branches:
        (rows[branch.rule.row] if branch.rule.row else others[branch.rule.name]).append(branch)
    found = [_one_scan(table, fellows) for table, fellows in rows.items()]
    for fellows in others.values():
        rule = fellows[0].rule
        shared = max(branch.shared for branch in fellows)
        sql = shared + _BRANCH.join(branch.sql for branch in fellows)
        names = frozenset(name for branch in fellows for name in branch.reads)
        found.append(Query(sql, (rule,), names, tuple(fellows)))
    return found


@functools.cache
def branches(rule: Rule) -> tuple[Branch, ...]:
    """The SELECTs of a rule."""
    if rule.row:
        return (Branch(rule, rule.sql, "", (rule.row,)),)
    before = _ctes(rule.sql)
    helpers = set(re.findall(r"(\w+) AS \(", before))
    found = []
    for sql in _top_level(rule.sql.removeprefix(before)):
        shared = before if helpers & _words(sql) else ""
        found.append(Branch(rule, sql, shared, (*_reads(sql), *_reads(shared))))
    return tuple(found)


def _ctes(sql: str) -> str:
    """The part of a query before its own SELECT."""
    if "\n)\n\nSELECT" not in sql:
        return ""
    head, _, _ = sql.partition("\n)\n\nSELECT")
    return f"{head}\n)\n\n"


def _top_level(sql: str) -> Iterator[str]:
    """The SELECTs between `UNION ALL` outside brackets."""
    held = ""
    for piece in sql.split(_BRANCH):
        held = f"{held}{_BRANCH}{piece}" if held else piece
        if held.count("(") == held.count(")"):
            yield held
            held = ""


def _reads(sql: str) -> tuple[str, ...]:
    return tuple(name for name in re.findall(r"(?:FROM|JOIN) (\w+)", sql) if name in BY_NAME)


def _words(sql: str) -> set[str]:
    return set(re.findall(r"\w+", sql))


def columns_read(rules: Iterable[Rule], table: str) -> list[str]:
    """The columns of a table that rules may read, by the words in them."""
    words: set[str] = set()
    for rule in rules:
        words |= _words(" ".join((rule.sql, rule.suggest, *rule.offender)))
    return [column.name for column in BY_NAME[table].columns if column.name in words]


def _one_scan(table: str, fellows: list[Branch]) -> Query:
    """Judge all row rules of a table in one scan; few rows offend, so few come back."""
    rules = [branch.rule for branch in fellows]
    columns = [
        f"{expression} AS {name}_{number}"
        for number, rule in enumerate(rules)
        for name, expression in zip(OFFENDER, rule.offender, strict=True)
    ]
    flags = [f"COALESCE({rule.sql}, FALSE) AS fails_{n}" for n, rule in enumerate(rules)]
    failing = " OR ".join(f"({rule.sql})" for rule in rules)
    sql = f"SELECT {', '.join([*flags, *columns])} FROM {table} WHERE {failing}"
    return Query(sql, tuple(rules), frozenset((table,)), tuple(fellows))


def alone(rule: Rule) -> str:
    """A query of the offenders against one row rule."""
    columns = ", ".join(
        f"{expression} AS {name}" for name, expression in zip(OFFENDER, rule.offender, strict=True)
    )
    return f"SELECT {columns} FROM {rule.row} WHERE {rule.sql}"


def counting(query: Query) -> str:
    """A query of the number of offenders against each of the row rules that share a scan."""
    counts = ", ".join(
        f"COUNT(CASE WHEN {r.sql} THEN 1 ELSE NULL END) AS {r.name}" for r in query.rules
    )
    return f"SELECT {counts} FROM {query.rules[0].row}"


def of_blind(found: pa.Table, coder: str) -> pa.Table:
    """Offenders of a blind coding, called by its coder; others were found in the published one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    mine = found.filter(compute.equal(found.column("kind"), "stance"))
    ids = compute.binary_join_element_wise(coder, mine.column("record_id"), "/")
    kinds = pa.array(["blind"] * mine.num_rows, pa.string())
    renamed = mine.set_column(mine.schema.get_field_index("record_id"), "record_id", ids)
    return renamed.set_column(renamed.schema.get_field_index("kind"), "kind", kinds)


def all_branches(rules: Iterable[Rule]) -> list[Branch]:
    """The branches of several rules."""
    return [branch for rule in rules for branch in branches(rule)]
