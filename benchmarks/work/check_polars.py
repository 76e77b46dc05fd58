"""The rules by hand in polars: lazy scans, with one pass per table for rules on single rows.

Values of small tables are lists in `is_in`; rules across large tables are joins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add
from pathlib import Path

import polars as pl
from polars import col

from benchmarks.work.check_joins import joins
from stancedata.tables.columns import SCHEMA_VERSION, Column, Table
from stancedata.tables.contract import tables_of

TABLES = tables_of(SCHEMA_VERSION)
SMALL = {"actors": "actor_id", "issues": "issue_id", "events": "event_id"}
Frames = Mapping[str, pl.LazyFrame]
Rule = tuple[str, pl.Expr]
"""A rule, and an expression that is true in rows that break it."""
_UNSEEN = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\x{00ad}\x{061c}\x{180e}\x{200b}-\x{200f}\x{2028}-\x{202e}"
    r"\x{2060}-\x{206f}\x{feff}\x{fff0}-\x{fffb}\x{e0000}-\x{e007f}]"
)
_WORDS = "[a-z0-9]+(-[a-z0-9]+)*"
IDS = {"actors": f"^{_WORDS}$", "events": f"^{_WORDS}$", "documents": f"^{_WORDS}$",
        "stances": f"^{_WORDS}#s[0-9]{{2,}}$"}  # fmt: skip
# Fields whose values are derived from a date or from other columns.
_FOLLOWING = {"date_kind", "tier"}


def _set_of_one(name: str) -> pl.Expr:
    """Whether a date is written as a set, but is one day."""
    one = col(f"{name}_earliest") == col(f"{name}_latest")
    return col(f"{name}_on").str.starts_with("[") & one


ROWS: dict[str, dict[str, pl.Expr]] = {
    "actors": {"actor_dates": col("valid_from") > col("valid_to")},
    "actor_names": {"name_dates": col("valid_from") > col("valid_to")},
    "actor_codes": {"code_dates": col("valid_from") > col("valid_to")},
    "roles": {"role_dates": col("valid_from") > col("valid_to")},
    "issues": {"issue_kind": ~col("kind").is_in(["words", "deeds"]).fill_null(False)},
    "coders": {"coder_kind": ~col("kind").is_in(["person", "language_model"]).fill_null(False)},
    "coverage": {"coverage_order": col("covers_from") > col("covers_to")},
    "events": {
        "held_order": col("held_earliest") > col("held_latest"),
        "event_source": col("dated_by").is_null() & col("source").is_null(),
        "one_day_set": _set_of_one("held"),
    },
    "documents": {
        "cited_address": col("sha256").is_null() & col("url").is_null(),
        "published_order": col("published_earliest") > col("published_latest"),
        "one_day_set": _set_of_one("published"),
        "retrieved_order": (col("retrieved_on") < col("published_earliest"))
        | (col("retrieved_on") > col("coded_date")),
        "published_after_coding": col("published_earliest") > col("coded_date"),
    },
    "stances": {
        "stated_order": col("stated_earliest") > col("stated_latest"),
        "one_day_set": _set_of_one("stated"),
        "third_party_event": (col("attribution") == "third_party") & col("event_id").is_not_null(),
        "attributed_by_missing": (col("attribution") == "third_party")
        & col("attributed_by_id").is_null(),
        "attributed_by_needless": (col("attribution") != "third_party")
        & col("attributed_by_id").is_not_null(),
    },
    "conditions": {
        "condition_status": (
            col("status").is_null()
            & (col("status_on").is_not_null() | col("status_document_id").is_not_null())
        )
        | (col("status").is_not_null() & col("status_document_id").is_null()),
    },
    "evidence": {
        "evidence_place": col("span_start").is_null() & col("locator").is_null(),
        "span_digest": col("span_start").is_not_null() & col("sha256").is_null(),
        "span_negative": col("span_start") < 0,
        "span_order": col("span_start") >= col("span_end"),
    },
}


def scans(folder: Path) -> dict[str, pl.LazyFrame]:
    """Scan each curated table lazily, except those of the blind codings, which have no rows."""
    names = [t.name for t in TABLES if not t.derived and not t.name.startswith("second_")]
    return {name: pl.scan_parquet(folder / f"{name}.parquet") for name in names}


def broken(folder: Path) -> dict[str, int]:
    """Count the offenders of each broken rule."""
    frames = scans(folder)
    known = lists(frames)
    queries = [_one_pass(t, frames[t.name], known) for t in TABLES if t.name in frames]
    queries += [q.select(pl.len().cast(pl.Int64).alias(rule)) for rule, q in joins(frames)]
    found: defaultdict[str, int] = defaultdict(int)
    for answer in pl.collect_all(queries, engine="streaming"):
        for name, count in answer.row(0, named=True).items():
            found[name.partition(" ")[0]] += count
    return {name: count for name, count in found.items() if count}


def lists(frames: Frames) -> dict[str, list[str]]:
    """List the ids of small tables, and the values of each controlled field."""
    lists = {n: frames[n].select(key).collect()[key].to_list() for n, key in SMALL.items()}
    terms = frames["vocabulary"].select("field", "value").collect()
    for field, value in terms.iter_rows():
        lists.setdefault(f"in {field}", []).append(value)
    return lists


def _one_pass(table: Table, frame: pl.LazyFrame, lists: Mapping[str, list[str]]) -> pl.LazyFrame:
    """Count the offenders of each rule on single rows of a table, in one row."""
    offenders: defaultdict[str, list[pl.Expr]] = defaultdict(list)
    for rule, wrong in [*ROWS.get(table.name, {}).items(), *row_rules(table, lists)]:
        offenders[rule].append(wrong.sum().cast(pl.Int64))
    return frame.select(**{rule: reduce(add, parts) for rule, parts in offenders.items()})


def row_rules(table: Table, lists: Mapping[str, list[str]]) -> Iterator[Rule]:
    """Derive rules from the contract: known values and ids, and the form of texts."""
    for column in table.columns:
        value = col(column.name)
        for rule, values in known_values(table, column, lists):
            yield rule, ~value.is_in(values)
        if column.type == "string":
            yield "text_form", unseen(value)
    if table.name in IDS:
        yield "id_form", ~col(table.key[0]).str.contains(IDS[table.name])


def known_values(
    table: Table, column: Column, lists: Mapping[str, list[str]]
) -> Iterator[tuple[str, list[str]]]:
    """Iterate over the rules on a column's values, each with the values it allows."""
    target = column.references.partition(".")[0]
    if column.vocabulary and column.vocabulary not in _FOLLOWING:
        yield "vocabulary", lists[f"in {column.vocabulary}"]
    if target in SMALL and table.name != target:
        orphan = column.name in table.key and table.name in ORPHANS.get(target, ())
        yield "orphan" if orphan else "reference", lists[target]


ORPHANS = {
    "actors": ("actor_names", "actor_codes", "roles"),
    "events": ("participants",),
    "issues": ("levels", "aspects"),
}
"""Child tables of each parent table; the parent is part of their key."""


def unseen(value: pl.Expr) -> pl.Expr:
    """Count texts with invisible characters or not in NFC; ASCII always is."""
    beyond = value.filter(value.str.len_bytes() != value.str.len_chars())
    loose = (beyond.str.normalize("NFC") != beyond).sum()
    return value.str.contains(_UNSEEN).sum() + loose
