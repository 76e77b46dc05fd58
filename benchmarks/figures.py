"""Figures of measurements: kept as JSON, and made into the table of docs/performance.md."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from benchmarks.measuring import OURS, Comparison, Work
from benchmarks.work.growth import MOST, SIZES, Growth

KEPT = Path(__file__).with_name("figures.json")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures: python -m benchmarks.performance --write -->", "<!-- end of figures -->"
FIRST = 0.01
"""The largest share of the time for all objects that the first may take."""
_LIBRARIES = ("attrs", "pyarrow", "duckdb", "polars", "pandera", "pydantic", "msgspec", "cattrs",
              "numpy")  # fmt: skip
_HEAD = (
    "| work | stances | who | seconds | of processors | MiB | ours to theirs | at most | |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |",
)


@attrs.frozen
class Line:
    """One contestant: medians, and the median of ours to its time, run by run.

    Attributes:
        bound: The most that the ratio is meant to be.
        failed: Why there is no figure.
    """

    who: str
    seconds: float | None = None
    processor: float | None = None
    peak: int | None = None
    ratio: float | None = None
    bound: float | None = None
    failed: str = ""

    @property
    def verdict(self) -> str:
        """Whether the ratio is what it is meant to be; nothing where it is not meant to be any."""
        if self.failed or self.ratio is None or self.bound is None:
            return self.failed
        return "met" if self.ratio <= self.bound else "missed"


@attrs.frozen
class Figures:
    """What a work took at one size; growth has a line for each size instead."""

    key: str
    title: str
    stances: int
    runs: int
    lines: list[Line]


def of_comparison(found: Comparison, work: Work) -> Figures:
    """The figures of a comparison."""
    beside = found.samples.keys() - {OURS} if OURS in found.samples else set()
    lines = [
        Line(n, found.seconds(n), found.processor(n), found.peak(n),
             found.ratio(n) if n in beside else None, work.bounds.get(n))
        for n in found.samples
    ]  # fmt: skip
    if share := found.share("first object"):
        lines.insert(1, Line("first object of all", ratio=share, bound=FIRST))
    lines += [Line(name, failed=said) for name, said in found.failed.items()]
    runs = max(map(len, found.samples.values()), default=0)
    return Figures(f"{found.work} {found.stances}", work.title, found.stances, runs, lines)


def of_growth(found: Growth, work: Work) -> Figures:
    """The figures of growth: the exponent stands where a ratio does."""
    title, sizes = f"growth of {work.title}", sorted(found.samples)
    if found.failed:
        return Figures(f"growth {found.work}", title, 0, 0, [Line(OURS, failed=found.failed)])
    lines = [
        Line(f"{n:,} stances", found.seconds(n), peak=max(s.peak for s in found.samples[n]))
        for n in sizes
    ]
    # Of small sizes the exponent tells what starting costs.
    bound = MOST if sizes[-1] >= SIZES[-1] else None
    lines.append(Line("exponent", ratio=found.exponent(), bound=bound))
    return Figures(f"growth {found.work}", title, sizes[-1], len(found.samples[sizes[0]]), lines)


def table_of(figures: Iterable[Figures]) -> str:
    """A table with a line for each contestant."""
    lines = [*_HEAD]
    for part in figures:
        for number, line in enumerate(part.lines):
            head = (
                (part.title, f"{part.stances:,}" if part.stances else "")
                if not number
                else ("", "")
            )
            lines.append(_row(head, line))
    return "\n".join(lines)


def _row(head: tuple[str, str], line: Line) -> str:
    peak = "" if line.peak is None else f"{line.peak:,}"
    cells = (*head, line.who, _shown(line.seconds), _shown(line.processor), peak, _shown(line.ratio),
             "" if line.bound is None else f"{line.bound:g}", line.verdict)  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _shown(value: float | None) -> str:
    """A figure with three digits that count."""
    if value is None:
        return ""
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


def read() -> dict[str, Figures]:
    """The figures that were kept, by key."""
    if not KEPT.exists():
        return {}
    found = json.loads(KEPT.read_text(encoding="utf-8"))["figures"]
    return {
        row["key"]: Figures(**{**row, "lines": [Line(**line) for line in row["lines"]]})
        for row in found
    }


def write(figures: Mapping[str, Figures]) -> None:
    """Keep figures, and put their table into the page."""
    kept = {"with": made_with(), "figures": [attrs.asdict(f) for f in figures.values()]}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page_text(), encoding="utf-8")


def page_text() -> str:
    """The page with the table of the figures that were kept; what is around it stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    made = json.loads(KEPT.read_text(encoding="utf-8"))["with"]
    block = f"{BEGIN}\n\n{table_of(read().values())}\n\nMeasured with {made}.\n\n"
    return before + block + END + rest.partition(END)[2]


def made_with() -> str:
    """The versions of everything that has a part in the figures."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES]
    return ", ".join([f"Python {platform.python_version()}", *versions])
