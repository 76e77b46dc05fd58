"""Persons from a table: one file each, and the lines of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import stancedata as sd
from stancedata.coding.persons import COLUMNS, new_persons
from tests.cli.test_commands import run
from tests.support.folders import texts_of

POST = "daily-post-2021-10-21"
HEADER = ",".join(COLUMNS)


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a table beside the data folder."""
    file = folder.parent / "persons.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def lines(error: pytest.ExceptionInfo[sd.InvalidDataError], file: Path) -> list[str]:
    """Return the problems without the name of the table."""
    return [str(problem).removeprefix(f"{file}:") for problem in error.value.problems]


def test_several_offices_of_one_person_make_one_file(repository: Path) -> None:
    """Rows of one name are one person, with the aliases and offices of all of them."""
    file = table(
        repository,
        f",Ána  d'North,Anne|A. North,,Northland,Envoy,{POST},2020-01-01,2020-12-31,https://example.org/",
        ",Ána d'North,Anne,speaks_for,northland,Minister,,2021-01-01,,",
        "",
        "jo,Jo,,,,,,,,",
    )
    made = new_persons(repository, file)
    assert () == made.problems
    assert ["ana-dnorth", "jo"] == [record.record_id for record in made.records]
    assert (repository / "actors" / "ana-dnorth.yaml").read_text(encoding="utf-8") == (
        "name: Ána d'North\nkind: person\nnames:\n"
        "  - {name: Ána d'North, kind: preferred, language: en}\n"
        "  - {name: Anne, kind: alias, language: en}\n"
        "  - {name: A. North, kind: alias, language: en}\n"
        "roles:\n"
        "  - {role: speaks_for, of: northland, title: Envoy, valid_from: 2020-01-01, "
        f"valid_to: 2020-12-31, document: {POST}, source: 'https://example.org/'}}\n"
        "  - {role: speaks_for, of: northland, title: Minister, valid_from: 2021-01-01}\n"
    )
    assert "name: Jo\nkind: person\n" in (repository / "actors" / "jo.yaml").read_text()


def test_a_person_may_speak_for_another_of_the_table(repository: Path) -> None:
    """References within the table are allowed, in any order."""
    new_persons(repository, table(repository, ",Jo,,,kim,,,,,", ",Kim,,,northland,,,,,"))
    assert "kim" == sd.read(repository).actors["jo"].roles[0].of_actor_id


def test_every_problem_has_its_line(repository: Path) -> None:
    """All problems of all rows are reported at once, with the line and column of the table."""
    file = table(
        repository,
        ",Jo,,speak_for,northland,,,,,",
        f',Kim,,,Nortland,"Minister\nof things",{POST},2021-13-01,,',
        ",Kim,,,northland,Minister,daily-pos,,,",
        "lee,Lee,,,,Minister,,,,",
        "lee,Li,,,northland,,,,,",
        "rebels,Rebels,,,northland,,,,,",
        "x,,,,northland,,,,,",
        ",王,,,northland,,,,,",
        "Jo Doe,Jo Doe,,,northland,,,,,",
        "max,Max,,,northland,,,,,,,",
        ",Pat,,,northland,,,2021-05-01,2021-04-01,",
    )
    before = texts_of(repository)
    with pytest.raises(sd.InvalidDataError) as error:
        new_persons(repository, file)
    assert [
        "2: role: is not a value of role, got 'speak_for'; did you mean 'speaks_for'?",
        "3: of: does not exist, got 'Nortland'; did you mean 'northland'?",
        "3: valid_from: must be a day, got '2021-13-01'; write it as 2021-10-20",
        "5: document: does not exist, got 'daily-pos'; did you mean 'daily-post-2021-10-21'?",
        "6: of: is empty, but title is not; name the actor",
        "7: name: differs from that of the same id in line 6, got 'Li' and 'Lee'; write one of them under aliases",
        f"8: id: already exists and is not a person, got movement in {repository / 'actors' / 'rebels.yaml'}; choose another id",
        "9: name: is empty; write the name of the person",
        "10: id: is empty, and '王' has no letters for one; write one",
        "11: id: is not an id, got 'Jo Doe'; write lower-case letters and digits, in words joined by hyphens",
        "12: has 12 cells for 10 columns; quote cells with a comma",
        "13: valid_to: is earlier than valid_from, got 2021-04-01; fix one of the two",
    ] == lines(error, file)  # fmt: skip
    assert before == texts_of(repository)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("id,role", "1: name: is missing; the columns are id, name,"),
        ("name,aliasses", "1: aliasses: is not a column; did you mean 'aliases'?"),
        ("name,title,title", "1: title: stands there twice; keep one"),
        ("", "1: name: is missing"),
        ('name,"title', "is not valid CSV: unexpected end of data; check the quotation marks"),
    ],
)
def test_a_table_with_other_columns(repository: Path, header: str, said: str) -> None:
    """Unknown, missing and repeated columns are refused before any row is read."""
    file = table(repository, header=header)
    with pytest.raises(sd.InvalidDataError) as error:
        new_persons(repository, file)
    assert any(said in line for line in lines(error, file)), error.value


def test_a_table_of_a_spreadsheet(repository: Path) -> None:
    """A byte order mark and line ends of another system do not matter."""
    file = table(repository)
    file.write_bytes("\ufeffname,of\r\nJo,northland\r\n".encode())
    assert ["jo"] == [record.record_id for record in new_persons(repository, file).records]


def test_a_person_who_exists(repository: Path) -> None:
    """Someone who exists is left alone; --update adds names and offices, and only those."""
    file = table(
        repository, "anna-north,A. North,Annie,,westland,Envoy,,,,", ",Jo,,,northland,,,,,"
    )
    kept = (repository / "actors" / "anna-north.yaml").read_text(encoding="utf-8")
    made = new_persons(repository, file)
    assert str(made).endswith("jo.yaml: created jo\n1 created, 0 updated, 1 left alone")
    assert kept == (repository / "actors" / "anna-north.yaml").read_text(encoding="utf-8")
    made = new_persons(repository, file, update=True)
    assert "anna-north.yaml: gained 2 names, 1 role: anna-north\n" in str(made)
    before, after = kept.splitlines(), sd.read(repository).actors["anna-north"]
    text = (repository / "actors" / "anna-north.yaml").read_text(encoding="utf-8").splitlines()
    assert before == [line for line in text if line in before]
    assert ("westland", "Envoy") in [(role.of_actor_id, role.title) for role in after.roles]
    assert str(new_persons(repository, file, update=True)).endswith("2 left alone")


def test_problems_of_what_someone_had_name_the_file(repository: Path) -> None:
    """With --update, a problem of the old part is located in its file, not in the table."""
    actor = repository / "actors" / "jo.yaml"
    actor.write_text(
        "name: Jo\nkind: person\nroles:\n  - {role: speaks_fo, of: northland}\n", encoding="utf-8"
    )
    with pytest.raises(sd.InvalidDataError) as error:
        new_persons(repository, table(repository, ",Jo,,leeds,westland,,,,,"), update=True)
    shown = [str(problem).partition(", got")[0] for problem in error.value.problems]
    assert [
        f"{actor}:4: roles[0].role: is not a value of role",
        f"{repository.parent / 'persons.csv'}:2: role: is not a value of role",
    ] == sorted(shown)


def test_the_command(repository: Path) -> None:
    """The command prints a line for each person, and their numbers."""
    file = table(repository, ",Jo,,,northland,,,,,", ",Kim,,,northland,,,,,")
    said = run("code", "person", "--batch", file, "--data", repository)
    actors = repository / "actors"
    assert (
        f"{actors / 'jo.yaml'}: created jo\n{actors / 'kim.yaml'}: created kim\n"
        "2 created, 0 updated, 0 left alone\n"
    ) == said
    said = run("code", "person", "--batch", "nowhere.csv", "--data", repository, status=1)
    assert said == "nowhere.csv: cannot be read: No such file or directory; check the file\n"
