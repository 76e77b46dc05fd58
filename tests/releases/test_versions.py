"""A history in which a release of schema 2 follows releases of schema 1."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest

import stancedata as sd
from stancedata import model
from stancedata.coding.release import release_of
from stancedata.dataset import contents_of
from stancedata.dataset.folders import version_of
from stancedata.dataset.rebuilds import replayed
from stancedata.exports.folder import write_tables
from stancedata.questions.positions import Complete, define_counted, derived_tables, of_version
from stancedata.releases.log import append, file_of, read_history
from stancedata.releases.record_contents import CURATED, rows_of, tables_of
from stancedata.releases.revisions import History, history_tables, replay, revise
from stancedata.releases.store import REVISIONS, Store, write_past
from stancedata.tables.columns import owner
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.digest import digest, digest_of_columns, has_newer
from stancedata.tables.rows import to_tables
from stancedata.tables.source import VERSIONS
from tests.support.contents import from_tables
from tests.support.paths import RELEASED

DAY = datetime.date(2026, 1, 2)
Tables = dict[str, pa.Table]


def edition_2(old: model.Content) -> model.Content:
    """Add everything that schema 2 has to a content of schema 1; nothing else changes."""
    actor, *actors = old.actors
    event = old.events[0]
    names = tuple(model.Name("Many", "alias", "en", day, day) for day in (DAY, None))
    codes = (model.Code("cow", "255", valid_to=DAY), model.Code("cow", "255", valid_from=DAY))
    actor = attrs.evolve(actor, names=(*actor.names, *names), codes=(*actor.codes, *codes),
                         exemptions=(model.Exemption("unused_actor", "it is so"),))  # fmt: skip
    document, *documents = old.documents
    document = attrs.evolve(document, authors=(actor.actor_id,), read="whole", status="corrected",
                            retrieved_on=DAY, event_id=event.event_id, coverage_id="all")  # fmt: skip
    stance, *stances = old.stances
    ascribers = tuple(found.actor_id for found in old.actors[:2])
    silent = (model.SilentSpeaker(event.event_id, actor.actor_id, characters=5),)
    codebook = attrs.evolve(
        old.codebook,
        issues=tuple(attrs.evolve(issue, kind="deeds") for issue in old.codebook.issues),
        coders=(model.Coder("coder-1", "read it", "person", "Ada"),),
        boundary_cases=(model.BoundaryCase("An offer commits.", ("aid", "engagement")),),
    )
    return attrs.evolve(
        old,
        codebook=codebook,
        actors=(actor, *actors),
        events=(attrs.evolve(event, dated_by=document.document_id, source="s", note="n"),
                *old.events[1:]),
        documents=(document, *documents),
        stances=(attrs.evolve(stance, attributed_by=ascribers), *stances),
        codings=(model.Coding("coder-1", document.document_id, "whole", DAY, None, 5, "n"),),
        coverage=(model.Coverage("all", "All", DAY, DAY, "all", "read", "coder-1", silent=silent),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The tables of the last simulated release, and everything that schema 2 has."""
    old = replay(history_tables(read_history(RELEASED).history)["revisions"], 3)
    return to_tables(edition_2(from_tables(old)))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, tables: Tables) -> Path:
    """A data folder whose history has three releases of schema 1 and one of schema 2."""
    folder = tmp_path_factory.mktemp("both") / "data"
    shutil.copytree(RELEASED, folder)
    recorded = read_history(folder)
    made = release_of(Complete(tables), "0.4.0", 4, DAY)
    explain: Any = lambda *of: ("codebook_change", None)  # noqa: E731
    revisions = revise(recorded.history, rows_of(tables), "0.4.0", explain)
    append(folder, made, file_of(made, revisions, f"0.3.0 {recorded.digest}", {}))
    return folder


@pytest.fixture(scope="module")
def dataset(data: Path, tables: Tables) -> sd.Dataset:
    """The release of schema 2."""
    history = read_history(data).history
    return sd.Dataset(Complete(tables, lambda: history_tables(history)), "0.4.0")


def test_releases_of_both_versions_come_again(data: Path, dataset: sd.Dataset) -> None:
    """Each release is rebuilt by its own schema version, with its own digests."""
    assert [] == list(replayed(data, read_history(data).history))
    assert ["1", "1", "1", "3"] == [release.schema_version for release in dataset.releases]
    for release in dataset.releases:
        then = dataset.known_at(release.release)
        assert release.schema_version == then.tables.schema_version
        assert (release.digest, release.positions_digest) == (then.digest, then.positions_digest)


def test_a_record_that_gained_only_nulls_has_no_revision(dataset: sd.Dataset) -> None:
    """The release of schema 2 revises only records that it changed."""
    found = dataset.revisions().to_pylist()
    changed = {(r["kind"], r["record_id"]) for r in found if r["release"] == "0.4.0"}
    kinds = {kind for kind, _ in changed}
    assert {"codebook", "actor", "event", "document", "stance", "coding", "coverage"} == kinds
    assert 7 == len(changed)


def test_packaged_data_of_both_versions(dataset: sd.Dataset, data: Path, tmp_path: Path) -> None:
    """The store of the release of schema 2 assembles each earlier release as replaying does."""
    history = read_history(data).history
    write_tables(contents_of(dataset), tmp_path, ("parquet",), without=(REVISIONS,))
    write_past(history, tmp_path)
    store = Store(tmp_path)
    for number in range(1, 5):
        past, again = store.past(number), replay(history_tables(history)["revisions"], number)
        assert all(past[table.name].equals(again[table.name]) for table in CURATED), number
    assert store[REVISIONS].equals(dataset.tables[REVISIONS])
    for table in CURATED:
        if not table.columns_of("1"):  # as a package of schema 1 is
            (tmp_path / "history" / f"{table.name}.parquet").unlink()
    assert Store(tmp_path).past(3)["coverage"].num_rows == 0


def test_a_difference_says_what_is_new(dataset: sd.Dataset) -> None:
    """Rows of new tables and columns are changes, each under a name of its own."""
    fields = {change.field for change in dataset.diff("0.3.0")}
    assert {"read", "status", "retrieved_on", "event_id", "coverage_id", "dated_by"} <= fields
    assert any(field.startswith("exemptions[unused_actor]") for field in fields)
    assert any(field.startswith("document_authors[") for field in fields)
    assert any(field.startswith("boundary_cases[1]") for field in fields)
    assert 2 == sum(field.startswith("actor_codes[cow/255/") for field in fields)


def test_objects_come_back(tables: Tables) -> None:
    """Every new field is in the tables, in content of the history, and in the objects again."""
    content = from_tables(tables)
    assert all(table.equals(to_tables(content)[name]) for name, table in tables.items())
    again = tables_of(rows_of(tables).values())
    assert all(table.equals(again[name]) for name, table in tables.items())
    newer = [t for t in CURATED if t.columns_of("2") and t.columns[0].since > 1]
    empty = {t.name for t in newer if not tables[t.name].num_rows}
    assert {"second_ascribers"} == empty
    assert {"coding", "coverage"} == {owner(t)[0] for t in newer} - {
        "codebook", "actor", "document", "stance", "second_coding"
    }  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_digests_of_columns_and_tables_agree(tables: Tables, version: str) -> None:
    """Reading one column at a time gives the same digest, by every schema version."""
    found = digest_of_columns(lambda t, c: tables[t].column(c), None, version)
    assert digest(tables, schema_version=version) == found


@pytest.mark.parametrize("name", [t.name for t in TABLES if not t.derived])
def test_what_is_newer_is_no_part_of_an_old_release(tables: Tables, name: str) -> None:
    """A working copy is not the last release if any newer table or column has a value."""
    old = {t.name: t.schema.empty_table() for t in CURATED}
    assert not has_newer(old, "1")
    table = BY_NAME[name]
    later = [c.name for c in table.columns if c not in table.columns_of("1")]
    assert has_newer({**old, name: tables[name]}, "1") == any(
        tables[name].column(c).null_count < tables[name].num_rows for c in later
    )
    history = History((attrs.evolve(read_history(RELEASED).history.releases[0], digest=digest(
        tables, schema_version="1")),))  # fmt: skip
    assert "0.1.0+edited" == version_of(tables, history.last)


def test_keys_only_grow(tables: Tables) -> None:
    """A key of a version is the beginning of the next one's, of columns that the version has."""
    for table in TABLES:
        for version in VERSIONS:
            own = table.key_of(version)
            assert own == table.key[: len(own)]
            columns = {column.name for column in table.columns_of(version)}
            assert {*own} <= columns or not columns
    codes = tables["actor_codes"].select(["scheme", "code"]).to_pylist()
    assert 2 == codes.count({"scheme": "cow", "code": "255"})


def test_positions_of_the_first_version_are_frozen() -> None:
    """The queries by which 0.1.0 was derived never change."""
    frozen = {
        "counted": "6d3235ca37b8e28db5042c113e8aac9872b00fe83cc030553efc94e158b4b75a",
        "positions": "b2ab9dd540652e9a329e6beea906a7759f5d57581c634cefe4c5441a9b3d1232",
    }
    from stancedata.model.corpus import digest_of

    assert frozen == {name: digest_of(of_version(name, "1")) for name in frozen}


def test_positions_of_the_first_version_have_no_newer_values(tables: Tables) -> None:
    """Positions of schema 1 have nulls in every column that came later."""
    from stancedata.engines.duckdb import DuckDBEngine

    found = derived_tables(tables, "1")["positions"]
    later = [c.name for c in BY_NAME["positions"].columns if c.since > 1]
    assert found.num_rows
    assert all(found.column(name).null_count == found.num_rows for name in later)
    engine = DuckDBEngine()
    for name, table in tables.items():
        engine.register(name, table)
    define_counted(engine, schema_version="1")
    assert "kind" not in engine.query("SELECT * FROM counted").schema.names
