"""Test that SQLite gives the answers of DuckDB, and leaves to it what it would answer slowly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from stancedata.engines import sqlite
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.remembered import RememberingEngine
from stancedata.engines.sqlite import SQLite
from stancedata.rules.rule import Rule, all_rules
from stancedata.rules.runner import counting
from stancedata.tables.contract import BY_NAME
from tests.support.wild import wild

TABLES = {name: wild()[name] for name, table in BY_NAME.items() if not table.derived}


@pytest.fixture(scope="module")
def duckdb() -> DuckDBEngine:
    """DuckDB with the tables that are full of errors."""
    engine = DuckDBEngine()
    for name, table in TABLES.items():
        engine.register(name, table)
    return engine


def answered(sql: str, tables: dict[str, pa.Table]) -> list[dict[str, Any]] | None:
    """Answer a query with SQLite; return the rows."""
    found = SQLite().answer(sql, tables)
    if found is None:
        return None
    names, _, columns = found
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_has_the_same_offenders(
    rule: Rule, duckdb: DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule finds the same in SQLite as in DuckDB, in the same order, with the same types."""
    monkeypatch.setattr(sqlite, "MOST_STEPS", 1_000_000_000)
    found = answered(f"SELECT * FROM ({rule.query}\n) o ORDER BY ALL", TABLES)
    if rule.name in ("name_shared", "role_circle"):
        assert found is None, "LOWER and LEAST mean something else there"
    else:
        assert found == duckdb.first(rule.query, None)[0].to_pylist()


def test_counts_are_the_same(duckdb: DuckDBEngine) -> None:
    """The offenders of all predicates on one table are counted alike."""
    rows = {rule.row for rule in all_rules() if rule.row}
    for row in rows:
        sql = counting([rule for rule in all_rules() if rule.row == row])
        assert answered(sql, TABLES) == duckdb.query(sql).to_pylist()


def test_what_takes_long_is_left_to_duckdb() -> None:
    """A query of too many steps is not answered, and neither is one about a large table."""
    texts = [str(number) for number in range(3_000)]
    table = pa.table({"a": texts})
    assert answered("SELECT COUNT(*) AS n FROM t", {"t": table}) == [{"n": 3_000}]
    assert answered("SELECT COUNT(*) AS n FROM t JOIN t o ON o.a < t.a", {"t": table}) is None
    large = pa.table({"a": texts * 4})
    assert answered("SELECT COUNT(*) AS n FROM t", {"t": large}) is None


def test_what_it_cannot_answer_is_left_to_duckdb() -> None:
    """What SQLite does not know, and other types, are for DuckDB."""
    table = pa.table({"a": ["x"]})
    assert answered("SELECT no_such_function(a) AS n FROM t", {"t": table}) is None
    assert answered("SELECT 0.5 AS n FROM t", {"t": table}) is None
    assert answered("SELECT COUNT(*) AS n FROM t", {"t": pa.table({"a": [0.5]})}) is None


def test_a_table_that_is_replaced_is_copied_again() -> None:
    """An answer is about the present table of a name."""
    small = SQLite()
    for text in ("x", "y"):
        found = small.answer("SELECT a FROM t", {"t": pa.table({"a": [text]})})
        assert found == (["a"], ["string"], [[text]])


def test_the_remembering_engine_asks_it_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tables never reach DuckDB, large ones do, and the answer is the same."""
    engine = RememberingEngine()
    engine.register("t", pa.table({"a": ["x"]}))
    assert engine.query("SELECT a FROM t").to_pylist() == [{"a": "x"}]
    assert engine._opened is None
    monkeypatch.setattr(sqlite, "MOST_ROWS", 0)
    other = RememberingEngine()
    other.register("t", pa.table({"a": ["x"]}))
    assert other.query("SELECT a FROM t").to_pylist() == [{"a": "x"}]
    assert other._opened is not None
    assert engine.answers() == other.answers()


def test_a_check_after_an_edit_does_not_load_duckdb(repository: Path) -> None:
    """DuckDB takes longer to load than all rules on a small folder take."""
    file = next((repository / "documents").iterdir())
    file.write_text(file.read_text("utf-8") + "note: Something new.\n", "utf-8")
    code = f"import stancedata; print(stancedata.check({str(repository)!r}))"
    loaded = "import sys; print('duckdb' in sys.modules)"
    command = [sys.executable, "-c", f"{code}; {loaded}"]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\nFalse\n"
