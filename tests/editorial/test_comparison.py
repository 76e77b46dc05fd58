"""Codings side by side, and what an editor makes of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.editorial.adjudication import adjudicate, link
from stancedata.editorial.comparison import Comparison, compare
from tests.cli.test_commands import run
from tests.support.folders import texts_of
from tests.support.paths import TEXTS

POST = "daily-post-2021-10-21"
NORTH = """  - id: s01
    holders: [northland]
    speaker: anna-north
    issue: recognition
    level: rejects
    act: states
    attribution: quoted
    stated_on: 2021-10-20
    confidence: medium
    summary: No recognition.
    evidence:
      - span: [99, 123]
        sha256: e7ff2fb43e376582dcc8b5751a7e9544eb6e9096dac619d70793ac38f55d66df
"""
WEST = """  - id: s02
    holders: [westland]
    attributed_by: ben-watcher
    issue: recognition
    level: favours
    act: states
    attribution: third_party
    stated_on: '[2021-10-01..2021-10-21]'
    confidence: low
    summary: An observer thinks so.
    evidence:
      - span: [167, 224]
        sha256: 0d6a7aa7ca794ed1bd846288bd94dc4d7812e16ca4405905a1f1c01302c896e7
"""


def coding(data: Path, coder: str, text: str) -> Path:
    """Write a blind coding of the newspaper."""
    file = data / "codings" / coder / f"{POST}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"read: whole\n{text}", encoding="utf-8")
    book = data / "codebook.yaml"
    known = book.read_text(encoding="utf-8")
    if f"id: {coder}," not in known:
        line = f"coders:\n  - {{id: {coder}, kind: person, description: codes}}\n"
        book.write_text(known.replace("coders:\n", line, 1), encoding="utf-8")
    return file


def document(data: Path) -> Path:
    """Return the file of the newspaper."""
    return data / "documents" / f"{POST}.yaml"


def unpublished(data: Path) -> Path:
    """Remove the published stances of the newspaper."""
    file = document(data)
    head = file.read_text(encoding="utf-8").partition("stances:")[0]
    file.write_text(head, encoding="utf-8")
    return file


@pytest.fixture
def coded(repository: Path) -> Path:
    """Three codings of the newspaper: two differ in the level, and the third found nothing."""
    coding(repository, "coder-2", f"stances:\n{NORTH}")
    other = NORTH.replace("rejects", "withholds").replace("No rec", "For now, no rec")
    coding(repository, "coder-3", f"stances:\n{other}{WEST}")
    coding(repository, "coder-4", "stances: []\n")
    return repository


def differing(found: Comparison) -> list[list[str]]:
    """Return the fields of each group in which the sides differ."""
    return [[row.field for row in group if row.differs] for group in found.groups]


def test_sides(coded: Path) -> None:
    """Each coder is a side, also one that found nothing; published stances join by issue and holder."""
    found = compare(coded, POST)
    assert ["coder-2", "coder-3", "coder-4", "published"] == [side.coder for side in found.sides]
    first, second = found.groups
    stance = {"coder-2": "s01", "coder-3": "s01", "coder-4": None, "published": "s01"}
    assert ("stance", True, stance) == (first[0].field, first[0].differs, first[0].values)
    level = next(row for row in first if row.field == "level")
    assert ["rejects (-2)", "withholds (-1)", None, "withholds (-1)"] == list(level.values.values())
    assert [["stance", "level", "dated_by", "event", "target"], ["stance"]] == [
        sorted(names, key=["stance", "level", "dated_by", "event", "target"].index)
        for names in differing(found)
    ]
    assert {"coder-2": None, "coder-3": "s02", "coder-4": None, "published": "s02"} == dict(
        second[0].values
    )


def test_what_was_adjudicated_is_beside_what_was_published(coded: Path) -> None:
    """A stance that became a published one of other holders is shown with it."""
    file = coding(coded, "coder-2", "")
    wrong = NORTH.replace("[northland]", "[southland]") + "    published: s01\n"
    file.write_text(f"read: whole\nstances:\n{wrong}", encoding="utf-8")
    found = compare(coded, POST, coders=["coder-2"])
    holders = [row for row in found.groups[0] if row.field == "holders"]
    assert [("southland", "northland")] == [tuple(row.values.values()) for row in holders]
    assert holders[0].differs
    assert ["coder-2", "published"] == [side.coder for side in found.sides]


def test_the_command_to_compare(coded: Path) -> None:
    """The text fits a terminal; other formats have a row for each value."""
    said = run("code", "compare", POST, "--data", coded, "--corpus", TEXTS)
    assert "coder-4    found nothing, read: whole\n" in said
    assert "≠ level" in said
    assert "  summary" in said
    assert re.search(r"evidence +\[99, 123\] \w+", said)
    assert "0 alike, 2 differ (≠)" in said
    assert all(len(line) <= 100 for line in said.splitlines())
    rows = json.loads(run("code", "compare", POST, "--data", coded, "--format", "json"))
    assert {"group": 1, "field": "level", "differs": True, "coder": "coder-2", "value": "rejects (-2)"} in rows  # fmt: skip
    said = run("code", "compare", "daily-pos", "--data", coded, status=1)
    assert f"did you mean '{POST}'?" in said
    said = run("code", "compare", POST, "--coder", "coder-22", "--data", coded, status=1)
    assert "was not coded by 'coder-22'; did you mean 'coder-2'?" in said


def test_a_coding_that_is_not_filled_in(coded: Path) -> None:
    """Every problem of every coding is reported, with what to do."""
    coding(coded, "coder-2", "stances:\n  - {issue: recognition, words: We do}\n")
    with pytest.raises(sd.InvalidDataError, match=r"coder-2.*words: .* run stancedata code fill"):
        compare(coded, POST)


def test_what_all_have_alike_is_published(coded: Path) -> None:
    """Codings that agree become published stances, with nothing to decide."""
    for coder in ("coder-3", "coder-4"):
        coding(coded, coder, f"stances:\n{NORTH}")
    file = unpublished(coded)
    made = adjudicate(coded, POST)
    assert (1, ()) == (made.decided, made.undecided)
    run("code", "fill", file, "--corpus", TEXTS)
    stance = sd.read(coded).stances[f"{POST}#s01"]
    assert ("rejects", "northland") == (stance.level_name, stance.holders[0].actor_id)
    assert dict.fromkeys(sorted((coded / "codings").glob("*/*.yaml")), 1) == link(coded, POST)
    assert {} == link(coded, POST)
    assert "    published: s01\n" in (coded / "codings" / "coder-4" / f"{POST}.yaml").read_text(
        encoding="utf-8"
    )


def test_what_differs_waits_for_a_decision(coded: Path) -> None:
    """Each value that differs is named by check and fill until it is decided; comments then go."""
    file = unpublished(coded)
    made = adjudicate(coded, POST, ["coder-2", "coder-3"])
    assert [
        "recognition, northland: decide level",
        "recognition, westland: decide whether to keep it, as coder-2 did not code it",
    ] == list(made.undecided)
    text = file.read_text(encoding="utf-8")
    assert "    #> coder-2: rejects\n    #> coder-3: withholds\n    level: DECIDE\n" in text
    assert (
        "    #> coder-3: For now, no recognition.\n    summary: >-\n      No recognition.\n" in text
    )
    waiting = ["stances[0].level", "stances[1].id"]
    said = run("check", coded, status=1)
    assert waiting == [line.split(": ")[1] for line in said.splitlines() if "DECIDE" in line]
    said = run("code", "fill", file, "--corpus", TEXTS, status=1)
    assert waiting == [line.split(": ")[1] for line in said.splitlines() if "DECIDE" in line]
    assert text == file.read_text(encoding="utf-8")
    assert "delete `id: DECIDE` after the hyphen" in text
    decided = text.replace("level: DECIDE", "level: withholds").replace("- id: DECIDE\n", "- \n")
    file.write_text(decided, encoding="utf-8")
    run("code", "fill", file, "--corpus", TEXTS)
    assert "#>" not in file.read_text(encoding="utf-8")
    assert {f"{POST}#s01", f"{POST}#s02"} <= set(sd.read(coded).stances)


def test_every_kind_of_value_can_wait(coded: Path) -> None:
    """Texts, dates, lists and records are refused alike while they are not decided."""
    file = document(coded)
    text = file.read_text(encoding="utf-8")
    for old, new in (
        ("stated_on: 2021-10-20", "stated_on: DECIDE"),
        ("summary: >-\n      The minister", "note: DECIDE\n    summary: >-\n      The minister"),
        (
            "    target: rebels\n",
            "    target: DECIDE\n    aspects: DECIDE\n    conditions: DECIDE\n",
        ),
        ("      - span: [99, 123]", "      - DECIDE\n      - span: [99, 123]"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    text = text.replace("    note: >-\n      Wednesday by the day of publication.\n", "", 1)
    file.write_text(text, encoding="utf-8")
    wanted = ["aspects", "conditions", "evidence[0]", "note", "stated_on", "target"]
    for words in (("check", coded), ("code", "fill", file)):
        said = run(*words, status=1)
        lines = [line for line in said.splitlines() if "is not decided, got DECIDE" in line]
        assert wanted == sorted(line.split(": ")[1].removeprefix("stances[0].") for line in lines)


def test_published_stances_are_not_overwritten(coded: Path) -> None:
    """Stances that are published stay unless they are to be replaced; their ids are not used again."""
    before = texts_of(coded)
    with pytest.raises(
        sd.StancedataError, match=r"has 2 stances, which would be lost; .* --replace"
    ):
        adjudicate(coded, POST)
    assert before == texts_of(coded)
    coding(coded, "coder-4", f"stances:\n{NORTH}")
    adjudicate(coded, POST, ["coder-2", "coder-4"], replace=True)
    assert "  - id: s03\n" in document(coded).read_text(encoding="utf-8")
    with pytest.raises(sd.StancedataError, match="has no blind coding; put one in codings/CODER/"):
        adjudicate(coded, "communique-2021-10-20")


def test_evidence_is_chosen_by_the_editor(coded: Path) -> None:
    """All pieces of evidence are kept, with who has them, and an item that asks for a choice."""
    piece = "      - {locator: second paragraph}\n"
    coding(coded, "coder-2", f"stances:\n{NORTH}{piece}")
    coding(coded, "coder-3", f"stances:\n{NORTH}")
    unpublished(coded)
    made = adjudicate(coded, POST, ["coder-2", "coder-3"])
    assert ("recognition, northland: decide evidence",) == made.undecided
    text = document(coded).read_text(encoding="utf-8")
    assert "      #> coder-2\n      - locator: second paragraph\n" in text
    assert text.endswith("      - DECIDE\n")


def test_what_no_coder_has_is_not_filled_in(coded: Path) -> None:
    """A stance without an event stays without one, though its document has one."""
    file = unpublished(coded)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("text:\n", "event: midport-2021-10-20\ntext:\n", 1), "utf-8")
    adjudicate(coded, POST, ["coder-2"])
    run("code", "fill", file, "--corpus", TEXTS)
    assert sd.read(coded).stances[f"{POST}#s01"].event_id is None
