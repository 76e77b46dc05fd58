"""The schema of each packaged question's answer: columns, types and descriptions."""

from __future__ import annotations

from stancedata.tables.columns import Table, read_table
from stancedata.tables.contract import BY_NAME

_WHO = """
actor_id string: Id of the holder.
actor_name string: Name of the holder.
"""
_WHEN = """stated_on string: Occasion, as EDTF.
date_kind string: What the date means.
stated_earliest date32: First day of the occasion.
stated_latest date32: Last day of the occasion.
"""
_STANCE_BEFORE = """stance_id_before string: Stance that represents the position before.
stated_on_before string: Its occasion, as EDTF.
stated_earliest_before date32: First day of it.
stated_latest_before date32: Last day of it.
document_id_before string: Document of that stance.
attribution_before string: How the document has it.
confidence_before string: How confident the coder is.
summary_before string: Its summary."""
_POSITION = BY_NAME["positions"].columns
_POSITION_COLUMNS = "\n".join(
    f"{c.name} {c.type}{'?' if c.nullable else ''} since {c.since}: {c.description}"
    for c in _POSITION
)
_OF_PERIOD = {
    "iso3": "string?: ISO 3166-1 alpha-3 code of the holder on the last day of the period.",
    "cow": "int32?: Correlates of War number of the holder on the last day of the period.",
    "gw": "int32?: Gleditsch and Ward number of the holder on the last day of the period.",
    "governs_iso3": "string?: ISO code of the state that the holder governs on the last day of the period.",
    "level_min": "int32?: Lowest level that began to count in the period.",
    "level_max": "int32?: Highest level that began to count in the period.",
}
_OF_CELL = {
    c.name: f"{c.name} {c.type}{'' if c.name in ('actor_id', 'issue_id') else '?'} since {c.since}: "
    f"{c.description}"
    for c in _POSITION
}
_MATRIX_COLUMNS = "\n".join(_OF_CELL.values())
_PANEL_COLUMNS = "\n".join(
    f"{name} {_OF_PERIOD[name]}" if name in _OF_PERIOD else line for name, line in _OF_CELL.items()
)
_COVERED = """coverage_from date32?: First day that the data cover.
coverage_to date32?: Last day that the data cover.
covered bool?: The data cover the last day of the period."""

ANSWERS: dict[str, Table] = {
    table.name: table
    for table in (
        read_table("as_of", "period actor_id issue_id", "What was last on record, by period.", f"""
period string: Period; for a single day, that day.
on_day date32: Last day of the period.
{_POSITION_COLUMNS}
age_days int32: Days from the last day until which the position holds to the end of the period.
observed bool: Stated in the period itself, not carried forward into it.
{_COVERED}
""", derived=True),
        read_table("matrix", "period actor_id issue_id", "What stands on a day, and who was silent.", f"""
period string: The day, as text.
on_day date32: The day.
{_MATRIX_COLUMNS}
age_days int32?: Days from the last day until which the position holds to that day.
observed bool: Stated on the day itself, not carried forward to it.
{_COVERED}
silent int32? since 2: Occasions since then on which the holder spoke and said nothing on the issue.
""", derived=True),
        read_table("panel", "period actor_id issue_id", "What stands at the end of each period, and "
        "what was stated in it.", f"""
period string: The period, as text: 2021-10, 2021-Q4 or 2021.
on_day date32: Last day of the period.
{_PANEL_COLUMNS}
age_days int32?: Days from the last day until which the position holds to the end of the period.
observed bool: Stated in the period itself, not carried forward into it.
{_COVERED}
year int32: Year of the period.
month int32? of 1|2|3|4|5|6|7|8|9|10|11|12: Month of the period, from 1 to 12; null in a panel by year.
statements int32: Positions that began to count in the period.
governs_cow int32?: Correlates of War number of the state that the holder governs on the last day of the period.
governs_gw int32?: Gleditsch and Ward number of the state that the holder governs on the last day of the period.
""", derived=True),
        read_table("shifts", "actor_id issue_id own shifted_on", "Changes of level, one per row.",
                   _WHO + """
issue_id string: Issue.
kind string: How it moved (reversal, softer, firmer; step on an issue of deeds).
own bool?: Between own statements, or between joint ones; null across both.
shifted_on date32: Day from which the position after stands.
level_before int32: Level before.
level_name_before string: Its name.
level int32: Level after.
level_name string: Its name.
change int32: Level after less level before.
reversal bool: The holder changed sides.
""" + _STANCE_BEFORE + """
stance_id string: Stance that represents the position after.
stated_on string: Its occasion, as EDTF.
stated_earliest date32: First day of it.
stated_latest date32: Last day of it.
document_id string: Document of that stance.
attribution string: How it reaches us.
confidence string: How confident the coder is.
summary string: Its summary.
""", derived=True),
        read_table("contradictions", "stance_id actor_id", "Stances whose documents disagree.", _WHO + f"""
issue_id string: Issue.
event_id string: Event, which is the utterance that the documents are on.
{_WHEN}
contested bool: Some documents on it fall on different sides (minus, zero, plus).
document_id string: Document.
level int32: Level that it gives.
level_name string: Its name.
attribution string: How it reaches us.
confidence string: How confident the coder is.
own bool: The holder spoke for itself.
stance_id string: Stance.
opposed_to string: Stance that it contradicts; one on another side, if there is one.
summary string: Its summary.
""", derived=True),
        read_table("silence", "actor_id issue_id event_id document_id", "Who spoke on an occasion and "
        "said nothing on an issue.", _WHO + """
issue_id string: Issue.
event_id string?: Event at which it spoke; null if its document has none.
document_id string?: Its document there, the first of several; null if it is listed without one.
coverage_id string?: Corpus to which that belongs.
spoken_on string: When it spoke, as EDTF: the event's date, or else the document's.
earliest date32: First day that this can mean.
latest date32: Last day that this can mean.
spoke int32: Actors that spoke on the occasion, and whose texts there were read whole.
silent int32: Of these, how many said nothing on the issue.
""", derived=True),
        read_table("conditions", "stance_id actor_id number", "Conditions that holders attached "
        "to positions.", _WHO + f"""
issue_id string: Issue of the position.
level int32?: Its level.
level_name string: Name of the level.
target_id string?: Towards whom it is.
attribution string: How it reaches us; third_party if a third party attributes it.
{_WHEN}
number int32: Order of the condition in its stance, from 1.
condition string: The condition.
condition_issue_id string?: Issue on which it rests.
status string?: Whether it was met by the requested day; null if no document says.
status_on string?: When that was stated, as EDTF.
status_document_id string?: Document that says so.
confidence string: How confident the coder is.
stance_id string: Stance.
""", derived=True),
        read_table("not_counted", "reason", "Why stances do not count as positions of a holder.", """
reason string: Why (dissociates, third_party, quantifier, withdrawn).
stances int32: Number of stances.
""", derived=True),
        read_table("agreement", "period actor_id_1 actor_id_2", "Agreement between two holders.", """
period string: Period; for a single day, that day.
actor_id_1 string: One holder.
actor_name_1 string: Its name.
actor_id_2 string: The other.
actor_name_2 string: Its name.
shared int32: Issues on which both have a level.
shared_own int32: Shared issues on which both spoke for themselves.
similarity float64?: Signorino and Ritter's S, from -1 to 1; null under three shared issues.
like_signs float64?: Share of the issues on which both are on one side; null under three shared issues.
""", derived=True),
    )
}  # fmt: skip
"""Schemas by the name of the packaged query."""
ANSWERS["history"] = BY_NAME["positions"]
ANSWERS["known_at"] = BY_NAME["revisions"]
