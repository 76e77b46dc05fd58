"""The rules as their files state them, their names, and an offender in words.

A rule is one SQL file under `rules/sql/`: a comment that says what it asks, a header of
`-- key: value` lines, and either one predicate over the rows of a table, true for offenders
(all predicates of a table run in one scan), or a query of offenders. Offenders have the columns
kind and record_id (whose they are), field (its path in the curated file), value and other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from typing import Any

import attrs

from stancedata.engines.engine import Engine
from stancedata.engines.packaged import packaged, packaged_names
from stancedata.problems import Place, Problem, StancedataError, did_you_mean, one_of
from stancedata.rules import characters
from stancedata.rules import texts as wording

Offender = dict[str, Any]
Locate = Callable[[str, str, str], tuple[Place, str]]
"""Gives the place of a field and its path from there: kind of record, its id, path in it."""
MOST_WORDS = 5_000
"""Words up to which the nearest to a misspelt one is looked for."""
OFFENDER = ("kind", "record_id", "field", "value", "other")
IDLE = "idle_silence"
"""Rule that a silence breaks which silences nothing."""
STALE = "stale_positions"
"""Rule that stored positions break which do not follow from the stances."""


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

    @property
    def query(self) -> str:
        """The query of offenders, for a predicate too."""
        if not self.row:
            return self.sql
        columns = zip(OFFENDER, self.offender, strict=True)
        listed = ", ".join(f"{expression} AS {name}" for name, expression in columns)
        return f"SELECT {listed} FROM {self.row} WHERE {self.sql}"


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Every packaged rule, by name."""
    return tuple(_read(name) for name in packaged_names("rules"))


IN_PYTHON: Mapping[str, Rule] = {
    name: Rule(
        name,
        room.SAYS[name],
        "warning" if name in wording.WARNINGS else "error",
        room.MESSAGES[name],
        "",
    )
    for room in (characters, wording)
    for name in room.RULES
}
"""Rules that no SQL says: about characters, and those that only the texts can answer."""


def known_rules() -> list[str]:
    """Names of every rule that can be asked, sorted."""
    return sorted([*(rule.name for rule in all_rules()), *IN_PYTHON, STALE])


def refuse_unknown(names: Collection[str]) -> None:
    """Refuse names that no rule has.

    Raises:
        StancedataError: There is such a name; with the nearest.
    """
    for name in names:
        if name not in known_rules():
            hint = did_you_mean(name, known_rules()) or f"use one of {one_of(known_rules())}"
            raise StancedataError(f"without: is not a rule, got {name!r}; {hint}")


def _read(name: str) -> Rule:
    text = packaged(f"rules/{name}")
    head, _, sql = text.partition("\n\n")
    says, *lines = [line.removeprefix("-- ") for line in head.splitlines()]
    keys = dict(line.split(": ", 1) for line in lines)
    row = keys.get("row", "")
    offender = tuple(_quoted(keys, column) for column in OFFENDER) if row else ()
    return Rule(
        name,
        says,
        keys["severity"],
        keys["message"],
        sql.strip(),
        row,
        offender,
        keys.get("suggest", ""),
        *(keys.get(flag) == "true" for flag in ("whole", "blind")),
    )


def _quoted(keys: Mapping[str, str], column: str) -> str:
    header = {"kind": "kind", "record_id": "record"}.get(column, column)
    return f"'{keys[header]}'" if header == "kind" else keys[header]


def locating(folder: str) -> Locate:
    """Make a function that places an offender in a folder of tables by its record: no line is known."""

    def locate(kind: str, record_id: str, field: str) -> tuple[Place, str]:
        return Place(folder), f"{kind} {record_id}: {field}".removesuffix(": ")

    return locate


def problem_of(engine: Engine, rule: Rule, offender: Offender, locate: Locate) -> Problem:
    """Put an offender into words."""
    suggestion = _suggestion(engine, rule, offender) if rule.suggest else ""
    message = rule.message.format(
        value=offender["value"], other=offender["other"], suggestion=suggestion
    )
    place, field = locate(offender["kind"], offender["record_id"], offender["field"])
    return Problem(place, field, message, rule.severity, rule.name)


def _suggestion(engine: Engine, rule: Rule, offender: Offender) -> str:
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
        return hint or f"add it to {source.partition('.')[0]}, or fix the id"
    return (
        f"use one of {one_of(words)}"
        if words
        else "there is none yet: create it first, or leave it out"
    )


def idle(kind: str, record_id: str, rule: str, locate: Locate) -> Problem:
    """Say that a silence silences nothing."""
    hint = "" if rule in known_rules() else did_you_mean(rule, known_rules())
    what = f"silences nothing, got {rule!r} on {record_id!r}; {hint or 'remove it'}"
    return Problem(*locate(kind, record_id, "silences"), what, "error", IDLE)
