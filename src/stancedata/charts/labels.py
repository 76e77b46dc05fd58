"""Words on a picture: whose they are, how wide they are, where their lines break."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

SIZE = 11  # pixels of a letter's height
LINE = 13  # pixels from one line to the next
_PADDING = 8  # pixels between a label and its axis


def width(text: str, size: int = SIZE) -> float:
    """Pixels that a text takes at most, guessed: which font a reader has is not known here."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (0.6 * (len(text) - wide) + 1.05 * wide)


def wrapped(text: str, letters: int) -> list[str]:
    """A text in lines of about so many letters, nothing of it cut."""
    # Letters of the East take two places; a line of half as many is as wide.
    wide = width(text) > 0.8 * SIZE * len(text)
    return textwrap.wrap(text, max(1, letters // 2 if wide else letters)) or [text]


def holders(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names of the holders of positions by id, in order of name; unlike ones for unlike ids."""
    names = {row["actor_id"]: row["actor_name"] for row in rows}
    counts = Counter(names.values())
    full = {i: f"{name} ({i})" if counts[name] > 1 else name for i, name in names.items()}
    return dict(sorted(full.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def issues(dataset: Dataset, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names of the issues of positions by id, in the order of the codebook."""
    found = {row["issue_id"] for row in rows}
    listed = sorted(dataset.tables["issues"].to_pylist(), key=lambda row: row["position"])
    return {row["issue_id"]: row["name"] for row in listed if row["issue_id"] in found}


def beside(names: Mapping[str, str]) -> dict[str, list[str]]:
    """Names by id in lines, for the side of a picture: one line for most, two for the longest."""
    letters = max([40, *(len(name) // 2 + 8 for name in names.values())])
    return {key: wrapped(name, letters) for key, name in names.items()}


def levels(dataset: Dataset, issue_id: str) -> dict[int, str]:
    """Names of an issue's levels by their numbers."""
    return {level.level: level.name for level in dataset.issues[issue_id].levels}


def axis(lines: Mapping[Any, Sequence[str]], upright: bool = False) -> dict[str, Any]:
    """What an axis needs so that its values, which are ids, get their names, in lines.

    Args:
        lines: The lines of each label, by the axis value.
        upright: True where the labels stand on the axis, False where they are beside it.
    """
    texts = json.dumps({str(key): list(value) for key, value in lines.items()})
    label = f"({texts})[datum.value]"
    # Vega puts the first line where one line would be: the label is moved up by the others.
    up, free = (LINE, _PADDING) if upright else (-LINE / 2, 0)
    moved = [
        {"test": f"length({label}) === {n}", "value": up * (n - 1) + free}
        for n in sorted({len(value) for value in lines.values()})
    ]
    place = {"condition": moved, "value": free}
    padding = place if upright else _PADDING
    offset = {} if upright else {"labelOffset": place}
    return {"labelExpr": label, "labelLineHeight": LINE, "labelPadding": padding, **offset}
