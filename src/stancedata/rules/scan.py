"""Run every rule over a folder of Parquet tables of any size, in bounded memory.

What is asked of a stance is asked part by part, each a few hundred thousand rows; other rules are
asked of whole tables, which hold far fewer rows, or of files where they lie. Of offenders the
number and the first ones are kept. A broken file, or part of one, is named, and the rest is
checked as far as that can be done without accusing what could only not be read.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine
from stancedata.model.corpus import Corpus
from stancedata.problems import Place, Problem, StancedataError
from stancedata.rules import characters
from stancedata.rules import queries as judging
from stancedata.rules import texts as wording
from stancedata.rules.queries import Branch, Query
from stancedata.rules.rule import IN_PYTHON, all_rules
from stancedata.rules.runner import idle, of_coder, unasked
from stancedata.rules.tally import Tallies, locating
from stancedata.rules.values import is_brief, narrowed
from stancedata.tables import parts as streams
from stancedata.tables.columns import written_out
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.parquet import TableFile, files_of
from stancedata.tables.parts import OF_STANCES, OutOfOrderError, Parts
from stancedata.tables.source import SMALL, Look, ParquetTables

if TYPE_CHECKING:
    import pyarrow as pa

PART = 300_000
"""Rows of a table that are asked at once; few enough that one part is read while another is asked."""
MEMORY = "512MB"
"""What queries may take beside them; more goes to the disk."""
Progress = Callable[[int, int], None]
"""Is told how many rows are done, and of how many."""


def check_folder(
    folder: Path,
    corpus: Corpus | None = None,
    without: Collection[str] = (),
    progress: Progress | None = None,
) -> list[Problem]:
    """Everything that is wrong with a folder of Parquet tables, as far as it can be told.

    Args:
        folder: The folder.
        corpus: Holds the documents' texts; without one, no rule is asked that needs them.
        without: Names of rules that are not asked.
        progress: Is called after each part.

    Raises:
        StancedataError: There is no room for what does not fit into memory.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="stancedata-") as spill:
        try:
            return Scan(folder, Path(spill), without, progress).problems(corpus)
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = " ".join(str(error).split())[:200]
            raise StancedataError(
                f"{folder}: cannot be checked, got {said}; make room in {Path(spill).parent}, or "
                "set TMPDIR to a folder with more"
            ) from None


class Scan:
    """One check of a folder.

    Args:
        folder: The folder.
        spill: Where what does not fit into memory goes.
        without: Rules that are not asked.
        progress: Is called after each part.
    """

    def __init__(
        self, folder: Path, spill: Path, without: Collection[str] = (),
        progress: Progress | None = None,
    ) -> None:  # fmt: skip
        self._folder, self._spill, self._without = folder, spill, without
        self._progress = progress or (lambda done, of: None)
        self._rules = [rule for rule in all_rules() if rule.name not in without]
        self._forms = [name for name in characters.RULES if name not in without]
        self._look = Look(folder)
        self._found = list(self._look.problems)
        self._unsound = set(self._look.unsound)
        self._lossy: set[str] = set()
        self._asked: set[str] = set()
        self._dropped: set[str] = set()
        self._kept: dict[str, pa.Table] = {}
        self._threads = (os.cpu_count() or 1) if max(self._look.rows.values()) > SMALL else 1
        self._engine = DuckDBEngine(MEMORY, str(spill), self._threads)
        self._locate = locating(str(folder))
        self._tallies = Tallies()

    def problems(self, corpus: Corpus | None) -> list[Problem]:
        """Everything that is wrong, sorted."""
        if self._unsound >= set(self._look.rows):
            return sorted(self._found)
        self._keep_small()
        whole = self._ask_parts()
        self._ask_whole(whole)
        self._ask_blind()
        if corpus is not None and not self._unsound | self._lossy:
            for rule, offender in wording.offenders(ParquetTables(self._folder), corpus):
                if rule not in self._without:
                    self._tallies.add(IN_PYTHON[rule], offender)
        return sorted([*self._found, *self._said(), *self._idle(corpus), *self._unheard()])

    def _report(self, file: TableFile, problems: Sequence[Problem]) -> None:
        """A part of a file that cannot be read."""
        self._found += problems
        self._lossy.add(file.table.name)

    def _files(self, name: str) -> tuple[TableFile, ...]:
        return files_of(self._folder, name)

    def _keep_small(self) -> None:
        """Load the tables that are not of stances, and ask about their characters."""
        silences = self._keep("silences", judged=False)
        self._tallies = Tallies(_pairs(silences, "record_id", "rule"))
        for table in TABLES:
            if not table.derived and table.name not in (*OF_STANCES, "silences"):
                self._keep(table.name)
        self._judge_characters("silences", silences)

    def _keep(self, name: str, judged: bool = True) -> pa.Table:
        """Load what rules read of a table."""
        import pyarrow as pa

        schema = BY_NAME[name].schema
        columns = judging.columns_read(self._rules, name) if judged else schema.names
        rows = [written_out(schema, schema.empty_table().select(columns))]
        for file in () if name in self._unsound else self._files(name):
            for group in streams.groups(file, self._report):
                if judged:
                    self._judge_characters(name, group)
                rows.append(written_out(schema, group.select(columns)))
        self._kept[name] = pa.concat_tables(rows)
        self._engine.register(name, self._kept[name])
        return self._kept[name]

    def _judge_characters(self, name: str, rows: pa.Table) -> None:
        for rule, offender in characters.offenders({**self._kept, name: rows}, [name]):
            if rule in self._forms:
                self._tallies.add(IN_PYTHON[rule], offender)

    def _sound(self, branches: list[Branch], but: Collection[str] = ()) -> list[Query]:
        """Queries of those branches whose answers are true; some tables have others for them."""
        lossy, unsound = self._lossy - set(but), self._unsound - set(but)
        sound = [b for b in branches if b.is_sound(lossy, unsound)]
        if not but:
            self._asked |= {branch.rule.name for branch in sound}
        # Of a table without rows nothing breaks a rule.
        return judging.queries(b for b in sound if b.reads[0] in but or self._look.rows[b.reads[0]])

    def _ask_parts(self) -> dict[str, pa.Table] | None:
        """Ask about stances, part by part; gives the part where it is the only one."""
        files = {name: self._files(name) for name in OF_STANCES if name not in self._unsound}
        while True:
            before = self._tallies.copy(), list(self._found), set(self._lossy)
            try:
                return self._ask_each_part(files)
            except OutOfOrderError as error:
                self._tallies, self._found, self._lossy = before
                files[error.name] = (self._put_in_order(files[error.name]),)

    def _ask_each_part(self, files: dict[str, tuple[TableFile, ...]]) -> dict[str, pa.Table] | None:
        columns = {name: judging.columns_read(self._rules, name) for name in files}
        empty = {n: BY_NAME[n].schema.empty_table().select(judging.columns_read(self._rules, n))
                 for n in OF_STANCES}  # fmt: skip
        done, total = 0, sum(self._look.rows[name] for name in files)
        count, part, before = 0, empty, set[str]()
        for found in streams.ahead(
            Parts(files, columns, PART, self._report, self._judge_characters)
        ):
            count, part = count + 1, {**empty, **found}
            asked = self._ask_part(part)
            before = before or asked
            self._dropped |= before - asked  # what was read since then has been broken
            done += sum(rows.num_rows for rows in found.values())
            self._progress(done, total)
        if not count:
            self._sound(self._of_parts(True))  # of no stance nothing has to be asked
        return part if count < 2 else None

    def _ask_part(self, part: dict[str, pa.Table]) -> set[str]:
        """Ask about some stances; gives the names of the rules that could be asked."""
        coded = streams.numbered(part)
        brief = [b for b in self._of_parts(True) if is_brief(b)]
        others = [b for b in self._of_parts(True) if not is_brief(b)]
        queries = [*self._sound(brief), *self._sound(others)]
        asked = {rule.name for query in queries for rule in query.rules}

        def finds(query: Query) -> bool:
            return self._engine.query(query.sql, **narrowed(coded, query.branches)).num_rows > 0

        # Several at once: much of a short query is work of one thread.
        with ThreadPoolExecutor(self._threads) as pool:
            for query, found in zip(queries, pool.map(finds, queries), strict=True):
                # Where numbers, and rows that differ in what is looked at, break no rule, none does.
                if found:
                    self._tally(query, part)
        return asked

    def _tally(self, query: Query, instead: dict[str, pa.Table], coder: str = "") -> None:
        answer = self._engine.query(query.sql, **_named(query, instead))
        for rule, found in query.offenders(answer):
            self._tallies.add_all(rule, judging.of_blind(found, coder) if coder else found)

    def _of_parts(self, in_parts: bool) -> list[Branch]:
        """Branches that are asked in parts, or those that are not."""
        wanted = judging.all_branches(self._rules)
        return [branch for branch in wanted if _is_of_parts(branch) == in_parts]

    def _ask_whole(self, part: dict[str, pa.Table] | None) -> None:
        """Ask what hangs on more than single stances."""
        for name in OF_STANCES:
            if part is not None:
                self._engine.register(name, part[name])
            elif name not in self._unsound | self._lossy:
                self._engine.register_files(name, self._files(name))
            else:
                self._engine.register(name, BY_NAME[name].schema.empty_table())
        broken = self._unsound | (self._lossy & set(OF_STANCES))
        branches = [b for b in self._of_parts(False) if not broken & set(b.reads)]
        for query in self._sound(branches):
            self._tally(query, {})

    def _ask_blind(self) -> None:
        """Ask the same of each blind coding, as if it were the published one."""
        blind = {n for n in self._unsound | self._lossy if n.startswith("second_")}
        if blind:
            return
        branches = judging.all_branches(rule for rule in self._rules if rule.blind)
        coders = set(map(str, self._kept["second_stances"].column("coder").to_pylist()))
        for coder in sorted(coders):
            instead = of_coder(self._kept, coder)
            for query in self._sound(branches, instead):
                self._tally(query, instead, coder)

    def _put_in_order(self, files: Sequence[TableFile]) -> TableFile:
        """A copy of a table in the order of its key, made on the disk."""
        table = files[0].table
        name = f"unordered_{table.name}"
        self._engine.register_files(name, files)
        path = self._spill / f"{table.name}.parquet"
        self._engine.write(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}", path)
        return TableFile(table, path)

    def _said(self) -> Iterator[Problem]:
        """The first offenders of each rule, and how many it has."""
        for tally in self._tallies:
            yield from tally.problems(self._engine, self._locate)

    def _idle(self, corpus: Corpus | None) -> Iterator[Problem]:
        """Silences that silence nothing, of rules that were asked."""
        asleep = unasked(True, tuple(self._forms), corpus) | set(self._without)
        asleep |= {rule.name for rule in self._rules} - self._asked
        if self._lossy | self._unsound:
            return  # what they silence may be among what could not be read
        for record_id, name in sorted(self._tallies.idle()):
            if name not in asleep:
                kind = characters.kind_of(self._kept, record_id)
                yield idle(kind, record_id, name, self._locate)

    def _unheard(self) -> Iterator[Problem]:
        """That some rules were not asked, since what they need could not be read."""
        missed = sorted(({rule.name for rule in self._rules} - self._asked) | self._dropped)
        if missed:
            what = f"some rules were not asked, got {', '.join(missed)}; mend what cannot be read"
            yield Problem(Place(str(self._folder)), "", what, "warning")


def _is_of_parts(branch: Branch) -> bool:
    """Whether what a branch asks can be asked in parts of some stances."""
    if branch.rule.across or any(name.startswith("second_") for name in branch.reads):
        return False
    return bool(set(OF_STANCES) & set(branch.reads))


def _pairs(rows: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(rows.column(name).to_pylist() for name in names), strict=True)


def _named(query: Query, tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    return {name: rows for name, rows in tables.items() if name in query.names}
