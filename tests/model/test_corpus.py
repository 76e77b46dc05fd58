"""Spans, digests and quotations, on test texts and on the founding documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.coding.spans import choose, find
from stancedata.model.corpus import at_word_edges, canonical_text, digest_of
from stancedata.rules.verification import verify
from stancedata.tables.rows import to_tables
from tests.support.paths import TEXTS


def test_quote(small: sd.Dataset) -> None:
    """Evidence is quoted from a corpus or from the path of one."""
    evidence = small.stances["daily-post-2021-10-21#s01"].evidence[0]
    assert "We do not recognise them" == evidence.quote(sd.Corpus(TEXTS))
    assert "We do not recognise them" == evidence.quote(str(TEXTS))


def test_quote_refuses(small: sd.Dataset, tmp_path: Path) -> None:
    """Quoting fails if the text is missing or its words differ."""
    evidence = small.stances["daily-post-2021-10-21#s01"].evidence[0]
    with pytest.raises(sd.StancedataError, match="its text is not in"):
        evidence.quote(str(tmp_path))
    with pytest.raises(sd.StancedataError, match="span has different words"):
        attrs.evolve(evidence, span_start=98).quote(str(TEXTS))
    with pytest.raises(sd.StancedataError, match="is outside the text"):
        attrs.evolve(evidence, span_end=9999).quote(str(TEXTS))
    with pytest.raises(sd.StancedataError, match="has no span, got locator 'paragraph 4'"):
        sd.Evidence("d", locator="paragraph 4").quote(str(TEXTS))
    with pytest.raises(sd.StancedataError, match="corpus: is not a folder"):
        evidence.quote(str(tmp_path / "none"))


def test_verify(small: sd.Dataset) -> None:
    """Every published and blind span of the miniature repository is verified."""
    found = small.verify(TEXTS)
    assert (6, 6, True, "6 of 6 spans verified, 100 %") == (
        found.spans, found.verified, found.complete, str(found)
    )  # fmt: skip


@pytest.mark.parametrize("rows", ["all", "none"])
def test_a_span_without_a_text_is_not_verified(small: sd.Dataset, rows: str) -> None:
    """A span whose document has no digest, or is not there, was compared with nothing."""
    tables = dict(small.tables)
    documents = tables["documents"]
    nothing: pa.Array[Any] = pa.nulls(documents.num_rows, pa.string())
    place = documents.schema.get_field_index("sha256")
    kept = documents.set_column(place, documents.schema.field(place), nothing)
    found = verify({**tables, "documents": kept if rows == "all" else kept.slice(0, 0)}, TEXTS)
    assert (6, 0, False) == (found.spans, found.verified, found.complete)


def test_verify_reports_everything(small: sd.Dataset, tmp_path: Path) -> None:
    """Missing texts, different words, cut words and a wrong length are all reported."""
    (tmp_path / "post").write_bytes((TEXTS / "daily-post.txt").read_bytes())
    stance = small.stances["daily-post-2021-10-21#s01"]
    evidence = stance.evidence[0]
    text = (TEXTS / "daily-post.txt").read_text(encoding="utf-8")
    cut = attrs.evolve(evidence, span_start=100, sha256=digest_of(text[100:123]))
    other = attrs.evolve(evidence, span_start=98)
    spoiled = attrs.evolve(stance, evidence=(cut, other))
    document = attrs.evolve(small.documents["daily-post-2021-10-21"], characters=5)
    content = model.Content(
        model.Codebook((), ()), tuple(small.actors.values()), tuple(small.events.values()),
        (document, small.documents["communique-2021-10-20"]),
        (spoiled, small.stances["communique-2021-10-20#s01"]),
    )  # fmt: skip
    found = verify(to_tables(content), tmp_path)
    assert ("communique-2021-10-20",) == found.missing_texts
    lines = "\n".join(map(str, found.problems))
    assert (
        "daily-post-2021-10-21#s01: evidence[0]: span breaks off inside a word, got [100, 123]"
        in lines
    )
    assert "daily-post-2021-10-21#s01: evidence[1]: span has different words" in lines
    assert (
        "daily-post-2021-10-21: text.characters: is not the length of the text, got 5; it has 226"
        in lines
    )
    assert "communique-2021-10-20: text: is not in" in lines
    assert (3, 0, False) == (found.spans, found.verified, found.complete)


def test_find_is_tolerant_and_exact() -> None:
    """Kinds of quotation marks and white space are equivalent; spans refer to the original text."""
    text = 'He  said:\n“No’s no”, and again: "No\'s no".'
    spans = find(text, '"No\'s no"')
    assert ["“No’s no”", '"No\'s no"'] == [text[s.start : s.end] for s in spans]
    assert ["He  said:\n“No’s no”"] == [
        text[s.start : s.end]
        for s in find(text, "He said: 'No's no'".replace("'No's no'", '"No\'s no"'))
    ]


def test_choose_refuses() -> None:
    """Words that do not occur, occur twice or cut a word are refused, with advice."""
    text = "The cat and the other cat sat."
    with pytest.raises(sd.StancedataError, match="words: do not occur in the text, got 'dog'"):
        choose(text, "dog", None)
    with pytest.raises(
        sd.StancedataError, match=r"words: occur 2 times, got 'cat'; choose with --occ"
    ):
        choose(text, "cat", None)
    assert 22 == choose(text, "cat", 2).start
    with pytest.raises(sd.StancedataError, match="occurrence: does not exist, got 3; there are 2"):
        choose(text, "cat", 3)
    with pytest.raises(sd.StancedataError, match="words: break off inside a word"):
        choose(text, "ther cat", None)
    with pytest.raises(sd.StancedataError, match="words: do not occur"):
        choose(text, "  ", None)


@given(st.text(alphabet="ab ’'“\n", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_words_of_a_text_are_found_where_they_are(text: str, start: int, length: int) -> None:
    """Any words of a text are found at their position, perhaps among others."""
    words = text[start : start + length]
    if not words.strip():
        return
    found = [(s.start, s.end) for s in find(text, words)]
    trimmed = start + len(words) - len(words.lstrip())
    assert any(first <= trimmed <= last for first, last in found)


def test_every_span_of_the_founding_documents(dataset: sd.Dataset, corpus: sd.Corpus) -> None:
    """Every span of the five documents is verified and ends at word boundaries."""
    found = dataset.verify(corpus)
    assert found.complete, "\n".join(map(str, found.problems))
    assert found.spans > 200


def test_words_give_back_every_span_of_the_founding_documents(
    dataset: sd.Dataset, corpus: sd.Corpus
) -> None:
    """Searching for the quoted words finds the span again, perhaps among equal ones."""
    for stance in (*dataset.stances.values(), *dataset.blind_stances.values()):
        for evidence in stance.evidence:
            text = corpus[evidence.text_sha256 or ""]
            words = evidence.quote(corpus)
            mine = (evidence.span_start, evidence.span_end, evidence.sha256)
            spans = [(s.start, s.end, s.sha256) for s in find(text, words)]
            assert mine in spans
            assert at_word_edges(text, evidence.span_start or 0, evidence.span_end or 0)


@given(st.text(st.sampled_from("ab\r\n\ufeff"), max_size=12))
def test_a_canonical_text_has_one_kind_of_line_end(text: str) -> None:
    """A canonical text has no carriage return; made canonical again, or with CRLF, it is the same."""
    made = canonical_text(text)
    assert "\r" not in made
    assert made == canonical_text(made) == canonical_text("\ufeff" + made.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "saved", ["a b\r\nc d\r\n", "\ufeffa b\nc d\n", "a b\rc d\r", "a b\nc d\n"]
)
def test_a_text_saved_on_another_system_is_the_same(tmp_path: Path, saved: str) -> None:
    """Line ends and a byte order mark change neither a text's digest nor the places of its words."""
    (tmp_path / "a.txt").write_bytes(saved.encode())
    corpus = sd.Corpus(tmp_path)
    assert "a b\nc d\n" == corpus[digest_of("a b\nc d\n")]
    evidence = sd.Evidence("d", 4, 7, digest_of("c d"), None, digest_of("a b\nc d\n"))
    assert "c d" == evidence.quote(corpus)


def test_a_text_of_an_old_coding_is_found_as_it_was(tmp_path: Path) -> None:
    """A text with CRLF that was coded before line ends were left out of digests is still found."""
    saved = "a b\r\nc d\r\n"
    (tmp_path / "a.txt").write_bytes(saved.encode())
    evidence = sd.Evidence("d", 5, 8, digest_of("c d"), None, digest_of(saved))
    assert "c d" == evidence.quote(tmp_path)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("one two", {1, 2, 5, 6}),
        ("我们不承认", set()),
        ("これはペンです", set()),
        ("ที่นี่", {1, 2, 4, 5}),  # a letter with its vowel and tone
        ("น้ำใจ", {1, 2}),  # SARA AM belongs to the letter before it
        ("cafe\u0301s x", {1, 2, 3, 4, 5}),
        ("می\u200cخواهم x", {1, 2, 3, 4, 5, 6, 7}),  # a joiner that the spelling needs
        ("한국 a", {1}),
        ("\U0001f468\u200d\U0001f469\U0001f466", {1, 2}),
        ("\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", {1, 3}),
        ("\U0001f44d\U0001f3fd.", {1}),
        ("mixed混合", {1, 2, 3, 4}),
    ],
)
def test_a_span_cuts_no_word_of_any_script(text: str, inside: set[int]) -> None:
    """Words are cut nowhere; scripts without spaces only between what readers see as characters."""
    last = len(text)
    assert inside == {
        i for i in range(1, last) if not at_word_edges(text, i, last) and text[i] != " "
    }
    assert inside == {
        i for i in range(1, last) if not at_word_edges(text, 0, i) and text[i - 1] != " "
    }
