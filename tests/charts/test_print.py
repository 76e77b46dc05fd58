"""Charts fit to print: what they tell apart, filters, pages, panels, and pages to embed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import attrs
import pytest

import stancedata as sd
from stancedata import charts, model
from stancedata.charts import details, frame, palette
from stancedata.dataset import Dataset
from stancedata.problems import StancedataError
from tests.charts.test_charts import BOOK, DAY, dataset_of, rows_of, spec_of, stance, texts_of
from tests.support.paths import DOCS

MILLISECONDS = 86_400_000


def joint(number: int, level: str, stated: str, *holders: str) -> model.Stance:
    """Make a stance of several holders."""
    made = stance(number, holders[0], level, stated)
    return attrs.evolve(made, holders=tuple(map(model.Holder, sorted(holders))))


def marks_of(chart: Any) -> list[dict[str, Any]]:
    """Return the marks of a chart that stand for positions."""
    return [row for row in rows_of(chart) if "stance_id" in row]


@pytest.fixture(scope="module")
def some() -> Dataset:
    """Make a dataset of own and joint, old and new, short and long positions."""
    return dataset_of(
        stance(1, "ada", "withholds", "2015-03-01/2015-03-02"),
        joint(2, "rejects", "2021-09-20", "ada", "ben"),
        stance(3, "cyd", "recognises", "2020-01-01/2022-12-31"),
        stance(4, "ada", "opposes", DAY, issue=1),
        joint(5, "favours", "2021-10-25", "cyd", "dov"),
    )


def test_a_lasting_bar_ends_where_it_ends(some: Dataset) -> None:
    """A bar of two days in a chart of years is two days wide."""
    [bar] = [mark for mark in marks_of(charts.timeline(some, "ada", "recognition")) if mark["date_kind"] == "lasting"]  # fmt: skip
    assert 2 == (bar["end"] - bar["start"]) / MILLISECONDS


def test_own_and_joint_are_told_apart(some: Dataset) -> None:
    """Joint statements are squares in a timeline, and have a cut corner in a matrix."""
    chart = charts.timeline(some, issue="recognition")
    shapes = {(m["holder"], m["shape"], m["statement"]) for m in marks_of(chart)}
    assert {("Ada", "circle", "own"), ("Ada", "square", "joint, of 2 holders")} <= shapes
    assert '"range": ["circle", "square"]' in texts_of(chart)
    cells = {m["side"]: m["joint"] for m in marks_of(charts.matrix(some, issue="recognition"))}
    assert {"ada": True, "ben": True, "cyd": True, "dov": True} == cells
    assert not marks_of(charts.matrix(some, "2021-01-01", holder="cyd"))[0]["joint"]
    assert "Cut corner" in texts_of(charts.matrix(some))
    assert "Cut corner" not in texts_of(charts.matrix(some, "2021-01-01"))


def test_low_confidence_is_pale(some: Dataset) -> None:
    """What was coded with low confidence is pale with a dashed outline, and a note says so."""
    sure = stance(1, "ada", "withholds", DAY)
    dataset = dataset_of(
        sure,
        attrs.evolve(stance(2, "ben", "withholds", DAY), confidence="low"),
        attrs.evolve(stance(3, "cyd", "withholds", "[2021-10-01..2021-10-20]"), confidence="low"),
    )
    full = palette.colour(-0.5)
    marks = {m["holder"]: m for m in marks_of(charts.timeline(dataset, issue="recognition"))}
    faces = {name: (mark["face"], mark["low"]) for name, mark in marks.items()}
    pale = palette.pale(full)
    assert {"Ada": (full, False), "Ben": (pale, True), "Cyd": (palette.PAPER, True)} == faces
    cells = {m["side"]: m for m in marks_of(charts.matrix(dataset, issue="recognition"))}
    assert ("ben", pale, full) == (
        cells["ben"]["side"],
        cells["ben"]["colour"],
        cells["ben"]["edge"],
    )
    assert (full, None) == (cells["ada"]["colour"], cells["ada"].get("edge"))
    assert 4.5 < palette.contrast(palette.INK, pale)
    for drawn in (charts.timeline(dataset, issue="recognition"), charts.matrix(dataset)):
        assert "low confidence" in texts_of(drawn)
    assert "low confidence" not in texts_of(charts.matrix(dataset_of(sure)))


def test_a_matrix_shows_how_old_positions_are(some: Dataset) -> None:
    """The second line of a square is the position's age on the day."""
    cells = marks_of(charts.matrix(some, "2021-10-30", issue="recognition"))
    assert {"ada": "40 d", "ben": "40 d", "cyd": "5 d", "dov": "5 d"} == {
        cell["side"]: cell["small"] for cell in cells
    }
    assert ["0 d", "60 d", "2 mo", "23 mo", "2 y", "10 y"] == [
        details.age(days) for days in (0, 60, 61, 730, 731, 3653)
    ]
    assert ("1 day", "2 years", "") == (
        details.age(1, short=False), details.age(731, short=False), details.age(None),
    )  # fmt: skip


def test_several_days_are_panels(some: Dataset) -> None:
    """Each day has a panel of its own, also one on which nothing stood."""
    chart = charts.matrix(some, ["2014-12-31", "2021-10-01", "2022"])
    spec = spec_of(chart)
    [lines] = [part for part in spec["vconcat"][0]["vconcat"] if "vconcat" in part]
    panels = [panel for line in lines["vconcat"] for panel in line["hconcat"]]
    assert ["2014-12-31", "2021-10-01", "end of 2022"] == [p["title"]["text"] for p in panels]

    def levels(panel: Any) -> dict[tuple[str, str], str]:
        named = re.findall(r'"name": "(data-[0-9a-f]+)"', json.dumps(panel))
        rows = [row for name in named for row in spec["datasets"][name]]
        return {(row["side"], row["top"]): row["text"] for row in rows if "side" in row}

    shown = [levels(panel) for panel in panels]
    assert {} == shown[0]
    assert ("−2", "+1") == (shown[1]["ada", "recognition"], shown[2]["dov", "recognition"])
    assert ("dov", "recognition") not in shown[1]


def test_the_days_of_one_issue_are_columns(some: Dataset) -> None:
    """A matrix of one issue over several days is one grid, with words and levels' names."""
    chart = charts.matrix(some, ["2015-12-31", "2021-10-01"], issue="recognition")
    words = {(m["side"], m["top"]): m["text"] for m in marks_of(chart)}
    assert "withholds" == words["ada", "2015-12-31"]
    assert "rejects" == words["ada", "2021-10-01"]
    assert "+2 recognises" in texts_of(chart)
    assert "as of 2015-12-31 and 2021-10-01" in texts_of(chart)


def test_charts_say_what_an_issue_is_about(some: Dataset, dataset: sd.Dataset) -> None:
    """Propositions are below the title or in the key, and rows or tooltips have aspects."""
    assert "To be recognised." in texts_of(charts.timeline(some, issue="recognition"))
    key = texts_of(charts.matrix(some))
    assert "To be recognised." in key
    assert "To be helped." in key
    assert "+2 recognises" in key
    of = [row["aspects"] for row in dataset.positions("russia", "recognition").to_pylist()]
    marks = marks_of(charts.timeline(dataset, "russia", "recognition"))
    assert sum(len(names.split("; ")) if names else 1 for names in of) == len(
        {(m["stance_id"], m["y"]) for m in marks}
    )
    assert {"de jure"} <= {mark["about"] for mark in marks}
    assert "no aspect named" in texts_of(charts.timeline(dataset, "russia", "recognition"))


def test_agreement_can_use_joint_statements(dataset: sd.Dataset) -> None:
    """With `joint`, pairs are those of the answer with joint statements, and the note says so."""
    on = "2021-10-21"
    for both in (False, True):
        chart = charts.agreement(dataset, on, joint=both)
        pairs = {(row["side"], row["top"]) for row in rows_of(chart) if "shared" in row}
        assert len(pairs) == 2 * dataset.agreement(on, joint=both).num_rows
        assert both is ("in joint texts" in texts_of(chart).replace('", "', " "))
    [_, *rest] = sorted({top for _, top in pairs})
    chart = charts.agreement(dataset, on, joint=True, holder=rest[:2])
    assert {*rest[:2]} == {row["side"] for row in rows_of(chart) if "side" in row}
    one = [row for row in rows_of(charts.agreement(dataset, on, holder="russia")) if "top" in row]
    assert {"russia"} == {row["top"] for row in one}


def test_filters_and_the_range_narrow_a_timeline(some: Dataset) -> None:
    """Only the chosen holders, issues and days are drawn; bars are cut at the edge."""
    chart = charts.timeline(some, ["ada", "cyd"], "recognition", start="2021", end="2021-10-24")
    drawn = {mark["stance_id"]: mark["cut"] for mark in marks_of(chart)}
    assert {"doc-1#s02": False, "doc-1#s03": True} == drawn
    assert "Ada and Cyd on Recognition: positions from 2021 to 2021-10-24" in texts_of(chart)
    assert "go on beyond it" in texts_of(chart)
    pairs = texts_of(charts.timeline(some, ["ada", "cyd"], ["recognition", "aid"]))
    assert all(name in pairs for name in ("Ada: Recognition", "Ada: Aid", "Cyd: Recognition"))
    assert "Cyd: Aid" not in pairs


def test_filters_narrow_the_other_charts(some: Dataset) -> None:
    """The matrix and the coverage take the same filters."""
    cells = marks_of(
        charts.matrix(some, "2021-10-30", holder=["ada", "ben"], issue="Recognition", max_age=60)
    )
    assert {"ada", "ben"} == {cell["side"] for cell in cells}
    chart = charts.coverage(some, holder="ada", start="2021", end="2021-09-30")
    counts = {(r["side"], r["top"]): r["number"] for r in rows_of(chart) if "number" in r}
    assert {1} == set(counts.values())
    assert {"issue/recognition", "holder/ada"} == {side for side, _ in counts}


def test_a_title_replaces_the_title_and_keeps_the_source(some: Dataset) -> None:
    """Markup in it stays text; an empty title leaves none."""
    title = "Who <b>says</b> what"
    for chart in (
        charts.timeline(some, "ada", title=title), charts.matrix(some, title=title),
        charts.coverage(some, title=title),
    ):  # fmt: skip
        assert title in texts_of(chart)
        assert "Source: Untitled dataset" in texts_of(chart)
        assert not re.search("every position|Positions held|Stances by", texts_of(chart))
    assert "Positions held" not in texts_of(charts.matrix(some, title=""))


def test_width_sets_the_area_of_the_marks(some: Dataset) -> None:
    """Timelines and grids are as wide as asked; words give way to numbers."""
    assert '"width": 333' in texts_of(charts.timeline(some, "ada", width=333))
    chart = charts.matrix(some, width=120)
    assert '"width": 120' in texts_of(chart)
    assert {"−2", "+1"} == {mark["text"] for mark in marks_of(chart)}


def test_many_holders_are_drawn_in_pages(some: Dataset) -> None:
    """Each page has its rows and says which it is; together they are complete."""
    pages = charts.pages(charts.matrix, some, rows=3)
    assert [{"ada", "ben", "cyd"}, {"dov"}] == [
        {mark["side"] for mark in marks_of(page)} for page in pages
    ]
    assert "(2 of 2)" in texts_of(pages[1])
    assert 4 == len(charts.pages(charts.timeline, some, rows=1, issue="recognition"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"width": 0}, "width: must be a whole number from 120 to 20,000, got 0"),
        ({"width": 1.5}, "width: must be a whole number from 120"),
        ({"rows": 0}, "rows: must be a whole number from 1"),
        ({"rows": 2, "page": 3}, "page: must be a whole number from 1 to 2, got 3"),
        ({"title": 5}, "title: must be a text, got 5"),
        ({"holder": []}, "holder: has no name, got an empty list"),
        ({"holder": "adda"}, "did you mean 'ada'"),
        ({"issue": ["aid", "recogition"]}, "did you mean 'recognition'"),
        ({"holder": "ben", "issue": "aid"}, "positions: none on record for Ben on Aid"),
    ],
)
def test_bad_options_are_one_sentence(some: Dataset, given: dict[str, Any], said: str) -> None:
    """The matrix, and the timeline, say what is wrong."""
    for draw in (charts.matrix, charts.timeline):
        lacking = draw is charts.timeline and not {"holder", "issue"} & {*given}
        needed: dict[str, Any] = {"issue": "recognition"} if lacking else {}
        with pytest.raises(StancedataError, match=re.escape(said)):
            draw(some, **needed, **given)


def test_empty_ranges_and_narrow_charts_are_one_sentence(some: Dataset) -> None:
    """What cannot be drawn says what to change."""
    with pytest.raises(StancedataError, match="none on record for Ada from 2030; choose another"):
        charts.timeline(some, "ada", start="2030")
    with pytest.raises(StancedataError, match="start: is later than the end"):
        charts.timeline(some, "ada", start="2030", end="2020")
    with pytest.raises(
        StancedataError, match=r"too narrow for 6 columns, got 120; give at least 144"
    ):
        charts.matrix(
            some, [str(year) for year in range(2015, 2021)], issue="recognition", width=120
        )
    with pytest.raises(StancedataError, match="choose other holders, issues or days"):
        charts.coverage(some, start="2030")
    with pytest.raises(StancedataError, match="no two holders of Ben"):
        charts.agreement(some, holder="ben")


def test_more_holders_than_a_picture_of_agreement_can_show_are_refused() -> None:
    """The error says how many there are and what to do; those without a pair are left out."""
    issues = [attrs.evolve(BOOK.issues[0], issue_id=f"issue-{n}", name=f"I{n}") for n in range(3)]
    book = attrs.evolve(BOOK, issues=tuple(issues))

    def dataset_with(holders: int, alone: int) -> Dataset:
        made = [
            attrs.evolve(stance(1, f"h{h:03}", "favours", DAY), stance_id=f"doc-1#s{h:03}{n}", issue_id=f"issue-{n}")
            for h in range(holders + alone)
            for n in range(3 if h < holders else 1)
        ]  # fmt: skip
        return dataset_of(*made, book=book)

    with pytest.raises(
        StancedataError, match="81 holders are too many for one picture, at most 80"
    ):
        charts.agreement(dataset_with(81, 0))
    chart = charts.agreement(dataset_with(3, 40))
    assert 3 == len({row["side"] for row in rows_of(chart) if "side" in row})
    assert "Left out: 40 holders" in texts_of(chart)


def test_a_page_is_small_and_can_be_embedded(dataset: sd.Dataset, tmp_path: Path) -> None:
    """It has no library, the speaker and link of a position, and the line to embed it."""
    chart = charts.timeline(dataset, "russia", "recognition")
    path = charts.save(chart, tmp_path / "russia & co.html")
    page = path.read_text(encoding="utf-8")
    assert len(page) < 100_000
    assert "vegaEmbed" not in page
    assert re.search(
        r"&lt;iframe src=&quot;russia%20%26%20co.html&quot; .*? width=&quot;\d{3,4}&quot;", page
    )
    mark = next(m for m in marks_of(chart) if m["href"] and m["speaker"] != details.NOTHING)
    assert all(f'"{mark[name]}"' in page.split("rows = ")[1] for name in ("href", "speaker"))
    moving = charts.save(chart.interactive(), tmp_path / "moving.html").read_text(encoding="utf-8")
    assert "vegaEmbed(" in moving


def test_only_addresses_of_pages_become_links() -> None:
    """A script in place of an address is not a link."""
    ds = dataset_of(stance(1, "ada", "recognises", DAY))
    row = {**ds.positions().to_pylist()[0], "url": "javascript:alert(1)"}
    assert details.Details.of(ds, {"recognition": 2}).row(row)["href"] is None
    row["url"] = "https://example.org/a"
    assert "https://example.org/a" == details.Details.of(ds, {"recognition": 2}).row(row)["href"]


def test_other_datasets_name_themselves() -> None:
    """The source line is of the dataset that is drawn."""
    ds = sd.read(DOCS / "examples" / "kosovo-recognition")
    said = f"Source: Who recognises Kosovo, version {ds.version}, digest {ds.digest[:12]}"
    assert said in texts_of(charts.matrix(ds))


def test_the_source_line_has_address_and_licence() -> None:
    """A reader of a picture learns where the data are, and on what terms; what is not stated is left out."""
    address, licence = "https://example.org/data", "CC-BY-4.0"
    about = (model.Term("dataset", "url", address), model.Term("dataset", "licence", licence))
    book = attrs.evolve(BOOK, vocabulary=(*BOOK.vocabulary, *about))
    for terms, end in ((book, f", {address}, {licence}"), (BOOK, "")):
        ds = dataset_of(stance(1, "ada", "recognises", DAY), book=terms)
        assert frame.source(ds) == (
            f"Source: Untitled dataset, version {ds.version}, digest {ds.digest[:12]}{end}"
        )


def test_names_in_any_script_are_drawn(tmp_path: Path) -> None:
    """Names from right to left, or with markup, stand in the picture as they are."""
    names = {"ada": "دولة <i>الأولى</i> & Co", "ben": "ישראל \u200f(ב)"}
    ds = dataset_of(
        stance(1, "ada", "recognises", DAY), stance(2, "ben", "rejects", DAY), names=names
    )
    picture = charts.save(charts.matrix(ds), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "دولة &lt;i&gt;الأولى&lt;/i&gt; &amp; Co" in picture
    assert "<i>" not in picture


def test_commands_take_the_same_options(tmp_path: Path) -> None:
    """Filters repeat, days repeat, and pages are numbered."""
    from tests.cli.test_commands import run

    words = ("matrix", "--holder", "russia", "--holder", "china", "--issue", "recognition")
    path = tmp_path / "a.json"
    days = ("--on", "2021-10-20", "--on", "2021-12-31")
    printed = run("plot", *words, *days, "--rows", "1", "--title", "T", "--output", path)
    assert {str(tmp_path / f"a-{n}.json") for n in (1, 2)} <= {*printed.splitlines()}
    assert "T (2 of 2)" in (tmp_path / "a-2.json").read_text(encoding="utf-8")
    some = ("--holder", "russia", "--issue", "recognition", "--from", "2021-10", "--to", "2021")
    run("plot", "timeline", *some, "--width", "300", "--output", path)
    assert "positions from 2021-10 to 2021" in path.read_text(encoding="utf-8")
    run("plot", "agreement", "--joint", "--all-issues", "--output", path)
    assert "over the issues" in path.read_text(encoding="utf-8")
    run("plot", "coverage", "--issue", "aid", "--output", path)
    said = run("plot", "timeline", "--holder", "russia", "--width", "0", "--output", path, status=1)
    assert said == "--width: must be a whole number from 120 to 20,000, got 0\n"


def test_a_page_runs_no_markup_of_the_data_and_asks_for_nothing(tmp_path: Path) -> None:
    """In Chromium, a tooltip shows a hostile name as text, and no request leaves."""
    sync_api = pytest.importorskip("playwright.sync_api")
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    name = "<img src=x onerror=alert(1)> </script><script>alert(2)</script>"
    ds = dataset_of(stance(1, "ada", "recognises", DAY), names={"ada": name})
    path = charts.save(charts.matrix(ds, title=name), tmp_path / "a.html")
    with sync_api.sync_playwright() as play:
        where = found or play.chromium.executable_path
        if not Path(where).exists():
            pytest.skip("Chromium is not installed; run playwright install chromium")
        tab = play.chromium.launch(executable_path=where, args=["--no-sandbox"]).new_page()
        noted: list[str] = []
        tab.on("console", lambda message: noted.append(message.text))
        tab.on("pageerror", lambda error: noted.append(str(error)))
        tab.on("dialog", lambda dialog: noted.append(dialog.message))
        tab.on("request", lambda request: noted.append(request.url))
        tab.goto(path.as_uri())
        tab.hover("#picture a, #picture .mark-rect path[aria-label]")
        said = tab.inner_text("#tip")
    assert [path.as_uri()] == noted
    assert "holder " + name in said
    assert "level recognises (+2)" in said
    assert "speaker" not in said
