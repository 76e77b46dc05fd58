"""Errors of commands name what the user typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.support.paths import REPOSITORY


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("matrix", "--max-age", "-1"), "--max-age: must be a whole number of days"),
        (("matrix", "--on", "x"), "--on: must be a day"),
        (("panel", "--from", "x"), "--from: must be a day"),
        (("panel", "--end=x"), "--end: must be a day"),
        (("panel", "--from", "2022", "--to", "2021"), "--from: is later than the end, got 2022-01-01"),
        (("history", "northland", "--to", "x"), "--to: must be a day"),
        (("history", "northland", "--to", "x", "--format", "csv"), "--to: must be a day"),
        (("info", "--known-at", "9.9.9"), "--known-at: does not exist"),
        (("plot", "matrix", "--output", "a.abc"), "--output: does not end in a known picture format"),
        (("plot", "matrix", "--width", "1", "--output", "a.svg"), "--width: must be a whole number"),
        (("cite", "--style", "x"), "--style: is unknown"),
        (("export", "new", "--format", "x"), "--format: is unknown"),
        (("export", "new", "--partition-by", "x"), "--partition-by: is not a column"),
    ],
)  # fmt: skip
def test_errors_name_the_option(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """They name an option as it is typed, not the argument of the library."""
    assert run(*words, "--data", REPOSITORY, status=1, cwd=tmp_path).startswith(said)


def test_a_file_is_not_taken_for_an_option(tmp_path: Path) -> None:
    """A path that is called like an option keeps its name."""
    (tmp_path / "holder").mkdir()
    said = run("matrix", "--data", "holder", status=1, cwd=tmp_path)
    assert said.startswith("holder: is not a dataset")
