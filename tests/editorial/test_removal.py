"""Stances that are dropped, or moved to another document."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.coding.release import release
from stancedata.editorial.changes import Why
from stancedata.editorial.removal import drop, move
from stancedata.model.corpus import digest_of
from tests.cli.test_commands import run
from tests.support.folders import texts_of
from tests.support.paths import TEXTS

POST, COPY = "daily-post-2021-10-21", "copy"
BECAUSE = Why("coder_error", "Said by another.")


@pytest.fixture
def copied(repository: Path, tmp_path: Path) -> Path:
    """A copy of the newspaper without stances, whose text begins with another line."""
    file = repository / "documents" / f"{POST}.yaml"
    head = file.read_text(encoding="utf-8").partition("stances:")[0]
    lines = [line for line in head.splitlines() if not line.startswith(("text", "  ", "url"))]
    digests = {digest_of(f.read_text("utf-8")): f.read_text("utf-8") for f in TEXTS.iterdir()}
    sha256 = head.partition("sha256: ")[2].split()[0]
    text = "First seen elsewhere.\n" + digests[sha256]
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "copy.txt").write_text(text, encoding="utf-8")
    lines += ["text:", f"  sha256: {digest_of(text)}", f"  characters: {len(text)}"]
    lines += [f"derived_from: {POST}"]
    file.with_stem(COPY).write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("format", repository)
    return repository


def test_a_dropped_stance(repository: Path) -> None:
    """The stance is gone, the others keep their ids and comments, and blind ones lose the link."""
    file = repository / "documents" / f"{POST}.yaml"
    text = file.read_text(encoding="utf-8").replace("  - id: s02", "  # Kept.\n  - id: s02")
    file.write_text(text, encoding="utf-8")
    said = run("code", "drop", f"{POST}#s01", "--data", repository)
    blind = repository / "codings" / "coder-2" / f"{POST}.yaml"
    assert said == (
        f"{file}: {POST}#s01 is dropped\n"
        f"{blind}: s01 has no published stance now; say why in its adjudication\n"
    )
    head, _, kept = text.partition("  - id: s01")
    assert head + kept[kept.index("  # Kept.") :] == file.read_text(encoding="utf-8")
    assert "published:" not in blind.read_text(encoding="utf-8")
    assert f"{POST}#s01" not in sd.read(repository).stances


def test_a_blind_stance(repository: Path) -> None:
    """A blind stance is dropped by its coder and id; the coding stays, with nothing found."""
    drop(repository, f"coder-2/{POST}#s01")
    text = (repository / "codings" / "coder-2" / f"{POST}.yaml").read_text(encoding="utf-8")
    assert "stances: []\n" == text
    with pytest.raises(sd.StancedataError, match=f"did you mean 'coder-2/{POST}'?"):
        drop(repository, f"coder-3/{POST}#s01")


@pytest.mark.parametrize(
    ("stance", "message"),
    [
        ("s01", "is not the id of one, got 's01'; write DOCUMENT#s01"),
        (f"{POST}#s1", "has no stance with that id, got 's1'; did you mean 's01'"),
        ("daily-post#s01", f"did you mean '{POST}'"),
        ("a/b/c#s01", "is not the id of one"),
    ],
)
def test_ids_that_are_none(stance: str, message: str, repository: Path) -> None:
    """What is not the id of a stance is refused, with the nearest one; nothing changes."""
    before = texts_of(repository)
    with pytest.raises(sd.StancedataError, match=message):
        drop(repository, stance)
    with pytest.raises(sd.StancedataError, match=message):
        move(repository, stance, "communique-2021-10-20")
    assert before == texts_of(repository)


def test_a_released_stance_needs_a_reason(released: Path) -> None:
    """Without a reason nothing changes; with one, the next release can be made."""
    before = texts_of(released)
    for why, message in (
        (Why("coder_error"), r"is in release 0\.1\.0, .* give --reason, one of .* and --note"),
        (Why("coder_eror", "x"), "is not a reason, got 'coder_eror'; did you mean 'coder_error'"),
    ):
        with pytest.raises(sd.StancedataError, match=message):
            drop(released, f"{POST}#s01", why)
    assert before == texts_of(released)
    found = drop(released, f"{POST}#s01", BECAUSE)
    assert str(found).endswith(f"drop-{POST}-s01.yaml: written, the reason for the next release")
    plan = release(released, "0.2.0", datetime.date(2021, 12, 2))
    assert {(f"{POST}#s01", "retract"), (f"coder-2/{POST}#s01", "modify")} == {
        (r.record_id, r.operation) for r in plan.revisions
    }
    assert {"coder_error"} == {r.reason for r in plan.revisions}


def test_a_change_that_would_break_a_rule(repository: Path) -> None:
    """What breaks a rule elsewhere is said, and what breaks one in its own files is refused."""
    (repository / "bounds.yaml").write_text("least:\n  stances: 4\n", encoding="utf-8")
    said = run("code", "drop", f"{POST}#s02", "--data", repository)
    assert "bounds.yaml:2: least.stances: has fewer rows than required" in said
    assert "[fix this too]" in said
    talks = repository / "documents" / "communique-2021-10-20.yaml"
    head = talks.read_text(encoding="utf-8").partition("stances:")[0]
    other = head.replace("[northland, westland]", "[rebels]").replace("org/comm", "org/x")
    (repository / "documents" / "other.yaml").write_text(other, encoding="utf-8")
    before = texts_of(repository)
    with pytest.raises(sd.InvalidDataError, match=r"other\.yaml.*direct"):
        move(repository, "communique-2021-10-20#s01", "other")
    assert before == texts_of(repository)


def test_a_moved_stance(copied: Path, tmp_path: Path) -> None:
    """Its words are found in the other text, and it gets a number that no release had there."""
    file = copied / "documents" / f"{COPY}.yaml"
    head = file.read_text(encoding="utf-8")
    other = (copied / "documents" / f"{POST}.yaml").read_text(encoding="utf-8")
    first = (
        other.partition("stances:")[2]
        .partition("  - id: s02")[0]
        .replace("[99, 123]", "[121, 145]")
    )
    file.write_text(f"{head}stances:{first}", encoding="utf-8")
    release(copied, "0.1.0", datetime.date(2021, 12, 1))
    file.write_text(head, encoding="utf-8")
    move(copied, f"{POST}#s01", COPY, tmp_path / "texts", BECAUSE)
    dataset = sd.read(copied)
    moved = dataset.stances[f"{COPY}#s02"]
    assert [(121, 145)] == [(e.span_start, e.span_end) for e in moved.evidence]
    assert f"{POST}#s01" not in dataset.stances
    text = (tmp_path / "texts" / "copy.txt").read_text(encoding="utf-8")
    assert [e.sha256 for e in moved.evidence] == [digest_of(text[121:145])]


def test_a_stance_that_cannot_move(copied: Path, tmp_path: Path) -> None:
    """Words that the other text lacks, the same document and blind stances are refused."""
    before = texts_of(copied)
    for stance, document, message in (
        (f"{POST}#s01", POST, "is in that document already"),
        (f"coder-2/{POST}#s01", COPY, "is a blind stance, which stays"),
        ("communique-2021-10-20#s01", COPY, r"does not have the words of \[76, 127\]; code the"),
        (f"{POST}#s01", "copi", "did you mean 'copy'"),
    ):
        with pytest.raises(sd.StancedataError, match=message):
            move(copied, stance, document, tmp_path / "texts")
    assert before == texts_of(copied)
