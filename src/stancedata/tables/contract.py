"""The table contract: every table and column of an export.

A line has the form `name type: description`. `?` marks a nullable column, `-> table.column` a
reference, `in field` a column whose values come from that field of the vocabulary, `of a|b` one whose
values are these, `within levels.level` one whose values that column has for each issue, `as form`
one whose texts have a form of `model.forms`, and `since N` a column added in a later schema version. In memory
there is one shape, with the tables and columns of all versions; files, digests and SQL have those of
the dataset's own version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stancedata.tables.columns import SCHEMA_VERSION, Table, read_table

_STANCE = """
stance_id string as stance_id: Id of the stance, `<document_id>#<local id>`, never reused.
document_id string -> documents.document_id: Document that carries it.
issue_id string -> issues.issue_id: Issue that it is about.
level int32? within levels.level: Level on the issue's scale; null if ambiguous.
level_name string within levels.level_name: Name of the level, or `ambiguous`.
act string in act: Kind of act by which the holder takes the position: states, urges, does.
attribution string in attribution: How the document has it: direct, quoted, reported or third_party.
speaker_id string? -> actors.actor_id: Who voiced it for the holder.
attributed_by_id string? -> actors.actor_id: The first who attributes it to the holder; all are in `ascribers`.
target_id string? -> actors.actor_id: Who is to act, or who receives.
quantifier string? in quantifier: Share of a meeting that holds it.
stated_on string as date: When it was stated, as EDTF: 2021-10-20, 2021-10, 2021-10-09/2021-10-12.
date_kind string in date_kind: What the date of the statement means.
stated_earliest date32: First day that the date of the statement can mean.
stated_latest date32: Last day that the date of the statement can mean.
dated_by string?: Document that supplied the date, or `published_on`.
event_id string? -> events.event_id: Event at which it was stated.
confidence string in confidence: How confident the coder is.
summary string: Summary in the coder's own words.
note string?: Why it is coded so.
"""
_HOLDER = """
stance_id string -> {stances}.stance_id: Id of the stance.
actor_id string -> actors.actor_id: Whose position it is.
role string in holder_role: Whether it holds the stance or dissociates itself from it.
position int32: Order in the document, from 1.
"""
_ASPECT = """
stance_id string -> {stances}.stance_id: Id of the stance.
aspect string within aspects.aspect: Aspect of the stance's issue.
position int32: Order in the record, from 1.
"""
_CONDITION = """
stance_id string -> {stances}.stance_id: Id of the stance.
number int32: Order in the stance, from 1.
condition string: The condition, in the coder's words.
issue_id string? -> issues.issue_id: Issue on which the condition rests.
status string? in condition_status: Whether the condition was met, where a document says so.
status_on string? as date: When the condition was or was not met, as EDTF.
status_earliest date32?: First day that the date of the status can mean.
status_latest date32?: Last day that the date of the status can mean.
status_document_id string? -> documents.document_id: Document that states the status.
"""
_EVIDENCE = """
stance_id string -> {stances}.stance_id: Id of the stance.
number int32: Order in the stance, from 1.
document_id string -> documents.document_id: Document whose text it points into.
span_start int32?: First character of the words, in Unicode code points from 0.
span_end int32?: One past the last character of the words.
sha256 string? as digest: Digest of the words in UTF-8.
locator string?: Paragraph or sentence, where there is no text.
"""
_ASCRIBER = """
stance_id string -> {stances}.stance_id since 2: Id of the stance.
actor_id string -> actors.actor_id since 2: Who attributes the stance.
position int32 since 2: Order in the record, from 1.
"""
_BLIND = """coder string -> coders.coder: Who coded it, blind.
"""
_BLIND_STANCE = """published_id string? -> stances.stance_id: Published stance that it was matched with.
adjudication string?: What was decided about it, and why.
"""

TABLES: tuple[Table, ...] = (
    read_table("actors", "actor_id", "Actors that hold, voice or attribute positions.", """
actor_id string as id: Id of the actor.
name string: Name in English.
kind string in actor_kind: Kind of actor.
description string?: Who it is, in a few words.
wikidata string? as wikidata: Wikidata item of the actor, such as Q159.
iso3 string?: ISO 3166-1 alpha-3 code.
cow int32?: Correlates of War state number.
gw int32?: Gleditsch and Ward state number.
valid_from date32?: First day of the actor's existence.
valid_to date32?: Last day of the actor's existence; its positions lapse after it.
"""),
    read_table("actor_names", "actor_id name position@2", "Every name and spelling of an actor.", """
actor_id string -> actors.actor_id: Id of the actor.
name string: Name as it is written.
language string as language: ISO 639 code of the name's language.
kind string in name_kind: What sort of name.
position int32: Order in the record, from 1.
valid_from date32? since 2: First day on which the actor was called so.
valid_to date32? since 2: Last day on which the actor was called so.
"""),
    read_table("actor_codes", "actor_id scheme code position@2", "Codes of actors in other schemes.",
               """
actor_id string -> actors.actor_id: Id of the actor.
scheme string in code_scheme: Scheme of the code, such as cow or iso3166-1-alpha3.
code string: Code in that scheme.
scheme_version string?: Edition of the scheme.
valid_from date32?: First day on which it holds.
valid_to date32?: Last day on which it holds.
position int32: Order in the record, from 1.
"""),
    read_table("roles", "actor_id number", "What actors are to each other, with dates.", """
actor_id string -> actors.actor_id: Id of the actor that has the role.
number int32: Order in the record, from 1.
role string in role: What it is to the other actor.
of_actor_id string -> actors.actor_id: Id of the other actor.
title string?: Office, in English.
valid_from date32?: First day of the role; null if not known.
valid_to date32?: Last day of the role; null if it lasts or is not known.
document_id string? -> documents.document_id: Document of the dataset that says so.
source string? as address: Address of another source.
"""),
    read_table("issues", "issue_id", "Propositions on which positions are taken.", """
issue_id string: Id of the issue.
name string: Name of the issue.
proposition string: What a positive level agrees with.
core bool: Whether holders are compared on it.
cues string?: Words, or their beginnings, that point to it, separated by semicolons.
position int32: Order in the codebook, from 1.
kind string? in issue_kind since 2: `words`, where the last statement stands, or `deeds`, a ladder whose rungs stay reached.
"""),
    read_table("levels", "issue_id level_name", "The anchored scale of each issue.", """
issue_id string -> issues.issue_id: Id of the issue.
level_name string: Name of the level.
level int32: Number of the level; higher agrees more.
definition string: When the level is given.
position int32: Order in the codebook, from 1.
"""),
    read_table("aspects", "issue_id aspect", "Sides of an issue that a stance may single out.", """
issue_id string -> issues.issue_id: Id of the issue.
aspect string: Name of the aspect.
definition string: What the aspect covers.
position int32: Order in the codebook, from 1.
"""),
    read_table("vocabulary", "field value", "Values of every controlled field.", """
field string: Name of the controlled field.
value string: A value that the field may take.
rank int32?: Order of preference, 1 the best.
definition string: What the value means.
cues string?: Words that point to it, separated by semicolons.
position int32: Order in the codebook, from 1.
"""),
    read_table("boundary_cases", "number", "Readings at the edge of an issue, decided.", """
number int32 since 2: Order in the codebook, from 1.
text string since 2: The reading, and how it is coded.
issues string? since 2: Issues it is about, separated by `; `.
"""),
    read_table("coders", "coder", "Who coded the documents.", """
coder string since 2: Id of the coder.
kind string? in coder_kind since 2: What the coder is (person, language_model).
name string? since 2: Name of the coder.
description string since 2: What the coder did and read.
position int32 since 2: Order in the codebook, from 1.
"""),
    read_table("documents", "document_id", "The texts that carry stances.", """
document_id string as id: Id of the document.
title string: Title of the document.
publisher string: Who published it.
author string?: Who wrote it.
kind string in document_kind: What sort of text.
language string as language: ISO 639 code of the text's language.
published_on string as date: When it was published, as EDTF: 2021-10-20, 2021-10 or 2021.
published_earliest date32: First day that the date of publication can mean.
published_latest date32: Last day that the date of publication can mean.
url string? as address: Address of the document.
sha256 string? as digest: Digest of the text in UTF-8.
characters int32?: Length of the text in Unicode code points.
tier string in tier as tier: Whether evidence points into a text by digest.
derived_from string? -> documents.document_id: Document that this one copies or rewrites.
origin_id string -> documents.document_id: The first document of that chain, itself if there is none.
coder string -> coders.coder: Who coded the document, and published its stances.
coded_date date32: When the document was coded.
note string?: What a reader should know.
read string? in read since 2: How much of it was read (whole, beginning); null if not known.
status string? in document_status since 2: Whether it stands as published (as_published, corrected, withdrawn).
retrieved_on date32? since 2: Day on which the text was retrieved.
event_id string? -> events.event_id since 2: Event whose text it is: the speech, the communiqué.
coverage_id string? -> coverage.coverage_id since 2: Corpus to which it belongs.
licence string? as licence since 3: Licence of its text, an SPDX identifier or `public-domain`; null if not known.
""", follows="origin_id"),
    read_table("document_authors", "document_id actor_id", "Actors whose text a document is.", """
document_id string -> documents.document_id since 2: Id of the document.
actor_id string -> actors.actor_id since 2: Whose text it is.
position int32 since 2: Order in the record, from 1.
"""),
    read_table("events", "event_id", "Dated meetings, votes and statements.", """
event_id string as id: Id of the event.
name string: Name of the event.
series string?: Series of meetings to which it belongs.
place string?: Where it was held.
kind string? in event_kind: What sort of event.
held_on string as date: When it was held, as EDTF: 2021-10-20 or 2021-10-09/2021-10-12.
held_kind string in date_kind: What the date of the event means.
held_earliest date32: First day that the date of the event can mean.
held_latest date32: Last day that the date of the event can mean.
dated_by string? -> documents.document_id since 2: Document that supplied the date.
source string? as address since 2: Address of another source of the date.
note string? since 2: How the date follows.
"""),
    read_table("participants", "event_id number", "The actors at each event and their roles, by "
    "document.", """
event_id string -> events.event_id: Id of the event.
number int32: Order in the record, from 1.
actor_id string -> actors.actor_id: Id of the actor.
role string in participant_role: Part in the event.
document_id string -> documents.document_id: Document that says so.
represented_by string? -> actors.actor_id: Who was there for it.
note string?: What the document adds.
"""),
    read_table("stances", "stance_id", "Positions, each as one document carries it.", _STANCE),
    read_table("holders", "stance_id actor_id", "Whose position a stance is.",
               _HOLDER.format(stances="stances")),
    read_table("stance_aspects", "stance_id aspect", "Aspects that a stance singles out.",
               _ASPECT.format(stances="stances")),
    read_table("ascribers", "stance_id actor_id", "Who attributes a stance to its holder.",
               _ASCRIBER.format(stances="stances")),
    read_table("conditions", "stance_id number", "Conditions attached to stances.",
               _CONDITION.format(stances="stances")),
    read_table("evidence", "stance_id number", "Where in a document the words are.",
               _EVIDENCE.format(stances="stances")),
    read_table("codings", "coder document_id", "The blind codings of documents.", """
coder string -> coders.coder since 2: Who coded it, blind.
document_id string -> documents.document_id since 2: Id of the document.
read string? in read since 2: How much of it was read (whole, beginning); null if not known.
coded_date date32? since 2: When it was coded.
sha256 string? as digest since 2: Digest of the text that was read.
characters int32? since 2: Length of that text in Unicode code points.
note string? since 2: What a reader should know.
"""),
    read_table("second_stances", "stance_id coder", "The blind codings, as originally coded.",
               _STANCE + _BLIND + _BLIND_STANCE),
    read_table("second_holders", "stance_id coder actor_id", "Holders in the blind codings.",
               _HOLDER.format(stances="second_stances") + _BLIND),
    read_table("second_stance_aspects", "stance_id coder aspect", "Aspects in the blind codings.",
               _ASPECT.format(stances="second_stances") + _BLIND),
    read_table("second_ascribers", "stance_id coder actor_id", "Ascribers in the blind codings.",
               _ASCRIBER.format(stances="second_stances") + _BLIND.replace(":", " since 2:")),
    read_table("second_conditions", "stance_id coder number", "Conditions in the blind codings.",
               _CONDITION.format(stances="second_stances") + _BLIND),
    read_table("second_evidence", "stance_id coder number", "Evidence in the blind codings.",
               _EVIDENCE.format(stances="second_stances") + _BLIND),
    read_table("silences", "record_id rule", "Rules waived for one record, with the reason.", """
record_id string: Id of the record.
rule string: Rule that is waived.
reason string: Why the rule is waived.
""", until=1),
    read_table("exemptions", "record_id rule", "Rules waived for one record, with the reason.", """
record_id string since 2: Id of the record.
rule string since 2: Rule that is waived.
reason string since 2: Why the rule is waived.
"""),
    read_table("coverage", "coverage_id", "Corpora that were searched or read, and how.", """
coverage_id string as id since 2: Id of the corpus.
name string since 2: Name of the corpus.
covers_from date32 since 2: First day that the corpus covers.
covers_to date32 since 2: Last day that the corpus covers.
holders string since 2: Whose texts, in words.
how string since 2: How the corpus was read.
coder string -> coders.coder since 2: Who read the corpus.
url string? as address since 2: Address of the corpus.
note string? since 2: What a reader should know.
"""),
    read_table("silent_speakers", "coverage_id event_id actor_id",
               "Actors that spoke on an occasion, and said nothing on any issue.", """
coverage_id string -> coverage.coverage_id since 2: Id of the corpus.
event_id string -> events.event_id since 2: Occasion on which it spoke.
actor_id string -> actors.actor_id since 2: Who spoke, and said nothing on any issue.
sha256 string? as digest since 2: Digest of what it said, as text in UTF-8.
characters int32? since 2: Length of that text in Unicode code points.
url string? as address since 2: Address of that text.
position int32 since 2: Order in the record, from 1.
"""),
    read_table("document_silences", "document_id actor_id issue_id",
               "Issues on which a document read whole carries no stance of an author.", """
document_id string -> documents.document_id since 2: Document that was read whole.
actor_id string -> actors.actor_id since 2: An author of it.
issue_id string -> issues.issue_id since 2: Issue on which it carries no stance of that author.
""", derived=True),
    read_table("positions",
               "actor_id issue_id stated_earliest stated_latest date_kind stance_id@2",
               "One row per holder, issue and occasion: the file that most people need.", """
actor_id string -> actors.actor_id: Id of the holder.
actor_name string: Name of the holder.
iso3 string?: ISO 3166-1 alpha-3 code of the holder on that occasion.
cow int32?: Correlates of War number of the holder on that occasion.
gw int32?: Gleditsch and Ward number of the holder on that occasion.
governs_iso3 string?: ISO code of the state that the holder governed on that occasion.
issue_id string -> issues.issue_id: Id of the issue.
level int32? within levels.level: Level on the issue's scale, higher agrees more; null if ambiguous or if both signs remain.
level_name string? within levels.level_name: Name of the level, or `ambiguous`; null if both signs remain.
level_min int32? within levels.level: Lowest level stated on the occasion.
level_max int32? within levels.level: Highest level stated on the occasion.
stated_on string as date: Occasion on which it was stated, as EDTF: 2021-10-20, 2021-10.
date_kind string in date_kind: What the date of the occasion means.
stated_earliest date32: First day of the occasion.
stated_latest date32: Last day of the occasion.
event_id string? -> events.event_id: Event at which the representative stance was stated.
attribution string in attribution: How the document of the representative stance has it.
confidence string in confidence: Confidence of the representative stance.
own bool: True if the holder spoke for itself, false if only joint texts carry it.
contested bool: True if documents fall on different sides (minus, zero, plus).
mixed bool: True if one document has it on both sides.
document_count int32: Documents that carry the position, copies counted as their original.
stance_id string -> stances.stance_id: Id of the stance that represents the position.
summary string: Summary of the representative stance, in the coder's words.
kind string? in issue_kind since 2: Kind of the issue.
act string? in act since 2: Kind of act by which the representative stance takes the position.
speaker_id string? -> actors.actor_id since 2: Who voiced the representative stance.
target_id string? -> actors.actor_id since 2: Who is to act, or who receives, by the representative stance.
conditional bool? since 2: True if the representative stance has conditions.
conditions string? since 2: Conditions of the representative stance, separated by `; `, in their order.
aspects string? since 2: Aspects of the representative stance, separated by `; `, in their order.
joint_size int32? since 2: Holders of the representative stance, of any role; 1 if own.
document_id string? -> documents.document_id since 2: Document of the representative stance.
publisher string? since 2: Publisher of the representative stance's document.
published_on string? since 2: When the representative stance's document was published, as EDTF.
url string? as address since 2: Address of the representative stance's document.
""", derived=True),
    read_table("releases", "release_number", "Every release up to this one.", """
release string as version: Version of the data.
release_number int32: Order of the release, from 1.
released_on date32: Day of the release.
schema_version string: Schema version of its tables.
digest string as digest: SHA-256 of its content.
positions_digest string as digest: SHA-256 of its positions.
""", derived=True),
    read_table("revisions", "record_id kind revision",
               "What each release did to each record, and why.", """
record_id string: Id of the record; for a blind coding, the coder comes first. In exported files, a long content goes on in ID+2, ID+3.
revision int32: Order among the revisions of its record, from 1.
kind string of actor|event|document|stance|second_coding|codebook|coding|coverage: What the record is (actor, event, document, stance, second_coding, codebook, coding, coverage).
operation string of add|modify|retract: What was done to it (add, modify, retract).
release string -> releases.release: Release that did it.
release_number int32: Number of that release.
reason string of new_source|recode|coder_error|codebook_change|correction: Why (new_source, recode, coder_error, codebook_change, correction).
note string?: The reason in words.
content string?: Rows of the record by table, as canonical JSON; null if it was retracted.
content_sha256 string? as digest: Digest of that text in UTF-8.
""", derived=True),
    read_table("codebook", "table_name column_name", "The dictionary of all of these columns.", """
table_name string: Name of the table.
column_name string: Name of the column.
position int32: Order in the table, from 1.
data_type string of string|int32|float64|bool|date32: Arrow type.
nullable bool: Whether it may be null.
description string: What the column means.
allowed_values string?: Texts that the column may take, separated by `; `.
allowed_by_issue string? since 3: Allowed values by issue, as `issue: value; value | issue: value`.
refers_to string? since 3: The `table.column` whose values it takes.
key_position int32? since 3: Place of the column in the key of the table, from 1; null outside of it.
table_description string? since 3: What the table has.
""", derived=True),
)  # fmt: skip
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
WAIVERS = ("silences", "exemptions")
"""The tables of waived rules; a dataset has rows in one of them only, by its schema version."""


def version_of_columns(found: Mapping[str, Iterable[str]]) -> str:
    """Return the first schema version that has all of these columns, for files that state none.

    Args:
        found: The names of the columns, by table.
    """
    names = {name: frozenset(columns) for name, columns in found.items()}
    since = (c.since for t in TABLES for c in t.columns if c.name in names.get(t.name, ()))
    return str(max(since, default=int(SCHEMA_VERSION)))


def tables_of(schema_version: str) -> tuple[Table, ...]:
    """Return the tables that a schema version has, with its columns, in their order."""
    found = (table.of(schema_version) for table in TABLES)
    return tuple(table for table in found if table.columns)
