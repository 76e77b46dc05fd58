"""The digest equals a naive implementation, whatever the layout of the rows in memory."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.tables import column_bytes as hashing
from stancedata.tables.columns import SCHEMA_VERSION, Table, sort
from stancedata.tables.contract import BY_NAME, TABLES
from stancedata.tables.digest import digest, digest_of_columns, in_key_order
from stancedata.tables.rows import to_tables
from stancedata.tables.source import VERSIONS
from tests.support.editions import editions
from tests.support.effort import examples

EMPTY = {"string": "", "bool": False}


def naive(tables: dict[str, pa.Table], names: list[str], version: str = SCHEMA_VERSION) -> str:
    """Compute the digest by its definition, value by value."""
    hasher = hashlib.sha256()
    for table in (BY_NAME[name] for name in names):
        if not table.columns_of(version):
            continue
        rows = sort(table, tables[table.name])
        hasher.update(f"{table.name}\n{rows.num_rows}\n".encode())
        for column in table.columns_of(version):
            hasher.update(f"{column.name}\n{column.type}\n".encode())
            values: Any = rows.column(column.name)
            values = values.cast("int32") if column.type == "date32" else values
            values = values.to_pylist()
            hasher.update(bytes(value is None for value in values))
            filled = [EMPTY.get(column.type, 0) if v is None else v for v in values]
            hasher.update(b"".join(as_bytes(filled, column.type)))
    return hasher.hexdigest()


def as_bytes(values: list[Any], kind: str) -> Iterator[bytes]:
    """Serialise the values of a type as they are hashed."""
    if kind == "string":
        texts = [value.encode() for value in values]
        yield from (len(text).to_bytes(4, "little") for text in texts)
        yield from texts
    else:
        width = 1 if kind == "bool" else 4
        yield from (int(value).to_bytes(width, "little", signed=True) for value in values)


@pytest.fixture(params=[1, 3, 4_000_000])
def gathered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Limit the bytes that are hashed in one go, and the rows of a piece."""
    size: int = request.param
    monkeypatch.setattr(hashing, "_GATHERED", size)
    monkeypatch.setattr(hashing, "PIECE", min(size, hashing.PIECE))
    return size


CURATED = [table.name for table in TABLES if not table.derived]


@examples(8)
@given(editions())
def test_digest_is_the_definition(content: model.Content) -> None:
    """The digest of generated content equals the naive one."""
    tables = to_tables(content)
    for version in VERSIONS:
        assert naive(tables, CURATED, version) == digest(tables, schema_version=version)


def test_a_release_has_the_digest_that_it_states(dataset: sd.Dataset) -> None:
    """The digest of a release is that of its tables, as of the release's schema version."""
    assert dataset.release
    version = dataset.release.schema_version
    assert dataset.release.digest == digest(dataset.tables, schema_version=version)


def test_pieces_do_not_matter(small: sd.Dataset, gathered: int) -> None:
    """Pieces of any size, hashed in the background or not, give the same digest."""
    assert naive({n: small.tables[n] for n in CURATED}, CURATED) == digest(small.tables)
    assert naive({"positions": small.tables["positions"]}, ["positions"]) == digest(
        small.tables, ("positions",)
    )
    assert gathered


def spoiled(column: Any) -> pa.Array[Any]:
    """Return the same texts as a slice of longer buffers, with rubbish under the nulls."""
    values = column.to_pylist()
    texts = pa.array(["before", *(v or "rubbish" for v in values), "after"], pa.string())
    valid = pa.array([True, *(v is not None for v in values), True])
    _, offsets, data = texts.buffers()
    buffers = [valid.buffers()[1], offsets, data]
    whole: Any = pa.Array.from_buffers(pa.string(), len(texts), buffers)
    part: pa.Array[Any] = whole.slice(1, len(values))
    return part


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_how_texts_lie_does_not_matter(dataset: sd.Dataset, kind: str) -> None:
    """Other offsets, rubbish under nulls and slices of longer columns give the same digest."""
    tables = {name: dataset.tables[name] for name in CURATED}
    for name, table in list(tables.items()):
        for number, field in enumerate(table.schema):
            if field.type == pa.string():
                other: Any = spoiled(table.column(number))
                assert other.to_pylist() == table.column(number).to_pylist()
                tables[name] = tables[name].set_column(number, field.name, other.cast(kind))
    assert digest(dataset.tables) == digest(tables)


@pytest.mark.parametrize("rows", [1, 7])
def test_columns_may_come_one_at_a_time(dataset: sd.Dataset, rows: int) -> None:
    """Each column is read once, in the order of the contract."""
    asked = []

    def column(table: str, name: str) -> Chunked:
        asked.append((table, name))
        return Chunked(dataset.tables[table].column(name), rows)

    assert digest(dataset.tables) == digest_of_columns(column)
    assert [
        (t.name, c.name) for t in TABLES if not t.derived for c in t.columns_of(SCHEMA_VERSION)
    ] == asked
    assert digest(dataset.tables, ("positions",)) == digest_of_columns(column, ("positions",))


class Chunked:
    """A column that makes its chunks again each time, like one read from a file."""

    def __init__(self, column: Any, rows: int) -> None:
        self._column = column
        self._rows = rows

    def __len__(self) -> int:
        return len(self._column)

    def iterchunks(self) -> Iterator[Any]:
        """Iterate over the chunks, with empty ones in between."""
        for start in range(0, len(self._column), self._rows):
            yield from self._column.slice(start, self._rows).chunks
            yield self._column.slice(start, 0).combine_chunks()


KEYS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ab"), st.integers(0, 2)))


@given(KEYS, st.booleans(), st.integers(1, 3))
def test_key_order_is_seen(keys: list[tuple[str, str, int]], in_order: bool, width: int) -> None:
    """Rows are in key order if none is less than the one before, for keys of 1 to 3 columns."""
    keys = sorted(keys) if in_order else keys
    names = ("x", "y", "z")
    types = (pa.string(), pa.string(), pa.int32())
    columns = [pa.array([k[i] for k in keys], kind) for i, kind in enumerate(types)]
    half = pa.table(dict(zip(names, columns, strict=True)))
    data = pa.concat_tables([half.slice(0, len(keys) // 2), half.slice(len(keys) // 2)])
    short = [key[:width] for key in keys]
    expected = all(one <= other for one, other in itertools.pairwise(short))
    assert expected is in_key_order(Table("t", "", names[:width], ()), data)


def test_a_null_key_is_in_no_order() -> None:
    """Rows with a null key are not considered sorted."""
    data = pa.table({"x": pa.array(["a", None, "b"], pa.string())})
    assert in_key_order(Table("t", "", ("x",), ()), data) is False


def test_rows_in_any_order(dataset: sd.Dataset) -> None:
    """Shuffled rows have the same digest."""
    rng = random.Random(7)
    tables = {}
    for name in CURATED:
        order = list(range(dataset.tables[name].num_rows))
        rng.shuffle(order)
        tables[name] = dataset.tables[name].take(pa.array(order, pa.int64()))
    assert digest(dataset.tables) == digest(tables)


def test_rows_of_one_key_keep_their_order(dataset: sd.Dataset) -> None:
    """Rows with the same key, which is invalid, are hashed in their original order."""
    stances = dataset.tables["stances"]
    first = stances.slice(0, 1)
    other = first.set_column(stances.schema.get_field_index("summary"), "summary", pa.array(["x"]))
    rest = stances.slice(1)
    in_order = pa.concat_tables([first, other.cast(stances.schema), rest])
    mixed = pa.concat_tables([rest, first, other.cast(stances.schema)])
    tables = {name: dataset.tables[name] for name in BY_NAME}
    ours, theirs = (digest({**tables, "stances": t}) for t in (in_order, mixed))
    assert ours == theirs != digest(tables)
