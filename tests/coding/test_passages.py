"""Passages of a text, found by their words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.coding.passages import PassageError, Passages
from stancedata.model.corpus import at_word_edges

TEXT = """We do not recognise the Rebels’ rule.
“Help must come,” the envoy said, “and help will\ncome before winter.” The café of Zürich is shut.
"""


def cut(words: str, text: str = TEXT) -> str:
    """The words of the text at the only place of some words."""
    start, end = Passages(text).only(words)
    return text[start:end]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("not recognise", "not recognise"),
        ("Rebels' rule", "Rebels’ rule"),
        ('"and help will come', "“and help will\ncome"),
        ("  envoy said ", "envoy said"),
        (unicodedata.normalize("NFD", "The café of Zürich"), "The café of Zürich"),
    ],
)
def test_words_that_are_written_otherwise(words: str, found: str) -> None:
    """Quotation marks, white space and composed letters match their other forms."""
    assert found == cut(words)
    plain = unicodedata.normalize("NFD", TEXT)
    assert unicodedata.normalize("NFD", found) == cut(words, plain)


def test_words_as_they_are_written_come_first() -> None:
    """Of words that differ only in their marks, those that are written like the given ones."""
    text = "They said 'never' and they said ‘never’."
    assert "‘never’" == cut("‘never’", text)
    with pytest.raises(PassageError, match="is in the text 2 times"):
        cut("‚never‚", text)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("come", "is in the text 2 times, got 'come': lines 2, 3; add words before or after"),
        (
            "do not recognize the Rebels",
            "is not in the text, got 'do not recognize the Rebels'; nearest is 'do not recognise "
            "the Rebels' in line 1",
        ),
        ("xyz", "is not in the text, got 'xyz'; copy the words from the text"),
        ("", "is not in the text, got ''; copy the words from the text"),
        (
            "not recog",
            "breaks off inside a word, got 'not recog' in 'We do not recognise the Rebels'",
        ),
    ],
)
def test_words_that_name_no_passage(words: str, message: str) -> None:
    """The message says how often the words occur, where, and what is nearest."""
    with pytest.raises(PassageError) as error:
        Passages(TEXT).only(words)
    assert str(error.value).startswith(message)


def test_a_long_passage_by_its_ends() -> None:
    """The first words name one place; the last ones the next place after it."""
    passages = Passages(TEXT)
    start, end = passages.between("Help must", "come before winter")
    assert "Help must come,” the envoy said, “and help will\ncome before winter" == TEXT[start:end]
    assert (TEXT.index("Help must"), TEXT.index(",”")) == passages.between("Help must", "come")
    with pytest.raises(PassageError, match="is not in the text after line 2, got 'We do'"):
        passages.between("Help must", "We do")
    with pytest.raises(PassageError, match="is in the text 2 times"):
        passages.between("come", "winter")


@given(st.text(st.sampled_from("ab\u0301é’' \n“c.\u4e2d"), max_size=40), st.data())
def test_words_find_their_own_passage(text: str, data: st.DataObject) -> None:
    """Words cut from a text find the place that they were cut from, or another with these words."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assume(text[start:end].strip() == text[start:end] != "")
    words = text[start:end]
    passages = Passages(text)
    assert (start, end) in passages.exact(words)
    if at_word_edges(text, start, end):
        assert (start, end) in passages.alike(words)
        if text.count(words) == 1 and len(passages.exact(words)) == 1:
            assert (start, end) == passages.only(words)


def test_words_of_all_spans_find_them_again(dataset: sd.Dataset, corpus: sd.Corpus) -> None:
    """On every span of the coded documents whose text is at hand, its words find it again."""
    found = 0
    passages: dict[str, Passages] = {}
    for stance in dataset.stances.values():
        for evidence in stance.evidence:
            digest = evidence.text_sha256
            if evidence.span_start is None or digest is None or digest not in corpus:
                continue
            span = (evidence.span_start, evidence.span_end)
            words = passages.setdefault(digest, Passages(corpus[digest]))
            assert span in words.exact(evidence.quote(corpus)), stance.stance_id
            assert span in words.alike(evidence.quote(corpus)), stance.stance_id
            found += 1
    assert found


def test_every_coded_span_is_found_again_by_its_words(
    newest: sd.Dataset, corpus: sd.Corpus
) -> None:
    """On all coded documents, words alone find their span, also retyped; or they occur twice."""
    rows = newest.sql(
        "SELECT sha256 AS text_sha256, span_start, span_end FROM documents NATURAL JOIN "
        "(SELECT document_id, span_start, span_end FROM evidence "
        "UNION SELECT document_id, span_start, span_end FROM second_evidence) AS spans "
        "WHERE span_start IS NOT NULL"
    ).to_pylist()
    passages: dict[str, Passages] = {}
    repeated = 0
    for row in rows:
        sha256, span = row["text_sha256"], (row["span_start"], row["span_end"])
        if sha256 not in passages:
            text = corpus.get(sha256)
            assert text is not None, sha256
            passages[sha256] = Passages(text)
        found, words = passages[sha256], passages[sha256].text[slice(*span)]
        retyped = " ".join(words.split()).translate({ord("“"): '"', ord("”"): '"', ord("’"): "'"})
        assert span in found.alike(retyped), (sha256, span)
        try:
            assert span == found.only(words)
        except PassageError as error:
            repeated += 1
            assert "is in the text" in str(error)
            assert 1 < len(found.exact(words)), (sha256, span)
    assert len(rows) > 1000
    assert repeated < len(rows) / 50
