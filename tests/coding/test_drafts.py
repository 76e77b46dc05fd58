"""Commands for coders: new documents, actors, stances, reviews and datasets."""

from __future__ import annotations

import datetime
import errno
import itertools
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.coding.candidates import candidates, named, sentences
from stancedata.coding.drafts import add_stance, change_text, new_actor, new_document
from stancedata.coding.review import review
from stancedata.coding.skeleton import begin
from stancedata.dataset.compiled import read_tables
from stancedata.model import Issue
from stancedata.text import slug
from tests.cli.test_commands import run
from tests.support.paths import DOCS, REPOSITORY, TEXTS

TEXT = """Talks resume

Anna North, whom Mr. Watcher met, told us: "We do not recognise them." She added that help should
reach Southland now, and that help will come! The Kingdom of the North said no more.
"""
ABOUT = {
    "title": "Talks resume", "publisher": "Daily Pöst", "kind": "news", "language": "en",
    "published_on": "2021-10-25", "coder": "coder-1", "url": "",
}  # fmt: skip
STANCE = {
    "holders": ["northland"], "speaker": "anna-north", "issue": "aid", "level": "supports",
    "act": "urges", "attribution": "reported", "stated_on": "2021-10-25", "confidence": "high",
    "summary": "Help is to go there at once.", "note": None, "aspects": (),
}  # fmt: skip
HELP = "help should reach Southland now"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """An uncoded text in its own corpus."""
    (tmp_path / "texts").mkdir()
    file = tmp_path / "texts" / "talks.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def with_cues(repository: Path) -> Path:
    """The miniature repository with cue words on its issues."""
    file = repository / "codebook.yaml"
    before = file.read_text(encoding="utf-8")
    after = before.replace("  - id: aid\n", "    cues: [recogni]\n  - id: aid\n", 1)
    file.write_text(after.replace("coders:\n", "    cues: [help]\ncoders:\n", 1), encoding="utf-8")
    return repository


def test_an_actor_is_found_by_its_own_name(repository: Path, text: Path) -> None:
    """An actor is found by its name even if that is not repeated in `names`."""
    (repository / "actors" / "w.yaml").write_text(
        "name: Watcher\nkind: person\nnames:\n  - {name: Seer, kind: alias, language: en}\n",
        encoding="utf-8",
    )
    assert 1 == new_document(repository, text, ABOUT).actors["w"]


def test_a_new_document_says_where_to_look(repository: Path, text: Path) -> None:
    """A new file has digest, length, names and offsets of sentences, but no word of the text."""
    made = new_document(with_cues(repository), text, ABOUT)
    assert "daily-post-2021-10-25" == made.record_id
    assert {"anna-north": 1, "northland": 1, "southland": 1} == made.actors
    recognition, aid = TEXT.index("Anna"), TEXT.index("She")
    ends = (TEXT.index(" She"), TEXT.index(" The Kingdom"))
    assert made.file.read_text(encoding="utf-8").splitlines()[:6] == [
        "# Names that occur: anna-north (1), northland (1), southland (1)",
        "# Sentences with cue words of an issue; remove these lines once you have read them.",
        f"#   recognition: [{recognition}, {ends[0]}]",
        f"#   aid: [{aid}, {ends[1]}]",
        "title: Talks resume",
        "publisher: Daily Pöst",
    ]
    assert 2 == made.sentences
    told = {p.rule for p in sd.check(repository, corpus=text.parent)}
    assert {"text_missing"} == told, "the texts of the other documents are elsewhere"
    document = sd.read(repository).documents[made.record_id]
    assert (len(TEXT), datetime.date.today()) == (document.characters, document.coded_date)


def test_a_text_with_other_line_ends_is_the_same_text(repository: Path, text: Path) -> None:
    """A text saved with CRLF and a byte order mark gets the digest, length and offsets of the text."""
    file = new_document(with_cues(repository), text, ABOUT).file
    plain = file.read_text(encoding="utf-8")
    text.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    with pytest.raises(sd.InvalidDataError, match="is also the text of another document"):
        new_document(repository, text, ABOUT, "again")
    file.unlink()
    made = new_document(repository, text, ABOUT, "again").file.read_text(encoding="utf-8")
    assert plain == made
    add_stance(repository, "again", STANCE, [HELP], text.parent)
    told = sd.check(repository, corpus=text.parent)
    assert {"text_missing"} == {problem.rule for problem in told}


def test_a_document_whose_text_nobody_may_keep(repository: Path) -> None:
    """A document without text needs a URL, and its stances a locator."""
    with pytest.raises(sd.StancedataError, match="has neither text nor address"):
        new_document(repository, None, ABOUT)
    made = new_document(repository, None, {**ABOUT, "url": "https://example.org/x"}, "post-x")
    for corpus in (None, TEXTS):
        with pytest.raises(
            sd.StancedataError, match="has no text in which to find the words; give the"
        ):
            add_stance(repository, "post-x", STANCE, [HELP], corpus)
    stance = add_stance(repository, "post-x", {**STANCE, "locator": "paragraph 2"}, (), None)
    assert "post-x#s01" == stance.record_id
    assert "cited" == sd.read(repository).documents["post-x"].tier
    assert "The text may not be kept" in review(repository, made.record_id, None)


def test_a_document_without_text_is_read_once(
    repository: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a text has names and cue words to look for, for which the folder is read once more."""
    times: list[Path] = []

    def read(path: Path, *rest: Any, **named: Any) -> Any:
        times.append(path)
        return read_tables(path, *rest, **named)

    monkeypatch.setattr("stancedata.dataset.compiled.read_tables", read)
    new_document(repository, None, {**ABOUT, "url": "https://example.org/t"}, "one")
    assert 1 == len(times)
    new_document(repository, text, ABOUT, "two")
    assert 3 == len(times)


def test_what_a_new_document_refuses(repository: Path, text: Path, tmp_path: Path) -> None:
    """Missing, misspelt, existing or non-UTF-8 input is reported, and nothing is written."""
    before = sorted(repository.rglob("*"))
    for fields, name, said in (
        ({"title": "T"}, "", "document: is incomplete; add --kind --published-on --publisher"),
        (ABOUT, "daily-post-2021-10-21", "already exists"),
        ({**ABOUT, "kind": "newz"}, "", "document: kind: is not a value of document_kind, got 'newz'; did you mean 'news'?"),
        ({**ABOUT, "published_on": "25.10.2021"}, "", "document: published_on: is not a supported "
        "date"),
        (ABOUT, "Daily", "has a name that is not an id"),
    ):  # fmt: skip
        with pytest.raises(sd.StancedataError) as error:
            new_document(repository, text, fields, name)
        assert said in str(error.value)
    text.write_bytes(TEXT.encode("utf-16"))
    with pytest.raises(sd.StancedataError, match="is not UTF-8, got byte 0xff at 0"):
        new_document(repository, text, ABOUT)
    with pytest.raises(sd.StancedataError, match="cannot be read: No such file"):
        new_document(repository, tmp_path / "none", ABOUT)
    with pytest.raises(sd.StancedataError, match="is not a data folder"):
        new_document(tmp_path, text, ABOUT)
    assert before == sorted(repository.rglob("*"))


def test_stances_are_put_into_the_file(repository: Path, text: Path) -> None:
    """Each stance gets the next number and its spans, and comments are kept."""
    file = new_document(with_cues(repository), text, ABOUT).file
    made = add_stance(repository, file.stem, STANCE, [HELP, "help will come"], text.parent)
    assert f"{file.stem}#s01" == made.record_id
    occurrences = [1, 2]
    again = {
        **STANCE,
        "stated_on": "2021-10-24",
        "dated_by": "daily-post-2021-10-21",
        "confidence": "medium",
    }
    add_stance(repository, file.stem, again, ["help", "help"], text.parent, occurrences)
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# Names that occur: ")
    dataset, texts = sd.read(repository), sd.Corpus(text.parent)
    first, second = (dataset.stances[f"{file.stem}#s0{n}"] for n in (1, 2))
    assert [HELP.replace("should ", "should\n"), "help will come"] == [
        e.quote(texts) for e in first.evidence
    ]
    assert ["help", "help"] == [e.quote(texts) for e in second.evidence]
    assert second.evidence[0].span_start != second.evidence[1].span_start
    from stancedata.curation.format import tidy

    assert [] == tidy([repository], write=False)


def test_what_a_stance_refuses(repository: Path, text: Path) -> None:
    """A stance that breaks a rule, or whose words do not occur, leaves the file unchanged."""
    file = new_document(repository, text, ABOUT).file
    before = file.read_bytes()
    for fields, words, said in (
        ({**STANCE, "level": "suports"}, [HELP], ["stance: level: is not a level of aid, got 'suports'; did you mean 'supports'?"]),
        ({**STANCE, "holders": ["northlund"], "summary": None}, [HELP],
         ["stance: holders[0]: does not exist, got 'northlund'; did you mean 'northland'?",
          "stance: summary: is missing; add it"]),
        (STANCE, ["helps should reach"], ["words: do not occur in the text, got 'helps should "
        "reach'; copy them from the text"]),
        (STANCE, ["help"], ["words: occur 2 times, got 'help'; choose with --occurrence:"]),
        (STANCE, [], ["stance: evidence: is missing; give --words from the text, or --locator"]),
    ):  # fmt: skip
        with pytest.raises(sd.StancedataError) as error:
            add_stance(repository, file.stem, fields, words, text.parent)
        for line in said:
            assert line in str(error.value)
        assert before == file.read_bytes()
    with pytest.raises(sd.StancedataError, match="did you mean 'daily-post-2021-10-25'"):
        add_stance(repository, "daily-post-2021-10-35", STANCE, [HELP], text.parent)
    with pytest.raises(sd.StancedataError, match="corpus: is missing"):
        add_stance(repository, file.stem, STANCE, [HELP], None)
    with pytest.raises(sd.StancedataError, match="its text is not in"):
        add_stance(repository, file.stem, STANCE, [HELP], TEXTS)


def test_copied_words_and_needless_silences_are_told(repository: Path, text: Path) -> None:
    """Quoting the text in a summary is an error; a check reports what became unneeded elsewhere."""
    file = new_document(repository, text, ABOUT).file
    copied = " ".join(TEXT.split()[2:16])
    with pytest.raises(
        sd.InvalidDataError, match="stance: summary: repeats twelve consecutive words"
    ):
        add_stance(repository, file.stem, {**STANCE, "summary": copied}, [HELP], text.parent)
    lines = repository / "actors" / "nobody.yaml"
    lines.write_text(
        "name: Nobody\nkind: state\nexemptions:\n  - rule: unused_actor\n    reason: kept\n",
        encoding="utf-8",
    )
    made = add_stance(repository, file.stem, {**STANCE, "target": "nobody"}, [HELP], text.parent)
    assert () == made.problems
    (problem,) = (p for p in sd.check(repository) if p.rule == "idle_exemption")
    assert str(problem) == (
        f"{lines}:4: exemptions[0]: waives nothing, got 'unused_actor' on 'nobody'; remove it"
    )


def test_what_was_wrong_in_a_text_before_is_not_of_the_stance(repository: Path, text: Path) -> None:
    """A problem that only the texts show, in another file, is not reported as the stance's."""
    shutil.copytree(TEXTS, text.parent, dirs_exist_ok=True)
    other = repository / "documents" / "daily-post-2021-10-21.yaml"
    written = other.read_text(encoding="utf-8")
    other.write_text(written.replace("characters: 226", "characters: 227"), encoding="utf-8")
    assert ["text_length"] == [p.rule for p in sd.check(repository, corpus=text.parent)]
    file = new_document(repository, text, ABOUT).file
    made = add_stance(repository, file.stem, STANCE, [HELP], text.parent)
    assert [] == [p for p in made.problems if p.rule == "text_length"]


@pytest.mark.usefixtures("without_cache")
def test_an_interrupted_edit_leaves_the_file(
    repository: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted write leaves the file unchanged and no temporary file."""
    file = new_document(repository, text, ABOUT).file
    before = {p: p.read_bytes() for p in repository.rglob("*") if p.is_file()}

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", stop)
    with pytest.raises(KeyboardInterrupt):
        add_stance(repository, file.stem, STANCE, [HELP], text.parent)
    assert before == {p: p.read_bytes() for p in repository.rglob("*") if p.is_file()}


def test_a_text_that_changed(repository: Path, tmp_path: Path) -> None:
    """Unchanged, moved and lost spans are recognised by their digests."""
    before = (TEXTS / "daily-post.txt").read_text(encoding="utf-8")
    text, name = tmp_path / "post.txt", "daily-post-2021-10-21"
    files = {f: f.read_bytes() for f in repository.rglob("*.yaml")}
    text.write_text("By our own reporter. " + before, encoding="utf-8")
    found = change_text(repository, name, text, write=False)
    assert [(99, 123), (167, 224), (99, 123)] == [span.before for span in found]
    assert [(120, 144), (188, 245), (120, 144)] == [span.after for span in found]
    assert files == {f: f.read_bytes() for f in repository.rglob("*.yaml")}
    said = run("code", "text", name, "--text", text, "--write", "--data", repository)
    assert "3 spans: 0 unchanged, 3 moved, 0 lost" in said
    (tmp_path / "c.txt").write_bytes((TEXTS / "communique.txt").read_bytes())
    assert [] == sd.check(repository, corpus=tmp_path)
    assert sd.read(repository).verify(tmp_path).complete
    files = {f: f.read_bytes() for f in repository.rglob("*.yaml")}
    text.write_text(
        before.replace("soon", "now").replace("We do not", "We don't"), encoding="utf-8"
    )
    said = run("code", "text", name, "--text", text, "--write", "--data", repository, status=1)
    assert "stances[0].evidence[0]: is lost: its words no longer occur; it was [120, 144]" in said
    assert "stances[1].evidence[0]: moved from [188, 245], at [166, 223]" not in said
    assert "3 spans: 0 unchanged" in said
    assert files == {f: f.read_bytes() for f in repository.rglob("*.yaml")}
    with pytest.raises(sd.StancedataError, match="document: does not exist, got 'none'"):
        change_text(repository, "none", text, write=False)


def test_one_and_none_are_worded_as_such(repository: Path) -> None:
    """A single sentence or span is singular; a document without stances says that it has none."""
    data, text = ("--data", with_cues(repository)), repository.parent / "post.txt"
    text.write_text("We help.", encoding="utf-8")
    said = run("code", "new", "--text", text, "--id", "short", "--title", "T", "--publisher", "P",
               "--kind", "news", "--published-on", "2021-10-25", *data)  # fmt: skip
    assert "\n  1 sentence may carry a position: " in said
    words = ("span", "short", "s01", "help", "--corpus", text.parent)
    assert run("code", *words, *data, status=1).endswith("got 's01'; it has none yet\n")
    add_stance(data[1], "short", STANCE, ["help"], text.parent)
    said = run("code", "text", "short", "--text", text, *data)
    assert "short: 1 span: 1 unchanged, 0 moved, 0 lost\n" == said


def test_the_nearest_of_equal_words_is_taken(repository: Path, tmp_path: Path) -> None:
    """If the words occur twice in a new text, the span moves to the nearer occurrence."""
    before = (TEXTS / "daily-post.txt").read_text(encoding="utf-8")
    text = tmp_path / "post.txt"
    text.write_text(before + " We do not recognise them", encoding="utf-8")
    found = change_text(repository, "daily-post-2021-10-21", text, write=True)
    assert all(span.before == span.after for span in found)
    assert {p.rule for p in sd.check(repository, corpus=tmp_path)} == {"text_missing"}


def test_review_shows_words_and_what_is_left(repository: Path, text: Path) -> None:
    """A review shows stances in text order with quotations, then uncoded sentences."""
    file = new_document(with_cues(repository), text, ABOUT).file
    add_stance(repository, file.stem, STANCE, [HELP], text.parent)
    shown = review(repository, file.stem, text.parent).splitlines()
    assert "s01  aid supports (+1)  Northland" in shown
    assert any(line.endswith(f">> {HELP} <<") for line in shown)
    assert "Sentences with cue words that no stance points to: 1" in shown
    assert shown[-1].endswith(
        'recognition: Anna North, whom Mr. Watcher met, told us: "We do not recognise them."'
    )
    assert "was not given" in review(repository, file.stem, None)
    text.write_text(TEXT + "More.", encoding="utf-8")
    shown = review(repository, file.stem, text.parent).splitlines()
    assert any("cannot be shown" in line for line in shown)
    assert (
        f"Its text is not in {text.parent}; give the folder that has it with --corpus DIR." in shown
    )


def test_a_new_actor(repository: Path) -> None:
    """A new actor has its names; one that exists or breaks a rule is refused."""
    made = new_actor(
        repository, "eastland", {"name": "Eastland", "kind": "state", "wikidata": ""}, ["The East"]
    )
    assert () == made.problems
    assert made.records[0].file.read_text(encoding="utf-8") == (
        "name: Eastland\nkind: state\nnames:\n  - {name: Eastland, kind: preferred, language: en}\n"
        "  - {name: The East, kind: alias, language: en}\n"
    )
    with pytest.raises(sd.StancedataError, match="already exists"):
        new_actor(repository, "eastland", {"name": "Eastland", "kind": "state"})
    with pytest.raises(
        sd.InvalidDataError, match="actor: kind: is not a value of actor_kind, got 'stat'"
    ):
        new_actor(repository, "westend", {"name": "Westend", "kind": "stat"})
    assert not (repository / "actors" / "westend.yaml").exists()


def test_codes_and_roles_of_a_new_actor(repository: Path) -> None:
    """Roles and codes are written with the actor, so that no editing by hand is needed."""
    begun = ("code", "actor", "west-minister", "--name", "W. Minister", "--kind", "person", "--data",
             repository)  # fmt: skip
    for words, said in (
        (("--code", "iso3166-1-alpha3"), "code: has no scheme, got 'iso3166-1-alpha3'; write "
        "SCHEME=CODE"),
        (("--role", "speaks_for"), "role: does not name the other actor, got 'speaks_for'; write "
        "ROLE ID, or ROLE ID: OFFICE"),
        (("--role", "speaks_fo westland"), "actor: roles[0].role: is not a value of role, got 'speaks_fo'; did you mean 'speaks_for'?"),
        (("--code", "iso=WST"), "actor: codes[0].scheme: is not a value of code_scheme, got 'iso'"),
    ):  # fmt: skip
        assert said in run(*begun, *words, status=1)
    run(*begun, "--role", "speaks_for westland: Minister: Foreign", "--role", "governs northland",
        "--role-document", "daily-post-2021-10-21", "--code", "wikidata=Q42")  # fmt: skip
    actor = sd.read(repository).actors["west-minister"]
    assert [
        ("speaks_for", "westland", "Minister: Foreign", "daily-post-2021-10-21"),
        ("governs", "northland", None, "daily-post-2021-10-21"),
    ] == [(r.role, r.of_actor_id, r.title, r.document_id) for r in actor.roles]
    assert "Q42" == actor.code("wikidata")


def test_a_reference_where_there_is_none_yet(tmp_path: Path) -> None:
    """Without any documents, the message does not suggest choosing one."""
    begin(tmp_path / "data", "t", ())
    fields = {"name": "J", "kind": "person",
              "roles": [{"role": "member_of", "of": "j", "document": "post"}]}  # fmt: skip
    with pytest.raises(sd.InvalidDataError, match="got 'post'; there is none yet: create it first"):
        new_actor(tmp_path / "data", "j", fields)


def test_init_begins_a_dataset(tmp_path: Path) -> None:
    """A new dataset passes every rule, and can be loaded, cited by its title and exported."""
    folder = tmp_path / "new" / "data"
    begin(folder, "Who recognises whom", ("First author", "Second author"))
    assert [] == sd.check(folder)
    dataset = sd.read(folder)
    assert dataset.cite().startswith(
        "First author; Second author (not released). Who recognises whom ("
    )
    assert "{{First author} and {Second author}}" in dataset.cite("bibtex")
    dataset.export(tmp_path / "out", panel=False)
    assert [] == sd.check(tmp_path / "out")
    assert sd.read(tmp_path / "out").cite() == dataset.cite()
    with pytest.raises(sd.StancedataError, match="is not empty"):
        begin(folder, "t", ())
    assert "* text=auto eol=lf\n" in (folder / ".gitattributes").read_text(encoding="utf-8")
    before = [p.read_bytes() for p in folder.rglob("*.yaml")]
    run("format", folder)
    assert before == [p.read_bytes() for p in folder.rglob("*.yaml")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_init_keeps_to_the_umask_and_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New folders respect the umask, and a failure leaves nothing behind."""
    before = os.umask(0o077)
    try:
        begin(tmp_path / "private", "t", ())
    finally:
        os.umask(before)
    assert all(not p.stat().st_mode & 0o077 for p in (tmp_path / "private").rglob("*"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(sd.StancedataError, match="cannot be written: No space left on device"):
        begin(tmp_path / "data", "t", ())
    assert ["private"] == os.listdir(tmp_path)


def test_the_kinds_are_in_the_help(repository: Path) -> None:
    """Help lists the kinds of the folder's codebook, or of the template where there is no folder."""
    said = run("code", "new", "--data", repository, "--help")
    assert f"Kinds, as defined by {repository / 'codebook.yaml'}:" in " ".join(said.split())
    assert "joint_statement  statement of several holders" in said
    assert "speech" not in said.partition("Kinds, as")[2]
    said = run("code", "event", "--data", repository, "--help")
    assert "none  write them in its vocabulary first" in said
    said = run("code", "event", "--help", cwd=repository)
    assert "Kinds, as defined by the template of stancedata init:" in said
    assert "vote" in said


def test_the_commands(repository: Path, text: Path) -> None:
    """The commands alone suffice to get from an empty folder to a checked document."""
    data = ("--data", with_cues(repository), "--corpus", text.parent)
    said = run("code", "new", "--text", text, "--title", "Talks resume", "--publisher", "Daily Post",
               "--kind", "news", "--published-on", "2021-10-25", "--data", repository)  # fmt: skip
    assert "2 sentences may carry a position" in said
    said = run(
        "code", "stance", "daily-post-2021-10-25", "--holder", "northland", "--dissociates", "westland",
        "--issue", "aid", "--level", "supports", "--act", "urges", "--attribution", "reported",
        "--stated-on", "2021-10-25", "--confidence", "high", "--summary", "Help is to go at once.",
        "--condition", "recognition: they are recognised", "--condition", "the road is open",
        "--words", HELP, *data,
    )  # fmt: skip
    assert said.endswith(": daily-post-2021-10-25#s01 is added\n")
    stance = sd.read(repository).stances["daily-post-2021-10-25#s01"]
    assert ["party", "dissociates"] == [holder.role for holder in stance.holders]
    assert [("they are recognised", "recognition"), ("the road is open", None)] == [
        (c.condition, c.issue_id) for c in stance.conditions
    ]
    assert HELP in run("code", "review", "daily-post-2021-10-25", *data)
    assert "created" in run("code", "actor", "eastland", "--name", "Eastland", "--kind", "state", "--data", repository)  # fmt: skip
    said = run("init", text.parent / "new")
    assert "created" in said
    assert said.endswith(f"Query it with --data: stancedata matrix --data {text.parent / 'new'}\n")
    assert "no problems found" in run("check", text.parent / "new")


TOKENS = st.lists(
    st.sampled_from(["Help", "is", "Mr.", "A.", "near", "help?", "He”", "now.", "\n\n", "。"])
)


@given(TOKENS)
def test_sentences_cover_the_text(tokens: list[str]) -> None:
    """Sentences do not overlap, do not start or end with white space, and omit nothing else."""
    text = " ".join(tokens)
    places = list(sentences(text))
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in places)
    assert "".join(text.split()) == "".join("".join(text[a:b].split()) for a, b in places)


def test_sentences_end_where_they_do() -> None:
    """Titles and initials do not end a sentence; closing quotation marks belong to it."""
    text = "Mr. J. Smith came.  “No.” He left\n\nTitle\nof it。次の文。"
    found = [text[a:b] for a, b in sentences(text)]
    assert ["Mr. J. Smith came.", "“No.”", "He left", "Title\nof it。", "次の文。"] == found


@given(TOKENS, st.sets(st.sampled_from(["help", "near no", "is"])))
def test_candidates_against_a_naive_oracle(tokens: list[str], cues: set[str]) -> None:
    """A sentence is a candidate if one of its words starts with a cue."""
    text = " ".join(tokens)
    issue = Issue("i", "I", "p", True, (), (), tuple(sorted(cues)))
    expected = tuple(
        (a, b)
        for a, b in sentences(text)
        if any(f" {cue}" in " " + " ".join(text[a:b].lower().split()) for cue in cues)
    )
    assert ({"i": expected} if expected else {}) == candidates(text, [issue])


def test_the_longer_name_counts() -> None:
    """The longer of two overlapping names counts; names inside words do not."""
    names = {"is": ["Islamic State"], "iskp": ["Islamic State Khorasan", "ISKP"], "us": ["US"]}
    text = "Islamic State Khorasan, or ISKP, is part of Islamic State. USSR. US-led."
    assert {"iskp": 2, "is": 1, "us": 1} == named(text, names)
    assert {} == named(text, {})


def test_ids_from_names() -> None:
    """Diacritics are removed, and other characters become hyphens."""
    assert "daily-post-no-5" == slug("  Dàily Pöst: No. 5!")
    assert "" == slug("新聞")


def test_cue_words_find_most_of_what_was_coded(dataset: sd.Dataset, corpus: sd.Corpus) -> None:
    """The recall of candidates on published stances is as stated in docs/coding.md."""
    found = count = 0
    for stance in dataset.stances.values():
        text = corpus[dataset.documents[stance.document_id].sha256 or ""]
        places = candidates(text, [dataset.issues[stance.issue_id]]).get(stance.issue_id, ())
        count += 1
        found += any(
            (e.span_start or 0) < b and a < (e.span_end or 0)
            for e in stance.evidence
            for a, b in places
        )
    page = DOCS / "coding.md"
    assert f"{found} of the {count} published" in page.read_text(encoding="utf-8")


def test_the_miniature_repository_has_no_cues() -> None:
    """Issues without cue words have no candidates, and that is not an error."""
    assert {} == candidates(TEXT, sd.read(REPOSITORY).issues.values())
