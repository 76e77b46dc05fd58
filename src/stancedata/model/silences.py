"""Silences: rules that are waived for one record."""

from __future__ import annotations

from collections.abc import Iterable

import attrs


@attrs.frozen
class Silence:
    """A rule waived for one record, and the reason."""

    rule: str
    reason: str


def silenced(silences: Iterable[Silence]) -> str:
    """Format the rules waived for a record, for the last line of its printed form."""
    rules = ", ".join(silence.rule for silence in silences)
    return rules and f"silenced: {rules}"
