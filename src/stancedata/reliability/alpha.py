"""Krippendorff's alpha, by the library of that name, and the distance of two sets."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
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
            "reliability: needs a package that is not installed, got no 'krippendorff'; "
            "run pip install 'stancedata[reliability]'"
        ) from None


def alpha(units: Sequence[Unit[Any]], distance: Distance) -> float | None:
    """Krippendorff's alpha: 1 where all agree, 0 where they agree as if by chance.

    Source: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011.

    Args:
        units: What was said of each; those of which fewer than two said anything are left out,
            as they are by definition.
        distance: How far two values are apart.

    Returns:
        At most 1, below 0 where they agree less than by chance; None where there are no units
        left, or where the same was said of all of them, so that chance alone would do as well.
    """
    kept = [unit for unit in units if len(unit) > 1]
    values = list(dict.fromkeys(value for unit in kept for value in unit))
    if len(values) < 2:
        return None
    if all(value == unit[0] for unit in kept for value in unit):
        return 1.0  # no disagreement was observed: nothing to compute, a thousand times
    if distance == "ordinal":
        values.sort()
    counts = [[unit.count(value) for value in values] for unit in kept]
    metric: Any = distance
    if not isinstance(distance, str):
        between = [[distance(one, other) for other in values] for one in values]
        metric = lambda *_, **__: between  # noqa: E731 - the library asks once for all pairs
    return float(need().alpha(value_counts=counts, level_of_measurement=metric))


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
