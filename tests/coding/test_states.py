"""The packaged tables of states: their codes, spells and names."""

from __future__ import annotations

import datetime
import sys
from collections import defaultdict

import countrycode
import pycountry
import pytest

import stancedata as sd
from stancedata.coding import states
from stancedata.coding.additions import actor_slug

ALL = sorted(states.codes())
OTHERS = {("VNM", "gw")}
"""Where the other table has another number: 817, of the South until 1975."""
SPELLS = ("cow", "gw")


def of(iso3: str, scheme: str) -> list[states.Item]:
    """Return the codes of a state in a scheme."""
    return [item for item in states.codes()[iso3] if item["scheme"] == scheme]


def test_every_member_and_observer_of_the_united_nations() -> None:
    """The tables have the 193 members, the two observers, and Taiwan, which has no M49 code."""
    assert 196 == len(ALL)
    assert ["TWN"] == [iso3 for iso3 in ALL if not of(iso3, "un-m49")]
    assert set(ALL) == set(states.english_names())


@pytest.mark.parametrize("iso3", ALL)
def test_iso_codes_agree_with_pycountry(iso3: str) -> None:
    """The ISO 3166 codes are those of the library that they were taken from; M49 is the same."""
    country = pycountry.countries.get(alpha_3=iso3)
    assert country is not None
    wanted = {
        "iso3166-1-alpha2": country.alpha_2,
        "iso3166-1-alpha3": iso3,
        "iso3166-1-numeric": country.numeric,
    }
    assert wanted == {scheme: of(iso3, scheme)[0]["code"] for scheme in wanted}
    assert iso3 == "TWN" or [country.numeric] == [item["code"] for item in of(iso3, "un-m49")]


@pytest.mark.parametrize(("scheme", "known_as"), [("cow", "cown"), ("gw", "gwn"), ("vdem", "vdem")])
def test_the_codes_of_today_agree_with_countrycode(scheme: str, known_as: str) -> None:
    """The code without a last day is the one that an independent table has."""
    others = countrycode.countrycode(ALL, origin="iso3c", destination=known_as)
    for iso3, other in zip(ALL, others, strict=True):
        now = [item["code"] for item in of(iso3, scheme) if "valid_to" not in item]
        if now and other is not None and (iso3, scheme) not in OTHERS:
            assert [str(int(float(other)))] == now, iso3


def test_wikidata_items_agree_with_those_of_curators() -> None:
    """A state has one item and no other state has it; the actors that people coded agree."""
    items = {iso3: [item["code"] for item in of(iso3, "wikidata")] for iso3 in ALL}
    assert len(ALL) == len({code for [code] in items.values()})
    actors = sd.load("0.2.0").actors.values()
    coded = {iso3: [a.wikidata] for a in actors if a.wikidata and (iso3 := a.code(states.ALPHA3))}
    assert len(coded) > 10
    assert coded == {iso3: items[iso3] for iso3 in coded}


def test_spells_do_not_overlap() -> None:
    """A state has at most one code of a scheme on any day, and the spells are in order."""
    for iso3 in ALL:
        for scheme in SPELLS:
            last = datetime.date.min
            for item in of(iso3, scheme):
                assert last < datetime.date.fromisoformat(item["valid_from"]), iso3
                last = datetime.date.fromisoformat(item.get("valid_to", "9999-12-31"))


def test_no_spell_of_long_ago() -> None:
    """A spell that ended before 1946 is left out, unless the code came again later."""
    for iso3 in ALL:
        for scheme in SPELLS:
            later: defaultdict[str, str] = defaultdict(str)
            for item in of(iso3, scheme):
                later[item["code"]] = max(later[item["code"]], item.get("valid_to", "9999"))
            assert all(last > "1946" for last in later.values()), (iso3, scheme, later)


def test_a_code_that_comes_again() -> None:
    """Germany has the number 255 twice in the list of the Correlates of War."""
    spells = [
        (i["code"], i.get("valid_from"), i.get("valid_to"), i["scheme_version"])
        for i in of("DEU", "cow")
    ]
    assert [
        ("255", "1816-01-01", "1945-05-08", "2016"),
        ("260", "1955-05-05", "1990-10-02", "2016"),
        ("255", "1990-10-03", None, "2016"),
    ] == spells


def test_ids_are_the_short_names() -> None:
    """The ID of a state is its short name in English."""
    ids = {iso3: actor_slug(states.english_names()[iso3][0]["name"]) for iso3 in ALL}
    assert len(ALL) == len(set(ids.values()))
    wanted = {
        "RUS": "russia", "KOR": "south-korea", "PRK": "north-korea", "CIV": "cote-divoire",
        "TUR": "turkiye", "USA": "united-states", "COD": "democratic-republic-of-the-congo",
        "COG": "republic-of-the-congo", "FSM": "micronesia", "PSE": "palestine",
        "VAT": "holy-see", "BRN": "brunei", "CPV": "cabo-verde", "BHS": "bahamas",
        "GMB": "gambia", "LAO": "laos", "SYR": "syria", "IRN": "iran", "VNM": "vietnam",
        "MDA": "moldova", "TZA": "tanzania", "VEN": "venezuela", "BOL": "bolivia",
        "STP": "sao-tome-and-principe", "GNB": "guinea-bissau",
    }  # fmt: skip
    assert wanted == {iso3: ids[iso3] for iso3 in wanted}


def test_english_names() -> None:
    """A state has one preferred name, which comes first, and no name twice or of two states."""
    seen: set[str] = set()
    for iso3, items in states.english_names().items():
        kinds = [item["kind"] for item in items]
        assert "preferred" == kinds[0], iso3
        assert 1 == kinds.count("preferred"), iso3
        names = {item["name"] for item in items}
        assert len(items) == len(names), iso3
        assert not names & seen, iso3
        seen |= names


def test_names_in_the_languages_of_the_united_nations() -> None:
    """Each other language gives an alias, unless the name is the same as one before."""
    listed = [(item["name"], item["language"]) for item in states.names("RUS")]
    assert [("Россия", "ru")] == [pair for pair in listed if pair[1] == "ru"]
    assert ["ar", "zh", "fr", "ru", "es"] == [language for _, language in listed[-5:]]
    french = [item for item in states.names("FRA") if item["language"] == "fr"]
    assert [] == french
    for iso3 in ALL:
        names = [item["name"] for item in states.names(iso3)]
        assert len(names) == len(set(names)), iso3
        assert not any(" (" in name for name in names), iso3


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Babel the message says how to install it; English names do not need it."""
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(sd.StancedataError, match=r"pip install 'stancedata\[coding\]', or add"):
        states.names("RUS")
    assert states.english_names()["RUS"] == states.names("RUS", english_only=True)


@pytest.mark.parametrize("given", [["FRA,DEU"], ["fra", "deu"], [" FRA  deu ,FRA"]])
def test_a_list_of_codes(given: list[str]) -> None:
    """Codes are separated by commas or spaces, in upper or lower case, and count once."""
    assert ["FRA", "DEU"] == states.chosen(given)


@pytest.mark.parametrize("given", [[], [" "], ["", ","]])
def test_no_code_is_refused(given: list[str]) -> None:
    """Blanks and commas alone are no list of states."""
    with pytest.raises(sd.StancedataError, match="iso3: has no code; give three letters"):
        states.chosen(given)


def test_unknown_codes_are_reported_together() -> None:
    """Every unknown code is named."""
    with pytest.raises(sd.InvalidDataError) as error:
        states.chosen(["FRX,DEU", "123"])
    assert [
        "iso3: is not in the table of states, got '123'; give three letters of ISO 3166-1, such as FRA",
        "iso3: is not in the table of states, got 'FRX'; did you mean 'FRA'?",
    ] == [str(problem) for problem in error.value.problems]
