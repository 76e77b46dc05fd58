"""Figures of measurements: saved as JSON, and rendered as the table of docs/performance.md."""

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
"""Maximum time to the first object, as a share of the time for all."""
_LIBRARIES = ("attrs", "pyarrow", "duckdb", "polars", "pandera", "pydantic", "msgspec", "cattrs",
              "numpy")  # fmt: skip
_HEAD = (
    "| work | stances | who | seconds | of processors | MiB | ours to theirs | at most | |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |",
)


@attrs.frozen
class Line:
    """The medians of one contestant, and the median ratio of our time to its time.

    Attributes:
        bound: Target for the ratio, a maximum.
        failed: Reason if there is no figure.
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
        """Whether the ratio meets its target; empty without a target."""
        if self.failed or self.ratio is None or self.bound is None:
            return self.failed
        return "met" if self.ratio <= self.bound else "missed"


@attrs.frozen
class Figures:
    """The figures of a work at one size; growth has a line per size instead."""

    key: str
    title: str
    stances: int
    runs: int
    lines: list[Line]


def of_comparison(found: Comparison, work: Work) -> Figures:
    """Compute the figures of a comparison."""
    beside = found.samples.keys() - {OURS} if OURS in found.samples else set()
    lines = [
        Line(n, found.seconds(n), found.processor(n), found.peak(n),
             found.ratio(n) if n in beside else None, work.bounds.get(n))
        for n in found.samples
    ]  # fmt: skip
    if share := found.share("first object"):
        lines.insert(1, Line("first object of all", ratio=share, bound=FIRST))
    lines += [Line(name, failed=reason) for name, reason in found.failed.items()]
    runs = max(map(len, found.samples.values()), default=0)
    return Figures(f"{found.work} {found.stances}", work.title, found.stances, runs, lines)


def of_growth(found: Growth, work: Work) -> Figures:
    """Compute the figures of growth; the exponent takes the place of the ratio."""
    title, sizes = f"growth of {work.title}", sorted(found.samples)
    if found.failed:
        return Figures(f"growth {found.work}", title, 0, 0, [Line(OURS, failed=found.failed)])
    lines = [
        Line(f"{n:,} stances", found.seconds(n), peak=max(s.peak for s in found.samples[n]))
        for n in sizes
    ]
    # At small sizes, start-up costs dominate the exponent.
    bound = MOST if sizes[-1] >= SIZES[-1] else None
    lines.append(Line("exponent", ratio=found.exponent(), bound=bound))
    return Figures(f"growth {found.work}", title, sizes[-1], len(found.samples[sizes[0]]), lines)


def table_of(figures: Iterable[Figures]) -> str:
    """Render a table with a row per contestant."""
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
    """Format a figure with three decimals, or one if it is 10 or more."""
    if value is None:
        return ""
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


def read() -> dict[str, Figures]:
    """Read the saved figures, by key."""
    if not KEPT.exists():
        return {}
    found = json.loads(KEPT.read_text(encoding="utf-8"))["figures"]
    return {
        row["key"]: Figures(**{**row, "lines": [Line(**line) for line in row["lines"]]})
        for row in found
    }


def write(figures: Mapping[str, Figures]) -> None:
    """Save figures, and update the table in the page."""
    kept = {"with": made_with(), "figures": [attrs.asdict(f) for f in figures.values()]}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page_text(), encoding="utf-8")


def page_text() -> str:
    """Return the page with its table regenerated from the saved figures."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    made = json.loads(KEPT.read_text(encoding="utf-8"))["with"]
    block = f"{BEGIN}\n\n{table_of(read().values())}\n\nMeasured with {made}.\n\n"
    return before + block + END + rest.partition(END)[2]


def made_with() -> str:
    """List the versions of Python and the measured libraries."""
    there = {found.metadata["Name"].lower() for found in importlib.metadata.distributions()}
    known = [name for name in _LIBRARIES if name in there]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in known]
    return ", ".join([f"Python {platform.python_version()}", *versions])
