"""The SQL files that come with the package: the rules, and the questions."""

from __future__ import annotations

import functools
import re
from importlib import resources
from importlib.resources.abc import Traversable

from stancedata.problems import StancedataError, did_you_mean, one_of

# The only SQL of a single word that answers something.
_ALONE = ("desc", "describe", "show")


@functools.cache
def packaged(name: str) -> str:
    """The text of a packaged SQL file: `queries/positions`."""
    room, _, name = name.partition("/")
    return _sql(room).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def packaged_question(query: str) -> str | None:
    """The text of the packaged question that a query names; None where it is SQL.

    Raises:
        StancedataError: It is a single word, and neither; with the nearest name, or all of them.
    """
    names = packaged_names("queries")
    if query in names:
        return packaged(f"queries/{query}")
    if not re.fullmatch(r"[\w.-]+", query) or query.lower() in _ALONE:
        return None
    hint = did_you_mean(query.lower(), names) or f"use one of {one_of(names)}"
    raise StancedataError(f"query: is neither a packaged question nor SQL, got {query!r}; {hint}")


@functools.cache
def packaged_names(folder: str) -> tuple[str, ...]:
    """Names of the SQL files in a packaged folder, sorted."""
    files = _sql(folder).iterdir()
    return tuple(
        sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))
    )


def _sql(room: str) -> Traversable:
    """The folder of a room's SQL: of `queries`, or of `rules`."""
    package = {"queries": "questions", "rules": "rules"}[room]
    return resources.files(f"stancedata.{package}").joinpath("sql")
