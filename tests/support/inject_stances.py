"""Ways to break the rules about stances, published and blind."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from stancedata import model
from stancedata.model import Content, Stance
from stancedata.model.dates import StatedDate
from tests.support.injection import (
    UNNAMED,
    UNSEEN,
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
    covers,
    document_of,
    is_own_text,
    may_speak,
    members_beside,
    replaced,
    roles_of,
)

DAY = datetime.timedelta(days=1)
DIGEST = "0" * 64


@spoils("aspect", "coded")
def another_aspect(content: Content, hand: Hand, stance: Stance) -> Changed:
    """An aspect of another issue, or of none."""
    own = {a.aspect for i in content.codebook.issues if i.issue_id == stance.issue_id for a in i.aspects}  # fmt: skip
    every = {a.aspect for i in content.codebook.issues for a in i.aspects}
    wrong = hand.one.pick([*sorted(every - own), "aspect_such"])
    return {"aspects": (*stance.aspects, wrong)}, [f"aspects[{len(stance.aspects)}]"]


@spoils("attributed_by_holder", "coded", UNNAMED)
def ascribes_its_own(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A holder attributes the position to itself."""
    by = hand.one.pick(stance.holders).actor_id
    others = tuple(a for a in stance.attributed_by if a != by)
    by_all = tuple(hand.one.shuffled([by, *others]))
    return (
        {"attribution": "third_party", "attributed_by": by_all, "event_id": None},
        [f"attributed_by[{by_all.index(by)}]"],
    )


@spoils("attributed_by_missing", "coded", UNNAMED)
def ascribed_by_nobody(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A third-party attribution without the third party."""
    return (
        {"attribution": "third_party", "attributed_by": (), "event_id": None},
        ["attributed_by"],
    )


@spoils("attributed_by_needless", "coded", UNNAMED)
def ascribed_though_said(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A third party named with an attribution that does not allow one."""
    by = hand.someone(content, (h.actor_id for h in stance.holders))
    said = "quoted" if stance.attribution == "third_party" else stance.attribution
    return ({"attribution": said, "attributed_by": (by,)}, ["attributed_by"]) if by else None


@spoils("dated_by", "coded")
def dated_by_nothing(_: Content, hand: Hand, stance: Stance) -> Changed:
    """The source of the date does not exist."""
    return {"dated_by": UNSEEN}, ["dated_by"]


@spoils("direct_author", "coded", UNNAMED)
def direct_by_another(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A stance coded as direct in a document by someone else."""
    if is_own_text(content, stance):
        return None
    return {"attribution": "direct", "attributed_by": ()}, ["attribution"]


@spoils("dissociates_alone", "coded")
def all_dissociate(_: Content, hand: Hand, stance: Stance) -> Changed:
    """All holders dissociate themselves."""
    holders = tuple(attrs.evolve(h, role="dissociates") for h in stance.holders)
    return {"holders": holders}, [f"holders[{n}]" for n in range(len(holders))]


@spoils("evidence_place", "coded")
def evidence_nowhere(_: Content, hand: Hand, stance: Stance) -> Changed:
    """A piece of evidence with neither a span nor a locator."""
    place = hand.one.below(len(stance.evidence))
    return with_evidence(stance, place, model.Evidence(stance.document_id), "")


@spoils("level", "coded")
def wrong_level(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A name and number of a level that do not match each other or the issue."""
    levels = content.codebook.levels_of(stance.issue_id)
    name, number = hand.one.pick(list(levels.items()))
    level = hand.one.pick(
        [(name, number + 7), (name, None), ("ambiguous", number), ("level_such", number)]
    )
    return {"level_name": level[0], "level": level[1]}, ["level"]


@spoils("no_evidence", "coded")
def without_evidence(_: Content, hand: Hand, stance: Stance) -> Changed:
    """No evidence at all."""
    return {"evidence": ()}, ["evidence"]


# Without holders, the speaker represents none of them, and none can be the author.
@spoils("no_holder", "coded", UNNAMED, "speaker_role")
def without_holder(_: Content, hand: Hand, stance: Stance) -> Changed:
    """No holder at all."""
    return {"holders": ()}, ["holders"]


@spoils("stated_after_publication", "stances")
def stated_later(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A stance dated after the publication of its document."""
    last = document_of(content, stance).published_on.latest
    day = last + DAY * (1 + hand.one.below(3))
    first = hand.one.pick([day, stance.stated_on.earliest])
    if first == day:
        return redated(content, stance, StatedDate(str(day), "day", day, day))
    return redated(content, stance, StatedDate(f"[{first}..{day}]", "uncertain", first, day))


@spoils("stated_order", "coded")
def stated_backwards(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A date whose first day is after its last."""
    last = stance.stated_on.latest
    first = last + DAY * (1 + hand.one.below(3))
    return redated(content, stance, StatedDate(f"{first}/{last}", "lasting", first, last))


def redated(content: Content, stance: Stance, date: StatedDate) -> Changed:
    """Change the date unless a role depends on it, without an event, which has its own days."""
    changed: dict[str, Any] = {"stated_on": date, "event_id": None}
    new = attrs.evolve(stance, **changed)
    if not may_speak(content, new, new.speaker_id) or members_beside(content, new):
        return None
    if new.attribution == "direct" and not is_own_text(content, new):
        return None
    return changed, ["stated_on"]


@spoils("span_digest", "coded")
def span_without_digest(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A span without the digest of its words."""
    return spanned(content, hand, stance, 1, 2, "", digest=None)


@spoils("span_end", "coded")
def span_past_end(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A span that ends at least one character after the end of its text."""
    end = (document_of(content, stance).characters or 0) + 1 + hand.one.below(2) * 9
    return spanned(content, hand, stance, 4, end, ".span")


@spoils("span_negative", "coded")
def span_before_start(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A span that begins before its text."""
    return spanned(content, hand, stance, -1 - hand.one.below(2) * 9, 4, ".span")


@spoils("span_order", "coded")
def span_backwards(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A span that is empty or runs backwards."""
    return spanned(content, hand, stance, 5, 5 - hand.one.below(3), ".span")


@spoils("span_text", "coded")
def span_into_nothing(content: Content, hand: Hand, stance: Stance) -> Changed:
    """A span into a document that has no text."""
    if document_of(content, stance).sha256:
        return None
    piece = model.Evidence(stance.document_id, 1, 2, DIGEST)
    return with_evidence(stance, hand.one.below(len(stance.evidence) + 1), piece, ".span")


def spanned(
    content: Content, hand: Hand, stance: Stance, start: int, end: int, field: str,
    digest: str | None = DIGEST,
) -> Changed:  # fmt: skip
    """Add a span, or put it in place of another piece of evidence."""
    document = document_of(content, stance)
    if not document.sha256:
        return None
    piece = model.Evidence(stance.document_id, start, end, digest, None, document.sha256)
    return with_evidence(stance, hand.one.below(len(stance.evidence) + 1), piece, field)


def with_evidence(stance: Stance, place: int, piece: model.Evidence, field: str) -> Changed:
    """Replace a piece of evidence, or append one."""
    pieces = list(stance.evidence)
    pieces[place : place + 1] = [piece]
    return {"evidence": tuple(pieces)}, [f"evidence[{place}]{field}"]


# Other holders may be no authors, or be listed as silent.
@injector("member_with_bloc", "direct_author", "silent_stance")
def member_beside_bloc(content: Content, hand: Hand) -> Spoilt | None:
    """A bloc and one of its members hold the same stance."""
    for stance in hand.free((*content.stances, *content.blind_stances)):
        for member in hand.free(content.actors):
            for role in roles_of(content.actors, member.actor_id, "member_of"):
                both = (member.actor_id, role.of_actor_id)
                bloc = [a for a in hand.free(content.actors) if a.actor_id == role.of_actor_id]
                if not bloc or not covers(role, stance.stated_on) or both[0] == both[1]:
                    continue
                others = [h for h in stance.holders if h.actor_id not in both]
                new = attrs.evolve(
                    stance, holders=(*others, *(model.Holder(a) for a in hand.one.shuffled(both)))
                )
                if set(stance.attributed_by) & set(both) or repeats(content, stance, new):
                    continue
                hand.take(stance, member, *bloc)
                spots = {(*ident(new), f"holders[{n}]") for n in members_beside(content, new)}
                return Spoilt(replaced(content, stance, new), frozenset(spots))
    return None


@injector("natural_key")
def stance_again(content: Content, hand: Hand) -> Spoilt | None:
    """A stance with the same natural key as another stance of the document."""
    for stance in hand.free((*content.stances, *content.blind_stances)):
        levels = [("ambiguous", None), *content.codebook.levels_of(stance.issue_id).items()]
        name, level = hand.one.pick(levels)
        again = attrs.evolve(
            stance, stance_id=f"{stance.document_id}#s{90 + hand.one.below(9)}", level_name=name,
            level=level, confidence="low", evidence=stance.evidence[:1], conditions=(),
        )  # fmt: skip
        part = "blind_stances" if stance.coder else "stances"
        if again.stance_id in {s.stance_id for s in getattr(content, part)}:
            continue
        hand.take(stance, again)
        return Spoilt(added(content, part, again), frozenset({(*ident(again), "")}))
    return None


@injector("outside_event")
def event_on_other_days(content: Content, hand: Hand) -> Spoilt | None:
    """A stance just outside the days of its event."""
    for stance in hand.free(content.stances):
        gap = DAY * (1 + hand.one.below(2) * 30)
        day = hand.one.pick([stance.stated_on.earliest - gap, stance.stated_on.latest + gap])
        held = StatedDate(str(day), "day", day, day)
        event = model.Event("other-talks", "Other talks", held, source="https://example.org/o")
        if "other-talks" in {e.event_id for e in content.events}:
            return None
        new = attrs.evolve(stance, event_id=event.event_id)
        if new.attribution == "third_party":
            continue
        if new.attribution == "direct" and not is_own_text(content, new):
            continue
        hand.take(stance, event)
        spoilt = added(replaced(content, stance, new), "events", event)
        return Spoilt(spoilt, frozenset({(*ident(stance), "stated_on")}))
    return None


@injector("speaker_role", UNNAMED)
def speaks_for_nobody(content: Content, hand: Hand) -> Spoilt | None:
    """A speaker whose role ended the day before, or began the day after."""
    # Adding a role could make a silence idle, if it waives the missing role.
    waived = {s.speaker_id for s in content.stances if s.exemptions}
    for stance in hand.free(content.stances):
        for actor in hand.free(a for a in content.actors if a.actor_id not in waived):
            if stance.attribution == "direct" or may_speak(content, stance, actor.actor_id):
                continue
            if not {h.actor_id for h in stance.holders} <= {a.actor_id for a in content.actors}:
                continue
            stated, of = stance.stated_on, hand.one.pick(stance.holders).actor_id
            before = model.Role("speaks_for", of, "once", None, stated.earliest - DAY)
            after = model.Role("speaks_for", of, "later", stated.latest + DAY, None)
            role = hand.one.pick([(before,), (after,), (before, after), ()])
            new = attrs.evolve(stance, speaker_id=actor.actor_id)
            if repeats(content, stance, new):
                continue
            hand.take(stance, actor)
            content = replaced(content, actor, attrs.evolve(actor, roles=actor.roles + role))
            spots = frozenset({(*ident(stance), "speaker")})
            return Spoilt(replaced(content, stance, new), spots)
    return None
