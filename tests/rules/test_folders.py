"""Checks of Parquet folders of any size: same problems as in memory, broken parts reported."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.curation.folder import read_folder
from stancedata.engines.remembered import RememberingEngine
from stancedata.problems import Place
from stancedata.questions.positions import derived_tables
from stancedata.rules import runner as rules
from stancedata.rules.rule import STALE, known_rules
from stancedata.tables import source as storage
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import BY_NAME
from stancedata.tables.rows import to_tables
from tests.rules.test_faults import spoil
from tests.support.parquet_folders import partition, spoil_group, write, write_parquet
from tests.support.paths import FAULT_NAMES, REPOSITORY

Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The miniature repository's tables."""
    return dict(sd.read(REPOSITORY).tables)


def said(folder: Path, **options: object) -> list[str]:
    """Check a folder and strip its path from the problems."""
    found = sd.check(folder, **options)  # type: ignore[arg-type]
    return _plain(found, folder)


def _plain(found: list[sd.Problem], folder: Path) -> list[str]:
    return [str(problem).replace(str(folder), "").lstrip("/: ") for problem in found]


def in_memory(tables: Tables, folder: Path) -> list[str]:
    """Check tables in memory."""

    def locate(kind: str, record_id: str, field: str) -> tuple[Place, str]:
        return Place(str(folder)), f"{kind} {record_id}: {field}".removesuffix(": ")

    found = rules.check(tables, locate, stored=True)
    return _plain(found, folder)


def everywhere(table: pa.Table, column: str, value: object) -> pa.Table:
    """Set a column of a table to one value in every row."""
    at = table.schema.get_field_index(column)
    field = table.schema.field(at)
    return table.set_column(at, field, pa.array([value] * table.num_rows, field.type))


def derived(tables: Tables) -> Tables:
    """Add the derived positions to tables."""
    curated = {n: t for n, t in tables.items() if not BY_NAME[n].derived}
    return {**curated, **derived_tables(curated)}


@pytest.fixture(params=["loaded", "large"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run with tables loaded into memory, and with all of them treated as too large for it."""
    if request.param == "large":
        monkeypatch.setattr(storage, "SMALL", 0)


def sampled(argument: str, values: Iterable[object], every: int) -> pytest.MarkDecorator:
    """Combine values with both sizes; the usual run has one value of every few, at either size in turn."""
    sizes = ("loaded", "large")
    cases = [
        pytest.param(
            value,
            size,
            marks=()
            if number % every == 0 and size == sizes[number // every % 2]
            else pytest.mark.long,
        )
        for number, value in enumerate(values)
        for size in sizes
    ]
    return pytest.mark.parametrize((argument, "large"), cases, indirect=["large"])


@sampled("name", FAULT_NAMES, every=60)
def test_a_folder_has_the_problems_of_its_tables(
    name: str, large: None, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault gives the same problems in a folder as in memory."""
    # Without a vocabulary, nearly every word is unknown.
    monkeypatch.setattr("stancedata.rules.folders.MOST_SHOWN", 1000)
    spoil(name, repository)
    found = to_tables(read_folder(repository).content)
    folder = write_parquet(derived(found), tmp_path / "out", row_group_size=2)
    assert in_memory(found, folder) == said(folder)


LATE = datetime.date(2099, 1, 1)
# Faults that curated files cannot have, by rule: table, column, value, and what the rule says of it.
# Those of one list are planted together, as none hides another.
WRONG: dict[str, dict[str, tuple[str, str, object, str]]] = {
    "values": {
        "level": ("stances", "level", 99, r"got .* \(99\)"),
        "orphan": ("holders", "stance_id", "nowhere#s01", "got 'nowhere#s01' in holders"),
        "no_evidence": ("evidence", "stance_id", "zzz#s01", "has no evidence"),
    },
    "ids": {"duplicate": ("stances", "stance_id", "communique-2021-10-20#s01", "got 'communique")},
    "days": {
        "stated_order": ("stances", "stated_earliest", LATE, f"stated_on: ends .*{LATE}"),
        "published_order": (
            "documents",
            "published_earliest",
            LATE,
            f"published_on: ends .*{LATE}",
        ),
        "held_order": ("events", "held_earliest", LATE, f"held_on: ends .*{LATE}"),
    },
}


@sampled("kind", WRONG, every=1)
def test_what_no_curated_file_can_hold_is_found(
    kind: str, large: None, tables: Tables, tmp_path: Path
) -> None:
    """Duplicate, missing and malformed ids give the same problems as in memory."""
    spoilt = {n: t for n, t in tables.items() if not BY_NAME[n].derived}
    for name, column, value, _ in WRONG[kind].values():
        spoilt[name] = everywhere(spoilt[name], column, value)
    folder = write_parquet(spoilt, tmp_path / "out", row_group_size=2)
    # Stances with the same id have no well-defined positions.
    found = [p for p in sd.check(folder) if p.rule != STALE]
    for rule, (*_, what) in WRONG[kind].items():
        assert any(re.search(what, str(p)) for p in found if p.rule == rule), rule
    assert in_memory(spoilt, folder) == _plain(found, folder)


@pytest.fixture
def folder(tables: Tables, tmp_path: Path) -> Path:
    """The miniature repository as Parquet, two rows in each row group."""
    return write_parquet(tables, tmp_path / "out", row_group_size=2)


def test_sound_folders_have_no_problem(folder: Path) -> None:
    """A valid folder with many row groups has no problems; progress grows up to the total."""
    told: list[tuple[int, int]] = []
    assert [] == said(folder, progress=lambda done, of: told.append((done, of)))
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_what_was_asked_of_small_tables_is_not_asked_again(
    folder: Path, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables have the same problems in any folder, so only what has changed is asked."""
    assert [] == said(folder)
    asked: list[str] = []
    run = RememberingEngine._run

    def count(engine: RememberingEngine, sql: str, *others: Any) -> pa.Table | None:
        asked.append(sql)
        return run(engine, sql, *others)

    monkeypatch.setattr(RememberingEngine, "_run", count)
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    assert [] == said(other)
    assert [] == asked
    write(everywhere(tables["stances"], "level", 99), other / "stances.parquet")
    assert {"level", STALE} <= {problem.rule for problem in sd.check(other)}
    assert 0 < len(asked) < 60


def test_offenders_are_counted(folder: Path, tables: Tables) -> None:
    """The first twenty offenders are listed, in order of record, with the total."""
    rows = tables["actors"]
    names = [f"nobody-{n:03}" for n in range(50)]
    extra = pa.Table.from_pylist(
        [{**rows.to_pylist()[0], "actor_id": name, "name": name} for name in names],
        schema=rows.schema,
    )
    write(pa.concat_tables([rows, extra]).sort_by("actor_id"), folder / "actors.parquet")
    others = {*known_rules()} - {"unused_actor"}  # they have no preferred name either
    lines = said(folder, without=others)
    assert 21 == len(lines)
    assert lines[-2].startswith("actor nobody-019: is not used, got 'nobody-019'")
    assert (
        "unused_actor: is broken by more rows, got 50 in all; the first 20 are listed above"
        == lines[-1]
    )


def test_a_rule_can_be_left_out(folder: Path, tables: Tables) -> None:
    """`without` skips rules, for curated files too; an unknown name gets a suggestion."""
    write(everywhere(tables["stances"], "level", 99), folder / "stances.parquet")
    few = {*known_rules()} - {"level", "stale_positions"}
    assert {"level", "stale_positions"} == {p.rule for p in sd.check(folder, without=few)}
    assert [] == sd.check(folder, without={*few, "level", "stale_positions"})
    assert [] == sd.check(REPOSITORY, without=["level", "text_form"])
    with pytest.raises(sd.StancedataError) as error:
        sd.check(folder, without=["levels"])
    assert "without: is not a rule, got 'levels'; did you mean 'level'?" == str(error.value)


def cut(tables: Tables, folder: Path, name: str, files: int, backwards: bool = False) -> None:
    """Split a table into a folder of files, with neighbouring rows in different files."""
    (folder / f"{name}.parquet").unlink()
    rows = tables[name]
    for n in range(files):
        chosen = list(range(n, rows.num_rows, files))
        part = rows.take(pa.array(chosen[::-1] if backwards else chosen, pa.int64()))
        write(part, folder / name / f"part-{n}.parquet", row_group_size=2)


@sampled("backwards", [False, True], every=1)
def test_files_and_rows_may_lie_in_any_order(
    folder: Path, tables: Tables, backwards: bool, large: None
) -> None:
    """Tables in several files, sorted or not, have the same problems as in one."""
    spoilt = derived({**tables, "stances": everywhere(tables["stances"], "confidence", "sure")})
    expected = in_memory({n: t for n, t in spoilt.items() if not BY_NAME[n].derived}, folder)
    for name in ("stances", "holders", "evidence", "documents", "positions"):
        cut(spoilt, folder, name, 3, backwards)
    assert expected == said(folder)
    assert 4 <= len(expected)


@pytest.mark.usefixtures("large")
def test_a_partitioned_export_is_read_and_checked(small: sd.Dataset, tmp_path: Path) -> None:
    """A partitioned export has the same content as an unpartitioned one, for other readers too."""
    out = tmp_path / "out"
    written = small.export(out, partition_by="issue_id")
    assert out / "stances" / "stances-recognition.parquet" in written
    assert [] == said(out)
    found = sd.read(out)
    assert (small.digest, small.positions_digest) == (found.digest, found.positions_digest)
    counting = "SELECT issue_id, count(*) AS n FROM {} GROUP BY ALL ORDER BY ALL"
    with duckdb.connect() as connection:
        files = f"'{out}/stances/**/*.parquet'"
        rows = connection.execute(counting.format(files)).fetchall()
    expected = small.sql(counting.format("stances")).to_pylist()
    assert [tuple(row.values()) for row in expected] == rows
    small.export(out, panel=False)
    assert not (out / "stances").exists()
    assert small.digest == sd.read(out).digest


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("column", ["issue_id", "event_id"])
def test_partitions_of_other_programs_are_read(
    small: sd.Dataset, tmp_path: Path, column: str
) -> None:
    """Folders named after their value give it to every row, one for null too; an export replaces them."""
    out = tmp_path / "out"
    small.export(out, panel=False)
    partition(out, ("stances",), column)
    value = {"issue_id": "recognition", "event_id": "__HIVE_DEFAULT_PARTITION__"}[column]
    old = out / "stances" / f"{column}={value}" / "part-0.parquet"
    assert column not in pq.ParquetFile(old).schema_arrow.names
    assert small.digest == sd.read(out).digest
    assert [] == said(out)
    small.export(out, partition_by="issue_id", panel=False)
    assert not old.parent.exists()
    assert (out / "stances" / "stances-recognition.parquet").is_file()
    assert small.digest == sd.read(out).digest
    assert [] == said(out)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("issue", "partition_by: is not a column to split tables by, got 'issue'; did you mean "
        "'issue_id'?"),
        ("summary", "partition_by: is not a column to split tables by, got 'summary'; use one of "
        "act, "),
    ],
)  # fmt: skip
def test_columns_to_cut_by_are_named(
    small: sd.Dataset, tmp_path: Path, column: str, message: str
) -> None:
    """An unsuitable partition column is refused; the message lists the suitable ones."""
    with pytest.raises(sd.StancedataError) as error:
        small.export(tmp_path / "out", partition_by=column)
    assert str(error.value).startswith(message)
    with pytest.raises(sd.StancedataError, match="works with Parquet only"):
        small.export(tmp_path / "out", ("csv",), partition_by="issue_id")


WAITING = "no rule was checked, got files that cannot be read; fix them first"


def test_broken_row_groups_of_all_files_are_named_and_rules_wait(
    folder: Path, tables: Tables
) -> None:
    """Every unreadable row group of every file is reported, and no rule is checked."""
    write(everywhere(tables["stances"], "confidence", "sure"), folder / "stances.parquet", row_group_size=1)  # fmt: skip
    spoil_group(folder / "stances.parquet", 1)
    spoil_group(folder / "stances.parquet", 2)
    spoil_group(folder / "actors.parquet", 0)
    spoil_group(folder / "positions.parquet", 0)
    lines = said(folder)
    named = [line.partition(" cannot be read: ")[0] for line in lines]
    groups = tables["stances"].num_rows
    assert [
        WAITING,
        f"actors.parquet: row group 0 of {(tables['actors'].num_rows + 1) // 2}",
        f"positions.parquet: row group 0 of {(tables['positions'].num_rows + 1) // 2}",
        f"stances.parquet: row group 1 of {groups}",
        f"stances.parquet: row group 2 of {groups}",
    ] == named
    assert all(line.endswith("; export the dataset again") for line in lines[1:])


def test_mixed_versions_and_missing_columns_are_named_by_file(folder: Path, tables: Tables) -> None:
    """Each file with a wrong version or schema is reported, and no rule is checked."""
    cut(tables, folder, "holders", 2)
    old = {b"stancedata.schema_version": b"0"}
    part = folder / "holders" / "part-1.parquet"
    pq.write_table(pq.read_table(part).replace_schema_metadata(old), part)
    write(tables["levels"].drop_columns(["level"]), folder / "levels.parquet")
    roles = tables["roles"]
    wrong = roles.set_column(roles.schema.get_field_index("number"), "number", roles["number"].cast(pa.string()))  # fmt: skip
    write(wrong, folder / "roles.parquet")
    lines = said(folder)
    assert (
        "holders/part-1.parquet: has a different schema version from the other files, got 0 where "
        f"they have {SCHEMA_VERSION}; export the dataset again"
    ) in lines
    assert (
        "roles.parquet: number: column has the wrong type, got string; the contract says int32: cast it"
        in lines
    )
    assert any(line.startswith("levels.parquet: level: column is missing") for line in lines)
    assert WAITING in lines
    assert 4 == len(lines)


@pytest.mark.usefixtures("without_cache")
def test_a_full_disk_is_said_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If queries cannot spill to disk, the error says so and names the folder."""

    def full(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to offload data block")

    monkeypatch.setattr("stancedata.engines.duckdb.DuckDBEngine.define", full)
    with pytest.raises(sd.StancedataError) as error:
        sd.check(folder, without={*known_rules()} - {STALE})
    assert "cannot be checked: Out of Memory Error: failed to offload data block; free disk space for" in str(error.value)  # fmt: skip
    assert "TMPDIR" in str(error.value)
