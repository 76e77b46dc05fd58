"""The data: complete, well-formed, and consistent with independent sources."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import countrycode
import pycountry
import pytest

import stancedata as sd
from stancedata.curation.format import tidy
from stancedata.dataset.packaged import checkout_data

DATA = checkout_data()
in_checkout = pytest.mark.skipif(DATA is None, reason="the curated files are only in a checkout")
TEN = {
    "russia", "china", "pakistan", "india", "iran", "kazakhstan", "kyrgyzstan", "tajikistan",
    "turkmenistan", "uzbekistan",
}  # fmt: skip


@in_checkout
def test_curated_files_pass_every_rule() -> None:
    """The data have no problems; every exemption has a reason."""
    assert DATA is not None
    assert [] == sd.check(DATA)
    exemptions = sd.read(DATA).tables["exemptions"].to_pylist()
    assert {"unused_actor", "twins", "outside_event"} == {row["rule"] for row in exemptions}
    assert all(row["reason"] for row in exemptions)


@in_checkout
def test_curated_files_are_in_order() -> None:
    """Every file has the canonical layout."""
    assert DATA is not None
    assert [] == tidy([DATA], write=False)


def test_five_documents_are_coded_whole(dataset: sd.Dataset) -> None:
    """Well over a hundred distinct (document, holder, issue), on every issue of the codebook."""
    query = "SELECT DISTINCT document_id, actor_id, issue_id FROM stances JOIN holders USING (stance_id)"
    assert dataset.sql(query).num_rows > 115
    assert {s.issue_id for s in dataset.stances.values()} == set(dataset.issues)
    assert 5 == len(dataset.documents)
    assert {"whole"} == {d.read for d in dataset.documents.values()}
    assert {"anchored"} == {d.tier for d in dataset.documents.values()}


def test_codebook_is_anchored(dataset: sd.Dataset) -> None:
    """Ten issues, four of them core; words on five levels from +2 to -2, deeds on a ladder."""
    assert 10 == len(dataset.issues)
    assert {"recognition", "inclusivity", "aid", "troop_withdrawal"} == {
        i for i, issue in dataset.issues.items() if issue.core
    }
    assert ["relations"] == [i for i, issue in dataset.issues.items() if issue.kind == "deeds"]
    for issue in dataset.issues.values():
        scale = [2, 1, 0, -1, -2] if issue.kind == "words" else [5, 4, 3, 2, 1, 0]
        assert scale == [level.level for level in issue.levels]
        assert all(level.definition for level in issue.levels)
        assert issue.aspects


@in_checkout
def test_codebook_page_has_every_rule() -> None:
    """docs/codebook.md has every boundary case and aspect of the codebook, word by word."""
    assert DATA is not None
    codebook = sd.read(DATA).tables
    page = plain((DATA.parent / "docs" / "codebook.md").read_text(encoding="utf-8"))
    for case in codebook["boundary_cases"].to_pylist():
        assert plain(f"{case['number']}. {case['text']}") in page
    for row in codebook["aspects"].to_pylist():
        assert plain(f"| {row['issue_id']} | {row['aspect']} | {row['definition']} |") in page


def plain(text: str) -> str:
    """Return a text without marks of emphasis and code, its spaces made one."""
    return " ".join(text.replace("**", "").replace("`", "").split())


def test_coders_are_on_record(dataset: sd.Dataset) -> None:
    """Every coder is a language model, as the README and the docs say."""
    rows = dataset.tables["coders"].to_pylist()
    assert {"coder-3", "coder-4", "adjudicator"} == {row["coder"] for row in rows}
    assert {"language_model"} == {row["kind"] for row in rows}


def test_shifts_are_those_that_the_texts_bear_out(dataset: sd.Dataset) -> None:
    """The shifts are those that docs/reliability.md shows with their sentences."""
    found = [
        (r["issue_id"], r["kind"], r["stance_id_before"], r["stance_id"])
        for r in dataset.shifts().to_pylist()
    ]
    assert [
        ("aid", "firmer", "the-correspondent-2021-10-21#s05", "the-correspondent-2021-10-21#s13"),
        ("inclusivity", "firmer", "republic-world-2021-10-07#s07", "chintan-2021-10#s02"),
        (
            "relations",
            "step",
            "global-village-space-2019-05#s12",
            "the-correspondent-2021-10-21#s20",
        ),
        ("security", "firmer", "republic-world-2021-10-07#s08", "chintan-2021-10#s03"),
    ] == found
    if DATA is not None:
        page = (DATA.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
        for _, _, before, after in found:
            for name in (before, after):
                assert f"`{name}`" in page
                for span in dataset.stances[name].evidence:
                    assert f"[{span.span_start}, {span.span_end})" in page


def test_documents_do_not_contradict_each_other(dataset: sd.Dataset) -> None:
    """No two documents on one utterance are on different sides, or two levels apart."""
    assert 0 == dataset.contradictions().num_rows


def test_joint_positions_are_one_stance(dataset: sd.Dataset) -> None:
    """A joint statement of ten states is one stance with ten holders, not ten stances."""
    joint = [s for s in dataset.stances.values() if set(s.parties) >= TEN]
    assert {"engagement", "aid", "recognition", "inclusivity", "security", "sanctions"} == {
        s.issue_id for s in joint
    }
    with_taliban = [s for s in joint if "taliban" in s.parties]
    assert [("aid", "chintan-2021-10")] == [(s.issue_id, s.document_id) for s in with_taliban]


def test_documents_may_disagree(dataset: sd.Dataset) -> None:
    """Each document gives its own reason for the absence of the United States."""
    event = dataset.events["moscow-format-2021-10-20"]
    notes = {p.document_id: p.note for p in event.participants if p.actor_id == "united-states"}
    assert {"chintan-2021-10", "the-correspondent-2021-10-21"} == set(notes)
    assert 2 == len(set(notes.values()))


def test_iso_codes_agree_with_pycountry(dataset: sd.Dataset) -> None:
    """Every state has its three ISO 3166-1 codes, as in an independent table."""
    for actor in dataset.actors.values():
        if actor.kind != "state":
            continue
        found = pycountry.countries.get(alpha_3=actor.code("iso3166-1-alpha3"))
        assert found is not None, actor.actor_id
        assert (found.alpha_2, found.numeric) == (
            actor.code("iso3166-1-alpha2"), actor.code("iso3166-1-numeric")
        )  # fmt: skip
        names = {found.name, getattr(found, "common_name", found.name)}
        assert any(actor.name.split()[0] in name for name in names), actor.actor_id
        assert actor.wikidata


def test_cow_and_gw_codes_agree_with_countrycode(dataset: sd.Dataset) -> None:
    """Every state has the numbers that an independent table has for its ISO 3166-1 code."""
    states = [actor for actor in dataset.actors.values() if actor.kind == "state"]
    assert len(states) >= 17
    for actor in states:
        iso3 = actor.code("iso3166-1-alpha3") or ""
        assert (numbers(iso3, "cown"), numbers(iso3, "gwn")) == (
            actor.code("cow"), actor.code("gw")
        ), actor.actor_id  # fmt: skip


def numbers(iso3: str, scheme: str) -> str:
    """Return the number of a state in another scheme."""
    return str(countrycode.countrycode(iso3, origin="iso3c", destination=scheme))


def test_the_table_of_others_tells_the_schemes_apart() -> None:
    """The table distinguishes the two schemes where they differ (Germany), so it detects a mix-up."""
    assert ("255", "260") == (numbers("DEU", "cown"), numbers("DEU", "gwn"))


def test_every_blind_stance_is_accounted_for(dataset: sd.Dataset) -> None:
    """Each blind stance has an outcome, and each document was coded blind twice."""
    coders = defaultdict(set)
    for stance in dataset.blind_stances.values():
        coders[stance.document_id].add(stance.coder)
        assert stance.adjudication
        assert stance.published_id is None or stance.published_id in dataset.stances
    assert {document: {"coder-3", "coder-4"} for document in dataset.documents} == coders


def test_every_published_stance_comes_from_a_blind_one(dataset: sd.Dataset) -> None:
    """Every published stance comes from a blind one but that which the adjudicator added."""
    matched = {s.published_id for s in dataset.blind_stances.values()}
    assert {"chintan-2021-10#s19"} == set(dataset.stances) - matched


def test_every_named_actor_has_its_spellings(dataset: sd.Dataset) -> None:
    """Every actor's own name is among its names, once, as the preferred one."""
    for actor in dataset.actors.values():
        preferred = [n.name for n in actor.names if n.kind == "preferred"]
        assert [actor.name] == preferred, actor.actor_id


def test_no_text_of_a_document_is_in_the_project(corpus: sd.Corpus) -> None:
    """No file of the project has twelve words in a row from a founding document."""
    if DATA is None:
        pytest.skip("the curated files are only in a checkout")
    texts = [" ".join(corpus[digest].lower().split()) for digest in corpus]
    articles = [
        text for text in texts if "taliban" in text and len(text) > 2000 and "sha" not in text[:9]
    ]
    # Of twelve words that a text has, the ten in the middle are whole words: a set is fast to ask.
    split = [text.split() for text in articles]
    middles = {tuple(words[i : i + 10]) for words in split for i in range(len(words) - 9)}
    for file in DATA.rglob("*.yaml"):
        # Titles may be quoted.
        lines = file.read_text(encoding="utf-8").lower().splitlines()
        words = " ".join(line for line in lines if not line.startswith("title: ")).split()
        runs = (
            " ".join(words[i : i + 12])
            for i in range(len(words) - 11)
            if tuple(words[i + 1 : i + 11]) in middles
        )
        copied = [run for run in runs if any(run in text for text in articles)]
        assert not copied, (file, Path(file).name, copied)
