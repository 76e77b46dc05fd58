"""Collections, SQL and other interfaces of a dataset."""

from __future__ import annotations

import concurrent.futures
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.dataset import packaged


def test_collections_are_mappings(dataset: sd.Dataset) -> None:
    """Records are built on demand, and equal when built again."""
    russia = dataset.actors["russia"]
    assert ("Russia", "state", "Q159") == (russia.name, russia.kind, russia.wikidata)
    assert ("RUS", "365") == (russia.code("iso3166-1-alpha3"), russia.code("cow"))
    assert russia == dataset.actors["russia"]
    assert "russia" in dataset.actors
    assert "narnia" not in dataset.actors
    assert len(dataset.actors) == len(list(dataset.actors)) == len(dict(dataset.actors.items()))
    assert list(dataset.actors) == list(dataset.actors.keys())
    assert list(dataset.actors.values()) == [dataset.actors[i] for i in dataset.actors]
    assert dataset.actors.get("narnia") is None
    assert dataset.actors == dataset.actors
    assert dataset.actors != packaged.load(dataset.version).actors
    assert "actors: " in repr(dataset.actors)
    assert "stances" in repr(dataset)


def test_unknown_ids_suggest(dataset: sd.Dataset) -> None:
    """An unknown ID is refused with the closest one."""
    with pytest.raises(sd.UnknownIdError, match="did you mean 'moscow-format-2021-10-20'"):
        dataset.events["moscow-format-2021-10-21"]
    with pytest.raises(KeyError):
        dataset.actors["zz"]


@pytest.mark.parametrize(
    "name", ["actors", "events", "documents", "issues", "stances", "blind_stances"]
)
def test_collections_are_tables(dataset: sd.Dataset, name: str) -> None:
    """pyarrow, polars and DuckDB accept a collection directly, and repeatedly."""
    collection = getattr(dataset, name)
    rows = len(collection)
    assert rows == collection.to_arrow().num_rows == len(collection.to_pandas())
    assert rows == collection.to_polars().height == pl.DataFrame(collection).height
    assert rows == pa.table(collection).num_rows
    stances = collection  # DuckDB looks the name up here
    query = "SELECT count(*) FROM stances"
    counts = [duckdb.execute(query).fetchall()]
    counts.append(duckdb.execute(query).fetchall())
    assert [[(rows,)]] * 2 == counts
    assert stances is collection


def test_sql_reads_every_table(dataset: sd.Dataset) -> None:
    """A query can use the tables by name, and parameters."""
    for name in dataset.tables:
        found = dataset.sql(f"SELECT count(*) AS n FROM {name}").to_pylist()
        assert [{"n": dataset.tables[name].num_rows}] == found
    query = "SELECT level_name FROM stances WHERE stance_id = $id"
    found = dataset.sql(query, {"id": "republic-world-2021-10-07#s05"}).to_pylist()
    assert [{"level_name": "withholds"}] == found


@pytest.mark.parametrize(
    "query",
    [
        "COPY stances TO '{file}'",
        "WITH x AS (COPY stances TO '{file}') SELECT 1",
        "EXPORT DATABASE '{file}'",
        "ATTACH '{file}'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET enable_external_access",
        "PRAGMA enable_profiling='{file}'",
        "SELECT * FROM secret_of_this_function",
        "SELECT nonsense",
        "",
    ],
)
def test_sql_is_locked(dataset: sd.Dataset, tmp_path: Path, query: str) -> None:
    """A query can neither read nor write files, load extensions or change settings."""
    secret_of_this_function = pa.table({"a": [1]})
    file = tmp_path / "out"
    with pytest.raises(sd.StancedataError, match="the query was refused"):
        dataset.sql(query.format(file=file))
    assert not file.exists()
    assert 1 == secret_of_this_function.num_rows


def test_sql_changes_nothing(dataset: sd.Dataset) -> None:
    """A query cannot change tables or leave anything for the next one."""
    for query in ("CREATE VIEW actors2 AS SELECT 1", "DROP VIEW actors"):
        try:
            dataset.sql(query)
        except sd.StancedataError:
            continue
    assert len(dataset.actors) == dataset.sql("SELECT * FROM actors").num_rows
    with pytest.raises(sd.StancedataError):
        dataset.sql("SELECT * FROM actors2")


@pytest.mark.parametrize("times", [16, pytest.param(160, marks=pytest.mark.long)])
def test_threads(times: int) -> None:
    """Eight threads querying one dataset get the same results as one."""
    kinds: list[Callable[[sd.Dataset], object]] = [
        lambda ds: ds.position("russia", "aid"),
        lambda ds: ds.history("Kremlin", "recognition"),
        lambda ds: ds.stances["chintan-2021-10#s01"],
        lambda ds: ds.actors.resolve("Lavrov"),
        lambda ds: ds.actors["taliban"],
        lambda ds: ds.conditions(issue="recognition").to_pylist(),
        lambda ds: ds.voiced_by("Lavrov").to_pylist(),
        lambda ds: ds.shifts("russia").to_pylist(),
        lambda ds: ds.sql("SELECT count(*) AS n FROM stances").to_pylist(),
        lambda ds: ds.digest,
    ]
    alone, dataset = sd.load(), sd.load()
    expected = [ask(alone) for ask in kinds]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda ask: ask(dataset), kinds * times))
    assert expected * times == found


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_splitting_does_not_matter(dataset: sd.Dataset, tmp_path: Path, rows: int) -> None:
    """Digest and results do not depend on row group size or row order."""
    dataset.export(tmp_path / "out", panel=False)
    for file in (tmp_path / "out").glob("*.parquet"):
        table = pq.read_table(file, partitioning=None)
        order = pa.array(reversed(range(table.num_rows)), pa.int64())
        pq.write_table(table.take(order), file, row_group_size=rows)
    found = sd.read(tmp_path / "out")
    assert dataset.digest == found.digest
    assert dataset.matrix(on="2021-10-21").equals(found.matrix(on="2021-10-21"))
    assert dataset.shifts().equals(found.shifts())
    assert dataset.contradictions().equals(found.contradictions())
    assert dataset.position("russia", "aid") == found.position("russia", "aid")


def test_import_is_light() -> None:
    """Importing the package does not import heavy libraries."""
    code = "import sys, stancedata; print([m for m in ('attr', 'pyarrow', 'duckdb', 'yaml', 'click') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == found.stdout.strip()


def test_public_names() -> None:
    """Every public name exists, and no other name does."""
    for name in sd.__all__:
        assert getattr(sd, name) is not None
    assert sorted(sd.__all__) == dir(sd)
    with pytest.raises(AttributeError, match="attribute nothing"):
        sd.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_load_takes_a_version(dataset: sd.Dataset) -> None:
    """An unknown version is refused with a list of the versions."""
    assert dataset.version == sd.load(dataset.version).version
    with pytest.raises(sd.StancedataError, match=r"version: does not exist, got '9\.9'; there are"):
        sd.load("9.9")


def test_records_show_well_in_a_notebook(dataset: sd.Dataset) -> None:
    """A notebook shows a record as a table with escaped content."""
    shown = dataset.stances["chintan-2021-10#s01"]._repr_html_()
    assert ">Stance</caption>" in shown
    assert ">issue id</th><td style='text-align:left;vertical-align:top'>recognition</td>" in shown
    assert "<a href='https://" in dataset.documents["chintan-2021-10"]._repr_html_()
    position = dataset.position("russia", "recognition")
    assert position is not None
    assert "2021-10-20" in position._repr_html_()
    odd = sd.Actor("x", "<b>&", "state", names=())
    assert "&lt;b&gt;&amp;" in odd._repr_html_()
    assert "names" not in odd._repr_html_()


def test_positions_print_well(dataset: sd.Dataset) -> None:
    """A position reads as a sentence."""
    text = str(dataset.position("russia", "recognition", on="2021-09-25"))
    assert text.startswith("Russia on recognition, 2021-09-25: withholds (-1), own, documents: 1")
