"""Intercoder reliability: published examples, a naive oracle, chance, and the real codings."""

from __future__ import annotations

import datetime
import itertools
import json
import random
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.model.dates import StatedDate
from stancedata.reliability import Figure, Reliability, measure
from stancedata.reliability.alpha import alpha, masi, need
from stancedata.reliability.disagreements import FIELDS
from stancedata.reliability.figures import DISAGREEMENTS, FIGURES
from stancedata.reliability.pairs import together
from tests.cli.test_commands import run
from tests.questions.test_positions import make
from tests.support import strategies
from tests.support.paths import DOCS

PAGE = DOCS / "reliability.md"
DAY = StatedDate.parse("2021-10-20")
ISSUES = ("aid", "peace")
Said = Sequence[Sequence[Hashable]]

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": example A has two observers, two
# values and ten units; C to E have four observers, five values, twelve units and missing data.
BINARY = ("0100000010", "1110010000")
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def units_of(rows: Sequence[str]) -> list[list[int]]:
    """Parse units from observers' rows: one digit per unit, a dot for a missing value."""
    return [[int(v) for v in unit if v != "."] for unit in zip(*rows, strict=True)]


def stance(
    coder: str, document: str = "doc-1", local: str = "s01", issue: str = "aid",
    level: int | None = 1, holders: Sequence[str] = ("ada",), words: tuple[int, int] | None = None,
    **others: Any,
) -> model.Stance:  # fmt: skip
    """Make a blind stance with the given values and defaults for the rest."""
    found = (
        model.Evidence(document, *words, "0" * 64) if words
        else model.Evidence(document, locator="paragraph 1")
    )  # fmt: skip
    name = "ambiguous" if level is None else f"l{level}"
    made = model.Stance(
        f"{document}#{local}", document, issue, name, level, "states", "reported", DAY, "high", "s",
        tuple(map(model.Holder, holders)), (found,), coder=coder, published_id=f"{document}#{local}",
        adjudication=f"Decided about {local}.",
    )  # fmt: skip
    changed: model.Stance = attrs.evolve(made, **others)
    return changed


def compared(stances: Sequence[model.Stance], **options: Any) -> Reliability:
    """Measure the agreement of some stances, by default without intervals."""
    return measure(stances, ISSUES, **{"draws": 0, **options})


def naive(units: Said, distance: Callable[[Any, Any], Fraction]) -> Fraction | None:
    """Compute alpha naively from every pair of values, in fractions."""
    kept = [unit for unit in units if len(unit) > 1]
    values = [value for unit in kept for value in unit]
    n = len(values)
    observed = sum(
        (distance(a, b) / (len(unit) - 1) for unit in kept for a, b in itertools.permutations(unit, 2)),
        Fraction(0),
    )  # fmt: skip
    expected = sum((distance(a, b) for a, b in itertools.permutations(values, 2)), Fraction(0))
    return 1 - Fraction(n - 1) * observed / expected if expected else None


def nominal(a: Hashable, b: Hashable) -> Fraction:
    """Compute the nominal distance: 0 or 1."""
    return Fraction(a != b)


def interval(a: int, b: int) -> Fraction:
    """Compute the interval distance: the squared difference."""
    return Fraction((a - b) ** 2)


def ordinal(units: Said) -> Callable[[Any, Any], Fraction]:
    """Compute the ordinal distance: the squared count of values between, ends counted half."""
    values: list[Any] = [value for unit in units if len(unit) > 1 for value in unit]

    def distance(a: Any, b: Any) -> Fraction:
        low, high = min(a, b), max(a, b)
        between = sum(low <= value <= high for value in values)
        ends = Fraction(values.count(a) + values.count(b), 2)
        return (between - ends) * (between - ends) if a != b else Fraction(0)

    return distance


@pytest.mark.parametrize(
    ("rows", "distance", "published", "digits"),
    [
        (BINARY, "nominal", 0.095, "0.0952"),
        (FOUR, "nominal", 0.743, "0.7434"),
        (FOUR, "ordinal", 0.815, "0.8154"),
        (FOUR, lambda a, b: float(interval(a, b)), 0.849, "0.8491"),
    ],
)
def test_published_examples(
    rows: Sequence[str], distance: Any, published: float, digits: str
) -> None:
    """Alpha is that of Krippendorff's worked examples.

    To the three digits that he prints, and to the fourth by his fractions.
    """
    units = units_of(rows)
    found = alpha(units, distance)
    assert found is not None
    assert f"{published:.3f}" == f"{found:.3f}"
    by_hand = {"nominal": nominal, "ordinal": ordinal(units)}.get(
        distance if isinstance(distance, str) else "", interval
    )
    exact = naive(units, by_hand)
    assert exact is not None
    assert digits == f"{found:.4f}" == f"{float(exact):.4f}"


def test_published_examples_as_codings() -> None:
    """The same examples, coded as blind stances of a dataset, get the same alpha from it."""
    blind = []
    for number, coder in enumerate(FOUR):
        for unit, value in enumerate(coder):
            if value != ".":
                who = (f"coder-{number}", f"doc-{unit:02}")
                blind.append(stance(*who, level=int(value)))
                blind.append(stance(*who, "s02", "peace", holders=[f"actor-{value}"]))
    found = make(content_of(blind)).reliability(draws=0)
    assert "0.8154" == f"{found.figure('level', 'aid').value:.4f}"
    # Different sets are disjoint here, so MASI equals the nominal distance.
    of_peace = make(content_of(blind)).reliability(issue="peace", draws=0)
    assert "0.7434" == f"{of_peace.figure('holders', 'peace').value:.4f}"
    blind = [
        stance(f"coder-{number}", f"doc-{unit:02}", f"s{place:02}", issue)
        for number, coder in enumerate(BINARY)
        for unit, value in enumerate(coder)
        for place, issue in enumerate(ISSUES if value == "1" else ["peace"])
    ]
    found = make(content_of(blind)).reliability(draws=0)
    assert "0.0952" == f"{found.figure('presence', 'aid').value:.4f}"


def content_of(blind: Sequence[model.Stance]) -> model.Content:
    """Make a content with only blind stances and their documents."""
    documents = tuple(
        model.Document(d, d, "p", "news", "en", DAY, "c", datetime.date(2026, 1, 1))
        for d in sorted({s.document_id for s in blind})
    )
    return model.Content(strategies.CODEBOOK, documents=documents, blind_stances=tuple(blind))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ab", "ab", Fraction(0)),
        ("ab", "abcd", 1 - Fraction(1, 2) * Fraction(2, 3)),  # 0.665 in nltk, which rounds 2/3
        ("a", "abc", 1 - Fraction(1, 3) * Fraction(2, 3)),
        ("ab", "bc", 1 - Fraction(1, 3) * Fraction(1, 3)),
        ("ab", "cd", Fraction(1)),
    ],
)
def test_masi(one: str, other: str, expected: Fraction) -> None:
    """Jaccard weighted by 1, 2/3, 1/3 or 0: equal, nested, overlapping, disjoint."""
    assert float(expected) == pytest.approx(masi(frozenset(one), frozenset(other)))


sets = st.frozensets(st.sampled_from("abcd"), min_size=1)


@given(sets, sets)
def test_masi_is_a_distance(one: frozenset[str], other: frozenset[str]) -> None:
    """MASI is from 0 to 1, 0 only for equal sets, 1 for disjoint ones, and symmetric."""
    found = masi(one, other)
    assert 0 <= found <= 1
    assert found == masi(other, one)
    assert (found == 0) is (one == other)
    assert (found == 1) is (not one & other)


def units(value: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """Draw units of up to four coders, some with missing values."""
    return st.lists(st.lists(value, max_size=4), max_size=8)


def nearly(expected: Fraction | None, found: float | None) -> None:
    """Compare two numbers with a tolerance; None equals None only."""
    assert (expected is None) is (found is None)
    if expected is not None:
        assert float(expected) == pytest.approx(found, abs=1e-9)


@given(units(st.integers(-2, 2)))
def test_alpha_equals_the_oracle(said: Said) -> None:
    """Nominal, ordinal and interval alpha equal the naive ones."""
    nearly(naive(said, nominal), alpha(said, "nominal"))
    nearly(naive(said, ordinal(said)), alpha(said, "ordinal"))
    nearly(naive(said, interval), alpha(said, lambda a, b: float(interval(a, b))))


@given(units(sets))
def test_alpha_of_sets_equals_the_oracle(said: list[list[frozenset[str]]]) -> None:
    """Alpha with MASI equals the naive one; for one-element sets it is the nominal one."""
    exact = naive(said, lambda a, b: Fraction(masi(a, b)).limit_denominator(1000))
    nearly(exact, alpha(said, masi))
    single = [[min(value) for value in unit] for unit in said]
    nearly(
        naive(single, nominal), alpha([[frozenset(value) for value in unit] for unit in single], masi)
    )  # fmt: skip


def test_alpha_of_many_sets_is_that_of_the_package_in_little_memory() -> None:
    """Alpha of hundreds of sets is the package's, without its matrix of all values per unit."""
    chance = random.Random(0)
    known = [frozenset(chance.sample(range(40), 3)) for _ in range(200)]
    said = [[known[n], known[n] if n % 2 else chance.choice(known)] for n in range(200)]
    tracemalloc.start()
    found = alpha(said, masi)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    values = list(dict.fromkeys(value for unit in said for value in unit))
    apart = [[masi(a, b) for b in values] for a in values]
    expected = need().alpha(
        value_counts=[[unit.count(value) for value in values] for unit in said],
        level_of_measurement=lambda *_, **__: apart,
    )
    assert pytest.approx(expected, abs=1e-12) == found


@given(units(st.integers(-2, 2)), st.randoms(use_true_random=False))
def test_order_does_not_matter(said: list[list[int]], chance: random.Random) -> None:
    """The order of coders and units does not matter."""
    mixed = [chance.sample(unit, len(unit)) for unit in chance.sample(said, len(said))]
    for distance in ("nominal", "ordinal"):
        expected = alpha(said, distance)
        assert (None if expected is None else pytest.approx(expected)) == alpha(mixed, distance)


def test_order_of_stances_does_not_matter(dataset: sd.Dataset) -> None:
    """Rows in any order give the same figures, intervals and disagreements."""
    stances = list(dataset.blind_stances.values())
    expected = measure(stances, list(dataset.issues), draws=50)
    random.Random(1).shuffle(stances)
    found = measure(stances, list(dataset.issues), ("coder-4", "coder-3"), draws=50)
    assert expected == found
    assert expected.disagreements.equals(found.disagreements)


COMMON = {"aid": 0.8, "peace": 0.35}
USUAL = {"aid": 1, "peace": -1}


def by_chance(second: Callable[[random.Random, str], tuple[bool, int]]) -> Reliability:
    """Make the codings of an informed coder and of one who answers at random.

    For the informed coder, aid is common and mostly +1, peace is rare and mostly -1.
    """
    chance = random.Random(7)
    made = []
    for number, issue in itertools.product(range(1500), ISSUES):
        where = (f"doc-{number:03}", f"s{issue}", issue)
        usual = USUAL[issue]
        level = chance.choices([usual, 0, -usual, 2 * usual], [6, 2, 1, 1])[0]
        has, other = second(chance, issue)
        if chance.random() < COMMON[issue]:
            made.append(stance("one", *where, level=level))
        if has:
            made.append(stance("two", *where, level=other))
        # Both have another stance in every document, so that both count as its coders.
        made += [stance(coder, where[0], "s9", "rights") for coder in ("one", "two")]
    return measure(made, ISSUES, draws=100)


def near_zero(figure: Figure) -> None:
    """Check that alpha is small and that its interval does not suggest agreement."""
    assert figure.value is not None, figure
    assert abs(figure.value) < 0.1, figure
    assert figure.low is not None, figure
    assert figure.low <= 0, figure


def test_chance_has_an_alpha_near_zero() -> None:
    """Presence and level of a coder who answers at random have an alpha near 0."""
    found = by_chance(lambda chance, _: (chance.random() < 0.5, chance.randint(-2, 2)))
    near_zero(found.figure("presence"))
    for issue in ISSUES:
        near_zero(found.figure("level", issue))


def test_chance_that_knows_how_common_issues_are() -> None:
    """A coder who knows only the frequencies has an alpha near 0 by issue, but not overall."""
    found = by_chance(lambda chance, issue: (chance.random() < COMMON[issue], USUAL[issue]))
    for issue in ISSUES:
        near_zero(found.figure("presence", issue))
    assert (found.figure("presence").value or 0) > 0.15


def test_the_commonest_level_is_not_rewarded() -> None:
    """A coder who always gives the commonest level is mostly right, but alpha is not above 0.

    The same holds, by issue, for one who finds every issue in every document.
    """
    found = by_chance(lambda _, issue: (True, USUAL[issue]))
    for issue in ISSUES:
        level, presence = found.figure("level", issue), found.figure("presence", issue)
        assert level.equal > 0.5 * level.units
        for figure in (level, presence):
            assert figure.value is not None
            assert figure.value <= 0


def test_perfect_agreement() -> None:
    """Perfect agreement gives alpha 1, no disagreements and no interval."""
    made = [
        stance(coder, f"doc-{n}", issue=ISSUES[n % 2], level=(n % 4) - 1, holders=["ada", "ben"][: 1 + n % 3])
        for coder in ("one", "two", "three")
        for n in range(12)
    ]  # fmt: skip
    found = compared(made, draws=100)
    values = {f.value for f in found.figures if f.field != "ambiguous"}
    assert {1.0} == values
    assert 0 == found.disagreements.num_rows
    for figure in found.figures:
        assert figure.low is figure.high is None
        assert (figure.note or "").startswith(("no interval: all draws alike", "no variance"))


def test_no_variance_no_claim() -> None:
    """Without variance or without units there is no alpha, but a note with the reason."""
    made = [stance(coder, f"doc-{n}") for coder in ("one", "two") for n in range(5)]
    found = compared(made)
    for figure, note in (
        (found.figure("level", "aid"), "no variance: +1 everywhere"),
        (found.figure("level", "peace"), "no units: no two coders coded the same thing"),
        (found.figure("presence", "aid"), "no variance: yes everywhere"),
        (found.figure("presence", "peace"), "no variance: no everywhere"),
        (found.figure("holders"), "no variance: ada everywhere"),
        (found.figure("ambiguous"), "no variance: no everywhere"),
    ):
        assert (None, None, None, note) == (figure.value, figure.low, figure.high, figure.note)
    assert 5 == found.figure("level", "aid").equal
    assert "none" in str(found.figure("level", "aid"))


def test_intervals() -> None:
    """Intervals depend on the seed, contain the figure, and count the draws without variance."""
    made = [
        stance(coder, f"doc-{n}", level=2 if n == 0 or (n, coder) == (1, "two") else 1)
        for coder in ("one", "two")
        for n in range(5)
    ]
    found = compared(made, draws=500)
    level = found.figure("level", "aid")
    assert found == compared(made, draws=500)
    assert level != compared(made, draws=500, seed=1).figure("level", "aid")
    assert level.value is not None
    assert level.low is not None
    assert level.high is not None
    assert level.low < level.value < level.high
    assert f"{500 - level.draws} of 500 draws have no variance, and are left out" == level.note
    # A draw of five leaves out both of two given documents with probability (3/5)^5.
    assert 500 * 0.6**5 == pytest.approx(500 - level.draws, abs=15)
    assert "no interval requested" == compared(made).figure("level", "aid").note
    one = compared([s for s in made if s.document_id == "doc-1"], draws=50)
    assert "no interval: one document" == one.figure("level", "aid").note
    few = compared([s for s in made if s.document_id in ("doc-0", "doc-1")], draws=50)
    assert few.figure("level", "aid").draws <= 50


def test_pairing_by_words_then_dates_then_place() -> None:
    """Stances of one issue and holder are matched by spans, then dates, then place in the text."""
    early, late = StatedDate.parse("2021-08"), StatedDate.parse("2021-10-20")
    made = [
        stance("one", local="s01", words=(0, 50), stated_on=early),
        stance("two", local="s07", words=(40, 60), stated_on=late),
        stance("one", local="s02", stated_on=late),
        stance("two", local="s05", stated_on=late),
        stance("one", local="s03", words=(900, 950), stated_on=early),
        stance("two", local="s06", words=(960, 970), stated_on=early),
        stance("one", local="s04", words=(500, 550), stated_on=early),
        stance("two", local="s08", words=(300, 400), stated_on=early),
        stance("one", local="s09", stated_on=early),
    ]
    found = {tuple(s.stance_id[-3:] for s in group.values()) for group in together(made)}
    assert {("s01", "s07"), ("s02", "s05"), ("s03", "s06"), ("s04", "s08"), ("s09",)} == {
        tuple(sorted(ids)) for ids in found
    }


@given(st.lists(st.none() | st.integers(-2, 2), min_size=9, max_size=9), st.randoms())
def test_levels_do_not_pair(levels: list[int | None], chance: random.Random) -> None:
    """Matching does not depend on levels or on the order of rows."""
    dates = [StatedDate.parse(text) for text in ("2021-08", "2021-10-19", "2021-10-20")]
    made = [
        stance(f"coder-{n % 3}", local=f"s{n}", level=level, stated_on=dates[n // 3], words=(n, n + 2))
        for n, level in enumerate(levels)
    ]  # fmt: skip
    plain = [attrs.evolve(s, level=1) for s in made]

    def pairs(stances: list[model.Stance]) -> set[tuple[tuple[str, str], ...]]:
        return {
            tuple(sorted((c, s.stance_id) for c, s in group.items())) for group in together(stances)
        }

    expected = pairs(plain)
    assert expected == pairs(chance.sample(made, 9))
    assert all(len(group) <= 3 for group in expected)
    assert 9 == sum(map(len, expected))


def test_joint_texts_count_once() -> None:
    """A text of ten holders is one unit of level; different holders make none and are listed."""
    ten = [f"actor-{n}" for n in range(10)]
    made = [
        stance("one", holders=ten), stance("two", holders=list(reversed(ten))),
        stance("one", local="s02", holders=["ada"]), stance("two", local="s02", holders=["ben"]),
    ]  # fmt: skip
    found = compared(made)
    assert 1 == found.figure("level", "aid").units
    assert (4, 2, 0.5) == tuple(
        getattr(found.figure("stances"), n) for n in ("units", "equal", "value")
    )
    rows = {row["field"]: row for row in found.disagreements.to_pylist()}
    assert {"holders", "stances"} == set(rows)
    assert ("aid: ada", "aid: ben") == (rows["stances"]["value_1"], rows["stances"]["value_2"])
    assert ("doc-1#s02",) * 3 == tuple(
        rows["holders"][n] for n in ("stances_1", "stances_2", "published")
    )


def test_dissociates_is_another_holder() -> None:
    """A holder that dissociates itself makes a different set of holders."""
    away = (model.Holder("ada"), model.Holder("ben", "dissociates"))
    found = compared(
        [stance("one", holders=["ada", "ben"]), attrs.evolve(stance("two"), holders=away)]
    )
    assert 0 == found.figure("holders").equal
    row = next(r for r in found.disagreements.to_pylist() if r["field"] == "holders")
    assert ("ada, ben", "ada, ben (dissociates)") == (row["value_1"], row["value_2"])


def test_ambiguous_is_measured_by_itself() -> None:
    """Ambiguity is not a level; it has a figure of its own and is listed."""
    made = [
        stance(coder, f"doc-{n}", level=None if n == 0 or (n, coder) == (1, "two") else n - 3)
        for coder in ("one", "two")
        for n in range(6)
    ]
    found = compared(made)
    assert (4, 1.0) == (found.figure("level", "aid").units, found.figure("level", "aid").value)
    assert (6, 5) == (found.figure("ambiguous").units, found.figure("ambiguous").equal)
    exact = naive([[True, True], [False, True], *[[False, False]] * 4], nominal)
    nearly(exact, found.figure("ambiguous").value)
    rows = found.disagreements.to_pylist()
    assert [("level", "l-2 (-2)", "ambiguous")] == [
        (r["field"], r["value_1"], r["value_2"]) for r in rows
    ]


def test_every_disagreement_is_listed() -> None:
    """Disagreements list presence, stances, holders, level, dates and others, each adjudicated."""
    later = StatedDate.parse("2021-11-02")
    made = [
        stance("one"),
        stance("two", level=-2, stated_on=later, act="urges", aspects=("a",)),
        stance("one", local="s02", issue="peace"),
        stance("one", "doc-2"), stance("two", "doc-2", confidence="low"),
    ]  # fmt: skip
    found = compared(made)
    rows = found.disagreements.to_pylist()
    told = [(r["document_id"], r["issue_id"], r["field"], r["value_1"], r["value_2"]) for r in rows]
    assert told == [
        ("doc-1", "aid", "level", "l1 (+1)", "l-2 (-2)"),
        ("doc-1", "aid", "dates", "2021-10-20", "2021-11-02"),
        ("doc-1", "aid", "act", "states", "urges"),
        ("doc-1", "aid", "aspects", None, "a"),
        ("doc-1", "peace", "presence", "yes", "no"),
        ("doc-1", "peace", "stances", "peace: ada", None),
        ("doc-2", "aid", "confidence", "high", "low"),
    ]
    assert "Decided about s01." == rows[0]["adjudication"]
    assert "one: Decided about s02." == rows[4]["adjudication"]
    assert [True, True, False, False, True, True, False] == [r["measured"] for r in rows]
    only = compared(made, issue="peace")
    assert ["presence", "stances"] == only.disagreements["field"].to_pylist()
    assert {"peace"} == {f.issue_id for f in only.figures}
    assert 0.5 == found.figure("dates").value


def test_more_than_two_coders() -> None:
    """Alpha uses all coders; documents of a single coder are left out and listed."""
    made = [
        stance(coder, f"doc-{n}", level=1 + (n + (coder == "three")) % 2)
        for coder in ("one", "two", "three")
        for n in range(4)
        if not (coder == "one" and n == 3)
    ]
    made.append(stance("two", "doc-9"))
    found = compared(made)
    assert (("one", "three", "two"), ("doc-9",)) == (found.coders, found.left_out)
    said = [[1 + n % 2, 1 + (n + 1) % 2, 1 + n % 2][n == 3 :] for n in range(4)]
    nearly(naive(said, ordinal(said)), found.figure("level", "aid").value)
    assert 1.0 == compared(made, coders=["two", "one"]).figure("level", "aid").value
    pairs = {(r["coder_1"], r["coder_2"]) for r in found.disagreements.to_pylist()}
    assert {("one", "three"), ("three", "two")} == pairs


def test_a_coder_that_found_nothing_disagrees() -> None:
    """A coding without stances is the strongest disagreement, not a document of one coder."""
    made = [stance("one", f"doc-{n}") for n in range(8)]
    made += [stance("two", f"doc-{n}") for n in range(4)]
    codings = [(coder, f"doc-{n}") for coder in ("one", "two") for n in range(8)]
    found = compared(made, codings=codings)
    assert (8, ()) == (len(found.documents), found.left_out)
    # Sixteen values, twelve yes and four no, in eight units: 1 - (4/8) / (2*12*4 / (16*15)).
    nearly(Fraction(-1, 4), found.figure("presence", "aid").value)
    rows = [r for r in found.disagreements.to_pylist() if r["field"] == "presence"]
    assert [("yes", "no")] * 4 == [(r["value_1"], r["value_2"]) for r in rows]
    silent = compared(made[:8], codings=codings)
    assert 0 == silent.figure("stances").value


def test_a_third_coder_has_a_place(repository: Path) -> None:
    """Three blind codings of one document are read, one of them without stances."""
    for coder in ("coder-1", "coder-3"):
        folder = repository / "codings" / coder
        folder.mkdir()
        source = repository / "codings" / "coder-2" / "daily-post-2021-10-21.yaml"
        text = source.read_text(encoding="utf-8") if coder == "coder-1" else "stances: []\n"
        (folder / source.name).write_text(text, encoding="utf-8")
    codebook = repository / "codebook.yaml"
    third = "  - {id: coder-3, kind: person, description: d}\n"
    text = codebook.read_text(encoding="utf-8").replace("coders:\n", f"coders:\n{third}")
    codebook.write_text(text, encoding="utf-8")
    assert [] == sd.check(repository)
    found = sd.read(repository).reliability(draws=0)
    assert ("coder-1", "coder-2", "coder-3") == found.coders
    nearly(Fraction(0), found.figure("presence", "recognition").value)


def test_wrong_arguments_get_a_sentence(dataset: sd.Dataset, small: sd.Dataset) -> None:
    """Unknown coders, issues and figures are refused; the message lists the known ones."""
    for options, message in (
        ({"coders": ["coder-3", "coder-44"]}, "no coder is called 'coder-44'; did you mean 'coder-4'?"),
        ({"coders": "coder-3"}, "coders: must be at least two, got coder-3; there are coder-3, coder-4"),
        ({"coders": []}, "coders: must be at least two, got none; there are coder-3, coder-4"),
        ({"issue": "recogniton"}, "no issue is called 'recogniton'; did you mean 'recognition'?"),
        ({"draws": -1}, "draws: must not be negative, got -1; use 0 for no interval"),
    ):  # fmt: skip
        with pytest.raises(sd.StancedataError, match=re.escape(message)):
            dataset.reliability(**options)
    with pytest.raises(
        sd.StancedataError, match="coders: have no document in common, got one, two"
    ):
        compared([stance("one"), stance("two", "doc-2")])
    with pytest.raises(sd.StancedataError, match="got none; there are none"):
        compared([])
    with pytest.raises(sd.StancedataError, match=r"got one; there is one$"):
        compared([stance("one")])
    with pytest.raises(sd.StancedataError, match="figure: does not exist, got 'levels'; there are"):
        dataset.reliability(draws=0).figure("levels")


def test_without_the_library(dataset: sd.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which package to install."""
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    message = "needs the package 'krippendorff', which is not installed; run pip install 'stancedata[reliability]'"
    with pytest.raises(sd.StancedataError, match=re.escape(message)):
        dataset.reliability()


def test_numbers_are_loaded_when_asked_for() -> None:
    """Importing the package and the result class does not import numpy."""
    code = "import sys, stancedata; stancedata.Reliability; print('numpy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "False\n" == found.stdout


def test_the_answer_is_a_table(dataset: sd.Dataset) -> None:
    """Figures and disagreements are tables with described columns, and render as HTML."""
    import pyarrow as pa

    found = dataset.reliability(draws=50)
    table = found.to_arrow()
    assert FIGURES.schema == table.schema == pa.table(found).schema
    assert DISAGREEMENTS.schema == found.disagreements.schema
    for field in (*table.schema, *found.disagreements.schema):
        assert (field.metadata or {}).get(b"description")
    assert len(found.figures) == table.num_rows == found._repr_html_().count("<tr>") - 1
    assert "<th" in found.figure("holders")._repr_html_()
    assert "<reliability of coder-3, coder-4: 5 documents, 25 figures, 46 disagreements>" == repr(
        found
    )


def test_command(tmp_path: Path) -> None:
    """The command prints figures or disagreements in every format, for chosen coders and issue."""
    assert run("reliability").startswith("coder-3 and coder-4, coded blind; documents: 5\n")
    rows = json.loads(run("reliability", "--format", "json", "--issue", "aid"))
    assert {"aid"} == {row["issue_id"] for row in rows}
    assert {"units", "documents", "note"} <= set(rows[0])
    listed = json.loads(run("reliability", "--disagreements", "--format", "json"))
    assert 46 == len(listed)
    assert "iran, russia, taliban" in run(
        "reliability", "--disagreements", "--issue", "inclusivity"
    )
    again = run("reliability", "--coder", "coder-4", "--coder", "coder-3")
    assert run("reliability") == again
    assert "must be at least two" in run("reliability", "--coder", "coder-3", status=1)


def test_real_disagreements_are_adjudicated(dataset: sd.Dataset) -> None:
    """Every disagreement about the founding documents was adjudicated."""
    found = dataset.reliability(draws=0).disagreements
    assert 0 < found.num_rows
    assert set(found["field"].to_pylist()) <= set(FIELDS)
    assert all(found["adjudication"].to_pylist())


def test_real_pairs_are_the_adjudicated_ones(dataset: sd.Dataset) -> None:
    """Stances matched without the adjudications have the same published stance."""
    groups = [g for g in together(dataset.blind_stances.values()) if len(g) > 1]
    assert 82 == len(groups)
    for group in groups:
        assert 1 == len({s.published_id for s in group.values()})


def test_the_page_has_the_real_figures(dataset: sd.Dataset) -> None:
    """docs/reliability.md has the measured figures and the number of disagreements per field."""
    page = PAGE.read_text(encoding="utf-8")
    found = dataset.reliability()
    assert str(found) in page
    fields = found.disagreements["field"].to_pylist()
    counts = {field: fields.count(field) for field in FIELDS if field in fields}
    told = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.M))
    assert {field: str(count) for field, count in counts.items()} == told
