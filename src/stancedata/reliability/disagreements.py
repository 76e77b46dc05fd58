"""List the disagreements between two coders and how each was adjudicated."""

from __future__ import annotations

import itertools
import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs

from stancedata.model import Stance
from stancedata.reliability.pairs import Together, days_apart, parties
from stancedata.text import level

Row = dict[str, Any]
Side = tuple[str, str | None, Sequence[Stance]]
"""One side of a disagreement: a coder, its value, and the stances with that value."""

MEASURED = ("presence", "stances", "holders", "level", "dates")
# The first and the last of the listed fields; all other fields come between them.
_FIRST = ("stated_on", "attribution", "act", "confidence")
_LAST = ("dated_by", "aspects", "conditions")
# Ids, measured fields, coders' own prose, and fields that are added after coding.
_NOT_LISTED = {
    "stance_id",
    "document_id",
    "issue_id",
    "level",
    "level_name",
    "holders",
    "summary",
    "note",
    "evidence",
    "exemptions",
    "coder",
    "published_id",
    "adjudication",
}
_OTHERS = (f.name for f in attrs.fields(Stance) if f.name not in {*_FIRST, *_LAST, *_NOT_LISTED})
_IN_WORDS: dict[str, Callable[[Stance], str | None]] = {
    "stated_on": lambda s: s.stated_on.text,
    "attributed_by": lambda s: _joined(sorted(s.attributed_by)),
    "aspects": lambda s: _joined(sorted(s.aspects)),
    # The prose of conditions always differs, so compare only their issues.
    "conditions": lambda s: _joined(sorted(c.issue_id or "no issue" for c in s.conditions)),
}
LISTED: dict[str, Callable[[Stance], str | None]] = {
    name.removesuffix("_id"): _IN_WORDS.get(name, operator.attrgetter(name))
    for name in (*_FIRST, *_OTHERS, *_LAST)
}
"""Fields of matched stances that are compared and listed, but not measured."""
FIELDS = (*MEASURED, *LISTED)


def disagreements(groups: Sequence[Together], documents: dict[str, list[str]]) -> list[Row]:
    """List the disagreements between every two coders of a document.

    Args:
        groups: The matched stances.
        documents: Coders of each document.

    Returns:
        Rows of `DISAGREEMENTS`, sorted; the extra key `issues` has the issues of each.
    """
    of_document: defaultdict[str, list[Together]] = defaultdict(list)
    for group in groups:
        of_document[next(iter(group.values())).document_id].append(group)
    rows = [
        row
        for document_id, coders in documents.items()
        for pair in itertools.combinations(sorted(coders), 2)
        for row in _between(document_id, pair, of_document[document_id])
    ]
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[Any, ...]:
    ids = (row["stances_1"] or "", row["stances_2"] or "")
    place = FIELDS.index(row["field"])
    return row["document_id"], row["issue_id"], place, row["coder_1"], row["coder_2"], *ids


def _between(document_id: str, pair: tuple[str, str], groups: list[Together]) -> Iterator[Row]:
    stances = [[group[coder] for group in groups if coder in group] for coder in pair]
    for issue_id in sorted({s.issue_id for some in stances for s in some}):
        on_issue = [[s for s in some if s.issue_id == issue_id] for some in stances]
        for row in _on_issue(pair, on_issue):
            yield _row(document_id, issue_id, *row)
    alone: list[list[Stance]] = [[], []]
    for group in groups:
        a, b = (group.get(coder) for coder in pair)
        if a and b:
            for field, value_a, value_b in _differences(a, b):
                side_a, side_b = (pair[0], value_a, [a]), (pair[1], value_b, [b])
                yield _row(document_id, a.issue_id, field, side_a, side_b)
        else:
            for place, stance in enumerate((a, b)):
                alone[place] += [stance] if stance else []
    for a, b in _matched(*alone):
        side_a = (pair[0], _holders_on(a), [a]) if a else (pair[0], None, [])
        side_b = (pair[1], _holders_on(b), [b]) if b else (pair[1], None, [])
        issue_id = next(s.issue_id for s in (a, b) if s)
        yield _row(document_id, issue_id, "stances", side_a, side_b)


def _on_issue(
    pair: tuple[str, str], stances: Sequence[Sequence[Stance]]
) -> Iterator[tuple[str, Side, Side]]:
    """Compare the stances of two coders on one issue: whether there are any, and who holds them."""
    if not all(stances):
        a, b = ((coder, "yes" if s else "no", s) for coder, s in zip(pair, stances, strict=True))
        yield "presence", a, b
        return
    sets = [frozenset(h for s in some for h in s.holders) for some in stances]
    if sets[0] != sets[1]:
        apart = sets[0] ^ sets[1]
        a, b = (
            (coder, _named(held), [s for s in some if parties(s) & apart])
            for coder, held, some in zip(pair, sets, stances, strict=True)
        )
        yield "holders", a, b


def _differences(a: Stance, b: Stance) -> Iterator[tuple[str, str | None, str | None]]:
    """List the fields in which two matched stances differ."""
    if (a.level, a.level_name) != (b.level, b.level_name):
        yield "level", level(a.level_name, a.level), level(b.level_name, b.level)
    apart = days_apart(a, b) > 0
    if apart:
        yield "dates", a.stated_on.text, b.stated_on.text
    for field, of in LISTED.items():
        if of(a) != of(b) and not (apart and field == "stated_on"):
            yield field, of(a), of(b)


def _matched(
    ours: list[Stance], theirs: list[Stance]
) -> Iterator[tuple[Stance | None, Stance | None]]:
    """Pair unmatched stances that were adjudicated to the same published one; others stay alone."""
    left = list(theirs)
    for stance in ours:
        found = next(
            (t for t in left if t.published_id and t.published_id == stance.published_id), None
        )
        if found:
            left.remove(found)
        yield stance, found
    for stance in left:
        yield None, stance


def _row(document_id: str, issue_id: str, field: str, one: Side, other: Side) -> Row:
    stances = [*one[2], *other[2]]
    return {
        "document_id": document_id,
        "issue_id": issue_id,
        "field": field,
        "measured": field in MEASURED,
        "coder_1": one[0],
        "value_1": one[1],
        "stances_1": _joined(s.stance_id for s in one[2]),
        "coder_2": other[0],
        "value_2": other[1],
        "stances_2": _joined(s.stance_id for s in other[2]),
        "published": _joined(sorted({s.published_id for s in stances if s.published_id})),
        "adjudication": _adjudication(one, other),
        "issues": {issue_id, *(s.issue_id for s in stances)},
    }


def _adjudication(*sides: Side) -> str | None:
    """Join the adjudications of the stances of both coders, each text once."""
    texts = {
        coder: " ".join(dict.fromkeys(s.adjudication for s in stances if s.adjudication))
        for coder, _, stances in sides
    }
    if len(set(texts.values())) == 1:
        return next(iter(texts.values())) or None
    return " ".join(f"{coder}: {text}" for coder, text in texts.items() if text) or None


def _joined(words: Iterable[str]) -> str | None:
    return ", ".join(words) or None


def _holders_on(stance: Stance) -> str:
    return f"{stance.issue_id}: {_named(parties(stance))}"


def _named(held: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, held)))
