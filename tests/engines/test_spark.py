"""The packaged SQL on Spark 4: every file runs unchanged and gives the same answers as on DuckDB.

A query takes about a second. The tests to run wherever there is Java take about five minutes:
`pytest -m "spark and not long" -n 0`; all take half an hour more: `pytest -m spark -n 0`.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import stancedata as sd
from stancedata.curation.folder import read_folder
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.engine import Engine
from stancedata.engines.packaged import packaged, packaged_names, reading
from stancedata.engines.spark import SparkEngine, open_frames, open_tables
from stancedata.questions import positions as derive
from stancedata.questions.arguments import parameters_table
from stancedata.rules import runner as rules
from stancedata.rules.rule import Rule, all_rules
from stancedata.tables import revisions
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.rows import to_tables
from tests.questions.test_comparisons import QUESTIONS as COMPARED
from tests.questions.test_positions import MINE
from tests.releases.test_changes import three
from tests.rules.test_faults import spoil
from tests.support.edition2_datasets import seeded, together
from tests.support.edition2_model import dataset_of
from tests.support.edition2_side_by_side import differences
from tests.support.parquet_folders import partition, write_parquet
from tests.support.paths import FAULT_NAMES, FAULTS
from tests.support.wild import wild

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.spark,
    # PySpark warns about every new pandas; nothing here uses pandas.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
JAVA = 17
"""The oldest Java that Spark 4 runs on."""

Row = dict[str, Any]
Question = Callable[[sd.Dataset], pa.Table]
# Questions by packaged query, with and without parameters, and with ones that change the answer.
QUESTIONS: dict[str, tuple[Question, ...]] = {
    "as_of": (
        lambda ds: ds.matrix(),
        lambda ds: ds.matrix(on="2021-10-20", max_age=30),
        lambda ds: ds.positions(on="2021-10-19", holder="russia"),
    ),
    "days": (lambda ds: ds.matrix(on=["2021-10-19", "2021-10-20"]),),
    "panel": (
        lambda ds: ds.panel("month"),
        lambda ds: ds.panel("year", issue="recognition", start="2019-01-01", balanced=True),
    ),
    "not_counted": (
        lambda ds: ds.not_counted("islamic-republic"),
        lambda ds: ds.not_counted("taliban", issue="security"),
    ),
    "history": (
        lambda ds: ds.positions(),
        lambda ds: ds.positions(holder="russia", issue="recognition"),
    ),
    "shifts": (lambda ds: ds.shifts(), lambda ds: ds.shifts(holder="taliban", across=True)),
    "conditions": (
        lambda ds: ds.conditions(),
        lambda ds: ds.conditions(issue="recognition", holder="russia", on="2021-10-20"),
    ),
    "agreement": (
        lambda ds: ds.agreement(),
        lambda ds: ds.agreement(on="2021-10-20", joint=True, all_issues=True),
        lambda ds: ds.agreement(every="year", holder="russia"),
    ),
}
DERIVED = {"counted", "counted_1", "dated", "fold", "positions", "positions_1", "known_at"}
# Asked of generated data, since the packaged data have nothing to answer, or within the others.
GENERATED = {"contradictions", "silence", "document_silences", "matrix"}
FEWEST = (
    *("positions on", "matrix max_age", "panel balanced", "not_counted"),
    *("shifts", "contradictions", "agreement joint", "silence", "matrix silent"),
)  # each packaged query once
WITHIN = {"statements", "spells", "apart_as_of"}
RANKED = {"apart", "ranked"}  # what agreement in NumPy reads
# The first breaks several rules, the second one in a blind coding, the third a row rule.
WHOLE_FAULTS = ("two-faults-at-once", "blind-level-unknown", "ascriber-missing")


def java_version() -> int:
    """Return the version of the Java that Spark would start; 0 if there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session for this module; skip its tests if PySpark or Java is missing."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed: pip install 'pyspark>=4,<5'")
    if java_version() < JAVA:
        pytest.skip(f"Spark 4 needs Java {JAVA} or later, got {java_version() or 'none'}")
    from pyspark.sql import SparkSession

    options = {
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # Compiling the code takes longer than reading so few rows.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        # Bind to localhost only, and create no folder in the current one.
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    # Spark's workers must run this Python, not another one on the path.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").appName("stancedata")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def exported(
    spark: SparkSession, dataset: sd.Dataset, tmp_path_factory: pytest.TempPathFactory
) -> SparkEngine:
    """The packaged data, exported to Parquet and read by Spark."""
    folder = tmp_path_factory.mktemp("export") / "out"
    dataset.export(folder, panel=False)  # panels add their columns to the codebook
    return open_tables(str(folder), spark)


def asking(dataset: sd.Dataset, engine: Engine) -> sd.Dataset:
    """Return the same dataset with another engine for its questions."""
    return sd.Dataset(dataset.tables, dataset.version, engine=engine)


def in_order(rows: list[Row]) -> list[Row]:
    """Sort the rows of a query that has no ORDER BY."""
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def offenders(engine: Engine, rule: Rule) -> list[Row]:
    """Run a rule and return its offenders."""
    return in_order(engine.first(rule.query, None)[0].to_pylist())


def with_tables(engine: Engine, tables: Mapping[str, pa.Table]) -> Engine:
    """Register tables in an engine."""
    for name, table in tables.items():
        engine.register(name, table)
    return engine


def counted_in(engine: Engine) -> pa.Table:
    """Count the stances inside an engine and return them."""
    derive.define_counted(engine)
    return engine.query("SELECT * FROM counted")


def test_every_question_is_asked() -> None:
    """These tests cover every packaged query."""
    assert sorted(packaged_names("questions")) == sorted(
        {*QUESTIONS, *DERIVED, *GENERATED, *WITHIN, *RANKED}
    )


@pytest.mark.parametrize("joint", [False, True])
def test_positions_are_ranked_alike(
    dataset: sd.Dataset, exported: SparkEngine, joint: bool
) -> None:
    """The order in which agreement in NumPy reads positions is Spark's too."""
    found = []
    for asker in (dataset._asker, asking(dataset, exported)._asker):
        sql = reading("questions/ranked", apart=asker._apart(joint, low=True))
        found.append(asker._query(sql, across=joint, low=True).to_pylist())
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.parametrize("name", BY_NAME)
def test_spark_reads_the_export(dataset: sd.Dataset, exported: SparkEngine, name: str) -> None:
    """Spark reads each Parquet file with the original columns, types and values."""
    whole = dataset.tables[name]
    table = revisions.in_parts(whole) if name == revisions.NAME else whole
    found = exported.query(f"SELECT * FROM {name}")
    assert [(f.name, f.type) for f in table.schema] == [(f.name, f.type) for f in found.schema]
    assert in_order(table.to_pylist()) == in_order(found.to_pylist())


def test_counted(dataset: sd.Dataset, exported: SparkEngine) -> None:
    """The counted stances and their occasions are the same on both engines."""
    tables = {name: dataset.tables[name] for name in BY_NAME}
    expected, found = (
        counted_in(engine) for engine in (with_tables(DuckDBEngine(), tables), exported)
    )
    assert expected.schema.names == found.schema.names
    assert in_order(expected.to_pylist()) == in_order(found.to_pylist())


def test_positions(dataset: sd.Dataset, exported: SparkEngine) -> None:
    """Positions derived on Spark equal the packaged table."""
    version = dataset.tables.schema_version
    found = derive.positions(exported, version)
    assert dataset.tables["positions"].to_pylist() == found.to_pylist()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        pytest.param(name, n, marks=pytest.mark.long if n else ())
        for name, asked in QUESTIONS.items()
        for n in range(len(asked))
    ],
)
def test_question(dataset: sd.Dataset, exported: SparkEngine, name: str, number: int) -> None:
    """A question has the same answer on both engines: types, rows, order and values."""
    question = QUESTIONS[name][number]
    expected = question(dataset)
    found = question(asking(dataset, exported))
    assert expected.num_rows, "a question with no answer shows nothing"
    assert expected.schema == found.schema
    assert expected.to_pylist() == found.to_pylist()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_known_at(spark: SparkSession, number: int) -> None:
    """The records as of a release, with their contents, are the same on both engines."""
    history = {"revisions": three()[0].tables["revisions"]}
    asked = {"parameters": parameters_table({"release_number": number})}
    sql = packaged("questions/known_at")
    expected = with_tables(DuckDBEngine(), history).query(sql, **asked)
    found = with_tables(SparkEngine(spark), history).query(sql, **asked)
    assert expected.num_rows
    assert expected.to_pylist() == found.to_pylist()


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 12))]
)
def test_questions_of_generated_data(spark: SparkSession, seed: int) -> None:
    """Ties, nulls and cycles, which the packaged data lack: the answers equal the oracle's too."""
    data = together(seeded(seed * 30 + n) for n in range(30))
    dataset = dataset_of(data)
    tables = {name: dataset.tables[name] for name in BY_NAME}
    engine = with_tables(SparkEngine(spark), tables)
    found = derive.positions(engine)
    assert tables["positions"].to_pylist() == found.to_pylist()
    other = asking(dataset, engine)
    found_silences = derive.document_silences(engine)
    assert tables["document_silences"].to_pylist() == found_silences.to_pylist()
    for name in FEWEST if seed == 1 else (*MINE, *COMPARED):
        assert not differences(name, data, other)


def test_what_is_defined_is_computed_once(spark: SparkSession) -> None:
    """Two queries find the same rows, as if they were in a table."""
    engine = SparkEngine(spark)
    engine.define("drawn", "SELECT rand() AS number")
    first, second = (engine.query("SELECT number FROM drawn").to_pylist() for _ in range(2))
    assert first == second


@pytest.mark.long  # the check of the packaged data below runs all rules at once
@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rule_finds_nobody_in_valid_data(exported: SparkEngine, rule: Rule) -> None:
    """On Spark, a rule finds only exempt records in the packaged data, as on DuckDB."""
    exemptions = sd.load().tables["exemptions"].to_pylist()
    waived = {row["record_id"] for row in exemptions if row["rule"] == rule.name}
    waived = {record_id for record_id in waived if "/" not in record_id}  # not of blind codings
    assert waived == {row["record_id"] for row in offenders(exported, rule)}


def everywhere(table: pa.Table, column: str, value: object) -> pa.Table:
    """Set a column to one value in every row."""
    at = table.schema.get_field_index(column)
    field = table.schema.field(at)
    return table.set_column(at, field, pa.array([value] * table.num_rows, field.type))


@pytest.fixture(scope="module")
def wild_engines(spark: SparkSession) -> tuple[Engine, Engine]:
    """The tables in which every rule finds somebody, on DuckDB and on Spark."""
    return with_tables(DuckDBEngine(), wild()), with_tables(SparkEngine(spark), wild())


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rule_finds_the_same_offenders(wild_engines: tuple[Engine, Engine], rule: Rule) -> None:
    """A rule finds the same records, fields and values on both engines."""
    expected, found = (offenders(engine, rule) for engine in wild_engines)
    assert expected, "somebody must be found"
    assert expected == found


@pytest.mark.long
@pytest.mark.parametrize("name", WHOLE_FAULTS)
def test_fault(
    spark: SparkSession, repository: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A whole check on Spark, with its row rules in one scan, prints the same lines as on DuckDB."""
    spoil(name, repository)
    monkeypatch.chdir(repository.parent)
    on_spark = functools.partial(rules.check, make_engine=lambda: SparkEngine(spark))
    monkeypatch.setattr(rules, "check", on_spark)
    expected = (FAULTS / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert expected == [str(problem) for problem in sd.check("data")]


def unlike(lines: list[str], folder: Path) -> list[str]:
    """Remove the folder from problems."""
    return [line.replace(str(folder), "") for line in lines]


@pytest.mark.parametrize("by", ["issue_id", ""])
def test_a_folder_is_read_by_a_session(
    spark: SparkSession, dataset: sd.Dataset, tmp_path: Path, by: str
) -> None:
    """`read(path, engine=spark)` gives the same answers; the user's views are unchanged."""
    folder = tmp_path / "out"
    dataset.export(folder, partition_by=by, panel=False)
    if not by:
        partition(folder, ("stances", "positions"), "issue_id")  # as other programs do
    spark.createDataFrame([(1,)], "own int").createOrReplaceTempView("stances")
    found = sd.read(folder, engine=spark)
    assert ["own"] == spark.table("stances").columns
    assert dataset.matrix().to_pylist() == found.matrix().to_pylist()
    assert dataset.contradictions().to_pylist() == found.contradictions().to_pylist()
    assert dataset.voiced_by("sergei-lavrov").equals(found.voiced_by("sergei-lavrov"))
    assert dataset.position("russia", "recognition") == found.position("russia", "recognition")
    assert dataset.stances["chintan-2021-10#s01"] == found.stances["chintan-2021-10#s01"]
    assert dataset.tables["stances"].num_rows == len(found.stances)
    assert f"{len(dataset.stances)} stances" in repr(found)
    with pytest.raises(
        sd.StancedataError, match="sql: works with DuckDB only, got data on another engine"
    ):
        found.sql("SELECT 1")


@pytest.mark.long  # a folder with a fault is checked below
def test_the_packaged_data_are_sound(
    spark: SparkSession, dataset: sd.Dataset, tmp_path: Path
) -> None:
    """A check of the packaged data on Spark finds no problems."""
    dataset.export(tmp_path / "out", partition_by="issue_id")
    assert [] == sd.check(tmp_path / "out", engine=spark)


SOME = [
    pytest.param(name, marks=() if name == "unseen-character" else pytest.mark.long)
    for name in FAULT_NAMES
]


@pytest.mark.parametrize("name", SOME)
def test_a_folder_is_checked_alike(
    spark: SparkSession,
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """`check(path, engine=spark)` reports the same problems for every fault, honouring silences."""
    # Treat all tables as large, so that they stay on Spark.
    monkeypatch.setattr("stancedata.engines.spark.FEW", 0)
    spoil(name, repository)
    tables = to_tables(read_folder(repository).content)
    folder = write_parquet(tables | derive.derived_tables(tables), tmp_path / "out")
    assert list(map(str, sd.check(folder))) == list(map(str, sd.check(folder, engine=spark)))


@pytest.mark.long
def test_many_offenders_are_counted(
    spark: SparkSession, dataset: sd.Dataset, tmp_path: Path
) -> None:
    """Twenty offenders are listed and all are counted, as without Spark."""
    stances = everywhere(dataset.tables["stances"], "confidence", "sure")
    folder = write_parquet({**dataset.tables, "stances": stances}, tmp_path / "out")
    found = sd.check(folder, engine=spark)
    assert sd.check(folder) == found
    assert 21 == sum(problem.rule == "vocabulary" for problem in found)


def test_a_session_names_what_is_missing(
    spark: SparkSession, dataset: sd.Dataset, tmp_path: Path
) -> None:
    """Missing tables and columns, and wrong types, are reported in a line each."""
    tables = dict(dataset.tables)
    tables["stances"] = tables["stances"].drop_columns(["act"])
    levels = tables["levels"]
    tables["levels"] = levels.set_column(
        levels.schema.get_field_index("level"), "level", levels["level"].cast(pa.int64())
    )
    folder = write_parquet(tables, tmp_path / "out")
    (folder / "roles.parquet").unlink()
    lines = unlike([str(problem) for problem in sd.check(folder, engine=spark)], folder)
    assert [
        "/levels: level: column has the wrong type, got bigint; the contract says int",
        "/roles: is missing: it has nothing that Spark can read; export the dataset again",
        "/stances: act: column is missing; export the dataset again",
    ] == lines
    with pytest.raises(sd.StancedataError, match="engine: must be a Spark session, got str"):
        sd.read(folder, engine="spark")


def test_frames_are_tables(spark: SparkSession, dataset: sd.Dataset, tmp_path: Path) -> None:
    """The same SQL runs on data frames from any source."""
    folder = tmp_path / "out"
    dataset.export(folder)
    names = [table.name for table in tables_of(dataset.tables.schema_version)]
    frames = {name: spark.read.parquet(str(folder / f"{name}.parquet")) for name in names}
    engine = open_frames(frames, spark)
    assert dataset.shifts().to_pylist() == asking(dataset, engine).shifts().to_pylist()
    del frames["roles"]
    with pytest.raises(sd.InvalidDataError, match="frames/roles: is missing"):
        open_frames(frames, spark)
