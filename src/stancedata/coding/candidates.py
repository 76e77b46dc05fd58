"""Where in a text a coder should look: sentences with cue words, and names of actors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from stancedata.model import Issue

Range = tuple[int, int]
"""First character and one past the last, in Unicode code points."""
# A sentence ends at a full stop of any script that is followed by white space, perhaps after a
# closing mark, or where a line is empty. One after a single capital is that of an initial, and
# some short words before a name have one too.
_TITLES = "".join(
    rf"(?<!\b{title})" for title in ("Mr", "Ms", "Mrs", "Dr", "Gen", "Col", "Prof", "St")
)
_END = re.compile(
    _TITLES
    + r"(?<![\s.(][A-Z])(?<!^[A-Z])[.!?…。！？؟۔][\"'”’»)\]]*(?=\s|$)|(?<=[。！？])|\n\s*\n",
    re.MULTILINE,
)


def sentences(text: str) -> Iterator[Range]:
    """Every sentence of a text, first to last, without the white space around it.

    An abbreviation in the middle may end one too: whoever reads sees the next.
    """
    start = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        words = text[start:end].strip()
        if words:
            first = text.index(words[0], start)
            yield first, first + len(words)
        start = end


def candidates(text: str, issues: Iterable[Issue]) -> dict[str, tuple[Range, ...]]:
    """Sentences that may carry a position on each issue, by the codebook's cue words.

    Args:
        text: A document's text.
        issues: Those of the codebook; one without cue words has no candidates.

    Returns:
        By the issue's id, in the order of the codebook, the places of its sentences.
    """
    found: dict[str, tuple[Range, ...]] = {}
    places = tuple(sentences(text))
    for issue in issues:
        if issue.cues:
            cue = _beginning(issue.cues)
            found[issue.issue_id] = tuple(p for p in places if cue.search(text, *p))
    return {issue_id: listed for issue_id, listed in found.items() if listed}


def _beginning(cues: Iterable[str]) -> re.Pattern[str]:
    """Finds cue words at the beginning of words, whatever their capitals and the spaces in them."""
    parts = (r"\s+".join(map(re.escape, cue.split())) for cue in cues)
    return re.compile(rf"\b(?:{'|'.join(parts)})", re.IGNORECASE)


def named(text: str, names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Actors of whom a name occurs in a text, as whole words, with how often.

    Args:
        text: A document's text.
        names: Every name of each actor, by id. Of two that overlap in the text, the longer one
            counts: `Islamic State Khorasan` is no `Islamic State`.

    Returns:
        Occurrences by actor, the most frequent first.
    """
    owners: dict[str, list[str]] = {}
    for actor_id, listed in names.items():
        for name in set(listed):
            owners.setdefault(name, []).append(actor_id)
    if not owners:
        return {}
    longest = sorted(owners, key=lambda name: (-len(name), name))
    found: dict[str, int] = {}
    for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", text):
        for actor_id in owners[match[0]]:
            found[actor_id] = found.get(actor_id, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
