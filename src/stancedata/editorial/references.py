"""Find the references to records in curated files, by what the contract says of each field."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import attrs

from stancedata.curation import records
from stancedata.curation.descriptions import column_of
from stancedata.curation.structure import SHORT, shape_of
from stancedata.curation.tree import Node

FOLDERS = {
    "actor": "actors",
    "event": "events",
    "document": "documents",
    "coverage": "coverage",
}
"""The kinds of records that have a file each, with its folder."""
_TARGETS = {
    "actors.actor_id": "actor",
    "events.event_id": "event",
    "documents.document_id": "document",
    "coverage.coverage_id": "coverage",
}
_NOT_IN_COLUMNS: dict[tuple[Any, str], str] = {(records.StanceRecord, "dated_by"): "document"}
"""References whose column may hold other values too."""
_UNFILLED = {"defaults": records.BlindStanceRecord}
"""Keys of files that are not filled in yet, with the record whose keys they have."""


def references(node: Node, shape: Any, kind: str) -> Iterator[Node]:
    """Yield the texts of a file that refer to a record of a kind.

    Args:
        node: The top of the file, or a part of it.
        shape: The class of its record.
        kind: One of `FOLDERS`.
    """
    if not isinstance(node.value, dict):
        return
    known = shape_of(shape)
    for key, value in node.value.items():
        if _refers(shape, key) == kind:
            yield from (n for n in _items(value) if isinstance(n.value, str))
        inner = _UNFILLED.get(key) or known.get(key, known.get("*", (None, "")))[0]
        if inner is not None:
            for item in _items(value):
                yield from _of_record(item, inner, kind)


def _of_record(node: Node, shape: Any, kind: str) -> Iterator[Node]:
    if isinstance(node.value, str):
        if shape in SHORT and _refers(shape, SHORT[shape]) == kind:
            yield node
    else:
        yield from references(node, shape, kind)


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else [node]


@functools.cache
def _refers(shape: Any, key: str) -> str | None:
    """Return the kind of record that a field refers to."""
    if not attrs.has(shape) or key not in attrs.fields_dict(shape):
        return None
    for base in shape.__mro__:
        if (base, key) in _NOT_IN_COLUMNS:
            return _NOT_IN_COLUMNS[base, key]
    column = column_of(shape, key)
    return _TARGETS.get(column.references) if column else None
