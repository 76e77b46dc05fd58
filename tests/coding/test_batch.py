"""Many documents at once: from a table to a clean check."""

from __future__ import annotations

import csv
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import stancedata as sd
from stancedata.coding.batch import new_documents
from stancedata.coding.candidates import nearby
from stancedata.coding.skeleton import begin
from stancedata.model import Codebook, Issue, Term
from tests.cli.test_commands import run

TEXT = "Talks began. North spoke of help, and of Südland. We shall see. Help was not named again.\n"
HEADER = "id,text,title,publisher,authors,speaker,kind,published_on,event,note\n"
ROW = (
    'new,new.txt,"Talks, again",Daily Post,Kingdom of the North|WEST,Anna North,news,2021-10-20,'
    "Talks at Midport,\n"
)


@pytest.fixture
def table(repository: Path, tmp_path: Path) -> Path:
    """An empty table of documents beside a text, and a codebook with cues and a topic."""
    book = repository / "codebook.yaml"
    text = book.read_text(encoding="utf-8").replace("coders:\n", "    cues: [help]\ncoders:\n", 1)
    topic = "  topic:\n    - {value: southland, definition: its people, cues: [Südland]}\n"
    text = text.replace("vocabulary:\n", f"vocabulary:\n{topic}", 1)
    book.write_text(text, encoding="utf-8")
    west = repository / "actors" / "westland.yaml"
    code = "  - {name: WEST, kind: alias, language: en}\n"
    before = west.read_text(encoding="utf-8")
    west.write_text(before.replace("names:\n", f"names:\n{code}", 1), encoding="utf-8")
    (tmp_path / "new.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "list.csv"


def test_a_table_becomes_documents(table: Path, repository: Path) -> None:
    """Each row becomes a document with its bibliography, digest and sentences to read."""
    table.write_text(HEADER + ROW, encoding="utf-8-sig")
    made = new_documents(repository, table, None, {"coded_date": "2021-11-01"})
    file = repository / "documents" / "new.yaml"
    assert {file: 1} == made.written
    lines = file.read_text(encoding="utf-8").splitlines()
    assert "#> [13, 49] aid: North spoke of help, and of Südland." == lines[0]
    assert ["title: Talks, again", "publisher: Daily Post"] == lines[1:3]
    assert "authors: [northland, westland]" in lines
    assert "event: midport-2021-10-20" in lines
    assert f"  characters: {len(TEXT)}" in lines
    assert ["defaults:", "  speaker: anna-north"] == lines[-2:]
    assert [file] == new_documents(repository, table, None).skipped
    with file.open("a", encoding="utf-8") as stream:
        stream.write("stances: []\n")
    assert "1 filled in, 3 unchanged" in run("code", "fill", repository)
    assert "#>" not in file.read_text(encoding="utf-8")
    assert "new" in sd.read(repository).documents


def test_what_is_wrong_with_a_table(table: Path, repository: Path) -> None:
    """Every problem of every row is reported with its line and column, and nothing is written."""
    good = ROW.replace("new,", "good,", 1)
    bad = 'new,lost.txt,"Two\nlines",,Nrthland,Anna,opera,soon,,\n'
    table.write_text(HEADER + good + bad + ROW + ROW, encoding="utf-8")
    with pytest.raises(sd.InvalidDataError) as error:
        new_documents(repository, table, None)
    found = [str(p).removeprefix(f"{table}:").partition(", got")[0] for p in error.value.problems]
    assert [
        "3: authors: does not exist",
        "3: published_on: is not a supported date",
        "3: publisher: is missing; add it",
        "3: speaker: does not exist",
        "3: text: is not a file",
        "5: id: is that of two rows",
        "6: id: is that of two rows",
    ] == found
    assert not (repository / "documents" / "good.yaml").exists()
    table.write_text("id,titel,id\nx,a,b,c\n", encoding="utf-8")
    with pytest.raises(sd.InvalidDataError) as error:
        new_documents(repository, table, None)
    assert [
        "1: has a column that is not known, got 'titel'; did you mean 'title'?",
        "1: has a column twice, got 'id'; keep one",
        "2: has more cells than the header, got 4; quote those with commas",
    ] == [str(p).removeprefix(f"{table}:") for p in error.value.problems]
    table.write_text('id,title\nx,"Two\ny,Three\n', encoding="utf-8")
    with pytest.raises(sd.InvalidDataError, match="is not valid CSV: unexpected end of data"):
        new_documents(repository, table, None)


@pytest.mark.parametrize("wrong", ["../../new", "New one", "new."])
def test_a_document_needs_an_id(wrong: str, table: Path, repository: Path) -> None:
    """An id that is not one is refused, so that no file is written outside the data folder."""
    before = sorted(table.parent.rglob("*.yaml"))
    table.write_text(HEADER + ROW.replace("new,", f"{wrong},", 1), encoding="utf-8")
    with pytest.raises(sd.InvalidDataError, match=":2: id: is not an id, got"):
        new_documents(repository, table, None)
    assert before == sorted(table.parent.rglob("*.yaml"))


def test_all_documents_or_none(
    table: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the disk is full, no document of the table is written."""

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = sorted(repository.rglob("*"))
    other = ROW.replace("new,", "other,", 1)
    table.write_text(HEADER + ROW + other, encoding="utf-8")
    monkeypatch.setattr("stancedata.atomic._sync_all", full)
    with pytest.raises(sd.StancedataError, match="cannot be written: No space left"):
        new_documents(repository, table, None)
    assert before == sorted(repository.rglob("*"))


def test_the_command(table: Path, repository: Path) -> None:
    """Options fill empty cells; a speech is named by its occasion and author."""
    head = "text,title,publisher,authors,published_on,event\n"
    row = "new.txt,Speech,Daily Post,WEST,2021-10-20,Talks at Midport\n"
    table.write_text(head + row, encoding="utf-8")
    said = run("code", "new", "--batch", table, "--data", repository, "--kind", "news")
    file = repository / "documents" / "midport-2021-10-20-westland.yaml"
    assert f"{file}: created, 1 sentence to read first\n1 document created\n" == said
    said = run("code", "new", "--batch", table, "--data", repository)
    assert "0 documents created, 1 there before\n" == said
    said = run("code", "new", "--batch", table, "--id", "x", "--data", repository, status=1)
    assert "--id: belongs to one document; make it a column" in said


def test_sentences_near_the_topic() -> None:
    """A sentence is near if it has a word of the topic, or a cue beside one that has."""
    text = "Help. Aid for Kabul. More help. No more. Help again. 援助喀布尔。"
    issue = Issue("aid", "Aid", "", True, (), cues=("help", "aid", "援助"))
    topic = Term("topic", "kabul", "", cues=("Kabul", "喀布尔"))
    near = nearby(text, Codebook((issue,), (topic,)))
    assert ["Help.", "Aid for Kabul.", "More help.", "Help again.", "援助喀布尔。"] == [
        text[a:b] for a, b in near
    ]
    assert ("aid",) == near[0, 5]
    everywhere = nearby(text, Codebook((issue,), ()))
    assert ["No more."] == [
        text[a:b]
        for a, b in nearby(text, Codebook((issue,), (Term("topic", "no", ""),)))
        if (a, b) not in everywhere
    ]


SPEECHES, STANCES, SECONDS = 30, 50, 10


def test_thirty_speeches_from_nothing_to_a_clean_check(corpus: sd.Corpus, tmp_path: Path) -> None:
    """Thirty speeches of the corpus and fifty made-up stances take at most ten processor seconds."""
    with (corpus.folder / "manifest.csv").open(encoding="utf-8") as stream:
        rows = [r for r in csv.DictReader(stream) if r["collection"] == "un-general-debate"]
    rows = rows[:SPEECHES]
    data = tmp_path / "data"
    begin(data, "Speeches", ("Nobody",))
    for row in rows:
        (data / "actors" / f"{row['iso3'].lower()}.yaml").write_text(
            f"name: State {row['iso3']}\nkind: state\nnames:\n"
            f"  - {{name: State {row['iso3']}, kind: preferred, language: en}}\n"
            f"codes:\n  - {{scheme: iso3166-1-alpha3, code: {row['iso3']}}}\n",
            encoding="utf-8",
        )
    with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text", "title", "publisher", "authors", "published_on", "url"])
        for row in rows:
            days = f"[{row['day_from']}..{row['day_to']}]"
            about = [row["title"], row["publisher"], f"iso3:{row['iso3']}", days, row["url"]]
            writer.writerow([f"speech-{row['iso3'].lower()}", row["file"], *about])
    before = os.times()
    _command(
        corpus, "code", "new", "--batch", "../list.csv", "--kind", "speech", "--data", ".", cwd=data
    )
    _code(corpus, data, rows)
    assert f"{SPEECHES} filled in" in _command(corpus, "code", "fill", ".", cwd=data)
    said = _command(corpus, "check", ".", cwd=data)
    after = os.times()
    assert "no problems found" in said
    dataset = sd.read(data)
    assert (SPEECHES, STANCES) == (len(dataset.documents), len(dataset.stances))
    assert dataset.verify(corpus).complete
    assert f"{SPEECHES} unchanged" in _command(corpus, "code", "fill", ".", cwd=data)
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    print(f"{SPEECHES} speeches and {STANCES} stances: {used:.1f} processor seconds")
    assert used <= SECONDS


def _code(corpus: sd.Corpus, data: Path, rows: list[dict[str, str]]) -> None:
    """Add made-up stances, each on words that occur once in their speech."""
    for number, row in enumerate(rows):
        text = (corpus.folder / row["file"]).read_text(encoding="utf-8")
        levels = ["supports", "insists"][: 1 + (number < STANCES - SPEECHES)]
        stances = "".join(_stance(level, _words(text, place)) for place, level in enumerate(levels))
        with (data / "documents" / f"speech-{row['iso3'].lower()}.yaml").open("a") as stream:
            stream.write(f"read: whole\nstances:\n{stances}")


def _words(text: str, place: int) -> str:
    """Six words that occur once in a text, from its first or second half."""
    words = text.split()
    start = 20 + place * len(words) // 2
    runs = (" ".join(words[i : i + 6]) for i in range(start, len(words) - 6))
    return next(r for r in runs if text.count(r) == 1 and r.replace(" ", "").isalpha())


def _stance(level: str, words: str) -> str:
    target = "    target: State AND\n" if level == "insists" else ""
    return (
        f"  - issue: example\n    level: {level}\n    act: states\n    confidence: low\n{target}"
        f"    summary: Made up for a test.\n    words: {words}\n"
    )


def _command(corpus: sd.Corpus, *words: str, cwd: Path) -> str:
    """Run a command in a process of its own, and return what it prints."""
    found = subprocess.run(
        [sys.executable, "-m", "stancedata", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "STANCEDATA_CORPUS": str(corpus.folder.resolve())},
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout + found.stderr
