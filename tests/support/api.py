"""The public interface of the package, written down so that two states can be compared."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import click

import stancedata
from stancedata.cli import commands
from stancedata.contract import TABLES

SOURCE = Path(stancedata.__file__).parent
MODULES = ("stancedata", "stancedata.charts")
"""Modules whose `__all__` is public."""
PRIVATE = {"lying"}
"""What was an attribute without an underscore by accident."""


def public_api() -> dict[str, Any]:
    """Everything that users may rely on: names, signatures, commands, columns, SQL, digests."""
    released = stancedata.load("0.1.0")
    return {
        "python": {name: members(name) for name in MODULES},
        "dataset": sorted(public(vars(released))),
        "commands": dict(command_options(commands, "stancedata")),
        "tables": {
            table.name: {column.name: str(column.type) for column in table.columns}
            for table in TABLES
        },
        "sql": {room: sql_names(room) for room in ("questions", "rules")},
        "digests": {"0.1.0": [released.digest, released.positions_digest]},
    }


def members(module: str) -> dict[str, Any]:
    """The public names of a module: functions by their parameters, classes by their members."""
    loaded = importlib.import_module(module)
    return {name: described(getattr(loaded, name)) for name in sorted(loaded.__all__)}


def described(value: Any) -> Any:
    """A function's parameters, a class's members, and of anything else that it exists."""
    if inspect.isclass(value):
        fields = {field.name for field in attrs.fields(value)} if attrs.has(value) else set()
        names = public({*dir(value), *fields})
        inherited = {*dir(Exception)} if issubclass(value, Exception) else set()
        found = {n: described(getattr(value, n, None)) for n in names - inherited}
        return {"__init__": described(value.__init__), **found}
    plain = inspect.isfunction(value) or inspect.ismethod(value)
    return parameters(value) if plain else "attribute"


def public(names: Iterable[str]) -> set[str]:
    """The names that users may rely on."""
    return {name for name in names if not name.startswith("_")} - PRIVATE


def parameters(function: Any) -> list[str]:
    """Each parameter as its kind, its name and, where it has one, `=` and its default."""
    return [
        f"{p.kind.name} {p.name}" + ("" if p.default is p.empty else f"={default(p.default)}")
        for p in inspect.signature(function).parameters.values()
    ]


def default(value: Any) -> str:
    """A default as it is written; that of an attrs field, which is made when it is needed, as dots."""
    return repr(value) if isinstance(value, str | int | float | tuple | None) else "..."


def command_options(command: click.Command, name: str) -> Iterator[tuple[str, Any]]:
    """Each command with its arguments and options, those of groups too."""
    yield name, {p.name: option(p) for p in command.params}
    if isinstance(command, click.Group):
        for word, inner in sorted(command.commands.items()):
            yield from command_options(inner, f"{name} {word}")


def option(parameter: click.Parameter) -> list[str]:
    """How an argument or option is written, and what it takes."""
    kind = parameter.type
    choices = kind.choices if isinstance(kind, click.Choice) else ()
    flags = [word for word in ("required", "multiple") if getattr(parameter, word)]
    return [*parameter.opts, f"type {kind.name}", *flags, *map(str, choices)]


def sql_names(room: str) -> list[str]:
    """The packaged SQL of a room."""
    return sorted(path.stem for path in SOURCE.joinpath(room, "sql").glob("*.sql"))
