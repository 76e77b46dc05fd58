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
"""Attributes that lacked an underscore by accident."""


def public_api() -> dict[str, Any]:
    """Describe all that users may rely on: names, signatures, commands, columns, SQL, digests."""
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
    """Describe the public names of a module: parameters of functions, members of classes."""
    loaded = importlib.import_module(module)
    return {name: described(getattr(loaded, name)) for name in sorted(loaded.__all__)}


def described(value: Any) -> Any:
    """Describe a function by its parameters, a class by its members, anything else by its name."""
    if inspect.isclass(value):
        fields = {field.name for field in attrs.fields(value)} if attrs.has(value) else set()
        names = public({*dir(value), *fields})
        inherited = {*dir(Exception)} if issubclass(value, Exception) else set()
        found = {n: described(getattr(value, n, None)) for n in names - inherited}
        return {"__init__": described(value.__init__), **found}
    plain = inspect.isfunction(value) or inspect.ismethod(value)
    return parameters(value) if plain else "attribute"


def public(names: Iterable[str]) -> set[str]:
    """Keep the names that users may rely on."""
    return {name for name in names if not name.startswith("_")} - PRIVATE


def parameters(function: Any) -> list[str]:
    """Format parameters: kind, name and, if there is one, `=` and the default."""
    return [
        f"{p.kind.name} {p.name}" + ("" if p.default is p.empty else f"={default(p.default)}")
        for p in inspect.signature(function).parameters.values()
    ]


def default(value: Any) -> str:
    """Format a default; a factory of an attrs field is shown as dots."""
    return repr(value) if isinstance(value, str | int | float | tuple | None) else "..."


def command_options(command: click.Command, name: str) -> Iterator[tuple[str, Any]]:
    """List every command, including those of groups, with arguments and options."""
    yield name, {p.name: option(p) for p in command.params}
    if isinstance(command, click.Group):
        for word, inner in sorted(command.commands.items()):
            yield from command_options(inner, f"{name} {word}")


def option(parameter: click.Parameter) -> list[str]:
    """Format the names of an argument or option and the values that it takes."""
    kind = parameter.type
    choices = kind.choices if isinstance(kind, click.Choice) else ()
    flags = [word for word in ("required", "multiple") if getattr(parameter, word)]
    return [*parameter.opts, f"type {kind.name}", *flags, *map(str, choices)]


def sql_names(room: str) -> list[str]:
    """List the packaged SQL of a package."""
    return sorted(path.stem for path in SOURCE.joinpath(room, "sql").glob("*.sql"))
