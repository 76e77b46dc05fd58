"""The engine of the packaged SQL."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from stancedata.engines import duckdb as engines
from stancedata.engines.duckdb import DuckDBEngine


@pytest.mark.parametrize("rows", [1, 200_000], ids=["copied", "queried in place"])
def test_a_table_registered_again_replaces_the_first(rows: int) -> None:
    """A name stands for the last table that was registered under it."""
    engine = DuckDBEngine()
    for value in (1, 2):
        engine.register("numbers", pa.table({"n": pa.repeat(pa.scalar(value), rows)}))
        assert [{"n": value}] == engine.query("SELECT DISTINCT n FROM numbers").to_pylist()


def test_texts_are_joined_in_their_order() -> None:
    """The texts of one key become one text, ordered by number and then by the text itself."""
    engine = DuckDBEngine()
    rows = [("a", 10, "x"), ("b", 1, "w"), ("a", 9, "z"), ("a", 9, "y")]
    made = [dict(zip(("id", "n", "text"), row, strict=True)) for row in rows]
    engine.register("parts", pa.Table.from_pylist(made))
    engine.joined("texts_of", "parts", "id", "n", "text")
    found = engine.query("SELECT id, texts FROM texts_of ORDER BY id")
    assert {"id": ["a", "b"], "texts": ["y; z; x", "w"]} == found.to_pydict()


FORK = """
import gc, os, pyarrow as pa
from stancedata.engines.duckdb import DuckDBEngine

gc.disable()
engine = DuckDBEngine(threads=2)
engine.register("numbers", pa.table({"n": [1]}))
engine.query("SELECT * FROM numbers")
engine.itself = engine  # only the garbage collector frees it
del engine
child = os.fork()
if not child:
    gc.collect()
    os._exit(0)
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_closes_no_engine_of_its_parent() -> None:
    """It would wait for threads that it does not have."""
    command = [sys.executable, "-W", "ignore", "-c", FORK]
    assert 0 == subprocess.run(command, timeout=60, check=False).returncode


def test_a_query_that_has_not_ended_yet_does_not_hide_that_it_was_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DuckDB refuses to close a connection that is at work; what arrives is KeyboardInterrupt."""
    running: list[tuple[threading.Thread, Callable[[], None]]] = []

    def interrupted(run: Callable[[], Any], interrupt: Callable[[], None]) -> None:
        def until_interrupted() -> None:
            with contextlib.suppress(duckdb.Error):
                run()

        running.append((threading.Thread(target=until_interrupted), interrupt))
        running[0][0].start()
        time.sleep(0.1)
        raise KeyboardInterrupt

    monkeypatch.setattr(engines, "interruptible", interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            DuckDBEngine().query(
                "SELECT SUM(a.range * b.range) FROM range(1000000) a, range(9999) b"
            )
    finally:
        thread, interrupt = running[0]
        while thread.is_alive():
            interrupt()
            thread.join(0.02)
