"""Commands: output, exit status, and one sentence instead of a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

import stancedata as sd
from stancedata import cache
from stancedata.cli import main
from stancedata.dataset.packaged import load
from stancedata.engines.packaged import packaged, packaged_names
from stancedata.terminal import progress_bar
from tests.support.paths import FAULTS, REPOSITORY, TEXTS
from tests.support.pinned import RELEASE

MAIN = [sys.executable, "-m", "stancedata"]


def run(*words: str | Path, status: int = 0, cwd: Path | None = None) -> str:
    """Run a command in this process; return its output on both streams."""
    said, other = streams(*words, status=status, cwd=cwd)
    return said.decode() + other


def streams(*words: str | Path, status: int = 0, cwd: Path | None = None) -> tuple[bytes, str]:
    """Run a command in this process; return what it wrote on each stream, bytes on the first."""
    dropped = {k for k in os.environ if k.startswith("STANCEDATA")} - {cache.VARIABLE}
    environment = {k: v for k, v in os.environ.items() if k not in dropped}
    said, other = io.TextIOWrapper(io.BytesIO(), "utf-8", newline=""), io.StringIO()
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["stancedata", *map(str, words)]),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(other),
        pytest.raises(SystemExit) as end,
    ):
        main()
    said.flush()
    written = said.buffer.getvalue()
    text = written.decode(errors="replace") + other.getvalue()
    assert status == end.value.code, text
    assert "Traceback" not in text
    return written, other.getvalue()


def test_a_command_as_a_process(repository: Path) -> None:
    """Run as a process, a command keeps the streams apart and sets the exit status."""
    (repository / "actors" / "rebels.yaml").write_text("kind: [", encoding="utf-8")
    found = subprocess.run(
        [*MAIN, "check", repository], capture_output=True, text=True, check=False
    )
    assert (1, "") == (found.returncode, found.stderr)
    assert "is not valid YAML" in found.stdout


@pytest.mark.parametrize(
    "words", [("export", ""), ("check", ""), ("site", ""), ("info", "--data", ""), ("init", "")]
)
def test_an_empty_path_is_not_the_current_folder(words: tuple[str, ...], tmp_path: Path) -> None:
    """A variable that is not set in a shell gives one."""
    assert "is empty; give a path, or . for the current folder" in run(
        *words, status=2, cwd=tmp_path
    )
    assert [] == list(tmp_path.iterdir())


def test_a_day_past_the_data_gets_one_note(tmp_path: Path) -> None:
    """`matrix`, `agreement` and their charts say once that the data end before the day."""
    note = "note: the data end on 2021-10-21\n"
    for words in (
        ("matrix",),
        ("agreement",),
        ("plot", "matrix", "--output", tmp_path / "m.svg"),
        ("plot", "agreement", "--output", tmp_path / "a.svg"),
    ):
        assert 1 == run(*words, "--on", "2030-01-01").count(note), words
        assert note not in run(*words, "--on", "2021-10-21"), words


def test_info_says_which_data() -> None:
    """`info` prints version, digest and counts of any dataset."""
    text = run("info")
    assert load().digest in text
    assert text.startswith("stancedata ")
    assert load(RELEASE).digest in run("info", "--known-at", RELEASE)
    assert "stances        4\n" in run("info", "--data", REPOSITORY)
    rows = sum(len(stance.holders) for stance in sd.read(REPOSITORY).stances.values())
    assert f"holder rows    {rows}\n" in run("info", "--data", REPOSITORY)


def test_matrix_of_one_holder() -> None:
    """`matrix` can be limited to one holder, by any of its names."""
    lines = run("matrix", "--holder", "Kremlin", "--on", "2021-10-21").splitlines()
    assert ["holder", "Russia"] == [line.split()[0] for line in lines]


def test_agreement_of_one_holder() -> None:
    """`agreement` can be limited to one holder; an unknown name gets a suggestion."""
    words = ("agreement", "--on", "2021-10-21", "--format", "json")
    whole, part = json.loads(run(*words)), json.loads(run(*words, "--holder", "Kremlin"))
    assert part == [r for r in whole if "russia" in (r["actor_id_1"], r["actor_id_2"])]
    assert 0 < len(part) < len(whole)
    assert "did you mean 'Kremlin'?" in run("agreement", "--holder", "Kremln", status=1)


def test_pairs_without_a_figure_are_last() -> None:
    """`agreement` prints what can be compared first, each part in the order of the other formats."""
    words = ("agreement", "--on", "2021-10-21", "--joint")
    rows = json.loads(run(*words, "--format", "json"))
    ordered = sorted(rows, key=lambda row: row["similarity"] is None)
    assert ordered != rows
    names = [re.split(" {2,}", line)[:2] for line in run(*words).splitlines()[1:]]
    assert [[row["actor_name_1"], row["actor_name_2"]] for row in ordered] == names


def test_check_prints_every_problem_and_fails(repository: Path) -> None:
    """`check` prints one problem per line and exits with 1, or with 0 if there are none."""
    assert "no problems found" in run("check", REPOSITORY)
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("southland", "soutland"), encoding="utf-8"
    )
    expected = "data/actors/rebels.yaml:6: roles[0].of: does not exist, got 'soutland'; did you mean 'southland'?\n"
    assert expected == run("check", status=1, cwd=repository.parent)


def test_check_expects_the_digest_that_a_paper_states(tmp_path: Path) -> None:
    """Other data than expected are an error, in every form; a folder and an export have one digest."""
    digest = json.loads(run("info", "--data", REPOSITORY, "--format", "json"))[0]["digest"]
    run("export", tmp_path / "out", "--data", REPOSITORY, "--no-panel")
    for path in (REPOSITORY, tmp_path / "out"):
        assert "no problems found" in run("check", path, "--expect", digest.upper())
        said = run("check", path, "--expect", "ab" * 32, status=1)
        assert f"{path}: digest: is not the expected one, got {digest}; " in said
        assert 1 == len(said.splitlines())
    (found,) = json.loads(run("check", REPOSITORY, "--expect", "0", "--format", "json", status=1))
    assert ("digest", "error") == (found["field"], found["severity"])
    said = run("check", REPOSITORY, "--expect", digest, "--only", "rebels-2021-10-20", status=2)
    assert "--expect needs a whole check" in said


def test_an_expected_digest_does_not_read_the_data_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`check --expect` takes the digest of the data that it has checked."""
    run("export", tmp_path / "out", "--data", REPOSITORY, "--no-panel")
    monkeypatch.setattr("stancedata.dataset.folders.read", None)
    for path in (REPOSITORY, tmp_path / "out"):
        assert "is not the expected one" in run("check", path, "--expect", "cd" * 32, status=1)
    with pytest.raises(sd.StancedataError, match="expect: needs a whole check"):
        sd.check(REPOSITORY, expect="cd", without=["natural_key"])


def test_check_says_warnings_and_passes(repository: Path) -> None:
    """A warning is marked and does not change the exit status."""
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("name: Rebels", "name: Northland"),
        encoding="utf-8",
    )
    assert run("check", cwd=repository.parent).count("[warning]") == 2


def test_site_of_a_folder(tmp_path: Path) -> None:
    """A site is written from a user's folder, and refuses a folder with other files."""
    said = run("site", tmp_path / "site", "--data", REPOSITORY)
    assert said.endswith(f"open {tmp_path / 'site' / 'index.html'}\n")
    assert (tmp_path / "site" / "actors" / "northland.html").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    refused = run("site", tmp_path / "mine", "--data", REPOSITORY, status=1)
    assert "contains files that are not from a site, got 'notes.txt'" in refused
    refused = run(
        "site", tmp_path / "new", "--data", REPOSITORY, "--corpus", tmp_path / "no", status=1
    )
    assert "corpus: is not a folder" in refused
    assert not (tmp_path / "new").exists()


def test_export_and_read_again(tmp_path: Path) -> None:
    """Every command accepts an export."""
    out = tmp_path / "out"
    assert "files in" in run(
        "export", out, "--format", "parquet", "--format", "csv", "--data", REPOSITORY
    )
    assert (out / "positions.csv").exists()
    assert "no problems found" in run("check", out)
    assert "withholds (-1)" in run("history", "northland", "recognition", "--data", out)


def test_an_export_can_be_cut(tmp_path: Path) -> None:
    """`--partition-by` splits tables into files, which every command reads."""
    out = tmp_path / "out"
    said = run("export", out, "--partition-by", "issue_id", "--data", REPOSITORY)
    assert said.endswith("positions; start with positions\n")
    assert (out / "positions" / "positions-recognition.parquet").is_file()
    (out / "notes.txt").write_text("mine")
    assert run("export", out, "--partition-by", "issue_id", "--data", REPOSITORY).endswith(
        "positions; start with positions\nnot from the export, and left alone: notes.txt\n"
    )
    said = run("export", out, "--archive", "--data", REPOSITORY)
    assert said.endswith(".zip\n"), "a folder of archives may hold anything"
    (archive,) = out.glob("*.zip")
    archive.unlink()
    (out / "notes.txt").unlink()
    assert "no problems found" in run("check", out, "--without", "natural_key")
    assert "withholds (-1)" in run("history", "northland", "recognition", "--data", out)
    wrong = run("export", out, "--partition-by", "issue", "--data", REPOSITORY, status=1)
    assert "got 'issue'; did you mean 'issue_id'?" in wrong
    assert "got 'naturalkey'; did you mean" in run(
        "check", out, "--without", "naturalkey", status=1
    )


def test_a_bar_is_for_those_who_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress bar is shown on a terminal only, on stderr."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar() as update:
        assert update is None
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar() as update:
        assert update is not None
        update(1, 4)
        update(4, 4)
    assert "100%" in screen.getvalue()


def test_show_an_event() -> None:
    """An event is shown with participants, stances by document, and differences."""
    text = run("show", "moscow-format-2021-10-20")
    for words in (
        "Russia participant Sergei Lavrov the-correspondent-2021-10-21",
        "United States absent chintan-2021-10 gives no reason",
        "11 holders: Russia, China, Pakistan, India, Iran, Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan, Uzbekistan, Taliban",
        "Where the documents differ",
        "the-correspondent-2021-10-21: absent, cites technical reasons; hints at joining later rounds",
        "the-correspondent-2021-10-21: supports (+1), alone",
    ):
        assert words in " ".join(text.split()) or words in text, words


def test_show_a_vote(repository: Path) -> None:
    """A roll call is shown by vote, each voter once, with the documents that say so."""
    for file in (
        "codebook.yaml",
        "events/midport-2021-10-20.yaml",
    ):  # the fault has what votes need
        shutil.copyfile(FAULTS / "vote-twice" / file, repository / file)
    talks = repository / "events" / "midport-2021-10-20.yaml"
    text = talks.read_text(encoding="utf-8")
    talks.write_text(text.replace("role: abstained", "role: host"), encoding="utf-8")
    (repository / "events" / "midport-vote.yaml").write_text(
        "name: Vote at Midport\nheld_on: 2021-10-20\ndated_by: communique-2021-10-20\nkind: vote\n"
        "note: Two in favour.\nparticipants:\n"
        "  - {actor: westland, role: voted_for, document: communique-2021-10-20}\n"
        "  - {actor: northland, role: voted_for, document: communique-2021-10-20, note: late}\n"
        "  - {actor: westland, role: voted_for, document: daily-post-2021-10-21}\n"
        "  - {actor: rebels, role: absent, document: daily-post-2021-10-21}\n",
        encoding="utf-8",
    )
    shown = run("show", "midport-vote", "--data", repository)
    assert (
        "dated by  communique-2021-10-20\nnote      Two in favour.\n\nVoted for: 2\n------------\n"
        "Northland (late); Westland\n"
        "according to communique-2021-10-20, daily-post-2021-10-21 (1 of them)\n\nParticipants\n"
    ) in shown
    assert "Voted against" not in shown
    assert "Westland  voted_for" not in shown


def test_show_each_kind_of_record() -> None:
    """Actors, documents, issues and stances are shown by their ids."""
    assert "Kingdom of the North" in run("show", "northland", "--data", REPOSITORY)
    assert "joint_statement" in run("show", "communique-2021-10-20", "--data", REPOSITORY)
    assert "argues for it" in run("show", "recognition", "--data", REPOSITORY)
    assert "governs Afghanistan, to 2021-08-14\n" in run("show", "islamic-republic")
    assert "governs Afghanistan, from 2021-08-15\n" in run("show", "taliban")
    stance = "daily-post-2021-10-21#s01"
    text = run("show", stance, "--data", REPOSITORY, "--corpus", TEXTS)
    assert ">> We do not recognise them <<" in text
    assert "did you mean 'northland'?" in run("show", "nortland", "--data", REPOSITORY, status=1)


def test_verify() -> None:
    """`verify` counts all spans; without a corpus it names the option."""
    assert "6 of 6 spans verified, 100 %\n" == run(
        "verify", "--data", REPOSITORY, "--corpus", TEXTS
    )
    assert "--corpus: is missing; give the folder with --corpus DIR\n" == run("verify", status=1)
    text = run("verify", "--data", REPOSITORY, "--corpus", REPOSITORY, status=1)
    assert "0 of 6 spans verified, 0 %" in text


def test_corpus_from_the_environment() -> None:
    """STANCEDATA_CORPUS sets the folder if the option is not given."""
    environment = {**os.environ, "STANCEDATA_CORPUS": str(TEXTS)}
    found = subprocess.run(
        [*MAIN, "verify", "--data", str(REPOSITORY)],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    assert "6 of 6 spans verified, 100 %\n" == found.stdout


def test_format(repository: Path) -> None:
    """A file out of layout is reported with --check and formatted without it."""
    file = repository / "actors" / "rebels.yaml"
    file.write_text(
        "# mine\n" + file.read_text(encoding="utf-8").replace("kind: movement", "kind:   movement"),
        encoding="utf-8",
    )
    assert "data/actors/rebels.yaml: would change\n" == run(
        "format", "--check", status=1, cwd=repository.parent
    )
    assert "data/actors/rebels.yaml: formatted\n" == run("format", cwd=repository.parent)
    assert "" == run("format", "--check", cwd=repository.parent)
    assert file.read_text(encoding="utf-8").startswith("# mine\nname")
    assert "is not where curated files are kept" in run(
        "format", TEXTS / "communique.txt", status=1
    )


def test_code_span_writes_span_and_digest(repository: Path) -> None:
    """`code span` adds the span of words to a stance; the file keeps its comments and stays valid."""
    file = repository / "documents" / "daily-post-2021-10-21.yaml"
    file.write_text("# a comment\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    words = (
        "code",
        "span",
        "daily-post-2021-10-21",
        "s01",
        '"We do not recognise them, and we say so."',
        "--corpus",
        str(TEXTS),
    )
    text = run(*words, cwd=repository.parent)
    assert text.startswith("daily-post-2021-10-21#s01: [98, 140] ")
    assert file.read_text(encoding="utf-8").startswith("# a comment\n")
    assert "7 of 7 spans verified, 100 %\n" == run(
        "verify", "--data", repository, "--corpus", TEXTS
    )
    assert "no problems found" in run("check", cwd=repository.parent)
    assert "already has that span, got [98, 140]" in run(*words, status=1, cwd=repository.parent)
    other = [*words[:4], "Anna North", *words[5:], "--replace", "0"]
    assert run(*other, cwd=repository.parent).endswith("replacing evidence 0\n")
    assert "7 of 7 spans verified, 100 %\n" == run(
        "verify", "--data", repository, "--corpus", TEXTS
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("daily-past-2021-10-21", "s01", "x"), "document: does not exist, got 'daily-past-2021-10-21'; did you mean 'daily-post-2021-10-21'?\n"),
        (("daily-post-2021-10-21", "s09", "They"), "words: do not occur in the text, got 'They'; "
        "copy them from the text\n"),
        (("daily-post-2021-10-21", "s09", "Talks end"), "data/documents/daily-post-2021-10-21.yaml: has no stance with that id, got 's09'; did you mean 's01'?\n"),
        (("daily-post-2021-10-21", "s01", "alks end"), "words: break off inside a word, got 1-9 "
        "…T[alks end] at Midport On Wednesday Nort…; begin and end at word boundaries\n"),
        (("daily-post-2021-10-21", "s01", "Talks end", "--replace", "4"), "--replace: does not exist, got 4; there is only one\n"),
    ],
)  # fmt: skip
def test_code_span_refuses(repository: Path, words: tuple[str, ...], expected: str) -> None:
    """Each error gets a message, and the file is not changed."""
    file = repository / "documents" / "daily-post-2021-10-21.yaml"
    before = file.read_bytes()
    assert expected == run(
        "code", "span", *words, "--corpus", TEXTS, status=1, cwd=repository.parent
    )
    assert before == file.read_bytes()


def test_questions_of_what_counts_by_a_day() -> None:
    """With a day, `history`, `shifts` and `contradictions` leave out what was stated after it."""
    for words in (["history", "russia"], ["shifts"], ["contradictions"]):
        every = json.loads(run(*words, "--format", "json"))
        early = json.loads(run(*words, "--format", "json", "--on", "2021-09-30"))
        assert len(early) < len(every) or not every
        assert all(row in every for row in early) or words == ["shifts"]
        for style in ("table", "json"):
            said = run(*words, "--on", "2021-13", "--format", style, status=1)
            assert said.startswith("--on: must be a day, got '2021-13'; write it as 2021-10-20, or")
    shown = run("history", "russia", "--on", "2021-09-30")
    assert "2021-10-20" not in shown
    assert len(shown) > 100


def test_wrong_words_are_refused_kindly(tmp_path: Path) -> None:
    """Unknown commands, options, ids and folders each get a sentence."""
    assert "No such command 'exprt'" in run("exprt", status=2)
    assert "No such option" in run("info", "--verison", status=2)
    assert "did you mean 'russia'?" in run("history", "rusia", "recognition", status=1)
    assert "is not a dataset" in run("info", "--data", tmp_path, status=1)
    assert "none: does not exist" in run("check", tmp_path / "none", status=1)
    (tmp_path / "loop").symlink_to("loop")
    assert "is not a dataset" in run("check", tmp_path / "loop", status=1)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "info",
        "check",
        "export",
        "show",
        "history",
        "reliability",
        "verify",
        "format",
        "schema",
        "code",
        "code new",
        "code actor",
        "code stance",
        "code review",
        "code text",
        "code span",
        "init",
    ],
)
def test_help_says_something(command: str) -> None:
    """Every command and option has a help text."""
    text = run(*command.split(), "--help")
    assert "Usage:" in text
    assert len(text) > 150


def test_sql_prints_packaged_questions() -> None:
    """A packaged question is printed as it is packaged; the help lists all of them."""
    listed = " ".join(run("sql", "--help").split())
    assert f"Packaged questions: {', '.join(packaged_names('questions'))}." in listed
    for name in packaged_names("questions"):
        assert packaged(f"questions/{name}") == run("sql", name)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("positons", "did you mean 'positions'?"),
        ("AS-OF", "did you mean 'as_of'?"),
        ("history.sql", "did you mean 'history'?"),
        (
            "reliability",
            "use one of agreement, apart, apart_as_of, as_of, conditions, contradictions, counted, "
            "counted_1, dated, days, document_silences, fold, … (24 in all)",
        ),
    ],
)
def test_sql_of_an_unknown_word(word: str, hint: str) -> None:
    """A word that is not a packaged question gets the nearest name, or all of them."""
    expected = f"query: is neither a packaged question nor SQL, got {word!r}; {hint}\n"
    assert expected == run("sql", word, status=1)


def test_sql_of_a_word_that_is_sql() -> None:
    """`SHOW`, the only SQL of a single word, is run as SQL."""
    assert "stances" in run("sql", "SHOW")


@pytest.mark.parametrize("style", ["csv", "json", "parquet"])
def test_sql_prints_questions_in_no_format(style: str) -> None:
    """A format with the name of a question is refused, not ignored."""
    expected = (
        f"--format: applies to answers only, got {style} with the name of a question; leave it out, "
        "or pass SQL\n"
    )
    assert expected == run("sql", "agreement", "--format", style, status=1)
    assert [{"n": 1}] == json.loads(run("sql", "SELECT 1 AS n", "--format", "json"))


def test_sql_has_a_limit_of_time() -> None:
    """`--seconds` ends a SELECT; a number that is none, and the name of a question, are refused."""
    endless = "SELECT COUNT(*) FROM range(1000000000) a, range(1000000000) b"
    said = (
        "the query was refused: it takes more than 0.1 seconds; ask for less, or allow more time\n"
    )
    assert said == run("sql", endless, "--seconds", "0.1", status=1)
    said = "--seconds: must be a number above 0, got nan; leave it out for no limit\n"
    assert said == run("sql", endless, "--seconds", "nan", status=1)
    said = "--seconds: applies to a SELECT only, got 3 with the name of a question; leave it out, or pass SQL\n"
    assert said == run("sql", "shifts", "--seconds", "3", status=1)
    assert [{"n": 1}] == json.loads(
        run("sql", "SELECT 1 AS n", "--seconds", "60", "--format", "json")
    )


def test_help_reads_no_tables() -> None:
    """Printing the help, of `sql` too, does not import the libraries that read tables."""
    for words in (["--help"], ["sql", "--help"], ["sql", "history"]):
        code = (
            "import sys; from stancedata.cli import commands; "
            f"commands({words!r}, standalone_mode=False); "
            "sys.exit(' '.join({'pyarrow', 'duckdb'} & sys.modules.keys()) or 0)"
        )
        found = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert (0, "") == (found.returncode, found.stderr)


def test_a_reader_that_goes_away() -> None:
    """A pipe closed early ends the command without an error."""
    code = f"{sys.executable} -m stancedata show russia | head -1"
    found = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    assert "" == found.stderr


def on_terminal(*words: str) -> bytes:
    """Run a command on a terminal of eighty columns; return its output."""
    import pty  # does not exist on Windows, where the other tests of this module run

    parent, child = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"}
    process = subprocess.Popen([*MAIN, *words], stdout=child, env=environment)
    os.close(child)
    output = b""
    while True:
        try:
            chunk = os.read(parent, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    assert 0 == process.wait()
    os.close(parent)
    return output


def test_tables_on_a_terminal_are_coloured_and_fit() -> None:
    """On a terminal, tables wrap to its width and levels are coloured by side."""
    output = on_terminal("history", "russia", "recognition")
    assert b"\x1b[" in output
    assert b"the-correspondent-2021-10-21#s11" in output, "an id is never cut"


def test_nearness_has_a_colour_too() -> None:
    """The agreement table colours high and low similarity differently."""
    words = ("agreement", "--known-at", RELEASE)
    near = [row["similarity"] for row in json.loads(run(*words, "--format", "json"))]
    shown = on_terminal(*words)
    assert 0 < near.count(None) < len(near)
    assert sum(s is not None for s in near) == shown.count(b"\x1b[3")
    assert sum(s is not None and s >= 0.75 for s in near) == shown.count(b"\x1b[34m")


def test_commands_on_one_folder_take_turns(repository: Path) -> None:
    """Of four commands at once that add a stance each, none overwrites what another wrote."""
    words = [
        *("code", "stance", "daily-post-2021-10-21", "--holder", "northland", "--issue", "aid"),
        *("--level", "supports", "--act", "urges", "--attribution", "reported"),
        *("--confidence", "low", "--locator", "line 2", "--summary", "It asks for help."),
    ]
    days = [f"2021-10-1{number}" for number in range(4)]
    started = [
        subprocess.Popen(
            [*MAIN, *words, "--stated-on", day, "--data", repository],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for day in days
    ]
    said = [process.communicate()[0] for process in started]
    assert [0] * 4 == [process.returncode for process in started], said
    text = (repository / "documents" / "daily-post-2021-10-21.yaml").read_text(encoding="utf-8")
    assert [f"s{number:02}" for number in range(1, 7)] == re.findall(r"- id: (\w+)", text)
    assert {*days} <= {*re.findall(r"stated_on: (\S+)", text)}
