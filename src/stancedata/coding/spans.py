"""Find the span of a quotation in a text, and write it to the curated file."""

from __future__ import annotations

from pathlib import Path

import attrs

from stancedata.atomic import write_text
from stancedata.coding.lookup import require_folder
from stancedata.coding.passages import Passages
from stancedata.curation import records
from stancedata.curation.format import layout
from stancedata.curation.source import read, read_text
from stancedata.curation.structure import structure
from stancedata.curation.tree import Node, from_plain, parse, plain
from stancedata.data_folder import listed
from stancedata.model.corpus import Corpus, at_word_edges, digest_of
from stancedata.problems import (
    InvalidDataError,
    StancedataError,
    did_you_mean,
    one_of,
    there_are,
)


@attrs.frozen
class Span:
    """A span of a text, from `start` to `end` (exclusive), and the digest of its characters."""

    start: int
    end: int
    sha256: str


def code_span(
    data: Path,
    document: str,
    stance: str,
    words: str,
    corpus: Path | None,
    occurrence: int | None = None,
    replace: int | None = None,
) -> Span:
    """Find words in a document's text, and write their span and digest to a stance.

    Args:
        data: The data folder.
        document: ID of the document.
        stance: ID of the stance, such as `s01`.
        words: The words as they occur in the text.
        corpus: Folder that contains the text.
        occurrence: Which occurrence is meant, counted from 1, if there are several.
        replace: Index of the piece of evidence to overwrite, from 0; by default one is added.

    Raises:
        StancedataError: If any of these does not exist; the file is unchanged.
    """
    file = file_of(data, document)
    stance = stance.removeprefix(f"{document}#")
    text = text_in(corpus, file, _digest(file) if corpus is not None else "")
    span = choose(text, words, occurrence)
    write_span(file, stance, span, replace)
    return span


def file_of(data: Path, document: str) -> Path:
    """Return the file of a document, or raise with the closest ID if there is none."""
    require_folder(data)
    files = {file.stem: file for file in listed(data, "documents")}
    if document not in files:
        hint = did_you_mean(document, files) or there_are(len(files))
        raise StancedataError(f"document: does not exist, got {document!r}; {hint}")
    return files[document]


def text_in(corpus: Path | None, file: Path, sha256: str) -> str:
    """Look up the text of a document's file in a corpus by its digest; raise if it is missing."""
    if corpus is None:
        raise StancedataError("corpus: is missing; give the folder with --corpus DIR")
    text = Corpus(corpus).get(sha256)
    if text is None:
        raise StancedataError(
            f"{file}: its text is not in {corpus}: no file has its SHA-256; put the exact text "
            "there"
        )
    return text


def _digest(file: Path) -> str:
    source = read(file)
    value = source.value.get("text") if isinstance(source.value, dict) else None
    record, problems = structure(source, records.TextRecord, ("text",), value)
    if record is None:
        raise InvalidDataError(problems)
    return record.sha256


def find(text: str, words: str) -> tuple[Span, ...]:
    """Return every span of a text that matches some words, first to last.

    Quotation marks of any shape match each other, and so does white space of any length, because
    they are rarely typed as printed. The digest is that of the characters in the text.
    """
    found = Passages(text).alike(words)
    return tuple(Span(start, end, digest_of(text[start:end])) for start, end in found)


def choose(text: str, words: str, occurrence: int | None) -> Span:
    """Return the span of some words in a text.

    Args:
        text: The document's text.
        words: The words as they occur in the text.
        occurrence: Which occurrence is meant, counted from 1, if there are several.

    Raises:
        StancedataError: If the words do not occur, occur several times and `occurrence` is None,
            or begin or end inside a word.
    """
    found = find(text, words)
    if not found:
        raise StancedataError(
            f"words: do not occur in the text, got {words[:60]!r}; copy them from the text"
        )
    if occurrence is None and len(found) > 1:
        places = "\n".join(f"  {n}: {_context(text, s)}" for n, s in enumerate(found, 1))
        raise StancedataError(
            f"words: occur {len(found)} times, got {words[:60]!r}; choose with --occurrence:\n{places}"
        )
    number = 1 if occurrence is None else occurrence
    if not 1 <= number <= len(found):
        there = there_are(len(found))
        raise StancedataError(f"occurrence: does not exist, got {number}; {there}")
    span = found[number - 1]
    if not at_word_edges(text, span.start, span.end):
        raise StancedataError(
            f"words: break off inside a word, got {_context(text, span)}; begin and end at word "
            "boundaries"
        )
    return span


def _context(text: str, span: Span) -> str:
    before, after = text[max(0, span.start - 30) : span.start], text[span.end : span.end + 30]
    words = text[span.start : span.end]
    middle = words if len(words) <= 50 else f"{words[:30]} … {words[-15:]}"
    return " ".join(f"{span.start}-{span.end} …{before}[{middle}]{after}…".split())


def write_span(file: Path, stance: str, span: Span, replace: int | None = None) -> None:
    """Write a span to a stance in a document's file, keeping comments.

    Args:
        file: The document's file.
        stance: ID of the stance within the document: `s01`.
        span: The span to write.
        replace: Index of the piece of evidence to overwrite, from 0; by default one is added.

    Raises:
        StancedataError: If the stance or evidence does not exist, or already has that span.
    """
    tree = parse(read_text(file, str(file)), str(file))
    node = stance_node(tree.top, stance, file)
    found = (
        node.value["evidence"].value
        if isinstance(node.value, dict) and "evidence" in node.value
        else []
    )
    evidence = found if isinstance(found, list) else []
    made = from_plain({"span": [str(span.start), str(span.end)], "sha256": span.sha256})
    others = [plain(item) for number, item in enumerate(evidence) if number != replace]
    if plain(made) in others:
        got = f"[{span.start}, {span.end}]"
        raise StancedataError(f"{stance}: already has that span, got {got}; nothing to do")
    if replace is None:
        evidence.append(made)
    elif 0 <= replace < len(evidence):
        made.before, made.inline = evidence[replace].before, evidence[replace].inline
        evidence[replace] = made
    else:
        there = there_are(len(evidence))
        raise StancedataError(f"replace: does not exist, got {replace}; {there}")
    assert isinstance(node.value, dict)
    node.value.setdefault("evidence", Node([])).value = evidence
    write_text(file, layout(tree, records.DocumentRecord))


def stance_node(top: Node, stance: str, file: Path) -> Node:
    """Return the stance of an ID such as `s01` in a file; raise if the file has none."""
    found = top.value.get("stances") if isinstance(top.value, dict) else None
    nodes = found.value if found is not None and isinstance(found.value, list) else []
    by_id = {
        str(n.value["id"].value): n for n in nodes if isinstance(n.value, dict) and "id" in n.value
    }
    if stance not in by_id:
        listed = f"use one of {one_of(list(by_id))}" if by_id else "it has none yet"
        hint = did_you_mean(stance, by_id) or listed
        raise StancedataError(f"{file}: has no stance with that id, got {stance!r}; {hint}")
    return by_id[stance]
