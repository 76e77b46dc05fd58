"""The classes of the dataset's records: frozen, hashable and without validation.

`stancedata check` validates values; these classes only store and print what was coded. Every tuple
keeps the order of the source.
"""

from __future__ import annotations

import attrs

from stancedata.model.actors import Actor, Code, Name, Role
from stancedata.model.codebook import Aspect, BoundaryCase, Codebook, Coder, Issue, Level, Term
from stancedata.model.corpus import Evidence
from stancedata.model.coverage import Coding, Coverage, SilentSpeaker
from stancedata.model.documents import Document
from stancedata.model.events import Event, Participation
from stancedata.model.exemptions import Exemption, Silence
from stancedata.model.positions import Position
from stancedata.model.stances import Condition, Holder, Stance

__all__ = [
    "Actor", "Aspect", "BoundaryCase", "Code", "Codebook", "Coder", "Coding", "Condition",
    "Content", "Coverage", "Document", "Event", "Evidence", "Exemption", "Holder", "Issue", "Level",
    "Name", "Participation", "Position", "Role", "Silence", "SilentSpeaker", "Stance", "Term",
]  # fmt: skip


@attrs.frozen
class Content:
    """All curated records of one state of the dataset, each kind sorted by id.

    Attributes:
        blind_stances: The stances of the blind codings; `coder` is set in each.
        codings: The blind codings themselves, by coder and document; some have no stances.
        coverage: The corpora that were searched or read, and how.
    """

    codebook: Codebook
    actors: tuple[Actor, ...] = ()
    events: tuple[Event, ...] = ()
    documents: tuple[Document, ...] = ()
    stances: tuple[Stance, ...] = ()
    blind_stances: tuple[Stance, ...] = ()
    codings: tuple[Coding, ...] = ()
    coverage: tuple[Coverage, ...] = ()
