"""Iterate over all stances as typed objects with their children, from Parquet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.loading import library
from benchmarks.work.nested import nested


@attrs.frozen
class Passed:
    """Sums over all objects, to compare the contestants.

    Attributes:
        first: Seconds until the first object.
    """

    first: float
    stances: int
    children: int
    levels: int
    days: int


def ours(folder: Path) -> Run:
    """The library's collection of stances, made lazily."""
    read = library().read

    def values() -> Iterable[Any]:
        found: Iterable[Any] = read(folder).stances.values()
        return found

    return lambda: _pass(values)


def cattrs(folder: Path) -> Run:
    """A stock cattrs converter, into attrs classes."""
    import datetime

    import cattrs
    import pyarrow.parquet  # noqa: F401

    from benchmarks.work.models_attrs import Stance

    converter = cattrs.Converter()
    # A stock converter does not handle dates.
    converter.register_structure_hook(datetime.date, lambda value, _: value)
    return lambda: _pass(lambda: (converter.structure(r, Stance) for r in nested(folder)))


def pydantic(folder: Path) -> Run:
    """A pydantic model."""
    import pyarrow.parquet  # noqa: F401

    from benchmarks.work.models_pydantic import Stance

    return lambda: _pass(lambda: map(Stance.model_validate, nested(folder)))


def msgspec(folder: Path) -> Run:
    """Structs of msgspec."""
    import pyarrow.parquet  # noqa: F401
    from msgspec import convert

    from benchmarks.work.models_msgspec import Stance

    return lambda: _pass(lambda: (convert(row, Stance) for row in nested(folder)))


def rows(folder: Path) -> Run:
    """The same nested dictionaries, without making objects."""
    import pyarrow.parquet  # noqa: F401

    return lambda: sum(1 for _ in nested(folder))


def _pass(make: Callable[[], Iterable[Any]]) -> Passed:
    start = time.perf_counter()
    objects: Iterator[Any] = iter(make())
    stance = next(objects)
    first = time.perf_counter() - start
    stances = children = levels = days = 0
    while stance is not None:
        stances += 1
        children += len(stance.holders) + len(stance.aspects) + len(stance.conditions)
        children += len(stance.evidence)
        levels += stance.level or 0
        days += stance.stated_on.latest.day
        stance = next(objects, None)
    return Passed(first, stances, children, levels, days)


def _checksum(answer: Any) -> str:
    return str(attrs.astuple(answer)[1:] if isinstance(answer, Passed) else answer)


def _figures(answer: Any) -> dict[str, float]:
    return {"first object": answer.first} if isinstance(answer, Passed) else {}


WORK = Work(
    "typed objects of all stances, from Parquet",
    {OURS: ours, "cattrs": cattrs, "pydantic": pydantic, "msgspec": msgspec,
     "pyarrow, rows as dictionaries": rows},
    {"cattrs": 0.25, "pydantic": 0.35},
    checksum=_checksum, limits=frozenset({"pyarrow, rows as dictionaries"}), figures=_figures,
)  # fmt: skip
