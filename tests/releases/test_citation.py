"""Citations: every style names title, authors, version and date, in the form of its readers."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import attrs
import pyarrow as pa
import pytest
import yaml

import stancedata as sd
from stancedata.releases.citation import STYLES, About, cite
from stancedata.releases.revisions import Release
from tests.support.paths import ROOT

DIGEST = "ab" * 32
HISTORY = "cd" * 32
RELEASE = Release("1.2.0", 3, datetime.date(2026, 3, 4), "2", DIGEST, DIGEST)
ABOUT = About('What "A: B" said', ("Ada Lovelace", "The Many"), "CC0-1.0", "https://example.org/x")


def cited(style: str, about: About = ABOUT, release: Release | None = RELEASE) -> str:
    """Cite a made-up release."""
    return cite(about, "1.2.0", DIGEST, HISTORY if release else "", release, style)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_names_the_data(style: str) -> None:
    """Title, authors, version and year are in each; without a release, no year is made up."""
    text = cited(style)
    parts = ["Ada Lovelace", "The Many", "1.2.0", "2026"]
    assert all(part in text for part in parts), text
    assert "2026" not in cited(style, release=None)
    assert "None" not in cited(style, About(), None)


def test_digests_identify_in_a_citation_file() -> None:
    """In CITATION.cff the digests are identifiers, since an abstract would be shown to readers."""
    found = yaml.safe_load(cited("cff"))
    assert [f"sha256:{DIGEST}", f"sha256:{HISTORY}"] == [i["value"] for i in found["identifiers"]]
    assert "abstract" not in found
    assert 1 == len(yaml.safe_load(cited("cff", release=None))["identifiers"])


@pytest.mark.parametrize("style", sorted({*STYLES} - {"apa", "cff"}))
def test_both_digests(style: str) -> None:
    """Content and history are cited; a dataset without releases has no history."""
    assert f"SHA-256 of the content: {DIGEST}, of its history: {HISTORY}" in cited(style)
    assert "history" not in cited(style, release=None)


def test_apa() -> None:
    """Authors are joined by an ampersand; one that ends in a full stop gets no second one."""
    assert (
        'Ada Lovelace, & The Many. (2026). What "A: B" said (Version 1.2.0) [Data set]. '
        "https://example.org/x"
    ) == cited("apa")
    assert "Ada L. (n.d.). T (Version 1.2.0) [Data set]." == cited(
        "apa", About("T", ("Ada L.",)), None
    )
    many = tuple(f"A{number}" for number in range(1, 22))
    assert cited("apa", About("T", many[:20])).startswith("A1, A2, ")
    assert "A19, & A20. (2026)" in cited("apa", About("T", many[:20]))
    assert "A19, . . . A21. (2026)" in cited("apa", About("T", many))


def test_ris() -> None:
    """Each line is a tag and a value, and the record is closed."""
    lines = [line.split("  - ") for line in cited("ris").splitlines()]
    assert ["TY", "AU", "AU", "PY", "DA", "TI", "ET", "UR", "N1", "ER"] == [tag for tag, _ in lines]
    assert ["DATA", "2026/03/04/", ""] == [lines[0][1], lines[4][1], lines[-1][1]]
    about = attrs.evolve(ABOUT, title="In\ntwo  lines", url="https://doi.org/10.5281/zenodo.1")
    found = cited("ris", about).splitlines()
    assert {"TI  - In two lines", "DO  - 10.5281/zenodo.1"} <= {*found}
    assert "ER  - " == found[-1]


def test_a_cff_file_is_yaml() -> None:
    """Texts with quotation marks and colons read back, and the licence is one licence."""
    found = yaml.safe_load(cited("cff"))
    assert (ABOUT.title, "CC0-1.0", ABOUT.url) == (found["title"], found["license"], found["url"])
    assert [{"name": name} for name in ABOUT.authors] == found["authors"]
    assert "2026-03-04" == str(found["date-released"])
    assert not {"license", "url", "date-released"} & {*yaml.safe_load(cited("cff", About(), None))}
    assert "1.2.0" == json.loads(cited("csl-json"))[0]["version"]


def test_the_licence_of_the_packaged_data(dataset: sd.Dataset) -> None:
    """The data have one licence, in the repository too: a list there would mean either one."""
    assert "CC-BY-4.0" == yaml.safe_load(dataset.cite("cff"))["license"]
    found = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert "CC-BY-4.0" == found["license"]


def test_what_a_codebook_states() -> None:
    """Licence and address come from the field `dataset` of the vocabulary."""
    rows = [
        {"field": "dataset", "value": value, "definition": text}
        for value, text in (("title", "T"), ("licence", "CC0-1.0"), ("url", "https://example.org"))
    ]
    assert About("T", ("Anonymous",), "CC0-1.0", "https://example.org") == About.of(rows)
    assert "" == About.of(rows[:1]).licence


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who recognises Kosovo", "who-recognises-kosovo"),
        ("stancedata: diplomatic actors and the positions they have stated", "stancedata"),
        ("2024: Élections", "2024-elections"),
        (": Votes", "votes"),
        ("Untitled dataset", "stancedata"),
        ("Признание Косово", "stancedata"),
        ("1999", "stancedata"),
        ("a" * 80, "a" * 60),
        ("one two " * 20, "-".join(["one-two"] * 7) + "-one"),
    ],
)
def test_the_name_of_a_dataset(title: str, name: str) -> None:
    """It is made of the title up to a colon, where that has letters of ASCII, and has an end."""
    about = About(title)
    assert name == about.name
    assert f"@misc{{{name.replace('-', '_')}_1_2_0," in cited("bibtex", about)
    assert f"{name}-1.2.0" == json.loads(cited("csl-json", about))[0]["id"]


def test_notes_reasons_and_days_are_in_the_history_digest() -> None:
    """Rewriting one leaves the content as it is, so the digest of the history must differ."""
    released = sd.load("0.2.0")
    changes: dict[str, tuple[str, object]] = {
        "note": ("revisions", "Nothing happened."),
        "reason": ("revisions", "correction"),
        "released_on": ("releases", datetime.date(2020, 1, 1)),
    }
    found = {released.history_digest}
    for column, (table, value) in changes.items():
        rows = released.tables[table].to_pylist()
        rows[-1][column] = value
        changed = pa.Table.from_pylist(rows, schema=released.tables[table].schema)
        other = sd.Dataset({**released.tables, table: changed}, released.version)
        assert released.digest == other.digest
        assert other.history_digest in other.cite()
        found.add(other.history_digest)
    assert len(changes) + 1 == len(found)


def test_a_past_release_keeps_its_history_digest(dataset: sd.Dataset, tmp_path: Path) -> None:
    """Loaded from a later release or read from its own export, the digest is the one cited."""
    past = dataset.known_at("0.1.0")
    past.export(tmp_path / "out", panel=False)
    again = sd.read(tmp_path / "out")
    assert past.history_digest == again.history_digest != dataset.history_digest
    assert past.cite() == again.cite()
