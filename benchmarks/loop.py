"""Measure the loop of coding: `python -m benchmarks.loop [--documents N …] [--write]`.

Each command runs in a process of its own. Printed are its processor seconds, start-up included, and
its peak memory: medians of some rounds, since a shared machine is not always equally fast. With
`--write` the figures are saved, and the table in docs/performance.md is made from them.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from benchmarks.figures import PAGE
from benchmarks.made.folder import make_folder
from benchmarks.start_up import ENVIRONMENT

SIZES = (250, 1_000, 5_000)
DATA = Path(__file__).resolve().parents[1] / "data"
KEPT = Path(__file__).with_name("loop.json")
BEGIN, END = "<!-- loop: python -m benchmarks.loop --write -->", "<!-- end of loop -->"
MOST_REPEATED = 1_000
"""The most documents of a folder that is measured in more than one round."""
SHIPPED = "chintan-2021-10"
"""A document of the data of this repository."""
READ = "import sys, stancedata; stancedata.read(sys.argv[1])"
COMMAND = "from stancedata.__main__ import main; main()"
NEW = ("code", "new", "--id", "new", "--title", "T", "--publisher", "P", "--kind", "news", "--coder", "adjudicator",
       "--published-on", "2020-01-01", "--url", "https://example.org/new", "--data")  # fmt: skip


@attrs.frozen
class Figure:
    """What one command took.

    Attributes:
        what: The command, and what happened before it.
        documents: The number of documents.
        seconds: Processor seconds, of start-up too.
        peak: Peak memory in MiB.
    """

    what: str
    documents: int
    seconds: float
    peak: int


class Loop:
    """The commands that are measured on one folder, with a cache of its own.

    Args:
        folder: The data folder.
        one: The document that is edited and reviewed.
        place: Where to put the cache and exports.
    """

    def __init__(self, folder: Path, one: str, place: Path) -> None:
        self.folder, self.document, self.place = folder, one, place
        self.documents = len(list((folder / "documents").iterdir()))
        self.one = folder / "documents" / f"{one}.yaml"
        self.text = self.one.read_text(encoding="utf-8")

    def checks(self) -> Iterator[Figure]:
        """Check everything, cold and after an edit."""
        yield self.run("import pyarrow, duckdb", code="import pyarrow.compute, duckdb")
        self.forget()
        yield self.run("check, cold", "check", self.folder)
        yield self.run("check, nothing changed", "check", self.folder)
        edited = re.sub(r"(summary: (>-\n *)?)", r"\1As reported, ", self.text, count=1)
        self.one.write_text(edited, encoding="utf-8")
        yield self.run("check, a summary changed", "check", self.folder)

    def of_one_document(self) -> Iterator[Figure]:
        """Work on one document; each time it is as it never was before."""
        self.one.write_text(self.text[: self.text.rindex("  - id: s")], encoding="utf-8")
        yield self.run("check, a stance removed", "check", self.folder)
        self.one.write_text(self.text, encoding="utf-8")
        self.run("check", "check", self.folder)
        self.add_stance()
        only = ("--only", self.document)
        yield self.run("check --only, a stance added", "check", self.folder, *only)
        self.add_stance()
        review = ("code", "review", self.document, "--data")
        yield self.run("code review, a stance added", *review, self.folder)
        yield self.run("code new", *NEW, self.folder)

    def of_all(self) -> Iterator[Figure]:
        """Read, format and export everything, cold and again."""
        commands: dict[str, tuple[str | Path, ...]] = {
            "format --check": ("format", "--check", self.folder),
            "export": ("export", self.place / "export", "--data", self.folder),
        }
        self.forget()
        yield self.run("read, cold", self.folder, code=READ)
        yield self.run("read, nothing changed", self.folder, code=READ)
        for what, command in commands.items():
            self.forget()
            yield self.run(f"{what}, cold", *command)
            yield self.run(f"{what}, nothing changed", *command)

    def releases(self) -> Iterator[Figure]:
        """Release everything, and then a stance."""
        self.forget()
        yield self.run("release, the first, cold", "release", "0.1.0", self.folder)
        self.add_stance()
        yield self.run("release, a stance added", "release", "0.2.0", self.folder)

    def add_stance(self) -> None:
        """Add a stance to the document: its last one, of the next holder, and with other words."""
        text = self.one.read_text(encoding="utf-8")
        last = text[text.rindex("  - id: s") :]
        number = int(last[9:11])
        holder = int(last.partition("[state-")[2].partition("]")[0])
        stance = (
            last.replace(f"s{number:02}", f"s{number + 1:02}", 1)
            .replace(f"state-{holder + 1}", f"state-{holder + 2}")
            .replace(f"state-{holder}]", f"state-{holder + 1}]")
            .replace(f"number {holder}", f"number {holder + 1}")
        )
        span, digest = stance.partition("span: ")[2].split("\n")[:2]
        words = hashlib.sha256(f"{number}".encode()).hexdigest()
        stance = stance.replace(span, f"[{number * 200}, {number * 200 + 90}]")
        self.one.write_text(
            text + stance.replace(digest, f"        sha256: {words}"), encoding="utf-8"
        )

    def forget(self) -> None:
        """Empty the cache."""
        shutil.rmtree(self.place / "cache", ignore_errors=True)

    def run(self, what: str, *words: str | Path, code: str = COMMAND) -> Figure:
        """Run a command of this library; return what it took."""
        environment = {**ENVIRONMENT, "STANCEDATA_CACHE": str(self.place / "cache")}
        command = [sys.executable, "-c", code, *words]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{what}: failed with status {process.returncode}")
        return Figure(what, self.documents, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def made(documents: int, place: Path) -> Iterator[Figure]:
    """Run every command on a made folder of this many documents."""
    loop = Loop(make_folder(documents, place / "data", DATA), "post-7", place)
    yield from loop.checks()
    yield from loop.of_one_document()
    yield from loop.of_all()
    yield from loop.releases()


def shipped(place: Path) -> Iterator[Figure]:
    """Run the commands that fit any data on a copy of the data of this repository."""
    loop = Loop(shutil.copytree(DATA, place / "data"), SHIPPED, place)
    yield from loop.checks()
    yield from loop.of_all()


def median(rounds: list[list[Figure]]) -> list[Figure]:
    """Return the medians of some rounds of the same commands, and the highest peaks."""
    return [
        attrs.evolve(
            same[0],
            seconds=statistics.median(figure.seconds for figure in same),
            peak=max(figure.peak for figure in same),
        )
        for same in zip(*rounds, strict=True)
    ]


def measured(rounds: int, run: Callable[[Path], Iterator[Figure]]) -> list[Figure]:
    """Measure some rounds, each in a folder of its own; return the medians."""
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            found.append(list(run(Path(place))))
    return median(found)


def table_of(figures: list[Figure]) -> str:
    """Render a table with a row for each command and columns for each size."""
    sizes = sorted({figure.documents for figure in figures})
    found = {(figure.what, figure.documents): figure for figure in figures}
    heads = [f"{n:,} documents | MiB" for n in sizes]
    lines = [
        f"| command | {' | '.join(heads)} | slope |",
        f"| --- |{' ---: | ---: |' * len(sizes)} ---: |",
    ]
    largest = [figure.what for figure in figures if figure.documents == sizes[-1]]
    for what in largest:  # where every command was run
        row = [found.get((what, n)) for n in sizes]
        cells = (f"{f.seconds:.2f} | {f.peak:,}" if f else " | " for f in row)
        lines.append(f"| {what} | {' | '.join(cells)} | {_slope(row[-2:])} |")
    return "\n".join(lines)


def _slope(row: list[Figure | None]) -> str:
    """Return the slope of log seconds over log documents, between the two largest sizes."""
    if len(row) < 2 or row[0] is None or row[1] is None:
        return ""
    one, other = row[0], row[1]
    slope = math.log(other.seconds / one.seconds) / math.log(other.documents / one.documents)
    return f"{slope:.2f}"


def page_text(table: str) -> str:
    """Return the page with this table of the loop."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}"


def read() -> list[Figure]:
    """Read the saved figures."""
    return [Figure(**row) for row in json.loads(KEPT.read_text(encoding="utf-8"))]


def write(figures: list[Figure]) -> None:
    """Save figures, and update the table in the page."""
    rows = [attrs.asdict(figure) for figure in figures]
    KEPT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page_text(table_of(figures)), encoding="utf-8")


def main(say: Callable[[str], object] = print) -> None:
    """Measure, print and save the figures."""
    parser = argparse.ArgumentParser(description="Measure the loop of coding.")
    parser.add_argument("--documents", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="keep the figures, and make the table")
    asked = parser.parse_args()
    figures = measured(asked.rounds, shipped)
    for documents in asked.documents:
        rounds = 1 if documents > MOST_REPEATED else asked.rounds
        figures += measured(rounds, functools.partial(made, documents))
    say(table_of(figures))
    if asked.write:
        write(figures)


if __name__ == "__main__":
    main()
