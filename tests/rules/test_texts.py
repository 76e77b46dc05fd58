"""Rules that need the documents' texts: a fault for each, and its exact message."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.model.corpus import digest_of
from stancedata.rules import texts as wording
from stancedata.rules.rule import IN_PYTHON
from tests.cli.test_commands import run
from tests.support.paths import REPOSITORY, ROOT, TEXTS

POST = "documents/daily-post-2021-10-21.yaml"
TEXT = (TEXTS / "daily-post.txt").read_text(encoding="utf-8")
MINISTER = "The minister says plainly that there is no recognition."
COPIED = " ".join(TEXT.split()[4:17])
DIGEST = "7052f1cebc6f17291ffd931d23f3defa7abd2782b8ad5a656baff212e0b0d00d"
WORDS = "e7ff2fb43e376582dcc8b5751a7e9544eb6e9096dac619d70793ac38f55d66df"
# By rule: the text to replace, its replacement, and the expected line.
FAULTS = {
    "span_words": (
        "span: [99, 123]", "span: [99, 122]",
        f"data/{POST}:30: stances[0].evidence[0]: span has different words, got SHA-256 "
        f"{digest_of(TEXT[99:122])}; it was coded as {WORDS}",
    ),
    "span_edge": (
        f"span: [99, 123]\n        sha256: {WORDS}",
        f"span: [100, 123]\n        sha256: {digest_of(TEXT[100:123])}",
        f"data/{POST}:30: stances[0].evidence[0]: span breaks off inside a word, got [100, 123]; "
        "begin and end it at word boundaries",
    ),
    "text_length": (
        "characters: 226", "characters: 227",
        f"data/{POST}:9: text.characters: is not the length of the text, got 227; it has 226 "
        "characters",
    ),
    "text_missing": (
        DIGEST, "0" * 64,
        f"data/{POST}:7: text: is not in {TEXTS}: no file has SHA-256 {'0' * 64}; put the exact "
        "text there, under any file name",
    ),
    "copied_words": (
        MINISTER, COPIED,
        f"data/{POST}:25: stances[0].summary: repeats twelve consecutive words of the document, "
        "got 'on wednesday northland s …'; say it in your own words",
    ),
}  # fmt: skip


def spoil(folder: Path, old: str, new: str) -> None:
    """Replace some text in the only document."""
    file = folder / POST
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_is_wrong_with_the_miniature_repository() -> None:
    """Its spans contain the coded words, and nothing is copied."""
    assert [] == sd.check(REPOSITORY, corpus=TEXTS)


@pytest.mark.parametrize("rule", wording.RULES)
def test_fault(rule: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault gives exactly its line, and none without a corpus."""
    old, new, expected = FAULTS[rule]
    spoil(repository, old, new)
    monkeypatch.chdir(repository.parent)
    (problem,) = sd.check("data", corpus=TEXTS)
    assert (expected, rule) == (str(problem), problem.rule)
    assert IN_PYTHON[rule].severity == problem.severity
    assert [] == sd.check("data")


def test_blind_codings_are_asked_too(repository: Path) -> None:
    """Blind coders' spans and prose follow the same rules."""
    file = repository / "codings" / "coder-2" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    text = text.replace("No recognition, by the minister's words.", COPIED)
    file.write_text(text.replace("[99, 123]", "[98, 123]"), encoding="utf-8")
    found = sd.check(repository, corpus=sd.Corpus(TEXTS))
    assert ["stances[0].summary", "stances[0].evidence[0]"] == [p.field for p in found]
    assert {str(file)} == {problem.where.file for problem in found}


def test_conditions_and_notes_are_asked_too(repository: Path) -> None:
    """Conditions and notes must not repeat the document either."""
    spoil(
        repository,
        "    evidence:\n",
        f'    conditions:\n      - condition: "{COPIED}"\n    evidence:\n',
    )
    spoil(repository, "Wednesday by the day of publication.", COPIED)
    fields = sorted(problem.field for problem in sd.check(repository, corpus=TEXTS))
    # Both stances of the document have the condition.
    assert ["stances[0].conditions[0].condition", "stances[0].note"] == fields[:2]
    assert "stances[1].conditions[0].condition" == fields[2]


def test_a_silence_waives_such_a_rule_and_is_not_idle_without_a_corpus(repository: Path) -> None:
    """A silence with a reason permits a copy, and is not idle without the texts."""
    spoil(repository, MINISTER, COPIED)
    silence = "    exemptions:\n      - rule: copied_words\n        reason: the words are a title\n"
    spoil(
        repository, "    evidence:\n      - span: [99", silence + "    evidence:\n      - span: [99"
    )
    assert [] == sd.check(repository, corpus=TEXTS)
    assert [] == sd.check(repository)
    spoil(repository, COPIED, MINISTER)
    (problem,) = sd.check(repository, corpus=TEXTS)
    assert problem.rule == "idle_exemption"


def test_an_export_is_asked_alike(small: sd.Dataset, tmp_path: Path) -> None:
    """Exports are checked against the texts too; problems name the record."""
    small.export(tmp_path / "export", panel=False)
    assert [] == sd.check(tmp_path / "export", corpus=TEXTS)
    texts = Path(shutil.copytree(TEXTS, tmp_path / "texts"))
    (texts / "daily-post.txt").write_text(TEXT + "!", encoding="utf-8")
    (problem,) = sd.check(tmp_path / "export", corpus=texts)
    assert ("text_missing", "warning") == (problem.rule, problem.severity)
    assert "document daily-post-2021-10-21: text" == problem.field


def test_the_command(repository: Path) -> None:
    """`check --corpus` reports problems with the texts and exits with 1."""
    spoil(repository, MINISTER, COPIED)
    said = run("check", repository, "--corpus", TEXTS, status=1)
    assert "repeats twelve consecutive words of the document" in said
    assert "corpus: is not a folder" in run("check", "--corpus", repository / "none", status=1)


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
def test_runs_against_a_naive_oracle(text: list[str], prose: list[str]) -> None:
    """Runs of twelve words are found exactly where a search in the padded text finds them."""
    padded = f" {' '.join(text)} "
    windows = [prose[i : i + 12] for i in range(len(prose)) if len(prose[i : i + 12]) == 12]
    expected = any(f" {' '.join(window)} " in padded for window in windows)
    shared = {*wording.runs(" ".join(text))} & {*wording.runs("; ".join(prose).upper())}
    assert expected == bool(shared)


def test_no_founding_document_is_repeated(corpus: sd.Corpus) -> None:
    """No coder's prose repeats one of the founding documents."""
    data = ROOT / "data"
    assert [] == [str(problem) for problem in sd.check(data, corpus=corpus)]


def test_the_texts_are_known_by_their_digest() -> None:
    """The digest in the miniature repository is that of the text's bytes."""
    assert DIGEST == hashlib.sha256((TEXTS / "daily-post.txt").read_bytes()).hexdigest()
