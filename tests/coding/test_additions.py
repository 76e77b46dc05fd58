"""New actors, states and events: what is written, what is left alone, what is refused."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import stancedata as sd
from stancedata.coding.additions import document_slug
from stancedata.coding.drafts import new_actor, new_event
from stancedata.coding.skeleton import begin
from stancedata.coding.states import new_states
from stancedata.curation.format import tidy
from stancedata.dataset.folders import open_folder
from tests.support.folders import texts_of

FRANCE = """name: France
kind: state
wikidata: Q142
names:
  - {name: France, kind: preferred, language: en}
  - {name: French Republic, kind: alias, language: en}
codes:
  - {scheme: iso3166-1-alpha2, code: FR, scheme_version: pycountry 26.2.16}
  - {scheme: iso3166-1-alpha3, code: FRA, scheme_version: pycountry 26.2.16}
  - {scheme: iso3166-1-numeric, code: 250, scheme_version: pycountry 26.2.16}
  - {scheme: cow, code: 220, scheme_version: 2016, valid_from: 1816-01-01, valid_to: 1942-11-11}
  - {scheme: cow, code: 220, scheme_version: 2016, valid_from: 1944-08-25}
  - {scheme: gw, code: 220, scheme_version: 2017, valid_from: 1816-01-01}
  - {scheme: vdem, code: 76, scheme_version: 15}
  - {scheme: un-m49, code: 250}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A dataset that was just begun, whose codebook has every scheme of codes."""
    begin(tmp_path / "data", "States", ())
    return tmp_path / "data"


def actor(data: Path, actor_id: str) -> Path:
    """Return the file of an actor."""
    return data / "actors" / f"{actor_id}.yaml"


def test_a_state_of_the_tables(data: Path) -> None:
    """A state has its English names and all codes with their days, and passes the rules."""
    made = new_states(data, ["FRA"], english_only=True)
    assert () == made.problems
    assert FRANCE == actor(data, "france").read_text(encoding="utf-8")
    assert [] == [p for p in sd.check(data) if p.rule != "unused_actor"]
    assert [] == tidy([data], write=False)


def test_all_states(data: Path) -> None:
    """Every state is written, with names in six languages, and passes the rules."""
    made = new_states(data, None)
    assert () == made.problems
    assert 196 == sum(record.created for record in made.records)
    assert {"unused_actor"} == {problem.rule for problem in sd.check(data)}
    assert [] == tidy([data], write=False)
    actors = sd.read(data).actors
    for name in ("Россия", "俄罗斯", "Rusia", "روسيا", "Russie", "RUS", "365"):
        assert "russia" == actors.resolve(name)
    before = texts_of(data)
    again = new_states(data, None)
    assert str(again).endswith("0 created, 0 updated, 196 left alone")
    assert before == texts_of(data)


def test_a_state_that_exists_under_another_id_is_left_alone(data: Path) -> None:
    """An actor that has the ISO code of a state is that state."""
    codes = [{"scheme": "iso3166-1-alpha3", "code": "FRA"}]
    new_actor(data, "the-republic", {"name": "The Republic", "kind": "state", "codes": codes})
    before = texts_of(data)
    made = new_states(data, ["FRA"])
    assert f"{actor(data, 'the-republic')}: exists, left alone: the-republic" == str(made)
    assert before == texts_of(data)


def test_update_adds_what_is_missing_and_only_that(data: Path) -> None:
    """Comments, values, names and undated codes stay; a scheme is added if it has no code then."""
    actor(data, "france").write_text(
        "# By hand.\nname: France\nkind: state\nwikidata: Q142\nnames:\n"
        "  # As we call it.\n  - {name: France, kind: preferred, language: en}\n"
        "  - {name: Paris, kind: alias, language: en}\n"
        "codes:\n  - {scheme: cow, code: 220}\n"
        "  - {scheme: gw, code: 220, valid_from: 1816-01-01, valid_to: 1900-01-01}\n",
        encoding="utf-8",
    )
    made = new_states(data, ["FRA"], update=True, english_only=True)
    assert str(made).endswith("france.yaml: gained 1 name, 5 codes: france")
    text = actor(data, "france").read_text(encoding="utf-8")
    assert text.startswith("# By hand.\nname: France\n")
    assert "  # As we call it.\n  - {name: France" in text
    found = sd.read(data).actors["france"].codes
    codes = [(c.scheme, c.code) for c in found if c.scheme != "wikidata"]
    assert [("cow", "220"), ("gw", "220")] == codes[:2]
    assert ["iso3166-1-alpha2", "iso3166-1-alpha3", "iso3166-1-numeric", "vdem", "un-m49"] == [
        scheme for scheme, _ in codes[2:]
    ]
    again = new_states(data, ["FRA"], update=True, english_only=True)
    assert str(again).endswith("france.yaml: exists, left alone: france")


def test_update_adds_a_spell_that_is_missing(data: Path) -> None:
    """A code that holds on other days does not keep a spell from being added."""
    codes = [{"scheme": "cow", "code": "255", "valid_from": "1990-10-03"}]
    new_actor(data, "germany", {"name": "Germany", "kind": "state", "codes": codes})
    new_states(data, ["DEU"], update=True, english_only=True)
    found = [(c.code, str(c.valid_from)) for c in sd.read(data).actors["germany"].codes]
    assert {("255", "1816-01-01"), ("260", "1955-05-05"), ("255", "1990-10-03")} <= set(found)
    assert 1 == found.count(("255", "1990-10-03"))


def test_a_name_of_another_actor_is_left_out(data: Path) -> None:
    """A name would be ambiguous if two actors had it."""
    new_actor(data, "the-front", {"name": "French Republic", "kind": "movement"})
    made = new_states(data, ["FRA"], english_only=True)
    assert ["france: names: leaves out 'French Republic', which the-front is called"] == [
        str(problem) for problem in made.problems
    ]
    assert "the-front" == sd.read(data).actors.resolve("French Republic")
    assert () == new_states(data, ["FRA"], english_only=True).problems


def test_a_codebook_without_a_scheme(repository: Path) -> None:
    """A scheme that the codebook lacks is reported once, not for every state."""
    with pytest.raises(sd.InvalidDataError) as error:
        new_states(repository, None)
    lines = [str(problem) for problem in error.value.problems]
    assert 5 == len(lines)
    assert any("lacks the scheme 'un-m49'; add it" in line for line in lines)
    assert all(line.startswith(f"{repository / 'codebook.yaml'}:") for line in lines)


def test_nothing_is_half_done(data: Path) -> None:
    """If one state cannot be written, none is; every problem is reported."""
    new_actor(data, "peru", {"name": "Peru", "kind": "movement"})
    new_actor(data, "chad", {"name": "Chad", "kind": "movement"})
    before = texts_of(data)
    with pytest.raises(sd.InvalidDataError) as error:
        new_states(data, ["FRA", "PER", "TCD"])
    assert [
        f"{i}: id: already exists and is not a state, got movement in {actor(data, i)}; choose another id"
        for i in ("chad", "peru")
    ] == [str(problem) for problem in error.value.problems]
    assert before == texts_of(data)


@pytest.mark.parametrize("text", ["just text\n", "name: Peru\nkind: state\nnames: Peru\n"])
def test_an_existing_file_that_is_no_actor(data: Path, text: str) -> None:
    """A file that cannot be extended is reported, not replaced."""
    actor(data, "peru").write_text(text, encoding="utf-8")
    with pytest.raises(sd.InvalidDataError, match=r"peru\.yaml: has .*; fix it first"):
        new_states(data, ["PER"], update=True)
    assert text == actor(data, "peru").read_text(encoding="utf-8")


def test_additions_at_once_lose_nothing(data: Path) -> None:
    """Of several additions to one folder, each waits for the other, and all are written."""
    results: list[str] = []

    def one(code: str) -> None:
        results.append(str(new_states(data, [code, "FRA"], english_only=True)))

    threads = [threading.Thread(target=one, args=(code,)) for code in ("DEU", "ESP", "ITA")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {"france", "germany", "italy", "spain"} == {f.stem for f in data.glob("actors/*")}
    assert 1 == sum("created france" in result for result in results)
    assert FRANCE == actor(data, "france").read_text(encoding="utf-8")
    assert not list(data.glob(".stancedata-*"))


def test_of_two_new_actors_with_one_id_one_is_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one sees the first one's file, even if it began while that was checked."""
    started = threading.Event()
    results: list[str] = []

    def slow(*arguments: Any, **options: Any) -> Any:
        started.set()
        return open_folder(*arguments, **options)

    def second() -> None:
        assert started.wait(10)
        try:
            new_actor(data, "jo", {"name": "Second", "kind": "person"})
        except sd.StancedataError as error:
            results.append(str(error))

    monkeypatch.setattr("stancedata.coding.additions.open_folder", slow)
    thread = threading.Thread(target=second)
    thread.start()
    new_actor(data, "jo", {"name": "First", "kind": "person"})
    thread.join()
    assert [f"{actor(data, 'jo')}: already exists; edit it, or choose another id"] == results
    assert "name: First" in actor(data, "jo").read_text(encoding="utf-8")


@pytest.mark.parametrize("actor_id", ["", "../codebook", "Northland", "a--b"])
def test_an_id_that_is_none(repository: Path, actor_id: str) -> None:
    """An ID that cannot be the name of a file in its folder is refused before any file is."""
    before = texts_of(repository)
    with pytest.raises(sd.InvalidDataError, match="actor: id: is not an id, got"):
        new_actor(repository, actor_id, {"name": "North", "kind": "state"})
    assert before == texts_of(repository)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"event": "ga-76", "authors": ["peru"], "publisher": "UN"}, "ga-76-peru"),
        ({"kind": "speech", "authors": ["peru"], "published_on": "2021-09-21"}, "peru-2021-09-21"),
        ({"kind": "news", "publisher": "Le Monde", "published_on": "2021-09"}, "le-monde-2021-09"),
    ],
)
def test_the_id_of_a_document(fields: dict[str, object], wanted: str) -> None:
    """A speech is named by its occasion and author, without an event by author and day."""
    assert wanted == document_slug(fields)


EVENT = {"name": "Talks", "held_on": "2021-10-20", "series": "talks", "note": "", "place": None}
POST = "daily-post-2021-10-21"


def test_a_new_event(repository: Path) -> None:
    """An event has its participants by ID, whom the document that dates it names."""
    fields = {**EVENT, "dated_by": POST}
    made = new_event(
        repository, "talks", fields, {"Northland": "host", "anna-north": "participant"}
    )
    assert () == made.problems
    assert (repository / "events" / "talks.yaml").read_text(encoding="utf-8") == (
        f"name: Talks\nheld_on: 2021-10-20\ndated_by: {POST}\nseries: talks\nparticipants:\n"
        f"  - {{actor: northland, role: host, document: {POST}}}\n"
        f"  - {{actor: anna-north, role: participant, document: {POST}}}\n"
    )
    with pytest.raises(sd.StancedataError, match="already exists; edit it"):
        new_event(repository, "talks", fields)


def test_a_new_event_with_problems(repository: Path) -> None:
    """Every problem is reported at once, and nothing is written."""
    with pytest.raises(sd.StancedataError, match="no document names; add --participant-document"):
        new_event(repository, "talks", EVENT, {"northland": "host"})
    fields = {**EVENT, "kind": "talk", "held_on": "soon"}
    with pytest.raises(sd.InvalidDataError) as error:
        new_event(repository, "talks", fields, [("Nortland", "hos")], "daily-pos")
    lines = [str(problem) for problem in error.value.problems]
    assert [
        "event: held_on", "event: kind", "event: participants[0].actor",
        "event: participants[0].document", "event: participants[0].role",
    ] == [": ".join(line.split(": ")[:2]) for line in lines]  # fmt: skip
    assert "does not exist, got 'Nortland'; did you mean 'northland'?" in lines[2]
    assert not (repository / "events" / "talks.yaml").exists()
