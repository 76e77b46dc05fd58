"""How a record is shown: in a few lines where it is printed, as a table in a notebook.

The nouns are in the room above, which takes these functions as its `__str__`: hence `Any`.
"""

from __future__ import annotations

import html
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import attrs

from stancedata.model.dates import StatedDate
from stancedata.text import level


class Shown:
    """What a notebook shows of a record: its fields and values, one a row."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        kind: Any = type(self)
        fields = ((f.name, getattr(self, f.name)) for f in attrs.fields(kind))
        rows = (
            f"<tr><th style='{_LEFT}'>{name.replace('_', ' ')}</th>"
            f"<td style='{_LEFT}'>{_markup(value)}</td></tr>"
            for name, value in fields
            if value not in (None, ())
        )
        title = f"<caption style='{_LEFT};font-weight:bold'>{type(self).__name__}</caption>"
        return f"<table>{title}{''.join(rows)}</table>"


WIDTH = 100
"""Characters after which a line of a printed record goes on below."""
_INDENT = "    "
_LEFT = "text-align:left;vertical-align:top"


def _markup(value: object) -> str:
    """A value, each of several on a line of its own; an address can be followed."""
    if isinstance(value, tuple):
        return "<br>".join(map(_markup, value))
    text = html.escape(_shown(value))
    web = isinstance(value, str) and value.startswith(("https://", "http://"))
    return f"<a href='{text}'>{text}</a>" if web else text


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value))
    kind: Any = type(value)
    if not attrs.has(kind) or isinstance(value, StatedDate):
        return str(value)
    inner = (getattr(value, f.name) for f in attrs.fields(kind))
    return ", ".join(_shown(item) for item in inner if item not in (None, ()))


def issue(record: Any) -> str:
    """The proposition and its levels."""
    return _lines(
        f"{record.name} [{record.issue_id}]{', core' if record.core else ''}",
        record.proposition,
        _line("levels", (level(step.name, step.level) for step in record.levels)),
        _line("aspects", (aspect.aspect for aspect in record.aspects)),
    )


def actor(record: Any) -> str:
    """Who it is, by which names and codes, and what it is to others."""
    also = (name.name for name in record.names if name.name != record.name)
    return _lines(
        f"{record.name} [{record.actor_id}], {record.kind}{_days(record)}",
        record.description,
        _line("also", also, "; "),
        _line("codes", (f"{code.scheme} {code.code}{_days(code)}" for code in record.codes)),
        *map(_role, record.roles),
        _silenced(record),
    )


def _role(role: Any) -> str:
    title = f" ({role.title})" if role.title else ""
    return f"{role.role} {role.of_actor_id}{title}{_days(role)}"


def event(record: Any) -> str:
    """What it was, and who had which part; what several documents tell stands once."""
    parts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for part in record.participants:
        parts[part.role][part.actor_id] = None
    about = (record.kind, record.held_on, record.place)
    return _lines(
        _joined(f"{record.name} [{record.event_id}]", *about),
        _line("series", (record.series,)),
        *(_line(role, actors) for role, actors in parts.items()),
        _silenced(record),
    )


def document(record: Any) -> str:
    """What it is, by whom and of when."""
    characters = record.characters and f"{record.characters} characters"
    return _lines(
        f"{record.title} [{record.document_id}], {record.kind}, {record.published_on}",
        _joined(record.author, record.publisher),
        record.url,
        _line("copy of", (record.derived_from,)),
        _joined(record.tier, characters, record.language),
        f"coded {record.coded_date} by {record.coder}",
        _line("note", (record.note,)),
        _silenced(record),
    )


def stance(record: Any) -> str:
    """Who stands where, how it reaches us, and where it is written."""
    stands = level(record.level_name, record.level)
    who = ", ".join(map(_holder, record.holders))
    some = f" ({record.quantifier})" if record.quantifier else ""
    joined = "joint" if record.joint else "own"
    return _lines(
        f"{who}{some} on {record.issue_id}, {record.stated_on}: {stands}, {joined}, {record.stance_id}",
        record.summary,
        _joined(record.act, record.attribution, f"confidence {record.confidence}"),
        _joined(*(f"{how} {of}" for how, name in _TIES if (of := getattr(record, name)))),
        _line("aspects", record.aspects),
        *map(_condition, record.conditions),
        _line("evidence", map(_place, record.evidence), "; "),
        _line("note", (record.note,)),
        _line("adjudication", (record.adjudication,)),
        _silenced(record),
    )


# What ties a stance to other records, and the words for it.
_TIES = (
    ("voiced by", "speaker_id"),
    ("ascribed by", "attributed_by_id"),
    ("towards", "target_id"),
    ("at", "event_id"),
    ("dated by", "dated_by"),
    ("coded by", "coder"),
    ("published as", "published_id"),
)


def _holder(holder: Any) -> str:
    return str(holder.actor_id) + ("" if holder.role == "party" else f" ({holder.role})")


def _condition(condition: Any) -> str:
    rests = f" [{condition.issue_id}]" if condition.issue_id else ""
    status = _joined(condition.status, condition.status_on)
    return f"on condition: {condition.condition}{rests}{status and f': {status}'}"


def _place(evidence: Any) -> str:
    if evidence.span_start is None:
        return str(evidence.locator)
    return f"characters {evidence.span_start} to {evidence.span_end}"


def position(record: Any) -> str:
    """Who is on record with what, in one line."""
    marks = [name for name in ("contested", "mixed") if getattr(record, name)]
    joined = "own" if record.own else "joint"
    stands = level(record.level_name, record.level)
    count = f"documents: {record.document_count}"
    about = f"{record.actor_name} on {record.issue_id}, {record.stated_on}"
    return f"{about}: {_joined(stands, joined, count, *marks, record.stance_id)}"


def _lines(head: str, *parts: str | None) -> str:
    """A head, and below it each part that there is; no id is broken, so that it can be copied."""
    wrapper = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapper.subsequent_indent = 2 * _INDENT
    lines = [wrapper.fill(head)]
    wrapper.initial_indent = _INDENT
    return "\n".join([*lines, *(wrapper.fill(part) for part in parts if part)])


def _line(label: str, values: Iterable[str | None], by: str = ", ") -> str:
    """Values behind their label; nothing where there are none."""
    there = by.join(value for value in values if value)
    return there and f"{label}: {there}"


def _joined(*values: object) -> str:
    return ", ".join(str(value) for value in values if value)


def _days(record: Any) -> str:
    ends = (("from", record.valid_from), ("to", record.valid_to))
    return "".join(f", {word} {day}" for word, day in ends if day)


def _silenced(record: Any) -> str:
    return _line("silenced", (silence.rule for silence in record.silences))
