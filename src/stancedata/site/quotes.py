"""The words of stances, from a corpus, where a site may show them."""

from __future__ import annotations

from collections.abc import Mapping

from stancedata.model import Document, Evidence
from stancedata.model.corpus import Corpus, quote
from stancedata.problems import StancedataError, counted
from stancedata.site.addresses import language_tag


class Quotes:
    """Words that a site shows: of documents whose texts anyone may publish.

    Args:
        documents: The documents, by id.
        corpus: Their texts; None to show no words.
    """

    def __init__(self, documents: Mapping[str, Document], corpus: Corpus | None) -> None:
        self._documents = documents
        self._corpus = corpus
        self._shown: set[str] = set()

    def of(self, evidence: Evidence) -> str:
        """Return the words of evidence; empty if they may not be shown, or are not available."""
        document = self._documents.get(evidence.document_id)
        if self._corpus is None or document is None or not document.is_public:
            return ""
        try:
            found = quote(evidence, self._corpus)
        except StancedataError:
            return ""
        self._shown.add(document.document_id)
        return found

    @property
    def note(self) -> str:
        """What the first page says about words: whether they are shown, and where."""
        if not self._shown:
            return "The pages show no words of documents: each stance has a summary, its place and a link."
        number = len(self._shown)
        return (
            f"The pages quote {counted(number, 'document')} that anyone may publish; other stances "
            "have a summary, their place and a link."
        )

    def language(self, evidence: Evidence) -> str | None:
        """Return the language of the words, if it is not that of the pages."""
        document = self._documents.get(evidence.document_id)
        tag = language_tag(document.language) if document else None
        return None if tag == "en" else tag
