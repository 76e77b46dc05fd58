"""Stances of several coders that are about the same thing, and the units that measures compare.

To put stances together, their levels are never looked at.
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
"""Stances that are about the same thing, at most one of each coder, by coder."""
Parties = frozenset[Holder]
"""Who holds a stance, with their roles."""
Units = Mapping[str, Sequence[Unit[Any]]]
"""Units by document; those of a share have one value, whether it counts."""


def parties(stance: Stance) -> Parties:
    """Whose position a stance is: a joint text has one set, however many hold it."""
    return frozenset(stance.holders)


def together(stances: Iterable[Stance]) -> list[Together]:
    """Stances put together over coders: alike in document, issue and holders, then one to one.

    Where a coder has several such stances, on different days, those are put together first that
    rest on the same words of the text, then those with the least days between their dates, then
    those that stand nearest in the text, then in order of id. A stance without a counterpart
    stands alone.
    """
    alike: defaultdict[tuple[str, str, Parties], list[Stance]] = defaultdict(list)
    for stance in sorted(stances, key=lambda s: (s.document_id, s.issue_id, s.stance_id, _who(s))):
        alike[stance.document_id, stance.issue_id, parties(stance)].append(stance)
    return [found for group in alike.values() for found in _one_to_one(group)]


def _one_to_one(group: list[Stance]) -> list[Together]:
    """The nearest first; a stance that comes later joins where its coder is not there yet."""
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
    """Days from the end of the earlier date to the start of the later; 0 where they overlap."""
    first, second = a.stated_on, b.stated_on
    gap = max(first.earliest - second.latest, second.earliest - first.latest)
    return max(0, gap.days)


def characters_apart(a: Stance, b: Stance) -> int:
    """Characters between the nearest spans of two stances; 0 where they overlap.

    Spans of different texts, and stances without any, are as far apart as can be.
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
    """Codings to compare.

    Attributes:
        documents: Coders of each document.
        groups: Their stances, put together.
        issues: Ids of every issue of the codebook.
    """

    documents: Mapping[str, Sequence[str]]
    groups: Sequence[Together]
    issues: tuple[str, ...]

    def _held(self) -> Mapping[tuple[str, str, str], frozenset[Any]]:
        """Who holds anything, by document, issue and coder."""
        held: defaultdict[tuple[str, str, str], set[Any]] = defaultdict(set)
        for group in self.groups:
            for coder, s in group.items():
                held[s.document_id, s.issue_id, coder].update(s.holders)
        return {key: frozenset(found) for key, found in held.items()}

    def presence(self, issues: Sequence[str]) -> Units:
        """Whether a document carries a stance on an issue: a unit for each two of them."""
        held = self._held()
        return {
            document: [[(document, issue, who) in held for who in coders] for issue in issues]
            for document, coders in self.documents.items()
        }

    def holders(self, issues: Sequence[str]) -> Units:
        """Who holds a stance on an issue in a document, of the coders who say that it has one."""
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
        """The levels of stances put together; `ambiguous` has none."""
        return self._by_document(
            issues, lambda group: [[s.level for s in group.values() if s.level is not None]]
        )

    def ambiguous(self, issues: Sequence[str]) -> Units:
        """Whether stances put together are ambiguous."""
        return self._by_document(issues, lambda group: [[s.level is None for s in group.values()]])

    def stances(self, issues: Sequence[str]) -> Units:
        """For each stance and other coder of its document: whether that one has it too."""

        def found(group: Together) -> Iterator[Unit[bool]]:
            for coder, stance in group.items():
                others = [c for c in self.documents[stance.document_id] if c != coder]
                yield from ([other in group] for other in others)

        return self._by_document(issues, found)

    def dates(self, issues: Sequence[str]) -> Units:
        """For each two stances put together: whether their dates overlap."""
        return self._by_document(
            issues,
            lambda group: [
                [days_apart(a, b) == 0] for a, b in itertools.combinations(group.values(), 2)
            ],
        )
