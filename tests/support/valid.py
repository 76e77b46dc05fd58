"""Generate valid contents: they break no rule, yet vary in every part.

Rules are restated here in Python over the model, only so that a drawn record can be kept or
repaired; `test_injection.py` checks the results with the rules themselves.
"""

from __future__ import annotations

import datetime
import hashlib

import attrs
from hypothesis import strategies as st

from stancedata import model
from stancedata.model.dates import StatedDate
from tests.support.choices import Choices, choices
from tests.support.soundness import (
    dates_event,
    has_spoken,
    is_one_day_set,
    is_outside,
    is_own_text,
    is_used,
    may_speak,
    members_beside,
    names_of,
    natural_keys,
    replaced,
    without_twins,
)
from tests.support.strategies import CODEBOOK as SCALES
from tests.support.strategies import DATES

_VOCABULARY = {
    "attribution": "direct quoted reported third_party",
    "confidence": "high medium low",
    "act": "states urges withholds ends",
    "date_kind": "day lasting uncertain",
    "quantifier": "most some",
    "holder_role": "party dissociates",
    "event_kind": "meeting vote",
    "participant_role": "host invited absent voted_for voted_against abstained",
    "condition_status": "met unmet",
    "actor_kind": "state movement person media bloc organisation",
    "name_kind": "alias former",
    "role": "speaks_for member_of governs leads",
    "code_scheme": "wikidata iso3166-1-alpha3 cow",
    "document_kind": "news speech",
    "document_status": "as_published corrected withdrawn",
    "read": "whole beginning",
    "issue_kind": "words deeds",
    "coder_kind": "person language_model",
    "tier": "anchored cited",
}
WORDS = {field: words.split() for field, words in _VOCABULARY.items()}
VOTES = ("voted_for", "voted_against", "abstained")
_MORE = {"recognition": (model.Aspect("legitimacy", "by right"),), "aid": (model.Aspect("relief", "now"),)}  # fmt: skip
_KINDS = {"trade": "deeds"}
CODEBOOK = model.Codebook(
    tuple(
        attrs.evolve(
            i, aspects=i.aspects + _MORE.get(i.issue_id, ()), kind=_KINDS.get(i.issue_id, "words")
        )
        for i in SCALES.issues
    ),
    (
        *(model.Term(f, v, f"is {v}") for f, words in WORDS.items() for v in words),
        model.Term("name_kind", "preferred", "is its name"),
    ),
    coders=tuple(
        model.Coder(name, "codes", kind)
        for name, kind in (
            ("coder-1", "person"),
            ("coder-2", "language_model"),
            ("somebody", "person"),
        )
    ),
)


# Dates of documents and events have the kind that their text implies; the first is the earliest.
STATED = [d for d in DATES if not is_one_day_set(d)]
PLAIN = [d for d in STATED if StatedDate.parse(d.text).kind == d.kind]


def _day(month: int, day: int) -> datetime.date:
    return datetime.date(2021, month, day)


# Disjoint periods near the dates of stances: some touch, some have a gap, some are one day.
PERIODS: tuple[tuple[tuple[datetime.date | None, datetime.date | None], ...], ...] = (
    ((None, None),), ((_day(10, 19), None),), ((None, _day(10, 20)),), ((_day(10, 20), _day(10, 20)),),
    ((_day(8, 15), _day(12, 31)),), ((None, _day(10, 19)), (_day(10, 20), None)),
    ((_day(10, 18), _day(10, 18)), (_day(10, 20), _day(10, 20))),
    ((None, _day(10, 18)), (_day(10, 20), _day(10, 20)), (_day(10, 22), None)),
)  # fmt: skip


class _Maker:
    """Builds one content, record by record, from drawn choices."""

    def __init__(self, drawn: Choices) -> None:
        self.one = drawn
        self.actor_ids = sorted(
            ["ada", "ben", "dov", "fox", "gem", *drawn.pick([[], ["eve"], ["cyd", "eve"]])]
        )
        # Whether each document is anchored or cited.
        self.tiers = drawn.pick(["ac", "ca", "aca", "cac", "caa", "cc", "a"])
        self.document_ids = [f"doc-{n}" for n in range(1, len(self.tiers) + 1)]

    def word(self, field: str) -> str:
        """Choose a word of a vocabulary."""
        return self.one.pick(WORDS[field])

    def content(self) -> model.Content:
        """Build the whole content."""
        actors = self.codes_in_turn([self.actor(a) for a in self.actor_ids])
        events = [self.event(e) for e in self.one.pick([["talks"], ["vote"], ["talks", "vote"]])]
        publishers = [n for a in actors for n in sorted(names_of(a))]
        documents = self.copies(
            [
                self.document(d, tier == "a", [*publishers, "Nobody known"], events)
                for d, tier in zip(self.document_ids, self.tiers, strict=True)
            ]
        )
        content = model.Content(CODEBOOK, tuple(actors), tuple(events), tuple(documents))
        published = without_twins(content, self.silenced(content, self.coding(content, None, 3)))
        blind = [s for coder in ("coder-1", "coder-2") for s in self.coding(content, coder, 3)]
        ids = [s.stance_id for s in published]
        blind = [attrs.evolve(s, published_id=self.one.perhaps(ids)) for s in blind]
        full = attrs.evolve(content, stances=tuple(published), blind_stances=tuple(blind))
        return self.idle(self.covered(self.all_used(full)))

    def actor(self, actor_id: str) -> model.Actor:
        """Build an actor of the kind that its letter stands for, with unique names and codes."""
        one = self.one
        kinds = {"gem": "bloc", "fox": "media", "dov": "person", "eve": "person", "cyd": "movement",
                 "ben": "organisation"}  # fmt: skip
        name = f"{actor_id.title()} {one.line()}"
        names = [model.Name(name, "preferred", "en")]
        names += [
            model.Name(other, kind, "ru", start, end)
            for other, kind in [
                (f"{actor_id.title()} {n} {one.line()}", self.word("name_kind"))
                for n in range(one.below(3))
            ]
            for start, end in one.pick(PERIODS)
        ]
        codes = [
            model.Code(scheme, f"{actor_id.upper()}{n}", one.perhaps_line(), start, end)
            for n, scheme in enumerate(self.word("code_scheme") for _ in range(one.below(3)))
            for start, end in one.pick(PERIODS)
        ]
        start, end = one.pick(PERIODS)[0]
        return model.Actor(
            actor_id, name, kinds.get(actor_id, "state"), one.perhaps_line(), start, end,
            tuple(names), tuple(codes), self.roles(actor_id),
        )  # fmt: skip

    def roles(self, actor_id: str) -> tuple[model.Role, ...]:
        """Build an actor's roles, each for successive periods."""
        one = self.one
        found = [
            (self.word("role"), one.pick(self.actor_ids), one.pick([None, f"{n} office"]))
            for n in range(one.below(3))
        ]
        if actor_id in ("dov", "eve"):
            found.append(("speaks_for", one.pick(self.actor_ids), "minister"))
        if actor_id == "ada" or (actor_id == "ben" and one.flag()):
            found.append(("member_of", "gem", "member"))
        return tuple(
            model.Role(role, of, title, start, end, one.perhaps(self.document_ids),
                       one.pick([None, "https://example.org/r"]))
            for role, of, title in dict.fromkeys(found)
            if (of > actor_id if role in ("member_of", "part_of") else of != actor_id)
            for start, end in one.pick(PERIODS)
        )  # fmt: skip

    def codes_in_turn(self, actors: list[model.Actor]) -> list[model.Actor]:
        """Perhaps give two actors the same code, one after the other."""
        end = self.one.pick([None, _day(8, 15), _day(10, 20)])
        if end is None:
            return actors
        before, after = self.one.some(range(len(actors)), 2, 2)
        more = {
            before: (model.Code("cow", "700", None, None, end),),
            after: (model.Code("cow", "700", "2024", end + datetime.timedelta(days=1), None),),
        }
        return [
            attrs.evolve(actor, codes=actor.codes + more.get(number, ()))
            for number, actor in enumerate(actors)
        ]

    def event(self, event_id: str) -> model.Event:
        """Build an event; only votes have votes, and in any one document each actor votes once."""
        one = self.one
        parts: list[model.Participation] = []
        for _ in range(one.below(5)):
            part = model.Participation(
                one.pick(self.actor_ids), self.word("participant_role"),
                one.pick(self.document_ids), one.perhaps(self.actor_ids), one.perhaps_line(),
            )  # fmt: skip
            voted = {(p.actor_id, p.document_id) for p in parts if p.role in VOTES}
            again = any(attrs.evolve(part, note=other.note) == other for other in parts)
            if not again and (
                part.role not in VOTES or (part.actor_id, part.document_id) not in voted
            ):
                parts.append(part)
        votes = any(part.role in VOTES for part in parts)
        kind = "vote" if votes else one.pick([None, "vote", "meeting"])
        return model.Event(
            event_id, f"{event_id.title()} {one.line()}", one.pick(PLAIN),
            one.pick([None, f"{event_id.title()} series"]), one.perhaps_line(), kind,
            tuple(parts), (),
            *one.pick([(self.document_ids[0], None), (None, "https://example.org/e"),
                       (self.document_ids[-1], "https://example.org/e")]),
            one.perhaps_line(),
        )  # fmt: skip

    def document(
        self, document_id: str, anchored: bool, publishers: list[str], events: list[model.Event]
    ) -> model.Document:
        """Build a document, anchored or cited, by some actors or none."""
        one = self.one
        published = one.pick(PLAIN)
        coded = one.pick([published.earliest, published.latest, datetime.date(2026, 1, 1)])
        address = f"https://example.org/{document_id}"
        digest = hashlib.sha256(document_id.encode()).hexdigest()
        return model.Document(
            document_id, f"{document_id} {one.line()}", one.pick(publishers), self.word("document_kind"), "en", published,
            one.pick(["coder-1", "somebody"]), coded, one.perhaps_line(),
            one.pick([address, None]) if anchored else address, None,
            digest if anchored else None, 10 + one.below(9) if anchored else None,
            one.perhaps_line(), (), tuple(one.some(self.actor_ids, 0, 3)),
            one.perhaps(WORDS["read"]), one.perhaps(WORDS["document_status"]),
            one.pick([None, published.earliest, coded]), one.perhaps([e.event_id for e in events]),
        )  # fmt: skip

    def copies(self, documents: list[model.Document]) -> list[model.Document]:
        """Derive some documents from others, in chains and any order of ids, without cycles."""
        order = self.one.shuffled(self.document_ids)
        return [
            attrs.evolve(d, derived_from=self.one.perhaps(order[: order.index(d.document_id)]))
            for d in documents
        ]

    def coding(self, content: model.Content, coder: str | None, most: int) -> list[model.Stance]:
        """Build the stances of one coding, in order of id, without repetitions."""
        found: list[model.Stance] = []
        least = 0 if coder else 1
        for document in content.documents:
            for number in range(1, least + self.one.below(most) + 1):
                stance_id = f"{document.document_id}#s{number:02}"
                stance = self.stance(content, document, stance_id, coder)
                if not any(natural_keys(stance) & natural_keys(other) for other in found):
                    found.append(stance)
        return found

    def stance(
        self, content: model.Content, document: model.Document, stance_id: str, coder: str | None
    ) -> model.Stance:
        """Build a stance that fits the document, its holders and its event."""
        one = self.one
        issue = one.pick(content.codebook.issues)
        # On the ladder only rungs: nothing is taken back without a step down.
        deeds = issue.kind == "deeds"
        level = one.pick([None, *(v for v in issue.levels if not deeds or v.level > 0)])
        act = one.pick([w for w in WORDS["act"] if w != "ends"])
        attribution = self.word("attribution")
        chosen, event_id = self.who(content, document, attribution)
        stated = one.pick([d for d in STATED if d.latest <= document.published_on.latest])
        held = {h.actor_id for h in chosen}
        others = [a for a in self.actor_ids if a not in held]
        third = attribution == "third_party"
        stance = model.Stance(
            stance_id, document.document_id, issue.issue_id, level.name if level else "ambiguous",
            level.level if level else None, act, attribution, stated,
            self.word("confidence"), one.line(), chosen, self.evidence(document), None,
            tuple(one.some(others, 1, 2)) if third else (), one.perhaps(self.actor_ids),
            one.perhaps(WORDS["quantifier"]), one.perhaps(["published_on", *self.document_ids]),
            event_id, one.perhaps_line(),
            tuple(one.some([a.aspect for a in issue.aspects], 0, len(issue.aspects))),
            self.conditions(content), (), coder, None, one.perhaps_line() if coder else None,
        )  # fmt: skip
        if members_beside(content, stance):  # the bloc and its member both: one of them alone
            stance = attrs.evolve(stance, holders=(model.Holder(stance.parties[0]),))
        speakers = [a for a in self.actor_ids if may_speak(content, stance, a)]
        stance = attrs.evolve(stance, speaker_id=one.perhaps(speakers))
        if third or is_outside(content, stance) or dates_event(content, stance):
            stance = attrs.evolve(stance, event_id=None)
        if attribution == "direct" and not is_own_text(content, stance):
            return attrs.evolve(stance, attribution="quoted")
        return stance

    def who(
        self, content: model.Content, document: model.Document, attribution: str
    ) -> tuple[tuple[model.Holder, ...], str | None]:
        """Choose holders, at least one a party, and an event; direct texts need their author."""
        chosen = self.one.some(self.actor_ids, 1, 3)
        event_id = self.one.perhaps([e.event_id for e in content.events])
        if attribution == "direct" and document.authors and self.one.flag():
            chosen = self.one.some(document.authors, 1, len(document.authors))
        elif attribution == "direct":
            event_id = document.event_id
        roles = ["party", *(self.word("holder_role") for _ in chosen[1:])]
        found = tuple(map(model.Holder, chosen, roles))
        return (found[::-1] if self.one.flag() else found), event_id

    def evidence(self, document: model.Document) -> tuple[model.Evidence, ...]:
        """Build evidence: spans with digests, up to the end of the text, or locators."""
        found = []
        for number in range(self.one.below(3) + 1):
            if document.characters and self.one.below(4) < 3:
                end = document.characters - self.one.below(4)
                digest = hashlib.sha256(bytes([number])).hexdigest()
                piece = model.Evidence(document.document_id, number, end, digest)
            else:
                piece = model.Evidence(document.document_id, locator=f"{number} {self.one.line()}")
            found.append(attrs.evolve(piece, text_sha256=document.sha256))
        return tuple(found)

    def conditions(self, content: model.Content) -> tuple[model.Condition, ...]:
        """Build conditions, some with a status."""
        one = self.one
        issues = [i.issue_id for i in content.codebook.issues]
        return tuple(
            model.Condition(f"{number} {one.line()}", one.perhaps(issues), *self.status(content))
            for number in range(one.below(3))
        )

    def status(self, content: model.Content) -> tuple[str | None, StatedDate | None, str | None]:
        """Build the status of a condition with a document that was published after it, or none."""
        one = self.one
        status = one.perhaps(WORDS["condition_status"])
        if status is None:
            return None, None, None
        document = one.pick(content.documents)
        before = [d for d in PLAIN if d.latest <= document.published_on.latest]
        return status, one.perhaps(before), document.document_id

    def silenced(self, content: model.Content, stances: list[model.Stance]) -> list[model.Stance]:
        """Perhaps give a stance a speaker without a role, and a silence that waives it."""
        stance = self.one.perhaps(stances)
        if stance is None or stance.attribution == "direct":
            return stances
        ids = [a for a in self.actor_ids if not may_speak(content, stance, a)]
        silence = model.Exemption("speaker_role", self.one.line())
        said = attrs.evolve(stance, speaker_id=self.one.perhaps(ids), exemptions=(silence,))
        others = [other for other in stances if other is not stance]
        if not said.speaker_id or any(natural_keys(said) & natural_keys(o) for o in others):
            return stances
        return [said if s is stance else s for s in stances]

    def idle(self, content: model.Content) -> model.Content:
        """Perhaps add an unused actor, and a silence that waives it."""
        if self.one.flag():
            return content
        silence = model.Exemption("unused_actor", self.one.line())
        zoe = model.Actor(
            "zoe",
            "Zoe",
            "person",
            names=(model.Name("Zoe", "preferred", "en"),),
            exemptions=(silence,),
        )
        return attrs.evolve(content, actors=(*content.actors, zoe))

    def covered(self, content: model.Content) -> model.Content:
        """Perhaps add a corpus, in which some actors were silent where they said nothing."""
        one = self.one
        if one.below(4) == 0:
            return content
        silent = [
            model.SilentSpeaker(event.event_id, actor.actor_id)
            for event in content.events
            for actor in content.actors
            if not has_spoken(content, event.event_id, actor.actor_id)
        ]
        corpus = model.Coverage(
            "corpus", one.line(), _day(1, 1), _day(12, 31), "all", "by hand", "coder-1", None,
            one.perhaps_line(), tuple(one.some(silent, 0, len(silent))),
        )  # fmt: skip
        return attrs.evolve(content, coverage=(corpus,))

    def all_used(self, content: model.Content) -> model.Content:
        """Make unused actors the target of a stance or participants in an event."""
        for actor in content.actors:
            if is_used(content, actor):
                continue
            stance = self.one.perhaps([s for s in content.stances if s.target_id is None])
            if stance:
                aimed = attrs.evolve(stance, target_id=actor.actor_id)
                content = replaced(content, stance, aimed)
            else:
                event = self.one.pick(content.events)
                part = model.Participation(actor.actor_id, "host", self.one.pick(self.document_ids))
                held = attrs.evolve(event, participants=(*event.participants, part))
                content = replaced(content, event, held)
        return content


def valid_contents() -> st.SearchStrategy[model.Content]:
    """Draw contents that break no rule, of errors and warnings alike."""
    return choices(900).map(lambda drawn: _Maker(drawn).content())
