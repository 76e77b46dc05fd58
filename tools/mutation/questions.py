"""Mutation testing of the questions, on generated datasets, with the checks of the tests.

A mutant meets the checks that read its file, which are found by running each of them once: those
that killed most mutants of the file in least time come first, so that a survivor alone meets all.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from unittest import mock

import attrs
import pyarrow as pa
from hypothesis import HealthCheck, Phase, settings

from stancedata.dataset import Dataset
from stancedata.engines import packaged as packages
from stancedata.engines.packaged import packaged
from stancedata.questions import positions as derive
from stancedata.questions import runner as asking
from stancedata.questions.positions import Complete
from stancedata.tables.columns import SCHEMA_VERSION
from stancedata.tables.digest import digest
from stancedata.tables.rows import to_tables
from tools.mutation.sql_mutants import Mutant

SEED = 20211020
LATEST = datetime.date(2021, 12, 31)
GROUPS = (range(40), range(40, 100), range(1000, 1001))
"""Seeds of datasets that are asked together: some quickly, more, and some alone."""
DERIVED = ("positions", "document_silences")
"""Questions whose answers are derived tables: all of the others read these."""
READERS = (packages, asking, derive)
TESTS = ("questions.test_spells", "questions.test_positions", "releases.test_changes")
"""Tests that read packaged SQL themselves."""


@attrs.define(eq=False)
class Check:
    """One check of the tests.

    Attributes:
        derives: Whether it is about derived tables, which are then made with the mutant. For other
            checks they are made without it.
        files: The packaged files that it reads.
        seconds: The time that it takes.
    """

    name: str
    run: Callable[[], None]
    derives: bool = False
    files: frozenset[str] = frozenset()
    seconds: float = 0


class Questions:
    """Runs the checks of the tests on mutants of questions and generated datasets."""

    def __init__(self) -> None:
        importlib.import_module("tests.conftest")  # registers the profile of the tests
        settings.register_profile(
            "mutation", settings.get_profile("here"), derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("mutation")
        from tests.support.edition2_datasets import seeded, together
        from tests.support.edition2_model import content_of
        from tests.support.edition2_side_by_side import ASKED

        self.readers = (*READERS, *(importlib.import_module(f"tests.{name}") for name in TESTS))
        self.groups = [together(map(seeded, group)) for group in GROUPS]
        self.tables = [to_tables(content_of(data)) for data in self.groups]
        self.expected: dict[tuple[str, int], Any] = {}
        for at, name in itertools.product(range(len(GROUPS)), ASKED):
            self.expected[name, at] = ASKED[name][0](self.groups[at])
        self.datasets: dict[tuple[int, bool], Dataset] = {}
        self.derived: dict[tuple[str, str, str], Any] = {}
        self.checks = list(_checks(self))
        self.kills_of: Counter[tuple[str, str]] = Counter()
        for check in self.checks:
            self._measure(check)
        assert self.derived, "Complete no longer derives its tables by derived_tables"

    def _measure(self, check: Check) -> None:
        """Run a check without a mutant, to see that it passes, what it reads and how long it takes."""
        read: set[str] = set()

        def text_of(name: str) -> str:
            read.add(name)
            return packaged(name)

        self.datasets.clear()
        start = time.process_time()
        self._run(check, text_of)
        check.files, check.seconds = frozenset(read), time.process_time() - start

    def _run(self, check: Check, text_of: Callable[[str], str]) -> None:
        """Run a check in which packaged files are read by another function."""
        with contextlib.ExitStack() as stack:
            for module in self.readers:
                stack.enter_context(mock.patch.object(module, "packaged", text_of))
            if not check.derives:
                made = partial(self._derived, derive.derived_tables)
                stack.enter_context(mock.patch.object(derive, "derived_tables", made))
            check.run()

    def _derived(
        self,
        make: Callable[..., Any],
        tables: Any,
        version: str = SCHEMA_VERSION,
        *names: list[str],
    ) -> Any:
        """Derive tables without a mutant, once."""
        key = digest(tables, schema_version=version), version, str(names)
        if key not in self.derived:
            with contextlib.ExitStack() as stack:
                for module in self.readers:
                    stack.enter_context(mock.patch.object(module, "packaged", packaged))
                self.derived[key] = make(tables, version, *names)
        return self.derived[key]

    def compare(self, name: str, at: int) -> None:
        """Ask the oracle, whose answers are kept, and a dataset one question."""
        from tests.support.edition2_side_by_side import ASKED, differences

        _, ask = ASKED[name]
        key = at, name in DERIVED
        if key not in self.datasets:
            self.datasets[key] = Dataset(Complete(self.tables[at]), "0.0.0+test")
        kept = {name: (lambda _: self.expected[name, at], ask)}
        with mock.patch.dict(ASKED, kept):
            assert not differences(name, self.groups[at], self.datasets[key])

    def kills(self, mutant: Mutant) -> str:
        """Return the check that kills a mutant; empty if it survives."""
        self.datasets.clear()

        def text_of(name: str) -> str:
            return mutant.text if name == mutant.name else packaged(name)

        def promise(check: Check) -> float:
            return (self.kills_of[mutant.name, check.name] + 0.1) / (check.seconds + 0.01)

        asked = [check for check in self.checks if mutant.name in check.files]
        for check in sorted(asked, key=promise, reverse=True):
            try:
                self._run(check, text_of)
            except Exception as error:
                self.kills_of[mutant.name, check.name] += 1
                wrong = isinstance(error, AssertionError)
                return check.name if wrong else f"{check.name}: {type(error).__name__}"
        return ""


def _checks(asked: Questions) -> Iterator[Check]:
    """Iterate over the checks of the tests."""
    from tests.support.edition2_side_by_side import ASKED

    for at in range(len(GROUPS)):
        for name in ASKED:
            yield Check(f"{name} {at}", partial(asked.compare, name, at), name in DERIVED)
    yield from _of_questions()
    yield from _of_positions()
    yield from _of_comparisons()
    yield from _of_releases()


def _of_questions() -> Iterator[Check]:
    from tests.questions import test_questions as tests
    from tests.questions.test_positions import check_positions_of_version_1
    from tests.support import strategies
    from tests.support.side_by_side import gather, merged

    drawn = strategies.questions(least=12, most=24), strategies.tied(), strategies.crowded()
    several, tied, crowded = (
        merged(gather(strategy, count))
        for strategy, count in zip(drawn, (40, 40, 150), strict=True)
    )
    for content in (several, tied, crowded):
        yield Check("version 1", partial(check_positions_of_version_1, content), True)
    yield Check("questions", partial(tests.check_questions, several, LATEST))
    yield Check("arguments", partial(tests.check_arguments, tied, LATEST))
    for joint in (False, True):
        check = partial(tests.check_agreement_by_period, several, joint)
        yield Check("agreement by period", check)
    yield Check("agreement", partial(tests.check_agreement, SEED))
    yield Check("scales", partial(tests.check_agreement_of_any_scale, SEED))
    yield Check("nothing", tests.test_an_empty_dataset_answers)


def _of_positions() -> Iterator[Check]:
    from tests.questions import test_pair as pairs
    from tests.questions import test_positions as tests
    from tests.support.edition2_datasets import seeded, together
    from tests.support.edition2_model import dataset_of
    from tests.support.edition2_side_by_side import DAYS

    yield Check("both forms", tests.test_both_forms_of_as_of_are_equal)
    yield Check("panel and matrix", tests.test_a_panel_is_what_stands_at_each_end)
    yield Check("codes of periods", tests.test_a_panel_has_the_codes_of_its_periods)
    yield Check("coverage", tests.test_listed_corpora_say_what_is_covered)
    several = together(map(seeded, range(7000, 7010)))

    def each_pair() -> None:
        found = dataset_of(several)
        assert pairs.check_positions(found, DAYS[7:8])
        assert pairs.check_histories(found)

    yield Check("pairs", each_pair)


def _of_comparisons() -> Iterator[Check]:
    from tests.questions import test_comparisons, test_similarity, test_spells
    from tests.support.edition2_datasets import seeded, together
    from tests.support.edition2_model import dataset_of

    yield Check("spells: shifts", test_spells.test_shifts_are_the_changes_of_what_stands)
    yield Check("spells: days", test_spells.test_what_stands_on_each_day)
    yield Check("order", test_comparisons.test_answers_are_in_order)
    many = together(map(seeded, range(8000, 8010)))

    def similar() -> None:
        found = dataset_of(many)
        for joint, max_age, every in test_similarity.FLAGS:
            given: dict[str, Any] = {"joint": joint, "max_age": max_age, "all_issues": every}
            assert test_similarity.check(found, actor_id=None, **given)

    yield Check("similarity", similar)


def _of_releases() -> Iterator[Check]:
    from tests.releases import test_changes as tests

    yield Check("known at", tests.check_known_at)
    recorded: list[tuple[pa.Table, int]] = []

    def record(table: pa.Table, number: int) -> None:
        recorded.append((table, number))

    with mock.patch.object(tests, "by_sql", record):
        case = tests.Editing.TestCase
        case.settings = settings(max_examples=10, stateful_step_count=25)
        case().runTest()

    def edited() -> None:
        for given in recorded:
            tests.by_sql(*given)

    yield Check("editing", edited)
