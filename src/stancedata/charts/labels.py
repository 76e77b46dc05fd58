"""Labels: names of holders and issues, their width and their line breaks."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

    from stancedata.dataset import Dataset

SIZE = 11  # font size in pixels
LINE = 13  # pixels from one line to the next
_PADDING = 8  # pixels between a label and its axis


def width(text: str, size: int = SIZE) -> float:
    """Estimate the width of a text in pixels, generously: the reader's font is unknown."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return size * (0.6 * (len(text) - wide) + 1.05 * wide)


def wrapped(text: str, letters: int, at_hyphens: bool = True) -> list[str]:
    """Wrap a text to lines of about this many letters, without cutting anything off."""
    # East Asian letters are twice as wide.
    wide = width(text) > 0.8 * SIZE * len(text)
    most = max(1, letters // 2 if wide else letters)
    return textwrap.wrap(text, most, break_on_hyphens=at_hyphens) or [text]


def holders(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Map the holders of positions to unique names, sorted by name."""
    names = {row["actor_id"]: row["actor_name"] for row in rows}
    counts = Counter(names.values())
    full = {i: f"{name} ({i})" if counts[name] > 1 else name for i, name in names.items()}
    return dict(sorted(full.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def issues(dataset: Dataset, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Map the issues of positions to their names, in the order of the codebook."""
    found = {row["issue_id"] for row in rows}
    listed = sorted(dataset.tables["issues"].to_pylist(), key=lambda row: row["position"])
    return {row["issue_id"]: row["name"] for row in listed if row["issue_id"] in found}


def beside(names: Mapping[str, str]) -> dict[str, list[str]]:
    """Wrap names for the side of a chart: most to one line, the longest to two."""
    letters = max([40, *(len(name) // 2 + 8 for name in names.values())])
    return {key: wrapped(name, letters) for key, name in names.items()}


def levels(dataset: Dataset, issue_id: str) -> dict[int, str]:
    """Map the levels of an issue to their names."""
    return {level.level: level.name for level in dataset.issues[issue_id].levels}


def _as_in_vega(value: str | float) -> str:
    """Return a value of an axis as Vega writes it: 14.0 as `14`."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def axis(lines: Mapping[Any, Sequence[str]], upright: bool = False) -> dict[str, Any]:
    """Return the axis options that show wrapped names in place of ids.

    Args:
        lines: The lines of each label, by axis value.
        upright: True if the labels are above the axis, False if they are beside it.
    """
    texts = json.dumps({_as_in_vega(key): list(value) for key, value in lines.items()})
    label = f"({texts})[datum.value]"
    # Vega places the first line of a label as if it were the only one, so shift it.
    up, free = (LINE, _PADDING) if upright else (-LINE / 2, 0)
    moved = [
        {"test": f"length({label}) === {n}", "value": up * (n - 1) + free}
        for n in sorted({len(value) for value in lines.values()})
    ]
    place = {"condition": moved, "value": free}
    padding = place if upright else _PADDING
    offset = {} if upright else {"labelOffset": place}
    return {"labelExpr": label, "labelLineHeight": LINE, "labelPadding": padding, **offset}


def of_rows(middles: Mapping[Any, Sequence[str]]) -> alt.Axis:
    """Return the axis of rows that are not evenly spaced: only names, each at its row's middle.

    Args:
        middles: The lines of each name, by the middle of its row.
    """
    import altair as alt

    return alt.Axis(
        values=list(middles),
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        labelOverlap=False,
        **axis(middles),
    )
