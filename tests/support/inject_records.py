"""Ways to break the rules about actors, events, documents, and what all records share."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from stancedata import model
from stancedata.model import Content
from stancedata.model.dates import StatedDate
from stancedata.model.documents import origins_of
from tests.support.injection import (
    UNNAMED,
    Changed,
    Hand,
    Record,
    Spoilt,
    added,
    ident,
    injector,
    spoils,
)
from tests.support.oracle_lists import overlap
from tests.support.side_by_side import renamed
from tests.support.soundness import names_of, replaced
from tests.support.valid import VOTES

DAY = datetime.timedelta(days=1)
PARTS = ("actors", "events", "documents", "stances", "blind_stances")


def backwards(hand: Hand) -> tuple[datetime.date, datetime.date]:
    """Choose two days, the first after the last."""
    last = datetime.date(2021, 10, 20)
    return last + DAY * (1 + hand.one.below(300)), last


@spoils("actor_dates", "actors")
def actor_ends_first(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """An actor that ends before it begins."""
    start, end = backwards(hand)
    return {"valid_from": start, "valid_to": end}, ["valid_to"]


@spoils("code_dates", "actors")
def code_ends_first(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A code that ends before it begins."""
    code = model.Code("cow", f"late-{actor.actor_id}", None, *backwards(hand))
    place = len(actor.codes)
    return {"codes": (*actor.codes, code)}, [f"codes[{place}].valid_to"]


@spoils("role_dates", "actors", "role_circle")
def role_ends_first(content: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A role that ends before it begins."""
    of = hand.someone(content)
    role = model.Role("leads", of or actor.actor_id, "for no time", *backwards(hand))
    place = len(actor.roles)
    return {"roles": (*actor.roles, role)}, [f"roles[{place}].valid_to"]


@spoils("role_overlap", "actors")
def role_at_once(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A role listed twice for overlapping times, or beginning again on its last day."""
    if not actor.roles:
        return None
    role = hand.one.pick(actor.roles)
    again = attrs.evolve(role, source="https://example.org/again")
    if role.valid_to and role.role != "member_of":  # a longer membership breaks another rule
        again = attrs.evolve(again, valid_from=role.valid_to, valid_to=role.valid_to)
    return {"roles": (*actor.roles, again)}, [f"roles[{len(actor.roles)}]"]


# A bloc is no organisation, whose texts its members' stances may be direct in.
@injector("bloc_members", "direct_author")
def bloc_is_left(content: Content, hand: Hand) -> Spoilt | None:
    """An actor without members becomes a bloc."""
    blocs = {r.of_actor_id for a in content.actors for r in a.roles if r.role == "member_of"}
    for actor in hand.free(content.actors):
        if actor.actor_id not in blocs:
            hand.take(actor)
            spoilt = replaced(content, actor, attrs.evolve(actor, kind="bloc"))
            return Spoilt(spoilt, frozenset({(*ident(actor), "kind")}))
    return None


# The members may take part in nothing else.
@injector("bloc_members", UNNAMED)
def all_leave(content: Content, hand: Hand) -> Spoilt | None:
    """All members leave their bloc."""
    for bloc in hand.free(a for a in content.actors if a.kind == "bloc"):
        theirs = {
            actor: tuple(r for r in actor.roles if (r.role, r.of_actor_id) != ("member_of", bloc.actor_id))
            for actor in content.actors
        }  # fmt: skip
        leaving = [actor for actor, roles in theirs.items() if roles != actor.roles]
        if len(hand.free(leaving)) < len(leaving) or bloc in leaving:
            continue
        hand.take(bloc, *leaving)
        for actor in leaving:
            content = replaced(content, actor, attrs.evolve(actor, roles=theirs[actor]))
        return Spoilt(content, frozenset({(*ident(bloc), "kind")}))
    return None


@injector("code_shared")
def code_of_two(content: Content, hand: Hand) -> Spoilt | None:
    """Two actors share a code, possibly for only a day."""
    for one in hand.free(content.actors):
        for other in hand.free(a for a in content.actors if a is not one):
            day = datetime.date(2021, 10, 20)
            first = model.Code("cow", f"of-two-{one.actor_id}", None, None, day)
            second = attrs.evolve(first, valid_from=hand.one.pick([day, None]), valid_to=None)
            hand.take(one, other)
            content = replaced(content, one, attrs.evolve(one, codes=(*one.codes, first)))
            content = replaced(content, other, attrs.evolve(other, codes=(*other.codes, second)))
            spots = ((*ident(a), f"codes[{len(a.codes)}]") for a in (one, other))
            return Spoilt(content, frozenset(spots))
    return None


@injector("name_shared")
def name_of_two(content: Content, hand: Hand) -> Spoilt | None:
    """Two actors share a name, listed or not, that no document has as publisher."""
    by = {d.publisher for d in content.documents}
    for one in hand.free(content.actors):
        for name in hand.one.shuffled(sorted(names_of(one) - by)):
            for other in hand.free(a for a in content.actors if a is not one):
                hand.take(one, other)
                spell = hand.one.pick([(None, None), *spells_of(one, name)])
                named = (*other.names, model.Name(name, "alias", "en", *spell))
                spoilt = replaced(content, other, attrs.evolve(other, names=named))
                spots = {
                    (*ident(one), _place_of(one, name, spell)),
                    (*ident(other), f"names[{len(other.names)}].name"),
                }
                return Spoilt(spoilt, frozenset(spots))
    return None


def _place_of(actor: model.Actor, name: str, spell: tuple[Any, Any]) -> str:
    """Return the first place, as a text, at which an actor has a name in a spell."""
    new = {"valid_from": spell[0], "valid_to": spell[1]}
    same = [
        n for n, m in enumerate(actor.names) if m.name == name and overlap(attrs.asdict(m), new)
    ]
    return min((f"names[{n}].name" for n in same), default="name")


def spells_of(actor: model.Actor, name: str) -> list[tuple[Any, Any]]:
    """List the spells in which an actor has a name."""
    return [(n.valid_from, n.valid_to) for n in actor.names if n.name == name]


@injector("unused_actor")
def actor_for_nothing(content: Content, hand: Hand) -> Spoilt | None:
    """An actor that only speaks for another, which does not count as use."""
    of = hand.someone(content)
    role = (model.Role("speaks_for", of, "unheard"),) if of and hand.one.flag() else ()
    names = (model.Name("Nil", "preferred", "en"),)
    actor = model.Actor("nil", "Nil", "person", names=names, roles=role)
    hand.take(actor)
    return Spoilt(added(content, "actors", actor), frozenset({(*ident(actor), "")}))


@spoils("cited_address", "documents")
def document_nowhere(content: Content, hand: Hand, document: model.Document) -> Changed:
    """A document with neither a text nor an address."""
    coded = (*content.stances, *content.blind_stances)
    spans = [e for s in coded for e in s.evidence if e.span_start is not None]
    if any(e.document_id == document.document_id for e in spans):
        return None
    return {"url": None, "sha256": None, "characters": None}, ["url"]


@spoils("published_after_coding", "documents")
def coded_too_early(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A document that was coded the day before it was published, or earlier."""
    day = document.published_on.earliest - DAY * (1 + hand.one.below(99))
    return {"coded_date": day, "retrieved_on": None}, ["coded_date"]


@spoils("published_order", "documents")
def published_backwards(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A publication whose first day is after its last."""
    last = document.published_on.latest
    first = last + DAY * (1 + hand.one.below(99))
    date = StatedDate(f"{first}/{last}", "lasting", first, last)
    changed = {"published_on": date, "coded_date": first, "retrieved_on": None}
    return changed, ["published_on"]


@injector("derived_cycle")
def copies_in_a_circle(content: Content, hand: Hand) -> Spoilt | None:
    """A document derived from itself or from a copy of itself."""
    sources = {d.document_id: d.derived_from for d in content.documents}
    for document in hand.free(content.documents):
        chain = [document]
        while sources.get(chain[-1].document_id) in sources and len(chain) <= len(sources):
            source = sources[chain[-1].document_id]
            chain.append(next(d for d in content.documents if d.document_id == source))
        chain = chain[: 1 + hand.one.below(len(chain))]
        if len(set(map(ident, chain))) < len(chain) or len(hand.free(chain)) < len(chain):
            continue
        hand.take(*chain)
        last = attrs.evolve(chain[-1], derived_from=document.document_id)
        spots = frozenset((*ident(d), "derived_from") for d in chain)
        return Spoilt(replaced(content, chain[-1], last), spots)
    return None


@injector("same_text")
def text_of_two(content: Content, hand: Hand) -> Spoilt | None:
    """Two documents share a text."""
    anchored = [d for d in content.documents if d.sha256]
    origins = origins_of({d.document_id: d.derived_from for d in content.documents})
    for one in hand.free(anchored):
        for other in hand.free(d for d in anchored if d is not one):
            if origins[one.document_id] == origins[other.document_id]:
                continue
            hand.take(one, other)
            spoilt = replaced(content, other, attrs.evolve(other, sha256=one.sha256))
            return Spoilt(spoilt, frozenset((*ident(d), "text.sha256") for d in (one, other)))
    if not anchored:
        return None
    # If no two documents can share a text, add a copy of one.
    for one in hand.free(anchored):
        copy = attrs.evolve(one, document_id="doc-9", derived_from=None)
        if "doc-9" not in {d.document_id for d in content.documents}:
            hand.take(one, copy)
            spots = frozenset((*ident(d), "text.sha256") for d in (one, copy))
            return Spoilt(added(content, "documents", copy), spots)
    return None


# A stance of the event falls on none of its days.
@spoils("held_order", "events", "outside_event")
def held_backwards(_: Content, hand: Hand, event: model.Event) -> Changed:
    """An event whose first day is after its last."""
    last = event.held_on.latest
    first = last + DAY * (1 + hand.one.below(99))
    return {"held_on": StatedDate(f"{first}/{last}", "lasting", first, last)}, ["held_on"]


@spoils("vote_twice", "events", "duplicate")
def votes_again(content: Content, hand: Hand, event: model.Event) -> Changed:
    """An actor that voted, according to a document, votes again in it."""
    voted = [p for p in event.participants if p.role in VOTES]
    parts = event.participants
    if voted:
        first = hand.one.pick(voted)
    else:
        document = content.documents[0].document_id
        first = model.Participation(content.actors[0].actor_id, hand.one.pick(VOTES), document)
        parts = (*parts, first)
    again = attrs.evolve(first, role=hand.one.pick(VOTES), note="again")
    changed = {"participants": (*parts, again), "kind": "vote"}
    return changed, [f"participants[{len(parts)}].role"]


@spoils("vote_event", "events", UNNAMED, "duplicate")
def votes_at_no_vote(content: Content, hand: Hand, event: model.Event) -> Changed:
    """A vote at an event of another kind or without a kind."""
    vote = model.Participation(
        content.actors[0].actor_id, hand.one.pick(VOTES), content.documents[0].document_id
    )
    kept = tuple(p for p in event.participants if p.role not in VOTES)
    changed = {"participants": (*kept, vote), "kind": hand.one.pick([None, "meeting"])}
    return changed, [f"participants[{len(kept)}].role"]


@injector("id_shared")
def id_of_two(content: Content, hand: Hand) -> Spoilt | None:
    """An event has the id of an actor, or a document that of an actor or event."""
    part = hand.one.pick(["events", "documents"])
    others: list[Any] = [*content.actors, *(content.events if part == "documents" else ())]
    for other in hand.free(others):
        shared = ident(other)[1]
        new: Record
        for model_record in hand.free(getattr(content, part)):
            new = attrs.evolve(model_record, **{part[:-1] + "_id": shared})
            if isinstance(new, model.Document):
                new = attrs.evolve(new, sha256=None, characters=None, url="https://example.org/i")
            hand.take(other, new)
            return Spoilt(added(content, part, new), frozenset({(*ident(new), "")}))
    return None


@injector("id_form")
def no_id(content: Content, hand: Hand) -> Spoilt | None:
    """An id with capitals, look-alike letters or punctuation, and all references to it."""
    names = (*PARTS, "coverage")
    parts: Any = [r for name in names for r in getattr(content, name)]
    for record in hand.free(parts):
        old = ident(record)[1].rpartition("/")[2]
        wrong = hand.one.pick(
            [old.upper(), old.replace("a", "а"), old + "-", old.replace("o", "ó")]
        )
        wrong = wrong if wrong != old else f"{old}_"
        ids = {old: wrong}
        if isinstance(record, model.Document):  # its stances' ids begin with its own
            coded = (*content.stances, *content.blind_stances)
            mine = [s for s in coded if s.document_id == old]
            ids |= {s.stance_id: s.stance_id.replace(old, wrong, 1) for s in mine}
        spoilt = renamed(content, ids)
        new: list[Any] = [r for name in names for r in getattr(spoilt, name)]
        bad = [r for r in new if ident(r)[1].rpartition("/")[2] in ids.values()]
        hand.take(*bad)
        return Spoilt(spoilt, frozenset((*ident(r), "") for r in bad))
    return None


@injector("idle_exemption")
def waived_for_nothing(content: Content, hand: Hand) -> Spoilt | None:
    """A silence of a rule that finds nothing or does not exist."""
    records: Any = [r for name in PARTS for r in getattr(content, name)]
    for record in hand.free(records):
        silence = model.Exemption(hand.one.pick(["no_evidence", "rule_such"]), "for no reason")
        hand.take(record)
        spoilt = replaced(content, record, attrs.evolve(record, exemptions=(silence,)))
        return Spoilt(spoilt, frozenset({(*ident(record), f"exemptions.{silence.rule}")}))
    return None
