"""The tutorial of a second dataset, run from start to end."""

from __future__ import annotations

from pathlib import Path

import pycountry
import pytest
from tools.pages.second_dataset import EXAMPLE, PAGE, files, rerun

import stancedata as sd
from tests.test_data import numbers


def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    """The commands print what the page shows, and create the example file by file."""
    page = PAGE.read_text(encoding="utf-8")
    now, failed = rerun(page, tmp_path)
    assert page == now, "bring it up to date with python -m tools.pages.second_dataset"
    assert ["recognizes"] == [word for line in failed for word in line.split() if "zes" in word]
    assert 1 == len(failed), "one is shown that is refused"
    assert files(EXAMPLE) == files(tmp_path / "data")


def test_the_example_has_nothing_wrong() -> None:
    """The example has no problem, only cited documents, and no unused actor."""
    assert [] == sd.check(EXAMPLE)
    dataset = sd.read(EXAMPLE)
    assert {"cited"} == {document.tier for document in dataset.documents.values()}
    assert {-2, -1, 0, 2} == {
        s.level for s in dataset.stances.values() if s.issue_id == "recognition"
    }
    assert set(dataset.actors) == {
        actor_id
        for s in dataset.stances.values()
        for actor_id in (*s.parties, s.speaker_id)
        if actor_id
    }


def test_the_issues_on_the_page_are_those_of_the_codebook() -> None:
    """The excerpts on the page match the files."""
    page = PAGE.read_text(encoding="utf-8")
    shown = page.partition("```yaml\n")[2].partition("```")[0]
    assert shown
    assert shown in (EXAMPLE / "codebook.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("actor_id", ["cyprus", "japan", "sri-lanka"])
def test_codes_of_its_states(actor_id: str) -> None:
    """The codes of its actors are those of independent tables."""
    actor = sd.read(EXAMPLE).actors[actor_id]
    country = pycountry.countries.get(name=actor.name)
    assert country is not None
    assert country.alpha_3 == actor.code("iso3166-1-alpha3")
    for scheme, known_as in (("cow", "cown"), ("gw", "gwn")):
        assert numbers([country.alpha_3], known_as) == [actor.code(scheme)]
