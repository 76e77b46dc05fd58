"""Test which packaged queries are asked again, and that the answers are the same."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.remembered import RememberingEngine
from stancedata.rules.rule import all_rules
from stancedata.tables.contract import BY_NAME
from tests.support.wild import wild

UNIONS = ("duplicate", "orphan", "reference", "vocabulary")


def engines(*made: DuckDBEngine) -> None:
    """Give engines the tables that are full of errors."""
    for engine in made:
        for name, table in BY_NAME.items():
            if not table.derived:
                engine.register(name, wild()[name])


@pytest.mark.parametrize("name", UNIONS)
def test_the_parts_of_a_union_give_the_answer_of_the_whole(name: str) -> None:
    """The offenders by kind of record, put together, are those of the query, in the same order."""
    rule = next(rule for rule in all_rules() if rule.name == name)
    plain, remembering = DuckDBEngine(), RememberingEngine()
    engines(plain, remembering)
    whole, count = plain.first(rule.query, None)
    assert count
    assert remembering.first(rule.query, None)[0].to_pylist() == whole.to_pylist()
    assert remembering.asked > 1


def test_a_rule_reads_only_columns_that_it_names() -> None:
    """With every other column empty, the answers are the same; they depend on nothing else.

    So they may be remembered until one of the columns changes whose names are among their words.
    """
    whole, emptied = DuckDBEngine(), DuckDBEngine()
    engines(whole, emptied)
    for rule in all_rules():
        words = set(re.findall(r"\w+", rule.query))
        for name in words & wild().keys():
            emptied.register(name, blanked(wild()[name], words))
        found, _ = emptied.first(rule.query, None)
        assert found.equals(whole.first(rule.query, None)[0]), rule.name


def blanked(table: pa.Table, words: set[str]) -> pa.Table:
    """Empty the columns whose names are not among these words."""
    for n, field in enumerate(table.schema):
        if field.name not in words:
            table = table.set_column(n, field, pa.nulls(table.num_rows, field.type))
    return table


def test_a_change_asks_only_the_kinds_of_records_that_it_concerns() -> None:
    """Without an actor, what is said of actors, and refers to them, is asked again; no more."""
    rule = next(rule for rule in all_rules() if rule.name == "vocabulary")
    first = RememberingEngine()
    engines(first)
    first.first(rule.query, None)
    second = RememberingEngine(first.answers())
    engines(second)
    second.register("actors", wild()["actors"].slice(1))
    second.first(rule.query, None)
    assert second.asked == 1 < first.asked


def test_unused_answers_are_kept_for_some_runs() -> None:
    """A run that asks something else does not forget them at once, and many runs do."""

    def run(earlier: bytes | None, value: int) -> RememberingEngine:
        engine = RememberingEngine(earlier)
        engine.register("t", pa.table({"a": [str(value)]}))
        assert engine.query("SELECT a FROM t").to_pylist() == [{"a": str(value)}]
        return engine

    first = run(None, 0)
    second = run(first.answers(), 1)
    again = run(second.answers(), 0)
    assert (first.asked, second.asked, again.asked) == (1, 1, 0)
    assert again.answers() is None  # they are as they were
    kept = first.answers()
    for value in range(1, 7):
        kept = run(kept, value).answers()
    assert run(kept, 0).asked == 1


def test_a_table_is_defined_once_a_query_has_no_answer() -> None:
    """Answers about what was defined hold as long as that of which it is made is the same."""

    def run(earlier: bytes | None, value: str) -> RememberingEngine:
        engine = RememberingEngine(earlier)
        engine.register("t", pa.table({"a": [value]}))
        engine.define(
            "doubled", "SELECT a || given.b AS c FROM t, given", given=pa.table({"b": [value]})
        )
        engine.define("again", "SELECT c FROM doubled")
        assert engine.query("SELECT c FROM again").to_pylist() == [{"c": 2 * value}]
        assert engine.checksum("doubled", ["c"]) == run_alone(value)
        return engine

    def run_alone(value: str) -> tuple[int, int]:
        engine = DuckDBEngine()
        engine.register("doubled", pa.table({"c": [2 * value]}))
        return engine.checksum("doubled", ["c"])

    first = run(None, "x")
    kept = first.answers()
    assert first.asked == 2
    assert run(kept, "x").asked == 0
    assert run(kept, "y").asked == 2


def test_answers_of_another_form_are_ignored() -> None:
    """Nothing of them is believed, and the query is asked."""
    for content in (b"[]", b"{", b'{"x": 1}', b'{"x": [null, []]}', b'{"x": ["a", "b", "c"]}'):
        engine = RememberingEngine(content)
        engine.register("t", pa.table({"a": ["x"]}))
        assert engine.query("SELECT a FROM t").num_rows == engine.asked == 1
