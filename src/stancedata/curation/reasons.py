"""Read `data/unreleased/`: the reasons for changes since the last release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from stancedata.curation import records
from stancedata.curation.source import FieldPath, Source, read
from stancedata.curation.structure import structure
from stancedata.data_folder import UNRELEASED, listed
from stancedata.model.corpus import digest_of
from stancedata.problems import InvalidDataError, Problem, did_you_mean
from stancedata.releases.revisions import REASONS
from stancedata.rules.characters import MESSAGES, is_unfit


@attrs.frozen
class Reason:
    """One reason and the records it covers.

    Attributes:
        records: IDs; a star matches any characters.
        restores: True if retracted records are restored.
    """

    records: tuple[str, ...]
    reason: str
    note: str
    restores: bool
    source: Source = attrs.field(eq=False, repr=False)
    path: FieldPath

    def covers(self, record_id: str) -> bool:
        """Whether the reason applies to a record."""
        return any(_matches(pattern, record_id) for pattern in self.records)

    def problem(self, what: str, field: FieldPath = ("records",)) -> Problem:
        """Return a problem located at the reason."""
        return self.source.problem((*self.path, *field), what)


def _matches(pattern: str, record_id: str) -> bool:
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), record_id, re.DOTALL) is not None


def reason_files(data: Path, spent: Mapping[str, str]) -> dict[str, Path]:
    """Return the files of reasons by name, without those that the last release consumed."""
    files = {file.name: file for file in listed(data, UNRELEASED)}
    return {name: f for name, f in files.items() if spent.get(name) != digest_of(f.read_bytes())}


def read_reasons(files: Iterable[Path]) -> tuple[list[Reason], list[Problem]]:
    """Read files of reasons, and return the reasons and the problems found."""
    found: list[Reason] = []
    problems: list[Problem] = []
    for file in files:
        try:
            source = read(file)
        except InvalidDataError as error:
            problems += error.problems
            continue
        record, faults = structure(source, records.UnreleasedRecord)
        problems += [*source.problems, *faults]
        if record is not None:
            made = list(_reasons(source, record))
            problems += [p for reason in made for p in (*_unknown(reason), *_unseen(reason))]
            found += made
    return found, problems


def _reasons(source: Source, record: records.UnreleasedRecord) -> Iterator[Reason]:
    for number, change in enumerate(record.changes):
        path: FieldPath = ("changes", number)
        yield Reason(change.records, change.reason, change.note, change.restores, source, path)


def _unknown(reason: Reason) -> Iterator[Problem]:
    if reason.reason not in REASONS:
        hint = did_you_mean(reason.reason, REASONS) or f"use one of {', '.join(REASONS)}"
        yield reason.problem(f"is not a reason, got {reason.reason!r}; {hint}", ("reason",))


def _unseen(reason: Reason) -> Iterator[Problem]:
    """Refuse in a note what no record may have: it is written to the history and CHANGELOG.md."""
    if is_unfit(reason.note):
        said = MESSAGES["text_form"].format(value=ascii(reason.note))
        yield reason.problem(said, ("note",))
