"""The records of a dataset as collections by ID; what the arguments of its queries name."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stancedata.dataset.collection import Collection
from stancedata.dataset.names import Code, Name, text_of
from stancedata.dataset.stances import Stances
from stancedata.engines.ordered import OrderedTables
from stancedata.model import Actor, Document, Event, Issue, Stance
from stancedata.problems import StancedataError
from stancedata.questions.arguments import (
    Day,
    Period,
    day_of,
    first_and_last,
    period_of,
    periods_of,
)
from stancedata.questions.positions import EPOCH
from stancedata.questions.result import answering
from stancedata.releases.revisions import Release, releases_of
from stancedata.tables.objects import Builder

if TYPE_CHECKING:
    import pyarrow as pa

    from stancedata.questions.runner import Asker
    from stancedata.tables.source import TableSource

_SURROGATE = re.compile("[\ud800-\udfff]")


def not_before(found: pa.Table, column: str, start: Day | None) -> pa.Table:
    """Keep the rows whose day is not before the first day of `start`; all if it is None."""
    import pyarrow.compute as pc

    return found if start is None else found.filter(pc.field(column) >= period_of(start)[1])


def not_older(found: pa.Table, day: Day | None) -> pa.Table:
    """Drop positions that may date from before the first day of `day`; keep all if it is None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if day is None:
        return found
    compute: Any = pc
    first = (period_of(day, "since")[1] - EPOCH).days
    dates_from = compute.subtract(found.column("on_day").cast(pa.int32()), found.column("age_days"))
    # What has no age, since its holder was only silent, is kept.
    return found.filter(compute.greater_equal(dates_from, first).fill_null(True))


class Records:
    """The records of a dataset.

    Attributes:
        tables: Every table of the contract, as `pyarrow.Table`, by name.
        version: Version of the data, not of the package.
    """

    def __init__(self, tables: TableSource, version: str, asker: Asker) -> None:
        self.tables = tables
        self.version = version
        self._asker = asker
        self._ordered = OrderedTables(tables)

    @functools.cached_property
    def _builder(self) -> Builder:
        return Builder(self.tables)

    @functools.cached_property
    def actors(self) -> Collection[Actor]:
        """Actors by ID: `ds.actors["russia"]`."""
        table, make = self.tables["actors"], self._builder.actor
        aliases, codes = self._actor_aliases, self._actor_codes
        found = Collection("actor", table, ("actor_id",), make, aliases, self.gone, codes)
        return found.of(self, "actors")

    @functools.cached_property
    def names(self) -> dict[str, str]:
        """Names of actors by ID, without building the actors."""
        rows = self.tables["actors"].select(["actor_id", "name"]).to_pylist()
        return {row["actor_id"]: row["name"] for row in rows}

    def _actor_aliases(self) -> Iterable[Name]:
        for table in ("actors", "actor_names"):
            for row in self.tables[table].select(["name", "actor_id"]).to_pylist():
                yield row["name"], row["actor_id"]

    def _actor_codes(self) -> Iterable[Code]:
        for row in self.tables["actor_codes"].select(["scheme", "code", "actor_id"]).to_pylist():
            yield row["scheme"], row["code"], row["actor_id"]

    @functools.cached_property
    def issues(self) -> Collection[Issue]:
        """Issues by ID: `ds.issues["recognition"]`."""
        table, make = self.tables["issues"], self._builder.issue
        found = Collection("issue", table, ("issue_id",), make, self._issue_aliases)
        return found.of(self, "issues")

    def _issue_aliases(self) -> Iterable[Name]:
        for row in self.tables["issues"].select(["name", "issue_id"]).to_pylist():
            yield row["name"], row["issue_id"]

    @functools.cached_property
    def documents(self) -> Collection[Document]:
        """Documents by ID."""
        make = self._builder.document
        table = self.tables["documents"]
        found = Collection("document", table, ("document_id",), make, gone=self.gone)
        return found.of(self, "documents")

    @functools.cached_property
    def events(self) -> Collection[Event]:
        """Events by ID: `ds.events["moscow-format-2021-10-20"]`."""
        table, make = self.tables["events"], self._builder.event
        found = Collection("event", table, ("event_id",), make, gone=self.gone)
        return found.of(self, "events")

    @functools.cached_property
    def stances(self) -> Collection[Stance]:
        """Published stances by ID: `ds.stances["the-correspondent-2021-10-21#s01"]`."""
        keyed, make = self._asker.keyed, self._builder
        return Stances(self.tables, keyed, self._ordered, make, self.gone).of(self, "stances")

    def gone(self, record_id: str) -> str:
        """Return when and why a record was retracted; empty if it was not."""
        found = self._revisions_of(record_id).to_pylist()
        if not found or found[-1]["operation"] != "retract":
            return ""
        last = found[-1]
        why = f"{last['reason']}: {last['note']}" if last["note"] else last["reason"]
        return f"it was retracted in {last['release']} ({why})"

    @functools.cached_property
    def blind_stances(self) -> Collection[Stance]:
        """Stances of the blind codings by coder and ID: `coder-2/chintan-2021-10#s01`."""
        table = self.tables["second_stances"]
        found = Collection("blind stance", table, ("coder", "stance_id"), self._builder.stance)
        return found.of(self, "blind_stances")

    @functools.cached_property
    def releases(self) -> tuple[Release, ...]:
        """The releases up to and including this one, oldest first."""
        return releases_of(self.tables)

    def revisions(self, record_id: str | None = None) -> pa.Table:
        """Return how each release changed the records, and why, oldest first.

        Args:
            record_id: Only this record: the ID of an actor, event, document or stance, or
                `codebook`. Put the coder before a blind stance: `coder-2/chintan-2021-10#s01`.
                Actors may also be given by name or code.

        Returns:
            Rows of the table `revisions`.

        Raises:
            UnknownIdError: If no record has or had that ID; the message suggests the closest name.
        """
        if record_id is None:
            return self.tables["revisions"]
        record_id = text_of(record_id, "record_id")
        found = self._revisions_of(record_id)
        kinds = (self.actors, self.events, self.documents, self.stances, self.blind_stances)
        if found.num_rows or record_id == "codebook" or any(record_id in kind for kind in kinds):
            return found
        return self._revisions_of(self.actors.resolve(record_id))

    def _revisions_of(self, record_id: str) -> pa.Table:
        import pyarrow.compute as pc

        revisions = self.tables["revisions"]
        if not _is_text(record_id):
            return revisions.slice(0, 0)
        return revisions.filter(pc.field("record_id") == record_id)

    def members(self, bloc: str | int, on: Day | None = None) -> tuple[Actor, ...]:
        """Return the members of a bloc or organisation on a day, in order of ID.

        Args:
            bloc: The bloc, by ID, name or code.
            on: A day; by default the last day in the data.
        """
        import pyarrow.compute as pc

        day = self._day(on)
        whole = self.actors.resolve(bloc)
        roles = self.tables["roles"].filter(
            (pc.field("of_actor_id") == whole) & (pc.field("role") == "member_of")
        )
        ids = [
            row["actor_id"]
            for row in roles.to_pylist()
            if (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
        ]
        return tuple(self.actors[i] for i in sorted(set(ids)))

    @answering
    def voiced_by(
        self,
        person: str | int,
        issue: str | None = None,
        *,
        start: Day | None = None,
        end: Day | None = None,
    ) -> pa.Table:
        """Return the stances of which a person was the speaker, as rows of `stances`.

        Args:
            person: An actor, by ID, name or code.
            issue: Only this issue, by ID or name.
            start: Leave out what was said for certain before this day.
            end: Leave out what was said for certain after this day.

        Raises:
            UnknownIdError: If the actor or issue is unknown; the message suggests the closest name.
            StancedataError: If a day is invalid, or `start` is after `end`.
        """
        import pyarrow.compute as pc

        who, (_, what) = self.actors.resolve(person), self._ids(None, issue)
        found = self._asker.rows_of("stances", "speaker_id", actor_id=who)
        first, last = first_and_last(start, end)
        if what is not None:
            found = found.filter(pc.field("issue_id") == what)
        if first is not None:
            found = found.filter(pc.field("stated_latest") >= first)
        return found if last is None else found.filter(pc.field("stated_earliest") <= last)

    def _periods(self, every: str, start: Day | None, end: Day | None) -> list[Period]:
        first, last = self._asker.span
        first, last = first or datetime.date.max, last or datetime.date.max
        first = first if start is None else period_of(start, "start")[1]
        last = last if end is None else day_of(end, "end")
        return periods_of(every, first, last)

    def _day(self, on: Day | None) -> datetime.date:
        """Convert a day to a date; by default the last day in the data."""
        if on is not None:
            return day_of(on)
        return self._asker.span[1] or datetime.date.max

    def _days(self, on: Day | Iterable[Day] | None) -> list[Day]:
        if isinstance(on, str) or not isinstance(on, Iterable):
            return [self._day(None) if on is None else on]
        return list(on)

    def _narrowing(
        self,
        holder: str | int | None,
        issue: str | None,
        on: Day | None,
        start: Day | None = None,
        end: Day | None = None,
        name: str = "on",
    ) -> dict[str, Any]:
        """Return the parameters of queries that can be filtered by holder, issue and days."""
        who, what = self._ids(holder, issue)
        if on is not None and end is not None:
            raise StancedataError(f"end: means the same as {name}, got both; use one of them")
        day = None if on is None else day_of(on, name)
        _, last = first_and_last(start, day if end is None else end)
        return {"actor_id": who, "issue_id": what, "on_day": last}

    def _ids(self, holder: str | int | None, issue: str | None) -> tuple[str | None, str | None]:
        """Resolve a holder and an issue to IDs; None stays None."""
        return (
            None if holder is None else self.actors.resolve(holder),
            None if issue is None else self.issues.resolve(issue),
        )


def _is_text(value: object) -> bool:
    """Return whether a value is a text that Arrow can compare: one without lone surrogates."""
    return isinstance(value, str) and not _SURROGATE.search(value)
