"""Look up every span of a dataset in the documents' texts, and count."""

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
    """What a look at the texts showed.

    Attributes:
        spans: Spans that there are, published and blind.
        verified: Spans whose words are there, by digest, and end at words' edges.
        missing_texts: Ids of the anchored documents whose text the corpus does not have.
        problems: Everything that is wrong, sorted.
    """

    spans: int
    verified: int
    missing_texts: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def complete(self) -> bool:
        """True where every span was found and nothing is wrong."""
        return self.spans == self.verified and not self.problems

    def __str__(self) -> str:
        share = 100 * self.verified / self.spans if self.spans else 100.0
        return f"{self.verified} of {self.spans} spans verified, {share:.4g} %"


def verify(tables: Mapping[str, pa.Table], corpus: Corpus | str | Path) -> Verification:
    """Look up every span of tables in a corpus; see `Dataset.verify`.

    What coders wrote is not looked at here: `check` with a corpus does that.
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
    spans, lost = _counts(tables, frozenset(missing))
    return Verification(
        spans, spans - lost - failed, tuple(sorted(missing)), tuple(sorted(problems))
    )


def _counts(tables: Mapping[str, pa.Table], missing: frozenset[str]) -> tuple[int, int]:
    """Number of spans, and of those among them whose text is not there."""
    spans = lost = 0
    for name in ("evidence", "second_evidence"):
        columns = tables[name].select(["span_start", "document_id"]).to_pydict()
        for start, document_id in zip(columns["span_start"], columns["document_id"], strict=True):
            spans += start is not None
            lost += start is not None and document_id in missing
    return spans, lost
