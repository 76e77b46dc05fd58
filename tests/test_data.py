"""The data: complete, well-formed, and consistent with independent sources."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import countrycode
import pycountry
import pytest
import yaml

import stancedata as sd
from stancedata.curation.format import tidy
from stancedata.data_folder import checkout_data
from stancedata.dataset.folders import from_folder
from tests.support.paths import ROOT

DATA = checkout_data()
in_checkout = pytest.mark.skipif(DATA is None, reason="the curated files are only in a checkout")
TEN = {
    "russia", "china", "pakistan", "india", "iran", "kazakhstan", "kyrgyzstan", "tajikistan",
    "turkmenistan", "uzbekistan",
}  # fmt: skip
NO_ONE_NUMBER: dict[str, dict[str, str | None]] = {
    "holy-see": {"cow": "327", "gw": "327"},
    "serbia": {"cow": None},
    "vietnam": {"gw": "817"},
    "yemen": {"gw": None},
}
"""What the independent table has in place of the number of today's state.

It gives the Holy See that of the Papal States, and Vietnam that of the Republic of Vietnam. It has
none for Serbia, which Correlates of War continues from Yugoslavia, nor for Yemen, which Gleditsch
and Ward continue from North Yemen.
"""


@pytest.fixture(scope="module")
def curated() -> tuple[sd.Dataset, list[sd.Problem]]:
    """The curated files, which take seconds to read, with their problems."""
    assert DATA is not None
    return from_folder(DATA)


@in_checkout
def test_curated_files_pass_every_rule(curated: tuple[sd.Dataset, list[sd.Problem]]) -> None:
    """The data have no problems; every exemption has a reason."""
    read, problems = curated
    assert [] == problems
    exemptions = read.tables["exemptions"].to_pylist()
    rules = {
        "ends_not_down",
        "far_year",
        "natural_key",
        "none_without_ends",
        "twins",
        "unused_actor",
    }
    assert rules == {row["rule"] for row in exemptions}
    # A published stance has no double; a blind coder's may have one.
    doubles = [row["record_id"] for row in exemptions if row["rule"] == "natural_key"]
    coders = {record_id.partition("/")[0] for record_id in doubles}
    assert {"coder-3"} == coders
    assert all(row["reason"] for row in exemptions)
    assert len(exemptions) <= read.tables["stances"].num_rows / 50


@in_checkout
def test_no_row_can_be_lost_unnoticed(curated: tuple[sd.Dataset, list[sd.Problem]]) -> None:
    """The least numbers of rows are those that the data have."""
    assert DATA is not None
    tables = curated[0].tables
    least = yaml.safe_load((DATA / "bounds.yaml").read_text(encoding="utf-8"))["least"]
    assert {name: tables[name].num_rows for name in least} == least
    assert {"actors", "documents", "evidence", "holders", "stances"} <= least.keys()


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
def test_codebook_page_has_every_rule(curated: tuple[sd.Dataset, list[sd.Problem]]) -> None:
    """docs/codebook.md has every boundary case and aspect of the codebook, word by word."""
    assert DATA is not None
    codebook = curated[0].tables
    page = plain((DATA.parent / "docs" / "codebook.md").read_text(encoding="utf-8"))
    for case in codebook["boundary_cases"].to_pylist():
        assert plain(f"{case['number']}. {case['text']}") in page
    for row in codebook["aspects"].to_pylist():
        assert plain(f"| {row['issue_id']} | {row['aspect']} | {row['definition']} |") in page


def plain(text: str) -> str:
    """Return a text without marks of emphasis and code, its spaces made one."""
    return " ".join(text.replace("**", "").replace("`", "").split())


def test_coders_are_on_record(newest: sd.Dataset) -> None:
    """Every coder is a language model, as the README and the docs say."""
    rows = newest.tables["coders"].to_pylist()
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


def test_documents_do_not_contradict_each_other(newest: sd.Dataset) -> None:
    """Only the exemption of relief from a sanction is read in two ways by documents on one utterance."""
    rows = newest.contradictions().to_pylist()
    assert {"unsc-2615-2021-12-22"} == {row["event_id"] for row in rows}
    assert {"unsc-2615-2021-12-22-un", "white-house-2022-02-11-2"} == {
        row["document_id"] for row in rows
    }


TALLY = re.compile(r"(\d+|none) (in favour|against|abstaining)")


def test_votes_add_up(newest: sd.Dataset) -> None:
    """Each vote names as many voters as its note counts, unless no page lists them all."""
    votes = [event for event in newest.events.values() if event.kind == "vote"]
    assert len(votes) >= 28
    for event in votes:
        assert event.note, event.event_id
        named = Counter(role for _, role in {(p.actor_id, p.role) for p in event.participants})
        told: Counter[str] = Counter()
        for number, how in TALLY.findall(event.note):
            role = {"in favour": "voted_for", "against": "voted_against"}.get(how, "abstained")
            told[role] += 0 if number == "none" else int(number)
        assert sum(told.values()) >= 15, event.event_id
        if "no page" in event.note:
            assert named <= told, event.event_id
        else:
            assert named == +told, event.event_id


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


def test_iso_codes_agree_with_pycountry(newest: sd.Dataset) -> None:
    """Every state has its three ISO 3166-1 codes, as in an independent table."""
    states = [actor for actor in newest.actors.values() if actor.kind == "state"]
    assert len(states) >= 195
    for actor in states:
        found = pycountry.countries.get(alpha_3=actor.code("iso3166-1-alpha3"))
        assert found is not None, actor.actor_id
        assert (found.alpha_2, found.numeric) == (
            actor.code("iso3166-1-alpha2"), actor.code("iso3166-1-numeric")
        )  # fmt: skip
        names = {found.name, getattr(found, "common_name", found.name)}
        assert any(first_word(actor.name) in plain_letters(name) for name in names), actor.actor_id


def first_word(name: str) -> str:
    """Return the first word of a state's name, of its short form."""
    return plain_letters(name).removeprefix("Republic of the ").split()[0]


def plain_letters(text: str) -> str:
    """Return a text without its accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def test_states_of_the_founding_documents_are_in_wikidata(dataset: sd.Dataset) -> None:
    """The states of the first data have their Wikidata items."""
    states = [actor for actor in dataset.actors.values() if actor.kind == "state"]
    assert len(states) >= 17
    assert all(actor.wikidata for actor in states)


def test_cow_and_gw_codes_agree_with_countrycode(newest: sd.Dataset) -> None:
    """Every state has the numbers that an independent table has for its ISO 3166-1 code."""
    states = [actor for actor in newest.actors.values() if actor.kind == "state"]
    iso3 = [actor.code("iso3166-1-alpha3") or "" for actor in states]
    for actor, cow, gw in zip(states, numbers(iso3, "cown"), numbers(iso3, "gwn"), strict=True):
        wanted = {scheme: actor.code(scheme) for scheme in ("cow", "gw")}
        exception = NO_ONE_NUMBER.get(actor.actor_id, {})
        assert {"cow": cow, "gw": gw} == wanted | exception, actor.actor_id


def numbers(iso3: list[str], scheme: str) -> list[str | None]:
    """Return the numbers of states in another scheme; None for a state that has none."""
    found = countrycode.countrycode(iso3, origin="iso3c", destination=scheme)
    return [None if number is None else str(number) for number in found]


def test_the_table_of_others_tells_the_schemes_apart() -> None:
    """The table distinguishes the two schemes where they differ (Germany), so it detects a mix-up."""
    assert (["255"], ["260"]) == (numbers(["DEU"], "cown"), numbers(["DEU"], "gwn"))


def test_every_blind_stance_is_accounted_for(newest: sd.Dataset) -> None:
    """Each blind stance has an outcome; a document coded blind was coded twice."""
    for stance in newest.blind_stances.values():
        assert stance.adjudication
        assert stance.published_id is None or stance.published_id in newest.stances
    assert {("coder-3", "coder-4")} == set(blind_coders(newest).values())


def test_the_founding_documents_were_coded_twice(dataset: sd.Dataset) -> None:
    """Each document of the first data was coded blind twice."""
    assert set(dataset.documents) == set(blind_coders(dataset))


def blind_coders(dataset: sd.Dataset) -> dict[str, tuple[str, ...]]:
    """Return the blind coders of each document that has any."""
    coders = defaultdict(set)
    for row in dataset.tables["codings"].to_pylist():
        coders[row["document_id"]].add(row["coder"])
    return {document_id: tuple(sorted(found)) for document_id, found in coders.items()}


def test_every_published_stance_comes_from_a_blind_one(newest: sd.Dataset) -> None:
    """In a document coded twice, all come from a blind one but those that adjudication added or split."""
    matched = {s.published_id for s in newest.blind_stances.values()}
    twice = blind_coders(newest)
    published = {i for i, stance in newest.stances.items() if stance.document_id in twice}
    founding = {i for i in published - matched if not newest.stances[i].evidence[0].locator}
    assert {"chintan-2021-10#s19"} == founding
    assert len(published - matched) < len(published) / 50


def test_every_named_actor_has_its_spellings(newest: sd.Dataset) -> None:
    """Every actor's own name is among its names, once, as the preferred one."""
    for actor in newest.actors.values():
        preferred = [n.name for n in actor.names if n.kind == "preferred"]
        assert [actor.name] == preferred, actor.actor_id


def test_readme_tells_how_large_the_data_are(newest: sd.Dataset) -> None:
    """The README has the numbers of the newest data."""
    page = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    rows = {name: f"{newest.tables[name].num_rows:,}" for name in newest.tables}
    size = f"{rows['documents']} documents, {rows['stances']} stances"
    assert f"The newest data, {newest.version}, have {size}" in page
    assert f"{rows['silent_speakers']} silences" in page
    assert f"{len(blind_coders(newest))} of the {rows['documents']} documents" in page


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
