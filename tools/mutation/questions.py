"""Mutation testing of the questions, on generated datasets, with the checks of the tests."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from unittest import mock

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from stancedata.dataset import Dataset
from stancedata.engines.packaged import packaged
from stancedata.model import Content
from stancedata.questions import positions as derive
from stancedata.questions import runner as asking
from stancedata.questions.positions import Complete
from stancedata.tables.rows import to_tables
from tools.mutation.sql_mutants import Mutant

SEED = 20211020
DAY = datetime.date(2021, 10, 21)
LATER, LATEST = datetime.date(2021, 12, 1), datetime.date(2021, 12, 31)


class Questions:
    """Runs the checks of the tests on mutants of questions and generated datasets."""

    def __init__(self) -> None:
        importlib.import_module("tests.conftest")  # registers the profile of the tests
        settings.register_profile(
            "mutation", settings.get_profile("here"), derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("mutation")
        from tests.questions.test_positions import ON_DAYS
        from tests.support import strategies
        from tests.support.side_by_side import gather, merged

        made = gather(strategies.questions(), 400)
        self.positions = [merged(made[at : at + 100]) for at in range(0, 400, 100)]
        self.questions = [merged(made[at : at + 80]) for at in range(0, 400, 80)]
        tied = gather(strategies.tied(), 120)
        self.tied = [merged(tied[at : at + 40]) for at in (0, 40, 80)]
        crowded = gather(strategies.crowded(), 160)
        self.crowded = [merged(crowded[at : at + 80]) for at in (0, 80)]
        self.neighbours = [merged(gather(strategies.neighbours(), 120))]
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
        """Make a dataset of a content; cached unless the mutant affects its tables."""
        if id(content) not in self.tables:
            self.tables[id(content)] = to_tables(content)
            self.kept.append(content)  # keeps its id() from being reused
        tables = self.tables[id(content)]
        if self.name in ("questions/counted", "questions/dated", "questions/positions"):
            return Dataset(Complete(tables), "0.0.0+test")
        if id(content) not in self.datasets:
            self.datasets[id(content)] = Dataset(Complete(tables), "0.0.0+test")
        return self.datasets[id(content)]

    def checks(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Iterate over the checks of the tests, those that kill most mutants first."""
        from tests.questions import test_positions as positions
        from tests.questions import test_questions as questions
        from tests.questions import test_tables as of_tables

        made_up = getattr(of_tables, f"check_{self.name.removeprefix('questions/')}", None)
        if made_up is not None:
            yield "tables", partial(made_up, SEED)
        if self.name == "questions/known_at":
            yield from self.releases()
            return
        if self.name == "questions/not_counted":
            from tests.cli.test_no_position import test_each_reason_is_counted

            yield "reasons", test_each_reason_is_counted
            return
        if self.name == "questions/agreement":
            yield "agreement", partial(questions.check_agreement, SEED)
            yield "scales", partial(questions.check_agreement_of_any_scale, SEED)
        if self.name in ("questions/counted", "questions/positions"):
            for content in (*self.neighbours, *self.crowded, *self.positions, *self.tied):
                yield "positions", partial(positions.check_positions, content)
            # With correct positions, only `contradictions` can still differ.
            if self.name == "questions/counted":
                yield "questions", partial(questions.check_questions, self.tied[0], DAY, False)
            return
        yield "arguments", partial(questions.check_arguments, self.full, LATEST)
        if self.name != "questions/history":
            for given in self.contents():
                yield "questions", partial(questions.check_questions, *given)
        yield from self.days()

    def releases(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Iterate over the checks of what was known as of a release."""
        from tests.releases import test_changes as releases

        yield "known at", releases.check_known_at
        yield from (("releases", partial(releases.by_sql, *given)) for given in self.recorded())

    def days(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Iterate over the checks of positions as of a day."""
        from tests.questions import test_positions as positions
        from tests.questions import test_questions as questions

        if self.name in ("questions/as_of", "questions/dated", "questions/history"):
            for content, day in self.single:
                yield "as of", partial(positions.check_as_of, content, day)
        if self.name in ("questions/as_of", "questions/dated", "questions/panel"):
            from tests.questions import test_tables as of_tables

            yield "months", partial(of_tables.check_as_of_months, SEED)
            for every, age, content in itertools.product(
                ("month", "year"), (None, 0, 45), self.panels
            ):
                yield "panel", partial(questions.check_panel, content, every, age)

    def contents(self) -> Iterator[tuple[Content, datetime.date, bool]]:
        """Iterate over datasets with their arguments, the fullest first: they kill most mutants."""
        yield from zip(self.many, (LATEST, LATEST), (False, True), strict=True)
        yield from zip(self.tied, (DAY, LATER, LATER), (False, True, True), strict=True)
        for content, (day, joint) in zip(self.questions, self.asked, strict=True):
            yield content, day, joint

    def recorded(self) -> list[tuple[pa.Table, int]]:
        """Record the histories that the test of releases generates."""
        if not self.revisions:
            from tests.releases import test_changes as test_releases

            def record(table: pa.Table, number: int) -> None:
                self.revisions.append((table, number))

            with mock.patch.object(test_releases, "by_sql", record):
                case = test_releases.Editing.TestCase
                case.settings = settings(max_examples=25, stateful_step_count=25)
                case().runTest()
        return self.revisions

    def asked_once(self) -> Callable[..., pa.Table]:
        """Wrap `Asker.ask` in a cache for questions that the mutant does not affect."""
        ask = asking.Asker.ask

        def wrapped(asker: Any, name: str, relations: Any = None, **parameters: Any) -> pa.Table:
            shared = ("questions/counted", "questions/dated", "questions/positions")
            mutated = self.name in (f"questions/{name}", *shared)
            if mutated:
                return ask(asker, name, relations or {}, **parameters)
            given = {n: hash(repr(t.to_pylist())) for n, t in (relations or {}).items()}
            key = (id(asker), name, repr(given), repr(parameters))
            if key not in self.answers:
                self.answers[key] = ask(asker, name, relations or {}, **parameters)
            return self.answers[key]

        return wrapped

    def stood_once(self) -> Callable[..., pa.Table]:
        """Wrap `Asker.standing` in a cache, if the mutant is one of `agreement`."""
        standing = asking.Asker.standing

        def wrapped(asker: Any, periods: Any) -> pa.Table:
            if self.name != "questions/agreement":
                return standing(asker, periods)
            key = (id(asker), "standing", repr(periods))
            if key not in self.answers:
                self.answers[key] = standing(asker, periods)
            return self.answers[key]

        return wrapped

    def kills(self, mutant: Mutant) -> str:
        """Return the check that kills a mutant; empty if it survives."""
        from tests.questions import test_positions, test_questions
        from tests.releases import test_changes as test_releases
        from tests.support import oracle, oracle_questions

        self.name = mutant.name

        def text_of(name: str) -> str:
            return mutant.text if name == mutant.name else packaged(name)

        with contextlib.ExitStack() as stack:
            for module in (asking, derive, test_releases):
                stack.enter_context(mock.patch.object(module, "packaged", text_of))
            stack.enter_context(mock.patch.object(asking.Asker, "ask", self.asked_once()))
            stack.enter_context(mock.patch.object(asking.Asker, "standing", self.stood_once()))
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
    """Cache the results of an oracle."""

    def key(value: Any) -> Any:
        big = isinstance(value, Content) or (
            isinstance(value, list) and (not value or isinstance(value[0], dict))
        )
        return id(value) if big else repr(value)

    def wrapped(*arguments: Any) -> Any:
        at = (function.__module__, function.__name__, *map(key, arguments))
        if at not in _ONCE:
            _ONCE[at] = (function(*arguments), arguments)  # keeps their id() from being reused
        return _ONCE[at][0]

    return wrapped
