"""Krippendorff's alpha, by the package `krippendorff` or for sets here, and their MASI distance."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from stancedata.problems import StancedataError

V = TypeVar("V")
Distance = str | Callable[[Any, Any], float]
"""`nominal`, `ordinal`, or a function of two values that returns the squared difference which
alpha uses, 0 for equal values."""
Unit = Sequence[V]
"""The values that coders gave to one unit, in any order; coders without a value are left out."""


def need() -> Any:
    """Import the package that computes alpha.

    Raises:
        StancedataError: If it is not installed; the message has the command to install it.
    """
    try:
        return importlib.import_module("krippendorff")
    except ImportError:
        raise StancedataError(
            "reliability: needs the package 'krippendorff', which is not installed; run pip "
            "install 'stancedata[reliability]'"
        ) from None


class Alpha:
    """Krippendorff's alpha over any bootstrap sample of documents.

    Source: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011. By definition,
    units with fewer than two values are left out.

    Args:
        by_document: Units by document.
        distance: The difference between two values.
    """

    def __init__(self, by_document: Mapping[str, Sequence[Unit[Any]]], distance: Distance) -> None:
        import numpy as np

        pairable = {d: [u for u in units if len(u) > 1] for d, units in by_document.items()}
        values = list(dict.fromkeys(v for units in pairable.values() for u in units for v in u))
        if distance == "ordinal":
            values.sort()
        self._distance = distance
        # A row for each unit: the number of coders that gave it each value.
        rows = [[unit.count(v) for v in values] for units in pairable.values() for unit in units]
        self._counts = np.array(rows, dtype=np.int64).reshape(len(rows), len(values))
        self._number = {document: number for number, document in enumerate(pairable)}
        self._document = np.repeat(np.arange(len(pairable)), list(map(len, pairable.values())))
        if not isinstance(distance, str):
            apart = [[distance(one, other) for other in values] for one in values]
            self._apart = np.array(apart, dtype=np.float64).reshape(len(values), len(values))
            others = self._counts.sum(axis=1) - 1
            self._observed = (self._counts @ self._apart * self._counts).sum(axis=1) / others

    def of(self, documents: Iterable[str]) -> float | None:
        """Compute alpha over some documents, weighting each by how often it is listed.

        Returns:
            1 for perfect agreement, 0 for agreement at the level of chance, negative below that.
            None if there are no units or no variance (all values are equal).
        """
        import numpy as np

        numbers = [self._number[document] for document in documents]
        times = np.bincount(numbers, minlength=len(self._number))
        counts = np.repeat(self._counts, times[self._document], axis=0)
        if np.count_nonzero(counts.sum(axis=0)) < 2:
            return None
        if np.count_nonzero(counts) == len(counts):
            return 1.0  # no observed disagreement; this saves most of the bootstrap's time
        if isinstance(self._distance, str):
            return float(need().alpha(value_counts=counts, level_of_measurement=self._distance))
        # The package makes a matrix of all values for each unit: too slow with hundreds of sets.
        given = counts.sum(axis=0)
        expected = given @ self._apart @ given / (given.sum() - 1)
        return float(1 - times[self._document] @ self._observed / expected)


def alpha(units: Sequence[Unit[Any]], distance: Distance) -> float | None:
    """Compute Krippendorff's alpha of units; see `Alpha.of`."""
    return Alpha({"": units}, distance).of([""])


def masi(one: frozenset[V], other: frozenset[V]) -> float:
    """Compute the MASI distance of two sets, from 0 if they are equal to 1 if they are disjoint.

    One minus the Jaccard index, weighted by 2/3 if one set contains the other and by 1/3 if they
    merely overlap. Source: Rebecca Passonneau, "Measuring Agreement on Set-valued Items (MASI) for
    Semantic and Pragmatic Annotation", LREC 2006.
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    weight = 2 if one <= other or other <= one else 1
    return 1 - weight * shared / (3 * len(one | other))
