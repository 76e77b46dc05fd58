"""Run every rule on Spark: the same files, of tables that no machine could hold alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from stancedata.engines.spark import SparkEngine, SparkTables
from stancedata.problems import Problem
from stancedata.rules import characters
from stancedata.rules import queries as judging
from stancedata.rules.rule import IN_PYTHON, OFFENDER, Rule, all_rules
from stancedata.rules.runner import idle, of_coder, unasked
from stancedata.rules.tally import MOST_SHOWN, Tallies, locating
from stancedata.tables.contract import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

_SECOND = ("second_stances", "second_holders", "second_stance_aspects", "second_conditions",
           "second_evidence")  # fmt: skip
FEW = 10_000
"""Rows up to which a table is brought here and sent with each query, which is faster than to read it."""
_SILENT = (
    "SELECT * FROM ({sql}) o WHERE NOT EXISTS "
    "(SELECT 1 FROM waived w WHERE w.record_id = o.record_id)"
)
_USED = "SELECT DISTINCT o.record_id FROM ({sql}) o JOIN waived w ON w.record_id = o.record_id"


def check_on(engine: SparkEngine, path: str, without: Collection[str] = ()) -> list[Problem]:
    """Everything that is wrong with the tables of an engine, sorted.

    Args:
        engine: Knows every table of the contract.
        path: What the tables are called in problems.
        without: Names of rules that are not asked.

    Returns:
        The first problems with each rule, and the number of all; rules that need the documents'
        texts are not asked.
    """
    return SparkCheck(engine, path, without).problems()


class SparkCheck:
    """One check of the tables of an engine; arguments as of `check_on`."""

    def __init__(self, engine: SparkEngine, path: str, without: Collection[str] = ()) -> None:
        self._engine, self._without = engine, without
        self._locate = locating(path)
        self._tables = SparkTables(engine)
        self._small = self._bring_small()
        silences = self._tables["silences"]
        columns = (silences.column(name).to_pylist() for name in ("record_id", "rule"))
        self._waived = set(zip(*columns, strict=True))
        self._tallies = Tallies(self._waived)
        self._rules = [rule for rule in all_rules() if rule.name not in without]

    def _bring_small(self) -> set[str]:
        """Bring small tables here, and let queries have them from here; their names."""
        names = [table.name for table in TABLES if not table.derived]
        counts = self._engine.query(
            " UNION ALL ".join(
                f"SELECT '{name}' AS name, COUNT(*) AS n FROM {name}" for name in names
            )
        )
        small = {row["name"] for row in counts.to_pylist() if row["n"] <= FEW}
        for name in small:
            self._engine.register(name, self._tables[name])
        return small

    def problems(self) -> list[Problem]:
        """Everything that is wrong, sorted."""
        for query in judging.queries(judging.all_branches(self._rules)):
            self._ask(query)
        self._ask_blind()
        for table in TABLES:
            if not table.derived and table.name != "silences":
                self._ask_characters(table.name)
        # Whose a silence is can only be told where all tables are.
        for rule, offender in characters.offenders(self._tables, ["silences"]):
            self._add(rule, offender)
        return sorted([*self._said(), *self._idle()])

    def _ask(self, query: judging.Query) -> None:
        for rule, sql in self._failing(query):
            ids = {record_id for record_id, name in self._waived if name == rule.name}
            if ids:
                self._note_waived(rule, sql, ids)
            told = _SILENT.format(sql=sql) if ids else sql
            found, count = self._engine.first(told, MOST_SHOWN)
            if count:
                self._tallies.take(rule, found.to_pylist(), count)

    def _failing(self, query: judging.Query) -> Iterator[tuple[Rule, str]]:
        """A query for each rule; of those that share a scan, for those that something breaks."""
        if not query.rules[0].row:
            yield query.rules[0], query.sql
            return
        counts = self._engine.query(judging.counting(query)).to_pylist()[0]
        for rule in query.rules:
            if counts[rule.name]:
                yield rule, judging.alone(rule)

    def _note_waived(self, rule: Rule, sql: str, ids: set[str]) -> None:
        """Note which silences are used, and make them known as `waived`."""
        import pyarrow as pa

        waived = pa.table({"record_id": pa.array(sorted(ids), pa.string())})
        self._engine.register_frame("waived", self._engine.session.createDataFrame(waived))
        used = self._engine.query(_USED.format(sql=sql)).column("record_id").to_pylist()
        self._tallies.use((str(record_id), rule.name) for record_id in used)

    def _ask_blind(self) -> None:
        """Ask the same of each blind coding, as if it were the published one."""
        coders = set(map(str, self._tables["second_stances"].column("coder").to_pylist()))
        branches = judging.all_branches(rule for rule in self._rules if rule.blind)
        needed = {name: self._tables[name] for name in (*_SECOND, "silences")} if coders else {}
        for coder in sorted(coders):
            instead = of_coder(needed, coder)
            for query in judging.queries(branches):
                named = {name: rows for name, rows in instead.items() if name in query.names}
                answer = self._engine.query(query.sql, **named)
                for rule, found in query.offenders(answer):
                    self._tallies.add_all(rule, judging.of_blind(found, coder))

    def _ask_characters(self, name: str) -> None:
        """Judge characters where the rows are, and bring offenders here."""
        if name in self._small:
            for rule, offender in characters.offenders(self._tables, [name]):
                self._add(rule, offender)
            return
        frame = self._engine.session.table(name)
        fields = ", ".join(f"{field} string" for field in ("rule", *OFFENDER))
        found: pa.Table = frame.mapInArrow(_judging(name), fields).toArrow()
        for row in found.to_pylist():
            self._add(row.pop("rule"), row)

    def _add(self, rule: str, offender: dict[str, Any]) -> None:
        if rule not in self._without:
            self._tallies.add(IN_PYTHON[rule], offender)

    def _said(self) -> Iterator[Problem]:
        for tally in self._tallies:
            yield from tally.problems(self._engine, self._locate)

    def _idle(self) -> Iterator[Problem]:
        asleep = unasked(True, tuple(characters.RULES), None) | set(self._without)
        for record_id, name in sorted(self._tallies.idle()):
            if name not in asleep:
                kind = characters.kind_of(self._tables, record_id)
                yield idle(kind, record_id, name, self._locate)


def _judging(name: str) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What Spark runs over the batches of a table: offenders against rules about characters."""

    def judge(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        schema = pa.schema([(field, pa.string()) for field in ("rule", *OFFENDER)])
        for batch in batches:
            found = characters.offenders({name: pa.Table.from_batches([batch])}, [name])
            rows = [{"rule": rule, **offender} for rule, offender in found]
            yield pa.RecordBatch.from_pylist(rows, schema=schema)

    return judge
