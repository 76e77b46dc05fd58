"""Announce releases in the data folder's CHANGELOG.md and in the CITATION.cff beside it."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from stancedata.atomic import write_text
from stancedata.problems import StancedataError, counted
from stancedata.releases.citation import About
from stancedata.releases.record_contents import CODEBOOK
from stancedata.releases.revisions import History, Release, Revision

CHANGELOG = "CHANGELOG.md"
CITATION = "CITATION.cff"
_MOST_IDS = 20
_DID = {"add": "added", "modify": "modified", "retract": "retracted"}


def announce(data: Path, history: History) -> None:
    """Update CHANGELOG.md and CITATION.cff to match the history; idempotent."""
    if history.last is None:
        return
    refuse_links(data)
    for release in history.releases:
        _add_section(data / CHANGELOG, history, release)
    citation = _citation(data)
    if citation.exists() and _is_own(before := _read(citation), history):
        after = cited(before, history.last)
        if after != before:
            write_text(citation, after)


def refuse_links(data: Path) -> None:
    """Check that both files can be updated, and that no link is followed and no pipe blocks.

    Raises:
        StancedataError: If CHANGELOG.md or CITATION.cff is not a plain file in UTF-8.
    """
    for path in (data / CHANGELOG, _citation(data)):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise StancedataError(
                f"{path}: must be a plain file, got a link or something else; move it away"
            )
        if path.exists():
            _read(path)


def _citation(data: Path) -> Path:
    return data.absolute().parent / CITATION


def _is_own(text: str, history: History) -> bool:
    """Whether a CITATION.cff is that of the dataset, not of a program or of another dataset."""
    if not re.search(r"^type: *['\"]?dataset['\"]? *$", text, re.MULTILINE):
        return False
    title = re.search(r"^title: *(.+?) *$", text, re.MULTILINE)
    codebook = json.loads(history.standing()[CODEBOOK].content or "{}")
    about = About.of(codebook.get("vocabulary", ()))
    return title is not None and title[1].strip("'\"") == about.title


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        got = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        raise StancedataError(f"{path}: is not UTF-8, got {got}; save it as UTF-8") from None


def _add_section(path: Path, history: History, release: Release) -> None:
    """Add the section of a release at the top of a changelog, unless it has one."""
    before = _read(path) if path.exists() else "# Changelog of the data\n"
    if f"\n{heading(release)}\n" in before:
        return
    section = f"{heading(release)}\n\n{told(history, release)}\n"
    start = re.search(r"^## Data ", before, re.MULTILINE)
    if start:
        after = before[: start.start()] + section + "\n" + before[start.start() :]
    else:
        after = before.rstrip("\n") + "\n\n" + section
    write_text(path, after)


def heading(release: Release) -> str:
    """Format the heading of a release in the changelog."""
    return f"## Data {release.release} ({release.released_on})"


def told(history: History, release: Release) -> str:
    """Summarise a release: revisions by operation and by reason, and every note."""
    made = [r for r in history.revisions if r.release == release.release]
    lines = [
        f"Records: {_counts(_DID[r.operation] for r in made)}; "
        f"reasons: {_counts(r.reason for r in made)}.",
        f"SHA-256 of the content: {release.digest}.",
    ]
    return "\n".join([*lines, *_reasons(made)])


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items()))


def _reasons(revisions: Iterable[Revision]) -> list[str]:
    """List each note with its reason and the first records that it applies to."""
    by_note: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for revision in revisions:
        if revision.note:
            by_note[revision.reason, revision.note].append(revision.record_id)
    items = [
        f"- `{reason}`: {' '.join(note.split())} ({_named(records)})"
        for (reason, note), records in sorted(by_note.items())
    ]
    return ["", *items] if items else []


def _named(records: Sequence[str]) -> str:
    """List the first ids, and count the others: one note can be that of hundreds of records."""
    listed, others = ", ".join(records[:_MOST_IDS]), len(records) - _MOST_IDS
    return f"{listed} and {counted(others, 'other')}" if others > 0 else listed


def cited(text: str, release: Release) -> str:
    """Set version and date in the text of CITATION.cff to those of a release."""
    text = re.sub(r"^version: .*$", f"version: {release.release}", text, flags=re.MULTILINE)
    day = f"date-released: {release.released_on}"
    if re.search(r"^date-released: ", text, re.MULTILINE):
        return re.sub(r"^date-released: .*$", day, text, flags=re.MULTILINE)
    return re.sub(r"^(version: .*)$", rf"\1\n{day}", text, flags=re.MULTILINE)
