"""Charts: their contents, the distinctions they draw, and the files they are saved to."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata import model
from stancedata.charts import labels, lanes, palette
from stancedata.dataset import Dataset
from stancedata.model.dates import StatedDate
from stancedata.problems import StancedataError
from tests.cli.test_commands import run
from tests.questions.test_positions import make
from tests.support import strategies
from tests.support.effort import examples
from tests.support.paths import DOCS
from tests.support.sites import early

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from stancedata import charts

HEADS = {
    ".png": b"\x89PNG\r\n", ".svg": b"<svg", ".pdf": b"%PDF", ".html": b"<!DOCTYPE html>", ".json": b"{",
}  # fmt: skip
DAY, LASTING, UNCERTAIN = "2021-10-20", "2021-09-01/2021-10-20", "[2021-08-15..2021-10-20]"

BOOK = attrs.evolve(strategies.CODEBOOK, issues=strategies.CODEBOOK.issues[:2])


def stance(number: int, holder: str, level: str, stated: str, issue: int = 0) -> model.Stance:
    """Make a stance of one holder on an issue of the tests' codebook."""
    found = BOOK.issues[issue]
    numbers = {step.name: step.level for step in found.levels}
    return model.Stance(
        f"doc-1#s{number:02}", "doc-1", found.issue_id, level, numbers.get(level), "states",
        "direct", StatedDate.parse(stated), "high", "s", (model.Holder(holder),),
        strategies.PLAIN_EVIDENCE,
    )  # fmt: skip


def dataset_of(
    *stances: model.Stance, names: dict[str, str] | None = None, book: model.Codebook = BOOK
) -> Dataset:
    """Make a dataset of these stances, with other names for holders if given."""
    document = model.Document(
        "doc-1", "d", "p", "news", "en", StatedDate.parse("2021-10-21"), "c",
        datetime.date(2026, 1, 1),
    )  # fmt: skip
    named = {holder: holder.title() for s in stances for holder in s.parties} | (names or {})
    actors = tuple(model.Actor(key, name, "state") for key, name in sorted(named.items()))
    ordered = tuple(sorted(stances, key=lambda s: s.stance_id))
    return make(model.Content(book, actors, (), (document,), ordered))


def test_the_command_draws_holders_with_most_positions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than fit a page; picture and note say how many are left out, and options draw others."""
    path = tmp_path / "a.json"
    monkeypatch.setattr("stancedata.cli.charts.SQUARES", 3)
    monkeypatch.setattr("stancedata.cli.charts.LANES", 2)

    def drawn(*words: str) -> tuple[set[str], str, str]:
        said = run("plot", *words, "--known-at", "0.2.0", "--output", path)
        spec = json.loads(path.read_text(encoding="utf-8"))
        rows = [row for rows in spec["datasets"].values() for row in rows]
        return {r["holder"] for r in rows if r.get("holder")}, json.dumps(spec), said

    ds = sd.load("0.2.0")
    counts = Counter(row["actor_name"] for row in ds.positions().to_pylist())
    least = sorted(counts.values(), reverse=True)[2]
    most, spec, said = drawn("matrix")
    assert 3 == len(most)
    assert {name for name in counts if counts[name] > least} <= most
    assert min(counts[name] for name in most) == least
    assert f"Only 3 of {len(counts)} holders, those with most positions." in spec
    assert f"note: the picture has 3 of {len(counts)} holders, those with most positions;" in said
    on_aid = Counter(row["actor_name"] for row in ds.positions(issue="aid").to_pylist())
    most, spec, _ = drawn("timeline", "--issue", "aid")
    assert sorted(on_aid.values())[-2:] == sorted(on_aid[name] for name in most)
    assert f"Only 2 of {len(on_aid)} holders," in spec
    for words in (("matrix", "--all-holders"), ("timeline", "--issue", "aid", "--all-holders")):
        every, spec, said = drawn(*words)
        assert every == {*(counts if words[0] == "matrix" else on_aid)}
        assert "holders, those" not in spec
        assert "note" not in said
    chosen, spec, _ = drawn("matrix", "--holder", "russia", "--holder", "china", "--holder", "iran")
    assert ({"Russia", "China", "Iran"}, False) == (chosen, "holders, those" in spec)


def test_a_note_is_a_text(few: Dataset) -> None:
    """A note of the user is below the title; anything but text is refused."""
    assert "Mind the gap." in texts_of(charts.matrix(few, note="Mind the gap."))
    assert "Mind the gap." in texts_of(charts.timeline(few, "ada", note="Mind the gap."))
    with pytest.raises(StancedataError, match="note: must be a text, got 7"):
        charts.matrix(few, note=7)  # type: ignore[arg-type]


def test_what_was_last_stated_before_coverage_has_no_colour() -> None:
    """A note explains the mark of its age; without such positions there is neither."""
    cells = {r["side"]: r for r in rows_of(charts.matrix(early())) if "side" in r}
    assert (palette.PAPER, palette.INK) == (cells["ada"]["colour"], cells["ada"]["ink"])
    assert palette.ANCHORS[0] == cells["bob"]["colour"]
    assert (True, False) == tuple(cells[key]["small"].endswith(" *") for key in ("ada", "bob"))
    told = "Without colour, with *: last stated before 2018-01-01"
    assert told in texts_of(charts.matrix(early()))
    assert told not in texts_of(charts.matrix(early(), holder="bob"))


def spec_of(chart: Any) -> dict[str, Any]:
    """Return a chart as Vega-Lite, without validating it again, which takes as long as all the rest.

    Altair validates each part when it is made, and saved charts and those of any data as a whole.
    """
    found: dict[str, Any] = chart.to_dict(validate=False)
    return found


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """Return the distinct rows of a chart's data."""
    found: dict[str, dict[str, Any]] = {}
    for rows in spec_of(chart)["datasets"].values():
        found.update({json.dumps(row, sort_keys=True): row for row in rows})
    return list(found.values())


def texts_of(chart: Any) -> str:
    """Return a chart's title, notes and source."""
    return json.dumps(spec_of(chart), ensure_ascii=False)


@pytest.fixture(scope="module")
def few() -> Dataset:
    """Make a dataset with every kind of level, null and date, and with missing pairs."""
    return dataset_of(
        stance(1, "ada", "recognises", DAY), stance(2, "ben", "uncommitted", LASTING),
        stance(3, "cyd", "ambiguous", UNCERTAIN), stance(4, "dov", "recognises", DAY),
        stance(5, "dov", "rejects", DAY), stance(6, "ada", "opposes", DAY, issue=1),
    )  # fmt: skip


def test_matrix_tells_zero_ambiguous_and_both_sides_apart(few: Dataset) -> None:
    """Each kind of position has its own text and look; a missing one has no square."""
    cells = {(r["side"], r["top"]): r for r in rows_of(charts.matrix(few)) if "side" in r}
    shown = {key: (cell["text"], cell["doubt"], cell["colour"]) for key, cell in cells.items()}
    assert shown == {
        ("ada", "recognition"): ("recognises", False, palette.ANCHORS[4]),
        ("ada", "aid"): ("opposes", False, palette.ANCHORS[0]),
        ("ben", "recognition"): ("uncommitted", False, palette.ANCHORS[2]),
        ("cyd", "recognition"): ("? ambiguous", True, palette.DOUBT),
        ("dov", "recognition"): ("± both sides", True, palette.DOUBT),
    }


def test_long_level_names_give_way_to_numbers() -> None:
    """If one name is too long for a square, every square shows its number."""
    aid = attrs.evolve(BOOK.issues[1], levels=(model.Level("supports it without reserve", 1, "d"),))
    book = attrs.evolve(BOOK, issues=(BOOK.issues[0], aid))
    long = stance(1, "ada", "supports it without reserve", DAY, issue=1)
    given_ = (attrs.evolve(long, level=1), stance(2, "ada", "withholds", DAY))
    chart = charts.matrix(dataset_of(*given_, book=book))
    assert {"+1", "−1"} == {row["text"] for row in rows_of(chart) if "side" in row}


def test_timeline_draws_the_doubt_of_dates(few: Dataset) -> None:
    """A day is a mark, a lasting position a bar with one at its first day, an uncertain one a line."""
    day = 86_400_000
    marks = {
        row["holder"]: row
        for row in rows_of(charts.timeline(few, issue="recognition"))
        if "holder" in row
    }
    spans = {name: (m["end"] - m["start"]) / day for name, m in marks.items()}
    assert spans == {"Ada": 1, "Ben": 50, "Cyd": 67, "Dov": 1}
    centres = {name: (m["end"] - m["centre"]) / day for name, m in marks.items()}
    assert centres == {"Ada": 0.5, "Ben": 49.5, "Cyd": 0.5, "Dov": 0.5}
    assert {"Ada": "+2", "Ben": "0", "Cyd": "?", "Dov": "±"} == {
        n: m["glyph"] for n, m in marks.items()
    }


def test_timeline_takes_a_holder_an_issue_or_both(few: Dataset) -> None:
    """Rows are the issues of a holder, or the holders of an issue."""
    assert "Ada: every position on record" in texts_of(charts.timeline(few, holder="ada"))
    both = charts.timeline(few, holder="ada", issue="aid")
    assert "Ada on Aid: every position on record" in texts_of(both)
    assert "−2 opposes" in texts_of(both)
    assert 1 == len([row for row in rows_of(both) if "holder" in row])


def test_agreement_tells_too_few_from_nothing(dataset: sd.Dataset) -> None:
    """Pairs under three common issues say so, pairs without any have no square."""
    pairs = {
        (row["side"], row["top"]): row["text"]
        for row in rows_of(charts.agreement(dataset, on="2021-10-21"))
        if "side" in row
    }
    answers = dataset.agreement("2021-10-21").to_pylist()
    for row in answers:
        ends = row["actor_id_1"], row["actor_id_2"]
        value = row["similarity"]
        expected = "<3" if value is None else f"{value:.2f}".replace("-", "−")
        assert expected == pairs[ends] == pairs[ends[::-1]]
    holders = {row[f"actor_id_{n}"] for row in answers for n in (1, 2)}
    assert 2 * len(answers) + len(holders) == len(pairs)
    assert all("–" == pairs[i, i] for i in holders)


def test_colours_reach_as_far_as_the_levels_of_the_chart() -> None:
    """An issue with more levels does not pale the colours of a chart that does not show it."""
    many = tuple(model.Level(f"rung {n}", n, "d") for n in range(6))
    book = attrs.evolve(BOOK, issues=(BOOK.issues[0], attrs.evolve(BOOK.issues[1], levels=many)))
    rung = attrs.evolve(stance(2, "ben", "rung 5", DAY, issue=1), level=5)
    ds = dataset_of(stance(1, "ada", "recognises", DAY), rung, book=book)
    marks = [row for row in rows_of(charts.timeline(ds, "ada")) if "colour" in row]
    assert [palette.ANCHORS[4]] == [mark["colour"] for mark in marks]
    assert "−3" not in texts_of(charts.timeline(ds, issue="aid"))


def test_coverage_counts_stances_by_the_year_from_which_they_count(few: Dataset) -> None:
    """Each cell counts the stances of an issue, a holder, or the holders without a row."""
    lasting = stance(1, "ada", "recognises", "2020-12-01/2021-02-01")
    unknown = stance(2, "ben", "rejects", "[2020-12-01..2021-02-01]")
    ds = dataset_of(lasting, unknown, stance(3, "ben", "opposes", "2019-05-01", issue=1))
    cells = {
        (row["side"], row["top"]): row["number"]
        for row in rows_of(charts.coverage(ds, holders=1))
        if "number" in row
    }
    assert cells == {
        ("issue/recognition", "2020"): 1, ("issue/recognition", "2021"): 1,
        ("issue/recognition", "all"): 2, ("issue/aid", "2019"): 1, ("issue/aid", "all"): 1,
        ("holder/ben", "2019"): 1, ("holder/ben", "2021"): 1, ("holder/ben", "all"): 2,
        ("others/", "2020"): 1, ("others/", "all"): 1,
    }  # fmt: skip
    assert "1 other" in texts_of(charts.coverage(ds, holders=1))
    assert "others/" not in texts_of(charts.coverage(few))


def test_every_picture_names_its_source(few: Dataset, dataset: sd.Dataset) -> None:
    """The source line has the dataset's own title, version and first twelve digits of its digest."""
    drawn = [charts.matrix(few), charts.timeline(few, "ada"), charts.coverage(few)]
    expected = f"Source: Untitled dataset, version 0.0.0+test, digest {few.digest[:12]}"
    assert all(expected in texts_of(chart) for chart in drawn)
    ours = "Source: stancedata: diplomatic actors and the positions they have stated, version 0.2.0"
    said = texts_of(charts.agreement(dataset))
    assert f"{ours}, digest {dataset.digest[:12]}" in said.replace('", "', " ")


def test_pictures_are_the_same_every_time(few: Dataset) -> None:
    """The same data give exactly the same chart."""
    assert texts_of(charts.matrix(few)) == texts_of(charts.matrix(few))


@examples(4)
@given(strategies.questions())
def test_whatever_has_positions_can_be_drawn(content: model.Content) -> None:
    """All valid data can be drawn; without positions, the error says so."""
    ds = make(content)
    for draw in (
        charts.matrix,
        charts.agreement,
        charts.coverage,
        lambda d: charts.timeline(d, issue="recognition"),
    ):
        try:
            assert draw(ds).to_dict()
        except StancedataError as error:
            assert re.search("none on record|no two holders|is missing", str(error)), error


@pytest.mark.parametrize("suffix", HEADS)
def test_save_writes_what_the_ending_says(few: Dataset, tmp_path: Path, suffix: str) -> None:
    """Charts are saved as PNG, SVG, HTML and JSON; case is ignored, and no draft is left over."""
    path = tmp_path / f"picture{suffix.upper()}"
    path.write_bytes(b"old")
    assert path == charts.save(charts.matrix(few), path)
    assert path.read_bytes().startswith(HEADS[suffix])
    assert [path] == list(tmp_path.iterdir())


def test_html_needs_no_network_and_cannot_be_broken_out_of(tmp_path: Path) -> None:
    """The page is self-contained, and a name with `</script>` does not break it."""
    name = "</script><script>alert(1)</script>"
    ds = dataset_of(stance(1, "ada", "recognises", DAY), names={"ada": name})
    page = charts.save(charts.matrix(ds), tmp_path / "a.html").read_text(encoding="utf-8")
    assert "alert(1)" in page
    assert name not in page
    assert 1 == page.count("</script>")
    assert "default-src &#x27;none&#x27;" in page
    assert [] == re.findall(r"""(?:src|href)\s*=\s*["']https?:""", page)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("a.pngg", "did you mean '.png'?"), ("a", "use one of .html, .json, .pdf, .png, .svg")],
)
def test_save_refuses_other_endings(few: Dataset, tmp_path: Path, name: str, hint: str) -> None:
    """An unknown extension is refused with the nearest one or all; nothing is written."""
    with pytest.raises(StancedataError) as error:
        charts.save(charts.matrix(few), tmp_path / name)
    assert f"path: does not end in a known picture format, got {name!r}; {hint}" == str(error.value)
    assert [] == list(tmp_path.iterdir())


def test_save_says_what_cannot_be_written(few: Dataset, tmp_path: Path) -> None:
    """A missing folder is refused with a message."""
    path = tmp_path / "none" / "a.json"
    with pytest.raises(StancedataError, match=r"a\.json: cannot be written: No such file"):
        charts.save(charts.matrix(few), path)


@pytest.mark.parametrize("package", ["altair", "vl_convert"])
def test_a_missing_package_is_one_sentence(
    few: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    """A missing package gives a message with what to install, not an ImportError."""
    import sys

    monkeypatch.setitem(sys.modules, package, None)
    expected = f"need the package {package!r}, which is not installed; run pip install 'stancedata[charts]'"
    with pytest.raises(StancedataError, match=re.escape(expected)):
        charts.save(charts.matrix(few), tmp_path / "a.svg")


def test_what_cannot_be_drawn_is_one_sentence(few: Dataset) -> None:
    """Missing arguments, no positions, unknown names and bad days are refused."""
    with pytest.raises(
        StancedataError, match="holder: is missing, and so is issue; give at least one"
    ):
        charts.timeline(few)
    with pytest.raises(StancedataError, match="positions: none on record for Ben on Aid"):
        charts.timeline(few, "ben", "aid")
    with pytest.raises(sd.UnknownIdError, match="did you mean 'ada'"):
        charts.timeline(few, "adda")
    with pytest.raises(StancedataError, match="positions: none on record by 1999-01-01"):
        charts.matrix(few, on="1999-01-01")
    with pytest.raises(StancedataError, match="by the last day with data; choose an earlier day"):
        charts.matrix(dataset_of())
    for number in (-1, 2.5, True):
        with pytest.raises(StancedataError, match="holders: must be a whole number from 0, got"):
            charts.coverage(few, number)  # type: ignore[arg-type]
    with pytest.raises(StancedataError, match="stances: none on record"):
        charts.coverage(dataset_of())
    with pytest.raises(StancedataError, match="on: must be a day"):
        charts.agreement(few, on="soon")
    with pytest.raises(StancedataError, match="agreement: no two holders"):
        charts.agreement(dataset_of(stance(1, "ada", "recognises", DAY)))


def days(first: int, last: int) -> st.SearchStrategy[datetime.date]:
    """Draw days between two ordinals."""
    return st.integers(first, last).map(datetime.date.fromordinal)


KINDS = st.sampled_from(["day", "lasting", "uncertain"])


@given(
    st.lists(st.tuples(KINDS, days(737000, 738500), days(737000, 738500)), min_size=1, max_size=12)
)
def test_marks_never_cover_each_other(
    dates: list[tuple[str, datetime.date, datetime.date]],
) -> None:
    """Marks in one lane are at least a mark's width apart."""
    ends = [(kind, min(a, b), max(a, b) if kind != "day" else min(a, b)) for kind, a, b in dates]
    span = lanes.Span.of([day for _, first, last in ends for day in (first, last)])
    places = [lanes.place(kind, first, last) for kind, first, last in ends]
    found = list(zip(places, lanes.lanes(places, span), strict=True))
    for (one, lane), (other, same) in itertools.combinations(found, 2):
        if lane == same:
            apart = abs(one.centre - other.centre)
            assert apart >= span.days(lanes.MARK)
            assert one.end <= other.start or other.end <= one.start


@given(days(1, 3652059), days(1, 3652059))
def test_ticks_are_few_and_within(one: datetime.date, other: datetime.date) -> None:
    """The axis has two to ten labels, whatever its span."""
    span = lanes.Span.of([one, other])
    ticks, _ = span.ticks()
    assert 2 <= len(ticks) <= 10
    assert all(span.first <= day.toordinal() <= span.last for day in ticks)


@given(st.text(min_size=1, max_size=300).filter(str.strip), st.integers(1, 60))
def test_no_label_is_cut(name: str, letters: int) -> None:
    """Wrapping a name does not lose a letter."""
    lines = labels.wrapped(name, letters)
    assert re.sub(r"\s", "", name) == re.sub(r"\s", "", "".join(lines))


# Protanopia and deuteranopia in linear light, after Viénot, Brettel and Mollon 1999.
BLIND = {
    "nobody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanope": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deuteranope": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}


def seen(colour: str, eye: str) -> tuple[float, float, float]:
    """Convert a colour to CIE Lab, as seen by this type of eye."""
    light = [palette.linear(channel) for channel in palette.channels(colour)]
    r, g, b = (sum(m * c for m, c in zip(row, light, strict=True)) for row in BLIND[eye])
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eye", BLIND)
def test_colours_are_told_apart_by_every_eye(eye: str) -> None:
    """Levels, paper and the colour of doubt differ by far more than a just noticeable difference."""
    colours = [seen(c, eye) for c in (*palette.ANCHORS, palette.PAPER, palette.DOUBT)]
    for one, other in itertools.combinations(colours, 2):
        distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        assert distance > 18


@given(st.floats(-1, 1))
def test_numbers_can_be_read_on_every_colour(share: float) -> None:
    """The contrast of text is at least 4.5, as WCAG requires."""
    for fill in (palette.colour(share), palette.amount(abs(share))):
        assert palette.contrast(fill, palette.ink(fill)) >= 4.5


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_is_darker(one: float, other: float) -> None:
    """A larger quantity is at least as dark, in print without colours too."""
    less, more = (palette.amount(share) for share in sorted((one, other)))
    assert palette.contrast(more, palette.PAPER) >= palette.contrast(less, palette.PAPER)


def test_plot_commands_write_pictures(tmp_path: Path) -> None:
    """Each command writes its file and prints the path; errors are one sentence."""
    for words in (
        ("timeline", "--holder", "russia"), ("matrix", "--on", DAY), ("agreement",),
        ("coverage", "--holders", "3"),
    ):  # fmt: skip
        path = tmp_path / f"{words[0]}.svg"
        assert f"{path}\n" == run("plot", *words, "--output", path)
        assert path.read_bytes().startswith(b"<svg")
    wrong = run("plot", "matrix", "--output", tmp_path / "a.jpg", status=1)
    assert wrong.startswith("--output: does not end in a known picture format, got 'a.jpg';")


def test_the_page_of_charts_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python in docs/charts.md does what the page says."""
    page = DOCS / "charts.md"
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
        exec(block, {})
    expected = (
        "russia.png recognition.pdf autumn.svg matrix.html days.png near-russia.svg agreement.json "
        "coverage.svg page-1.svg page-2.svg"
    )
    assert {*expected.split()} == {file.name for file in tmp_path.iterdir()}
