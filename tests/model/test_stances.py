"""A field added to `Stance` is printed, has an option and a column, without further changes."""

from __future__ import annotations

import attrs
import click

import stancedata as sd
from stancedata.cli import commands
from stancedata.curation import descriptions, records
from stancedata.model import Stance
from stancedata.model.stances import other_fields
from stancedata.reliability.disagreements import FIELDS
from stancedata.tables.contract import BY_NAME
from tests.test_docs import MADE_UP


@attrs.frozen
class Moody(Stance):
    """A stance with an additional field."""

    mood: str | None = None


def test_a_field_that_is_added_is_printed() -> None:
    """An additional field is printed under its name if it has a value."""
    stance = sd.read(MADE_UP).stances["midport-communique-2021-10-20#s03"]
    values = {field.name: getattr(stance, field.name) for field in attrs.fields(Stance)}
    assert f"{stance}\n    mood: calm" == str(Moody(**values, mood="calm"))
    assert str(stance) == str(Moody(**values))
    assert [("mood", "calm")] == other_fields(Moody(**values, mood="calm"))


def test_each_text_of_a_stance_is_an_option() -> None:
    """`code stance` has an option for each text field, described by default like its column."""
    command = commands.commands["code"].commands["stance"]  # type: ignore[attr-defined]
    fields = descriptions.text_fields(records.StanceRecord)
    names = [option.name for option in command.get_params(click.Context(command))]
    assert fields.keys() <= set(names)
    assert len(names) == len(set(names))
    bare = type(command)("stance", add_help_option=False)
    options = {option.name: option.help for option in bare.get_params(click.Context(bare))}
    assert options == {name: column.description for name, column in fields.items()}


def test_each_field_of_a_stance_has_a_column() -> None:
    """Every scalar field has a column of the same name in `second_stances`."""
    names = {column.name for column in BY_NAME["second_stances"].columns}
    lists = {"holders", "evidence", "aspects", "conditions", "exemptions", "attributed_by"}
    assert {field.name for field in attrs.fields(Stance)} - lists <= names


def test_what_two_codings_are_compared_by() -> None:
    """Codings are compared by all fields except ids, texts and decisions, in a fixed order."""
    known = (
        "presence", "stances", "holders", "level", "dates", "stated_on", "attribution", "act",
        "confidence", "speaker", "attributed_by", "target", "quantifier", "event", "dated_by",
        "aspects", "conditions",
    )  # fmt: skip
    assert known == tuple(field for field in FIELDS if field in known)
    fields = {field.name.removesuffix("_id") for field in attrs.fields(Stance)}
    assert fields - set(FIELDS) == {
        "stance", "document", "issue", "level_name", "summary", "evidence", "note", "exemptions",
        "coder", "published", "adjudication",
    }  # fmt: skip
