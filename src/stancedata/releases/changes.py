"""Compare two states of the data, field by field, with the reasons for each change."""

from __future__ import annotations

import html
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import attrs

from stancedata.releases.record_contents import CURATED, KINDS, Key, Rows, arrow, rows_of
from stancedata.releases.revisions import Release, find
from stancedata.tables.columns import Table, owner, read_table, scalar_of, table_of
from stancedata.tables.contract import WAIVERS
from stancedata.tables.revisions import canonical

if TYPE_CHECKING:
    import pyarrow as pa

CHANGES = read_table(
    "changes",
    "kind record_id field",
    "What changed, one field per row.",
    """
kind string: What the record is (actor, event, document, stance, second_coding, codebook, coding, coverage).
record_id string: Id of the record.
operation string: What was done to it (add, modify, retract).
field string: Field; empty if the whole record was added or retracted.
before string?: Its value before, as text.
after string?: Its value after.
release string?: Release that changed it last; null if that is not released yet.
reason string?: Why.
note string?: The reason in words.
""",
    derived=True,
)

Value = str | int | bool | None


@attrs.frozen
class Change:
    """A changed field of a record, or a record that was added or retracted.

    Attributes:
        operation: `add`, `modify` or `retract`.
        field: Such as `level_name` or `holders[russia].role`; empty for a whole record.
        before: The value before; for a removed row, the whole row as JSON.
        release: The release that changed it last; None if that is not released yet.
        reason: One of `stancedata.releases.revisions.REASONS`; None if not known yet.
    """

    kind: str
    record_id: str
    operation: str
    field: str = ""
    before: Value = None
    after: Value = None
    release: str | None = None
    reason: str | None = None
    note: str | None = None

    def __str__(self) -> str:
        if not self.field:
            return {"add": "added", "retract": "retracted", "modify": "modified"}[self.operation]
        return f"{self.field}: {_shown(self.before)} -> {_shown(self.after)}"


def _shown(value: Value) -> str:
    return "nothing" if value is None else str(value)


class Changes(Sequence[Change]):
    """Changes in order of kind, record and field; prints as a list and converts to Arrow."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = tuple(changes)

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> Changes: ...
    def __getitem__(self, index: int | slice) -> Change | Changes:
        """Get one change, or those of a slice."""
        found = self._changes[index]
        return found if isinstance(found, Change) else Changes(found)

    def __len__(self) -> int:
        return len(self._changes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Changes) and self._changes == other._changes

    __hash__ = None  # type: ignore[assignment]

    def by_record(self) -> Iterator[tuple[Key, list[Change]]]:
        """Group the changes by record."""
        found: defaultdict[Key, list[Change]] = defaultdict(list)
        for change in self:
            found[change.kind, change.record_id].append(change)
        yield from found.items()

    def summary(self) -> pa.Table:
        """Count the records of each kind that were added, modified and retracted."""
        import pyarrow as pa

        done = {"add": "added", "modify": "modified", "retract": "retracted"}
        found: defaultdict[str, dict[str, int]] = defaultdict(
            lambda: dict.fromkeys(done.values(), 0)
        )
        for (kind, _), some in self.by_record():
            found[kind][done[some[0].operation]] += 1
        counts: dict[str, pa.DataType] = {name: pa.int32() for name in done.values()}
        rows = [{"kind": kind, **counted} for kind, counted in sorted(found.items())]
        return table_of(rows, pa.schema({"kind": pa.string()} | counts))

    def __str__(self) -> str:
        lines = []
        for (kind, record_id), some in self.by_record():
            lines.append(f"{kind} {record_id}")
            lines += [f"    {change}{_why(change)}" for change in some]
        return "\n".join(lines) or "nothing changed"

    def __repr__(self) -> str:
        records = len({(change.kind, change.record_id) for change in self})
        return f"<changes: {len(self)}, records: {records}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(str(value))}</td>' for value in cells)}</tr>"
            for cells in (
                (c.kind, c.record_id, str(c), c.release or "", c.reason or "", c.note or "")
                for c in self
            )
        )
        heads = ("kind", "record", "change", "release", "reason", "note")
        return f"<table><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr>{rows}</table>"

    def to_arrow(self) -> pa.Table:
        """Make a table with one row per change and values as text."""
        rows = [
            {**attrs.asdict(c), "before": _text(c.before), "after": _text(c.after)} for c in self
        ]
        return arrow(CHANGES, rows)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the rows as a new Arrow stream."""
        stream: object = self.to_arrow().__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]
        return stream


def _text(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _why(change: Change) -> str:
    if change.release is None:
        return "  (not released yet)"
    why = f"{change.reason}: {change.note}" if change.note else change.reason
    return f"  ({change.release}, {why})"


def changes_between(
    before: Mapping[str, pa.Table],
    after: Mapping[str, pa.Table],
    releases: Sequence[Release],
    since: str,
) -> Changes:
    """List the changes from a release to a later state.

    Args:
        before: The tables of the release.
        after: The tables of the later state, with `revisions`.
        releases: The releases up to the later state.
        since: The version of the earlier release.
    """
    old, new = rows_of(before), rows_of(after)
    changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    steps = _steps(after["revisions"], find(releases, since).release_number, changed)
    found = [
        change
        for key in sorted(changed, key=lambda key: (KINDS.index(key[0]), key[1]))
        for change in _explained(key, old.get(key), new.get(key), steps[key])
    ]
    return Changes(found)


_Step = dict[str, Any]


def _steps(revisions: pa.Table, number: int, keys: set[Key]) -> dict[Key, list[_Step]]:
    """Collect the revisions of some records after a release, oldest first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: dict[Key, list[_Step]] = {key: [] for key in keys}
    for row in revisions.filter(
        pc.field("release_number") > scalar_of(number, pa.int32())
    ).to_pylist():
        if (key := (row["kind"], row["record_id"])) in found:
            found[key].append(row)
    return found


def _explained(
    key: Key, old: Rows | None, new: Rows | None, steps: list[_Step]
) -> Iterator[Change]:
    """List the changes of one record, each with the last revision that made it."""
    makers: dict[str, _Step] = {}
    state = old
    for step in steps:
        content = step["content"] and json.loads(step["content"])
        for field in _fields(state, content):
            makers[field] = step
        state = content
    for field in _fields(state, new):
        makers.pop(field, None)  # changed again since, and not released yet
    operation = "add" if old is None else "retract" if new is None else "modify"
    for field, (was, is_) in _fields(old, new).items():
        made = makers.get(field, {})
        why = (made.get(name) for name in ("release", "reason", "note"))
        yield Change(*key, operation, field, was, is_, *why)


def _fields(old: Rows | None, new: Rows | None) -> dict[str, tuple[Value, Value]]:
    """Find the fields that differ, with both values; the key "" means the whole record."""
    if old is None or new is None:
        return {} if old is new else {"": (None, None)}
    found: dict[str, tuple[Value, Value]] = {}
    for table in CURATED:
        both = [rows.get(table.name, []) for rows in (old, new)]
        names = _own_key(table, both)
        was, is_ = ({tuple(str(r[n]) for n in names): r for r in rows} for rows in both)
        for key in dict.fromkeys((*was, *is_)):
            found.update(_row_fields(table, key, was.get(key), is_.get(key)))
    return found


def _own_key(table: Table, states: list[list[dict[str, Any]]]) -> list[str]:
    """List the key columns that distinguish rows of one record in each of its states.

    Columns by which the key grew are left out where the others are enough, so that a name that
    moved to another place is the same name.
    """
    columns = ("record_id",) if table.name in WAIVERS else owner(table)[1]
    own = [name for name in table.key if name not in columns]
    short = [name for name in own if name not in table.grown]
    unique = (len({tuple(row[n] for n in short) for row in rows}) == len(rows) for rows in states)
    return short if all(unique) else own


def _row_fields(
    table: Table, key: tuple[str, ...], was: dict[str, Any] | None, is_: dict[str, Any] | None
) -> Iterator[tuple[str, tuple[Value, Value]]]:
    place = f"{table.name}[{'/'.join(key)}]" if key else ""
    if was is None or is_ is None:
        whole = [None if row is None else canonical(row) for row in (was, is_)]
        yield place or table.name, (whole[0], whole[1])
        return
    for column in table.columns:
        if was.get(column.name) != is_.get(column.name):
            name = f"{place}.{column.name}" if place else column.name
            yield name, (was.get(column.name), is_.get(column.name))
