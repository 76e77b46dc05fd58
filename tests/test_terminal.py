"""Streams of commands: narrow encodings, closed and full outputs, signals, and what data may do."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import stancedata as sd
from stancedata.problems import Place, Problem, printable
from stancedata.terminal import SIGNALS, screen_of, stoppable
from tests.cli.test_commands import MAIN, on_terminal

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other streams and signals")
HOSTILE = "\x1b]0;owned\x07\x1b[8m\x1b[31mhidden\x9b2J"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in which `stancedata` stands for the command."""
    line = command.replace("stancedata", " ".join(MAIN))
    return subprocess.run(
        ["sh", "-c", line],
        capture_output=True,
        env={**os.environ, **environment},
        encoding="utf-8",
        check=False,
    )


@posix
@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("stancedata sql history >&-", 1, "the output cannot be written: Bad file descriptor\n"),
        ("stancedata cite --style bibtex >/dev/full", 1, "the output cannot be written: No space left on device\n"),
        ("stancedata sql history >/dev/full", 1, "the output cannot be written: No space left on device\n"),
        ("stancedata --help >/dev/full", 1, "the output cannot be written: No space left on device\n"),
        ("stancedata sql history <&- >/dev/null", 0, ""),
    ],
)  # fmt: skip
def test_outputs_that_take_nothing(command: str, status: int, said: str) -> None:
    """A closed or full output is an error of the user, told in one sentence."""
    found = shell(command)
    assert (status, said) == (found.returncode, found.stderr)


@posix
def test_a_closed_output_is_not_taken_by_a_file(tmp_path: Path) -> None:
    """Nothing that is written to a closed output gets into a file that is opened later."""
    found = shell(f"stancedata init {tmp_path / 'data'} >&- 2>&-")
    assert 1 == found.returncode, "what it says could not be written"
    assert [] == sd.check(tmp_path / "data")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export whose texts control a terminal, from another program, which checks nothing."""
    folder = tmp_path_factory.mktemp("hostile") / "export"
    sd.load("0.2.0").export(folder)
    (folder / "manifest.json").unlink()
    for name, columns in {
        "actors": ("name", "description"),
        "documents": ("title", "publisher"),
        "stances": ("summary", "note"),
        "issues": ("proposition",),
    }.items():
        table = pq.read_table(folder / f"{name}.parquet")
        for column in columns:
            number = table.column_names.index(column)
            texts = [f"é — ت 😀 {HOSTILE}{text or ''}" for text in table.column(column).to_pylist()]
            table = table.set_column(number, table.field(number), pa.array(texts, pa.string()))
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


COMMANDS = {
    "show actor": ("show", "russia"),
    "show document": ("show", "the-correspondent-2021-10-21"),
    "csv": ("sql", "SELECT summary FROM stances LIMIT 3", "--format", "csv"),
    "json": ("sql", "SELECT summary FROM stances LIMIT 3", "--format", "json"),
}


@posix
@pytest.mark.parametrize("name", COMMANDS)
def test_data_cannot_control_a_terminal(hostile: Path, name: str) -> None:
    """Escape sequences of the data are shown as text; only our own styles reach a terminal."""
    shown = on_terminal(*COMMANDS[name], "--data", str(hostile)).decode("utf-8")
    for sequence in ("\x1b]", "\x07", "\x1b[8m", "\x9b", "\x1b[31mhidden"):
        assert sequence not in shown
    assert r"\x1b]0;owned\x07" in shown or r"\u001b]0;owned\u0007" in shown


@posix
def test_parquet_is_not_written_to_a_terminal() -> None:
    """Bytes of Parquet could be any escape sequence."""
    with pytest.raises(AssertionError):  # the status is not 0
        on_terminal("matrix", "--format", "parquet")


NARROW = {
    "ascii": r"\xe9 \u2014 \u062a \U0001f600 \udcff",
    "cp1252": r"é — \u062a \U0001f600 \udcff",
    "utf-8": r"é — ت 😀 \udcff",
}


@pytest.mark.parametrize("encoding", NARROW)
def test_narrow_encodings_lose_nothing(encoding: str) -> None:
    """Characters that an encoding lacks are escaped, by `print` and by `click.echo`."""
    kept = io.BytesIO()
    before = io.TextIOWrapper(io.BytesIO(), encoding)
    screen = screen_of(before, 1, kept)
    with contextlib.redirect_stdout(screen):
        print("é — ت 😀 \udcff")
        click.echo("é — ت 😀 \udcff")
    screen.flush()
    assert f"{NARROW[encoding]}\n" * 2 == kept.getvalue().decode(encoding).replace("\r", "")


def test_json_is_utf8_in_every_locale() -> None:
    """Escapes of Python would not be JSON, and other programs expect UTF-8."""
    query = "SELECT 'é — ت 😀' AS text"
    found = subprocess.run(
        [*MAIN, "sql", query, "--format", "json"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    assert [{"text": "é — ت 😀"}] == json.loads(found.stdout.decode("utf-8"))


def test_problems_are_harmless_lines() -> None:
    """A file's name may contain anything."""
    assert r"a\x1b[2J.yaml:3: name: is wrong" == str(
        Problem(Place("a\x1b[2J.yaml", 3), "name", "is wrong")
    )
    assert "\\x00\\x7f\\x85\\x0d\t\n é" == printable("\x00\x7f\x85\r\t\n é")


@pytest.mark.parametrize("command", ["check {data}"])
def test_warnings_as_errors(repository: Path, command: str) -> None:
    """A library's warning is not an error of the user, even if Python makes warnings errors."""
    found = shell(f"stancedata {command.format(data=repository)}", PYTHONWARNINGS="error")
    assert (0, False) == (found.returncode, "Warning" in found.stderr)


@posix
def test_a_program_goes_on_after_a_block_that_a_signal_stopped() -> None:
    """It is still stopped by Ctrl-C, as before."""
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(KeyboardInterrupt), stoppable():
        signal.raise_signal(signal.SIGTERM)
    assert before == [signal.getsignal(number) for number in SIGNALS]


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM])
def test_a_stopped_command_leaves_no_temporary_folder(
    dataset: sd.Dataset, tmp_path: Path, number: signal.Signals
) -> None:
    """A signal ends a command like Ctrl-C, and temporary folders are removed."""
    (tmp_path / "tmp").mkdir()
    dataset.export(tmp_path / "export")
    with subprocess.Popen(
        [*MAIN, "check", str(tmp_path / "export")],
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stderr=subprocess.PIPE,
    ) as process:
        end = time.monotonic() + 30
        # Python writes a file of its own there first, to see whether it can.
        while not (made := [*(tmp_path / "tmp").glob("stancedata-*")]) and time.monotonic() < end:
            time.sleep(0.002)
        assert made
        process.send_signal(number)
        said = process.communicate()[1]
    assert (128 + number, b"interrupted; no file was left half-written") == (
        process.returncode, said.strip(),
    )  # fmt: skip
    assert [] == os.listdir(tmp_path / "tmp")


SLOW_CLEANUP = """
import os, signal, sys, time
from stancedata.__main__ import main
from stancedata.cli import commands

@commands.command()
def slow():
    try:
        print("started", flush=True)
        time.sleep(30)
    finally:
        time.sleep(0.3)
        print("removed", flush=True)

@commands.command()
def converting():
    try:
        print("started", flush=True)
        time.sleep(30)
    except KeyboardInterrupt:
        raise RuntimeError("connection is busy") from None

main()
"""


@posix
@pytest.mark.parametrize(
    ("command", "number"),
    [("slow", signal.SIGTERM), ("slow", signal.SIGINT), ("converting", signal.SIGHUP)],
)
def test_a_second_signal_does_not_interrupt_what_the_first_one_removes(
    command: str, number: signal.Signals
) -> None:
    """The command says that it was interrupted, whatever a library makes of the signal."""
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_CLEANUP, command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        process.send_signal(number)
        time.sleep(0.1)
        process.send_signal(number)
        shown, said = process.communicate()
    expected = b"removed\n" if command == "slow" else b""
    assert (128 + number, expected) == (process.returncode, shown)
    assert said.strip() == b"interrupted; no file was left half-written"
