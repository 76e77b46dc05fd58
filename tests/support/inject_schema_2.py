"""Ways to break the rules since schema 2."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from stancedata import model
from stancedata.model import Content, Stance
from stancedata.model.dates import StatedDate
from stancedata.rules.characters import PASSED
from tests.support.injection import (
    UNNAMED,
    Changed,
    Hand,
    Spoilt,
    added,
    ident,
    injector,
    repeats,
    spoils,
)
from tests.support.soundness import (
    document_of,
    is_outside,
    replaced,
)

DAY = datetime.timedelta(days=1)
BOOK = ("codebook", "codebook")
LADDER = "trade"
COVERS = (datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))


@injector("issue_kind", codebook=True)
def issue_of_neither(content: Content, hand: Hand) -> Spoilt | None:
    """An issue of words that says nothing of its kind."""
    book, place = content.codebook, hand.one.below(3)
    issues = tuple(
        attrs.evolve(i, kind=None) if n == place else i for n, i in enumerate(book.issues)
    )
    spoilt = attrs.evolve(content, codebook=attrs.evolve(book, issues=issues))
    return Spoilt(spoilt, frozenset({(*BOOK, f"issues[{place}].kind")}))


@injector("coder_kind", codebook=True)
def coder_of_neither(content: Content, hand: Hand) -> Spoilt | None:
    """A coder that is neither a person nor a language model."""
    book = content.codebook
    place = hand.one.below(len(book.coders))
    coders = tuple(
        attrs.evolve(c, kind=None) if n == place else c for n, c in enumerate(book.coders)
    )
    spoilt = attrs.evolve(content, codebook=attrs.evolve(book, coders=coders))
    return Spoilt(spoilt, frozenset({(*BOOK, f"coders[{place}].kind")}))


@spoils("coder_known", "documents")
def coder_of_nowhere(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A document by a coder whom the codebook does not list."""
    return {"coder": hand.one.pick(["coder-9", "nobody"])}, ["coder"]


@spoils("ends_words", "coded")
def ends_what_was_said(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A step down on an issue of words."""
    return ({"act": "ends"}, ["act"]) if stance.issue_id != LADDER else None


Step = tuple[str, int, str]
"""Name and number of a level, and an act."""


def newcomer(stance: Stance, actor_id: str, local: str, **changed: Any) -> Stance:
    """Make a counted stance of an actor that no other stance is about, like another stance."""
    day = changed.pop("day", stance.stated_on.earliest)
    return attrs.evolve(
        stance, stance_id=f"{stance.document_id}#s{local}", holders=(model.Holder(actor_id),),
        speaker_id=None, event_id=None, attribution="reported", attributed_by=(), quantifier=None,
        exemptions=(), stated_on=StatedDate(str(day), "day", day, day), **changed,
    )  # fmt: skip


def with_newcomer(content: Content, hand: Hand, actor_id: str, *stances: Stance) -> Content:
    """Add an actor and its stances."""
    name = model.Name(actor_id.title(), "preferred", "en")
    actor = model.Actor(actor_id, name.name, "state", names=(name,))
    hand.take(actor, *stances)
    for stance in stances:
        content = added(content, "stances", stance)
    return added(content, "actors", actor)


def valid_source(content: Content, hand: Hand) -> Stance | None:
    """Choose a stance of a document that stands."""
    stances = hand.free(content.stances)
    return next((s for s in stances if document_of(content, s).status != "withdrawn"), None)


def on_the_ladder(
    content: Content, hand: Hand, actor_id: str, first: Step, second: Step
) -> Spoilt | None:
    """Add two stances of a new actor on an issue of deeds, on two days."""
    like = valid_source(content, hand)
    if like is None:
        return None
    last = like.stated_on.earliest
    days = (last - DAY * (1 + hand.one.below(40)), last)
    made = [
        newcomer(
            like, actor_id, f"8{n}{ord(actor_id[0])}", issue_id=LADDER, aspects=(),
            level_name=name, level=level, act=act, day=day,
        )
        for n, (day, (name, level, act)) in enumerate(zip(days, (first, second), strict=True))
    ]  # fmt: skip
    spots = frozenset({(*ident(made[1]), "level")})
    return Spoilt(with_newcomer(content, hand, actor_id, *made), spots)


@injector("none_without_ends")
def falls_by_itself(content: Content, hand: Hand) -> Spoilt | None:
    """A level of zero or less after a rung, without a step down."""
    name, level = hand.one.pick([("waits", 0), ("closes", -1)])
    return on_the_ladder(content, hand, "ivy", ("opens", 3, "states"), (name, level, "states"))


@injector("ends_not_down")
def steps_nowhere(content: Content, hand: Hand) -> Spoilt | None:
    """A step down to the rung that stood, or to a higher one."""
    first = hand.one.pick([("opens", 3, "states"), ("waits", 0, "ends"), ("closes", -1, "ends")])
    return on_the_ladder(content, hand, "kim", first, ("opens", 3, "ends"))


def cited(content: Content, document_id: str, **changed: Any) -> model.Document:
    """Make a document that has an address but no text."""
    named = {"title": f"Cited {document_id}", "url": f"https://example.org/{document_id}"}
    fields = {**named, "authors": (), "event_id": None, "status": None, "exemptions": (), **changed}
    return attrs.evolve(
        content.documents[0], document_id=document_id, sha256=None, characters=None,
        derived_from=None, **fields,
    )  # fmt: skip


@injector("twins")
def said_twice(content: Content, hand: Hand) -> Spoilt | None:
    """A stance told by two documents of different origins, without a common event."""
    like = valid_source(content, hand)
    if like is None:
        return None
    carrier = document_of(content, like)
    dates = {"published_on": carrier.published_on, "coded_date": carrier.coded_date}
    other = cited(content, "doc-8", retrieved_on=None, **dates)
    one = newcomer(like, "lee", "84")
    evidence = (model.Evidence("doc-8", locator="l"),)
    again = attrs.evolve(one, stance_id="doc-8#s90", document_id="doc-8", evidence=evidence)
    hand.take(other, carrier)
    spoilt = with_newcomer(content, hand, "lee", one, again)
    last = max((one, again), key=lambda s: s.stance_id)
    return Spoilt(added(spoilt, "documents", other), frozenset({(*ident(last), "event")}))


@injector("same_document")
def coded_twice(content: Content, hand: Hand) -> Spoilt | None:
    """A document under two ids, by its address or its title."""
    for document in hand.free(content.documents):
        again = cited(content, "zz-again", published_on=document.published_on,
                      coded_date=document.coded_date, retrieved_on=None)  # fmt: skip
        field = hand.one.pick(["title", "url"] if document.url else ["title"])
        same = {"title": document.title, "publisher": document.publisher}
        again = attrs.evolve(again, **({"url": document.url} if field == "url" else same))
        hand.take(document, again)
        return Spoilt(added(content, "documents", again), frozenset({(*ident(again), field)}))
    return None


@spoils("condition_status", "coded")
def status_by_hearsay(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A condition with a status or a document that says so, but not both."""
    one = model.Condition("by hearsay")
    document = content.documents[0]
    changed: dict[str, Any] = hand.one.pick(
        [{"status": "met"}, {"status_on": stance.stated_on}, {"status_document_id": document.document_id}]
    )  # fmt: skip
    conditions = (*stance.conditions, attrs.evolve(one, **changed))
    return {"conditions": conditions}, [f"conditions[{len(stance.conditions)}].status"]


@spoils("role_circle", "actors")
def part_of_itself(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """An actor that governs itself, or speaks for itself."""
    role = model.Role(hand.one.pick(["governs", "speaks_for"]), actor.actor_id)
    return {"roles": (*actor.roles, role)}, [f"roles[{len(actor.roles)}].of"]


@injector("event_undated_day")
def event_without_its_day(content: Content, hand: Hand) -> Spoilt | None:
    """An event of an unknown day, though one of its stances has a day."""
    for stance in hand.free(content.stances):
        on = stance.stated_on
        if on.kind != "day" or stance.attribution in ("direct", "third_party"):
            continue
        held = StatedDate(
            f"[{on.earliest}..{on.earliest + DAY}]", "uncertain", on.earliest, on.earliest + DAY
        )
        event = model.Event("unsure", "Unsure", held, source="https://example.org/u")
        new = attrs.evolve(stance, event_id="unsure")
        if repeats(content, stance, new):
            continue
        hand.take(stance, event)
        spoilt = added(replaced(content, stance, new), "events", event)
        return Spoilt(spoilt, frozenset({(*ident(event), "held_on")}))
    return None


@spoils("event_source", "events")
def event_by_hearsay(_: Content, hand: Hand, event: model.Event) -> Changed:
    """An event whose date has no source."""
    return {"dated_by": None, "source": None}, ["dated_by"]


@spoils("third_party_event", "stances", UNNAMED)
def ascribed_at_an_event(content: Content, hand: Hand, stance: Stance) -> Changed:
    """An attributed position with an event."""
    by = hand.someone(content, (h.actor_id for h in stance.holders))
    event = hand.one.pick(content.events).event_id
    if by is None or is_outside(content, attrs.evolve(stance, event_id=event)):
        return None
    third = {"attribution": "third_party", "attributed_by": (by,), "event_id": event}
    return third, ["event"]


def far(hand: Hand) -> StatedDate:
    """Choose a day more than ten years before the data."""
    day = datetime.date(hand.one.pick([221, 1521, 2010]), 10, 20)
    return StatedDate(day.isoformat(), "day", day, day)


@spoils("far_year", "coded", "outside_event")
def stated_long_ago(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A stance of another century, in whose days every role is open or left."""
    return {"stated_on": far(hand), "speaker_id": None, "event_id": None, "attribution": "reported",
            "attributed_by": (), "quantifier": "some"}, ["stated_on"]  # fmt: skip


@spoils("far_year", "events", "outside_event")
def held_long_ago(_: Content, hand: Hand, event: model.Event) -> Changed:
    """An event of another century."""
    return {"held_on": far(hand)}, ["held_on"]


@spoils("far_role", "actors")
def role_of_another_century(content: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A role whose first year has a wrong digit."""
    of = hand.someone(content)
    if of in (None, actor.actor_id):
        return None
    year = hand.one.pick([1021, 1521, 2921])
    role = model.Role("speaks_for", of, "of another century", datetime.date(year, 8, 15))
    return {"roles": (*actor.roles, role)}, [f"roles[{len(actor.roles)}].valid_from"]


@spoils("far_actor", "actors")
def actor_of_another_century(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A name or a code whose year has a wrong digit."""
    day = datetime.date(hand.one.pick([1021, 1201, 2921]), 8, 15)
    if hand.one.flag():
        name = model.Name(f"Far {actor.actor_id}", "former", "en", day)
        return {"names": (*actor.names, name)}, [f"names[{len(actor.names)}].valid_from"]
    code = model.Code("cow", f"far-{actor.actor_id}", None, None, day)
    return {"codes": (*actor.codes, code)}, [f"codes[{len(actor.codes)}].valid_to"]


@spoils("future_day", "documents")
def coded_tomorrow(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A document whose day of coding has not come."""
    day = max(datetime.date.today(), PASSED) + DAY * (2 + hand.one.below(2000))
    return {"coded_date": day}, ["coded_date"]


@spoils("status_after_publication", "stances")
def met_after_publication(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A condition that is met after the document was published that says so."""
    document = hand.one.pick(content.documents)
    day = document.published_on.latest + DAY * (1 + hand.one.below(99))
    hand.take(document)
    on = StatedDate(day.isoformat(), "day", day, day)
    late = model.Condition("it is late", None, "met", on, document.document_id)
    return {"conditions": (*stance.conditions, late)}, [
        f"conditions[{len(stance.conditions)}].status_on"
    ]


@injector("coding_order")
def coded_blind_too_early(content: Content, hand: Hand) -> Spoilt | None:
    """A document that was coded blind before it was published."""
    for document in hand.free(content.documents):
        hand.take(document)
        day = document.published_on.earliest - DAY * (1 + hand.one.below(99))
        coding = model.Coding("somebody", document.document_id, coded_date=day)
        spots = frozenset({("coding", f"somebody/{document.document_id}", "coded_date")})
        return Spoilt(attrs.evolve(content, codings=(*content.codings, coding)), spots)
    return None


def corpus_of(name: str, first: datetime.date, last: datetime.date) -> model.Coverage:
    """Make a corpus without silent speakers."""
    return model.Coverage(name, name.title(), first, last, "all", "by hand", "coder-1")


@injector("coverage_order")
def covers_backwards(content: Content, hand: Hand) -> Spoilt | None:
    """A corpus that ends before it begins."""
    corpus = corpus_of("backwards", COVERS[0] + DAY * (1 + hand.one.below(99)), COVERS[0])
    hand.take(corpus)
    return Spoilt(added(content, "coverage", corpus), frozenset({(*ident(corpus), "covers_to")}))


@injector("silent_stance")
def silent_though_heard(content: Content, hand: Hand) -> Spoilt | None:
    """A speaker listed as silent at an event from which there is a document by it."""
    for actor in hand.free(content.actors):
        event = attrs.evolve(
            content.events[0], event_id="hearing", participants=(), exemptions=(), dated_by=None,
            source="https://example.org/h",
        )  # fmt: skip
        speech = cited(content, "doc-7", authors=(actor.actor_id,), event_id="hearing")
        silent = (model.SilentSpeaker("hearing", actor.actor_id),)
        corpus = attrs.evolve(corpus_of("listed", *COVERS), silent=silent)
        hand.take(corpus, event, actor, speech, content.documents[0])
        for part, record in (("events", event), ("documents", speech), ("coverage", corpus)):
            content = added(content, part, record)
        return Spoilt(content, frozenset({(*ident(corpus), "silent[0]")}))
    return None


@spoils("name_preferred", "actors")
def name_that_is_not_preferred(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """An actor without a preferred name, or with another one."""
    others = tuple(n for n in actor.names if n.kind != "preferred")
    other = model.Name(f"Sir {actor.actor_id}", "preferred", "en")
    ways = [(others, "names"), ((*actor.names, other), f"names[{len(actor.names)}].kind")]
    names, field = hand.one.pick(ways)
    return {"names": names}, [field]


@spoils("name_dates", "actors")
def name_ends_first(_: Content, hand: Hand, actor: model.Actor) -> Changed:
    """A name that ends before it begins."""
    last = datetime.date(2021, 10, 20)
    name = model.Name(f"Late {actor.actor_id}", "former", "en", last + DAY, last)
    return {"names": (*actor.names, name)}, [f"names[{len(actor.names)}].valid_to"]


@spoils("retrieved_order", "documents")
def retrieved_too_early(_: Content, hand: Hand, document: model.Document) -> Changed:
    """A text retrieved before it was published, or after it was coded."""
    days = [document.published_on.earliest - DAY, document.coded_date + DAY]
    return {"retrieved_on": hand.one.pick(days)}, ["retrieved_on"]


@spoils("one_day_set", "coded")
def set_of_one_day(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A stance whose date is a set of a single day."""
    if stance.stated_on.kind != "day":
        return None
    day = stance.stated_on.earliest
    return {"stated_on": StatedDate(f"[{day}..{day}]", "uncertain", day, day)}, ["stated_on"]


@spoils("one_day_set", "events")
def event_of_one_day_set(_: Content, hand: Hand, event: model.Event) -> Changed:
    """An event whose date is a set of a single day."""
    if event.held_on.kind != "day":
        return None
    day = event.held_on.earliest
    return {"held_on": StatedDate(f"[{day}..{day}]", "uncertain", day, day)}, ["held_on"]
