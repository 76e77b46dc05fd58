"""What a coder is helped with: words to a span, in the document's file."""

from __future__ import annotations

from pathlib import Path

from stancedata.coding.spans import Span, choose, write_span
from stancedata.curation import records
from stancedata.curation.source import read
from stancedata.curation.structure import structure
from stancedata.data_folder import is_data_folder, listed
from stancedata.model.corpus import Corpus
from stancedata.problems import InvalidDataError, StancedataError, did_you_mean


def code_span(
    data: Path, document: str, stance: str, words: str, corpus: Path | None,
    occurrence: int | None = None, replace: int | None = None,
) -> Span:  # fmt: skip
    """Find words in a document's text, and write their span and digest to a stance.

    Args:
        data: The data folder.
        document: Id of the document.
        stance: Local id of the stance.
        words: Words of the text.
        corpus: Folder that holds the text.
        occurrence: Which one, from 1, where the words occur more than once.
        replace: Number of the piece of evidence to overwrite, from 0; by default one is added.

    Raises:
        StancedataError: Something of that does not exist; the file is as it was.
    """
    file = file_of(data, document)
    stance = stance.removeprefix(f"{document}#")
    text = text_in(corpus, file, _digest(file) if corpus is not None else "")
    span = choose(text, words, occurrence)
    write_span(file, stance, span, replace)
    return span


def file_of(data: Path, document: str) -> Path:
    """The file of a document; refused with the nearest id where there is none."""
    if not is_data_folder(data):
        raise StancedataError(f"{data}: is no data folder; name one with --data DIR")
    files = {file.stem: file for file in listed(data, "documents")}
    if document not in files:
        hint = did_you_mean(document, files) or f"there are {len(files)}"
        raise StancedataError(f"document: does not exist, got {document!r}; {hint}")
    return files[document]


def text_in(corpus: Path | None, file: Path, sha256: str) -> str:
    """The text of a document's file in a corpus, by the digest that the file has."""
    if corpus is None:
        raise StancedataError("corpus: is missing, got none; name the folder with --corpus DIR")
    text = Corpus(corpus).get(sha256)
    if text is None:
        raise StancedataError(
            f"{file}: its text is not in {corpus}, got no file with its sha256; put the very text there"
        )
    return text


def _digest(file: Path) -> str:
    source = read(file)
    value = source.value.get("text") if isinstance(source.value, dict) else None
    record, problems = structure(source, records.TextRecord, ("text",), value)
    if record is None:
        raise InvalidDataError(problems)
    return record.sha256
