"""Table sources: the number of rows, the files and the size of tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.dataset.folders import from_parquet
from stancedata.questions.positions import Complete
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import BY_NAME, tables_of
from stancedata.tables.digest import digest
from stancedata.tables.parquet import TableFile, stated_size
from stancedata.tables.source import VERSIONS, ParquetTables, as_source


def test_tables_of_a_dict_are_in_memory(dataset: sd.Dataset) -> None:
    """A dict becomes a source with the same tables, none of them large."""
    tables = {name: dataset.tables[name] for name in ("actors", "stances")}
    source = as_source(tables)
    assert dict(source) == tables
    assert (len(source), source.rows("actors")) == (2, tables["actors"].num_rows)
    assert (source.files("actors"), source.is_large("actors")) == ((), False)
    assert not source.is_validated("actors")


def test_a_source_is_itself() -> None:
    """A source is not wrapped again."""
    source = Complete({})
    assert as_source(source) is source
    assert sd.Dataset(source, "0.0.0+test").tables is source


def test_rows_of_files_are_counted_without_loading(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A Parquet table is large by the number of rows in its footer, until it is loaded."""
    dataset.export(tmp_path / "out", panel=False)
    rows = dataset.tables["stances"].num_rows
    for small in (rows - 1, rows):
        tables = ParquetTables(tmp_path / "out", small=small)
        assert tables.rows("stances") == rows
        assert tables.is_large("stances") is (rows > small)
        path = tmp_path / "out" / "stances.parquet"
        assert tables.files("stances") == (TableFile(tables.files("stances")[0].table, path),)
        assert tables["stances"].num_rows == rows
        assert not tables.is_large("stances")
        assert tables.is_validated("stances")


def write_as(folder: Path, tables: Mapping[str, pa.Table], version: str, said: str) -> Path:
    """Write tables with the columns of a schema version; their files say another, or nothing."""
    metadata = {b"stancedata.version": b"0.0.0", b"stancedata.schema_version": said.encode()}
    folder.mkdir()
    for table in tables_of(version):
        rows = tables[table.name].select(table.schema.names)
        rows = rows.replace_schema_metadata(metadata if said else None)
        pq.write_table(rows, folder / f"{table.name}.parquet")
    return folder


@pytest.fixture(scope="module")
def first() -> sd.Dataset:
    """The packaged data as of their first release, which is of schema 1."""
    return sd.load("0.1.0")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("small", [0, 100_000], ids=["from disk", "loaded"])
@pytest.mark.parametrize("stated", [True, False])
def test_files_of_every_version_are_read(
    dataset: sd.Dataset, first: sd.Dataset, tmp_path: Path, version: str, small: int, stated: bool
) -> None:
    """Files of each version, which they state or not, give its digest, its SQL and all questions."""
    dataset = first if version == "1" else dataset
    folder = write_as(tmp_path / "out", dataset.tables, version, version if stated else "")
    found = from_parquet(folder, small)
    assert version == found.tables.schema_version
    assert digest(dataset.tables, schema_version=version) == found.digest
    assert list(found.tables) == [table.name for table in tables_of(version)]
    assert found.tables.rows("stances") == dataset.tables["stances"].num_rows
    for name in BY_NAME:
        rows = found.tables[name]
        assert rows.schema.equals(BY_NAME[name].schema)
        assert rows.equals(dataset.tables[name])
    assert list(found.stances.values()) == list(dataset.stances.values())
    names = found.sql("SELECT * FROM documents LIMIT 0").schema.names
    assert ("status" in names) == (version != "1")
    assert found.shifts().equals(dataset.shifts())


def test_versions_that_are_unknown_or_mixed(dataset: sd.Dataset, tmp_path: Path) -> None:
    """A newer version is refused once, and files of different versions each by name."""
    newer = str(int(SCHEMA_VERSION) + 1)
    folder = write_as(tmp_path / "newer", dataset.tables, SCHEMA_VERSION, newer)
    with pytest.raises(sd.InvalidDataError) as caught:
        sd.read(folder)
    assert [
        f"{folder}: has an unknown schema version, got {newer}; this library reads 1 and 2 and 3: "
        "install a newer stancedata"
    ] == str(caught.value).splitlines()
    folder = write_as(tmp_path / "mixed", dataset.tables, SCHEMA_VERSION, SCHEMA_VERSION)
    roles = folder / "roles.parquet"
    found = pq.read_table(roles)
    pq.write_table(found.replace_schema_metadata({b"stancedata.schema_version": b"1"}), roles)
    (folder / "coders.parquet").unlink()
    with pytest.raises(sd.InvalidDataError) as caught:
        sd.read(folder)
    assert [
        f"{folder}/coders.parquet: is missing; export the dataset again",
        f"{roles}: has a different schema version from the other files, got 1 where they have 3; "
        "export the dataset again",
    ] == str(caught.value).splitlines()


def test_a_dict_of_an_older_version(first: sd.Dataset) -> None:
    """A dict without the tables of schema 2 is of schema 1, and those are empty."""
    old = {table.name: first.tables[table.name] for table in tables_of("1")}
    found = sd.Dataset(old, "0.0.0")
    assert ("1", first.digest) == (found.tables.schema_version, found.digest)
    assert 0 == found.tables["ascribers"].num_rows
    assert "2" == as_source({**old, "coders": found.tables["coders"]}).schema_version
    with pytest.raises(KeyError):
        found.tables["no_such"]


def test_a_row_group_is_sized_by_itself(tmp_path: Path) -> None:
    """To look at all row groups for each of them would take minutes in a file of thousands."""
    pq.write_table(pa.table({"n": [1, 2, 3]}), tmp_path / "n.parquet", row_group_size=1)
    metadata = pq.read_metadata(tmp_path / "n.parquet")
    asked: list[int] = []

    class Metadata:
        num_row_groups, num_rows, num_columns = 3, 3, 1

        def row_group(self, number: int) -> pq.RowGroupMetaData:
            asked.append(number)
            return metadata.row_group(number)

    stand_in: Any = Metadata()
    size = stated_size(stand_in, 1)
    assert ([1], 8 + metadata.row_group(1).total_byte_size) == (asked, size)
