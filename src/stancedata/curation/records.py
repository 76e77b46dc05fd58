"""The schema of curated files: one class per mapping, its fields the keys in canonical order.

The metadata of a field defines its layout: `prose` is folded, one sentence per line; `flow` is
written on one line, and `flow_items` is a list with one line per item. A `kept` list is written
even if it is empty.
"""

from __future__ import annotations

import datetime
from typing import Any, NewType

import attrs

Identifier = NewType("Identifier", str)
"""Lower-case letters and digits in words joined by hyphens: `united-states`."""
LocalId = NewType("LocalId", str)
"""The letter s and a number of at least two digits: `s01`."""
Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal digits."""
Language = NewType("Language", str)
"""ISO 639 code: `en`."""
Licence = NewType("Licence", str)
"""An SPDX identifier, or `public-domain`: `CC0-1.0`."""
Address = NewType("Address", str)
"""A URL with its scheme."""
Word = NewType("Word", str)
"""A word or phrase that tables list with others, separated by semicolons."""
Wikidata = NewType("Wikidata", str)
"""A Wikidata item: `Q159`."""
Edtf = NewType("Edtf", str)
"""A date in the EDTF profile of `stancedata.model.dates`."""
Identifiers = NewType("Identifiers", tuple[str, ...])
"""One id, or a list of several."""


def _prose(default: Any = attrs.NOTHING) -> Any:
    return attrs.field(default=default, metadata={"layout": "prose"})


def _flow(default: Any = attrs.NOTHING) -> Any:
    return attrs.field(default=default, metadata={"layout": "flow"})


def _flow_items(default: Any = ()) -> Any:
    return attrs.field(default=default, metadata={"layout": "flow_items"})


@attrs.frozen
class ExemptionRecord:
    rule: str
    reason: str


@attrs.frozen
class LevelRecord:
    name: str
    level: int
    definition: str


@attrs.frozen
class AspectRecord:
    name: str
    definition: str


@attrs.frozen
class IssueRecord:
    id: str
    name: str
    core: bool
    kind: str | None = None
    proposition: str = attrs.field(kw_only=True, metadata={"layout": "prose"})
    levels: tuple[LevelRecord, ...] = attrs.field(kw_only=True, metadata={"layout": "flow_items"})
    aspects: tuple[AspectRecord, ...] = _flow_items()
    cues: tuple[Word, ...] = _flow(())


@attrs.frozen
class TermRecord:
    value: str
    definition: str
    rank: int | None = None
    cues: tuple[Word, ...] = ()


@attrs.frozen
class BoundaryCaseRecord:
    text: str
    issues: tuple[Word, ...] = _flow(())


@attrs.frozen
class CoderRecord:
    id: str
    kind: str | None = None
    name: str | None = None
    description: str = attrs.field(kw_only=True)


@attrs.frozen
class CodebookRecord:
    issues: tuple[IssueRecord, ...]
    boundary_cases: tuple[BoundaryCaseRecord, ...] = _flow_items()
    coders: tuple[CoderRecord, ...] = _flow_items()
    vocabulary: dict[str, tuple[TermRecord, ...]] = attrs.field(
        kw_only=True, metadata={"layout": "flow_items"}
    )


@attrs.frozen
class NameRecord:
    name: str
    kind: str
    language: Language
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


@attrs.frozen
class CodeRecord:
    scheme: str
    code: str
    scheme_version: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


@attrs.frozen
class RoleRecord:
    role: str
    of: Identifier
    title: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    document: Identifier | None = None
    source: Address | None = None


@attrs.frozen
class ActorRecord:
    name: str
    kind: str
    description: str | None = None
    wikidata: Wikidata | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    names: tuple[NameRecord, ...] = _flow_items()
    codes: tuple[CodeRecord, ...] = _flow_items()
    roles: tuple[RoleRecord, ...] = _flow_items()
    exemptions: tuple[ExemptionRecord, ...] = ()


@attrs.frozen
class ParticipantRecord:
    actor: Identifier
    role: str
    document: Identifier
    represented_by: Identifier | None = None
    note: str | None = None


@attrs.frozen
class EventRecord:
    name: str
    held_on: Edtf
    dated_by: Identifier | None = None
    source: Address | None = None
    note: str | None = _prose(None)
    series: str | None = None
    place: str | None = None
    kind: str | None = None
    participants: tuple[ParticipantRecord, ...] = _flow_items()
    exemptions: tuple[ExemptionRecord, ...] = ()


@attrs.frozen
class HolderRecord:
    holder: Identifier
    role: str = "party"


@attrs.frozen
class ConditionRecord:
    condition: str
    issue: str | None = None
    status: str | None = None
    status_on: Edtf | None = None
    status_document: Identifier | None = None


@attrs.frozen
class EvidenceRecord:
    span: tuple[int, int] | None = _flow(None)
    sha256: Digest | None = None
    locator: str | None = None


@attrs.frozen
class StanceRecord:
    id: LocalId
    holders: tuple[HolderRecord, ...] = _flow()
    quantifier: str | None = None
    speaker: Identifier | None = None
    attributed_by: Identifiers = _flow(())
    target: Identifier | None = None
    issue: str = attrs.field(kw_only=True)
    level: str = attrs.field(kw_only=True)
    aspects: tuple[str, ...] = _flow(())
    act: str = attrs.field(kw_only=True)
    attribution: str = attrs.field(kw_only=True)
    stated_on: Edtf = attrs.field(kw_only=True)
    date_kind: str | None = None
    dated_by: str | None = None
    event: Identifier | None = None
    conditions: tuple[ConditionRecord, ...] = ()
    confidence: str = attrs.field(kw_only=True)
    summary: str = attrs.field(kw_only=True, metadata={"layout": "prose"})
    note: str | None = _prose(None)
    evidence: tuple[EvidenceRecord, ...] = attrs.field(kw_only=True)
    exemptions: tuple[ExemptionRecord, ...] = ()


@attrs.frozen
class BlindStanceRecord(StanceRecord):
    published: LocalId | None = None
    adjudication: str | None = _prose(None)


@attrs.frozen
class TextRecord:
    sha256: Digest
    characters: int


@attrs.frozen
class DocumentRecord:
    title: str
    publisher: str
    author: str | None = None
    authors: tuple[Identifier, ...] = _flow(())
    kind: str = attrs.field(kw_only=True)
    language: Language = attrs.field(kw_only=True)
    published_on: Edtf = attrs.field(kw_only=True)
    url: Address | None = None
    licence: Licence | None = None
    derived_from: Identifier | None = None
    event: Identifier | None = None
    coverage: Identifier | None = None
    read: str | None = None
    retrieved_on: datetime.date | None = None
    status: str | None = None
    text: TextRecord | None = None
    coder: str = attrs.field(kw_only=True)
    coded_date: datetime.date = attrs.field(kw_only=True)
    note: str | None = _prose(None)
    exemptions: tuple[ExemptionRecord, ...] = ()
    stances: tuple[StanceRecord, ...] = ()


@attrs.frozen
class CodingRecord:
    coder: str | None = None
    document: Identifier | None = None
    read: str | None = None
    coded_date: datetime.date | None = None
    text: TextRecord | None = None
    note: str | None = _prose(None)
    stances: tuple[BlindStanceRecord, ...] = attrs.field(default=(), metadata={"kept": True})


@attrs.frozen
class SpeakerRecord:
    actor: Identifier
    sha256: Digest | None = None
    characters: int | None = None
    url: Address | None = None


@attrs.frozen
class SilentRecord:
    event: Identifier
    speakers: tuple[SpeakerRecord, ...] = _flow_items(attrs.NOTHING)


@attrs.frozen
class CoverageRecord:
    name: str
    covers_from: datetime.date
    covers_to: datetime.date
    holders: str = _prose()
    how: str = _prose()
    coder: str = attrs.field(kw_only=True)
    url: Address | None = None
    note: str | None = _prose(None)
    silent: tuple[SilentRecord, ...] = ()


@attrs.frozen
class ChangeRecord:
    records: tuple[str, ...] = _flow()
    reason: str = attrs.field(kw_only=True)
    note: str = attrs.field(kw_only=True, metadata={"layout": "prose"})
    restores: bool = False


@attrs.frozen
class UnreleasedRecord:
    changes: tuple[ChangeRecord, ...]


@attrs.frozen
class BoundsRecord:
    least: dict[str, int]


NAMES = {
    CodebookRecord: "codebook",
    IssueRecord: "issue",
    LevelRecord: "level",
    AspectRecord: "aspect",
    TermRecord: "term",
    ActorRecord: "actor",
    NameRecord: "name",
    CodeRecord: "code",
    RoleRecord: "role",
    EventRecord: "event",
    ParticipantRecord: "participant",
    DocumentRecord: "document",
    TextRecord: "text",
    StanceRecord: "stance",
    BlindStanceRecord: "stance",
    CodingRecord: "blind coding",
    CoverageRecord: "coverage",
    SilentRecord: "list of silent speakers",
    SpeakerRecord: "speaker",
    BoundaryCaseRecord: "boundary case",
    CoderRecord: "coder",
    HolderRecord: "holder",
    ConditionRecord: "condition",
    EvidenceRecord: "piece of evidence",
    ExemptionRecord: "exemption",
    ChangeRecord: "change",
    UnreleasedRecord: "file of reasons",
    BoundsRecord: "file of bounds",
}
"""The word for each class in messages."""
