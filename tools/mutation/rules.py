"""Mutation testing of the rules, on tables full of faults and on the folders of tests/data/faults."""

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
from tests.support.wild import DATED_BY_DOCUMENTS, Found, offenders_of, wild, without_coverage

import stancedata as sd
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.rules import characters
from stancedata.rules import rule as rulebook
from stancedata.rules import runner as rules
from tools.mutation.sql_mutants import Mutant

DATA = Path(__file__).parents[2] / "data"
LINES = tuple[str, ...]


class Kept(DuckDBEngine):
    """An engine that does not register the same table twice."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, pa.Table] = {}

    def register(self, name: str, table: pa.Table) -> None:
        """Register a table unless it is registered already."""
        if self.known.get(name) is not table:
            self.known[name] = table
            super().register(name, table)


def rule_of(mutant: Mutant) -> rulebook.Rule:
    """Parse the rule in a mutant's file."""
    with mock.patch.object(rulebook, "packaged", return_value=mutant.text):
        return rulebook._read(mutant.name.removeprefix("rules/"))


@attrs.define
class Case:
    """Curated tables with the arguments of `rules.check` for them.

    Attributes:
        expected: Output of each unchanged rule.
    """

    name: str
    tables: Mapping[str, pa.Table]
    arguments: dict[str, Any]
    engine: Kept = attrs.Factory(Kept)
    expected: dict[str, LINES] = attrs.Factory(dict)

    def lines(self, rule: rulebook.Rule) -> LINES:
        """Return the output of a single rule, as `stancedata check` prints it."""
        with mock.patch.object(rules, "all_rules", return_value=(rule,)):
            found = rules.check(self.tables, make_engine=lambda: self.engine, **self.arguments)
        return tuple(str(problem) for problem in sorted(set(found)))

    def tells(self, original: rulebook.Rule, rule: rulebook.Rule) -> bool:
        """Whether the output of a changed rule differs from that of the original."""
        if original.name not in self.expected:
            self.expected[original.name] = self.lines(original)
        return self.expected[original.name] != self.lines(rule)


class _EnoughError(Exception):
    """Raised once the arguments of `rules.check` are recorded, to skip the check itself."""


def cases() -> Iterator[Case]:
    """Iterate over the valid repository, each fault, and the curated data."""
    from tests.rules.test_faults import spoil
    from tests.support.paths import FAULT_NAMES, REPOSITORY

    recorded: list[dict[str, Any]] = []

    def record(tables: Any, locate: Any, broken: Any, patched: Any, _: Any, **others: Any) -> None:
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
    """Tests mutants of rules.

    Attributes:
        faults: Whether to compare the output for every fault in files too. Mutants of `suggest`
            always are: only these faults exercise the suggestions.
    """

    def __init__(self, faults: bool) -> None:
        self.faults = faults
        self.engine = Kept()
        self.expected: dict[tuple[str, bool, bool], Found] = {}
        self.cases: list[Case] = []

    def kills(self, mutant: Mutant) -> str:
        """Return the case that kills a mutant; empty if it survives."""
        name = mutant.name.removeprefix("rules/")
        (original,) = (rule for rule in rulebook.all_rules() if rule.name == name)
        try:
            rule = rule_of(mutant)
            for whole in (True, False) if mutant.part == "whole" else (True,):
                for covered in (True, False) if name in DATED_BY_DOCUMENTS else (True,):
                    if self.found(rule, whole, covered) != self.known(original, whole, covered):
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

    def found(self, rule: rulebook.Rule, whole: bool, covered: bool) -> Found:
        """Return the offenders of a rule in the tables full of faults, with coverage or without."""
        tables = wild() if covered else without_coverage()
        with mock.patch.object(characters, "offenders", return_value=()):  # no SQL, and slow
            return offenders_of(tables, (rule,), self.engine, whole)

    def known(self, rule: rulebook.Rule, whole: bool, covered: bool) -> Found:
        """Return the offenders of an unchanged rule, cached."""
        key = rule.name, whole, covered
        if key not in self.expected:
            self.expected[key] = self.found(rule, whole, covered)
        return self.expected[key]
