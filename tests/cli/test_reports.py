"""Problems formatted for other programs: JSON, and annotations on GitHub."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stancedata.cli.reports import report
from stancedata.problems import Place, Problem
from tests.cli.test_commands import run, streams
from tests.support.paths import REPOSITORY

SHARED = Problem(
    Place("data/actors/north.yaml", 4), "names[0]", "is also a name of another actor, got 'N'",
    "warning", "name_shared",
)  # fmt: skip
NASTY = Problem(Place("data/a b,c:d%é.yaml"), "", "is 100 % wrong: {x}, got 'a\r\nb'")
TEXT = "does not exist, got 'soutland'; did you mean 'southland'?"


def spoil(repository: Path) -> None:
    """Misspell an id, which is one error on a known line."""
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("southland", "soutland"), encoding="utf-8"
    )


def share(repository: Path) -> None:
    """Give one actor the name of another, which causes two warnings and no error."""
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("name: Rebels", "name: Northland"),
        encoding="utf-8",
    )


def printed(*words: str | Path, status: int = 0, cwd: Path | None = None) -> tuple[str, str]:
    """Run a command; return standard output and standard error."""
    out, other = streams(*words, status=status, cwd=cwd)
    return out.decode(), other


def test_json_has_every_part() -> None:
    """JSON is an array of problems in order; a missing line or rule is null."""
    expected: list[dict[str, Any]] = [
        {
            "file": "data/actors/north.yaml",
            "line": 4,
            "field": "names[0]",
            "message": "is also a name of another actor, got 'N'",
            "severity": "warning",
            "rule": "name_shared",
        },
        {
            "file": "data/a b,c:d%é.yaml",
            "line": None,
            "field": "",
            "message": "is 100 % wrong: {x}, got 'a\r\nb'",
            "severity": "error",
            "rule": None,
        },
    ]
    text = report([SHARED, NASTY], "json")
    assert expected == json.loads(text)
    assert list(expected[0]) == list(json.loads(text)[0])
    assert text.isascii()


def test_files_are_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path below the working folder is made relative; others are not changed."""
    monkeypatch.chdir(tmp_path)
    for file, expected in (
        ("./data//a.yaml", "data/a.yaml"),
        (str(tmp_path / "data" / "a.yaml"), "data/a.yaml"),
        ("../a.yaml", "../a.yaml"),
        (str(tmp_path.parent / "a.yaml"), str(tmp_path.parent / "a.yaml")),
    ):
        found = report([Problem(Place(file), "", "is wrong")], "github")
        assert f"::error file={expected},title=reading::is wrong" == found


def test_github_commands() -> None:
    """Each problem is one workflow command, with special characters escaped."""
    expected = (
        "::warning file=data/actors/north.yaml,line=4,title=name_shared"
        "::names[0]: is also a name of another actor, got 'N'\n"
        "::error file=data/a b%2Cc%3Ad%25é.yaml,title=reading"
        "::is 100 %25 wrong: {x}, got 'a%0D%0Ab'"
    )
    assert expected == report([SHARED, NASTY], "github")


def test_reports_of_nothing() -> None:
    """Without problems, JSON is an empty array and GitHub gets no output."""
    assert "[]" == report([], "json")
    assert "" == report([], "github")


def test_check_prints_the_report_alone(repository: Path) -> None:
    """An error is printed on standard output in the given format, with status 1."""
    spoil(repository)
    line = {
        "file": "data/actors/rebels.yaml",
        "line": 6,
        "field": "roles[0].of",
        "message": TEXT,
        "severity": "error",
        "rule": "reference",
    }
    command = f"::error file=data/actors/rebels.yaml,line=6,title=reference::roles[0].of: {TEXT}\n"
    out, err = printed("check", "--format", "json", status=1, cwd=repository.parent)
    assert ([line], "") == (json.loads(out), err)
    assert (command, "") == printed("check", "--format", "github", status=1, cwd=repository.parent)
    text = f"data/actors/rebels.yaml:6: roles[0].of: {TEXT}\n"
    assert (text, "") == printed("check", "--format", "text", status=1, cwd=repository.parent)


def test_check_passes_with_warnings(repository: Path) -> None:
    """Warnings alone are printed, with status 0."""
    share(repository)
    out, err = printed("check", "--format", "github", cwd=repository.parent)
    assert ["::warning", "::warning"] == [line.split()[0] for line in out.splitlines()]
    assert "" == err


def test_check_of_sound_data() -> None:
    """Without problems, text is a sentence and the other formats are empty."""
    assert ("", f"{REPOSITORY}: no problems found\n") == printed("check", REPOSITORY)
    assert ("[]\n", "") == printed("check", REPOSITORY, "--format", "json")
    assert ("", "") == printed("check", REPOSITORY, "--format", "github")


def test_check_refuses_other_formats() -> None:
    """An unknown format is refused with a list of the known ones."""
    text = run("check", REPOSITORY, "--format", "xml", status=2)
    assert "'text', 'json', 'github'" in text


def test_reporting_is_loaded_when_asked_for() -> None:
    """The text format does not import the module of the other formats."""
    code = (
        "import sys\nfrom stancedata.cli import main\n"
        "try: main()\nexcept SystemExit: print('stancedata.cli.reports' in sys.modules)"
    )
    for words, expected in (([], "False\n"), (["--format", "github"], "True\n")):
        found = subprocess.run(
            [sys.executable, "-c", code, "check", str(REPOSITORY), *words],
            capture_output=True,
            text=True,
            check=True,
        )
        assert expected == found.stdout
