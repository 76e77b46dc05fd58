"""Parse a YAML file into plain values with line numbers, keeping every scalar as text.

No type is inferred: `NO`, `1.10` and `012` stay text, and the record classes decide what they
mean. Aliases, tags, several documents, deep nesting and huge files are rejected before anything is
built from them; duplicate keys are reported.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import yaml

from stancedata.problems import InvalidDataError, Place, Problem

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_BYTES = 5_000_000
MOST_LEVELS = 32
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
FieldPath: TypeAlias = tuple[str | int, ...]


@attrs.frozen
class Source:
    """A parsed file.

    Attributes:
        file: The name of the file in problems.
        value: Text, lists and mappings; None for a key without a value.
        lines: Line number of every value, from 1, by its path from the top.
        problems: Duplicate keys; the rest of the file was parsed.
    """

    file: str
    value: Value
    lines: dict[FieldPath, int]
    problems: tuple[Problem, ...] = ()

    def place(self, path: FieldPath = ()) -> Place:
        """Return the location of a path, or of the nearest enclosing value."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))

    def problem(self, path: FieldPath, message: str) -> Problem:
        """Return a problem located at a path."""
        return Problem(self.place(path), field_name(path), message)


def field_name(path: FieldPath) -> str:
    """Format a path as text: `stances[2].level`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def path_of(field: str) -> FieldPath:
    """Parse the text form of a path; the inverse of `field_name`."""
    parts = re.findall(r"[^.\[\]]+|\[\d+\]", field)
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in parts)


def read(path: Path, file: str | None = None) -> Source:
    """Read one YAML file.

    Args:
        path: The file.
        file: The name of the file in problems; by default the path.

    Raises:
        InvalidDataError: If the file is unreadable, too large, not UTF-8 or not valid YAML, or
            uses a feature that curated files must not use.
    """
    name = str(path) if file is None else file
    return to_source(read_text(path, name), name)


def read_text(path: Path, name: str) -> str:
    """Read a text file, raising InvalidDataError if it is unreadable, too large or not UTF-8."""
    try:
        if path.exists() and not path.is_file():
            # Opening a pipe would block until another process writes to it.
            raise _refused(name, 0, "is not a regular file; put a file there")
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(name, 0, f"cannot be read: {error.strerror}; check the file") from None
    if len(data) > MOST_BYTES:
        raise _refused(name, 0, f"is too large, got more than {MOST_BYTES:,} bytes; split it")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        raise _refused(
            name, line, f"is not UTF-8, got byte {byte}; save the file as UTF-8"
        ) from None


def to_source(text: str, name: str) -> Source:
    """Parse a YAML text into values with lines; raises as `read` does."""
    node = compose(text, name)
    if node is None:
        raise _refused(name, 1, "is empty; write the record, or remove the file")
    lines: dict[FieldPath, int] = {}
    problems: list[Problem] = []
    value = _value(node, (), name, lines, problems)
    return Source(name, value, lines, tuple(problems))


def compose(text: str, name: str) -> yaml.Node | None:
    """Compose a YAML text into nodes with marks; None if it is empty."""
    if text.startswith("\ufeff"):
        raise _refused(name, 1, "begins with a byte-order mark, got U+FEFF; save it without one")
    try:
        _walk(text, name)
        node: yaml.Node | None = yaml.compose(text, Loader=LOADER)
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "unreadable"
        line = mark.line + 1 if mark else 0
        if "nesting depth" in what:
            # libyaml since 0.2.6 has its own limit, and may raise before `_walk` sees the level.
            raise _too_deep(name, line) from None
        raise _refused(name, line, f"is not valid YAML: {what}; fix the file") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if error.position >= 0 else 0
        got = f"U+{error.character:04X}" if isinstance(error.character, int) else "an invalid byte"
        raise _refused(name, line, f"contains a control character, got {got}; remove it") from None


def _walk(text: str, name: str) -> None:
    """Reject forbidden YAML by its events, before composing, which recurses in C."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > MOST_LEVELS:
            raise _too_deep(name, line)
        if documents > 1:
            raise _refused(
                name, line, "contains several YAML documents, got '---'; keep one per file"
            )
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            raise _refused(
                name, line, f"uses an anchor or alias, got {anchor!r}; write the value out"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _refused(name, line, f"uses a tag, got {tag!r}; remove it")


def _value(
    node: yaml.Node,
    path: FieldPath,
    name: str,
    lines: dict[FieldPath, int],
    problems: list[Problem],
) -> Value:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*path, i), name, lines, problems) for i, item in enumerate(node.value)
        ]
    found: dict[str, Value] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "[…]"
        line = key_node.start_mark.line + 1
        if key in found:
            first = lines[(*path, key)]
            problems.append(
                Problem(
                    Place(name, line),
                    field_name((*path, key)),
                    f"appears twice, got {key!r} again after line {first}; keep one",
                )
            )
            continue
        found[key] = _value(value_node, (*path, key), name, lines, problems)
        lines[(*path, key)] = line
    return found


def scalar(node: yaml.ScalarNode) -> str | None:
    """Return the text of a scalar; None if it is a plain null such as `~`."""
    return None if not node.style and node.value in NOTHING else str(node.value)


def _refused(name: str, line: int, message: str) -> InvalidDataError:
    return InvalidDataError([Problem(Place(name, line), "", message)])


def _too_deep(name: str, line: int) -> InvalidDataError:
    message = f"is nested too deeply, got more than {MOST_LEVELS} levels; flatten it"
    return _refused(name, line, message)


def show(value: Any) -> str:
    """Format a value for a message: short, on one line, collections only by type."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = repr(str(value))
    return text if len(text) <= 80 else f"{text[:70]}…' ({len(str(value)):,} characters)"
