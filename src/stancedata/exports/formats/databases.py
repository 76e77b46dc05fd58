"""What SQLite and DuckDB share: tables with keys, and views of names, of what stands, and its matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
MOST_ISSUES = 1_900
"""The most columns of the matrix, since SQLite has no more than 2,000 in a view."""


def definition(
    table: Table, types: Mapping[str, str], schema_version: str, constraints: Iterable[str] = ()
) -> str:
    """Write the statement that creates a table.

    Args:
        table: The table.
        types: The name of each type in the database.
        schema_version: The schema version, which says what is its key.
        constraints: Constraints besides those of nulls and the key.
    """
    columns = (
        f'"{c.name}" {types[c.type]}{"" if c.nullable else " NOT NULL"}' for c in table.columns
    )
    key = ", ".join(f'"{name}"' for name in table.key_of(schema_version))
    return f'CREATE TABLE "{table.name}" ({", ".join([*columns, f"PRIMARY KEY ({key})", *constraints])})'


@attrs.frozen
class View:
    """A view: its name, what it answers, and its query."""

    name: str
    description: str
    query: str

    @property
    def definition(self) -> str:
        """The statement that creates it."""
        return f'CREATE VIEW "{self.name}" AS {self.query}'


def views_of(tables: Iterable[Table], issues: Sequence[str]) -> list[View]:
    """Make the views that the tables of a database allow; no matrix of very many issues.

    Args:
        tables: The tables.
        issues: The ids of the issues, in the order of the columns of the matrix.
    """
    found = {table.name: table for table in tables}
    views = [_named(found[name], found) for name in _NAMED if name in found]
    if {"holders", "stances", "actors"} <= found.keys():
        views.append(_HOLDERS)
    if "panel_month" in found:
        views += [_CURRENT, *([_matrix(issues)] if len(issues) <= MOST_ISSUES else [])]
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
        more = [
            (f"r{number}.{source}", new)
            for source, new in _new(column)
            # A position has the address of its document itself.
            if new not in names and not (source == "url" and source in names)
        ]
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
