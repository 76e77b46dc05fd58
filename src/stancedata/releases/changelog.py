"""Tell of a release where people look: CHANGELOG.md in the data folder, CITATION.cff beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from stancedata.atomic import write_text
from stancedata.problems import StancedataError
from stancedata.releases.revisions import History, Release, Revision

CHANGELOG = "CHANGELOG.md"
CITATION = "CITATION.cff"
_DID = {"add": "added", "modify": "modified", "retract": "retracted"}


def announce(data: Path, history: History) -> None:
    """Bring the data's CHANGELOG.md, and CITATION.cff, in step with the history; twice is as once."""
    if history.last is None:
        return
    refuse_links(data)
    for release in history.releases:
        _add_section(data / CHANGELOG, history, release)
    citation = data.parent / CITATION
    if citation.exists():
        before = citation.read_text(encoding="utf-8")
        after = cited(before, history.last)
        if after != before:
            write_text(citation, after)


def refuse_links(data: Path) -> None:
    """Refuse to write where a link leads, or to wait for a pipe.

    Raises:
        StancedataError: CHANGELOG.md or CITATION.cff is no plain file.
    """
    for path in (data / CHANGELOG, data.parent / CITATION):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise StancedataError(
                f"{path}: must be a plain file, got a link or something else; move it away"
            )


def _add_section(path: Path, history: History, release: Release) -> None:
    """Add what a release did to a changelog, before the releases that are in it."""
    before = path.read_text(encoding="utf-8") if path.exists() else "# Changelog of the data\n"
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
    """The heading under which a release is told."""
    return f"## Data {release.release} ({release.released_on})"


def told(history: History, release: Release) -> str:
    """What a release did: counts by operation and reason, and every reason in words."""
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
    """Each reason in words, with the records to which it applies."""
    by_note: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for revision in revisions:
        if revision.note:
            by_note[revision.reason, revision.note].append(revision.record_id)
    items = [
        f"- `{reason}`: {' '.join(note.split())} ({', '.join(records)})"
        for (reason, note), records in sorted(by_note.items())
    ]
    return ["", *items] if items else []


def cited(text: str, release: Release) -> str:
    """CITATION.cff with the version and the day of a release."""
    text = re.sub(r"^version: .*$", f"version: {release.release}", text, flags=re.MULTILINE)
    day = f"date-released: {release.released_on}"
    if re.search(r"^date-released: ", text, re.MULTILINE):
        return re.sub(r"^date-released: .*$", day, text, flags=re.MULTILINE)
    return re.sub(r"^(version: .*)$", rf"\1\n{day}", text, flags=re.MULTILINE)
