"""The nouns of the dataset: frozen, hashable, without rules of their own.

Whether a value is allowed is the business of `stancedata check`; these classes only hold what
was coded, and print it. Every tuple keeps the order in which it was written.
"""

from __future__ import annotations

import attrs

from stancedata.model.actors import Actor, Code, Name, Role
from stancedata.model.codebook import Aspect, Codebook, Issue, Level, Term
from stancedata.model.corpus import Evidence
from stancedata.model.documents import Document
from stancedata.model.events import Event, Participation
from stancedata.model.positions import Position
from stancedata.model.silences import Silence
from stancedata.model.stances import Condition, Holder, Stance

__all__ = [
    "Actor", "Aspect", "Code", "Codebook", "Condition", "Content", "Document", "Event", "Evidence",
    "Holder", "Issue", "Level", "Name", "Participation", "Position", "Role", "Silence", "Stance",
    "Term",
]  # fmt: skip


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
