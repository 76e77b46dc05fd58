"""Problems as machines read them: JSON, SARIF, and annotations on GitHub."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stancedata as sd
from stancedata.cli.reports import report
from stancedata.problems import Place, Problem
from stancedata.rules.runner import IDLE, IN_PYTHON, all_rules
from tests.cli.test_commands import MAIN, run
from tests.support.paths import REPOSITORY

SHARED = Problem(
    Place("data/actors/north.yaml", 4), "names[0]", "is a name of another actor too, got 'N'",
    "warning", "name_shared",
)  # fmt: skip
NASTY = Problem(Place("data/a b,c:d%é.yaml"), "", "is 100 % wrong: {x}, got 'a\r\nb'")
TEXT = "names nothing that exists, got 'soutland'; did you mean 'southland'?"


def spoil(repository: Path) -> None:
    """Misspell an id, which is one error on a known line."""
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("southland", "soutland"), encoding="utf-8"
    )


def share(repository: Path) -> None:
    """Give one actor the name of another, which is two warnings and no error."""
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("{name: Rebels", "{name: Northland"),
        encoding="utf-8",
    )


def streams(*words: str | Path, cwd: Path | None = None) -> tuple[str, str, int]:
    """Run a command; give standard output, standard error and exit status, each by itself."""
    found = subprocess.run(
        [*MAIN, *map(str, words)], capture_output=True, text=True, cwd=cwd, check=False
    )
    return found.stdout, found.stderr, found.returncode


def result(rule: str, level: str, text: str, location: dict[str, Any]) -> dict[str, Any]:
    """One result of a SARIF log."""
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }


def log(rules: list[dict[str, Any]], results: list[dict[str, Any]]) -> dict[str, Any]:
    """A whole SARIF log."""
    driver = {"name": "stancedata", "version": sd.__version__, "rules": rules}
    schema = (
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    )
    return {
        "$schema": schema,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def uri(file: str) -> str:
    """The address that a SARIF log gives a file."""
    found = json.loads(report([Problem(Place(file), "", "is wrong")], "sarif"))
    location = found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    return str(location["artifactLocation"]["uri"])


def test_json_has_every_part() -> None:
    """JSON is an array of problems in order, with null for a line or rule that there is not."""
    expected: list[dict[str, Any]] = [
        {
            "file": "data/actors/north.yaml",
            "line": 4,
            "field": "names[0]",
            "message": "is a name of another actor too, got 'N'",
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


def test_sarif_log() -> None:
    """A SARIF log has the rules that occur, and a result for each problem with its place."""
    rules: list[dict[str, Any]] = [
        {"id": "name_shared", "shortDescription": {"text": "A name belongs to one actor."}},
        {
            "id": "reading",
            "shortDescription": {
                "text": "Every file is read as it is written, with keys and values that are known."
            },
        },
    ]
    shared = result(
        "name_shared", "warning", "names[0]: is a name of another actor too, got 'N'",
        {"artifactLocation": {"uri": "data/actors/north.yaml"}, "region": {"startLine": 4}},
    )  # fmt: skip
    nasty = result(
        "reading", "error", "is 100 % wrong: {{x}}, got 'a\r\nb'",
        {"artifactLocation": {"uri": "data/a%20b%2Cc%3Ad%25%C3%A9.yaml"}},
    )  # fmt: skip
    found = report([SHARED, NASTY, SHARED], "sarif")
    assert log(rules, [shared, nasty, shared]) == json.loads(found)


def test_sarif_says_what_every_rule_asks() -> None:
    """Whatever rule a problem can name has its sentence, those in Python too."""
    for name in (*(rule.name for rule in all_rules()), *IN_PYTHON, IDLE, ""):
        found = report([Problem(Place("a.yaml", 1), "x", "is wrong", "error", name)], "sarif")
        (described,) = json.loads(found)["runs"][0]["tool"]["driver"]["rules"]
        assert described["shortDescription"]["text"].endswith(".")


def test_addresses_are_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path below this folder is given from here, any other absolute one as a file address."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert "data/a.yaml" == uri("./data//a.yaml")
    assert "data/a.yaml" == uri(str(here / "data" / "a.yaml"))
    assert "../a.yaml" == uri("../a.yaml")
    assert (tmp_path / "a b.yaml").as_uri() == uri(str(tmp_path / "a b.yaml"))
    assert "%FF.yaml" == uri("\udcff.yaml")  # a name that is no text
    inside = Problem(Place(str(here / "a.yaml")), "", "is wrong")
    assert "::error file=a.yaml,title=reading::is wrong" == report([inside], "github")


def test_github_commands() -> None:
    """Each problem is one workflow command, with whatever GitHub would misread escaped."""
    expected = (
        "::warning file=data/actors/north.yaml,line=4,title=name_shared"
        "::names[0]: is a name of another actor too, got 'N'\n"
        "::error file=data/a b%2Cc%3Ad%25é.yaml,title=reading"
        "::is 100 %25 wrong: {x}, got 'a%0D%0Ab'"
    )
    assert expected == report([SHARED, NASTY], "github")


def test_reports_of_nothing() -> None:
    """Without a problem: an empty array, a log without results, and no command."""
    assert "[]" == report([], "json")
    assert log([], []) == json.loads(report([], "sarif"))
    assert "" == report([], "github")


def test_check_prints_the_report_alone(repository: Path) -> None:
    """An error is told on standard output in the form that was asked for, with status 1."""
    spoil(repository)
    line = {
        "file": "data/actors/rebels.yaml",
        "line": 6,
        "field": "roles[0].of",
        "message": TEXT,
        "severity": "error",
        "rule": "reference",
    }
    says = "Every id that a record names belongs to a record of the dataset."
    place = {"artifactLocation": {"uri": "data/actors/rebels.yaml"}, "region": {"startLine": 6}}
    sarif = log(
        [{"id": "reference", "shortDescription": {"text": says}}],
        [result("reference", "error", f"roles[0].of: {TEXT}", place)],
    )
    command = f"::error file=data/actors/rebels.yaml,line=6,title=reference::roles[0].of: {TEXT}\n"
    for style, expected in (("json", [line]), ("sarif", sarif)):
        out, err, status = streams("check", "--format", style, cwd=repository.parent)
        assert (expected, "", 1) == (json.loads(out), err, status)
    assert (command, "", 1) == streams("check", "--format", "github", cwd=repository.parent)
    text = f"data/actors/rebels.yaml:6: roles[0].of: {TEXT}\n"
    assert (text, "", 1) == streams("check", "--format", "text", cwd=repository.parent)


def test_check_passes_with_warnings(repository: Path) -> None:
    """Warnings alone are told, and the status is 0."""
    share(repository)
    out, err, status = streams("check", "--format", "github", cwd=repository.parent)
    assert ["::warning", "::warning"] == [line.split()[0] for line in out.splitlines()]
    assert ("", 0) == (err, status)


def test_check_of_sound_data() -> None:
    """That nothing is wrong is a sentence for people, and for machines an empty report."""
    assert ("", f"{REPOSITORY}: nothing is wrong\n", 0) == streams("check", REPOSITORY)
    assert ("[]\n", "", 0) == streams("check", REPOSITORY, "--format", "json")
    assert ("", "", 0) == streams("check", REPOSITORY, "--format", "github")


def test_check_refuses_other_formats() -> None:
    """A format that does not exist is refused with those that do."""
    text = run("check", REPOSITORY, "--format", "xml", status=2)
    assert "'text', 'json', 'sarif', 'github'" in text


def test_reporting_is_loaded_when_asked_for() -> None:
    """Whoever reads text does not load what writes reports."""
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
