"""The printed form of records."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import stancedata as sd
from stancedata.model import Exemption
from tests.test_docs import MADE_UP

PRINTED = {
    ("actors", "russia"): """
Russia [russia], state
    also: Russian Federation; Moscow; Kremlin; Putin-led administration
    codes: wikidata Q159, iso3166-1-alpha2 RU, iso3166-1-alpha3 RUS, iso3166-1-numeric 643, cow 365,
        gw 365, vdem 11
""",
    ("actors", "abdul-ghani-baradar"): """
Abdul Ghani Baradar [abdul-ghani-baradar], person
    also: Mullah Abdul Ghani Baradar; Mullah Baradar; Baradar
    codes: wikidata Q317219
    speaks_for taliban (Head of the Political Office), from 2019-01-24, to 2021-08-17
    speaks_for taliban (Acting Deputy Prime Minister), from 2021-09-07
    member_of taliban (Co-founder)
""",
    ("stances", "chintan-2021-10#s15"): """
russia, china, pakistan, india, iran, kazakhstan, kyrgyzstan, tajikistan, turkmenistan, uzbekistan
        on recognition, 2021-10-20: withholds (-1), joint, chintan-2021-10#s15
    The ten states counsel dealing with the Taliban and helping without recognising them for now.
    urges, reported, confidence medium
    towards international-community, at moscow-format-2021-10-20
    evidence: characters 3065 to 3214
    note: Said of what the world should do; that they withhold it themselves is read from it.
""",
    ("stances", "the-correspondent-2021-10-21#s11"): """
russia on recognition, 2021-10-19: withholds (-1), own, the-correspondent-2021-10-21#s11
    Lavrov tells reporters that recognising the Taliban is not being discussed at present and awaits
        their promises.
    withholds, quoted, confidence medium
    voiced by sergei-lavrov, towards taliban, at lavrov-press-2021-10
    aspects: de_jure
    on condition: the promises made on taking power kept
    on condition: the new government made politically and ethnically inclusive as promised
        [inclusivity]
    evidence: characters 3576 to 3631; characters 3634 to 3892; characters 3931 to 3998
    note: The paper's own restatements are folded in. It gives no day for the press talk, which
        Chintan reports too; the day is the event's.
""",
    ("issues", "recognition"): """
Recognition [recognition], core, words
    The Taliban-led authorities are to be recognised as Afghanistan's government. Before 15 August
        2021: a Taliban-led emirate.
    levels: recognises (+2), favours (+1), uncommitted (0), withholds (-1), rejects (-2)
    aspects: de_jure, de_facto, representation, legitimacy
""",
    ("documents", "chintan-2021-10"): """
Taliban in Moscow [chintan-2021-10], analysis, [2021-10-20..2026-11-22]
    Chintan, India Foundation
    authors: sandhya-jain
    https://chintan.indiafoundation.in/articles/taliban-in-moscow/
    anchored, 5618 characters, en
    read: whole
    coded 2026-11-29 by adjudicator
    note: No day of publication was seen. It quotes a newspaper of 2021-10-20, and was coded on the
        last day that is possible.
""",
    ("events", "moscow-format-2021-10-20"): """
Moscow Format meeting with the Taliban [moscow-format-2021-10-20], meeting, 2021-10-20, Moscow
    series: moscow-format
    dated by: chintan-2021-10
    host: russia
    participant: china, pakistan, india, iran, kazakhstan, kyrgyzstan, tajikistan, turkmenistan,
        uzbekistan, taliban, russia
    absent: united-states
    invited: taliban
""",
}
MADE_UP_PRINTED = {
    ("actors", "council-of-southland"): """
Council of Southland [council-of-southland], government, to 2021-10-31
    governs southland, to 2021-10-31
""",
    ("stances", "midport-communique-2021-10-20#s01"): """
northland, westland (dissociates) on aid, 2021-10-20: supports (+1), joint,
        midport-communique-2021-10-20#s01
    Northland wants help to go in at once, and Westland does not join in that.
    urges, direct, confidence high
    at midport-2021-10-20
    evidence: paragraph 1
""",
    ("stances", "midport-communique-2021-10-20#s02"): """
northland, westland on recognition, 2021-10-20: withholds (-1), joint,
        midport-communique-2021-10-20#s02
    Both put recognition off until others have a share in power.
    withholds, direct, confidence high
    at midport-2021-10-20
    on condition: others have a share in power [recognition]: unmet, 2021-11-05
    evidence: paragraph 2
""",
    ("stances", "midport-communique-2021-10-20#s03"): """
midport-talks (most) on aid, 2021-10-20: commits (+2), own, midport-communique-2021-10-20#s03
    Most of those who took part will send help of their own.
    pledges, direct, confidence high
    at midport-2021-10-20
    evidence: paragraph 3
""",
    ("documents", "evening-mail-2021-11-12"): """
Northland and Westland speak [evening-mail-2021-11-12], news, 2021-11-12
    Evening Mail
    https://example.org/evening-mail-2021-11-12
    copy of: coast-wire-2021-11-11
    cited, en
    coded 2021-12-01 by coder-1
""",
}


@pytest.mark.parametrize(("kind", "record_id"), PRINTED)
def test_records_of_the_data(dataset: sd.Dataset, kind: str, record_id: str) -> None:
    """A record of each kind prints word for word as expected."""
    assert PRINTED[kind, record_id].strip() == str(getattr(dataset, kind)[record_id])


@pytest.mark.parametrize(("kind", "record_id"), MADE_UP_PRINTED)
def test_records_that_are_made_up(kind: str, record_id: str) -> None:
    """Made-up records print what the data lack: days, dissociation, status, quantifier, copy."""
    made_up = sd.read(MADE_UP)
    assert MADE_UP_PRINTED[kind, record_id].strip() == str(getattr(made_up, kind)[record_id])


def test_blind_codings_say_whose(dataset: sd.Dataset) -> None:
    """A blind coding prints its coder, its published stance and its adjudication."""
    text = str(dataset.blind_stances["coder-3/chintan-2021-10#s02"])
    assert "coded by coder-3," in text
    assert "published as chintan-2021-10#s30" in text
    assert "\n    adjudication: Changed in confidence" in text


def test_what_is_empty_is_left_out() -> None:
    """An actor with only a name prints on one line; silenced rules are listed."""
    actor = sd.Actor("x", "X", "state")
    assert "X [x], state" == str(actor)
    silenced = attrs.evolve(actor, exemptions=(Exemption("unused_actor", "to come"),))
    assert "X [x], state\n    exempt from: unused_actor" == str(silenced)


def test_positions_without_a_level() -> None:
    """Positions that are ambiguous or on both sides print without a number, with their marks."""
    made_up = sd.read(MADE_UP)
    assert (
        "Westland on recognition, 2021-10-27: ambiguous, own, documents: 1, "
        "daily-post-2021-10-28#s01"
    ) == str(made_up.position("westland", "recognition", on="2021-10-27"))
    assert (
        "Eastland on recognition, 2021-10-27: both sides, own, documents: 2, contested, "
        "coast-wire-2021-10-28#s01"
    ) == str(made_up.position("eastland", "recognition", on="2021-10-27"))


def test_a_level_of_zero_has_no_sign() -> None:
    """Level zero prints without a sign."""
    old = sd.load("0.1.0")
    assert ": open (0), own," in str(old.position("united-states", "engagement"))


def test_releases_and_verifications_show_in_a_notebook(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Releases and verifications have an HTML table, like records."""
    assert "<td style='text-align:left;vertical-align:top'>0.1.0</td>" in (
        dataset.releases[0]._repr_html_()
    )
    found = dataset.verify(tmp_path)
    assert "missing texts</th>" in found._repr_html_()
    assert "<changes: 0, records: 0>" == repr(dataset.diff(dataset.releases[-1].release))
