"""Temporary folders: removed at the end, and after a kill by the next process."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pytest

from stancedata import temporary
from stancedata.temporary import create_folder, process_folder, temporary_folder

posix = pytest.mark.skipif(os.name == "nt", reason="Windows cannot lock folders")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(temporary, "_OF_PROCESSES", {})
    return tmp_path


def killed(root: Path) -> None:
    """Let a process kill itself while it has a temporary folder with a file."""
    code = (
        "import os; from stancedata.temporary import create_folder; path, _ = create_folder();"
        "(path / 'a').write_text('x'); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "TMPDIR": str(root)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=False)


def test_it_is_removed_at_the_end(root: Path) -> None:
    """Also after an error; the mode is private."""
    with contextlib.suppress(KeyError), temporary_folder() as folder:
        (folder / "a").mkdir()
        assert 0o700 == folder.stat().st_mode & 0o777 or os.name == "nt"
        raise KeyError
    assert [] == os.listdir(root)


@posix
def test_the_next_process_clears_what_a_killed_one_left(root: Path) -> None:
    """Folders in use stay, and so does everything that is not ours, whatever its name."""
    mine = ["stancedata-0123456789abcdef", "stancedata-run-mine", "stancedata-run-0123456789abcdeg"]
    for name in mine:
        (root / name).mkdir()
    (root / "precious").mkdir()
    (root / "stancedata-run-0000000000000000").symlink_to(root / "precious")
    (root / "stancedata-run-1111111111111111").write_text("a file")
    with temporary_folder() as used:
        before = {*os.listdir(root)}
        killed(root)
        assert 1 == len({*os.listdir(root)} - before)
        with temporary_folder():
            assert used.is_dir()
        assert before == {*os.listdir(root)}


@posix
def test_a_folder_that_is_cleared_before_it_is_locked(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new folder that another process takes for an abandoned one is created again."""
    real, times = temporary._locked, iter([True, False])

    def locked(path: Path, wait: bool) -> int | None:
        if wait and next(times):
            path.rmdir()
        return real(path, wait)

    monkeypatch.setattr(temporary, "_locked", locked)
    path, remove = create_folder()
    assert [path.name] == os.listdir(root)
    remove()


@posix
def test_what_a_signal_interrupts_is_removed_at_exit(root: Path) -> None:
    """A signal may come before the block that removes the folder is entered."""
    code = (
        "import os; from stancedata.temporary import create_folder, process_folder;"
        "process_folder(); create_folder(); (create_folder()[0] / 'a').write_text('x')"
    )
    environment = {**os.environ, "TMPDIR": str(root)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert [] == os.listdir(root)


@posix
def test_a_forked_process_removes_nothing(root: Path) -> None:
    """It has the functions of its parent, and its own folder."""
    path, remove = create_folder()
    first = process_folder()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other tests have left threads, which it does not use
        child = os.fork()
    if not child:
        remove()
        os._exit(int(process_folder() == first))
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert path.is_dir()
    assert first == process_folder()
    remove()
    remove()
    assert not path.exists()


def test_a_folder_that_cannot_be_created(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Queries that need no disk are answered all the same."""
    monkeypatch.setattr(tempfile, "tempdir", str(root / "missing"))
    assert not process_folder().exists()
    with pytest.raises(OSError, match="missing"), temporary_folder():
        pass
