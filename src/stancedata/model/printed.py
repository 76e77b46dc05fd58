"""Print records: helpers for their `__str__`, and the HTML table that a notebook shows."""

from __future__ import annotations

import datetime
import html
import textwrap
from collections.abc import Iterable
from typing import Any

import attrs

from stancedata.model.dates import StatedDate


class Printed:
    """A mixin: a notebook shows the record as an HTML table with one row per field."""

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
"""The width, in characters, to which printed records are wrapped."""
_INDENT = "    "
_LEFT = "text-align:left;vertical-align:top"


def _markup(value: object) -> str:
    """Format a value as HTML: the items of a tuple on separate lines, web addresses as links."""
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


def lines(head: str, *parts: str | None) -> str:
    """Wrap a head and, indented below it, each non-empty part, without breaking any id."""
    wrapper = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapper.subsequent_indent = 2 * _INDENT
    wrapped = [wrapper.fill(head)]
    wrapper.initial_indent = _INDENT
    return "\n".join([*wrapped, *(wrapper.fill(part) for part in parts if part)])


def line(label: str, values: Iterable[str | None], by: str = ", ") -> str:
    """Join non-empty values after a label; return an empty text if there are none."""
    there = by.join(value for value in values if value)
    return there and f"{label}: {there}"


def joined(*values: object) -> str:
    """Join the non-empty values with commas."""
    return ", ".join(str(value) for value in values if value)


def days(valid_from: datetime.date | None, valid_to: datetime.date | None) -> str:
    """Format the first and last day, each after a comma; omit unknown ones."""
    ends = (("from", valid_from), ("to", valid_to))
    return "".join(f", {word} {day}" for word, day in ends if day)
