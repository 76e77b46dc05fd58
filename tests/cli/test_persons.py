"""Commands that readers looked for: persons, blocs, panels, periods, quotes and tables that fit."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.shell_completion import ShellComplete

import stancedata as sd
from stancedata import text
from stancedata.cli import commands, output
from stancedata.problems import StancedataError
from tests.cli.test_commands import run, streams
from tests.support.paths import REPOSITORY, TEXTS
from tests.support.pinned import RELEASE, load_pinned

PINNED = ("--known-at", RELEASE)


class Terminal(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_who_and_what_they_voiced() -> None:
    """`who` says who a person is, `voiced` what it voiced; so does its history."""
    assert "speaks_for Russia" in run("who", "Lavrov", *PINNED)
    every = json.loads(run("voiced", "Lavrov", *PINNED, "--format", "json"))
    some = run("voiced", "Lavrov", "recognition", "--from", "2021-10", "--to", "2021-10", *PINNED)
    assert 0 < len(some.splitlines()) - 1 < len(every)
    assert "voiced nothing on record" in run("voiced", "china", *PINNED)
    said = run("history", "Lavrov", *PINNED)
    assert said.startswith("no position on record; voiced for others:")
    assert all(row["stance_id"] in said for row in every)
    listed = json.loads(run("members", "Haqqani network", *PINNED, "--format", "json"))
    expected = load_pinned().members("Haqqani network")
    assert [(a.actor_id, a.name, a.kind) for a in expected] == [tuple(r.values()) for r in listed]


def test_a_bloc_without_members() -> None:
    """`members` says why there are none; a program gets no rows."""
    assert "these data record no member of european-union\n" == run("members", "EU", *PINNED)
    assert [] == json.loads(run("members", "EU", *PINNED, "--format", "json"))


def test_what_is_not_there() -> None:
    """A name with the same words is suggested before a similar id; nothing is better than another."""
    said = run("show", "Islamic Emirate", *PINNED, status=1)
    assert "did you mean 'Islamic Emirate of Afghanistan' (taliban)?" in said
    for command in ("show", "who", "history"):
        said = run(command, "france", *PINNED, status=1)
        assert "is not in these data" in said
        assert "iran" not in said
    assert "did you mean 'moscow-format-2021-10-20'?" in run(
        "show", "moscow-format-2021-10-21", *PINNED, status=1
    )


def test_history_of_an_issue_with_quotes() -> None:
    """An issue alone gives every holder; `--quotes` gives words, or where they are."""
    table = run("history", "recognition", *PINNED, "--to", "2021-10-20")
    assert table.startswith("holder")
    assert {"Russia", "China"} < {line.split()[0] for line in table.splitlines()}
    words = ("history", "northland", "--data", REPOSITORY, "--quotes")
    assert ">> " in run(*words, "--corpus", TEXTS)
    assert "characters " in run(*words)
    assert "leave one of them out" in run(*words, "--format", "csv", status=1)
    assert "in these days" in run("history", "northland", "--data", REPOSITORY, "--to", "1990")


def test_what_a_person_voiced_with_quotes() -> None:
    """`voiced --quotes` gives each stance with its words, or where they are, and its source."""
    asked = ("voiced", "Lavrov", "recognition", "--from", "2021-10", "--to", "2021-10", *PINNED)
    entries = run(*asked, "--quotes").rstrip().split("\n\n")
    assert len(entries) == len(run(*asked).splitlines()) - 1
    for entry in entries:
        assert "  for Russia on recognition: withholds (-1), " in entry.splitlines()[0]
        assert "\n     summary: " in entry
        assert "https://" in entry
    assert "leave one of them out" in run(*asked, "--quotes", "--format", "csv", status=1)


@pytest.mark.parametrize("command", [("matrix",), ("panel", "--sparse", "--every", "year")])
def test_since_leaves_out_what_is_older(command: tuple[str, ...]) -> None:
    """`--since` leaves out of a matrix and of a panel what dates from before a day."""
    asked = (*command, "--format", "json", *PINNED)
    every, found = (
        json.loads(streams(*asked, *more)[0]) for more in ((), ("--since", "2021-10-20"))
    )
    assert "2021-10-20" <= min(row["stated_latest"] for row in found)
    assert len(found) < len(every)


def test_panel_is_a_grid() -> None:
    """`panel` has every period, holder and issue; the table shows levels."""
    words = ("panel", "--issue", "recognition", "--from", "2021", "--to", "2021", *PINNED)
    rows = list(csv.DictReader(io.StringIO(run(*words, "--every", "quarter", "--format", "csv"))))
    holders = {row["actor_id"] for row in rows}
    assert len(rows) == 4 * len(holders) > 4
    shown = run(*words, "--every", "quarter").splitlines()
    assert ["holder", "issue", "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"] == shown[0].split()
    assert len(shown) - 1 == len(holders)
    sparse = run(*words, "--sparse", "--format", "csv").splitlines()
    assert len(sparse) - 1 < 12 * len(holders)


@pytest.mark.parametrize("every", ["month", "quarter", "year"])
def test_a_panel_for_stata(every: str) -> None:
    """`panel --format dta` writes the rows of the other formats, with labels and days."""
    asked = ["panel", "--every", every, "--issue", "recognition", "--from", "2021", *PINNED]
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv"))))
    content, _ = streams(*asked, "--format", "dta")
    reader: Any = pd.read_stata(io.BytesIO(content), iterator=True, convert_categoricals=False)
    with reader:
        frame = reader.read()
        assert "at the end of each" in reader.data_label
        assert {-1, 2} <= reader.value_labels()["level"].keys()
    assert list(rows[0]) == list(frame.columns)
    assert [row["actor_id"] for row in rows] == list(frame["actor_id"])
    levels = [float(row["level"]) if row["level"] else None for row in rows]
    assert levels == [None if pd.isna(n) else n for n in frame["level"]]
    assert pd.api.types.is_datetime64_any_dtype(frame["on_day"])


def test_records_in_other_formats() -> None:
    """`show`, `info` and `list` print JSON, the latter also CSV."""
    (issue,) = json.loads(run("show", "recognition", "--format", "json", *PINNED))
    assert ("issue", "recognition") == (issue["record"], issue["issue_id"])
    (russia,) = json.loads(run("show", "Kremlin", "--format", "json", *PINNED))
    assert "russia" == russia["actor_id"]
    assert "did you mean" in run("show", "recogniton", "--format", "json", *PINNED, status=1)
    (info,) = json.loads(run("info", "--format", "json", "--data", REPOSITORY))
    assert (4, "2021-10-20") == (info["stances"], str(info["last"]))
    listed = list(csv.DictReader(io.StringIO(run("list", "issues", "--format", "csv", *PINNED))))
    assert "recognition" in {row["issue_id"] for row in listed}
    assert "Where holders stand on" in run("show", "recognition", *PINNED)


def completed(*words: str) -> list[str]:
    """Return what a shell offers for the last word."""
    shell = ShellComplete(commands, {}, "stancedata", "_STANCEDATA_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def test_shells_complete_ids() -> None:
    """Arguments and options complete the kinds of ids that they take, of the data that are given."""
    data = ("--data", str(REPOSITORY))
    assert ["northland"] == completed("who", *data, "north")
    assert ["recognition"] == completed("history", "russia", *data, "recog")
    assert ["northland"] == completed("matrix", *data, "--holder", "n")
    stances = list(sd.read(REPOSITORY).stances)
    start = stances[0].partition("#")[0]
    assert start in completed("show", *data, start[:3])
    assert not {*stances} & {*completed("show", *data, start[:3])}
    assert {*stances} & {*completed("show", *data, f"{start}#")}
    assert RELEASE in completed("info", "--known-at", "")
    assert ["table"] == completed("info", "--format", "t")


def test_bash_completes_ids() -> None:
    """The script that `completion` prints works in bash, where that is installed."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    script = run("completion", "bash")
    asked = "COMP_WORDS=(stancedata show moscow-format-2021-10); COMP_CWORD=2"
    called = f"{script}\n{asked}\n_stancedata_completion stancedata; echo ${{COMPREPLY[@]}}"
    found = subprocess.run(
        [bash, "--norc", "-c", called],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    assert "moscow-format-2021-10-20" in found.stdout.split()
    for shell in ("zsh", "fish"):
        assert "_STANCEDATA_COMPLETE" in run("completion", shell)


def test_no_binary_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet is refused on a terminal, with what to do."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(StancedataError, match="parquet is not for a terminal"):
        output.show_table(load_pinned().tables["issues"], "parquet")


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_tables_fit_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No line is wider than the terminal unless one cell is, and no cell is broken or lost."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    size = os.terminal_size((columns, 24))
    monkeypatch.setattr(shutil, "get_terminal_size", lambda _: size)
    headers = [f"column-{n}" for n in range(9)]
    rows = [[f"cell-{row}-{n}-long" for n in range(9)] for row in range(3)]
    for shown in (text.table(headers, rows), text.blocks(headers, rows)):
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
        assert max(map(len, plain.splitlines())) <= columns
        assert {cell for row in (headers, *rows) for cell in row} == set(plain.split())


def test_prose_in_a_folded_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long text gets lines of its own, whole."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(shutil, "get_terminal_size", lambda _: os.terminal_size((60, 24)))
    said = "word " * 30
    shown = text.table(["id", "level", "text"], [["x" * 50, "withholds (-1)", said]])
    assert 30 == shown.count("word")
    assert "x" * 50 in shown
    assert "\x1b[33mwithholds (-1)" in shown


def test_cells_of_one_line_stay_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of several words is a cell in a folded table, unless it is longer than a line."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(shutil, "get_terminal_size", lambda _: os.terminal_size((60, 24)))
    shown = text.table(["id", "name", "kind"], [["x" * 50, "United " * 5, "bloc"]])
    assert "United United United United United   bloc" in shown


def test_a_block_leaves_out_empty_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table in several blocks repeats a row only where it has something."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(shutil, "get_terminal_size", lambda _: os.terminal_size((60, 24)))
    headers = ["holder", *(f"2021-{n:02}" for n in range(1, 13))]
    rows = [["first", "+1", *[""] * 11], ["last", *[""] * 11, "-1"]]
    shown = text.blocks(headers, rows)
    assert (1, 1) == (shown.count("first"), shown.count("last"))


def test_fields_are_wrapped_but_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long value continues below itself; an address is not broken."""
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(shutil, "get_terminal_size", lambda _: os.terminal_size((60, 24)))
    address = "https://example.org/" + "a-long-word/" * 8
    lines = text.fields([("note", "word " * 20), ("address", address)]).splitlines()
    assert lines[1].startswith(" " * 9 + "word")
    assert max(map(len, lines[:2])) <= 60
    assert any(address in line for line in lines)


def test_a_folder_as_corpus_is_checked(tmp_path: Path) -> None:
    """`history --quotes` refuses a corpus that is not there."""
    words = ("history", "northland", "--data", REPOSITORY, "--quotes", "--corpus", tmp_path / "no")
    assert "corpus: is not a folder" in run(*words, status=1)
