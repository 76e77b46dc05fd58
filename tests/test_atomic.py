"""Atomic replacement of files and folders: foreign files, crashes and permissions."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stancedata import atomic, journal
from stancedata.atomic import replace_folder, staged, write_bytes, write_text
from stancedata.problems import StancedataError

OLD = {"a.csv": "old", "cut/x=1/part-0": "old", "gone/x": "old"}
NEW = {"a.csv": "new", "b.csv": "new", "cut/x=1/part-0": "new", "cut/x=2/part-0": "new"}
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights, locks and signals")


def fill(folder: Path, files: dict[str, str]) -> None:
    """Write files, by relative path."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def held(folder: Path) -> dict[str, str]:
    """Read every file in a folder."""
    return {
        f.relative_to(folder).as_posix(): f.read_text() for f in folder.rglob("*") if f.is_file()
    }


def ours(folder: Path) -> set[str]:
    """Return the files in a folder that this module wrote."""
    return set(held(folder)) & {*OLD, *NEW}


def replace(folder: Path, files: dict[str, str] = NEW) -> None:
    """Replace a folder by one with these files."""
    with replace_folder(folder, ours) as new:
        fill(new, files)


@pytest.fixture(params=["in one step", "in two steps"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to replace, on a system that can exchange two folders and on one that cannot."""
    if request.param == "in two steps":
        monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    fill(tmp_path / "out", OLD)
    return tmp_path / "out"


def test_a_folder_is_replaced_whole(target: Path) -> None:
    """Files that are not written again are removed, with their folders; no draft is left over."""
    replace(target)
    assert NEW == held(target)
    assert ["a.csv", "b.csv", "cut"] == sorted(os.listdir(target))
    assert [target] == list(target.parent.iterdir())


def test_a_new_folder_and_an_empty_one(target: Path) -> None:
    """A missing folder is created with its parents; an empty one is filled."""
    replace(target.parent / "new" / "out")
    assert NEW == held(target.parent / "new" / "out")
    (target.parent / "empty").mkdir()
    replace(target.parent / "empty")
    assert NEW == held(target.parent / "empty")


def other_file(target: Path) -> None:
    """A note."""
    (target / "notes.txt").write_text("mine")


def other_file_in_a_folder_of_ours(target: Path) -> None:
    """A file that a desktop writes."""
    (target / "cut" / "x=1" / ".DS_Store").write_text("mine")


def other_folder(target: Path) -> None:
    """An empty folder."""
    (target / "mine").mkdir()


def other_folder_of_a_name_of_ours(target: Path) -> None:
    """A folder with the name of one of our files."""
    (target / "b.csv").mkdir()
    (target / "b.csv" / "notes.txt").write_text("mine")


def other_file_of_the_name_of_a_folder(target: Path) -> None:
    """A file with the name of one of our folders."""
    (target / "cut" / "x=2").write_text("mine")


def link_to_a_file(target: Path) -> None:
    """A table that was moved to another disk."""
    (target / "a.csv").rename(target.parent / "mine")
    (target / "a.csv").symlink_to(target.parent / "mine")


def link_to_a_folder(target: Path) -> None:
    """A folder that was moved to another disk."""
    (target / "cut").rename(target.parent / "mine")
    (target / "cut").symlink_to(target.parent / "mine")


def pipe(target: Path) -> None:
    """A pipe without a writer."""
    (target / "a.csv").unlink()
    os.mkfifo(target / "a.csv")


OTHERS: dict[Callable[[Path], None], str] = {
    other_file: "notes.txt",
    other_file_in_a_folder_of_ours: "cut/x=1/.DS_Store",
    other_folder: "mine",
    other_folder_of_a_name_of_ours: "b.csv",
    other_file_of_the_name_of_a_folder: "cut/x=2",
    link_to_a_file: "a.csv",
    link_to_a_folder: "cut",
    pipe: "a.csv",
}


def everything(folder: Path) -> dict[str, str]:
    """Map every path in a folder to its text, or to its type if it is not a file."""
    return {
        str(p): p.read_text() if p.is_file() else str(stat.S_IFMT(p.lstat().st_mode))
        for p in folder.rglob("*")
    }


@posix
@pytest.mark.parametrize("put", OTHERS, ids=lambda put: put.__name__)
def test_what_is_not_ours_stops_the_replacement(target: Path, put: Callable[[Path], None]) -> None:
    """A foreign file, folder, link or pipe is reported, and nothing is changed."""
    put(target)
    before = everything(target.parent)
    with (
        pytest.raises(
            StancedataError, match=f"not from an export, got '{OTHERS[put]}'; choose a new folder"
        ),
        replace_folder(target, lambda _: {*OLD, *NEW}),
    ):
        pytest.fail("nothing may be written")
    assert before == everything(target.parent)


def test_what_comes_meanwhile_stops_the_replacement(target: Path) -> None:
    """If another program writes a file during the replacement, it is kept, and so is the old folder."""
    with (
        pytest.raises(StancedataError, match=r"not from an export, got 'notes.txt'"),
        replace_folder(target, ours),
    ):
        other_file(target)
    assert {**OLD, "notes.txt": "mine"} == held(target)
    assert [target] == list(target.parent.iterdir())


@pytest.mark.parametrize("name", ["out", "*", "[a-z]ut", "?ut", "o" * 255])
def test_names_beside_are_left_alone(target: Path, name: str) -> None:
    """Folders next to the target with names like drafts are kept, whatever the name of the target."""
    beside = (".out.old", ".out.new-design", ".stancedata-design", ".stancedata-0123456789abcdef")
    for folder in beside:
        fill(target.parent / folder, {"precious": "mine"})
        os.utime(target.parent / folder, (1, 1))
    replace(target.with_name(name))
    assert NEW == held(target.with_name(name))
    assert {"out", name, *beside} == set(os.listdir(target.parent))
    assert all({"precious": "mine"} == held(target.parent / folder) for folder in beside)


def draft_of(path: Path) -> Path:
    """Return the path of a folder's draft."""
    with replace_folder(path, ours) as new:
        return new.parent


def test_a_draft_with_other_files_is_left_alone(target: Path) -> None:
    """A foreign file with the name of a draft is not removed."""
    draft = draft_of(target)
    fill(draft, {"precious": "mine"})
    with pytest.raises(StancedataError, match="no draft of an export, got 'precious'; move it"):
        replace(target)
    assert {"precious": "mine"} == held(draft)


@posix
@pytest.mark.parametrize("mode", [0o700, 0o750, 0o777, 0o2775])
def test_the_mode_of_a_folder_stays(target: Path, mode: int) -> None:
    """The new folder has the permissions of the old one."""
    target.chmod(mode)
    replace(target)
    assert mode == stat.S_IMODE(target.stat().st_mode)


@posix
def test_the_modes_of_files_in_a_folder_stay(target: Path) -> None:
    """What replaces a file or a folder has its permissions, and what is new the default ones."""
    replace(target, NEW)
    replaced = sorted(name for name in NEW if (target / name).is_file())
    for name in replaced:
        (target / name).chmod(0o600)
    (target / "cut").chmod(0o700)
    replace(target, {**NEW, "more.csv": "new"})
    modes = {stat.S_IMODE((target / name).stat().st_mode) for name in replaced}
    assert {0o600} == modes
    assert 0o700 == stat.S_IMODE((target / "cut").stat().st_mode)
    assert 0o600 != stat.S_IMODE((target / "more.csv").stat().st_mode)


@pytest.fixture(params=[0o077, 0o022, 0o002])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Set the umask of this process."""
    mask: int = request.param
    before = os.umask(mask)
    yield mask
    os.umask(before)


@posix
def test_new_things_keep_to_the_umask(tmp_path: Path, umask: int) -> None:
    """New folders and files have the default permissions."""
    replace(tmp_path / "out")
    write_text(tmp_path / "file", "new")
    assert 0o777 & ~umask == stat.S_IMODE((tmp_path / "out").stat().st_mode)
    assert 0o777 & ~umask == stat.S_IMODE((tmp_path / "out" / "cut").stat().st_mode)
    assert 0o666 & ~umask == stat.S_IMODE((tmp_path / "out" / "a.csv").stat().st_mode)
    assert 0o666 & ~umask == stat.S_IMODE((tmp_path / "file").stat().st_mode)


@posix
def test_the_mode_of_a_file_stays(tmp_path: Path, umask: int) -> None:
    """A file keeps its permissions, and its draft never has more."""
    file = tmp_path / "file"
    for mode in (0o600, 0o644, 0o755):
        file.write_text("old")
        file.chmod(mode)
        write_text(file, "new")
        assert ("new", mode) == (file.read_text(), stat.S_IMODE(file.stat().st_mode))


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no system call for it")
@pytest.mark.parametrize("before", [OLD, {}], ids=["an export", "empty"])
def test_a_shell_in_the_folder_sees_the_new_files(tmp_path: Path, before: dict[str, str]) -> None:
    """The folder keeps its inode, so that a process working in it finds the new files."""
    out = tmp_path / "out"
    out.mkdir()
    fill(out, before)
    code = "import os; print('ready', flush=True); input(); print(*sorted(os.listdir()))"
    shell = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=out,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert shell.stdout is not None
    shell.stdout.readline()
    replace(out)
    assert "a.csv b.csv cut\n" == shell.communicate("\n")[0]


def test_without_links_the_new_folder_has_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system without hard links, the folder has a new inode and is complete."""

    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    fill(tmp_path / "out", OLD)
    replace(tmp_path / "out")
    assert NEW == held(tmp_path / "out")
    assert ["out"] == os.listdir(tmp_path)


def test_everything_is_brought_to_the_disk(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, their folders and the parent folder are synced after the last change."""
    synced: set[int] = set()
    real = os.fsync

    def fsync(fd: int) -> None:
        synced.add(os.fstat(fd).st_ino)
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    replace(target)
    wanted = {
        p for p in (target.parent, target, *target.rglob("*")) if os.name != "nt" or p.is_file()
    }
    assert {p.stat().st_ino for p in wanted} <= synced
    synced.clear()
    write_bytes(target.parent / "file", b"new")
    assert {(target.parent / "file").stat().st_ino, target.parent.stat().st_ino} <= synced


def test_a_failure_leaves_what_was_there(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the old file and folder are kept, and no draft is left over."""
    file = target.parent / "file"
    file.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StancedataError, match="file: cannot be written: No space left on dev"):
        write_text(file, "new")
    with pytest.raises(StancedataError, match="out: cannot be written: No space left on devi"):
        replace(target)
    with pytest.raises(KeyboardInterrupt), replace_folder(target, ours):
        raise KeyboardInterrupt
    assert ("old", OLD) == (file.read_text(), held(target))
    assert {"file", "out"} == set(os.listdir(target.parent))


@posix
def test_two_at_once_wait_for_each_other(target: Path) -> None:
    """A concurrent replacement neither removes the draft of another nor mixes its files in."""
    go = threading.Event()

    def after() -> None:
        go.wait()
        replace(target, {"b.csv": "other"})

    other = threading.Thread(target=after)
    other.start()
    with replace_folder(target, ours) as new:
        go.set()
        other.join(0.1)
        assert other.is_alive()
        fill(new, NEW)
    other.join()
    assert {"b.csv": "other"} == held(target)
    assert [target] == list(target.parent.iterdir())


STEPS = ("mkdir", "open", "chmod", "fsync", "replace", "rename", "link", "unlink", "rmdir")


def killed_at(step: int, work: Callable[[], None]) -> bool:
    """Run work in a child that is killed before a step; return whether it was."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    left = step

    def counted(real: Callable[..., bool]) -> Callable[..., bool]:
        def act(*words: object, **more: object) -> bool:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*words, **more)

        return act

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    atomic._exchange = counted(atomic._exchange)
    work()
    os._exit(0)


def kill_at_every_step(place: Path, can_exchange: bool) -> None:
    """Kill a replacement at each step: the state is old or new, and the next run cleans up."""
    os.fsync = lambda fd: None  # slow, and irrelevant for a kill
    if not can_exchange:
        atomic._exchange = lambda one, other: False
    out, file = place / "out", place / "file"
    for step in itertools.count(1):
        replace(out, OLD)
        write_text(file, "old")
        was_killed = killed_at(step, lambda: replace_both(place))
        assert file.read_text() in ("old", "new"), step
        if can_exchange or out.exists():
            assert held(out) in (OLD, NEW), step
        else:
            with contextlib.suppress(StancedataError), replace_folder(out, ours):
                raise StancedataError  # the next one finds the old one
            assert held(out) == OLD, step
        replace_both(place)
        assert (NEW, "new") == (held(out), file.read_text()), step
        assert {"out", "file"} == set(os.listdir(place)), step
        if not was_killed:
            break
    assert step > 40


def replace_both(place: Path) -> None:
    """Replace a folder, and then a file."""
    replace(place / "out")
    write_text(place / "file", "new")


@posix
@pytest.mark.parametrize("can_exchange", [True, False])
def test_killed_at_any_step(tmp_path: Path, can_exchange: bool) -> None:
    """After a kill at any change to the disk, the state is old or new, and the next run cleans up."""
    code = f"kill_at_every_step(Path({str(tmp_path)!r}), {can_exchange})"
    # In a new process, since one with threads must not fork.
    run = f"from pathlib import Path; from tests.test_atomic import kill_at_every_step; {code}"
    subprocess.run([sys.executable, "-c", run], check=True)


def test_threads_that_replace_one_file_all_succeed(tmp_path: Path) -> None:
    """No writer is told of a draft that another one has just renamed."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            texts = [f"{number}" for number in range(400)]
            list(pool.map(lambda text: write_text(tmp_path / "f", text), texts))
    finally:
        sys.setswitchinterval(interval)
    assert (tmp_path / "f").read_text(encoding="utf-8") in texts
    assert ["f"] == os.listdir(tmp_path)


def test_threads_that_replace_one_folder_all_succeed(tmp_path: Path) -> None:
    """The check for others' files is never made on a folder that is just being replaced."""

    def files_of(folder: Path) -> set[str]:
        listed = (folder / "list").read_text(encoding="utf-8") if (folder / "list").exists() else ""
        return {"list", *listed.split()}

    def replace(number: int) -> None:
        with replace_folder(tmp_path / "out", files_of) as new:
            (new / f"file{number}").touch()
            (new / "list").write_text(f"file{number}", encoding="utf-8")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(replace, range(60)))
    assert 2 == len(os.listdir(tmp_path / "out"))


def test_what_was_replaced_is_not_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the new file is in place, a folder that cannot be flushed is no reason to say otherwise."""
    flush = journal.sync

    def refuse(path: Path) -> None:
        if path == tmp_path:
            raise PermissionError(errno.EACCES, "no")
        flush(path)

    monkeypatch.setattr(journal, "sync", refuse)
    write_text(tmp_path / "f", "new")
    assert "new" == (tmp_path / "f").read_text(encoding="utf-8")


@pytest.mark.parametrize("umask", [0o400, 0o777])
def test_an_unusual_umask_leaves_no_draft(tmp_path: Path, umask: int) -> None:
    """A draft that its own process could not open would block every later write."""
    before = os.umask(umask)
    try:
        with contextlib.suppress(StancedataError):
            write_text(tmp_path / "f", "first")
    finally:
        os.umask(before)
    write_text(tmp_path / "f", "second")
    assert ["f"] == os.listdir(tmp_path)


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere is refused with its name."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with (
        pytest.raises(StancedataError, match="a: "),
        replace_folder(tmp_path / "a", lambda folder: set()),
    ):
        raise AssertionError


def test_an_old_folder_without_write_access_leaves_no_draft(tmp_path: Path) -> None:
    """What is replaced is removed whole, even if a folder in it was made read-only."""
    for number in range(3):
        with replace_folder(tmp_path / "out", lambda folder: {"sub/f"}) as new:
            (new / "sub").mkdir()
            (new / "sub" / "f").write_text(str(number), encoding="utf-8")
        os.chmod(tmp_path / "out" / "sub", 0o555)
    assert ["out"] == os.listdir(tmp_path)


def test_staged_files_are_moved_together(tmp_path: Path) -> None:
    """Staged files replace those of their path at the end; others, and their modes, stay."""
    fill(tmp_path, {"in/a": "old", "in/b": "old"})
    (tmp_path / "in" / "a").chmod(0o640)
    with staged(tmp_path) as new:
        fill(new, {"in/a": "new", "more/c": "new"})
        assert "old" == (tmp_path / "in" / "a").read_text()
    assert {"in/a": "new", "in/b": "old", "more/c": "new"} == held(tmp_path)
    assert os.name == "nt" or 0o640 == stat.S_IMODE((tmp_path / "in" / "a").stat().st_mode)


def test_nothing_is_moved_after_an_error(tmp_path: Path) -> None:
    """A block that fails leaves the folder as it was, without a draft."""
    fill(tmp_path, {"a": "old"})
    with pytest.raises(ValueError, match="stop"), staged(tmp_path) as new:  # noqa: PT012
        fill(new, {"a": "new"})
        raise ValueError("stop")
    assert {"a": "old"} == held(tmp_path)
    assert ["a"] == os.listdir(tmp_path)


def test_a_folder_is_staged_by_one_at_a_time(tmp_path: Path) -> None:
    """Each of several threads sees what those before it have written."""
    fill(tmp_path, {"count": "0"})

    def add_one(_: int) -> None:
        with staged(tmp_path) as new:
            fill(new, {"count": str(int((tmp_path / "count").read_text()) + 1)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    assert {"count": "40"} == held(tmp_path)


@posix
def test_what_a_killed_process_staged_is_removed(tmp_path: Path) -> None:
    """The next one to stage files removes what was left, and does not move it."""
    code = (
        "import os, pathlib, signal, sys\n"
        "from stancedata.atomic import staged\n"
        "with staged(pathlib.Path(sys.argv[1])) as new:\n"
        "    (new / 'left').write_text('x')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert 1 == len(os.listdir(tmp_path))
    with staged(tmp_path) as new:
        fill(new, {"a": "new"})
    assert ["a"] == os.listdir(tmp_path)


def test_a_folder_that_cannot_be_staged(tmp_path: Path) -> None:
    """The message names the folder."""
    with (
        pytest.raises(StancedataError, match="nowhere: cannot be written: No such file"),
        staged(tmp_path / "nowhere"),
    ):
        pass
