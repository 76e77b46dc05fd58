"""Check Parquet tables of any size: a folder in bounded memory, or tables of a Spark session."""

from __future__ import annotations

import os
import threading
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata import cache
from stancedata.engines.duckdb import DuckDBEngine
from stancedata.engines.remembered import RememberingEngine
from stancedata.engines.row_groups import groups
from stancedata.model.corpus import Corpus
from stancedata.problems import Place, Problem, StancedataError
from stancedata.rules import characters, derived
from stancedata.rules.rule import IDLE, OFFENDER, STALE, locating
from stancedata.rules.runner import Check, rules_asked
from stancedata.rules.tally import MOST_SHOWN, Tallies, waivers
from stancedata.tables.contract import TABLES, WAIVERS
from stancedata.tables.parquet import files_of
from stancedata.tables.source import SMALL, Look, ParquetTables
from stancedata.temporary import temporary_folder

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.engines.spark import SparkEngine

CURATED = tuple(table.name for table in TABLES if not table.derived)
MEMORY = "512MB"
"""Memory limit of queries; they spill to disk beyond it."""
_QUERIES = ("queries", "small tables")
"""The slot of the cache with answers about tables in memory, which do not depend on their folder."""
Progress = Callable[[int, int], None]
"""Called with the amount of work done and the total."""


def check_folder(
    folder: Path,
    derive: derived.Derive,
    corpus: Corpus | None = None,
    without: Collection[str] = (),
    progress: Progress | None = None,
    identify: Callable[[ParquetTables], Iterable[Problem]] = lambda tables: (),
) -> list[Problem]:
    """Check a folder of Parquet tables.

    Every row group is read and validated first. If one is broken, no rule is checked.

    Args:
        folder: The folder.
        derive: Derives positions, to compare with the stored ones.
        corpus: The documents' texts; without them, rules that need texts are skipped.
        without: Names of rules to skip.
        progress: Called after each row group and each query.
        identify: Checks what the folder says about itself, once all of it can be read.

    Returns:
        The first problems of each rule and their total, sorted; then those of what the folder says
        about itself.

    Raises:
        StancedataError: If a file cannot be read, or memory or disk space runs out.
    """
    import duckdb

    try:
        with temporary_folder() as spill:
            check = _FolderCheck(folder, str(spill), without, progress)
            return check.problems(derive, corpus, identify)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        said = " ".join(str(error).split())[:200]
        raise StancedataError(
            f"{folder}: cannot be checked: {said}; free disk space for temporary files, or set "
            "TMPDIR to a folder that has more"
        ) from None


class _FolderCheck:
    """One check of a folder; for the progress, reading and running rules count as half each."""

    def __init__(
        self, folder: Path, spill: str, without: Collection[str], progress: Progress | None
    ) -> None:
        self._folder, self._spill, self._without = folder, spill, without
        self._of_tables = not {*characters.OF_TABLES} <= {*without}
        self._names = CURATED if STALE in without else (*CURATED, *derived.STORED)
        self._tell = progress or (lambda done, of: None)
        self._look = Look(folder)
        self._rows = sum(self._look.rows[name] for name in self._names)
        self._threads = (os.cpu_count() or 1) if max(self._look.rows.values()) > SMALL else 1
        self._done = 0
        self._lock = threading.Lock()
        self._broken: list[Problem] = list(self._look.problems)
        self._suspect: set[str] = set()

    def problems(
        self,
        derive: derived.Derive,
        corpus: Corpus | None,
        identify: Callable[[ParquetTables], Iterable[Problem]],
    ) -> list[Problem]:
        """Check the folder and report every problem: of the rules first, then of its digests."""
        sound = [name for name in self._names if name not in self._look.unsound]
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(self._prove, sound))
        if self._broken:
            return sorted([*self._broken, *([_waiting(self._folder)] if sound else [])])
        tables = ParquetTables(self._folder, formed=False)
        engine = self._engine(tables)
        tallies = Tallies(waivers(tables), MOST_SHOWN)
        # An export is not edited: a rule that asks less since then must not make it wrong.
        without = {*self._without, IDLE}
        version = tables.schema_version
        asked = rules_asked(without, corpus, schema_version=version, stored=True)
        where = locating(str(self._folder))
        checking = Check(engine, tables, where, asked, tallies, self._asked)
        for name in sorted(self._suspect):
            self._add_characters(checking, name, tables)
        found = checking.problems(corpus)
        if STALE not in self._without:
            derive(engine, tables.schema_version)

            def path_of(name: str) -> str:
                return str(tables.files(name)[0].path)

            found += derived.problems(engine, path_of, tables.schema_version)
        if isinstance(engine, RememberingEngine) and (answers := engine.answers()):
            cache.store(*_QUERIES, answers)
        return [*sorted(found), *sorted(identify(tables))]

    def _engine(self, tables: ParquetTables) -> DuckDBEngine:
        """Make an engine with the tables; if all are small, with earlier answers."""
        if any(map(tables.is_large, self._names)):
            engine = DuckDBEngine(MEMORY, self._spill, self._threads)
        else:
            engine = RememberingEngine(cache.load(*_QUERIES), MEMORY, self._spill)
        for name in self._names:
            if tables.is_large(name):
                engine.register_files(name, tables.files(name))
            else:
                engine.register(name, tables[name])
        return engine

    def _prove(self, name: str) -> None:
        """Read a table; record broken row groups, and whether it breaks rules about characters."""
        for rows in self._row_groups(name):
            if any(self._offenders(name, {name: rows})):
                self._suspect.add(name)
            with self._lock:
                self._done += rows.num_rows
                self._tell(self._done, max(1, 2 * self._rows))

    def _add_characters(self, checking: Check, name: str, tables: Any) -> None:
        """Read a table again to collect the offenders against rules about characters."""
        for rows in self._row_groups(name):
            checking.add(self._offenders(name, ChainMap({name: rows}, tables)))

    def _offenders(
        self, name: str, tables: Mapping[str, pa.Table]
    ) -> Iterator[tuple[str, characters.Offender]]:
        version = self._look.schema_version
        return characters.offenders(tables, [name], version, self._of_tables)

    def _row_groups(self, name: str) -> Iterator[pa.Table]:
        for file in files_of(self._folder, name, self._look.schema_version):
            yield from groups(file, lambda _, problems: self._broken.extend(problems))

    def _asked(self, number: int, of: int) -> None:
        self._tell(self._rows + self._rows * number // of, max(1, 2 * self._rows))


def _waiting(folder: Path) -> Problem:
    what = "no rule was checked, got files that cannot be read; fix them first"
    return Problem(Place(str(folder)), "", what, "warning")


def check_spark(
    engine: SparkEngine, path: str, derive: derived.Derive, without: Collection[str] = ()
) -> list[Problem]:
    """Check the tables of a Spark session.

    Args:
        engine: An engine with every table of the contract.
        path: The path of the tables, for the messages.
        derive: Derives positions, to compare with the stored ones.
        without: Names of rules to skip.

    Returns:
        The first problems of each rule and their total, sorted. Rules that need the documents'
        texts are skipped.
    """
    from stancedata.engines.spark import SparkTables

    tables = SparkTables(engine)
    brought = engine.bring_small(CURATED)
    tallies = Tallies(waivers(tables), MOST_SHOWN)
    without_idle = {*without, IDLE}
    asked = rules_asked(without_idle, None, schema_version=tables.schema_version, stored=True)
    checking = Check(engine, tables, locating(path), asked, tallies)
    for name in CURATED:
        # The kind of record that an exemption names can only be looked up where all tables are.
        if name in brought or name in WAIVERS:
            checking.add(characters.offenders(tables, [name], tables.schema_version))
        else:
            found = engine.of_batches(
                name, _value_check(name, tables.schema_version), ("rule", *OFFENDER)
            )
            checking.add((row.pop("rule"), row) for row in found.to_pylist())
    problems = checking.problems()
    if STALE not in without:
        derive(engine, tables.schema_version)
        problems += derived.problems(engine, f"{path}/{{}}".format, tables.schema_version)
    return sorted(problems)


def _value_check(name: str, version: str) -> Callable[[pa.Table], Iterable[dict[str, Any]]]:
    """Make the function that Spark applies to batches of a table to check their values."""
    return lambda rows: (
        {"rule": rule, **offender}
        for rule, offender in characters.offenders({name: rows}, [name], version)
    )
