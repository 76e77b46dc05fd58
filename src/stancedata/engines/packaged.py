"""Read the SQL files of the package: the rules and the questions."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from importlib import resources
from importlib.resources.abc import Traversable

from stancedata.problems import StancedataError, did_you_mean, one_of

# The only single words that are valid SQL queries.
_ALONE = ("desc", "describe", "show")
_UNION = "\nUNION ALL\n"
_WITH = re.compile(r"(?:--.*\n)*WITH ")
_KIND = re.compile(r"(?:--.*\n)*SELECT (?:DISTINCT )?'(\w+)' AS kind,")


@functools.cache
def packaged(name: str) -> str:
    """Read a packaged SQL file by its name: `questions/positions`."""
    folder, _, name = name.rpartition("/")
    return _sql(folder).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def reading(name: str, **relations: str) -> str:
    """Write a packaged SQL file so that it reads relations from queries instead of tables.

    Args:
        name: Its name, as in `packaged`.
        **relations: Queries by the names under which it reads them.
    """
    made = ",\n".join(f"{relation} AS (\n{sql}\n)" for relation, sql in relations.items())
    return f"WITH {made}\nSELECT * FROM (\n{packaged(name)}\n) answer"


def packaged_question(query: str) -> str | None:
    """Read the packaged question that a query names; return None if the query is SQL.

    Raises:
        StancedataError: If it is a single word and neither; the message suggests names.
    """
    names = packaged_names("questions")
    if query in names:
        return packaged(f"questions/{query}")
    if not re.fullmatch(r"[\w.-]+", query) or query.lower() in _ALONE:
        return None
    hint = did_you_mean(query.lower(), names) or f"use one of {one_of(names)}"
    raise StancedataError(f"query: is neither a packaged question nor SQL, got {query!r}; {hint}")


@functools.cache
def packaged_names(folder: str) -> tuple[str, ...]:
    """List the names of the SQL files in a packaged folder, sorted."""
    files = _sql(folder).iterdir()
    return tuple(
        sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))
    )


def parts_by_kind(sql: str) -> dict[str, str]:
    """Split the union of a rule into one query per kind of record in which it finds offenders.

    A branch whose kind is computed is a query of its own. What begins with WITH is left whole, since
    every branch may read what that defines, and so is a union within parentheses. What has no kind
    goes by its own text.
    """
    branches = sql.split(_UNION)
    if _WITH.match(sql) or any(b.count("(") != b.count(")") for b in branches):
        return {sql: sql}
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for branch in branches:
        found = _KIND.match(branch)
        kinds[found[1] if found else branch].append(branch)
    return {kind: _UNION.join(found) for kind, found in kinds.items()}


def _sql(folder: str) -> Traversable:
    """Return a folder of SQL files: `questions`, `rules` or `rules/stored`."""
    room, _, inner = folder.partition("/")
    return resources.files(f"stancedata.{room}").joinpath("sql", inner)
