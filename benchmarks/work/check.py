"""Check the rules that the peers have too; the limit is PyArrow reading the needed columns.

That is every rule but the natural key, positions that are derived again, and what only an export
can break: peers trust that its dates, forms and numbers follow from what was curated.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.measuring import OURS, Run, Work
from benchmarks.work.loading import library
from stancedata.rules.characters import OF_TABLES
from stancedata.rules.rule import stored_rules
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.contract import tables_of

# Columns that the SQL of a rule compares, besides texts, which the rule on characters reads.
_COMPARED = {
    "level", "valid_from", "valid_to", "stated_earliest", "stated_latest", "held_earliest",
    "held_latest", "published_earliest", "published_latest", "coded_date", "characters",
    "span_start", "span_end",
}  # fmt: skip
COLUMNS = {
    table.name: [c.name for c in table.columns if c.type == "string" or c.name in _COMPARED]
    for table in tables_of(SCHEMA_VERSION)
    if not table.derived
}
"""Columns that the rules need, by table."""


_STORED = (*(rule.name for rule in stored_rules()), *OF_TABLES)
_TOTAL = re.compile(r"got ([\d,]+) in all")


def ours(folder: Path) -> Run:
    """The library's `check`, with the rules that the peers have too."""
    check, options = _check(("natural_key", "stale_positions", *_STORED))
    return lambda: _offenders(check(folder, **options))


def ours_whole(folder: Path) -> Run:
    """The library's `check`, with every rule, positions derived again among them."""
    check, _ = _check(())
    return lambda: _offenders(check(folder))


def _check(without: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    check = library().check
    known = "without" in inspect.signature(check).parameters
    return check, {"without": without} if known else {}


def _offenders(problems: list[Any]) -> int:
    """Count the offenders: the total of a rule that is broken often, otherwise those listed."""
    counts = Counter(problem.rule for problem in problems)
    for problem in problems:
        if total := _TOTAL.search(problem.message):
            counts[problem.rule] = int(total[1].replace(",", ""))
    return counts.total()


def polars(folder: Path) -> Run:
    """The same rules by hand in polars, as lazy queries on the streaming engine."""
    from benchmarks.work import check_polars

    return lambda: sum(check_polars.broken(folder).values())


def pandera(folder: Path) -> Run:
    """The same rules as pandera schemas over polars."""
    from benchmarks.work import check_pandera

    return lambda: sum(check_pandera.broken(folder).values())


def pyarrow(folder: Path) -> Run:
    """Read the columns in batches, freeing each batch."""
    import pyarrow.parquet as pq

    def run() -> int:
        rows = 0
        for name, columns in COLUMNS.items():
            file = pq.ParquetFile(folder / f"{name}.parquet")
            for batch in file.iter_batches(batch_size=100_000, columns=columns):
                rows += batch.num_rows
        return rows

    return run


WORK = Work(
    "check, the rules that its peers have too",
    {OURS: ours, "stancedata, every rule": ours_whole, "polars": polars,
     "pandera on polars": pandera, "pyarrow, reading": pyarrow},
    {"polars": 0.7, "pandera on polars": 0.7},
    limits=frozenset({"pyarrow, reading"}), sizes=(1_000_000, 10_000_000),
)  # fmt: skip
