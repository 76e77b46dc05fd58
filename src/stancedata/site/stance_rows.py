"""Rows of stances in the data of a site's script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from stancedata.model import Condition, Evidence, Stance
from stancedata.model.stances import other_fields
from stancedata.site.addresses import anchor, file_name, local_id

if TYPE_CHECKING:
    from stancedata.site.contents import Contents
    from stancedata.site.quotes import Quotes

Key = TypeVar("Key")


def places(records: Iterable[Key]) -> Mapping[Key, int]:
    """Return the place of each record in its list."""
    return {key: place for place, key in enumerate(records)}


def unless(name: str, record_id: str) -> str | int:
    """Return a file name, or 0 if it is the id."""
    return 0 if name == record_id else name


class Records:
    """Rows of stances, which refer to other records by their place in a list.

    `stance()` in `site.js` reads them, in the same order.

    Args:
        contents: The contents of the site.
        quotes: The words that may be shown.
    """

    def __init__(self, contents: Contents, quotes: Quotes) -> None:
        self._contents = contents
        self._quotes = quotes
        self._words: dict[str, int] = {}
        self.actor = places(contents.actors)
        self.issue = places(contents.issues)
        self.event = places(contents.events)
        self.document = places(contents.documents)

    @property
    def words(self) -> list[str]:
        """The words to which rows refer, of vocabularies and scales."""
        return list(self._words)

    def word(self, text: str | None) -> int:
        """Return the place of a word."""
        return self._words.setdefault(text or "", len(self._words))

    def row(self, stance: Stance) -> list[Any]:
        """Return the row of a stance."""
        local = local_id(stance.stance_id, stance.document_id)
        return [
            self.document[stance.document_id],
            local,
            unless(anchor(stance.stance_id, stance.document_id), local),
            self.issue[stance.issue_id],
            stance.level,
            self.word(stance.level_name),
            self.word(stance.act),
            self.word(stance.attribution),
            self.word(stance.confidence),
            self._holders(stance),
            self.actor.get(stance.speaker_id or "", -1),
            self.event.get(stance.event_id or "", -1),
            _days(stance),
            stance.summary,
            [self._evidence(stance, evidence) for evidence in stance.evidence],
            *filter(None, [self._more(stance)]),
        ]

    def _holders(self, stance: Stance) -> list[int]:
        """List the holders; those that dissociate themselves are below zero."""
        return [
            place if holder.role == "party" else -place - 1
            for holder in stance.holders
            if (place := self.actor.get(holder.actor_id)) is not None
        ]

    def _evidence(self, stance: Stance, evidence: Evidence) -> Any:
        """Return a locator, or a span with the words that may be shown and their language."""
        if evidence.span_start is None:
            return evidence.locator or ""
        found: list[Any] = [evidence.span_start, evidence.span_end]
        words = self._quotes.of(evidence)
        if words:
            found += [words, self._quotes.language(evidence) or 0]
        if evidence.document_id != stance.document_id:
            blank = [0] * (4 - len(found))
            found += [*blank, self.document.get(evidence.document_id, -1)]
        return found

    def _more(self, s: Stance) -> dict[str, Any]:
        """Return what only some stances have."""
        dated = self.document.get(s.dated_by or "", s.dated_by)
        found = {
            "quantifier": s.quantifier,
            "ascribed": [self.actor[i] for i in s.attributed_by if i in self.actor],
            "towards": None if s.target_id is None else self.actor.get(s.target_id),
            "dated": dated,
            "aspects": [self.word(aspect) for aspect in s.aspects],
            "conditions": [self._condition(condition) for condition in s.conditions],
            "other": [list(pair) for pair in other_fields(s)],
        }
        return {key: value for key, value in found.items() if value not in (None, [])}

    def _condition(self, c: Condition) -> list[Any]:
        return [
            c.condition,
            self.issue.get(c.issue_id or "", -1),
            c.status or "",
            str(c.status_on or ""),
            self.document.get(c.status_document_id or "", -1),
        ]


def _days(stance: Stance) -> list[str]:
    """List the date of a stance as stated, then its first and last day where they differ from it."""
    stated = stance.stated_on
    first, last = stated.earliest.isoformat(), stated.latest.isoformat()
    if stated.text == first == last:
        return [first]
    return [stated.text, first, last] if first != last else [stated.text, first]


def page_name(record_id: str) -> str | int:
    """Return the name of a record's page, or 0 if it is its id."""
    return unless(file_name(record_id), record_id)
