"""Mutation testing of the questions, on generated datasets, with the checks of the tests."""

from __future__ import annotations

import contextlib
import datetime
import importlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from unittest import mock

import pyarrow as pa
from hypothesis import HealthCheck, settings

from stancedata.dataset import Dataset
from stancedata.engines import packaged as packages
from stancedata.engines.packaged import packaged
from stancedata.questions import positions as derive
from stancedata.questions import runner as asking
from stancedata.questions.positions import Complete
from tools.mutation.sql_mutants import Mutant

SEED = 20211020
LATEST = datetime.date(2021, 12, 31)
GROUPS, TOGETHER = 6, 40


class Questions:
    """Runs the checks of the tests on mutants of questions and generated datasets."""

    def __init__(self) -> None:
        importlib.import_module("tests.conftest")  # registers the profile of the tests
        settings.register_profile(
            "mutation", settings.get_profile("here"), derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settings.load_profile("mutation")
        from tests.support import strategies
        from tests.support.edition2_datasets import seeded, together
        from tests.support.edition2_model import content_of
        from tests.support.side_by_side import gather, merged

        from stancedata.tables.rows import to_tables

        groups = (range(at * TOGETHER, (at + 1) * TOGETHER) for at in range(GROUPS))
        self.groups = [together(map(seeded, group)) for group in groups]
        self.tables = [to_tables(content_of(data)) for data in self.groups]
        self.contents = [merged(gather(strategies.questions(least=12, most=24), 40))]
        self.expected: dict[tuple[str, int], Any] = {}
        self.name = ""
        self.revisions: list[tuple[pa.Table, int]] = []

    def checks(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Iterate over the checks of the tests, those that kill most mutants first."""
        from tests.questions import test_questions as questions
        from tests.support.edition2_side_by_side import ASKED

        if self.name == "questions/known_at":
            yield from self.releases()
            return
        if self.name == "questions/not_counted":
            from tests.cli.test_positions import test_each_reason_is_counted

            yield "reasons", test_each_reason_is_counted
        if self.name == "questions/agreement":
            yield "agreement", partial(questions.check_agreement, SEED)
            yield "scales", partial(questions.check_agreement_of_any_scale, SEED)
        if self.name == "questions/conditions":
            for content in self.contents:
                yield "questions", partial(questions.check_questions, content, LATEST)
        if self.name in ("questions/counted_1", "questions/positions_1"):
            from tests.questions.test_positions import check_positions_of_version_1

            for content in self.contents:
                yield "version 1", partial(check_positions_of_version_1, content)
            return
        for at in range(GROUPS):
            yield from ((name, partial(self.compare, name, at)) for name in ASKED)
        for content in self.contents:
            yield "arguments", partial(questions.check_arguments, content, LATEST)

    def compare(self, name: str, at: int) -> None:
        """Ask the oracle, whose answers are kept, and a dataset one question."""
        from tests.support.edition2_side_by_side import ASKED, differences

        expect, ask = ASKED[name]
        if (name, at) not in self.expected:
            self.expected[name, at] = expect(self.groups[at])
        kept = {name: (lambda _: self.expected[name, at], ask)}
        with mock.patch.dict(ASKED, kept):
            dataset = Dataset(Complete(self.tables[at]), "0.0.0+test")
            assert not differences(name, self.groups[at], dataset)

    def releases(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Iterate over the checks of what was known as of a release."""
        from tests.releases import test_changes as releases

        yield "known at", releases.check_known_at
        yield from (("releases", partial(releases.by_sql, *given)) for given in self.recorded())

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

    def kills(self, mutant: Mutant) -> str:
        """Return the check that kills a mutant; empty if it survives."""
        from tests.releases import test_changes as test_releases

        self.name = mutant.name

        def text_of(name: str) -> str:
            return mutant.text if name == mutant.name else packaged(name)

        with contextlib.ExitStack() as stack:
            for module in (packages, asking, derive, test_releases):
                stack.enter_context(mock.patch.object(module, "packaged", text_of))
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
