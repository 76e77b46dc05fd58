"""Rules on tables that curated files cannot produce, such as those written by other programs."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stancedata as sd
from stancedata.problems import Place
from stancedata.rules import characters
from stancedata.rules import runner as rules
from stancedata.rules.rule import known_rules
from stancedata.tables.contract import BY_NAME

EARLY, LATE = datetime.date(2021, 1, 1), datetime.date(2021, 2, 1)


def with_value(tables: dict[str, pa.Table], table: str, column: str, value: object) -> None:
    """Give the first row of a table another value."""
    data = tables[table]
    index = data.schema.get_field_index(column)
    values = [value, *data.column(column).to_pylist()[1:]]
    field = data.schema.field(index)
    tables[table] = data.set_column(index, field, pa.array(values, field.type))


def found(tables: dict[str, pa.Table], rule: str) -> list[str]:
    """Run one rule on tables and format its problems."""
    problems = rules.check(
        tables,
        lambda kind, record, field: (Place(kind), f"{record} {field}"),
        without={*known_rules()} - {rule},
    )
    return [f"{problem.rule}: {problem}" for problem in problems]


@pytest.fixture
def tables(small: sd.Dataset) -> dict[str, pa.Table]:
    """The curated tables of the miniature repository."""
    return {name: small.tables[name] for name, table in BY_NAME.items() if not table.derived}


@pytest.mark.parametrize(
    ("table", "first", "last", "rule", "expected"),
    [
        ("stances", "stated_earliest", "stated_latest", "stated_order",
         "stance: communique-2021-10-20#s01 stated_on"),
        ("documents", "published_earliest", "published_latest", "published_order",
         "document: communique-2021-10-20 published_on"),
        ("events", "held_earliest", "held_latest", "held_order",
         "event: midport-2021-10-20 held_on"),
    ],
)  # fmt: skip
def test_days_that_run_backwards(
    tables: dict[str, pa.Table], table: str, first: str, last: str, rule: str, expected: str
) -> None:
    """A last day before the first is reported, for stances, documents and events."""
    with_value(tables, table, first, LATE)
    with_value(tables, table, last, EARLY)
    what = "ends before it begins, got 2021-01-01; it begins on 2021-02-01"
    assert f"{rule}: {expected}: {what}" in found(tables, rule)


# Each child table with the columns that name the record its rows belong to.
PARENTS = [
    (name, column)
    for column, names in {
        "actor_id": "actor_names actor_codes roles",
        "event_id": "participants",
        "issue_id": "levels aspects",
        "document_id": "stances evidence",
        "stance_id": "holders stance_aspects conditions evidence "
        "second_holders second_evidence",
    }.items()
    for name in names.split()
]  # fmt: skip


@pytest.mark.parametrize(("name", "column"), PARENTS)
def test_rows_of_nothing(tables: dict[str, pa.Table], name: str, column: str) -> None:
    """A row whose record does not exist is found, in every table."""
    with_value(tables, name, column, "nothing-such")
    what = f"belongs to a record that does not exist, got 'nothing-such' in {name}; "
    assert [line for line in found(tables, "orphan") if what in line]


@pytest.mark.parametrize(
    "name", ["Ada", "аda", "ad a", "../ada", "ada-", "adá", "", "a\u200bda", "ada\n"]
)
def test_ids_of_other_letters(tables: dict[str, pa.Table], name: str) -> None:
    """Ids must not contain capitals, look-alike letters, paths or invisible characters."""
    with_value(tables, "actors", "actor_id", name)
    what = f"is not an id, got {name!a}; write lower-case letters and digits, in words joined by hyphens"
    assert f"id_form: actor: {name} : {what}" in found(tables, "id_form")


def test_ids_of_coverage_are_asked_too(tables: dict[str, pa.Table]) -> None:
    """The id of a coverage has the form of every other id."""
    corpus = {"name": "Debate", "covers_from": EARLY, "covers_to": LATE, "holders": "all",
              "how": "read", "coder": "coder-1"}  # fmt: skip
    rows = [{**corpus, "coverage_id": name} for name in ("Debate", "debate")]
    tables["coverage"] = pa.Table.from_pylist(rows, schema=BY_NAME["coverage"].schema)
    (line,) = found(tables, "id_form")
    assert line.startswith("id_form: coverage: Debate : is not an id, got 'Debate'; ")


def test_every_text_column_is_looked_at(tables: dict[str, pa.Table]) -> None:
    """A bidirectional control character is found in every text column."""
    for name, table in BY_NAME.items():
        for column in table.columns if not table.derived and tables[name].num_rows else ():
            if column.type == "string":
                spoilt: dict[str, Any] = dict(tables)
                with_value(spoilt, name, column.name, "a\u202eb")
                told = [r for r, o in characters.offenders(spoilt) if o["other"] == name]
                assert "text_form" in told, f"{name}.{column.name}"


@given(st.text(st.characters(codec="utf-8"), max_size=8))
def test_what_can_be_seen_may_stand(text: str) -> None:
    """A text offends only if it is not NFC or has characters that Unicode calls invisible."""
    import unicodedata

    data = BY_NAME["silences"].schema.empty_table()
    row = pa.Table.from_pylist(
        [{"record_id": "x", "rule": "r", "reason": text}], schema=data.schema
    )
    told = bool(list(characters.offenders({"silences": row}, of_tables=False)))
    if not told:
        assert unicodedata.is_normalized("NFC", text)
        assert not {"Cc"} & {unicodedata.category(c) for c in text if c not in "\t\n"}
        assert not {c for c in text if unicodedata.bidirectional(c) in BIDI}
    elif unicodedata.is_normalized("NFC", text):
        kinds = {unicodedata.category(c) for c in text}
        assert {"Cc", "Cf", "Co", "Zl", "Zp", "Cn", "Lm", "Mn"} & kinds or "\ufffd" in text


@given(
    st.lists(st.sampled_from(["a", "bc", "a\u0301", "\u202e", "é", None]), max_size=9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
)
def test_a_piece_of_a_table_is_looked_at_alone(
    texts: list[str | None], start: int, length: int, coded: bool
) -> None:
    """In a slice of a table, exactly the offending rows are found, in order."""
    schema = BY_NAME["silences"].schema
    names = [f"x-{number}" for number in range(len(texts))]
    reasons = pa.array(texts, pa.string())
    columns: list[Any] = [pa.array(c, pa.string()) for c in (names, names)]
    columns.append(reasons.dictionary_encode() if coded else reasons)
    rows = pa.table(dict(zip(schema.names, columns, strict=True))).slice(start, length)
    found = [o["record_id"] for _, o in characters.offenders({"silences": rows})]
    wrong = {"a\u0301", "\u202e"}
    pairs = list(zip(names, texts, strict=True))[start : start + length]
    assert [name for name, text in pairs if text in wrong] == found


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_an_export_that_was_altered_is_found(small: sd.Dataset, tmp_path: Path) -> None:
    """`check` reports a file that was rewritten after the export."""
    import pyarrow.parquet as pq

    small.export(tmp_path / "out", panel=False)
    file = tmp_path / "out" / "events.parquet"
    pq.write_table(pq.read_table(file, partitioning=None), file, compression="none")
    (problem,) = sd.check(tmp_path / "out")
    what = (
        "was changed after it was written; export the dataset again, or delete manifest.json if "
        "you changed it on purpose"
    )
    assert f"{file}: {what}" == str(problem)
