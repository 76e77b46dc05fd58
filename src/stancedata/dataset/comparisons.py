"""Queries that compare: shifts, contradictions, agreement, silence, reliability of coders."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stancedata.dataset.order import holder_first, issue_first
from stancedata.dataset.record_collections import Records, not_before
from stancedata.problems import StancedataError, UnknownIdError, did_you_mean, shown
from stancedata.questions.arguments import (
    Day,
    Period,
    age_of,
    distinct_periods,
    first_and_last,
    refuse_unless_flag,
)
from stancedata.questions.result import answering

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.reliability import Reliability


SHIFTS = ("reversal", "softer", "firmer", "step")
"""The kinds of changes."""


class Comparisons(Records):
    """Queries that compare positions, stances and speakers with each other."""

    @answering
    def shifts(
        self,
        holder: str | int | None = None,
        issue: str | None = None,
        on: Day | None = None,
        *,
        across: bool = False,
        low: bool = False,
        kind: str | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pa.Table:
        """Return each change of a holder's level on an issue, with both stances.

        Args:
            holder: Only this holder, by ID, name or code.
            issue: Only this issue, by ID or name.
            on: Leave out what began to count after this day; by default nothing.
            across: Compare own and joint statements with each other; by default own ones only with
                own ones, and joint ones with joint ones.
            low: On issues of words, include statements that are coded with low confidence.
            kind: Only changes of this kind.
            start: Leave out changes before this day.
            end: The same as `on`.

        Returns:
            One row per change. `kind` is `reversal`, `softer` or `firmer`, on issues of deeds
            `step`.

        Raises:
            UnknownIdError: If the actor, issue or kind is unknown, with the closest name.
            StancedataError: If a day is invalid, or `start` is after `end`.
        """
        flags = {"across": across, "low": low}
        for name, value in flags.items():
            refuse_unless_flag(value, name)
        if kind is not None and not (isinstance(kind, str) and kind in SHIFTS):
            hint = did_you_mean(kind, SHIFTS) or f"use one of {', '.join(SHIFTS)}"
            raise UnknownIdError(f"no kind of change is called {shown(kind)}; {hint}")
        found = self._asker.shifts(**flags, **self._narrowing(holder, issue, on, start, end))
        found = not_before(found, "shifted_on", start)
        return found if kind is None else _of_kind(found, kind)

    @answering
    def contradictions(
        self,
        holder: str | int | None = None,
        issue: str | None = None,
        on: Day | None = None,
        *,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pa.Table:
        """Return stances whose documents contradict each other on one utterance.

        They are about one event, and put the holder on different sides or two levels apart.

        Args:
            holder: Only this holder, by ID, name or code.
            issue: Only this issue, by ID or name.
            on: Only stances that count by this day; by default all.
            start: Leave out stances of earlier days.
            end: The same as `on`.
        """
        narrowed = self._narrowing(holder, issue, on, start, end)
        return not_before(
            self._asker.ask_counted("contradictions", **narrowed), "stated_latest", start
        )

    @answering
    def agreement(
        self,
        on: Day | None = None,
        exclude_joint: bool | None = None,
        all_issues: bool = False,
        every: str | None = None,
        start: Day | None = None,
        end: Day | None = None,
        *,
        holder: str | int | None = None,
        joint: bool = False,
        max_age: int | None = None,
    ) -> pa.Table:
        """Compute the agreement of every pair of holders, as of a day or at the end of each period.

        Args:
            on: A day; by default the last day in the data.
            exclude_joint: Deprecated: joint statements are left out by default; use `joint`.
            all_issues: Use all issues; by default only the core issues.
            every: `month`, `quarter` or `year`, to measure at the end of each period instead of on one day.
            start: With `every`, a day in the first period; by default that of the first position.
            end: With `every`, a day in the last period; by default that of the last position.
            holder: Only the pairs of this holder with every other one.
            joint: Also use joint statements; by default only what holders said for themselves.
            max_age: Leave out positions older than this many days.

        Returns:
            Signorino and Ritter's S (`similarity`) and the share of like signs, for each period
            and each pair that shares an issue; both are null if fewer than three are shared.

        Raises:
            StancedataError: If a day or `every` is invalid, `start` is after `end`, or `on` is
                combined with periods.
            UnknownIdError: If the actor is unknown; the message suggests the closest name.
        """
        joint = _joint(joint, exclude_joint)
        refuse_unless_flag(all_issues, "all_issues")
        who, _ = self._ids(holder, None)
        periods = self._compared_periods(on, every, start, end)
        asked: dict[str, Any] = {"actor_id": who, "all_issues": all_issues}
        return self._asker.agreement(periods, joint, age_of(max_age), **asked)

    def _compared_periods(
        self, on: Day | None, every: str | None, start: Day | None, end: Day | None
    ) -> list[Period]:
        if every is None and not (start is None and end is None):
            raise StancedataError("start and end: need periods; add every='month' or every='year'")
        if every is not None and on is not None:
            raise StancedataError("on: cannot be combined with every; use start and end")
        if every is None:
            return distinct_periods(self._days(on))
        return self._periods(every, start, end)

    @holder_first("issue", "holder", "coverage", "start", "end", when=issue_first)
    @answering
    def silence(
        self,
        holder: str | int | None = None,
        issue: str | None = None,
        coverage: str | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pa.Table:
        """Return who spoke on an occasion and said nothing on an issue, with how many spoke.

        An occasion is an event, or a document of none. Only actors whose texts there were read
        whole, or who are listed as silent, are known to have been silent.

        Args:
            holder: Only the silences of this actor, by ID, name or code.
            issue: An issue, by ID or name; by default all of them.
            coverage: Only those in this corpus, by its ID in `coverage`.
            start: Only occasions on or after this day.
            end: Only occasions on or before this day.

        Returns:
            One row per silent speaker and occasion. `spoke` counts the known speakers of the
            occasion, `silent` those of them who said nothing on the issue.

        Raises:
            UnknownIdError: If the issue, actor or coverage is unknown, with the closest name.
            StancedataError: If a day is invalid, or `start` is after `end`.
        """
        who, what = self._ids(holder, issue)
        first, last = first_and_last(start, end)
        return self._asker.ask(
            "silence",
            actor_id=who,
            issue_id=what,
            coverage_id=self._coverage_id(coverage),
            first_day=first,
            last_day=last,
        )

    def _coverage_id(self, coverage: str | None) -> str | None:
        known = [row["coverage_id"] for row in self.tables["coverage"].to_pylist()]
        if coverage is None or (isinstance(coverage, str) and coverage in known):
            return coverage
        hint = did_you_mean(coverage, known) or "see the table `coverage`"
        raise UnknownIdError(f"no coverage is called {shown(coverage)}; {hint}")

    def reliability(
        self,
        coders: Sequence[str] | None = None,
        issue: str | None = None,
        draws: int = 1000,
        seed: int = 0,
    ) -> Reliability:
        """Measure intercoder reliability on documents that several coders coded blind.

        It compares whether a document carries a stance on an issue, who holds it, at which level
        and when; see docs/reliability.md. Needs `pip install 'stancedata[reliability]'`.

        Args:
            coders: The coders to compare, two or more; by default all.
            issue: Only this issue, by ID or name.
            draws: Number of bootstrap samples of documents for the intervals; 0 for no intervals.
            seed: Seed of the random samples; the same seed gives the same intervals.

        Returns:
            Coefficients with intervals, or the reason why one cannot be computed. `disagreements`
            has every difference between two coders and how it was resolved.

        Raises:
            UnknownIdError: If a coder or the issue is unknown; with the closest name.
            StancedataError: If no two coders have a document in common, or the package that
                computes alpha is not installed.
        """
        from stancedata.reliability import measure

        _, what = self._ids(None, issue)
        rows = self.tables["codings"].select(["coder", "document_id"]).to_pylist()
        codings = [(row["coder"], row["document_id"]) for row in rows]
        stances = self.blind_stances.values()
        return measure(stances, list(self.issues), coders, what, draws, seed, codings)


def _of_kind(found: pa.Table, kind: str) -> pa.Table:
    import pyarrow.compute as pc

    return found.filter(pc.field("kind") == kind)


def _joint(joint: bool, exclude_joint: bool | None) -> bool:
    """Validate the flag for joint statements, and its deprecated opposite."""
    refuse_unless_flag(joint, "joint")
    if exclude_joint is None:
        return joint
    refuse_unless_flag(exclude_joint, "exclude_joint")
    warnings.warn(
        "exclude_joint is deprecated and goes in the next version: joint statements are left out by "
        "default; use joint=True to include them",
        DeprecationWarning,
        stacklevel=4,
    )
    if exclude_joint and joint:
        raise StancedataError("exclude_joint: contradicts joint, got True for both; leave it out")
    return not exclude_joint
