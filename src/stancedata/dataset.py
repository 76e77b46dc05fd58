"""What a user holds: collections, questions, evidence and exports of one state of the data."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancedata import evidence as evidence_
from stancedata.collections import Collection
from stancedata.contract import BY_NAME
from stancedata.dates import StatedDate
from stancedata.derive import conform
from stancedata.digest import digest
from stancedata.engine import DuckDBEngine, packaged, run_untrusted
from stancedata.model import Actor, Document, Event, Issue, Position, Stance
from stancedata.objects import Builder
from stancedata.problems import StancedataError

if TYPE_CHECKING:
    import pyarrow as pa


Day = datetime.date | str


class Dataset:
    """One state of the data; make it with `stancedata.load` or `stancedata.read`.

    Attributes:
        tables: Every table of the contract, as `pyarrow.Table`, by name.
        version: Version of the data, not of the package.
    """

    def __init__(self, tables: Mapping[str, pa.Table], version: str) -> None:
        self.tables = tables
        self.version = version

    def __repr__(self) -> str:
        counts = ", ".join(f"{self.tables[n].num_rows} {n}" for n in ("stances", "positions"))
        return f"<stancedata {self.version}: {counts}>"

    @functools.cached_property
    def _builder(self) -> Builder:
        return Builder(self.tables)

    @functools.cached_property
    def _engine(self) -> DuckDBEngine:
        engine = DuckDBEngine()
        for name in self.tables:
            engine.register(name, self.tables[name])
        return engine

    @functools.cached_property
    def actors(self) -> Collection[Actor]:
        """Actors by id: `ds.actors["russia"]`."""
        return Collection("actor", self.tables["actors"], ("actor_id",), self._builder.actor)

    @functools.cached_property
    def issues(self) -> Collection[Issue]:
        """Issues by id: `ds.issues["recognition"]`."""
        return Collection("issue", self.tables["issues"], ("issue_id",), self._builder.issue)

    @functools.cached_property
    def documents(self) -> Collection[Document]:
        """Documents by id."""
        make = self._builder.document
        return Collection("document", self.tables["documents"], ("document_id",), make)

    @functools.cached_property
    def events(self) -> Collection[Event]:
        """Events by id: `ds.events["moscow-format-2021-10-20"]`."""
        return Collection("event", self.tables["events"], ("event_id",), self._builder.event)

    @functools.cached_property
    def stances(self) -> Collection[Stance]:
        """Published stances by id: `ds.stances["the-correspondent-2021-10-21#s01"]`."""
        return Collection("stance", self.tables["stances"], ("stance_id",), self._builder.stance)

    @functools.cached_property
    def blind_stances(self) -> Collection[Stance]:
        """Stances of the blind codings by coder and id: `coder-2/chintan-2021-10#s01`."""
        table = self.tables["second_stances"]
        return Collection("blind stance", table, ("coder", "stance_id"), self._builder.stance)

    @functools.cached_property
    def digest(self) -> str:
        """SHA-256 of the curated content, the same whatever file or library carries it."""
        return digest(self.tables)

    def position(self, holder: str, issue: str, on: Day | None = None) -> Position | None:
        """What a holder was last on record with, on an issue, as of a day.

        Args:
            holder: Id of an actor.
            issue: Id of an issue.
            on: A day, as a date or ISO text; by default the last one for which there is data.

        Returns:
            The position, or None where the holder had none by then.

        Raises:
            UnknownIdError: No actor or no issue has that id; with the nearest one.
            StancedataError: `on` is no day.
        """
        found = self._ask("as_of", holder, issue, on)
        return _positions(found)[0] if found.num_rows else None

    def history(self, holder: str, issue: str | None = None) -> tuple[Position, ...]:
        """Every position of a holder on an issue, oldest first.

        Args:
            holder: Id of an actor.
            issue: Id of an issue; by default all of them, one after the other.

        Raises:
            UnknownIdError: No actor or no issue has that id; with the nearest one.
        """
        return _positions(self._ask("history", holder, issue, None))

    def _ask(self, name: str, holder: str, issue: str | None, on: Day | None) -> pa.Table:
        self.actors.require(holder)
        if issue is not None:
            self.issues.require(issue)
        import pyarrow as pa

        fields = [("on_day", pa.date32()), ("actor_id", pa.string()), ("issue_id", pa.string())]
        schema = pa.schema([pa.field(*field) for field in fields])
        row = {"on_day": _day(on), "actor_id": holder, "issue_id": issue}
        parameters = pa.Table.from_pylist([row], schema=schema)
        found = self._engine.query(packaged(f"queries/{name}"), parameters=parameters)
        return conform(BY_NAME["positions"], found)

    def sql(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Answer a SELECT over the tables, by their names, in DuckDB's SQL.

        The query can read the tables and nothing else: no file, no network, no extension.

        Args:
            query: For example `SELECT issue_id, count(*) FROM stances GROUP BY ALL`.
            parameters: Values for `$name` in it.

        Raises:
            StancedataError: The query is refused; with the reason.
        """
        return run_untrusted(self.tables, query, parameters)

    def verify(self, corpus: evidence_.Corpus | str | Path) -> evidence_.Verification:
        """Look up every span, published and blind, in a corpus that holds the texts.

        Args:
            corpus: A `Corpus`, or the path of a folder of texts under any names.
        """
        documents = self.tables["documents"]
        rows = documents.select(["document_id", "characters"]).to_pylist()
        stances = [*self.stances.values(), *self.blind_stances.values()]
        lengths = {row["document_id"]: row["characters"] for row in rows}
        return evidence_.verify(stances, lengths, corpus)

    def export(self, folder: str | Path, formats: Iterable[str] = ("parquet",)) -> list[Path]:
        """Write every table to a folder; whole or not at all.

        Args:
            folder: A folder that is new, empty, or an earlier export, which is replaced.
            formats: `parquet`, `csv`, or both.

        Returns:
            The files.

        Raises:
            StancedataError: A format is unknown, or the folder holds other files.
        """
        from stancedata.exports import export

        return export(self, Path(folder), tuple(formats))


def _day(on: Day | None) -> datetime.date:
    if on is None:
        return datetime.date.max
    if isinstance(on, datetime.date):
        return on
    try:
        return datetime.date.fromisoformat(on)
    except ValueError:
        raise StancedataError(f"on: must be a day, got {on!r}; write it as 2021-10-20") from None


def _positions(table: pa.Table) -> tuple[Position, ...]:
    return tuple(map(_position, table.to_pylist()))


def _position(row: dict[str, Any]) -> Position:
    names = ("stated_on", "stated_earliest", "stated_latest", "date_kind")
    stated = StatedDate.restore(*(row.pop(name) for name in names))
    return Position(stated_on=stated, **row)
