"""The files beside the tables: what they say is what the tables are."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
import yaml
from tools.pages.second_dataset import EXAMPLE

import stancedata as sd
from stancedata.exports.description import Licence
from stancedata.exports.panels import PANELS
from stancedata.tables.contract import BY_NAME


@pytest.fixture(scope="module")
def exported(dataset: sd.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the pinned release in both formats."""
    folder = tmp_path_factory.mktemp("beside") / "out"
    dataset.export(folder, ("parquet", "csv"))
    return folder


def json_of(path: Path) -> Any:
    """Read a file of JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def numbers_of(dataset: sd.Dataset) -> list[int]:
    """List the numbers of all levels, from the least."""
    return sorted({n.level for issue in dataset.issues.values() for n in issue.levels})


def test_sums_cover_every_file(exported: Path) -> None:
    """SHA256SUMS has every file but itself and the manifest, which lists it."""
    lines = (exported / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    there = {path.name for path in exported.iterdir()}
    assert there - {"SHA256SUMS", "manifest.json"} == {*sums}
    for name, digest in sums.items():
        assert hashlib.sha256((exported / name).read_bytes()).hexdigest() == digest
    assert there - {"manifest.json"} == {*json_of(exported / "manifest.json")["files"]}


def test_the_data_package_describes_every_file(exported: Path, dataset: sd.Dataset) -> None:
    """Fields, keys, references, allowed values, sizes and digests are those of the files."""
    package = json_of(exported / "datapackage.json")
    assert ("0.2.0", "CC-BY-4.0") == (package["version"], package["licenses"][0]["name"])
    by_path = {resource["path"]: resource for resource in package["resources"]}
    assert {p.name for p in exported.iterdir() if p.suffix in (".csv", ".parquet")} == {*by_path}
    for name, resource in by_path.items():
        fields = [field["name"] for field in resource["schema"]["fields"]]
        if name.endswith(".csv"):
            content = (exported / name).read_bytes()
            assert len(content) == resource["bytes"]
            assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]
            text = content.decode("utf-8").splitlines(keepends=True)
            assert fields == next(csv.reader(text))
        else:
            found = pq.read_table(exported / name)
            assert (fields, resource["rowCount"]) == (found.column_names, found.num_rows)
    stances = by_path["stances.parquet"]["schema"]
    assert ["stance_id"] == stances["primaryKey"]
    link = {
        "fields": ["document_id"],
        "reference": {"resource": "documents", "fields": ["document_id"]},
    }
    assert link in stances["foreignKeys"]
    by_coder = {"fields": ["coder"], "reference": {"resource": "coders", "fields": ["coder"]}}
    for name in ("documents", "codings", "second_stances", "second_evidence"):
        assert by_coder in by_path[f"{name}.parquet"]["schema"]["foreignKeys"], name
    field = next(field for field in stances["fields"] if field["name"] == "confidence")
    assert {"high", "medium", "low"} == {*field["constraints"]["enum"]}
    levels = next(field for field in stances["fields"] if field["name"] == "level")
    assert numbers_of(dataset) == levels["constraints"]["enum"]
    codebook = by_path["codebook.parquet"]["schema"]["fields"]
    kinds = next(field for field in codebook if field["name"] == "data_type")
    assert {"string", "int32", "bool", "date32"} < {*kinds["constraints"]["enum"]}
    months = by_path["panel_month.parquet"]["schema"]["fields"]
    (month,) = [field for field in months if field["name"] == "month"]
    assert [*range(1, 13)] == month["constraints"]["enum"]
    assert {"author", "coder"} >= {r for c in package["contributors"] for r in c["roles"]}
    assert dataset.digest in package["id"]


def test_croissant_describes_every_table(exported: Path, dataset: sd.Dataset) -> None:
    """Every table is a record set with its columns; actors are linked to Wikidata."""
    found = json_of(exported / "croissant.json")
    sets = {records["name"]: records for records in found["recordSet"]}
    for name, records in sets.items():
        names = [field["name"] for field in records["field"]]
        assert names == pq.read_schema(exported / f"{name}.parquet").names
    for file in found["distribution"]:
        content = (exported / file["contentUrl"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    items = {a.wikidata for a in dataset.actors.values() if a.wikidata}
    assert items == {link["@id"].rsplit("/", 1)[1] for link in found["about"]}
    assert "http://mlcommons.org/croissant/1.1" == found["conformsTo"]


def test_validators_accept_both(exported: Path) -> None:
    """Frictionless and mlcroissant validate what they know of, where they are installed."""
    frictionless = pytest.importorskip("frictionless")
    croissant = pytest.importorskip("mlcroissant")
    package = frictionless.Package(str(exported / "datapackage.json"))
    for name in ("actors-csv", "levels-csv", "positions-csv"):
        assert package.get_resource(name).validate().valid, name
    found = croissant.Dataset(jsonld=str(exported / "croissant.json"))
    assert not found.metadata.ctx.issues.errors


def test_sources_of_dbt(exported: Path, dataset: sd.Dataset) -> None:
    """Every table has its file, its columns, and tests of key, links and allowed values."""
    (source,) = yaml.safe_load((exported / "sources.yml").read_text(encoding="utf-8"))["sources"]
    tables = {table["name"]: table for table in source["tables"]}
    known = {table.name: table for table in (*BY_NAME.values(), *PANELS)}
    for name, table in tables.items():
        assert (exported / table["meta"]["external_location"]).is_file()
        names = [column["name"] for column in table["columns"]]
        assert names == [c.name for c in known[name].columns_of("2")]
    columns = {column["name"]: column for column in tables["stances"]["columns"]}
    assert ["not_null", "unique"] == columns["stance_id"]["data_tests"]
    assert "relationships" in columns["speaker_id"]["data_tests"][0]
    (closed,) = columns["level"]["data_tests"]
    assert closed["accepted_values"]["arguments"] == {"values": numbers_of(dataset), "quote": False}


def test_the_readme_is_a_card(exported: Path, dataset: sd.Dataset) -> None:
    """The front matter names a file for each table; the text cites, counts and licenses."""
    _, front, text = (exported / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    card = yaml.safe_load(front)
    assert "cc-by-4.0" == card["license"]
    assert all((exported / config["data_files"]).is_file() for config in card["configs"])
    assert ["positions"] == [c["config_name"] for c in card["configs"] if c.get("default")]
    assert dataset.cite() in text
    assert "| positions | 104 | `positions.parquet`, `.csv` | One row per holder" in text
    assert f"104 positions of actors on {len(dataset.issues)} issues, from " in text
    first = next(iter(dataset.issues.values()))
    assert f"- `{first.issue_id}`: {first.proposition}" in text
    columns = [f"| {c.name} | {c.type}" for c in BY_NAME["positions"].columns_of("2")]
    assert all(column in text for column in columns)
    assert json_of(exported / "datapackage.json")["description"].startswith("104 positions of ")
    assert "apostrophe" in text
    assert "CC-BY-4.0" in (exported / "LICENSE").read_text(encoding="utf-8")


def test_words_of_a_table_stand_alone() -> None:
    """A description is read beside its column, as in a label: it refers to no line above it."""
    loose = re.compile(
        r"^(Its|It|They|That|Their|The same)\b|^(When|Why|Name|Title|Address|Actor|Document)\b[^ ]*( \w+)?[.,]"
    )
    for table in (*BY_NAME.values(), *PANELS):
        for column in table.columns:
            assert not loose.match(column.description), (table.name, column)


def test_partitions_and_licences_that_are_not_stated(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Partitioned tables are patterns, read as the README says; no licence is made up."""
    small.export(tmp_path / "out", partition_by="issue_id")
    front = (tmp_path / "out" / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    paths = {c["config_name"]: c["data_files"] for c in yaml.safe_load(front)["configs"]}
    assert "positions/*.parquet" == paths["positions"]
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "Partitioned by `issue_id`: " in said
    (one,) = re.findall(r"alone, such as `(.*)`;", said)
    assert (tmp_path / "out" / one).is_file()
    (code,) = re.findall(r"pl\.read_parquet\(.*\)", said)
    monkeypatch.chdir(tmp_path / "out")
    found: pl.DataFrame = eval(code, {"pl": pl})
    columns = small.tables["positions"].column_names
    assert sorted(small.tables["positions"].to_pylist(), key=repr) == sorted(
        found.select(columns).to_dicts(), key=repr
    )
    assert "No licence is stated" in (tmp_path / "out" / "LICENSE").read_text(encoding="utf-8")
    assert "https://spdx.org/licenses/ODbL-1.0.html" == Licence.of("ODbL-1.0").url


@pytest.mark.parametrize("partition_by", ["", "issue_id"])
def test_the_examples_of_the_readme_run(
    small: sd.Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    partition_by: str,
) -> None:
    """Every example in Python reads all positions, from the folder of the export."""
    small.export(tmp_path / "out", ("parquet", "csv"), partition_by, panel=False)
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path / "out")
    names: dict[str, Any] = {}
    lines = "\n".join(re.findall(r"```python\n(.*?)```", said, re.DOTALL)).splitlines()
    for line in filter(None, lines):
        exec(line, names)
        if line.startswith("positions = "):
            assert small.tables.rows("positions") == len(names["positions"])
    assert 4 == sum(line.startswith("positions = ") for line in lines)
    assert str(small.matrix()) == capsys.readouterr().out.rstrip("\n")


@pytest.mark.parametrize("kind", ["dta", "sav", "xlsx", "sqlite", "duckdb"])
def test_an_export_without_parquet_and_csv(small: sd.Dataset, tmp_path: Path, kind: str) -> None:
    """Nothing describes files for programs that are not there, and the README names those that are."""
    small.export(tmp_path / "out", (kind,), panel=False)
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert not names & {"datapackage.json", "croissant.json", "sources.yml"}
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert not re.search("datapackage|croissant|sources", said)
    listed = re.findall(r"^\| positions \| [\d,]+ \| (.*) \| One row", said, re.MULTILINE)
    (file,) = re.findall("`(.*)`", listed[0])
    assert file in names


def test_the_examples_for_csv_alone_run(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reads all positions, with days as days and whole numbers whole."""
    small.export(tmp_path / "out", ("csv",), panel=False)
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path / "out")
    names: dict[str, Any] = {}
    for line in "\n".join(re.findall(r"```python\n(.*?)```", said, re.DOTALL)).splitlines():
        exec(line, names)
        if line.startswith("positions = "):
            found = names["positions"]
            assert small.tables.rows("positions") == len(found)
            kinds = dict(zip(found.columns, map(str, found.dtypes), strict=True))
            assert re.match("(?i)date|timestamp", kinds["stated_earliest"]), kinds
            assert re.match("(?i)(big)?int", kinds["level"]), kinds
    assert {"pd", "pl", "duckdb"} <= names.keys()


def test_the_readme_says_how_to_merge(small: sd.Dataset, tmp_path: Path) -> None:
    """R gets an issue of the data, and the formula of Excel names the ranges of their columns."""
    small.export(tmp_path / "out", ("csv", "xlsx"))
    said = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    (issue,) = re.findall(r'panel\$issue_id == "(.*)" &', said)
    assert issue in small.issues
    book = openpyxl.load_workbook(tmp_path / "out" / "stancedata.xlsx")
    ranges = re.findall(r"panel_year!\$([A-Z]+)\$2:\$\1\$(\d+)", said)
    heads = [book["panel_year"][f"{letters}1"].value for letters, _ in ranges]
    assert ["iso3", "year", "issue_id", "level_name"] == heads
    assert {str(book["panel_year"].max_row)} == {last for _, last in ranges}
    assert f'="{issue}")' in said
    small.export(tmp_path / "plain", ("csv",), panel=False)
    assert "How to merge" not in (tmp_path / "plain" / "README.md").read_text(encoding="utf-8")


def test_each_part_of_a_table_is_a_resource(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Programs read each file of Parquet on its own; no foreign key leads to one of several."""
    dataset.export(tmp_path / "out", ["parquet", "csv"], "issue_id", panel=False)
    found = json_of(tmp_path / "out" / "datapackage.json")["resources"]
    stances = [r for r in found if r["name"].startswith("stances.")]
    assert sorted(r["path"] for r in stances) == sorted(
        f.relative_to(tmp_path / "out").as_posix()
        for f in (tmp_path / "out" / "stances").rglob("*.parquet")
    )
    assert dataset.tables.rows("stances") == sum(r["rowCount"] for r in stances)
    columns = [c.name for c in BY_NAME["stances"].columns]
    assert all(columns == [f["name"] for f in r["schema"]["fields"]] for r in stances)
    names = {r["name"] for r in found}
    links = [k["reference"]["resource"] for r in found for k in r["schema"].get("foreignKeys", [])]
    assert {"actors", "stances-csv"} <= {*links} <= names


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib, which mlcroissant uses
def test_croissant_reads_a_partitioned_table(small: sd.Dataset, tmp_path: Path) -> None:
    """The records are those of all files together."""
    small.export(tmp_path / "out", partition_by="issue_id")
    croissant = pytest.importorskip("mlcroissant")
    records = croissant.Dataset(jsonld=str(tmp_path / "out" / "croissant.json")).records(
        "positions"
    )
    columns = [f"positions/{name}" for name in ("stance_id", "issue_id")]
    read = sorted([record[name].decode() for name in columns] for record in records)
    wanted = small.tables["positions"].select(["stance_id", "issue_id"]).to_pylist()
    assert sorted([*row.values()] for row in wanted) == read


@pytest.mark.parametrize("title", ["", "Who recognises Kosovo"])
def test_an_export_is_called_as_its_dataset(small: sd.Dataset, tmp_path: Path, title: str) -> None:
    """Archive, descriptions and citations of another dataset have a name made of its title."""
    named = sd.read(EXAMPLE) if title else small
    name = "who-recognises-kosovo" if title else "stancedata"
    (archive,) = named.export(tmp_path, ("parquet",), panel=False, archive=True)
    assert f"{name}-{named.version}.zip" == archive.name
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path)
    folder = tmp_path / archive.stem
    for file, key in (("datapackage", "name"), ("croissant", "name"), ("manifest", "dataset")):
        assert name == json_of(folder / f"{file}.json")[key]
    (source,) = yaml.safe_load((folder / "sources.yml").read_text(encoding="utf-8"))["sources"]
    assert name.replace("-", "_") == source["name"]
    tests = [
        t for table in source["tables"] for c in table["columns"] for t in c.get("data_tests", [])
    ]
    links = [t["relationships"]["arguments"]["to"] for t in tests if "relationships" in t]
    assert {name.replace("-", "_")} == {link.split("'")[1] for link in links}
    said = (folder / "CITATION.bib").read_text(encoding="utf-8")
    assert said.startswith(f"@misc{{{name.replace('-', '_')}_")
    assert [] == sd.check(folder)


def test_two_exports_are_identical(small: sd.Dataset, exported: Path, tmp_path: Path) -> None:
    """Two exports of one dataset are the same, byte for byte."""
    made = []
    for name in ("one", "two"):
        small.export(tmp_path / name, ("parquet", "csv"))
        made.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert made[0] == made[1]
