"""Mutants of rules, tried on tables full of faults and on the files that the tests of faults have."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import pyarrow as pa
from tests.support.wild import Found, offenders_of, wild

import stancedata as sd
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.rules import characters
from stancedata.rules import rule as rulebook
from stancedata.rules import runner as rules
from tools.mutation.sql_mutants import Mutant

DATA = Path(__file__).parents[2] / "data"
LINES = tuple[str, ...]


class Kept(DuckDBEngine):
    """An engine that keeps the tables that it was given before."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, pa.Table] = {}

    def register(self, name: str, table: pa.Table) -> None:
        """Make a table known by a name, but only once."""
        if self.known.get(name) is not table:
            self.known[name] = table
            super().register(name, table)


def rule_of(mutant: Mutant) -> rulebook.Rule:
    """The rule that a mutant's file is."""
    with mock.patch.object(rulebook, "packaged", return_value=mutant.text):
        return rulebook._read(mutant.name.removeprefix("rules/"))


@attrs.define
class Case:
    """Curated tables with what rules.check is asked of them.

    Attributes:
        expected: What each rule, as it is, says of them.
    """

    name: str
    tables: Mapping[str, pa.Table]
    arguments: dict[str, Any]
    engine: Kept = attrs.Factory(Kept)
    expected: dict[str, LINES] = attrs.Factory(dict)

    def lines(self, rule: rulebook.Rule) -> LINES:
        """What one rule says, by itself, as `stancedata check` prints it."""
        with mock.patch.object(rules, "all_rules", return_value=(rule,)):
            found = rules.check(self.tables, make_engine=lambda: self.engine, **self.arguments)
        return tuple(str(problem) for problem in sorted(set(found)))

    def tells(self, original: rulebook.Rule, rule: rulebook.Rule) -> bool:
        """Whether a changed rule says something else than the rule as it is."""
        if original.name not in self.expected:
            self.expected[original.name] = self.lines(original)
        return self.expected[original.name] != self.lines(rule)


class _EnoughError(Exception):
    """What the rules are asked of is known, and nothing more is needed."""


def cases() -> Iterator[Case]:
    """The valid repository, the curated data, each fault, and tables that no file can make."""
    from tests.rules.test_faults import spoil
    from tests.support.paths import FAULT_NAMES, REPOSITORY

    recorded: list[dict[str, Any]] = []

    def record(tables: Any, locate: Any, broken: Any, patched: Any, **others: Any) -> None:
        arguments = {"locate": locate, "broken": broken, "patched": patched, **others}
        recorded.append({"tables": tables, "arguments": arguments})
        raise _EnoughError

    with tempfile.TemporaryDirectory() as place, mock.patch.object(rules, "check", record):
        for name in ("", *FAULT_NAMES):
            folder = Path(shutil.copytree(REPOSITORY, Path(place) / f"x{name}" / "data"))
            if name:
                spoil(name, folder)
            with contextlib.suppress(_EnoughError):
                sd.check(folder)
            if recorded:
                yield Case(name or "valid", **recorded.pop())
        with contextlib.suppress(_EnoughError):
            sd.check(DATA)
        yield Case("curated data", **recorded.pop())


class Rules:
    """Tries mutants of rules.

    Attributes:
        faults: Whether the lines of every fault in files are compared too. They always are where
            only they can tell: how a misspelt value's neighbours are looked up.
    """

    def __init__(self, faults: bool) -> None:
        self.faults = faults
        self.engine = Kept()
        self.expected: dict[tuple[str, bool], Found] = {}
        self.cases: list[Case] = []

    def kills(self, mutant: Mutant) -> str:
        """The case that tells a mutant from its rule; empty where none does."""
        name = mutant.name.removeprefix("rules/")
        (original,) = (rule for rule in rulebook.all_rules() if rule.name == name)
        try:
            rule = rule_of(mutant)
            for whole in (True, False) if mutant.part == "whole" else (True,):
                if self.found(rule, whole) != self.known(original, whole):
                    return "oracle"
        except Exception as error:
            return f"oracle: {type(error).__name__}"
        if not self.faults and mutant.part != "suggest":
            return ""
        self.cases = self.cases or list(cases())
        for case in self.cases:
            try:
                if case.tells(original, rule):
                    return case.name
            except Exception as error:
                return f"{case.name}: {type(error).__name__}"
        return ""

    def found(self, rule: rulebook.Rule, whole: bool) -> Found:
        """What a rule finds in the tables full of faults."""
        with mock.patch.object(characters, "offenders", return_value=()):  # no SQL, and slow
            return offenders_of(wild(), (rule,), self.engine, whole)

    def known(self, rule: rulebook.Rule, whole: bool) -> Found:
        """The same of a rule as it is, found once."""
        if (rule.name, whole) not in self.expected:
            self.expected[rule.name, whole] = self.found(rule, whole)
        return self.expected[rule.name, whole]
