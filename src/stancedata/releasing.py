"""Make a release: what changed since the last one, each with its reason, into the history."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from stancedata.curation.reasons import Reason, digest_of
from stancedata.derive import Complete
from stancedata.digest import digest
from stancedata.layout import UNRELEASED
from stancedata.opening import Opened, open_folder
from stancedata.problems import InvalidDataError, Problem, StancedataError
from stancedata.releases.announcing import announce
from stancedata.releases.contents import KINDS, Key, Rows, canonical, rows_of
from stancedata.releases.files import append, file_of, read_history, settle_drafts
from stancedata.releases.revisions import History, Release, Revision
from stancedata.releases.versions import Version
from stancedata.schemas import SCHEMA_VERSION


@attrs.frozen
class Plan:
    """A release that could be made.

    Attributes:
        spent: Files of reasons that it uses up, with their digests.
        previous: Version and digest of the release before, with a space between.
    """

    release: Release
    revisions: tuple[Revision, ...]
    spent: dict[str, str]
    previous: str = ""


def release(data: Path, version: str, released_on: datetime.date) -> Plan:
    """Make a release of a data folder; killed at any moment, it is there whole or not at all.

    Args:
        data: The folder of curated files.
        version: Its version, later than the last one.
        released_on: The day.

    Returns:
        What was released.

    Raises:
        InvalidDataError: The data break a rule, the history is not what it was, or a record that
            was modified or retracted has no reason; with every one.
        StancedataError: The version is no later one, or nothing changed.
    """
    with _alone(data):
        settle(data)
        found = plan(data, version, released_on)
        append(
            data,
            found.release,
            file_of(found.release, found.revisions, found.previous, found.spent),
        )
        settle(data)
        return found


def settle(data: Path) -> None:
    """Finish what a release that was cut off had begun; without one, nothing happens."""
    recorded = read_history(data)
    settle_drafts(data)
    for name in recorded.spent:
        file = data / UNRELEASED / name
        if file.exists() and digest_of(file) == recorded.spent[name]:
            file.unlink()
    announce(data, recorded.history)


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Nobody else makes a release of the folder meanwhile."""
    try:
        import fcntl
    except ImportError:  # no such locks on Windows
        yield
        return
    handle = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise StancedataError(
            f"{data}: is being released by another process; wait for it to end"
        ) from None
    finally:
        os.close(handle)


def plan(data: Path, version: str, released_on: datetime.date) -> Plan:
    """What a release would be, without making it; raises as `release` does."""
    opened = open_folder(data)
    errors = [problem for problem in opened.problems if problem.severity == "error"]
    if errors:
        raise InvalidDataError(errors)
    history = opened.recorded.history
    _later(version, history)
    number = len(history.releases) + 1
    revisions, problems = _revisions(opened, version, number)
    if problems:
        raise InvalidDataError(problems)
    if not revisions:
        raise StancedataError(
            f"{data}: nothing changed since {_name(history)}; there is nothing to release"
        )
    tables = opened.dataset.tables
    made = Release(
        version, number, released_on, SCHEMA_VERSION, digest(tables), digest(tables, ("positions",))
    )
    _prove(history, made, revisions)
    previous = f"{history.last.release} {opened.recorded.digest}" if history.last else ""
    return Plan(made, revisions, opened.reason_files, previous)


def _name(history: History) -> str:
    return history.last.release if history.last else "nothing"


def _later(version: str, history: History) -> None:
    wanted = Version.parse(version)
    if history.last and wanted <= Version.parse(history.last.release):
        raise StancedataError(
            f"version: must be later than the last release, got {version!r}; "
            f"that is {history.last.release}"
        )


def _prove(history: History, release: Release, revisions: tuple[Revision, ...]) -> None:
    """The history with this release gives the very state of the data, or it is not made."""
    whole = History((*history.releases, release), (*history.revisions, *revisions))
    tables = Complete(whole.tables(release.release_number))
    if (digest(tables), digest(tables, ("positions",))) != (
        release.digest,
        release.positions_digest,
    ):
        raise StancedataError(
            f"version {release.release}: the history would not give these data back; "
            "please report it, nothing was written"
        )


def _revisions(
    opened: Opened, version: str, number: int
) -> tuple[tuple[Revision, ...], list[Problem]]:
    """Every record that differs from the last release, and the reasons that are missing."""
    standing, reasons = opened.recorded.history.standing(), opened.reasons
    now = rows_of(opened.dataset.tables)
    documents = {r.record_id for key, r in standing.items() if key[0] == "document" and r.content}
    revisions: list[Revision] = []
    problems: list[Problem] = []
    used: set[int] = set()
    for key in sorted({*now, *standing}, key=lambda key: (KINDS.index(key[0]), key[1])):
        before, content = standing.get(key), canonical(now[key]) if key in now else None
        operation = _operation(before, content)
        if operation is None:
            continue
        covering = [(n, reason) for n, reason in enumerate(reasons) if reason.covers(key[1])]
        used |= {n for n, _ in covering}
        problems += _reason_problems(opened, key, operation, before, [r for _, r in covering])
        reason = covering[0][1] if covering else None
        told = reason.reason if reason else _default(key, now, documents)
        revisions.append(
            Revision(
                key[1], before.revision + 1 if before else 1, key[0], operation, version, number,
                told, reason.note if reason else None, content,
            )
        )  # fmt: skip
    for idle in (reason for n, reason in enumerate(reasons) if n not in used):
        what = f"names no record that changed, got {', '.join(idle.records)!r}"
        problems.append(idle.problem(f"{what}; mend the ids, or remove it"))
    return tuple(revisions), problems


def _operation(before: Revision | None, content: str | None) -> str | None:
    """What becomes of a record; None where nothing does."""
    held = before.content if before else None
    if content == held:
        return None
    return "add" if held is None else "retract" if content is None else "modify"


def _default(key: Key, now: Mapping[Key, Rows], documents: set[str]) -> str:
    """The reason for adding a record, where none is written."""
    kind, record_id = key
    if kind not in ("stance", "second_coding"):
        return "new_source"
    document = record_id.rpartition("/")[2].partition("#")[0]
    return "recode" if document in documents else "new_source"


def _reason_problems(
    opened: Opened, key: Key, operation: str, before: Revision | None, covering: list[Reason]
) -> Iterator[Problem]:
    kind, record_id = key
    place, _ = opened.folder.place("blind" if kind == "second_coding" else kind, record_id)
    if len(covering) > 1:
        what = f"is given {len(covering)} reasons, got one for {record_id!r} elsewhere too"
        yield covering[1].problem(f"{what}; leave it in one place")
    last = _name(opened.recorded.history)
    if operation == "add" and before is not None:
        if not any(reason.restores for reason in covering):
            what = f"{kind} {record_id} was retracted in {before.release}, and ids are never reused"
            todo = f"give the new one another id; where it is the same one come back, say so in {UNRELEASED}/ with `restores: true`"
            yield Problem(place, "", f"{what}; {todo}")
    elif operation != "add" and not covering:
        did = "modified" if operation == "modify" else "removed"
        what = f"{kind} {record_id} was {did} since {last}, got no reason"
        yield Problem(place, "", f"{what}; write one in {UNRELEASED}/<name>.yaml")
