"""Which changes of the packaged SQL the tests notice: `python -m benchmarks.mutate_sql [FILE …]`.

Every mutant of every rule and question is tried in this process against what the tests compare. A
rule's: each fault's lines, those of the valid repository and of the curated data, and those of the
tables that no curated file can make. A question's: the answers to generated datasets, by the very
functions that compare them with the oracle in the tests, from a fixed seed. A mutant that changes
none of it survives, and is printed with its number.

`--really NUMBER` writes sampled mutants into the SQL files, runs the fitting tests, and puts the files
back: whether what is counted here as killed really makes a test fail. `--survivors` does so with those
that survived.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import attrs
import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.test_rules_by_oracle import engine_of, found, offenders_of, wild

import stancedata as sd
from benchmarks.sql_mutations import Mutation, again, mutations
from stancedata import asking, derive, engine, rules
from stancedata.dataset import Dataset
from stancedata.derive import Complete
from stancedata.model import Content
from stancedata.problems import Place
from stancedata.tables import to_tables

SQL = Path(str(rules.__file__)).parent / "sql"
DATA = Path(__file__).parent.parent / "data"
SEED = 20211020
DAY = datetime.date(2021, 10, 21)
LATER, LATEST = datetime.date(2021, 12, 1), datetime.date(2021, 12, 31)
LINES = tuple[str, ...]
OTHER_PLACE = (Place("elsewhere"), "elsewhere")


@attrs.frozen
class Mutant:
    """A changed rule or question.

    Attributes:
        name: Its file, as in `rules/level`.
        text: The whole file with the change.
        part: What of the file was changed: its SQL, or a line of its header.
    """

    name: str
    part: str
    mutation: Mutation
    text: str

    def __str__(self) -> str:
        m = self.mutation
        where = f"{self.part}: {m.where}" if m.where else self.part
        return f"{self.name} [{m.kind}] {where}\n    - {short(m.before)}\n    + {short(m.after)}"


def short(text: str) -> str:
    """A text that fits on a line."""
    line = " ".join(text.split())
    return line if len(line) <= 150 else f"{line[:70]} […] {line[-70:]}"


def mutants_of(name: str) -> list[Mutant]:
    """Every mutant of a packaged file."""
    text = engine.packaged(name)
    if name.startswith("queries/"):
        return [Mutant(name, "", m, m.sql) for m in mutations(text)]
    head, _, sql = text.partition("\n\n")
    keys = dict(line.removeprefix("-- ").split(": ", 1) for line in head.splitlines()[1:])
    shown = {name for name in ("value", "other") if f"{{{name}" in keys["message"]}
    if "suggest" in keys:
        shown = {"value", "other"}
    hidden = frozenset({"value", "other"} - shown)
    found = [Mutant(name, "", m, f"{head}\n\n{m.sql}\n") for m in mutations(sql, hidden, True)]
    for key in ("field", *sorted(shown)) if "row" in keys else ():
        line = f"-- {key}: {keys[key]}"
        for m in mutations(keys[key], rule=True):
            changed = head.replace(line, f"-- {key}: {m.sql}")
            found.append(Mutant(name, key, m, f"{changed}\n\n{sql}"))
    for key in ("whole", "blind", "suggest"):
        if key in keys:
            line = f"-- {key}: {keys[key]}"
            m = Mutation("header line dropped", "", line, "", "")
            found.append(Mutant(name, key, m, f"{head.replace(chr(10) + line, '')}\n\n{sql}"))
    return found


# Rules.


@attrs.define
class Case:
    """Curated tables with what rules.check is asked of them.

    Attributes:
        expected: What each rule, as it is, says of them.
    """

    name: str
    tables: Mapping[str, pa.Table]
    arguments: dict[str, Any]
    engine: engine.DuckDBEngine = attrs.Factory(engine.DuckDBEngine)
    expected: dict[str, LINES] = attrs.Factory(dict)
    contents: dict[str, int] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        for name, table in self.tables.items():
            self.engine.register(name, table)
            self.contents[name] = hash(repr(table.to_pylist()))

    def lines(self, rule: rules.Rule) -> LINES:
        """What one rule says, by itself, as `stancedata check` prints it."""
        with (
            mock.patch.object(rules, "all_rules", return_value=(rule,)),
            mock.patch.object(rules, "_malformed", return_value=()),
            mock.patch.object(self.engine, "register"),
        ):
            found = rules.check(self.tables, make_engine=lambda: self.engine, **self.arguments)
        return tuple(str(problem) for problem in sorted(set(found)))

    def offenders(self, rule: rules.Rule) -> list[str]:
        """What one rule finds, before it is told; where this is the same, so are the lines."""
        with mock.patch.object(rules, "all_rules", return_value=(rule,)):
            found = rules._all_offenders(self.tables, self.engine, False)
            return sorted(str(offender) for _, offender in found)

    def read_by(self, rule: rules.Rule) -> tuple[tuple[str, int], ...]:
        """The tables that a rule reads, each with a number that only equal ones share."""
        words = set(re.findall(r"\w+", rule.sql)) | {rule.row}
        blind = {f"second_{word}" for word in words} | {"second_stances"}
        return tuple((n, c) for n, c in self.contents.items() if n in words | blind)


class _EnoughError(Exception):
    """What the rules are asked of is known, and nothing more is needed."""


def cases() -> Iterator[Case]:
    """The valid repository, the curated data, each fault, and tables that no file can make."""
    from tests.conftest import REPOSITORY
    from tests.test_faults import FAULTS, spoil

    recorded: list[dict[str, Any]] = []

    def record(tables: Any, locate: Any, broken: Any, patched: Any, **others: Any) -> None:
        arguments = {
            "locate": locate,
            "broken": broken,
            "patched": patched,
            "whole": others["whole"],
        }
        recorded.append({"tables": tables, "arguments": arguments})
        raise _EnoughError

    with tempfile.TemporaryDirectory() as place, mock.patch.object(rules, "check", record):
        for name in ("", *FAULTS):
            folder = Path(shutil.copytree(REPOSITORY, Path(place) / f"x{name}" / "data"))
            if name:
                spoil(name, folder)
            with contextlib.suppress(_EnoughError):
                sd.check(folder)
            if recorded:
                yield Case(name or "valid", **recorded.pop())
        with contextlib.suppress(_EnoughError):
            sd.check(DATA)
        yield Case("curated data", **recorded.pop())


class Rules:
    """Tries mutants of rules.

    Most faults leave most tables as they are, so that a rule finds the same in many cases: it is
    asked once of each different state of the tables that it reads, and where it finds something else
    there, the lines of every case in that state are compared.
    """

    def __init__(self, faults: bool) -> None:
        self.faults = faults
        self.wild = wild()
        self.engine = engine_of(self.wild)
        self.expected = found()
        self.unread = offenders_of(self.wild, self.engine, partial=True)
        self.cases = list(cases())
        self.found: dict[str, list[tuple[list[str], list[Case]]]] = {}

    def expect(self, name: str) -> list[tuple[list[str], list[Case]]]:
        """What a rule finds in each state of its tables; first the states where it finds most."""
        if name not in self.found:
            (rule,) = (rule for rule in rules.all_rules() if rule.name == name)
            states: defaultdict[Any, list[Case]] = defaultdict(list)
            for case in self.cases:
                states[case.read_by(rule)].append(case)
            self.found[name] = [(some[0].offenders(rule), some) for some in states.values()]
            self.found[name].sort(key=lambda state: -len(state[0]))
            for case in self.cases:
                case.expected.pop(name, None)
        return self.found[name]

    def kills(self, mutant: Mutant) -> str:
        """The case that tells a mutant from its rule; empty where none does."""
        name = mutant.name.removeprefix("rules/")
        (original,) = (rule for rule in rules.all_rules() if rule.name == name)
        with mock.patch.object(rules, "packaged", return_value=mutant.text):
            rule = rules._read(name)
        try:
            with mock.patch.object(rules, "all_rules", return_value=(rule,)):
                if offenders_of(self.wild, self.engine)[name] != self.expected[name]:
                    return "oracle"
                if mutant.part == "whole":
                    unread = offenders_of(self.wild, self.engine, partial=True)
                    if unread[name] != self.unread[name]:
                        return "oracle"
        except Exception as error:
            return f"oracle: {type(error).__name__}"
        # A line of the header says how offenders are told, which only faults in files show.
        for offenders, some in self.expect(name) if self.faults or mutant.part == "suggest" else ():
            try:
                if offenders == some[0].offenders(rule) and not mutant.part:
                    continue
                for case in some:
                    if name not in case.expected:
                        case.expected[name] = case.lines(original)
                    if case.expected[name] != case.lines(rule):
                        return case.name
            except Exception as error:
                return f"{some[0].name}: {type(error).__name__}"
        return ""


# Questions.


class Questions:
    """Tries mutants of questions on generated datasets, as the tests ask them."""

    def __init__(self) -> None:
        importlib.import_module("tests.conftest")  # registers the profile of the tests
        settings.register_profile(
            "mutation", settings.get_profile("here"), derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("mutation")
        from tests import strategies
        from tests.side_by_side import gather, merged
        from tests.test_positions import ON_DAYS

        made = gather(strategies.questions(), 400)
        self.positions = [merged(made[at : at + 100]) for at in range(0, 400, 100)]
        self.questions = [merged(made[at : at + 80]) for at in range(0, 400, 80)]
        tied = gather(strategies.tied(), 120)
        self.tied = [merged(tied[at : at + 40]) for at in (0, 40, 80)]
        crowded = gather(strategies.crowded(), 160)
        self.crowded = [merged(crowded[at : at + 80]) for at in (0, 80)]
        many = gather(strategies.questions(least=16, most=28), 60)
        self.many = [merged(many[at : at + 30]) for at in (0, 30)]
        self.full = merged(gather(strategies.questions(least=12, most=24), 20) + tied[:20])
        self.panels = [merged(made[at : at + 40]) for at in (0, 40)]
        self.asked = gather(st.tuples(ON_DAYS, st.booleans()), 5)
        self.single = gather(st.tuples(strategies.questions(), ON_DAYS), 12)
        self.kept: list[Content] = []
        self.tables: dict[int, dict[str, pa.Table]] = {}
        self.datasets: dict[int, Dataset] = {}
        self.name = ""
        self.answers: dict[Any, pa.Table] = {}
        self.revisions: list[tuple[pa.Table, int]] = []

    def make(self, content: Content) -> Dataset:
        """A dataset of a content; made once where the mutant does not bear on its tables."""
        if id(content) not in self.tables:
            self.tables[id(content)] = to_tables(content)
            self.kept.append(content)  # so that no other content gets its id
        tables = self.tables[id(content)]
        if self.name in ("queries/counted", "queries/positions"):
            return Dataset(Complete(tables), "0.0.0+test")
        if id(content) not in self.datasets:
            self.datasets[id(content)] = Dataset(Complete(tables), "0.0.0+test")
        return self.datasets[id(content)]

    def checks(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What the tests do, in the order in which it tells most."""
        from tests import test_positions as positions
        from tests import test_questions as questions

        if self.name == "queries/known_at":
            yield from (("releases", partial(_by_sql, *given)) for given in self.recorded())
            return
        if self.name == "queries/agreement":
            yield "agreement", partial(questions.check_agreement, SEED)
        derived = self.name in ("queries/counted", "queries/positions")
        if derived:
            for content in (*self.crowded, *self.positions, *self.tied):
                yield "positions", partial(positions.check_positions, content)
        if self.name == "queries/positions":
            return  # positions that are the oracle's answer all questions alike
        if self.name != "queries/history":
            for given in self.contents():
                yield "questions", partial(questions.check_questions, *given)
        if not derived:
            yield "arguments", partial(questions.check_arguments, self.full, LATEST)
        if self.name in ("queries/as_of", "queries/history"):
            for content, day in self.single:
                yield "as of", partial(positions.check_as_of, content, day)
        if self.name == "queries/as_of":
            for every, age, content in itertools.product(
                ("month", "year"), (None, 0, 45), self.panels
            ):
                yield "panel", partial(questions.check_panel, content, every, age)

    def contents(self) -> Iterator[tuple[Content, datetime.date, bool]]:
        """Datasets with what is asked of them; first the fullest, since they tell most."""
        yield from zip(self.many, (LATEST, LATEST), (False, True), strict=True)
        yield from zip(self.tied, (DAY, LATER, LATER), (False, True, True), strict=True)
        for content, (day, joint) in zip(self.questions, self.asked, strict=True):
            yield content, day, joint

    def recorded(self) -> list[tuple[pa.Table, int]]:
        """The histories that the test of releases makes."""
        if not self.revisions:
            from tests import test_releases

            def record(table: pa.Table, number: int) -> None:
                self.revisions.append((table, number))

            with mock.patch.object(test_releases, "by_sql", record):
                case = test_releases.Editing.TestCase
                case.settings = settings(max_examples=25, stateful_step_count=25)
                case().runTest()
        return self.revisions

    def asked_once(self) -> Callable[..., pa.Table]:
        """What asks a question, but only once the same of the same where no mutant bears on it."""
        ask = asking.Asker.ask

        def wrapped(asker: Any, name: str, relations: Any = None, **parameters: Any) -> pa.Table:
            mutated = self.name in (f"queries/{name}", "queries/counted", "queries/positions")
            if mutated:
                return ask(asker, name, relations, **parameters)
            given = {n: hash(repr(t.to_pylist())) for n, t in (relations or {}).items()}
            key = (id(asker), name, repr(given), repr(parameters))
            if key not in self.answers:
                self.answers[key] = ask(asker, name, relations, **parameters)
            return self.answers[key]

        return wrapped

    def kills(self, mutant: Mutant) -> str:
        """The check that a mutant fails; empty where it passes all."""
        from tests import oracle, oracle_questions, test_positions, test_questions, test_releases

        self.name = mutant.name

        def packaged(name: str) -> str:
            return mutant.text if name == mutant.name else engine.packaged(name)

        with contextlib.ExitStack() as stack:
            for module in (asking, derive, test_releases):
                stack.enter_context(mock.patch.object(module, "packaged", packaged))
            stack.enter_context(mock.patch.object(asking.Asker, "ask", self.asked_once()))
            for test in (test_positions, test_questions):
                stack.enter_context(mock.patch.object(test, "make", self.make))
            for module, name in ((oracle, "positions"), *((oracle_questions, n) for n in NAIVE)):
                stack.enter_context(mock.patch.object(module, name, once(getattr(module, name))))
            for what, check in self.checks():
                try:
                    check()
                except Exception as error:
                    return (
                        what
                        if isinstance(error, AssertionError)
                        else f"{what}: {type(error).__name__}"
                    )
        return ""


NAIVE = (
    "as_of", "shifts", "contradictions", "conditions", "agreement", "conditions_in_full",
    "contradictions_in_full",
)  # fmt: skip
_ONCE: dict[Any, Any] = {}


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """An oracle that works only once for the same arguments."""

    def key(value: Any) -> Any:
        big = isinstance(value, Content) or (
            isinstance(value, list) and (not value or isinstance(value[0], dict))
        )
        return id(value) if big else repr(value)

    def wrapped(*arguments: Any) -> Any:
        at = (function.__module__, function.__name__, *map(key, arguments))
        if at not in _ONCE:
            _ONCE[at] = (function(*arguments), arguments)  # kept, so that no id is used again
        return _ONCE[at][0]

    return wrapped


def _by_sql(table: pa.Table, number: int) -> None:
    from tests.test_releases import by_sql

    by_sql(table, number)


# The tests themselves.

TESTS = {
    "rules": ["tests/test_faults.py", "tests/test_rules.py", "tests/test_rules_by_oracle.py", "tests/test_exports.py", "tests/test_data.py"],
    "queries": ["tests/test_positions.py", "tests/test_questions.py", "tests/test_releases.py",
                "tests/test_data.py", "tests/test_cli.py", "tests/test_dataset.py"],
}  # fmt: skip


def fails_really(mutant: Mutant) -> bool:
    """Whether the fitting tests fail with the mutant in the place of its file."""
    file = SQL / f"{mutant.name}.sql"
    original = file.read_bytes()
    # Whatever comes between, the file is put back.
    try:
        file.write_text(mutant.text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
        tests = TESTS[mutant.name.partition("/")[0]]
        done = subprocess.run(
            [*command, *tests], capture_output=True, check=False, text=True, env=os.environ
        )
        print("   ", done.stdout.strip().splitlines()[-2:], flush=True)
        return done.returncode == 1
    finally:
        file.write_bytes(original)


def main() -> None:
    """Try every mutant, and print how many the tests notice and which they do not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="files, as in rules/level; all by default")
    parser.add_argument("--really", type=int, default=0, metavar="NUMBER")
    parser.add_argument("--faults", action="store_true", help="ask the faults in files too")
    parser.add_argument("--survivors", action="store_true")
    given = parser.parse_args()
    names = given.names or [
        f"{folder}/{name}"
        for folder in ("rules", "queries")
        for name in engine.packaged_names(folder)
    ]
    # A mutant that joins everything with everything ends soon, and is noticed.
    engine._QUIET.update({"memory_limit": "1GB", "temp_directory": ""})
    start = time.monotonic()
    makers: dict[str, Callable[[], Any]] = {
        "rules": lambda: Rules(given.faults),
        "queries": Questions,
    }
    tryers: dict[str, Any] = {}
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    killed: list[Mutant] = []
    survived: list[Mutant] = []
    for name in names:
        folder = name.partition("/")[0]
        tryer = tryers.get(folder) or tryers.setdefault(folder, makers[folder]())
        unchanged(tryer, name)
        for mutant in mutants_of(name):
            by = tryer.kills(mutant)
            for key in (name, folder):
                counts[key][0] += 1
                counts[key][1] += bool(by)
            (killed if by else survived).append(mutant)
            if not by:
                print(f"SURVIVED {mutant}", flush=True)
        count, dead = counts[name]
        print(f"{name}: {dead} of {count} killed, {time.monotonic() - start:.0f} s", flush=True)
    for name in sorted({key for key in counts if "/" not in key}):
        count, dead = counts[name]
        print(
            f"{name}: {count} mutants, {dead} killed, {count - dead} survived, {dead / count:.1%}"
        )
    sample = random.Random(SEED).sample(killed, min(given.really, len(killed)))
    for mutant in [*sample, *(survived if given.survivors else ())]:
        print(f"{'FAILS' if fails_really(mutant) else 'PASSES'} {mutant}", flush=True)


def unchanged(tryer: Any, name: str) -> None:
    """A file that was only read and written again says what it said."""
    head, _, sql = engine.packaged(name).partition("\n\n")
    text = f"{head}\n\n{again(sql)}" if name.startswith("rules/") else again(engine.packaged(name))
    nothing = Mutation("", "", "", "", "")
    by = tryer.kills(Mutant(name, "", nothing, text))
    if by:
        raise SystemExit(f"{name} is told from itself by {by}")


if __name__ == "__main__":
    main()
