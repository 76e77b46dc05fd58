"""Find the parts of a text that a coder should read: sentences with cue words, actor names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from stancedata.coding.passages import Range
from stancedata.model import Codebook, Issue
from stancedata.model.corpus import has_spaces

# A sentence ends at a full stop of any script, optionally with closing quotation marks, that is
# followed by white space, or at an empty line. Full stops of initials and titles do not end one.
_TITLES = "".join(
    rf"(?<!\b{title})" for title in ("Mr", "Ms", "Mrs", "Dr", "Gen", "Col", "Prof", "St")
)
_END = re.compile(
    _TITLES
    + r"(?<![\s.(][A-Z])(?<!^[A-Z])[.!?…。！？؟۔][\"'”’»)\]]*(?=\s|$)|(?<=[。！？])|\n\s*\n",
    re.MULTILINE,
)


def sentences(text: str) -> Iterator[Range]:
    """Split a text into sentences, and yield the range of each without surrounding white space.

    An abbreviation may end a sentence too early; coders can see how it continues.
    """
    start = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        words = text[start:end].strip()
        if words:
            first = text.index(words[0], start)
            yield first, first + len(words)
        start = end


def candidates(text: str, issues: Iterable[Issue]) -> dict[str, tuple[Range, ...]]:
    """Find the sentences that contain a cue word of an issue.

    Args:
        text: A document's text.
        issues: The issues of the codebook; one without cue words has no candidates.

    Returns:
        The ranges of the sentences by issue ID, in the order of the codebook.
    """
    found: dict[str, tuple[Range, ...]] = {}
    places = tuple(sentences(text))
    for issue in issues:
        if issue.cues:
            cue = _cue_pattern(issue.cues)
            found[issue.issue_id] = tuple(p for p in places if cue.search(text, *p))
    return {issue_id: listed for issue_id, listed in found.items() if listed}


TOPIC = "topic"
"""The field of the vocabulary whose cues say that a sentence is about the dataset's subject."""


def nearby(text: str, codebook: Codebook) -> dict[Range, tuple[str, ...]]:
    """Find the sentences near the topic of a dataset, each with the issues of its cue words.

    Near are the sentences with a word of the topic, and those next to one with a cue of an issue.
    Without words of the topic in the codebook, all sentences with a cue of an issue are listed.
    """
    places = tuple(sentences(text))
    by_issue = candidates(text, codebook.issues)
    issues = {p: tuple(i for i, listed in by_issue.items() if p in listed) for p in places}
    words = [w for t in codebook.vocabulary if t.field == TOPIC for w in t.cues or (t.value,)]
    if not words:
        return {place: found for place, found in issues.items() if found}
    topic = _cue_pattern(words)
    near = [topic.search(text, *place) is not None for place in places]
    return {
        place: issues[place]
        for number, place in enumerate(places)
        if near[number] or (issues[place] and any(near[max(0, number - 1) : number + 2]))
    }


def _cue_pattern(cues: Iterable[str]) -> re.Pattern[str]:
    """Compile a case-insensitive pattern that finds cues at the start of words, with any spaces.

    In a script without spaces, a cue is found anywhere.
    """
    parts = (
        (r"\b" if has_spaces(cue[:1]) else "") + r"\s+".join(map(re.escape, cue.split()))
        for cue in cues
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def named(text: str, names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Count the occurrences of actors' names in a text, as whole words.

    Args:
        text: A document's text.
        names: All names of each actor, by ID. If two overlap in the text, the longer one counts:
            `Islamic State Khorasan` is not counted as `Islamic State`.

    Returns:
        Number of occurrences by actor ID, most frequent first.
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
