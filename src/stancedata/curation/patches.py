"""A record made whole enough to look at: what is already known to be wrong is taken out.

One fault must not hide another: the rest of a record is checked too, with harmless values in the
place of those that could not be read. Such a record is never loaded, since it has problems.
"""

from __future__ import annotations

import copy
import datetime
import typing
from collections.abc import Iterable
from typing import Any

import attrs

from stancedata.curation import records
from stancedata.curation.source import FieldPath
from stancedata.curation.structure import item_class

_HARMLESS: dict[Any, Any] = {
    str: "?",
    int: "999999999",
    bool: "false",
    datetime.date: "2000-01-01",
    records.Edtf: "2000",
    records.Identifier: "x",
    records.LocalId: "s00",
    records.Digest: "0" * 64,
    records.Language: "en",
    records.Address: "https://example.org",
    records.Wikidata: "Q0",
}


def patched(value: Any, shape: Any, faults: Iterable[FieldPath]) -> Any:
    """A copy of a record's plain value without its faults.

    Args:
        value: The value, as it was read.
        shape: Class of its record.
        faults: Paths in it of what is wrong, missing or unknown.
    """
    value = copy.deepcopy(value)
    # The last items first, so that taking one out moves none of the others that are to go.
    for path in sorted(set(faults), key=lambda p: [(type(s).__name__, s) for s in p], reverse=True):
        _patch(value, shape, path)
    return value


def _patch(value: Any, shape: Any, path: FieldPath) -> None:
    for depth, step in enumerate(path):
        last = depth == len(path) - 1
        if isinstance(step, int):
            if last and isinstance(value, list) and step < len(value):
                del value[step]
                return
            if not isinstance(value, list) or step >= len(value):
                return
            value = value[step]
            continue
        if not isinstance(value, dict):
            return
        field = _field(shape, step)
        if last or not isinstance(value.get(step), (dict, list)):
            _replace(value, step, field)
            return
        value, shape = value[step], item_class(field.type) if field else None


def _field(shape: Any, name: str) -> attrs.Attribute[Any] | None:
    if shape is None or not attrs.has(shape):
        return None
    attrs.resolve_types(shape)
    return next((field for field in attrs.fields(shape) if field.name == name), None)


def _replace(value: dict[str, Any], name: str, field: attrs.Attribute[Any] | None) -> None:
    """Take a key out where it may be absent; where it may not, give it a harmless value."""
    value.pop(name, None)
    if field is not None and field.default is attrs.NOTHING:
        value[name] = (
            [] if typing.get_origin(field.type) is tuple else _HARMLESS.get(field.type, "?")
        )
