"""What is compared: for each measure, its units by document."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from stancedata.reliability.alpha import Unit
from stancedata.reliability.pairs import Together, days_apart

Units = Mapping[str, Sequence[Unit[Any]]]
"""Units by document; those of a share have one value, whether it counts."""


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
