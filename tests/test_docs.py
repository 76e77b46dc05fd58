"""Run every example in the documentation."""

from __future__ import annotations

import datetime
import doctest
import functools
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from tools.pages import sql as sql_page

import stancedata
from stancedata.charts.frame import source
from stancedata.curation.format import tidy
from stancedata.dataset.packaged import load
from stancedata.engines.packaged import packaged, packaged_names
from stancedata.engines.untrusted import MADE
from stancedata.questions.arguments import parameters_table
from stancedata.questions.runner import Asker
from stancedata.tables.contract import BY_NAME
from tests.cli.test_commands import streams
from tests.support import transcripts
from tests.support.copies import copied
from tests.support.paths import REPOSITORY, ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MADE_UP = ROOT / "docs" / "examples" / "made-up"
MERGING = ROOT / "docs" / "merging.md"
RECIPES = ROOT / "docs" / "recipes.md"
COMMAND = re.compile(r"```console\n\$ stancedata (.*)\n((?:.*\n)*?)```")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code after `>>>` prints what the page shows, in a clone or with the files that the page names."""
    monkeypatch.chdir(ROOT)
    if page == sql_page.PAGE:
        sql_page.prepare(tmp_path)
        monkeypatch.chdir(tmp_path)
    if page in (MERGING, RECIPES):
        monkeypatch.chdir(exported(tmp_path))
    failed, tried = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert 0 == failed
    assert tried or page.name != "README.md"


def exported(folder: Path, formats: tuple[str, ...] = ("parquet", "csv")) -> Path:
    """Fill a folder with what pages read: an export, and files to merge it with."""
    stancedata.load("0.2.0").export(folder / "exports", formats)
    for file in (ROOT / "docs" / "examples" / "merging").glob("*.csv"):
        shutil.copy(file, folder)
    return folder


def packages_of(text: str) -> set[str]:
    """Return the packages that R code names: `library(haven)`, `dplyr::filter`."""
    return {*re.findall(r"library\((\w+)\)", text), *re.findall(r"(\w+)::", text)}


@pytest.mark.parametrize("page", [MERGING, RECIPES], ids=lambda page: page.name)
def test_r(page: Path, tmp_path: Path) -> None:
    """The R of a page runs, and finds what it says; without the examples whose packages are missing."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed")
    found = subprocess.run(
        [rscript, "-e", "cat(rownames(installed.packages()))"],
        capture_output=True,
        text=True,
        check=True,
    )
    there = set(found.stdout.split())
    examples = re.findall(r"```r\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    missing = [n for n, text in enumerate(examples) if not packages_of(text) <= there]
    # Later examples use what earlier ones have made.
    run = examples[: missing[0]] if missing else examples
    assert "stopifnot" in run[0] + run[1]
    (tmp_path / "page.R").write_text("".join(run), encoding="utf-8")
    exported(tmp_path, ("csv", "dta", "sqlite") if page == RECIPES else ("csv",))
    subprocess.run([rscript, "page.R"], cwd=tmp_path, check=True, timeout=60, capture_output=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands after `$ ` print what the page shows, next to a data folder."""
    monkeypatch.setattr(stancedata, "load", load)  # of the newest data, as a command of its own has
    if page in transcripts.PAGES:
        text = page.read_text(encoding="utf-8")
        assert text == transcripts.replayed(text, tmp_path)
        return
    commands = COMMAND.findall(page.read_text(encoding="utf-8"))
    if commands:
        copied(REPOSITORY, tmp_path / "data")
    for words, expected in commands:
        found, _ = streams(*words.split(), cwd=tmp_path)
        assert expected == found.decode(), words


def test_the_made_up_data_have_nothing_wrong(newest: stancedata.Dataset) -> None:
    """The examples have no problem and the canonical layout, and share no actor with the data."""
    assert [] == stancedata.check(MADE_UP)
    assert [] == tidy([MADE_UP], write=False)
    assert {"cited"} == {document.tier for document in made_up().documents.values()}
    for kind in ("actors", "events", "documents"):
        assert not {*getattr(made_up(), kind)} & {*getattr(newest, kind)}


@functools.cache
def first() -> stancedata.Dataset:
    """Return the first data."""
    return stancedata.load("0.1.0")


@functools.cache
def made_up() -> stancedata.Dataset:
    """Return the data that are made up."""
    return stancedata.read(MADE_UP)


@pytest.mark.parametrize(
    "rows",
    [
        "stances WHERE attribution = 'direct'",
        "stances WHERE quantifier IS NOT NULL",
        "stances WHERE level IS NULL",
        "holders WHERE role = 'dissociates'",
        "documents WHERE derived_from IS NOT NULL",
        "actors WHERE valid_to IS NOT NULL",
        "holders JOIN actors USING (actor_id) WHERE kind = 'bloc'",
        "conditions WHERE status IS NOT NULL",
        "positions WHERE contested",
        "positions WHERE mixed",
    ],
)
def test_what_is_made_up_the_first_data_do_not_have(rows: str) -> None:
    """Data 0.1.0 have no such case, as the page says; the example data have one."""
    query = f"SELECT * FROM {rows}"
    assert 0 == first().sql(query).num_rows
    assert 0 < made_up().sql(query).num_rows


def test_coded_stances_are_those_of_the_example() -> None:
    """The stances on the page of coding are those of the file that its commands fill in."""
    page = (ROOT / "docs" / "coding.md").read_text(encoding="utf-8")
    example = ROOT / "docs" / "examples" / "harbour" / "assembly-arland.yaml"
    shown = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert [True] == [example.read_text(encoding="utf-8").endswith(text) for text in shown]


def test_readme_is_short() -> None:
    """The README stays short."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


def test_links_lead_somewhere() -> None:
    """Every relative link of a page leads to a file."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_contract_page_is_current() -> None:
    """docs/contract.md matches the tables and columns of the code."""
    from tools.pages.contract import page_text

    assert page_text() == (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")


def test_rules_page_is_current() -> None:
    """docs/rules.md matches the rules."""
    from tools.pages import rules as rules_page

    assert rules_page.page() == rules_page.PAGE.read_text(encoding="utf-8")


def test_coverage_page_is_current(newest: stancedata.Dataset) -> None:
    """docs/coverage.md and its picture are of the last release; `nox -s pages` writes them."""
    from tools.pages import coverage

    assert coverage.page_text(newest) == coverage.PAGE.read_text(encoding="utf-8")


def test_findings_page_is_current(newest: stancedata.Dataset) -> None:
    """docs/findings.md is of the last release, which bears the findings out."""
    from tools.pages import findings

    assert findings.page_text(newest) == findings.PAGE.read_text(encoding="utf-8")


def test_findings_that_data_overturn_stop_the_page(dataset: stancedata.Dataset) -> None:
    """Data that do not bear out a finding are refused with its claim, not written up."""
    from tools.pages import claims

    with pytest.raises(claims.OverturnedError, match="no longer show that only Russia recognises"):
        claims.hold("only Russia recognises in words and deeds", False)
    with pytest.raises(claims.OverturnedError, match="ten states or more opened missions"):
        claims.deeds(dataset)


def test_pictures_are_current(newest: stancedata.Dataset) -> None:
    """Each picture of a generated page is of the last release, and some page shows it."""
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        texts = re.sub(r"(?:<[^>]*>)+", " ", picture.read_text(encoding="utf-8"))
        assert source(newest) in texts, picture.name
        assert f"pictures/{picture.name}" in shown


@pytest.mark.parametrize("name", packaged_names("questions"))
def test_sql_page_tells_what_a_question_reads(name: str) -> None:
    """docs/sql.md lists exactly the tables, relations and parameters that each question reads."""
    text = packaged(f"questions/{name}")
    with duckdb.connect() as connection:
        read = connection.get_table_names(text)
    tables, made = sql_page.reads()[name]
    assert read & BY_NAME.keys() == tables
    assert read - BY_NAME.keys() == made <= MADE
    parameters = sql_page.columns("parameters")
    assert set(re.findall(r"\bq\.(\w+)", text)) == {
        c for c, (_, of) in parameters.items() if name in of
    }


def test_sql_page_has_every_question() -> None:
    """docs/sql.md has a row for each packaged question, and the types of prepared relations."""
    assert set(packaged_names("questions")) == sql_page.reads().keys()
    day = datetime.date(2021, 10, 20)
    asked = {"parameters": parameters_table({})}
    asked |= Asker(stancedata.load().tables)._days([("2021-10-20", day, day)])
    for name, table in asked.items():
        types = {field.name: sql_page.TYPES[str(field.type)] for field in table.schema}
        assert types == {c: kind for c, (kind, _) in sql_page.columns(name).items()}


def test_readme_is_of_the_last_release(newest: stancedata.Dataset) -> None:
    """The README has the numbers, the finding and the reference of the newest data."""
    from tools.pages import readme

    page = readme.PAGE.read_text(encoding="utf-8")
    assert page == readme.updated(page, newest)
    assert newest.cite() in " ".join(page.replace("\n> ", "\n").split())
    with pytest.raises(ValueError, match="has 0 passages like"):
        readme.updated(page.replace("The newest data", "The data"), newest)
