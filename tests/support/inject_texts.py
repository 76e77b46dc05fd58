"""Inject duplicate items, invisible characters, and faults in the codebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from stancedata import model
from stancedata.model import Content
from tests.support.inject_records import PARTS
from tests.support.injection import Changed, Hand, Spoilt, added, ident, injector, spoils
from tests.support.soundness import replaced

BOOK = ("codebook", "codebook")
# Bidirectional, zero-width, soft hyphen, controls, line separator, tag, not in NFC.
UNSEEN = (
    "\u202e",
    "\u200b",
    "\u200d",
    "\u034f",
    "\u3164",
    "\ufe0f",
    "\ufffd",
    "\ue000",
    "\u00ad",
    "\x01",
    "\x7f",
    "\u2028",
    "\ufeff",
    "\U000e0041",
    "e\u0301",
)


@injector("duplicate")
def record_again(content: Content, hand: Hand) -> Spoilt | None:
    """A whole record, with its child rows, occurs twice."""
    part = hand.one.pick(PARTS)
    for record in hand.free(getattr(content, part)):
        hand.take(record)
        several = ("names", "codes", "holders", "aspects", "attributed_by", "authors", "silent")
        lists = [n for n in several if getattr(record, n, ())]
        items = [f"{name}[{n}]" for name in lists for n in range(len(getattr(record, name)))]
        fields = ["", *items, *_items(record)]
        spots = frozenset((*ident(record), field) for field in fields)
        return Spoilt(added(content, part, record), spots)
    return None


def _items(record: Any) -> list[str]:
    """List the places of items that are compared as wholes: evidence, conditions, participants."""
    listed = [("conditions", ".condition"), ("participants", "")]
    pieces = enumerate(getattr(record, "evidence", ()))
    return [
        *(f"evidence[{n}].{'locator' if e.span_start is None else 'span'}" for n, e in pieces),
        *(
            f"{name}[{n}]{key}"
            for name, key in listed
            for n in range(len(getattr(record, name, ())))
        ),
    ]


@spoils("duplicate", "actors")
def name_or_code_again(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A name or a code is listed twice."""
    field = hand.one.pick([n for n in ("names", "codes") if getattr(actor, n)] or [""])
    if not field:
        return None
    listed = getattr(actor, field)
    again = hand.one.pick(listed)
    if field == "names":
        again = attrs.evolve(again, language="fr")
    return {field: (*listed, again)}, [f"{field}[{len(listed)}]"]


@spoils("duplicate", "coded")
def listed_again(_: Content, hand: Hand, stance: model.Stance) -> Changed:
    """A holder, an aspect or a span is listed twice."""
    spans = [e for e in stance.evidence if e.span_start is not None]
    ways: list[Changed] = [
        ({"holders": (*stance.holders, attrs.evolve(hand.one.pick(stance.holders), role="dissociates"))}, [f"holders[{len(stance.holders)}]"])
    ]  # fmt: skip
    if stance.aspects:
        place = f"aspects[{len(stance.aspects)}]"
        ways.append(({"aspects": (*stance.aspects, hand.one.pick(stance.aspects))}, [place]))
    cited = [e for e in stance.evidence if e.span_start is None]
    if cited:
        place = f"evidence[{len(stance.evidence)}].locator"
        ways.append(({"evidence": (*stance.evidence, hand.one.pick(cited))}, [place]))
    if stance.conditions:
        place = f"conditions[{len(stance.conditions)}].condition"
        ways.append(({"conditions": (*stance.conditions, stance.conditions[0])}, [place]))
    if spans:
        place = f"evidence[{len(stance.evidence)}].span"
        ways.append(({"evidence": (*stance.evidence, hand.one.pick(spans))}, [place]))
    return hand.one.pick(ways)


@spoils("duplicate", "events")
def takes_part_again(_: Content, hand: Hand, event: model.Event) -> Changed:
    """An actor is listed twice in one part by one document."""
    if not event.participants or event.kind == "vote":
        return None
    again = attrs.evolve(hand.one.pick(event.participants), note="again")
    return {"participants": (*event.participants, again)}, [
        f"participants[{len(event.participants)}]"
    ]


@injector("duplicate")
def waived_again(content: Content, hand: Hand) -> Spoilt | None:
    """A rule is waived twice on one record."""
    return _waived(content, hand, lambda one: (one, attrs.evolve(one, reason="again")), "")


@injector("text_form")
def waived_unseen(content: Content, hand: Hand) -> Spoilt | None:
    """The reason of a silence contains an invisible character."""
    text = f"b{hand.one.pick(UNSEEN)}c"
    return _waived(content, hand, lambda one: (attrs.evolve(one, reason=text),), ".reason")


def _waived(
    content: Content,
    hand: Hand,
    change: Callable[[model.Exemption], tuple[model.Exemption, ...]],
    field: str,
) -> Spoilt | None:
    """Replace the silence of a record by one or several others."""
    records: Any = [r for name in PARTS for r in getattr(content, name) if r.exemptions]
    records = [r for r in records if ident(r) not in hand.taken]
    if not records:
        return None
    record = hand.one.pick(records)
    hand.take(record)
    spoilt = replaced(
        content, record, attrs.evolve(record, exemptions=change(record.exemptions[0]))
    )
    place = f"exemptions.{record.exemptions[0].rule}{field}"
    return Spoilt(spoilt, frozenset({(*ident(record), place)}))


@injector("text_form")
def something_unseen(content: Content, hand: Hand) -> Spoilt | None:
    """A text of a record or of its children has an invisible character or is not in NFC."""
    records: Any = [r for name in PARTS for r in getattr(content, name)]
    for record in hand.free(records):
        text = f"b{hand.one.pick(UNSEEN)}c"
        changed, fields = hand.one.pick(_texts(record, text))
        hand.take(record)
        spoilt = replaced(content, record, attrs.evolve(record, **changed))
        return Spoilt(spoilt, frozenset((*ident(record), field) for field in fields))
    return None


def _texts(record: Any, text: str) -> list[tuple[dict[str, Any], list[str]]]:
    """List ways to put a text into a record: new values, and the paths of the fields."""
    match record:
        case model.Actor():
            name = model.Name(text + record.actor_id, "alias", "en")
            ways = [
                ("description", text, "description"),
                ("names", (*record.names, name), f"names[{len(record.names)}].name"),
            ]
        case model.Event():
            ways = [("place", text, "place")]
            ways += [
                ("participants", _first(record.participants, note=text), "participants[0].note")
            ]
        case model.Document():
            ways = [
                ("title", text, "title"),
                ("note", text, "note"),
                ("language", text, "language"),
            ]
        case _:
            ways = [("summary", text, "summary"), ("note", text, "note")]
            ways += [
                ("conditions", _first(record.conditions, condition=text), "conditions[0].condition")
            ]
            ways += [("adjudication", text, "adjudication")] if record.coder else []
    return [({field: value}, [told]) for field, value, told in ways if value]


def _first(items: tuple[Any, ...], **changed: str) -> tuple[Any, ...]:
    return (*(attrs.evolve(item, **changed) for item in items[:1]), *items[1:])


def _book(content: Content, **changed: Any) -> Content:
    return attrs.evolve(content, codebook=attrs.evolve(content.codebook, **changed))


def _issue(content: Content, hand: Hand, **ways: Any) -> Content:
    """Change one issue of the codebook."""
    issue = hand.one.pick(content.codebook.issues)
    new = attrs.evolve(issue, **{field: way(issue) for field, way in ways.items()})
    return _with(content, issue, new)


def _with(content: Content, old: model.Issue, new: model.Issue) -> Content:
    """Replace an issue of the codebook."""
    issues = tuple(new if i is old else i for i in content.codebook.issues)
    return _book(content, issues=issues)


@injector("duplicate", codebook=True)
def book_lists_again(content: Content, hand: Hand) -> Spoilt | None:
    """The codebook lists an issue, a level, an aspect or a word twice."""
    book, way = content.codebook, hand.one.below(4)
    issue = hand.one.pick(book.issues)
    within = f"issues.{issue.issue_id}"
    if way == 0:
        content = _book(content, issues=(*book.issues, issue))
        places = [f"issues[{len(book.issues)}].id"]
        places += [f"{within}.levels[{n}]" for n in range(len(issue.levels))]
        places += [f"{within}.aspects[{n}]" for n in range(len(issue.aspects))]
    elif way == 1:
        again = attrs.evolve(issue, levels=(*issue.levels, hand.one.pick(issue.levels)))
        content, places = _with(content, issue, again), [f"{within}.levels[{len(issue.levels)}]"]
    elif way == 2:
        twice = (model.Aspect("twice", "once"), model.Aspect("twice", "again"))
        again = attrs.evolve(issue, aspects=(*issue.aspects, *twice))
        places = [f"{within}.aspects[{len(issue.aspects) + 1}]"]
        content = _with(content, issue, again)
    else:
        terms = (*book.vocabulary, hand.one.pick(book.vocabulary))
        content, places = _book(content, vocabulary=terms), [f"vocabulary[{len(book.vocabulary)}]"]
    return Spoilt(content, frozenset((*BOOK, place) for place in places))


@injector("text_form", codebook=True)
def book_holds_something_unseen(content: Content, hand: Hand) -> Spoilt | None:
    """A text of the codebook has an invisible character."""
    text = f"b{hand.one.pick(UNSEEN)}c"
    spoilt = _issue(content, hand, proposition=lambda _: text)
    number = next(n for n, i in enumerate(spoilt.codebook.issues) if i.proposition == text)
    return Spoilt(spoilt, frozenset({(*BOOK, f"issues[{number}].proposition")}))


@injector("level", codebook=True)
def book_counts_otherwise(content: Content, hand: Hand) -> Spoilt | None:
    """A level has another number in the codebook than in the stances."""
    counted = [s for s in (*content.stances, *content.blind_stances) if s.level is not None]
    if not counted:
        return None
    stance = hand.one.pick(counted)
    issues = tuple(
        attrs.evolve(i, levels=tuple(
            attrs.evolve(v, level=9) if v.name == stance.level_name else v for v in i.levels
        )) if i.issue_id == stance.issue_id else i
        for i in content.codebook.issues
    )  # fmt: skip
    key = (stance.issue_id, stance.level_name)
    same = [s for s in counted if (s.issue_id, s.level_name) == key]
    return Spoilt(_book(content, issues=issues), frozenset((*ident(s), "level") for s in same))


@injector("aspect", codebook=True)
def book_lacks_an_aspect(content: Content, hand: Hand) -> Spoilt | None:
    """The aspects of an issue are removed."""
    coded = [s for s in (*content.stances, *content.blind_stances) if s.aspects]
    if not coded:
        return None
    lost = hand.one.pick(coded).issue_id
    issues = tuple(
        attrs.evolve(i, aspects=()) if i.issue_id == lost else i for i in content.codebook.issues
    )
    spots = {
        (*ident(s), f"aspects[{n}]") for s in coded if s.issue_id == lost for n in range(len(s.aspects))
    }  # fmt: skip
    return Spoilt(_book(content, issues=issues), frozenset(spots))


@injector("vocabulary", codebook=True)
def book_lacks_a_word(content: Content, hand: Hand) -> Spoilt | None:
    """A word that stances use is removed from the codebook."""
    coded = (*content.stances, *content.blind_stances)
    if not coded:
        return None
    field = hand.one.pick(["act", "confidence"])
    word = getattr(hand.one.pick(coded), field)
    left = tuple(t for t in content.codebook.vocabulary if (t.field, t.value) != (field, word))
    spots = frozenset((*ident(s), field) for s in coded if getattr(s, field) == word)
    return Spoilt(_book(content, vocabulary=left), spots)
