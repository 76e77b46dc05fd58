"""Folders of Parquet of any size are checked in parts, and what is broken in them is named."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.curation.folder import read_folder
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.problems import Place
from stancedata.rules import queries as judging
from stancedata.rules import runner as rules
from stancedata.rules import scan as scanning
from stancedata.rules import tally as tallying
from stancedata.rules import values as narrowing
from stancedata.rules.rule import Rule, all_rules
from stancedata.tables import parts as streams
from stancedata.tables.rows import to_tables
from tests.rules.test_faults import spoil
from tests.support.parquet_folders import write, write_parquet
from tests.support.paths import FAULT_NAMES, REPOSITORY

Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The miniature repository's tables."""
    return dict(sd.read(REPOSITORY).tables)


def said(folder: Path, **options: object) -> list[str]:
    """What is wrong with a folder, without its own path."""
    found = sd.check(folder, **options)  # type: ignore[arg-type]
    return _plain(found, folder)


def _plain(found: list[sd.Problem], folder: Path) -> list[str]:
    return [str(problem).replace(str(folder), "").lstrip("/: ") for problem in found]


def in_memory(tables: Tables, folder: Path) -> list[str]:
    """What is wrong with tables, each rule asked of the whole of them."""

    def locate(kind: str, record_id: str, field: str) -> tuple[Place, str]:
        return Place(str(folder)), f"{kind} {record_id}: {field}".removesuffix(": ")

    found = rules.check(tables, locate)
    return _plain(found, folder)


def everywhere(table: pa.Table, column: str, value: object) -> pa.Table:
    """A table with one value in every row of a column."""
    at = table.schema.get_field_index(column)
    field = table.schema.field(at)
    return table.set_column(at, field, pa.array([value] * table.num_rows, field.type))


def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have parts of few rows."""
    monkeypatch.setattr(scanning, "PART", 3)


# Each part is some twenty-five queries, so that all faults in parts of one row take minutes.
SOME = [
    pytest.param(name, 9) for name in FAULT_NAMES[::9]
] + [pytest.param(name, 1, marks=pytest.mark.long) for name in FAULT_NAMES]  # fmt: skip


@pytest.mark.parametrize(("name", "part"), SOME)
def test_parts_find_what_the_whole_finds(
    name: str, part: int, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stances asked in parts, by numbers and narrowed, give the problems of tables in memory."""
    monkeypatch.setattr(scanning, "PART", part)
    monkeypatch.setattr(tallying, "MOST_SHOWN", 1000)  # without a vocabulary, nearly all is unknown
    spoil(name, repository)
    found = to_tables(read_folder(repository).content)
    folder = write_parquet(found, tmp_path / "out", row_group_size=2)
    assert in_memory(found, folder) == said(folder)


LATE = datetime.date(2099, 1, 1)
# By rule, what curated files cannot hold: table, column, value.
WRONG = {
    "level": ("stances", "level", 99),
    "orphan": ("holders", "stance_id", "nowhere#s01"),
    "no_evidence": ("evidence", "stance_id", "zzz#s01"),
    "duplicate": ("stances", "stance_id", "communique-2021-10-20#s01"),
    "stated_order": ("stances", "stated_earliest", LATE),
    "published_order": ("documents", "published_earliest", LATE),
    "held_order": ("events", "held_earliest", LATE),
}


@pytest.mark.parametrize(
    ("rule", "part"),
    [*((rule, 4) for rule in ("orphan", "duplicate")), *((r, 1000) for r in WRONG)],
)
def test_parts_of_any_size_find_the_same(
    rule: str, part: int, tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids that are repeated, missing or strange are no reason to find less, or more."""
    monkeypatch.setattr(scanning, "PART", part)
    name, column, value = WRONG[rule]
    spoilt = {n: t for n, t in tables.items() if n not in ("positions", "releases", "revisions")}
    spoilt[name] = everywhere(spoilt[name], column, value)
    folder = write_parquet(spoilt, tmp_path / "out", row_group_size=2)
    expected = in_memory({n: t for n, t in spoilt.items() if n != "codebook"}, folder)
    found = said(folder)
    assert any(p.rule == rule for p in sd.check(folder))
    assert expected == found


def test_every_rule_is_asked_in_parts_or_says_that_it_cannot(tables: Tables) -> None:
    """A rule whose offenders hang on other stances says `across`; the others do so by parts."""
    assert ["natural_key", "unused_actor"] == [r.name for r in all_rules() if r.across]


@pytest.fixture
def folder(tables: Tables, tmp_path: Path) -> Path:
    """The miniature repository as Parquet, two rows a row group."""
    return write_parquet(tables, tmp_path / "out", row_group_size=2)


def test_sound_folders_have_no_problem(folder: Path) -> None:
    """Nothing is wrong with a folder of many row groups."""
    assert [] == said(folder)


def test_offenders_are_counted(folder: Path, tables: Tables) -> None:
    """Of many offenders the first twenty are said, by record, and the number of all."""
    rows = pa.concat_tables([tables["actors"]] * 1)
    names = [f"nobody-{n:03}" for n in range(50)]
    extra = pa.Table.from_pylist(
        [{**rows.to_pylist()[0], "actor_id": name, "name": name} for name in names],
        schema=rows.schema,
    )
    write(pa.concat_tables([rows, extra]).sort_by("actor_id"), folder / "actors.parquet")
    lines = [line for line in said(folder) if "used by nothing" in line or "more rows" in line]
    assert 21 == len(lines)
    assert lines[-2].startswith("actor nobody-019: is used by nothing, got 'nobody-019'")
    assert "unused_actor: is broken by more rows, got 50; the first 20 are above" == lines[-1]


def test_a_rule_can_be_left_out(folder: Path, tables: Tables) -> None:
    """`without` leaves rules out, of curated files too; an unknown one gets a suggestion."""
    write(everywhere(tables["stances"], "level", 99), folder / "stances.parquet")
    assert said(folder)
    assert [] == said(folder, without=("level",))
    assert [] == sd.check(REPOSITORY, without=["level", "text_form"])
    with pytest.raises(sd.StancedataError) as error:
        sd.check(folder, without=["levels"])
    assert "without: no rule is called so, got 'levels'; did you mean 'level'?" == str(error.value)


def test_progress_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches is told of rows done, ever more, up to all."""
    in_small_parts(monkeypatch)
    told: list[tuple[int, int]] = []
    sd.check(folder, progress=lambda done, of: told.append((done, of)))
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def cut(tables: Tables, folder: Path, name: str, files: int, backwards: bool = False) -> None:
    """A table as a folder of several files, every row in another than its fellow."""
    (folder / f"{name}.parquet").unlink()
    rows = tables[name]
    for n in range(files):
        chosen = list(range(n, rows.num_rows, files))
        part = rows.take(pa.array(chosen[::-1] if backwards else chosen, pa.int64()))
        write(part, folder / name / f"part-{n}.parquet", row_group_size=2)


@pytest.mark.parametrize("backwards", [False, True])
def test_files_and_rows_may_lie_in_any_order(
    folder: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch, backwards: bool
) -> None:
    """Tables of several files, sorted or not, have the same problems as those of one."""
    in_small_parts(monkeypatch)
    spoilt = {**tables, "stances": everywhere(tables["stances"], "confidence", "sure")}
    expected = in_memory({n: t for n, t in spoilt.items() if n in tables and n not in (
        "positions", "codebook", "releases", "revisions")}, folder)  # fmt: skip
    for name in ("stances", "holders", "evidence", "documents"):
        cut(spoilt, folder, name, 3, backwards)
    assert expected == said(folder)
    assert 4 <= len(expected)


def test_a_partitioned_export_is_read_and_checked(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is cut by a column has the content of what is whole; so has what others read of it."""
    in_small_parts(monkeypatch)
    out = tmp_path / "out"
    written = small.export(out, partition_by="issue_id")
    assert out / "stances" / "issue_id=recognition" / "part-0.parquet" in written
    assert [] == said(out)
    found = sd.read(out)
    assert (small.digest, small.positions_digest) == (found.digest, found.positions_digest)
    counting = "SELECT issue_id, count(*) AS n FROM {} GROUP BY ALL ORDER BY ALL"
    with duckdb.connect() as connection:
        files = f"read_parquet('{out}/stances/**/*.parquet', hive_partitioning=true)"
        rows = connection.execute(counting.format(files)).fetchall()
    expected = small.sql(counting.format("stances")).to_pylist()
    assert [tuple(row.values()) for row in expected] == rows
    small.export(out)
    assert not (out / "stances").exists()
    assert small.digest == sd.read(out).digest


def test_a_partition_of_no_value_is_read(small: sd.Dataset, tmp_path: Path) -> None:
    """Rows without a value have a folder of their own, and come back without one."""
    out = tmp_path / "out"
    small.export(out, partition_by="event_id")
    assert (out / "stances" / "event_id=__HIVE_DEFAULT_PARTITION__").is_dir()
    assert small.digest == sd.read(out).digest
    assert [] == said(out)


def test_an_export_replaces_no_folder_of_others(small: sd.Dataset, tmp_path: Path) -> None:
    """A folder called as a table that holds a file of somebody's is not replaced."""
    out = tmp_path / "out"
    small.export(out, partition_by="issue_id")
    own = out / "stances" / "notes.txt"
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(sd.StancedataError, match="holds files that are no export, got 'stances/no"):
        small.export(out)
    assert "mine" == own.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("issue", "partition_by: is no column to cut tables by, got 'issue'; did you mean 'issue_id'?"),
        ("summary", "partition_by: is no column to cut tables by, got 'summary'; write one of act, "),
    ],
)  # fmt: skip
def test_columns_to_cut_by_are_named(
    small: sd.Dataset, tmp_path: Path, column: str, message: str
) -> None:
    """A column that no table can be cut by is refused with those that can."""
    with pytest.raises(sd.StancedataError) as error:
        small.export(tmp_path / "out", partition_by=column)
    assert str(error.value).startswith(message)
    with pytest.raises(sd.StancedataError, match="cuts Parquet alone"):
        small.export(tmp_path / "out", ("csv",), partition_by="issue_id")


def spoil_group(file: Path, group: int) -> None:
    """Change a byte in a row group's last column."""
    part = pq.read_metadata(file).row_group(group)
    column = part.column(part.num_columns - 1)
    raw = bytearray(file.read_bytes())
    at = (
        (column.dictionary_page_offset or column.data_page_offset)
        + column.total_compressed_size
        - 2
    )
    raw[at] ^= 0xFF
    file.write_bytes(raw)


def test_a_broken_row_group_is_named_and_the_rest_checked(folder: Path, tables: Tables) -> None:
    """One part of a file cannot be read: it is said which, and nobody is accused for its rows."""
    write(everywhere(tables["stances"], "confidence", "sure"), folder / "stances.parquet", row_group_size=1)  # fmt: skip
    groups = tables["stances"].num_rows
    spoil_group(folder / "stances.parquet", 1)
    lines = said(folder)
    pattern = rf"stances.parquet: row group 1 of {groups} cannot be read, got .*; export the dataset again"
    assert 1 == sum(bool(re.match(pattern, line)) for line in lines)
    assert groups - 1 == sum("is not a value of confidence, got 'sure'" in line for line in lines)
    assert [line for line in lines if "row group" not in line and "'sure'" not in line] == [
        "some rules were not asked, got member_with_bloc, natural_key, speaker_role, unused_actor; "
        "mend what cannot be read"
    ]


def test_what_breaks_late_is_told_as_what_breaks_at_once(
    folder: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that were asked of the first parts, and not of all, are named as not asked."""
    write(tables["holders"], folder / "holders.parquet", row_group_size=1)
    spoil_group(folder / "holders.parquet", tables["holders"].num_rows - 1)
    whole = said(folder)
    assert 2 == len(whole)
    monkeypatch.setattr(scanning, "PART", 1)
    monkeypatch.setattr(streams, "ahead", iter)
    assert whole == said(folder)


def test_a_broken_reference_accuses_nobody(folder: Path) -> None:
    """What may be in the part that cannot be read is not said to be missing."""
    spoil_group(folder / "actors.parquet", 0)
    lines = sorted(said(folder))
    assert lines[0].startswith("actors.parquet: row group 0 of ")
    assert 2 == len(lines)
    assert lines[1].startswith("some rules were not asked, got ")


def test_mixed_versions_and_missing_columns_are_named_by_file(folder: Path, tables: Tables) -> None:
    """Each file that is not of the contract has its line; rules that need it are not asked."""
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
        "holders/part-1.parquet: has another schema version than its fellows, got 0; this library "
        "reads 1"
    ) in lines
    assert (
        "roles.parquet: number: column has another type, got string; the contract has int32"
        in lines
    )
    assert any(
        line.startswith("levels.parquet: level: column is missing, got none") for line in lines
    )
    assert 4 == len(lines)
    unasked = next(line for line in lines if line.startswith("some rules were not asked"))
    assert "no_holder" in unasked
    assert "vocabulary" not in unasked


def test_a_full_disk_is_said_in_a_sentence(
    folder: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room for what does not fit into memory, that is said, and where."""

    def full(*_: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to offload data block")

    cut(tables, folder, "stances", 2, backwards=True)
    monkeypatch.setattr("stancedata.engines.duckdb.DuckDBEngine.write", full)
    with pytest.raises(sd.StancedataError) as error:
        sd.check(folder)
    assert "cannot be checked, got Out of Memory Error: failed to offload data block; make room in" in str(error.value)  # fmt: skip
    assert "TMPDIR" in str(error.value)


def test_numbers_stand_for_ids_one_to_one(tables: Tables) -> None:
    """Numbered rows have equal ids where they had, in one table and across tables."""
    part = {name: tables[name] for name in streams.OF_STANCES}
    part["holders"] = part["holders"].slice(1)
    lost = everywhere(part["evidence"].slice(0, 1), "stance_id", "zzz#s01")
    part["evidence"] = pa.concat_tables([part["evidence"], lost])
    numbered = streams.numbered(part)
    pairs = {
        (number, name)
        for table in part
        for number, name in zip(
            numbered[table]["stance_id"].to_pylist(), part[table]["stance_id"].to_pylist(),
            strict=True,
        )
    }  # fmt: skip
    assert len(pairs) == len({number for number, _ in pairs}) == len({name for _, name in pairs})


@pytest.mark.parametrize(
    ("condition", "broken"), [("quantifier IS NULL", True), ("quantifier = 'no such'", False)]
)
def test_narrowed_rows_hide_no_offender(tables: Tables, condition: str, broken: bool) -> None:
    """A rule that looks at one column finds somebody in its values where it does in its rows."""
    rule = Rule("made_up", "", "error", "", condition, row="stances", offender=("''",) * 5)
    (branch,) = judging.branches(rule)
    assert narrowing.is_brief(branch)
    at = tables["stances"].schema.get_field_index("quantifier")
    column = tables["stances"]["quantifier"].dictionary_encode()
    coded = tables["stances"].set_column(at, "quantifier", column)
    few = narrowing.narrowed({"stances": coded}, [branch])["stances"]
    sql = f"SELECT stance_id FROM stances WHERE {condition}"
    for rows in (coded, few):
        assert broken == bool(DuckDBEngine().query(sql, stances=rows).num_rows)
