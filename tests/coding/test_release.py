"""Releases: what is refused, what is written, and what remains after a kill."""

from __future__ import annotations

import contextlib
import datetime
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import stancedata as sd
from stancedata.coding import release as releasing
from stancedata.curation.folder import Folder
from stancedata.data_folder import HISTORY
from stancedata.releases.log import read_history
from stancedata.tables.revisions import canonical
from stancedata.turns import turn
from tests.cli.test_commands import run
from tests.support.copies import copied
from tests.support.paths import REPOSITORY

DAY = datetime.date(2026, 1, 1)
LATER = datetime.date(2026, 2, 1)
TITLE = "Untitled dataset"  # the codebook gives none


def edit(file: Path, old: str, new: str) -> None:
    """Change a file's text."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def explain(data: Path, *changes: tuple[str, str, str], name: str = "mine") -> Path:
    """Write a file of reasons from triples of records, reason and note."""
    folder = data / "unreleased"
    folder.mkdir(exist_ok=True)
    items = "".join(
        f"  - records: [{records}]\n    reason: {reason}\n    note: >-\n      {note}\n"
        for records, reason, note in changes
    )
    file = folder / f"{name}.yaml"
    file.write_text("changes:\n" + items, encoding="utf-8")
    return file


def refused(data: Path, version: str = "0.2.0") -> list[str]:
    """Return the messages of a refused release, without the folder's name."""
    before = read_history(data)
    with pytest.raises(sd.StancedataError) as error:
        releasing.release(data, version, LATER)
    assert before == read_history(data)
    return str(error.value).replace(f"{data}/", "").splitlines()


@pytest.fixture(scope="module")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The miniature repository after its first release; tests change copies of it."""
    data = copied(REPOSITORY, tmp_path_factory.mktemp("released") / "data")
    releasing.release(data, "0.1.0", DAY)
    assert sd.read(data).stances
    return data


@pytest.fixture
def first(released_once: Path, tmp_path: Path) -> Path:
    """The miniature repository, released once."""
    return copied(released_once, tmp_path / "data")


def test_first_release(first: Path) -> None:
    """The first release adds every record, and the data then equal it."""
    dataset = sd.read(first)
    release = dataset.release
    assert release is not None
    assert ("0.1.0", 1, DAY, "3") == attrs.astuple(release)[:4]
    assert (dataset.digest, dataset.positions_digest) == (release.digest, release.positions_digest)
    assert {"add"} == set(dataset.tables["revisions"].column("operation").to_pylist())
    assert {"new_source"} == set(dataset.tables["revisions"].column("reason").to_pylist())
    assert (first / "CHANGELOG.md").read_text(encoding="utf-8") == (
        "# Changelog of the data\n\n## Data 0.1.0 (2026-01-01)\n\n"
        "Records: 17 added; reasons: 17 new_source.\n"
        f"SHA-256 of the content: {release.digest}.\n"
    )
    assert [] == sd.check(first, history=True)


def test_changes_need_reasons(first: Path) -> None:
    """Each modified or retracted record is reported at its file and line."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    edit(first / "documents" / "communique-2021-10-20.yaml", "level: supports", "level: withholds")
    file = first / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("  - id: s02")], encoding="utf-8")
    assert sd.read(first).version == "0.1.0+edited"
    todo = "write one in unreleased/<name>.yaml"
    assert sorted(refused(first)) == sorted([
        f"actors/rebels.yaml:1: actor rebels was modified since 0.1.0 without a reason; {todo}",
        "documents/communique-2021-10-20.yaml:36: stance communique-2021-10-20#s02 was modified "
        f"since 0.1.0 without a reason; {todo}",
        f"{first}: stance daily-post-2021-10-21#s02 was removed since 0.1.0 without a reason; "
        f"{todo}",
    ])  # fmt: skip
    explain(first, ("rebels", "correction", "So they write it."), name="one")
    explain(first, ("'*#s02'", "coder_error", "Read again."), name="two")
    made = releasing.release(first, "0.2.0", LATER)
    assert ["modify", "modify", "retract"] == [r.operation for r in made.revisions]
    assert ["coder_error", "coder_error", "correction"] == sorted(r.reason for r in made.revisions)
    assert [] == list((first / "unreleased").iterdir())
    text = (first / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("## Data 0.2.0 (2026-02-01)") < text.index("## Data 0.1.0")
    assert "Records: 2 modified, 1 retracted; reasons: 2 coder_error, 1 correction." in text
    names = "communique-2021-10-20#s02, daily-post-2021-10-21#s02"
    assert f"- `coder_error`: Read again. ({names})" in text


def test_changelog_names_twenty_ids_of_a_reason(first: Path) -> None:
    """The changelog names the first twenty records of a reason and counts the others."""
    made = [first / "actors" / f"group-{n:02}.yaml" for n in range(23)]
    for file in made:
        shutil.copy(first / "actors" / "rebels.yaml", file)
        edit(file, "name: Rebels", f"name: {file.stem}")
    explain(first, ("'group-*'", "new_source", "Founded since."))
    releasing.release(first, "0.2.0", LATER)
    listed = ", ".join(file.stem for file in made[:20])
    text = (first / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"- `new_source`: Founded since. ({listed} and 3 others)\n" in text


def test_changelog_of_the_package_is_left_alone(repository: Path) -> None:
    """A release writes the changelog in the data folder, and leaves one next to it alone."""
    beside = repository.parent / "CHANGELOG.md"
    beside.write_text("# Of a program\n", encoding="utf-8")
    releasing.release(repository, "0.1.0", DAY)
    (repository / "CHANGELOG.md").unlink()
    edit(repository / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(repository, ("rebels", "correction", "So they write it."))
    releasing.release(repository, "0.2.0", LATER)
    assert "# Of a program\n" == beside.read_text(encoding="utf-8")
    lines = (repository / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert [
        "# Changelog of the data",
        "## Data 0.2.0 (2026-02-01)",
        "## Data 0.1.0 (2026-01-01)",
    ] == [line for line in lines if line.startswith("#")]


def test_faulty_reasons_are_all_told(first: Path) -> None:
    """Unknown reasons and keys are refused, also by `check`."""
    explain(first, ("rebels", "corection", "x"))
    file = first / "unreleased" / "more.yaml"
    file.write_text("changes:\n  - records: [x]\n    reson: recode\n", encoding="utf-8")
    expected = [
        "unreleased/mine.yaml:3: changes[0].reason: is not a reason, got 'corection'; did you mean "
        "'correction'?",
        "unreleased/more.yaml:2: changes[0].note: is missing; add it",
        "unreleased/more.yaml:2: changes[0].reason: is missing; add it",
        "unreleased/more.yaml:3: changes[0].reson: is not a key of a change, got 'reson'; did you "
        "mean 'reason'?",
    ]
    assert expected == [str(p).replace(f"{first}/", "") for p in sd.check(first)]
    assert expected == refused(first)


def test_an_unseen_character_of_a_note_is_refused(first: Path) -> None:
    """It would be in the history and in CHANGELOG.md."""
    explain(first, ("rebels", "correction", "Ti\u200btle \u202e again."))
    (said,) = [str(p).replace(f"{first}/", "") for p in sd.check(first)]
    assert "changes[0].note: contains an invisible or non-NFC character, got 'Ti\\u200btle" in said
    assert [said] == refused(first)


def test_idle_and_double_reasons_are_refused(first: Path) -> None:
    """A reason without a changed record is refused, and two reasons for one record."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "x"), ("nobody, 'west*'", "recode", "x"))
    explain(first, ("'re*'", "correction", "x"), name="other")
    assert refused(first) == [
        "unreleased/mine.yaml:6: changes[1].records: does not match any changed record, got "
        "'nobody, "
        "west*'; fix the ids, or remove it",
        "unreleased/other.yaml:2: changes[0].records: has 2 reasons, got another one for 'rebels' "
        "elsewhere; keep one of them",
    ]


def test_ids_are_never_reused(first: Path) -> None:
    """The ID of a retracted record may only be reused to restore that record."""
    file = first / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("  - id: s02")], encoding="utf-8")
    explain(first, ("'*#s02'", "coder_error", "Read again."))
    releasing.release(first, "0.2.0", LATER)
    file.write_text(text, encoding="utf-8")
    explain(first, ("'*#s02'", "coder_error", "It was right."))
    name = "daily-post-2021-10-21#s02"
    (line,) = refused(first, "0.3.0")
    assert line == (
        f"documents/daily-post-2021-10-21.yaml:32: stance {name} was retracted in 0.2.0, and ids "
        "are never reused; give the new record another id; if it is the same record restored, say "
        "so in unreleased/ with `restores: true`"
    )
    with (first / "unreleased" / "mine.yaml").open("a", encoding="utf-8") as stream:
        stream.write("    restores: true\n")
    (back,) = releasing.release(first, "0.3.0", LATER).revisions
    assert ("add", 3, "It was right.") == (back.operation, back.revision, back.note)
    assert sd.read(first).known_at("0.1.0").digest == sd.read(first).digest


def test_nothing_to_release(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an earlier release, the message does not compare with one."""
    monkeypatch.setattr(releasing, "revise", lambda *_: ())
    assert refused(repository, "0.1.0") == [
        f"{repository}: has nothing to release: it has no records"
    ]


def test_what_else_is_refused(first: Path) -> None:
    """A release is refused for unchanged or invalid data, and for an invalid or earlier version."""
    assert refused(first) == [f"{first}: has nothing to release: no changes since 0.1.0"]
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    assert refused(first, "0.0.9") == [
        "version: must be later than the last release, got '0.0.9'; the last is 0.1.0"
    ]
    assert refused(first, "2") == [
        "version: must be three numbers separated by dots, got '2'; write it as 0.1.0"
    ]
    edit(first / "actors" / "rebels.yaml", "southland", "nowhere")
    assert "does not exist, got 'nowhere'" in refused(first)[0]


def test_a_new_stance_of_an_old_document_is_recoded(first: Path) -> None:
    """Additions need no reason: by default a new source, in an old document a recoding."""
    file = first / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    more = text[text.index("  - id: s02") :].replace("s02", "s03").replace("issue: recognition", "issue: aid").replace("favours", "supports")  # fmt: skip
    file.write_text(text + more, encoding="utf-8")
    (made,) = releasing.release(first, "0.2.0", LATER).revisions
    assert ("daily-post-2021-10-21#s03", "add", "recode") == (
        made.record_id, made.operation, made.reason,
    )  # fmt: skip


def test_a_day_before_the_last_release_is_refused(first: Path) -> None:
    """A release must not be earlier than the last one, but may have the same day."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "So they write it."))
    with pytest.raises(sd.StancedataError) as error:
        releasing.release(first, "0.2.0", datetime.date(1999, 1, 1))
    assert str(error.value) == (
        "day: must not be before the last release, got 1999-01-01; 0.1.0 is of 2026-01-01"
    )
    assert "0.2.0" == releasing.release(first, "0.2.0", DAY).release.release


def test_a_release_without_problems_looks_for_no_line(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of all new records are not parsed again for the lines of problems there are none of."""
    monkeypatch.setattr(Folder, "place", None)
    assert releasing.release(repository, "0.1.0", DAY).revisions


def test_a_reason_like_one_of_the_last_release_counts(first: Path) -> None:
    """A file of reasons with the name and content of a consumed one is a new file."""
    for version, name, before in (("0.2.0", "The Rebels", "Rebels"), ("0.3.0", "Us", "The Rebels")):
        edit(first / "actors" / "rebels.yaml", f"name: {before}", f"name: {name}")
        explain(first, ("rebels", "correction", "So they write it."))
        (made,) = releasing.release(first, version, LATER).revisions
        assert "correction" == made.reason
        assert [] == list((first / "unreleased").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("name", ["CHANGELOG.md", "../CITATION.cff"])
@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe"])
def test_no_link_is_followed_and_no_pipe_waited_for(first: Path, name: str, kind: str) -> None:
    """If the changelog or citation file is not a regular file, nothing is released."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "So they write it."))
    secret = first.parent / "secret"
    if kind != "dangling link":
        secret.write_text("# Changelog\nversion: 1\n", encoding="utf-8")
    (first / "CHANGELOG.md").unlink()
    path = first / name
    os.mkfifo(path) if kind == "pipe" else path.symlink_to(secret)
    with pytest.raises(sd.StancedataError, match="must be a plain file, got a link or some"):
        releasing.release(first, "0.2.0", LATER)
    assert not path.is_file() or path.is_symlink()
    assert "0.1.0" == sd.read(first).releases[-1].release
    assert not secret.exists() or "# Changelog\nversion: 1\n" == secret.read_text(encoding="utf-8")


@pytest.mark.usefixtures("without_cache")
def test_a_full_disk_is_no_error_of_ours(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a disk operation fails, it is reported, and the next release finishes the job."""
    made = prepared(first)
    monkeypatch.setattr(releasing, "plan", lambda *_: made)
    done = Path(shutil.copytree(first, tmp_path / "done"))
    releasing.release(done, "0.2.0", LATER)
    for owner, name in ((os, "replace"), (os, "unlink"), (Path, "unlink"), (Path, "replace")):
        data = Path(shutil.copytree(first, tmp_path / f"{owner.__name__}.{name}"))
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, failing)
            with contextlib.suppress(sd.StancedataError):
                releasing.release(data, "0.2.0", LATER)
        settled(data, snapshot(done))


def failing(*_: object, **__: object) -> None:
    """Fail like a disk operation on a full disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_citation_is_kept_in_step(first: Path) -> None:
    """CITATION.cff next to the data gets version and day, and settling is idempotent."""
    file = first.parent / "CITATION.cff"
    own = f"cff-version: 1.2.0\ntype: dataset\ntitle: '{TITLE}'\n"
    file.write_text(f"{own}version: 0.0.1\nlicense: MIT\n", encoding="utf-8")
    releasing.settle(first)
    releasing.settle(first)
    assert f"{own}version: 0.1.0\ndate-released: 2026-01-01\nlicense: MIT\n" == (
        file.read_text(encoding="utf-8")
    )
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "x"))
    releasing.release(first, "0.10.0", LATER)
    text = file.read_text(encoding="utf-8")
    assert "version: 0.10.0\ndate-released: 2026-02-01\n" in text


@pytest.mark.parametrize(
    "about",
    ["type: software\ntitle: {title}\n", "title: {title}\n", "type: dataset\ntitle: Another one\n"],
)
def test_the_citation_of_something_else_is_left_alone(first: Path, about: str) -> None:
    """A program has a CITATION.cff too, and a folder may hold several datasets."""
    text = f"cff-version: 1.2.0\n{about.format(title=TITLE)}version: 7.1.0\n"
    (first.parent / "CITATION.cff").write_text(text, encoding="utf-8")
    releasing.settle(first)
    assert text == (first.parent / "CITATION.cff").read_text(encoding="utf-8")


def test_a_release_in_its_own_folder(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of `.` is the one above it, and not `.` itself."""
    text = f"type: dataset\ntitle: {TITLE}\nversion: 7.1.0\n"
    (first / "CITATION.cff").write_text(text, encoding="utf-8")
    monkeypatch.chdir(first)
    releasing.settle(Path())
    assert text == (first / "CITATION.cff").read_text(encoding="utf-8")


def test_a_history_that_would_say_something_else(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release is not written if its records, read back, are not the data."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: Insurgents")
    explain(first, ("rebels", "correction", "x"))

    def misspelt(content: Any) -> str:
        return canonical(content).replace("Insurgents", "Insurgent")

    monkeypatch.setattr("stancedata.releases.revisions.canonical", misspelt)
    assert [
        "version 0.2.0: the history would not reproduce these data; please report it, nothing was written"
    ] == refused(first)


def test_a_release_is_read_once(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The history is read to add to it, and not once more after that."""
    times: list[Path] = []

    def read(data: Path) -> Any:
        times.append(data)
        return read_history(data)

    monkeypatch.setattr("stancedata.dataset.past.read_history", read)
    monkeypatch.setattr(releasing, "read_history", read)
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "x"))
    made = releasing.release(first, "0.2.0", LATER)
    assert 1 == len(times)
    assert made.history == read_history(first).history


def test_a_day_in_the_future_is_refused(first: Path) -> None:
    """Wherever on earth the release is made."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "So they write it."))
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)
    with pytest.raises(sd.StancedataError, match=f"must not be in the future, got {day}"):
        releasing.release(first, "0.2.0", day)


POST = "documents/daily-post-2021-10-21.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("actors/rebels.yaml", "name: Rebels", "name: The Rebels", ""),
        (POST, "confidence: medium", "confidence: low", "more than details of stance"),
    ],
)
def test_versions_increase_by_what_changed(
    first: Path, file: str, old: str, new: str, why: str
) -> None:
    """The third number is for details that no analysis uses."""
    edit(first / file, old, new)
    explain(first, ("'*'", "correction", "Read again."))
    if not why:
        assert "0.1.1" == releasing.release(first, "0.1.1", LATER).release.release
        return
    (said,) = refused(first, "0.1.1")
    assert said.startswith(
        "version: must increase the second number, got '0.1.1' after 0.1.0, because "
    )
    assert why in said
    assert said.endswith("; use 0.2.0")
    releasing.release(first, "0.2.0", LATER)


def test_another_record_or_edition_needs_more(first: Path) -> None:
    """Records increase the second number; from 1.0, another codebook increases the first."""
    shutil.copy(first / "actors" / "rebels.yaml", first / "actors" / "others.yaml")
    edit(first / "actors" / "others.yaml", "name: Rebels", "name: Others")
    (said,) = refused(first, "0.1.1")
    assert "because 1 record was added; use 0.2.0" in said
    releasing.release(first, "1.0.0", LATER)
    codebook = first / "codebook.yaml"
    term = "  dataset:\n    - {value: edition, definition: edition 2}\n"
    edit(codebook, "vocabulary:\n", f"vocabulary:\n{term}")
    explain(first, ("codebook", "codebook_change", "Edition 2."))
    (said,) = refused(first, "1.1.0")
    assert "must increase the first number, got '1.1.0' after 1.0.0" in said
    assert said.endswith("because the codebook has another edition; use 2.0.0")


def test_two_branches_that_both_released(first: Path) -> None:
    """The message names the page, and its steps lead to one history with both changes."""
    root = first.parent
    name = first.name

    def git(*words: str, check: bool = True) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *words], cwd=root, check=check, capture_output=True)

    def change(branch: str, file: str, old: str, new: str, records: str) -> None:
        git("checkout", "-q", branch)
        edit(first / file, old, new)
        explain(first, (records, "correction", f"By {branch}."), name=branch)
        git("add", "-A")
        git("commit", "-qm", "change")
        releasing.release(first, "0.2.0", LATER)
        git("add", "-A")
        git("commit", "-qm", "release")

    git("init", "-qb", "main")
    (root / "CITATION.cff").write_text("type: software\n", encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "first")
    git("branch", "mine")
    change("main", "actors/rebels.yaml", "name: Rebels", "name: The Rebels", "rebels")
    change("mine", POST, "confidence: medium", "confidence: low", "'daily-post-*'")
    git("tag", "RELEASE")
    git("merge", "-q", "main", check=False)
    said = [str(problem) for problem in sd.check(first) if "MANIFEST" in str(problem)]
    assert "as docs/versioning.md says under 'Two branches that both released'" in said[0]
    git("rm", "-rq", "--cached", f"{name}/history")
    shutil.rmtree(first / "history")
    git("checkout", "main", "--", f"{name}/history", f"{name}/CHANGELOG.md", "CITATION.cff")
    git("checkout", "RELEASE^", "--", f"{name}/unreleased")
    git("commit", "-qam", "merge")
    releasing.release(first, "0.3.0", LATER)
    notes = {(r.release, r.note) for r in read_history(first).history.revisions if r.note}
    assert {("0.2.0", "By main."), ("0.3.0", "By mine.")} == notes


def test_a_page_that_is_not_utf8_stops_a_release_before_it_is_made(repository: Path) -> None:
    """What cannot be updated afterwards is refused beforehand, also for the first release."""
    (repository.parent / "CITATION.cff").write_bytes(b"version: 0\ntitle: Stell\xe9\n")
    with pytest.raises(sd.StancedataError, match=r"CITATION.cff: is not UTF-8, got byte 0xe9"):
        releasing.release(repository, "0.1.0", DAY)
    assert not (repository / "history").exists()


def test_commands(first: Path) -> None:
    """The commands on releases work: release, diff, cite, check --history and --known-at."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "So they write it."))
    said = run("release", "0.2.0", first, "--on", "2026-02-01", "--dry-run")
    assert said.startswith("0.2.0 would be released: 0 records added, 1 modified, 0 retracted; ")
    assert ["0.1.0.jsonl", "MANIFEST"] == sorted(f.name for f in (first / HISTORY).iterdir())
    said = run("release", "0.2.0", first, "--on", "2026-02-01")
    dataset = sd.read(first)
    assert said.endswith(f"digest {dataset.digest}\n")
    why = "  (0.2.0, correction: So they write it.)\n"
    names = [
        f'{{"actor_id":"rebels","kind":"preferred","language":"en","name":"{name}","position":1}}'
        for name in ("Rebels", "The Rebels")
    ]
    assert run("diff", "0.1.0", "0.2.0", "--data", first) == (
        f"actor rebels\n    name: Rebels -> The Rebels{why}"
        f"    actor_names[Rebels]: {names[0]} -> nothing{why}"
        f"    actor_names[The Rebels]: nothing -> {names[1]}{why}"
    )
    rows = json.loads(run("diff", "0.1.0", "--data", first, "--format", "json"))
    changed = {row["field"]: (row["before"], row["after"]) for row in rows}
    assert (3, ("Rebels", "The Rebels")) == (len(rows), changed["name"])
    assert "no problems found" in run("check", first, "--history")
    assert "Anonymous (2026). Untitled dataset (version 0.2.0)" in run("cite", "--data", first)
    assert "0.1.0" in run("cite", "--style", "bibtex", "--data", first, "--known-at", "0.1.0")
    assert run("show", "rebels", "--data", first, "--known-at", "0.1.0").startswith("Rebels [")
    said = run("info", "--data", first, "--known-at", "0.7.0", status=1)
    assert "--known-at: does not exist, got '0.7.0'; there are 0.2.0, 0.1.0\n" == said
    said = run("diff", "0.2.0", "0.1.0", "--data", first, status=1)
    assert "since: is later than until, got 0.2.0; write 0.1.0 0.2.0\n" == said
    assert "nothing changed\n" == run("diff", "0.1.0", "0.1.0", "--data", first)
    (csl,) = json.loads(run("cite", "--style", "csl-json", "--data", first))
    assert ([[2026, 2, 1]], "0.2.0") == (csl["issued"]["date-parts"], csl["version"])
    assert dataset.digest in csl["note"]
    said = run("cite", "--style", "bibtx", "--data", first, status=1)
    assert "--style: is unknown, got 'bibtx'; did you mean 'bibtex'?\n" == said


def test_a_release_waits_for_its_turn(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release is not made while another process changes the folder."""
    prepared(first)
    monkeypatch.setattr(releasing, "turn", lambda data: turn(data, seconds=0))
    with turn(first):
        assert refused(first) == [
            f"{first}: is being changed by another command, waited 0 s; try again"
        ]
    assert "0.2.0" == releasing.release(first, "0.2.0", LATER).release.release


def test_a_history_that_is_gone_is_missed(first: Path) -> None:
    """`check` with `history` reports a history without releases."""
    assert [] == sd.check(first, history=True)
    shutil.rmtree(first / HISTORY)
    assert [] == sd.check(first)
    said = "has no release to rebuild; restore the history if there was one"
    assert [f"{first / HISTORY}: {said}"] == list(map(str, sd.check(first, history=True)))
    assert "no errors" in run("check", first, "--history")


class Killed(BaseException):
    """Stands in for a signal that kills the process."""


def prepared(first: Path) -> releasing.Plan:
    """Make a change with a reason, and plan it as release 0.2.0."""
    edit(first / "actors" / "rebels.yaml", "name: Rebels", "name: The Rebels")
    explain(first, ("rebels", "correction", "So they write it."))
    return releasing.plan(first, "0.2.0", LATER)


def snapshot(data: Path) -> dict[str, bytes]:
    """Return the content of every file of a folder, including drafts."""
    files = (f for f in data.rglob("*") if f.is_file())
    return {str(f.relative_to(data)): f.read_bytes() for f in files}


def settled(data: Path, final: dict[str, bytes]) -> str:
    """Check that a kill left the old or the new release, and that releasing again completes it."""
    last = read_history(data).history.last
    assert last is not None
    if last.release == "0.2.0":
        releasing.settle(data)
    else:
        releasing.release(data, "0.2.0", LATER)
    assert final == snapshot(data)
    return last.release


@pytest.mark.usefixtures("without_cache")
def test_killed_at_any_step(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release killed before any of its file operations exists completely or not at all."""
    made = prepared(first)
    monkeypatch.setattr(releasing, "plan", lambda *_: made)
    done = Path(shutil.copytree(first, tmp_path / "done"))
    releasing.release(done, "0.2.0", LATER)
    left = 0

    def interrupting(real: Callable[..., object]) -> Callable[..., object]:
        def act(*words: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            return real(*words, **more)

        return act

    names = [(os, "replace"), (os, "unlink"), (os, "fsync"), (Path, "unlink"), (Path, "replace")]
    outcomes = []
    for steps in range(40):
        data = Path(shutil.copytree(first, tmp_path / str(steps)))
        left = steps
        with monkeypatch.context() as patch:
            for owner, name in names:
                patch.setattr(owner, name, interrupting(getattr(owner, name)))
            try:
                releasing.release(data, "0.2.0", LATER)
                ended = True
            except Killed:
                ended = False
        outcomes.append(settled(data, snapshot(done)))
        if ended:
            break
    assert ended
    assert ["0.1.0", "0.2.0"] == list(dict.fromkeys(outcomes))
    assert 8 <= len(outcomes)


RELEASE = """
import datetime, sys
from pathlib import Path
from stancedata.coding import release as releasing
import stancedata as sd
what, data, out = sys.argv[1:]
plan = releasing.plan(Path(data), "0.2.0", datetime.date(2026, 2, 1))
dataset = sd.read(data)
dataset.tables["positions"], dataset.digest
releasing.plan = lambda *_: plan
print("ready", flush=True)
if what == "release":
    releasing.release(Path(data), "0.2.0", datetime.date(2026, 2, 1))
else:
    dataset.export(out, ["parquet", "csv"])
print("done", flush=True)
"""


def killed_after(words: list[str], seconds: float) -> float:
    """Start a program, kill it some seconds after it is ready, and return how long it ran."""
    with subprocess.Popen([sys.executable, "-c", RELEASE, *words], stdout=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        start = time.perf_counter()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.stdout.read()
        return time.perf_counter() - start


@pytest.mark.long
@pytest.mark.parametrize("number", range(15))
def test_killed_at_random_while_releasing(first: Path, tmp_path: Path, number: int) -> None:
    """Processes killed at random moments of a release leave a complete state."""
    made = prepared(first)
    done = Path(shutil.copytree(first, tmp_path / "done"))
    releasing.release(done, "0.2.0", LATER)
    rng = random.Random(number)
    for step in range(10):
        data = Path(shutil.copytree(first, tmp_path / str(step)))
        killed_after(["release", str(data), ""], rng.uniform(0, 0.03))
        settled(data, snapshot(done))
    assert made.release.release == "0.2.0"


@pytest.mark.long
@pytest.mark.parametrize("number", range(15))
def test_killed_at_random_while_exporting(first: Path, tmp_path: Path, number: int) -> None:
    """Processes killed at random moments of an export leave the old or the new one."""
    out = tmp_path / "out"
    sd.read(first).export(out, ["parquet"])
    old = snapshot(out)
    prepared(first)
    sd.read(first).export(tmp_path / "new", ["parquet", "csv"])
    new = snapshot(tmp_path / "new")
    rng = random.Random(number)
    for _ in range(10):
        killed_after(["export", str(first), str(out)], rng.uniform(0, 0.15))
        assert snapshot(out) in (old, new)
        sd.read(first).known_at("0.1.0").export(out, ["parquet"])
        assert old == snapshot(out)
