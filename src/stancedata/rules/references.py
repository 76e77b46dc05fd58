"""Generate the SQL of the rules about references, words and numbers from the table contract.

A column that declares `-> actors.actor_id` or `in act`, or is called `position` or `number`, is
checked once `python -m tools.pages.rules` has written the files. Their headers are written by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stancedata.engines.packaged import packaged
from stancedata.releases.record_contents import CURATED
from stancedata.tables.columns import Column, Table, owner
from stancedata.tables.contract import BY_NAME

RULES = ("orphan", "reference", "stored/numbering", "vocabulary")
_IN_CODE = ("date_kind", "tier")
"""Vocabularies that are fixed by the library, not listed in the codebook."""
_OWNERS = ("stances.document_id", "evidence.document_id")
"""Columns that identify the record a row belongs to, besides the first column of a key."""
_RECORDS = ("codings.coder",)
"""First columns of a key that refer to another record than the one that a row belongs to."""
_CODERS = ("documents.coder", *(f"{t.name}.coder" for t in CURATED if t.name.startswith("second_")))
"""Columns checked by the rule `coder_known`, since schema version 1 has no table of coders."""
_BEYOND_FIRST = ("ascribers.actor_id",)
"""Columns whose first row repeats a column of the record itself, which is checked already."""
_LISTS = {
    "actor_codes": "codes",
    "actor_names": "names",
    "ascribers": "attributed_by",
    "document_authors": "authors",
    "silent_speakers": "silent",
    "stance_aspects": "aspects",
}
"""Lists of a curated file whose name differs from that of their table."""
_FIELDS = {
    "ascribers.actor_id": "",
    "document_authors.actor_id": "",
    "evidence.document_id": "",
    "holders.actor_id": "",
    "holders.role": "",
    "roles.of_actor_id": "of",
    "silent_speakers.actor_id": "",
    "stances.attributed_by_id": "attributed_by[0]",
    "stances.document_id": "",
}
"""Fields of a curated file whose name is not that of their column without `_id`."""


def rule_text(name: str) -> str:
    """Make the text of a rule's file: its present header and the generated query.

    Args:
        name: One of `RULES`.
    """
    head = packaged(f"rules/{name}").partition("\n\n")[0]
    selects = {
        "orphan": _orphans,
        "reference": _references,
        "stored/numbering": _numbers,
        "vocabulary": _words,
    }[name]()
    return f"{head}\n\n" + "\nUNION ALL\n".join(selects) + "\n"


def _columns() -> Iterator[tuple[Table, Column]]:
    """Iterate over curated columns, leaving out those that blind and published tables share.

    Rules marked `blind` are run on the blind codings separately.
    """
    for table in CURATED:
        published = BY_NAME.get(table.name.removeprefix("second_"), table)
        known = {c.name for c in published.columns} if published is not table else set()
        for column in table.columns:
            if column.name not in known and column.name not in table.follows:
                yield table, column


def _is_owner(table: Table, column: Column) -> bool:
    name = f"{table.name}.{column.name}"
    return name in _OWNERS or (column.name == table.key[0] and name not in _RECORDS)


def _references() -> Iterator[str]:
    for table, column in _columns():
        if f"{table.name}.{column.name}" in _CODERS:
            continue
        if column.references and not _is_owner(table, column):
            rows = f"t.{column.name} IS NOT NULL"
            if f"{table.name}.{column.name}" in _BEYOND_FIRST:
                rows = "t.position > 1"
            where = f"{rows} AND {_is_missing(column)}"
            yield _select(table, column, _field(table, column), column.references, where)


def _words() -> Iterator[str]:
    for table, column in _columns():
        if column.vocabulary and column.vocabulary not in _IN_CODE:
            missing = (
                "NOT EXISTS (SELECT 1 FROM vocabulary r "
                f"WHERE r.field = '{column.vocabulary}' AND r.value = t.{column.name})"
            )
            where = f"t.{column.name} IS NOT NULL AND {missing}"
            yield _select(table, column, _field(table, column), column.vocabulary, where)


def _numbers() -> Iterator[str]:
    """Write one branch for each list: of a record, or of the codebook as a whole."""
    for table in CURATED:
        number = _number(table)
        if number and not table.name.startswith("second_"):
            parent = next(c for c in table.columns if c.name == table.key[0])
            grouped = _wrong_lists(table.name, parent.name, number) if parent.references else ""
            yield (
                f"SELECT {_record(table)}, '{_listed(table)}' AS field,\n"
                "    CAST(t.low AS STRING) || ' to ' || CAST(t.high AS STRING) AS value,\n"
                "    CAST(t.items AS STRING) || ' items' AS other\n"
                f"FROM (\n    SELECT {f'{parent.name}, ' if grouped else ''}COUNT(*) AS items, "
                f"COUNT(DISTINCT {number}) AS numbers,\n"
                f"        MIN({number}) AS low, MAX({number}) AS high\n"
                f"    FROM {table.name}{grouped}\n) t\n"
                "WHERE t.low <> 1 OR t.high <> t.items OR t.numbers <> t.items"
            )


def _wrong_lists(table: str, key: str, number: str) -> str:
    """Select only the lists that have a wrong number, since counting every list takes longer."""
    return (
        f"\n    WHERE {key} IN (\n        SELECT n.{key} FROM (\n"
        f"            SELECT {key}, {number},\n"
        f"                ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {number}) AS place\n"
        f"            FROM {table}\n        ) n\n        WHERE n.{number} <> n.place\n    )"
        f"\n    GROUP BY {key}"
    )


def _orphans() -> Iterator[str]:
    children: defaultdict[str, list[Table]] = defaultdict(list)
    for table in CURATED:
        for column in table.columns:
            if not column.references or not _is_owner(table, column):
                continue
            if column.name == table.key[0]:
                children[column.references].append(table)
            else:
                yield _select(table, column, _field(table, column), table.name, _is_missing(column))
    yield from map(_orphans_of, children.values())


def _orphans_of(tables: list[Table]) -> str:
    """Write one branch for all tables that belong to the same records, which are read once."""
    table = tables[0]
    column = next(c for c in table.columns if c.name == table.key[0])
    keys = ", ".join(BY_NAME[column.references.partition(".")[0]].key)
    rows = " UNION ALL ".join(f"SELECT {keys}, '{t.name}' AS child FROM {t.name}" for t in tables)
    field = "''" if owner(table)[1] else "'issues'"
    return (
        f"SELECT {_record(table)}, {field} AS field, t.{column.name} AS value, t.child AS other\n"
        f"FROM ({rows}) t\nWHERE {_is_missing(column)}"
    )


def _is_missing(column: Column) -> str:
    """Write the condition that the referenced row does not exist; blind rows refer by coder too."""
    target, _, key = column.references.partition(".")
    same = {name: name for name in BY_NAME[target].key} | {key: column.name}
    equal = " AND ".join(f"r.{theirs} = t.{ours}" for theirs, ours in same.items())
    return f"NOT EXISTS (SELECT 1 FROM {target} r WHERE {equal})"


def _field(table: Table, column: Column) -> str:
    """Write the SQL for a column's path in the curated file, such as `roles[0].of`."""
    name = _FIELDS.get(f"{table.name}.{column.name}", column.name.removesuffix("_id"))
    number = _number(table)
    if not number:
        return f"'{name}'"
    return f"'{_listed(table)}[' || CAST(t.{number} - 1 AS STRING) || ']{name and f'.{name}'}'"


def _number(table: Table) -> str:
    """Return the column that numbers the items of a list; empty if there is none."""
    return next((c.name for c in table.columns if c.name in ("number", "position")), "")


def _listed(table: Table) -> str:
    """Return the key of the curated file with the items of a table."""
    return _LISTS.get(table.name, table.name.removeprefix("second_"))


def _select(table: Table, column: Column, field: str, other: str, where: str) -> str:
    """Write one branch of the UNION that finds offenders."""
    return (
        f"SELECT {_record(table)}, {field} AS field, t.{column.name} AS value, '{other}' AS other\n"
        f"FROM {table.name} t\nWHERE {where}"
    )


def _record(table: Table) -> str:
    """Write the columns of an offender that name its record."""
    kind, columns = owner(table)
    record = " || '/' || ".join(f"t.{name}" for name in columns) or f"'{kind}'"
    kind = "blind" if kind == "second_coding" else kind
    return f"'{kind}' AS kind, {record} AS record_id"
