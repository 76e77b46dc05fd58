"""The benchmarks: the synthetic data are valid, and the contestants agree."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.rules.rule import all_rules
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import tables_of

pytest.importorskip("numpy")  # installed with pandas, of the test extra
from benchmarks import figures, loop, measuring, targets
from benchmarks.child import work_of
from benchmarks.generate import generate
from benchmarks.made.folder import make_folder
from benchmarks.measuring import OURS, Comparison, Sample
from benchmarks.performance import NAMES
from benchmarks.work import agreement, matrix

STANCES = 250
DAYS = matrix.DAYS[:3]
# A fault for each rule, in rows of its own where needed.
FAULTS = """
UPDATE actors SET valid_to = DATE '1999-01-01' WHERE actor_id = 'state-001';
UPDATE actor_codes SET valid_from = DATE '2020-01-02', valid_to = DATE '2020-01-01' WHERE actor_id = 'state-002';
UPDATE actor_codes SET code = '103' WHERE actor_id = 'state-004' AND scheme = 'cow';
UPDATE actor_names SET name = 'Ravia' WHERE actor_id IN ('bloc-001', 'bloc-002');
UPDATE roles SET valid_to = DATE '1999-01-01' WHERE actor_id = 'person-001';
INSERT INTO roles SELECT * REPLACE (2 AS number) FROM roles WHERE actor_id = 'person-002';
UPDATE roles SET of_actor_id = 'nobody' WHERE actor_id = 'person-003';
UPDATE roles SET valid_from = DATE '1019-01-01' WHERE actor_id = 'person-006';
UPDATE roles SET role = 'part_of' WHERE of_actor_id = 'bloc-003';
INSERT INTO actors SELECT * REPLACE ('state-999' AS actor_id, 'Lone' AS name) FROM actors WHERE actor_id = 'state-003';
INSERT INTO events SELECT * REPLACE ('state-005' AS event_id) FROM events WHERE event_id = 'event-00001';
UPDATE events SET held_latest = DATE '1999-01-01' WHERE event_id = 'event-00002';
UPDATE participants SET event_id = 'event-99999' WHERE event_id = 'event-00004' AND number = 2;
UPDATE participants SET role = 'voted_for' WHERE event_id = 'event-00005' AND number = 2;
INSERT INTO participants SELECT * REPLACE (99 AS number) FROM participants WHERE event_id = 'event-00003' AND number = 1;
UPDATE documents SET url = NULL, sha256 = NULL WHERE document_id = 'doc-0000001';
UPDATE documents SET published_latest = DATE '1999-01-01' WHERE document_id = 'doc-0000002';
UPDATE documents SET coded_date = DATE '1999-01-01' WHERE document_id = 'doc-0000003';
UPDATE documents SET sha256 = repeat('a', 64), characters = 5 WHERE document_id IN ('doc-0000004', 'doc-0000005');
UPDATE documents SET derived_from = 'doc-0000006', origin_id = 'doc-0000006' WHERE document_id = 'doc-0000006';
UPDATE documents SET document_id = 'Doc 7' WHERE document_id = 'doc-0000007';
UPDATE stances SET level = 7 WHERE stance_id = 'doc-0000010#s01';
UPDATE stances SET act = 'shouts' WHERE stance_id = 'doc-0000010#s02';
UPDATE stances SET stated_earliest = DATE '2030-01-01' WHERE stance_id = 'doc-0000010#s03';
UPDATE stances SET attribution = 'third_party', attributed_by_id = NULL WHERE stance_id = 'doc-0000010#s04';
UPDATE stances SET attribution = 'quoted', attributed_by_id = 'state-009' WHERE stance_id = 'doc-0000010#s05';
UPDATE stances SET dated_by = 'doc-9' WHERE document_id = 'doc-0000019';
UPDATE stances SET event_id = 'event-00010', note = NULL WHERE stance_id = 'doc-0000011#s01';
UPDATE stances SET summary = chr(8203) || summary WHERE stance_id = 'doc-0000011#s02';
UPDATE stances SET attribution = 'direct' WHERE document_id = 'doc-0000012';
UPDATE stances SET speaker_id = 'person-004' WHERE document_id = 'doc-0000012';
UPDATE stances s SET attribution = 'third_party', attributed_by_id = h.actor_id FROM holders h
    WHERE h.stance_id = s.stance_id AND s.document_id = 'doc-0000013';
DELETE FROM holders WHERE stance_id = 'doc-0000014#s01';
DELETE FROM evidence WHERE stance_id = 'doc-0000014#s01';
UPDATE holders SET role = 'dissociates' WHERE stance_id = 'doc-0000015#s01';
INSERT INTO holders SELECT * FROM holders WHERE stance_id = 'doc-0000015#s02';
INSERT INTO holders VALUES ('doc-0000016#s01', 'bloc-000', 'party', 8), ('doc-0000016#s01', 'state-001', 'party', 9);
INSERT INTO stance_aspects VALUES ('doc-0000016#s01', 'mood', 9);
UPDATE evidence SET span_start = NULL, locator = NULL WHERE stance_id = 'doc-0000017#s01';
UPDATE evidence SET span_start = 10, span_end = 5, sha256 = NULL WHERE stance_id = 'doc-0000018#s01';
UPDATE evidence SET span_start = -1, span_end = 5 WHERE stance_id = 'doc-0000018#s02';
UPDATE evidence SET span_start = 1, span_end = 90 WHERE document_id IN ('doc-0000001', 'doc-0000005');
UPDATE actor_names SET valid_from = DATE '2020-01-02', valid_to = DATE '2020-01-01' WHERE actor_id = 'state-006';
UPDATE actors SET name = 'Nowhere' WHERE actor_id = 'state-007';
UPDATE actor_names SET valid_from = DATE '1066-01-01' WHERE actor_id = 'state-008';
UPDATE coders SET kind = NULL WHERE coder = 'coder-1';
UPDATE documents SET coder = 'coder-9' WHERE document_id = 'doc-0000008';
UPDATE documents SET retrieved_on = DATE '1999-01-01' WHERE document_id = 'doc-0000009';
UPDATE events SET source = NULL WHERE event_id = 'event-00006';
UPDATE events SET held_on = '[' || held_on || ']', held_latest = held_earliest WHERE event_id = 'event-00007';
UPDATE events SET held_kind = 'uncertain' WHERE event_id IN (SELECT event_id FROM stances WHERE date_kind = 'day');
UPDATE issues SET kind = NULL WHERE issue_id = 'security';
UPDATE stances SET act = 'ends' WHERE issue_id = 'recognition' AND document_id > 'doc-0000020';
UPDATE stances SET attribution = 'third_party', event_id = 'event-00001' WHERE stance_id = 'doc-0000011#s04';
UPDATE stances SET stated_earliest = DATE '1899-01-01' WHERE stance_id = 'doc-0000011#s03';
INSERT INTO coverage (coverage_id, name, covers_from, covers_to, holders, how, coder)
    VALUES ('corpus', 'Corpus', DATE '2020-01-02', DATE '2020-01-01', 'all', 'read', 'coder-1');
INSERT INTO silent_speakers (coverage_id, event_id, actor_id, position)
    SELECT DISTINCT 'corpus', event_id, actor_id, 1 FROM stances JOIN holders USING (stance_id)
    WHERE event_id IS NOT NULL AND attribution <> 'third_party';
UPDATE conditions SET status_document_id = NULL WHERE stance_id = 'doc-0000002#s08';
UPDATE conditions SET status_latest = DATE '2029-01-01' WHERE status_document_id IS NOT NULL;
INSERT INTO codings (coder, document_id, coded_date) VALUES ('coder-1', 'doc-0000020', DATE '1999-01-01');
UPDATE roles SET of_actor_id = actor_id WHERE actor_id = 'person-005';
INSERT INTO roles SELECT r.* REPLACE (r.of_actor_id AS actor_id, r.actor_id AS of_actor_id, 90 AS number) FROM roles r
    WHERE r.role = 'member_of' AND r.of_actor_id = 'bloc-004' ORDER BY r.actor_id LIMIT 1;
UPDATE documents SET url = 'https://example.org/one' WHERE document_id = 'doc-0000016';
UPDATE documents SET url = 'http://example.org/one', sha256 = NULL WHERE document_id = 'doc-0000017';
UPDATE documents d SET title = o.title, publisher = o.publisher, published_on = o.published_on, published_earliest = o.published_earliest,
    published_latest = o.published_latest FROM documents o WHERE o.document_id = 'doc-0000018' AND d.document_id = 'doc-0000019';
CREATE TABLE deeds (place INT, document_id TEXT, day DATE, level INT, act TEXT);
INSERT INTO deeds VALUES (91, 'doc-0000020', DATE '2020-01-01', 2, 'states'), (92, 'doc-0000020', DATE '2020-02-01', 0, 'states'),
    (93, 'doc-0000020', DATE '2020-03-01', 2, 'states'), (94, 'doc-0000020', DATE '2020-04-01', 2, 'ends'), (91, 'doc-0000021', DATE '2020-01-01', 2, 'states');
INSERT INTO stances SELECT s.* REPLACE (d.document_id || '#s' || d.place AS stance_id, d.document_id AS document_id, 'relations' AS issue_id,
    d.level AS level, d.act AS act, 'quoted' AS attribution, NULL AS attributed_by_id, NULL AS quantifier, NULL AS event_id,
    'day' AS date_kind, d.day AS stated_earliest, d.day AS stated_latest) FROM stances s, deeds d WHERE s.stance_id = 'doc-0000002#s01';
INSERT INTO holders SELECT document_id || '#s' || place, 'state-010', 'party', 1 FROM deeds;
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate a few synthetic stances."""
    return generate(STANCES, tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def broken(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same data with all of the faults."""
    out = tmp_path_factory.mktemp("broken")
    with duckdb.connect() as connection:
        for table in tables_of(SCHEMA_VERSION):
            file = f"{table.name}.parquet"
            connection.execute(f"CREATE TABLE {table.name} AS FROM read_parquet('{made / file}')")
        connection.execute(FAULTS)
        for table in tables_of(SCHEMA_VERSION):
            data = connection.sql(f"FROM {table.name}").to_arrow_table().cast(table.schema)
            pq.write_table(data, out / f"{table.name}.parquet")
    return out


def test_made_data_break_no_rule(made: Path) -> None:
    """Generated data have no errors and no warnings."""
    assert sd.check(made) == []


def test_the_same_arguments_make_the_same_data(made: Path, tmp_path: Path) -> None:
    """The content depends only on the number of stances and the seed."""
    again, other = generate(STANCES, tmp_path / "1"), generate(STANCES, tmp_path / "2", 2, False)
    assert sd.read(made).digest == sd.read(again).digest
    rows = [pq.read_table(folder / "stances.parquet") for folder in (made, other)]
    assert not rows[0].equals(rows[1])


def test_made_data_are_whole_and_in_key_order(made: Path) -> None:
    """Every table of the contract exists, sorted by key, with positions derived from the stances."""
    for table in tables_of(SCHEMA_VERSION):
        found = pq.read_table(made / f"{table.name}.parquet")
        assert table.schema == found.schema
        assert found.equals(found.sort_by([(name, "ascending") for name in table.key]))
    ds = sd.read(made)
    ids = set(ds.tables["stances"].column("stance_id").to_pylist())
    assert ids.issuperset(ds.tables["positions"].column("stance_id").to_pylist())
    assert STANCES == len(ids)


# pandera imports pyspark where that is installed, which may warn of the pandas that it finds.
@pytest.mark.long  # a contestant that answers otherwise also fails where it is measured
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", [name for name in NAMES if name != "growth"])
def test_contestants_agree(name: str, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All contestants give the same answer; peers that are not installed are skipped."""
    monkeypatch.setattr(matrix, "DAYS", DAYS)
    monkeypatch.setattr(agreement, "DAYS", DAYS)
    work = work_of(name)
    answers = {}
    for contestant in work.contestants.keys() - work.limits:
        try:
            run = work.contestants[contestant](made)
        except ModuleNotFoundError:
            continue
        answers[contestant] = work.checksum(run())
    assert OURS in answers
    assert 1 == len(set(answers.values())), answers


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("peer", ["check_polars", "check_pandera"])
def test_peers_check_every_rule(peer: str, broken: Path) -> None:
    """The library and its peers find the same rules broken."""
    module = pytest.importorskip(f"benchmarks.work.{peer}", exc_type=ImportError)
    rules = {rule.name for rule in all_rules()} | {"text_form", "id_form"}
    found = {problem.rule for problem in sd.check(broken)} & rules
    assert rules - {"natural_key"} <= found
    assert rules - {"natural_key"} == set(module.broken(broken))


def test_figures_become_a_table() -> None:
    """The table has medians and ratios with their targets and verdicts."""
    ours = [Sample(seconds, 2.0, 100, "same", {}) for seconds in (1.0, 2.0, 9.0)]
    theirs = [Sample(seconds, 4.0, 200, "same", {}) for seconds in (4.0, 4.0, 4.0)]
    found = Comparison("matrix", 1000, {OURS: ours, "polars join_asof": theirs}, {"other": "died"})
    lines = figures.of_comparison(found, matrix.WORK).lines
    assert 2.0 == lines[0].seconds
    assert (0.5, "met") == (lines[1].ratio, lines[1].verdict)
    assert "died" == lines[2].verdict
    assert "| 0.500 | 0.5 | met |" in figures.table_of([figures.of_comparison(found, matrix.WORK)])


def test_another_answer_is_no_figure(monkeypatch: pytest.MonkeyPatch, made: Path) -> None:
    """A contestant whose answer differs from ours fails; limits may differ."""

    def run_once(work: str, contestant: str, folder: Path) -> Sample:
        if contestant == "pandera on polars":
            raise measuring.Failed(contestant, "no memory")
        return Sample(1.0, 1.0, 100, "1" if contestant == "polars" else "0", {})

    monkeypatch.setattr(measuring, "run_once", run_once)
    found = measuring.interleave("check", work_of("check"), made, STANCES, 2)
    assert {"polars": "another answer: 1", "pandera on polars": "no memory"} == found.failed
    assert {OURS, "stancedata, every rule", "pyarrow, reading"} == found.samples.keys()
    assert [2, 2, 2] == [len(samples) for samples in found.samples.values()]


def test_performance_page_is_current() -> None:
    """The table of docs/performance.md matches the saved figures."""
    assert figures.page_text() == figures.PAGE.read_text(encoding="utf-8")


def test_made_folders_break_no_rule(tmp_path: Path) -> None:
    """A data folder for the loop of coding has the documents asked for, and no problems."""
    folder = make_folder(40, tmp_path / "data", loop.DATA)
    assert 40 == len(list((folder / "documents").iterdir()))
    assert [] == sd.check(folder)


def test_the_loop_is_on_the_page() -> None:
    """The table of the loop is that of the saved figures."""
    page = figures.PAGE.read_text(encoding="utf-8")
    assert page == loop.page_text(loop.table_of(loop.read()))


def test_the_targets_are_on_the_page() -> None:
    """The table of targets is that of the saved figures, and each work has one."""
    page, found = figures.PAGE.read_text(encoding="utf-8"), targets.read()
    assert page == targets.page_text(targets.table_of(found))
    measured = len(targets.SINGLE) + len(targets.PACKAGED) + 1 + len(targets.WORKS)
    assert measured == len({row.what for row in found})


def test_a_target_is_measured_in_processor_time(
    monkeypatch: pytest.MonkeyPatch, made: Path
) -> None:
    """A ratio is the median of the rounds, and decides; what is not measured again stays."""
    taken = {OURS: iter((9.0, 1.0, 2.0, 3.0)), "DuckDB": iter((1.0, 2.0, 2.0, 2.0))}

    def run_once(work: str, contestant: str, folder: Path) -> Sample:
        return Sample(8.0, next(taken[contestant]), 100, "same", {})

    monkeypatch.setattr(measuring, "run_once", run_once)
    monkeypatch.setattr(targets, "data_of", lambda stances, place: made)
    found = targets.of_work("as_of", STANCES, "DuckDB", "1 s", 0.9, made, 3)
    assert (1.0, 1.0, False) == (found.ratio, found.clock, found.is_met)
    assert "| 1 s | 2.00 s | 2.00 s, DuckDB | 1.00 | 1.00 | 100 | 0.9 ×, 300 MiB | missed |" in (
        targets.table_of([found])
    )


@pytest.mark.parametrize(("peak", "is_met"), [(300, True), (301, False)])
def test_a_target_can_be_memory(
    monkeypatch: pytest.MonkeyPatch, made: Path, peak: int, is_met: bool
) -> None:
    """A work that is fast enough misses its target if it takes more memory."""
    sample = Sample(8.0, 1.0, peak, "same", {})
    monkeypatch.setattr(measuring, "run_once", lambda *asked: sample)
    monkeypatch.setattr(targets, "data_of", lambda stances, place: made)
    found = targets.of_work("as_of", STANCES, "DuckDB", "1 s", 1.2, made, 1)
    assert is_met == found.is_met
