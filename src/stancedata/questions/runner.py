"""Run the packaged questions: pass parameters and periods as tables, cast answers to schemas."""

from __future__ import annotations

import contextlib
import datetime
import functools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from stancedata.engines.duckdb import DuckDBEngine, unreadable
from stancedata.engines.engine import Engine
from stancedata.engines.keyed import KeyedTables
from stancedata.engines.packaged import packaged, reading
from stancedata.questions import similarity
from stancedata.questions.agreement import MEASURED, named
from stancedata.questions.answers import ANSWERS
from stancedata.questions.arguments import Period, parameters_table
from stancedata.questions.day import Day
from stancedata.questions.positions import (
    calendar,
    define_counted,
    define_numbers,
    documents_of,
    folding,
)
from stancedata.questions.ranks import Ranked
from stancedata.tables.columns import conform, sort, table_of
from stancedata.tables.contract import BY_NAME
from stancedata.tables.source import TableSource

if TYPE_CHECKING:
    import pyarrow as pa


class Asker:
    """Runs packaged questions on tables.

    Args:
        tables: Every table of the contract, by name.
        engine: An engine that already has the tables; by default a new DuckDB engine with them.

    Attributes:
        keyed: The same tables, whose rows are found by key without a query.
    """

    def __init__(self, tables: TableSource, engine: Engine | None = None) -> None:
        self.tables = tables
        self.keyed = KeyedTables(tables)
        self._given = engine
        self._opened: Engine | None = None
        self._opening = threading.Lock()
        self._made: set[str] = set()
        self._arrays: dict[bool, Ranked] = {}
        self._lock = threading.RLock()

    @property
    def _engine(self) -> Engine:
        """The engine, opened on first use, and only once: tables are made inside it."""
        with self._opening:
            if self._opened is None:
                self._opened = self._own_engine() if self._given is None else self._given
                self._opened.view("dated", packaged("questions/dated"))
            return self._opened

    def _own_engine(self) -> Engine:
        engine = DuckDBEngine()
        for name in BY_NAME:
            if self.tables.is_large(name):
                engine.register_files(name, self.tables.files(name))
            else:
                engine.register_later(name, functools.partial(self.tables.__getitem__, name))
        return engine

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Convert errors of DuckDB while it reads files to a message for users."""
        import duckdb

        try:
            yield
        except duckdb.Error as error:
            if not any(map(self.tables.is_large, self.tables)):
                raise  # all tables are in memory, so no file is at fault
            raise unreadable(error) from None

    def _query(
        self, sql: str, relations: Mapping[str, pa.Table] = MappingProxyType({}), **parameters: Any
    ) -> pa.Table:
        with self._reading():
            return self._engine.query(sql, parameters=parameters_table(parameters), **relations)

    def _once(self, name: str, define: Callable[[], None]) -> None:
        """Make a table inside the engine, unless it is there already."""
        with self._lock, self._reading():
            if name not in self._made:
                define()
                self._made.add(name)

    def _count(self) -> None:
        """Make the table `counted` inside the engine."""
        self._once("counted", lambda: define_counted(self._engine))

    def ask_counted(self, name: str, **parameters: Any) -> pa.Table:
        """Run a packaged question that reads `counted`; see `ask` for the parameters."""
        self._count()
        return self.ask(name, **parameters)

    def documents_of(self, actor_id: str, stance_id: str) -> list[str]:
        """List the documents that report the position that a stance represents, by id."""
        self._count()
        with self._reading():
            return documents_of(self._engine, actor_id, stance_id)

    def ask(self, name: str, **parameters: Any) -> pa.Table:
        """Run a packaged question.

        Args:
            name: The name of its file in `questions/sql/`.
            **parameters: Values of the single row of `parameters`; the others are null.
        """
        return conform(ANSWERS[name], self._query(packaged(f"questions/{name}"), **parameters))

    def positions_of(self, actor_id: str, *issue_id: str) -> pa.Table | None:
        """Find the positions of a holder, or those on one issue, in key order, without a query.

        Returns None if only a query can find them: on another engine, or in tables without order.
        """
        if self._given is not None:
            return None
        return self.keyed.rows("positions", actor_id, *issue_id)

    @functools.cached_property
    def ends(self) -> dict[str, datetime.date | None]:
        """The last day of each actor; None if it still exists."""
        return self._of_actors("valid_to")

    def _of_actors(self, column: str) -> dict[str, Any]:
        actors = self.tables["actors"]
        columns = (actors.column(name).to_pylist() for name in ("actor_id", column))
        return dict(zip(*columns, strict=True))

    def as_of(self, periods: Sequence[Period], **parameters: Any) -> pa.Table:
        """Give the positions that stand at the end of each period; parameters as in `ask`."""
        if len(periods) == 1 and self._is_in_one_file("positions"):
            return self._as_of_one(periods[0], **parameters)
        found = self._query(
            packaged(f"questions/{_as_of(periods)}"),
            self._days(periods),
            **self._coverage,
            **parameters,
        )
        return conform(ANSWERS["as_of"], found)

    def _is_in_one_file(self, name: str) -> bool:
        large = self._given is None and self.tables.is_large(name)
        return large and len(self.tables.files(name)) == 1

    def _as_of_one(
        self, period: Period, max_age: int | None = None, **narrowed: str | None
    ) -> pa.Table:
        """Do the same for one day of positions in one file, of which few are read whole."""
        with self._reading():
            found = self._day.standing(period, max_age, self.coverage, **narrowed)
        return conform(ANSWERS["as_of"], found)

    @functools.cached_property
    def _day(self) -> Day:
        engine = self._engine
        assert isinstance(engine, DuckDBEngine)
        return Day(engine, self.tables.files("positions")[0])

    def panel(
        self, periods: Sequence[Period], since: datetime.date | None = None, **parameters: Any
    ) -> pa.Table:
        """Give what stands at the end of each period and what was stated in it.

        Args:
            periods: The periods.
            since: Leave out what may date from before this day.
            **parameters: As in `ask`.
        """
        self._once("numbers", lambda: define_numbers(self._engine))
        standing = packaged(f"questions/{_as_of(periods)}")
        if since is not None:
            day = f"DATE '{since}'"
            standing = (
                f"SELECT s.* FROM (\n{standing}\n) s "
                f"WHERE s.on_day >= {day} AND s.holds_until >= {day}"
            )
        sql = reading("questions/panel", standing=standing)
        found = self._query(sql, self._days(periods), **self._coverage, **parameters)
        return sort(ANSWERS["panel"], conform(ANSWERS["panel"], found))

    @property
    def _coverage(self) -> dict[str, datetime.date | None]:
        """The parameters that say which days the data cover."""
        return dict(zip(("coverage_from", "coverage_to"), self.coverage, strict=True))

    @functools.cached_property
    def coverage(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day that the data cover.

        They are those of `coverage`, or if it is empty, of all positions; None if there are none.
        """
        found = self._first_and_last("covers_from", "covers_to", "coverage")
        return found if found[0] else self.span

    def matrix(
        self, periods: Sequence[Period], silent: bool, max_age: int | None, **parameters: Any
    ) -> pa.Table:
        """Give the positions that stand on each day and, if `silent`, the silences since."""
        days = self._days(periods)
        if not silent:
            found = self.as_of(periods, max_age=max_age, **parameters)
            return conform(ANSWERS["matrix"], found)
        standing = self._query(packaged(f"questions/{_as_of(periods)}"), days, **parameters)
        sql = reading("questions/matrix", silence=packaged("questions/silence"))
        given = {"standing": standing, **days}
        found = self._query(sql, given, max_age=max_age, **self._coverage, **parameters)
        return conform(ANSWERS["matrix"], found)

    def shifts(self, across: bool, low: bool, **parameters: Any) -> pa.Table:
        """Give every change of what stands of positions apart; parameters as in `ask`."""
        sql = reading("questions/shifts", spells=self._spells(across=across, low=low))
        return conform(ANSWERS["shifts"], self._query(sql, **parameters))

    def standing(self, periods: Sequence[Period], joint: bool, max_age: int | None) -> pa.Table:
        """Give what stands of positions apart at the end of each period, for `agreement`."""
        spells = self._spells(across=joint, low=True, ambiguous=True)
        sql = reading("questions/apart_as_of", spells=spells)
        return self._query(sql, self._days(periods), max_age=max_age)

    def _spells(self, across: bool, low: bool, ambiguous: bool = False) -> str:
        """Make a table of spells inside the engine, once for these flags; return a query of it."""
        flags = {"across": across, "low": low, "ambiguous": ambiguous}
        name = "_".join(["spells", *(flag for flag, on in flags.items() if on)])
        sql = reading("questions/spells", apart=self._apart(across, low))
        given = parameters_table(flags)
        self._once(name, lambda: self._engine.define(name, sql, parameters=given))
        return f"SELECT * FROM {name}"

    def _apart(self, across: bool, low: bool) -> str:
        """Write the query of positions apart: those that are stored, if they are the same."""
        if across and low and self.tables.schema_version != "1":
            return packaged("questions/apart")
        self._count()
        return folding(packaged("questions/statements"))

    def agreement(
        self, periods: Sequence[Period], joint: bool, max_age: int | None, **parameters: Any
    ) -> pa.Table:
        """Compare every two holders at the end of each period; parameters as in `ask`."""
        if self._given is not None or not similarity.is_available():
            return self.agreement_of(self.standing(periods, joint, max_age), **parameters)
        ranked, names = self._ranked(joint), self._of_actors("name")
        found = similarity.agreement(ranked, names, self.tables, periods, max_age, **parameters)
        return conform(ANSWERS["agreement"], found)

    def agreement_of(self, standing: pa.Table, **parameters: Any) -> pa.Table:
        """Compare every two holders of a result of `standing`; parameters as in `ask`."""
        found = self._query(_only(MEASURED, "agreement"), {"standing": standing}, **parameters)
        return conform(ANSWERS["agreement"], named(found, standing))

    def _ranked(self, joint: bool) -> Ranked:
        """Read positions apart as arrays, once."""
        with self._lock:
            if joint not in self._arrays:
                sql = reading("questions/ranked", apart=self._apart(joint, low=True))
                rows = self._query(sql, across=joint, low=True)
                self._arrays[joint] = Ranked(rows, self.ends)
            return self._arrays[joint]

    def _days(self, periods: Sequence[Period]) -> dict[str, pa.Table]:
        """Make the tables `periods` and `calendar`, the latter with every day that can matter."""
        import pyarrow as pa

        types = {
            "period": pa.string(),
            "first_day": pa.date32(),
            "last_day": pa.date32(),
            "year": pa.int32(),
            "month": pa.int32(),
        }
        schema = pa.schema([pa.field(name, kind) for name, kind in types.items()])
        rows = [dict(zip(schema.names, _numbered(period), strict=True)) for period in periods]
        table = table_of(rows, schema)
        days = [day for _, first, last in periods for day in (first, last)]
        span = [day for day in (*days, *self.span) if day is not None]
        return {"periods": table, "calendar": calendar(min(span), max(span))}

    @functools.cached_property
    def span(self) -> tuple[datetime.date | None, datetime.date | None]:
        """The first and the last day of all positions; None if there are none."""
        return self._first_and_last("stated_earliest", "stated_latest", "positions")

    def _first_and_last(
        self, first: str, last: str, table: str
    ) -> tuple[datetime.date | None, datetime.date | None]:
        if self._given is None and not self.tables.is_large(table):
            import pyarrow.compute as pc

            rows = self.tables[table]
            return pc.min(rows.column(first)).as_py(), pc.max(rows.column(last)).as_py()
        sql = f"SELECT MIN({first}) AS first, MAX({last}) AS last FROM {table}"
        found = self._query(sql).to_pylist()[0]
        return found["first"], found["last"]

    def rows_of(self, name: str, column: str, **parameters: Any) -> pa.Table:
        """Select the rows of a table whose column equals the parameter `actor_id`."""
        table = BY_NAME[name]
        sql = f"SELECT t.* FROM {name} t CROSS JOIN parameters q WHERE t.{column} = q.actor_id"
        found = self._query(sql, **parameters)
        return sort(table, conform(table, found))


def _numbered(period: Period) -> tuple[str, datetime.date, datetime.date, int, int | None]:
    """Add the year and month of a period to it; no month if it has several."""
    _, first, last = period
    return *period, last.year, last.month if first.month == last.month else None


def _as_of(periods: Sequence[Period]) -> str:
    """Choose the faster of two queries, which a test keeps equal: `days` for several periods."""
    return "as_of" if len(periods) == 1 else "days"


def _only(columns: Sequence[str], name: str) -> str:
    """Wrap a packaged question so that the engine computes only these columns, in its row order."""
    return f"SELECT {', '.join(columns)} FROM (\n{packaged(f'questions/{name}')}\n) answer"
