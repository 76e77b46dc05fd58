"""Build the objects of `stancedata.model` from rows of the tables."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from stancedata import model
from stancedata.model.dates import StatedDate
from stancedata.tables.bulk import FEW, FewRows, Remembered, Rows, Span, fill, rows_of
from stancedata.tables.contract import WAIVERS
from stancedata.tables.lookup import Lookup, Places

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
Groups = list[tuple[T, ...]]
Keys = Mapping[str, list[str]]
"""The keys of parent records, by the foreign key columns of the child table."""
Texts = Callable[[list[str]], list[Any]]
"""Returns the digests of documents' texts, given their ids; None for a document without a text."""


class Children(Rows):
    """The rows of a child table that belong to given parents.

    Args:
        table: The table, sorted by the columns of `keys`.
        places: The first of these columns; None to look at every row.
        keys: The keys of the parents, without duplicates.
        order: The column that sorts the rows of one parent; None if they are sorted already.
    """

    def __init__(
        self, table: pa.Table, places: Places | None, keys: Keys, order: str | None = None
    ) -> None:
        ids = next(iter(keys.values()))
        if places is not None or not ids:
            start, stop = places.span(min(ids), max(ids)) if places and ids else (0, 0)
            table = table.slice(start, stop - start)
        super().__init__(table)
        self._keys = keys
        self._order = order
        self._parents = len(ids)

    def grouped(self, made: list[T]) -> list[tuple[T, ...]]:
        """Group the objects made from these rows by parent, in the order of the parents."""
        groups: list[tuple[T, ...]] = [()] * self._parents
        if not made:
            return groups
        places = self[self._order] if self._order else None
        start = 0
        for parent, stop in zip(*self._runs(), strict=True):
            if parent is None:  # the rules report a row without a parent
                pass
            elif stop - start == 1:
                groups[parent] = (made[start],)
            elif places:
                groups[parent] = tuple(_in_order(made[start:stop], places[start:stop]))
            else:
                groups[parent] = tuple(made[start:stop])
            start = stop
        return groups

    def _runs(self) -> tuple[list[int | None], list[int]]:
        """Find runs of rows with the same parent: the parents' indices and the end of each run."""
        numbers = {key: number for number, key in enumerate(_joined(self._keys, self._keys))}
        parents = list(map(numbers.get, _joined(self, self._keys)))
        pairs = enumerate(itertools.pairwise(parents), 1)
        stops = [row for row, (before, after) in pairs if before != after]
        stops.append(len(parents))
        return [parents[stop - 1] for stop in stops], stops


class OfOne(FewRows):
    """The rows of a child table that belong to one parent.

    Args:
        table: The rows.
        order: The column that sorts them; None if they are sorted already.
    """

    def __init__(self, table: Span, order: str | None = None) -> None:
        super().__init__(table)
        self._order = order

    def grouped(self, made: list[T]) -> list[tuple[T, ...]]:
        """Group the objects made from these rows, as `Children.grouped` does."""
        if self._order and len(made) > 1:
            return [tuple(_in_order(made, self[self._order]))]
        return [tuple(made)]


def _joined(columns: Keys | Rows, names: Iterable[str]) -> Iterable[Any]:
    first, *others = (columns[name] for name in names)
    return zip(first, *others, strict=True) if others else first


def _in_order(made: list[T], places: list[int]) -> list[T]:
    return [made[i] for i in sorted(range(len(made)), key=places.__getitem__)]


class Builder:
    """Build objects from rows of the curated tables.

    Args:
        tables: The tables by name, each sorted by key.
        texts: Returns the digests of documents' texts; by default they are looked up in `tables`.
    """

    def __init__(self, tables: Mapping[str, pa.Table | Span], texts: Texts | None = None) -> None:
        self._tables: Mapping[str, Any] = tables
        self._given_texts = texts
        self._places: dict[str, Places] = {}
        # Immutable, with few distinct values, so that records can share them.
        self._dates = Remembered(lambda key: None if key[0] is None else StatedDate.restore(*key))
        self._holders = Remembered(lambda key: model.Holder(*key))

    def over(self, tables: Mapping[str, pa.Table | Span]) -> Builder:
        """Copy the builder for other tables; it shares the caches, and the index of equal tables."""
        other = self._copy()
        other._tables = tables
        same = (name for name in self._places if tables[name] is self._tables[name])
        other._places = {name: self._places[name] for name in same}
        return other

    def finding(self, texts: Texts) -> Builder:
        """Copy the builder with another way to find the digests of documents' texts."""
        other = self._copy()
        other._given_texts = texts
        return other

    def _copy(self) -> Builder:
        other = Builder.__new__(Builder)  # `copy.copy` takes ten times as long
        other.__dict__.update(self.__dict__)
        return other

    def _rows(self, table: str, keys: Keys, order: str | None = None) -> Children | OfOne:
        """Select the rows of a child table that belong to the parents."""
        rows = self._tables[table]
        if isinstance(rows, Span):
            return OfOne(rows, order)
        if rows.num_rows < FEW:
            return Children(rows, None, keys, order)
        if table not in self._places:
            first, *_ = keys
            self._places[table] = Places(rows.column(first))
        return Children(rows, self._places[table], keys, order)

    def _children(
        self,
        table: str,
        keys: Keys,
        order: str | None,
        kind: type[T],
        **columns: Callable[[Rows], list[Any]],
    ) -> Groups[T]:
        """Build the child objects of each parent."""
        if not self._tables[table].num_rows:
            return [()] * len(next(iter(keys.values())))
        rows = self._rows(table, keys, order)
        return rows.grouped(fill(kind, rows, **{n: make(rows) for n, make in columns.items()}))

    def _exemptions(self, record_ids: list[str]) -> Groups[model.Exemption]:
        """Build the exemptions of records; only one of the tables has rows."""
        keys = {"record_id": record_ids}
        found = [self._children(name, keys, None, model.Exemption) for name in WAIVERS]
        return [old + new for old, new in zip(*found, strict=True)]

    def _dates_of(self, rows: Rows, *columns: str) -> list[Any]:
        return list(map(self._dates.__getitem__, zip(*(rows[c] for c in columns), strict=True)))

    def issue(self, table: pa.Table) -> list[model.Issue]:
        """Build issues with their levels and aspects."""
        rows = Rows(table)
        keys = {"issue_id": rows["issue_id"]}
        return fill(
            model.Issue,
            rows,
            cues=_listed(rows["cues"]),
            levels=self._children(
                "levels", keys, "position", model.Level, name=lambda r: r["level_name"]
            ),
            aspects=self._children("aspects", keys, "position", model.Aspect),
        )

    def codebook(self) -> model.Codebook:
        """Build the whole codebook."""
        issues = self.issue(self._tables["issues"].sort_by("position"))
        terms = Rows(self._tables["vocabulary"].sort_by("position"))
        cases = Rows(self._tables["boundary_cases"])
        coders = Rows(self._tables["coders"].sort_by("position"))
        return model.Codebook(
            tuple(issues),
            tuple(fill(model.Term, terms, cues=_listed(terms["cues"]))),
            tuple(fill(model.BoundaryCase, cases, issues=_listed(cases["issues"]))),
            tuple(fill(model.Coder, coders)),
        )

    def actor(self, table: pa.Table) -> list[model.Actor]:
        """Build actors with their names, codes and roles."""
        rows = Rows(table)
        keys = {"actor_id": rows["actor_id"]}
        return fill(
            model.Actor,
            rows,
            names=self._children("actor_names", keys, "position", model.Name),
            codes=self._children("actor_codes", keys, "position", model.Code),
            roles=self._children("roles", keys, None, model.Role),
            exemptions=self._exemptions(rows["actor_id"]),
        )

    def event(self, table: pa.Table) -> list[model.Event]:
        """Build events with their participants."""
        rows = Rows(table)
        keys = {"event_id": rows["event_id"]}
        return fill(
            model.Event,
            rows,
            held_on=self._dates_of(rows, "held_on", "held_earliest", "held_latest", "held_kind"),
            participants=self._children("participants", keys, None, model.Participation),
            exemptions=self._exemptions(rows["event_id"]),
        )

    def document(self, table: pa.Table) -> list[model.Document]:
        """Build documents."""
        rows = Rows(table)
        ends = ("published_earliest", "published_latest")
        return fill(
            model.Document,
            rows,
            published_on=self._dates_of(rows, "published_on", *ends),
            authors=self._texts_of(
                "document_authors", {"document_id": rows["document_id"]}, "actor_id"
            ),
            exemptions=self._exemptions(rows["document_id"]),
        )

    def coverage(self, table: pa.Table) -> list[model.Coverage]:
        """Build the corpora that were searched or read, with those who were silent."""
        rows = Rows(table)
        keys = {"coverage_id": rows["coverage_id"]}
        silent = self._children("silent_speakers", keys, "position", model.SilentSpeaker)
        return fill(model.Coverage, rows, silent=silent)

    def position(self, table: pa.Table, **more: Any) -> list[model.Position]:
        """Build positions; `more` are the values of fields without a column, one per row."""
        rows = rows_of(table)
        ends = ("stated_earliest", "stated_latest", "date_kind")
        stated = self._dates_of(rows, "stated_on", *ends)
        others = {name: [value] * rows.count for name, value in more.items()}
        return fill(model.Position, rows, stated_on=stated, **others)

    def coding(self, table: pa.Table) -> list[model.Coding]:
        """Build the blind codings of documents, without their stances."""
        return fill(model.Coding, Rows(table))

    def stance(self, table: pa.Table | Span) -> list[model.Stance]:
        """Build stances with their children; blind codings if the table has a column `coder`."""
        rows = rows_of(table)
        blind = "coder" in rows.names
        prefix = "second_" if blind else ""
        keys = {name: rows[name] for name in (("stance_id", "coder") if blind else ("stance_id",))}
        ends = ("stated_earliest", "stated_latest", "date_kind")
        return fill(
            model.Stance,
            rows,
            stated_on=self._dates_of(rows, "stated_on", *ends),
            holders=self._holders_of(f"{prefix}holders", keys),
            attributed_by=self._ascribers_of(f"{prefix}ascribers", keys, rows),
            aspects=self._texts_of(f"{prefix}stance_aspects", keys, "aspect"),
            conditions=self._children(
                f"{prefix}conditions", keys, None, model.Condition, status_on=self._met_on
            ),
            evidence=self._children(
                f"{prefix}evidence", keys, None, model.Evidence, text_sha256=self._text
            ),
            exemptions=self._exemptions(
                [f"{coder}/{stance}" for stance, coder in zip(*keys.values(), strict=True)]
                if blind
                else keys["stance_id"]
            ),
        )

    def _holders_of(self, table: str, keys: Keys) -> Groups[model.Holder]:
        rows = self._rows(table, keys, "position")
        pairs = zip(rows["actor_id"], rows["role"], strict=True)
        return rows.grouped(list(map(self._holders.__getitem__, pairs)))

    def _ascribers_of(self, table: str, keys: Keys, rows: Rows) -> Groups[str]:
        """List the ascribers of stances; in schema 1, the only one is in the stance's own row."""
        firsts = [(first,) if first else () for first in rows["attributed_by_id"]]
        found = self._texts_of(table, keys, "actor_id")
        return [every or first for every, first in zip(found, firsts, strict=True)]

    def _texts_of(self, table: str, keys: Keys, column: str) -> Groups[str]:
        if not self._tables[table].num_rows:
            return [()] * len(next(iter(keys.values())))
        rows = self._rows(table, keys, "position")
        return rows.grouped(rows[column])

    def _met_on(self, rows: Rows) -> list[Any]:
        return self._dates_of(rows, "status_on", "status_earliest", "status_latest")

    def _text(self, rows: Rows) -> list[Any]:
        return self._texts(rows["document_id"])

    @functools.cached_property
    def _texts(self) -> Texts:
        return self._given_texts or Lookup(self._tables["documents"], "document_id", "sha256").of


def _listed(texts: list[str | None]) -> list[tuple[str, ...]]:
    """Split texts that hold several values, separated by semicolons."""
    return [tuple(text.split("; ")) if text else () for text in texts]
