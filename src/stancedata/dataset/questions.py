"""What a researcher asks of a dataset: positions, who stood where, what changed, who agrees."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from stancedata.dataset.records import Records
from stancedata.model import Actor, Position
from stancedata.model.dates import StatedDate
from stancedata.problems import StancedataError
from stancedata.questions.arguments import (
    Day,
    Period,
    age_of,
    day_of,
    periods_of,
    refuse_unless_flag,
)
from stancedata.questions.runner import Asker
from stancedata.tables.columns import conform
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.reliability import Reliability


class Questions(Records):
    """Records that can be asked; every tabular answer is a `pyarrow.Table` with described columns."""

    @functools.cached_property
    def _asker(self) -> Asker:
        return Asker(self.tables, self._engine)

    def position(self, holder: str | int, issue: str, on: Day | None = None) -> Position | None:
        """What a holder was last on record with, on an issue, as of a day.

        Args:
            holder: An actor, by id, name or code: `russia`, `Kremlin`, `RUS`. A bare number is a
                Correlates of War code; with its scheme, `vdem:11`, any code is taken.
            issue: An issue, by id or name.
            on: A day, as a date or ISO text; by default the last one for which there is data.

        Returns:
            The position, or None where the holder had none by then.

        Raises:
            UnknownIdError: No actor or no issue is called so; with the nearest name.
            StancedataError: `on` is no day, or no holder or no issue was named.
        """
        who, what = self.actors.resolve(holder), self.issues.resolve(issue)
        found = self.positions(on=self._day(on), holder=who, issue=what)
        return _positions(found)[0] if found.num_rows else None

    def history(
        self, holder: str | int, issue: str | None = None, on: Day | None = None
    ) -> tuple[Position, ...]:
        """Every position of a holder on an issue, oldest first.

        Args:
            holder: An actor, by id, name or code.
            issue: An issue, by id or name; by default all of them, one after the other.
            on: Only what counts by this day; by default everything.

        Raises:
            UnknownIdError: No actor or no issue is called so; with the nearest name.
        """
        who = self.actors.resolve(holder)
        return _positions(self._asker.ask("history", **self._narrowing(who, issue, on)))

    def positions(
        self,
        on: Day | None = None,
        issue: str | None = None,
        holder: str | int | None = None,
        *,
        by: Day | None = None,
    ) -> pa.Table:
        """Positions: all of them, or those that stood as of a day.

        Args:
            on: A day; by default every position of every occasion.
            issue: Only this issue.
            holder: Only this holder.
            by: Without `on`, only what counts by this day, whatever took its place since.

        Returns:
            A table with the columns of `positions`; as of a day, one row per holder and issue.

        Raises:
            UnknownIdError: No actor or no issue is called so; with the nearest name.
            StancedataError: `on` or `by` is no day, or there are both.
        """
        if on is None:
            return self._asker.ask("history", **self._narrowing(holder, issue, by, "by"))
        if by is not None:
            raise StancedataError("by: cannot be combined with on, got both; use one of them")
        who, what = self._ids(holder, issue)
        return conform(BY_NAME["positions"], self._as_of(on, actor_id=who, issue_id=what))

    def matrix(
        self,
        on: Day | Iterable[Day] | None = None,
        issue: str | None = None,
        max_age: int | None = None,
        holder: str | int | None = None,
    ) -> pa.Table:
        """Holders by issues as of a day: a row for each pair that is on record.

        Args:
            on: A day, or several, which one question answers sooner than one for each; by default
                the last one for which there is data.
            issue: Only this issue.
            holder: Only this holder.
            max_age: Leave out what is older than so many days.

        Returns:
            The columns of `positions`, with `period`, `on_day`, `age_days` and `observed`. A null
            level whose `level_name` is `ambiguous` is no missing one: missing pairs have no row.
        """
        who, what = self._ids(holder, issue)
        return self._as_of(*self._days(on), actor_id=who, issue_id=what, max_age=age_of(max_age))

    def panel(
        self,
        every: str = "month",
        issue: str | None = None,
        start: Day | None = None,
        end: Day | None = None,
        max_age: int | None = None,
        holder: str | int | None = None,
    ) -> pa.Table:
        """Holders by issues at the end of each month or year, to merge with other panels.

        Args:
            every: `month` or `year`.
            issue: Only this issue.
            start: A day of the first period; by default of the first position.
            end: A day of the last period; by default of the last position.
            max_age: Leave out what is older than so many days at the end of the period.
            holder: Only this holder.

        Returns:
            As `matrix`, for each period; `observed` is true where the position was stated in it.
        """
        who, what = self._ids(holder, issue)
        periods = self._periods(every, start, end)
        return self._asker.as_of(periods, actor_id=who, issue_id=what, max_age=age_of(max_age))

    def _periods(self, every: str, start: Day | None, end: Day | None) -> list[Period]:
        first, last = self._asker.span()
        first, last = first or datetime.date.max, last or datetime.date.max
        first = first if start is None else day_of(start, "start")
        last = last if end is None else day_of(end, "end")
        return periods_of(every, first, last)

    def shifts(
        self, holder: str | int | None = None, issue: str | None = None, on: Day | None = None
    ) -> pa.Table:
        """Each change of a holder's level on an issue, reversals marked.

        Args:
            holder: Only this holder.
            issue: Only this issue.
            on: Only between positions that count by this day; by default all.
        """
        return self._asker.ask("shifts", **self._narrowing(holder, issue, on))

    def contradictions(
        self, holder: str | int | None = None, issue: str | None = None, on: Day | None = None
    ) -> pa.Table:
        """Stances whose documents give one holder, issue and occasion different levels.

        Args:
            holder: Only this holder.
            issue: Only this issue.
            on: Only of occasions that count by this day; by default all.
        """
        return self._asker.ask_counted("contradictions", **self._narrowing(holder, issue, on))

    def not_counted(self, holder: str | int, issue: str | None = None) -> pa.Table:
        """Why stances that name a holder are no position of it, with the number of each.

        Args:
            holder: An actor, by id, name or code.
            issue: Only on this issue; by default on all.

        Raises:
            UnknownIdError: No actor or no issue is called so; with the nearest name.
        """
        who, (_, what) = self.actors.resolve(holder), self._ids(None, issue)
        return self._asker.ask("not_counted", actor_id=who, issue_id=what)

    def conditions(
        self, issue: str | None = None, holder: str | int | None = None, on: Day | None = None
    ) -> pa.Table:
        """Who made what depend on what, and whether that was met by a day.

        Args:
            issue: Only positions on this issue.
            holder: Only positions of this holder.
            on: A day; by default the last one for which there is data.
        """
        who, what = self._ids(holder, issue)
        day = self._day(on)
        return self._asker.ask("conditions", actor_id=who, issue_id=what, on_day=day)

    def agreement(
        self,
        on: Day | None = None,
        exclude_joint: bool = False,
        all_issues: bool = False,
        every: str | None = None,
        start: Day | None = None,
        end: Day | None = None,
        *,
        holder: str | int | None = None,
    ) -> pa.Table:
        """How near every two holders stand to each other, as of a day or at the end of periods.

        Args:
            on: A day; by default the last one for which there is data.
            exclude_joint: Only what holders said for themselves.
            all_issues: Not the core issues alone.
            every: `month` or `year`, for the end of each, in place of a day.
            start: With `every`, a day of the first period; by default of the first position.
            end: With `every`, a day of the last period; by default of the last position.
            holder: Only the pairs of this holder with any other.

        Returns:
            Signorino and Ritter's S (`similarity`) and the share of like signs, for each period
            and each pair that shares an issue; both null under three shared issues.

        Raises:
            StancedataError: A day is none, the periods cannot be, or there are days of both ways.
            UnknownIdError: No actor is called so; with the nearest name.
        """
        if every is None and (start, end) != (None, None):
            raise StancedataError("start and end: need periods; add every='month' or every='year'")
        if every is not None and on is not None:
            raise StancedataError("on: cannot be combined with every; use start and end")
        who, _ = self._ids(holder, None)
        periods = (
            _single_days([self._day(on)]) if every is None else self._periods(every, start, end)
        )
        flags = {"exclude_joint": exclude_joint, "all_issues": all_issues}
        for name, value in flags.items():
            refuse_unless_flag(value, name)
        return self._asker.agreement(self._asker.standing(periods), actor_id=who, **flags)

    def reliability(
        self,
        coders: Sequence[str] | None = None,
        issue: str | None = None,
        draws: int = 1000,
        seed: int = 0,
    ) -> Reliability:
        """How far the coders agree who coded the same documents, each without the others' work.

        Measured are whether a document carries a stance on an issue, who holds it, at which
        level and when; see docs/reliability.md. Needs `pip install 'stancedata[reliability]'`.

        Args:
            coders: Whom to compare, by name; by default all. Alpha takes any number.
            issue: Only this issue.
            draws: How often to draw the documents again for the intervals; 0 for none.
            seed: From which the draws follow; the same seed gives the same intervals.

        Returns:
            Figures with intervals, and why there is none where there is none; what any two coders
            coded otherwise is in its `disagreements`, with what was decided.

        Raises:
            UnknownIdError: No coder or no issue is called so; with the nearest name.
            StancedataError: Fewer than two coders have a document in common, or the package that
                computes alpha is not installed.
        """
        from stancedata.reliability import measure

        _, what = self._ids(None, issue)
        return measure(self.blind_stances.values(), list(self.issues), coders, what, draws, seed)

    def voiced_by(self, person: str | int) -> pa.Table:
        """The stances that a person voiced for somebody, as rows of `stances`."""
        who = self.actors.resolve(person)
        return self._asker.rows_of("stances", "speaker_id", actor_id=who)

    def members(self, bloc: str | int, on: Day | None = None) -> tuple[Actor, ...]:
        """The members of a bloc or organisation on a day, in order of id.

        Args:
            bloc: The bloc.
            on: A day; by default the last one for which there is data.
        """
        day = self._day(on)
        whole = self.actors.resolve(bloc)
        roles = self.tables["roles"].filter(
            (_field("of_actor_id") == whole) & (_field("role") == "member_of")
        )
        ids = [
            row["actor_id"]
            for row in roles.to_pylist()
            if (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
        ]
        return tuple(self.actors[i] for i in sorted(set(ids)))

    def _as_of(self, *days: Day, **parameters: Any) -> pa.Table:
        return self._asker.as_of(_single_days(days), **parameters)

    def _day(self, on: Day | None) -> datetime.date:
        """A day; where none was given, the last one for which there is data."""
        if on is not None:
            return day_of(on)
        return self._asker.span()[1] or datetime.date.max

    def _days(self, on: Day | Iterable[Day] | None) -> list[Day]:
        if isinstance(on, str) or not isinstance(on, Iterable):
            return [self._day(on)]
        return list(on)

    def _narrowing(
        self, holder: str | int | None, issue: str | None, on: Day | None, name: str = "on"
    ) -> dict[str, Any]:
        """The parameters of those questions that are about everything, unless they are narrowed."""
        who, what = self._ids(holder, issue)
        day = None if on is None else day_of(on, name)
        return {"actor_id": who, "issue_id": what, "on_day": day}

    def _ids(self, holder: str | int | None, issue: str | None) -> tuple[str | None, str | None]:
        """Ids of what may be named otherwise; None stays None."""
        return (
            None if holder is None else self.actors.resolve(holder),
            None if issue is None else self.issues.resolve(issue),
        )


def _single_days(days: Iterable[Day]) -> list[Period]:
    """Periods of one day each, in order."""
    known = sorted({day_of(day) for day in days})
    if not known:
        raise StancedataError(
            "on: has no day, got an empty list; give at least one, or leave it out"
        )
    return [(day.isoformat(), day, day) for day in known]


def _field(name: str) -> Any:
    import pyarrow.compute as pc

    return pc.field(name)


def _positions(table: pa.Table) -> tuple[Position, ...]:
    return tuple(map(_position, table.to_pylist()))


def _position(row: dict[str, Any]) -> Position:
    names = ("stated_on", "stated_earliest", "stated_latest", "date_kind")
    stated = StatedDate.restore(*(row.pop(name) for name in names))
    return Position(stated_on=stated, **row)
