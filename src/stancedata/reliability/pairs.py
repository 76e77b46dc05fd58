"""Match the stances of several coders and build the units that the measures compare.

Matching never uses the levels, since that would inflate their agreement.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from stancedata.model import Holder, Stance
from stancedata.reliability.alpha import Unit

Together = dict[str, Stance]
"""A group of matched stances by coder, at most one of each."""
Parties = frozenset[Holder]
"""The holders of a stance, with their roles."""
Units = Mapping[str, Sequence[Unit[Any]]]
"""Units by document; the units of a share have one value, true or false."""


def parties(stance: Stance) -> Parties:
    """Give the set of holders; a joint text is one unit, however many hold it."""
    return frozenset(stance.holders)


def together(stances: Iterable[Stance]) -> list[Together]:
    """Match the stances of different coders one to one, by document, issue and holders.

    If a coder has several such stances, those with overlapping spans are matched first, then those
    with the fewest days between their dates, then those with the nearest spans, then in order of
    id. A stance without a counterpart forms a group of its own.
    """
    alike: defaultdict[tuple[str, str, Parties], list[Stance]] = defaultdict(list)
    for stance in sorted(stances, key=lambda s: (s.document_id, s.issue_id, s.stance_id, _who(s))):
        alike[stance.document_id, stance.issue_id, parties(stance)].append(stance)
    return [found for group in alike.values() for found in _one_to_one(group)]


def _one_to_one(group: list[Stance]) -> list[Together]:
    """Merge the nearest pairs first, unless both groups have a stance of the same coder."""
    place = {_key(stance): {_who(stance): stance} for stance in group}
    order: defaultdict[str, int] = defaultdict(int)
    rank: dict[tuple[str, str], int] = {}
    for stance in group:
        rank[_key(stance)] = order[_who(stance)]
        order[_who(stance)] += 1
    pairs = [(a, b) for a, b in itertools.combinations(group, 2) if _who(a) != _who(b)]
    for a, b in sorted(pairs, key=lambda pair: _cost(*pair, *(rank[_key(s)] for s in pair))):
        one, other = place[_key(a)], place[_key(b)]
        if one.keys().isdisjoint(other):
            one.update(other)
            for stance in one.values():
                place[_key(stance)] = one
    distinct = {id(found): found for found in place.values()}
    return list(distinct.values())


def _cost(a: Stance, b: Stance, rank_a: int, rank_b: int) -> tuple[int, ...]:
    apart = characters_apart(a, b)
    return (apart > 0, days_apart(a, b), apart, abs(rank_a - rank_b), rank_a + rank_b)


def days_apart(a: Stance, b: Stance) -> int:
    """Count the days from the end of the earlier date to the start of the later, 0 on overlap."""
    first, second = a.stated_on, b.stated_on
    gap = max(first.earliest - second.latest, second.earliest - first.latest)
    return max(0, gap.days)


def characters_apart(a: Stance, b: Stance) -> int:
    """Count the characters between the nearest spans of two stances; 0 if they overlap.

    If the spans are in different texts, or a stance has none, the result is 2**31.
    """
    gaps = [
        max(0, max(start_a, start_b) - min(end_a, end_b) + 1)
        for text_a, start_a, end_a in _spans(a)
        for text_b, start_b, end_b in _spans(b)
        if text_a == text_b
    ]
    return min(gaps, default=2**31)


def _spans(stance: Stance) -> Sequence[tuple[str, int, int]]:
    return [
        (e.document_id, e.span_start, e.span_end)
        for e in stance.evidence
        if e.span_start is not None and e.span_end is not None
    ]


def _who(stance: Stance) -> str:
    return stance.coder or ""


def _key(stance: Stance) -> tuple[str, str]:
    return _who(stance), stance.stance_id


@attrs.frozen
class Coded:
    """The codings to compare.

    Attributes:
        documents: Coders of each document.
        groups: Their matched stances.
        issues: Ids of every issue of the codebook.
    """

    documents: Mapping[str, Sequence[str]]
    groups: Sequence[Together]
    issues: tuple[str, ...]

    def _held(self) -> Mapping[tuple[str, str, str], frozenset[Any]]:
        """Collect the holders by document, issue and coder."""
        held: defaultdict[tuple[str, str, str], set[Any]] = defaultdict(set)
        for group in self.groups:
            for coder, s in group.items():
                held[s.document_id, s.issue_id, coder].update(s.holders)
        return {key: frozenset(found) for key, found in held.items()}

    def presence(self, issues: Sequence[str]) -> Units:
        """Make units of whether a document has a stance on an issue, one per document and issue."""
        held = self._held()
        return {
            document: [[(document, issue, who) in held for who in coders] for issue in issues]
            for document, coders in self.documents.items()
        }

    def holders(self, issues: Sequence[str]) -> Units:
        """Make units of the holders per document and issue, from coders with a stance there."""
        held = self._held()
        return {
            document: [
                [held[document, issue, who] for who in coders if (document, issue, who) in held]
                for issue in issues
            ]
            for document, coders in self.documents.items()
        }

    def _by_document(
        self, issues: Sequence[str], of: Callable[[Together], Iterable[Unit[Any]]]
    ) -> Units:
        found: dict[str, list[Unit[Any]]] = {document: [] for document in self.documents}
        for group in self.groups:
            stance = next(iter(group.values()))
            if stance.issue_id in issues:
                found[stance.document_id] += of(group)
        return found

    def levels(self, issues: Sequence[str]) -> Units:
        """Make units of the levels of matched stances; `ambiguous` has no level."""
        return self._by_document(
            issues, lambda group: [[s.level for s in group.values() if s.level is not None]]
        )

    def ambiguous(self, issues: Sequence[str]) -> Units:
        """Make units of whether matched stances are ambiguous."""
        return self._by_document(issues, lambda group: [[s.level is None for s in group.values()]])

    def stances(self, issues: Sequence[str]) -> Units:
        """Make units of whether each other coder of the document matches a stance."""

        def found(group: Together) -> Iterator[Unit[bool]]:
            for coder, stance in group.items():
                others = [c for c in self.documents[stance.document_id] if c != coder]
                yield from ([other in group] for other in others)

        return self._by_document(issues, found)

    def dates(self, issues: Sequence[str]) -> Units:
        """Make units of whether the dates of two matched stances overlap."""
        return self._by_document(
            issues,
            lambda group: [
                [days_apart(a, b) == 0] for a, b in itertools.combinations(group.values(), 2)
            ],
        )
