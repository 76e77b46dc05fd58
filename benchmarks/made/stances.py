"""Synthetic stances of a block of documents, with holders, aspects, conditions and evidence."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from benchmarks.made.choices import Codebook
from benchmarks.made.documents import Documents
from benchmarks.made.texts import (
    Numbers,
    blanked,
    compute,
    day_text,
    days,
    digests,
    integers,
    join,
    mixed,
    month_of,
    month_starts,
    month_text,
    phrases,
    pick,
    words,
)  # fmt: skip
from benchmarks.made.world import HOLDERS, TURN, World

Columns = dict[str, Any]
_LOCAL = words(*(f"#s{n:02}" for n in range(1, 21)))
_SUBJECTS = phrases("subjects", 800, 12, 24)
_VERBS = phrases("verbs", 60, 8, 16)
_OBJECTS = phrases("objects", 2000, 18, 45, 0.03)
_ENDS = phrases("ends", 2000, 18, 50)
_NOTES = phrases("notes", 500, 30, 90)
_CONDITIONS = phrases("conditions", 700, 20, 80)
_STATUS = words("met", "unmet", "partly_met", "disputed")
_ATTRIBUTION = words("direct", "quoted", "reported", "third_party")
_KINDS = words("day", "lasting", "uncertain")
_ASCRIBER = 12  # place of the actor that attributes


class Stances:
    """The stances of a block of documents, and their rows in each table.

    The stances of a document walk over a grid of four holders by all issues, visiting each cell once;
    joint holders come from other places. So no holder has two stances on one issue in one document,
    and the natural key is unique.
    """

    def __init__(
        self, rng: np.random.Generator, made: Documents, world: World, book: Codebook
    ) -> None:
        self.rng, self.made, self.world, self.book = rng, made, world, book
        self.document = np.repeat(np.arange(len(made.number)), made.stances)
        self.size = size = len(self.document)
        local = np.arange(size) - np.repeat(np.cumsum(made.stances) - made.stances, made.stances)
        self.ids = join(pick(made.ids, self.document), pick(_LOCAL, local))
        cells = 4 * len(book.issues)
        cell = (local * 11 + made.number[self.document] * 7) % cells
        self.place, self.issue = cell % 4, cell // 4
        bloc = made.bloc[self.document]
        first = made.holder(self.document, self.place)
        self.holder = np.where((self.place == 3) & (bloc >= 0), bloc, first)
        self.published = made.published[self.document]

    def chance(self, share: float) -> Numbers:
        """Draw a boolean for each stance, true with this probability."""
        found: Numbers = self.rng.random(self.size) < share
        return found

    def below(self, most: int) -> Numbers:
        """Draw a number below `most` for each stance."""
        return self.rng.integers(0, most, self.size)

    @functools.cached_property
    def attribution(self) -> Numbers:
        """Indexes into `_ATTRIBUTION`; direct if the publisher is the holder."""
        found = np.where(self.chance(0.06), 3, np.where(self.chance(0.45), 1, 2))
        direct: Numbers = np.where(self.made.own[self.document] & (self.place == 0), 0, found)
        return direct

    def columns(self) -> Columns:
        """Make the rows of the table `stances`."""
        event = self.made.event[self.document]
        third = self.attribution == 3
        there = (event >= 0) & self.chance(0.6) & ~third
        level, number, ambiguous = self._level()
        return {
            "stance_id": self.ids,
            "document_id": pick(self.made.ids, self.document),
            "issue_id": pick(self.book.issues, self.issue),
            "level": integers(number, ~ambiguous),
            "level_name": pick(self.book.levels, level),
            "act": pick(self.book.acts, self.below(len(self.book.acts))),
            "attribution": pick(_ATTRIBUTION, self.attribution),
            "attributed_by_id": self._another(_ASCRIBER, third),
            "target_id": self._another(13, self.chance(0.5)),
            "quantifier": pick(self.book.quantifiers, self.below(4), self.chance(0.02)),
            "dated_by": pick(words("published_on", "doc-0000000"), self.chance(0.1), self.chance(0.04)),
            "event_id": pick(self.world.event_ids, event, there),
            "confidence": pick(words("high", "medium", "low"), self.below(10) // 4),
            "summary": join(*self._summary()),
            "note": pick(_NOTES, self.below(len(_NOTES)), self.chance(0.04)),
            **self._dates(event, there, ~third & self.chance(0.43)),
        }  # fmt: skip

    def _level(self) -> tuple[Numbers, Numbers, Numbers]:
        """Draw each holder's usual level or an adjacent one."""
        beside = np.array([0, 0, 0, 0, -1, 1])[self.below(6)]
        step = np.clip(
            self.book.usual[self.holder, self.issue] + beside,
            0,
            self.book.level_count[self.issue] - 1,
        )
        ambiguous = self.chance(0.03)
        level = np.where(
            ambiguous, len(self.book.levels) - 1, self.book.first_level[self.issue] + step
        )
        return level, self.book.numbers[level], ambiguous

    def _another(self, place: int, where: Numbers) -> Any:
        """Pick an actor that does not hold the stance."""
        return pick(self.world.ids, self.made.holder(self.document, place), where)

    def _summary(self) -> list[Any]:
        parts = [pick(p, self.below(len(p))) for p in (_SUBJECTS, _VERBS, _OBJECTS, _ENDS)]
        return [compute.utf8_capitalize(parts[0]), " ", parts[1], " ", parts[2], " ", parts[3], "."]

    def _dates(self, event: Numbers, there: Numbers, spoken: Numbers) -> Columns:
        """Draw dates and speakers: the one in office on that day."""
        sort = np.digitize(self.rng.random(self.size), [0.82, 0.92, 0.96])
        sort = np.where(there, 0, sort)
        length = self.world.event_last[event] - self.world.event_first[event] + 1
        day = self.published - self.below(6)
        day = np.where(there, self.world.event_first[event] + self.below(9) % length, day)
        month = month_of(self.published) - 1
        begun = day - 2 - self.below(120)
        first = np.select([sort == 0, sort == 3], [day, month_starts(month)], begun)
        last = np.where(sort == 3, month_starts(month + 1) - 1, day)
        lasting, among, plain = sort == 1, sort == 2, sort == 0
        text = mixed(self.size, [
            (plain, day_text(day[plain])),
            (lasting, join(day_text(first[lasting]), "/", day_text(last[lasting]))),
            (among, join("[", day_text(first[among]), "..", day_text(last[among]), "]")),
            (sort == 3, month_text(month[sort == 3])),
        ])  # fmt: skip
        speaker = self.holder + np.where(first < TURN, HOLDERS, 2 * HOLDERS)
        return {"stated_on": text, "date_kind": pick(_KINDS, np.minimum(sort, 2)),
                "stated_earliest": days(first), "stated_latest": days(last),
                "speaker_id": pick(self.world.ids, speaker, spoken)}  # fmt: skip

    def holders(self) -> Columns:
        """Make the rows of `holders`: one stance in six has two or three holders."""
        joint = self.chance(0.16) & (self.holder < HOLDERS - 9)
        third = joint & self.chance(0.3)
        stance = np.concatenate(
            [np.arange(self.size), np.flatnonzero(joint), np.flatnonzero(third)]
        )
        second = self.made.holder(self.document, self.place + 4)[joint]
        actor = np.concatenate([self.holder, second,
                                self.made.holder(self.document, self.place + 8)[third]])  # fmt: skip
        position = np.repeat([1, 2, 3], [self.size, joint.sum(), third.sum()])
        alone = (position > 1) & (self.rng.random(len(stance)) < 0.02)
        order = np.lexsort((self.world.rank[actor], stance))
        return {"stance_id": pick(self.ids, stance[order]),
                "actor_id": pick(self.world.ids, actor[order]),
                "role": pick(words("party", "dissociates"), alone[order]),
                "position": integers(position[order])}  # fmt: skip

    def ascribers(self) -> Columns:
        """Make the rows of `ascribers`: one for each stance that a third party attributes."""
        stance = np.flatnonzero(self.attribution == 3)
        actor = self.made.holder(self.document[stance], _ASCRIBER)
        return {"stance_id": pick(self.ids, stance), "actor_id": pick(self.world.ids, actor),
                "position": integers(np.ones(len(stance)))}  # fmt: skip

    def aspects(self) -> Columns:
        """Make the rows of `stance_aspects`: some stances have one, a few have two."""
        count = self.book.aspect_count[self.issue]
        stance = np.flatnonzero(self.chance(0.32) & (count > 0))
        number = (self.rng.random(len(stance)) * count[stance]).astype(np.int64)
        again = (self.rng.random(len(stance)) < 0.2) & (number + 1 < count[stance])
        stance, number = np.repeat(stance, again + 1), np.repeat(number, again + 1)
        second = np.concatenate([[False], stance[1:] == stance[:-1]])[: len(stance)]
        found = self.book.first_aspect[self.issue[stance]] + number + second
        return {"stance_id": pick(self.ids, stance), "aspect": pick(self.book.aspects, found),
                "position": integers(second + 1)}  # fmt: skip

    def conditions(self) -> Columns:
        """Make the rows of `conditions`: one stance in twenty has one, a few have two."""
        stance = np.repeat(np.arange(self.size), self.chance(0.05) * (1 + self.chance(0.1)))
        size = len(stance)
        second = np.concatenate([[False], stance[1:] == stance[:-1]])[:size]
        known = self.rng.random(size) < 0.4
        day = self.published[stance] - self.rng.integers(0, 60, size)
        issue = self.rng.integers(0, len(self.book.issues), size)
        text = self.rng.integers(0, len(_CONDITIONS), size)
        text = np.where(second, np.roll(text, 1) + 1, text) % len(_CONDITIONS)
        return {
            "stance_id": pick(self.ids, stance), "number": integers(second + 1),
            "condition": pick(_CONDITIONS, text),
            "issue_id": pick(self.book.issues, issue, self.rng.random(size) < 0.6),
            "status": pick(_STATUS, self.rng.integers(0, 4, size), known),
            "status_on": day_text(day, known), "status_earliest": days(day, known),
            "status_latest": days(day, known),
            "status_document_id": pick(self.made.ids, self.document[stance], known),
        }  # fmt: skip

    def evidence(self) -> Columns:
        """Make the rows of `evidence`: a span of the text, or a paragraph without a text."""
        characters = self.made.characters[self.document]
        text = characters > 0
        start = (self.rng.random(self.size) * np.maximum(characters - 300, 1)).astype(np.int64)
        paragraphs = words(*(f"paragraph {n}" for n in range(1, 31)))
        return {
            "stance_id": self.ids, "number": integers(np.ones(self.size)),
            "document_id": pick(self.made.ids, self.document),
            "span_start": integers(start, text),
            "span_end": integers(start + 30 + self.below(200), text),
            "sha256": blanked(digests(self.rng, self.size), text),
            "locator": pick(paragraphs, self.below(30), ~text),
        }  # fmt: skip
