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
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:left'>{html.escape(_shown(value))}</td></tr>"
            for name, value in fields
            if value not in (None, ())
        )
        return f"<table><caption>{type(self).__name__}</caption>{''.join(rows)}</table>"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_shown, value))
    kind: Any = type(value)
    if not attrs.has(kind) or isinstance(value, StatedDate):
        return str(value)
    inner = (getattr(value, f.name) for f in attrs.fields(kind))
    return ", ".join(_shown(item) for item in inner if item not in (None, ()))
