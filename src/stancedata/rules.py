"""Run every rule, and bring each offender back to its file and line.

A rule is one SQL file under `sql/rules/`: a comment that says what it asks, a header of
`-- key: value` lines, and either one predicate over the rows of a table, true for offenders
(all predicates of a table run in one scan), or a query of offenders. Offenders have the columns
kind and record_id (whose they are), field (its path in the curated file), value and other.
"""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from stancedata import characters, wording
from stancedata.engine import DuckDBEngine, Engine, packaged, packaged_names
from stancedata.evidence import Corpus
from stancedata.problems import Place, Problem, did_you_mean, one_of

if TYPE_CHECKING:
    import pyarrow as pa

Locate = Callable[[str, str, str], tuple[Place, str]]
"""Gives the place of a field and its path from there: kind of record, its id, path in it."""
OFFENDER = ("kind", "record_id", "field", "value", "other")
IDLE = "idle_silence"
"""Rule that a silence breaks which silences nothing."""


@attrs.frozen
class Rule:
    """One rule as its file states it.

    Attributes:
        says: What it asks of the data, in one sentence.
        message: What is said of an offender, with `{value}`, `{other}`, `{suggestion}`.
        row: Table whose rows the predicate judges; empty for a query of offenders.
        offender: For a predicate: SQL for each column of an offender.
        suggest: `table.column`, `vocabulary` or `aspects`: where a misspelt value is looked up.
        whole: True where it is only asked when every file could be read.
        blind: True where it is asked of the blind codings too.
    """

    name: str
    says: str
    severity: str
    message: str
    sql: str
    row: str = ""
    offender: tuple[str, ...] = ()
    suggest: str = ""
    whole: bool = False
    blind: bool = False


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Every packaged rule, by name."""
    return tuple(_read(name) for name in packaged_names("rules"))


IN_PYTHON: Mapping[str, Rule] = {
    name: Rule(
        name, room.SAYS[name], "warning" if name in wording.WARNINGS else "error",
        room.MESSAGES[name], "",
    )
    for room in (characters, wording)
    for name in room.RULES
}  # fmt: skip
"""Rules that no SQL says: about characters, and those that only the texts can answer."""


def _read(name: str) -> Rule:
    text = packaged(f"rules/{name}")
    head, _, sql = text.partition("\n\n")
    says, *lines = [line.removeprefix("-- ") for line in head.splitlines()]
    keys = dict(line.split(": ", 1) for line in lines)
    row = keys.get("row", "")
    offender = tuple(_quoted(keys, column) for column in OFFENDER) if row else ()
    return Rule(
        name, says, keys["severity"], keys["message"], sql.strip(), row, offender,
        keys.get("suggest", ""), keys.get("whole") == "true", keys.get("blind") == "true",
    )  # fmt: skip


def _quoted(keys: Mapping[str, str], column: str) -> str:
    header = {"kind": "kind", "record_id": "record"}.get(column, column)
    return f"'{keys[header]}'" if header == "kind" else keys[header]


def check(
    tables: Mapping[str, pa.Table],
    locate: Locate,
    broken: frozenset[str] = frozenset(),
    patched: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({}),
    make_engine: Callable[[], Engine] = DuckDBEngine,
    whole: bool = True,
    forms: tuple[str, ...] = tuple(characters.RULES),
    corpus: Corpus | None = None,
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
    """
    columns = tables["silences"].to_pydict()
    waived = set(zip(columns["record_id"], columns["rule"], strict=True))
    used: set[tuple[str, str]] = set()
    problems = []
    engine = make_engine()
    for name, table in tables.items():
        engine.register(name, table)
    found = _all_offenders(tables, engine, not whole)
    in_python = [(n, o) for n, o in characters.offenders(tables) if n in forms]
    in_python += wording.offenders(tables, corpus) if corpus is not None else ()
    named = ((IN_PYTHON[name], offender) for name, offender in in_python)
    for rule, offender in itertools.chain(found, named):
        key = (offender["record_id"], rule.name)
        if key in waived:
            used.add(key)
        elif _is_told(rule, offender, locate, patched):
            continue
        elif not (rule.suggest and _exists(offender["value"], broken)):
            problems.append(_problem(engine, rule, offender, locate))
    asleep = _unasked(whole, forms, corpus)
    for record_id, name in sorted(waived - used):
        if name not in asleep:
            problems.append(_idle(characters.kind_of(tables, record_id), record_id, name, locate))
    return sorted(problems)


def _unasked(whole: bool, forms: tuple[str, ...], corpus: Corpus | None) -> set[str]:
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
    tables: Mapping[str, pa.Table], engine: Engine, partial: bool
) -> Iterator[tuple[Rule, dict[str, Any]]]:
    """Offenders in the published coding, then, by the same rules, in each blind one."""
    rules = [rule for rule in all_rules() if not (rule.whole and partial)]
    yield from _offenders(engine, rules)
    for coder in sorted(set(map(str, tables["second_stances"].column("coder").to_pylist()))):
        blind = [rule for rule in rules if rule.blind]
        for rule, offender in _offenders(engine, blind, _of_coder(tables, coder)):
            if offender["kind"] == "stance":
                record_id = f"{coder}/{offender['record_id']}"
                yield rule, {**offender, "kind": "blind", "record_id": record_id}


def _of_coder(tables: Mapping[str, pa.Table], coder: str) -> dict[str, pa.Table]:
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
    rows: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.row:
            rows[rule.row].append(rule)
        else:
            for offender in engine.query(rule.sql, **instead).to_pylist():
                yield rule, offender
    for table, fellows in rows.items():
        yield from _one_scan(engine, table, fellows, instead)


def _one_scan(
    engine: Engine, table: str, rules: list[Rule], instead: Mapping[str, pa.Table]
) -> Iterator[tuple[Rule, dict[str, Any]]]:
    """Judge all row rules of a table in one scan; few rows offend, so few come back."""
    columns = [
        f"{expression} AS {name}_{number}"
        for number, rule in enumerate(rules)
        for name, expression in zip(OFFENDER, rule.offender, strict=True)
    ]
    flags = [f"COALESCE({rule.sql}, FALSE) AS fails_{n}" for n, rule in enumerate(rules)]
    failing = " OR ".join(f"({rule.sql})" for rule in rules)
    sql = f"SELECT {', '.join([*flags, *columns])} FROM {table} WHERE {failing}"
    for found in engine.query(sql, **instead).to_pylist():
        for number, rule in enumerate(rules):
            if found[f"fails_{number}"]:
                yield rule, {name: found[f"{name}_{number}"] for name in OFFENDER}


def _problem(engine: Engine, rule: Rule, offender: dict[str, Any], locate: Locate) -> Problem:
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
        words = [r[column] for r in engine.query(f"SELECT {column} FROM {table}").to_pylist()]
    words = sorted(words)
    hint = did_you_mean(offender["value"], words)
    if hint or len(words) > 15:
        return hint or f"add it to {source.partition('.')[0]}, or mend the id"
    return (
        f"write one of {one_of(words)}"
        if words
        else "there is none yet: make it first, or leave it out"
    )


def _idle(kind: str, record_id: str, rule: str, locate: Locate) -> Problem:
    known = [*(r.name for r in all_rules()), *IN_PYTHON]
    hint = "" if rule in known else did_you_mean(rule, known)
    what = f"silences nothing, got {rule!r} on {record_id!r}; {hint or 'remove it'}"
    return Problem(*locate(kind, record_id, "silences"), what, "error", IDLE)
