"""Hostile SQL: `Dataset.sql` can only read the tables."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import stancedata as sd
from stancedata.engines import interruption, untrusted
from stancedata.engines.arrow_datasets import arrow_dataset
from stancedata.engines.packaged import packaged
from stancedata.tables.source import TableSource
from tests.support.memory import PEAK

# `{out}` is a path in the test's folder, which is also the current folder.
WRITES = [
    "COPY stances TO '{out}'",
    "COPY stances TO 'out.csv'",
    "COPY (SELECT 1) TO '{out}' (FORMAT parquet)",
    "COPY (SELECT 1 AS p, 2 AS q) TO '{out}' (FORMAT parquet, PARTITION_BY p)",
    "COPY stances TO '/dev/stdout'",
    "WITH x AS (COPY stances TO '{out}') SELECT 1",
    "WITH x AS (SELECT 1) COPY x TO '{out}'",
    "EXPLAIN ANALYZE COPY stances TO '{out}'",
    "SELECT * FROM query('COPY stances TO ''{out}''')",
    "EXPORT DATABASE '{out}'",
    "EXPORT DATABASE '{out}' (FORMAT parquet)",
    "ATTACH '{out}'",
    "ATTACH '{out}' AS other; CREATE TABLE other.t AS SELECT 1",
    "ATTACH ':memory:' AS other",
    "COPY FROM DATABASE memory TO other",
    "SELECT * FROM enable_logging("
    "'QueryLog', storage = 'file', storage_config = {{'path': '{out}'}})",
    "SELECT * FROM enable_profiling('json', save_location = '{out}')",
    "PRAGMA enable_profiling = '{out}'",
    "SET log_query_path = '{out}'",
    # DuckDB's own files, which it opens without external access: spilled data and its log.
    "COPY stances TO '.tmp/out.csv'",
    "WITH x AS (COPY stances TO '.tmp/out.csv') SELECT 1",
    "WITH x AS (COPY stances TO ':memory:') SELECT 1",
    "WITH x AS (COPY stances TO ':memory:.wal') SELECT 1",
    "WITH x AS (COPY stances TO ':memory:.wal.checkpoint') SELECT 1",
    "WITH x AS (COPY stances TO ':memory:.wal.recovery') SELECT 1",
    "WITH x AS (COPY stances TO '{folder}/:memory:.wal') SELECT 1",
    "WITH x AS (COPY stances TO '{folder}/.tmp/out.csv') SELECT 1",
    "ATTACH '.tmp/other.db'",
]
READS = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/passwd')",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_text('file:///etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_text('/dev/stdin')",
    "SELECT * FROM read_text('.tmp/../../../../../../../etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "FROM '/etc/passwd.csv'",
    'SELECT * FROM "/etc/passwd.parquet"',
    "SELECT * FROM query_table('/etc/passwd.csv')",
    "SELECT * FROM query('FROM read_text(''/etc/passwd'')')",
    "SELECT (SELECT content FROM read_text('/etc/passwd')) FROM stances",
    "SELECT * FROM json_execute_serialized_sql("
    "json_serialize_sql('SELECT * FROM read_text(''/etc/passwd'')'))",
    "SELECT * FROM 'https://localhost:1/a.parquet'",
    "SELECT * FROM read_csv('s3://bucket/a.csv')",
    "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
    "SUMMARIZE FROM read_csv('/etc/passwd')",
    "COPY stances FROM '/etc/passwd'",
    "IMPORT DATABASE '/etc'",
    "SELECT * FROM read_text('mine.csv')",
    "SELECT * FROM 'mine.csv'",
    "SELECT * FROM read_text('.tmp/mine.csv')",
    "SELECT * FROM read_text(':memory:.wal')",
    "SELECT * FROM duckdb_extensions()",
    "SELECT getenv('HOME')",
    "SELECT * FROM of_this_test",
    "SELECT * FROM OF_THE_MODULE",
    "SELECT * FROM arrow_scan(1, 1, 1)",
    "SELECT * FROM pandas_scan(1)",
]
CHANGES = [
    "INSTALL httpfs",
    "FORCE INSTALL httpfs FROM community",
    "LOAD httpfs",
    "LOAD '{out}'",
    "UPDATE EXTENSIONS",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET GLOBAL autoinstall_known_extensions = true",
    "SET python_enable_replacements = true",
    "SET disabled_filesystems = ''",
    "SET allowed_directories = ['/']",
    "SET temp_directory = '{folder}'",
    "SET memory_limit = '1GB'",
    "SET VARIABLE a = 1",
    "RESET enable_external_access",
    "RESET lock_configuration",
    "RESET disabled_filesystems",
    "PRAGMA enable_external_access = true",
    "PRAGMA threads = 1",
    "PRAGMA enable_verification",
    "USE memory",
    "CALL pragma_version()",
    "CALL enable_logging()",
    "CALL checkpoint()",
    "CHECKPOINT",
    "VACUUM",
    "ANALYZE",
    "DETACH memory",
    "BEGIN TRANSACTION",
    "COMMIT",
    "CREATE TABLE mine AS SELECT 1 AS a",
    "CREATE TEMP TABLE mine (a INTEGER)",
    "CREATE VIEW mine AS SELECT 1 AS a",
    "CREATE OR REPLACE VIEW stances AS SELECT 1 AS a",
    "CREATE MACRO mine() AS 1",
    "CREATE MACRO mine() AS TABLE FROM read_text('/etc/passwd')",
    "CREATE SECRET mine (TYPE s3)",
    "CREATE PERSISTENT SECRET mine (TYPE http, BEARER_TOKEN 'a')",
    "CREATE SCHEMA mine",
    "CREATE SEQUENCE mine",
    "CREATE TYPE mine AS ENUM ('a')",
    "INSERT INTO stances SELECT * FROM stances",
    "INSERT INTO stances SELECT * FROM stances RETURNING *",
    "WITH x AS (INSERT INTO actors SELECT * FROM actors RETURNING *) SELECT * FROM x",
    "WITH x AS (DELETE FROM actors RETURNING *) SELECT * FROM x",
    "WITH x AS (CREATE TABLE mine AS SELECT 1) SELECT 1",
    "UPDATE stances SET level = 1",
    "DELETE FROM stances",
    "TRUNCATE stances",
    "MERGE INTO actors USING actors AS a USING (actor_id) WHEN MATCHED THEN DELETE",
    "DROP TABLE stances",
    "DROP VIEW stances",
    "ALTER VIEW stances RENAME TO mine",
    "ALTER TABLE stances ADD COLUMN mine INTEGER",
    "COMMENT ON VIEW stances IS 'mine'",
    "PREPARE mine AS SELECT 1",
    "PREPARE mine AS COPY stances TO '{out}'",
    "EXECUTE mine",
    "DEALLOCATE mine",
    "PREPARE mine AS SELECT 1; EXECUTE mine",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY stances TO '{out}'",
    "COPY stances TO '{out}'; SELECT 1",
    "SELECT 1; SET lock_configuration = false; SELECT 2",
    "EXPLAIN SELECT 1",
    "PIVOT actors ON kind USING count(*)",
]
NO_QUERIES = ["", ";", "-- nothing", "/* nothing", "nonsense", "SELECT", "SELECT '\ud800'", "\0"]
OF_THE_MODULE = pa.table({"a": [1]})


HARMLESS = [
    "SELECT count(*) AS n FROM actors",
    "select 1;",
    " -- why\nSELECT 1 /* not; two */ ;; ",
    "(SELECT 1) UNION ALL (SELECT 2)",
    "WITH x AS (SELECT 1 AS a) SELECT * FROM x",
    "WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM x WHERE a < 3) FROM x",
    "FROM actors",
    "TABLE actors",
    "VALUES (1), (2)",
    "SELECT 'COPY actors TO x; DROP VIEW actors' AS a",
    "PIVOT actors ON kind IN ('state', 'person') USING count(*)",
    "SHOW TABLES",
    "DESCRIBE actors",
    "SUMMARIZE actors",
]


def files(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files where DuckDB might let a query read or write."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".tmp").mkdir()
    for name in ("mine.csv", ".tmp/mine.csv", ":memory:.wal"):
        (tmp_path / name).write_text("a,b\n1,secret\n")
    return tmp_path


def refusal(dataset: sd.Dataset, query: str, parameters: dict[str, object] | None = None) -> str:
    """Return the one-line message with which a query is refused."""
    with pytest.raises(sd.StancedataError) as error:
        dataset.sql(query, parameters)
    said = str(error.value)
    assert said.startswith("the query was refused: ")
    assert "\n" not in said
    return said


@pytest.fixture(scope="module")
def attacked(small: sd.Dataset) -> Iterator[sd.Dataset]:
    """A dataset that is the same after all attacks; each query has a connection of its own."""
    yield small
    # The digest is cached, so a new dataset of the same tables computes it again.
    assert small.digest == sd.Dataset(small.tables, small.version).digest
    count = small.sql("SELECT count(*) AS n FROM stances").to_pylist()
    assert [{"n": small.tables["stances"].num_rows}] == count
    assert [] == small.sql("SHOW TABLES").filter(pc.field("name") == "mine").to_pylist()


@pytest.mark.parametrize("query", [*WRITES, *READS, *CHANGES, *NO_QUERIES])
def test_refused(attacked: sd.Dataset, here: Path, query: str) -> None:
    """An attack is refused with one line, and changes nothing."""
    of_this_test = pa.table({"a": [1]})
    before = files(here)
    said = refusal(attacked, query.format(out=here / "out", folder=here))
    assert "secret" not in said.replace(query, "")
    assert before == files(here)
    assert of_this_test.equals(OF_THE_MODULE)


@pytest.mark.parametrize("query", HARMLESS)
def test_answered(small: sd.Dataset, here: Path, query: str) -> None:
    """Every form of a SELECT is answered."""
    before = files(here)
    assert small.sql(query).num_rows
    assert before == files(here)


def test_only_named_tables_are_opened(small: sd.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query has the tables that it names in any spelling, and all if a name is computed or wrong."""
    opened: list[str] = []

    def count(tables: TableSource, name: str) -> object:
        opened.append(name)
        return arrow_dataset(tables, name)

    monkeypatch.setattr(untrusted, "arrow_dataset", count)
    expected = [{"n": small.tables["stances"].num_rows}]
    for name in ("stances", "STANCES", '"Stances"', "query_table('stances')", "'stances'"):
        opened.clear()
        assert expected == small.sql(f"SELECT count(*) AS n FROM {name}").to_pylist()
        assert opened == ["stances"]
    opened.clear()
    computed = (
        "SELECT count(*) AS n FROM query_table('st' || 'ances'), (SELECT 1 FROM events LIMIT 1)"
    )
    assert expected == small.sql(computed).to_pylist()
    assert sorted(opened) == sorted(small.tables)
    assert 'Did you mean "stances"' in refusal(small, "SELECT * FROM stance JOIN events USING (id)")


@pytest.mark.parametrize(
    ("query", "got"),
    [
        ("", "no statements"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("CREATE TABLE mine AS SELECT 1", "CREATE"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
    ],
)
def test_only_one_select(small: sd.Dataset, query: str, got: str) -> None:
    """Other statements are refused even if harmless; the message names their kind."""
    expected = (
        f"the query was refused: it must be a single SELECT, got {got}; write one (a PIVOT must "
        "list its values with IN)"
    )
    assert expected == refusal(small, query)


def test_faults_have_their_line(small: sd.Dataset) -> None:
    """The message of a syntax error has the line, without DuckDB's caret."""
    said = refusal(small, "SELECT *\nFROM actors\nWHERE WHERE")
    assert 'syntax error at or near "WHERE"' in said
    assert said.endswith("in line 3: WHERE WHERE")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (packaged("questions/conditions"), "parameters"),
        (packaged("questions/history"), "dated"),
        (packaged("questions/contradictions"), "counted"),
        (packaged("questions/agreement"), "standing"),
        ("FROM Periods", "Periods"),
    ],
)
def test_relations_of_packaged_questions(small: sd.Dataset, query: str, name: str) -> None:
    """For a relation of packaged questions the message differs from that for an unknown table."""
    expected = (
        f"the query was refused: it may only use tables of the data, got {name!r}, which only "
        "packaged questions have; docs/sql.md shows how to create it"
    )
    assert expected == refusal(small, query)


def test_a_question_with_its_relations(small: sd.Dataset) -> None:
    """A packaged question is answered if the query defines the relations that it reads."""
    dated, question = packaged("questions/dated"), packaged("questions/history")
    parameters = (
        "SELECT CAST(NULL AS VARCHAR) AS actor_id, CAST(NULL AS VARCHAR) AS issue_id, "
        "CAST(NULL AS DATE) AS on_day"
    )
    relations = f"parameters AS ({parameters}), dated AS (\n{dated}\n)"
    found = small.sql(f"WITH {relations}\nSELECT * FROM (\n{question}\n)")
    assert small.tables["positions"].num_rows == found.num_rows


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("SELECT * FROM read_text($file)", {"file": "/etc/passwd"}),
        ("SELECT * FROM query($file)", {"file": "FROM read_text('/etc/passwd')"}),
        ("SELECT $a", None),
        ("SELECT $a", {"b": 1}),
        ("SELECT $a", {"a": object()}),
        ("SELECT $a", {"a": "\ud800"}),
        ("SELECT 1; SELECT $a", {"a": 1}),
    ],
)
def test_hostile_parameters(
    small: sd.Dataset, query: str, parameters: dict[str, object] | None
) -> None:
    """Parameters cannot open a file, and ones that DuckDB cannot take are refused too."""
    refusal(small, query, parameters)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        *(([query], "query: must be a text") for query in (None, [], ["SELECT 1"], 1, b"SELECT 1")),
        *((["SELECT 1", p], "parameters: must be values by name") for p in ([], [1], "x", {1: 2})),
        *(
            (["SELECT 1", None, limit], "seconds: must be a number above 0")
            for limit in (0, -1, float("nan"), "1", True, [1])
        ),
    ],
)
def test_arguments_of_other_types(small: sd.Dataset, arguments: list[Any], said: str) -> None:
    """An argument of another type, or no number of seconds, is refused by its name."""
    with pytest.raises(sd.StancedataError) as error:
        small.sql(*arguments)
    assert str(error.value).startswith(f"{said}, got {arguments[-1]!r}; ")


def test_no_secrets(small: sd.Dataset) -> None:
    """Secrets stored in DuckDB are not visible."""
    assert 0 == small.sql("SELECT * FROM duckdb_secrets()").num_rows


def test_parameters_are_values(small: sd.Dataset) -> None:
    """A parameter that looks like SQL is only a value."""
    text = "'; COPY actors TO 'out'; --"
    assert [{"a": text}] == small.sql("SELECT $a AS a", {"a": text}).to_pylist()


ENDLESS = "SELECT count(*) FROM range(100000000000) a(x) WHERE x % 7 = 3 AND sqrt(x) > 3"


def test_a_query_has_a_limit_of_time() -> None:
    """A query that takes longer is interrupted, and the next one is answered."""
    dataset = sd.load()
    with pytest.raises(sd.StancedataError, match=r"takes more than 0\.2 seconds"):
        dataset.sql(ENDLESS, seconds=0.2)
    assert [{"a": 1}] == dataset.sql("SELECT 1 AS a", seconds=60).to_pylist()


def test_an_answer_has_a_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is taken in parts, and refused with its size if that is too large."""
    monkeypatch.setattr("stancedata.engines.untrusted.MOST_BYTES", 100_000)
    with pytest.raises(
        sd.StancedataError, match=r"got 50,000 rows of 4[0-9,]+ bytes, but at most 1"
    ):
        sd.load().sql("SELECT * FROM range(50000)")
    monkeypatch.setattr("stancedata.engines.untrusted.COUNTED", 0.1)
    with pytest.raises(
        sd.StancedataError, match=r"got more than [0-9,]+ rows of [0-9,]+ bytes, but"
    ):
        sd.load().sql("SELECT * FROM range(100000000000)")


@pytest.mark.parametrize("columns", ["*", "a.stance_id"])
def test_joins_that_need_not_keep_rows(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that need not run out of memory does not: only its answer is too large."""
    monkeypatch.setattr(untrusted, "MEMORY", ("50MB", "50MB"))
    monkeypatch.setattr(untrusted, "MOST_BYTES", 10_000_000)
    monkeypatch.setattr(untrusted, "COUNTED", 0.0)
    others = ", ".join(f"stances {name}" for name in "bcde")
    with pytest.raises(sd.StancedataError, match="its answer is too large"):
        sd.load("0.2.0").sql(f"SELECT {columns} FROM stances a, {others}")


HUNGRY = (
    "SELECT list(range) FROM range(40000000)",
    "SELECT string_agg(repeat('x', 100000), '') FROM range(4000)",
)
"""Queries that would take some 400 MB."""


def test_a_query_has_a_limit_of_memory() -> None:
    """What DuckDB keeps of rows stays within the limit, and then the query is refused."""
    code = PEAK + (
        "import stancedata as sd\n"
        "from stancedata.engines import untrusted\n"
        "untrusted.MEMORY = ('50MB', '100MB')\n"
        "dataset = sd.load('0.2.0')\n"
        "dataset.sql('SELECT count(*) FROM stances')\n"
        "before = peak()\n"
        f"for query in {HUNGRY!r}:\n"
        "    try: dataset.sql(query)\n"
        "    except sd.StancedataError as error: print('Out of Memory' in str(error))\n"
        "print(peak() - before)"
    )
    command = [sys.executable, "-c", code]
    *said, more = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert ["True"] * len(HUNGRY) == said
    assert int(more) < 300  # MiB


def test_a_call_that_goes_on_ends_before_the_program() -> None:
    """Some native code cannot be interrupted; a program that ended meanwhile would be aborted."""
    code = (
        "import time\n"
        "from stancedata.engines import interruption\n"
        "interruption.GRACE = 0.1\n"
        "try: interruption.interruptible(lambda: (time.sleep(0.6), print('ended')), lambda: None, 0.1)\n"
        "except Exception as error: print(type(error).__name__, flush=True)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ["StancedataError", "ended"] == said.stdout.split()


@pytest.mark.parametrize("started", [True, False])
def test_ctrl_c_while_a_thread_starts(started: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its call is interrupted, and begins no more if the thread starts afterwards."""
    start, threads = threading.Thread.start, []
    stopped = threading.Event()

    def interrupted(thread: threading.Thread) -> None:
        threads.append(thread)
        if started:
            start(thread)
        raise KeyboardInterrupt

    called: list[bool] = []
    monkeypatch.setattr(interruption, "GRACE", 0.5)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            interruption.interruptible(lambda: called.append(stopped.wait(2)), stopped.set)
    [thread] = threads
    if not started:
        thread.start()
    thread.join(5)
    assert ([True] if started else []) == called


@pytest.mark.parametrize("after", [0.005, 0.02, 0.5])
def test_ctrl_c_ends_a_query(after: float) -> None:
    """Ctrl-C arrives as KeyboardInterrupt within two seconds, also while tables are registered.

    In a process of its own: a signal that arrives during a garbage collection, where Hypothesis
    has a callback, would be lost.
    """
    code = (
        "import signal, threading, time\n"
        "import stancedata as sd\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # nohup has it ignored
        "dataset = sd.load()\n"
        "dataset.sql('SELECT count(*) FROM stances')\n"  # so that only a query is interrupted
        "start = time.monotonic()\n"
        "try:\n"
        f"    threading.Timer({after}, signal.raise_signal, [signal.SIGINT]).start()\n"
        f"    dataset.sql({ENDLESS!r})\n"
        "except KeyboardInterrupt: print(time.monotonic() - start)"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert float(said.stdout) < 10  # a busy machine takes longer to start


def test_a_query_that_was_given_up_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query whose time is over before there is a connection is not run afterwards."""
    begun, ended, connect = [], threading.Event(), untrusted._connect

    def slowly(*given: Any) -> Any:
        time.sleep(0.5)
        ended.set()
        return connect(*given)

    monkeypatch.setattr(interruption, "GRACE", 0.1)
    monkeypatch.setattr(untrusted, "_connect", slowly)
    monkeypatch.setattr(untrusted, "_answer", lambda *given: begun.append(given))
    with pytest.raises(sd.StancedataError, match=r"takes more than 0\.1 seconds"):
        sd.load().sql("SELECT 1", seconds=0.1)
    assert not ended.is_set()
    assert ended.wait(5)
    time.sleep(0.3)
    assert [] == begun
