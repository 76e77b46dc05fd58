"""Create persons with their offices from a table, which has a row for each office."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from stancedata.coding.additions import Additions, Entry, actor_slug, add, english
from stancedata.coding.lookup import Ids, Lookup, table_rows
from stancedata.problems import (
    InvalidDataError,
    Place,
    Problem,
    StancedataError,
    did_you_mean,
    one_of,
)

OFFICE = ("role", "of", "title", "document", "valid_from", "valid_to", "source")
COLUMNS = ("id", "name", "aliases", *OFFICE)
"""The columns of the table; only `name` is needed."""


@attrs.frozen
class _Row:
    """A row of the table, without its empty cells, and the ID of its person."""

    place: Place
    cells: Mapping[str, str]
    person_id: str
    fault: str = ""

    def problem(self, column: str, message: str) -> Problem:
        return Problem(self.place, column, message)


def new_persons(data: Path, table: Path, update: bool = False) -> Additions:
    """Write the files of the persons in a table; those that exist are left alone.

    Several rows with the same ID, or with the same name and no ID, are one person.

    Args:
        data: The data folder.
        table: A CSV file in UTF-8 with the columns of `COLUMNS`. `aliases` are separated by `|`;
            `of` is the ID, name or code of the actor for which the person speaks; an empty `role`
            is speaks_for.
        update: Whether a person who exists gains the names and offices that are missing.

    Returns:
        What became of each person, in the order of the table.

    Raises:
        InvalidDataError: If rows are invalid, or a file would break a rule; the problems name
            their lines, and nothing was written.
        StancedataError: If the table cannot be read.
    """
    rows = list(_rows(table))
    by_person: dict[str, list[_Row]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    actors = Lookup(data).actors
    faults: list[Problem] = []
    entries: list[Entry] = []
    for person_id, listed in by_person.items():
        if found := list(_faults(listed)):
            faults += found
        else:
            roles = _roles(listed, by_person, actors, faults)
            entries.append(_entry(person_id, listed, roles))
    try:
        return add(data, "actors", entries, update, faults)
    except InvalidDataError as error:
        raise InvalidDataError(map(_by_column, error.problems)) from None


def _entry(person_id: str, rows: list[_Row], roles: list[tuple[_Row, dict[str, str]]]) -> Entry:
    first = rows[0]
    aliases = dict.fromkeys(a for row in rows for a in _split(row.cells.get("aliases", "")))
    name = first.cells["name"]
    fields: dict[str, Any] = {
        "name": name,
        "kind": "person",
        "names": english(name, (alias for alias in aliases if alias != name)),
        "roles": [role for _, role in roles],
    }
    places = {f"roles[{number}]": row.place for number, (row, _) in enumerate(roles)}
    return Entry(person_id, fields, {"": first.place, **places})


def _split(aliases: str) -> list[str]:
    return [alias.strip() for alias in aliases.split("|") if alias.strip()]


def _faults(rows: list[_Row]) -> Iterator[Problem]:
    """Yield what is wrong with the rows of one person before any rule is asked."""
    name = rows[0].cells.get("name")
    for row in rows:
        own = row.cells.get("name")
        if row.fault:
            yield row.problem("", row.fault)
        if own and not row.person_id:
            yield row.problem("id", f"is empty, and {own!r} has no letters for one; write one")
        elif not own:
            yield row.problem("name", "is empty; write the name of the person")
        elif own != name and name:
            line = rows[0].place.line
            yield row.problem(
                "name",
                f"differs from that of the same id in line {line}, got {own!r} and {name!r}; "
                "write one of them under aliases",
            )
        office = [column for column in OFFICE if column in row.cells]
        if office and "of" not in row.cells:
            yield row.problem("of", f"is empty, but {office[0]} is not; name the actor")


def _roles(
    rows: list[_Row], persons: Collection[str], actors: Ids, faults: list[Problem]
) -> list[tuple[_Row, dict[str, str]]]:
    """Return the offices, each with its row; add actors that cannot be found to the faults."""
    roles: list[tuple[_Row, dict[str, str]]] = []
    for row in rows:
        role = {column: row.cells[column] for column in OFFICE if column in row.cells}
        if "of" in role:
            try:
                role["of"] = role["of"] if role["of"] in persons else actors.resolve(role["of"])
            except StancedataError as error:
                faults.append(row.problem(f"roles[{len(roles)}].of", str(error)))
            roles.append((row, {"role": "speaks_for", **role}))
    return roles


def _rows(table: Path) -> Iterator[_Row]:
    """Read the rows of a table with their lines; empty rows are skipped."""
    rows = table_rows(table)
    _, names = next(rows, (1, []))
    header = [cell.strip() for cell in names]
    _refuse_header(table, header)
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            yield _row(Place(str(table), line), header, cells)


def _row(place: Place, header: list[str], cells: list[str]) -> _Row:
    pairs = zip(header, (" ".join(cell.split()) for cell in cells), strict=False)
    there = {column: cell for column, cell in pairs if cell}
    more = f"has {len(cells)} cells for {len(header)} columns; quote cells with a comma"
    person_id = there.get("id") or actor_slug(there.get("name", ""))
    return _Row(place, there, person_id, more if len(cells) > len(header) else "")


def _refuse_header(table: Path, header: list[str]) -> None:
    place = Place(str(table), 1)
    problems = [
        Problem(place, name, f"is not a column; {did_you_mean(name, COLUMNS) or _known()}")
        for name in header
        if name not in COLUMNS
    ]
    problems += [
        Problem(place, name, "stands there twice; keep one")
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if "name" not in header:
        problems.append(Problem(place, "name", f"is missing; {_known()}"))
    if problems:
        raise InvalidDataError(problems)


def _known() -> str:
    return f"the columns are {one_of(COLUMNS)}"


def _by_column(problem: Problem) -> Problem:
    """Name the column of the table in place of the field of the record."""
    if problem.where.file.endswith(".yaml"):
        return problem
    top, _, inner = problem.field.partition(".")
    column = inner or top.partition("[")[0]
    if top.startswith("names"):
        column = "aliases"
    return attrs.evolve(problem, field=column)
