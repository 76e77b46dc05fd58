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
    """The data have no problems; the only silences are for actors without positions."""
    assert DATA is not None
    assert [] == sd.check(DATA)
    silences = sd.read(DATA).tables["exemptions"].to_pylist()
    assert {"unused_actor"} == {row["rule"] for row in silences}
    assert all(row["reason"] for row in silences)


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
    assert {"anchored"} == {d.tier for d in dataset.documents.values()}


def test_codebook_is_anchored(dataset: sd.Dataset) -> None:
    """Eight issues, four of them core, each on five levels from +2 to -2 with definitions."""
    assert 8 == len(dataset.issues)
    assert {"recognition", "inclusivity", "aid", "troop_withdrawal"} == {
        i for i, issue in dataset.issues.items() if issue.core
    }
    for issue in dataset.issues.values():
        assert [2, 1, 0, -1, -2] == [level.level for level in issue.levels]
        assert all(level.definition for level in issue.levels)


def test_joint_positions_are_one_stance(dataset: sd.Dataset) -> None:
    """A joint statement of ten states is one stance with ten holders, not ten stances."""
    joint = [s for s in dataset.stances.values() if set(s.parties) >= TEN]
    assert {"engagement", "aid", "recognition", "inclusivity", "security", "assets"} == {
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
    assert {document: {"coder-1", "coder-2"} for document in dataset.documents} == coders


def test_every_published_stance_comes_from_a_blind_one(dataset: sd.Dataset) -> None:
    """Every published stance comes from a blind one, of one coder or of both."""
    matched = {s.published_id for s in dataset.blind_stances.values()}
    assert set(dataset.stances) <= matched


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
