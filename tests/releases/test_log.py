"""Tamper detection: every change to the history or a wheel's data is found."""

from __future__ import annotations

import datetime
import hashlib
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.data_folder import HISTORY, MANIFEST
from stancedata.dataset import packaged
from stancedata.dataset.packaged import compile_data
from stancedata.releases.log import append, chained, file_of, link, read_history
from stancedata.releases.revisions import History, Release, Revision
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.manifest import manifest_problems
from tests.releases.test_changes import three, through_files
from tests.support.paths import REPOSITORY

SCHEMA = f'"schema_version":"{SCHEMA_VERSION}"'.encode()
MEND = "restore the file from version control"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature repository with three releases."""
    folder = tmp_path_factory.mktemp("released")
    history = three()[1]
    through_files(history, folder / "made")
    shutil.copytree(REPOSITORY, folder / "data")
    shutil.copytree(folder / "made" / HISTORY, folder / "data" / HISTORY)
    # The last release retracted a stance.
    file = folder / "data" / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("  - id: s02")], encoding="utf-8")
    return folder / "data"


def problems_of(data: Path) -> list[str]:
    """List the problems of a history, without the folder's name."""
    try:
        read_history(data)
    except sd.InvalidDataError as error:
        return [str(p).removeprefix(f"{data / HISTORY}/") for p in error.problems]
    return []


def history_of(data: Path, place: Path) -> Path:
    """Copy a history for a test to damage."""
    shutil.copytree(data / HISTORY, place / HISTORY)
    return place


def test_sound(data: Path) -> None:
    """The history is valid, the working copy is its last release, and all digests match."""
    assert [] == problems_of(data)
    assert [] == sd.check(data, history=True)
    assert "0.3.0" == sd.read(data).version


def test_a_note_that_looks_like_a_content(tmp_path: Path) -> None:
    """What is after the note of a revision is its content, whatever the note says."""
    release = Release("0.1.0", 1, datetime.date(2026, 1, 1), SCHEMA_VERSION, "a" * 64, "b" * 64)
    content = (
        '{"actors":[{"actor_id":"a","description":"\\",\\"content\\":","kind":"state","name":"A"}]}'
    )
    notes = ('x","content":{}', '\\","content":null', None)
    revisions = tuple(
        Revision(f"a{n}", 1, "actor", "add", "0.1.0", 1, "correction", note, content)
        for n, note in enumerate(notes)
    )
    append(tmp_path, release, file_of(release, revisions, "", {}))
    assert History((release,), revisions) == read_history(tmp_path).history


def test_a_clone_with_the_line_ends_of_windows_is_sound(data: Path, tmp_path: Path) -> None:
    """A history that Git wrote with CRLF is the one that was released; any other byte still counts."""
    folder = history_of(data, tmp_path)
    for file in (folder / HISTORY).iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert [] == problems_of(folder)
    file = folder / HISTORY / "0.2.0.jsonl"
    file.write_bytes(file.read_bytes().replace(b"\r\n", b"\r\r\n", 1))
    assert problems_of(folder)


TIMES = [100, pytest.param(1000, marks=pytest.mark.long)]
"""How often to change a byte: a thousand times before a release."""


def changed_bytes(folder: Path, times: int) -> Iterator[tuple[Path, int]]:
    """Repeatedly change one byte of a random file under a folder, then restore it.

    Yields the file, and the line on which the byte is.
    """
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    rng = random.Random(20211020)
    for _ in range(times):
        (file,) = rng.choices(files, [f.stat().st_size for f in files])
        raw = file.read_bytes()
        at = rng.randrange(len(raw))
        file.write_bytes(raw[:at] + bytes([raw[at] ^ rng.randrange(1, 256)]) + raw[at + 1 :])
        yield file, raw[:at].count(b"\n") + 1
        file.write_bytes(raw)


@pytest.mark.parametrize("times", TIMES)
def test_any_changed_byte_is_found(data: Path, tmp_path: Path, times: int) -> None:
    """Any changed byte is reported, with file and line."""
    copy = history_of(data, tmp_path)
    for file, line in changed_bytes(copy / HISTORY, times):
        found = problems_of(copy)
        if file.name == MANIFEST:
            assert found, line
        else:
            assert any(p.startswith(f"{file.name}:{line}: ") for p in found), found
    assert [] == problems_of(copy)


def test_lines_taken_away_added_or_moved_are_found(data: Path, tmp_path: Path) -> None:
    """Removed, added or moved lines: the first one out of place is reported."""
    copy = history_of(data, tmp_path)
    file = copy / HISTORY / "0.1.0.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    changed = "is not as it was released: the line was changed"
    wanted = f"the {len(lines)} that were released"
    for text, line, what in (
        (lines[:3] + lines[4:], 4, changed),
        ([*lines[:3], lines[4], lines[3], *lines[5:]], 4, changed),
        (lines[:4] + lines[3:], 5, changed),
        (lines[1:], 1, changed),
        ([lines[0], lines[1].replace(b'"chain"', b'"chaim"'), *lines[2:]], 2, changed),
        (lines[:-1], len(lines), f"is truncated, got {len(lines) - 1} lines instead of {wanted}"),
        ([*lines[:-1], lines[-1][:-9]], len(lines), f"is truncated, got {len(lines) - 1} lines "
        f"instead of {wanted}"),
        ([], 1, "is truncated, got 0 lines instead of at least one"),
    ):  # fmt: skip
        file.write_bytes(b"".join(text))
        assert [f"0.1.0.jsonl:{line}: {what}; {MEND}"] == problems_of(copy)


def test_missing_and_foreign_files_are_found(data: Path, tmp_path: Path) -> None:
    """Missing files, stray files, and files of another history are reported."""
    copy = history_of(data, tmp_path)
    folder = copy / HISTORY
    first, second, third = (folder / f"0.{n}.0.jsonl" for n in (1, 2, 3))
    manifest = folder / MANIFEST

    def without(file: Path) -> list[str]:
        text = file.read_bytes()
        file.unlink()
        found = problems_of(copy)
        file.write_bytes(text)
        return found

    gone = "is missing, although the history names it"
    assert [f"0.2.0.jsonl: {gone}; {MEND}"] == without(second)
    assert f"0.3.0.jsonl: {gone}; {MEND}" in without(third)
    assert [f"MANIFEST: is missing, although there are 3 releases; {MEND}"] == without(manifest)
    stray = folder / "0.4.0.jsonl"
    stray.write_bytes(third.read_bytes())
    assert [f"0.4.0.jsonl:1: is not a release in this library's format; {MEND}"] == (
        problems_of(copy)
    )
    stray.unlink()
    whole = manifest.read_text(encoding="ascii")
    manifest.write_text(whole.replace("0.3.0", "0.2.0"), encoding="ascii")
    assert f"0.2.0.jsonl:1: is not the file that was released: its digest differs; {MEND}" in (
        problems_of(copy)
    )
    manifest.write_text("0.9.0 x\n", encoding="ascii")
    assert [f"MANIFEST:1: must name the last release and its digest, got '0.9.0 x'; {MEND}"] == (
        problems_of(copy)
    )
    manifest.write_text(whole, encoding="ascii")
    first.rename(folder / "0.1.1.jsonl")
    assert problems_of(copy)


def rechained(copy: Path, name: str, bodies: list[bytes]) -> None:
    """Replace a history by one file with valid digests."""
    shutil.rmtree(copy / HISTORY, ignore_errors=True)
    (copy / HISTORY).mkdir()
    chain, lines = "", []
    for body in bodies:
        chain = link(chain, body)
        lines.append(chained(body, chain) + b"\n")
    (copy / HISTORY / f"{name}.jsonl").write_bytes(b"".join(lines))
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    (copy / HISTORY / MANIFEST).write_text(f"{name} {digest}\n", encoding="ascii")


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        (1, b'"released_on":"', b'"released_on":"x'),
        (1, SCHEMA, b'"schema_version":"one"'),
        (1, SCHEMA, b'"schema_version":"-1"'),
        (1, b'"digest":"', b'"digest":"\\ud800'),
        (1, b'"release_number":1', b'"release_number":1.0'),
        (1, b'"release_number":1', b'"release_number": 1'),
        (2, b'"note":null', b'"note":"\\ud800"'),
        (2, b'"note":null', b'"note":"\xed\xa0\x80"'),
        (2, b'"note":null', b'"note":"x","note":null'),
        (2, b'"note":null', b'"note":"\\u0041"'),
        (2, b'"operation":"add"', b'"operation":"added"'),
        (2, b'"operation":"add"', b'"operation":"retract"'),
        (2, b'"reason":"new_source"', b'"reason":"whim"'),
        (2, b'"kind":"', b'"kind":"un'),
        (2, b'"position":35', b'"position":2147483648'),
        (2, b'"position":35', b'"position":-2147483649'),
    ],
)
def test_right_digests_are_not_enough(
    data: Path, tmp_path: Path, line: int, before: bytes, after: bytes
) -> None:
    """A line with a valid digest but invalid values is refused."""
    raw = (data / HISTORY / "0.1.0.jsonl").read_bytes()
    bodies = [re.sub(rb',"chain":"[0-9a-f]{64}"}$', b"}", one) for one in raw.splitlines()]
    rechained(tmp_path, "0.1.0", bodies)
    assert [] == problems_of(tmp_path)
    assert before in bodies[line - 1]
    bodies[line - 1] = bodies[line - 1].replace(before, after, 1)
    rechained(tmp_path, "0.1.0", bodies)
    what = "release" if line == 1 else "revision"
    assert f"0.1.0.jsonl:{line}: is not a {what} in this library's format; {MEND}" in (
        problems_of(tmp_path)
    )


@pytest.mark.parametrize(
    ("line", "before", "after", "what"),
    [
        (1, b'"release_number":1', b'"release_number":2', "must be release 1, after none, got number 2"),
        (2, b'"revision":1', b'"revision":2', "must be revision 1 of {}, got 2"),
        (2, b'"revision":1', b'"revision":0', "must be revision 1 of {}, got 0"),
    ],
)  # fmt: skip
def test_numbers_rise_by_one(
    data: Path, tmp_path: Path, line: int, before: bytes, after: bytes, what: str
) -> None:
    """A release or revision with a wrong number is reported, even if its digest is valid."""
    raw = (data / HISTORY / "0.1.0.jsonl").read_bytes()
    bodies = [re.sub(rb',"chain":"[0-9a-f]{64}"}$', b"}", one) for one in raw.splitlines()]
    bodies[line - 1] = bodies[line - 1].replace(before, after, 1)
    rechained(tmp_path, "0.1.0", bodies)
    name = json.loads(bodies[line - 1]).get("record_id")
    assert [f"0.1.0.jsonl:{line}: {what.format(name)}; {MEND}"] == problems_of(tmp_path)


def test_a_file_has_its_own_releases_name(data: Path, tmp_path: Path) -> None:
    """A file whose name differs from its release's version is refused."""
    copy = history_of(data, tmp_path)
    (copy / HISTORY / "0.1.0.jsonl").rename(copy / HISTORY / "0.1.0.0.jsonl")
    assert any(
        p.startswith("0.1.0.0.jsonl:1: is not a release in this library's format")
        for p in problems_of(copy)
    )


def test_nothing_loads_from_a_spoilt_history(data: Path, tmp_path: Path) -> None:
    """Neither `read` nor a build accepts a history with wrong digests."""
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    file = copy / HISTORY / "0.2.0.jsonl"
    file.write_bytes(file.read_bytes().replace(b"The Rebels", b"The Robels"))
    for act in (lambda: sd.read(copy), lambda: compile_data(copy, tmp_path / "out")):
        with pytest.raises(sd.InvalidDataError) as error:
            act()
        assert "0.2.0.jsonl:2: is not as it was released" in str(error.value)
    assert not (tmp_path / "out").exists()


def test_replaying_compares_digests(data: Path, tmp_path: Path) -> None:
    """A recorded digest that differs from the content is reported, even in an intact chain."""
    import attrs

    history = three()[1]
    wrong = attrs.evolve(history.releases[1], digest="0" * 64)
    releases = (history.releases[0], wrong, history.releases[2])
    through_files(attrs.evolve(history, releases=releases), tmp_path / "made")
    copy = Path(shutil.copytree(data, tmp_path / "data"))
    shutil.rmtree(copy / HISTORY)
    shutil.copytree(tmp_path / "made" / HISTORY, copy / HISTORY)
    assert [] == sd.check(copy)
    (problem,) = sd.check(copy, history=True)
    assert str(problem) == (
        f"{copy / HISTORY / '0.2.0.jsonl'}:1: the rebuilt content must have the digest "
        f"{'0' * 64}, got {history.releases[1].digest}; use the version of the library that made "
        "the release"
    )


@pytest.fixture(scope="module")
def store(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a wheel with three releases and an edited working copy."""
    folder = tmp_path_factory.mktemp("store")
    copy = Path(shutil.copytree(data, folder / "data"))
    file = copy / "actors" / "rebels.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("name: Rebels", "name: Rebels now"), encoding="utf-8")
    compile_data(copy, folder / "_data")
    return folder / "_data"


@pytest.mark.parametrize("times", TIMES)
def test_any_changed_byte_of_a_wheel_is_found(store: Path, tmp_path: Path, times: int) -> None:
    """Any changed byte in a wheel's data is reported, with the file."""
    copy = Path(shutil.copytree(store, tmp_path / "_data"))
    for file, _ in changed_bytes(copy, times):
        assert str(file) in [p.where.file for p in manifest_problems(copy, "reinstall")]
    assert [] == list(manifest_problems(copy, "reinstall"))


def test_a_spoilt_wheel_does_not_load(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed, removed or added file is reported, and nothing is loaded."""
    copy = Path(shutil.copytree(store, tmp_path / "_data"))
    monkeypatch.setattr(packaged, "COMPILED", copy)
    monkeypatch.setattr(packaged, "checkout_data", lambda: None)
    assert "0.3.0" == packaged.load().version
    (copy / "actors.parquet").write_bytes((copy / "events.parquet").read_bytes())
    (copy / "history" / "roles.parquet").unlink()
    (copy / "more.parquet").write_bytes(b"")
    with pytest.raises(sd.InvalidDataError) as error:
        packaged.load()
    assert str(error.value).replace(f"{copy}/", "").splitlines() == [
        "actors.parquet: was changed after it was written; reinstall the package",
        "history/roles.parquet: is missing; reinstall the package",
        "more.parquet: is not in the manifest: it was not written with the other files; "
        "reinstall the package",
    ]
    (copy / "manifest.json").write_text("[" * 10**5)
    with pytest.raises(
        sd.InvalidDataError,
        match=r"manifest\.json: was changed after it was "
        r"written",
    ):
        packaged.load()


def test_every_version_loads_from_a_wheel(
    store: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wheel loads old releases, the last one and the edited copy, just as a checkout does."""
    monkeypatch.setattr(packaged, "COMPILED", store)
    monkeypatch.setattr(packaged, "checkout_data", lambda: None)
    installed = {v: packaged.load(v) for v in ("0.1.0", "0.2.0", "0.3.0", "0.3.0+edited")}
    assert "0.3.0" == packaged.load().version
    monkeypatch.setattr(packaged, "COMPILED", store / "nothing")
    monkeypatch.setattr(packaged, "checkout_data", lambda: store.parent / "data")
    for version, one in installed.items():
        other = packaged.load(version)
        assert (version, version) == (one.version, other.version)
        assert (one.digest, one.positions_digest) == (other.digest, other.positions_digest)
        assert one.tables["revisions"].equals(other.tables["revisions"])
        assert one.tables["positions"].equals(other.tables["positions"])
    names = {v: d.actors["rebels"].name for v, d in installed.items()}
    assert ["Rebels", "The Rebels", "Rebels", "Rebels now"] == list(names.values())
    with pytest.raises(sd.StancedataError) as error:
        packaged.load("0.4.0")
    assert str(error.value) == (
        "version: does not exist, got '0.4.0'; there are 0.3.0+edited, 0.3.0, 0.2.0, 0.1.0"
    )


def test_an_export_carries_the_history(data: Path, tmp_path: Path) -> None:
    """An export gives the same past states as the data folder."""
    ours = sd.read(data)
    ours.export(tmp_path / "out", panel=False)
    theirs = sd.read(tmp_path / "out")
    assert (ours.version, ours.digest) == (theirs.version, theirs.digest)
    for version in ("0.1.0", "0.2.0"):
        one, other = ours.known_at(version), theirs.known_at(version)
        assert one.digest == other.digest == one.release.digest  # type: ignore[union-attr]
    assert [] == sd.check(tmp_path / "out")
    (tmp_path / "out" / "actors.parquet").write_bytes(
        (tmp_path / "out" / "actors.parquet").read_bytes() + b"x"
    )
    with pytest.raises(sd.InvalidDataError):
        sd.read(tmp_path / "out")
