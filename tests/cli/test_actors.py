"""Commands that add actors, states and events: output, and options that do not go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancedata.coding.skeleton import begin
from tests.cli.test_commands import run


def test_states(tmp_path: Path) -> None:
    """Each state has a line; several are summed up."""
    data = tmp_path / "data"
    begin(data, "States", ())
    actors = data / "actors"
    begun = ("code", "actor", "--data", data, "--english-only")
    assert f"{actors / 'france.yaml'}: created france\n" == run(*begun, "--iso3", "FRA")
    assert run(*begun, "--iso3", "FRA,DEU", "--update") == (
        f"{actors / 'france.yaml'}: exists, left alone: france\n"
        f"{actors / 'germany.yaml'}: created germany\n1 created, 0 updated, 1 left alone\n"
    )
    assert "194 created, 0 updated, 2 left alone\n" in run(*begun, "--all-states")
    (actors / "front.yaml").write_text("name: French Republic\nkind: movement\n", encoding="utf-8")
    (actors / "france.yaml").unlink()
    assert run(*begun, "--iso3", "FRA").endswith(
        "france: names: leaves out 'French Republic', which front is called [warning]\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "has no id; give an ID, --iso3 CODES or --all-states"),
        (("france", "--iso3", "FRA"), "got france too; leave it out"),
        (("--all-states", "--name", "X", "--role-document", "d"), "got --name too; leave it out"),
        (("x", "--name", "X", "--update"), "takes --update only with --iso3 or --all-states"),
        (("x", "--english-only"), "takes --english-only only with --iso3 or --all-states"),
        (("--iso3", "XXX"), "iso3: is not in the table of states, got 'XXX'"),
    ],
)
def test_options_that_do_not_go_together(
    repository: Path, words: tuple[str, ...], said: str
) -> None:
    """Names and codes of a state come from the tables, or are given, not both."""
    assert said in run("code", "actor", *words, "--data", repository, status=1)


def test_an_event(repository: Path) -> None:
    """An event is written with its participants; one without a role is refused."""
    begun = ("code", "event", "talks", "--name", "Talks", "--held-on", "2021-10-20", "--source",
             "https://example.org/", "--note", "As announced.", "--series", "talks", "--place",
             "Midport", "--dated-by", "daily-post-2021-10-21", "--data", repository)  # fmt: skip
    refused = run(*begun, "--participant", "northland", status=1)
    assert "participant: has no role, got 'northland'; write ACTOR: ROLE" in refused
    said = run(*begun, "--participant", "Northland: host", "--participant", "southland: absent")
    file = repository / "events" / "talks.yaml"
    assert f"{file}: created talks\n" == said
    assert file.read_text(encoding="utf-8").endswith(
        "participants:\n  - {actor: northland, role: host, document: daily-post-2021-10-21}\n"
        "  - {actor: southland, role: absent, document: daily-post-2021-10-21}\n"
    )


def test_a_folder_without_data(tmp_path: Path) -> None:
    """Every command says that the folder is not one of data."""
    table = tmp_path / "p.csv"
    table.write_text("name\nJo\n", encoding="utf-8")
    for words in (
        ("actor", "x", "--name", "X"),
        ("actor", "--iso3", "FRA"),
        ("person", "--batch", table),
        ("event", "e", "--name", "E"),
    ):
        assert "is not a data folder" in run("code", *words, "--data", tmp_path, status=1)
