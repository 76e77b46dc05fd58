"""Show the coding of a document next to its text, and candidate sentences not coded yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stancedata import text as rendering
from stancedata.coding.candidates import candidates
from stancedata.coding.passages import Range
from stancedata.dataset import Dataset
from stancedata.dataset.folders import dataset_of
from stancedata.model import Document, Evidence, Stance
from stancedata.model.corpus import Corpus, quoted
from stancedata.model.stances import other_fields


def review(data: Path, document_id: str, corpus: Path | None) -> str:
    """Render each stance of a document with its quotations, then the uncoded candidate sentences.

    Args:
        data: The data folder; problems in other files do not matter.
        document_id: ID of the document.
        corpus: Folder with its text; without one, no quotations are shown.

    Raises:
        StancedataError: If there is no such document.
    """
    dataset = dataset_of(data)
    document = dataset.documents[document_id]
    texts = None if corpus is None else Corpus(corpus)
    stances = [s for s in dataset.stances.values() if s.document_id == document_id]
    text = texts.get(document.sha256 or "") if texts is not None else None
    lines = [rendering.heading(f"{document.title} [{document_id}]")]
    for stance in sorted(stances, key=_first):
        lines += ["", *_stance(dataset, stance, texts)]
    lines += ["", *_uncoded(dataset, document, stances, text, corpus)]
    return "\n".join(lines)


def _first(stance: Stance) -> tuple[int, str]:
    """Return a sort key that orders stances as in the text."""
    starts = [e.span_start for e in stance.evidence if e.span_start is not None]
    return (min(starts, default=0), stance.stance_id)


def _stance(dataset: Dataset, stance: Stance, texts: Corpus | None) -> Iterator[str]:
    number = stance.stance_id.rpartition("#")[2]
    holders = ", ".join(dataset.names.get(h.actor_id, h.actor_id) for h in stance.holders)
    level = rendering.shaded(rendering.level(stance.level_name, stance.level), stance.level)
    yield f"{number}  {stance.issue_id} {level}  {holders}"
    facts = [
        str(stance.stated_on),
        stance.act,
        stance.attribution,
        f"confidence {stance.confidence}",
        *(f"by {dataset.names.get(i, i)}" for i in (stance.speaker_id,) if i),
    ]
    yield "     " + " · ".join(facts)
    yield rendering.paragraph(stance.summary, "     ")
    for name, value in _facts(dataset, stance):
        if value:
            yield rendering.paragraph(f"{name}: {value}", "     ")
    for evidence in stance.evidence:
        yield rendering.paragraph(_place(evidence, texts), "     ")


def _facts(dataset: Dataset, stance: Stance) -> Iterator[tuple[str, str | None]]:
    yield "target", dataset.names.get(stance.target_id or "", stance.target_id)
    yield "quantifier", stance.quantifier
    yield "aspects", ", ".join(stance.aspects)
    yield "event", stance.event_id
    yield "dated by", stance.dated_by
    yield from other_fields(stance)
    for condition in stance.conditions:
        issue = f" ({condition.issue_id})" if condition.issue_id else ""
        yield "condition", condition.condition + issue


def _place(evidence: Evidence, texts: Corpus | None) -> str:
    if evidence.span_start is None:
        return str(evidence.locator)
    span = f"[{evidence.span_start}, {evidence.span_end}]"
    return span if texts is None else " ".join([span, *quoted(evidence, texts).split()])


def _uncoded(
    dataset: Dataset,
    document: Document,
    stances: list[Stance],
    text: str | None,
    corpus: Path | None,
) -> Iterator[str]:
    """Yield lines on sentences with cue words of an issue that no stance on it overlaps."""
    if document.sha256 is None:
        yield "The text may not be kept, so its sentences cannot be searched."
        return
    if text is None:
        what = f"is not in {corpus}" if corpus is not None else "was not given"
        yield f"Its text {what}; give the folder that has it with --corpus DIR."
        return
    spans = [
        (e.span_start or 0, e.span_end or 0, stance.issue_id)
        for stance in stances
        for e in stance.evidence
    ]
    uncoded: dict[Range, list[str]] = {}
    for issue_id, places in candidates(text, dataset.issues.values()).items():
        for start, end in places:
            if not any(a < end and start < b and i == issue_id for a, b, i in spans):
                uncoded.setdefault((start, end), []).append(issue_id)
    yield rendering.heading(f"Sentences with cue words that no stance points to: {len(uncoded)}")
    for (start, end), listed in sorted(uncoded.items()):
        words = " ".join(text[start:end].split())
        yield rendering.paragraph(f"[{start}, {end}] {', '.join(listed)}: {words}", "  ")
