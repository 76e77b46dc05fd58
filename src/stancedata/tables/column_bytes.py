"""What is hashed of a column, in pieces, mostly without a copy.

A piece is so many rows that what is made of it (lengths, zeros for nulls) is small, and so few
calls that hashing is what takes the time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

PIECE = 262_144
"""Rows of a piece."""
_GATHERED = 4_000_000
"""Bytes that are hashed at once, beside the making of the next ones."""
Part = bytes | memoryview
END = b""
"""The part after the last one of a column."""


def sha256_of(parts: Iterable[Part], one_column: bool = False) -> str:
    """SHA-256, in hexadecimal digits, of parts one after the other.

    Some parts are hashed while the next are made: neither holds the interpreter for long. Few
    parts start no thread.

    Args:
        parts: The parts.
        one_column: Let each column go before a part of the next is asked for.
    """
    hasher = hashlib.sha256()
    with ThreadPoolExecutor(1) as pool:
        earlier: Future[None] | None = None
        for some, beside in _gathered(parts, one_column):
            if earlier:
                earlier.result()
            if beside:
                earlier = pool.submit(_update, hasher, some)
            else:
                _update(hasher, some)
    return hasher.hexdigest()


def _gathered(parts: Iterable[Part], one_column: bool) -> Iterator[tuple[list[Part], bool]]:
    """Parts by so many bytes, each time with whether to hash them beside the making of others."""
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
    parts.clear()  # a part keeps the whole column that it lies in


class Column(Protocol):
    """A column that is gone through up to three times: a `pyarrow.ChunkedArray`, or its like.

    One that reads its file anew each time needs no more memory than for a chunk.
    """

    def __len__(self) -> int:
        """Number of rows."""

    def iterchunks(self) -> Iterator[Any]:
        """The chunks, in the order of the rows."""


def column_bytes(column: Column, kind: str) -> Iterator[memoryview]:
    """Which values are null, then the values, as bytes.

    Args:
        column: The column, rows in the order of the table's key.
        kind: Its type in the contract.
    """
    for piece in _pieces(column):
        yield _nulls(piece)
    if kind == "string":
        for piece in _pieces(column):
            yield _fixed(_lengths(_bare(piece)), 4)
        for piece in _pieces(column):
            yield _characters(_bare(piece))
    elif kind == "bool":
        for piece in _pieces(column):
            yield _fixed(_filled(piece, False).cast("int8"), 1)
    else:
        for piece in _pieces(column):
            yield _fixed(_filled(piece.cast("int32"), 0), 4)


def _pieces(column: Column) -> Iterator[Any]:
    for chunk in column.iterchunks():
        for start in range(0, len(chunk), PIECE):
            yield chunk.slice(start, PIECE)


_ZEROS = memoryview(bytes(PIECE))


def _nulls(piece: Any) -> memoryview:
    return _fixed(piece.is_null().cast("int8"), 1) if piece.null_count else _ZEROS[: len(piece)]


def _filled(piece: Any, value: object) -> Any:
    return piece.fill_null(value) if piece.null_count else piece


def _fixed(piece: Any, width: int) -> memoryview:
    """The values' bytes, where they lie: `to_numpy` would import pandas."""
    start = piece.offset * width
    return memoryview(piece.buffers()[1])[start : start + len(piece) * width]


def _bare(piece: Any) -> Any:
    """Texts with nothing under a null: most writers leave nothing there, and then no copy is made."""
    import pyarrow.compute as pc

    compute: Any = pc
    if str(piece.type) not in ("string", "large_string"):
        piece = piece.cast("large_string")
    if piece.null_count:
        under = compute.and_(piece.is_null(), compute.not_equal(_lengths(piece), 0))
        return piece.fill_null("") if compute.any(under).as_py() else piece
    return piece


def _lengths(texts: Any) -> Any:
    """Bytes of each text, from one offset to the next: nulls slow every other way down."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.int64() if str(texts.type) == "large_string" else pa.int32()
    buffers = [None, texts.buffers()[1]]
    ends: Any = pa.Array.from_buffers(kind, len(texts) + 1, buffers, offset=texts.offset)
    compute: Any = pc
    return compute.subtract(ends.slice(1), ends.slice(0, len(texts))).cast("int32")


def _characters(texts: Any) -> memoryview:
    """The texts end to end, as they lie."""
    _, offsets, data = texts.buffers()
    code: Any = "q" if str(texts.type) == "large_string" else "i"
    ends: Any = memoryview(offsets).cast("B").cast(code)
    start, stop = ends[texts.offset], ends[texts.offset + len(texts)]
    return memoryview(data)[start:stop] if data is not None else _ZEROS[:0]
