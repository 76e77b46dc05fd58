"""What commands print of records: quotes with their sources, silences counted, citations."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import mock

import pytest

import stancedata as sd
from stancedata.cli.records.positions import quotes
from stancedata.problems import StancedataError
from tests.cli.test_commands import run
from tests.support.parquet_folders import lay
from tests.support.pinned import RELEASE, load_pinned
from tests.support.sites import early

PINNED = ("--known-at", RELEASE)
MONTH = ("--from", "2021-10", "--to", "2021-10")


def test_quotes_say_who_and_where() -> None:
    """A quote has who voiced it, conditions, a note, its source, and the other sources."""
    entries = run("history", "recognition", "--quotes", *MONTH, *PINNED).split("\n\n")
    (lavrov,) = [entry for entry in entries if "the-correspondent-2021-10-21#s" in entry]
    for said in ("summary: ", "voiced by Sergei Lavrov", "on condition: ", "note: "):
        assert f"\n     {said}" in lavrov
    assert "https://" in lavrov


@pytest.mark.parametrize("release", ["0.1.0", RELEASE])
def test_quotes_have_every_source(release: str) -> None:
    """Each document that counts is named, also without an event, or if one event has several days."""
    dataset = sd.load(release)
    several = [
        p for name in dataset.issues for p in dataset.history(issue=name) if p.document_count > 1
    ]
    assert len(several) > 10
    for position in several:
        assert (
            quotes(dataset, [position], None).count("\n     also: ") == position.document_count - 1
        )


def test_one_stance_of_many_holders_is_one_quote() -> None:
    """Holders whose position rests on one stance share an entry, and none is left out."""
    positions = load_pinned().history(issue="recognition", start="2021-10", on="2021-10-31")
    entries = run("history", "recognition", "--quotes", *MONTH, *PINNED).split("\n\n")
    heads = [entry.splitlines()[0] for entry in entries]
    assert len(heads) < len(positions)
    for p in positions:
        assert any(p.actor_name in head and f"[{p.stance_id}]" in head for head in heads)


def test_evidence_without_a_digest_says_so() -> None:
    """What is only cited prints no digest, least of all None."""
    cited = next(s for s in load_pinned("1.0.0").stances.values() if not s.evidence[0].sha256)
    shown = run("show", cited.stance_id, "--known-at", "1.0.0")
    assert "cited, without a digest" in shown
    assert "None" not in shown


def test_what_was_last_stated_before_coverage_is_marked(tmp_path: Path) -> None:
    """`show` lists it below the others, `matrix` and `panel` mark it and explain the mark."""
    lay(dict(early().tables), tmp_path)
    data = ("--data", tmp_path)
    told = "last stated before 2018-01-01, when coverage begins"
    now, before = run("show", "recognition", *data).split(f"L{told[1:]}\n")
    assert ("Bob" in now, "Ada" in now, "Bob" in before, "Ada" in before) == (
        True,
        False,
        False,
        True,
    )
    assert now.index("Where holders stand on 2021-10-20") < now.index("Bob")
    matrix = run("matrix", *data)
    assert re.search(r"Ada +recognises \(\+2\), 1996/2001\*\n", matrix)
    assert re.search(r"Bob +rejects \(-2\)\n", matrix)
    panel = run("panel", "--every", "year", "--from", "2021", "--to", "2021", *data)
    assert re.search(r"Ada +recognition +\+2\*\n", panel)
    for text in (matrix, panel):
        assert text.endswith(f"\n\n* {told}; --since 2018-01-01 leaves it out\n")
    assert "*" not in run("matrix", "--since", "2018-01-01", *data)


def test_silences_are_counted() -> None:
    """A line an event, and one for documents without; every speaker on request."""
    words = ("silence", "recognition", "--known-at", "1.0.0")
    rows = load_pinned("1.0.0").silence(issue="recognition").to_pylist()
    lines = [line.split() for line in run(*words).splitlines()[1:]]
    events = {r["event_id"]: [str(r["silent"]), str(r["spoke"])] for r in rows if r["event_id"]}
    assert events == {line[0]: line[2:] for line in lines[:-1]}
    silent = sum(1 for r in rows if not r["event_id"])
    assert ["no", "event:"] == lines[-1][:2]
    assert str(silent) == lines[-1][-2]
    assert len(rows) == len(run(*words, "--each").splitlines()) - 1
    assert "china" in run(*words, "--holder", "china", "--format", "csv")


def test_an_option_given_twice_is_refused() -> None:
    """No value is dropped without a word; options that take several still do."""
    said = run("panel", "--holder", "russia", "--holder", "china", status=2)
    assert "--holder is given 2 times and takes one value" in said
    assert "--to is given 2 times" in run("shifts", "--to", "2021", "--to", "2022", status=2)
    coders = ("--coder", "coder-3", "--coder", "coder-4")
    assert "coded blind" in run("reliability", *coders, *PINNED)


def test_a_stance_has_a_citation() -> None:
    """Who, when, what, the document and its address, the id, the version and digest."""
    ds = load_pinned()
    stance = ds.stances["the-correspondent-2021-10-21#s11"]
    document = ds.documents[stance.document_id]
    said = run("cite", stance.stance_id, *PINNED)
    assert said.startswith("Russia, by Sergei Lavrov, ")
    for part in (document.title, document.url, stance.stance_id, RELEASE, ds.digest):
        assert str(part) in said
    assert ds.cite(stance=stance.stance_id) == said.rstrip("\n")
    assert "style: of a stance is text" in run(
        "cite", stance.stance_id, "--style", "apa", *PINNED, status=1
    )
    assert "no stance has the id 'nope'" in run("cite", "nope", *PINNED, status=1)


def test_versions_of_package_and_data() -> None:
    """`--version` gives both, because they differ."""
    assert run("--version").startswith("stancedata, version ")
    assert ", with data " in run("--version")
    with mock.patch("stancedata.dataset.packaged.load", side_effect=StancedataError("damaged")):
        assert run("--version").endswith(", with data that cannot be read\n")


def test_shifts_say_what_they_leave_out() -> None:
    """Defaults that leave out changes are named, unless the table is for a program."""
    words = ("shifts", "--issue", "recognition", *PINNED)
    assert "--across" in run(*words)
    assert "--low" in run(*words)
    assert "note:" not in run(*words, "--across", "--low")
    assert "note:" not in run(*words, "--format", "csv")


def test_who_voiced_nothing() -> None:
    """A state is pointed to its history; a group without members says so."""
    assert "see `stancedata history china`" in run("voiced", "china", *PINNED)
    assert "no member of " in run("members", "china", *PINNED)
