"""Show the blind codings of a document and the published one side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from stancedata import text as rendering
from stancedata.editorial.codings import PUBLISHED, Side, matched, read_sides
from stancedata.model import Evidence, Stance
from stancedata.model.corpus import Corpus
from stancedata.problems import counted
from stancedata.reliability.disagreements import LISTED
from stancedata.reliability.pairs import Together, parties
from stancedata.tables.columns import read_table

if TYPE_CHECKING:
    import pyarrow as pa

COMPARED: dict[str, Callable[[Stance], str | None]] = {
    "issue": lambda s: s.issue_id,
    "holders": lambda s: ", ".join(sorted(map(str, parties(s)))),
    "level": lambda s: rendering.level(s.level_name, s.level),
    **LISTED,
}
"""The fields that are compared, each with its value in words."""
OWN_WORDS: dict[str, Callable[[Stance], str | None]] = {
    "condition": lambda s: "; ".join(c.condition for c in s.conditions) or None,
    "summary": lambda s: s.summary,
    "note": lambda s: s.note,
    "adjudication": lambda s: s.adjudication,
}
"""The fields in a coder's own words, which are shown and not compared."""
ROWS = read_table(
    "comparison",
    "group field coder",
    "The codings of a document side by side, one value of one coder per row.",
    """
group int32: Number of the group of matched stances, in the order of the text.
field string: What is compared; `stance` is the id, null where the coder has no such stance.
differs bool: Whether the coders differ in it; what they wrote in their own words never does.
coder string: The coder, or published.
value string?: The value.
""",
    derived=True,
)
STANCE = "stance"


@attrs.frozen
class Row:
    """The values of one field of matched stances, by coder; `published` is one of them."""

    field: str
    differs: bool
    values: Mapping[str, str | None]


@attrs.frozen
class Comparison:
    """The codings of a document side by side.

    Attributes:
        title: Title and id of the document.
        sides: The codings, and at the end what is published.
        groups: The rows of each group of matched stances, in the order of the text.
    """

    title: str
    sides: tuple[Side, ...]
    groups: tuple[tuple[Row, ...], ...]

    def table(self) -> pa.Table:
        """Return the comparison as a table, with a row for each value of each coder."""
        import pyarrow as pa

        rows = [
            {"group": n, "field": r.field, "differs": r.differs, "coder": coder, "value": value}
            for n, group in enumerate(self.groups, 1)
            for r in group
            for coder, value in r.values.items()
        ]
        return pa.Table.from_pylist(rows, schema=ROWS.schema)

    def __str__(self) -> str:
        lines = [rendering.heading(self.title), *self._codings()]
        for number, group in enumerate(self.groups, 1):
            lines += ["", f"{number}", *self._shown(group)]
        differ = sum(any(row.differs for row in group) for group in self.groups)
        alike = len(self.groups) - differ
        return "\n".join([*lines, "", f"{alike} alike, {differ} differ (≠)"])

    def _codings(self) -> Iterator[str]:
        width = max(len(side.coder) for side in self.sides)
        for side in self.sides:
            blind = side.coder != PUBLISHED
            none = "found nothing" if blind else "no stances yet"
            found = counted(len(side.stances), "stance") if side.stances else none
            how = side.top.get("read")
            yield f"{side.coder.ljust(width)}  {found}{f', read: {how}' if how else ''}"

    def _shown(self, group: Sequence[Row]) -> list[str]:
        # A coder that found nothing would only take the room of the others.
        coders = [side.coder for side in self.sides if side.stances]
        rows = [
            [f"{'≠' if row.differs else ' '} {row.field}", *(row.values[c] or "-" for c in coders)]
            for row in group
        ]
        return rendering.beside(["", *coders], rows)


def compare(
    data: Path, document_id: str, corpus: Path | None = None, coders: Collection[str] = ()
) -> Comparison:
    """Compare the blind codings of a document with each other and with what is published.

    Args:
        data: The data folder.
        document_id: ID of the document.
        corpus: Folder with its text; without one, spans are shown and not their words.
        coders: The coders to compare; by default all.

    Raises:
        InvalidDataError: If a stance of the document is invalid.
        StancedataError: If there is no such document, or a coder did not code it.
    """
    blind, published = read_sides(data, document_id, coders)
    sides = (*blind, published)
    text = None if corpus is None else Corpus(corpus).get(_digest(published))
    groups = tuple(tuple(_rows(g, sides, text)) for g in matched(blind, published))
    return Comparison(f"{published.top.get('title', '')} [{document_id}]", sides, groups)


def _digest(published: Side) -> str:
    text = published.top.get("text")
    return str(text.get("sha256", "")) if isinstance(text, dict) else ""


def _rows(group: Together, sides: Sequence[Side], text: str | None) -> Iterator[Row]:
    """Yield the rows of a group; those on which nobody says anything are left out."""
    ids = {s.coder: _id(group.get(s.coder)) for s in sides if s.stances or s.coder != PUBLISHED}
    yield Row(STANCE, None in ids.values(), {s.coder: ids.get(s.coder) for s in sides})
    fields: list[tuple[str, Callable[[Stance], str | None], bool]] = [
        *((name, of, True) for name, of in COMPARED.items()),
        *((name, of, False) for name, of in OWN_WORDS.items()),
        ("evidence", lambda s: "; ".join(_words(e, text) for e in s.evidence), False),
    ]
    for name, of, is_compared in fields:
        given = {coder: of(stance) for coder, stance in group.items()}
        if any(given.values()):
            differs = is_compared and len(set(given.values())) > 1
            yield Row(name, differs, {s.coder: given.get(s.coder) for s in sides})


def _id(stance: Stance | None) -> str | None:
    return stance.stance_id.rpartition("#")[2] if stance else None


def _words(evidence: Evidence, text: str | None) -> str:
    start, end = evidence.span_start, evidence.span_end
    if start is None or end is None:
        return str(evidence.locator)
    words: Any = "" if text is None else f" {' '.join(text[start:end].split())}"
    return f"[{start}, {end}]{words}"
