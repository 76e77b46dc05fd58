"""Serialise a column to the bytes that a digest hashes, in pieces and mostly without copying.

Pieces are small enough that temporary arrays (lengths, null flags) need little memory, and large
enough that hashing takes most of the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from stancedata.tables.columns import scalar_of

if TYPE_CHECKING:
    from concurrent.futures import Future

PIECE = 262_144
"""The number of rows in a piece."""
_GATHERED = 4_000_000
"""Bytes that are hashed together, while the next ones are produced."""
Part = bytes | memoryview
END = b""
"""A marker after the last part of a column."""


def sha256_of(parts: Iterable[Part], one_column: bool = False) -> str:
    """Compute the SHA-256 of concatenated parts, as hexadecimal digits.

    Parts are hashed in a second thread while the next ones are produced, since both release the
    GIL. A small amount of data starts no thread.

    Args:
        parts: The parts.
        one_column: Release each column before the next one is read.
    """
    from concurrent.futures import ThreadPoolExecutor  # slow to import

    hasher = hashlib.sha256()
    with ThreadPoolExecutor(1) as pool:
        earlier: Future[None] | None = None
        for some, in_background in _gathered(parts, one_column):
            if earlier:
                earlier.result()
            if in_background:
                earlier = pool.submit(_update, hasher, some)
            else:
                _update(hasher, some)
    return hasher.hexdigest()


def _gathered(parts: Iterable[Part], one_column: bool) -> Iterator[tuple[list[Part], bool]]:
    """Group parts into lists of about `_GATHERED` bytes; yield whether to hash each in background."""
    some: list[Part] = []
    size = 0
    for part in parts:
        some.append(part)
        size += len(part)
        if size >= _GATHERED or (one_column and part is END):
            yield some, part is not END
            some, size = [], 0
    yield some, False


def _update(hasher: Any, parts: list[Part]) -> None:
    for part in parts:
        hasher.update(part)
    parts.clear()  # a part is a view that keeps its whole column in memory


class Column(Protocol):
    """A column that can be iterated up to three times, such as a `pyarrow.ChunkedArray`.

    One that reads its file again each time needs memory for a single chunk only.
    """

    def __len__(self) -> int:
        """Return the number of rows."""

    def iterchunks(self) -> Iterator[Any]:
        """Iterate over the chunks in row order."""


def column_bytes(column: Column, kind: str) -> Iterator[memoryview]:
    """Yield the null flags of a column and then its values, as bytes.

    Args:
        column: The column, in key order of its table.
        kind: Its type in the contract.
    """
    for piece in _pieces(column):
        yield _null_flags(piece)
    if kind == "string":
        for piece in _pieces(column):
            yield _buffer(_lengths(_without_text_under_nulls(piece)), 4)
        for piece in _pieces(column):
            yield _characters(_without_text_under_nulls(piece))
    elif kind == "bool":
        for piece in _pieces(column):
            yield _buffer(_nulls_filled(piece, False).cast("int8"), 1)
    else:
        for piece in _pieces(column):
            yield _buffer(_nulls_filled(piece.cast("int32"), 0), 4)


def _pieces(column: Column) -> Iterator[Any]:
    for chunk in column.iterchunks():
        for start in range(0, len(chunk), PIECE):
            yield chunk.slice(start, PIECE)


_ZEROS = memoryview(bytes(PIECE))


def _null_flags(piece: Any) -> memoryview:
    return _buffer(piece.is_null().cast("int8"), 1) if piece.null_count else _ZEROS[: len(piece)]


def _nulls_filled(piece: Any, value: object) -> Any:
    if not piece.null_count:
        return piece
    return piece.fill_null(scalar_of(value, piece.type))


def _buffer(piece: Any, width: int) -> memoryview:
    """View the value buffer of fixed-width values, without `to_numpy`, which imports pandas."""
    start = piece.offset * width
    return memoryview(piece.buffers()[1])[start : start + len(piece) * width]


def _without_text_under_nulls(piece: Any) -> Any:
    """Clear text stored under nulls; copy only if there is any, which is rare."""
    import pyarrow as pa
    import pyarrow.compute as pc

    compute: Any = pc
    if str(piece.type) not in ("string", "large_string"):
        piece = piece.cast("large_string")
    if piece.null_count:
        under = compute.and_(
            piece.is_null(), compute.not_equal(_lengths(piece), scalar_of(0, pa.int32()))
        )
        return piece.fill_null("") if compute.any(under).as_py() else piece
    return piece


def _lengths(texts: Any) -> Any:
    """Compute the length of each text in bytes from the offsets, which is fast despite nulls."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.int64() if str(texts.type) == "large_string" else pa.int32()
    buffers = [None, texts.buffers()[1]]
    ends: Any = pa.Array.from_buffers(kind, len(texts) + 1, buffers, offset=texts.offset)
    compute: Any = pc
    return compute.subtract(ends.slice(1), ends.slice(0, len(texts))).cast("int32")


def _characters(texts: Any) -> memoryview:
    """View the concatenated texts, without copying."""
    _, offsets, data = texts.buffers()
    code: Any = "q" if str(texts.type) == "large_string" else "i"
    ends: Any = memoryview(offsets).cast("B").cast(code)
    start, stop = ends[texts.offset], ends[texts.offset + len(texts)]
    return memoryview(data)[start:stop] if data is not None else _ZEROS[:0]
