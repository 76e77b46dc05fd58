"""Measure the loop of coding: `python -m benchmarks.loop [--documents N …] [--write]`.

Each command runs in a process of its own, on a data folder of that many documents and with a cache
that is empty at first. Printed are its processor seconds, start-up included, and its peak memory.
With `--write` the figures are saved, and the table in docs/performance.md is made from them.
"""

from __future__ import annotations

import argparse
import json
import math
import os
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


def measured(documents: int, place: Path) -> Iterator[Figure]:
    """Run every command on a folder of this many documents."""
    folder = make_folder(documents, place / str(documents), DATA)
    os.environ["STANCEDATA_CACHE"] = str(place / f"cache-{documents}")
    one = folder / "documents" / f"{ONE}.yaml"
    text = one.read_text(encoding="utf-8")

    def run(what: str, *command: str) -> Figure:
        return Figure(what, documents, *_run(command))

    yield run("check, cold", "check", str(folder))
    yield run("check, nothing changed", "check", str(folder))
    one.write_text(
        text.replace("summary: >-\n      State", "summary: >-\n      The state", 1), "utf-8"
    )
    yield run("check, a summary changed", "check", str(folder))
    one.write_text(text[: text.index("  - id: s04")], "utf-8")
    yield run("check, a stance removed", "check", str(folder))
    one.write_text(text, "utf-8")
    yield run("check --only, a stance added", "check", str(folder), "--only", ONE)
    yield run("code review", "code", "review", ONE, "--data", str(folder))
    yield run("code new", *NEW, str(folder))
    yield run("format --check, cold", "format", "--check", str(folder))
    yield run("format --check, nothing changed", "format", "--check", str(folder))
    yield run("export", "export", str(place / "export"), "--data", str(folder))


def _run(command: tuple[str, ...]) -> tuple[float, int]:
    """Run a command of this library; return its processor seconds and its peak memory in MiB."""
    start = [sys.executable, "-c", "from stancedata.cli import main; main()"]
    process = subprocess.Popen([*start, *command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: failed with status {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


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
    parser.add_argument("--write", action="store_true", help="keep the figures, and make the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        figures = [f for n in asked.documents for f in measured(n, Path(place))]
    say(table_of(figures))
    if asked.write:
        write(figures)


if __name__ == "__main__":
    main()
