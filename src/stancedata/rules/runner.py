"""Run every rule, over whatever tables an engine knows, and bring each offender back to its place.

Rules are SQL, but for those about characters and texts, whose offenders are found by Python and
added. `check` is for tables in memory; `folders.py` brings Parquet and Spark here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.engine import Engine
from stancedata.model.corpus import Corpus
from stancedata.problems import Problem
from stancedata.rules import characters
from stancedata.rules import texts as wording
from stancedata.rules.rule import IN_PYTHON, Locate, Offender, Rule, all_rules, idle, known_rules
from stancedata.rules.tally import Tallies

if TYPE_CHECKING:
    import pyarrow as pa

# What a rule finds in one blind coding, which a table `coding` names; what it finds beside the
# stances was found in the published coding too.
_BLIND = """
SELECT 'blind' AS kind, c.coder || '/' || o.record_id AS record_id, o.field, o.value, o.other
FROM ({sql}
) o
CROSS JOIN coding c
WHERE o.kind = 'stance'"""


def check(
    tables: Mapping[str, pa.Table],
    locate: Locate,
    broken: frozenset[str] = frozenset(),
    patched: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({}),
    make_engine: Callable[[], Engine] = DuckDBEngine,
    whole: bool = True,
    forms: tuple[str, ...] = tuple(characters.RULES),
    corpus: Corpus | None = None,
    without: Collection[str] = (),
) -> list[Problem]:
    """Check curated tables in memory.

    Args:
        tables: The curated tables, by name.
        locate: Brings an offender back to its file and line.
        broken: Ids of records that exist but could not be read: references to them are no fault.
        patched: Fields that reading found to be wrong, by kind and id of their record: of such a
            record only its other fields are asked about, each by itself.
        make_engine: Makes an engine without tables.
        whole: False where reading found problems: rules about the whole are not asked.
        forms: The rules about characters that are asked.
        corpus: Holds the documents' texts; without one, no rule is asked that needs them.
        without: Names of rules that are not asked.

    Returns:
        Every problem that the rules find, sorted by place.
    """

    def tells(rule: Rule, offender: Offender) -> bool:
        unread = rule.suggest and _exists(offender["value"], broken)
        return not unread and not _follows(rule, offender, locate, patched)

    engine = make_engine()
    for name, table in tables.items():
        engine.register(name, table)
    asked = rules_asked(without, corpus, whole, forms)
    checking = Check(engine, tables, locate, asked, Tallies(tables["silences"], tells=tells))
    checking.add(characters.offenders(tables))
    return checking.problems(corpus)


def rules_asked(
    without: Collection[str],
    corpus: Corpus | None,
    whole: bool = True,
    forms: Collection[str] = characters.RULES,
) -> frozenset[str]:
    """Give the names of the rules that a check asks; arguments as of `check`."""
    sql = (rule.name for rule in all_rules() if whole or not rule.whole)
    texts = wording.RULES if corpus is not None else ()
    return frozenset({*sql, *forms, *texts} - set(without))


class Check:
    """One check of tables.

    Args:
        engine: Knows the curated tables.
        tables: The same tables, by name.
        locate: Brings an offender to its place.
        asked: Names of the rules that are asked.
        tallies: Where offenders are counted.
        step: Is told after each query how many are done, and of how many.
    """

    def __init__(
        self,
        engine: Engine,
        tables: Mapping[str, pa.Table],
        locate: Locate,
        asked: Collection[str],
        tallies: Tallies,
        step: Callable[[int, int], None] = lambda done, of: None,
    ) -> None:
        self._engine, self._tables, self._locate = engine, tables, locate
        self._asked, self._tallies, self._step = asked, tallies, step

    def add(self, found: Iterable[tuple[str, Offender]]) -> None:
        """Count offenders that Python found, each with the name of its rule."""
        for name, offender in found:
            if name in self._asked:
                self._tallies.add(IN_PYTHON[name], offender)

    def problems(self, corpus: Corpus | None = None) -> list[Problem]:
        """Ask every rule of the published coding, and those for it of each blind one."""
        rules = [rule for rule in all_rules() if rule.name in self._asked]
        coders = sorted(set(map(str, self._tables["second_stances"].column("coder").to_pylist())))
        blind = [rule for rule in rules if rule.blind]
        scans = [("", {}, scan) for scan in _scans(rules)]
        for coder in coders:
            coding = of_coder(self._tables, coder)
            scans += [(coder, coding, scan) for scan in _scans(blind)]
        for number, (coder, coding, scan) in enumerate(scans, 1):
            self._ask(scan, coder, coding)
            self._step(number, len(scans))
        if corpus is not None:
            self.add(wording.offenders(self._tables, corpus))
        return sorted([*self._tallies.problems(self._engine, self._locate), *self._idle()])

    def _ask(self, rules: list[Rule], coder: str, relations: Mapping[str, pa.Table]) -> None:
        """Ask rules that share a scan, of all stances or of those of one coder."""
        if rules[0].row:
            counts = self._engine.query(counting(rules), **relations).to_pylist()[0]
            rules = [rule for rule in rules if counts[rule.name]]
        for rule in rules:
            sql = _BLIND.format(sql=rule.query) if coder else rule.query
            self._tallies.ask(self._engine, rule, sql, **relations)

    def _idle(self) -> Iterable[Problem]:
        """Name the silences that silence nothing, of rules that were asked or do not exist."""
        asleep = set(known_rules()) - set(self._asked)
        for record_id, name in self._tallies.idle():
            if name not in asleep:
                kind = characters.kind_of(self._tables, record_id)
                yield idle(kind, record_id, name, self._locate)


def _scans(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Put the predicates over one table together, since one scan counts who breaks each of them."""
    scans: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        scans[rule.row or f"rule {rule.name}"].append(rule)
    return list(scans.values())


def counting(rules: list[Rule]) -> str:
    """Make a query of the number of offenders against each of the predicates over one table."""
    counts = ", ".join(
        f"COUNT(CASE WHEN {rule.sql} THEN 1 ELSE NULL END) AS {rule.name}" for rule in rules
    )
    return f"SELECT {counts} FROM {rules[0].row}"


def of_coder(tables: Mapping[str, pa.Table], coder: str) -> dict[str, pa.Table]:
    """One coder's blind coding, in the place of the published one.

    Silences name their record in full, so that they are asked about once, with the published one.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    blind = {
        name.removeprefix("second_"): tables[name].filter(pc.field("coder") == coder)
        for name in tables
        if name.startswith("second_")
    }
    return {
        **blind,
        "silences": tables["silences"].slice(0, 0),
        "coding": pa.table({"coder": [coder]}),
    }


def _follows(
    rule: Rule,
    offender: Offender,
    locate: Locate,
    patched: Mapping[tuple[str, str], tuple[str, ...]],
) -> bool:
    """Whether an offender only follows from what reading found to be wrong with its record."""
    document = offender["record_id"].partition("#")[0].rpartition("/")[2]
    if rule.name == "span_text" and "text" in patched.get(("document", document), ()):
        return True
    fields = patched.get((offender["kind"], offender["record_id"]))
    if fields is None:
        return False
    field = locate(offender["kind"], offender["record_id"], offender["field"])[1]
    by_itself = bool(rule.suggest) or rule.row == "evidence" or rule.name.startswith("span_")
    return not by_itself or any(f.startswith(field) or field.startswith(f) for f in fields)


def _exists(value: str, broken: frozenset[str]) -> bool:
    """Whether a reference names a record that exists and could only not be read."""
    return value in broken or value.partition("#")[0] in broken
