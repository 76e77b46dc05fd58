"""Change several files of a data folder together: checked first, and written all or none.

What changes a released record gets its reason for the next release in the same step.
"""

from __future__ import annotations

import functools
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from stancedata.atomic import staged
from stancedata.coding.lookup import require_folder
from stancedata.curation import records
from stancedata.curation.format import layout
from stancedata.curation.tree import Tree, from_plain
from stancedata.data_folder import OLD_CODINGS, UNRELEASED, listed
from stancedata.dataset.folders import Opened, open_folder
from stancedata.problems import (
    InvalidDataError,
    Problem,
    StancedataError,
    did_you_mean,
    one_of,
)
from stancedata.releases.record_contents import Key, rows_of
from stancedata.releases.revisions import REASONS, revise
from stancedata.temporary import temporary_folder


@attrs.frozen
class Why:
    """The reason for a change of released records, and a note on it; empty if none was given."""

    reason: str = ""
    note: str = ""


@attrs.define
class Change:
    """A change of several files.

    Attributes:
        name: What to call its file of reasons, such as `rename-northland`.
        written: New texts of files, by their path in the folder.
        removed: Paths in the folder of files to remove.
        renamed: How a text of the old folder reads in the new one, for comparing problems.
    """

    name: str
    written: dict[Path, str] = attrs.Factory(dict)
    removed: set[Path] = attrs.Factory(set)
    renamed: Callable[[str], str] = str


@attrs.frozen
class Changed:
    """The result of a change.

    Attributes:
        lines: What was done, in words.
        reasons: The file with the reason for the next release; None if no release has the records.
        problems: What to look at: warnings, and errors in files that were not changed.
    """

    lines: tuple[str, ...]
    reasons: Path | None = None
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        why = [f"{self.reasons}: written, the reason for the next release"] if self.reasons else []
        return "\n".join([*self.lines, *why])


def require_current(data: Path) -> None:
    """Raise StancedataError unless a path is a data folder of this schema."""
    require_folder(data)
    old = [name for name in OLD_CODINGS if listed(data, name)]
    if old:
        raise StancedataError(
            f"{data}: is written for schema 1, got {old[0]}/; run stancedata migrate first"
        )


def make(data: Path, prepare: Callable[[], tuple[Change, list[str]]], why: Why) -> Changed:
    """Make a change: check it in a copy of the folder, then write all of its files, or none.

    Args:
        data: The data folder.
        prepare: Reads the folder and returns the change, and what it does in words. Nothing else
            changes the folder meanwhile.
        why: The reason for the next release, which the change of a released record needs.

    Raises:
        InvalidDataError: If the change would break a rule; nothing was written.
        StancedataError: If a released record changes without a reason, or a file cannot be written.
    """
    _refuse_reason(why)
    removed: set[Path] = set()
    with staged(data, removed) as new:
        change, lines = prepare()
        # The folder as it is, which is opened only if something must be compared with it.
        before = functools.cache(lambda: open_folder(data))
        after = _tried(data, change)
        problems = _new_problems(data, change, before, after)
        reasons = _reasons(data, change, before, after, why)
        removed |= change.removed
        texts = {**change.written, **({reasons[0]: reasons[1]} if reasons else {})}
        for path, text in texts.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_text(text, encoding="utf-8", newline="\n")
    return Changed(tuple(lines), data / reasons[0] if reasons else None, tuple(problems))


def _refuse_reason(why: Why) -> None:
    if why.reason and why.reason not in REASONS:
        hint = did_you_mean(why.reason, REASONS) or f"use one of {one_of(list(REASONS))}"
        raise StancedataError(f"reason: is not a reason, got {why.reason!r}; {hint}")


def _tried(data: Path, change: Change) -> Opened:
    """Open a copy of the folder in which the change is made."""
    with temporary_folder() as place:
        hidden = shutil.ignore_patterns(".stancedata-*")
        copy = Path(shutil.copytree(data, place / "data", symlinks=True, ignore=hidden))
        for path in change.removed:
            (copy / path).unlink()
        for path, text in change.written.items():
            if not (copy / path).resolve().is_relative_to(copy.resolve()):
                raise StancedataError(f"{data / path}: is behind a link; edit it there")
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            (copy / path).write_text(text, encoding="utf-8", newline="\n")
        opened = open_folder(copy)
        opened.problems[:] = [_in_place(problem, copy, data) for problem in opened.problems]
        return opened


def _in_place(problem: Problem, copy: Path, data: Path) -> Problem:
    """Return a problem of the copy as one of the real folder."""
    file = problem.where.file.replace(str(copy), str(data), 1)
    return attrs.evolve(problem, where=attrs.evolve(problem.where, file=file))


def _new_problems(
    data: Path, change: Change, before: Callable[[], Opened], after: Opened
) -> list[Problem]:
    """Return the problems that the change causes; raise if errors are among its own files."""
    if not after.problems:
        return []
    # Lines and numbers in lists move, so that problems are compared without them.
    known = Counter(_key(problem, change) for problem in before().problems)
    found = []
    for problem in after.problems:
        key = _key(problem, change)
        known[key] -= 1
        if known[key] < 0:
            found.append(problem)
    own = {str(data / path) for path in change.written}
    if errors := [p for p in found if p.severity == "error" and p.where.file in own]:
        raise InvalidDataError(errors)
    return found


def _key(problem: Problem, change: Change) -> tuple[str, str]:
    return change.renamed(problem.where.file), change.renamed(problem.message)


def _reasons(
    data: Path, change: Change, before: Callable[[], Opened], after: Opened, why: Why
) -> tuple[Path, str] | None:
    """Return the file with the reason for the released records that change, and its path."""
    keys = _unexplained(after)
    keys -= _unexplained(before()) if keys else set()
    if not keys:
        return None
    ids = sorted({record_id for _, record_id in keys})
    if not why.reason or not why.note:
        last = after.recorded.history.last
        assert last is not None  # or else nothing is released
        raise StancedataError(
            f"{ids[0]}: is in release {last.release}, and its change needs a reason: give "
            f"--reason, one of {one_of(list(REASONS))}, and --note"
        )
    record = {"changes": [{"records": ids, "reason": why.reason, "note": why.note}]}
    text = layout(Tree(from_plain(record)), records.UnreleasedRecord)
    return next(p for p in _names(change.name) if not (data / p).exists()), text


def _names(name: str) -> Iterator[Path]:
    yield Path(UNRELEASED) / f"{name}.yaml"
    number = 2
    while True:
        yield Path(UNRELEASED) / f"{name}-{number}.yaml"
        number += 1


def _unexplained(opened: Opened) -> set[Key]:
    """Return the released records that differ now, and no reason says why."""
    history = opened.recorded.history
    if history.last is None:
        return set()
    found = revise(history, rows_of(opened.tables), "", lambda *_: ("", None))
    return {
        revision.key
        for revision in found
        if revision.operation != "add"
        and not any(reason.covers(revision.record_id) for reason in opened.reasons)
    }
