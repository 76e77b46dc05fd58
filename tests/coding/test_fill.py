"""Filling in coded files: words, names, ids and defaults, on the miniature repository."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.coding.fill import Filled, fill
from stancedata.curation.format import tidy
from tests.cli.test_commands import run
from tests.support.paths import REPOSITORY, TEXTS

HEAD = """\
title: Talks end
publisher: Daily Post
authors: [Kingdom of the North]
kind: news
language: en
published_on: 2021-10-20
url: https://example.org/new
event: Talks at Midport
text: new.txt
coder: adjudicator
coded_date: 2021-11-01
"""
TEXT = "Recognition is far off. Help should reach Southland now, and soon. Recognition waits.\n"
STANCE = """\
  - issue: Aid
    level: supports
    act: urges
    confidence: high
    summary: Help is to go there.
    words: Help should reach Southland now
"""


@pytest.fixture
def new(repository: Path, tmp_path: Path) -> Path:
    """A coded document that waits to be filled in, beside its text in a corpus."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "new.txt").write_text(TEXT, encoding="utf-8")
    for file in TEXTS.iterdir():
        shutil.copyfile(file, tmp_path / "texts" / file.name)
    file = repository / "documents" / "new.yaml"
    file.write_text(f"{HEAD}stances:\n{STANCE}", encoding="utf-8")
    return file


def filled(file: Path, text: str = "") -> Filled:
    """Fill in a file, after writing it if a text is given."""
    if text:
        file.write_text(text, encoding="utf-8")
    return fill([file], file.parents[2] / "texts")


def told(file: Path, stances: str, head: str = HEAD) -> list[str]:
    """The problems of a file with these stances, without its path; it must stay as it is."""
    text = f"{head}stances:\n{stances}"
    found = filled(file, text)
    assert text == file.read_text(encoding="utf-8")
    assert not found.written
    return [str(p).removeprefix(f"{file}:") for p in found.problems]


def test_a_document_is_filled_in(new: Path, repository: Path) -> None:
    """Words become spans, names ids, and what the document gives is inherited; once."""
    assert {new: 1} == filled(new).written
    after = new.read_text(encoding="utf-8")
    assert "Help should" not in after
    assert not tidy([new], write=False)
    assert [] == sd.check(repository, corpus=new.parents[2] / "texts")
    stance = sd.read(repository).stances["new#s01"]
    assert ("aid", "supports", "direct") == (stance.issue_id, stance.level_name, stance.attribution)
    assert ["northland"] == [holder.actor_id for holder in stance.holders]
    assert ("2021-10-20", "midport-2021-10-20") == (str(stance.stated_on), stance.event_id)
    quoted = stance.evidence[0].quote(new.parents[2] / "texts")
    assert "Help should reach Southland now" == quoted
    again = filled(new)
    assert ([new], after) == (again.unchanged, new.read_text(encoding="utf-8"))


def test_what_a_stance_says_itself_stands(new: Path, repository: Path) -> None:
    """Keys of a stance come first, then those of `defaults`, then those of the document."""
    more = """\
  - id: s07
    holders: [XNO, {holder: westland, role: dissociates}]
    issue: recognition
    level: ambiguous
    act: states
    confidence: low
    event: none
    summary: Nobody can say.
    words: [Recognition is far off, {from: Recognition waits, to: waits}]
  - holders: [iso3:XNO]
    speaker: none
    target: cow:901
    issue: recognition
    level: withholds
    act: states
    attribution: quoted
    stated_on: 2021-10-01
    confidence: low
    summary: Not then.
    words: Recognition is far off
"""
    defaults = "defaults: {speaker: Anna North, attribution: quoted, stated_on: 2021-10-20}\n"
    assert not filled(new, f"{HEAD}{defaults}stances:\n{STANCE}{more}").problems
    found = sd.read(repository).documents
    assert "new" in found
    stances = [sd.read(repository).stances[f"new#{i}"] for i in ("s07", "s08", "s09")]
    assert [2, 1, 1] == [len(s.evidence) for s in stances]
    assert ["recognition", "aid", "recognition"] == [s.issue_id for s in stances]
    assert ["anna-north", "anna-north", None] == [s.speaker_id for s in stances]
    assert [None, "midport-2021-10-20", None] == [s.event_id for s in stances]
    assert ["2021-10-20", "2021-10-20", "2021-10-01"] == [str(s.stated_on) for s in stances]
    assert "northland" == stances[2].target_id
    assert "defaults" not in new.read_text(encoding="utf-8")


@pytest.mark.parametrize("attribution", ["reported", "third_party"])
def test_others_are_not_spoken_for(new: Path, repository: Path, attribution: str) -> None:
    """What is reported, and what is said of others, does not get the speaker of the document."""
    by = "    attributed_by: Northland\n" if attribution == "third_party" else ""
    own = f"    holders: Westland\n    attribution: {attribution}\n{by}"
    defaults = "defaults: {speaker: Anna North}\n"
    assert not filled(new, f"{HEAD}{defaults}stances:\n{STANCE}{own}").problems
    stance = sd.read(repository).stances["new#s01"]
    assert (None, "westland") == (stance.speaker_id, stance.holders[0].actor_id)


@pytest.mark.parametrize(
    ("published_on", "stated_on"),
    [
        ("2021-10-20", "2021-10-20"),
        ("'[2021-10-19..2021-10-20]'", "[2021-10-19..2021-10-20]"),
        ("2021-10-25", "[2021-10-18..2021-10-20]"),
    ],
)
def test_the_day_of_a_document(new: Path, published_on: str, stated_on: str) -> None:
    """A stance is dated by its document's day during the event, otherwise by the event."""
    event = new.parents[1] / "events" / "midport-2021-10-20.yaml"
    before = event.read_text(encoding="utf-8")
    event.write_text(before.replace("held_on: 2021-10-20", "held_on: 2021-10-18/2021-10-20"))
    head = HEAD.replace("published_on: 2021-10-20", f"published_on: {published_on}")
    filled(new, f"{head}stances:\n{STANCE}")
    assert stated_on in new.read_text(encoding="utf-8")


def test_a_blind_coding_is_filled_in(new: Path, repository: Path) -> None:
    """A coding has the text, authors and date of its document, filled in already or not."""
    coding = repository / "codings" / "coder-2" / "new.yaml"
    text = f"document: new\nread: whole\nstances:\n{STANCE}"
    coding.write_text(text, encoding="utf-8")
    found = fill([repository], new.parents[2] / "texts")
    assert {new: 1, coding: 1} == found.written
    assert not found.problems
    assert 4 == len(found.unchanged) + 1, "the other files of the repository"
    once = coding.read_text(encoding="utf-8")
    assert "document: new" not in once
    assert "holders: [northland]" in once
    coding.write_text(text, encoding="utf-8")
    assert {coding: 1} == filled_at(coding, repository).written
    assert once == coding.read_text(encoding="utf-8")
    assert [] == sd.check(repository, corpus=new.parents[2] / "texts")


def filled_at(file: Path, data: Path) -> Filled:
    """Fill in one file with the texts beside its data folder."""
    return fill([file], data.parent / "texts")


@pytest.mark.parametrize("named", [True, False])
def test_texts_named_after_their_document(new: Path, named: bool) -> None:
    """--texts has the text under the document's id; with a digest in the file, only that one."""
    texts = new.parents[2] / "texts"
    head = HEAD.replace("text: new.txt\n", "")
    new.write_text(f"{head}stances:\n{STANCE}", encoding="utf-8")
    assert not fill([new], None, texts).problems
    digest = re.search("sha256: (.*)", new.read_text(encoding="utf-8"))
    assert digest
    given = f"{head}text: {{sha256: {digest[1]}}}\nstances:\n{STANCE}"
    new.write_text(given, encoding="utf-8")
    if named:
        assert {new: 1} == fill([new], None, texts).written
        return
    (texts / "new.txt").write_text("Another text.\n", encoding="utf-8")
    message = "is not the text of that digest any more"
    assert message in str(fill([new], None, texts).problems[0])
    assert "no file has SHA-256" in str(fill([new], texts).problems[0])
    assert "give its folder with --corpus DIR" in str(fill([new]).problems[0])


def test_everything_wrong_is_said_at_once(new: Path) -> None:
    """Every problem has its line, and the file stays as it is."""
    stances = """\
  - issue: aidd
    level: supports
    holders: [Kingdm of the North]
    act: urges
    confidence: high
    summary: Help.
    words: [Recognition, Help shall reach Southland, {from: Help should}]
  - issue: aid
    level: suports
    act: begs
    confidence: high
    sumary: Help.
    words: Southland now
"""
    assert [
        "13: stances[0].issue: does not exist, got 'aidd'; did you mean 'aid'?",
        "15: stances[0].holders[0]: does not exist, got 'Kingdm of the North'; did you mean "
        "'Kingdom of the North'?",
        "19: stances[0].words[0]: is in the text 2 times, got 'Recognition': lines 1, 1; add words "
        "before or after",
        "19: stances[0].words[1]: is not in the text, got 'Help shall reach Southland'; nearest is "
        "'Help should reach Southland' in line 1",
        "19: stances[0].words[2]: must be words of the text, got a mapping with from; write words, "
        "or from and to, in quotation marks if they contain a comma",
        "24: stances[1].sumary: is not a key of a stance, got 'sumary'; did you mean 'summary'?",
    ] == told(new, stances)


def test_check_says_what_to_do_with_words(new: Path, repository: Path) -> None:
    """`check` tells how a file with words is filled in."""
    new.write_text(f"{HEAD}defaults: {{}}\nstances:\n{STANCE}", encoding="utf-8")
    messages = [str(p) for p in sd.check(repository) if "code fill" in str(p)]
    assert ["defaults", "words"] == sorted(
        re.findall(r"got '(\w+)'; run stancedata code", "".join(messages))
    )


def test_a_key_of_stances_in_the_head_of_a_file(new: Path) -> None:
    """A speaker for the whole document belongs under `defaults`."""
    message = "write defaults: {speaker: …} and run stancedata code fill"
    assert [message] == [p.rpartition("; ")[2] for p in told(new, STANCE, f"{HEAD}speaker: x\n")]


def test_a_file_that_was_changed_meanwhile_is_left_alone(
    new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an editor saves while the file is filled in is not overwritten."""
    from stancedata.coding import fill as module

    def edited(*_: object) -> str:
        new.write_text("title: Edited\n", encoding="utf-8")
        return "title: Filled\n"

    monkeypatch.setattr(module._Draft, "filled", edited)
    assert "was changed meanwhile" in str(filled(new).problems[0])
    assert "title: Edited\n" == new.read_text(encoding="utf-8")


def test_words_of_the_codebook(new: Path) -> None:
    """Levels, aspects and vocabularies are those of the codebook."""
    wrong = STANCE.replace("supports", "suports").replace("urges", "begs")
    wrong += "    aspects: [de_jure]\n    id: s01\n" + STANCE + "    id: s01\n"
    assert [
        "14: stances[0].level: is not a level of aid, got 'suports'; did you mean 'supports'?",
        "15: stances[0].act: is not in the codebook's act, got 'begs'; use one of states, urges, "
        "withholds, ends",
        "19: stances[0].aspects: is not an aspect of aid, got 'de_jure'; leave it out",
        "27: stances[1].id: is the id of two stances, got 's01' again after line 20; leave it out "
        "for the next free one",
    ] == told(new, wrong)


def test_faults_of_the_whole_file(new: Path, repository: Path) -> None:
    """A file that is no YAML, twice has a key or has no text is reported; others are written."""
    files = {
        "broken": "title: [",
        "twice": f"{HEAD}title: Again\n",
        "textless": HEAD.replace("text: new.txt\n", "") + f"stances:\n{STANCE}",
        "lost": HEAD.replace("new.txt", "lost.txt") + f"stances:\n{STANCE}",
        "list": "- one\n",
    }
    for name, text in files.items():
        (new.parent / f"{name}.yaml").write_text(text, encoding="utf-8")
    found = fill([repository / "documents"], new.parents[2] / "texts")
    assert [new] == list(found.written)
    messages = {Path(p.where.file).stem: str(p) for p in found.problems}
    assert set(files) == set(messages)
    assert "appears twice" in messages["twice"]
    assert "has no text; write text: PATH" in messages["textless"]
    assert "text: is not a file, got 'lost.txt'; it was looked for in" in messages["lost"]
    assert all((new.parent / f"{n}.yaml").read_text() == text for n, text in files.items())


def test_paths_that_hold_nothing(repository: Path, tmp_path: Path) -> None:
    """A path that is missing, or holds no coded file, is refused."""
    with pytest.raises(sd.StancedataError, match="does not exist"):
        fill([tmp_path / "none"])
    with pytest.raises(sd.StancedataError, match="is no coded file"):
        fill([repository / "codebook.yaml"])
    stray = tmp_path / "documents" / "x.yaml"
    stray.parent.mkdir()
    stray.write_text("title: X\n", encoding="utf-8")
    assert "is not in a data folder" in str(fill([stray]).problems[0])


def test_a_document_that_nobody_coded_is_left_alone(new: Path) -> None:
    """Hints for the coder stay until there are stances; `stances: []` says that none was found."""
    hinted = f"#> [0, 22] Recognition is far off.\n{HEAD}defaults: {{speaker: Anna North}}\n"
    assert [new] == filled(new, hinted).drafts
    assert hinted == new.read_text(encoding="utf-8")
    assert [new] == list(filled(new, f"{hinted}stances: []\n").written)
    after = new.read_text(encoding="utf-8")
    assert "Recognition" not in after
    assert "defaults" not in after


def test_comments_stay_and_quotations_go(new: Path) -> None:
    """A coder's comments stay at their places; those that quote the text are removed."""
    text = f"{HEAD}stances:\n  # my doubt\n  #> Help should reach\n{STANCE}#> Recognition waits.\n"
    filled(new, text)
    after = new.read_text(encoding="utf-8")
    assert "  # my doubt\n  - id: s01\n" in after
    assert "#>" not in after


def test_spans_of_before_stay(new: Path) -> None:
    """Words add to the spans that a stance has, and the same words are not added twice."""
    filled(new)
    before = new.read_text(encoding="utf-8")
    more = "    words: [Help should reach Southland now, Recognition waits]\n"
    assert {new: 1} == filled(new, before + more).written
    after = new.read_text(encoding="utf-8")
    assert before.splitlines()[-2:] == after.splitlines()[-4:-2]


def test_a_folder_of_texts_that_is_not_there(new: Path, tmp_path: Path) -> None:
    """It is refused, and not taken for one without texts."""
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(sd.StancedataError, match="texts: is not a folder, got"):
            fill([new], texts=place)


def test_the_command(new: Path, repository: Path) -> None:
    """The command reports what it wrote, and fails if something is wrong."""
    texts = new.parents[2] / "texts"
    (new.parent / "bad.yaml").write_text(HEAD + "read: whole\nstances: {}\n", encoding="utf-8")
    said = run("code", "fill", repository, "--corpus", texts, status=1)
    assert f"{new}: filled in, 1 span\n" in said
    assert "1 filled in, 3 unchanged, 1 with problems, left as they are\n" in said
    (new.parent / "bad.yaml").unlink()
    assert "4 unchanged\n" == run("code", "fill", cwd=repository.parent)


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "M"]), min_size=1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the miniature repository, for many examples."""
    folder = tmp_path_factory.mktemp("any")
    shutil.copytree(REPOSITORY, folder / "data")
    return folder


@given(st.lists(WORDS, min_size=1), st.data())
def test_any_words_become_their_span(place: Path, words: list[str], data: st.DataObject) -> None:
    """Any words become the span where they are, and a second run changes nothing."""
    text = "".join(f"{number} {word} .\n" for number, word in enumerate(words, 1001))
    (place / "new.txt").write_text(text, encoding="utf-8", newline="")
    index = data.draw(st.integers(0, len(words) - 1))
    wanted = f"{1001 + index} {words[index]} ."
    file = place / "data" / "documents" / "new.yaml"
    quoted = json.dumps(wanted, ensure_ascii=False)
    stance = STANCE.replace("Help should reach Southland now", quoted)
    file.write_text(f"{HEAD}stances:\n{stance}", encoding="utf-8")
    assert [] == fill([file], place).problems
    span = re.search(r"span: \[(\d+), (\d+)\]", file.read_text(encoding="utf-8"))
    assert span
    assert wanted == text[int(span[1]) : int(span[2])]
    assert [file] == fill([file], place).unchanged
