"""Patched records: invalid fields are removed or replaced, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from stancedata.curation.patches import patched
from stancedata.curation.records import StanceRecord
from stancedata.curation.source import FieldPath

VALUE: dict[str, Any] = {"holders": ["ada", {"holder": "ben"}], "issue": "aid", "speaker": "cyd"}
MANY: dict[str, Any] = {"holders": [f"h{number}" for number in range(12)]}


@pytest.mark.parametrize(
    ("value", "faults", "changed"),
    [
        (VALUE, [("speaker",)], {"speaker": None}),
        (VALUE, [("issue",)], {"issue": "?"}),
        (VALUE, [("evidence",)], {"evidence": []}),
        (VALUE, [("nonsense",)], {}),
        (VALUE, [("speaker", "name")], {"speaker": None}),
        (VALUE, [("holders", 0)], {"holders": [{"holder": "ben"}]}),
        (VALUE, [("holders", 0), ("holders", 1)], {"holders": []}),
        (VALUE, [("holders", 1, "holder")], {"holders": ["ada", {"holder": "x"}]}),
        (VALUE, [("holders", 1, "holder"), ("holders", 1)], {"holders": ["ada"]}),
        (MANY, [("holders", 2), ("holders", 10)],
         {"holders": [f"h{number}" for number in range(12) if number not in (2, 10)]}),
        (VALUE, [("holders", 2)], {}),
        (VALUE, [("holders", 3, "holder")], {}),
        (VALUE, [("holders", 2, "holder")], {}),
        (VALUE, [("holders", 0, "holder")], {}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_taken_out(
    value: dict[str, Any], faults: list[FieldPath], changed: dict[str, Any]
) -> None:
    """An invalid field is removed or gets a placeholder; unknown paths change nothing."""
    before = repr(value)
    expected = {key: new for key, new in {**value, **changed}.items() if new is not None}
    assert expected == patched(value, StanceRecord, faults)
    assert before == repr(value)
