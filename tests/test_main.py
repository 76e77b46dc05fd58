"""How a command ends its process: nothing is lost, and nothing is freed that ends with it anyway."""

from __future__ import annotations

import gc
import io
import os
import pstats
import subprocess
import sys
from pathlib import Path

import pytest

from stancedata.cli import main as run
from tests.support.paths import REPOSITORY

FREED = """
import atexit, os, sys
class Freed:
    def __del__(self, write=os.write):
        write(1, b"freed\\n")
freed = Freed()
sys.argv = ["stancedata", "code", "--help"]
"""
"""Prints `freed` in a process whose objects are freed at its end."""
MAIN = "from stancedata.__main__ import main; main()"


def ended(*code: str, **more: object) -> subprocess.CompletedProcess[str]:
    """Run a script in a process; return how it ended."""
    command = [sys.executable, "-c", "\n".join((FREED, *code))]
    given: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.run(command, text=True, check=False, **given)  # type: ignore[call-overload,no-any-return]


def test_the_process_ends_without_freeing_memory() -> None:
    """Its output is there, and what is to run at the end has run."""
    found = ended("atexit.register(print, 'last')", MAIN)
    assert (0, "") == (found.returncode, found.stderr)
    assert found.stdout.startswith("Usage:")
    assert found.stdout.endswith("\nlast\n")
    assert "freed" not in found.stdout


@pytest.mark.parametrize(
    "code",
    [
        "from runpy import run_module\n"
        "try: run_module('stancedata', run_name='__main__')\nfinally: print('goes on')",
        f"def caller():\n    {MAIN}\ntry: caller()\nfinally: print('goes on')",
        f"sys.setprofile(lambda *found: None); atexit.register(print, 'goes on')\n{MAIN}",
        f"import threading, time\nsleep = lambda: (time.sleep(0.5), print('goes on'))\n"
        f"threading.Thread(target=sleep).start()\n{MAIN}",
    ],
    ids=["runpy", "caller", "profile", "thread"],
)
def test_what_waits_for_a_command_goes_on(code: str) -> None:
    """A program that called it, a profiler and a thread get the ordinary end of a process."""
    found = ended(code)
    assert (0, "") == (found.returncode, found.stderr)
    assert found.stdout.endswith("goes on\nfreed\n")


def test_a_profile_is_written(tmp_path: Path) -> None:
    """A command can be profiled as any module can."""
    file = tmp_path / "profile"
    command = [sys.executable, "-m", "cProfile", "-o", str(file), "-m", "stancedata", "--help"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert any(name == "_status" for _, _, name in pstats.Stats(str(file)).stats)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("words", "status"), [(["cite", "--no"], 2), (["check", "nothing"], 1)])
def test_the_status_of_an_error(words: list[str], status: int) -> None:
    """Where a process ends at once, its status is that of the command."""
    found = ended(f"sys.argv[1:] = {words}", MAIN)
    assert (status, "") == (found.returncode, found.stdout)
    assert found.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a file that is full")
def test_output_that_is_lost_at_the_very_end_is_reported() -> None:
    """What a function prints at the end of the process is not lost without a word."""
    with open("/dev/full", "w") as full:
        given = "sys.argv[1:] = ['check', 'nothing']", "atexit.register(print, 'last')"
        found = ended(*given, MAIN, stdout=full)
    assert found.returncode == 120, "Python's own status for this"
    assert "No space left" in found.stderr


@pytest.mark.parametrize(
    ("words", "is_lean"),
    [
        (["check"], True),
        (["code", "review", "communique-2021-10-20", "--data"], True),
        (["export", "made", "--format", "csv", "--data"], True),
        (["export", "made", "--format", "sav", "--data"], False),
        (["matrix", "--data"], False),
    ],
)
def test_commands_without_numpy(
    words: list[str], is_lean: bool, repository: Path, tmp_path: Path
) -> None:
    """Commands that do not need NumPy run without it; the others have it."""
    given = f"sys.argv[1:] = {[*words, str(repository)]}"
    loaded = "atexit.register(lambda: print('NumPy', sys.modules.get('numpy') is not None))"
    found = ended(given, loaded, MAIN, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stdout.endswith(f"NumPy {not is_lean}\n")


def test_commands_close_the_files_that_they_write(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is still open when the process ends could lose its last lines."""
    said = ["--title", "T", "--publisher", "P", "--published-on", "2021-10-20", "--kind", "news"]
    commands = [
        ["code", "new", *said, "--url", "https://example.org/x", "--data", str(repository)],
        ["format", str(repository)],
        ["export", str(tmp_path / "export"), "--format", "csv", "--data", str(REPOSITORY)],
        ["schema", "--output", str(tmp_path / "schemas")],
    ]
    for words in commands:
        monkeypatch.setattr(sys, "argv", ["stancedata", *words])
        with pytest.raises(SystemExit) as end:
            run()
        assert not end.value.code, words
    written = [f for f in gc.get_objects() if isinstance(f, io.BufferedWriter) and not f.closed]
    inside = [f.name for f in written if str(tmp_path) in str(f.name)]
    assert not inside


def test_ctrl_c_before_a_command_begins() -> None:
    """Ctrl-C during the imports is told in one sentence, as it is later."""
    found = ended(
        "import types; sys.modules['stancedata.cli'] = cli = types.ModuleType('stancedata.cli')",
        "def pressed(): raise KeyboardInterrupt",
        "cli.main = pressed",
        MAIN,
    )
    assert (130, "interrupted; no file was left half-written\n") == (found.returncode, found.stderr)
