"""Errors and problems travel between processes as they are."""

from __future__ import annotations

import copy
import pickle

import stancedata as sd
from stancedata.problems import Place, Problem


def test_errors_survive_pickling() -> None:
    """A process pool hands an error over with its message, and with its problems."""
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
