"""Texts by digest, and whether the words are where the coding says."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from stancedata.model import Evidence, Stance
from stancedata.problems import Place, Problem, StancedataError

MOST_BYTES = 50_000_000


class Corpus(Mapping[str, str]):
    """Texts by the SHA-256 of their bytes, from every file under a folder.

    Args:
        folder: Where the texts are, under any names. They are other people's: they stay there.

    Raises:
        StancedataError: The folder does not exist.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._texts: dict[str, str] = {}
        if not self.folder.is_dir():
            raise StancedataError(f"corpus: is no folder, got {str(folder)!r}; name one with texts")

    @functools.cached_property
    def _files(self) -> dict[str, Path]:
        files = (file for file in sorted(self.folder.rglob("*")) if file.is_file())
        return {
            hashlib.sha256(file.read_bytes()).hexdigest(): file
            for file in files
            if file.stat().st_size <= MOST_BYTES
        }

    def __getitem__(self, sha256: str) -> str:
        if sha256 not in self._texts:
            self._texts[sha256] = self._files[sha256].read_bytes().decode("utf-8")
        return self._texts[sha256]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def path(self, sha256: str) -> Path:
        """The file that has a digest."""
        return self._files[sha256]


def as_corpus(corpus: Corpus | str | Path) -> Corpus:
    """A corpus, from itself or from the path of a folder."""
    return corpus if isinstance(corpus, Corpus) else Corpus(corpus)


def digest_of(words: str) -> str:
    """SHA-256 of a text's UTF-8."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


def quote(evidence: Evidence, corpus: Corpus | str | Path) -> str:
    """The words of a piece of evidence; see `stancedata.model.Evidence.quote`."""
    texts = as_corpus(corpus)
    fault = _fault(evidence, texts)
    if fault:
        raise StancedataError(f"{evidence.document_id}: {fault}")
    return texts[evidence.text_sha256 or ""][evidence.span_start : evidence.span_end]


def _fault(evidence: Evidence, corpus: Corpus) -> str:
    """What keeps the words from being quoted; empty where nothing does."""
    start, end = evidence.span_start, evidence.span_end
    if start is None or end is None:
        return f"has no span, got locator {evidence.locator!r}; look at the document itself"
    if evidence.text_sha256 not in corpus:
        return (
            f"its text is not in {corpus.folder}, got no file with SHA-256 {evidence.text_sha256}; "
            "put the very text there, under any name"
        )
    text = corpus[evidence.text_sha256 or ""]
    if not 0 <= start < end <= len(text):
        return f"span lies outside the text, got [{start}, {end}]; it has {len(text)} characters"
    found = digest_of(text[start:end])
    if found != evidence.sha256:
        return f"span holds other words, got SHA-256 {found}; it was coded as {evidence.sha256}"
    return ""


def at_word_edges(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends at a word's edge and not at white space."""

    def inside_word(index: int) -> bool:
        return 0 < index < len(text) and text[index - 1].isalnum() and text[index].isalnum()

    edges_are_words = not text[start].isspace() and not text[end - 1].isspace()
    return edges_are_words and not inside_word(start) and not inside_word(end)


@attrs.frozen
class Verification:
    """What a look at the texts showed.

    Attributes:
        spans: Spans that there are.
        verified: Spans whose words are there, by digest.
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


def verify(
    stances: Iterable[Stance], lengths: Mapping[str, int | None], corpus: Corpus | str | Path
) -> Verification:
    """Look up every span of stances in a corpus.

    Args:
        stances: Published and blind ones alike.
        lengths: Characters of each document's text, by id.
        corpus: Holds the texts.
    """
    texts = as_corpus(corpus)
    spans = verified = 0
    missing: set[str] = set()
    problems: list[Problem] = []
    seen: dict[str, str | None] = {}
    for stance in stances:
        name = f"{stance.coder}/{stance.stance_id}" if stance.coder else stance.stance_id
        for number, evidence in enumerate(stance.evidence):
            if evidence.span_start is None:
                continue
            spans += 1
            seen[evidence.document_id] = evidence.text_sha256
            fault = _fault(evidence, texts) or _edge_fault(evidence, texts)
            verified += not fault
            if fault and evidence.text_sha256 not in texts:
                missing.add(evidence.document_id)
            elif fault:
                problems.append(Problem(Place(name), f"evidence[{number}]", fault))
    problems += _length_problems(seen, lengths, texts)
    problems += [Problem(Place(d), "text", _missing(d, seen[d], texts)) for d in sorted(missing)]
    return Verification(spans, verified, tuple(sorted(missing)), tuple(sorted(problems)))


def _missing(document_id: str, sha256: str | None, corpus: Corpus) -> str:
    return (
        f"is not in {corpus.folder}, got no file with SHA-256 {sha256}; put the very text there, "
        "under any name"
    )


def _edge_fault(evidence: Evidence, corpus: Corpus) -> str:
    text = corpus[evidence.text_sha256 or ""]
    start, end = evidence.span_start or 0, evidence.span_end or 0
    if at_word_edges(text, start, end):
        return ""
    return f"span cuts a word, got [{start}, {end}]; begin and end it at a word's edge"


def _length_problems(
    digests: Mapping[str, str | None], lengths: Mapping[str, int | None], corpus: Corpus
) -> Iterator[Problem]:
    for document_id, sha256 in digests.items():
        if sha256 in corpus and lengths.get(document_id) != (found := len(corpus[sha256 or ""])):
            got = lengths.get(document_id)
            what = f"is not the length of the text, got {got}; it has {found} characters"
            yield Problem(Place(document_id), "text.characters", what)
