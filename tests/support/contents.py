"""Convert curated tables back to model objects."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from stancedata import model
from stancedata.tables.bulk import in_batches
from stancedata.tables.objects import Builder

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


def from_tables(tables: Mapping[str, pa.Table]) -> model.Content:
    """Convert curated tables to a content: the inverse of `to_tables`."""
    builder = Builder(tables)

    def every(name: str, make: Callable[[pa.Table], Sequence[T]]) -> tuple[T, ...]:
        return tuple(itertools.chain.from_iterable(in_batches(tables[name], make)))

    return model.Content(
        builder.codebook(),
        every("actors", builder.actor),
        every("events", builder.event),
        every("documents", builder.document),
        every("stances", builder.stance),
        every("second_stances", builder.stance),
        every("codings", builder.coding),
        every("coverage", builder.coverage),
    )
