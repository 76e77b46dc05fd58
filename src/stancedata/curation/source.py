"""Parse a YAML file into plain values with line numbers, keeping every scalar as text.

No type is inferred: `NO`, `1.10` and `012` stay text, and the record classes decide what they
mean. Aliases, tags, several documents, deep nesting and huge files are rejected before anything is
built from them; duplicate keys are reported.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import yaml

from stancedata.problems import InvalidDataError, Place, Problem

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
MOST_BYTES = 5_000_000
MOST_LEVELS = 32
# YAML 1.1 also ends lines at these characters, which editors and `grep` show within a line.
_YAML_ONLY = re.compile("[\x85\u2028\u2029]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_ALIKE = range(1, sys.maxsize)  # line 0 of the parser is line 1 of an editor, and so on
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
    return decoded(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """Read the content of a file, raising InvalidDataError if it is unreadable or too large."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            # Opening a pipe would block until another process writes to it.
            raise refused(name, 0, "is not a regular file; put a file there")
        if found.st_size > MOST_BYTES:
            raise _too_large(name)
        # In one step of that size, which is faster than to its end; but a file may grow meanwhile.
        with open(path, "rb") as stream:
            content = stream.read(found.st_size + 1)
            if len(content) > found.st_size:
                content += stream.read(MOST_BYTES)
    except OSError as error:
        raise refused(name, 0, f"cannot be read: {error.strerror}; check the file") from None
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    return content


def _too_large(name: str) -> InvalidDataError:
    return refused(name, 0, f"is too large, got more than {MOST_BYTES:,} bytes; split it")


def decoded(data: bytes, name: str) -> str:
    """Decode the content of a file, raising InvalidDataError if it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        what = f"is not UTF-8, got byte {byte}; save the file as UTF-8"
        raise refused(name, line, what) from None


def to_source(text: str, name: str) -> Source:
    """Parse a YAML text into values with lines; raises as `read` does."""
    values, at = _Values(name), line_numbers(text)
    for event in events(text, name):
        kind = type(event)
        if kind is yaml.ScalarEvent:
            values.put(scalar(event), at[event.start_mark.line], event.value)
        elif kind is yaml.MappingStartEvent:
            values.enter({}, at[event.start_mark.line])
        elif kind is yaml.SequenceStartEvent:
            values.enter([], at[event.start_mark.line])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            values.levels.pop()
    if values.top is None:  # also after a `---`, which the parser takes for an empty value
        raise refused(name, 1, "is empty; write the record, or remove the file")
    return Source(name, values.top, values.lines, tuple(values.problems))


def editor_lines(text: str) -> list[str]:
    """Split a text into lines as editors do, without their ends."""
    return re.split("\r\n|[\r\n]", text)


def line_numbers(text: str) -> Sequence[int]:
    """Return the number of each line, from 1, in an editor; by its number for YAML, from 0."""
    if not _YAML_ONLY.search(text):
        return _ALIKE
    found = [1]
    for end in _BREAK.findall(text):
        found.append(found[-1] + (_YAML_ONLY.match(end) is None))
    return [*found, found[-1]]  # the parser may name the line after the last one


def events(text: str, name: str) -> Iterator[Any]:
    """Parse a YAML text into events, in one pass, and reject what curated files must not use.

    Raises:
        InvalidDataError: At the event at which the text is not valid; nothing follows.
    """
    if text.startswith("\ufeff"):
        raise refused(name, 1, "begins with a byte-order mark, got U+FEFF; save it without one")
    depth = documents = 0
    at = line_numbers(text)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if type(event) is not yaml.ScalarEvent:
                depth += isinstance(event, yaml.CollectionStartEvent)
                depth -= isinstance(event, yaml.CollectionEndEvent)
                documents += isinstance(event, yaml.DocumentStartEvent)
                _refuse_structure(event, at, depth, documents, name)
                _refuse_properties(event, at, name)
            elif event.anchor is not None or event.tag is not None:
                _refuse_properties(event, at, name)
            yield event
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError) as error:
        raise _not_yaml(error, text, name) from None


def _refuse_structure(event: Any, at: Sequence[int], depth: int, documents: int, name: str) -> None:
    line = at[event.start_mark.line] if event.start_mark else 0
    if depth > MOST_LEVELS:
        raise _too_deep(name, line)
    if documents > 1:
        what = "contains several YAML documents, got '---'; keep one per file"
        raise refused(name, line, what)


def _refuse_properties(event: Any, at: Sequence[int], name: str) -> None:
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if anchor is not None:
        what = f"uses an anchor or alias, got {anchor!r}; write the value out"
        raise refused(name, at[event.start_mark.line], what)
    if tag is not None:
        raise refused(name, at[event.start_mark.line], f"uses a tag, got {tag!r}; remove it")


def _not_yaml(error: Any, text: str, name: str) -> InvalidDataError:
    """Make the error for a text that the parser could not read."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1 if error.position >= 0 else 0
        got = f"U+{error.character:04X}" if isinstance(error.character, int) else "an invalid byte"
        return refused(name, line, f"contains a control character, got {got}; remove it")
    mark = error.problem_mark or error.context_mark
    what = error.problem or error.context or "unreadable"
    line = line_numbers(text)[mark.line] if mark else 0
    if "nesting depth" in what:
        # libyaml since 0.2.6 has its own limit, and may raise before the level is counted here.
        return _too_deep(name, line)
    return refused(name, line, f"is not valid YAML: {what}; fix the file")


@attrs.define
class _Level:
    """A mapping or list that is being filled; without a path, it is not kept."""

    value: Any
    path: FieldPath | None
    key: str | None = None
    line: int = 0


class _Values:
    """Builds values and their lines in the order of the text, reporting duplicate keys."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.top: Value = None
        self.lines: dict[FieldPath, int] = {}
        self.problems: list[Problem] = []
        self.levels: list[_Level] = []

    def enter(self, value: Any, line: int) -> None:
        """Put a mapping or list, to which the next values belong."""
        self.levels.append(_Level(value, self.put(value, line, "[…]")))

    def put(self, value: Any, line: int, key: str) -> FieldPath | None:
        """Put the next value in its place and return its path; None if it is not kept.

        Args:
            value: The value.
            line: Its line.
            key: Its text, if it is a key.
        """
        if not self.levels:
            self.top, self.lines[()] = value, line
            return ()
        level = self.levels[-1]
        if type(level.value) is list:
            if level.path is None:
                return None
            path = (*level.path, len(level.value))
            level.value.append(value)
            self.lines[path] = line
            return path
        if level.key is None:
            level.key, level.line = key, line
            return None
        return self._entry(level, level.key, value)

    def _entry(self, level: _Level, key: str, value: Any) -> FieldPath | None:
        level.key = None
        if level.path is None:
            return None
        path = (*level.path, key)
        if key in level.value:
            what = f"appears twice, got {key!r} again after line {self.lines[path]}; keep one"
            self.problems.append(Problem(Place(self.name, level.line), field_name(path), what))
            return None
        level.value[key] = value
        self.lines[path] = level.line
        return path


def scalar(event: Any) -> str | None:
    """Return the text of a scalar; None if it is a plain null such as `~`."""
    value: str = event.value
    return None if not event.style and value in NOTHING else value


def refused(name: str, line: int, message: str) -> InvalidDataError:
    """Make the error that rejects a whole file."""
    return InvalidDataError([Problem(Place(name, line), "", message)])


def _too_deep(name: str, line: int) -> InvalidDataError:
    message = f"is nested too deeply, got more than {MOST_LEVELS} levels; flatten it"
    return refused(name, line, message)


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
