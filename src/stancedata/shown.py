"""How a notebook shows a record."""

from __future__ import annotations

import html
from typing import Any

import attrs

from stancedata.dates import StatedDate


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
