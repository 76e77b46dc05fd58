"""How much the tests of properties try: a little in the usual run, more in `nox -s long`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")
TIMES = int(os.environ.get("STANCEDATA_EXAMPLES", "1"))
"""How many times the examples of the usual run are tried."""


def spread(values: Sequence[T], number: int) -> list[T]:
    """Choose so many values in the usual run, evenly from the first to the last; all of them if more is tried."""
    if TIMES > 1 or len(values) <= number:
        return list(values)
    return [values[n * (len(values) - 1) // (number - 1)] for n in range(number)]


def examples(number: int, steps: int = 50) -> settings:
    """Try this many examples in the usual run, those of a state machine of so many steps."""
    return settings(max_examples=number * TIMES, stateful_step_count=steps)
