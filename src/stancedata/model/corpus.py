"""Evidence, the corpus of texts that it points into, and checks of its spans and digests."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

from stancedata.problems import StancedataError, shown

MOST_BYTES = 50_000_000


@attrs.frozen
class Evidence:
    """The passage of a document that supports a stance.

    Attributes:
        span_start: Index of the first character, in Unicode code points from 0.
        span_end: Index after the last character.
        sha256: Digest of those characters in UTF-8.
        locator: Replaces the span where the text is not available: `paragraph 4`.
        text_sha256: Digest of the document's text, its key in a corpus.
    """

    document_id: str
    span_start: int | None = None
    span_end: int | None = None
    sha256: str | None = None
    locator: str | None = None
    text_sha256: str | None = None

    def quote(self, corpus: Corpus | str | Path) -> str:
        """Read the quoted words from a corpus that has the document's text.

        Args:
            corpus: A `Corpus`, or the path of a folder of texts.

        Raises:
            StancedataError: If the evidence has no span, the text is not in the corpus, or the
                words differ from those that were coded.
        """
        return quote(self, corpus)

    def __str__(self) -> str:
        if self.span_start is None:
            return str(self.locator)
        return f"characters {self.span_start} to {self.span_end}"


class Corpus(Mapping[str, str]):
    """A mapping of texts by their SHA-256, from all files under a folder.

    Texts and digests are canonical (see `canonical_text`): a file may have any line ends, and a byte
    order mark. A file that is not canonical is also found by the digest of its bytes, unchanged,
    as it was before schema 2.

    Args:
        folder: The folder; its files may have any names and are only read.

    Raises:
        StancedataError: If the folder does not exist.
    """

    def __init__(self, folder: str | Path) -> None:
        if not isinstance(folder, str | os.PathLike) or not os.path.isdir(folder):
            got = shown(str(folder) if isinstance(folder, Path) else folder)
            raise StancedataError(f"corpus: is not a folder, got {got}; give a folder of texts")
        self.folder = Path(folder)
        self._texts: dict[str, str] = {}

    @functools.cached_property
    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and file.stat().st_size <= MOST_BYTES:
                raw = file.read_bytes()
                text = canonical_bytes(raw)
                found[digest_of(text)] = file
                if text != raw:
                    found[digest_of(raw)] = file
        return found

    def __getitem__(self, sha256: str) -> str:
        if sha256 not in self._texts:
            file = self._files[sha256]
            raw = file.read_bytes()
            text = raw if digest_of(raw) == sha256 else canonical_bytes(raw)
            try:
                self._texts[sha256] = text.decode("utf-8")
            except UnicodeDecodeError as error:
                got = f"byte 0x{error.object[error.start]:02x} at {error.start}"
                raise StancedataError(
                    f"{file}: is not UTF-8, got {got}; save it as UTF-8, and code it again"
                ) from None
        return self._texts[sha256]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def path(self, sha256: str) -> Path:
        """Return the file with a digest."""
        return self._files[sha256]


def as_corpus(corpus: Corpus | str | Path) -> Corpus:
    """Return a corpus unchanged, or open the folder with a path."""
    return corpus if isinstance(corpus, Corpus) else Corpus(corpus)


def canonical_text(text: str) -> str:
    r"""Return a text as digests and spans count it: line ends as `\n`, no byte order mark.

    The same text saved on another system is then the same text.
    """
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def canonical_bytes(raw: bytes) -> bytes:
    """Return the bytes of a canonical text in UTF-8; bytes in another encoding are left alone."""
    try:
        return canonical_text(raw.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return raw


def digest_of(content: str | bytes) -> str:
    """Compute the SHA-256 of bytes, or of a text in UTF-8, as hexadecimal digits."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def quote(evidence: Evidence, corpus: Corpus | str | Path) -> str:
    """Read the quoted words of evidence; see `stancedata.model.Evidence.quote`."""
    texts = as_corpus(corpus)
    fault = _fault(evidence, texts)
    if fault:
        raise StancedataError(f"{evidence.document_id}: {fault}")
    return texts[evidence.text_sha256 or ""][evidence.span_start : evidence.span_end]


def quoted(evidence: Evidence, corpus: Corpus) -> str:
    """Format the quoted words of evidence, or the reason why they are not available."""
    try:
        return f">> {quote(evidence, corpus)} <<"
    except StancedataError as error:
        return f"(cannot be shown: {error})"


def _fault(evidence: Evidence, corpus: Corpus) -> str:
    """Return why the words cannot be quoted; empty if they can."""
    start, end = evidence.span_start, evidence.span_end
    if start is None or end is None:
        return f"has no span, got locator {evidence.locator!r}; look at the document itself"
    if evidence.text_sha256 not in corpus:
        return (
            f"its text is not in {corpus.folder}: no file has SHA-256 {evidence.text_sha256}; "
            "put the exact text there, under any file name"
        )
    return span_fault(corpus[evidence.text_sha256 or ""], start, end, evidence.sha256)


def span_fault(text: str, start: int, end: int, sha256: str | None) -> str:
    """Return what is wrong with a span; empty if its words have the digest."""
    if not 0 <= start < end <= len(text):
        return f"span is outside the text, got [{start}, {end}]; it has {len(text)} characters"
    found = digest_of(text[start:end])
    if found != sha256:
        return f"span has different words, got SHA-256 {found}; it was coded as {sha256}"
    return ""


def at_word_edges(text: str, start: int, end: int) -> bool:
    """Return whether a span starts and ends at word boundaries, without outer white space.

    Scripts that are written without spaces have no such boundaries within a sentence: there, a span
    may start and end at every character that a reader sees, a letter with all its marks.
    """
    edges_are_words = not text[start].isspace() and not text[end - 1].isspace()
    return edges_are_words and not _inside_word(text, start) and not _inside_word(text, end)


_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"  # Thai to Khmer and beyond
    "\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
)
_JOINER = "\u200d"
# Vowels after their letter that are not marks by category, the other joiner, and skin tones.
_JOINED = frozenset(
    "\u0e33\u0eb3\u200c\u200d\uff9e\uff9f" + "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)


def _inside_word(text: str, index: int) -> bool:
    """Return whether a position is inside a word, or inside what a reader sees as one character."""
    if not 0 < index < len(text) or text[index].isspace() or text[index - 1].isspace():
        return False
    if _is_joined(text[index]) or text[index - 1] == _JOINER or _inside_flag(text, index):
        return True
    base = index - 1
    while base > 0 and _is_joined(text[base]):
        base -= 1
    before, after = text[base], text[index]
    if not before.isalnum() or not after.isalnum():
        return False
    return has_spaces(before) and has_spaces(after)


def has_spaces(character: str) -> bool:
    """Return whether the script of a character puts spaces between words."""
    return not _NO_SPACES.match(character)


def _is_joined(character: str) -> bool:
    return character in _JOINED or unicodedata.category(character).startswith("M")


def _inside_flag(text: str, index: int) -> bool:
    """Return whether a position is between the two letters of a flag."""
    letters = 0
    while letters < index and "\U0001f1e6" <= text[index - letters - 1] <= "\U0001f1ff":
        letters += 1
    return letters % 2 == 1 and "\U0001f1e6" <= text[index] <= "\U0001f1ff"
