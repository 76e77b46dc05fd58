"""Measure contestants in turn: each in a process of its own, one run of each after the other.

A machine that slows down slows all of them, so what counts is the median of the ratios run by
run. What is timed begins after imports. Peak memory is that of the whole process.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs

OURS = "stancedata"
Run = Callable[[], Any]
Prepare = Callable[[Path], Run]
"""Imports what it needs for a folder of tables, and gives what is to be timed."""


@attrs.frozen
class Work:
    """One thing to do, and who does it.

    Attributes:
        title: What is done.
        contestants: Who does it, by name; `OURS` is ours.
        bounds: How many times as long as another ours may take.
        checksum: Makes a text of an answer, the same for the same answer; it is not timed.
        limits: Those that answer another question, such as reading the files.
        figures: Further figures of an answer, by name.
        sizes: Numbers of stances at which it is measured.
    """

    title: str
    contestants: Mapping[str, Prepare]
    bounds: Mapping[str, float]
    checksum: Callable[[Any], str] = str
    limits: frozenset[str] = frozenset()
    figures: Callable[[Any], Mapping[str, float]] = lambda _: {}
    sizes: tuple[int, ...] = (1_000_000,)


@attrs.frozen
class Sample:
    """One run.

    Attributes:
        seconds: Time by the clock.
        processor: Seconds that processors worked for it, together.
        peak: Most memory, in MiB.
        checksum: Of the answer.
        figures: Further figures of it.
    """

    seconds: float
    processor: float
    peak: int
    checksum: str
    figures: Mapping[str, float]


@attrs.define
class Failed(Exception):  # noqa: N818 - it is what became of a contestant, and part of the table
    """A contestant ended without an answer."""

    contestant: str
    said: str


def run_once(work: str, contestant: str, folder: Path) -> Sample:
    """One run in a process of its own.

    Raises:
        Failed: It ended without an answer; with the last line that it said.
    """
    command = [sys.executable, "-m", "benchmarks.child", work, contestant, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise Failed(contestant, lines[-1][:200])
    return Sample(**json.loads(done.stdout.splitlines()[-1]))


@attrs.frozen
class Comparison:
    """What a work took at one size.

    Attributes:
        samples: The runs of each contestant, the first of each left out.
        failed: What those said that ended without an answer.
    """

    work: str
    stances: int
    samples: Mapping[str, list[Sample]]
    failed: Mapping[str, str]

    def seconds(self, contestant: str) -> float:
        """Median of a contestant's runs."""
        return statistics.median(s.seconds for s in self.samples[contestant])

    def processor(self, contestant: str) -> float:
        """Median of the seconds that processors worked."""
        return statistics.median(s.processor for s in self.samples[contestant])

    def share(self, figure: str) -> float | None:
        """Median of a further figure of ours as a share of its time; None where it has none."""
        shares = [
            s.figures[figure] / s.seconds for s in self.samples.get(OURS, []) if figure in s.figures
        ]
        return statistics.median(shares) if shares else None

    def peak(self, contestant: str) -> int:
        """Most memory of a contestant's runs, in MiB."""
        return max(s.peak for s in self.samples[contestant])

    def ratio(self, contestant: str) -> float:
        """Median of ours to another's, run by run."""
        pairs = zip(self.samples[OURS], self.samples[contestant], strict=True)
        return statistics.median(one.seconds / other.seconds for one, other in pairs)


def interleave(
    name: str, work: Work, folder: Path, stances: int, runs: int, only: Iterable[str] = ()
) -> Comparison:
    """Measure every contestant of a work, in turn, so many times after a first run for warmth.

    Whoever gives another answer than ours has failed, whatever time it took.
    """
    names = [n for n in work.contestants if n == OURS or not only or n in only]
    samples: dict[str, list[Sample]] = {n: [] for n in names}
    failed: dict[str, str] = {}
    for run in range(runs + 1):
        for contestant in [n for n in names if n not in failed]:
            try:
                sample = run_once(name, contestant, folder)
            except Failed as error:
                failed[contestant] = error.said
                continue
            what = f"{sample.seconds:.3f} s ({sample.processor:.3f}), {sample.peak} MiB"
            print(f"{name} {stances:,} {contestant}: {what}", file=sys.stderr, flush=True)
            samples[contestant] += [sample] if run else []
    failed |= _other_answers(work, {n: s for n, s in samples.items() if n not in failed})
    return Comparison(name, stances, {n: s for n, s in samples.items() if n not in failed}, failed)


def _other_answers(work: Work, samples: Mapping[str, list[Sample]]) -> dict[str, str]:
    """Those whose answers differ from ours, or from one run to the next."""
    answers = {n: {s.checksum for s in found} for n, found in samples.items()}
    expected = answers.get(OURS)
    return {
        name: f"another answer: {', '.join(sorted(found))}"
        for name, found in answers.items()
        if len(found) > 1 or (expected and name not in work.limits and found != expected)
    }
