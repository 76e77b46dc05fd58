"""Synthetic documents, in blocks, each with its own random numbers."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pyarrow as pa

from benchmarks.made.texts import (
    Numbers,
    blanked,
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
from benchmarks.made.world import BEGIN, END, JOINT, Rows, World

BLOCK = 10_000
"""Documents per block; a multiple of ten, so that a copy is in the block of its original."""
MOST = 19
"""Maximum number of stances of a document; the average is ten."""
_TITLES = phrases("titles", 3000, 20, 60, 0.02)
_AGENCIES = words(*(f"Agency {n}" for n in range(120)))
_KINDS = words(
    "news", "analysis", "interview", "joint_statement", "resolution", "official", "speech"
)
_LANGUAGES = words("en", "ar", "es", "fr", "ru", "zh")
CODERS = ("coder-1", "coder-2", "coder-3")
_CODED = END + 90


@attrs.frozen(eq=False)
class Documents:
    """A block of documents, as arrays of numbers.

    Attributes:
        number: Number of the document in the dataset.
        stances: Number of its stances.
        published: Last possible day of publication.
        event: Number of the event that it reports, or -1.
        own: Whether its publisher is its first holder.
        start: Number of its first holder; `step` leads to the next.
        bloc: Number of the bloc among its holders, or -1.
        characters: Length of its text, or 0 without a text.
    """

    number: Numbers
    stances: Numbers
    month: Numbers
    published: Numbers
    event: Numbers
    own: Numbers
    derived: Numbers
    start: Numbers
    step: Numbers
    bloc: Numbers
    characters: Numbers
    ids: Any

    def holder(self, document: Numbers, place: Numbers | int) -> Numbers:
        """Return the holder at a place of a document; no holder has two places."""
        found: Numbers = (self.start[document] + self.step[document] * place) % JOINT
        return found


def make_documents(rng: np.random.Generator, block: int, most: int, world: World) -> Documents:
    """Make the documents of a block, with at most `most` stances in total."""
    number = np.arange(BLOCK) + block * BLOCK
    stances = rng.integers(1, MOST + 1, BLOCK)
    before = np.cumsum(stances) - stances
    event = np.where(rng.random(BLOCK) < 0.15, rng.integers(0, len(world.event_ids), BLOCK), -1)
    own = rng.random(BLOCK) < 0.2
    derived = (rng.random(BLOCK) < 0.04) & (number % 10 > 0) & (event < 0) & ~own
    published = rng.integers(BEGIN + 60, END, BLOCK)
    published = np.where(event < 0, published, world.event_last[event] + rng.integers(0, 3, BLOCK))
    month = (rng.random(BLOCK) < 0.03) & (event < 0) & ~derived
    published = np.where(month, month_starts(month_of(published) + 1) - 1, published)
    published = np.where(derived, published[np.arange(BLOCK) // 10 * 10] + 1, published)
    made = Documents(
        number, np.clip(most - before, 0, stances), month, published, event, own, derived,
        start=(JOINT * rng.random(BLOCK) ** 1.5).astype(np.int64), step=rng.integers(1, JOINT, BLOCK),
        bloc=np.where(rng.random(BLOCK) < 0.06, rng.integers(JOINT, JOINT + 9, BLOCK), -1),
        characters=np.where(rng.random(BLOCK) < 0.12, 0, rng.integers(3000, 20_000, BLOCK)),
        ids=join("doc-", padded(number)),
    )  # fmt: skip
    count = int(np.count_nonzero(made.stances))
    return attrs.evolve(
        made, **{f: v[:count] for f, v in attrs.asdict(made, recurse=False).items()}
    )


def padded(numbers: Numbers) -> Any:
    """Zero-pad numbers to seven digits, so that they sort as texts."""
    return pa.array([f"{n:07}" for n in numbers.tolist()], pa.string())


def coder_rows() -> dict[str, Rows]:
    """Make the rows of the table `coders`."""
    return {
        "coders": [
            {"coder": coder, "kind": "language_model", "description": "made up", "position": i}
            for i, coder in enumerate(CODERS, 1)
        ]
    }


def author_columns(made: Documents, world: World) -> dict[str, Any]:
    """Make the rows of `document_authors`: the holders of direct stances, alone or jointly."""
    document = np.repeat(np.flatnonzero(made.own), 3)
    place = np.tile([0, 4, 8], len(document) // 3)
    actor = made.holder(document, place)
    order = np.lexsort((world.rank[actor], document))
    return {"document_id": pick(made.ids, document[order]),
            "actor_id": pick(world.ids, actor[order]),
            "position": integers(place[order] // 4 + 1)}  # fmt: skip


def document_columns(rng: np.random.Generator, made: Documents, world: World) -> dict[str, Any]:
    """Make the rows of the table `documents`."""
    size = len(made.number)
    text = made.characters > 0
    first = made.holder(np.arange(size), 0)
    plain = ~made.month
    source = pick(made.ids, np.arange(size) // 10 * 10)
    months = month_of(made.published)
    kind = np.where(made.own, rng.integers(5, 7, size), rng.integers(0, 5, size))
    publisher = rng.integers(0, len(_AGENCIES), size)
    return {
        "document_id": made.ids,
        "title": pick(_TITLES, rng.integers(0, len(_TITLES), size)),
        "publisher": mixed(size, [
            (made.own, pick(world.names, first[made.own])),
            (~made.own, pick(_AGENCIES, publisher[~made.own])),
        ]),
        "kind": pick(_KINDS, kind),
        "language": pick(_LANGUAGES, np.minimum(rng.integers(0, 12, size), 5)),
        "published_on": mixed(size, [
            (plain, day_text(made.published[plain])), (made.month, month_text(months[made.month])),
        ]),
        "published_earliest": days(np.where(plain, made.published, month_starts(months))),
        "published_latest": days(made.published),
        "url": blanked(join("https://news.example/", made.ids), ~text | (rng.random(size) < 0.7)),
        "sha256": blanked(digests(rng, size), text),
        "characters": integers(made.characters, text),
        "tier": pick(words("cited", "anchored"), text),
        "derived_from": blanked(source, made.derived),
        "origin_id": mixed(size, [(made.derived, source.filter(pa.array(made.derived))),
                                  (~made.derived, made.ids.filter(pa.array(~made.derived)))]),
        "coder": pick(words(*CODERS), rng.integers(0, 3, size)),
        "coded_date": days(_CODED + made.number % 60),
    }  # fmt: skip
