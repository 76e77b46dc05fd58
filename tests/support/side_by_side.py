"""Merge many generated datasets into one, so that a single query answers for all of them.

A query costs DuckDB some twenty milliseconds however small the dataset is, so that ten
thousand datasets take hours one by one. Here the ids of each dataset get a prefix of their own,
so that datasets do not mix, and the oracle answers for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, TypeVar

import attrs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from stancedata.model import Codebook, Content
from stancedata.model.dates import StatedDate

T = TypeVar("T")
TOGETHER = 40


def gather(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """Collect a number of examples of a strategy."""
    found: list[T] = []

    @settings(max_examples=count, phases=[Phase.generate], database=None)
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found


def _nothing(_: Content) -> Set[str]:
    return frozenset()


def merged(contents: Sequence[Content], own: Callable[[Content], Set[str]] = _nothing) -> Content:
    """Merge datasets with the same codebook, using prefixes that keep them apart and in order.

    Args:
        contents: The datasets.
        own: Gives further texts of a content that must not match those of another.
    """
    parts = [
        prefixed(content, f"c{number:02}-", own(content)) for number, content in enumerate(contents)
    ]
    together = {
        name: tuple(record for part in parts for record in getattr(part, name))
        for name in (
            "actors",
            "events",
            "documents",
            "stances",
            "blind_stances",
            "coverage",
            "codings",
        )
    }
    return Content(contents[0].codebook, **together)


def prefixed(content: Content, prefix: str, own: Set[str] = frozenset()) -> Content:
    """Prefix the ids of actors, events, documents and stances."""
    ids = {
        *own,
        *(a.actor_id for a in content.actors), *(e.event_id for e in content.events),
        *(d.document_id for d in content.documents), *(s.stance_id for s in content.stances),
        *(s.stance_id for s in content.blind_stances),
        *(c.coverage_id for c in content.coverage),
    }  # fmt: skip
    found: Content = renamed(content, {name: prefix + name for name in ids})
    return found


def renamed(value: Any, ids: Mapping[str, str]) -> Any:
    """Rename records and all references to them."""
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, tuple):
        return tuple(renamed(item, ids) for item in value)
    if attrs.has(type(value)) and not isinstance(value, StatedDate | Codebook):
        # A kind may equal an id of another record, and must not be renamed.
        kept = {"kind": value.kind} if hasattr(value, "kind") else {}
        fields = [f.name for f in attrs.fields(type(value)) if f.init]
        made = {n: renamed(getattr(value, n), ids) for n in fields}
        return type(value)(**made | kept)
    return value


def hold_for_all(check: Callable[..., None], contents: Sequence[Content], *others: Any) -> None:
    """Check contents side by side; if that fails, find the first that fails alone."""
    for start in range(0, len(contents), TOGETHER):
        some = contents[start : start + TOGETHER]
        try:
            check(merged(some), *others)
        except AssertionError:
            for content in some:
                check(content, *others)
            raise
