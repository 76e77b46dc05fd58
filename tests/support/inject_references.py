"""Inject references to records that do not exist and words that are not in the codebook."""

from __future__ import annotations

import attrs

from stancedata import model
from stancedata.model import Content, Stance
from tests.support.injection import UNNAMED, UNSEEN, Changed, Hand, spoils


# The misspelt id may be that of the actor whose name makes the text the holder's own.
@spoils("reference", "coded", UNNAMED, "direct_author")
def names_nobody(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A holder, speaker, target or event that does not exist."""
    field = hand.one.pick(["speaker", "target", "event", "holders"])
    if field != "holders":
        return {f"{field}_id": UNSEEN}, [field]
    place = hand.one.below(len(stance.holders))
    holders = list(stance.holders)
    holders[place] = attrs.evolve(holders[place], actor_id=UNSEEN)
    return {"holders": tuple(holders)}, [f"holders[{place}]"]


@spoils("reference", "coded", UNNAMED)
def ascribed_by_nobody_known(_: Content, hand: Hand, stance: Stance) -> Changed:
    """The actor that attributes a position does not exist."""
    third = {"attribution": "third_party", "attributed_by": (UNSEEN,), "event_id": None}
    return third, ["attributed_by[0]"]


@spoils("reference", "coded")
def on_no_issue(_: Content, hand: Hand, stance: Stance) -> Changed:
    """An ambiguous stance on an issue that does not exist."""
    changed = {"issue_id": UNSEEN, "level_name": "ambiguous", "level": None, "aspects": ()}
    return changed, ["issue"]


@spoils("reference", "coded", "condition_status")
def condition_of_nothing(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A condition that rests on an issue, or on a document, that does not exist."""
    issue, document = hand.one.pick([(UNSEEN, None), (None, UNSEEN)])
    new = model.Condition("if it exists", issue, None, None, document)
    field = "issue" if issue else "status_document"
    place = len(stance.conditions)
    return {"conditions": (*stance.conditions, new)}, [f"conditions[{place}].{field}"]


@spoils("orphan", "stances")
def of_no_document(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A stance of a document that does not exist."""
    return {"document_id": UNSEEN}, [""]


@spoils("orphan", "stances")
def evidence_of_no_document(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A piece of evidence in a document that does not exist."""
    place = hand.one.below(len(stance.evidence))
    pieces = list(stance.evidence)
    pieces[place] = attrs.evolve(pieces[place], document_id=UNSEEN)
    return {"evidence": tuple(pieces)}, [f"evidence[{place}]"]


@spoils("reference", "blind_stances")
def match_of_nothing(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A blind stance matched with a published stance that does not exist."""
    return {"published_id": f"{stance.document_id}#s99"}, ["published"]


@spoils("vocabulary", "coded")
def another_word(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A word that the codebook does not list, in one of a stance's fields."""
    field = hand.one.pick(["act", "quantifier", "confidence"])
    return {field: "word_such"}, [field]


# Only third_party allows attributed_by.
@spoils("vocabulary", "coded", "attributed_by_needless")
def another_attribution(_: Content, hand: Hand, stance: Stance) -> Changed:
    """An attribution that the codebook does not list."""
    return {"attribution": "third_prty"}, ["attribution"]


# The other holders may dissociate themselves, which leaves no party.
@spoils("vocabulary", "coded", "dissociates_alone")
def another_holder_role(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A role of a holder that the codebook does not list."""
    place = hand.one.below(len(stance.holders))
    holders = list(stance.holders)
    holders[place] = attrs.evolve(holders[place], role="prty")
    return {"holders": tuple(holders)}, [f"holders[{place}]"]


@spoils("vocabulary", "coded", "condition_status")
def another_status(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A status that the codebook does not list."""
    new = model.Condition("if it is a word", status="mett")
    place = len(stance.conditions)
    return {"conditions": (*stance.conditions, new)}, [f"conditions[{place}].status"]


@spoils("reference", "actors", "role_circle")
def role_of_nobody(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A role towards an actor, or from a document, that does not exist."""
    of, document = hand.one.pick([(UNSEEN, None), (actor.actor_id, UNSEEN)])
    role = model.Role("leads", of, "of nothing", None, None, document)
    field = "document" if document else "of"
    return {"roles": (*actor.roles, role)}, [f"roles[{len(actor.roles)}].{field}"]


@spoils("reference", "documents")
def copy_of_nothing(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A copy of a document that does not exist."""
    return {"derived_from": UNSEEN}, ["derived_from"]


@spoils("reference", "events")
def nobody_takes_part(content: Content, hand: Hand, event: model.Event) -> Changed:
    """An actor, a representative or a document that does not exist."""
    part = model.Participation(
        content.actors[0].actor_id, "invited", content.documents[0].document_id
    )
    field, column = hand.one.pick(
        [("actor", "actor_id"), ("document", "document_id"), ("represented_by",) * 2]
    )
    place = len(event.participants)
    parts = (*event.participants, attrs.evolve(part, **{column: UNSEEN}))
    return {"participants": parts}, [f"participants[{place}].{field}"]


@spoils("vocabulary", "actors", "role_circle")
def another_kind_of_actor(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A word that the codebook does not list, in one of an actor's fields."""
    name = model.Name(f"Such {actor.actor_id}", "word_such", "en")
    code = model.Code("word_such", "1")
    role = model.Role("word_such", actor.actor_id)
    ways: list[Changed] = [
        ({"kind": "word_such"}, ["kind"]),
        ({"names": (*actor.names, name)}, [f"names[{len(actor.names)}].kind"]),
        ({"codes": (*actor.codes, code)}, [f"codes[{len(actor.codes)}].scheme"]),
        ({"roles": (*actor.roles, role)}, [f"roles[{len(actor.roles)}].role"]),
    ]
    return hand.one.pick(ways)


@spoils("vocabulary", "documents")
def another_kind_of_document(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A kind of document that the codebook does not list."""
    return {"kind": "word_such"}, ["kind"]


@spoils("vocabulary", "events")
def another_part_in_an_event(content: Content, hand: Hand, event: model.Event) -> Changed:
    """A participant role that the codebook does not list."""
    part = model.Participation(content.actors[0].actor_id, "votes", content.documents[0].document_id)  # fmt: skip
    place = len(event.participants)
    return {"participants": (*event.participants, part)}, [f"participants[{place}].role"]
