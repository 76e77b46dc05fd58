"""Other formats hold the same rows as the tables."""

from __future__ import annotations

import datetime
import errno
import gc
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import attrs
import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyreadstat
import pytest

import stancedata as sd
from stancedata.exports import archive
from stancedata.exports.formats import databases, excel, frames, spss, stata
from stancedata.exports.formats.work import Work
from stancedata.exports.formats.writers import FORMATS
from stancedata.releases.citation import About
from stancedata.tables import csv, parquet_writer
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest
from stancedata.tables.manifest import Identity
from tests.support.exports import described
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def exported(dataset: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the pinned release in every format that statistics programs and databases read."""
    folder = tmp_path_factory.mktemp("formats") / "out"
    dataset.export(folder, ("dta", "sav", "xlsx", "sqlite", "duckdb"))
    return folder


def work(folder: Path, *batches: pa.Table) -> Work:
    """Rows to write to a folder."""
    return Work(folder, lambda _: batches, lambda: Identity("1", "d", "p"), "3", About())


def own(dataset: sd.Dataset, name: str) -> pa.Table:
    """A table with the columns of the pinned release."""
    columns = BY_NAME[name].columns_of("2")
    return described(dataset, name).select([column.name for column in columns])


def test_sqlite_has_rows_keys_and_links(exported: Path, dataset: sd.Dataset) -> None:
    """Every table has its rows and key; every foreign key leads to a row."""
    with closing(sqlite3.connect(exported / "stancedata.sqlite")) as database:
        for name in dataset.tables:
            wanted = [tuple(map(plain, row.values())) for row in own(dataset, name).to_pylist()]
            assert sorted(wanted, key=repr) == sorted(
                database.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr
            ), name
            info = database.execute(f'PRAGMA table_info("{name}")').fetchall()
            key = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]
            assert list(BY_NAME[name].key_of("2")) == key
        assert [] == database.execute("PRAGMA foreign_key_check").fetchall()
        assert database.execute("PRAGMA foreign_key_list(stances)").fetchall()
        links = database.execute("PRAGMA foreign_key_list(second_holders)").fetchall()
        assert {("stance_id", "stance_id"), ("coder", "coder")} <= {
            (ours, theirs) for _, _, to, ours, theirs, *_ in links if to == "second_stances"
        }


@pytest.mark.parametrize(
    "where",
    [
        "panel_year WHERE iso3 = 'RUS' AND year = 2021",
        "panel_month WHERE governs_iso3 = 'AFG' AND year = 2021",
        "panel_month WHERE cow = 365 AND year = 2021",
        "positions WHERE issue_id = 'recognition' AND stated_earliest > '2021-08-15'",
        "stances WHERE issue_id = 'recognition' AND stated_earliest > '2021-08-15'",
        "documents WHERE published_earliest > '2021-08-15'",
    ],
)
def test_sqlite_finds_rows_by_an_index(exported: Path, where: str) -> None:
    """What people ask for is not searched row by row."""
    with closing(sqlite3.connect(exported / "stancedata.sqlite")) as database:
        plan = database.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {where}").fetchall()
        assert all("USING INDEX" in row[-1] for row in plan), plan


def plain(value: Any) -> Any:
    """A value as SQLite has it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.mark.parametrize("name", ["stances", "positions", "actors", "coverage", "revisions"])
def test_stata_reads_the_same(exported: Path, dataset: sd.Dataset, name: str) -> None:
    """Days are days, nulls among numbers are missing, and columns are labelled."""
    table = own(dataset, name)
    with pd.read_stata(exported / f"{name}.dta", iterator=True) as reader:
        labels = reader.variable_labels()
    frame = pd.read_stata(exported / f"{name}.dta", convert_categoricals=False)
    assert table.num_rows == len(frame)
    for field in table.schema:
        found = [plain_stata(value, field.type) for value in frame[field.name]]
        wanted = table.column(field.name).to_pylist()
        blank = "" if pa.types.is_string(field.type) else None
        assert [blank if value is None else value for value in wanted] == found, field.name
    said = {c.name: c.description for c in BY_NAME[name].columns_of("2")}
    assert labels.keys() == said.keys()
    for column, label in labels.items():
        if label != said[column]:  # it is cut at the end of a word
            head = label.removesuffix("…")
            assert head != label
            assert len(label) <= 80 < len(said[column])
            assert said[column].startswith(head)
            assert not said[column][len(head)].isalnum()


def plain_stata(value: Any, kind: pa.DataType) -> Any:
    """A value read from Stata, as the tables have it."""
    if pd.isna(value):
        return None
    if pa.types.is_date(kind):
        return value.date()
    return value if pa.types.is_string(kind) else type_of(kind)(value)


def type_of(kind: pa.DataType) -> Any:
    """The type of a number."""
    return bool if pa.types.is_boolean(kind) else int


def test_two_exports_are_identical(small: sd.Dataset, tmp_path: Path) -> None:
    """No header has a time of its own."""
    made = []
    for name in ("one", "two"):
        small.export(tmp_path / name, ("dta", "sav", "sqlite", "xlsx"))
        made.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert made[0] == made[1]


def test_stata_refuses_what_it_would_cut(tmp_path: Path) -> None:
    """A text with a NUL is refused before the file is written."""
    table = BY_NAME["exemptions"]
    rows = pa.table({"record_id": ["a"], "rule": ["b"], "reason": ["x\0y"]}, schema=table.schema)
    with pytest.raises(sd.StancedataError, match="reason has a text with the character NUL"):
        stata.write(table, work(tmp_path, rows))
    assert [] == list(tmp_path.iterdir())


def test_databases_carry_all(exported: Path, dataset: sd.Dataset) -> None:
    """The tables of a DuckDB and a SQLite database have the digest of the dataset."""
    with duckdb.connect(exported / "stancedata.duckdb", read_only=True) as database:
        found = {name: database.sql(f'FROM "{name}"').to_arrow_table() for name in dataset.tables}
        comments = database.sql(
            "SELECT c.comment FROM duckdb_columns() c JOIN duckdb_tables() USING (table_name) "
            "WHERE NOT c.internal AND c.comment IS NULL"
        )
        assert [] == comments.fetchall()
        keys = database.sql(
            "SELECT constraint_column_names FROM duckdb_constraints() "
            "WHERE table_name = 'holders' AND constraint_type = 'PRIMARY KEY'"
        )
        assert [(["stance_id", "actor_id"],)] == keys.fetchall()
    assert dataset.digest == digest(found, schema_version="2")
    with closing(sqlite3.connect(exported / "stancedata.sqlite")) as lite:
        lite.row_factory = sqlite3.Row
        rows = {n: [dict(r) for r in lite.execute(f'SELECT * FROM "{n}"')] for n in dataset.tables}
    again = {
        n: pa.Table.from_pylist([typed(n, r) for r in rows[n]], own(dataset, n).schema)
        for n in rows
    }
    assert dataset.digest == digest(again, schema_version="2")


def typed(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of SQLite with days and booleans."""
    kinds = {c.name: c.type for c in BY_NAME[name].columns}
    make: dict[str, Callable[[Any], Any]] = {"date32": datetime.date.fromisoformat, "bool": bool}
    return {
        k: v if v is None else make.get(kinds[k], lambda found: found)(v) for k, v in row.items()
    }


NAMED = ("positions", "stances", "evidence", "participants", "roles", "holders")


Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=["sqlite", "duckdb"])
def ask(request: pytest.FixtureRequest, exported: Path) -> Iterator[Ask]:
    """A function that queries an exported database."""
    path = exported / f"stancedata.{request.param}"
    database: Any = (
        sqlite3.connect(path) if request.param == "sqlite" else duckdb.connect(path, read_only=True)
    )
    with closing(database):
        yield lambda query: [tuple(map(plain, row)) for row in database.execute(query).fetchall()]


def test_views_answer_what_people_ask(ask: Ask, dataset: sd.Dataset) -> None:
    """Names stand beside ids, and the current matrix is that of the library on the last day."""
    for table in NAMED:
        assert ask(f"SELECT COUNT(*) FROM {table}") == ask(f"SELECT COUNT(*) FROM named_{table}")
    addresses = "SELECT COUNT(*) FROM named_stances WHERE document_url IS NOT NULL"
    assert [(0,)] != ask(addresses), "a stance has the address of its document"
    with pytest.raises((sqlite3.Error, duckdb.Error), match="document_url"):  # it has `url`
        ask("SELECT t.document_url FROM named_positions t")
    said = ask("SELECT DISTINCT actor_id, actor_name, document_title FROM named_holders")
    titles = {*dataset.tables["documents"].column("title").to_pylist()}
    assert said
    assert all((dataset.actors[i].name, True) == (name, title in titles) for i, name, title in said)
    ((last,),) = ask("SELECT DISTINCT on_day FROM current_positions")
    wanted = {
        (row["actor_id"], row["issue_id"], row["level_name"])
        for row in dataset.panel("month").to_pylist()
        if row["on_day"].isoformat() == last
    }
    found = ask("SELECT actor_id, issue_id, level_name FROM current_positions")
    assert wanted == {*found}
    assert len(wanted) == len(found)
    issues = dataset.tables["issues"].column("issue_id").to_pylist()
    columns = ", ".join(f'"{issue}"' for issue in issues)
    cells = {
        (row[0], issue, level)
        for row in ask(f"SELECT actor_id, {columns} FROM current_matrix")
        for issue, level in zip(issues, row[1:], strict=True)
        if level is not None
    }
    assert {cell for cell in wanted if cell[2] is not None} == cells


def test_a_database_says_which_data_it_has(ask: Ask, dataset: sd.Dataset) -> None:
    """A file that has left its folder can still be cited."""
    query = (
        "SELECT version, digest, positions_digest, history_digest, schema_version, licence "
        "FROM dataset"
    )
    digests = (dataset.digest, dataset.positions_digest, dataset.history_digest)
    assert [(dataset.version, *digests, "2", "CC-BY-4.0")] == ask(query)


def test_excel_has_typed_cells(exported: Path, dataset: sd.Dataset) -> None:
    """Sheets are the tables, the codebook in their order first; days are days, and no cell is a formula."""
    book = openpyxl.load_workbook(exported / "stancedata.xlsx", read_only=True)
    names = {*dataset.tables, "panel_month", "panel_year"}
    assert ["codebook", "positions", "panel_year", "panel_month", "actors"] == book.sheetnames[:5]
    assert sorted(names) == sorted(book.sheetnames)
    for name in ("codebook", "stances", "positions", "actor_codes"):
        table = own(dataset, name)
        head, *rows = book[name].iter_rows()
        assert table.column_names == [cell.value for cell in head]
        cells = [cell for row in rows for cell in row if cell.value is not None]
        assert {"f", "e"}.isdisjoint(cell.data_type for cell in cells)
        found = [[of_excel(cell.value) for cell in row] for row in rows]
        if name == "codebook":
            assert list(dict.fromkeys(row[0] for row in found)) == book.sheetnames
            assert all(a[2] + 1 == b[2] for a, b in pairwise(found) if a[0] == b[0])
            found.sort()
        assert [[in_excel(v) for v in row.values()] for row in table.to_pylist()] == found
    book.close()


def of_excel(value: Any) -> Any:
    """The value of a cell, which has a time of day beside a day."""
    return value.date() if isinstance(value, datetime.datetime) else value


def in_excel(value: Any) -> Any:
    """A value as Excel has it: days before 1900 as texts."""
    early = isinstance(value, datetime.date) and value.year < 1900
    return value.isoformat() if early else value


REASON = BY_NAME["exemptions"]


def reasons(*texts: str) -> pa.Table:
    """Exemptions with these reasons."""
    ids = [str(number) for number, _ in enumerate(texts)]
    return pa.table({"record_id": ids, "rule": ids, "reason": texts}, schema=REASON.schema)


def test_excel_takes_no_text_for_more(tmp_path: Path) -> None:
    """Formulas, addresses, controls and numbers stay texts; what a cell cannot hold is refused."""
    texts = ["=1+1", "http://example.org", "0012", "a\x01b", " x ", "-1", "{=A1}", "é" * 32_767]
    excel.write([REASON], work(tmp_path, reasons(*texts)))
    sheet = openpyxl.load_workbook(tmp_path / excel.NAME)["exemptions"]
    cells = [sheet.cell(row, 3) for row in range(2, sheet.max_row + 1)]
    assert {"s"} == {cell.data_type for cell in cells}
    assert [t.replace("\x01", "_x0001_") for t in texts] == [
        str(cell.value).replace("\x01", "_x0001_") for cell in cells
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("x" * 32_768, "a text of 32,768 characters"), ("😀" * 16_384, "of 32,768 characters"),
     ("<r><t>1</t></r>", "between <r> and </r>"), ("a\0b", "a character NUL")],
)  # fmt: skip
def test_excel_refuses_texts(tmp_path: Path, text: str, said: str) -> None:
    """A text that no cell holds is refused before anything is written."""
    with pytest.raises(sd.StancedataError, match=f"exemptions has in reason .*{said}"):
        excel.write([REASON], work(tmp_path, reasons(text)))
    assert [] == list(tmp_path.iterdir())


def test_excel_refuses_a_million_rows(tmp_path: Path) -> None:
    """A table of more rows than a sheet has is refused before anything is written."""
    many = pa.table(dict.fromkeys(REASON.schema.names, pa.nulls(600_000, pa.string())))
    with pytest.raises(sd.StancedataError, match="exemptions has more than 1,048,575 rows"):
        excel.write([REASON], work(tmp_path, many, many))
    assert [] == list(tmp_path.iterdir())


def test_too_many_rows_are_refused_before_anything_is_written(
    dataset: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No table of another format is written first."""
    few = attrs.evolve(FORMATS["xlsx"], most_rows=50)
    monkeypatch.setitem(FORMATS, "xlsx", few)
    monkeypatch.setattr(parquet_writer, "write", Mock(side_effect=AssertionError))
    with pytest.raises(sd.StancedataError, match=r"xlsx: .* rows, but a sheet holds 50"):
        dataset.export(tmp_path / "out", ("parquet", "xlsx"))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", ["dta", "sav", "xlsx"])
def test_a_part_of_an_export_is_no_dataset(
    dataset: sd.Dataset, tmp_path: Path, suffix: str
) -> None:
    """Who gives an export without all of the data, or one file of it, is told what to give."""
    dataset.export(tmp_path / "out", (suffix,), panel=False)
    for path in (tmp_path / "out", next((tmp_path / "out").glob(f"*.{suffix}"))):
        with pytest.raises(sd.StancedataError, match="does not have all of a dataset; give"):
            sd.read(path)


@pytest.mark.parametrize("name", ["stances", "positions", "actor_codes"])
def test_spss_reads_the_same(exported: Path, dataset: sd.Dataset, name: str) -> None:
    """Days are days, nulls among numbers are missing, columns and levels are labelled."""
    table = own(dataset, name)
    frame, about = pyreadstat.read_sav(exported / f"{name}.sav")
    for field in table.schema:
        blank = "" if pa.types.is_string(field.type) else None
        wanted = [blank if v is None else v for v in table.column(field.name).to_pylist()]
        assert wanted == [None if pd.isna(v) else v for v in frame[field.name]], field.name
    assert (
        about.column_names_to_labels[table.column_names[0]] == BY_NAME[name].columns[0].description
    )
    numbers = {c.name for c in BY_NAME[name].columns_of("2") if c.type == "int32"}
    assert {"F8.0"} >= {about.original_variable_types[column] for column in numbers}
    if name == "positions":
        assert {0: "no", 1: "yes"} == about.variable_value_labels["own"]
        wanted_labels = frames.level_labels_of(dataset.tables["levels"])
        assert wanted_labels == about.variable_value_labels["level"]
        with pd.read_stata(exported / "positions.dta", iterator=True) as reader:
            assert wanted_labels in reader.value_labels().values()


@pytest.mark.parametrize(
    ("write", "day", "said"),
    [(spss.write, datetime.date(1582, 10, 14), "SPSS's begin on 1582-10-15"),
     (stata.write, datetime.date(99, 12, 31), "Stata's begin on 0100-01-01")],
)  # fmt: skip
def test_days_before_the_calendar(
    tmp_path: Path, write: Any, day: datetime.date, said: str
) -> None:
    """A day before the first that a program has is refused before the file is written."""
    table = BY_NAME["actors"]
    row = {**dict.fromkeys(["actor_id", "name", "kind"], "a"), "valid_to": day}
    with pytest.raises(sd.StancedataError, match=f"valid_to has the day {day}, but {said}"):
        write(table, work(tmp_path, pa.Table.from_pylist([row], table.schema)))
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("text", "said"), [("x\0y", "NUL"), ("x" * 32_768, "of 32,768 bytes")])
def test_spss_refuses_what_it_would_cut(tmp_path: Path, text: str, said: str) -> None:
    """A text that SPSS cannot hold is refused before the file is written."""
    with pytest.raises(sd.StancedataError, match=f"exemptions.sav: reason has a text .*{said}"):
        spss.write(REASON, work(tmp_path, reasons(text)))
    assert [] == list(tmp_path.iterdir())


def test_csv_for_programs_and_for_excel(tmp_path: Path) -> None:
    """Plain CSV has the exact texts; a byte order mark comes first, once."""
    rows = reasons("=1+1", "é")
    for bom in (False, True):
        for plain in (False, True):
            csv.write(REASON, [rows, rows], tmp_path, bom=bom, plain=plain)
            raw = (tmp_path / "exemptions.csv").read_bytes()
            assert int(bom) == raw.count(b"\xef\xbb\xbf") == raw.startswith(b"\xef\xbb\xbf")
            first = pa.csv.read_csv(tmp_path / "exemptions.csv").column("reason")[0].as_py()
            assert ("=1+1" if plain else "'=1+1") == first


def test_the_readme_says_which_csv_it_is(small: sd.Dataset, tmp_path: Path) -> None:
    """The README of an export warns of formulas in plain CSV; CSV alone has such options."""
    small.export(tmp_path / "out", ["csv", "xlsx"], csv_plain=True, csv_bom=True)
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "do not open them in a spreadsheet" in said
    assert "byte order mark" in said
    assert "a sheet for each table" in said
    with pytest.raises(sd.StancedataError, match="csv_bom: works with CSV only"):
        small.export(tmp_path / "out", csv_bom=True)


def test_an_archive_is_one_reproducible_zip(small: sd.Dataset, tmp_path: Path) -> None:
    """It has a folder with a whole export, beside which other files are left alone."""
    out = tmp_path / "out"
    (file,) = small.export(out, archive=True)
    (out / "note.txt").write_text("mine")
    first = file.read_bytes()
    assert [file] == small.export(out, archive=True)
    assert first == file.read_bytes()
    assert [file.name, "note.txt"] == sorted(os.listdir(out), key=lambda name: name == "note.txt")
    with zipfile.ZipFile(file) as packed:
        packed.extractall(tmp_path / "whole")
    inner = tmp_path / "whole" / file.stem
    assert small.digest == sd.read(inner).digest
    assert [] == sd.check(inner)
    assert "stancedata-1-..-2" == archive.archive_name("stancedata", "1/../2")
    for mine in (b"mine", b""):
        file.write_bytes(mine)
        with pytest.raises(
            sd.StancedataError, match="is not an archive of an export, and would be"
        ):
            small.export(out, archive=True)
        assert mine == file.read_bytes()


def _refused(export: Callable[[], object]) -> str:
    """Export while no file may have more than 2,000 bytes; return what is said."""
    import resource  # Windows has none

    said = ""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # xlsxwriter leaves its files open
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
        try:
            export()
        except sd.StancedataError as error:
            said = str(error)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        gc.collect()
    return said


@pytest.mark.skipif(os.name == "nt", reason="has no limits of processes")
@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_finds_no_room_is_named(
    small: sd.Dataset, tmp_path: Path, name: str, archive: bool
) -> None:
    """Whatever its library says, one sentence has the folder and the file; nothing is left."""
    said = _refused(lambda: small.export(tmp_path / "out", [name], archive=archive, panel=False))
    assert re.fullmatch(rf".*/out: cannot be written: \w+\.{name}: .+", said), said
    assert ".stancedata-" not in said
    assert archive or said.endswith("; the folder is unchanged")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="has no limits of processes")
@pytest.mark.parametrize(
    ("name", "reason"), [("sav", "No space left on device"), ("csv", "File too large")]
)
def test_a_full_disk_is_called_full(
    small: sd.Dataset, tmp_path: Path, name: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that does not say why it cannot write is helped out; what another says stands."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    said = _refused(lambda: small.export(tmp_path / "out", [name], panel=False))
    assert f".{name}: {reason}; " in said


def test_a_full_disk_leaves_no_archive(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk fills up half-way through the zip, nothing is left of it."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(sd.StancedataError, match="cannot be written: No space left on device"):
        small.export(tmp_path / "out", archive=True)
    assert [] == list(tmp_path.iterdir())


def test_an_export_needs_no_other_disk(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip and a workbook are written where they go: a full folder for temporary files is no matter."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    small.export(tmp_path / "out", ["xlsx"], archive=True)
    assert ["out"] == [path.name for path in tmp_path.iterdir()]
    assert ["stancedata.xlsx"] == [
        name.rpartition("/")[2]
        for name in zipfile.ZipFile(next((tmp_path / "out").iterdir())).namelist()
        if "xlsx" in name
    ]


def test_a_matrix_has_no_more_columns_than_sqlite() -> None:
    """The view with a column for each issue is one that SQLite takes, or there is none."""
    panel = BY_NAME["positions"]
    tables = [attrs.evolve(panel, name="panel_month")]
    issues = [f"issue-{number}" for number in range(databases.MOST_ISSUES)]
    with closing(sqlite3.connect(":memory:")) as lite:
        lite.execute(
            databases.definition(
                tables[0], dict.fromkeys({c.type for c in panel.columns}, "TEXT"), "3"
            )
        )
        lite.execute("ALTER TABLE panel_month ADD COLUMN on_day TEXT")
        for view in databases.views_of(tables, issues):
            lite.execute(view.definition)
        assert [] == lite.execute("SELECT * FROM current_matrix").fetchall()
    names = [view.name for view in databases.views_of(tables, [*issues, "one-more"])]
    assert ["current_positions"] == names


def test_a_disk_that_fills_up_at_the_end_of_a_workbook(tmp_path: Path) -> None:
    """The zip that the library has begun is deleted without a word of its own."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "import xlsxwriter\n"
        "from stancedata.exports.formats.writers import FORMATS\n"
        "from tests.exports.test_formats import REASON, reasons, work\n"
        "close = xlsxwriter.Workbook.close\n"
        "def full(book):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000,) * 2)\n"
        "    close(book)\n"
        "xlsxwriter.Workbook.close = full\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "rows = reasons(*[str(n) * 9 for n in range(500)])\n"
        "try: FORMATS['xlsx'].write((REASON,), work(Path(sys.argv[1]), rows))\n"
        "except OSError as error: print(error.strerror)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert ("", "stancedata.xlsx: File too large\n") == (said.stderr, said.stdout)


@pytest.mark.parametrize(("name", "most"), [("xlsx", 4_000), ("sav", 400)])
def test_a_full_disk_is_one_sentence(tmp_path: Path, name: str, most: int) -> None:
    """A disk that is full before a file is whole gives a sentence, and nothing else is printed."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from stancedata.exports.formats.writers import FORMATS\n"
        "from tests.exports.test_formats import REASON, reasons, work\n"
        "rows = reasons(*[str(n) * 9 for n in range(500)])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)\n"
        "try: FORMATS[sys.argv[2]].write((REASON,), work(Path(sys.argv[1]), rows))\n"
        "except OSError as error: print(error.strerror)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path), name, str(most)]
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert "" == said.stderr
    assert 1 == len(said.stdout.splitlines())
    assert re.search(r"File too large|Unable to write", said.stdout), said.stdout


def test_a_package_that_does_not_work_is_named(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that is installed and cannot be imported ends an export with a sentence."""
    (tmp_path / "xlsxwriter.py").write_text("raise ImportError('built for another Python')\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "xlsxwriter"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(sd.StancedataError, match=r"does not work: built for another Python; "):
        small.export(tmp_path / "out", formats=["xlsx"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_character_is_refused(small: sd.Dataset, tmp_path: Path, name: str) -> None:
    """Tables that were made in memory can have any bytes; no format gets them."""
    stances = small.tables["stances"]
    at = stances.schema.get_field_index("note")
    wrong = pa.array([b"\xed\xa0\x80"] * stances.num_rows, pa.binary()).view(pa.string())
    broken = stances.set_column(at, stances.schema.field(at), wrong)
    made = sd.Dataset({**small.tables, "stances": broken}, small.version)
    with pytest.raises(sd.StancedataError, match=r"stances: cannot be written: .*UTF8"):
        made.export(tmp_path / "out", [name], panel=False)
    assert [] == list(tmp_path.iterdir())


def test_missing_packages_are_named_at_once(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command installs what all formats need, and nothing is done before."""
    for package in ("pandas", "pyreadstat", "xlsxwriter"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(sd.Dataset, "panel", None)
    with pytest.raises(sd.StancedataError) as error:
        small.export(tmp_path / "out", ["parquet", "xlsx", "sav", "dta", "sav"])
    assert (
        "format: xlsx, sav, dta cannot be written, since packages are not installed: pandas, "
        "pyreadstat, xlsxwriter; run pip install 'stancedata[xlsx,sav,pandas]'"
    ) == str(error.value)
    assert [] == list(tmp_path.iterdir())


def test_stata_keeps_the_greatest_numbers_and_cuts_labels(tmp_path: Path) -> None:
    """Whole numbers that Stata takes for missing values are doubles; a label has a limit."""
    table = BY_NAME["levels"]
    row = {c.name: "a" if c.type == "string" else 2**31 - 1 for c in table.columns}
    label = {2**31 - 1: "é" * 20_000}
    made = attrs.evolve(
        work(tmp_path, pa.Table.from_pylist([row], table.schema)), level_labels=label
    )
    (path,) = stata.write(table, made)
    assert [2**31 - 1] == pd.read_stata(path, convert_categoricals=False)["level"].to_list()
    with pd.read_stata(path, iterator=True) as reader:
        (labels,) = reader.value_labels().values()
    assert ["é" * 15_998 + "…"] == list(labels.values())


def test_an_archive_needs_a_folder(small: sd.Dataset, tmp_path: Path) -> None:
    """A file in place of the folder is left alone."""
    (tmp_path / "out").write_text("mine")
    with pytest.raises(sd.StancedataError, match="out: cannot be written: "):
        small.export(tmp_path / "out", archive=True)
    assert "mine" == (tmp_path / "out").read_text()


CARRY_ALL = ("parquet", "csv", "sqlite", "duckdb")
"""The formats of which the library reads everything again."""


@pytest.mark.parametrize("name", CARRY_ALL)
def test_what_carries_all_is_read_again(dataset: sd.Dataset, tmp_path: Path, name: str) -> None:
    """A folder, a database and a zip give the dataset with its digests, history and answers."""
    dataset.export(tmp_path / "out", [name], panel=False, csv_bom=name == "csv")
    (zipped,) = dataset.export(tmp_path / "zip", [name], panel=False, archive=True)
    database = tmp_path / "out" / f"stancedata.{name}"
    for path in [tmp_path / "out", zipped, *([database] if database.exists() else [])]:
        again = sd.read(path)
        assert dataset.version == again.version
        assert (dataset.digest, dataset.positions_digest) == (again.digest, again.positions_digest)
        assert dataset.history_digest == again.history_digest
        assert dataset.matrix().to_arrow() == again.matrix().to_arrow()


@pytest.mark.parametrize("name", ["a.sqlite", "a.duckdb", "a.zip"])
def test_a_broken_file_is_refused(tmp_path: Path, name: str) -> None:
    """A file that is none of its format is reported in a sentence."""
    (tmp_path / name).write_bytes(b"no database" * 1000)
    with pytest.raises(sd.StancedataError, match=f"{name}: cannot be read: "):
        sd.read(tmp_path / name)


def test_a_database_that_breaks_the_contract_is_refused(small: sd.Dataset, tmp_path: Path) -> None:
    """A missing table, a view in place of one and a wrong value are reported with the file."""
    small.export(tmp_path / "out", ["sqlite"], panel=False)
    path = tmp_path / "out" / "stancedata.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE ascribers")
        database.execute("ALTER TABLE exemptions RENAME TO e")
        database.execute("CREATE VIEW exemptions AS SELECT * FROM e")
    with pytest.raises(sd.InvalidDataError) as error:
        sd.read(path)
    assert f"{path}/ascribers: is missing" in str(error.value)
    assert f"{path}/exemptions: is missing" in str(error.value)
