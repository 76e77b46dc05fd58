"""Measure everything: `python -m benchmarks.performance [--stances N] [--runs N] [--only NAME …] [--write]`.

For each work, the library, its peers and its limits run in turn, each run in its own process. Missing
data are generated. `--write` saves the figures in `benchmarks/figures.json` and updates the table of
docs/performance.md. A full run replaces all saved figures; with `--only` or `--stances`, figures that
were not measured are kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.child import work_of
from benchmarks.figures import Figures, of_comparison, of_growth, read, table_of, write
from benchmarks.generate import generate
from benchmarks.measuring import interleave
from benchmarks.work.growth import WORKS, grow, sizes_up_to

NAMES = ("check", "as_of", "matrix", "objects", "agreement", "content_digest", "export", "csv", "rewrite",
         "growth")  # fmt: skip
DATA = Path(tempfile.gettempdir()) / "stancedata-benchmarks"


def data_of(stances: int, place: Path) -> Path:
    """Return the folder of a dataset of this size; generate it if missing."""
    folder = place / str(stances)
    if not folder.exists():
        print(f"making {stances:,} stances in {folder}", file=sys.stderr, flush=True)
        place.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=place))
        generate(stances, draft).rename(folder)
    return folder


def measured(asked: argparse.Namespace) -> Iterator[Figures]:
    """Measure the selected works and sizes."""
    for name in asked.only or NAMES:
        if name == "growth":
            folders = {n: data_of(n, asked.data) for n in sizes_up_to(asked.stances)}
            for grown in WORKS:
                yield of_growth(grow(grown, folders, asked.runs), work_of(grown))
            continue
        work = work_of(name)
        for stances in [asked.stances] if asked.stances else work.sizes:
            folder = data_of(stances, asked.data)
            found = interleave(name, work, folder, stances, asked.runs, asked.against)
            yield of_comparison(found, work)


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description="Measure ours, peers and limits in turn.")
    parser.add_argument("--stances", type=int, help="by default each work's own sizes")
    parser.add_argument("--runs", type=int, default=5, help="beside a first run for warmth")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=[], metavar="NAME")
    parser.add_argument("--against", nargs="+", default=[], help="only these contestants")
    parser.add_argument("--data", type=Path, default=DATA, help="where data are kept")
    parser.add_argument("--write", action="store_true", help="keep the figures, and make the table")
    return parser.parse_args()


def main() -> None:
    """Measure, print and save the figures."""
    asked = arguments()
    kept = read() if asked.only or asked.stances else {}
    for figures in measured(asked):
        print(table_of([figures]), flush=True)
        if asked.write:
            kept[figures.key] = figures
            write(kept)


if __name__ == "__main__":
    main()
