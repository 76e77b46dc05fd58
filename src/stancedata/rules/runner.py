"""Run the rules on the tables of an engine and locate each offender in its file.

Rules are SQL, except those about characters and texts, whose offenders are found in Python and
added. `check` is for tables in memory; `folders.py` checks Parquet and Spark with the same runner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from stancedata.engines.engine import Engine
from stancedata.engines.remembered import RememberingEngine
from stancedata.model.corpus import Corpus
from stancedata.problems import Problem
from stancedata.rules import characters
from stancedata.rules import texts as wording
from stancedata.rules.rule import (
    IDLE,
    IN_PYTHON,
    RENAMED,
    Locate,
    Offender,
    Rule,
    all_rules,
    idle,
    known_rules,
    stored_rules,
)
from stancedata.rules.tally import Tallies, waivers
from stancedata.tables.columns import SCHEMA_VERSION, array_of
from stancedata.tables.contract import BY_NAME, WAIVERS
from stancedata.tables.source import as_source

if TYPE_CHECKING:
    import pyarrow as pa

# The offenders of a rule in the blind coding that the table `coding` names. Offenders that are not
# stances are left out: the published coding has them too.
_BLIND = """
SELECT 'blind' AS kind, c.coder || '/' || o.record_id AS record_id, o.field, o.value, o.other
FROM ({sql}
) o
CROSS JOIN coding c
WHERE o.kind = 'stance'"""


@attrs.frozen
class Only:
    """A part of the data that is checked.

    Attributes:
        coders: The coders of its blind codings; None for all.
        kinds: The kinds of its records; None for all.
    """

    coders: frozenset[str] | None = None
    kinds: frozenset[str] | None = None


def check(
    tables: Mapping[str, pa.Table],
    locate: Locate,
    broken: frozenset[str] = frozenset(),
    patched: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({}),
    make_engine: Callable[[], Engine] = RememberingEngine,
    whole: bool = True,
    forms: tuple[str, ...] = characters.RULES,
    corpus: Corpus | None = None,
    without: Collection[str] = (),
    schema_version: str | None = None,
    only: Only | None = None,
    stored: bool = False,
) -> list[Problem]:
    """Check curated tables in memory.

    Args:
        tables: The curated tables, by name.
        locate: Locates an offender in its file.
        broken: Ids of records that exist but could not be read; references to them are valid.
        patched: Invalid fields that the reader already reported, by kind and id of the record;
            only the other fields of such a record are checked, each separately.
        make_engine: Creates an engine without tables.
        whole: False if the reader found problems: rules about the whole dataset are skipped.
        forms: The rules about characters, forms and dates to check.
        corpus: The documents' texts; without them, rules that need texts are skipped.
        without: Names of rules to skip.
        schema_version: The schema version of the data, by default that of the tables; rules that
            came later are skipped.
        only: Which part is asked for; what is found elsewhere is then incomplete, or wrong. By
            default everything.
        stored: Whether the tables were stored, and not just made from curated files.

    Returns:
        Every problem found, sorted by place.
    """

    def is_reported(rule: Rule, offender: Offender) -> bool:
        unread = rule.suggest and _exists(offender["value"], broken)
        return not unread and not _follows(rule, offender, locate, patched)

    engine, tables = make_engine(), as_source(tables)
    for name, table in BY_NAME.items():  # those of another schema version are empty
        if not table.derived:
            engine.register(name, tables[name])
    version = schema_version or tables.schema_version
    asked = rules_asked(without, corpus, whole, forms, version, stored)
    tallies = Tallies(waivers(tables), tells=is_reported)
    part = only or Only()
    checking = Check(engine, tables, locate, asked, tallies, coders=part.coders, kinds=part.kinds)
    of_tables = bool({*characters.OF_TABLES} & {*forms})
    checking.add(characters.offenders(tables, None, tables.schema_version, of_tables))
    return checking.problems(corpus)


def rules_asked(
    without: Collection[str],
    corpus: Corpus | None,
    whole: bool = True,
    forms: Collection[str] = characters.RULES,
    schema_version: str = SCHEMA_VERSION,
    stored: bool = False,
) -> frozenset[str]:
    """Choose the names of the rules to run.

    Args:
        without: See `check`, as for the others.
        corpus: The documents' texts.
        whole: Whether every record could be read.
        forms: The rules about characters, forms and dates.
        schema_version: The schema version of the data.
        stored: Whether the tables were stored, and not just made from curated files.
    """
    rules = (*all_rules(), *stored_rules()) if stored else all_rules()
    known = (rule for rule in rules if rule.since <= int(schema_version))
    sql = (rule.name for rule in known if whole or not rule.whole)
    texts = wording.RULES if corpus is not None else ()
    skipped = {RENAMED.get(name, name) for name in without}
    return frozenset({*sql, *forms, *texts, IDLE} - skipped)


class Check:
    """One check of tables.

    Args:
        engine: An engine with the curated tables.
        tables: The same tables, by name.
        locate: Locates an offender in its file.
        asked: Names of the rules to run.
        tallies: Counts the offenders.
        step: Called after each query with the number of queries done and the total.
        coders: The coders whose blind codings are checked; by default all.
        kinds: The kinds of records that the rules are asked about; by default all.
    """

    def __init__(
        self,
        engine: Engine,
        tables: Mapping[str, pa.Table],
        locate: Locate,
        asked: Collection[str],
        tallies: Tallies,
        step: Callable[[int, int], None] = lambda done, of: None,
        coders: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
    ) -> None:
        self._engine, self._tables, self._locate = engine, tables, locate
        self._coders, self._kinds = coders, kinds
        self._asked, self._tallies, self._step = asked, tallies, step

    def add(self, found: Iterable[tuple[str, Offender]]) -> None:
        """Count offenders found in Python, each given with the name of its rule."""
        for name, offender in found:
            if name in self._asked:
                self._tallies.add(IN_PYTHON[name], offender)

    def problems(self, corpus: Corpus | None = None) -> list[Problem]:
        """Run the rules on the published coding, and those marked `blind` on each blind coding."""
        known = (*all_rules(), *stored_rules())
        rules = [rule for rule in known if rule.name in self._asked]
        coders = sorted(set(map(str, self._tables["second_stances"].column("coder").to_pylist())))
        if self._coders is not None:
            coders = sorted({*coders} & {*self._coders})
        if self._kinds is not None:
            rules = [found for rule in rules if (found := rule.about(self._kinds))]
        blind = [rule for rule in rules if rule.blind]
        codings = {"": {}, **{coder: of_coder(self._tables, coder) for coder in coders}}
        scans = [(coder, scan) for coder in codings for scan in _scans(blind if coder else rules)]
        for number, (coder, scan) in enumerate(scans, 1):
            self._ask(scan, coder, codings[coder])
            self._step(number, len(scans))
        if corpus is not None:
            self.add(wording.offenders(self._tables, corpus))
        return sorted([*self._tallies.problems(self._engine, self._locate), *self._idle()])

    def _ask(self, rules: list[Rule], coder: str, relations: Mapping[str, pa.Table]) -> None:
        """Run rules that share a scan, on the published coding or on that of one coder."""
        if rules[0].row:
            counts = self._engine.query(counting(rules), **relations).to_pylist()[0]
            rules = [rule for rule in rules if counts[rule.name]]
        for rule in rules:
            sql = _BLIND.format(sql=rule.query) if coder else rule.query
            self._tallies.ask(self._engine, rule, sql, **relations)

    def _idle(self) -> Iterable[Problem]:
        """Report exemptions without effect, except those of rules that were skipped."""
        if IDLE not in self._asked:
            return
        skipped = set(known_rules()) - set(self._asked)
        for record_id, name in self._tallies.idle():
            if name not in skipped:
                kind = characters.kind_of(self._tables, record_id)
                yield idle(kind, record_id, name, self._locate)


def _scans(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Group the predicates by table, so that one scan counts the offenders of all of them."""
    scans: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        scans[rule.row or f"rule {rule.name}"].append(rule)
    return list(scans.values())


def counting(rules: list[Rule]) -> str:
    """Write the query that counts the offenders of each predicate over one table."""
    counts = ", ".join(
        f"COUNT(CASE WHEN {rule.sql} THEN 1 ELSE NULL END) AS {rule.name}" for rule in rules
    )
    return f"SELECT {counts} FROM {rules[0].row}"


def of_coder(tables: Mapping[str, pa.Table], coder: str) -> dict[str, pa.Table]:
    """Select one coder's blind coding, under the names of the published tables.

    `exemptions` is empty: they name their record in full and are checked with the published ones.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    only = array_of([coder], pa.string())
    blind = {
        name.removeprefix("second_"): tables[name].filter(
            compute.is_in(tables[name].column("coder"), value_set=only)
        )
        for name in BY_NAME
        if name.startswith("second_")
    }
    return {
        **blind,
        **{name: tables[name].slice(0, 0) for name in WAIVERS},
        "coding": pa.Table.from_arrays([only], names=["coder"]),
    }


def _follows(
    rule: Rule,
    offender: Offender,
    locate: Locate,
    patched: Mapping[tuple[str, str], tuple[str, ...]],
) -> bool:
    """Whether this offender is a consequence of a problem that the reader already reported."""
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
    """Whether a reference names a record that exists but could not be read."""
    return value in broken or value.partition("#")[0] in broken
