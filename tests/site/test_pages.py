"""The files of a site: what they say, that links lead somewhere, and texts that would break a page."""

from __future__ import annotations

import datetime
import posixpath
import random
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import stancedata as sd
from stancedata import model, site
from stancedata.problems import StancedataError
from stancedata.site.addresses import file_name, language_tag, web_address
from stancedata.site.contents import Contents
from stancedata.site.pages import POLICY, Pages
from stancedata.site.pictures import coverage
from stancedata.site.spells import spells_of, standing_on
from tests.support import strategies
from tests.support.edition2_datasets import seeded, together
from tests.support.edition2_model import dataset_of as generated
from tests.support.side_by_side import gather
from tests.support.sites import (
    BREAKING,
    Page,
    broken,
    crowded,
    data_of,
    dataset_of,
    early,
    pinned_files,
    quoting,
)

TAGS = {
    *(
        "html",
        "meta",
        "title",
        "link",
        "script",
        "header",
        "main",
        "noscript",
        "a",
        "h1",
        "h2",
        "h3",
        "p",
        "b",
    ),
    *(
        "small",
        "span",
        "strong",
        "time",
        "dl",
        "div",
        "dt",
        "dd",
        "ul",
        "ol",
        "li",
        "section",
        "details",
        "summary",
    ),
    *(
        "svg",
        "text",
        "rect",
        "circle",
        "line",
        "figure",
        "figcaption",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
    *("form", "label", "input", "select", "option", "button", "nav"),
}
"""Every element that templates use."""


def test_what_was_last_stated_before_coverage_is_apart() -> None:
    """It is a group of its own on the page of an issue, without colour in the matrix, and not counted."""
    files = dict(Pages(early()).files())
    told = "last stated before 2018-01-01, when coverage begins"
    now, before = files["issues/recognition.html"].split("<tbody id=early>")
    assert f"1 holder as of 2021-10-20, and 1 {told}." in now
    assert ("actors/bob.html" in now, "actors/ada.html" in now) == (True, False)
    assert f"L{told[1:]}." in before
    assert "actors/ada.html" in before.split("</tbody>")[0]
    assert "<td class=early><a" in files["matrix.html"]
    assert ">+2*</a>" in files["matrix.html"]
    assert told in files["matrix.html"]
    assert f"stated 1996 to 2001: {told}" in files["actors/ada.html"]
    assert "−2: 1</b>" in files["issues.html"]
    assert "+2" not in files["issues.html"]
    assert told in files["issues.html"]
    assert "last stated" not in pinned_files()["issues/recognition.html"]


def test_every_link_leads_to_a_page_of_the_site() -> None:
    """A relative address names a file; any other is of the web, and nothing else is loaded."""
    files = pinned_files()
    for name, text in files.items():
        if not name.endswith(".html"):
            continue
        for tag, values in Page(text).elements:
            address = values.get("href", values.get("src", "#"))
            if tag in ("link", "script") and address != "data:,":
                assert not urlsplit(address).scheme, name
            if not urlsplit(address).scheme and not address.startswith("#"):
                path = posixpath.normpath(
                    posixpath.join(posixpath.dirname(name), unquote(urlsplit(address).path))
                )
                assert path in files, f"{name}: {address}"


def test_every_page_has_a_policy_and_a_title() -> None:
    """No page runs a script that is not a file of the site."""
    for name, text in pinned_files().items():
        if name.endswith(".html"):
            page = Page(text)
            assert POLICY in page.values("content"), name
            assert re.search("<title>[^<]+</title>", text), name
            assert all(values for tag, values in page.elements if tag == "script"), name


def test_every_record_has_a_page(dataset: sd.Dataset) -> None:
    """Actors, issues, documents and events have pages; stances are on those of their documents."""
    files = pinned_files()
    for kind in ("actors", "issues", "documents", "events"):
        ids = {file_name(key) for key in getattr(dataset, kind)}
        assert ids == {Path(name).stem for name in files if name.startswith(f"{kind}/")}
    data = data_of(files)
    listed = [
        data["stances"]["documents"][row[0]][0] + "#" + row[1] for row in data["stances"]["rows"]
    ]
    assert listed == list(dataset.stances)
    shown = [
        n for key in dataset.documents for n in places(files[f"documents/{key}.html"], "articles")
    ]
    assert sorted(shown) == list(range(len(listed)))


def places(text: str, kind: str) -> list[int]:
    """Return the places of the records that a page's lists of a kind have."""
    return [int(n) for value in Page(text).values(f"data-{kind}") for n in value.split(",")]


def test_an_actor_page_lists_its_history(dataset: sd.Dataset) -> None:
    """The positions of a page are those of `history`, and what stands is what `matrix` says."""
    files = pinned_files()
    data = data_of(files)
    rows = [data["positions"][n] for n in places(files["actors/russia.html"], "positions")]
    ids = list(dataset.stances)
    assert sorted(ids[row[0]] for row in rows) == sorted(
        p.stance_id for p in dataset.history("russia")
    )
    text = " ".join(Page(files["actors/russia.html"]).text.split())
    for row in dataset.matrix(holder="russia").to_pylist():
        assert row["level_name"] in text, row["issue_id"]


def test_what_stands_on_any_day_is_what_the_library_says() -> None:
    """Spells agree with `matrix` on any day, also for deeds and for holders that ceased to exist."""
    dataset = generated(together([seeded(seed) for seed in range(40)]))
    first = datetime.date(2021, 8, 1)
    days = [first + datetime.timedelta(days=n) for n in random.Random(1).sample(range(200), 12)]
    standing = dataset.matrix(on=days).to_pylist()
    assert len(standing) > 500
    for issue in dataset.issues:
        spells = spells_of(dataset, issue, dataset.positions(issue=issue).to_pylist())
        found = {
            (day, actor_id): stance
            for day in days
            for actor_id, listed in spells.items()
            if (stance := standing_on(listed, day))
        }
        rows = [row for row in standing if row["issue_id"] == issue]
        assert {(row["on_day"], row["actor_id"]): row["stance_id"] for row in rows} == found


def test_texts_of_the_data_are_never_markup() -> None:
    """A page shows a text as it is, and has no element, address or script that the text brings."""
    files = dict(Pages(broken(BREAKING)).files())
    for name, page in ((n, Page(t)) for n, t in files.items() if n.endswith(".html")):
        for tag, values in page.elements:
            assert tag in TAGS, f"{name}: {tag}"
            assert not [key for key in values if key.startswith("on")], name
            assert not values.get("href", "").lower().startswith("javascript:"), name
    shown = " ".join(Page(files["actors/holder.html"]).text.split())
    assert " ".join(BREAKING.split()) in shown
    data = data_of(files)
    assert data["stances"]["rows"][0][13] == BREAKING
    assert data["stances"]["documents"][0][4] == ""
    assert files["data.js"].isascii()
    assert "<" not in files["data.js"]


def test_any_dataset_has_a_site() -> None:
    """Contents of every shape have a site, valid or not."""
    for content in gather(strategies.contents(), 3):
        files = dict(Pages(dataset_of(content)).files())
        assert {"index.html", "data.js", "site.js", "site.css"} <= files.keys()


def test_a_dataset_without_stances_has_a_site() -> None:
    """Pages say that there is nothing, rather than fail or show empty pictures."""
    empty = model.Content(strategies.CODEBOOK, (model.Actor("ada", "Ada", "state"),))
    files = dict(Pages(dataset_of(empty)).files())
    assert "No position of Ada is on record" in files["actors/ada.html"]
    assert "No position is on record" in files["matrix.html"]
    assert "No position is on record" in files["index.html"]
    assert "There are none" in files["events.html"]


def test_ten_thousand_stances_of_one_actor() -> None:
    """The page of such an actor stays small: marks that cover each other are drawn once."""
    files = dict(Pages(crowded(10_000)).files())
    assert len(files["actors/ada.html"]) < 500_000
    assert len(places(files["actors/ada.html"], "positions")) == 10_000
    assert "No position of Bob" in files["actors/bob.html"]


def test_findings_are_computed(dataset: sd.Dataset) -> None:
    """The first page names the last change of level, the counts and the citation."""
    page = Page(pinned_files()["index.html"])
    text = " ".join(page.text.split())
    shifts = dataset.shifts().to_pylist()
    last = max(shifts, key=lambda row: (row["reversal"], row["shifted_on"]))
    what = "changed sides" if last["reversal"] else "changed its level"
    assert f"{what}: {last['actor_name']} on" in text
    assert f"{len(dataset.stances)} stances" in text
    assert dataset.cite() in text
    positions = dataset.positions().to_pylist()
    bars = coverage.bars_of(positions)
    assert sum(bar.count for bar in bars) >= 0.99 * len(positions)


def test_bars_fit_any_time_span() -> None:
    """Bars stand for months, quarters, years or more, so that they are few."""
    for days in (1, 60, 900, 9_000, 200_000):
        rows = [
            {"stated_earliest": datetime.date(1400, 1, 1) + datetime.timedelta(days=n * days // 7)}
            for n in range(8)
        ]
        bars = coverage.bars_of(rows)
        assert 1 <= len(bars) <= 48
        assert sum(bar.count for bar in bars) == 8


@pytest.mark.parametrize(
    ("record_id", "is_plain"),
    [("russia", True), ("a_b-1", True), ("Russia", False), ("con", False), ("com1", False), ("a.b", False),
     ("../x", False), ("", False), ("é", False), ("a" * 200, False), ("index.html", False)],
)  # fmt: skip
def test_file_names_suit_every_file_system(record_id: str, is_plain: bool) -> None:
    """An id is a file name if every system has it; otherwise a digest, different for each id."""
    name = file_name(record_id)
    assert (name == record_id) is is_plain
    assert re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,119}", name)
    assert name != file_name(record_id + "x")


@pytest.mark.parametrize(
    ("url", "is_link"),
    [("https://example.org/a?b=c#d", True), ("HTTP://example.org", True), ("javascript:alert(1)", False),
     ("data:text/html,x", False), ("//example.org", False), ("https:", False), ("http://[x", False), (None, False),
     (" javascript:alert(1)", False), ("file:///etc/passwd", False)],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(url: str | None, is_link: bool) -> None:
    """A link leads to http or https."""
    assert (web_address(url) is not None) is is_link


def test_languages_are_tags() -> None:
    """A language is an attribute only if it is a tag."""
    assert [language_tag(tag) for tag in ("ru", "zh-Hans", 'x" onclick="y', "", None)] == [
        "ru",
        "zh-Hans",
        None,
        None,
        None,
    ]


def test_a_site_replaces_only_a_site(small: sd.Dataset, tmp_path: Path) -> None:
    """Writing into a folder with other files, or an export, is refused, and changes nothing."""
    folder = tmp_path / "site"
    first = site.write(small, folder)
    assert sorted(first) == sorted(path for path in folder.rglob("*") if path.is_file())
    (folder / "actors" / "mine.html").write_text("mine")
    with pytest.raises(StancedataError, match=r"not from a site, got 'actors/mine.html'"):
        site.write(small, folder)
    (folder / "actors" / "mine.html").unlink()
    assert site.write(small, folder) == first
    exported = tmp_path / "export"
    small.export(exported, panel=False)
    with pytest.raises(StancedataError, match="not from a site"):
        site.write(small, exported)
    with pytest.raises(StancedataError, match="not from an export"):
        small.export(folder)
    assert (exported / "stances.parquet").exists()


def test_a_failure_leaves_the_old_site(
    small: sd.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a page cannot be made, the folder keeps the site that it had."""
    site.write(small, tmp_path / "site")
    before = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")

    def fail(*_: object) -> None:
        raise StancedataError("no")

    monkeypatch.setattr("stancedata.site.start.values", fail)
    with pytest.raises(StancedataError, match="no"):
        site.write(small, tmp_path / "site")
    assert before == (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert ["site"] == [path.name for path in tmp_path.iterdir()]


def test_words_are_quoted_where_anyone_may_publish_them(tmp_path: Path) -> None:
    """A site quotes documents of a public licence whose text is in the corpus, and no other."""
    (tmp_path / "public.txt").write_text("Words that are free.", encoding="utf-8")
    (tmp_path / "closed.txt").write_text("Words that are not.", encoding="utf-8")
    dataset = quoting({"public": "CC0-1.0", "closed": "CC-BY-NC-4.0", "absent": "public-domain"})
    pages = Pages(dataset, sd.Corpus(tmp_path))
    files = dict(pages.files())
    evidence = {row[13]: row[14] for row in data_of(files)["stances"]["rows"]}
    assert evidence == {
        "Of public.": [[0, 20, "Words that are free.", 0]],
        "Of closed.": [[0, 19]],
        "Of absent.": [[0, 16]],
    }
    assert "quote 1 document that" in files["index.html"]
    assert "Words that" not in "".join(dict(Pages(dataset).files()).values())


def test_silences_are_those_of_the_library(dataset: sd.Dataset) -> None:
    """An actor's page counts its silences as `silence` does."""
    contents = Contents(dataset)
    counts = {
        issue: sum(
            row["actor_id"] == "united-states" for row in dataset.silence(issue=issue).to_pylist()
        )
        for issue in dataset.issues
    }
    assert {key: n for key, n in counts.items() if n} == dict(
        contents.silences_of_actor["united-states"]
    )


@pytest.mark.long
def test_a_site_is_small(newest: sd.Dataset, tmp_path: Path) -> None:
    """The files of a site have less than 2 MB for each 1,000 stances."""
    size = sum(path.stat().st_size for path in site.write(newest, tmp_path / "site"))
    assert size / len(newest.stances) < 2_000
