"""Plant one fault at a time in the miniature repository and compare the exact messages.

A folder under `faults/` holds the files that differ from the repository, `removed.txt` with those
that it lacks, and `expected.txt` with every line that `stancedata check` prints.
"""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.rules import characters
from stancedata.rules.rule import Rule, all_rules
from tests.support.paths import FAULT_NAMES, FAULTS, REPOSITORY

NOTES = ("expected.txt", "removed.txt")
CODED = {"documents", "codings"}


def spoil(name: str, folder: Path) -> None:
    """Apply a fault to a copy of the repository."""
    fault = FAULTS / name
    removed = fault / "removed.txt"
    for line in removed.read_text(encoding="utf-8").split() if removed.exists() else ():
        (folder / line).unlink()
    for file in fault.rglob("*"):
        if file.is_file() and file.name not in NOTES:
            target = folder / file.relative_to(fault)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def test_the_repository_is_valid() -> None:
    """The repository has no problems, so every problem of a fault is due to that fault."""
    assert [] == sd.check(REPOSITORY)


@pytest.mark.parametrize("name", FAULT_NAMES)
def test_fault(name: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault gives exactly its expected lines."""
    spoil(name, repository)
    monkeypatch.chdir(repository.parent)
    expected = (FAULTS / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert expected, "a fault must be found"
    problems = sd.check("data")
    assert expected == [str(problem) for problem in problems]
    # `check --only` asks less of the rules, but says the same of the files of a document.
    coded = [p for p in problems if p.rule and CODED & {*Path(p.where.file).parts}]
    for stem in {Path(problem.where.file).stem for problem in coded}:
        if (repository / "documents" / f"{stem}.yaml").is_file():
            mine = [problem for problem in coded if Path(problem.where.file).stem == stem]
            assert mine == [p for p in sd.check("data", only=[stem]) if p.rule]


def test_a_day_that_has_come_is_no_fault(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days after today are refused until they come, although nothing in the folder changes."""
    day = max(datetime.date.today(), characters.PASSED) + datetime.timedelta(30)
    for file in (repository / "documents").iterdir():
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("coded_date: 2021-11-01", f"coded_date: {day}"), "utf-8")
    assert ["future_day"] * 2 == [problem.rule for problem in sd.check(repository)]
    monkeypatch.setattr(characters, "PASSED", day - datetime.timedelta(1))
    assert [] == sd.check(repository)


def test_every_line_says_what_is_wrong_what_was_got_and_what_to_do() -> None:
    """The form of every message: `file:line: field: what is wrong, got X; what to do`.

    X is left out if a value is missing, or if the message is the parser's.
    """
    for name in FAULT_NAMES:
        for line in (FAULTS / name / "expected.txt").read_text(encoding="utf-8").splitlines():
            assert re.search(
                r", got |: is (missing|empty|not valid YAML|a bloc without)|: has no "
                r"|not have; ",
                line,
            )
            assert "; " in line, line


# Rules that curated files cannot break, because the reader refuses such files first.
ONLY_IN_TABLES = {
    "ascriber_first", "level", "stated_order", "published_order", "held_order", "orphan",
}  # fmt: skip


@pytest.mark.parametrize("rule", [r for r in all_rules() if r.name not in ONLY_IN_TABLES])
def test_every_rule_has_a_fault(rule: Rule) -> None:
    """Each rule's message is among those that the faults give."""
    parts = re.split(r"\{[^}]*\}", rule.message)
    pattern = re.compile(".*".join(map(re.escape, parts)))
    lines = "\n".join(
        (FAULTS / name / "expected.txt").read_text(encoding="utf-8") for name in FAULT_NAMES
    )
    assert pattern.search(lines), rule.name


def test_a_silence_waives_its_rule(repository: Path) -> None:
    """A silence waives a rule on its own record only."""
    spoil("speaker-without-role", repository)
    file = repository / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    silence = (
        "    exemptions:\n      - rule: speaker_role\n        reason: a guest spoke for once\n"
    )
    file.write_text(
        text.replace("    evidence:\n", silence + "    evidence:\n", 1), encoding="utf-8"
    )
    assert [] == sd.check(repository)


def test_read_refuses_what_check_finds(repository: Path) -> None:
    """Data with errors are not loaded; the exception has every problem."""
    spoil("two-faults-at-once", repository)
    with pytest.raises(sd.InvalidDataError) as error:
        sd.read(repository)
    assert 3 == len(error.value.problems)


def test_warnings_do_not_keep_data_from_loading(repository: Path) -> None:
    """Warnings are reported but do not prevent loading."""
    spoil("name-of-two", repository)
    assert {"warning"} == {problem.severity for problem in sd.check(repository)}
    assert "northland" in sd.read(repository).actors
