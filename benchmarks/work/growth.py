"""Growth of time with the number of stances: the exponent, from runs at several sizes in turn."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from benchmarks.measuring import OURS, Failed, Sample, run_once

WORKS = ("check", "as_of", "rewrite")
SIZES = (100_000, 1_000_000, 10_000_000)
MOST = 1.05
"""Target for the exponent, a maximum."""


@attrs.frozen
class Growth:
    """The library's runs at each size, or the error message if one failed."""

    work: str
    samples: Mapping[int, list[Sample]]
    failed: str = ""

    def seconds(self, size: int) -> float:
        """Return the median time at a size."""
        return statistics.median(s.seconds for s in self.samples[size])

    def exponent(self) -> float:
        """Return the median slope, run by run, of log time over log size, from smallest to largest."""
        few, many = min(self.samples), max(self.samples)
        steps = zip(self.samples[few], self.samples[many], strict=True)
        slopes = [math.log(late.seconds / early.seconds) for early, late in steps]
        return statistics.median(slopes) / math.log(many / few)


def grow(work: str, folders: Mapping[int, Path], runs: int) -> Growth:
    """Measure the library at each size in turn: one warm-up and then `runs` runs."""
    samples: dict[int, list[Sample]] = {size: [] for size in folders}
    for run in range(runs + 1):
        for size, folder in folders.items():
            try:
                sample = run_once(work, OURS, folder)
            except Failed as error:
                return Growth(work, {}, f"{size:,}: {error.message}")
            print(f"growth {work} {size:,}: {sample.seconds:.3f} s", file=sys.stderr, flush=True)
            samples[size] += [sample] if run else []
    return Growth(work, samples)


def sizes_up_to(stances: int | None) -> Sequence[int]:
    """Return the sizes to measure, up to `stances` if given."""
    return SIZES if stances is None else (stances // 100, stances // 10, stances)
