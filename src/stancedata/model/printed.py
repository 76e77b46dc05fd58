"""How records print: helpers for the lines of each noun, and the table in a notebook."""

from __future__ import annotations

import datetime
import html
import textwrap
from collections.abc import Iterable
from typing import Any

import attrs

from stancedata.model.dates import StatedDate


class Printed:
    """A record that a notebook shows as a table: its fields and values, one a row."""

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


def lines(head: str, *parts: str | None) -> str:
    """Wrap a head and, indented below it, each part that is not empty; no id is broken."""
    wrapper = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapper.subsequent_indent = 2 * _INDENT
    wrapped = [wrapper.fill(head)]
    wrapper.initial_indent = _INDENT
    return "\n".join([*wrapped, *(wrapper.fill(part) for part in parts if part)])


def line(label: str, values: Iterable[str | None], by: str = ", ") -> str:
    """Join values behind their label; empty where there are none."""
    there = by.join(value for value in values if value)
    return there and f"{label}: {there}"


def joined(*values: object) -> str:
    """Join the values that are not empty by commas."""
    return ", ".join(str(value) for value in values if value)


def days(valid_from: datetime.date | None, valid_to: datetime.date | None) -> str:
    """First and last day, each behind a comma, as far as they are known."""
    ends = (("from", valid_from), ("to", valid_to))
    return "".join(f", {word} {day}" for word, day in ends if day)
