"""Inject faults: the registry of injectors, and the hand that picks records for them.

An injector takes a valid content, picks a record without another fault and breaks a rule in
one way. It is registered under the rule that must report it, with others that may do so too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import attrs

from stancedata import model
from tests.support.choices import Choices
from tests.support.soundness import natural_keys, replaced

Record = model.Actor | model.Event | model.Document | model.Stance | model.Coverage
R = TypeVar("R", model.Actor, model.Event, model.Document, model.Stance, model.Coverage)
Spot = tuple[str, str, str]
"""Where a rule must report a problem: kind of record, its id, field."""
Changed = tuple[dict[str, Any], list[str]] | None
"""New values for a record, and the fields where its rule must report them; None if impossible."""
UNSEEN = "nobody-such"
# Implied if a reference is removed: an actor used only there becomes unused.
UNNAMED = "unused_actor"
# Warnings about pairs of records, which a change of either may bring about.
OF_PAIRS = ("twins", "event_undated_day", "same_document")


@attrs.frozen
class Spoilt:
    """A content with a fault, and every place where its rule must report it."""

    content: model.Content
    spots: frozenset[Spot]


class Hand:
    """Picks records for faults: each at most once, and never one with a silence.

    Records that a fault depends on are taken too, so that no other fault can undo it.
    """

    def __init__(self, one: Choices, taken: set[tuple[str, str]] | None = None) -> None:
        self.one = one
        self.taken = set() if taken is None else taken

    def free(self, records: Iterable[R]) -> list[R]:
        """List the records that may get a fault, in random order."""
        return self.one.shuffled(
            r for r in records if not getattr(r, "exemptions", ()) and ident(r) not in self.taken
        )

    def take(self, *records: Record) -> None:
        """Exclude records from later faults."""
        self.taken |= {ident(r) for r in records}

    def someone(self, content: model.Content, but: Iterable[str | None] = ()) -> str | None:
        """Choose an actor's id that no fault needs unchanged, or None."""
        others = set(but)
        found = [a for a in self.free(content.actors) if a.actor_id not in others]
        return found[0].actor_id if found else None


Inject = Callable[[model.Content, Hand], Spoilt | None]
Change = Callable[[model.Content, Hand, Any], Changed]


@attrs.frozen
class Injector:
    """One way to break a rule.

    Attributes:
        implies: Other rules that may report a problem.
        codebook: Whether it changes the codebook, which datasets side by side share.
    """

    rule: str
    inject: Inject
    implies: frozenset[str]
    codebook: bool = False


INJECTORS: defaultdict[str, list[Injector]] = defaultdict(list)


def injector(rule: str, *implies: str, codebook: bool = False) -> Callable[[Inject], Inject]:
    """Register a way to break a rule."""

    def register(inject: Inject) -> Inject:
        others = frozenset((*implies, *OF_PAIRS)) - {rule}
        INJECTORS[rule].append(Injector(rule, inject, others, codebook))
        return inject

    return register


def spoils(rule: str, part: str, *implies: str) -> Callable[[Change], Inject]:
    """Register a way to break a rule by changing one record of a part of the content.

    The part `coded` means published and blind stances. Changes that repeat a stance are skipped.
    """
    names = ("stances", "blind_stances") if part == "coded" else (part,)

    def register(change: Change) -> Inject:
        def inject(content: model.Content, hand: Hand) -> Spoilt | None:
            for record in hand.free(r for name in names for r in getattr(content, name)):
                changed = change(content, hand, record)
                new = changed and attrs.evolve(record, **changed[0])
                if changed and new and not repeats(content, record, new):
                    hand.take(record)
                    spots = frozenset((*ident(record), field) for field in changed[1])
                    return Spoilt(replaced(content, record, new), spots)
            return None

        return injector(rule, *implies)(inject)

    return register


def repeats(content: model.Content, old: object, new: object) -> bool:
    """Whether a changed stance has the natural key of another one."""
    if not isinstance(new, model.Stance):
        return False
    others = (s for s in (*content.stances, *content.blind_stances) if s is not old)
    return any(natural_keys(new) & natural_keys(other) for other in others)


def ident(record: Record) -> tuple[str, str]:
    """Give kind and id, as offenders have them."""
    match record:
        case model.Actor():
            return "actor", record.actor_id
        case model.Event():
            return "event", record.event_id
        case model.Coverage():
            return "coverage", record.coverage_id
        case model.Document():
            return "document", record.document_id
        case _ if record.coder:
            return "blind", f"{record.coder}/{record.stance_id}"
    return "stance", record.stance_id


def added(content: model.Content, part: str, record: Record) -> model.Content:
    """Add a record to a content."""
    more: dict[str, Any] = {part: (*getattr(content, part), record)}
    return attrs.evolve(content, **more)


def inject(rule: str, content: model.Content, hand: Hand) -> tuple[Injector, Spoilt] | None:
    """Break a rule in one of its ways; None if this content does not allow it."""
    for way in hand.one.shuffled(w for w in INJECTORS[rule] if not w.codebook):
        spoilt = way.inject(content, hand)
        if spoilt is not None:
            return way, spoilt
    return None
