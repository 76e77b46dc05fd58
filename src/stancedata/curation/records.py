"""The schema of curated files: one class per mapping, its fields the keys in canonical order.

The metadata of a field defines its layout: `prose` is folded, one sentence per line; `flow` is
written on one line, and `flow_items` is a list with one line per item. A `kept` list is written
even if it is empty.
"""

from __future__ import annotations

import datetime
import typing
from typing import Any, NewType

import attrs

from stancedata.tables.columns import Column
from stancedata.tables.contract import BY_NAME

Identifier = NewType("Identifier", str)
"""Lower-case letters and digits in words joined by hyphens: `united-states`."""
LocalId = NewType("LocalId", str)
"""The letter s and a number of at least two digits: `s01`."""
Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal digits."""
Language = NewType("Language", str)
"""ISO 639 code: `en`."""
Address = NewType("Address", str)
"""A URL with its scheme."""
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
    cues: tuple[str, ...] = _flow(())


@attrs.frozen
class TermRecord:
    value: str
    definition: str
    rank: int | None = None
    cues: tuple[str, ...] = ()


@attrs.frozen
class BoundaryCaseRecord:
    text: str
    issues: tuple[str, ...] = _flow(())


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

TABLES = {
    LevelRecord: "levels",
    AspectRecord: "aspects",
    IssueRecord: "issues",
    TermRecord: "vocabulary",
    NameRecord: "actor_names",
    CodeRecord: "actor_codes",
    RoleRecord: "roles",
    ActorRecord: "actors",
    ParticipantRecord: "participants",
    EventRecord: "events",
    HolderRecord: "holders",
    ConditionRecord: "conditions",
    EvidenceRecord: "evidence",
    StanceRecord: "stances",
    BlindStanceRecord: "second_stances",
    TextRecord: "documents",
    DocumentRecord: "documents",
    CodingRecord: "codings",
    CoverageRecord: "coverage",
    SilentRecord: "silent_speakers",
    SpeakerRecord: "silent_speakers",
    BoundaryCaseRecord: "boundary_cases",
    CoderRecord: "coders",
    ExemptionRecord: "exemptions",
    ChangeRecord: "revisions",
}
"""The table of the contract whose columns describe the fields of each class."""
COLUMNS = {
    (LevelRecord, "name"): "levels.level_name",
    (AspectRecord, "name"): "aspects.aspect",
    (HolderRecord, "holder"): "holders.actor_id",
    (IssueRecord, "id"): "issues.issue_id",
    (RoleRecord, "of"): "roles.of_actor_id",
    (CoderRecord, "id"): "coders.coder",
    (DocumentRecord, "authors"): "document_authors.actor_id",
    (StanceRecord, "attributed_by"): "ascribers.actor_id",
    (StanceRecord, "level"): "stances.level_name",
    (StanceRecord, "aspects"): "stance_aspects.aspect",
}
"""The column of a field `x` that is named neither `x` nor `x_id`."""
SAYS = {
    (CodebookRecord, "issues"): "Every issue, in the order of the tables.",
    (CodebookRecord, "vocabulary"): "The values of every controlled field.",
    (TermRecord, "cues"): "Words in a text that point to it.",
    (EvidenceRecord, "span"): "First character, from 0, and one past the last.",
    (StanceRecord, "id"): "The letter s and a number, never reused within the document.",
    (DocumentRecord, "text"): "The text that evidence points into; absent if it may not be kept.",
    (CodingRecord, "coder"): "Its coder, whom its folder names; left out.",
    (CodingRecord, "document"): "Its document, which its file names; left out.",
    (CodingRecord, "text"): "The text that was read.",
    (CodingRecord, "stances"): "The stances that were found; none is a finding too.",
    (CoverageRecord, "silent"): "Who spoke on which occasion and said nothing on any issue.",
    (SilentRecord, "speakers"): "Who spoke there, and said nothing on any issue.",
    (BoundaryCaseRecord, "issues"): "Issues that it is about.",
    (ChangeRecord, "records"): "Ids of the records that changed; a star matches any characters.",
    (ChangeRecord, "restores"): "True if retracted records are restored.",
    (UnreleasedRecord, "changes"): "Why records changed since the last release.",
    (BoundsRecord, "least"): "Least number of rows, by table.",
}
"""Descriptions of fields that have no column, or whose column has another form."""


def column_of(shape: Any, name: str) -> Column | None:
    """Return the column of the contract for a field, or None if there is no single one."""
    named = next((COLUMNS[c, name] for c in shape.__mro__ if (c, name) in COLUMNS), None)
    table, _, column = (named or f"{TABLES.get(shape, '')}.{name}").partition(".")
    columns = {column.name: column for column in BY_NAME[table].columns} if table else {}
    return columns.get(column) or columns.get(f"{column}_id")


def text_fields(shape: Any) -> dict[str, Column]:
    """Return the single-valued fields of a record that have a column, with that column."""
    attrs.resolve_types(shape)
    single = (f.name for f in attrs.fields(shape) if typing.get_origin(f.type) is not tuple)
    return {name: column for name in single if (column := column_of(shape, name))}
