"""Views of a database: rows with names beside ids, what stands now, and the matrix of it.

They are SQL that SQLite and DuckDB both understand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from stancedata.tables.columns import Column, Table

_SHOWN = {
    "actors.actor_id": ("name",),
    "issues.issue_id": ("name",),
    "events.event_id": ("name",),
    "documents.document_id": ("title", "url"),
}
"""What is shown of a record to which a column refers."""
_NAMED = ("positions", "stances", "evidence", "participants", "roles")
"""The tables of which a view shows names."""


@attrs.frozen
class View:
    """A view: its name, what it answers, and its query."""

    name: str
    description: str
    query: str


def views_of(tables: Iterable[Table], issues: Sequence[str]) -> list[View]:
    """Make the views that the tables of a database allow.

    Args:
        tables: The tables.
        issues: The ids of the issues, in the order of the columns of the matrix.
    """
    found = {table.name: table for table in tables}
    views = [_named(found[name], found) for name in _NAMED if name in found]
    if {"holders", "stances", "actors"} <= found.keys():
        views.append(_HOLDERS)
    if "panel_month" in found:
        views += [_CURRENT, _matrix(issues)]
    return views


_HOLDERS = View(
    "named_holders",
    "Who said what: each holder of each stance, with the names.",
    "SELECT h.actor_id, a.name AS actor_name, h.role, s.* FROM holders h "
    "JOIN actors a ON a.actor_id = h.actor_id JOIN named_stances s ON s.stance_id = h.stance_id",
)
_CURRENT = View(
    "current_positions",
    "What stands at the end of the last month, one row for each holder and issue.",
    "SELECT * FROM panel_month WHERE on_day = (SELECT MAX(on_day) FROM panel_month)",
)


def _named(table: Table, tables: dict[str, Table]) -> View:
    """Show a table with the names of the records to which its columns refer."""
    names = {column.name for column in table.columns}
    shown, joins = ["t.*"], []
    for number, column in enumerate(table.columns):
        target, _, key = column.references.partition(".")
        if column.references not in _SHOWN or target not in tables:
            continue
        more = [(f"r{number}.{source}", new) for source, new in _new(column) if new not in names]
        if more:
            shown += [f"{source} AS {new}" for source, new in more]
            joins.append(f"LEFT JOIN {target} r{number} ON r{number}.{key} = t.{column.name}")
    query = f"SELECT {', '.join(shown)} FROM {table.name} t {' '.join(joins)}"
    return View(f"named_{table.name}", f"{table.description} With names beside ids.", query)


def _new(column: Column) -> Iterator[tuple[str, str]]:
    """Yield what is shown beside a column, and how it is called: `speaker_name`."""
    for source in _SHOWN[column.references]:
        yield source, f"{column.name.removesuffix('_id')}_{source}"


def _matrix(issues: Sequence[str]) -> View:
    """Make a column of each issue: the name of the level that stands."""
    cells = [
        f", MAX(CASE WHEN issue_id = {_text(i)} THEN level_name END) AS {_name(i)}" for i in issues
    ]
    return View(
        "current_matrix",
        "What stands at the end of the last month: a row for each holder, a column for each issue.",
        f"SELECT actor_id, actor_name, iso3, cow, gw{''.join(cells)} FROM current_positions "
        "GROUP BY actor_id, actor_name, iso3, cow, gw",
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'
