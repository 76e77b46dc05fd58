"""Generate tables full of errors, and run the rules on them."""

from __future__ import annotations

import datetime
import functools
import itertools
import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple
from unittest import mock

import attrs
import pyarrow as pa

from stancedata.engines.engine import Engine
from stancedata.rules import rule as rulebook
from stancedata.rules import runner as rules
from stancedata.rules.rule import Rule
from stancedata.tables.columns import Column
from stancedata.tables.contract import TABLES
from tests.support import oracle_lists, wild_parts

PARTS = 400
"""Number of parts, of four kinds in turn; records refer only to records of the same part."""
CROWDED, ALIKE, SPARSE, SPOKEN = range(4)
"""Many records; nearly equal values, so that records repeat each other; few records, so that some
actor is used only once; one stance with few holders and every actor, so that roles decide."""
DAYS = [datetime.date(2021, 10, day) for day in (19, 20, 21)]
# Words that rules mention and their alphabetical neighbours, so that a rule that compares with
# < or > in place of = is found.
WORDS: dict[str, list[Any]] = {
    "actors.kind": ["aloc", "bloc", "meeting", "organisation", "state"],
    "issues.kind": ["a", "deeds", "deeds", "words", "z"],
    "coders.kind": ["language_model", "person", "z"],
    "documents.coder": ["coder-1", "coder-2", "coder-3"], "codings.coder": ["coder-1", "coder-3"],
    "coverage.coder": ["coder-1", "coder-3"],
    "act": ["a", "ends", "ends", "states", "z"],
    "date_kind": ["day", "day", "lasting", "uncertain", "z"],
    "held_kind": ["day", "uncertain", "uncertain", "z"],
    "stated_on": ["[x", "x", "y"], "held_on": ["[x", "x"], "published_on": ["[x", "x"],
    "documents.status": ["as_published", "withdrawn", "z"],
    "actor_names.kind": ["a", "preferred", "preferred", "z"],
    "roles.role": ["a", "member_of", "member_of", "part_of", "speaks_for", "speaks_for", "z"],
    "holders.role": ["ally", "dissociates", "guest", "party", "party", "party", "z"],
    "events.kind": ["a", "vote", "vote", "z"],
    "participants.role": ["a", "abstained", "hosted", "voted_against", "voted_for", "z"],
    "attribution": ["a", "direct", "direct", "direct", "quoted", "third_party", "z"],
    "level_name": ["a", "ambiguous", "z"],
    "title": ["", "t"],
    "span_start": [-1, 0, 5], "span_end": [0, 5, 6], "characters": [5, 6], "level": [-1, 0, 1, 2],
    "coder": ["coder-1", "coder-2"],
    "rule": ["id_form", "text_form"],  # not run here, so that no silence of them is idle
}  # fmt: skip
# Ids and names of one part; some events and documents share theirs with other records.
OWN = {
    **dict.fromkeys(["actor_id", "of_actor_id", "speaker_id", "attributed_by_id", "target_id",
                     "represented_by"], "abc"),
    **dict.fromkeys(["event_id"], "cef"),
    **dict.fromkeys(["document_id", "derived_from", "origin_id", "status_document_id"], "cfgh"),
    **dict.fromkeys(["stance_id", "published_id"], "stu"),
    **dict.fromkeys(["coverage_id"], "acfv"),
    **dict.fromkeys(["name", "author", "publisher", "series"], "LMN"),
    **dict.fromkeys(["issue_id", "code", "sha256", "url"], "ij"),
}  # fmt: skip
# Columns that may refer to several kinds of records, or none.
NAMED = {
    "dated_by": ["a", "published_on", "z", "{}c", "{}f"],
    "record_id": ["{}a", "{}c", "{}f", "{}s", "{}t", "coder-1/{}s", "coder-2/{}s"],
}
MANY = {
    "roles": 10, "holders": 12, "participants": 6, "documents": 5, "events": 4, "actors": 3, "stances": 4,
    "silences": 4, "exemptions": 4, "evidence": 5, "actor_codes": 4, "actor_names": 4,
    "issues": 3, "ascribers": 4, "document_authors": 6, "silent_speakers": 5,
}  # fmt: skip


FIELDS = ["a", *sorted({words for *_, words in oracle_lists.CONTROLLED}), "z"]
# Ordered so that every second value of a field is in its vocabulary.
VALUES = ["a", "aloc", "x", "y", "party", "z", "direct", "voted_for", "state", "member_of", "zz",
          "vote"]  # fmt: skip
LISTED = [(f, v) for i, f in enumerate(FIELDS) for j, v in enumerate(VALUES) if (i + j) % 2]


# Years around the ten years on both sides of the coverage, which is of 2021.
FAR = tuple(
    (
        table,
        {
            f"{name}_earliest": datetime.date(first, 12, 31),
            f"{name}_latest": datetime.date(last, 1, 1),
        },
    )
    for table, name in (("stances", "stated"), ("events", "held"), ("documents", "published"))
    for first, last in ((2010, 2021), (2011, 2031), (2021, 2032))
)


# Rare cases: actors used in one place only, and a code of three actors at the same time.
SELDOM: tuple[tuple[str, dict[str, Any]], ...] = (
    ("actors", {"actor_id": "400a", "name": "400a"}),
    ("roles", {"actor_id": "400a", "role": "part_of", "of_actor_id": "400z"}),
    # A circle of three, and years around the bounds.
    *(
        (
            "roles",
            {
                "actor_id": one,
                "role": "member_of",
                "of_actor_id": of,
                "valid_from": None,
                "valid_to": None,
            },
        )
        for one, of in (("403a", "403b"), ("403b", "403c"), ("403c", "403a"))
    ),
    *(
        (
            "roles",
            {"actor_id": "404a", "role": "governs", "number": n, name: datetime.date(year, 1, 1)},
        )
        for n, (name, year) in enumerate(
            itertools.product(("valid_from", "valid_to"), (1900, 1920, 1921, 2031, 2032, 2050)), 1
        )
    ),
    ("actors", {"actor_id": "401a", "name": "401a"}),
    ("actor_names", {"actor_id": "401a", "name": "401M"}),
    ("documents", {"author": "401M", "publisher": "401x"}),
    ("actors", {"actor_id": "402a", "name": "402a"}),
    ("actor_names", {"actor_id": "402a", "name": "402M"}),
    ("documents", {"author": None, "publisher": "402M"}),
    *(
        (
            "actor_codes",
            {
                "actor_id": f"403{own}",
                "scheme": "x",
                "code": "403i",
                "valid_from": None,
                "valid_to": None,
            },
        )
        for own in "abc"
    ),
    (
        "documents",
        {"document_id": "404c", "origin_id": "404c", "url": "http://404", "sha256": None},
    ),
    ("documents", {"document_id": "404f", "origin_id": "404f", "url": "https://404"}),
    *FAR,
    *wild_parts.rows(),
)


def cell(rng: random.Random, table: str, column: Column, part: int, row: int) -> Any:
    """Choose a value of the column's type, valid or not."""
    table, kind, prefix = table.removeprefix("second_"), part % 4, f"{part:03}"
    alike = kind == ALIKE and rng.random() < 0.94
    if column.nullable and rng.random() < (0.05 if alike else 0.3):
        return None
    if f"{table}.{column.name}" == "actors.actor_id" and kind in (SPARSE, SPOKEN):
        return prefix + "abc"[row]
    if column.name in NAMED:
        names = [name.format(prefix) for name in NAMED[column.name]]
        return names[kind] if alike else rng.choice(names)
    words = WORDS.get(f"{table}.{column.name}") or WORDS.get(column.name)
    if words:
        return (
            words[0] if alike and column.name in ("date_kind", "stated_on") else rng.choice(words)
        )
    if column.name in OWN:
        own = OWN[column.name]
        first = (
            column.name == "stance_id" if kind == SPOKEN else alike and column.name != "stance_id"
        )
        return prefix + (own[0] if first else rng.choice(own))
    kinds: dict[str, list[Any]] = {
        "string": ["x", "y"], "int32": [1, 2, 3], "date32": DAYS, "bool": [True, False],
    }  # fmt: skip
    return kinds[column.type][0] if alike else rng.choice(kinds[column.type])


def count(rng: random.Random, table: str, part: int) -> int:
    """Choose the number of rows of a table in a part."""
    kind = part % 4
    if table == "actors" and kind in (SPARSE, SPOKEN):
        return 3
    if kind == SPARSE:
        return int(rng.random() < 0.3)
    if kind == SPOKEN and table in ("stances", "holders", "roles"):
        return {"stances": 1, "holders": 1, "roles": 12}[table]
    return rng.randint(0, MANY.get(table.removeprefix("second_"), 2))


@functools.cache
def wild() -> dict[str, pa.Table]:
    """Make the tables: valid types, rules broken everywhere, always the same."""
    rng = random.Random(20211020)
    tables = {}
    for table in TABLES:
        if not table.derived:
            rows = [
                {c.name: cell(rng, table.name, c, part, row) for c in table.columns}
                for part in range(PARTS)
                for row in range(count(rng, table.name, part))
            ]
            if table.name == "vocabulary":
                listed = [*LISTED, *LISTED[:9]]
                rows = [
                    {**r, "field": f, "value": v} for r, (f, v) in zip(rows, listed, strict=False)
                ]
            few = random.Random(table.name)
            rows += [
                {c.name: cell(few, name, c, 400, 0) for c in table.columns} | row
                for name, row in SELDOM
                if name == table.name
            ]
            tables[table.name] = pa.Table.from_pylist(rows, schema=table.schema)
    return tables


@functools.cache
def rows() -> dict[str, list[dict[str, Any]]]:
    """Get the same tables as rows, for the oracle."""
    return {name: table.to_pylist() for name, table in wild().items()}


DATED_BY_DOCUMENTS = ("far_actor", "far_role", "far_year")
"""Rules whose bounds are the days of publication where there is no coverage."""


@functools.cache
def without_coverage() -> dict[str, pa.Table]:
    """Make the same tables without coverage."""
    return wild() | {"coverage": wild()["coverage"].slice(0, 0)}


Found = dict[str, set[tuple[str, ...]]]
"""Offenders by rule: kind, record, field, and the repr of value and other."""


def offenders_of(
    tables: dict[str, pa.Table], asked: Iterable[Rule], engine: Engine, whole: bool = True
) -> Found:
    """Run rules and collect their offenders, including what their messages leave out."""
    bare = tuple(attrs.evolve(r, message="{value!r} {other!r}", suggest="") for r in asked)
    with (
        mock.patch.object(rules, "all_rules", return_value=bare),
        mock.patch.object(rulebook, "Problem", Told),
    ):
        problems: Any = rules.check(
            tables, _locate, make_engine=lambda: engine, whole=whole, forms=()
        )
    by: Found = defaultdict(set)
    for problem in problems:
        by[problem.rule].add((problem.record, problem.field, problem.message))
    return by


def _locate(kind: str, record_id: str, field: str) -> Any:
    return f"{kind} {record_id}", field


class Told(NamedTuple):
    """A light substitute for `Problem`: sorting thirty thousand of those takes seconds."""

    record: str
    field: str
    message: str
    severity: str
    rule: str
