"""How much the tests of properties try: a little in the usual run, more in `nox -s long`."""

from __future__ import annotations

import os

from hypothesis import settings

TIMES = int(os.environ.get("STANCEDATA_EXAMPLES", "1"))
"""How many times the examples of the usual run are tried."""


def examples(number: int, steps: int = 50) -> settings:
    """Try this many examples in the usual run, those of a state machine of so many steps."""
    return settings(max_examples=number * TIMES, stateful_step_count=steps)
