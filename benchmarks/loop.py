"""Measure the loop of coding: `python -m benchmarks.loop [--documents N …] [--write]`.

Each command runs in a process of its own. Printed are its processor seconds, start-up included, and
its peak memory: medians of some rounds, since a shared machine is not always equally fast. With
`--write` the figures are saved, and the table in docs/performance.md is made from them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
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

SIZES = (250, 1_000, 5_000)
DATA = Path(__file__).resolve().parents[1] / "data"
KEPT = Path(__file__).with_name("loop.json")
BEGIN, END = "<!-- loop: python -m benchmarks.loop --write -->", "<!-- end of loop -->"
ONE = "post-7"
"""The document that is edited and reviewed."""
READ = "import sys, stancedata; stancedata.read(sys.argv[1])"
COMMAND = "from stancedata.cli import main; main()"
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
        documents: How many documents the folder has.
        place: Where to make it.
    """

    def __init__(self, documents: int, place: Path) -> None:
        self.documents, self.place = documents, place
        self.folder = make_folder(documents, place / "data", DATA)
        self.one = self.folder / "documents" / f"{ONE}.yaml"
        self.text = self.one.read_text(encoding="utf-8")

    def figures(self) -> Iterator[Figure]:
        """Run every command, in the order of the table."""
        yield from self.checks()
        yield from self.of_one_document()
        yield from self.of_all()
        yield from self.releases()

    def checks(self) -> Iterator[Figure]:
        """Check everything, cold and after edits."""
        self.forget()
        yield self.run("check, cold", "check", self.folder)
        yield self.run("check, nothing changed", "check", self.folder)
        self.edit("summary: >-\n      State", "summary: >-\n      The state")
        yield self.run("check, a summary changed", "check", self.folder)
        self.one.write_text(self.text[: self.text.index("  - id: s04")], encoding="utf-8")
        yield self.run("check, a stance removed", "check", self.folder)
        self.one.write_text(self.text, encoding="utf-8")
        self.run("", "check", self.folder)

    def of_one_document(self) -> Iterator[Figure]:
        """Work on one document; each time it is as it never was before."""
        self.add_stance()
        yield self.run("check --only, a stance added", "check", self.folder, "--only", ONE)
        self.add_stance()
        yield self.run("code review, a stance added", "code", "review", ONE, "--data", self.folder)
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

    def edit(self, old: str, new: str) -> None:
        """Replace a text in the document."""
        text = self.one.read_text(encoding="utf-8")
        assert old in text
        self.one.write_text(text.replace(old, new, 1), encoding="utf-8")

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
        environment = {**os.environ, "STANCEDATA_CACHE": str(self.place / "cache")}
        command = [sys.executable, "-c", code, *words]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{what}: failed with status {process.returncode}")
        return Figure(what, self.documents, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def measured(documents: int, rounds: int, place: Path) -> list[Figure]:
    """Run every command on a folder of this many documents, and again; return the medians."""
    found = [list(Loop(documents, place / str(n)).figures()) for n in range(rounds)]
    return [
        attrs.evolve(
            of_one[0],
            seconds=statistics.median(f.seconds for f in of_one),
            peak=max(f.peak for f in of_one),
        )
        for of_one in zip(*found, strict=True)
    ]


def table_of(figures: list[Figure]) -> str:
    """Render a table with a row for each command and columns for each size."""
    sizes = sorted({figure.documents for figure in figures})
    found = {(figure.what, figure.documents): figure for figure in figures}
    heads = [f"{n:,} documents | MiB" for n in sizes]
    lines = [
        f"| command | {' | '.join(heads)} | slope |",
        f"| --- |{' ---: | ---: |' * len(sizes)} ---: |",
    ]
    for what in dict.fromkeys(figure.what for figure in figures):
        row = [found[what, n] for n in sizes]
        cells = (f"{figure.seconds:.2f} | {figure.peak:,}" for figure in row)
        lines.append(f"| {what} | {' | '.join(cells)} | {_slope(row[-2:])} |")
    return "\n".join(lines)


def _slope(row: list[Figure]) -> str:
    """Return the slope of log seconds over log documents, between the two largest sizes."""
    if len(row) < 2:
        return ""
    one, other = row
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
    with tempfile.TemporaryDirectory() as place:
        sizes = asked.documents
        figures = [f for n in sizes for f in measured(n, asked.rounds, Path(place) / str(n))]
    say(table_of(figures))
    if asked.write:
        write(figures)


if __name__ == "__main__":
    main()
