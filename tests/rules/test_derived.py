"""Stored positions are compared with those derived from the stances."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import stancedata as sd
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.questions.positions import Complete
from stancedata.releases.log import read_history
from stancedata.releases.revisions import history_tables, replay
from stancedata.rules.derived import STORED, problems
from stancedata.rules.rule import STALE, known_rules
from stancedata.tables import source as storage
from stancedata.tables.columns import SCHEMA_VERSION, Column
from stancedata.tables.contract import BY_NAME
from stancedata.tables.manifest import Identity, read_manifest, write_manifest
from stancedata.tables.rows import to_tables
from tests.releases.test_versions import edition_2
from tests.support.contents import from_tables
from tests.support.parquet_folders import write
from tests.support.paths import RELEASED

TABLE = BY_NAME["positions"]
OTHERS: dict[str, Any] = {
    "string": "zz", "int32": 77, "bool": True, "date32": datetime.date(2099, 1, 1),
}  # fmt: skip

OTHER_RULES = frozenset(known_rules()) - {STALE}
"""The rules that read what is curated, and none of them the positions; they take most of the time."""


@pytest.fixture(scope="module")
def exported(small: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the miniature repository; tests change copies of it."""
    folder = tmp_path_factory.mktemp("exported") / "out"
    small.export(folder, panel=False)
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """An export of the miniature repository that a test may change."""
    return Path(shutil.copytree(exported, tmp_path / "out"))


def said(folder: Path, **options: Any) -> list[str]:
    """Check a folder; all problems must be about positions, and lose the path of the file.

    What the folder says about itself, such as the digest of the positions, is checked elsewhere.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stancedata.dataset.identity.identity_problems", lambda *_, **__: ())
        lines = list(map(str, sd.check(folder, **options)))
    path = f"{folder / 'positions.parquet'}: "
    assert all(line.startswith(path) for line in lines)
    return [line.removeprefix(path) for line in lines]


def store(rows: pa.Table, folder: Path) -> None:
    """Store positions and update the manifest."""
    about = read_manifest(folder)
    version = about["schema_version"]
    own = rows.select([column.name for column in TABLE.columns_of(version)])
    write(own, folder / "positions.parquet", version)
    digests = (about["digest"], about["positions_digest"])
    write_manifest(folder, Identity(about["version"], *digests, version))


def changed(rows: pa.Table, row: int, column: str, value: object) -> pa.Table:
    """Change one cell of the positions."""
    records = rows.to_pylist()
    records[row][column] = value
    return pa.Table.from_pylist(records, schema=rows.schema)


@pytest.mark.parametrize("most", [0, 100_000])
def test_a_level_that_was_changed_is_named(
    small: sd.Dataset, folder: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """The message names holder, issue, occasion, column and both values, for large files too."""
    monkeypatch.setattr(storage, "SMALL", most)
    rows = small.tables["positions"]
    first = rows.to_pylist()[0]
    store(changed(rows, 0, "level", -first["level"]), folder)
    assert [
        f"{first['actor_id']} on {first['issue_id']}, {first['stated_on']}: level: does not follow "
        f"from the stances, got {-first['level']} where they give {first['level']}; export the "
        "dataset again"
    ] == said(folder, without=OTHER_RULES)


def test_the_comparison_can_be_skipped(small: sd.Dataset, folder: Path) -> None:
    """A level that was changed is not named without the rule, while all other rules are asked."""
    rows = small.tables["positions"]
    store(changed(rows, 0, "level", -rows.column("level")[0].as_py()), folder)
    assert [] == said(folder, without=[STALE])


@pytest.fixture(scope="module")
def engine(small: sd.Dataset) -> DuckDBEngine:
    """An engine with the derived tables, stored ones to compare with them, and nothing else."""
    made = DuckDBEngine()
    for name in STORED:
        made.register(name, small.tables[name])
        made.register(f"derived_{name}", small.tables[name])
    return made


@pytest.mark.parametrize(
    "column", [c for c in TABLE.columns if c.name not in TABLE.key], ids=lambda c: c.name
)
def test_every_column_is_compared(small: sd.Dataset, engine: DuckDBEngine, column: Column) -> None:
    """A changed, emptied or filled cell is found in every column."""
    rows = small.tables["positions"]
    engine.register("positions", rows)
    assert [] == problems(engine, str, SCHEMA_VERSION)
    was = rows.column(column.name)[1].as_py()
    values = [not was if column.type == "bool" else OTHERS[column.type]]
    values += [None] if column.nullable and was is not None else []
    for value in values:
        engine.register("positions", changed(rows, 1, column.name, value))
        (problem,) = problems(engine, str, SCHEMA_VERSION)
        told = [
            "nothing" if v is None else str(v).lower() if column.type == "bool" else str(v)
            for v in (value, was)
        ]
        assert f": {column.name}: does not follow from the stances, got {told[0]} where they give {told[1]};" in str(problem)  # fmt: skip


def test_exchanged_cells_are_named(small: sd.Dataset, folder: Path) -> None:
    """What is compared first is a sum over rows: a cell counts with its row and its column."""
    rows = small.tables["positions"]
    one, other = (rows.column("summary")[row].as_py() for row in (0, 1))
    assert one != other
    store(changed(changed(rows, 0, "summary", other), 1, "summary", one), folder)
    assert 2 == len(said(folder, without=OTHER_RULES))
    row, value = next(
        (i, r["level_min"]) for i, r in enumerate(rows.to_pylist()) if r["level_min"] is not None
    )
    store(changed(changed(rows, row, "level_min", None), row, "level", value + 7), folder)
    assert 1 == len(said(folder, without=OTHER_RULES))


def test_rows_that_lack_or_are_too_many_are_named(small: sd.Dataset, folder: Path) -> None:
    """Missing, extra and duplicate rows are reported."""
    rows = small.tables["positions"]
    store(rows.slice(1), folder)
    (line,) = said(folder, without=OTHER_RULES)
    assert ": does not follow from the stances, got no such row where they give one;" in line
    store(pa.concat_tables([rows, rows.slice(0, 1)]), folder)
    (line,) = said(folder, without=OTHER_RULES)
    assert ": does not follow from the stances, got 2 such rows where they give one;" in line
    store(changed(rows, 0, "stated_earliest", datetime.date(1999, 1, 1)), folder)
    lines = said(folder, without=OTHER_RULES)
    assert 2 == len(lines)
    assert any("got a row where they give none;" in line for line in lines)


def test_silences_are_compared_too(tmp_path: Path) -> None:
    """Rows of `document_silences` that are missing, extra or doubled are reported."""
    old = replay(history_tables(read_history(RELEASED).history)["revisions"], 3)
    tables = to_tables(edition_2(from_tables(old)))
    dataset = sd.Dataset(Complete(tables), "0.0.0+test")
    dataset.export(tmp_path / "out", panel=False)
    rows = dataset.tables["document_silences"]
    document, actor, issue = (rows.column(name)[0].as_py() for name in rows.schema.names)
    other = changed(rows, 0, "issue_id", "no-such-issue")
    for stored, what in (
        (rows, []),
        (rows.slice(1), ["got no such row where they give one"]),
        (other, ["got a row where they give none", "got no such row where they give one"]),
        (pa.concat_tables([rows, rows.slice(0, 1)]), ["got 2 such rows where they give one"]),
    ):
        write(stored, tmp_path / "out" / "document_silences.parquet")
        told = sd.check(tmp_path / "out", without=OTHER_RULES)
        found = [problem for problem in told if problem.rule == STALE]
        assert what == sorted(str(p).split("stances, ")[1].split(";")[0] for p in found)
        assert all(f"{actor} on " in str(p) and f", {document}: " in str(p) for p in found)
        assert what[1:] or all(f"{actor} on {issue}, " in str(p) for p in found)


def test_all_that_differ_are_counted(dataset: sd.Dataset, tmp_path: Path) -> None:
    """The first twenty differences are listed, with the total."""
    folder = tmp_path / "out"
    dataset.export(folder, panel=False)
    rows = dataset.tables["positions"]
    at = rows.schema.get_field_index("actor_name")
    names = pa.array(["nobody"] * rows.num_rows)
    store(rows.set_column(at, rows.schema.field(at), names), folder)
    lines = said(folder, without=OTHER_RULES)
    assert 21 == len(lines)
    assert (
        f"stale_positions: is broken by more rows, got {rows.num_rows} in all; the first 20 are "
        "listed above" == lines[-1]
    )
