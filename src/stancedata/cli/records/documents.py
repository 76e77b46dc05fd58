"""Format a document and a stance, with its words if a corpus has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancedata import text as rendering
from stancedata.cli.records.lines import holders_line, names_of, source_line
from stancedata.model import Document, Stance
from stancedata.model.corpus import Corpus, quoted
from stancedata.model.stances import TIES, other_fields
from stancedata.text import level

if TYPE_CHECKING:
    from stancedata.dataset import Dataset


def stance_text(dataset: Dataset, stance: Stance, corpus: Corpus | None) -> str:
    """Format a stance; with a corpus, with its words."""
    parts = [
        rendering.heading(
            f"{stance.issue_id}: {level(stance.level_name, stance.level)} [{stance.stance_id}]"
        ),
        rendering.paragraph(stance.summary),
        "",
        rendering.fields(
            [
                ("who", holders_line(dataset, stance)),
                (TIES["target_id"], names_of(dataset, [stance.target_id])),
                ("stated", f"{stance.stated_on} ({stance.stated_on.kind})"),
                *_ties(stance, "dated_by", "event_id"),
                ("act", stance.act),
                ("attribution", stance.attribution),
                ("aspects", ", ".join(stance.aspects)),
                ("confidence", stance.confidence),
                *other_fields(stance),
                *_ties(stance, "coder", "published_id"),
                ("adjudication", stance.adjudication),
                (
                    "document",
                    f"{source_line(dataset.documents[stance.document_id])} [{stance.document_id}]",
                ),
            ]
        ),
    ]
    parts += map(str, stance.conditions)
    for evidence in stance.evidence:
        proof = f"SHA-256 {evidence.sha256}" if evidence.sha256 else "cited, without a digest"
        parts.append(f"evidence: {evidence}, {proof}")
        if corpus is not None:
            parts.append(rendering.paragraph(quoted(evidence, corpus), "     "))
    return "\n".join(parts)


def _ties(stance: Stance, *names: str) -> list[tuple[str, str | None]]:
    return [(TIES[name], getattr(stance, name)) for name in names]


def document_text(dataset: Dataset, document: Document) -> str:
    """Format a document with its stances."""
    d = document
    parts = [
        rendering.heading(f"{d.title} [{d.document_id}]"),
        rendering.fields(
            [
                ("publisher", d.publisher),
                ("author", d.author),
                ("kind", d.kind),
                ("language", d.language),
                ("published", d.published_on),
                ("address", d.url),
                ("derived from", d.derived_from),
                ("SHA-256", d.sha256),
                ("characters", d.characters),
                ("coded", f"{d.coded_date} by {d.coder}"),
                ("note", d.note),
            ]
        ),
        "",
    ]
    stances = [s for s in dataset.stances.values() if s.document_id == d.document_id]
    rows = [
        (
            s.stance_id.rpartition("#")[2],
            s.issue_id,
            level(s.level_name, s.level),
            names_of(dataset, s.parties),
            s.stated_on.text,
        )
        for s in stances
    ]
    parts.append(rendering.table(("stance", "issue", "level", "holders", "stated"), rows))
    return "\n".join(parts)
