"""Exports: all tables, equal in every reader, written atomically."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.data_folder import checkout_data
from stancedata.rules.rule import known_rules
from stancedata.tables import parquet, parquet_writer
from stancedata.tables.columns import Table
from stancedata.tables.contract import BY_NAME, TABLES, tables_of
from stancedata.tables.manifest import foreign_files, manifest_problems, read_manifest
from stancedata.tables.source import VERSIONS
from tests.support.effort import TIMES
from tests.support.exports import described
from tests.support.memory import PEAK


@pytest.fixture(scope="module", params=VERSIONS)
def either(request: pytest.FixtureRequest, dataset: sd.Dataset, small: sd.Dataset) -> sd.Dataset:
    """A dataset of each schema version: two releases, and the miniature repository."""
    found = {"1": dataset.known_at("0.1.0"), "2": dataset, "3": small}[request.param]
    assert request.param == found.tables.schema_version
    return found


@pytest.fixture(scope="module")
def exported(either: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export in both formats."""
    folder = tmp_path_factory.mktemp("export") / "out"
    files = either.export(folder, ["parquet", "csv"])
    assert sorted(files) == sorted(folder.iterdir())
    return folder


@pytest.fixture(scope="module")
def sound(small: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the miniature repository, which no test changes."""
    folder = tmp_path_factory.mktemp("sound") / "out"
    small.export(folder)
    return folder


@pytest.fixture
def out(sound: Path, tmp_path: Path) -> Path:
    """A copy of that export, which a test may change."""
    return Path(shutil.copytree(sound, tmp_path / "out"))


def test_a_version_has_its_own_tables(either: sd.Dataset, exported: Path) -> None:
    """An export has the tables of its schema version and says which that is."""
    names = [table.name for table in tables_of(either.tables.schema_version)]
    assert names == list(either.tables)
    assert sorted([*names, "panel_month", "panel_year"]) == sorted(
        file.stem for file in exported.glob("*.parquet")
    )
    assert either.tables.schema_version == read_manifest(exported)["schema_version"]
    stored = either.sql("SELECT * FROM issues LIMIT 0").schema.names
    assert ("kind" in stored) == (either.tables.schema_version != "1")


@pytest.mark.parametrize("name", BY_NAME)
def test_readers_agree(either: sd.Dataset, exported: Path, name: str) -> None:
    """pandas, polars and DuckDB read the same values from each Parquet file."""
    path = exported / f"{name}.parquet"
    own = [c.name for c in BY_NAME[name].columns_of(either.tables.schema_version)]
    table = described(either, name).select(own)
    if not own:
        assert not path.exists()
        assert not table.num_rows
        return
    assert table.to_pylist() == pq.read_table(path).to_pylist()
    assert table.to_pylist() == pl.read_parquet(path).to_dicts()
    assert table.to_pylist() == duckdb.read_parquet(str(path)).to_arrow_table().to_pylist()
    frame = pd.read_parquet(path)
    assert list(frame.columns) == table.schema.names
    for column in table.schema.names:
        values = [None if pd.isna(value) else value for value in frame[column]]
        assert table.column(column).to_pylist() == values


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_keeps_the_contract(either: sd.Dataset, exported: Path, table: Table) -> None:
    """Types, nullability, descriptions, order and metadata are those of the contract."""
    table = table.of(either.tables.schema_version)
    if not table.columns:
        return
    footer = pq.ParquetFile(exported / f"{table.name}.parquet")
    schema = footer.schema_arrow
    assert [(f.name, f.type, f.nullable) for f in table.schema] == [
        (f.name, f.type, f.nullable) for f in schema
    ]
    assert all((f.metadata or {})[b"description"] for f in schema)
    metadata = schema.metadata or {}
    assert either.digest == metadata[b"stancedata.digest"].decode()
    assert either.version == metadata[b"stancedata.version"].decode()
    version = either.tables.schema_version
    assert version == metadata[b"stancedata.schema_version"].decode()
    names = (
        [schema.names[c.column_index] for c in footer.metadata.row_group(0).sorting_columns]
        if footer.metadata.num_row_groups
        else list(table.key)
    )
    assert list(table.key) == names
    rows = footer.read().select(list(table.key)).to_pylist()
    keys = [tuple(row.values()) for row in rows]
    assert sorted(keys) == keys
    assert len(set(keys)) == len(keys)


def test_texts_that_do_not_repeat_have_no_dictionary(exported: Path) -> None:
    """A dictionary of them would be as long as they are, and be read for each of them."""
    plain = {
        f"{name}.{column.path_in_schema}"
        for name in ("revisions", "stances", "holders", "documents", "evidence")
        for group in [pq.read_metadata(exported / f"{name}.parquet").row_group(0)]
        for column in map(group.column, range(group.num_columns))
        if not column.has_dictionary_page and column.physical_type == "BYTE_ARRAY"
    }
    assert plain >= {
        "revisions.content", "stances.stance_id", "stances.summary", "holders.stance_id",
        "documents.document_id", "documents.sha256", "evidence.stance_id", "evidence.sha256",
    }  # fmt: skip
    assert not plain & {"stances.issue_id", "stances.document_id", "holders.actor_id"}


def test_a_dictionary_has_all_values_of_its_column(tmp_path: Path) -> None:
    """Some readers read nothing of a column that has pages with a dictionary and pages without."""
    schema = pa.schema([("title", pa.string())])
    titles = [f"{number:0100d}" for number in range(20_000)] * 4
    with pq.ParquetWriter(
        tmp_path / "titles.parquet", schema, **parquet_writer.layout(BY_NAME["documents"], schema)
    ) as writer:
        writer.write_table(pa.table({"title": titles}))
    column = pq.read_metadata(tmp_path / "titles.parquet").row_group(0).column(0)
    assert column.has_dictionary_page
    assert column.total_uncompressed_size < len("".join(titles)) / 3


def test_csv_says_the_same(either: sd.Dataset, exported: Path) -> None:
    """The CSV of positions reads back as the table."""
    schema = BY_NAME["positions"].of(either.tables.schema_version).schema
    options = pyarrow.csv.ConvertOptions(
        column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    found = pyarrow.csv.read_csv(exported / "positions.csv", convert_options=options)
    own = either.tables["positions"].select(schema.names)
    assert own.to_pylist() == found.to_pylist()


def test_export_reads_back(either: sd.Dataset, exported: Path) -> None:
    """An export can be read and exported again, with the same digests, version and answers."""
    again = sd.read(exported)
    assert (either.digest, either.version) == (again.digest, again.version)
    assert either.positions_digest == again.positions_digest
    for name in BY_NAME:
        # Long contents, which are cut in files, are whole again.
        wanted = either.tables[name] if name == "revisions" else described(either, name)
        assert wanted.equals(again.tables[name]), name
    assert either.history_digest == again.history_digest
    assert either.shifts().equals(again.shifts())
    assert [] == [p for p in sd.check(exported) if p.severity == "error"]


def test_the_first_release_comes_again(dataset: sd.Dataset, tmp_path: Path) -> None:
    """The digests of 0.1.0 are the same from the package, a checkout and an export of an export."""
    cited = (
        "cccd256a7b7fafca5b3c5dc679d24502ce476dfd400f974940c97c3af8e0d93c",
        "e6016ebd7edcf1afd220216da9cb495568765b3cc460d77f6cc29e250171e41d",
    )
    found = [sd.load("0.1.0")]
    if (data := checkout_data()) is not None:
        found.append(sd.read(data).known_at("0.1.0"))
    dataset.known_at("0.1.0").export(tmp_path / "one", panel=False)
    found.append(sd.read(tmp_path / "one"))
    found[-1].export(tmp_path / "two", panel=False)
    found.append(sd.read(tmp_path / "two"))
    assert [cited] * len(found) == [(each.digest, each.positions_digest) for each in found]


def test_export_replaces_an_export_and_nothing_else(small: sd.Dataset, tmp_path: Path) -> None:
    """An earlier export is replaced; a folder with other files that is no export is refused."""
    out = tmp_path / "out"
    small.export(out, ["parquet", "csv"])
    small.export(out)
    assert not list(out.glob("*.csv"))
    shutil.rmtree(out)
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    with pytest.raises(
        sd.StancedataError, match=r"contains files that are not from an export, got 'notes.txt'"
    ):
        small.export(out)
    assert "mine" == (out / "notes.txt").read_text()
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(sd.StancedataError, match="is a file"):
        small.export(file)
    assert ["file", "out"] == sorted(p.name for p in tmp_path.iterdir())


def test_unknown_format(small: sd.Dataset, tmp_path: Path) -> None:
    """A misspelt format is refused before anything is written."""
    with pytest.raises(
        sd.StancedataError, match="format: is unknown, got 'parqet'; did you mean 'parquet'"
    ):
        small.export(tmp_path / "out", ["parqet"])
    with pytest.raises(sd.StancedataError, match="format: is missing"):
        small.export(tmp_path / "out", [])
    assert [] == list(tmp_path.iterdir())


def test_full_disk_keeps_the_old_export(
    small: sd.Dataset, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk fills up, the old export is unchanged and no draft is left next to it."""
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    real = parquet_writer.write

    def write(table: Table, *others: Any) -> list[Path]:
        if table.name == "stances":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(table, *others)

    monkeypatch.setattr(parquet_writer, "write", write)
    with pytest.raises(
        sd.StancedataError, match=r"written: stances\.parquet: No space left on device; "
    ):
        small.export(out)
    assert before == {p.name: p.read_bytes() for p in out.iterdir()}
    assert [out] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("formats", "by"), [(("parquet",), ""), (("csv", "parquet", "sqlite"), "issue_id")]
)
def test_no_writer_waits_for_one_that_failed(
    small: sd.Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    formats: tuple[str, ...],
    by: str,
) -> None:
    """If several writers fail between their first rows and their last ones, the export ends."""

    def write(table: Table, batches: Iterator[pa.Table], *others: Any) -> list[Path]:
        for _ in batches:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return []

    def export() -> None:
        with pytest.raises(sd.StancedataError, match="No space left on device"):
            small.export(tmp_path / "out", formats, by)
        ended.set()

    monkeypatch.setattr(parquet_writer, "write", write)
    ended = threading.Event()
    threading.Thread(target=export, daemon=True).start()
    assert ended.wait(30)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_export_is_whole(
    out: Path, tmp_path: Path, small: sd.Dataset, dataset: sd.Dataset, how: signal.Signals
) -> None:
    """An export interrupted at any moment leaves the old or the new one."""
    source = tmp_path / "source"
    dataset.export(source, panel=False)
    old, new = small.digest, dataset.digest
    code = (
        f"import sys, stancedata as sd\nds = sd.read({str(source)!r})\n"
        "ds.digest, ds.positions_digest\nprint('go', flush=True)\n"
        f"while True: ds.export({str(out)!r}, panel=False)\n"
    )
    for wait in (0.02, 0.07, 0.15):
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(wait)
        child.send_signal(how)
        child.wait()
        child.stdout.close()
        assert sd.read(out).digest in (old, new)


@pytest.fixture
def plain_user() -> Iterator[Path]:
    """A temporary folder for a test that drops root's privileges, if it has them."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_folder_that_cannot_be_written_is_as_it_was(
    small: sd.Dataset, dataset: sd.Dataset, plain_user: Path
) -> None:
    """Without permission to write or read, the export fails with a message, and changes nothing."""
    out = plain_user / "out"
    small.export(out)
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    dataset.export(plain_user / "other")  # load everything that is read lazily
    try:
        for rights, asked in ((0o555, out), (0o555, plain_user / "new"), (0o000, out)):
            plain_user.chmod(rights)
            if os.geteuid() == 0:
                os.seteuid(65534)
            with pytest.raises(sd.StancedataError) as error:
                dataset.export(asked)
            assert str(error.value) == (
                f"{asked}: cannot be written: Permission denied; the folder is unchanged"
            )
            if os.getuid() == 0:
                os.seteuid(0)
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
    plain_user.chmod(0o755)
    assert before == {p.name: p.read_bytes() for p in out.iterdir()}
    assert {"out", "other"} == {p.name for p in plain_user.iterdir()}


def test_two_processes_at_once(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, small: sd.Dataset, dataset: sd.Dataset
) -> None:
    """Two processes that repeatedly export to one folder leave one complete export and no draft."""
    out, sources = tmp_path / "out", tmp_path_factory.mktemp("sources")
    small.export(sources / "small", panel=False)
    dataset.export(sources / "pinned", panel=False)
    code = (
        "import sys, stancedata as sd\nds = sd.read(sys.argv[1])\n"
        "print('go', flush=True); sys.stdin.readline()\n"
        f"for _ in range(3): ds.export({str(out)!r}, panel=False)\n"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, which],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for which in (str(sources / "small"), str(sources / "pinned"))
    ]  # fmt: skip
    for child in children:  # wait until both are ready
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        assert ("", 0) == (child.communicate()[1], child.returncode)
    assert [] == list(manifest_problems(out, "export again"))
    assert sd.read(out).digest in (small.digest, dataset.digest)
    assert [out] == list(tmp_path.iterdir())


def held(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder, by relative path."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


FOREIGN = {
    ".DS_Store": "desktop",
    "notes.txt": "mine",
    "mine/deep/positions.parquet": "mine",
    "stances/.DS_Store": "desktop",
    "stances/._stances-recognition.parquet": "desktop",
    "stances/notes.txt": "mine",
}
"""What a desktop and a person leave in a partitioned export."""


def test_what_others_left_in_an_export_stays(small: sd.Dataset, tmp_path: Path) -> None:
    """Files of others survive any kind of export, are warned of, and nothing reads them."""
    out = tmp_path / "out"
    small.export(out, partition_by="issue_id")
    for name, text in FOREIGN.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    (out / "mine" / "empty").mkdir()
    (out / "mine").chmod(0o750)
    for column in ("issue_id", "", "issue_id"):
        small.export(out, partition_by=column)
        assert FOREIGN.keys() == {*foreign_files(out)}
        assert FOREIGN == {name: (out / name).read_text() for name in FOREIGN}
        assert (out / "mine" / "empty").is_dir()
        assert 0o750 == stat.S_IMODE((out / "mine").stat().st_mode)
        assert small.digest == sd.read(out).digest
        found = sd.check(out, without=known_rules())
        assert ["warning"] * len(FOREIGN) == [problem.severity for problem in found]
        assert (
            f"{out / 'notes.txt'}: is not in the manifest: it was not written with the other "
            + ("files; it is left alone")
            in map(str, found)
        )
    assert "notes.txt" not in (out / "SHA256SUMS").read_text()


def test_what_a_desktop_left_stops_no_export(small: sd.Dataset, tmp_path: Path) -> None:
    """A folder that a file manager has shown counts as empty."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".DS_Store").write_text("desktop")
    small.export(tmp_path / "out", ["csv"])
    assert "desktop" == (tmp_path / "out" / ".DS_Store").read_text()


@pytest.mark.parametrize("name", ["stances/mine.parquet", "panel_year.csv", "README.md/mine"])
def test_what_would_be_taken_for_ours_stops_an_export(
    small: sd.Dataset, tmp_path: Path, name: str
) -> None:
    """A file of others that readers would take for a table, or in place of a new file, is kept."""
    out = tmp_path / "out"
    small.export(out, partition_by="issue_id")
    (out / "README.md").unlink()
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    before = held(out)
    with pytest.raises(sd.StancedataError, match=f"not from an export, got '{name[:9]}"):
        small.export(out, ["csv"])
    assert before == held(out)


@pytest.mark.parametrize("name", ["positions.csv", "positions.parquet", "manifest.json"])
def test_a_table_of_ones_own_is_no_export(small: sd.Dataset, tmp_path: Path, name: str) -> None:
    """A user's file with the name of an exported one is kept if there is no manifest."""
    file = tmp_path / "out" / name
    file.parent.mkdir()
    file.write_text('{"files": {"manifest.json": ""}}')
    with pytest.raises(
        sd.StancedataError, match=f"contains files that are not from an export, got '{name}'"
    ):
        small.export(tmp_path / "out", ["parquet", "csv"])
    assert {name: b'{"files": {"manifest.json": ""}}'} == held(tmp_path / "out")
    assert ["out"] == os.listdir(tmp_path)


def test_only_what_the_manifest_lists_is_replaced(small: sd.Dataset, out: Path) -> None:
    """A file added to an export later is kept, even with the name of an exported one."""
    (out / "positions.csv").write_text("mine")
    before = held(out)
    with pytest.raises(sd.StancedataError, match=r"not from an export, got 'positions.csv'"):
        small.export(out, ["parquet", "csv"])
    assert before == held(out)


def test_an_export_whose_manifest_was_changed_is_no_export(small: sd.Dataset, out: Path) -> None:
    """A manifest that was edited to list a user's file is not trusted."""
    manifest = out / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace('"files": {', '"files": {\n  "notes.txt": "",')
    )
    (out / "notes.txt").write_text("mine")
    before = held(out)
    with pytest.raises(sd.StancedataError, match="contains files that are not from an export"):
        small.export(out)
    assert before == held(out)


def test_a_damaged_table_is_replaced(small: sd.Dataset, out: Path) -> None:
    """Exporting again repairs a damaged file, as the messages advise."""
    (out / "stances.parquet").write_bytes(b"PAR1")
    small.export(out)
    assert [] == sd.check(out)


def test_export_to_the_current_folder(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an export to its current folder, a process finds the files there."""
    monkeypatch.chdir(tmp_path)
    for formats in (["csv"], ["parquet"]):
        small.export(".", formats)
        assert f"positions.{formats[0]}" in os.listdir()
    assert small.digest == sd.read(".").digest


def test_a_manifest_is_not_waited_for(out: Path) -> None:
    """A pipe in place of the manifest is reported without blocking."""
    (out / "manifest.json").unlink()
    os.mkfifo(out / "manifest.json")
    code = f"import stancedata as sd; print(*sd.check({str(out)!r}))"
    said = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=60)
    assert "manifest.json: was changed after it was written" in said


def test_spoiled_parquet_is_refused(out: Path) -> None:
    """Missing and invalid files, missing columns and wrong types are all reported at once."""
    (out / "roles.parquet").unlink()
    (out / "events.parquet").write_bytes(b"PAR1 nonsense PAR1")
    actors = pq.read_table(out / "actors.parquet")
    pq.write_table(actors.drop_columns(["kind"]), out / "actors.parquet")
    issues = pq.read_table(out / "issues.parquet")
    pq.write_table(
        issues.set_column(3, "core", pa.array([1] * issues.num_rows)), out / "issues.parquet"
    )
    with pytest.raises(sd.InvalidDataError) as error:
        sd.read(out)
    lines = str(error.value)
    assert "roles.parquet: is missing" in lines
    assert "events.parquet: is not a readable Parquet file:" in lines
    assert "actors.parquet: kind: column is missing" in lines
    assert (
        "issues.parquet: core: column has the wrong type, got int64; the contract says bool: cast it"
        in lines
    )
    assert 4 == len(error.value.problems)
    found = sd.check(out)
    assert set(error.value.problems) <= set(found)
    assert ["no rule was checked"] == [
        p.message[:19] for p in found if p.message.startswith("no rule was checked")
    ]
    assert set() == {p.rule for p in found} - {""}


def refused(folder: Path, name: str, table: pa.Table, **options: Any) -> str:
    """Replace a table of an export and return the message of the error on reading it."""
    file = folder / f"{name}.parquet"
    pq.write_table(table, file, **options)
    with pytest.raises(sd.InvalidDataError) as error:
        sd.read(folder).tables[name]
    return str(error.value).removeprefix(f"{file}: ")


def test_what_a_footer_cannot_say_is_looked_at(out: Path) -> None:
    """Invalid UTF-8, duplicate columns and missing values are refused on reading the table."""
    actors = pq.read_table(out / "actors.parquet")
    loose = pa.Table.from_arrays(actors.columns, names=actors.schema.names)
    wrong = pa.array([b"\xff"] * actors.num_rows, pa.binary()).view(pa.string())
    at = actors.schema.get_field_index("name")
    for table, what in (
        (loose.set_column(at, "name", wrong), "cannot be read: "),
        (loose.set_column(at, "name", pa.nulls(actors.num_rows, pa.string())),
         "name: must have a value in every row, got rows without one; export the dataset again"),
        (loose.append_column("name", wrong),
         "name: column appears more than once; export the dataset again"),
    ):  # fmt: skip
        assert refused(out, "actors", table).startswith(what)


@pytest.mark.parametrize("key", ["stancedata.version", "stancedata.schema_version"])
def test_what_a_file_says_of_itself_is_text(out: Path, key: str) -> None:
    """Metadata that are not UTF-8 are refused."""
    tables = {file: pq.read_table(file) for file in (out).glob("*.parquet")}
    for file, table in tables.items():
        pq.write_table(table.replace_schema_metadata({key: b"\xff"}), file)
    with pytest.raises(sd.InvalidDataError, match=r"version, got|version that is not text, got"):
        sd.read(out)


def of_one_text(text: str, rows: int) -> pa.Table:
    """Make a table of exemptions with one repeated text, which Parquet stores once."""
    codes = pa.repeat(pa.scalar(0, pa.int32()), rows)
    column = pa.DictionaryArray.from_arrays(codes, pa.array([text]))
    return pa.table(dict.fromkeys(BY_NAME["exemptions"].schema.names, column))


@pytest.mark.parametrize(("length", "rows"), [(1_000_000, 20_000), (1, 45_000_000)])
def test_inflated_files_are_refused(out: Path, length: int, rows: int) -> None:
    """A small file that would take gigabytes in memory is refused before they are allocated."""
    file = out / "exemptions.parquet"
    pq.write_table(of_one_text("x" * length, rows), file, compression="zstd", store_schema=False)
    assert file.stat().st_size < 500_000
    code = (
        PEAK + "import sys, stancedata as sd\n"
        "try: sd.read(sys.argv[1]).tables['exemptions']\n"
        "except sd.InvalidDataError as error: print(error)\n"
        "print(peak())"
    )
    command = [sys.executable, "-c", code, str(out)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert re.search(r"is too large, got [\d,]+ bytes once read; at most 1,0", said[0])
    assert int(said[1]) < 600  # MiB, of which the libraries take a third


def test_one_inflated_text_is_refused_unread(sound: Path, out: Path) -> None:
    """A text that is too large is refused by the footer, before it is decompressed.

    It has 100 MB, not the gigabytes of a real attack, since the test must make it.
    """
    for name, column in (
        ("actors", "name"),
        ("documents", "title"),
    ):  # one in a dictionary, one in a page
        file = out / f"{name}.parquet"
        table = pq.read_table(file).slice(0, 1)
        at = table.schema.get_field_index(column)
        long = table.set_column(at, table.schema.field(at), pa.array(["x" * 100_000_000]))
        pq.write_table(long, file, compression="zstd", use_dictionary=name == "actors",
                       write_statistics=False)  # fmt: skip
        assert file.stat().st_size < 50_000
    code = (
        PEAK + "import sys, stancedata as sd\n"
        "sd.check(sys.argv[1])\n"
        "before = peak()\n"
        "print(*sd.check(sys.argv[2]), sep='\\n')\n"
        "try: sd.read(sys.argv[2])\n"
        "except sd.InvalidDataError as error: print(error)\n"
        "print(peak() - before)"
    )
    command = [sys.executable, "-c", code, str(sound), str(out)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert 4 == said.count("1 rows take 100,0")
    assert int(said.splitlines()[-1]) < 60  # MiB


def test_inflated_pages_are_refused(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose pages are too large once decompressed is refused."""
    monkeypatch.setattr(parquet, "MOST_BYTES", 10_000_000)
    table = of_one_text("x" * 4_000_000, 1)
    plain = table.cast(pa.schema([(name, pa.string()) for name in table.schema.names]))
    said = refused(out, "exemptions", plain, compression="zstd", use_dictionary=False,
                   write_statistics=False)  # fmt: skip
    assert said.startswith("is too large, got 12,0")
    assert (out / "exemptions.parquet").stat().st_size < 5_000


def test_a_changed_page_is_noticed(small: sd.Dataset, out: Path) -> None:
    """A changed byte in a page is never read as different data."""
    file = out / "stances.parquet"
    raw, rng = file.read_bytes(), random.Random(20211020)
    first = pq.read_metadata(file).row_group(0).column(0)
    start = first.dictionary_page_offset or first.data_page_offset
    for _ in range(60 * TIMES):
        at = rng.randrange(start, start + first.total_compressed_size)
        file.write_bytes(raw[:at] + bytes([raw[at] ^ rng.randrange(1, 256)]) + raw[at + 1 :])
        with contextlib.suppress(sd.InvalidDataError):
            assert small.tables["stances"].equals(sd.read(out).tables["stances"])


def test_rules_hold_on_parquet(out: Path) -> None:
    """Problems in Parquet tables name the record, since there is no file and line."""
    stances = pq.read_table(out / "stances.parquet")
    wrong = stances.set_column(
        stances.schema.get_field_index("level"),
        stances.schema.field("level"),
        pa.array([2] * stances.num_rows, pa.int32()),
    )
    pq.write_table(wrong, out / "stances.parquet")
    problems = sd.check(out)
    digests = [number for number, problem in enumerate(problems) if not problem.rule]
    assert [*range(len(problems))][-len(digests) :] == digests, "the cause comes before digests"
    found = [problem for problem in problems if problem.rule == "level"]
    assert 4 == len(found)
    assert (
        f"{out}: stance communique-2021-10-20#s01: level: is not a level of recognition, got "
        "withholds (2); take name and number from the codebook"
    ) == str(found[0])
