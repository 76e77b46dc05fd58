"""Run every rule over tables in memory, and bring each offender back to its file and line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine, Engine
from stancedata.model.corpus import Corpus
from stancedata.problems import Place, Problem, StancedataError, did_you_mean, one_of
from stancedata.rules import characters
from stancedata.rules import queries as judging
from stancedata.rules import texts as wording
from stancedata.rules.rule import IN_PYTHON, OFFENDER, Rule, all_rules

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["IDLE", "IN_PYTHON", "OFFENDER", "Locate", "Rule", "all_rules", "check"]

Locate = Callable[[str, str, str], tuple[Place, str]]
"""Gives the place of a field and its path from there: kind of record, its id, path in it."""
IDLE = "idle_silence"
"""Rule that a silence breaks which silences nothing."""
MOST_WORDS = 5_000
"""Words up to which the nearest to a misspelt one is looked for."""


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
    """Every problem that the rules find in the curated tables, sorted by place.

    Args:
        tables: The curated tables, by name.
        locate: Brings an offender back to its file and line.
        patched: Fields that reading found to be wrong, by kind and id of their record: of such a
            record only its other fields are asked about, each by itself.
        broken: Ids of records that exist but could not be read: references to them are no fault.
        whole: False where reading found problems: rules about the whole are not asked.
        make_engine: Makes an engine without tables.
        forms: The rules about characters that are asked.
        corpus: Holds the documents' texts; without one, no rule is asked that needs them.
        without: Names of rules that are not asked.
    """
    columns = tables["silences"].to_pydict()
    waived = set(zip(columns["record_id"], columns["rule"], strict=True))
    used: set[tuple[str, str]] = set()
    problems = []
    engine = make_engine()
    for name, table in tables.items():
        engine.register(name, table)
    rules = [r for r in all_rules() if r.name not in without and (whole or not r.whole)]
    found = _all_offenders(tables, engine, rules)
    in_python = [(n, o) for n, o in characters.offenders(tables) if n in forms]
    in_python += wording.offenders(tables, corpus) if corpus is not None else ()
    named = ((IN_PYTHON[name], offender) for name, offender in in_python)
    for rule, offender in itertools.chain(found, named):
        if rule.name in without:
            continue
        key = (offender["record_id"], rule.name)
        if key in waived:
            used.add(key)
        elif _is_told(rule, offender, locate, patched):
            continue
        elif not (rule.suggest and _exists(offender["value"], broken)):
            problems.append(problem_of(engine, rule, offender, locate))
    asleep = unasked(whole, forms, corpus) | set(without)
    for record_id, name in sorted(waived - used):
        if name not in asleep:
            problems.append(idle(characters.kind_of(tables, record_id), record_id, name, locate))
    return sorted(problems)


def known_rules() -> list[str]:
    """Names of every rule that can be asked, sorted."""
    return sorted([*(rule.name for rule in all_rules()), *IN_PYTHON])


def refuse_unknown(names: Collection[str]) -> None:
    """Refuse names that no rule has.

    Raises:
        StancedataError: There is such a name; with the nearest.
    """
    for name in names:
        if name not in known_rules():
            hint = did_you_mean(name, known_rules()) or f"write one of {one_of(known_rules())}"
            raise StancedataError(f"without: no rule is called so, got {name!r}; {hint}")


def unasked(whole: bool, forms: tuple[str, ...], corpus: Corpus | None) -> set[str]:
    """Rules that were not asked, so that nobody knows whether a silence of them is idle."""
    return {
        *(rule.name for rule in all_rules() if rule.whole and not whole),
        *(name for name in characters.RULES if name not in forms),
        *(name for name in wording.RULES if corpus is None),
    }


def _is_told(
    rule: Rule,
    offender: dict[str, Any],
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


def _all_offenders(
    tables: Mapping[str, pa.Table], engine: Engine, rules: Collection[Rule]
) -> Iterator[tuple[Rule, dict[str, Any]]]:
    """Offenders in the published coding, then, by the same rules, in each blind one."""
    yield from _offenders(engine, rules)
    for coder in sorted(set(map(str, tables["second_stances"].column("coder").to_pylist()))):
        blind = [rule for rule in rules if rule.blind]
        for rule, offender in _offenders(engine, blind, of_coder(tables, coder)):
            if offender["kind"] == "stance":
                record_id = f"{coder}/{offender['record_id']}"
                yield rule, {**offender, "kind": "blind", "record_id": record_id}


def of_coder(tables: Mapping[str, pa.Table], coder: str) -> dict[str, pa.Table]:
    """One coder's blind coding, in the place of the published one.

    Silences name their record in full, so that they are asked about once, with the published one.
    """
    import pyarrow.compute as pc

    blind = {
        name.removeprefix("second_"): table.filter(pc.field("coder") == coder)
        for name, table in tables.items()
        if name.startswith("second_")
    }
    return {**blind, "silences": tables["silences"].slice(0, 0)}


def _offenders(
    engine: Engine,
    rules: Iterable[Rule],
    instead: Mapping[str, pa.Table] = MappingProxyType({}),
) -> Iterator[tuple[Rule, dict[str, Any]]]:
    """Offenders against rules; `instead` are tables in the place of the engine's own."""
    for query in judging.queries(judging.all_branches(rules)):
        for rule, found in query.offenders(engine.query(query.sql, **instead)):
            for offender in found.to_pylist():
                yield rule, offender


def problem_of(engine: Engine, rule: Rule, offender: dict[str, Any], locate: Locate) -> Problem:
    """What is said of an offender."""
    suggestion = _suggestion(engine, rule, offender) if rule.suggest else ""
    message = rule.message.format(
        value=offender["value"], other=offender["other"], suggestion=suggestion
    )
    place, field = locate(offender["kind"], offender["record_id"], offender["field"])
    return Problem(place, field, message, rule.severity, rule.name)


def _suggestion(engine: Engine, rule: Rule, offender: dict[str, Any]) -> str:
    source = rule.suggest.format(**offender)
    if source == "vocabulary":
        found = engine.query("SELECT value, field FROM vocabulary").to_pylist()
        words = [row["value"] for row in found if row["field"] == offender["other"]]
    elif source == "aspects":
        found = engine.query("SELECT aspect, issue_id FROM aspects").to_pylist()
        words = [row["aspect"] for row in found if row["issue_id"] == offender["other"]]
    else:
        table, column = source.split(".")
        few = f"SELECT DISTINCT {column} FROM {table} LIMIT {MOST_WORDS + 1}"
        words = [row[column] for row in engine.query(few).to_pylist()]
    words = sorted(words)
    hint = did_you_mean(offender["value"], words) if len(words) <= MOST_WORDS else ""
    if hint or len(words) > 15:
        return hint or f"add it to {source.partition('.')[0]}, or mend the id"
    return (
        f"write one of {one_of(words)}"
        if words
        else "there is none yet: make it first, or leave it out"
    )


def idle(kind: str, record_id: str, rule: str, locate: Locate) -> Problem:
    """That a silence silences nothing."""
    hint = "" if rule in known_rules() else did_you_mean(rule, known_rules())
    what = f"silences nothing, got {rule!r} on {record_id!r}; {hint or 'remove it'}"
    return Problem(*locate(kind, record_id, "silences"), what, "error", IDLE)
