"""Parse YAML into a tree that keeps comments, for formatting and editing.

A comment on its own line is attached to the next entry, an inline comment to the entry before it,
so that each moves with its entry when keys are reordered. (ruamel's round-trip loader attaches a
comment to the previous entry, so that reordering would separate it from its subject.)
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import attrs
import yaml

from stancedata.curation.source import FieldPath, events, line_numbers, refused, scalar

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
    nodes = _Nodes(name, line_numbers(text))
    for event in events(text, name):
        if isinstance(event, yaml.ScalarEvent):
            nodes.scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            nodes.enter(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            nodes.levels.pop()
    if nodes.top is None:
        return Tree(Node(None), [c.strip() for c in text.splitlines() if c.strip()], name)
    tree = Tree(nodes.top, file=name)
    if "#" in text:
        positions = [start for start, _ in nodes.starts]
        for position, comment, own_line in _comments(text, nodes.spans):
            index = bisect.bisect_right(positions, position)
            _attach(tree, nodes.starts, index, comment, own_line)
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


class _Nodes:
    """Builds the nodes of a file, recording where entries start and the spans of scalars.

    Attributes:
        numbers: The number of each line in an editor.
        top: The node of the whole file; None if it is empty.
        starts: Start of every entry and its node, in the order of the text.
        levels: The mappings and lists that are being filled.
    """

    def __init__(self, name: str, numbers: Sequence[int]) -> None:
        self.name = name
        self.numbers = numbers
        self.top: Node | None = None
        self.starts: list[tuple[int, Node]] = []
        self.spans: list[tuple[int, int]] = []
        self.levels: list[Any] = []
        self._key: dict[int, tuple[str, Any]] = {}

    def scalar(self, event: Any) -> None:
        """Add a scalar, or keep it as the key of the next value."""
        self.spans.append((event.start_mark.index, event.end_mark.index))
        level = len(self.levels)
        if level and isinstance(self.levels[-1], dict) and level not in self._key:
            self._key[level] = (event.value, event.start_mark)
        else:
            self._put(scalar(event), event.start_mark)

    def enter(self, event: Any) -> None:
        """Add a mapping or list, to which the next nodes belong."""
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(value, event.start_mark)
        self.levels.append(value)

    def _put(self, value: Any, start: Any) -> None:
        if not self.levels:
            self.top = Node(value, line=self.numbers[start.line])
            return
        holder = self.levels[-1]
        if isinstance(holder, dict):
            if len(self.levels) not in self._key:
                what = "has a list or mapping as a key; write a word there"
                raise refused(self.name, self.numbers[start.line], what)
            key, start = self._key.pop(len(self.levels))
        node = Node(value, line=self.numbers[start.line])
        self.starts.append((start.index, node))
        if isinstance(holder, dict):
            holder[key] = node
        else:
            holder.append(node)


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
    tree: Tree, starts: list[tuple[int, Node]], index: int, comment: str, own_line: bool
) -> None:
    """Attach a comment after `index` entries to the entry that it is about."""
    if own_line and not index and _OF_THE_FILE.match(comment):
        tree.top.before.append(comment)
    elif own_line:
        (starts[index][1].before if index < len(starts) else tree.after).append(comment)
    elif index:
        starts[index - 1][1].inline.append(comment)
    else:
        # A file that is a single scalar has no entry to attach a comment to, so all go to its end.
        (tree.top.before if starts else tree.after).append(comment)
