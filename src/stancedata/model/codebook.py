"""The codebook: issues with their levels and aspects, and the controlled vocabularies."""

from __future__ import annotations

import attrs

from stancedata.model.printed import Printed, joined, line, lines
from stancedata.text import level


@attrs.frozen
class Level:
    """One step of an issue's scale: its number and its definition."""

    name: str
    level: int
    definition: str


@attrs.frozen
class Aspect:
    """A side of an issue that a stance may single out."""

    aspect: str
    definition: str


@attrs.frozen
class Issue(Printed):
    """A proposition, and the scale on which positions towards it are coded.

    Attributes:
        core: True for the issues on which holders are compared.
        levels: The scale, from most in favour to most against.
        cues: Words or word stems that suggest that a sentence is about this issue.
        kind: `words`, where the last statement stands, or `deeds`, a ladder whose rungs stay
            reached; None, in schema 1, means `words`.
    """

    issue_id: str
    name: str
    proposition: str
    core: bool
    levels: tuple[Level, ...]
    aspects: tuple[Aspect, ...] = ()
    cues: tuple[str, ...] = ()
    kind: str | None = None

    def __str__(self) -> str:
        return lines(
            joined(f"{self.name} [{self.issue_id}]", self.core and "core", self.kind),
            self.proposition,
            line("levels", (level(step.name, step.level) for step in self.levels)),
            line("aspects", (aspect.aspect for aspect in self.aspects)),
        )


@attrs.frozen
class Term:
    """One word of a controlled vocabulary.

    Attributes:
        field: The field that may have this value, for example `attribution`.
        rank: Order of preference, 1 is best; None if the values have no order.
        cues: Words in a text that suggest this value.
    """

    field: str
    value: str
    definition: str
    rank: int | None = None
    cues: tuple[str, ...] = ()


@attrs.frozen
class Coder:
    """Who coded documents.

    Attributes:
        description: What it did and read.
        kind: `person` or `language_model`; None if not known.
    """

    coder: str
    description: str
    kind: str | None = None
    name: str | None = None


@attrs.frozen
class BoundaryCase:
    """A reading at the edge of some issues, and how it is coded."""

    text: str
    issues: tuple[str, ...] = ()


@attrs.frozen
class Codebook:
    """All issues and controlled vocabularies, boundary cases and coders."""

    issues: tuple[Issue, ...]
    vocabulary: tuple[Term, ...]
    boundary_cases: tuple[BoundaryCase, ...] = ()
    coders: tuple[Coder, ...] = ()

    def levels_of(self, issue_id: str) -> dict[str, int]:
        """Map an issue's level names to their numbers; empty for an unknown issue."""
        return {
            level.name: level.level
            for issue in self.issues
            if issue.issue_id == issue_id
            for level in issue.levels
        }
