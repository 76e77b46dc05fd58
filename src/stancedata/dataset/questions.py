"""Queries on a dataset: positions as of a day, their history, panels, conditions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from stancedata.dataset.order import day_first, holder_first, issue_first, issue_second
from stancedata.dataset.record_collections import Records, not_before, not_older
from stancedata.model import Document, Position
from stancedata.model.positions import Positions, uncovered
from stancedata.problems import StancedataError, shown
from stancedata.questions.arguments import (
    Day,
    age_of,
    age_since,
    distinct_periods,
    period_of,
    refuse_unless_flag,
)
from stancedata.questions.pair import standing_of
from stancedata.questions.result import answering, arrow_of
from stancedata.tables.bulk import rows_of
from stancedata.tables.columns import conform
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa


class Questions(Records):
    """Records with queries; results are tables that print as rows."""

    def position(
        self,
        holder: str | int,
        issue: str,
        on: Day | None = None,
        *,
        max_age: int | None = None,
        since: Day | None = None,
    ) -> Position | None:
        """Return a holder's latest position on an issue as of a day.

        Args:
            holder: An actor, by ID, name or code: `russia`, `Kremlin`, `RUS`. A bare number is a
                Correlates of War code; write codes of other schemes as `vdem:11`.
            issue: An issue, by ID or name.
            on: A day, as a date or ISO text, or the month, quarter or year, such as `2021-10`, at
                the end of which it is asked; by default the last day in the data.
            max_age: Leave out a position older than this many days.
            since: Leave out a position that may date from before this day, month, quarter or year.

        Returns:
            The position, or None if the holder had none by that day. Its `covered` says whether
            the data cover the day.

        Raises:
            UnknownIdError: If the actor or issue is unknown; the message suggests the closest name.
            StancedataError: If `on` is not a day, or the holder or issue is missing.
        """
        who, what = self.actors.resolve(holder), self.issues.resolve(issue)
        days = distinct_periods(self._days(on))
        rows = self._asker.positions_of(who, what) if len(days) == 1 else None
        if rows is None:
            found = self.matrix(holder=who, issue=what, on=on, max_age=max_age, since=since)
            return self._builder.position(found)[0] if found.num_rows else None
        day = days[0][2]
        most = age_since(since, day, age_of(max_age))
        chosen = standing_of(rows_of(rows), day, self._asker.ends[who], most)
        return None if chosen is None else self._standing(rows.slice(chosen[0], 1), day, chosen[1])

    def _standing(self, row: pa.Table, day: datetime.date, age: int) -> Position:
        """Build a position that stands on a day."""
        first, last = self._asker.coverage
        [found] = self._builder.position(
            row,
            on_day=day,
            age_days=age,
            coverage_from=first,
            coverage_to=last,
            covered=None if first is None or last is None else first <= day <= last,
        )
        return found

    def history(
        self,
        holder: str | int | None = None,
        issue: str | None = None,
        on: Day | None = None,
        *,
        start: Day | None = None,
        end: Day | None = None,
    ) -> tuple[Position, ...]:
        """Return every position of a holder on an issue, oldest first: a tuple that prints as lines.

        Args:
            holder: An actor, by ID, name or code; by default all of them, one after another.
            issue: An issue, by ID or name; by default all of them, one after another.
            on: Only positions that count by this day; by default all.
            start: Leave out positions of earlier days.
            end: The same as `on`.

        Raises:
            UnknownIdError: If the actor or issue is unknown; the message suggests the closest name.
            StancedataError: If a day is invalid, `start` is after `end`, or no holder and no issue
                is given.
        """
        if holder is None and issue is None:
            raise StancedataError("holder: is missing; give a holder, an issue, or both")
        narrowed = self._narrowing(holder, issue, on, start, end)
        who, what = narrowed["actor_id"], narrowed["issue_id"]
        rows = None if who is None else self._asker.positions_of(who, *([what] if what else []))
        if rows is None:
            rows = self._asker.ask("history", **narrowed)
        first = None if start is None else period_of(start)[1]
        last = narrowed["on_day"]
        return Positions(p for p in self._builder.position(rows) if _counts(p, first, last))

    @holder_first("on", "issue", "holder", when=day_first)
    @answering
    def positions(
        self,
        holder: str | int | None = None,
        issue: str | None = None,
        on: Day | None = None,
        *,
        by: Day | None = None,
        max_age: int | None = None,
        since: Day | None = None,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pa.Table:
        """Return all positions, or the latest ones as of a day.

        Args:
            holder: Only this holder, by ID, name or code.
            issue: Only this issue, by ID or name.
            on: A day; by default every position ever stated is returned.
            by: Instead of `on`: every position that counts by this day, including superseded ones.
            max_age: With `on`, leave out positions older than this many days.
            since: With `on`, leave out positions that may date from before this day.
            start: Without `on`, leave out positions of earlier days.
            end: The same as `by`.

        Returns:
            A table with the columns of `positions`; with `on`, one row per holder and issue.

        Raises:
            UnknownIdError: If the actor or issue is unknown; the message suggests the closest name.
            StancedataError: If `on` or `by` is not a day, both are given, or `max_age` without `on`.
        """
        if on is None:
            for name, value in {"max_age": max_age, "since": since}.items():
                if value is not None:
                    raise StancedataError(f"{name}: needs a day, got none; add on='2021-10-20'")
            narrowed = self._narrowing(holder, issue, by, start, end, "by")
            return not_before(self._asker.ask("history", **narrowed), "stated_latest", start)
        for name, value in {"by": by, "start": start, "end": end}.items():
            if value is not None:
                raise StancedataError(f"{name}: cannot be combined with on, got both; use one")
        standing = self.matrix(holder=holder, issue=issue, on=on, max_age=max_age, since=since)
        return conform(BY_NAME["positions"], arrow_of(standing))

    @holder_first("on", "issue", "max_age", "holder", when=day_first)
    @answering
    def matrix(
        self,
        holder: str | int | None = None,
        issue: str | None = None,
        on: Day | Iterable[Day] | None = None,
        max_age: int | None = None,
        *,
        silent: bool = False,
        since: Day | None = None,
    ) -> pa.Table:
        """Return holders by issues as of a day, in long format: one row per pair with a position.

        Args:
            holder: Only this holder, by ID, name or code.
            issue: Only this issue, by ID or name.
            on: A day, or several, which is faster than one call per day; or periods such as
                `2021-10`, at the end of which it is asked; by default the last day in the data.
            max_age: Leave out positions older than this many days.
            silent: Count in `silent` on how many occasions the holder has spoken since and said
                nothing on the issue; see `silence`. Holders that never had a position on an issue
                and were silent on it get a row with `level_name` `silent`.
            since: Leave out positions that may date from before this day, month, quarter or year,
                such as one on which everything changed.

        Returns:
            The columns of `positions`, with `period`, `on_day`, `age_days` and `observed`;
            `covered` says whether the data, from `coverage_from` to `coverage_to`, cover the day. A
            null level with `level_name` `ambiguous` is not missing data: missing pairs have no row.
        """
        who, what = self._ids(holder, issue)
        days = distinct_periods(self._days(on))
        refuse_unless_flag(silent, "silent")
        asked = {"actor_id": who, "issue_id": what}
        return not_older(self._asker.matrix(days, silent, age_of(max_age), **asked), since)

    @holder_first("every", "issue", "start", "end", "max_age", "holder", when=issue_second)
    @answering
    def panel(
        self,
        every: str = "month",
        holder: str | int | None = None,
        issue: str | None = None,
        start: Day | None = None,
        end: Day | None = None,
        max_age: int | None = None,
        *,
        balanced: bool = False,
        since: Day | None = None,
    ) -> pa.Table:
        """Return holders by issues at the end of each month or year, to merge with other panels.

        Args:
            every: `month`, `quarter` or `year`.
            holder: Only this holder, by ID, name or code.
            issue: Only this issue, by ID or name.
            start: A day in the first period; by default the day of the first position.
            end: A day in the last period; by default the day of the last position.
            max_age: Leave out positions older than this many days at the end of the period.
            balanced: Return a row for every period, holder with a position, and issue; without a
                position on record, its columns are null.
            since: Leave out positions that may date from before this day, month, quarter or year.

        Returns:
            The columns of `matrix`, for each period, with `year`, `month` and `statements`, the
            number of positions that began to count in it; `level_min` and `level_max` are those of
            these positions. `observed` is true if the position that stands was stated in the
            period. `iso3`, `cow` and `gw` are the codes of the holder on the last day of the
            period, and `governs_iso3`, `governs_cow` and `governs_gw` those of the state that it
            then governs.
        """
        refuse_unless_flag(balanced, "balanced")
        narrowed = dict(zip(("actor_id", "issue_id"), self._ids(holder, issue), strict=True))
        periods = self._periods(every, start, end)
        first = None if since is None else period_of(since, "since")[1]
        asked = {"balanced": balanced, "max_age": age_of(max_age), **narrowed}
        return self._asker.panel(periods, first, **asked)

    def uncovered(self, on: Day | None = None) -> str | None:
        """Say that the data do not cover a day; return None if they do.

        The data run from the first to the last day of `coverage`, or, if no corpus is listed there,
        of all positions.

        Args:
            on: A day; by default the last day in the data.

        Returns:
            A note such as `the data end on 2022-08-31`, or None.
        """
        return uncovered(self._day(on), *self._asker.coverage)

    @answering
    def not_counted(self, holder: str | int, issue: str | None = None) -> pa.Table:
        """Count the stances that name a holder but do not count as its position, by reason.

        Args:
            holder: An actor, by ID, name or code.
            issue: Only this issue, by ID or name; by default all.

        Raises:
            UnknownIdError: If the actor or issue is unknown; the message suggests the closest name.
        """
        who, (_, what) = self.actors.resolve(holder), self._ids(None, issue)
        return self._asker.ask("not_counted", actor_id=who, issue_id=what)

    def sources(self, position: Position) -> tuple[Document, ...]:
        """Return the documents that report a position, by id; copies too, but none withdrawn.

        Args:
            position: A position of this dataset.

        Raises:
            StancedataError: If it is not a position.
        """
        if not isinstance(position, Position):
            raise StancedataError(
                f"position: must be a Position, got {shown(position)}; give one of "
                "`position` or `history`"
            )
        found = self._asker.documents_of(position.actor_id, position.stance_id)
        return tuple(self.documents[document_id] for document_id in found)

    @holder_first("issue", "holder", "on", when=issue_first)
    @answering
    def conditions(
        self, holder: str | int | None = None, issue: str | None = None, on: Day | None = None
    ) -> pa.Table:
        """Return the conditions that holders attached to positions, with their status as of a day.

        Args:
            holder: Only positions of this holder, by ID, name or code.
            issue: Only positions on this issue, by ID or name.
            on: A day; by default the last day in the data.
        """
        who, what = self._ids(holder, issue)
        day = self._day(on)
        return self._asker.ask("conditions", actor_id=who, issue_id=what, on_day=day)


def _counts(position: Position, first: datetime.date | None, last: datetime.date | None) -> bool:
    """Return whether a position is not over before a first day, and counts by a last one."""
    stated = position.stated_on
    counts_from = stated.earliest if stated.kind == "lasting" else stated.latest
    return (first is None or stated.latest >= first) and (last is None or counts_from <= last)
