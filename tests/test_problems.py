"""Errors and problems, and the words of messages."""

from __future__ import annotations

import copy
import pickle

import stancedata as sd
from stancedata.problems import Place, Problem, counted, there_are


def test_numbers_agree_with_their_words() -> None:
    """One is singular, none and several are plural."""
    assert ["0 spans", "1 span", "2 spans"] == [counted(n, "span") for n in range(3)]
    assert ["there are none", "there is only one", "there are 2"] == list(map(there_are, range(3)))
    assert ["there are none", "there is x", "there are x, y"] == [
        there_are(0, ""),
        there_are(1, "x"),
        there_are(2, "x, y"),
    ]


def test_a_long_value_is_shown_in_part() -> None:
    """What is wrong and what to do stay; what does not fit between them is left out."""
    problem = Problem(Place("a.yaml", 3), "y" * 10**6, f"is no id, got {'x' * 10**6!r}; write one")
    said = str(problem)
    assert said.startswith("a.yaml:3: yyy")
    assert "is no id, got 'xxx" in said
    assert said.endswith("xxx'; write one")
    assert len(said) < 5_000
    assert len(problem.message) < 2_500
    short = Problem(Place("a.yaml", 3), "id", "is no id, got 'x'; write one")
    assert str(short) == "a.yaml:3: id: is no id, got 'x'; write one"


def test_errors_survive_pickling() -> None:
    """Errors keep their message and problems when pickled or copied."""
    problems = [
        Problem(Place("b.yaml", 2), "name", "is missing, got nothing; write one"),
        Problem(Place("a.yaml"), "", "is empty, got no value; write the record", "warning", "x"),
    ]
    errors = (
        sd.InvalidDataError(problems),
        sd.UnknownIdError("no actor"),
        sd.StancedataError("no"),
    )
    for error in errors:
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(error) is type(again)
            assert str(error) == str(again)
    again = pickle.loads(pickle.dumps(errors[0]))
    assert again.problems == errors[0].problems == tuple(sorted(problems))
