"""Measure what was to be reached: `python -m benchmarks.targets [--rounds N] [--only NAME …] [--write]`.

Each target beside its best peer, in turns, in about seven minutes of a quiet machine once the data
are made. Processor time decides, since a clock says little on a busy machine; both are shown. With
`--write` the figures are saved, and the first table of docs/performance.md is made from them.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import attrs

import stancedata
from benchmarks import single
from benchmarks.child import work_of
from benchmarks.figures import PAGE
from benchmarks.measuring import OURS, interleave
from benchmarks.performance import DATA, data_of
from benchmarks.start_up import ENVIRONMENT, PAIRS

KEPT = Path(__file__).with_name("targets.json")
BEGIN, END = "<!-- targets: python -m benchmarks.targets --write -->", "<!-- end of targets -->"
MILLION = 1_000_000
SINGLE = (
    ("position", "then", "700 ms", 5.0),
    ("history", "then", "283 ms", 5.0),
    ("stance", "first", "4,200 ms", 50.0),
    ("stance", "then", "0.24–0.46 ms", 0.1),
)
"""Questions of one person at a million stances, what they took before, and the most milliseconds."""
PACKAGED = (("position", "then", "26 ms", 0.5),)
"""The same of the packaged data."""
ASKED = {
    "position": "`ds.position(holder, issue, on=…)`",
    "history": "`ds.history(holder, issue)`",
    "stance": "`ds.stances[id]`",
}
MOST_MIB = {"as_of": 300}
"""The most memory of a work, in MiB."""
WORKS = (
    ("as_of", MILLION, "DuckDB", "1.10–1.32 s", 1.2),
    ("agreement", 100_000, "NumPy one-hot product", "1.39 s", 1.2),
    ("check", MILLION, "polars", "5.7 s", 0.7),
    ("export", MILLION, "pyarrow", "3.05 s", 1.2),
    ("rewrite", MILLION, "pyarrow", "11.6 s", 1.5),
    ("csv", MILLION, "pyarrow", "5.87 s", 1.5),
)
"""Works, their sizes, the peer, what they took before, and the most times the peer's time."""
NAMES = ("questions", "packaged", *(name for name, *_ in WORKS))


@attrs.frozen
class Reached:
    """What was reached of a target.

    Attributes:
        what: The work.
        before: What it took when the target was set.
        ours: What it takes, with its unit.
        peer: What a peer takes, and its name.
        ratio: Our processor time to the peer's.
        clock: The same by the clock.
        peak: Our peak memory, in MiB.
        target: What was to be reached.
        is_met: Whether it was.
    """

    what: str
    before: str
    ours: str
    peer: str
    ratio: float
    clock: float
    target: str
    is_met: bool
    peak: int | None = None


def of_questions(
    folder: Path, wanted: tuple[tuple[str, str, str, float], ...], about: str, rounds: int
) -> Iterator[Reached]:
    """Measure single questions; their targets are in milliseconds."""
    found = {key[:3]: key[3] for key in single.measured(folder, rounds)}
    for question, when, before, most in wanted:
        worked, waited = found[question, when, "stancedata"]
        peers = {
            who: times
            for (asked, at, who), times in found.items()
            if (asked, at) == (question, when) and who != "stancedata"
        }
        best = min(peers, key=lambda who: peers[who][0])
        yield Reached(
            f"{ASKED[question]}, {when}, {about}",
            before,
            f"{worked:.2f} ms",
            f"{peers[best][0]:.1f} ms, {best}",
            worked / peers[best][0],
            waited / peers[best][1],
            f"{most:g} ms",
            worked <= most,
        )


def of_process(folder: Path, rounds: int) -> Reached:
    """Measure the whole process that prints a history of an export."""
    (pair,) = (pair for name, pair in PAIRS.items() if name.startswith("stancedata history"))
    commands = [[*pair[0], "--data", str(folder)], pair[1]]
    times = [[_times(command) for command in commands] for _ in range(1 + rounds)][1:]
    ours, limit = (statistics.median(run[n][0] for run in times) for n in (0, 1))
    worked, waited = (statistics.median(run[0][n] / run[1][n] for run in times) for n in (0, 1))
    return Reached(
        "`stancedata history russia recognition`, a whole process, packaged data",
        "0.39–0.78 s",
        f"{ours:.2f} s",
        f"{limit:.2f} s, `import pyarrow, duckdb`",
        worked,
        waited,
        "1.3 ×",
        worked <= 1.3,
    )


def _times(command: list[str]) -> tuple[float, float]:
    """Return the processor seconds and the seconds of a process."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, seconds


def of_work(
    name: str, stances: int, peer: str, before: str, most: float, place: Path, rounds: int
) -> Reached:
    """Measure a work beside a peer; its target is a multiple of the peer's time."""
    work = work_of(name)
    found = interleave(name, work, data_of(stances, place), stances, rounds, (peer,))
    if found.failed:
        raise SystemExit(f"{name}: {found.failed}")
    pairs = list(zip(found.samples[OURS], found.samples[peer], strict=True))
    ratio = statistics.median(one.processor / other.processor for one, other in pairs)
    peak, most_mib = found.peak(OURS), MOST_MIB.get(name, 0)
    return Reached(
        f"{work.title}, {stances:,} stances",
        before,
        f"{found.processor(OURS):.2f} s",
        f"{found.processor(peer):.2f} s, {peer}",
        ratio,
        found.ratio(peer),
        f"{most:g} ×" + (f", {most_mib} MiB" if most_mib else ""),
        ratio <= most and (not most_mib or peak <= most_mib),
        peak,
    )


def of_packaged(rounds: int) -> Iterator[Reached]:
    """Measure single questions of the packaged data, as an export, and a process that asks one."""
    with tempfile.TemporaryDirectory() as folder:
        stancedata.load().export(Path(folder) / "packaged")
        yield from of_questions(Path(folder) / "packaged", PACKAGED, "packaged data", rounds)
        yield of_process(Path(folder) / "packaged", rounds)


def measured(place: Path, rounds: int, only: list[str]) -> Iterator[Reached]:
    """Measure the targets, or only some of them."""
    if "questions" in only:
        yield from of_questions(data_of(MILLION, place), SINGLE, "a million stances", rounds)
    if "packaged" in only:
        yield from of_packaged(rounds)
    for name, stances, peer, before, most in WORKS:
        if name in only:
            yield of_work(name, stances, peer, before, most, place, rounds)


def table_of(found: list[Reached]) -> str:
    """Render a table with a row per target."""
    lines = [
        "| work | before | stancedata | peer | ratio | by the clock | MiB | at most | |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in found:
        peak = "" if row.peak is None else f"{row.peak:,}"
        ratios = (f"{row.ratio:.2f}", f"{row.clock:.2f}")
        verdict = "met" if row.is_met else "missed"
        cells = (row.what, row.before, row.ours, row.peer, *ratios, peak, row.target, verdict)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page_text(table: str) -> str:
    """Return the page with this table of targets."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"


def read() -> list[Reached]:
    """Read the saved figures."""
    if not KEPT.exists():
        return []
    return [Reached(**row) for row in json.loads(KEPT.read_text(encoding="utf-8"))]


def write(found: list[Reached]) -> None:
    """Save figures, and update the table in the page; figures that were not measured are kept."""
    known = {row.what: row for row in [*read(), *found]}
    rows = [attrs.asdict(row) for row in known.values()]
    KEPT.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page_text(table_of(list(known.values()))), encoding="utf-8")


def main() -> None:
    """Measure, print and save the figures."""
    parser = argparse.ArgumentParser(description="Measure every target beside its best peer.")
    parser.add_argument("--rounds", type=int, default=5, help="beside a first one for warmth")
    parser.add_argument("--data", type=Path, default=DATA, help="where data are kept")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), metavar="NAME")
    parser.add_argument("--write", action="store_true", help="keep the figures, and make the table")
    asked = parser.parse_args()
    found = list(measured(asked.data, asked.rounds, asked.only))
    print(table_of(found))
    if asked.write:
        write(found)


if __name__ == "__main__":
    main()
