"""Silences: rules that are waived for one record."""

from __future__ import annotations

from collections.abc import Iterable

import attrs


@attrs.frozen
class Silence:
    """A rule that is waived for one record, with the reason."""

    rule: str
    reason: str


def silenced(silences: Iterable[Silence]) -> str:
    """Name the rules that are waived for a record, in the last line of its print."""
    rules = ", ".join(silence.rule for silence in silences)
    return rules and f"silenced: {rules}"
