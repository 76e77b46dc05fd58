"""Names of actors and issues: what is refused, and what numbers and codes resolve to."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import stancedata as sd
from stancedata import charts
from stancedata.cli.records.positions import no_position
from stancedata.dataset.names import Names
from tests.cli.test_commands import run
from tests.support.pinned import load_pinned

ALIKE = Names(
    "actor",
    [("Georgia", "georgia"), ("7", "group-of-seven"), ("GX", "guards")],
    [
        ("cow", "372", "georgia"), ("gw", "372", "georgia"), ("vdem", "118", "georgia"),
        ("gw", "118", "elsewhere"), ("iso3166-1-alpha2", "GE", "georgia"), ("plover", "GE", "geneva"),
        ("iso3166-1-alpha2", "GX", "georgia"), ("iso3166-1-numeric", "031", "elsewhere"),
    ],
)  # fmt: skip


def askers(ds: sd.Dataset, *, needed: bool) -> list[Callable[[Any], object]]:
    """Return every method that takes an actor, required or optional."""
    if needed:
        return [
            lambda name: ds.position(name, "recognition"), ds.actors.resolve,
            ds.members, ds.voiced_by, functools.partial(no_position, ds),
        ]  # fmt: skip
    narrowed = (
        ds.positions, ds.matrix, ds.panel, ds.shifts, ds.contradictions, ds.conditions,
        ds.agreement, ds.history, functools.partial(ds.positions, on="2021-10-20"),
    )  # fmt: skip
    return [lambda name, ask=ask: ask(holder=name) for ask in narrowed]  # type: ignore[misc]


WRONG = [
    "", " \t", float("nan"), float("inf"), 365.0, True, False, np.True_, pd.NA, pd.NaT, b"RUS",
    ["russia"], ("russia",), [], {"russia"}, np.array(["russia"]), datetime.date(2021, 1, 1),
]  # fmt: skip


@pytest.mark.parametrize("name", [None, *WRONG], ids=lambda name: type(name).__name__)
def test_what_names_nobody_is_refused(dataset: sd.Dataset, name: Any) -> None:
    """Only non-blank text and whole numbers are accepted as an actor."""
    said = "actor: must be one id, name or code, got "
    asked = askers(dataset, needed=True)
    if name is not None:
        asked += askers(dataset, needed=False)
        if not isinstance(name, list | tuple):  # charts take several actors
            asked.append(functools.partial(charts.timeline, dataset))
    else:
        with pytest.raises(sd.StancedataError, match="holder: is missing; give a holder"):
            dataset.history(name)
    for ask in asked:
        with pytest.raises(sd.StancedataError, match=said):
            ask(name)


@pytest.mark.parametrize("name", [None, *WRONG], ids=lambda name: type(name).__name__)
def test_what_names_no_issue_is_refused(dataset: sd.Dataset, name: Any) -> None:
    """They are not accepted as an issue or as a record of `revisions` either."""
    said = "must be one id, name or code, got "
    asked: list[Any] = [functools.partial(dataset.position, "russia")]
    if name is not None:
        asked += [dataset.conditions, lambda name: dataset.reliability(issue=name)]
        asked += [functools.partial(dataset.history, "russia"), dataset.revisions]
    for ask in asked:
        with pytest.raises(sd.StancedataError, match=said):
            ask(name)
    if name is not None:
        with pytest.raises(sd.StancedataError, match="version: does not exist, got"):
            dataset.known_at(name)


@pytest.mark.parametrize("code", [20, "20", "101", "110", "140", np.int64(20)])
def test_a_number_is_of_one_scheme(dataset: sd.Dataset, code: Any) -> None:
    """A number that is not a COW code is refused, listing its actors in other schemes."""
    for ask in (*askers(dataset, needed=True), *askers(dataset, needed=False)):
        with pytest.raises(
            sd.StancedataError,
            match=rf"no actor has the code 'cow:{code}', for which a bare number stands; "
            rf"use vdem:{code} \([a-z-]+\)$",
        ):
            ask(code)
    with pytest.raises(sd.UnknownIdError, match=rf"no actor is called 'cow:{code}'; it is not"):
        dataset.actors.resolve(f"cow:{code}")


def test_a_number_is_a_cow_code(dataset: sd.Dataset) -> None:
    """Every COW code resolves as a bare number, and every code with its scheme."""
    for row in dataset.tables["actor_codes"].to_pylist():
        resolve = dataset.actors.resolve
        assert row["actor_id"] == resolve(f"{row['scheme']}:{row['code']}")
        assert row["actor_id"] == resolve(f"{row['scheme']}:{row['code']}".upper())
        if row["scheme"] == "cow":
            assert row["actor_id"] == resolve(row["code"]) == resolve(int(row["code"]))
        elif not row["code"].isdigit():
            assert row["actor_id"] == resolve(row["code"]) == resolve(row["code"].lower())
    for said in (365, "365", "cow:365", "iso3166-1-numeric:643"):
        assert "russia" == dataset.actors.resolve(said)
        assert dataset.history("russia") == dataset.history(said)
        assert dataset.shifts(said).equals(dataset.shifts("russia"))


@pytest.mark.parametrize("name", ["366", 366, "cow:366", "gw:1", "x:365", "3650", "-365", "٣٦٥"])
def test_a_number_has_no_nearest_one(dataset: sd.Dataset, name: Any) -> None:
    """An unknown number gets no suggestion, because a similar number is another actor."""
    said = rf"no actor is called '{name}'; it is not in these data, which have \d+ actors$"
    with pytest.raises(sd.UnknownIdError, match=said):
        dataset.actors.resolve(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("372", "georgia"), ("7", "group-of-seven"), ("gw:118", "elsewhere"), ("vdem:118", "georgia"),
        ("plover:ge", "geneva"), ("iso3166-1-numeric:031", "elsewhere"), ("31", None), ("x:GE", None),
        (":GE", None), ("plover:", None), ("GEORGIA", "georgia"),
    ],
)  # fmt: skip
def test_find(name: str, expected: str | None) -> None:
    """A code resolves with its scheme, and without it if it is unambiguous."""
    assert expected == ALIKE.find(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("118", "no actor has the code 'cow:118', for which a bare number stands; use "
        "gw:118 (elsewhere), vdem:118 (georgia)"),
        ("031", "no actor has the code 'cow:031', for which a bare number stands; use "
        "iso3166-1-numeric:031 (elsewhere)"),
        ("GE", "several actors are called 'GE'; use one of iso3166-1-alpha2:GE (georgia), "
        "plover:GE (geneva)"),
        ("gx", "several actors are called 'gx'; use one of guards, iso3166-1-alpha2:GX (georgia)"),
    ],
)  # fmt: skip
def test_schemes_that_disagree(name: str, said: str) -> None:
    """The message for an ambiguous code shows how to write each meaning."""
    with pytest.raises(sd.StancedataError, match=f"^{re.escape(said)}$"):
        ALIKE.find(name)


def test_a_name_need_not_be_among_the_names(small: sd.Dataset) -> None:
    """The displayed name of an actor resolves wherever names are accepted.

    A rule asks for it among the names, but not in tables that a program made.
    """
    names = small.tables["actor_names"]
    found = sd.Dataset({**small.tables, "actor_names": names.slice(0, 0)}, "0.0.0+test")
    assert "anna-north" == found.actors.resolve("anna north")


def test_commands_refuse_in_a_sentence() -> None:
    """The commands give the same messages, and never answer for another actor."""
    for words in (["history", "20"], ["show", "20"], ["matrix", "--holder", "20"], ["shifts", "--holder", "20"],
                  ["agreement", "--holder", "20"], ["conditions", "--holder", "20"],
                  ["contradictions", "--holder", "20"]):  # fmt: skip
        assert "use vdem:20 (united-states)" in run(*words, status=1)
        blank = [*words[:-1], ""]
        assert "must be one id, name or code, got ''" in run(*blank, status=1)
    found = run("history", "vdem:11", "recognition", "--format", "json")
    assert {"russia"} == {row["actor_id"] for row in json.loads(found)}
    assert run("show", "cow:365") == run("show", "russia")


def test_iso_schemes_in_short() -> None:
    """`iso3:` and `iso2:` name the codes of ISO 3166-1."""
    codes = [("iso3166-1-alpha3", "FRA", "france"), ("iso3166-1-alpha2", "FR", "france")]
    names = Names("actor", [], codes)
    assert ["france"] * 3 == [
        names.find(n) for n in ("iso3:FRA", "ISO2:fr", "iso3166-1-alpha3:FRA")
    ]


PLACES = Names(
    "actor",
    [
        ("Islamic Emirate of Afghanistan", "taliban"), ("Taliban", "taliban"), ("Iran", "iran"),
        ("Türkiye", "turkiye"), ("Côte d\u2019Ivoire", "cote-divoire"), ("North Korea", "north-korea"),
        ("South Korea", "south-korea"), ("United Arab Emirates", "uae"), ("Køge", "koge"),
        ("Perú", "peru"), ("Pérú", "other"), ("NE", "niger"),
    ],
    [("iso3166-1-alpha2", "NA", "namibia")],
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Turkiye", "turkiye"), ("TÜRKIYE", "turkiye"), ("Cote d'Ivoire", "cote-divoire"),
        ("cote d\u2018ivoire", "cote-divoire"), ("  north   korea ", "north-korea"), ("Koge", "koge"),
        ("perú", "peru"), ("Islamic Emirate", None),
    ],
)  # fmt: skip
def test_accents_and_apostrophes_need_not_be_typed(name: str, expected: str | None) -> None:
    """A name resolves without its accents and apostrophes, but not by a part of it."""
    assert expected == PLACES.find(name)


def test_a_bare_name_of_two_is_refused() -> None:
    """Names that differ in accents only are told apart by these, or not at all."""
    with pytest.raises(sd.StancedataError, match="several actors are called 'Peru'; use one of"):
        PLACES.find("Peru")


@pytest.mark.parametrize("name", ["Deutschland", "Holland", "Suomi", "Sverige", "Frankreich"])
def test_a_name_that_is_not_in_the_data_suggests_no_other_country(name: str) -> None:
    """A few letters in common do not make another name."""
    with pytest.raises(sd.UnknownIdError, match="it is not in these data, which have 571 actors"):
        load_pinned("1.1.0").actors.resolve(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Islamic Emirate", "'Islamic Emirate of Afghanistan' (taliban)"),
        ("Emirate", "'Islamic Emirate of Afghanistan' (taliban) or 'United Arab Emirates' (uae)"),
        ("Korea", "'North Korea' (north-korea) or 'South Korea' (south-korea)"),
        ("Cote", "'Côte d\u2019Ivoire' (cote-divoire)"), ("Turkyie", "'Türkiye'"),
        ("Talban", "'Taliban'"), ("Irn", "'Iran'"), ("Irna", ""), ("Tbilisi", ""), ("France", ""), ("None", ""), ("NAN", ""), ("null", ""),
    ],
)  # fmt: skip
def test_suggestions(name: str, said: str) -> None:
    """A name is suggested for its words, or its spelling if that is near; no code is.

    It is spelled as in the data.
    """
    assert (f"did you mean {said}?" if said else "") == PLACES.suggest(name, [])
