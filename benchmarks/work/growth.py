"""How time grows with the number of stances: the exponent, from runs at several sizes in turn."""

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
"""The largest exponent that is meant to be."""


@attrs.frozen
class Growth:
    """Runs of ours at each size; why there is none, where one failed."""

    work: str
    samples: Mapping[int, list[Sample]]
    failed: str = ""

    def seconds(self, size: int) -> float:
        """Median of the runs at a size."""
        return statistics.median(s.seconds for s in self.samples[size])

    def exponent(self) -> float:
        """Median, run by run, of the slope of log time over log size between the ends."""
        few, many = min(self.samples), max(self.samples)
        steps = zip(self.samples[few], self.samples[many], strict=True)
        slopes = [math.log(late.seconds / early.seconds) for early, late in steps]
        return statistics.median(slopes) / math.log(many / few)


def grow(work: str, folders: Mapping[int, Path], runs: int) -> Growth:
    """Measure ours at each size in turn, so many times after a first run for warmth."""
    samples: dict[int, list[Sample]] = {size: [] for size in folders}
    for run in range(runs + 1):
        for size, folder in folders.items():
            try:
                sample = run_once(work, OURS, folder)
            except Failed as error:
                return Growth(work, {}, f"{size:,}: {error.said}")
            print(f"growth {work} {size:,}: {sample.seconds:.3f} s", file=sys.stderr, flush=True)
            samples[size] += [sample] if run else []
    return Growth(work, samples)


def sizes_up_to(stances: int | None) -> Sequence[int]:
    """The sizes at which growth is measured, the largest of them given."""
    return SIZES if stances is None else (stances // 100, stances // 10, stances)
