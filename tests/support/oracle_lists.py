"""Rules that apply to many columns, in naive Python, as in `tests.support.oracle_rules`."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
Offender = tuple[str, str, str, str | None, str | None]


def ids(t: Rows, column: str) -> set[str]:
    """Collect the values of a column, given as `table.column`."""
    table, _, name = column.partition(".")
    return {row[name] for row in t[table]}


def joined(*parts: Any) -> str | None:
    """Concatenate texts and numbers; None if one of them is None."""
    return None if None in parts else "".join(map(str, parts))


LISTED: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("ascribers", "stance", "stance_id", "attributed_by[{position}]", ("actor_id",)),
    ("document_authors", "document", "document_id", "authors[{position}]", ("actor_id",)),
    ("coverage", "coverage", "", "", ("coverage_id",)),
    ("coders", "codebook", "", "coders[{position}]", ("coder",)),
    ("holders", "stance", "stance_id", "holders[{position}]", ("actor_id",)),
    ("stance_aspects", "stance", "stance_id", "aspects[{position}]", ("aspect",)),
    ("levels", "codebook", "", "issues.{issue_id}.levels[{position}]", ("issue_id", "level_name")),
    ("aspects", "codebook", "", "issues.{issue_id}.aspects[{position}]", ("issue_id", "aspect")),
    ("vocabulary", "codebook", "", "vocabulary[{position}]", ("field", "value")),
    ("issues", "codebook", "", "issues[{position}].id", ("issue_id",)),
    ("actors", "actor", "", "", ("actor_id",)),
    ("events", "event", "", "", ("event_id",)),
    ("documents", "document", "", "", ("document_id",)),
    ("stances", "stance", "", "", ("stance_id",)),
    ("evidence", "stance", "stance_id", "evidence[{number}].span", ("span_start", "span_end")),
)
"""Table, kind of record, column of its id, field, and columns that must be unique."""
SPELLS = (("actor_names", "names", ("name",)), ("actor_codes", "codes", ("scheme", "code")))
"""Lists whose items may come again at another time."""


def duplicate(t: Rows) -> Iterator[Offender]:
    """No list contains an item twice."""
    for table, kind, key, field, columns in LISTED:
        names = (key, *columns) if key else columns
        rows = [r for r in t[table] if table != "evidence" or r["span_start"] is not None]
        same = defaultdict(list)
        for row in rows:
            same[tuple(row[n] for n in names)].append(row)
        for found, again in same.items():
            if len(again) < 2:
                continue
            last = max(again, key=lambda r: int(r.get("position") or r.get("number") or 0))
            parts = found[1:] if key else found
            value = None if None in parts else " ".join(map(str, parts))
            if table == "evidence":
                value = joined("[", parts[0], ", ", parts[1], "]")
            record = "codebook" if kind == "codebook" else found[0]
            yield kind, record, _numbered(field, last), value, ""
    for (record, rule), count in Counter(
        (r["record_id"], r["rule"]) for r in [*t["silences"], *t["exemptions"]]
    ).items():
        for kind in _kinds(t, record) if count > 1 else ():
            yield kind, record, f"exemptions.{rule}", rule, ""
    yield from _repeated_items(t)
    yield from _repeated_spells(t)
    yield from _repeated_records(t)


ITEMS = (
    ("evidence", "stance", "evidence[{}].locator", "locator", ("document_id",)),
    ("conditions", "stance", "conditions[{}].condition", "condition", ()),
    ("participants", "event", "participants[{}]", "actor_id", ("role", "document_id", "represented_by")),
)  # fmt: skip
"""Numbered lists: table, kind of record, field, value, and the other columns that tell items apart."""


def _repeated_items(t: Rows) -> Iterator[Offender]:
    for table, kind, field, value, others in ITEMS:
        numbers: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in t[table]:
            if table != "evidence" or (row["span_start"] is None and row["locator"] is not None):
                key = (row[f"{kind}_id"], row[value], *(row[name] for name in others))
                numbers[key].append(row["number"])
        for (record, shown, *_), found in numbers.items():
            if len(found) > 1:
                yield kind, record, field.format(max(found) - 1), shown, ""


def _repeated_spells(t: Rows) -> Iterator[Offender]:
    for table, field, columns in SPELLS:
        alike: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in t[table]:
            alike[row["actor_id"], *(row[c] for c in columns)].append(row)
        for n, o in (pair for rows in alike.values() for pair in itertools.combinations(rows, 2)):
            if overlap(n, o):
                place = f"{field}[{max(n['position'], o['position']) - 1}]"
                yield "actor", n["actor_id"], place, " ".join(n[c] for c in columns), ""


def _repeated_records(t: Rows) -> Iterator[Offender]:
    spoke: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for p in t["silent_speakers"]:
        spoke[p["coverage_id"], p["event_id"], p["actor_id"]].append(p["position"])
    for (coverage, event, actor), numbers in spoke.items():
        if len(numbers) > 1:
            yield "coverage", coverage, f"silent[{max(numbers) - 1}]", f"{actor} at {event}", ""
    for (coder, document), count in Counter(
        (c["coder"], c["document_id"]) for c in t["codings"]
    ).items():
        if count > 1:
            yield "coding", f"{coder}/{document}", "", document, ""


def overlap(one: Row, other: Row) -> bool:
    """Whether two periods share a day; None means unbounded."""
    first = [r["valid_from"] or datetime.date.min for r in (one, other)]
    last = [r["valid_to"] or datetime.date.max for r in (one, other)]
    return first[0] <= last[1] and first[1] <= last[0]


def _kinds(t: Rows, record_id: str) -> Iterator[str]:
    """Find the kinds of the records with an id; ids of blind codings begin with the coder."""
    for kind in ("actor", "event", "document", "stance"):
        if record_id in ids(t, f"{kind}s.{kind}_id"):
            yield kind
    if record_id in {f"{b['coder']}/{b['stance_id']}" for b in t["second_stances"]}:
        yield "blind"


REFERENCES = (
    ("roles", "actor", "actor_id", "roles[{number}].of", "of_actor_id", "actors.actor_id"),
    ("roles", "actor", "actor_id", "roles[{number}].document", "document_id", "documents.document_id"),
    ("documents", "document", "document_id", "derived_from", "derived_from", "documents.document_id"),
    ("documents", "document", "document_id", "event", "event_id", "events.event_id"),
    ("documents", "document", "document_id", "coverage", "coverage_id", "coverage.coverage_id"),
    ("document_authors", "document", "document_id", "authors[{position}]", "actor_id", "actors.actor_id"),
    ("events", "event", "event_id", "dated_by", "dated_by", "documents.document_id"),
    ("coverage", "coverage", "coverage_id", "coder", "coder", "coders.coder"),
    ("participants", "event", "event_id", "participants[{number}].actor", "actor_id", "actors.actor_id"),
    ("participants", "event", "event_id", "participants[{number}].document", "document_id", "documents.document_id"),
    ("participants", "event", "event_id", "participants[{number}].represented_by", "represented_by", "actors.actor_id"),
    ("ascribers", "stance", "stance_id", "attributed_by[{position}]", "actor_id", "actors.actor_id"),
    ("codings", "coding", "document_id", "coder", "coder", "coders.coder"),
    ("codings", "coding", "document_id", "document", "document_id", "documents.document_id"),
    ("silent_speakers", "coverage", "coverage_id", "silent[{position}].event", "event_id", "events.event_id"),
    ("silent_speakers", "coverage", "coverage_id", "silent[{position}]", "actor_id", "actors.actor_id"),
    ("stances", "stance", "stance_id", "issue", "issue_id", "issues.issue_id"),
    ("stances", "stance", "stance_id", "speaker", "speaker_id", "actors.actor_id"),
    ("stances", "stance", "stance_id", "attributed_by[0]", "attributed_by_id", "actors.actor_id"),
    ("stances", "stance", "stance_id", "target", "target_id", "actors.actor_id"),
    ("stances", "stance", "stance_id", "event", "event_id", "events.event_id"),
    ("holders", "stance", "stance_id", "holders[{position}]", "actor_id", "actors.actor_id"),
    ("conditions", "stance", "stance_id", "conditions[{number}].issue", "issue_id", "issues.issue_id"),
    ("conditions", "stance", "stance_id", "conditions[{number}].status_document", "status_document_id", "documents.document_id"),
    ("second_stances", "blind", "stance_id", "published", "published_id", "stances.stance_id"),
)  # fmt: skip
"""Table, kind of record, column of its id, field, referring column, referred column."""


def reference(t: Rows) -> Iterator[Offender]:
    """Every id that a record refers to exists in the dataset."""
    for table, kind, key, field, column, target in REFERENCES:
        known = {None, *ids(t, target)}
        for row in t[table]:
            # The first ascriber is a column of the stance, which is checked already.
            first = table == "ascribers" and row["position"] == 1
            if row[column] not in known and not first:
                coded = kind in ("blind", "coding")
                record = f"{row['coder']}/{row[key]}" if coded else row[key]
                yield kind, record, _numbered(field, row), row[column], target


def _numbered(field: str, row: Row) -> str:
    """Format a field with its numbers, which files count from 0."""
    return field.format(
        **{n: row[n] - 1 for n in ("number", "position") if n in row}, issue_id=row.get("issue_id")
    )


CONTROLLED = (
    ("actors", "actor", "actor_id", "kind", "kind", "actor_kind"),
    ("actor_names", "actor", "actor_id", "names[{position}].kind", "kind", "name_kind"),
    ("actor_codes", "actor", "actor_id", "codes[{position}].scheme", "scheme", "code_scheme"),
    ("roles", "actor", "actor_id", "roles[{number}].role", "role", "role"),
    ("documents", "document", "document_id", "kind", "kind", "document_kind"),
    ("issues", "codebook", "", "issues[{position}].kind", "kind", "issue_kind"),
    ("coders", "codebook", "", "coders[{position}].kind", "kind", "coder_kind"),
    ("documents", "document", "document_id", "read", "read", "read"),
    ("documents", "document", "document_id", "status", "status", "document_status"),
    ("codings", "coding", "document_id", "read", "read", "read"),
    ("events", "event", "event_id", "kind", "kind", "event_kind"),
    ("participants", "event", "event_id", "participants[{number}].role", "role", "participant_role"),
    ("stances", "stance", "stance_id", "act", "act", "act"),
    ("stances", "stance", "stance_id", "attribution", "attribution", "attribution"),
    ("stances", "stance", "stance_id", "quantifier", "quantifier", "quantifier"),
    ("stances", "stance", "stance_id", "confidence", "confidence", "confidence"),
    ("holders", "stance", "stance_id", "holders[{position}]", "role", "holder_role"),
    ("conditions", "stance", "stance_id", "conditions[{number}].status", "status", "condition_status"),
)  # fmt: skip
"""Table, kind of record, column of its id, field, column, and its vocabulary in the codebook."""


def vocabulary(t: Rows) -> Iterator[Offender]:
    """A controlled field has one of the values in the codebook."""
    known = {(v["field"], v["value"]) for v in t["vocabulary"]}
    for table, kind, key, field, column, words in CONTROLLED:
        for row in t[table]:
            if row[column] is not None and (words, row[column]) not in known:
                record = f"{row['coder']}/{row[key]}" if kind == "coding" else row.get(key, kind)
                yield kind, record, _numbered(field, row), row[column], words


CHILDREN = {
    "actor_id": ("actors", "actor", ("actor_names", "actor_codes", "roles")),
    "event_id": ("events", "event", ("participants",)),
    "issue_id": ("issues", "codebook", ("levels", "aspects")),
    "stance_id": (
        "stances",
        "stance",
        ("holders", "stance_aspects", "ascribers", "conditions", "evidence"),
    ),
    "document_id": ("documents", "document", ("document_authors",)),
    "coverage_id": ("coverage", "coverage", ("silent_speakers",)),
}
"""By column that names the owner of a row: the owner's table, its kind, and the child tables."""


def orphan(t: Rows) -> Iterator[Offender]:
    """Every row belongs to a record of the dataset."""
    known = ids(t, "documents.document_id")
    for row in t["stances"]:
        if row["document_id"] not in known:
            yield "stance", row["stance_id"], "", row["document_id"], "stances"
    for row in t["evidence"]:
        if row["document_id"] not in known:
            field = f"evidence[{row['number'] - 1}]"
            yield "stance", row["stance_id"], field, row["document_id"], "evidence"
    for column, (parent, kind, tables) in CHILDREN.items():
        known = ids(t, f"{parent}.{column}")
        field = "issues" if kind == "codebook" else ""
        for table in tables:
            for row in t[table]:
                if row[column] not in known:
                    record = "codebook" if kind == "codebook" else row[column]
                    yield kind, record, field, row[column], table
    blind = {(b["coder"], b["stance_id"]) for b in t["second_stances"]}
    for table in CHILDREN["stance_id"][2]:
        for row in t[f"second_{table}"]:
            if (row["coder"], row["stance_id"]) not in blind:
                record = f"{row['coder']}/{row['stance_id']}"
                yield "blind", record, "", row["stance_id"], f"second_{table}"
