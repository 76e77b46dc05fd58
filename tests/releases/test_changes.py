"""Compare past states from history, files and wheel with a model that keeps every snapshot."""

from __future__ import annotations

import datetime
import functools
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as pads
import pyarrow.parquet as pq
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

import stancedata as sd
from stancedata import model
from stancedata.cli.records import show
from stancedata.coding.release import release_of
from stancedata.dataset import Dataset, contents_of
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.packaged import packaged
from stancedata.exports.folder import write_tables
from stancedata.questions.arguments import parameters_table
from stancedata.questions.positions import Complete
from stancedata.releases.citation import About
from stancedata.releases.log import append, file_of, read_history, settle_drafts
from stancedata.releases.record_contents import CURATED, rows_of, tables_of
from stancedata.releases.revisions import (
    History,
    find,
    history_tables,
    replay,
    revise,
    standing_rows,
)
from stancedata.releases.store import REVISIONS, Store, write_past
from stancedata.releases.version import Version
from stancedata.tables.contract import BY_NAME
from stancedata.tables.digest import digest
from stancedata.tables.rows import to_tables
from tests.support import strategies
from tests.support.effort import examples
from tests.support.paths import REPOSITORY

DAY = datetime.date(2026, 1, 1)
ACTORS, EVENTS, DOCUMENTS = ("ada", "ben", "cyd"), ("talks",), ("doc-1", "doc-2")


def explain(key: tuple[str, str], operation: str, before: object) -> tuple[str, str | None]:
    """Give the same reason for every revision."""
    return ("new_source", None) if operation == "add" else ("correction", f"{key[1]} again")


def released(history: History, tables: dict[str, pa.Table], version: str) -> History:
    """Add a release to a history."""
    revisions = revise(history, rows_of(tables), version, explain)
    made = release_of(Complete(tables), version, len(history.releases) + 1, DAY)
    return History((*history.releases, made), (*history.revisions, *revisions))


def same(one: dict[str, pa.Table], other: Any) -> None:
    """Compare curated tables, cell by cell."""
    for table in CURATED:
        assert one[table.name].equals(other[table.name]), table.name


class Editing(RuleBasedStateMachine):
    """A state machine of edits, retractions and releases that keeps every snapshot."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, Any] = {}
        self.history = History()
        self.snapshots: dict[str, dict[str, pa.Table]] = {}
        self.version = Version(0, 0, 0)

    def tables(self) -> dict[str, pa.Table]:
        """Get the curated tables in their present state."""
        by = {kind: [r for r in self.records.values() if isinstance(r, kind)] for kind in KINDS}
        ordered: dict[type, tuple[Any, ...]] = {
            kind: tuple(sorted(found, key=lambda r: str(getattr(r, KINDS[kind]))))
            for kind, found in by.items()
        }
        stances = ordered[model.Stance]
        content = model.Content(
            self.records.get("codebook", strategies.CODEBOOK), ordered[model.Actor],
            ordered[model.Event], ordered[model.Document],
            tuple(s for s in stances if s.coder is None), tuple(s for s in stances if s.coder),
        )  # fmt: skip
        return to_tables(content)

    @rule(actor=st.sampled_from(ACTORS).flatmap(strategies._actor))
    def edit_actor(self, actor: model.Actor) -> None:
        """Add or change an actor."""
        self.records[actor.actor_id] = actor

    @rule(event=st.sampled_from(EVENTS).flatmap(strategies._event))
    def edit_event(self, event: model.Event) -> None:
        """Add or change an event."""
        self.records[event.event_id] = event

    @rule(document=st.sampled_from(DOCUMENTS).flatmap(
        lambda name: strategies._document(name, [*DOCUMENTS])))  # fmt: skip
    def edit_document(self, document: model.Document) -> None:
        """Add or change a document, which may be a copy of another."""
        self.records[document.document_id] = document

    @rule(core=st.booleans())
    def edit_codebook(self, core: bool) -> None:
        """Change the codebook."""
        issues = list(strategies.CODEBOOK.issues)
        first = issues[0]
        issues[0] = model.Issue(
            first.issue_id, first.name, first.proposition, core, first.levels, first.aspects
        )
        self.records["codebook"] = model.Codebook(tuple(issues), strategies.CODEBOOK.vocabulary)

    @rule(data=st.data(), number=st.integers(1, 4), coder=st.sampled_from([None, None, "coder-1"]))
    def edit_stance(self, data: st.DataObject, number: int, coder: str | None) -> None:
        """Add or change a stance, published or blind."""
        documents = [r for r in self.records.values() if isinstance(r, model.Document)]
        if documents:
            document = data.draw(st.sampled_from(documents))
            made = data.draw(strategies.stances(document, number, ACTORS, EVENTS, coder))
            self.records[f"{coder}/{made.stance_id}"] = made

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        """Retract a record, which may be restored later."""
        key = data.draw(st.sampled_from(sorted(self.records)))
        del self.records[key]

    @rule(part=st.sampled_from(["major", "minor", "patch"]))
    def release(self, part: str) -> None:
        """Release the present state."""
        v = self.version
        self.version = {
            "major": Version(v.major + 1, 0, 0), "minor": Version(v.major, v.minor + 1, 0),
            "patch": Version(v.major, v.minor, v.patch + 1),
        }[part]  # fmt: skip
        tables = self.tables()
        self.history = released(self.history, tables, str(self.version))
        self.snapshots[str(self.version)] = tables

    def teardown(self) -> None:
        """Every way to rebuild a past state gives the kept snapshot."""
        if not self.snapshots:
            return
        recorded = history_tables(self.history)
        last = next(reversed(self.snapshots.values()))
        dataset = Dataset(Complete(last, lambda: recorded), str(self.version))
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            assert self.history == through_files(self.history, folder / "data")
            store = compiled(dataset, self.history, folder / "store")
            assert recorded["revisions"].equals(store["revisions"])
            for release in self.history.releases:
                snapshot, number = self.snapshots[release.release], release.release_number
                same(snapshot, replay(recorded["revisions"], number))
                same(snapshot, store.past(number))
                known = dataset.known_at(release.release)
                same(snapshot, known.tables)
                assert (release.digest, release.release) == (known.digest, known.version)
                assert digest(snapshot) == release.digest
                by_sql(recorded["revisions"], number)
        for revision in self.history.revisions:
            assert revision.content is None or MAIN[revision.kind] in json.loads(revision.content)


KINDS: dict[type, str] = {
    model.Actor: "actor_id", model.Event: "event_id", model.Document: "document_id",
    model.Stance: "stance_id",
}  # fmt: skip
MAIN = {
    "actor": "actors", "event": "events", "document": "documents", "stance": "stances",
    "second_coding": "second_stances", "codebook": "issues",
}  # fmt: skip
TestEditing = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")(
    Editing.TestCase
)
TestEditing.settings = examples(6, steps=20)


def through_files(history: History, data: Path) -> History:
    """Write a history release by release and read it back."""
    data.mkdir()
    for release in history.releases:
        before = read_history(data)
        last = before.history.last
        previous = f"{last.release} {before.digest}" if last else ""
        revisions = [r for r in history.revisions if r.release == release.release]
        append(data, release, file_of(release, revisions, previous, {}))
    settle_drafts(data)
    return read_history(data).history


def compiled(dataset: Dataset, history: History, folder: Path) -> Store:
    """Build the data that a wheel contains."""
    folder.mkdir()
    write_tables(contents_of(dataset), folder, ("parquet",), without=(REVISIONS,))
    write_past(history, folder)
    return Store(folder)


def by_sql(revisions: pa.Table, number: int) -> None:
    """The packaged SQL gives the same records as Python."""
    standing = standing_rows(revisions, number)
    expected = [row for row in standing.to_pylist() if row["operation"] != "retract"]
    assert expected == known_by_sql(revisions, number).cast(standing.schema).to_pylist()


def known_by_sql(revisions: pa.Table, number: int) -> pa.Table:
    """Run the packaged SQL as of a release."""
    engine = DuckDBEngine()
    engine.register("revisions", revisions)
    parameters = parameters_table({"release_number": number})
    return engine.query(packaged("questions/known_at"), parameters=parameters)


def check_known_at() -> None:
    """Records of several kinds with the same ids are kept apart, for any order of rows."""
    rng = random.Random(20211020)
    schema = BY_NAME["revisions"].schema
    nothing = dict.fromkeys(schema.names, "x")
    rows: list[dict[str, Any]] = [
        {**nothing, "record_id": record_id, "kind": kind, "revision": revision,
         "operation": rng.choice(["add", "modify", "retract"]), "release_number": revision + skipped}
        for record_id in "abc" for kind in ("actor", "document", "event") for skipped in (rng.randint(0, 3),)
        for revision in range(1, rng.randint(1, 4) + 1)
    ]  # fmt: skip
    rng.shuffle(rows)
    for number in range(8):
        last: dict[tuple[str, str], Any] = {}
        for row in sorted(rows, key=lambda row: row["revision"]):
            if row["release_number"] <= number:
                last[row["record_id"], row["kind"]] = row
        expected = [last[key] for key in sorted(last) if last[key]["operation"] != "retract"]
        found = known_by_sql(pa.Table.from_pylist(rows, schema=schema), number).to_pylist()
        assert expected == found


def test_records_of_several_kinds_are_told_apart() -> None:
    """The last revision of each record is found, even if another record has its id."""
    check_known_at()


def test_versions_order_as_versions() -> None:
    """0.10.0 comes after 0.9.0, and texts that are not versions are refused."""
    texts = ["0.9.0", "0.10.0", "1.0.0", "0.9.10", "0.0.1"]
    ordered = ["0.0.1", "0.9.0", "0.9.10", "0.10.0", "1.0.0"]
    assert ordered == [str(v) for v in sorted(map(Version.parse, texts))]
    for text in ("1.0", "1.0.0.0", "01.0.0", "1.0.0+edited", "v1.0.0", "1.0.١", "", "1.0.0\n"):
        with pytest.raises(sd.StancedataError) as error:
            Version.parse(text)
        expected = (
            f"version: must be three numbers separated by dots, got {text!r}; write it as 0.1.0"
        )
        assert expected == str(error.value)


@functools.cache
def three() -> tuple[Dataset, History]:
    """The miniature repository in three releases: a change, a retraction, a change back."""
    small = sd.read(REPOSITORY)
    rows = rows_of(small.tables)
    first = tables_of(rows.values())
    without = {k: v for k, v in rows.items() if k != ("stance", "daily-post-2021-10-21#s02")}
    changed = {**without, ("actor", "rebels"): {
        **rows["actor", "rebels"],
        "actors": [{**rows["actor", "rebels"]["actors"][0], "name": "The Rebels"}],
    }}  # fmt: skip
    history = released(History(), first, "0.1.0")
    history = released(history, tables_of(changed.values()), "0.2.0")
    last = tables_of({**changed, ("actor", "rebels"): rows["actor", "rebels"]}.values())
    history = released(history, last, "0.3.0")
    return Dataset(Complete(last, lambda: history_tables(history)), "0.3.0"), history


def test_a_retracted_id_says_where_it_went() -> None:
    """Asking for a retracted record names the release and reason; earlier states have it."""
    dataset, _ = three()
    name = "daily-post-2021-10-21#s02"
    with pytest.raises(sd.UnknownIdError) as error:
        dataset.stances[name]
    assert str(error.value) == (
        f"no stance has the id {name!r}; it was retracted in 0.2.0 (correction: {name} again)"
    )
    assert "westland" == dataset.known_at("0.1.0").stances[name].parties[0]
    assert ["add", "retract"] == dataset.revisions(name).column("operation").to_pylist()
    with pytest.raises(sd.UnknownIdError, match=r"it was retracted in 0\.2\.0"):
        show(dataset, name)


def test_revisions_take_names() -> None:
    """Records that were never changed have none; an unknown name is refused."""
    dataset, _ = three()
    assert 2 <= dataset.revisions("rebels").num_rows
    assert dataset.revisions("Rebels").equals(dataset.revisions("rebels"))
    assert 1 <= dataset.revisions("codebook").num_rows
    with pytest.raises(sd.UnknownIdError, match=r"no actor is called 'rebel'; did you mean"):
        dataset.revisions("rebel")


def test_known_at_tells_no_later_release() -> None:
    """A past state has only the releases up to it."""
    dataset, history = three()
    past = dataset.known_at("0.2.0")
    assert ("0.1.0", "0.2.0") == tuple(r.release for r in past.releases)
    assert {1, 2} == set(past.tables["revisions"].column("release_number").to_pylist())
    assert past.release == history.releases[1]
    assert dataset.known_at("0.3.0") is dataset
    with pytest.raises(sd.StancedataError) as error:
        past.known_at("0.3.0")
    assert "version: does not exist, got '0.3.0'; there are 0.2.0, 0.1.0" == str(error.value)
    with pytest.raises(sd.StancedataError, match=r"got .1\.0\.0.; nothing has been released"):
        find((), "1.0.0")


def test_diff_names_field_values_and_reason() -> None:
    """Net changes, field by field, each with the last revision that made it."""
    dataset, _ = three()
    name = "daily-post-2021-10-21#s02"
    (only,) = dataset.diff("0.1.0")
    assert ("stance", name, "retract", "") == (
        only.kind, only.record_id, only.operation, only.field,
    )  # fmt: skip
    assert ("0.2.0", "correction", f"{name} again") == (only.release, only.reason, only.note)
    (back,) = dataset.diff("0.2.0")
    assert ("name", "The Rebels", "Rebels", "0.3.0") == (
        back.field, back.before, back.after, back.release,
    )  # fmt: skip
    assert str(dataset.diff("0.2.0")) == (
        "actor rebels\n    name: The Rebels -> Rebels  (0.3.0, correction: rebels again)"
    )
    assert "nothing changed" == str(dataset.diff("0.3.0"))
    assert "<changes: 1, records: 1>" == repr(dataset.diff("0.2.0"))
    table = pa.table(dataset.diff("0.1.0"))
    assert ["retract"] == table.column("operation").to_pylist()
    assert "<td>rebels</td>" in dataset.diff("0.2.0")._repr_html_()
    assert dataset.diff("0.2.0")[:1] == dataset.diff("0.2.0")


def test_a_summary_counts_records() -> None:
    """Each record counts once, whatever number of its fields changed."""
    changes = three()[0].diff("0.1.0")
    rows = changes.summary().to_pylist()
    assert len([*changes.by_record()]) == sum(
        row["added"] + row["modified"] + row["retracted"] for row in rows
    )
    stances = {c.record_id for c in changes if (c.kind, c.operation) == ("stance", "modify")}
    assert {len(stances)} == {row["modified"] for row in rows if row["kind"] == "stance"}
    assert 0 == sd.load("0.2.0").diff("0.2.0").summary().num_rows


def test_diff_of_children_and_of_unreleased_edits() -> None:
    """Child rows are matched by their keys; unreleased changes have no reason."""
    dataset, history = three()
    rows = rows_of(dataset.tables)
    key = ("stance", "communique-2021-10-20#s02")
    stance = {**rows[key]}
    stance["holders"] = [
        {**stance["holders"][0], "role": "dissociates"},
        {"stance_id": key[1], "actor_id": "southland", "role": "party", "position": 3},
    ]
    edited = Dataset(
        Complete(tables_of({**rows, key: stance}.values()), lambda: history_tables(history)),
        "0.3.0+edited",
    )
    changes = {c.field: c for c in edited.diff("0.3.0")}
    assert {"holders[northland].role", "holders[southland]", "holders[westland]"} == set(changes)
    role = changes["holders[northland].role"]
    assert ("party", "dissociates", None) == (role.before, role.after, role.release)
    assert changes["holders[westland]"].after is None
    assert '"actor_id":"southland"' in str(changes["holders[southland]"].after)
    assert "not released yet" in str(edited.diff("0.3.0"))
    assert "<changes: 3, records: 1>" == repr(edited.diff("0.3.0"))


def test_digest_is_of_content_alone(tmp_path: Path) -> None:
    """The digest does not depend on writer, chunks, encoding, compression or order of rows."""
    dataset, _ = three()
    dataset.export(tmp_path / "ours", panel=False)

    def rewrite(name: str, write: Any) -> str:
        folder = tmp_path / name
        folder.mkdir()
        for file in (tmp_path / "ours").glob("*.parquet"):
            write(pq.read_table(file, partitioning=None), folder / file.name)
        return sd.read(folder).digest

    def by_duckdb(table: pa.Table, path: Path) -> None:
        with duckdb.connect() as connection:
            connection.register("t", pads.dataset(table))
            connection.sql("SELECT * FROM t ORDER BY ALL DESC").write_parquet(str(path))

    def plainly(table: pa.Table, path: Path) -> None:
        options: dict[str, Any] = {"use_dictionary": False, "data_page_version": "2.0"}
        pq.write_table(table, path, compression="none", row_group_size=2, **options)

    def by_polars(table: pa.Table, path: Path) -> None:
        import polars as pl

        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        frame.reverse().write_parquet(path, compression="lz4", row_group_size=3)

    for name, write in (("duckdb", by_duckdb), ("plain", plainly), ("polars", by_polars)):
        assert dataset.digest == rewrite(name, write), name


def test_digest_sees_every_cell(dataset: sd.Dataset) -> None:
    """Changing any value, or setting it to null, changes the digest of its table, and so that of all."""
    tables = {t.name: dataset.tables[t.name] for t in CURATED}
    for table in CURATED:
        data = tables[table.name]
        edited, before = data, digest(tables, (table.name,))
        for column in table.columns if data.num_rows else ():
            values = data.column(column.name).to_pylist()
            other = {"string": "x", "int32": 7, "bool": not values[0], "date32": DAY}[column.type]
            values[0] = None if values[0] == other else other
            index = data.schema.get_field_index(column.name)
            array = pa.array(values, data.schema.field(index).type)
            edited = data.set_column(index, data.schema.field(index), array)
            found = digest({table.name: edited}, (table.name,))
            assert found != before, f"{table.name}.{column.name}"
        if data.num_rows:
            assert digest({**tables, table.name: edited}) != dataset.digest, table.name


def test_a_release_by_an_older_schema_keeps_its_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns added later are not part of an older release's digest."""
    from stancedata.tables import contract
    from stancedata.tables import digest as digest_

    dataset, _ = three()
    import attrs

    from stancedata.tables.columns import SCHEMA_VERSION, Column

    after = int(SCHEMA_VERSION) + 1
    later = Column("mood", "string", True, "How it was said.", since=after)
    events = attrs.evolve(BY_NAME["events"], columns=(*BY_NAME["events"].columns, later))
    tables = tuple(events if t.name == "events" else t for t in contract.TABLES)
    monkeypatch.setattr(digest_, "TABLES", tables)
    data = dataset.tables["events"]
    wider = data.append_column("mood", pa.array(["calm"] * data.num_rows, pa.string()))
    found = {**{t.name: dataset.tables[t.name] for t in CURATED}, "events": wider}
    assert dataset.digest == digest(found, schema_version=SCHEMA_VERSION)
    assert dataset.digest != digest(found, schema_version=str(after))


def test_only_a_datasets_own_words_name_it() -> None:
    """Title and authors come from the vocabulary's field `dataset` only."""
    rows = [
        ("act", "title", "an act"), ("dataset", "author", "A"), ("act", "author", "nobody"),
        ("dataset", "title", "Stances"), ("dataset", "author 2", "B"),
    ]  # fmt: skip
    vocabulary = [{"field": f, "value": v, "definition": d} for f, v, d in rows]
    assert About("Stances", ("A", "B")) == About.of(vocabulary)
    assert About("Untitled dataset", ("Anonymous",)) == About.of(vocabulary[:1])
