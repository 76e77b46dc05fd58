"""Describe the fields of curated files: by the contract's columns, or where there is none, here."""

from __future__ import annotations

import typing
from typing import Any

import attrs

from stancedata.curation import records as r
from stancedata.tables.columns import Column
from stancedata.tables.contract import BY_NAME

TABLES = {
    r.LevelRecord: "levels",
    r.AspectRecord: "aspects",
    r.IssueRecord: "issues",
    r.TermRecord: "vocabulary",
    r.NameRecord: "actor_names",
    r.CodeRecord: "actor_codes",
    r.RoleRecord: "roles",
    r.ActorRecord: "actors",
    r.ParticipantRecord: "participants",
    r.EventRecord: "events",
    r.HolderRecord: "holders",
    r.ConditionRecord: "conditions",
    r.EvidenceRecord: "evidence",
    r.StanceRecord: "stances",
    r.BlindStanceRecord: "second_stances",
    r.TextRecord: "documents",
    r.DocumentRecord: "documents",
    r.CodingRecord: "codings",
    r.CoverageRecord: "coverage",
    r.SilentRecord: "silent_speakers",
    r.SpeakerRecord: "silent_speakers",
    r.BoundaryCaseRecord: "boundary_cases",
    r.CoderRecord: "coders",
    r.ExemptionRecord: "exemptions",
    r.ChangeRecord: "revisions",
}
"""The table of the contract whose columns describe the fields of each class."""
COLUMNS = {
    (r.LevelRecord, "name"): "levels.level_name",
    (r.AspectRecord, "name"): "aspects.aspect",
    (r.HolderRecord, "holder"): "holders.actor_id",
    (r.IssueRecord, "id"): "issues.issue_id",
    (r.RoleRecord, "of"): "roles.of_actor_id",
    (r.CoderRecord, "id"): "coders.coder",
    (r.DocumentRecord, "authors"): "document_authors.actor_id",
    (r.StanceRecord, "attributed_by"): "ascribers.actor_id",
    (r.StanceRecord, "level"): "stances.level_name",
    (r.StanceRecord, "aspects"): "stance_aspects.aspect",
}
"""The column of a field `x` that is named neither `x` nor `x_id`."""
SAYS = {
    (r.CodebookRecord, "issues"): "Every issue, in the order of the tables.",
    (r.CodebookRecord, "vocabulary"): "The values of every controlled field.",
    (r.TermRecord, "cues"): "Words in a text that point to it.",
    (r.EvidenceRecord, "span"): "First character, from 0, and one past the last.",
    (r.StanceRecord, "id"): "The letter s and a number, never reused within the document.",
    (r.DocumentRecord, "text"): "The text that evidence points into; absent if it may not be kept.",
    (r.CodingRecord, "coder"): "Its coder, whom its folder names; left out.",
    (r.CodingRecord, "document"): "Its document, which its file names; left out.",
    (r.CodingRecord, "text"): "The text that was read.",
    (r.CodingRecord, "stances"): "The stances that were found; none is a finding too.",
    (r.CoverageRecord, "silent"): "Who spoke on which occasion and said nothing on any issue.",
    (r.SilentRecord, "speakers"): "Who spoke there, and said nothing on any issue.",
    (r.BoundaryCaseRecord, "issues"): "Issues that it is about.",
    (r.ChangeRecord, "records"): "Ids of the records that changed; a star matches any characters.",
    (r.ChangeRecord, "restores"): "True if retracted records are restored.",
    (r.UnreleasedRecord, "changes"): "Why records changed since the last release.",
    (r.BoundsRecord, "least"): "Least number of rows, by table.",
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
