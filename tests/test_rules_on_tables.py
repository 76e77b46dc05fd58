"""Each rule on tables that no curated file can make, with every line that it gives of them.

Reading and structuring refuse such files before; exports, and tables written by other programs, can
be so all the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import attrs
import pyarrow as pa
import pytest

import stancedata as sd
from stancedata import rules
from stancedata.contract import BY_NAME
from stancedata.problems import Place

Tables = dict[str, pa.Table]
Change = Callable[[Tables], None]
EARLY, LATE = datetime.date(2021, 1, 1), datetime.date(2021, 2, 1)


@attrs.frozen
class Unmade:
    """Tables as no file can make them.

    Attributes:
        rule: The rule that they break.
        changes: What makes them of the tables of the miniature repository.
        expected: Every line of the rule.
    """

    rule: str
    changes: tuple[Change, ...]
    expected: tuple[str, ...]


def has(table: str, row: int = 0, **values: object) -> Change:
    """A row has other values."""

    def change(tables: Tables) -> None:
        rows = tables[table].to_pylist()
        rows[row] = {**rows[row], **values}
        tables[table] = pa.Table.from_pylist(rows, schema=tables[table].schema)

    return change


def tables_of(dataset: sd.Dataset) -> Tables:
    """The curated tables of a dataset."""
    return {name: dataset.tables[name] for name, table in BY_NAME.items() if not table.derived}


def unmade(tables: Tables, name: str) -> Tables:
    """A copy of tables with the changes of a case."""
    made = dict(tables)
    for change in UNMADE[name].changes:
        change(made)
    return made


def place(kind: str, record: str, field: str) -> tuple[Place, str]:
    """Where there are no files, the place of an offender is its kind."""
    return Place(kind), f"{record} {field}"


UNMADE = {
    "statement that ends first": Unmade(
        "stated_order",
        (has("stances", stated_earliest=LATE, stated_latest=EARLY),),
        ("stance: communique-2021-10-20#s01 stated_on: ends before it begins, got 2021-01-01; it begins on 2021-02-01",),
    ),
    "publication that ends first": Unmade(
        "published_order",
        (has("documents", published_earliest=LATE, published_latest=EARLY),),
        ("document: communique-2021-10-20 published_on: ends before it begins, got 2021-01-01; it begins on 2021-02-01",),
    ),
    "event that ends first": Unmade(
        "held_order",
        (has("events", held_earliest=LATE, held_latest=EARLY),),
        ("event: midport-2021-10-20 held_on: ends before it begins, got 2021-01-01; it begins on 2021-02-01",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNMADE)
def test_tables_that_no_file_can_make(small: sd.Dataset, name: str) -> None:
    """A rule gives its lines, and no others, of tables that break it."""
    found = rules.check(unmade(tables_of(small), name), place)
    case = UNMADE[name]
    assert list(case.expected) == [str(p) for p in found if p.rule == case.rule]
