"""Malicious data folders are rejected with one message, in little time and memory."""

from __future__ import annotations

import datetime
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.coding import release as releasing
from stancedata.data_folder import UNRELEASED
from stancedata.releases import log as history_files
from tests.cli.test_commands import run
from tests.support.memory import PEAK

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
CHECK = (
    PEAK
    + """
from stancedata.curation.folder import read_folder
folder = Path(sys.argv[1])
read_folder(folder / "sound")
before = peak()
for name in sys.argv[2:]:
    print(read_folder(folder / name).problems[0])
print(peak() - before)
"""
)
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
)
# By name: the text of an actor's file, and the expected message.
BOMBS: dict[str, tuple[str | bytes, str]] = {
    "aliases": (LAUGHS, "1: uses an anchor or alias, got 'a'; write the value out"),
    "lists": ("[" * 1_000_000, "1: is nested too deeply, got more than 32 levels; flatten it"),
    "mappings": ("{a: " * 1_000_000, "1: is nested too deeply, got more than 32 levels; flatten it"),
    "dashes": ("- " * 1_000_000, "1: is nested too deeply, got more than 32 levels; flatten it"),
    "keys": ("? " * 1_000_000, "1: is nested too deeply, got more than 32 levels; flatten it"),
    "scalar": ("name: " + "x" * 100_000_000, " is too large, got more than 5,000,000 bytes; split it"),
    "blank": ("name: |\n" + "\n" * 100_000_000, " is too large, got more than 5,000,000 bytes; split it"),
    "control": ("name: Rebels\x07\n", "1: contains a control character, got U+0007; remove it"),
    "surrogate": (b"name: \xed\xa0\x80\n", "1: is not UTF-8, got byte 0xed; save the file as UTF-8"),
    "object": ("!!python/object/apply:os.system [true]", "1: uses a tag, got 'tag:yaml.org,2002:python/object/apply:os.system'; remove it"),
}  # fmt: skip


@posix
def test_bombs_are_refused_in_little_memory(repository: Path, tmp_path: Path) -> None:
    """YAML bombs are rejected, with at most 60 MiB more memory than a valid file."""
    for name in ("sound", *BOMBS):
        folder = tmp_path / name / "actors"
        folder.mkdir(parents=True)
        (folder.parent / "codebook.yaml").write_bytes((repository / "codebook.yaml").read_bytes())
        text = BOMBS.get(name, ("name: R\nkind: movement\n", ""))[0]
        (folder / "r.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    found = subprocess.run(
        [sys.executable, "-c", CHECK, str(tmp_path), *BOMBS],
        capture_output=True, text=True, check=True, timeout=280,
    )  # fmt: skip
    *lines, grown = found.stdout.splitlines()
    assert [f"{tmp_path / n}/actors/r.yaml:{said}" for n, (_, said) in BOMBS.items()] == lines
    assert int(grown) < 60


def problems_of(data: Path) -> list[str]:
    """Return the problems of a folder, without its own path."""
    return [str(problem).replace(f"{data}/", "") for problem in sd.check(data)]


@posix
def test_links_that_lead_out_are_not_followed(repository: Path, tmp_path: Path) -> None:
    """A link out of the folder is reported, and its target is neither read nor shown."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("name: Hidden\nkind: state\n", encoding="utf-8")
    (repository / "actors" / "hidden.yaml").symlink_to(secret)
    (repository / "events" / "lost.yaml").symlink_to(tmp_path / "nowhere.yaml")
    link = (
        f"is not a regular file in this folder, got a link to '{secret}'; put the file itself here"
    )
    lost = f"is not a regular file in this folder, got a link to '{tmp_path}/nowhere.yaml'; put the file itself here"
    assert [f"actors/hidden.yaml: {link}", f"events/lost.yaml: {lost}"] == problems_of(repository)
    run("format", repository)
    assert secret.read_text(encoding="utf-8") == "name: Hidden\nkind: state\n"


@posix
def test_a_folder_that_leads_out_is_not_followed(repository: Path, tmp_path: Path) -> None:
    """If a whole folder is a link out, each file is reported; internal links are allowed."""
    (repository / "events").rename(tmp_path / "elsewhere")
    (repository / "events").symlink_to(tmp_path / "elsewhere")
    found = problems_of(repository)
    assert any(
        line.startswith("events/midport-2021-10-20.yaml: is not a regular file in this")
        for line in found
    )
    (repository / "events").unlink()
    (tmp_path / "elsewhere").rename(repository / ".events")
    (repository / "events").symlink_to(".events")
    assert [] == problems_of(repository)


@posix
@pytest.mark.parametrize("name", ["codebook.yaml", "bounds.yaml"])
def test_the_files_beside_the_folders_are_held_to_it_too(
    name: str, repository: Path, tmp_path: Path
) -> None:
    """A codebook or bounds file that is a link out is reported and not read."""
    (tmp_path / name).write_text("least: {stances: 1}\n", encoding="utf-8")
    (repository / name).unlink(missing_ok=True)
    (repository / name).symlink_to(tmp_path / name)
    assert any(
        line.startswith(f"{name}: is not a regular file in this")
        for line in problems_of(repository)
    )


@posix
def test_a_pipe_does_not_stop_the_check(repository: Path) -> None:
    """A special file is reported and not opened: opening a pipe would block for ever."""
    os.mkfifo(repository / "actors" / "pipe.yaml")
    expected = (
        "actors/pipe.yaml: is not a regular file in this folder, got a special file; put the file "
        "itself here"
    )
    assert [expected] == problems_of(repository)
    said = run("format", repository / "actors" / "pipe.yaml", status=1)
    assert "is neither a file nor a data folder" in said


@pytest.mark.parametrize("name", ["../codebook", "/etc/passwd", "..", "documents/../x"])
def test_ids_that_leave_the_folder(name: str, repository: Path) -> None:
    """An ID is looked up among the existing files, and never used as a path."""
    before = sorted(p for p in repository.rglob("*"))
    said = run("code", "span", name, "s01", "x", "--data", repository, "--corpus", repository, status=1)  # fmt: skip
    assert f"document: does not exist, got {name!r}" in said
    said = run("show", name, "--data", repository, status=1)
    assert f"no record has the id {name!r}" in said
    (repository / "actors" / "rebels.yaml").write_text(
        f"name: R\nkind: movement\nroles:\n  - {{role: member_of, of: {name!r}}}\n",
        encoding="utf-8",
    )
    assert any(f"is not an id, got {name!r}" in line for line in problems_of(repository))
    assert before == sorted(p for p in repository.rglob("*"))


@pytest.mark.parametrize("name", ["../keep.yaml", "/keep.yaml", "a\\keep.yaml", "keep.txt", "c:keep.yaml"])  # fmt: skip
def test_a_history_takes_no_file_from_elsewhere(repository: Path, name: str) -> None:
    """A history whose consumed files are not plain .yaml names is refused, and deletes nothing."""
    releasing.release(repository, "0.1.0", datetime.date(2026, 1, 1))
    keep = repository / "keep.yaml"
    keep.write_text("mine\n", encoding="utf-8")
    file = repository / "history" / "0.1.0.jsonl"
    digest = hashlib.sha256(keep.read_bytes()).hexdigest()
    # The chain of digests is recomputed, as an attacker would.
    recorded = history_files.read_history(repository)
    (release,) = recorded.history.releases
    content = history_files.file_of(release, recorded.history.revisions, "", {name: digest})
    file.write_bytes(content)
    manifest = f"0.1.0 {hashlib.sha256(content).hexdigest()}\n"
    (repository / "history" / "MANIFEST").write_text(manifest, encoding="ascii")
    with pytest.raises(sd.InvalidDataError, match="is not a release in this library's format"):
        releasing.settle(repository)
    assert keep.read_text(encoding="utf-8") == "mine\n"
    assert not (repository / UNRELEASED / "keep.yaml").exists()


def test_a_text_that_is_not_utf8_is_named(small: sd.Dataset, tmp_path: Path) -> None:
    """A corpus text that is not UTF-8 is reported with file and byte when it is needed."""
    content = "Northland’s minister".encode("cp1252")
    (tmp_path / "old.txt").write_bytes(content)
    corpus = sd.Corpus(tmp_path)
    with pytest.raises(sd.StancedataError) as error:
        corpus[hashlib.sha256(content).hexdigest()]
    expected = f"{tmp_path / 'old.txt'}: is not UTF-8, got byte 0x92 at 9; save it as UTF-8, and code it again"
    assert expected == str(error.value)
