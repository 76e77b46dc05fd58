"""Replace invalid fields by placeholders so that the rest of the record can still be checked.

One problem must not hide another. A patched record is never loaded, since it has problems.
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
    records.Identifiers: "x",
    records.LocalId: "s00",
    records.Digest: "0" * 64,
    records.Language: "en",
    records.Licence: "CC0-1.0",
    records.Address: "https://example.org",
    records.Wikidata: "Q0",
    records.Word: "x",
}


def patched(value: Any, shape: Any, faults: Iterable[FieldPath]) -> Any:
    """Copy the plain value of a record without its invalid parts.

    Args:
        value: The value as read from the file.
        shape: Class of the record.
        faults: Paths of the invalid, missing or unknown fields.
    """
    value = copy.deepcopy(value)
    # Last items first, so that deleting one does not shift the indexes of the others.
    for path in sorted(set(faults), key=lambda p: [(type(s).__name__, s) for s in p], reverse=True):
        _patch(value, shape, path)
    return value


def unpatched_path(path: FieldPath, faults: Iterable[FieldPath]) -> FieldPath:
    """Return the path in the file of a field of a patched record, which lacks invalid items.

    Args:
        path: Its path in the patched record.
        faults: Paths of the invalid parts.
    """
    lost = [(fault[:-1], last) for fault in faults if fault and isinstance(last := fault[-1], int)]
    found: FieldPath = ()
    for step in path:
        gone = sorted(number for before, number in lost if before == found)
        found = (*found, _shifted(step, gone) if isinstance(step, int) else step)
    return found


def _shifted(number: int, gone: Iterable[int]) -> int:
    """Return the number that an item of a list had before others were deleted."""
    for other in gone:
        number += other <= number
    return number


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
    """Delete a key; if it is required, give it a placeholder."""
    value.pop(name, None)
    if field is not None and field.default is attrs.NOTHING:
        value[name] = (
            [] if typing.get_origin(field.type) is tuple else _HARMLESS.get(field.type, "?")
        )
