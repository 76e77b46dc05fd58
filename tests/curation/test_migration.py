"""A folder of schema 1 becomes one of schema 2, in memory or on disk, and nothing of it is lost."""

from __future__ import annotations

import contextlib
import datetime
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings

import stancedata as sd
from stancedata import model
from stancedata.coding.migration import REASONS, migrate
from stancedata.coding.release import plan
from stancedata.curation.migration import NEW_VALUES, NEW_VOCABULARY, upgraded
from stancedata.curation.reasons import read_reasons
from stancedata.curation.source import to_source
from stancedata.curation.tree import lines_of, parse, plain
from stancedata.data_folder import files_of
from stancedata.dataset.folders import from_folder
from tests.cli.test_commands import run
from tests.support import strategies
from tests.support.folders import write_folder
from tests.support.paths import RELEASED, REPOSITORY, ROOT, SCHEMA_1

POST = "daily-post-2021-10-21"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the data folder of schema 1."""
    return Path(shutil.copytree(SCHEMA_1, tmp_path / "data"))


def texts_of(data: Path) -> dict[str, str]:
    """Return the text of every file of a folder, by its path."""
    files = sorted(f for f in data.rglob("*") if f.is_file())
    return {f.relative_to(data).as_posix(): f.read_text(encoding="utf-8") for f in files}


def test_a_folder_of_schema_1_is_read_as_it_is(old: Path) -> None:
    """It has one warning, which says what to do, and all that its files say."""
    before = texts_of(old)
    (told,) = sd.check(old)
    assert ("warning", "old_schema") == (told.severity, told.rule)
    assert told.message == (
        "is written for schema 1, got first_coding/, second_coding/, issues without kind, silences; "
        "run stancedata migrate"
    )
    assert [] == sd.check(old, without=["old_schema"])
    dataset = sd.read(old)
    assert ("anna-north", "ben-watcher") == dataset.documents[POST].authors
    assert None is dataset.documents[POST].author
    assert "News Desk" == dataset.documents["communique-2021-10-20"].author
    assert ("unused_actor",) == tuple(e.rule for e in dataset.actors["nobody"].exemptions)
    stated = dataset.stances[f"{POST}#s02"].stated_on
    assert ("[2021-10-20..2021-10-20]", "uncertain") == (stated.text, stated.kind)
    assert stated.earliest == stated.latest
    assert {"words"} == {issue.kind for issue in dataset.issues.values()}
    codings = dataset.tables["codings"].select(["coder", "document_id"]).to_pylist()
    assert [("coder-1", POST), ("coder-2", POST)] == [tuple(row.values()) for row in codings]
    assert {"adjudicator", "coder-1", "coder-2"} == set(
        dataset.tables["coders"]["coder"].to_pylist()
    )
    assert before == texts_of(old)


def test_a_migrated_folder_says_the_same(old: Path) -> None:
    """Read in memory or after migrating, the tables are equal; migrating again changes nothing.

    `check` then asks for what only a person can say, such as who the authors of a text are.
    """
    before = sd.read(old)
    assert migrate(old)
    dataset, told = from_folder(old)
    assert before.digest == dataset.digest
    asked = {"coder_kind", "direct_author", "event_source", "one_day_set"}
    assert asked == {problem.rule for problem in told}
    after = texts_of(old)
    assert {} == migrate(old)
    assert after == texts_of(old)
    assert [] == run("format", "--check", old).splitlines()


def test_what_is_written(old: Path) -> None:
    """Comments stay, blind codings get their coder's folder, and the old folders are gone."""
    migrate(old)
    files = texts_of(old)
    assert "# Read twice.\nstances: []\n" == files[f"codings/coder-1/{POST}.yaml"]
    assert "# as printed\nauthors: [anna-north, ben-watcher]\n" in files[f"documents/{POST}.yaml"]
    assert "stated_on: '[2021-10-20..2021-10-20]'\n" in files[f"documents/{POST}.yaml"]
    assert "exemptions:\n  # Coded for a later document.\n" in files["actors/nobody.yaml"]
    assert "least:\n  exemptions: 1\n" in files["bounds.yaml"]
    assert "core: true\n    kind: words\n" in files["codebook.yaml"]
    assert "{id: coder-2, description: coded since 0.1.0}\n" in files["codebook.yaml"]
    assert not [path for path in files if "_coding" in path]
    assert not (old / "first_coding").exists()


def test_problems_point_into_the_old_file(old: Path) -> None:
    """A problem of a folder of schema 1 has the line of the file that was written."""
    file = old / "second_coding" / f"{POST}.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("rejects", "refuses"), encoding="utf-8"
    )
    found = [p for p in sd.check(old) if p.severity == "error"]
    assert [(str(file), 7, "stances[0].level")] == [
        (p.where.file, p.where.line, p.field) for p in found
    ]


def test_an_idle_waiver_is_dropped(old: Path) -> None:
    """An exemption from the rule about idle exemptions has no meaning, and goes."""
    file = old / "actors" / "westland.yaml"
    waiver = "silences:\n  - rule: idle_silence\n    reason: none\n"
    file.write_text(file.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    assert [] == sd.check(old, without=["old_schema"])
    migrate(old)
    assert "exemptions" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("coder", "place", "said"),
    [
        ("coder-2", "second", "has coded this document twice, got 'coder-2' here and in codings/"),
        ("a/b", "first", "cannot name a folder, got 'a/b'; write the id of the coder"),
        ("..", "first", "cannot name a folder, got '..'; write the id of the coder"),
    ],
)
def test_what_migration_refuses(old: Path, coder: str, place: str, said: str) -> None:
    """Two codings of one coder, or a coder that names no folder, are refused before writing."""
    file = old / "first_coding" / f"{POST}.yaml"
    file.write_text(f"coder: {coder}\nstances: []\n", encoding="utf-8")
    before = texts_of(old)
    with pytest.raises(sd.InvalidDataError, match=said) as error:
        migrate(old)
    (problem,) = error.value.problems
    assert (f"{old}/{place}_coding/{POST}.yaml", "coder") == (problem.where.file, problem.field)
    assert [said in p.message for p in sd.check(old) if p.severity == "error"] == [True]
    assert before == texts_of(old)


def test_an_unreadable_file_stops_the_migration(old: Path) -> None:
    """If a file cannot be parsed, nothing is written."""
    (old / "actors" / "rebels.yaml").write_text("name: [", encoding="utf-8")
    before = texts_of(old)
    with pytest.raises(sd.InvalidDataError, match="is not valid YAML"):
        migrate(old)
    assert before == texts_of(old)


def test_an_export_cannot_be_migrated(small: sd.Dataset, tmp_path: Path) -> None:
    """Parquet is written from curated files; a folder without either is none."""
    small.export(tmp_path / "out", panel=False)
    with pytest.raises(
        sd.StancedataError, match="is an export; migrate the folder that it was made"
    ):
        migrate(tmp_path / "out")
    with pytest.raises(sd.StancedataError, match="is not a data folder"):
        migrate(tmp_path)


@pytest.mark.parametrize("count", range(12))
def test_an_interrupted_migration_goes_on(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Whichever file was the last to be written, migrating again gives the same folder."""
    other = Path(shutil.copytree(old, tmp_path / "other"))
    migrate(other)
    left = iter(range(count))

    def write(path: Path, text: str) -> None:
        next(left)
        path.write_text(text, encoding="utf-8")

    with monkeypatch.context() as patch:
        patch.setattr("stancedata.coding.migration.write_text", write)
        with contextlib.suppress(StopIteration):
            migrate(old)
    migrate(old)
    assert texts_of(other) == texts_of(old)


def test_the_command_lists_what_changes(old: Path) -> None:
    """A dry run lists each file and changes none."""
    before = texts_of(old)
    dry = run("migrate", old, "--dry-run").splitlines()
    assert f"{old}/actors/nobody.yaml: would change: exemptions" in dry
    assert before == texts_of(old)
    done = run("migrate", old)
    assert f"{old}/codings/coder-1/{POST}.yaml: was first_coding/{POST}.yaml\n" in done
    said = "nothing to migrate: its files are those of schema 2, which schema 3 reads as they are"
    assert said in run("migrate", old)


@settings(max_examples=10)
@given(content=strategies.contents())
def test_a_folder_of_schema_2_is_left_alone(
    tmp_path_factory: pytest.TempPathFactory, content: model.Content
) -> None:
    """Upgrading files of schema 2 gives these files, without a note."""
    folder = write_folder(content, tmp_path_factory.mktemp("data") / "data")
    trees = {str(file): parse(file.read_text(encoding="utf-8"), "") for file in files_of(folder)}
    assert (trees, ()) == upgraded(trees)


def test_the_files_given_are_not_changed() -> None:
    """`upgraded` leaves the trees that it is given as they are."""
    files = texts_of(SCHEMA_1)
    trees = {path: parse(text, path) for path, text in files.items()}
    upgraded(trees)
    assert {p: plain(parse(text, p).top) for p, text in files.items()} == {
        path: plain(tree.top) for path, tree in trees.items()
    }


@pytest.mark.parametrize("data", [REPOSITORY, SCHEMA_1, ROOT / "data"])
def test_a_tree_knows_the_lines_of_its_values(data: Path) -> None:
    """The two ways to parse a file agree about values and lines."""
    for path, text in texts_of(data).items():
        if path.endswith(".yaml"):
            source, tree = to_source(text, path), parse(text, path)
            assert (source.value, source.lines) == (plain(tree.top), lines_of(tree.top))


def test_a_new_dataset_has_the_vocabulary_of_a_migrated_one(tmp_path: Path) -> None:
    """The template codebook and the migration define the new words alike."""
    run("init", tmp_path / "new")
    terms = sd.read(tmp_path / "new").tables["vocabulary"].to_pylist()
    found = {(row["field"], row["value"]): row["definition"] for row in terms}
    for field, words in [*NEW_VOCABULARY.items(), *NEW_VALUES.items()]:
        for value, definition in words.items():
            assert definition == found[field, value]


def test_a_migration_writes_the_reasons_for_released_records(old: Path) -> None:
    """The reasons name the released records that change; without migrating, none can be given."""
    shutil.copytree(RELEASED / "history", old / "history")
    with pytest.raises(
        sd.StancedataError, match=r"is written for schema 1, got .*; run stancedata mig"
    ):
        plan(old, "0.9.0", datetime.date(2030, 1, 1))
    migrate(old)
    reasons, problems = read_reasons([old / REASONS])
    assert [] == problems
    assert {"codebook_change"} == {reason.reason for reason in reasons}
    named = [record_id for reason in reasons for record_id in reason.records]
    coded = {f"{coder}/{POST}" for coder in ("coder-1", "coder-2")}
    # The actor `nobody` is new, so that it has nothing to explain.
    assert sorted({"codebook", POST, *coded}) == sorted(named)
    assert {} == migrate(old)
