"""A new id for a record, with every reference to it."""

from __future__ import annotations

import datetime
import errno
import os
import re
from pathlib import Path
from typing import Any

import attrs
import pytest

import stancedata as sd
from stancedata.atomic import staged
from stancedata.coding.release import release
from stancedata.curation import records
from stancedata.curation.folder import read_folder
from stancedata.curation.structure import SHORT
from stancedata.editorial.references import _refers
from stancedata.editorial.rename import planned, rename
from stancedata.releases.record_contents import CURATED
from stancedata.tables.rows import to_tables
from tests.cli.test_commands import run
from tests.support.folders import texts_of

POST, TALKS, COMMUNIQUE = "daily-post-2021-10-21", "midport-2021-10-20", "communique-2021-10-20"


@pytest.fixture
def whole(repository: Path) -> Path:
    """The miniature repository with every kind of reference, and a comment."""

    def edit(path: str, old: str, new: str) -> None:
        file = repository / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    edit(f"documents/{POST}.yaml", "text:\n", f"event: {TALKS}\ncoverage: press\n# Seen.\ntext:\n")
    edit(f"documents/{POST}.yaml", "dated_by: published_on", f"dated_by: {COMMUNIQUE}")
    edit(f"documents/{COMMUNIQUE}.yaml", "text:\n", f"derived_from: {POST}\ntext:\n")
    (repository / "coverage").mkdir()
    (repository / "coverage" / "press.yaml").write_text(
        "name: Press\ncovers_from: 2021-10-01\ncovers_to: 2021-10-31\nholders: All.\nhow: Read.\n"
        f"coder: adjudicator\nsilent:\n  - event: {TALKS}\n    speakers:\n"
        "      - southland\n      - {actor: westland, url: https://example.org/w}\n",
        encoding="utf-8",
    )
    return repository


def content(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all curated tables."""
    tables = to_tables(read_folder(data).content)
    return {table.name: tables[table.name].to_pylist() for table in CURATED}


def renamed(value: Any, old: str, new: str) -> Any:
    """Replace an id, also in the ids of stances, in rows of tables."""
    if isinstance(value, dict):
        return {key: renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((renamed(item, old, new) for item in value), key=str)
    return re.sub(rf"^{old}(?=#|$)", new, value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("old", "kind"),
    [
        *((actor, "actor") for actor in ("northland", "westland", "ben-watcher")),
        (POST, "document"),
        (TALKS, "event"),
        ("press", "coverage"),
    ],
)
def test_every_reference_is_renamed(old: str, kind: str, whole: Path) -> None:
    """The tables are those of before with the other id, comments stay, and no line has the old one."""
    before = content(whole)
    change, _ = planned(whole, old, "new-id", kind)
    for path in change.removed:
        (whole / path).unlink()
    for path, text in change.written.items():
        (whole / path).write_text(text, encoding="utf-8")
    assert renamed(before, old, "new-id") == renamed(content(whole), old, "new-id")
    texts = texts_of(whole)
    assert not [
        name for name, text in texts.items() if re.search(rf"(?<![\w-]){old}(?![\w-])", text)
    ]
    assert any("# Seen.\n" in text for text in texts.values())
    assert not [name for name in texts if name.endswith(f"/{old}.yaml")]


def test_no_reference_of_the_contract_is_missed() -> None:
    """Each column that refers to an actor, event, document or corpus is a field that is renamed."""
    known = {
        (key, kind)
        for shape in records.NAMES
        for key in attrs.fields_dict(shape)
        if (kind := _refers(shape, key))
    }
    assert {"holder", "actor"} == set(SHORT.values())
    kinds = {"actors": "actor", "events": "event", "documents": "document", "coverage": "coverage"}
    ids = {"actor_id", "event_id", "document_id", "coverage_id"}
    for table in CURATED:
        for column in table.columns:
            kind = kinds.get(column.references.partition(".")[0])
            if kind and column.name not in {*ids, *table.follows}:
                name = {"of_actor_id": "of"}.get(column.name, column.name.removesuffix("_id"))
                assert (name, kind) in known, (table.name, column.name)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "nothland",
            "x",
            "no actor, event, document or coverage has the id 'nothland'; did you mean",
        ),
        ("northland", "westland", r"westland\.yaml: already exists, so the id is taken"),
        ("northland", "North", "new id: is not an id, got 'North'; write lower-case"),
        ("northland", "northland", "new id: is the old one"),
        ("../codebook", "x", "no actor, event, document or coverage has the id"),
    ],
)
def test_what_is_refused(old: str, new: str, message: str, repository: Path) -> None:
    """An unknown id, a taken one and a name that is not one are refused; nothing changes."""
    before = texts_of(repository)
    with pytest.raises(sd.StancedataError, match=message):
        rename(repository, old, new)
    assert before == texts_of(repository)


def test_an_id_of_two_kinds(repository: Path) -> None:
    """If an actor and an event have one id, the kind is asked for."""
    event = repository / "events" / f"{TALKS}.yaml"
    (repository / "events" / "rebels.yaml").write_text(event.read_text("utf-8"), "utf-8")
    with pytest.raises(
        sd.StancedataError, match="is the id of actor and event; choose with --kind"
    ):
        rename(repository, "rebels", "x")
    change, _ = planned(repository, "rebels", "x", "event")
    assert {Path("events/rebels.yaml")} == change.removed


def test_a_file_that_cannot_be_read(repository: Path) -> None:
    """References in a broken file could not be renamed, so that nothing is."""
    (repository / "events" / "rebels-speak.yaml").write_text("name: [rebels\n", "utf-8")
    before = texts_of(repository)
    with pytest.raises(sd.InvalidDataError, match="is not valid YAML"):
        rename(repository, "rebels", "x")
    assert before == texts_of(repository)


def test_other_problems_do_not_matter(repository: Path) -> None:
    """A document that is not filled in is renamed too; problems from before do not stop it."""
    file = repository / "documents" / f"{POST}.yaml"
    with file.open("a", encoding="utf-8") as stream:
        stream.write("defaults: {speaker: anna-north}\n")
    said = run("code", "rename", "anna-north", "anna", "--data", repository)
    assert "defaults:\n  speaker: anna\n" in file.read_text(encoding="utf-8")
    assert "anna-north is anna now: 4 references" in said


def test_lines_that_still_have_the_old_id(repository: Path) -> None:
    """Comments and prose are not changed, and their lines are listed."""
    file = repository / "actors" / "westland.yaml"
    file.write_text(f"# Not northland.\n{file.read_text('utf-8')}", encoding="utf-8")
    said = run("code", "rename", "northland", "north", "--data", repository)
    assert f"{file}:1: still has the old id; see whether it is meant" in said


def test_a_released_record(released: Path) -> None:
    """Its history stays; the reason is written, and the next release retracts the old id."""
    history = texts_of(released / "history")
    found = rename(released, POST, "the-post")
    assert released / "unreleased" / f"rename-{POST}.yaml" == found.reasons
    assert history == texts_of(released / "history")
    release(released, "0.2.0", datetime.date(2021, 12, 2))
    dataset = sd.read(released)
    assert "the-post#s01" in dataset.stances
    with pytest.raises(sd.UnknownIdError, match=r"was retracted in 0\.2\.0 \(correction: The id"):
        dataset.documents[POST]
    with pytest.raises(sd.StancedataError, match=r"was retracted in 0\.2\.0, and ids are never"):
        rename(released, "the-post", POST)


def test_reasons_follow_a_record_that_no_release_has(released: Path) -> None:
    """A reason for an unreleased record is on its new id, one for a released record stays."""
    new = (released / "documents" / f"{POST}.yaml").read_text(encoding="utf-8")
    (released / "documents" / "new.yaml").write_text(new.replace("org/post", "org/x"), "utf-8")
    (released / "unreleased").mkdir()
    file = released / "unreleased" / "why.yaml"
    file.write_text(
        f"changes:\n  - records: [new, new#*, {POST}]\n    reason: recode\n    note: Read again.\n",
        encoding="utf-8",
    )
    change, _ = planned(released, "new", "newer")
    assert f"records: [newer, newer#*, {POST}]" in change.written[Path("unreleased/why.yaml")]
    rename(released, POST, "post")
    assert f"records: [new, new#*, {POST}]" in file.read_text(encoding="utf-8")
    listed = (released / "unreleased" / f"rename-{POST}.yaml").read_text(encoding="utf-8")
    assert f"{POST}#s01" in listed
    assert f"[{POST}," not in listed  # its reason is written already


def test_all_files_or_none(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If one file cannot be moved or removed, those before it are as they were."""
    before = texts_of(repository)
    real = os.replace

    def full(source: Path, target: Path) -> None:
        if Path(target).name == "midport-2021-10-20.yaml" and "before" not in Path(source).parts:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        real(source, target)

    monkeypatch.setattr("stancedata.atomic.os.replace", full)
    with pytest.raises(sd.StancedataError, match="cannot be written: Permission denied"):
        rename(repository, "northland", "north")
    assert before == texts_of(repository)
    monkeypatch.undo()
    with (
        pytest.raises(sd.StancedataError, match="cannot be written: No such file"),
        staged(repository, [Path("codebook.yaml"), Path("lost.yaml")]) as new,
    ):
        (new / "new.yaml").write_text("x", encoding="utf-8")
    assert before == texts_of(repository)


def test_a_folder_of_schema_1(repository: Path) -> None:
    """A folder of schema 1 is migrated first."""
    (repository / "first_coding").mkdir()
    (repository / "first_coding" / "x.yaml").write_text("coder: a\n", encoding="utf-8")
    with pytest.raises(sd.StancedataError, match="is written for schema 1, got first_coding/; run"):
        rename(repository, "northland", "north")
