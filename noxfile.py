"""Tests, checks and benchmarks of the project: `nox -l` lists them, `nox -s NAME` runs one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "tests"]
nox.options.reuse_existing_virtualenvs = True

OLDEST = ".ci/oldest.txt"
EXPORTS = ".nox/exports"
CODE = ("src", "tests", "tools", "benchmarks", "noxfile.py")
HEART = (
    "tests/charts",
    "tests/cli",
    "tests/curation",
    "tests/dataset",
    "tests/model",
    "tests/questions",
    "tests/releases",
    "tests/reliability",
    "tests/rules",
    "tests/tables",
    "tests/test_api.py",
)
"""Tests that depend on library versions; the others build wheels or run the documentation."""


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments go to pytest."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def oldest(session: nox.Session) -> None:
    """Run the core tests with the oldest version that each lower bound allows."""
    session.install("-c", OLDEST, ".[test]")
    _check_exports(session)
    # Old libraries emit deprecation warnings.
    session.run("pytest", "-W", "ignore", *(session.posargs or HEART))


@nox.session
def newest(session: nox.Session) -> None:
    """Run the core tests with the newest libraries; `-- --pre` includes pre-releases."""
    eager = ("--upgrade", "--upgrade-strategy", "eager")
    session.install(*eager, *session.posargs, ".[test]")
    session.run("pip", "list", "--outdated")
    _check_exports(session)
    session.run("pytest", *HEART)


def _check_exports(session: nox.Session) -> None:
    """Export the data, and check this export and those of the other sessions."""
    session.run("stancedata", "export", f"{EXPORTS}/{session.name}")
    for folder in sorted(Path(EXPORTS).iterdir()):
        session.run("stancedata", "check", str(folder))


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy, and the examples of use with pyright too."""
    session.install("-e", ".[types]")
    session.run("mypy", "--strict", *CODE)
    session.run("basedpyright")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, layout, the direction of imports, spelling and the data."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")
    session.run("typos")
    session.run("stancedata", "check", "data/")


@nox.session
def docs(session: nox.Session) -> None:
    """Run every example in the documentation."""
    session.install("-e", ".[test]")
    session.run("pytest", "tests/test_docs.py", "tests/test_second_dataset.py", *session.posargs)


@nox.session
def html(session: nox.Session) -> None:
    """Build the documentation as a site in build/html; a warning or a dead link is an error."""
    session.install("-e", ".[documentation]")
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-c", "docs", ".", "build/html")


@nox.session
def package(session: nox.Session) -> None:
    """Build the distributions, check them, and use the wheel in every supported Python there is."""
    project = nox.project.load_toml("pyproject.toml")
    tools = project["project"]["optional-dependencies"]["packaging"]
    session.install(*project["build-system"]["requires"], *tools)
    made = Path(session.create_tmp()) / "dist"
    shutil.rmtree(made, ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(made), silent=True)
    session.run("twine", "check", "--strict", *map(str, made.iterdir()))
    [wheel] = made.glob("*.whl")
    session.run("check-wheel-contents", str(wheel))
    for version in nox.project.python_versions(project):
        python = shutil.which(f"python{version}")
        # A shim of pyenv is there even if no such Python is active.
        if python and subprocess.run([python, "--version"], check=False).returncode == 0:
            clean = made.parent / f"clean-{version}"
            session.run(python, "-m", "venv", "--clear", str(clean), external=True)
            scripts = clean / ("Scripts" if os.name == "nt" else "bin")
            session.run(str(scripts / "pip"), "install", "-q", str(wheel), external=True)
            session.run(str(scripts / "stancedata"), "info", external=True)


@nox.session
def pages(session: nox.Session) -> None:
    """Regenerate the generated pages of the documentation."""
    session.install("-e", ".[test]")
    for page in ("rules", "contract", "second_dataset", "coverage", "findings", "readme"):
        session.run("python", "-m", f"tools.pages.{page}")


@nox.session
def spark(session: nox.Session) -> None:
    """Run the packaged SQL on Spark, if Java 17 or later is installed."""
    java = shutil.which("java")
    output = session.run(java, "-version", silent=True, external=True) if java else ""
    version = re.search(r'version "(\d+)', output if isinstance(output, str) else "")
    if not version or int(version[1]) < 17:
        session.skip("Spark needs Java of 17 or later")
    session.install("-e", ".[test,spark]")
    session.run("pytest", "-m", "spark and not long", "-n", "0", "tests/engines/test_spark.py")


@nox.session
def interop(session: nox.Session) -> None:
    """Check what lies beside an export with the validators of its formats, which take minutes to install."""
    session.install("-e", ".[test,interop]")
    # The validators' own libraries emit deprecation warnings.
    session.run(
        "pytest", "-W", "ignore", "tests/exports/test_beside.py", "tests/exports/test_validation.py"
    )


@nox.session
def long(session: nox.Session) -> None:
    """Run all tests, also those that take minutes, on more examples; do so before a release."""
    session.install("-e", ".[test]")
    more = {"STANCEDATA_EXAMPLES": "10"}
    session.run("pytest", "-m", "not spark", "--dist", "load", *session.posargs, env=more)


@nox.session
def bench(session: nox.Session) -> None:
    """Run one benchmark, by default start_up: `nox -s bench -- performance`."""
    session.install("-e", ".[benchmarks]")
    name, *words = session.posargs or ["start_up"]
    session.run("python", "-m", f"benchmarks.{name}", *words)
