"""The rules that are generated from the table contract."""

from __future__ import annotations

import attrs
import pytest

from stancedata.engines.packaged import packaged
from stancedata.releases.record_contents import CURATED
from stancedata.rules import references
from stancedata.tables.columns import Column
from stancedata.tables.contract import BY_NAME


@pytest.mark.parametrize("name", references.RULES)
def test_the_files_are_current(name: str) -> None:
    """The packaged SQL equals the generated SQL; `python -m tools.pages.rules` updates it."""
    assert references.rule_text(name) == packaged(f"rules/{name}")


def test_a_new_column_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new column is checked by every rule that its declaration implies, in blind codings too."""
    bench = Column("seat_id", "string", True, "Seat.", references="actors.actor_id")
    mood = Column("mood", "string", False, "Mood.", vocabulary="mood")
    changed = {
        name: attrs.evolve(BY_NAME[name], columns=(*BY_NAME[name].columns, bench, mood))
        for name in ("participants", "second_conditions")
    }
    curated = tuple(changed.get(table.name, table) for table in CURATED)
    monkeypatch.setattr("stancedata.rules.references.CURATED", curated)
    found = references.rule_text("reference"), references.rule_text("vocabulary")
    for text, path, value in zip(found, ("seat", "mood"), ("seat_id", "mood"), strict=True):
        for table in ("participants", "conditions"):
            field = f"'{table}[' || CAST(t.number - 1 AS STRING) || '].{path}' AS field"
            assert f"{field}, t.{value} AS value" in text
    assert "SELECT 'blind' AS kind, t.coder || '/' || t.stance_id AS record_id" in found[1]
