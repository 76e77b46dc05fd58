"""Measure contestants in turn, each run in its own process.

If the machine slows down, it slows all of them, so the result is the median of the ratios run by run.
Imports are not timed. Peak memory is that of the whole process.
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
"""Imports what it needs, prepares a folder of tables, and returns the function to time."""


@attrs.frozen
class Work:
    """A task and the contestants that do it.

    Attributes:
        title: The task.
        contestants: Contestants by name; `OURS` is the library.
        bounds: Maximum ratio of our time to that of a contestant.
        checksum: Turns an answer into a text to compare; not timed.
        limits: Contestants that do less, such as only reading the files; their answers may differ.
        figures: Further figures of an answer, by name.
        sizes: Numbers of stances at which to measure.
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
        seconds: Wall-clock time.
        processor: Processor time of all threads, in seconds.
        peak: Peak memory, in MiB.
        checksum: Checksum of the answer.
        figures: Further figures of the answer.
    """

    seconds: float
    processor: float
    peak: int
    checksum: str
    figures: Mapping[str, float]


@attrs.define
class Failed(Exception):  # noqa: N818 - an outcome that the table reports
    """A contestant ended without an answer."""

    contestant: str
    message: str


def run_once(work: str, contestant: str, folder: Path) -> Sample:
    """Run a contestant once in its own process.

    Raises:
        Failed: If it ends without an answer; with the last line of its error output.
    """
    command = [sys.executable, "-m", "benchmarks.child", work, contestant, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise Failed(contestant, lines[-1][:200])
    return Sample(**json.loads(done.stdout.splitlines()[-1]))


@attrs.frozen
class Comparison:
    """The measurements of a work at one size.

    Attributes:
        samples: The runs of each contestant, without the first.
        failed: Error messages of contestants without an answer.
    """

    work: str
    stances: int
    samples: Mapping[str, list[Sample]]
    failed: Mapping[str, str]

    def seconds(self, contestant: str) -> float:
        """Return the median time of a contestant."""
        return statistics.median(s.seconds for s in self.samples[contestant])

    def processor(self, contestant: str) -> float:
        """Return the median processor time of a contestant."""
        return statistics.median(s.processor for s in self.samples[contestant])

    def share(self, figure: str) -> float | None:
        """Return the median of one of our figures as a share of the time; None if missing."""
        shares = [
            s.figures[figure] / s.seconds for s in self.samples.get(OURS, []) if figure in s.figures
        ]
        return statistics.median(shares) if shares else None

    def peak(self, contestant: str) -> int:
        """Return the peak memory of a contestant's runs, in MiB."""
        return max(s.peak for s in self.samples[contestant])

    def ratio(self, contestant: str) -> float:
        """Return the median ratio of our time to a contestant's, run by run."""
        pairs = zip(self.samples[OURS], self.samples[contestant], strict=True)
        return statistics.median(one.seconds / other.seconds for one, other in pairs)


def interleave(
    name: str, work: Work, folder: Path, stances: int, runs: int, only: Iterable[str] = ()
) -> Comparison:
    """Measure the contestants of a work in turn: one warm-up and then `runs` runs.

    A contestant whose answer differs from ours has failed.
    """
    names = [n for n in work.contestants if n == OURS or not only or n in only]
    samples: dict[str, list[Sample]] = {n: [] for n in names}
    failed: dict[str, str] = {}
    for run in range(runs + 1):
        for contestant in [n for n in names if n not in failed]:
            try:
                sample = run_once(name, contestant, folder)
            except Failed as error:
                failed[contestant] = error.message
                continue
            what = f"{sample.seconds:.3f} s ({sample.processor:.3f}), {sample.peak} MiB"
            print(f"{name} {stances:,} {contestant}: {what}", file=sys.stderr, flush=True)
            samples[contestant] += [sample] if run else []
    failed |= _other_answers(work, {n: s for n, s in samples.items() if n not in failed})
    return Comparison(name, stances, {n: s for n, s in samples.items() if n not in failed}, failed)


def _other_answers(work: Work, samples: Mapping[str, list[Sample]]) -> dict[str, str]:
    """Return the contestants whose answers differ from ours, or between runs."""
    answers = {n: {s.checksum for s in found} for n, found in samples.items()}
    expected = answers.get(OURS)
    return {
        name: f"another answer: {', '.join(sorted(found))}"
        for name, found in answers.items()
        if len(found) > 1 or (expected and name not in work.limits and found != expected)
    }
