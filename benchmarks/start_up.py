"""Measure cold start: `python -m benchmarks.start_up [RUNS]`.

Times whole processes in turn, the library and its limit, so that a slow machine slows both. Prints
the median of each, and the median of the ratios pair by pair.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PYTHON = sys.executable
STANCEDATA = str(Path(PYTHON).with_name("stancedata"))
PAIRS = {
    "import stancedata / import attrs (at most 1.3)": (
        [PYTHON, "-c", "import stancedata"],
        [PYTHON, "-c", "import attrs"],
    ),
    "stancedata info / import pyarrow.parquet (at most 2)": (
        [STANCEDATA, "info"],
        [PYTHON, "-c", "import pyarrow.parquet"],
    ),
    "stancedata history / import pyarrow, duckdb (at most 1.3)": (
        [STANCEDATA, "history", "russia", "recognition"],
        [PYTHON, "-c", "import pyarrow, duckdb"],
    ),
}


# Both run from byte code, as installed packages do, whatever the shell says.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "stancedata-benchmarks-bytecode"),
}


def seconds(command: list[str]) -> float:
    """Measure the wall-clock time of one process, discarding its output."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.perf_counter() - start


def main(runs: int) -> None:
    """Measure each pair and print a line for it."""
    for name, (ours, limit) in PAIRS.items():
        seconds(ours)
        seconds(limit)
        pairs = [(seconds(ours), seconds(limit)) for _ in range(runs)]
        ratio = statistics.median(one / other for one, other in pairs)
        one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name}: {ratio:.2f} ({one:.3f} s / {other:.3f} s, medians of {runs})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
