"""Other formats hold the same rows as the tables."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import stancedata as sd
from stancedata.exports import stata
from stancedata.tables.contract import BY_NAME
from tests.support.exports import described


@pytest.fixture(scope="module")
def exported(dataset: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the pinned release for Stata and SQLite."""
    folder = tmp_path_factory.mktemp("formats") / "out"
    dataset.export(folder, ("dta", "sqlite"))
    return folder


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


def plain(value: Any) -> Any:
    """A value as SQLite has it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.mark.parametrize("name", ["stances", "positions", "actors", "coverage", "revisions"])
def test_stata_reads_the_same(exported: Path, dataset: sd.Dataset, name: str) -> None:
    """Days are days, nulls among numbers are missing, and columns are labelled."""
    table = own(dataset, name)
    with pd.read_stata(exported / f"{name}.dta", iterator=True) as reader:
        labels = reader.variable_labels()
    frame = pd.read_stata(exported / f"{name}.dta")
    assert table.num_rows == len(frame)
    for field in table.schema:
        found = [plain_stata(value, field.type) for value in frame[field.name]]
        wanted = table.column(field.name).to_pylist()
        blank = "" if pa.types.is_string(field.type) else None
        assert [blank if value is None else value for value in wanted] == found, field.name
    assert labels == {c.name: c.description[:80] for c in BY_NAME[name].columns_of("2")}


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
    """The header of a Stata file has no time of its own; a database has none either."""
    made = []
    for name in ("one", "two"):
        small.export(tmp_path / name, ("dta", "sqlite"))
        made.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert made[0] == made[1]


def test_stata_refuses_what_it_would_cut(tmp_path: Path) -> None:
    """A text with a NUL is refused before the file is written."""
    table = BY_NAME["exemptions"]
    rows = pa.table({"record_id": ["a"], "rule": ["b"], "reason": ["x\0y"]}, schema=table.schema)
    with pytest.raises(sd.StancedataError, match="reason has a text with the character NUL"):
        stata.write(table, [rows], tmp_path, lambda: None)  # type: ignore[arg-type,return-value]
    assert [] == list(tmp_path.iterdir())
