"""Long contents of revisions: in parts in files, whole in memory.

A field of Python's csv and a cell of Excel or SPSS hold less than the content of a large record. In
exported files, such a content goes on in rows of the same revision whose record is called `ID+2`,
`ID+3`. Each part has rows by table as any content has, so that the files need no other reading:
together, the contents that stand are the tables of a release.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.model.corpus import digest_of
from stancedata.tables.columns import array_of, scalar_of, sort, table_of
from stancedata.tables.contract import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "revisions"
MOST_BYTES = 32_000
"""The most bytes of a content in a file, unless a single row of it is longer."""
_Row = dict[str, Any]
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(content: Mapping[str, Any]) -> str:
    """Serialise the content of a record, or a row of it, as canonical JSON."""
    return _CANONICAL.encode(content)


def in_parts(revisions: pa.Table) -> pa.Table:
    """Split the contents of every record that was ever long.

    A record that has fewer parts than in its revision before retracts the others.

    Args:
        revisions: The table, sorted by record and revision.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc  # the type stubs do not cover all uses of these functions
    sizes = compute.binary_length(revisions.column("content"))
    long = revisions.filter(compute.greater(sizes, scalar_of(MOST_BYTES, pa.int32())))
    if not long.num_rows:
        return revisions
    before: defaultdict[tuple[str, str], int] = defaultdict(int)

    def split(rows: Iterable[_Row]) -> Iterator[_Row]:
        for row in rows:
            key = (row["kind"], row["record_id"])
            texts = [None] if row["content"] is None else _parts(row["content"])
            lost = [None] * (before[key] - len(texts))
            for number, text in enumerate([*texts, *lost], 1):
                yield _part(row, number, text, is_new=number > before[key])
            before[key] = len(texts)

    return _replaced(revisions, long.column("record_id").to_pylist(), split)


def whole(revisions: pa.Table) -> pa.Table:
    """Join the parts of long contents; parts that do not fit together are left as they are."""
    import pyarrow.compute as pc

    is_part = pc.match_substring(revisions.column("record_id"), "+")
    ids: list[Any] = revisions.filter(is_part).column("record_id").to_pylist()
    if not ids:
        return revisions
    ids += [record_id.rpartition("+")[0] for record_id in ids]
    try:
        return _replaced(revisions, ids, _joined)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return revisions


def _parts(content: str) -> list[str]:
    """Split a content into contents that are short enough, keeping the order of its rows."""
    if len(content.encode("utf-8")) <= MOST_BYTES:
        return [content]
    parts: list[dict[str, list[_Row]]] = [{}]
    size = 0
    for table, rows in sorted(json.loads(content).items()):
        parts[-1][table] = []
        for row in rows:
            length = len(canonical(row).encode("utf-8")) + len(table) + len('"":[],')
            if parts[-1] and size + length > MOST_BYTES:
                parts.append({})
                size = 0
            parts[-1].setdefault(table, []).append(row)
            size += length
    return [canonical(part) for part in parts]


def _part(row: _Row, number: int, text: str | None, is_new: bool) -> _Row:
    operation = "retract" if text is None else "add" if is_new else row["operation"]
    return {
        **row,
        "record_id": row["record_id"] if number == 1 else f"{row['record_id']}+{number}",
        "operation": row["operation"] if number == 1 else operation,
        "content": text,
        "content_sha256": None if text is None else digest_of(text),
    }


def _joined(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Join the rows of each revision; raise ValueError if a part has no beginning, or was changed."""
    found: defaultdict[tuple[str, str, int], dict[int, _Row]] = defaultdict(dict)
    for row in rows:
        record_id, mark, number = row["record_id"].rpartition("+")
        key = (row["kind"], record_id if mark else row["record_id"], row["revision"])
        found[key][int(number) if mark else 1] = row
    for parts in found.values():
        texts = [
            part["content"] for _, part in sorted(parts.items()) if part["content"] is not None
        ]
        first = parts[1]
        if len(texts) < 2:
            yield first
            continue
        if any(
            digest_of(p["content"]) != p["content_sha256"] for p in parts.values() if p["content"]
        ):
            raise ValueError("a part was changed")
        tables: defaultdict[str, list[_Row]] = defaultdict(list)
        for text in texts:
            for table, some in json.loads(text).items():
                tables[table] += some
        content = canonical(tables)
        yield {**first, "content": content, "content_sha256": digest_of(content)}


def _replaced(revisions: pa.Table, ids: Iterable[Any], make: Any) -> pa.Table:
    """Replace the rows of some records by what a function makes of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mine = pc.is_in(revisions.column("record_id"), value_set=array_of(sorted({*ids}), pa.string()))
    rows = list(make(revisions.filter(mine).to_pylist()))
    made = table_of(rows, revisions.schema)
    table = BY_NAME[NAME]
    return sort(table, pa.concat_tables([revisions.filter(pc.invert(mine)), made]))
