"""The panels of an export: rows, codes of the period, descriptions; they leave the dataset alone."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.dataset import Dataset
from stancedata.exports import panels
from stancedata.tables.source import as_source
from tests.cli.test_commands import run
from tests.support.edition2_model import dataset_of
from tests.support.edition2_records import Records
from tests.support.pinned import RELEASE


@pytest.fixture(scope="module")
def exported(dataset: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the pinned release, in all formats that need nothing more."""
    folder = tmp_path_factory.mktemp("panels") / "out"
    dataset.export(folder, ("parquet", "csv", "sqlite"))
    return folder


def test_panels_are_those_of_the_dataset(dataset: sd.Dataset, exported: Path) -> None:
    """Each file has the rows and columns of `panel`; years and months are whole numbers."""
    for every in ("month", "year"):
        found = pq.read_table(exported / f"panel_{every}.parquet")
        asked = dataset.panel(every)
        assert asked.select(found.column_names).to_pylist() == found.to_pylist()
        lacking = {*asked.column_names} - {*found.column_names}
        assert lacking == (set() if every == "month" else {"month"})
        whole = [name for name in ("year", "month") if name in found.column_names]
        for name in whole:
            assert (pa.int32(), 0) == (found.schema.field(name).type, found[name].null_count)
        assert len((exported / f"panel_{every}.csv").read_bytes().splitlines()) > found.num_rows


def test_who_governs_has_the_numbers_of_the_state(exported: Path) -> None:
    """The Taliban have the codes of Afghanistan from the month in which they took power."""
    rows = pq.read_table(exported / "panel_month.parquet").to_pylist()
    mine = [row for row in rows if row["actor_id"] == "taliban"]
    codes = {(row["governs_iso3"], row["governs_cow"], row["governs_gw"]) for row in mine}
    assert {("AFG", 700, 700)} == {code for code in codes if code[0]}
    assert all(row["governs_cow"] == 700 for row in mine if row["year"] >= 2022)


def test_the_export_describes_its_panels(exported: Path) -> None:
    """Data Package, Croissant, dbt, README and codebook have them like any table."""
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    found = {r["name"]: r["schema"] for r in package["resources"] if r["name"].startswith("panel")}
    assert {"panel_month", "panel_month-csv", "panel_year", "panel_year-csv"} == {*found}
    assert ["period", "actor_id", "issue_id"] == found["panel_month"]["primaryKey"]
    links = [link["fields"] for link in found["panel_month"]["foreignKeys"]]
    assert ["stance_id"] in links
    for name in ("README.md", "croissant.json", "sources.yml"):
        assert "panel_year" in (exported / name).read_text(encoding="utf-8")
    codebook = pq.read_table(exported / "codebook.parquet").to_pylist()
    cow = next(r for r in codebook if (r["table_name"], r["column_name"]) == ("panel_year", "cow"))
    assert "joins null to null" in cow["description"]


def test_they_are_no_part_of_the_dataset(
    dataset: sd.Dataset, exported: Path, tmp_path: Path
) -> None:
    """A check finds nothing; the digest is the same; what is read is exported alike, or without."""
    assert [] == sd.check(exported)
    again = sd.read(exported)
    assert (dataset.digest, [*dataset.tables]) == (again.digest, [*again.tables])
    again.export(tmp_path / "out", ("parquet", "csv", "sqlite"))
    for name in ("panel_year.parquet", "codebook.parquet", "SHA256SUMS"):
        assert (exported / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    again.export(tmp_path / "out", panel=False)
    assert [] == [*(tmp_path / "out").glob("panel*")]
    assert dataset.tables["codebook"].equals(sd.read(tmp_path / "out").tables["codebook"])


def test_an_export_of_an_export_has_the_words_of_now(small: sd.Dataset, tmp_path: Path) -> None:
    """The codebook says of a column what its file says, though it was written in earlier words."""
    earlier = small.tables["codebook"].to_pylist()
    schema = small.tables["codebook"].schema
    rows = [{**row, "description": f"Once: {row['description']}"} for row in earlier]
    tables = {**small.tables, "codebook": pa.Table.from_pylist(rows, schema=schema)}
    source = as_source(tables)
    source.schema_version = small.tables.schema_version
    Dataset(source, small.version).export(tmp_path / "out", panel=False)
    assert earlier == pq.read_table(tmp_path / "out" / "codebook.parquet").to_pylist()


def test_a_codebook_is_checked_with_its_panels(exported: Path, tmp_path: Path) -> None:
    """A row of a panel that is another than the library writes is reported."""
    for file in exported.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert [] == sd.check(tmp_path)
    codebook = pq.read_table(exported / "codebook.parquet")
    rows = codebook.to_pylist()
    row = next(row for row in rows if row["table_name"] == "panel_year")
    row["data_type"] = "int64"
    pq.write_table(
        pa.Table.from_pylist(rows, schema=codebook.schema), tmp_path / "codebook.parquet"
    )
    (problem,) = sd.check(tmp_path)
    assert (f"panel_year.{row['column_name']}", "error") == (problem.field, problem.severity)


def test_large_panels_are_written_on_request(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panel that may be large is left out, unless it is asked for."""
    monkeypatch.setattr(panels, "MOST_ROWS", 1)
    small.export(tmp_path / "out")
    assert [] == [*(tmp_path / "out").glob("panel*")]
    small.export(tmp_path / "out", panel=True, partition_by="issue_id")
    assert (tmp_path / "out" / "panel_year.parquet").is_file()
    assert 2 == len([*(tmp_path / "out").glob("panel*")])


def test_a_dataset_without_positions_has_empty_panels(tmp_path: Path) -> None:
    """Their files have the columns and no rows."""
    dataset_of(Records()).export(tmp_path / "out")
    assert 0 == pq.read_table(tmp_path / "out" / "panel_month.parquet").num_rows


def test_the_command_has_the_option(tmp_path: Path) -> None:
    """`--no-panel` leaves them out."""
    run("export", tmp_path / "out", "--no-panel", "--known-at", RELEASE)
    assert [] == [*(tmp_path / "out").glob("panel*")]
    run("export", tmp_path / "out", "--known-at", RELEASE)
    assert 2 == len([*(tmp_path / "out").glob("panel*")])
