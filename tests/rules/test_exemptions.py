"""Exemptions, idle exemptions, rules by schema version, and the severity of the rules about texts."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import stancedata as sd
from stancedata.problems import Place
from stancedata.rules import runner as rules
from stancedata.rules.rule import known_rules
from stancedata.tables.contract import BY_NAME
from tests.support.paths import TEXTS

STANCE = "daily-post-2021-10-21#s01"


def exempt(repository: Path, rule: str) -> None:
    """Waive a rule on the first stance of a document that does not break it."""
    file = repository / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    lines = f"    exemptions:\n      - rule: {rule}\n        reason: it is so\n"
    file.write_text(text.replace("    evidence:\n", lines + "    evidence:\n", 1), encoding="utf-8")


def idle(problems: list[sd.Problem]) -> list[str]:
    """List the rules of the exemptions that are reported as idle."""
    return [p.message.split("'")[1] for p in problems if p.rule == "idle_exemption"]


def test_a_rule_that_needs_texts_is_idle_only_where_they_are(repository: Path) -> None:
    """Without a corpus, an exemption from a rule about texts is not reported as idle."""
    exempt(repository, "span_edge")
    assert [] == idle(sd.check(repository))
    assert ["span_edge"] == idle(sd.check(repository, corpus=TEXTS))


def test_a_rule_left_out_is_not_idle(repository: Path) -> None:
    """Exemptions from skipped rules are not reported as idle; those of other rules still are."""
    exempt(repository, "speaker_role")
    assert ["speaker_role"] == idle(sd.check(repository))
    assert ["speaker_role"] == idle(sd.check(repository, without=["dated_by"]))
    assert [] == idle(sd.check(repository, without=["speaker_role"]))


@pytest.mark.parametrize(
    ("record_id", "kind"),
    [
        (STANCE, "stance"), (f"coder-2/{STANCE}", "blind"), ("northland", "actor"),
        ("midport-2021-10-20", "event"), ("daily-post-2021-10-21", "document"),
    ],
)  # fmt: skip
def test_an_idle_exemption_is_where_its_record_is(
    small: sd.Dataset, record_id: str, kind: str
) -> None:
    """An idle exemption is reported at its record, whatever the kind of record."""
    tables = {n: small.tables[n] for n, table in BY_NAME.items() if not table.derived}
    row = {"record_id": record_id, "rule": "code_shared", "reason": "it is so"}
    tables["silences"] = pa.Table.from_pylist([row], schema=tables["silences"].schema)
    others = {*known_rules()} - {"code_shared", "idle_exemption"}
    (problem,) = rules.check(
        tables, lambda kind, record, field: (Place(kind), field), without=others
    )
    assert (
        f"{kind}: exemptions.code_shared: waives nothing, got 'code_shared' on {record_id!r}; remove it"
        == (str(problem))
    )


@pytest.mark.parametrize("name", ["idle_exemption", "idle_silence"])
def test_idle_exemptions_can_be_left_out(repository: Path, name: str) -> None:
    """The rule about idle exemptions can be skipped, by its former name too."""
    exempt(repository, "speaker_role")
    assert [] == sd.check(repository, without=[name])


def test_rules_of_schema_2_are_not_asked_of_schema_1(small: sd.Dataset) -> None:
    """Data of schema 1 need not follow the rules that came later."""
    tables = {n: small.tables[n] for n, table in BY_NAME.items() if not table.derived}
    sources = pa.array([None] * tables["events"].num_rows, pa.string())
    place = tables["events"].schema.get_field_index("dated_by")
    tables["events"] = tables["events"].set_column(place, "dated_by", sources)

    def found(version: str) -> set[str]:
        problems = rules.check(
            tables, lambda kind, record, field: (Place(kind), field), schema_version=version
        )
        return {problem.rule for problem in problems}

    assert {"event_source"} == found("2")
    assert set() == found("1")


def test_a_missing_text_is_a_warning(repository: Path, tmp_path: Path) -> None:
    """A missing text is a warning; a text of another length is an error."""
    (tmp_path / "none").mkdir()
    found = sd.check(repository, corpus=tmp_path / "none")
    assert {("text_missing", "warning")} == {(p.rule, p.severity) for p in found}
    file = repository / "documents" / "daily-post-2021-10-21.yaml"
    text = file.read_text(encoding="utf-8")
    assert "  characters: " in text
    file.write_text(text.replace("  characters: ", "  characters: 1"), encoding="utf-8")
    found = sd.check(repository, corpus=TEXTS)
    assert {("text_length", "error")} == {(p.rule, p.severity) for p in found}
