"""The nouns of the dataset: frozen, hashable, without rules of their own.

Whether a value is allowed is the business of `stancedata check`; these classes only say what
there is. Every tuple keeps the order in which it was written.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import attrs

from stancedata.model import printed as shown
from stancedata.model.dates import StatedDate
from stancedata.model.printed import Shown

if TYPE_CHECKING:
    from stancedata.model.corpus import Corpus


@attrs.frozen
class Level:
    """One step of an issue's scale: `level` orders it, the definition anchors it in words."""

    name: str
    level: int
    definition: str


@attrs.frozen
class Aspect:
    """A side of an issue that a stance may single out."""

    aspect: str
    definition: str


@attrs.frozen
class Issue(Shown):
    """One proposition on one dimension; a level says where a holder stands towards it.

    Attributes:
        core: True for the issues on which holders are compared.
        levels: From most in favour to most against.
        cues: Words, or their beginnings, at which a sentence may carry a position on it.
    """

    issue_id: str
    name: str
    proposition: str
    core: bool
    levels: tuple[Level, ...]
    aspects: tuple[Aspect, ...] = ()
    cues: tuple[str, ...] = ()

    __str__ = shown.issue


@attrs.frozen
class Term:
    """One word of a controlled vocabulary.

    Attributes:
        field: The field whose values these are, for example `attribution`.
        rank: Order of preference, 1 the best; None where the words have no order.
        cues: Words in a text that point to it.
    """

    field: str
    value: str
    definition: str
    rank: int | None = None
    cues: tuple[str, ...] = ()


@attrs.frozen
class Codebook:
    """Every issue and every controlled vocabulary."""

    issues: tuple[Issue, ...]
    vocabulary: tuple[Term, ...]

    def levels_of(self, issue_id: str) -> dict[str, int]:
        """Level numbers by name; empty for an issue that does not exist."""
        return {
            level.name: level.level
            for issue in self.issues
            if issue.issue_id == issue_id
            for level in issue.levels
        }


@attrs.frozen
class Silence:
    """A rule that is waived for one record, with the reason."""

    rule: str
    reason: str


@attrs.frozen
class Name:
    """A name or spelling under which an actor occurs; `language` is an ISO 639 code."""

    name: str
    kind: str
    language: str


@attrs.frozen
class Code:
    """An actor's code in another scheme, with the days on which it holds (both inclusive)."""

    scheme: str
    code: str
    scheme_version: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None


@attrs.frozen
class Role:
    """What an actor is to another one, and when (both days inclusive, None where not known).

    Attributes:
        role: For example `speaks_for`, `member_of`, `governs`, `part_of`.
        of_actor_id: The other actor.
        title: The office, in English.
        document_id: A document of the dataset that says so.
        source: Address of another source for the role and its dates.
    """

    role: str
    of_actor_id: str
    title: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    document_id: str | None = None
    source: str | None = None


@attrs.frozen
class Actor(Shown):
    """Somebody who takes, voices or ascribes positions, or at whom they are aimed."""

    actor_id: str
    name: str
    kind: str
    description: str | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    names: tuple[Name, ...] = ()
    codes: tuple[Code, ...] = ()
    roles: tuple[Role, ...] = ()
    silences: tuple[Silence, ...] = ()

    __str__ = shown.actor

    def code(self, scheme: str) -> str | None:
        """The actor's code in a scheme (`iso3166-1-alpha3`, `cow`, `gw`, …), the latest one."""
        found = [code for code in self.codes if code.scheme == scheme]
        last = max(found, key=lambda code: code.valid_to or datetime.date.max, default=None)
        return last.code if last else None

    @property
    def wikidata(self) -> str | None:
        """The Wikidata item, for example `Q159`."""
        return self.code("wikidata")


@attrs.frozen
class Participation:
    """One actor's part in an event, as one document tells it."""

    actor_id: str
    role: str
    document_id: str
    represented_by: str | None = None
    note: str | None = None


@attrs.frozen
class Event(Shown):
    """A dated meeting, vote or statement at which positions were taken.

    Attributes:
        kind: What sort of event; None where that was not coded. Votes are cast at a vote alone.
    """

    event_id: str
    name: str
    held_on: StatedDate
    series: str | None = None
    place: str | None = None
    kind: str | None = None
    participants: tuple[Participation, ...] = ()
    silences: tuple[Silence, ...] = ()

    __str__ = shown.event


@attrs.frozen
class Document(Shown):
    """A text that carries stances.

    Attributes:
        published_on: EDTF; where no day of publication is known, every day that is possible.
        sha256: Digest of the text's UTF-8, None where nobody may keep the text.
        characters: Length of the text in Unicode code points.
        derived_from: Id of the document that this one copies or rewrites.
    """

    document_id: str
    title: str
    publisher: str
    kind: str
    language: str
    published_on: StatedDate
    coder: str
    coded_date: datetime.date
    author: str | None = None
    url: str | None = None
    derived_from: str | None = None
    sha256: str | None = None
    characters: int | None = None
    note: str | None = None
    silences: tuple[Silence, ...] = ()

    __str__ = shown.document

    @property
    def tier(self) -> str:
        """`anchored` where evidence points into a text by digest, otherwise `cited`."""
        return "anchored" if self.sha256 else "cited"


@attrs.frozen
class Holder:
    """Whose position it is: role `party`, or `dissociates` for one that rejects the clause."""

    actor_id: str
    role: str = "party"


@attrs.frozen
class Condition:
    """What a position was made to depend on."""

    condition: str
    issue_id: str | None = None
    status: str | None = None
    status_on: StatedDate | None = None
    status_document_id: str | None = None


@attrs.frozen
class Evidence:
    """Where the words are.

    Attributes:
        span_start: First character, in Unicode code points from 0.
        span_end: One past the last character.
        sha256: Digest of those characters in UTF-8.
        locator: In place of a span, where there is no text: `paragraph 4`.
        text_sha256: Digest of the document's text, by which a corpus finds it.
    """

    document_id: str
    span_start: int | None = None
    span_end: int | None = None
    sha256: str | None = None
    locator: str | None = None
    text_sha256: str | None = None

    def quote(self, corpus: Corpus | str) -> str:
        """The very words, read from a corpus that holds the text.

        Args:
            corpus: A `Corpus`, or the path of a folder of texts.

        Raises:
            StancedataError: There is no span, no such text in the corpus, or the words there
                are not those that were coded.
        """
        from stancedata.model.corpus import quote

        return quote(self, corpus)


@attrs.frozen
class Stance(Shown):
    """A position on one issue, taken on one occasion, as one document carries it.

    Attributes:
        stance_id: `<document_id>#<local id>`, never reused.
        level_name: The level's name in the codebook, or `ambiguous`.
        level: Its number; None where the text can honestly be read both ways.
        dated_by: Another document, or `published_on`, where that supplied the date.
        coder: Who coded it, for a blind coding; None in the published one, where the
            document says it.
        published_id: For a blind coding, the published stance that it was matched with.
        adjudication: For a blind coding, what was decided about it and why.
    """

    stance_id: str
    document_id: str
    issue_id: str
    level_name: str
    level: int | None
    act: str
    attribution: str
    stated_on: StatedDate
    confidence: str
    summary: str
    holders: tuple[Holder, ...]
    evidence: tuple[Evidence, ...]
    speaker_id: str | None = None
    attributed_by_id: str | None = None
    target_id: str | None = None
    quantifier: str | None = None
    dated_by: str | None = None
    event_id: str | None = None
    note: str | None = None
    aspects: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    silences: tuple[Silence, ...] = ()
    coder: str | None = None
    published_id: str | None = None
    adjudication: str | None = None

    __str__ = shown.stance

    @property
    def parties(self) -> tuple[str, ...]:
        """Ids of the holders whose position it is, without those that dissociate themselves."""
        return tuple(h.actor_id for h in self.holders if h.role == "party")

    @property
    def joint(self) -> bool:
        """True where several actors hold the text together."""
        return len(self.holders) > 1


@attrs.frozen
class Position(Shown):
    """What one holder is on record with, on one issue and one occasion: its stances folded.

    Attributes:
        level: The remaining level furthest from zero; None where it is ambiguous, or where
            both signs remain.
        own: True where the holder spoke for itself, False where only joint texts carry it.
        contested: Documents fall on different sides of the issue.
        mixed: One document has it on both sides.
        document_count: Independent documents; a copy counts as its original.
        stance_id: The stance that represents it.
    """

    actor_id: str
    actor_name: str
    iso3: str | None
    cow: int | None
    gw: int | None
    governs_iso3: str | None
    issue_id: str
    level: int | None
    level_name: str | None
    level_min: int | None
    level_max: int | None
    stated_on: StatedDate
    event_id: str | None
    attribution: str
    confidence: str
    own: bool
    contested: bool
    mixed: bool
    document_count: int
    stance_id: str
    summary: str

    __str__ = shown.position


@attrs.frozen
class Content:
    """Everything that was coded: one curated state of the dataset, each part in order of id.

    Attributes:
        blind_stances: The blind codings, each with its coder.
    """

    codebook: Codebook
    actors: tuple[Actor, ...] = ()
    events: tuple[Event, ...] = ()
    documents: tuple[Document, ...] = ()
    stances: tuple[Stance, ...] = ()
    blind_stances: tuple[Stance, ...] = ()
