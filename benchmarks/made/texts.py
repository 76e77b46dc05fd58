"""Make Arrow columns from NumPy arrays: phrases, days, digests, and values picked from a list."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[Any]
compute: Any = pc

# Days since 1970: the range for which `day_text` has texts.
FIRST, LAST = 14_610, 21_000
_WORDS = """
accept account address agree aid allow annual appeal assembly assure authority await border bring
broad build call capital carry channel claim commit common concern condition confer confirm consider
continue council country declare delay delegation demand discuss draft early economic embassy end
envoy equal establish exchange expect extend final first fund further govern grant group guarantee
help hold humanitarian immediate include inclusive interim invite join joint keep law lead letter
lift maintain mandate meet member minister mission mutual nation need neighbour offer office open
order part peace people permanent plan plead pledge political present press process promise propose
protect provide public recognise region relation release relief remain renew report representative
request resolve respect restore review right role sanction seat secure seek send session settle
share sovereign speak stable state statement station step support talk term territory trade treaty
trust unity uphold urge visit vote welcome withdraw work written
"""
_LETTERS = "éèüöçñãåøí"


def phrases(seed: str, count: int, least: int, most: int, beyond: float = 0.0) -> pa.Array[Any]:
    """Make phrases of `least` to `most` characters, a share of them with a non-ASCII letter."""
    rng, lexicon = random.Random(seed), _WORDS.split()
    found: list[str] = []
    while len(found) < count:
        phrase = " ".join(rng.choices(lexicon, k=rng.randint(2, 8)))
        if least <= len(phrase) <= most:
            if rng.random() < beyond:
                phrase = phrase[:-1] + rng.choice(_LETTERS)
            found.append(phrase)
    return pa.array(found, pa.string())


def pick(values: pa.Array[Any], index: Numbers, where: Numbers | None = None) -> Any:
    """Pick values by index; null where `where` is false."""
    return values.take(integers(index, where))


def words(*values: str) -> pa.Array[Any]:
    """Make an array of texts to pick from."""
    return pa.array(values, pa.string())


def join(*parts: Any) -> Any:
    """Concatenate texts row by row; a constant is given once."""
    return compute.binary_join_element_wise(*parts, "")


def integers(values: Numbers, where: Numbers | None = None) -> Any:
    """Convert to 32-bit integers; null where `where` is false."""
    return pa.array(values.astype(np.int32), pa.int32(), mask=None if where is None else ~where)


def days(values: Numbers, where: Numbers | None = None) -> Any:
    """Convert days since 1970 to dates; null where `where` is false."""
    return integers(values, where).view(pa.date32())


def _iso(unit: str, first: int, last: int) -> pa.Array[Any]:
    return pa.array(np.arange(first, last).astype(f"datetime64[{unit}]").astype(str), pa.string())


_DAYS, _MONTHS = _iso("D", FIRST, LAST), _iso("M", 480, 690)


def day_text(values: Numbers, where: Numbers | None = None) -> Any:
    """Format days since 1970 as ISO dates."""
    return pick(_DAYS, values - FIRST, where)


def month_text(months: Numbers) -> Any:
    """Format months since 1970 as `YYYY-MM`."""
    return pick(_MONTHS, months - 480)


def month_of(values: Numbers) -> Numbers:
    """Convert days to months since 1970."""
    months: Numbers = values.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def month_starts(months: Numbers) -> Numbers:
    """Convert months to their first days since 1970."""
    first: Numbers = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first


def mixed(size: int, parts: Sequence[tuple[Numbers, Any]]) -> Any:
    """Merge texts of several kinds into one column; each part is a mask with its values."""
    order = np.concatenate([np.flatnonzero(where) for where, _ in parts])
    back = np.empty(size, np.int64)
    back[order] = np.arange(size)
    return pa.concat_arrays([values for _, values in parts]).take(pa.array(back))


_HEX = np.frombuffer(bytes(range(256)).hex().encode(), np.uint8).reshape(256, 2)


def digests(rng: np.random.Generator, count: int) -> Any:
    """Make `count` random SHA-256 digests, in hexadecimal."""
    text = _HEX[np.frombuffer(rng.bytes(32 * count), np.uint8)].tobytes()
    offsets = np.arange(0, 64 * (count + 1), 64, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(text))


def blanked(values: Any, where: Numbers) -> Any:
    """Replace values by null where `where` is false."""
    return compute.if_else(pa.array(where), values, pa.scalar(None, values.type))
