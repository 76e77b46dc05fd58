"""The schema of curated files: one class per mapping, its fields the keys in canonical order.

The metadata of a field defines its layout: `prose` is folded, one sentence per line; `flow` is
written on one line, and `flow_items` is a list with one line per item.
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


def _prose(default: Any = attrs.NOTHING) -> Any:
    return attrs.field(default=default, metadata={"layout": "prose"})


def _flow(default: Any = attrs.NOTHING) -> Any:
    return attrs.field(default=default, metadata={"layout": "flow"})


def _flow_items(default: Any = ()) -> Any:
    return attrs.field(default=default, metadata={"layout": "flow_items"})


@attrs.frozen
class SilenceRecord:
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
    proposition: str = _prose()
    levels: tuple[LevelRecord, ...] = _flow_items(attrs.NOTHING)
    aspects: tuple[AspectRecord, ...] = _flow_items()
    cues: tuple[str, ...] = _flow(())


@attrs.frozen
class TermRecord:
    value: str
    definition: str
    rank: int | None = None
    cues: tuple[str, ...] = ()


@attrs.frozen
class CodebookRecord:
    issues: tuple[IssueRecord, ...]
    vocabulary: dict[str, tuple[TermRecord, ...]] = _flow_items(attrs.NOTHING)


@attrs.frozen
class NameRecord:
    name: str
    kind: str
    language: Language


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
    silences: tuple[SilenceRecord, ...] = ()


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
    series: str | None = None
    place: str | None = None
    kind: str | None = None
    participants: tuple[ParticipantRecord, ...] = _flow_items()
    silences: tuple[SilenceRecord, ...] = ()


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
    attributed_by: Identifier | None = None
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
    silences: tuple[SilenceRecord, ...] = ()


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
    kind: str = attrs.field(kw_only=True)
    language: Language = attrs.field(kw_only=True)
    published_on: Edtf = attrs.field(kw_only=True)
    url: Address | None = None
    derived_from: Identifier | None = None
    text: TextRecord | None = None
    coder: str = attrs.field(kw_only=True)
    coded_date: datetime.date = attrs.field(kw_only=True)
    note: str | None = _prose(None)
    silences: tuple[SilenceRecord, ...] = ()
    stances: tuple[StanceRecord, ...] = ()


@attrs.frozen
class BlindRecord:
    coder: str
    stances: tuple[BlindStanceRecord, ...] = ()


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
    BlindRecord: "blind coding",
    HolderRecord: "holder",
    ConditionRecord: "condition",
    EvidenceRecord: "piece of evidence",
    SilenceRecord: "silence",
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
    BlindRecord: "second_stances",
    SilenceRecord: "silences",
    ChangeRecord: "revisions",
}
"""The table of the contract whose columns describe the fields of each class."""
COLUMNS = {
    (LevelRecord, "name"): "levels.level_name",
    (AspectRecord, "name"): "aspects.aspect",
    (HolderRecord, "holder"): "holders.actor_id",
    (IssueRecord, "id"): "issues.issue_id",
    (RoleRecord, "of"): "roles.of_actor_id",
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
