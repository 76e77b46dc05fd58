"""Which texts of a dataset a folder has, which it nearly has, and what differs in these."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from stancedata.model.corpus import Corpus, digest_of

if TYPE_CHECKING:
    import pyarrow as pa

Change = tuple[str, Callable[[str], str]]
_FORMS: tuple[Change | None, ...] = (
    None,
    ("normalise it to Unicode NFC", functools.partial(unicodedata.normalize, "NFC")),
    ("normalise it to Unicode NFD", functools.partial(unicodedata.normalize, "NFD")),
    ("normalise it to Unicode NFKC", functools.partial(unicodedata.normalize, "NFKC")),
)
_SPACES: tuple[Change | None, ...] = (
    None,
    ("replace no-break spaces by spaces", lambda text: text.replace("\u00a0", " ")),
)
_LINES: tuple[Change | None, ...] = (
    None,
    ("remove spaces at the ends of lines", lambda text: re.sub(r"[ \t]+\n", "\n", text)),
    ("put one space for each run of spaces", lambda text: re.sub(r"[ \t]+", " ", text)),
    ("join lines and runs of spaces with one space", lambda text: " ".join(text.split())),
    ("leave out empty lines", lambda text: re.sub(r"\n\s*\n", "\n", text)),
    ("put one empty line for several", lambda text: re.sub(r"\n{3,}", "\n\n", text)),
)
_ENDS: tuple[Change | None, ...] = (
    None,
    ("remove white space at its ends", str.strip),
    ("remove white space at its ends, but for one line end", lambda text: text.strip() + "\n"),
)
_CLOSE = 0.05
"""The share of characters by which the lengths of two versions of a text may differ."""


@attrs.frozen
class Holding:
    """Whether a folder has the text of a document.

    Attributes:
        state: `there`, `nearly` or `missing`.
        file: The file that is the text, or nearly.
        difference: How to make the text from the file, or what differs; None if it is there.
    """

    document_id: str
    state: str
    file: str | None = None
    difference: str | None = None


def holdings(tables: Mapping[str, pa.Table], corpus: Corpus) -> list[Holding]:
    """Look for the text of every anchored document, in the order of their ids.

    A file is nearly a text if line ends apart, which never matter, it becomes the text by other
    Unicode normalisation or white space, or if words of the document's stances stand in it.

    Args:
        tables: The tables of a dataset.
        corpus: The texts.
    """
    documents = [row for row in tables["documents"].to_pylist() if row["sha256"]]
    found = {
        row["document_id"]: _there(row, corpus) for row in documents if row["sha256"] in corpus
    }
    wanted = {row["sha256"]: row for row in documents if row["document_id"] not in found}
    used = {corpus.path(row["sha256"]) for row in documents if row["document_id"] in found}
    others = [(file, text) for file, text in _texts(corpus) if file not in used] if wanted else []
    for file, text in others:
        for digest, how in _versions(text):
            if digest in wanted:
                key = wanted.pop(digest)["document_id"]
                found[key] = Holding(key, "nearly", file.name, how)
    spans = _spans(tables)
    for row in wanted.values():
        key = row["document_id"]
        found[key] = _by_words(row, spans.get(key, []), others) or Holding(key, "missing")
    return [found[row["document_id"]] for row in documents]


def _there(row: dict[str, str], corpus: Corpus) -> Holding:
    return Holding(row["document_id"], "there", corpus.path(row["sha256"]).name)


def _texts(corpus: Corpus) -> Iterator[tuple[Path, str]]:
    """Yield every file that is a text, canonical, once."""
    from stancedata.model.corpus import canonical_text

    for file in sorted({corpus.path(digest) for digest in corpus}):
        try:
            yield file, canonical_text(file.read_bytes().decode("utf-8"))
        except UnicodeDecodeError:
            yield file, canonical_text(file.read_bytes().decode("cp1252", errors="replace"))


def _versions(text: str) -> Iterator[tuple[str, str]]:
    """Yield digests of a text with other normalisation and white space, and how it is made."""
    for changes in itertools.product(_FORMS, _SPACES, _LINES, _ENDS):
        steps = [change for change in changes if change is not None]
        made = functools.reduce(lambda so_far, step: step[1](so_far), steps, text)
        if made != text or not steps:
            yield digest_of(made), "; ".join(name for name, _ in steps) or "save it as UTF-8"


def _spans(tables: Mapping[str, pa.Table]) -> dict[str, list[tuple[int, int, str]]]:
    """Collect the spans of each document, longest first."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for row in tables["evidence"].to_pylist():
        if row["span_start"] is not None:
            span = (row["span_start"], row["span_end"], row["sha256"])
            found.setdefault(row["document_id"], []).append(span)
    return {key: sorted(set(spans), key=lambda s: s[0] - s[1]) for key, spans in found.items()}


def _by_words(
    row: dict[str, int], spans: list[tuple[int, int, str]], texts: list[tuple[Path, str]]
) -> Holding | None:
    """Find the file of about the same length in which most spans of a document are found."""
    near = [
        (file, text)
        for file, text in texts
        if abs(len(text) - row["characters"]) <= _CLOSE * row["characters"] + 2
    ]
    counted = [(sum(_stands(text, *span) for span in spans), file, text) for file, text in near]
    most, file, text = max(counted, key=lambda item: item[0], default=(0, Path(), ""))
    if not most:
        return None
    length = f"{len(text)} characters, not {row['characters']}"
    said = f"{length}; {most} of the {len(spans)} spans are in it word for word"
    return Holding(str(row["document_id"]), "nearly", file.name, said)


def _stands(text: str, start: int, end: int, sha256: str) -> bool:
    """Return whether the words of a span stand in a text, near the place that they should have."""
    reach = int(_CLOSE * len(text)) + 2
    first, last = max(0, start - reach), min(len(text) - (end - start), start + reach)
    return any(digest_of(text[n : n + end - start]) == sha256 for n in range(first, last + 1))
