"""The project's settings agree across files."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.support.paths import ROOT

USED_BY_USERS = ("charts", "coding", "site", "spark", "pandas", "polars", "reliability")
"""Extras for users; the others are for developers."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def bounds(requirements: list[str]) -> dict[str, str]:
    """Return the lower bound of each requirement, as written."""
    found = (re.match(r"([\w-]+)(?:\[.*\])?>=([\d.]+)", text) for text in requirements)
    return {match[1]: match[2] for match in found if match}


def padded(version: str) -> tuple[int, ...]:
    """Pad a version to three numbers: 18 is 18.0.0."""
    numbers = [int(number) for number in version.split(".")]
    return (*numbers, *(0,) * (3 - len(numbers)))


def test_oldest_libraries_are_the_lower_bounds() -> None:
    """`.ci/oldest.txt` pins every library that users install at its lower bound."""
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = bounds(
        [*PROJECT["project"]["dependencies"], *(r for name in USED_BY_USERS for r in extras[name])]
    )
    lines = (ROOT / ".ci" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert {name: padded(version) for name, version in wanted.items()} == {
        name: padded(version) for name, version in pinned.items()
    }
    assert len(wanted) >= len(PROJECT["project"]["dependencies"]) + len(USED_BY_USERS)


def test_building_needs_what_running_needs() -> None:
    """The build needs the library's requirements, with the same bounds."""
    running = bounds(PROJECT["project"]["dependencies"])
    building = bounds(PROJECT["build-system"]["requires"])
    building.pop("hatchling")
    assert building.items() <= running.items()
    assert running.keys() - building.keys() == {"click", "rich"}  # only for the command line


def test_tested_pythons_are_the_promised_ones() -> None:
    """The hosted tests run on every Python in the classifiers, and on three systems."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    prefix = "Programming Language :: Python :: 3."
    promised = [c.rpartition(" ")[2] for c in PROJECT["project"]["classifiers"] if prefix in c]
    assert jobs["tests"]["strategy"]["matrix"]["python"] == promised
    assert PROJECT["project"]["requires-python"] == f">={promised[0]}"
    systems = jobs["wheel"]["strategy"]["matrix"]["system"]
    assert jobs["wheel"]["strategy"]["matrix"]["python"] == promised
    assert ["macos", "ubuntu", "windows"] == sorted(s.removesuffix("-latest") for s in systems)


def test_workflows_run_sessions_that_exist() -> None:
    """Every session that a workflow or `.ci/run` names exists in noxfile.py."""
    sessions = set(re.findall(r"@nox\.session\ndef (\w+)", read("noxfile.py")))
    named = set(yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["checks"]["strategy"][
        "matrix"
    ]["session"])  # fmt: skip
    for path in (".github/workflows/ci.yml", ".github/workflows/release.yml", ".ci/run"):
        named |= {
            word for words in re.findall(r"nox\"? -s ([a-z ]+)$", read(path), re.MULTILINE)
            for word in words.split()
        }  # fmt: skip
    assert {"lint", "types", "package", "tests", "oldest", "newest", "spark", "long"} <= named
    assert named <= sessions


def test_readme_command_is_what_is_run() -> None:
    """The README contains the command for the tests that `.ci/run` looks for, once."""
    assert 1 == read("README.md").count("pip install -e '.[test]'")
    assert "pip install -e '.[test]'" in read(".ci/run")


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_pages_name_files_that_exist(page: str) -> None:
    """Every path that a page for developers mentions exists."""
    missing = {name for name in named_files(read(page)) if not found(name)}
    assert set() == missing


@pytest.mark.parametrize("module", ["python", "sql"])
def test_mutants_are_tried_on_tests_that_exist(module: str) -> None:
    """Every file of tests that the mutation tests run exists; pytest fails on any other."""
    named = set(re.findall(r"tests/\w+/\w+\.py", read(f"tools/mutation/{module}.py")))
    assert named
    assert set() == {name for name in named if not (ROOT / name).is_file()}


def test_links_lead_somewhere() -> None:
    """Every relative link of the pages at the root, of the decisions and of changes/ leads to a file."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/decisions/*.md"), *ROOT.glob("changes/*.md")]
    assert len(pages) > 15
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def named_files(text: str) -> list[str]:
    """Return the paths in a page's code spans, except placeholders in capitals."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    spans = re.findall(r"`([\w./-]+(?:\.\w+|/))`", text)
    return [span for span in spans if "/" in span and not re.search(r"[A-Z]{3,}", span)]


def found(name: str) -> list[Path]:
    """Return the files and folders of that name, in the project or the package."""
    folders = (ROOT, ROOT / "src" / "stancedata")
    return [folder / name for folder in folders if (folder / name).exists()]


def read(path: str) -> str:
    """Read a file of the project."""
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_sdist_has_what_its_tests_need() -> None:
    """Every folder of the project is in the source distribution, so that its tests run there."""
    included = set(PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
    imported = set()
    for file in (ROOT / "tests").rglob("*.py"):
        found = re.findall(
            r"^(?:from|import) (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE
        )
        imported |= {name for name in found if (ROOT / name).is_dir()}
    assert {"benchmarks", "tests", "tools"} <= imported
    assert {f"/{name}" for name in {*imported, "data", "docs", "drafts", "src"}} <= included


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing that an old Python meets is a sentence, in syntax that it knows."""
    source = read("src/stancedata/__init__.py")
    ast.parse(source, feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(ImportError, match=r"needs Python 3\.11 or later, got 3\.10; run it with"):
        exec(compile(source, "__init__.py", "exec"), {"__name__": "stancedata", "__file__": "x"})


def test_processes_of_the_tests_keep_their_bytecode() -> None:
    """A process that a test starts may keep bytecode, whatever the environment of the run says."""
    command = [sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"]
    assert "False\n" == subprocess.check_output(command, text=True)
