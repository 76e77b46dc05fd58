"""Lines that records share: the names of actors, the holders of a stance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stancedata import text as rendering
from stancedata.model import Document, Stance
from stancedata.model.corpus import Corpus, quoted
from stancedata.model.stances import held_by, ties

if TYPE_CHECKING:
    from stancedata.dataset import Dataset

_VOICES = ("speaker_id", "attributed_by")


def names_of(dataset: Dataset, ids: Iterable[str | None]) -> str:
    """Format the names of actors, separated by commas."""
    return ", ".join(dataset.names.get(i, i) for i in ids if i)


def source_line(document: Document) -> str:
    """Format where a document was published: its title, publisher, day and address."""
    known = (document.title, document.publisher, document.published_on, document.url)
    return ", ".join(str(part) for part in known if part)


def said(dataset: Dataset, stance: Stance, corpus: Corpus | None, also: Iterable[str] = ()) -> str:
    """Format what a stance says: summary, who voiced it, conditions, its words, and the source.

    Args:
        dataset: The dataset of the stance.
        stance: The stance.
        corpus: The documents' texts; without them, the place of the words stands for them.
        also: Lines that follow the source.
    """
    lines = (
        f"summary: {stance.summary}",
        *(f"{how} {names_of(dataset, who)}" for how, who in ties(stance, _VOICES)),
        *map(str, stance.conditions),
        stance.note and f"note: {stance.note}",
        *(quoted(e, corpus) if corpus is not None else str(e) for e in stance.evidence),
        source_line(dataset.documents[stance.document_id]),
        *also,
    )
    return "\n".join(rendering.paragraph(line, "     ") for line in lines if line)


def holders_line(dataset: Dataset, stance: Stance) -> str:
    """Format who holds a stance, who voiced it and who attributes it."""
    names = [
        names_of(dataset, [h.actor_id]) + (" (dissociates itself)" if h.role != "party" else "")
        for h in stance.holders
    ]
    count = f"{len(names)} holders: " if len(names) > 1 else "holder: "
    spoke = ties(stance, _VOICES)
    voiced = "".join(f"; {how} {names_of(dataset, who)}" for how, who in spoke)
    return count + held_by(stance, names) + voiced
