"""Arrow columns out of NumPy's numbers: phrases, days, digests, and values picked from a list."""

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

# Days since 1970: every day that the data can hold has a text.
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
    """Made-up phrases of so many characters, a share of them with a letter beyond ASCII."""
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
    """Values by their numbers; null where `where` is false."""
    return values.take(integers(index, where))


def words(*values: str) -> pa.Array[Any]:
    """A list of texts to pick from."""
    return pa.array(values, pa.string())


def join(*parts: Any) -> Any:
    """Texts side by side; a text that is the same in every row is given once."""
    return compute.binary_join_element_wise(*parts, "")


def integers(values: Numbers, where: Numbers | None = None) -> Any:
    """Whole numbers; null where `where` is false."""
    return pa.array(values.astype(np.int32), pa.int32(), mask=None if where is None else ~where)


def days(values: Numbers, where: Numbers | None = None) -> Any:
    """Days from their numbers since 1970; null where `where` is false."""
    return integers(values, where).view(pa.date32())


def _iso(unit: str, first: int, last: int) -> pa.Array[Any]:
    return pa.array(np.arange(first, last).astype(f"datetime64[{unit}]").astype(str), pa.string())


_DAYS, _MONTHS = _iso("D", FIRST, LAST), _iso("M", 480, 690)


def day_text(values: Numbers, where: Numbers | None = None) -> Any:
    """The text of each day."""
    return pick(_DAYS, values - FIRST, where)


def month_text(months: Numbers) -> Any:
    """The text of each month, from their numbers since 1970."""
    return pick(_MONTHS, months - 480)


def month_of(values: Numbers) -> Numbers:
    """The number of each day's month."""
    months: Numbers = values.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def month_starts(months: Numbers) -> Numbers:
    """The first day of each month."""
    first: Numbers = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first


def mixed(size: int, parts: Sequence[tuple[Numbers, Any]]) -> Any:
    """Texts of several sorts in one column: where each belongs, and what it is there."""
    order = np.concatenate([np.flatnonzero(where) for where, _ in parts])
    back = np.empty(size, np.int64)
    back[order] = np.arange(size)
    return pa.concat_arrays([values for _, values in parts]).take(pa.array(back))


_HEX = np.frombuffer(bytes(range(256)).hex().encode(), np.uint8).reshape(256, 2)


def digests(rng: np.random.Generator, count: int) -> Any:
    """As many made-up SHA-256 digests, in hexadecimal digits."""
    text = _HEX[np.frombuffer(rng.bytes(32 * count), np.uint8)].tobytes()
    offsets = np.arange(0, 64 * (count + 1), 64, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(text))


def blanked(values: Any, where: Numbers) -> Any:
    """The same values, null where `where` is false."""
    return compute.if_else(pa.array(where), values, pa.scalar(None, values.type))
