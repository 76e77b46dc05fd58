"""What may be coded: issues with their levels and aspects, and the controlled vocabularies."""

from __future__ import annotations

import attrs

from stancedata.model.printed import Printed, line, lines
from stancedata.text import level


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
class Issue(Printed):
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

    def __str__(self) -> str:
        return lines(
            f"{self.name} [{self.issue_id}]{', core' if self.core else ''}",
            self.proposition,
            line("levels", (level(step.name, step.level) for step in self.levels)),
            line("aspects", (aspect.aspect for aspect in self.aspects)),
        )


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
