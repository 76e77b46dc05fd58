"""Verify every evidence span against the documents' texts and count the results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.model.corpus import Corpus, as_corpus
from stancedata.model.printed import Printed
from stancedata.problems import Place, Problem
from stancedata.rules import texts as wording

if TYPE_CHECKING:
    import pyarrow as pa


@attrs.frozen
class Verification(Printed):
    """The result of verifying a dataset against its texts.

    Attributes:
        spans: The number of spans, published and blind.
        verified: The number of spans whose digest matches and that end at word boundaries.
        missing_texts: Ids of the anchored documents whose text is not in the corpus.
        problems: The problems found, sorted.
    """

    spans: int
    verified: int
    missing_texts: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """Whether every span was verified and no problem was found."""
        return self.spans == self.verified and not self.problems

    def __str__(self) -> str:
        share = 100 * self.verified / self.spans if self.spans else 100.0
        return f"{self.verified} of {self.spans} spans verified, {share:.4g} %"


def verify(tables: Mapping[str, pa.Table], corpus: Corpus | str | Path) -> Verification:
    """Verify every evidence span against a corpus; see `Dataset.verify`.

    Coders' own prose is not checked here; use `check` with a corpus.
    """
    texts = as_corpus(corpus)
    problems = []
    missing = []
    failed = 0
    for rule, offender in wording.offenders(tables, texts):
        if rule == "copied_words":
            continue
        failed += rule.startswith("span_")
        if rule == "text_missing":
            missing.append(offender["record_id"])
        message = wording.MESSAGES[rule].format(**offender)
        where = Place(offender["record_id"])
        problems.append(Problem(where, offender["field"], message, "error", rule))
    spans, unread = _counts(tables, texts)
    return Verification(
        spans, spans - unread - failed, tuple(sorted(missing)), tuple(sorted(problems))
    )


def _counts(tables: Mapping[str, pa.Table], corpus: Corpus) -> tuple[int, int]:
    """Count the spans, and those that were not compared with a text: it is missing, or unknown."""
    documents = tables["documents"].select(["document_id", "sha256"]).to_pylist()
    read = {row["document_id"] for row in documents if row["sha256"] in corpus}
    spans = unread = 0
    for name in ("evidence", "second_evidence"):
        columns = tables[name].select(["span_start", "span_end", "document_id"]).to_pylist()
        for row in columns:
            is_span = row["span_start"] is not None
            spans += is_span
            unread += is_span and (row["span_end"] is None or row["document_id"] not in read)
    return spans, unread
