"""Parse the rule files, list the rules' names, and turn offenders into problems.

A rule is one SQL file under `rules/sql/`: a comment with the requirement, a header of
`-- key: value` lines, and either a predicate over the rows of one table that is true for
offenders (all predicates of a table run in one scan), or a query that returns offenders. Their
columns are kind and record_id (the record), field (its path in the file), value and other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import attrs

from stancedata.engines.engine import Engine
from stancedata.engines.packaged import packaged, packaged_names, parts_by_kind
from stancedata.problems import Place, Problem, StancedataError, did_you_mean, one_of
from stancedata.rules import characters
from stancedata.rules import texts as wording

Offender = dict[str, Any]
Locate = Callable[[str, str, str], tuple[Place, str]]
"""Maps the kind and id of a record and a field's path to a place and the field's path there."""
MOST_WORDS = 5_000
"""The most words that are searched for the nearest to a misspelt one."""
OFFENDER = ("kind", "record_id", "field", "value", "other")
IDLE = "idle_exemption"
"""The rule that exemptions without effect break."""
RENAMED: Mapping[str, str] = {"idle_silence": IDLE}
"""The present names of rules that had another name before schema 2."""
STALE = "stale_positions"
"""The rule that stored positions break if they do not follow from the stances."""
OLD = "old_schema"
"""The rule that a data folder of an older schema breaks."""


@attrs.frozen
class Rule:
    """One rule, as parsed from its file.

    Attributes:
        says: The requirement, in one sentence.
        message: Template of the message, with `{value}`, `{other}`, `{suggestion}`.
        row: The table that the predicate filters; empty for a query.
        offender: For a predicate, the SQL of each column of an offender.
        suggest: Where to look for the nearest value: `table.column`, `vocabulary` or `aspects`.
        whole: Whether it runs only if every file could be read.
        blind: Whether it also runs on the blind codings.
        since: The first schema version whose datasets must follow it.
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
    since: int = 1

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of records in which it may find something; empty if that cannot be told."""
        listed = self.offender[0] if self.row else self.sql
        return frozenset(re.findall(r"'(\w+)'" if self.row else r"'(\w+)' AS kind\b", listed))

    def about(self, kinds: Collection[str]) -> Rule | None:
        """Return what it says about some kinds of records; None if that is nothing."""
        if self.kinds and not self.kinds & {*kinds}:
            return None
        if self.row:
            return self
        parts = parts_by_kind(self.sql)
        asked = [sql for kind, sql in parts.items() if kind in kinds or kind not in self.kinds]
        return attrs.evolve(self, sql="\nUNION ALL\n".join(asked))

    @property
    def query(self) -> str:
        """The query that returns the offenders; for a predicate, built from it."""
        if not self.row:
            return self.sql
        columns = zip(OFFENDER, self.offender, strict=True)
        listed = ", ".join(f"{expression} AS {name}" for name, expression in columns)
        return f"SELECT {listed} FROM {self.row} WHERE {self.sql}"


@functools.cache
def all_rules() -> tuple[Rule, ...]:
    """Load every packaged rule, in order of name."""
    return tuple(_read(name) for name in packaged_names("rules"))


@functools.cache
def stored_rules() -> tuple[Rule, ...]:
    """Load the rules of stored tables, in order of name.

    They are about values that the library computes for curated files, which cannot break them.
    """
    return tuple(_read(name, "rules/stored") for name in packaged_names("rules/stored"))


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
"""Rules written in Python: about characters, forms and dates, and about the documents' texts."""


def known_rules() -> list[str]:
    """List the names of all rules, sorted."""
    in_sql = (rule.name for rule in (*all_rules(), *stored_rules()))
    return sorted([*in_sql, *IN_PYTHON, IDLE, STALE, OLD])


def refuse_unknown(names: Collection[str]) -> None:
    """Check that all names are names of rules.

    Raises:
        StancedataError: If a name is unknown; the message suggests the nearest one.
    """
    for name in names:
        if name not in (*known_rules(), *RENAMED):
            hint = did_you_mean(name, known_rules()) or f"use one of {one_of(known_rules())}"
            raise StancedataError(f"without: is not a rule, got {name!r}; {hint}")


def _read(name: str, folder: str = "rules") -> Rule:
    text = packaged(f"{folder}/{name}")
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
        keys.get("whole") == "true",
        keys.get("blind") == "true",
        int(keys.get("since", 1)),
    )


def _quoted(keys: Mapping[str, str], column: str) -> str:
    header = {"kind": "kind", "record_id": "record"}.get(column, column)
    return f"'{keys[header]}'" if header == "kind" else keys[header]


def locating(folder: str) -> Locate:
    """Make a function that locates offenders in a folder of tables, by record and without lines."""

    def locate(kind: str, record_id: str, field: str) -> tuple[Place, str]:
        return Place(folder), f"{kind} {record_id}: {field}".removesuffix(": ")

    return locate


def problem_of(engine: Engine, rule: Rule, offender: Offender, locate: Locate) -> Problem:
    """Format an offender as a problem."""
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


def old_schema(signs: Iterable[str], codebook: Place) -> Problem:
    """Make the warning that a data folder is written for schema 1."""
    what = f"is written for schema 1, got {', '.join(signs)}; run stancedata migrate"
    return Problem(codebook, "", what, "warning", OLD)


def idle(kind: str, record_id: str, rule: str, locate: Locate) -> Problem:
    """Make the problem that reports an exemption without effect."""
    hint = "" if rule in known_rules() else did_you_mean(rule, known_rules())
    what = f"waives nothing, got {rule!r} on {record_id!r}; {hint or 'remove it'}"
    return Problem(*locate(kind, record_id, f"exemptions.{rule}"), what, "error", IDLE)
