"""Whatever happens to a data folder and to the cache, checking it finds what is in the files."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import stancedata as sd
from stancedata import cache
from stancedata.coding.review import review
from stancedata.curation.source import Source, to_source
from stancedata.dataset.compiled import read_tables
from stancedata.dataset.folders import dataset_of, open_folder
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.rules.rule import known_rules
from stancedata.tables.digest import digest
from tests.support.effort import examples
from tests.support.paths import REPOSITORY

FILES = sorted(p.relative_to(REPOSITORY) for p in REPOSITORY.rglob("*.yaml"))
DOCUMENTS = [path for path in FILES if path.parts[0] == "documents"]
KEYS = [
    *("actor", "coder", "event", "holders", "issue", "kind", "level", "name", "published_id"),
    *("published_on", "role", "stated_on", "target", "title"),
]


@contextlib.contextmanager
def cached(place: str) -> Iterator[None]:
    """Use another cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, place)
        yield


def found(data: Path) -> tuple[list[sd.Problem], str]:
    """Return the problems of reading a folder and the digest of its tables."""
    folder, tables = read_tables(data)
    return sorted(folder.problems), digest(tables)


class Folder(RuleBasedStateMachine):
    """A data folder and a cache, to which anything happens; then both say what the files say."""

    @initialize()
    def begin(self) -> None:
        """Copy the miniature repository."""
        self.place = Path(tempfile.mkdtemp())
        self.data = self.place / "data"
        self.cache = self.place / "cache"
        shutil.copytree(REPOSITORY, self.data)
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv(cache.VARIABLE, str(self.cache))

    def teardown(self) -> None:
        """Remove everything."""
        if hasattr(self, "place"):
            self.patch.undo()
            shutil.rmtree(self.place)

    def slots(self) -> list[Path]:
        """List the files of the cache."""
        return sorted(path for path in self.cache.rglob("*") if path.is_file())

    @rule(path=st.sampled_from(FILES), old=st.sampled_from(["high", "quoted", "name", "e", "1"]))
    def edit(self, path: Path, old: str) -> None:
        """Change a file: a value, a key, or its syntax."""
        file = self.data / path
        if file.exists():
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(old, "2", 1), encoding="utf-8", newline="\n")

    @rule(path=st.sampled_from(FILES), other=st.sampled_from(FILES), key=st.sampled_from(KEYS))
    def take_over(self, path: Path, other: Path, key: str) -> None:
        """Give a record a value of another one: valid by itself, and perhaps wrong there."""
        one, two = self.data / path, self.data / other
        if one.exists() and two.exists():
            pattern = re.compile(rf"(?<=\b{key}: ).+$", re.M)
            text, values = one.read_text("utf-8"), pattern.findall(two.read_text("utf-8"))
            if values and (found := pattern.search(text)):
                text = text[: found.start()] + values[-1] + text[found.end() :]
                one.write_text(text, encoding="utf-8", newline="\n")

    @rule(path=st.sampled_from(DOCUMENTS), name=st.sampled_from(known_rules()))
    def exempt(self, path: Path, name: str) -> None:
        """Exempt a document from a rule, needed or not."""
        if (self.data / path).exists():
            text = (self.data / path).read_text(encoding="utf-8")
            waived = f"exemptions:\n  - rule: {name}\n    reason: None.\n"
            (self.data / path).write_text(waived + text, encoding="utf-8", newline="\n")

    @rule(path=st.sampled_from(FILES))
    def undo(self, path: Path) -> None:
        """Put a file back as it was."""
        (self.data / path).parent.mkdir(exist_ok=True, parents=True)
        shutil.copyfile(REPOSITORY / path, self.data / path)

    @rule(path=st.sampled_from(FILES), day=st.integers(0, 2_000_000_000))
    def touch(self, path: Path, day: int) -> None:
        """Give a file another time, later or earlier."""
        if (self.data / path).exists():
            os.utime(self.data / path, (day, day))

    @rule(path=st.sampled_from(FILES[1:]))
    def delete(self, path: Path) -> None:
        """Delete a file, except the codebook."""
        if path.name != "codebook.yaml":
            (self.data / path).unlink(missing_ok=True)

    @rule(path=st.sampled_from(FILES), name=st.sampled_from(["other", "zz-1", "NO"]))
    def rename(self, path: Path, name: str) -> None:
        """Rename a record, also to what is not an id, or over another one."""
        if (self.data / path).exists() and path.name != "codebook.yaml":
            (self.data / path).replace((self.data / path).with_name(f"{name}.yaml"))

    @rule(one=st.sampled_from(DOCUMENTS), other=st.sampled_from(DOCUMENTS))
    def exchange(self, one: Path, other: Path) -> None:
        """Exchange the contents of two documents."""
        files = self.data / one, self.data / other
        if all(file.exists() for file in files):
            texts = [file.read_bytes() for file in files]
            for file, text in zip(files, reversed(texts), strict=True):
                file.write_bytes(text)

    @rule(data=st.data(), byte=st.binary(min_size=1, max_size=1))
    def damage(self, data: st.DataObject, byte: bytes) -> None:
        """Change a byte of a slot, or cut it off there."""
        if slots := self.slots():
            slot = data.draw(st.sampled_from(slots))
            content = slot.read_bytes()
            at = data.draw(st.integers(0, max(len(content) - 1, 0)))
            rest = content[at + 1 :] if data.draw(st.booleans()) else b""
            slot.write_bytes(content[:at] + byte + rest)

    @rule()
    def of_another_version(self) -> None:
        """Give the slots to another version of the library."""
        for folder in self.cache.glob("*"):
            if "-" not in folder.name:  # those that were renamed have all numbers below
                count = len(list(self.cache.iterdir()))
                folder.rename(folder.with_name(f"{folder.name[:8]}-{count}"))

    @rule(data=st.data())
    def mistake(self, data: st.DataObject) -> None:
        """Put the content of one slot into another one."""
        if slots := self.slots():
            one, other = (data.draw(st.sampled_from(slots)) for _ in range(2))
            other.write_bytes(one.read_bytes())

    @rule()
    def lose(self) -> None:
        """Delete the cache."""
        shutil.rmtree(self.cache, ignore_errors=True)

    @rule(trial=st.sampled_from(DOCUMENTS))
    def try_out(self, trial: Path) -> None:
        """Check a change that is never written."""
        if (self.data / "codebook.yaml").exists():
            open_folder(self.data, written={trial.as_posix(): "title: Of another\n"})

    @rule(document=st.sampled_from(DOCUMENTS))
    def check(self, document: Path) -> None:
        """With the cache, the problems are those without one, also those of one document."""
        with cached("off"):
            expected = sd.check(self.data)
        if (self.data / document).exists():
            mine = [p for p in expected if Path(p.where.file).name == document.name]
            assert mine == sd.check(self.data, only=[document.stem])
        assert expected == sd.check(self.data)

    @invariant()
    def is_what_the_files_say(self) -> None:
        """With the cache, the tables and what was wrong with the files are those without one."""
        if hasattr(self, "data"):
            with cached("off"):
                expected = found(self.data)
            assert expected == found(self.data)


Folder.TestCase.settings = examples(3, steps=8)
TestFolder = Folder.TestCase


def test_a_slot_is_verified(tmp_path: Path) -> None:
    """A slot holds what was stored last; a changed byte empties it."""
    with cached(str(tmp_path)):
        assert cache.load("tables", "a") is None
        cache.store("tables", "a", b"one")
        cache.store("tables", "b", b"other")
        cache.store("tables", "a", b"two")
        assert (b"two", b"other") == (cache.load("tables", "a"), cache.load("tables", "b"))
        for file in tmp_path.rglob("tables-*"):
            file.write_bytes(file.read_bytes()[:-1] + b"x")
        assert cache.load("tables", "a") is None


def test_other_code_has_other_slots(tmp_path: Path) -> None:
    """A file that is written again has another stamp, even with its old size and time."""
    file = tmp_path / "module.py"
    file.write_text("ONE = 1\n")
    found = file.stat()
    stamps = {cache._stamp(str(file)), cache._stamp(str(file))}
    assert 1 == len(stamps)
    file.write_text("ONE = 2\n")
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert sys.platform == "win32" or cache._stamp(str(file)) not in stamps
    file.write_text("ONE = 22\n")
    assert cache._stamp(str(file)) not in stamps
    assert "in.zip/module.py" == cache._stamp("in.zip/module.py")


def test_it_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable set to `off`, nothing is stored anywhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with cached("off"):
        cache.store("tables", "a", b"one")
        assert cache.load("tables", "a") is None
    assert [] == list(tmp_path.iterdir())


def test_it_is_in_the_folder_of_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By default it is where the system keeps caches, which XDG_CACHE_HOME names on Linux."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(cache.VARIABLE)
    folder = cache.cache_folder()
    assert folder is not None
    assert "stancedata" == folder.name
    if sys.platform == "linux":
        assert tmp_path == folder.parent


def test_its_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slots that were unused for longest go first; too large ones are not stored."""
    monkeypatch.setattr(cache, "MOST_BYTES", 4_000)
    with cached(str(tmp_path)):
        for number in range(6):
            cache.store("tables", str(number), bytes(900))
            (newest,) = (f for f in tmp_path.rglob("tables-*") if f.stat().st_mtime > 2_000)
            os.utime(newest, (1_000 + number, 1_000 + number))
        cache.store("tables", "large", bytes(1_001))
        kept = [str(n) for n in range(6) if cache.load("tables", str(n)) is not None]
        assert ["2", "3", "4", "5"] == kept
        assert cache.load("tables", "large") is None


def test_its_size_is_counted_only_if_it_may_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process counts the slots of others once, then only adds what it stores."""
    monkeypatch.setattr(cache, "MOST_BYTES", 4_000)
    counted: list[Path] = []
    shrink = cache._shrink

    def count(folder: Path) -> int:
        counted.append(folder)
        return shrink(folder)

    monkeypatch.setattr(cache, "_shrink", count)
    with cached(str(tmp_path)):
        for number in range(6):
            cache.store("tables", str(number), bytes(900))
    assert 3 == len(counted)  # at the first, and when the fifth and the sixth exceed the size


@pytest.mark.parametrize("what", ["read-only", "a file", "missing"])
def test_a_folder_that_cannot_be_written(repository: Path, tmp_path: Path, what: str) -> None:
    """Without a place for slots, checking works as without a cache."""
    place = tmp_path / "cache"
    if what == "read-only":
        place.mkdir(mode=0o500)
    elif what == "a file":
        place.write_text("not a folder")
    with cached(str(place / "in" if what == "missing" else place)):
        assert [] == sd.check(repository)
        assert [] == sd.check(repository)


def test_two_processes(repository: Path, tmp_path: Path) -> None:
    """Two processes may fill the same slots at once."""
    command = [sys.executable, "-c", "import stancedata as s, sys; print(s.check(sys.argv[1]))"]
    environment = {**os.environ, cache.VARIABLE: str(tmp_path / "cache")}
    with contextlib.ExitStack() as running:
        both = [
            running.enter_context(
                subprocess.Popen(
                    [*command, str(repository)], env=environment, stdout=subprocess.PIPE, text=True
                )
            )
            for _ in range(2)
        ]
        assert ["[]\n", "[]\n"] == [process.communicate()[0] for process in both]
    with cached(str(tmp_path / "cache")):
        assert [] == sd.check(repository)


class Work:
    """Counts the files that are parsed and the queries that are run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parsed: list[str] = []
        self.queries = 0
        parse, run = to_source, DuckDBEngine.query

        def count_file(text: str, name: str) -> Source:
            self.parsed.append(Path(name).name)
            return parse(text, name)

        def count_query(engine: DuckDBEngine, sql: str, **relations: Any) -> Any:
            self.queries += 1
            return run(engine, sql, **relations)

        monkeypatch.setattr("stancedata.curation.files.to_source", count_file)
        monkeypatch.setattr(DuckDBEngine, "query", count_query)

    def of(self) -> tuple[list[str], int]:
        """Return both, and begin to count again."""
        result = sorted(self.parsed), self.queries
        self.parsed, self.queries = [], 0
        return result


def test_only_some_documents(repository: Path) -> None:
    """The problems of a document are those of a whole check that are in its files."""
    file = repository / DOCUMENTS[0]
    text = file.read_text(encoding="utf-8")
    unneeded = "exemptions:\n  - rule: unused_actor\n    reason: None.\ncoder: not-"
    file.write_text(text.replace("coder: ", unneeded, 1), encoding="utf-8")
    everything = sd.check(repository)
    mine = [p for p in everything if p.where.file == str(file)]
    assert {"coder_known", "idle_exemption"} == {p.rule for p in mine}
    assert mine == sd.check(repository, only=[file.stem])
    assert [] == sd.check(repository, only=[DOCUMENTS[1].stem])
    with pytest.raises(sd.StancedataError, match="only: is not a document, got 'x'"):
        sd.check(repository, only=["x"])


def test_only_what_changed_is_done(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second check parses and asks nothing; after an edit, only what the edit concerns."""
    with cached(str(tmp_path / "cache")):
        work = Work(monkeypatch)
        sd.check(repository)
        files, everything = work.of()
        assert len(FILES) - 1 <= len(files)  # all but bounds.yaml
        sd.check(repository)
        assert ([], 0) == work.of()
        file = repository / DOCUMENTS[0]
        review(repository, file.stem, None)
        assert ([], 0) == work.of()
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("title: ", "title: X", 1), encoding="utf-8")
        review(repository, file.stem, None)
        assert (sorted([file.name, "codebook.yaml"]), 0) == work.of()
        sd.check(repository)
        files, asked = work.of()
        assert [] == files
        assert asked < everything / 10
        assert dataset_of(repository).documents[file.stem].title.startswith("X")
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("summary: >-\n      ", "summary: >-\n      X ", 1), encoding="utf-8"
        )
        monkeypatch.delattr("duckdb.connect")  # not needed for what no rule in SQL reads
        sd.check(repository)
        assert (sorted([file.name, "codebook.yaml"]), 0) == work.of()
