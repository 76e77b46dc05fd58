"""From the tables back to the model: one object at a time, or all of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from stancedata import model
from stancedata.dates import StatedDate

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Key = tuple[str, ...]
T = TypeVar("T")


class Children:
    """Rows of a table by what they belong to: the table is sorted, so each is one slice."""

    def __init__(self, table: pa.Table, *parent: str) -> None:
        self._table = table
        self._parent = parent

    @functools.cached_property
    def _slices(self) -> dict[Key, tuple[int, int]]:
        columns = [self._table.column(name).to_pylist() for name in self._parent]
        slices: dict[Key, tuple[int, int]] = {}
        for index, key in enumerate(zip(*columns, strict=True)):
            start, _ = slices.get(key, (index, 0))
            slices[key] = (start, index + 1)
        return slices

    def of(self, *key: str, order: str | None = None) -> list[Row]:
        """Rows of one parent, in the order of a column."""
        start, stop = self._slices.get(key, (0, 0))
        rows: list[Row] = self._table.slice(start, stop - start).to_pylist()
        return sorted(rows, key=lambda row: row[order]) if order else rows


class Builder:
    """Makes objects from the curated tables.

    Args:
        tables: Gives a table by its name, rows sorted by key.
    """

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = tables
        self._children: dict[str, Children] = {}

    def _of(self, table: str, *key: str, order: str | None = None) -> list[Row]:
        if table not in self._children:
            parents = {1: (self._tables[table].schema.names[0],), 2: ("stance_id", "coder")}
            self._children[table] = Children(self._tables[table], *parents[len(key)])
        return self._children[table].of(*key, order=order)

    def _silences(self, record_id: str) -> tuple[model.Silence, ...]:
        return tuple(model.Silence(r["rule"], r["reason"]) for r in self._of("silences", record_id))

    def issue(self, row: Row) -> model.Issue:
        """An issue with its levels and aspects, from its row."""
        levels = self._of("levels", row["issue_id"], order="position")
        aspects = self._of("aspects", row["issue_id"], order="position")
        return model.Issue(
            row["issue_id"], row["name"], row["proposition"], row["core"],
            tuple(model.Level(r["level_name"], r["level"], r["definition"]) for r in levels),
            tuple(model.Aspect(r["aspect"], r["definition"]) for r in aspects), _cues(row),
        )  # fmt: skip

    def codebook(self) -> model.Codebook:
        """The whole codebook."""
        issues = self._tables["issues"].sort_by("position").to_pylist()
        terms = self._tables["vocabulary"].sort_by("position").to_pylist()
        return model.Codebook(
            tuple(map(self.issue, issues)),
            tuple(
                model.Term(r["field"], r["value"], r["definition"], r["rank"], _cues(r))
                for r in terms
            ),
        )  # fmt: skip

    def actor(self, row: Row) -> model.Actor:
        """An actor with names, codes and roles, from its row."""
        key = row["actor_id"]
        return model.Actor(
            key, row["name"], row["kind"], row["description"], row["valid_from"], row["valid_to"],
            tuple(model.Name(r["name"], r["kind"], r["language"])
                  for r in self._of("actor_names", key, order="position")),
            tuple(model.Code(r["scheme"], r["code"], r["scheme_version"], r["valid_from"], r["valid_to"])
                  for r in self._of("actor_codes", key, order="position")),
            tuple(model.Role(r["role"], r["of_actor_id"], r["title"], r["valid_from"], r["valid_to"],
                             r["document_id"], r["source"])
                  for r in self._of("roles", key, order="number")),
            self._silences(key),
        )  # fmt: skip

    def event(self, row: Row) -> model.Event:
        """An event with its participants, from its row."""
        key = row["event_id"]
        held = StatedDate.restore(
            row["held_on"], row["held_earliest"], row["held_latest"], row["held_kind"]
        )
        participants = tuple(
            model.Participation(
                r["actor_id"], r["role"], r["document_id"], r["represented_by"], r["note"]
            )
            for r in self._of("participants", key, order="number")
        )
        return model.Event(
            key, row["name"], held, row["series"], row["place"], row["kind"], participants,
            self._silences(key),
        )  # fmt: skip

    def document(self, row: Row) -> model.Document:
        """A document's bibliography, from its row."""
        same = ("document_id", "title", "publisher", "author", "kind", "language", "url", "sha256",
                "characters", "derived_from", "coder", "coded_date", "note")  # fmt: skip
        return model.Document(
            published_on=StatedDate.restore(
                row["published_on"], row["published_earliest"], row["published_latest"]
            ),
            silences=self._silences(row["document_id"]),
            **{name: row[name] for name in same},
        )

    def stance(self, row: Row) -> model.Stance:
        """A stance with its children, from its row; a blind one where the row has a coder."""
        key = (row["stance_id"], row["coder"]) if "coder" in row else (row["stance_id"],)
        prefix = "second_" if "coder" in row else ""
        same = ("stance_id", "document_id", "issue_id", "level_name", "level", "act", "attribution",
                "confidence", "summary", "speaker_id", "attributed_by_id", "target_id", "quantifier",
                "dated_by", "event_id", "note")  # fmt: skip
        blind = ("coder", "published_id", "adjudication") if "coder" in row else ()
        return model.Stance(
            stated_on=StatedDate.restore(
                row["stated_on"], row["stated_earliest"], row["stated_latest"], row["date_kind"]
            ),
            holders=tuple(model.Holder(r["actor_id"], r["role"])
                          for r in self._of(f"{prefix}holders", *key, order="position")),
            aspects=tuple(r["aspect"] for r in self._of(f"{prefix}stance_aspects", *key, order="position")),
            conditions=tuple(map(_condition, self._of(f"{prefix}conditions", *key, order="number"))),
            evidence=tuple(map(self._evidence, self._of(f"{prefix}evidence", *key, order="number"))),
            silences=self._silences(f"{row['coder']}/{key[0]}" if prefix else key[0]),
            **{name: row[name] for name in (*same, *blind)},
        )  # fmt: skip

    @functools.cached_property
    def _digests(self) -> dict[str, str | None]:
        documents = self._tables["documents"]
        columns = (documents.column(name).to_pylist() for name in ("document_id", "sha256"))
        return dict(zip(*columns, strict=True))

    def _evidence(self, row: Row) -> model.Evidence:
        return model.Evidence(
            row["document_id"], row["span_start"], row["span_end"], row["sha256"], row["locator"],
            self._digests.get(row["document_id"]),
        )  # fmt: skip


def _cues(row: Row) -> tuple[str, ...]:
    return tuple(row["cues"].split("; ")) if row["cues"] else ()


def _condition(row: Row) -> model.Condition:
    status_on = row["status_on"] and StatedDate.restore(
        row["status_on"], row["status_earliest"], row["status_latest"]
    )
    return model.Condition(
        row["condition"], row["issue_id"], row["status"], status_on, row["status_document_id"]
    )


def from_tables(tables: Mapping[str, pa.Table]) -> model.Content:
    """Every object of the curated tables: the inverse of `stancedata.tables.to_tables`."""
    builder = Builder(tables)

    def every(name: str, make: Callable[[Row], T]) -> tuple[T, ...]:
        return tuple(make(row) for row in _rows(tables[name]))

    return model.Content(
        builder.codebook(),
        every("actors", builder.actor),
        every("events", builder.event),
        every("documents", builder.document),
        every("stances", builder.stance),
        every("second_stances", builder.stance),
    )


def _rows(table: pa.Table) -> Iterator[Row]:
    for batch in table.to_batches():
        yield from batch.to_pylist()
