"""Put an offender into words, with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stancedata.engines.duckdb import Engine
from stancedata.problems import Place, Problem, did_you_mean, one_of
from stancedata.rules.rule import IDLE, Rule, known_rules

Offender = dict[str, Any]
Locate = Callable[[str, str, str], tuple[Place, str]]
"""Gives the place of a field and its path from there: kind of record, its id, path in it."""
MOST_WORDS = 5_000
"""Words up to which the nearest to a misspelt one is looked for."""


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
        return hint or f"add it to {source.partition('.')[0]}, or mend the id"
    return (
        f"write one of {one_of(words)}"
        if words
        else "there is none yet: make it first, or leave it out"
    )


def idle(kind: str, record_id: str, rule: str, locate: Locate) -> Problem:
    """Say that a silence silences nothing."""
    hint = "" if rule in known_rules() else did_you_mean(rule, known_rules())
    what = f"silences nothing, got {rule!r} on {record_id!r}; {hint or 'remove it'}"
    return Problem(*locate(kind, record_id, "silences"), what, "error", IDLE)
