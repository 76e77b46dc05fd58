"""The pre-commit hooks for other repositories, tested without pre-commit itself."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stancedata.cli import commands
from stancedata.data_folder import files_of
from tests.cli.test_commands import MAIN, run
from tests.support.paths import ROOT

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


def words_of(hook: dict[str, Any]) -> list[str]:
    """Return the arguments that a hook passes to the program."""
    program, *words = hook["entry"].split()
    assert program == "stancedata"
    return [*words, *hook.get("args", ())]


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_whole(name: str) -> None:
    """Each hook has the required keys, and runs an existing command with valid options."""
    hook = HOOKS[name]
    assert {"id", "name", "entry", "language", "files"} <= set(hook)
    assert hook["language"] == "python"
    command, *options = words_of(hook)
    known = {option for parameter in commands.commands[command].params for option in parameter.opts}
    assert {option for option in options if option.startswith("-")} <= known


def test_the_page_names_the_hooks() -> None:
    """docs/editing.md shows both hooks, the formatter first, with valid keys."""
    page = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")
    whole, part = (
        yaml.safe_load(block)
        for block in re.findall(r"```yaml\n((?:repos| +- id).*?)```", page, re.S)
    )
    assert list(HOOKS) == [hook["id"] for hook in whole["repos"][0]["hooks"]]
    assert list(HOOKS) == [hook["id"] for hook in part]
    assert {"id", "files", "args"} == {key for hook in part for key in hook}


def test_hooks_are_about_every_curated_file(repository: Path) -> None:
    """The hooks match all curated files in a folder called data, and no others."""
    for hook in HOOKS.values():
        for file in files_of(repository):
            assert re.search(hook["files"], file.relative_to(repository.parent).as_posix())
        assert not re.search(hook["files"], "docs/data/page.yaml")


def test_format_is_handed_what_was_changed(repository: Path) -> None:
    """The formatter takes files in any order, and ignores those that are not curated."""
    words = words_of(HOOKS["stancedata-format"])
    untidy = repository / "actors" / "rebels.yaml"
    untidy.write_text(
        untidy.read_text(encoding="utf-8").replace("kind: ", "kind:   "), encoding="utf-8"
    )
    stray = repository / "notes.yaml"
    stray.write_text("a:   1\n", encoding="utf-8")
    names = ["data/notes.yaml", "data/codebook.yaml", "data/actors/rebels.yaml"]
    assert "data/actors/rebels.yaml: formatted\n" == run(*words, *names, cwd=repository.parent)
    assert "" == run(*words, *names, cwd=repository.parent)
    assert "a:   1\n" == stray.read_text(encoding="utf-8")


def test_format_names_every_file_that_it_cannot_format(repository: Path) -> None:
    """Without the hook's option, other files are reported, and curated ones still formatted."""
    untidy = repository / "actors" / "rebels.yaml"
    tidy = untidy.read_text(encoding="utf-8")
    untidy.write_text(tidy.replace("kind: ", "kind:   "), encoding="utf-8")
    (repository / "notes.yaml").write_text("a: 1\n", encoding="utf-8")
    names = ["data/notes.yaml", "data/actors/rebels.yaml"]
    text = run("format", *names, status=1, cwd=repository.parent)
    assert text == (
        "data/notes.yaml: is not where curated files are kept, got 'notes.yaml'; give "
        "codebook.yaml, or a .yaml file in one of the folders of a data folder\n"
    )
    assert tidy == untidy.read_text(encoding="utf-8")


def test_check_fails_a_commit(repository: Path) -> None:
    """The hook's command exits with 1 and prints the problem, otherwise with 0."""
    words = [*MAIN, *words_of(HOOKS["stancedata-check"])]
    assert sys.executable == words[0]
    subprocess.run(words, cwd=repository.parent, check=True, capture_output=True)
    (repository / "actors" / "rebels.yaml").write_text("kind: [", encoding="utf-8")
    found = subprocess.run(
        words, cwd=repository.parent, check=False, capture_output=True, text=True
    )
    assert found.returncode == 1
    assert "data/actors/rebels.yaml:2: is not valid YAML" in found.stdout
