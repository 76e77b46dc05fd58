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

from stancedata.__main__ import _FRAMES, _LEAN
from stancedata.cli import main as run
from stancedata.exports.formats.writers import FORMATS
from tests.support.paths import REPOSITORY, TEXTS

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
    ("code", "is_lean"),
    [
        (f"sys.argv[1:] = ['check', DATA]\n{MAIN}", True),
        (f"sys.argv[1:] = ['export', 'made', '--format', 'sav', '--data', DATA]\n{MAIN}", False),
        (f"sys.argv[1:] = ['matrix', '--data', DATA]\n{MAIN}", False),
        (f"def caller():\n    {MAIN}\nsys.argv[1:] = ['check', DATA]\ncaller()", False),
    ],
    ids=["check", "frames", "question", "caller"],
)
def test_numpy_is_imported_where_it_may_be_used(code: str, is_lean: bool, repository: Path) -> None:
    """Commands that do not use it run without it, but not in the process of another program."""
    loaded = "atexit.register(lambda: print('NumPy', sys.modules.get('numpy') is not None))"
    found = ended(f"DATA = {str(repository)!r}", loaded, code, cwd=repository.parent)
    assert found.returncode == 0, found.stderr
    assert f"NumPy {not is_lean}\n" in found.stdout


def test_every_command_that_runs_without_numpy_can(repository: Path, tmp_path: Path) -> None:
    """In a process without NumPy each of them does its work, and exports have every format."""
    data = ["--data", str(repository)]
    styles = sorted(FORMATS.keys() - {*_FRAMES})
    commands = [
        ["check", str(repository), "--corpus", str(TEXTS)],
        ["code", "review", "communique-2021-10-20", *data, "--corpus", str(TEXTS)],
        ["format", "--check", str(repository)],
        ["history", "northland", "recognition", *data],
        ["show", "northland", *data],
        *(["export", str(tmp_path / style), "--format", style, *data] for style in styles),
        ["check", str(tmp_path / "parquet")],
        ["release", "0.1.0", str(repository)],
    ]
    assert {words[0] for words in commands} == _LEAN
    code = f"""
import sys
sys.modules["numpy"] = None
from stancedata.cli import main
for words in {commands}:
    sys.argv[1:] = words
    try:
        main()
    except SystemExit as end:
        assert not end.code, words
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


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
