"""Format curated files: keys in canonical order, one sentence per line, comments kept."""

from __future__ import annotations

import functools
import hashlib
import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from stancedata import cache
from stancedata.atomic import write_text
from stancedata.curation.files import record_class
from stancedata.curation.source import NOTHING, read_text
from stancedata.curation.structure import needed, shape_of
from stancedata.curation.tree import Node, Tree, parse, plain
from stancedata.data_folder import CODINGS, files_of, is_data_folder
from stancedata.problems import InvalidDataError, Place, Problem, StancedataError

SLOT = "canonical"
_SENTENCE = re.compile(r"(?<![A-Z.])([.!?…][\"”’)\]]?) (?=[\"“‘(\[]?[A-Z0-9])")


def formatted(text: str, shape: type, name: str, implied: Mapping[str, str] | None = None) -> str:
    """Format the text of a curated file.

    Args:
        text: YAML, not necessarily a valid record.
        shape: Class of its record, which defines the order of the keys.
        name: The name of the file in problems.
        implied: Keys that are left out if they have these values, which the file's place implies.

    Raises:
        InvalidDataError: If the text is not valid YAML, or uses a forbidden feature of YAML.
    """
    tree = parse(text, name)
    _drop(tree, implied or {})
    result = layout(tree, shape)
    if result == text:
        return text  # with the same values, without a second look
    if _without_empty(plain(parse(result, name).top)) != _without_empty(plain(tree.top)):
        raise StancedataError(f"{name}: formatting would change a value; please report this file")
    return result


def _drop(tree: Tree, implied: Mapping[str, str]) -> None:
    """Remove the keys that only repeat where the file is; their comments stay."""
    top = tree.top.value
    if not isinstance(top, dict):
        return
    for key in implied.keys() & top.keys():
        if plain(top[key]) == implied[key]:
            node = top.pop(key)
            tree.top.before += [*node.before, *node.inline]


def implied_by(file: Path) -> dict[str, str]:
    """Return the keys that the place of a curated file implies, with their values."""
    if file.parent.parent.name != CODINGS:
        return {}
    return {"coder": file.parent.name, "document": file.stem}


def tidy(paths: Iterable[Path], write: bool, skip_others: bool = False) -> list[Path]:
    """Format files; a file that cannot be formatted does not stop the others.

    Args:
        paths: Files, or data folders, of which all curated files are formatted.
        write: Whether to write the changes.
        skip_others: Whether to ignore files whose location is not that of a curated file.

    Returns:
        The files that changed or would change.

    Raises:
        InvalidDataError: If some files could not be formatted; all others were.
    """
    changed: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        canonical = _Canonical(path)
        for file in _files(path):
            place = file.resolve()
            shape = record_class(place)
            if shape is None:
                problems += [] if skip_others else [_other(file)]
                continue
            try:
                before = read_text(file, str(file))
                after = canonical.of(before, shape, str(file), implied_by(place))
            except InvalidDataError as error:
                problems.extend(error.problems)
                continue
            if after != before:
                changed.append(file)
                if write:
                    write_text(file, after)
        canonical.keep()
    if problems:
        raise InvalidDataError(problems)
    return changed


class _Canonical:
    """Formats files, and remembers by digest which texts formatting does not change."""

    def __init__(self, path: Path) -> None:
        self._about = str(path.resolve())
        body = cache.load(SLOT, self._about) or b""
        self._known = frozenset(body.decode("ascii", "replace").split())
        self._found: set[str] = set()

    def of(self, text: str, shape: type, name: str, implied: Mapping[str, str]) -> str:
        """Format a text as `formatted` does."""
        said = f"{shape.__name__} {sorted(implied.items())}\n{text}"
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
        after = text if digest in self._known else formatted(text, shape, name, implied)
        if after == text:
            self._found.add(digest)
        return after

    def keep(self) -> None:
        """Keep what is known for the next time."""
        if self._found != self._known:
            cache.store(SLOT, self._about, "\n".join(sorted(self._found)).encode("ascii"))


def _files(path: Path) -> list[Path]:
    if is_data_folder(path):
        return files_of(path)
    if path.is_file():
        return [path]
    raise StancedataError(f"{path}: is neither a file nor a data folder; give one of the two")


def _other(file: Path) -> Problem:
    message = (
        f"is not where curated files are kept, got {file.name!r}; give codebook.yaml, or a .yaml "
        "file in one of the folders of a data folder"
    )
    return Problem(Place(str(file)), "", message)


def layout(tree: Tree, shape: type) -> str:
    """Render a tree in the canonical layout of a record's class."""
    lines = [*tree.top.before, *_block(tree.top, shape, ""), *tree.after]
    return "\n".join(lines) + "\n"


def _block(node: Node, shape: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a mapping or list in block style."""
    if node.value in ({}, []):
        yield indent + _flow(node, shape)
    elif isinstance(node.value, dict):
        for key, item, inner, how in _in_order(node.value, shape):
            yield from _entry(f"{_scalar(key)}:", item, inner, how, indent)
    elif isinstance(node.value, list):
        for item in node.value:
            yield from _item(item, shape, "block", indent)
    else:
        yield indent + (_scalar(node.value) if node.value is not None else "")


def _in_order(entries: dict[str, Node], shape: Any) -> Iterator[tuple[str, Node, Any, str]]:
    """Yield (key, value, shape, layout) in the order of the class, unknown keys last."""
    known = shape_of(shape)
    order = {name: number for number, name in enumerate(known)}
    listed = sorted(entries, key=lambda key: order.get(key, len(order)))
    kept = [
        k for k in listed if not _is_redundant(entries[k]) or k not in order.keys() - needed(shape)
    ]
    # A mapping must keep at least one entry to remain a mapping.
    for key in kept or listed:
        inner, how = known.get(key) or known.get("*") or (None, "block")
        yield key, entries[key], inner, how


def _is_redundant(node: Node) -> bool:
    """Whether an optional entry means the same as its absence: an empty list, uncommented."""
    return node.value == [] and not node.before and not node.inline


def _entry(head: str, node: Node, shape: Any, how: str, indent: str) -> Iterator[str]:
    """Yield the lines of `key: value` with its comments."""
    comments = _inner_comments(node, how)
    yield from (indent + comment for comment in (*node.before, *comments))
    inline, extra = _inline(node)
    yield from (indent + comment for comment in extra)
    if isinstance(node.value, str) and how == "prose" and _foldable(node.value):
        yield f"{indent}{head} >-{inline}"
        yield from (f"{indent}  {line}" for line in _sentences(node.value))
    elif not node.value or isinstance(node.value, str) or how == "flow":
        text = _one_line(node, shape) if node.value is not None else ""
        yield f"{indent}{head} {text}".rstrip() + inline
    else:
        yield f"{indent}{head}{inline}"
        if isinstance(node.value, list):
            for item in node.value:
                yield from _item(item, shape, how, indent + "  ")
        else:
            yield from _block(node, shape, indent + "  ")


def _item(node: Node, shape: Any, how: str, indent: str) -> Iterator[str]:
    """Yield the lines of one `- item`, the first one behind the dash."""
    flow = how == "flow_items" or not node.value or isinstance(node.value, str)
    comments = _inner_comments(node, "flow" if flow else how)
    yield from (indent + comment for comment in (*node.before, *comments))
    inline, extra = _inline(node)
    yield from (indent + comment for comment in extra)
    if flow:
        text = _one_line(node, shape)
        yield f"{indent}- {text}{inline}"
        return
    if inline:
        yield indent + inline.strip()
    first, *rest = _split_comments(_block(node, shape, indent + "  "))
    yield from first
    head, *lines = rest
    yield f"{indent}- {head[len(indent) + 2 :]}"
    yield from lines


def _split_comments(lines: Iterable[str]) -> list[Any]:
    """Return the leading comment lines as one list, followed by the other lines."""
    listed = list(lines)
    count = next(i for i, line in enumerate(listed) if not line.lstrip().startswith("#"))
    return [[line[2:] for line in listed[:count]], *listed[count:]]


def _inner_comments(node: Node, how: str) -> list[str]:
    """Return the comments inside a value in flow style, which have to move above its line."""
    if how != "flow" or not isinstance(node.value, (dict, list)):
        return []
    inner = node.value.values() if isinstance(node.value, dict) else node.value
    return [
        comment
        for item in inner
        for comment in (*item.before, *item.inline, *_inner_comments(item, "flow"))
    ]


def _inline(node: Node) -> tuple[str, list[str]]:
    """Return the first inline comment of an entry, and the others, which move above it."""
    return (f"  {node.inline[0]}" if node.inline else ""), node.inline[1:]


def _one_line(node: Node, shape: Any) -> str:
    """Render the value at the end of a line, where text needs less quoting than in flow style."""
    return _scalar(node.value) if isinstance(node.value, str) else _flow(node, shape)


def _flow(node: Node, shape: Any) -> str:
    """Render a value in flow style."""
    if isinstance(node.value, dict):
        entries = _in_order(node.value, shape)
        pairs = (f"{_scalar(k, True)}: {_flow(v, inner)}" for k, v, inner, _ in entries)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node.value, list):
        return "[" + ", ".join(_flow(item, shape) for item in node.value) + "]"
    return "~" if node.value is None else _scalar(node.value, True)


def _foldable(text: str) -> bool:
    return text.isprintable() and text == text.strip() and "  " not in text and text != ""


def _sentences(text: str) -> list[str]:
    return _SENTENCE.sub(r"\1\n", text).split("\n")


@functools.lru_cache(maxsize=65_536)
def _scalar(text: str, flow: bool = False) -> str:
    """Render a text as a YAML scalar, quoted only if necessary."""
    style = '"' if not text.isprintable() else "'" if text in NOTHING else None
    events = [
        yaml.StreamStartEvent(),
        yaml.DocumentStartEvent(),
        yaml.SequenceStartEvent(None, None, True, flow_style=flow),
        yaml.ScalarEvent(None, None, (True, True), text, style=style),
        yaml.SequenceEndEvent(),
        yaml.DocumentEndEvent(),
        yaml.StreamEndEvent(),
    ]
    written = typing.cast(str, yaml.emit(events, width=10_000_000, allow_unicode=True)).strip()
    return written[1:-1] if flow else written.removeprefix("- ")


def _without_empty(value: Any) -> Any:
    """Return a value without empty lists, which the layout leaves out."""
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item != []}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value
