"""Check rules that need the documents' texts; they run only if a corpus is given.

Spans lie within their text, contain the coded words and begin and end at word boundaries. Texts
have the length that their document states. For copyright reasons, coders' own prose does not
repeat twelve consecutive words of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from stancedata.model.corpus import Corpus, at_word_edges, span_fault

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Offender = dict[str, Any]
RULES = ("span_words", "span_edge", "text_length", "text_missing", "copied_words")
WARNINGS = frozenset({"text_missing"})
SAYS = {
    "span_words": "A span contains the words that were coded, by digest.",
    "span_edge": "A span begins and ends at word boundaries.",
    "text_length": "A text has as many characters as its document says.",
    "text_missing": "The text of an anchored document is in the corpus.",
    "copied_words": "A coder's own text does not repeat twelve consecutive words of the document.",
}
MESSAGES = {
    "span_words": "{value}",
    "span_edge": "span breaks off inside a word, got {value}; begin and end it at word boundaries",
    "text_length": "is not the length of the text, got {value}; it has {other} characters",
    "text_missing": "{value}",
    "copied_words": "repeats twelve consecutive words of the document, got {value}; say it in "
    "your own words",
}
IN_A_ROW = 12


def offenders(tables: Mapping[str, pa.Table], corpus: Corpus) -> Iterator[tuple[str, Offender]]:
    """Find the offenders against rules about texts, each with the name of its rule."""
    documents = {row["document_id"]: row for row in _rows(tables["documents"])}
    yield from _of_documents(documents, corpus)
    copies = _Copies(documents, corpus)
    for prefix in ("", "second_"):
        for row in _rows(tables[f"{prefix}evidence"]):
            yield from _of_span(row, documents.get(row["document_id"], {}), corpus)
        document_of = {}
        for row in _rows(tables[f"{prefix}stances"]):
            document_of[row.get("coder"), row["stance_id"]] = row["document_id"]
            for name in ("summary", "note", "adjudication"):
                yield from copies.found(row, row["document_id"], name, row.get(name))
        for row in _rows(tables[f"{prefix}conditions"]):
            document_id = document_of.get((row.get("coder"), row["stance_id"]), "")
            field = f"conditions[{row['number'] - 1}].condition"
            yield from copies.found(row, document_id, field, row["condition"])


def _rows(table: pa.Table) -> Iterator[Row]:
    for batch in table.to_batches():
        yield from batch.to_pylist()


def _of_documents(documents: Mapping[str, Row], corpus: Corpus) -> Iterator[tuple[str, Offender]]:
    for document_id, row in documents.items():
        if row["sha256"] is None:
            continue
        if row["sha256"] not in corpus:
            fault = (
                f"is not in {corpus.folder}: no file has SHA-256 {row['sha256']}; put the exact "
                "text there, under any file name"
            )
            yield "text_missing", _offender("document", document_id, "text", fault)
        elif row["characters"] != (found := len(corpus[row["sha256"]])):
            got = str(row["characters"])
            yield "text_length", _offender("document", document_id, "text.characters", got, found)


def _of_span(row: Row, document: Row, corpus: Corpus) -> Iterator[tuple[str, Offender]]:
    start, end, sha256 = row["span_start"], row["span_end"], document.get("sha256")
    if start is None or end is None or sha256 is None or sha256 not in corpus:
        return
    stance, field = _stance_of(row), f"evidence[{row['number'] - 1}]"
    if fault := span_fault(corpus[sha256], start, end, row["sha256"]):
        yield "span_words", _offender(*stance, field, fault)
    elif not at_word_edges(corpus[sha256], start, end):
        yield "span_edge", _offender(*stance, field, f"[{start}, {end}]")


def _stance_of(row: Row) -> tuple[str, str]:
    """Give the kind and id of the stance that a row belongs to."""
    if row.get("coder"):
        return "blind", f"{row['coder']}/{row['stance_id']}"
    return "stance", row["stance_id"]


def _offender(kind: str, record_id: str, field: str, value: str, other: object = "") -> Offender:
    return {
        "kind": kind,
        "record_id": record_id,
        "field": field,
        "value": value,
        "other": str(other),
    }


class _Copies:
    """Finds passages copied from a document in coders' prose; caches the word runs of each text."""

    def __init__(self, documents: Mapping[str, Row], corpus: Corpus) -> None:
        self._documents = documents
        self._corpus = corpus
        self._runs: dict[str, frozenset[tuple[str, ...]]] = {}

    def found(
        self, row: Row, document_id: str, field: str, prose: str | None
    ) -> Iterator[tuple[str, Offender]]:
        sha256 = self._documents.get(document_id, {}).get("sha256")
        if not prose or sha256 is None or sha256 not in self._corpus:
            return
        if sha256 not in self._runs:
            self._runs[sha256] = frozenset(runs(self._corpus[sha256]))
        copied = next((run for run in runs(prose) if run in self._runs[sha256]), None)
        if copied:
            shown = repr(" ".join(copied[:4]) + " …")
            yield "copied_words", _offender(*_stance_of(row), field, shown)


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Iterate over all runs of twelve consecutive words, ignoring case and punctuation."""
    words = re.findall(r"\w+", text.casefold())
    return (tuple(words[i : i + IN_A_ROW]) for i in range(len(words) - IN_A_ROW + 1))
