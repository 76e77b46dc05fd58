"""Krippendorff's alpha, by the library of that name, and the distance of two sets."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from stancedata.problems import StancedataError

V = TypeVar("V")
Distance = str | Callable[[Any, Any], float]
"""`nominal`, `ordinal`, or a function of two values: 0 where they are alike, the squared distance
that alpha takes, as far as it goes, otherwise."""
Unit = Sequence[V]
"""What was said of one unit, one value for each coder who said anything, in any order."""


def need() -> Any:
    """The library that computes alpha.

    Raises:
        StancedataError: It is not installed; with what to install.
    """
    try:
        return importlib.import_module("krippendorff")
    except ImportError:
        raise StancedataError(
            "reliability: needs the package 'krippendorff', which is not installed; run pip "
            "install 'stancedata[reliability]'"
        ) from None


class Alpha:
    """Krippendorff's alpha of units that are in documents, for any draw of these.

    Source: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011. Units of which
    fewer than two coders said anything are left out, as they are by definition.

    Args:
        by_document: Units by document.
        distance: How far two values are apart.
    """

    def __init__(self, by_document: Mapping[str, Sequence[Unit[Any]]], distance: Distance) -> None:
        import numpy as np

        pairable = {d: [u for u in units if len(u) > 1] for d, units in by_document.items()}
        values = list(dict.fromkeys(v for units in pairable.values() for u in units for v in u))
        if distance == "ordinal":
            values.sort()
        self._metric: Any = distance
        if not isinstance(distance, str):
            between = [[distance(one, other) for other in values] for one in values]
            self._metric = lambda *_, **__: between  # the library asks once, for all pairs
        # How many coders gave each value to each unit, with the number of the unit's document.
        rows = [[unit.count(v) for v in values] for units in pairable.values() for unit in units]
        self._counts = np.array(rows, dtype=np.int64).reshape(len(rows), len(values))
        self._number = {document: number for number, document in enumerate(pairable)}
        self._document = np.repeat(np.arange(len(pairable)), list(map(len, pairable.values())))

    def of(self, documents: Iterable[str]) -> float | None:
        """The alpha of some documents, each as often as it is named.

        Returns:
            1 where all agree, 0 where they agree as if by chance, below where less than that;
            None where there are no units, or where the same was said of all of them, so that
            chance would do as well.
        """
        import numpy as np

        numbers = [self._number[document] for document in documents]
        times = np.bincount(numbers, minlength=len(self._number))
        counts = np.repeat(self._counts, times[self._document], axis=0)
        if np.count_nonzero(counts.sum(axis=0)) < 2:
            return None
        if np.count_nonzero(counts) == len(counts):
            return 1.0  # no disagreement was observed: nothing to compute, a thousand times
        return float(need().alpha(value_counts=counts, level_of_measurement=self._metric))


def alpha(units: Sequence[Unit[Any]], distance: Distance) -> float | None:
    """Krippendorff's alpha of units; see `Alpha.of`."""
    return Alpha({"": units}, distance).of([""])


def masi(one: frozenset[V], other: frozenset[V]) -> float:
    """Distance of two sets, from 0 for the same to 1 for sets that share nothing.

    One less the share of what they share (Jaccard), weighted by 2/3 where one holds the other
    whole and by 1/3 where neither does. Source: Rebecca Passonneau, "Measuring Agreement on
    Set-valued Items (MASI) for Semantic and Pragmatic Annotation", LREC 2006.
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    weight = 2 if one <= other or other <= one else 1
    return 1 - weight * shared / (3 * len(one | other))
