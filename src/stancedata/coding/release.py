"""Make a release: append every change since the last one, with its reason, to the history."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.curation.reasons import Reason
from stancedata.data_folder import UNRELEASED, listed
from stancedata.dataset.folders import Opened, open_folder
from stancedata.model.corpus import digest_of
from stancedata.problems import InvalidDataError, Problem, StancedataError
from stancedata.questions.positions import Complete
from stancedata.releases.changelog import announce, refuse_links
from stancedata.releases.increments import refuse_small_increment
from stancedata.releases.log import append, file_of, has_drafts, read_history, settle_drafts
from stancedata.releases.record_contents import Key, rows_of, tables_of
from stancedata.releases.revisions import History, Release, Revision, revise, standing_contents
from stancedata.releases.version import Version
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.digest import digest
from stancedata.turns import turn

if TYPE_CHECKING:
    import pyarrow as pa


@attrs.frozen
class Plan:
    """A release that is ready to be made.

    Attributes:
        history: The history with it.
        revisions: Its own revisions.
        spent: Digests of the files of reasons that it consumes, by name.
        previous: Version and digest of the previous release, separated by a space.
    """

    history: History
    revisions: tuple[Revision, ...]
    spent: dict[str, str]
    previous: str = ""

    @property
    def release(self) -> Release:
        """The release itself."""
        return self.history.releases[-1]


def release(data: Path, version: str, released_on: datetime.date) -> Plan:
    """Make a release of a data folder, atomically even if the process is killed.

    Args:
        data: The folder of curated files.
        version: The new version, later than the last one.
        released_on: The day of the release: not before that of the last one, nor in the future.

    Returns:
        The release that was made.

    Raises:
        InvalidDataError: If the data break a rule, the history was altered, or a record was
            modified or retracted without a reason; `problems` lists each.
        StancedataError: If the version or the day does not fit (see docs/versioning.md), nothing
            changed, another process is changing the folder, or a file cannot be written.
    """
    try:
        with turn(data):
            refuse_links(data)
            if has_drafts(data):
                settle(data)
            found = plan(data, version, released_on)
            content = file_of(found.release, found.revisions, found.previous, found.spent)
            append(data, found.release, content)
            _finish(data, found.history, found.spent)
            return found
    except OSError as error:
        raise StancedataError(
            f"{data}: cannot be written: {error.strerror or error}; "
            "remove the cause and release again, which completes the interrupted release"
        ) from None


def settle(data: Path) -> None:
    """Finish an interrupted release; if there is none, do nothing."""
    recorded = read_history(data)
    _finish(data, recorded.history, recorded.spent)


def _finish(data: Path, history: History, spent: Mapping[str, str]) -> None:
    """Do what is left of a release whose file is named as the last one."""
    for file in listed(data, UNRELEASED):
        if spent.get(file.name) == digest_of(file.read_bytes()):
            file.unlink()
    announce(data, history)
    settle_drafts(data)  # last, because a draft marks an unfinished release


def plan(data: Path, version: str, released_on: datetime.date) -> Plan:
    """Prepare a release without making it; raises as `release` does."""
    opened = open_folder(data)
    errors = [problem for problem in opened.problems if problem.severity == "error"]
    if errors:
        raise InvalidDataError(errors)
    history = opened.recorded.history
    _refuse_older_files(opened)
    _refuse_earlier(version, released_on, history)
    reasons = _Reasons(opened)
    revisions = revise(history, rows_of(opened.tables), version, reasons.explain)
    if problems := [*reasons.problems, *reasons.idle()]:
        raise InvalidDataError(problems)
    refuse_small_increment(version, history, revisions)
    if not revisions:
        why = f"no changes since {history.last.release}" if history.last else "it has no records"
        raise StancedataError(f"{data}: has nothing to release: {why}")
    made = release_of(Complete(opened.tables), version, len(history.releases) + 1, released_on)
    whole = History((*history.releases, made), (*history.revisions, *revisions))
    _verify_replay(whole, opened.tables)
    previous = f"{history.last.release} {opened.recorded.digest}" if history.last else ""
    return Plan(whole, revisions, opened.reason_files, previous)


def release_of(
    tables: Mapping[str, pa.Table], version: str, number: int, released_on: datetime.date
) -> Release:
    """Return the release of some tables, with their digests."""
    positions = digest(tables, ("positions",))
    return Release(version, number, released_on, SCHEMA_VERSION, digest(tables), positions)


def _refuse_older_files(opened: Opened) -> None:
    """Refuse files of schema 1 after a release; `migrate` writes the reasons for what changes."""
    if opened.folder.signs and opened.recorded.history.last:
        got = ", ".join(opened.folder.signs)
        todo = "run stancedata migrate first, which writes the reasons"
        raise StancedataError(f"{opened.folder.path}: is written for schema 1, got {got}; {todo}")


def _refuse_earlier(version: str, released_on: datetime.date, history: History) -> None:
    wanted = Version.parse(version)
    if history.last and wanted <= Version.parse(history.last.release):
        raise StancedataError(
            f"version: must be later than the last release, got {version!r}; "
            f"the last is {history.last.release}"
        )
    if history.last and released_on < history.last.released_on:
        raise StancedataError(
            f"day: must not be before the last release, got {released_on}; "
            f"{history.last.release} is of {history.last.released_on}"
        )
    now = datetime.datetime.now(datetime.UTC)
    latest = (now + datetime.timedelta(hours=14)).date()  # where the day begins first
    if released_on > latest:
        raise StancedataError(
            f"day: must not be in the future, got {released_on}; today is {now.date()}"
        )


def _verify_replay(history: History, tables: Mapping[str, pa.Table]) -> None:
    """Raise unless replaying the history reproduces the data of its last release.

    Its positions are derived from these data, so that they need no other comparison. Tables that
    are equal have the same digest, which takes longer to compute.
    """
    made = history.releases[-1]
    rebuilt = tables_of(standing_contents(history))
    is_same = all(table.equals(tables[name]) for name, table in rebuilt.items())
    if not is_same and digest(rebuilt) != made.digest:
        raise StancedataError(
            f"version {made.release}: the history would not reproduce these data; please "
            "report it, nothing was written"
        )


class _Reasons:
    """Finds the reason for each changed record, and collects problems of the reasons."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.problems: list[Problem] = []
        self.used: set[int] = set()
        standing = opened.recorded.history.standing()
        self.documents = {r.record_id for key, r in standing.items() if key[0] == "document"}

    def explain(self, key: Key, operation: str, before: Revision | None) -> tuple[str, str | None]:
        """Return the reason and note for a changed record."""
        covering = [n for n, reason in enumerate(self.opened.reasons) if reason.covers(key[1])]
        self.used.update(covering)
        reasons = [self.opened.reasons[n] for n in covering]
        self.problems += _reason_problems(self.opened, key, operation, before, reasons)
        return (reasons[0].reason, reasons[0].note) if reasons else (self._default(key), None)

    def _default(self, key: Key) -> str:
        """Return the reason for an added record that has no written one."""
        kind, record_id = key
        document = record_id.rpartition("/")[2].partition("#")[0]
        again = kind in ("stance", "second_coding", "coding") and document in self.documents
        return "recode" if again else "new_source"

    def idle(self) -> Iterator[Problem]:
        """Report reasons that match no changed record."""
        for number, reason in enumerate(self.opened.reasons):
            if number not in self.used:
                what = f"does not match any changed record, got {', '.join(reason.records)!r}"
                yield reason.problem(f"{what}; fix the ids, or remove it")


def _reason_problems(
    opened: Opened, key: Key, operation: str, before: Revision | None, covering: list[Reason]
) -> Iterator[Problem]:
    kind, record_id = key

    def problem(what: str) -> Problem:
        # The file is parsed for its line, so that this is for problems only.
        place, _ = opened.folder.place("blind" if kind == "second_coding" else kind, record_id)
        return Problem(place, "", what)

    if len(covering) > 1:
        what = f"has {len(covering)} reasons, got another one for {record_id!r} elsewhere"
        yield covering[1].problem(f"{what}; keep one of them")
    if operation == "add" and before is not None:
        if not any(reason.restores for reason in covering):
            what = f"{kind} {record_id} was retracted in {before.release}, and ids are never reused"
            todo = f"give the new record another id; if it is the same record restored, say so in {UNRELEASED}/ with `restores: true`"
            yield problem(f"{what}; {todo}")
    elif operation != "add" and not covering:
        last = opened.recorded.history.last
        assert last is not None  # what changed since a release was in one
        did = "modified" if operation == "modify" else "removed"
        what = f"{kind} {record_id} was {did} since {last.release} without a reason"
        yield problem(f"{what}; write one in {UNRELEASED}/<name>.yaml")
