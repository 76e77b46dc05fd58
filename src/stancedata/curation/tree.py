"""Parse YAML into a tree that keeps comments, for formatting and editing.

A comment on its own line is attached to the next entry, an inline comment to the entry before it,
so that each moves with its entry when keys are reordered. (ruamel's round-trip loader attaches a
comment to the previous entry, so that reordering would separate it from its subject.)
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import attrs
import yaml

from stancedata.curation.source import FieldPath, compose, scalar

# A line that names the schema for editors belongs to the file and must stay at the top.
_OF_THE_FILE = re.compile(r"# *(yaml-language-server:|\$schema:)")
Content: TypeAlias = "str | list[Node] | dict[str, Node] | None"


@attrs.define(eq=False)
class Node:
    """A value and the comments of its entry.

    Attributes:
        value: Text, a list, a mapping, or None for a key without a value.
        before: Comments on the lines above, with their `#`.
        inline: Comments at the end of its line.
        line: Line of the entry in its file, from 1; 0 if it is in none.
    """

    value: Content
    before: list[str] = attrs.Factory(list)
    inline: list[str] = attrs.Factory(list)
    line: int = 0


@attrs.define(eq=False)
class Tree:
    """A whole file: the top-level value, the comments after the last entry, and its name."""

    top: Node
    after: list[str] = attrs.Factory(list)
    file: str = ""


def parse(text: str, name: str) -> Tree:
    """Parse a YAML text with its comments; raises as `stancedata.curation.source.read` does."""
    root = compose(text, name)
    if root is None:
        return Tree(Node(None), [c.strip() for c in text.splitlines() if c.strip()], name)
    starts: list[tuple[int, Node]] = []
    spans: list[tuple[int, int]] = []
    tree = Tree(_node(root, starts, spans), file=name)
    for position, comment, own_line in _comments(text, spans):
        _attach(tree, starts, position, comment, own_line)
    return tree


def from_plain(value: Any) -> Node:
    """Build a tree from plain values: mappings, lists and texts."""
    if isinstance(value, dict):
        return Node({key: from_plain(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return Node([from_plain(item) for item in value])
    return Node(value)


def plain(node: Node) -> Any:
    """Return the plain values of a tree."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def strip(tree: Tree, mark: str) -> None:
    """Remove the comments on lines of their own that begin with a mark."""
    tree.after = [c for c in tree.after if not c.startswith(mark)]
    waiting = [tree.top]
    while waiting:
        node = waiting.pop()
        node.before = [c for c in node.before if not c.startswith(mark)]
        inner = node.value.values() if isinstance(node.value, dict) else node.value
        waiting += inner if inner is not None and not isinstance(inner, str) else []


def lines_of(node: Node, path: FieldPath = ()) -> dict[FieldPath, int]:
    """Return the line of every value that has one, by its path from the node."""
    found = {path: node.line} if node.line else {}
    if isinstance(node.value, dict):
        inner: list[tuple[str | int, Node]] = list(node.value.items())
    else:
        inner = list(enumerate(node.value)) if isinstance(node.value, list) else []
    for key, item in inner:
        found |= lines_of(item, (*path, key))
    return found


def _node(source: yaml.Node, starts: list[tuple[int, Node]], spans: list[tuple[int, int]]) -> Node:
    """Copy a composed node, recording where entries start and the spans of scalars."""
    if isinstance(source, yaml.ScalarNode):
        spans.append((source.start_mark.index, source.end_mark.index))
        return Node(scalar(source), line=source.start_mark.line + 1)
    if isinstance(source, yaml.SequenceNode):
        items = []
        for item in source.value:
            index = len(starts)
            made = _node(item, starts, spans)
            starts.insert(index, (item.start_mark.index, made))
            items.append(made)
        return Node(items, line=source.start_mark.line + 1)
    entries = {}
    for key, item in source.value:
        spans.append((key.start_mark.index, key.end_mark.index))
        index = len(starts)
        made = _node(item, starts, spans)
        made.line = key.start_mark.line + 1
        starts.insert(index, (key.start_mark.index, made))
        entries[str(key.value)] = made
    return Node(entries, line=source.start_mark.line + 1)


def _comments(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, str, bool]]:
    """Yield every comment: its position, its text, and whether it has a line of its own."""
    spans = sorted(_without_header(text, start, end) for start, end in spans)
    begins = [start for start, _ in spans]
    offset = 0
    for line in text.splitlines(keepends=True):
        for column, character in enumerate(line):
            if character != "#" or (column and line[column - 1] not in " \t"):
                continue
            index = bisect.bisect_right(begins, offset + column) - 1
            if index < 0 or spans[index][1] <= offset + column:
                yield offset + column, line[column:].rstrip(), not line[:column].strip()
                break
        offset += len(line)


def _without_header(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a scalar; for a block scalar, without its header line.

    The parser includes the comments after a block scalar, so the span is cut back to the last
    line that is indented deeper than its key.
    """
    if text[start : start + 1] not in ("|", ">"):
        return start, end
    line = text.rfind("\n", 0, start) + 1
    outer = len(text[line:start]) - len(text[line:start].lstrip(" -"))
    begin = text.find("\n", start, end) + 1
    if not begin:
        return end, end
    position = stop = begin
    for content in text[begin:end].splitlines(keepends=True):
        position += len(content)
        indent = len(content) - len(content.lstrip(" "))
        if content.strip() and indent <= outer:
            break
        stop = position if content.strip() else stop
    return begin, stop


def _attach(
    tree: Tree, starts: list[tuple[int, Node]], position: int, comment: str, own_line: bool
) -> None:
    index = bisect.bisect_right([start for start, _ in starts], position)
    if own_line and not index and _OF_THE_FILE.match(comment):
        tree.top.before.append(comment)
    elif own_line:
        (starts[index][1].before if index < len(starts) else tree.after).append(comment)
    elif index:
        starts[index - 1][1].inline.append(comment)
    else:
        # A file that is a single scalar has no entry to attach a comment to, so all go to its end.
        (tree.top.before if starts else tree.after).append(comment)
