"""Kill a command that changes several files, at every change to the disk."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from stancedata.atomic import recover, staged
from stancedata.data_folder import files_of
from stancedata.problems import StancedataError
from tests.test_atomic import killed_at, posix


def texts(data: Path) -> dict[str, str]:
    """Read the files of a data folder."""
    return {str(file.relative_to(data)): file.read_text("utf-8") for file in files_of(data)}


def kill_at_every_step(place: Path) -> None:
    """Kill the move of a rename at each step; what it is then, the next command finds whole."""
    os.fsync = lambda fd: None  # slow, and irrelevant for a kill
    old = {f"documents/{n}.yaml": f"old {n}" for n in "abc"} | {"actors/old.yaml": "old"}
    new = {f"documents/{n}.yaml": f"new {n}" for n in "abc"} | {"actors/new.yaml": "new"}
    halves = 0
    for step in itertools.count(1):
        shutil.rmtree(place, ignore_errors=True)
        fill(place, old)
        was_killed = killed_at(step, lambda: change(place, new))
        halves += texts(place) not in (old, new)
        recover(place)
        assert texts(place) in (old, new), step
        change(place, new) if texts(place) == old else None
        assert texts(place) == new, step
        if not was_killed:
            break
    assert halves >= 4  # or else nothing is tested


def fill(place: Path, files: dict[str, str]) -> None:
    """Write files."""
    for name, text in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)


def change(place: Path, new: dict[str, str]) -> None:
    """Write the files of the new state together, and remove one of the old."""
    with staged(place, {Path("actors/old.yaml")}) as draft:
        fill(draft, new)


@posix
def test_killed_at_any_step(tmp_path: Path) -> None:
    """After a kill at any change to the disk, the next command finds all files old, or all new."""
    # In a new process, since one with threads must not fork.
    code = f"kill_at_every_step(Path({str(tmp_path / 'data')!r}))"
    run = f"from pathlib import Path; from tests.test_journal import kill_at_every_step; {code}"
    subprocess.run([sys.executable, "-c", run], check=True)


KILLED = """
import os, pathlib, signal, sys
from stancedata.editorial.rename import rename
real, left = os.replace, [3]
def replace(one, other):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    real(one, other)
os.environ["STANCEDATA_CACHE"] = "off"
os.replace = replace
rename(pathlib.Path(sys.argv[1]), "northland", "north")
"""


@pytest.fixture
def half(repository: Path) -> tuple[Path, dict[str, str]]:
    """A data folder in which a rename was killed in the middle, and what it was before."""
    before = texts(repository)
    done = subprocess.run([sys.executable, "-c", KILLED, repository], check=False)
    assert done.returncode == -signal.SIGKILL
    assert texts(repository) != before
    return repository, before


@posix
@pytest.mark.parametrize("command", ["check", "format"])
def test_the_next_command_restores_a_half_renamed_folder(
    half: tuple[Path, dict[str, str]], command: str
) -> None:
    """It says so, and the folder is as it was; the rename can be repeated."""
    data, before = half
    line = [sys.executable, "-m", "stancedata"]
    said = subprocess.run([*line, command, data], capture_output=True, text=True, check=False)
    assert f"{data}: is as it was before a command that was interrupted; repeat" in said.stderr
    assert texts(data) == before
    assert not list(data.glob(".stancedata-*"))


@posix
def test_what_was_edited_since_is_not_overwritten(half: tuple[Path, dict[str, str]]) -> None:
    """The next command refuses, names the file and the older text, and changes nothing."""
    data, before = half
    edited = next(name for name, text in texts(data).items() if before.get(name) != text)
    (data / edited).write_text("mine\n", "utf-8")
    with pytest.raises(StancedataError, match=f"{edited}: was edited after .* compare it with"):
        recover(data)
    assert (data / edited).read_text("utf-8") == "mine\n"


def test_another_process_that_moves_files_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a command does that is still running is not undone, nor said to be."""
    fill(tmp_path, {"documents/a.yaml": "old", "documents/b.yaml": "old", "actors/old.yaml": "old"})
    new = {"documents/a.yaml": "new", "documents/b.yaml": "new"}
    real, halfway, goes_on = os.replace, threading.Event(), threading.Event()

    def replace(one: Path, other: Path) -> None:
        real(one, other)
        halfway.set()
        goes_on.wait()

    monkeypatch.setattr(os, "replace", replace)
    with ThreadPoolExecutor() as pool:
        moving = pool.submit(change, tmp_path, new)
        halfway.wait()
        recovering = pool.submit(recover, tmp_path)
        assert not wait([recovering], timeout=0.2).done
        goes_on.set()
        moving.result()
        assert recovering.result() is False
    assert texts(tmp_path) == new


def test_ctrl_c_in_the_middle_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was moved already is moved back."""
    old = {"documents/a.yaml": "old", "documents/b.yaml": "old", "actors/old.yaml": "old"}
    fill(tmp_path, old)
    real = os.replace

    def replace(one: Path, other: Path) -> None:
        if str(other).endswith("b.yaml") and "new" in str(one):
            raise KeyboardInterrupt
        real(one, other)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        change(tmp_path, {"documents/a.yaml": "new", "documents/b.yaml": "new"})
    assert texts(tmp_path) == old
    assert not list(tmp_path.glob(".stancedata-*"))
