"""Compare every rule with a naive oracle, on tables full of errors."""

from __future__ import annotations

import functools

import pytest

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.rules.rule import all_rules
from tests.support import oracle_rules
from tests.support.oracle_lists import Rows
from tests.support.wild import DATED_BY_DOCUMENTS, Found, offenders_of, rows, wild, without_coverage


@functools.cache
def found() -> Found:
    """Run all rules on those tables."""
    return offenders_of(wild(), all_rules(), DuckDBEngine())


def expected_of(tables: Rows, name: str) -> set[tuple[str, ...]]:
    """Collect the offenders of the naive definition of a rule."""
    return {
        (f"{kind} {record}", field, f"{value!r} {other!r}")
        for kind, record, field, value, other in oracle_rules.offenders(tables, name)
    }


@pytest.mark.parametrize("name", [rule.name for rule in all_rules()])
def test_a_rule_equals_the_oracle(name: str) -> None:
    """A rule finds exactly the offenders of its naive definition, and at least one."""
    expected = expected_of(rows(), name)
    assert expected
    assert expected == found()[name]


@pytest.mark.parametrize("name", DATED_BY_DOCUMENTS)
def test_a_rule_on_years_equals_the_oracle_without_coverage(name: str) -> None:
    """Without coverage, the days of publication bound the years."""
    expected = expected_of(rows() | {"coverage": []}, name)
    asked = [rule for rule in all_rules() if rule.name == name]
    assert expected
    assert expected == offenders_of(without_coverage(), asked, DuckDBEngine())[name]


def test_rules_about_the_whole_wait_until_all_is_read() -> None:
    """If a file could not be read, unused records are not reported."""
    assert {rule.name for rule in all_rules() if rule.whole} == oracle_rules.WHOLE
    asked = [rule for rule in all_rules() if rule.whole or rule.name in ("level", "orphan")]
    assert {"level", "orphan"} == set(offenders_of(wild(), asked, DuckDBEngine(), whole=False))
